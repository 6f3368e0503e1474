//! `merge_counts(counts)` → LIST<UInt64>: adds states that `score_counts` made.
//!
//! Lists of different lengths are an error: counts of different scales do not add up. NULL lists
//! are left out; nothing left gives NULL. State: one list a group, flat.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::counts::{Counts, Source, counts_type};
use crate::functions::frame::{Aggregate, Call};
use crate::functions::parameter::{Kind, Parameter, required};

#[user_doc(
    doc_section(label = "KPI"),
    description = "Adds lists of score counts point by point, as score_counts returns them.",
    syntax_example = "merge_counts(counts)",
    sql_example = "SELECT merge_counts(counts) AS counts FROM (SELECT channel, score_counts(csat, 1, 5) AS counts FROM responses GROUP BY channel)",
    argument(name = "counts", description = "Lists of counts of one scale.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct MergeCounts;

impl Aggregate for MergeCounts {
    type Groups = Counts;

    const NAME: &'static str = "merge_counts";
    const PARAMETERS: &'static [Parameter] = &[required("counts", Kind::Counts)];
    const LIST: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        counts_type()
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        vec![Field::new("counts", counts_type(), true)]
    }

    fn open(&self, _call: &Call<'_>) -> Result<Counts> {
        Ok(Counts::new(Source::Lists(Self::NAME), None))
    }
}

#[cfg(test)]
mod tests {
    use super::MergeCounts;
    use crate::functions::tester::{answer, error, lists};

    #[test]
    fn lists_add_up_point_by_point() {
        assert_eq!(
            answer::<MergeCounts>(&[lists(&[&[1, 0], &[2, 3], &[]])]),
            "[3, 3]"
        );
        assert_eq!(answer::<MergeCounts>(&[lists(&[&[4, 5]])]), "[4, 5]");
        assert_eq!(answer::<MergeCounts>(&[lists(&[&[]])]), "NULL");
        assert_eq!(answer::<MergeCounts>(&[lists(&[])]), "NULL");
    }

    #[test]
    fn counts_of_two_scales_do_not() {
        let text = error::<MergeCounts>(&[lists(&[&[1, 2], &[1, 2, 3]])]);
        assert!(
            text.starts_with("merge_counts: a list of 3 counts cannot be added"),
            "{text}"
        );
    }
}
