//! Newton's climb to the maximum of a partial likelihood, or the finding that it has none.
//!
//! The likelihood is concave, so with step halving every climb ends at the maximum; unless there is
//! none, because at each event some combination of covariates is at its highest among all at risk
//! (monotone likelihood: Bryson & Johnson 1981, Technometrics 23). Then each step raises it by a
//! fraction e⁻¹ of the one before and moves the linear predictors as far.

use super::cox::CoxError;
use super::partial_likelihood::{PartialLikelihood, Point, product};

/// Newton's method squares its error; a coefficient that runs to infinity takes some thirty steps to
/// be found out, an outlier of nine orders of magnitude some fifty.
const STEPS: usize = 200;

/// How often a step is halved before it is given up.
const HALVINGS: usize = 60;

/// A step that changes no linear predictor by more than this, or this share of the largest, is the
/// last.
const CLOSE: f64 = 1e-9;

/// A likelihood that a step can raise by no more than this, per event, is flat to rounding. If the step
/// still moves some linear predictor by `FAR`, and by `FAR_SHARE` of the largest, there is no maximum:
/// before one, steps become short.
const FLAT: f64 = 1e-12;
const FAR: f64 = 0.1;
const FAR_SHARE: f64 = 1e-3;

/// Where the climb ended.
#[derive(Debug)]
pub(super) struct Ascent {
    /// The coefficients of the centred covariates.
    pub(super) coefficients: Vec<f64>,
    /// The likelihood there.
    pub(super) point: Point,
    /// Whether it is the maximum.
    pub(super) converged: bool,
}

impl Ascent {
    /// From all coefficients 0.
    ///
    /// # Errors
    /// [`CoxError::Collinear`] where the covariates leave nothing to tell apart, [`CoxError::Monotone`]
    /// where there is no maximum.
    pub(super) fn to_the_top(likelihood: &PartialLikelihood) -> Result<Self, CoxError> {
        let mut top = Self {
            coefficients: vec![0.0; likelihood.width],
            point: likelihood.at(&vec![0.0; likelihood.width]),
            converged: false,
        };
        let flat = FLAT * likelihood.event_weight;
        let mut reach_before = f64::INFINITY;
        for taken in 0..STEPS {
            let singular = if taken == 0 {
                CoxError::Collinear
            } else {
                CoxError::Monotone
            };
            let step = top
                .point
                .information
                .solve(&top.point.gradient)
                .ok_or(singular)?;
            let (reach, farthest) = (likelihood.reach(&step), likelihood.reach(&top.coefficients));
            let is_flat = product(&step, &top.point.gradient) <= flat;
            if is_flat && reach >= FAR.max(FAR_SHARE * farthest) {
                return Err(CoxError::Monotone);
            }
            // Steps on flat ground that no longer shrink are rounding.
            let is_rounding = is_flat && reach >= 0.5 * reach_before;
            top.converged = is_rounding || reach <= CLOSE * farthest.max(1.0);
            let Some((coefficients, point)) = raised(likelihood, &top, &step) else {
                top.converged |= is_flat;
                break;
            };
            (top.coefficients, top.point) = (coefficients, point);
            if top.converged {
                break;
            }
            reach_before = reach;
        }
        Ok(top)
    }
}

/// The first place along a step, halved again and again, that is no lower but for rounding.
fn raised(
    likelihood: &PartialLikelihood,
    from: &Ascent,
    step: &[f64],
) -> Option<(Vec<f64>, Point)> {
    let farthest = likelihood
        .reach(&from.coefficients)
        .max(likelihood.reach(step));
    let value = from.point.value;
    let rounding = 1e-13 * value.abs() + 1e-15 * likelihood.event_weight * farthest;
    let mut share = 1.0;
    for _ in 0..HALVINGS {
        let pairs = from.coefficients.iter().zip(step);
        let to: Vec<f64> = pairs.map(|(from, step)| from + share * step).collect();
        let point = likelihood.at(&to);
        if point.value >= value - rounding && point.value.is_finite() {
            return Some((to, point));
        }
        share *= 0.5;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::partial_likelihood::{Case, Ties};
    use super::*;

    /// Of times 1, 2 and 3, the last without event, and covariates 1, 0 and 1: the value at b is
    /// b − ln(2eᵇ + 1) − ln(1 + eᵇ), which is −1.792 at 0, −1.865 at −1 and −1.769 at −½.
    #[test]
    fn a_step_too_far_is_halved_until_it_is_no_lower() {
        let case = |time: f64, covariates| Case {
            time,
            event: time < 2.5,
            count: 1,
            weight: 1.0,
            covariates,
        };
        let cases = [case(3.0, &[1.0][..]), case(2.0, &[0.0]), case(1.0, &[1.0])];
        let likelihood = PartialLikelihood::new(1, cases.into_iter(), Ties::Breslow, |x, to| {
            to.extend_from_slice(x);
        });
        let start = Ascent {
            coefficients: vec![0.0],
            point: likelihood.at(&[0.0]),
            converged: false,
        };
        let (to, point) = raised(&likelihood, &start, &[-64.0]).unwrap();
        assert_eq!(to, [-0.5]);
        let value = -0.5 - (2.0 * (-0.5_f64).exp() + 1.0).ln() - (-0.5_f64).exp().ln_1p();
        assert!((point.value - value).abs() < 1e-14);
    }
}
