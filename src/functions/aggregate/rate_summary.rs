//! `rate_summary(flag [, confidence])` → {rate, low, high, n, events}: the share of true answers with
//! Wilson's interval, 0–100.
//!
//! NULLs are left out; without answers n = 0 and the values are NULL. State: two counts a group.
//! Wilson (1927), JASA 22.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::Band;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::model::RateTally;
use crate::statistics::{Confidence, wilson};

const LAYOUT: Layout = &[
    ("rate", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("n", Shape::Count),
    ("events", Shape::Count),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Share of rows whose flag is true with its Wilson interval, 0 to 100.",
    syntax_example = "rate_summary(flag [, confidence])",
    sql_example = "SELECT expand(rate_summary(churned)) FROM customers",
    argument(name = "flag", description = "Boolean, or 1 and 0."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct RateSummary;

impl Aggregate for RateSummary {
    type Groups = Cells<Band>;

    const NAME: &'static str = "rate_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("flag", Kind::Flag),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Band>> {
        let confidence = call.confidence(1)?;
        let answers = Answers::records(LAYOUT, move |tally| share(tally, confidence));
        Ok(Cells::new(Band::of_flags(call, answers)))
    }
}

/// A share with its interval, all answers and the events: the fields of every `_summary` of a
/// share.
pub(crate) fn share(tally: &RateTally, confidence: Confidence) -> [Value; 5] {
    let interval = wilson(tally.events, tally.n, confidence)
        .ok()
        .map(|i| i.scaled(100.0));
    [
        tally.percent().into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        tally.n.into(),
        tally.events.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::RateSummary;
    use crate::functions::tester::{fields, flags};

    #[test]
    fn counts_travel_with_the_share() {
        let found = |text: &str| fields::<RateSummary>(&[flags(text)], "rate n events");
        assert_eq!(found("1100."), "50.0 4 2");
        assert_eq!(found("0"), "0.0 1 0");
        assert_eq!(found("11"), "100.0 2 2");
        assert_eq!(found(""), "NULL 0 0");
        assert_eq!(
            fields::<RateSummary>(&[flags(".")], "low high"),
            "NULL NULL"
        );
    }
}
