//! `bottom_box(score, boxes, min [, max])` → Float64: the share of answers in the lowest `boxes` points of a
//! scale that begins at `min`, 0–100.
//!
//! Without `max` every score from `min` up counts (254 points at most); with it a higher score is an
//! error. NULLs are left out; nothing left gives NULL. State: two counts a group.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::Band;
use crate::functions::aggregate::rate::{box_count, scale_reader};
use crate::functions::cells::{Cells, state_fields};
use crate::functions::columns::OtherScale;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::model::RateTally;
use crate::model::Scale;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Share of answers in the lowest points of a scale, 0 to 100.",
    syntax_example = "bottom_box(score, boxes, min [, max])",
    sql_example = "SELECT bottom_box(csat, 2, 1) AS unhappy FROM responses",
    argument(name = "score", description = "Answers on the scale."),
    argument(name = "boxes", description = "How many of the lowest points count."),
    argument(name = "min", description = "The lowest point of the scale."),
    argument(
        name = "max",
        description = "The highest point; without it no score is too high."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct BottomBox;

impl Aggregate for BottomBox {
    type Groups = Cells<Band>;

    const NAME: &'static str = "bottom_box";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("boxes", Kind::Integer),
        required("min", Kind::Integer),
        optional("max", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Band>> {
        let min = call.needed(2)?;
        let highest = min.saturating_add(Scale::MOST_POINTS - 1);
        let max = call.integer(3)?.unwrap_or(highest);
        let scores = scale_reader(call, min, max, OtherScale::None)?;
        let boxes = box_count(call, scores.scale)?;
        let answers = Answers::floats(RateTally::percent);
        Ok(Cells::new(Band::of_scores(
            scores,
            min,
            min + boxes - 1,
            answers,
        )))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int8Array;

    use super::BottomBox;
    use crate::functions::tester::{Given, NULL, answer, constant, error, ints};

    fn lowest(scores: &[i64]) -> [Given; 3] {
        [ints(scores), constant(1_i64), constant(0_i64)]
    }

    #[test]
    fn share_of_the_lowest_points() {
        assert_eq!(answer::<BottomBox>(&lowest(&[0, 4, 3, 1, NULL])), "25.0");
        assert_eq!(answer::<BottomBox>(&lowest(&[0])), "100.0");
        assert_eq!(answer::<BottomBox>(&lowest(&[3, 3])), "0.0");
        assert_eq!(answer::<BottomBox>(&lowest(&[])), "NULL");
    }

    #[test]
    fn a_score_below_the_scale_is_an_error_in_any_type() {
        let bytes = Given::Column(Arc::new(Int8Array::from(vec![3, -5])));
        let text = error::<BottomBox>(&[bytes, constant(1_i64), constant(0_i64)]);
        assert!(
            text.starts_with("bottom_box: score -5 is outside"),
            "{text}"
        );
    }

    #[test]
    fn a_long_scale_with_blanks_is_read() {
        assert_eq!(answer::<BottomBox>(&lowest(&[253, 2, 0, NULL, 0])), "50.0");
    }
}
