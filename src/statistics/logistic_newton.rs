//! The climb to the maximum of a logistic likelihood: Newton's method with step shortening.
//!
//! The likelihood is concave, so there is one hill; it may have no top. A climb therefore ends in
//! one of two certificates: coefficients at which the gradient vanishes, or rows that some
//! direction carries beyond doubt for ever (see `separation`).

use super::design_matrix::{DesignMatrix, product};
use super::linear::Symmetric;
use super::logistic_likelihood::Likelihood;
use super::separation::{Recession, complete, recession};

/// More steps than any hill with a top took: a gap of 10⁻⁷ of the range takes 60.
const STEPS: usize = 120;

/// How often a step is shortened before it counts as none.
const SHORTENINGS: usize = 60;

/// Once no margin moves further than this (as a share of itself, if that is more than 1), the next
/// step is beyond rounding.
const STANDSTILL: f64 = 1e-8;

/// What a log-likelihood may lose by rounding, as a share of itself.
const ROUNDING: f64 = 1e-12;

/// The maximum of the likelihood.
#[derive(Debug, Clone)]
pub(super) struct Maximum {
    /// Of the standardised regressors, the intercept first.
    pub(super) coefficients: Vec<f64>,
    /// Of each row.
    pub(super) margins: Vec<f64>,
    /// Of the coefficients: the inverse of the information.
    pub(super) covariance: Symmetric,
}

/// How a climb ended.
#[derive(Debug, Clone)]
pub(super) enum Climb {
    /// At the top.
    Top(Maximum),
    /// There is no top.
    Endless(Recession),
    /// Neither could be shown.
    Lost,
}

/// Climbs from the coefficients given; rows with a count of 0 are not there. From zeros the first
/// step cannot go too far, for the curvature is never more than there (Böhning & Lindsay 1988).
pub(super) fn climb(design: &DesignMatrix, counts: &[f64], start: Vec<f64>) -> Climb {
    let mut at = Position::of(design, counts, start);
    for step in 1..=STEPS {
        let Some((direction, is_sure)) = at.likelihood.step(design, counts, &at.margins) else {
            break;
        };
        let moves = design.margins(&direction);
        if at.widest(&moves, counts) <= STANDSTILL {
            let top = at.moved(&direction, &moves, 1.0).0;
            let top = Position::of(design, counts, top).maximum(design, counts);
            if let Some(top) = top.filter(|_| is_sure) {
                return Climb::Top(top);
            }
            break;
        }
        let Some(next) = at.uphill(design, counts, &direction, &moves) else {
            break;
        };
        at = next;
        if let Some(certain) = complete(design, counts, &at.coefficients, &at.margins) {
            return Climb::Endless(certain);
        }
        if step >= 4
            && step.is_power_of_two()
            && let Some(certain) = recession(design, counts, &at.margins)
        {
            return Climb::Endless(certain);
        }
    }
    recession(design, counts, &at.margins).map_or(Climb::Lost, Climb::Endless)
}

/// Where the climb stands.
struct Position {
    coefficients: Vec<f64>,
    margins: Vec<f64>,
    likelihood: Likelihood,
}

impl Position {
    fn of(design: &DesignMatrix, counts: &[f64], coefficients: Vec<f64>) -> Self {
        let margins = design.margins(&coefficients);
        Self::at(design, counts, coefficients, margins)
    }

    fn at(
        design: &DesignMatrix,
        counts: &[f64],
        coefficients: Vec<f64>,
        margins: Vec<f64>,
    ) -> Self {
        let likelihood = Likelihood::at(design, counts, &margins);
        Self {
            coefficients,
            margins,
            likelihood,
        }
    }

    /// The furthest that a row moves, for its margin.
    fn widest(&self, moves: &[f64], counts: &[f64]) -> f64 {
        let pairs = moves.iter().zip(&self.margins).zip(counts);
        let counted = pairs.filter(|(_, count)| **count > 0.0);
        let shares = counted.map(|((step, margin), _)| step.abs() / margin.abs().max(1.0));
        shares.fold(0.0, f64::max)
    }

