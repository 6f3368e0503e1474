//! The maximum of a smooth likelihood of a few positive parameters, which the lifetime models share.
//!
//! Newton's method on the logarithms of the parameters, damped where the likelihood is not concave
//! (Levenberg 1944, Marquardt 1963). Derivatives come from the model, so that parameters have all digits
//! that the data give them; and a maximum at infinity or at 0 is told from one that was reached.

use super::linear::Symmetric;

/// Well-behaved fits take about ten steps, a ridge that ends at infinity some sixty.
const STEPS: usize = 200;

/// A step that changes no parameter by more than this share is the last.
const CLOSE: f64 = 1e-9;

/// A parameter is not moved by more than this factor's logarithm at once.
const FARTHEST: f64 = 2.0;

/// A likelihood that a step can raise by no more than this share is flat to rounding. If the step is
/// still a matter of more than `FAR`, the maximum is at infinity or at 0.
const FLAT: f64 = 1e-14;
const FAR: f64 = 1e-2;

/// Damping takes a parameter's own curvature as no less than this share of the largest.
const LEAST: f64 = 1e-9;

/// After so many steps on flat ground that is no hill either, the search is over.
const LEVEL: usize = 8;

/// A likelihood at positive parameters, with its derivatives by them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likelihood<const K: usize> {
    /// The logarithm of the likelihood.
    pub(super) value: f64,
    /// Its first derivatives.
    pub(super) gradient: [f64; K],
    /// Its second derivatives; the upper triangle is not read.
    pub(super) hessian: [[f64; K]; K],
}

impl<const K: usize> Default for Likelihood<K> {
    fn default() -> Self {
        Self {
            value: 0.0,
            gradient: [0.0; K],
            hessian: [[0.0; K]; K],
        }
    }
}

impl<const K: usize> Likelihood<K> {
    /// Adds so many times another.
    pub(super) fn add(&mut self, other: &Self, count: f64) {
        self.value += count * other.value;
        for (row, others) in self.hessian.iter_mut().zip(&other.hessian) {
            let pairs = row.iter_mut().zip(others);
            pairs.for_each(|(own, other)| *own += count * other);
        }
        let pairs = self.gradient.iter_mut().zip(&other.gradient);
        pairs.for_each(|(own, other)| *own += count * other);
    }
}

/// Where the search ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Maximum<const K: usize> {
    /// The parameters.
    pub(super) at: [f64; K],
    /// The logarithm of the likelihood there.
    pub(super) value: f64,
    /// Whether it is a maximum; false where it still rises towards 0 or infinity.
    pub(super) converged: bool,
}

/// Climbs from `start`; none where the likelihood is not finite there.
pub(super) fn maximise<const K: usize>(
    start: [f64; K],
    likelihood: impl Fn(&[f64; K]) -> Likelihood<K>,
) -> Option<Maximum<K>> {
    let mut top = Place::of(start, &likelihood)?;
    let (mut damping, mut reach_before, mut level) = (0.0, f64::INFINITY, 0);
    let mut converged = false;
    for _ in 0..STEPS {
        let Some(step) = top.step(damping) else {
            damping = raised(damping);
            continue;
        };
        let is_newton = damping <= 0.0;
        let reach = step
            .iter()
            .fold(0.0, |most: f64, step| most.max(step.abs()));
        let is_flat = top.promise(&step) <= FLAT * (1.0 + top.value.abs());
        level = if is_flat { level + 1 } else { 0 };
        if is_flat && is_newton && reach > FAR || level > LEVEL {
            break;
        }
        // Steps on flat ground that no longer shrink are rounding.
        let is_last = reach <= CLOSE || is_flat && is_newton && reach > 0.5 * reach_before;
        let share = (FARTHEST / reach).min(1.0);
        let at = std::array::from_fn(|place| top.at[place] * (share * step[place]).exp());
        let lowest = top.value - 1e-13 * top.value.abs();
        let next = Place::of(at, &likelihood).filter(|next| next.value >= lowest);
        let is_up = next.is_some();
        top = next.unwrap_or(top);
        if is_last {
            converged = is_newton;
            break;
        }
        reach_before = reach;
        // Little damping is none: with any the last steps would only halve the distance.
        damping = match damping {
            _ if !is_up => raised(damping),
            _ if damping > 1e-4 => 0.1 * damping,
            _ => 0.0,
        };
    }
    Some(Maximum {
        at: top.at,
        value: top.value,
        converged,
    })
}

fn raised(damping: f64) -> f64 {
    if damping > 0.0 { 10.0 * damping } else { 1e-3 }
}

/// The likelihood by the logarithms of the parameters.
#[derive(Debug, Clone, Copy)]
struct Place<const K: usize> {
    at: [f64; K],
    value: f64,
    gradient: [f64; K],
    hessian: [[f64; K]; K],
}

