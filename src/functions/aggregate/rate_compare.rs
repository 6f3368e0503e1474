//! `rate_compare(flag, is_b [, confidence])` → {rate_a, rate_b, difference, low, high, z, p, n_a,
//! n_b}: two independent shares, difference b − a in points.
//!
//! Newcombe's hybrid score interval (1998, method 10) and the two-sided pooled z test. Rows with a
//! NULL flag or side are left out; with an empty side the comparison is NULL, with no variance z
//! and p are. State: four counts a group.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::nps_compare::Sides;
use crate::functions::aggregate::rate::Band;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::model::{Pair, RateTally};
use crate::statistics::{Confidence, compare_proportions};

const LAYOUT: Layout = &[
    ("rate_a", Shape::Real),
    ("rate_b", Shape::Real),
    ("difference", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("z", Shape::Real),
    ("p", Shape::Real),
    ("n_a", Shape::Count),
    ("n_b", Shape::Count),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "Compares the share of true flags of two groups: difference b - a with Newcombe's interval and the pooled z test.",
    syntax_example = "rate_compare(flag, is_b [, confidence])",
    sql_example = "SELECT expand(rate_compare(churned, segment = 'business')) FROM customers",
    argument(name = "flag", description = "Boolean, or 1 and 0."),
    argument(
        name = "is_b",
        description = "Whether a row belongs to group b; Boolean, or 1 and 0."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct RateCompare;

impl Aggregate for RateCompare {
    type Groups = Cells<Sides<Band>>;

    const NAME: &'static str = "rate_compare";
    const PARAMETERS: &'static [Parameter] = &[
        required("flag", Kind::Flag),
        required("is_b", Kind::Flag),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<Pair<RateTally, RateTally>>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Self::Groups> {
        let confidence = call.confidence(2)?;
        let side = Band::of_flags(call, Answers::none());
        Ok(Sides::open(
            call,
            side,
            Answers::records(LAYOUT, move |pair| compared(pair, confidence)),
        ))
    }
}

fn compared(pair: &Pair<RateTally, RateTally>, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let Pair { a, b } = pair;
    let result = compare_proportions((a.events, a.n), (b.events, b.n), confidence).ok();
    let test = result.and_then(|r| r.test);
    let percent = |value: f64| 100.0 * value;
    [
        a.percent().into(),
        b.percent().into(),
        result.map(|r| percent(r.difference)).into(),
        result.map(|r| percent(r.interval.low)).into(),
        result.map(|r| percent(r.interval.high)).into(),
        test.map(|t| t.statistic).into(),
        test.map(|t| t.p).into(),
        a.n.into(),
        b.n.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::RateCompare;
    use crate::functions::tester::{fields, flags};

    #[test]
    fn rows_with_flag_and_side_count() {
        let found = |flag: &str, side: &str| {
            fields::<RateCompare>(
                &[flags(flag), flags(side)],
                "rate_a rate_b difference n_a n_b",
            )
        };
        assert_eq!(found("110.1", "0011."), "100.0 0.0 -100.0 2 1");
        assert_eq!(found("1", "0"), "100.0 NULL NULL 1 0");
        assert_eq!(found("", ""), "NULL NULL NULL 0 0");
    }

    #[test]
    fn equal_sides_without_events_have_no_test() {
        let found = fields::<RateCompare>(&[flags("0000"), flags("0011")], "difference z p");
        assert_eq!(found, "0.0 NULL NULL");
    }
}
