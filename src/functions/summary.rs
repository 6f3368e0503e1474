//! Summaries as a function reads them back: the value, its standard error, the counts.
//!
//! Here because a summary carries enough to be compared without the rows behind it; the formulas
//! are those of the functions over rows.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StructArray, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};

use crate::statistics::{
    Confidence, Estimate, Interval, adjusted_score, compare_estimates, compare_proportions,
    compare_scores,
};

/// Shares and scores are shown in hundredths.
const PERCENT: f64 = 100.0;

/// The test that a summary allows, by its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Score,
    Share,
    Mean,
}

/// One side: the summaries of all rows.
pub(crate) struct Side<'a> {
    records: &'a StructArray,
    test: Test,
    n: UInt64Array,
    /// The value in its own unit, or the events of a share.
    value: Float64Array,
    se: Option<Float64Array>,
    /// The number of answers that the weights leave, of a score.
    n_effective: Option<Float64Array>,
}

/// How two scores are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Method {
    /// By their standard errors.
    #[default]
    Wald,
    /// With pseudo-observations, so that a few answers that agree are no certainty.
    Adjusted,
}

impl<'a> Side<'a> {
    /// The summaries of a column.
    pub(crate) fn of(records: &'a StructArray) -> Result<Self> {
        const KINDS: [(&str, Test); 5] = [
            ("nps", Test::Score),
            ("satisfied", Test::Share),
            ("events", Test::Share),
            ("mean", Test::Mean),
            ("gap", Test::Mean),
        ];
        let known = KINDS
            .iter()
            .find_map(|(name, test)| Some((*test, records.column_by_name(name)?)));
        let (Some((test, value)), Some(n)) = (known, records.column_by_name("n")) else {
            return plan_err!(
                "compare_summaries: a struct without the fields of a summary; give a result of \
                 nps_summary, csat_summary, rate_summary, mean_summary or expectation_gap"
            );
        };
        let se = match (test, records.column_by_name("se")) {
            (Test::Share, _) => None,
            (_, Some(se)) => Some(real(se)?),
            (_, None) => return plan_err!("compare_summaries: a summary without its field se"),
        };
        let n = cast(n, &DataType::UInt64)?.as_primitive().clone();
        let n_effective = records.column_by_name("n_effective");
        Ok(Self {
            records,
            test,
            n,
            value: real(value)?,
            se,
            n_effective: n_effective.map(real).transpose()?,
        })
    }

    /// Whether a row has one.
    pub(crate) fn is_known(&self, row: usize) -> bool {
        self.records.is_valid(row)
    }

    /// What two sides differ by in a row, other minus this; `None` where one has no answers.
    pub(crate) fn compare(
        &self,
        other: &Self,
        row: usize,
        confidence: Confidence,
        method: Method,
    ) -> Option<Compared> {
        match self.test {
            Test::Score => self.compare_scores(other, row, confidence, method),
            Test::Share => self.compare_shares(other, row, confidence),
            Test::Mean => self.compare_means(other, row, confidence),
        }
    }

    /// Whether both are results of functions that compare alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.test == other.test
    }

    fn compare_scores(
        &self,
        other: &Self,
        row: usize,
        confidence: Confidence,
        method: Method,
    ) -> Option<Compared> {
        let score = |side: &Self| {
            let (value, se) = side.estimate(row)?;
            Some((value / PERCENT, se / PERCENT))
        };
        let (a, b) = (score(self)?, score(other)?);
        let found = match method {
            Method::Wald => compare_scores(a, b, confidence),
            Method::Adjusted => compare_scores(
                adjusted_score(a, self.answers(row)),
                adjusted_score(b, other.answers(row)),
                confidence,
            ),
        };
        let interval = found.interval.scaled(PERCENT);
        let p = found.test.map(|test| test.p);
        Some(((b.0 - a.0) * PERCENT, Some(interval), p))
    }

    /// The answers behind a score, as many as their weights leave.
    fn answers(&self, row: usize) -> f64 {
        let effective = self.n_effective.as_ref().filter(|n| n.is_valid(row));
        effective.map_or_else(|| self.n.value(row) as f64, |n| n.value(row))
    }

    fn compare_shares(&self, other: &Self, row: usize, confidence: Confidence) -> Option<Compared> {
        let share = |side: &Self| {
            let n = side.n.value(row);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a count that a summary made"
            )]
            let events = side
                .value
                .is_valid(row)
                .then(|| side.value.value(row) as u64)?;
            (side.n.is_valid(row) && n > 0).then_some((events, n))
        };
        let found = compare_proportions(share(self)?, share(other)?, confidence).ok()?;
        let interval = found.interval.scaled(PERCENT);
        let p = found.test.map(|test| test.p);
        Some((found.difference * PERCENT, Some(interval), p))
    }

    fn compare_means(&self, other: &Self, row: usize, confidence: Confidence) -> Option<Compared> {
        let mean = |side: &Self| {
            let known = side.value.is_valid(row).then(|| side.value.value(row));
            known.map(|mean| Estimate {
                mean,
                se: side.estimate(row).map_or(f64::NAN, |(_, se)| se),
                n: side.n.value(row),
            })
        };
        let (a, b) = (mean(self)?, mean(other)?);
        let welch = compare_estimates(a, b, confidence).ok();
        let interval = welch.as_ref().map(|welch| welch.interval);
        Some((b.mean - a.mean, interval, welch.map(|welch| welch.test.p)))
    }

    /// The value and its standard error.
    fn estimate(&self, row: usize) -> Option<(f64, f64)> {
        let se = self.se.as_ref()?;
        let is_known = self.value.is_valid(row) && se.is_valid(row);
        is_known.then(|| (self.value.value(row), se.value(row)))
    }
}

/// Difference, its interval, p.
pub(crate) type Compared = (f64, Option<Interval>, Option<f64>);

fn real(column: &ArrayRef) -> Result<Float64Array> {
    Ok(cast(column, &DataType::Float64)?.as_primitive().clone())
}
