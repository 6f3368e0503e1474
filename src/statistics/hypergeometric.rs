//! Gauss's hypergeometric function ₂F₁(a, b; c; z), for the discounted lifetimes of customers.
//!
//! Its series has positive terms but needs ever more of them as z comes close to 1, that is, as the
//! discount rate becomes small; there Euler's integral serves, a mean over a beta distribution.

use super::beta_mean::{Function, beta_mean};

/// Above this the series is not tried: it would take more terms than `TERMS`.
const NEAR_ONE: f64 = 0.93;
const TERMS: usize = 800;

/// ₂F₁(a, b; c; z) = Σ (a)ₖ(b)ₖ/(c)ₖ · zᵏ/k! for a, b, c > 0 and 0 ≤ z < 1 (Abramowitz & Stegun 1964,
/// 15.1.1).
///
/// None outside of these ranges, where c is no larger than both a and b while z is near 1, and where the
/// value is no double.
#[must_use]
pub fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    hypergeometric_near_one(a, b, c, 1.0 - z)
}

/// The same at z = 1 − `complement`, which for a small complement has more digits than z.
pub(super) fn hypergeometric_near_one(a: f64, b: f64, c: f64, complement: f64) -> Option<f64> {
    let is_positive = [a, b, c].iter().all(|x| *x > 0.0 && x.is_finite());
    if !(is_positive && complement > 0.0 && complement <= 1.0) {
        return None;
    }
    let z = 1.0 - complement;
    let summed = if z > NEAR_ONE {
        None
    } else {
        series(a, b, c, z)
    };
    summed.or_else(|| {
        // The function is symmetric in a and b.
        let (a, b) = if c > b { (a, b) } else { (b, a) };
        integral(a, b, c, complement)
    })
}

/// The series, while it needs no more terms than allowed.
fn series(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    let (mut sum, mut term) = (1.0, 1.0);
    for place in 0..TERMS {
        let k = place as f64;
        term *= (a + k) / (c + k) * ((b + k) / (1.0 + k)) * z;
        sum += term;
        // Each of these tends to 1 from one side, so no later quotient of two terms is above `bound`.
        let to_one = |x: f64, y: f64| ((x + k + 1.0) / (y + k + 1.0)).max(1.0);
        let quotient = (to_one(a, c) * to_one(b, 1.0)).min(to_one(b, c) * to_one(a, 1.0));
        let bound = quotient * z;
        if bound < 1.0 && term * bound <= 1e-17 * sum * (1.0 - bound) {
            return Some(sum).filter(|sum: &f64| sum.is_finite());
        }
    }
    None
}

