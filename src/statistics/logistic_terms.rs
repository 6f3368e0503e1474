//! What a logistic fit reports: its coefficients in the units of the regressors.

use super::logistic::LogisticFailure;
use super::logistic_newton::Maximum;
use super::scale::Scale;
use super::significance::Test;

/// One coefficient of a logistic regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticTerm {
    /// The change of the log odds for one unit of the regressor.
    pub estimate: f64,
    /// Its standard error, from the inverse of the information.
    pub se: f64,
    /// estimate / se with its normal p (Wald 1943).
    pub test: Test,
    /// exp(estimate), by which one unit multiplies the odds; none where it exceeds a double.
    pub odds_ratio: Option<f64>,
}

impl LogisticTerm {
    fn of(estimate: f64, variance: f64) -> Result<Self, LogisticFailure> {
        let se = variance.sqrt();
        let is_number = estimate.is_finite() && se.is_finite();
        let odds_ratio = Some(estimate.exp()).filter(|odds| odds.is_finite());
        let test = Test::normal(estimate / se).filter(|_| is_number);
        Ok(Self {
            estimate,
            se,
            test: test.ok_or(LogisticFailure::Overflow)?,
            odds_ratio,
        })
    }
}

/// The intercept and the slopes.
pub(super) fn terms(
    maximum: &Maximum,
    scales: &[Scale],
) -> Result<Vec<LogisticTerm>, LogisticFailure> {
    let (b, covariance) = (&maximum.coefficients, &maximum.covariance);
    // The intercept belongs to regressors of 0, which may be far from where the rows are.
    let mut origin = vec![1.0];
    origin.extend(scales.iter().map(Scale::origin));
    let estimate = b.iter().zip(&origin).map(|(b, x)| b * x).sum();
    let places = 0..origin.len();
    let of_place = |a: usize| -> f64 {
        let of_pair = |b: usize| origin[a] * origin[b] * covariance.at(a, b);
        places.clone().map(of_pair).sum()
    };
    let variance = places.clone().map(of_place).sum();
    let mut terms = vec![LogisticTerm::of(estimate, variance)?];
    for (place, scale) in scales.iter().enumerate() {
        let (unit, place) = (scale.per_unit(), place + 1);
        let variance = unit * unit * covariance.at(place, place);
        terms.push(LogisticTerm::of(unit * b[place], variance)?);
    }
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_no_term() {
        for (estimate, variance) in [
            (1.0, f64::INFINITY),
            (f64::INFINITY, 1.0),
            (1.0, 0.0),
            (0.0, f64::NAN),
        ] {
            let term = LogisticTerm::of(estimate, variance);
            assert_eq!(term, Err(LogisticFailure::Overflow));
        }
        assert_eq!(LogisticTerm::of(800.0, 4.0).unwrap().odds_ratio, None);
    }
}
