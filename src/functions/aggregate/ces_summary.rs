//! `ces_summary(score [, max, confidence])` → {ces, low, high, n, easy, difficult, net_ease}: the
//! mean effort answer with its t interval, and the shares of easy and difficult answers.
//!
//! Easy is 5–7 of seven points or 4–5 of five, difficult 1–3 or 1–2, both 0–100; net_ease is their
//! difference, −100–100. NULLs are left out; without answers n = 0 and the values are NULL; with
//! one answer the interval is NULL. State: five counts a group.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::ces::Effort;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::model::EffortTally;
use crate::statistics::{Confidence, Moments, mean_interval};

const LAYOUT: Layout = &[
    ("ces", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("n", Shape::Count),
    ("easy", Shape::Real),
    ("difficult", Shape::Real),
    ("net_ease", Shape::Real),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Customer effort with the t interval of its mean, the shares of easy and difficult answers and their difference.",
    syntax_example = "ces_summary(score [, max, confidence])",
    sql_example = "SELECT expand(ces_summary(ces)) FROM responses",
    argument(name = "score", description = "Answers on 1-max, high = easy."),
    argument(name = "max", description = "The highest point: 7 by default, or 5."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CesSummary;

impl Aggregate for CesSummary {
    type Groups = Cells<Effort>;

    const NAME: &'static str = "ces_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        optional("max", Kind::Integer),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<EffortTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Effort>> {
        let confidence = call.confidence(2)?;
        let answers = Answers::records(LAYOUT, move |tally| summary(tally, confidence));
        Ok(Cells::new(Effort::of(call, answers)?))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn summary(tally: &EffortTally, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let sums = [tally.sum as f64, 0.0, tally.sum_of_squares as f64, 0.0];
    let interval = mean_interval(&Moments::from_parts(tally.n, sums), confidence).ok();
    let share = |count: f64| (tally.n > 0).then(|| 100.0 * count / tally.n as f64);
    let (easy, difficult) = (tally.easy as f64, tally.difficult as f64);
    [
        tally.mean().into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        tally.n.into(),
        share(easy).into(),
        share(difficult).into(),
        share(easy - difficult).into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::CesSummary;
    use crate::functions::tester::{NULL, constant, fields, ints};

    #[test]
    fn easy_and_difficult_travel_with_the_mean() {
        let shares = "ces n easy difficult net_ease";
        let found = fields::<CesSummary>(&[ints(&[7, 5, 4, 1, NULL])], shares);
        assert_eq!(found, "4.25 4 50.0 25.0 25.0");
        let five = fields::<CesSummary>(&[ints(&[4, 2]), constant(5_i64)], shares);
        assert_eq!(five, "3.0 2 50.0 50.0 0.0");
        assert_eq!(
            fields::<CesSummary>(&[ints(&[])], shares),
            "NULL 0 NULL NULL NULL"
        );
    }

    #[test]
    fn an_interval_needs_two_answers() {
        assert_eq!(
            fields::<CesSummary>(&[ints(&[7])], "ces low high n"),
            "7.0 NULL NULL 1"
        );
        assert_eq!(
            fields::<CesSummary>(&[ints(&[3, 3])], "low high"),
            "3.0 3.0"
        );
    }
}
