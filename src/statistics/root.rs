//! The root of a continuous function between two points where its signs differ.
//!
//! Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm", Advances in Engineering
//! Software 28: never leaves the bracket, and needs about as few steps as Brent's method.

/// Bisection alone needs 1,075 halvings in the worst case of doubles; this is never reached.
const STEPS: usize = 2000;

/// The point between `a` and `b` where `f` changes sign, to the last bits of a double.
///
/// `f(a)` and `f(b)` differ in sign, or one of them is zero.
pub(super) fn root_between(mut a: f64, mut b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut fa, mut fb) = (f(a), f(b));
    let mut share: f64 = 0.5;
    for _ in 0..STEPS {
        let best = if fa.abs() < fb.abs() { a } else { b };
        let width = (b - a).abs();
        let tolerance = f64::EPSILON * best.abs() + f64::MIN_POSITIVE;
        if width <= 2.0 * tolerance || fa.abs().min(fb.abs()) < f64::MIN_POSITIVE {
            return best;
        }
        let margin = tolerance / width;
        let x = a + share.clamp(margin, 1.0 - margin) * (b - a);
        let fx = f(x);
        let dropped = if fx.is_sign_negative() == fa.is_sign_negative() {
            (a, fa)
        } else {
            let dropped = (b, fb);
            (b, fb) = (a, fa);
            dropped
        };
        (a, fa) = (x, fx);
        share = next_share((a, fa), (b, fb), dropped);
    }
    a
}

/// Where between `a` (0) and `b` (1) to look next: by inverse quadratic interpolation where it can
/// be trusted, else in the middle.
fn next_share((a, fa): (f64, f64), (b, fb): (f64, f64), (c, fc): (f64, f64)) -> f64 {
    let xi = (a - b) / (c - b);
    let phi = (fa - fb) / (fc - fb);
    if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
        fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_that_are_known() {
        let two = root_between(0.0, 2.0, |x| x * x - 2.0);
        assert!((two - std::f64::consts::SQRT_2).abs() < 4e-16, "{two}");
        let flat = root_between(-1.0, 2.0, |x| (x - 1.0).powi(5));
        assert!((flat - 1.0).abs() < 1e-12, "{flat}");
        let edge = root_between(0.25, 1.0, |x| x - 1.0);
        assert!((edge - 1.0).abs() < 1e-15, "{edge}");
    }

    /// Chandrupatla (1997), table 1: how often each function is asked until the root is known to five
    /// digits; the other eleven take five more at most, where halving takes 37.
    #[test]
    fn few_steps_are_enough() {
        let steps = |a: f64, b: f64, f: fn(f64) -> f64| {
            let asked = std::cell::Cell::new(0);
            root_between(a, b, |x| {
                asked.set(asked.get() + 1);
                f(x)
            });
            asked.get()
        };
        let cubic = |x: f64| x * x * x - 2.0 * x - 5.0;
        let pole = |x: f64| 1.0 - 1.0 / (x * x);
        let exponential = |x: f64| x.exp() - 2.0 - 0.01 / (x * x) + 2e-6 / (x * x * x);
        for (found, published) in [
            (steps(2.0, 3.0, cubic), 7),
            (steps(1.0, 10.0, cubic), 11),
            (steps(-1e4, 1e4, cubic), 23),
            (steps(0.5, 1.51, pole), 8),
            (steps(1e-4, 1e4, pole), 22),
            (steps(2e-4, 3.0, exponential), 8),
        ] {
            assert!(found <= published + 5, "{found}, published {published}");
        }
    }
}
