//! `top_box(score, boxes, max [, min])` → Float64: the share of answers in the highest `boxes` points of a
//! scale that ends at `max`, 0–100.
//!
//! The scale begins at 1, or at 0 where `max` is 10 (the recommendation question); `min` says
//! otherwise. NULLs are left out; nothing left gives NULL; a score off the scale is an error. State: two
//! counts a group.

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

#[user_doc(
    doc_section(label = "KPI"),
    description = "Share of answers in the highest points of a scale, 0 to 100.",
    syntax_example = "top_box(score, boxes, max [, min])",
    sql_example = "SELECT top_box(csat, 1, 5) AS delighted FROM responses",
    argument(name = "score", description = "Answers on the scale."),
    argument(name = "boxes", description = "How many of the highest points count."),
    argument(name = "max", description = "The highest point of the scale."),
    argument(
        name = "min",
        description = "The lowest point; 1 by default, 0 where max is 10."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TopBox;

impl Aggregate for TopBox {
    type Groups = Cells<Band>;

    const NAME: &'static str = "top_box";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("boxes", Kind::Integer),
        required("max", Kind::Integer),
        optional("min", Kind::Integer),
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
        let max = call.needed(2)?;
        let min = call.integer(3)?.unwrap_or(i64::from(max != 10));
        let other_scale = match min {
            1 => OtherScale::Lower("; for a scale that begins at 0 write min => 0"),
            _ => OtherScale::None,
        };
        let scores = scale_reader(call, min, max, other_scale)?;
        let boxes = box_count(call, scores.scale)?;
        let answers = Answers::floats(RateTally::percent);
        Ok(Cells::new(Band::of_scores(
            scores,
            max - boxes + 1,
            max,
            answers,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::TopBox;
    use crate::functions::tester::{Given, NULL, answer, constant, error, ints};

    fn top_two(scores: &[i64]) -> [Given; 3] {
        [ints(scores), constant(2_i64), constant(5_i64)]
    }

    #[test]
    fn share_of_the_highest_points() {
        assert_eq!(answer::<TopBox>(&top_two(&[5, 4, 3, 1, NULL])), "50.0");
        assert_eq!(answer::<TopBox>(&top_two(&[4])), "100.0");
        assert_eq!(answer::<TopBox>(&top_two(&[3, 3])), "0.0");
        assert_eq!(answer::<TopBox>(&top_two(&[])), "NULL");
    }

    #[test]
    fn a_score_above_the_scale_is_an_error() {
        let text = error::<TopBox>(&top_two(&[6]));
        assert!(text.starts_with("top_box: score 6 is outside"), "{text}");
    }
}
