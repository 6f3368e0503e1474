//! Which of two KPIs explains the outcome, each on its own: the test of Vuong (1989), Econometrica
//! 57, of models that are no part of each other.
//!
//! It asks row by row how much likelier the outcome was under one model than under the other, and
//! whether that is more than the spread of the rows. Both models have two coefficients, so no
//! correction for their number is due.

use super::logistic::{Fit, LogisticFailure, fit};
use super::logistic_likelihood::loss;
use super::significance::Test;
use super::summation::Sum;
use super::table::Table;

/// Log-likelihoods that differ by less from row to row differ by rounding.
const ALIKE: f64 = 1e-9;

/// Why two KPIs have no test of Vuong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VuongFailure {
    /// The first has no model with a finite maximum, which the test needs.
    #[error("the first KPI has no model: {0}")]
    First(LogisticFailure),
    /// The second has none.
    #[error("the second KPI has no model: {0}")]
    Second(LogisticFailure),
    /// The spread of the log-likelihood ratio vanishes, and with it the test.
    #[error("the models of the two KPIs predict alike")]
    Alike,
}

/// Vuong's z of the logistic regressions of column 0 on column 1 and on column 2, positive where
/// column 1 explains more; the variance of the log-likelihood ratio has divisor n − 1, as in
/// `pscl::vuong` (Vuong's own has n).
///
/// # Errors
/// Where a model has no finite maximum, or both predict alike.
///
/// # Panics
/// Where the table has fewer than three columns.
pub fn vuong(table: &Table) -> Result<Test, VuongFailure> {
    let a = margins(table, 1).map_err(VuongFailure::First)?;
    let b = margins(table, 2).map_err(VuongFailure::Second)?;
    let ratios: Vec<f64> = a.iter().zip(&b).map(|(a, b)| loss(*b) - loss(*a)).collect();
    let n = table.n() as f64;
    let (mut sum, mut squares, mut widest) = (Sum::default(), Sum::default(), 0.0_f64);
    for ((_, count), ratio) in table.rows().zip(&ratios) {
        sum.add_product(count as f64, *ratio);
    }
    let mean = sum.value() / n;
    for ((_, count), ratio) in table.rows().zip(&ratios) {
        let deviation = ratio - mean;
        squares.add_product(count as f64 * deviation, deviation);
        widest = widest.max(deviation.abs());
    }
    if widest <= ALIKE {
        return Err(VuongFailure::Alike);
    }
    let spread = (squares.value() / (n - 1.0)).sqrt();
    Test::normal(mean / spread * n.sqrt()).ok_or(VuongFailure::Alike)
}

/// The margins of the rows in the model of one column.
fn margins(table: &Table, column: usize) -> Result<Vec<f64>, LogisticFailure> {
    match fit(table, &[column])? {
        Fit::Maximum(_, maximum) => Ok(maximum.margins),
        Fit::Limit(_, failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::super::spector::spector;
    use super::*;

    #[track_caller]
    fn close(found: Result<Test, VuongFailure>, expected: f64, digits: f64) {
        let found = found.unwrap().statistic;
        assert!(
            (found - expected).abs() < digits,
            "{found}, expected {expected}"
        );
    }

    /// Greene (2003), table F21.1, with the formula of `pscl::vuong` on fits of statsmodels.
    #[test]
    fn greene_2003_spector() {
        close(vuong(&spector(&[1, 2])), 0.929_933_88, 5e-9);
        close(vuong(&spector(&[1, 3])), 0.347_088_08, 5e-9);
        close(vuong(&spector(&[3, 2])), 0.430_914_49, 5e-9);
        close(vuong(&spector(&[2, 1])), -0.929_933_88, 5e-9);
        let p = vuong(&spector(&[1, 2])).unwrap().p;
        assert!((p - super::super::two_sided_normal_p(0.929_933_88)).abs() < 1e-8);
    }

    #[test]
    fn counts_are_rows() {
        let twice = |table: &Table| {
            let rows = table.rows().map(|(row, count)| (row.to_vec(), 2 * count));
            Table::of(3, rows.collect::<Vec<_>>())
        };
        let once = vuong(&spector(&[1, 2])).unwrap().statistic;
        // Twice the rows: the divisor 2n − 1 against 2(n − 1).
        let expected = once * (2.0 * (63.0 / 2.0) / 31.0_f64).sqrt();
        close(vuong(&twice(&spector(&[1, 2]))), expected, 1e-12);
    }

    #[test]
    fn what_cannot_be_compared() {
        let rows = [
            [0.0, 1.0, 3.0],
            [1.0, 2.0, 5.0],
            [0.0, 3.0, 7.0],
            [1.0, 4.0, 9.0],
        ];
        let of = |rows: &[[f64; 3]]| vuong(&Table::of(3, rows.iter().map(|row| (row, 3)))).err();
        assert_eq!(of(&rows), Some(VuongFailure::Alike));
        let separated = rows.map(|[y, a, b]| [y, a, b + 20.0 * y]);
        let why = LogisticFailure::CompleteSeparation;
        assert_eq!(of(&separated), Some(VuongFailure::Second(why)));
        let constant = rows.map(|[y, _, b]| [y, 1.0, b]);
        let why = VuongFailure::First(LogisticFailure::Constant(1));
        assert_eq!(of(&constant), Some(why));
        let text = "the first KPI has no model: regressor 1 never varies";
        assert_eq!(why.to_string(), text);
    }
}
