//! `mean_compare(value, is_b [, confidence])` → {mean_a, mean_b, difference, low, high, t, df, p,
//! n_a, n_b}: two independent means, difference b − a in the unit of the values.
//!
//! Welch's t test (1947) without assuming equal variances, with its interval. Rows with a NULL value
//! or side are left out; with an empty side the comparison is NULL, with fewer than two values on a
//! side or no variance the interval and test are. State: compensated sums.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::mean_summary::Values;
use crate::functions::aggregate::nps_compare::Sides;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::values::ValueReader;
use crate::model::Pair;
use crate::statistics::{Confidence, Moments, compare_means};

const LAYOUT: Layout = &[
    ("mean_a", Shape::Real),
    ("mean_b", Shape::Real),
    ("difference", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("t", Shape::Real),
    ("df", Shape::Real),
    ("p", Shape::Real),
    ("n_a", Shape::Count),
    ("n_b", Shape::Count),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "Compares the means of two groups: difference b - a with Welch's interval and t test.",
    syntax_example = "mean_compare(value, is_b [, confidence])",
    sql_example = "SELECT expand(mean_compare(csat, touchpoint = 'returns')) FROM responses WHERE touchpoint IN ('store', 'returns')",
    argument(name = "value", description = "Any numbers."),
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
pub(crate) struct MeanCompare;

impl Aggregate for MeanCompare {
    type Groups = Cells<Sides<Values>>;

    const NAME: &'static str = "mean_compare";
    const PARAMETERS: &'static [Parameter] = &[
        required("value", Kind::Value),
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
        state_fields::<Pair<Moments, Moments>>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Self::Groups> {
        let confidence = call.confidence(2)?;
        let side = Values {
            values: ValueReader::values(call, 0),
            answers: Answers::none(),
        };
        Ok(Sides::open(
            call,
            side,
            Answers::records(LAYOUT, move |pair| compared(pair, confidence)),
        ))
    }
}

fn compared(pair: &Pair<Moments, Moments>, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let Pair { a, b } = pair;
    let result = compare_means(a, b, confidence).ok();
    let welch = result.as_ref().and_then(|r| r.welch.as_ref());
    [
        a.mean().ok().into(),
        b.mean().ok().into(),
        result.as_ref().map(|r| r.difference).into(),
        welch.map(|w| w.interval.low).into(),
        welch.map(|w| w.interval.high).into(),
        welch.map(|w| w.test.statistic).into(),
        welch.map(|w| w.df).into(),
        welch.map(|w| w.test.p).into(),
        a.n().into(),
        b.n().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::MeanCompare;
    use crate::functions::tester::{fields, flags, reals};

    fn compare(values: &[f64], side: &str, names: &str) -> String {
        fields::<MeanCompare>(&[reals(values), flags(side)], names)
    }

    #[test]
    fn rows_with_value_and_side_count() {
        let names = "mean_a mean_b difference n_a n_b";
        let values = [1.0, 3.0, 5.0, 7.0, f64::NAN, 9.0];
        assert_eq!(compare(&values, "00110.", names), "2.0 6.0 4.0 2 2");
        assert_eq!(compare(&[4.0], "0", names), "4.0 NULL NULL 1 0");
        assert_eq!(compare(&[], "", names), "NULL NULL NULL 0 0");
    }

    #[test]
    fn a_test_needs_values_that_vary() {
        assert_eq!(
            compare(&[1.0, 1.0, 2.0, 2.0], "0011", "difference t p"),
            "1.0 NULL NULL"
        );
        assert_eq!(
            compare(&[1.0, 2.0], "01", "difference low t"),
            "1.0 NULL NULL"
        );
    }
}