impl<const K: usize> Place<K> {
    /// None where anything is not finite or a parameter is not positive.
    fn of(at: [f64; K], likelihood: &impl Fn(&[f64; K]) -> Likelihood<K>) -> Option<Self> {
        if !at
            .iter()
            .all(|parameter| *parameter > 0.0 && parameter.is_finite())
        {
            return None;
        }
        let found = likelihood(&at);
        let gradient: [f64; K] = std::array::from_fn(|i| at[i] * found.gradient[i]);
        let hessian: [[f64; K]; K] = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let own = if i == j { gradient[i] } else { 0.0 };
                let (row, column) = (i.max(j), i.min(j));
                at[i] * at[j] * found.hessian[row][column] + own
            })
        });
        let cells = gradient.iter().chain(hessian.iter().flatten());
        let is_finite = found.value.is_finite() && cells.clone().all(|cell| cell.is_finite());
        is_finite.then_some(Self {
            at,
            value: found.value,
            gradient,
            hessian,
        })
    }

    /// The Newton step, each parameter's own curvature raised by a share; none where that is no hill.
    fn step(&self, damping: f64) -> Option<Vec<f64>> {
        let own: [f64; K] = std::array::from_fn(|i| self.hessian[i][i].abs());
        let least = own
            .iter()
            .fold(f64::MIN_POSITIVE, |most: f64, own| most.max(*own))
            * LEAST;
        let hill = Symmetric::of(K, |i, j| {
            let ridge = if i == j {
                damping * own[i].max(least)
            } else {
                0.0
            };
            ridge - self.hessian[i][j]
        });
        hill.solve(&self.gradient)
    }

    /// What the step raises by the second-order expansion.
    fn promise(&self, step: &[f64]) -> f64 {
        let slope: f64 = self.gradient.iter().zip(step).map(|(g, s)| g * s).sum();
        let rows = self.hessian.iter().zip(step);
        let bend: f64 = rows
            .map(|(row, s)| s * row.iter().zip(step).map(|(h, t)| h * t).sum::<f64>())
            .sum();
        slope + 0.5 * bend
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gamma likelihood of n values by shape and rate, of which only the sums of the values and of
    /// their logarithms are needed; its second derivatives are those of the textbook.
    fn gamma(n: f64, sum: f64, logs: f64) -> impl Fn(&[f64; 2]) -> Likelihood<2> {
        move |[shape, rate]| {
            let of_shape = crate::statistics::gamma::ln_gamma(*shape);
            Likelihood {
                value: n * (shape * rate.ln() - of_shape.value) + (shape - 1.0) * logs - rate * sum,
                gradient: [
                    n * (rate.ln() - of_shape.first) + logs,
                    n * shape / rate - sum,
                ],
                hessian: [
                    // The upper triangle is not read.
                    [-n * of_shape.second, f64::NAN],
                    [n / rate, -n * shape / (rate * rate)],
                ],
            }
        }
    }

    /// Wilks (1990), Biometrics 46: at the maximum rate = shape/mean and ln shape − ψ(shape) = ln mean −
    /// mean ln. By SciPy 1.17 `brentq` on that equation for mean 3 and mean logarithm 0.9.
    #[test]
    fn the_gamma_distribution_from_far_away() {
        for start in [[1.0, 1.0], [1e-3, 1e3], [1e4, 1e-4], [50.0, 1e-6]] {
            let found = maximise(start, gamma(20.0, 60.0, 18.0)).unwrap();
            const SHAPE: f64 = 2.672_402_308_995_481;
            assert!(found.converged, "{start:?} {found:?}");
            assert!((found.at[0] / SHAPE - 1.0).abs() < 1e-12, "{found:?}");
            assert!(
                (found.at[1] / (SHAPE / 3.0) - 1.0).abs() < 1e-12,
                "{found:?}"
            );
        }
    }

    /// By hand: p·e^(−p) is highest at 1, q²·e^(−q) at 2.
    #[test]
    fn units_do_not_matter() {
        for unit in [1e-9, 1.0, 1e9] {
            let found = maximise([20.0 * unit, 0.05], |[p, q]| Likelihood {
                value: (p / unit).ln() - p / unit + 2.0 * q.ln() - q,
                gradient: [1.0 / p - 1.0 / unit, 2.0 / q - 1.0],
                hessian: [[-1.0 / (p * p), 0.0], [0.0, -2.0 / (q * q)]],
            });
            let found = found.unwrap();
            assert!(found.converged);
            assert!((found.at[0] / unit - 1.0).abs() < 1e-12, "{found:?}");
            assert!((found.at[1] - 2.0).abs() < 1e-12, "{found:?}");
        }
    }

    /// −1/p rises for ever, −p falls for ever, and 0 is flat: none of them has converged.
    #[test]
    fn a_maximum_out_of_reach_is_no_maximum() {
        let up = |[p]: &[f64; 1]| Likelihood {
            value: -5.0 - 1.0 / p,
            gradient: [1.0 / (p * p)],
            hessian: [[-2.0 / (p * p * p)]],
        };
        let found = maximise([1.0], up).unwrap();
        assert!(!found.converged && found.at[0] > 1e10 && found.at[0].is_finite());
        let down = |[p]: &[f64; 1]| Likelihood {
            value: -5.0 - p,
            gradient: [-1.0],
            hessian: [[0.0]],
        };
        let found = maximise([1.0], down).unwrap();
        assert!(!found.converged && found.at[0] < 1e-10);
        let flat = |_: &[f64; 1]| Likelihood {
            value: -5.0,
            gradient: [0.0],
            hessian: [[0.0]],
        };
        assert!(!maximise([1.0], flat).unwrap().converged);
    }

    /// By hand: a slope of 2·½ + 1·¼ and half of (½, ¼) H (½, ¼)ᵀ = −1 + ¼ − ⅛.
    #[test]
    fn what_a_step_promises() {
        let place = Place {
            at: [1.0; 2],
            value: 0.0,
            gradient: [2.0, 1.0],
            hessian: [[-4.0, 1.0], [1.0, -2.0]],
        };
        assert!((place.promise(&[0.5, 0.25]) - 0.8125).abs() < 1e-15);
    }

    #[test]
    fn a_start_that_is_no_number_is_none() {
        let none = |_: &[f64; 1]| Likelihood {
            value: f64::NAN,
            gradient: [0.0],
            hessian: [[-1.0]],
        };
        assert_eq!(maximise([1.0], none), None);
        assert_eq!(maximise([0.0], none), None);
    }
}
