//! `score_counts(score, min, max)` → LIST<UInt64>: how many answers each point of the scale got.
//!
//! The list has `max − min + 1` counts, lowest point first. It is the exact mergeable state of
//! every KPI on that scale: keep it in a table, add it up with `merge_counts`, read any KPI from it
//! with `nps_from_counts` and its kin. NULLs are left out; nothing left gives NULL; a score off the
//! scale is an error. State: one count per point and group, in one flat vector.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::scale_reader;
use crate::functions::columns::OtherScale;
use crate::functions::counts::{Counts, Source, counts_type};
use crate::functions::frame::{Aggregate, Call};
use crate::functions::parameter::{Kind, Parameter, required};

#[user_doc(
    doc_section(label = "KPI"),
    description = "Counts of answers per point of a scale, lowest first: the exact state from which every KPI of that scale can be computed and merged.",
    syntax_example = "score_counts(score, min, max)",
    sql_example = "SELECT score_counts(csat, 1, 5) AS counts FROM responses",
    argument(name = "score", description = "Answers on min-max."),
    argument(name = "min", description = "The lowest point of the scale."),
    argument(name = "max", description = "The highest point of the scale.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ScoreCounts;

impl Aggregate for ScoreCounts {
    type Groups = Counts;

    const NAME: &'static str = "score_counts";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("min", Kind::Integer),
        required("max", Kind::Integer),
    ];
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

    fn open(&self, call: &Call<'_>) -> Result<Counts> {
        let scores = scale_reader(call, call.needed(1)?, call.needed(2)?, OtherScale::None)?;
        let points = Some(scores.scale.points());
        Ok(Counts::new(Source::Scores(scores), points))
    }
}

#[cfg(test)]
mod tests {
    use super::ScoreCounts;
    use crate::functions::tester::{Given, NULL, answer, constant, error, ints};

    fn three(scores: &[i64]) -> [Given; 3] {
        [ints(scores), constant(1_i64), constant(3_i64)]
    }

    #[test]
    fn one_count_a_point() {
        assert_eq!(answer::<ScoreCounts>(&three(&[1, 1, 3, NULL])), "[2, 0, 1]");
        assert_eq!(answer::<ScoreCounts>(&three(&[2])), "[0, 1, 0]");
        assert_eq!(answer::<ScoreCounts>(&three(&[])), "NULL");
        assert_eq!(answer::<ScoreCounts>(&three(&[NULL])), "NULL");
    }

    #[test]
    fn what_is_off_the_scale_is_an_error() {
        let text = error::<ScoreCounts>(&three(&[0]));
        assert!(
            text.starts_with("score_counts: score 0 is outside 1–3"),
            "{text}"
        );
        let turned = [ints(&[1]), constant(3_i64), constant(1_i64)];
        assert!(
            error::<ScoreCounts>(&turned).starts_with("score_counts: 3–1 is not a rating scale")
        );
    }
}
