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
        let scores = scale_reader(call, min, max, "")?;
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