    fn moved(&self, direction: &[f64], moves: &[f64], scale: f64) -> (Vec<f64>, Vec<f64>) {
        let add = |from: &[f64], by: &[f64]| -> Vec<f64> {
            from.iter()
                .zip(by)
                .map(|(x, step)| x + scale * step)
                .collect()
        };
        (
            add(&self.coefficients, direction),
            add(&self.margins, moves),
        )
    }

    /// The position after a step, shortened until it climbs as the slope promises (Armijo 1966,
    /// Pacific J. Math. 16) and does not go far down on the other side, where rows may be beyond
    /// doubt, rightly or wrongly, and tell nothing (Wolfe 1969, SIAM Review 11).
    fn uphill(
        &self,
        design: &DesignMatrix,
        counts: &[f64],
        direction: &[f64],
        moves: &[f64],
    ) -> Option<Self> {
        let slope = product(&self.likelihood.gradient, direction);
        let rounding = ROUNDING * self.likelihood.log.abs();
        let mut scale = 1.0;
        for _ in 0..SHORTENINGS {
            let (coefficients, margins) = self.moved(direction, moves, scale);
            let next = Self::at(design, counts, coefficients, margins);
            let gain = next.likelihood.log - self.likelihood.log;
            let after = product(&next.likelihood.gradient, direction);
            if gain >= 1e-4 * scale * slope - rounding && after >= -0.1 * slope - rounding {
                return Some(next);
            }
            // Where the slope would vanish, were it to change evenly; it changes in bends.
            let share = slope / (slope - after);
            scale *= if share < 0.5 { share.max(0.1) } else { 0.5 };
        }
        None
    }

    fn maximum(self, design: &DesignMatrix, counts: &[f64]) -> Option<Maximum> {
        let covariance = self.likelihood.covariance(design, counts, &self.margins)?;
        Some(Maximum {
            coefficients: self.coefficients,
            margins: self.margins,
            covariance,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::spector::spector;
    use super::super::table::Table;
    use super::*;

    fn top(design: &DesignMatrix, counts: &[f64], start: Vec<f64>) -> Maximum {
        match climb(design, counts, start) {
            Climb::Top(maximum) => maximum,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_start_reaches_the_same_top() {
        let design = DesignMatrix::of(&spector(&[1, 2, 3]), &[1, 2, 3]).unwrap();
        let found = top(&design, design.counts(), vec![0.0; 4]).coefficients;
        for start in [[9.0, -5.0, 7.0, -8.0], [-30.0, 20.0, 20.0, 20.0]] {
            let other = top(&design, design.counts(), start.to_vec()).coefficients;
            let mut pairs = found.iter().zip(&other);
            assert!(pairs.all(|(a, b)| (a - b).abs() < 1e-12), "{other:?}");
        }
    }

    #[test]
    fn a_row_that_is_not_there_does_not_hold_the_climb_up() {
        let rows = [[0.0, 1.0], [0.0, 3.0], [1.0, 2.0], [1.0, 4.0]];
        let design = DesignMatrix::of(&Table::of(2, rows.iter().zip([1; 4])), &[1]).unwrap();
        assert!(matches!(
            climb(&design, &[1.0; 4], vec![0.0; 2]),
            Climb::Top(_)
        ));
        let without = [1.0, 0.0, 1.0, 1.0];
        assert!(matches!(
            climb(&design, &without, vec![0.0; 2]),
            Climb::Endless(_)
        ));
    }

    /// A maximum next to separation: rows 1 apart are certain, two that overlap by 10⁻⁶ decide.
    /// Its slope b solves 10⁻⁶ / (1 + exp(−10⁻⁶ b / 2)) = 2 exp(−b) / (1 + exp(−b)) by symmetry.
    #[test]
    fn nearly_separated_is_not_separated() {
        let rows = [[0.0, -1.0], [0.0, 5e-7], [1.0, -5e-7], [1.0, 1.0]];
        let design = DesignMatrix::of(&Table::of(2, rows.iter().zip([1; 4])), &[1]).unwrap();
        let b = top(&design, design.counts(), vec![0.0; 2]).coefficients[1];
        let b = b * design.scales()[0].per_unit();
        let pull = 1e-6 / (1.0 + (-5e-7 * b).exp());
        let hold = 2.0 * (-b).exp() / (1.0 + (-b).exp());
        assert!((pull / hold - 1.0).abs() < 1e-6, "{b}");
    }
}
