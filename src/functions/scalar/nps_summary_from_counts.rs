//! `nps_summary_from_counts(counts)` → as `nps_summary`: the Net Promoter Score of stored counts
//! with its score interval at 95 %.
//!
//! NULL counts give a summary with n = 0; another number of points than eleven is an error.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::{Method, NPS_LAYOUT, nps_record};
use crate::functions::counts::{nps_tally, read_counts};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{record_type, records};
use crate::functions::row::Row;
use crate::statistics::Confidence;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Net Promoter Score with its score interval from stored counts per point.",
    syntax_example = "nps_summary_from_counts(counts)",
    sql_example = "SELECT expand(nps_summary_from_counts(score_counts(nps, 0, 10))) FROM responses",
    argument(
        name = "counts",
        description = "The eleven counts of score_counts(score, 0, 10)."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsSummaryFromCounts;

impl Row for NpsSummaryFromCounts {
    const NAME: &'static str = "nps_summary_from_counts";
    const PARAMETERS: &'static [Parameter] = &[required("counts", Kind::Counts)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        record_type(NPS_LAYOUT)
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let tally = |counts: Option<Vec<u64>>| match counts {
            Some(counts) => nps_tally(Self::NAME, &counts),
            None => Ok(Default::default()),
        };
        let tallies: Result<Vec<_>> = read_counts(&columns[0]).into_iter().map(tally).collect();
        let tallies = tallies?;
        let summary = |tally| nps_record(tally, Method::Score, Confidence::default());
        Ok(Arc::new(records(NPS_LAYOUT, tallies.iter().map(summary))))
    }
}

#[cfg(test)]
mod tests {
    use super::NpsSummaryFromCounts;
    use crate::functions::tester::{lists, values};

    #[test]
    fn no_counts_are_a_summary_of_nothing() {
        let some: &[u64] = &[1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1];
        let found = values::<NpsSummaryFromCounts>(&[lists(&[some, &[0; 11], &[]])]).unwrap();
        assert!(found[0].starts_with("{nps: 25.0, low: "), "{}", found[0]);
        assert!(found[0].contains(" n: 4, ") && found[0].contains(" promoters: 2, "));
        assert!(found[1].starts_with("{nps: NULL, ") && found[1].contains(" n: 0, "));
        assert_eq!(found[1], found[2]);
        assert!(values::<NpsSummaryFromCounts>(&[lists(&[&[1, 2]])]).is_err());
    }
}
