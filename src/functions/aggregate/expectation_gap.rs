//! `expectation_gap(perception, expectation [, confidence])` → {gap, low, high, se, n, perception,
//! expectation, t, p}: how far what customers got lies above what they expected.
//!
//! gap = mean(perception − expectation) over rows that have both, in the unit of the scale, with
//! the paired t interval and the two-sided p of no gap. Rows with one side NULL are left out;
//! without rows n = 0 and the values are NULL; with one row, or differences that never vary, t and
//! p are NULL. State: compensated sums. Parasuraman, Zeithaml & Berry (1988), Journal of Retailing
//! 64(1).

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::values::ValueReader;
use crate::model::Pair;
use crate::statistics::{Confidence, Moments, mean_interval, mean_test};

const LAYOUT: Layout = &[
    ("gap", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("se", Shape::Real),
    ("n", Shape::Count),
    ("perception", Shape::Real),
    ("expectation", Shape::Real),
    ("t", Shape::Real),
    ("p", Shape::Real),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Mean difference between perception and expectation of the same answers, with its paired t interval and test.",
    syntax_example = "expectation_gap(perception, expectation [, confidence])",
    sql_example = "SELECT touchpoint, expand(expectation_gap(csat, expectation)) FROM responses GROUP BY touchpoint ORDER BY gap",
    argument(name = "perception", description = "What the customer got."),
    argument(
        name = "expectation",
        description = "What the customer expected, on the same scale."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ExpectationGap;

impl Aggregate for ExpectationGap {
    type Groups = Cells<Gap>;

    const NAME: &'static str = "expectation_gap";
    const PARAMETERS: &'static [Parameter] = &[
        required("perception", Kind::Value),
        required("expectation", Kind::Value),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<GapTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Gap>> {
        let confidence = call.confidence(2)?;
        Ok(Cells::new(Gap {
            perception: ValueReader::values(call, 0),
            expectation: ValueReader::values(call, 1),
            answers: Answers::records(LAYOUT, move |tally| summary(tally, confidence)),
        }))
    }
}

/// The moments of the differences, and of the perceptions behind them.
type GapTally = Pair<Moments, Moments>;

/// Sums differences of pairs.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    perception: ValueReader,
    expectation: ValueReader,
    answers: Answers<GapTally>,
}

impl Fold for Gap {
    type Tally = GapTally;
    type Batch<'a> = [&'a Float64Array; 2];

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        Ok([
            self.perception.read(&arguments[0])?,
            self.expectation.read(&arguments[1])?,
        ])
    }

    #[inline]
    fn add(&self, [got, expected]: &Self::Batch<'_>, row: usize, tally: &mut GapTally) {
        if got.is_valid(row) && expected.is_valid(row) {
            tally.a.add(got.value(row) - expected.value(row));
            tally.b.add(got.value(row));
        }
    }

    #[inline]
    fn remove(&self, [got, expected]: &Self::Batch<'_>, row: usize, tally: &mut GapTally) {
        if got.is_valid(row) && expected.is_valid(row) {
            tally.a.remove(got.value(row) - expected.value(row));
            tally.b.remove(got.value(row));
        }
    }

    fn finish(&self, tallies: &[GapTally]) -> Result<ArrayRef> {
        self.answers.of(tallies)
    }
}

fn summary(tally: &GapTally, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let Pair {
        a: differences,
        b: perceptions,
    } = tally;
    let interval = mean_interval(differences, confidence).ok();
    let test = mean_test(differences).ok();
    let (gap, perception) = (differences.mean().ok(), perceptions.mean().ok());
    [
        gap.into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        differences.se().ok().into(),
        differences.n().into(),
        perception.into(),
        perception
            .zip(gap)
            .map(|(perception, gap)| perception - gap)
            .into(),
        test.map(|t| t.statistic).into(),
        test.map(|t| t.p).into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::ExpectationGap;
    use crate::functions::tester::{fields, reals};

    fn gap(got: &[f64], expected: &[f64], names: &str) -> String {
        fields::<ExpectationGap>(&[reals(got), reals(expected)], names)
    }

    #[test]
    fn rows_with_both_sides_count() {
        let names = "gap n perception expectation";
        let found = gap(
            &[4.0, 5.0, f64::NAN, 1.0],
            &[5.0, 5.0, 3.0, f64::NAN],
            names,
        );
        assert_eq!(found, "-0.5 2 4.5 5.0");
        assert_eq!(gap(&[], &[], names), "NULL 0 NULL NULL");
        assert_eq!(gap(&[4.0], &[2.0], "gap low t p"), "2.0 NULL NULL NULL");
    }

    #[test]
    fn a_gap_that_never_varies_has_no_test() {
        let found = gap(&[4.0, 3.0], &[5.0, 4.0], "gap low high se t p");
        assert_eq!(found, "-1.0 -1.0 -1.0 0.0 NULL NULL");
    }
}
