//! `csat_from_counts(counts)` → Float64: customer satisfaction of stored counts, the share of the
//! two highest points, 0–100.
//!
//! NULL, or counts that are all 0, give NULL; fewer than two points are an error.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::counts::read_counts;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::model::RateTally;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Customer satisfaction from stored counts per point: the share of the two highest points, 0 to 100.",
    syntax_example = "csat_from_counts(counts)",
    sql_example = "SELECT csat_from_counts(score_counts(csat, 1, 5)) AS csat FROM responses",
    argument(
        name = "counts",
        description = "Counts of a scale from 1, as score_counts(score, 1, 5) makes them."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CsatFromCounts;

impl Row for CsatFromCounts {
    const NAME: &'static str = "csat_from_counts";
    const PARAMETERS: &'static [Parameter] = &[required("counts", Kind::Counts)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let csat = |counts: Option<Vec<u64>>| match counts.as_deref() {
            None => Ok(None),
            Some([lower @ .., fourth, fifth]) => {
                let events = fourth + fifth;
                Ok(RateTally {
                    n: lower.iter().sum::<u64>() + events,
                    events,
                }
                .percent())
            }
            Some(short) => exec_err!(
                "csat_from_counts: {} counts are no rating scale; write score_counts(score, 1, 5)",
                short.len()
            ),
        };
        let values: Result<Float64Array> = read_counts(&columns[0]).into_iter().map(csat).collect();
        Ok(Arc::new(values?))
    }
}

#[cfg(test)]
mod tests {
    use super::CsatFromCounts;
    use crate::functions::tester::{lists, values};

    #[test]
    fn the_two_last_points_are_satisfied() {
        let found = values::<CsatFromCounts>(&[lists(&[&[1, 0, 1, 1, 1], &[0; 5], &[], &[1, 0]])]);
        assert_eq!(found.unwrap(), ["50.0", "NULL", "NULL", "100.0"]);
        let text = values::<CsatFromCounts>(&[lists(&[&[1]])])
            .unwrap_err()
            .message()
            .into_owned();
        assert!(
            text.starts_with("csat_from_counts: 1 counts are no rating scale"),
            "{text}"
        );
    }
}
