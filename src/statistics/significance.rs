//! Two-sided p-values of z and t, exact to many digits far out in the tails.
//!
//! A KPI over millions of rows has p-values of 1e-80; a tail computed as 1 − cdf would say 0.

use std::f64::consts::PI;

use statrs::function::beta::beta_reg;
use statrs::function::gamma::{gamma_ur, ln_gamma};

use super::Error;

/// Above these degrees of freedom the continued fraction of the incomplete beta function would
/// need more terms than statrs takes, and Hill's expansion is exact to 13 digits.
const MANY_DEGREES: f64 = 1000.0;

/// A test statistic with its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The statistic, z or t; its sign is the sign of the difference.
    pub statistic: f64,
    /// P(|statistic| at least this large) when there is no difference.
    pub p: f64,
}

impl Test {
    /// The z test, unless the statistic is not a number or infinite.
    pub(super) fn normal(z: f64) -> Option<Self> {
        z.is_finite().then(|| Self {
            statistic: z,
            p: two_sided_normal_p(z),
        })
    }

    /// The t test, unless the statistic is not a number or infinite.
    pub(super) fn student(t: f64, df: f64) -> Option<Self> {
        let p = two_sided_t_p(t, df).ok()?;
        t.is_finite().then_some(Self { statistic: t, p })
    }
}

/// The value, unless it is infinite or not a number.
pub(super) fn finite(value: f64) -> Result<f64, Error> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Overflow)
    }
}

/// P(|Z| ≥ |z|) for a standard normal Z.
///
/// It is erfc(|z|/√2), taken as the upper incomplete gamma function Q(½, z²/2): statrs's own
/// `erfc` is good to ten digits only, this to thirteen. NaN for NaN.
#[must_use]
pub fn two_sided_normal_p(z: f64) -> f64 {
    let x = 0.5 * z * z;
    if x.is_nan() {
        return x;
    }
    if x < f64::MIN_POSITIVE {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    gamma_ur(0.5, x).clamp(0.0, 1.0)
}

/// P(|T| ≥ |t|) for Student's T with `df` degrees of freedom, which need not be whole.
///
/// The incomplete beta function I(df/2, ½) at df/(df + t²); for many degrees of freedom the normal
/// p of Hill's transformation (Hill 1970, Algorithm 395, Comm. ACM 13). NaN for NaN.
///
/// # Errors
/// [`Error::DegreesOfFreedom`] unless `df` > 0.
pub fn two_sided_t_p(t: f64, df: f64) -> Result<f64, Error> {
    if df.is_nan() || df <= 0.0 {
        return Err(Error::DegreesOfFreedom);
    }
    if t.is_nan() {
        return Ok(t);
    }
    if df > MANY_DEGREES {
        return Ok(two_sided_normal_p(hill_z(t, df)));
    }
    Ok(beta_reg(0.5 * df, 0.5, df / (df + t * t)).clamp(0.0, 1.0))
}

/// The normal deviate that has the same tail as `t`.
fn hill_z(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return t;
    }
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let square = a * (t * t / df).ln_1p();
    let z = square.sqrt();
    let first = (square + 3.0) / b;
    let second = (((4.0 * square + 33.0) * square + 240.0) * square + 855.0)
        / (10.0 * b * (b + 0.8 * square * square + 100.0));
    z * (1.0 + first - second)
}