/// E (1 − z·p)^(−a) for p of the beta distribution with b and c − b (Abramowitz & Stegun 1964, 15.3.1).
fn integral(a: f64, b: f64, c: f64, complement: f64) -> Option<f64> {
    let (z, many) = (1.0 - complement, 40.0 + a.ln_1p());
    let power = Function {
        // 1 − z·p = (1 − p) + (1 − z)·p, without cancellation.
        ln: |p: f64, q: f64| -a * (q + complement * p).ln(),
        flat: [-many - z.ln(), many - complement.ln()],
        curvature: 0.25 * a,
    };
    beta_mean(b, c - b, &power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: Option<f64>, expected: f64, tolerance: f64) {
        let found = found.unwrap();
        assert!(
            (found / expected - 1.0).abs() < tolerance,
            "{found:e} {expected:e}"
        );
    }
    /// mpmath 1.4 `hyp2f1` at 50 digits.
    #[test]
    fn mpmath_values() {
        for (a, b, c, z, expected) in [
            (1.0, 0.5, 0.75, 0.1, 1.0729539972533693),
            (1.0, 1.18, 1.886, 0.0, 1.0),
            (1.0, 1.18, 1.886, 0.9999999990686774, 1427.8436776806773),
            (1.0, 2.18, 2.884, 0.999, 32.451305394552165),
            (1.0, 5.25, 30.0, 0.95, 1.2071625275807436),
            (1.0, 0.001, 2.0, 0.93, 1.0008003746430671),
            (1.0, 200.0, 200.5, 0.9090909090909091, 10.743942922645966),
            (1.0, 30.0, 0.5, 0.5, 10380683670.52342),
            (0.243, 0.5, 0.75, 0.999, 2.2141577885434884),
            (0.243, 1.18, 1.886, 0.95, 1.366435585281603),
            (0.243, 2.18, 2.884, 0.93, 1.4446088271278128),
            (0.243, 5.25, 30.0, 0.9090909090909091, 1.043900369876812),
            (0.243, 0.001, 2.0, 0.5, 1.000068633187862),
            (0.243, 200.0, 200.5, 0.1, 1.0258641247351188),
            (0.243, 30.0, 0.5, 0.0, 1.0),
            (0.243, 30.0, 0.5, 0.9999999990686774, 8.034311455896061e+267),
            (3.5, 0.5, 0.75, 0.999, 2983177279.5422187),
            (3.5, 1.18, 1.886, 0.95, 2317.8853904668317),
            (3.5, 2.18, 2.884, 0.93, 1431.779692227949),
            (3.5, 5.25, 30.0, 0.9090909090909091, 1.924424828129106),
            (3.5, 0.001, 2.0, 0.5, 1.0015021881828117),
            (3.5, 200.0, 200.5, 0.1, 1.444543476706647),
            (3.5, 30.0, 0.5, 0.0, 1.0),
            (40.0, 0.5, 0.75, 0.93, 2.2711132307841646e+45),
            (40.0, 1.18, 1.886, 0.93, 1.966979110826821e+44),
            (40.0, 2.18, 2.884, 0.93, 3.1733780496696892e+44),
            (40.0, 5.25, 30.0, 0.93, 2906205840434.747),
            (40.0, 0.001, 2.0, 0.9090909090909091, 3.090586225884391e+33),
            (
                40.0,
                200.0,
                200.5,
                0.9090909090909091,
                2.6239068184254837e+41,
            ),
        ] {
            close(hypergeometric(a, b, c, z), expected, 1e-13);
            close(hypergeometric(b, a, c, z), expected, 1e-13);
        }
    }

    /// Abramowitz & Stegun (1964), 15.1.3 −ln(1 − z)/z, 15.1.8 (1 − z)^(−a), 15.1.4 artanh(√z)/√z.
    #[test]
    fn abramowitz_stegun_elementary_cases() {
        for z in [1e-9, 0.3, 0.9, 0.95, 0.999_999] {
            let complement = 1.0 - z;
            close(hypergeometric(1.0, 1.0, 2.0, z), -f64::ln_1p(-z) / z, 1e-13);
            close(
                hypergeometric(0.5, 3.0, 3.0, z),
                complement.powf(-0.5),
                1e-13,
            );
            let root = z.sqrt();
            // Half the logarithm of (1 + √z)²/(1 − z).
            let artanh = root.ln_1p() - 0.5 * f64::ln_1p(-z);
            close(hypergeometric(0.5, 1.0, 1.5, z), artanh / root, 1e-13);
        }
        assert_eq!(hypergeometric(2.0, 3.0, 4.0, 0.0), Some(1.0));
    }

    /// A first term of 10⁻¹⁷ or less of the sum is not the last where the next ones grow; mpmath 1.4
    /// at 60 digits.
    #[test]
    fn terms_may_grow_before_they_fall() {
        for (a, b, c, z, expected) in [
            (1e-20, 100.0, 0.5, 0.5, 2_266_951_201.900_624),
            (1e-20, 60.0, 0.5, 0.8, 1.000_765_181_950_899_4e21),
            (1e-50, 100.0, 0.5, 0.7, 23.648_799_544_920_69),
        ] {
            close(series(a, b, c, z), expected, 1e-13);
            close(series(b, a, c, z), expected, 1e-13);
        }
    }

    /// The series and the integral are two ways to the same number.
    #[test]
    fn both_ways_agree() {
        for (a, b, c) in [
            (1.0, 1.2, 1.9),
            (2.5, 0.3, 7.0),
            (12.0, 30.0, 31.0),
            (0.01, 5.0, 5.5),
        ] {
            for z in [0.01, 0.4, 0.8, 0.9] {
                let summed = series(a, b, c, z).unwrap();
                close(integral(a, b, c, 1.0 - z), summed, 1e-13);
            }
        }
    }

    /// 1 − z carries the digits: ₂F₁(1, b; c; 1 − ε) tends to (c − 1)/(c − b − 1), and for c − b < 1 it
    /// grows as Γ(c)Γ(1 + b − c)/Γ(b) · ε^(c−b−1) (15.1.20, 15.3.6); here c = 1, b = ½: ε^(−½).
    #[test]
    fn next_to_one() {
        for epsilon in [1e-20, 1e-100, 1e-300] {
            close(hypergeometric_near_one(1.0, 2.0, 5.0, epsilon), 2.0, 1e-13);
            let root = hypergeometric_near_one(1.0, 0.5, 1.0, epsilon);
            close(root, epsilon.powf(-0.5), 1e-13);
        }
    }

    #[test]
    fn outside_of_its_ranges_it_is_none() {
        assert_eq!(hypergeometric(0.0, 1.0, 1.0, 0.5), None);
        assert_eq!(hypergeometric(1.0, -1.0, 1.0, 0.5), None);
        assert_eq!(hypergeometric(1.0, 1.0, 1.0, 1.0), None);
        assert_eq!(hypergeometric(1.0, 1.0, 1.0, -0.5), None);
        assert_eq!(hypergeometric(1.0, 1.0, f64::NAN, 0.5), None);
        assert_eq!(hypergeometric(3.0, 4.0, 2.0, 0.99), None);
        assert_eq!(hypergeometric(200.0, 200.0, 300.0, 1.0 - 1e-9), None);
    }
}
