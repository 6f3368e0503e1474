//! The mean of a smooth function of a probability that follows a beta distribution.
//!
//! What lifetime models expect of a customer is such a mean over customers who differ in their
//! probability to leave. Their closed forms are hypergeometric functions that divide 0 by 0 at ordinary
//! parameters (a = 1) and need any number of terms at long horizons; the mean itself has neither flaw.
//! On the logit scale the integrand is analytic in a strip round the real line and fades at both ends,
//! where the trapezoidal rule converges exponentially (Trefethen & Weideman 2014, SIAM Review 56).

/// The widest step of the rule: with an integrand analytic to a distance of π/2 it errs by e^(−π²/h).
const STEP: f64 = 0.25;

/// The same for a bell of standard deviation 1: e^(−2π²/h²).
const STEP_OF_BELL: f64 = 0.7;

/// No mean takes more nodes than this, on either side of the mode.
const NODES: usize = 20_000;

/// A share of the sum that no longer counts.
const NEGLIGIBLE: f64 = 1e-18;

/// A positive, monotone function of p, by its logarithm.
#[derive(Debug)]
pub(super) struct Function<F> {
    /// The logarithm at p, also given 1 − p without cancellation.
    pub(super) ln: F,
    /// Below the first logit of p and above the second it does not change but for rounding.
    pub(super) flat: [f64; 2],
    /// A bound of the second derivative of the logarithm by the logit.
    pub(super) curvature: f64,
}

/// E f(p) for p of the beta distribution with parameters `a` and `b`; none for parameters that are not
/// positive and finite, and for a mean that is no double.
pub(super) fn beta_mean<F: Fn(f64, f64) -> f64>(a: f64, b: f64, of: &Function<F>) -> Option<f64> {
    if !(a > 0.0 && b > 0.0 && (a + b).is_finite()) {
        return None;
    }
    let density = Density::new(a, b);
    let peak = a / (a + b) * b;
    let step = STEP.min(STEP_OF_BELL / (peak + of.curvature).sqrt());
    let right = density.side(step, of, 1.0)?;
    let left = density.side(step, of, -1.0)?;
    let (p, q) = density.at(0.0);
    // The logarithms of f differ by far more than a double holds; each side brings its own scale.
    let scale = (of.ln)(p, q).max(left.scale).max(right.scale);
    let sum = ((of.ln)(p, q) - scale).exp()
        + left.values * (left.scale - scale).exp()
        + right.values * (right.scale - scale).exp();
    let mean = sum / (1.0 + left.weights + right.weights);
    // In halves, each of which is a double where the mean is.
    let mean = mean * (0.5 * scale).exp() * (0.5 * scale).exp();
    mean.is_finite().then_some(mean)
}

/// The beta density on the logit scale, by the distance from its mode, which has height 1.
#[derive(Debug, Clone, Copy)]
struct Density {
    a: f64,
    b: f64,
    mode: f64,
    p: f64,
    q: f64,
}

/// Sums over the nodes on one side of the mode.
#[derive(Debug, Clone, Copy)]
struct Side {
    weights: f64,
    values: f64,
    scale: f64,
}

impl Density {
    fn new(a: f64, b: f64) -> Self {
        Self {
            a,
            b,
            mode: a.ln() - b.ln(),
            p: a / (a + b),
            q: b / (a + b),
        }
    }

    /// p and 1 − p at a distance.
    fn at(self, distance: f64) -> (f64, f64) {
        let (up, down) = if distance > 0.0 {
            (1.0, (-distance).exp())
        } else {
            (distance.exp(), 1.0)
        };
        let all = self.p * up + self.q * down;
        (self.p * up / all, self.q * down / all)
    }