/// The density of Student's T.
pub(super) fn t_density(t: f64, df: f64) -> f64 {
    let half = 0.5 * df;
    // Γ(half + ½)/Γ(half): for large arguments the two logarithms would cancel to noise.
    let ln_ratio = if df > MANY_DEGREES {
        0.5 * half.ln() - 0.125 / half
    } else {
        ln_gamma(half + 0.5) - ln_gamma(half)
    };
    (ln_ratio - 0.5 * (df * PI).ln() - (half + 0.5) * (t * t / df).ln_1p()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORMAL_P: [(f64, f64); 9] = [
        (0.001, 0.9992021155721779),
        (0.5, 0.6170750774519738),
        (1.0, 0.3173105078629141),
        (1.959963984540054, 0.050000000000000024),
        (3.0, 0.002699796063260189),
        (5.462794758164615, 4.6869638542444326e-8),
        (10.0, 1.523970604832105e-23),
        (20.0, 5.5072482372124675e-89),
        (36.25, 9.937013193080804e-288),
    ];

    const STUDENT_P: [(f64, f64, f64); 13] = [
        (1.0, 0.5, 0.7048327646991335),
        (1.5, 2.0, 0.22418833035605107),
        (3.0, 10.0, 0.0021283990584141503),
        (12.0, 2.5, 0.02791539957132525),
        (29.7, 4.0, 0.0003871245574909923),
        (100.0, 10.0, 9.901688984594139e-17),
        (1000.0, 5.0, 6.767256364648631e-7),
        (1001.0, 5.0, 6.766153187070973e-7),
        (7040.0, 2.0, 0.045538612339180294),
        (7040.0, -5.171592111816975, 2.3850929370973014e-7),
        (7040.0, 38.03288452827659, 4.931989049245748e-288),
        (1e6, 6.0, 1.9738498123544347e-9),
        (1e9, 3.0, 0.0026997961297379157),
    ];

    fn assert_relative(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found / expected - 1.0).abs() < tolerance,
            "{found:e} {expected:e}"
        );
    }

    /// mpmath 1.4 `erfc(z/√2)` at 40 digits.
    #[test]
    fn mpmath_normal_tail() {
        for (z, p) in NORMAL_P {
            assert_relative(two_sided_normal_p(z), p, 2e-13);
            assert_relative(two_sided_normal_p(-z), p, 2e-13);
        }
    }

    /// mpmath 1.4 `betainc(df/2, 1/2, 0, df/(df+t²))` at 40 digits.
    #[test]
    fn mpmath_student_tail() {
        for (df, t, p) in STUDENT_P {
            assert_relative(two_sided_t_p(t, df).unwrap(), p, 2e-11);
        }
    }

    /// Hill's terms in 1/b² are seen where they are largest and his next one is still too small:
    /// 1,001 degrees of freedom, t = 10; mpmath as above.
    #[test]
    fn hills_last_term_counts() {
        let p = two_sided_t_p(10.0, 1001.0).unwrap();
        assert_relative(p, 1.663_334_149_515_494_3e-22, 1e-12);
    }

    /// 1/π(1 + t²) and (2 + t²)^(−3/2); for 1,001 degrees of freedom mpmath 1.4 at 40 digits, of
    /// which the two terms of the logarithm's series keep ten.
    #[test]
    fn density_of_student() {
        for t in [0.0, 0.5, 2.0, 30.0_f64] {
            assert_relative(t_density(t, 1.0), 1.0 / (PI * (1.0 + t * t)), 1e-13);
            assert_relative(t_density(t, 2.0), (2.0 + t * t).powf(-1.5), 1e-13);
        }
        assert_relative(t_density(2.0, 1001.0), 0.054_085_080_171_946_55, 1e-10);
        let normal = (-2.0_f64).exp() / (2.0 * PI).sqrt();
        assert_relative(t_density(2.0, 1e12), normal, 1e-10);
    }

    #[test]
    fn no_difference_has_p_one_and_infinite_difference_has_p_zero() {
        assert_relative(two_sided_normal_p(0.0), 1.0, 1e-15);
        assert_relative(two_sided_t_p(0.0, 5.0).unwrap(), 1.0, 1e-15);
        assert_relative(two_sided_t_p(0.0, 5e6).unwrap(), 1.0, 1e-15);
        assert!(two_sided_normal_p(1e200) < f64::MIN_POSITIVE);
        assert!(two_sided_t_p(1e200, 5.0).unwrap() < f64::MIN_POSITIVE);
    }

    #[test]
    fn a_statistic_that_is_no_number_is_no_test() {
        assert_eq!(Test::normal(f64::NAN), None);
        assert_eq!(Test::normal(f64::INFINITY), None);
        assert_eq!(Test::student(f64::NAN, 5.0), None);
        assert_eq!(Test::student(1.0, 0.0), None);
    }
}
