//! `nps_from_counts(counts)` → Float64: the Net Promoter Score of the eleven counts that
//! `score_counts(score, 0, 10)` made, −100–100.
//!
//! NULL, or counts that are all 0, give NULL; another number of points is an error.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::counts::{nps_tally, read_counts};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Net Promoter Score from stored counts per point, -100 to 100.",
    syntax_example = "nps_from_counts(counts)",
    sql_example = "SELECT touchpoint, nps_from_counts(score_counts(nps, 0, 10)) AS nps FROM responses GROUP BY touchpoint ORDER BY touchpoint LIMIT 3",
    argument(
        name = "counts",
        description = "The eleven counts of score_counts(score, 0, 10)."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsFromCounts;

impl Row for NpsFromCounts {
    const NAME: &'static str = "nps_from_counts";
    const PARAMETERS: &'static [Parameter] = &[required("counts", Kind::Counts)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let nps = |counts: Option<Vec<u64>>| match counts {
            Some(counts) => Ok(nps_tally(Self::NAME, &counts)?.nps()),
            None => Ok(None),
        };
        let values: Result<Float64Array> = read_counts(&columns[0]).into_iter().map(nps).collect();
        Ok(Arc::new(values?))
    }
}

#[cfg(test)]
mod tests {
    use super::NpsFromCounts;
    use crate::functions::tester::{lists, values};

    #[test]
    fn each_list_is_one_score() {
        let some: &[u64] = &[1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1];
        let found = values::<NpsFromCounts>(&[lists(&[some, &[0; 11], &[]])]).unwrap();
        assert_eq!(found, ["25.0", "NULL", "NULL"]);
        let text = values::<NpsFromCounts>(&[lists(&[&[1, 2]])])
            .unwrap_err()
            .message()
            .into_owned();
        assert!(
            text.starts_with("nps_from_counts: 2 counts given, but 0–10 has 11"),
            "{text}"
        );
    }
}
