//! `csat(score [, max])` → Float64: customer satisfaction, the share of the two highest points of 1–`max`,
//! 0–100; `max` is 5 unless given.
//!
//! NULLs are left out; nothing left gives NULL; a score off the scale is an error. State: two counts a
//! group.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::Band;
use crate::functions::aggregate::rate::scale_reader;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::columns::OtherScale;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::model::RateTally;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Customer satisfaction, 0 to 100: the share of the two highest points of a scale 1-max.",
    syntax_example = "csat(score [, max])",
    sql_example = "SELECT csat(csat) AS csat FROM responses",
    argument(name = "score", description = "Answers on 1-max."),
    argument(name = "max", description = "The highest point; 5 by default.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Csat;

impl Aggregate for Csat {
    type Groups = Cells<Band>;

    const NAME: &'static str = "csat";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
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
        satisfied(call, Answers::floats(RateTally::percent))
    }
}

/// The store of a call whose arguments 0 and 1 are the score and the highest point.
pub(crate) fn satisfied(call: &Call<'_>, answers: Answers<RateTally>) -> Result<Cells<Band>> {
    let max = call.integer(1)?.unwrap_or(5);
    let other_scale = match max {
        5 => OtherScale::Higher("; for the seven-point scale write max => 7"),
        _ => OtherScale::None,
    };
    let scores = scale_reader(call, 1, max, other_scale)?;
    Ok(Cells::new(Band::of_scores(scores, max - 1, max, answers)))
}

#[cfg(test)]
mod tests {
    use super::Csat;
    use crate::functions::tester::{NULL, answer, constant, error, ints};

    #[test]
    fn share_of_the_two_highest_points() {
        assert_eq!(answer::<Csat>(&[ints(&[5, 4, 3, 1, NULL])]), "50.0");
        assert_eq!(
            answer::<Csat>(&[ints(&[7, 6, 5, 1]), constant(7_i64)]),
            "50.0"
        );
        assert_eq!(answer::<Csat>(&[ints(&[4])]), "100.0");
        assert_eq!(answer::<Csat>(&[ints(&[2, 2])]), "0.0");
        assert_eq!(answer::<Csat>(&[ints(&[])]), "NULL");
        assert!(error::<Csat>(&[ints(&[6])]).starts_with("csat: score 6 is outside 1–5"));
    }
}
