//! `mean_summary(value [, weight, confidence])` → {mean, low, high, se, sd, n}: a mean with its t
//! interval, in the unit of the values.
//!
//! With sampling weights the standard error is the linearised one, with n − 1 degrees of freedom.
//! NULL values and weights drop their row; NaN, infinity and negative weights are errors; without
//! rows n = 0 and the values are NULL, with one row only the mean is known. State: a count and
//! compensated sums (2, with weights 6), which agree to 1e-12 in any order. Student (1908).

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::fold::Either;
use crate::functions::frame::{Aggregate, Answers, Call, given};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::values::ValueReader;
use crate::statistics::{
    Confidence, Moments, WeightedMoments, mean_interval, weighted_mean_interval,
};

const LAYOUT: Layout = &[
    ("mean", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("se", Shape::Real),
    ("sd", Shape::Real),
    ("n", Shape::Count),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Mean of a column with its t interval, standard error and standard deviation; with sampling weights linearised.",
    syntax_example = "mean_summary(value [, weight, confidence])",
    sql_example = "SELECT expand(mean_summary(amount)) FROM transactions",
    argument(name = "value", description = "Any numbers."),
    argument(name = "weight", description = "Sampling weight of each value."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct MeanSummary;

impl Aggregate for MeanSummary {
    type Groups = Either<Cells<Values>, Cells<WeightedValues>>;

    const NAME: &'static str = "mean_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("value", Kind::Value),
        optional("weight", Kind::Value),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, types: &[DataType]) -> Vec<Field> {
        if given(types, 1) {
            state_fields::<WeightedMoments>()
        } else {
            state_fields::<Moments>()
        }
    }

    fn open(&self, call: &Call<'_>) -> Result<Self::Groups> {
        let confidence = call.confidence(2)?;
        let values = ValueReader::values(call, 0);
        if !call.has(1) {
            let answers = Answers::records(LAYOUT, move |moments| summary(moments, confidence));
            return Ok(Either::Left(Cells::new(Values { values, answers })));
        }
        let weights = ValueReader::weights(call, 1);
        let answers = Answers::records(LAYOUT, move |moments| weighted(moments, confidence));
        Ok(Either::Right(Cells::new(WeightedValues {
            values,
            weights,
            answers,
        })))
    }
}

fn summary(moments: &Moments, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let interval = mean_interval(moments, confidence).ok();
    [
        moments.mean().ok().into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        moments.se().ok().into(),
        moments.sd().ok().into(),
        moments.n().into(),
    ]
}

fn weighted(moments: &WeightedMoments, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let interval = weighted_mean_interval(moments, confidence).ok();
    [
        moments.mean().ok().into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        moments.se().ok().into(),
        moments.sd().ok().into(),
        moments.n().into(),
    ]
}

/// Sums values and their squares.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) values: ValueReader,
    pub(crate) answers: Answers<Moments>,
}

impl Fold for Values {
    type Tally = Moments;
    type Batch<'a> = &'a Float64Array;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a Float64Array> {
        self.values.read(&arguments[0])
    }

    #[inline]
    fn add(&self, values: &&Float64Array, row: usize, moments: &mut Moments) {
        if values.is_valid(row) {
            moments.add(values.value(row));
        }
    }

    #[inline]
    fn remove(&self, values: &&Float64Array, row: usize, moments: &mut Moments) {
        if values.is_valid(row) {
            moments.remove(values.value(row));
        }
    }

    fn finish(&self, moments: &[Moments]) -> Result<ArrayRef> {
        self.answers.of(moments)
    }
}

/// Sums weighted values.
#[derive(Debug, Clone)]
pub(crate) struct WeightedValues {
    values: ValueReader,
    weights: ValueReader,
    answers: Answers<WeightedMoments>,
}

impl Fold for WeightedValues {
    type Tally = WeightedMoments;
    type Batch<'a> = [&'a Float64Array; 2];

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        Ok([
            self.values.read(&arguments[0])?,
            self.weights.read(&arguments[1])?,
        ])
    }

    #[inline]
    fn add(&self, [values, weights]: &Self::Batch<'_>, row: usize, moments: &mut WeightedMoments) {
        if values.is_valid(row) && weights.is_valid(row) {
            moments.add(values.value(row), weights.value(row));
        }
    }

    #[inline]
    fn remove(
        &self,
        [values, weights]: &Self::Batch<'_>,
        row: usize,
        moments: &mut WeightedMoments,
    ) {
        if values.is_valid(row) && weights.is_valid(row) {
            moments.remove(values.value(row), weights.value(row));
        }
    }

    fn finish(&self, moments: &[WeightedMoments]) -> Result<ArrayRef> {
        self.answers.of(moments)
    }
}

#[cfg(test)]
mod tests {
    use super::MeanSummary;
    use crate::functions::tester::{error, fields, reals};

    #[test]
    fn what_is_not_known_is_null() {
        let found = |values: &[f64]| fields::<MeanSummary>(&[reals(values)], "mean sd n");
        assert_eq!(found(&[1.0, 2.0, 3.0, f64::NAN]), "2.0 1.0 3");
        assert_eq!(found(&[7.5]), "7.5 NULL 1");
        assert_eq!(found(&[0.1, 0.1, 0.1]), "0.1 0.0 3");
        assert_eq!(found(&[]), "NULL NULL 0");
        assert_eq!(
            found(&[1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]),
            "1000000002.0 1.0 3"
        );
    }

    #[test]
    fn weights_weigh_and_a_blank_one_drops_its_row() {
        let weighted = [reals(&[1.0, 5.0, 9.0]), reals(&[3.0, 1.0, f64::NAN])];
        assert_eq!(fields::<MeanSummary>(&weighted, "mean n"), "2.0 2");
    }

    #[test]
    fn infinity_is_an_error() {
        let text = error::<MeanSummary>(&[reals(&[f64::INFINITY])]);
        assert_eq!(
            text,
            "mean_summary: value holds inf; leave such rows out with WHERE"
        );
    }
}