    /// The logarithm of the height at a distance.
    fn ln(self, distance: f64) -> f64 {
        let (rate, share, other) = if distance > 0.0 {
            (self.b, self.q, self.p)
        } else {
            (self.a, self.p, self.q)
        };
        let fall = share * (-distance.abs()).exp_m1();
        // ln(1 + fall) is a small number near the mode, and the sum of two far from it.
        let ln = if fall > -0.5 {
            fall.ln_1p()
        } else {
            (other + share * (-distance.abs()).exp()).ln()
        };
        -rate * distance.abs() - (self.a + self.b) * ln
    }

    /// The nodes above the mode (`sign` 1) or below it (−1), to where they no longer count or go on as
    /// a geometric series.
    fn side<F: Fn(f64, f64) -> f64>(self, step: f64, of: &Function<F>, sign: f64) -> Option<Side> {
        let (rate, flat) = if sign > 0.0 {
            (
                self.b,
                of.flat[1].max(40.0 + (self.a + self.b).ln()) - self.mode,
            )
        } else {
            (
                self.a,
                self.mode - of.flat[0].min(-40.0 - (self.a + self.b).ln()),
            )
        };
        let limit = {
            let (p, q) = self.at(sign * flat.max(0.0));
            (of.ln)(p, q)
        };
        let (p, q) = self.at(0.0);
        // Monotone, so that no value of this side is above.
        let scale = limit.max((of.ln)(p, q));
        let tail = 1.0 / -(-rate * step).exp_m1();
        let mut side = Side {
            weights: 0.0,
            values: 0.0,
            scale,
        };
        let start = ((of.ln)(p, q) - scale).exp();
        for node in 1..=NODES {
            let distance = node as f64 * step;
            let weight = self.ln(sign * distance).exp();
            if distance >= flat {
                side.weights += weight * tail;
                side.values += weight * tail * (limit - scale).exp();
                return Some(side);
            }
            let (p, q) = self.at(sign * distance);
            side.weights += weight;
            side.values += weight * ((of.ln)(p, q) - scale).exp();
            if weight * tail.max(1.0) <= NEGLIGIBLE * (start + side.values).min(1.0) {
                return Some(side);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [f64; 9] = [1e-9, 1e-3, 0.1, 0.793, 1.0, 2.5, 40.0, 1e4, 1e9];

    fn mean(a: f64, b: f64, ln: impl Fn(f64, f64) -> f64) -> f64 {
        let function = Function {
            ln,
            flat: [-45.0, 45.0],
            curvature: 0.25,
        };
        beta_mean(a, b, &function).unwrap_or_else(|| panic!("{a} {b}"))
    }

    /// The moments of the beta distribution: a/(a + b), and a(a + 1)/((a + b)(a + b + 1)).
    #[test]
    fn moments_of_every_shape() {
        for a in SHAPES {
            for b in SHAPES {
                let first = a / (a + b);
                let found = mean(a, b, |p, _| p.ln_1p());
                assert!(
                    (found / (1.0 + first) - 1.0).abs() < 4e-15,
                    "{a} {b} {found}"
                );
                let second = first * (a + 1.0) / (a + b + 1.0);
                let found = mean(a, b, |p, _| 2.0 * p.ln_1p());
                let expected = 1.0 + 2.0 * first + second;
                assert!((found / expected - 1.0).abs() < 4e-15, "{a} {b} {found}");
                let found = mean(a, b, |_, q| q.ln_1p());
                assert!(
                    (found / (1.0 + b / (a + b)) - 1.0).abs() < 4e-15,
                    "{a} {b} {found}"
                );
            }
        }
    }

    #[test]
    fn shapes_that_are_none() {
        let of = Function {
            ln: |_: f64, _: f64| 0.0,
            flat: [0.0, 0.0],
            curvature: 0.0,
        };
        for (a, b) in [
            (0.0, 1.0),
            (1.0, -1.0),
            (f64::NAN, 1.0),
            (1.0, f64::INFINITY),
            (1e308, 1e308),
        ] {
            assert_eq!(beta_mean(a, b, &of), None);
        }
        assert_eq!(beta_mean(0.5, 3.0, &of), Some(1.0));
    }
}
