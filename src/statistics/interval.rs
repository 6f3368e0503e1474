//! Confidence levels, their critical values, and the interval that carries the evidence.
//!
//! Every KPI travels with an interval; the level is checked once, here, so that no formula
//! further on can be handed a confidence of 95 (meant as a percentage) or of NaN.

use std::f64::consts::SQRT_2;

use statrs::function::erf::erf_inv;

use super::Error;
use super::significance::{t_density, two_sided_t_p};

/// The critical value at 95 % that all reference numbers of this house use; it is spelled out
/// because libraries differ in its last digit.
const Z_95: f64 = 1.959_963_984_540_054;

/// Newton's method from below doubles its way up in the heaviest tails; 200 steps reach any double.
const NEWTON_STEPS: usize = 200;

/// Two limits, lower first, in the unit of the statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

impl Interval {
    /// `centre` ± `half_width`.
    #[must_use]
    pub fn around(centre: f64, half_width: f64) -> Self {
        Self {
            low: centre - half_width,
            high: centre + half_width,
        }
    }

    /// Both limits times a positive factor, as 100 for a percentage.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// Both limits brought into `low..=high`.
    #[must_use]
    pub fn clamped(self, low: f64, high: f64) -> Self {
        Self {
            low: self.low.clamp(low, high),
            high: self.high.clamp(low, high),
        }
    }
}

/// A checked confidence level with its normal critical value; 0.95 by default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    /// A level strictly between 0 and 1.
    ///
    /// # Errors
    /// [`Error::Confidence`] for any other number.
    pub fn new(level: f64) -> Result<Self, Error> {
        Ok(Self {
            level,
            z: critical_z(level)?,
        })
    }

    /// The level as a fraction.
    #[must_use]
    pub fn level(self) -> f64 {
        self.level
    }

    /// The normal critical value of the level.
    #[must_use]
    pub fn z(self) -> f64 {
        self.z
    }

    /// The critical value of Student's t.
    ///
    /// # Errors
    /// [`Error::DegreesOfFreedom`] unless `df` > 0.
    pub fn t(self, df: f64) -> Result<f64, Error> {
        critical_t(self.level, df)
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self {
            level: 0.95,
            z: Z_95,
        }
    }
}

/// The z with P(|Z| ≤ z) = `confidence` for a standard normal Z.
///
/// # Errors
/// [`Error::Confidence`] unless 0 < `confidence` < 1.
pub fn critical_z(confidence: f64) -> Result<f64, Error> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::Confidence);
    }
    if (confidence - 0.95).abs() < f64::EPSILON {
        return Ok(Z_95);
    }
    Ok(SQRT_2 * erf_inv(confidence))
}

/// The t with P(|T| ≤ t) = `confidence` for Student's T with `df` degrees of freedom, which need
/// not be whole (Welch).
///
/// The two-sided tail is convex and t exceeds z, so Newton's method from z never overshoots.
///
/// # Errors
/// [`Error::Confidence`] unless 0 < `confidence` < 1; [`Error::DegreesOfFreedom`] unless `df` > 0.
pub fn critical_t(confidence: f64, df: f64) -> Result<f64, Error> {
    let mut t = critical_z(confidence)?;
    if df.is_infinite() {
        return Ok(t);
    }
    let p = 1.0 - confidence;
    for _ in 0..NEWTON_STEPS {
        let step = (two_sided_t_p(t, df)? - p) / (2.0 * t_density(t, df));
        t += step;
        if step.abs() <= 2.0 * f64::EPSILON * t {
            break;
        }
    }
    Ok(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T_975: [(f64, f64); 11] = [
        (1.5, 6.016663104427928),
        (3.0, 3.1824463052837086),
        (4.0, 2.7764451051977934),
        (9.0, 2.262157162798205),
        (48.0, 2.010634757624232),
        (999.0, 1.9623414611334495),
        (1001.0, 1.9623367052808796),
        (2687.0, 1.96084724543021),
        (7042.0, 1.960300916106523),
        (1e6, 1.9599663568141066),
        (1e12, 1.9599639845424262),
    ];

    #[test]
    fn the_critical_value_at_95_percent_is_the_one_of_all_reference_numbers() {
        assert_eq!(critical_z(0.95).unwrap().to_bits(), Z_95.to_bits());
        assert_eq!(Confidence::default(), Confidence::new(0.95).unwrap());
    }

    /// NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7.1 (normal).
    #[test]
    fn nist_normal_table() {
        for (confidence, z) in [(0.80, 1.282), (0.90, 1.645), (0.98, 2.326), (0.99, 2.576)] {
            assert!((critical_z(confidence).unwrap() - z).abs() < 5e-4);
        }
    }

    /// NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7.2 (Student's t, upper .975, .95, .995).
    #[test]
    fn nist_t_table() {
        for (confidence, df, t) in [
            (0.95, 1.0, 12.706),
            (0.95, 2.0, 4.303),
            (0.95, 10.0, 2.228),
            (0.95, 30.0, 2.042),
            (0.95, 100.0, 1.984),
            (0.90, 5.0, 2.015),
            (0.99, 7.0, 3.499),
            (0.99, 60.0, 2.660),
        ] {
            let found = critical_t(confidence, df).unwrap();
            assert!((found - t).abs() < 5e-4, "{confidence} {df}: {found}");
        }
    }

    /// SciPy 1.17 `t.isf` and mpmath 1.4 at 40 digits, on both sides of the change of method.
    #[test]
    fn scipy_t_quantiles() {
        for (df, t) in T_975 {
            let found = critical_t(0.95, df).unwrap();
            assert!((found / t - 1.0).abs() < 1e-13, "{df}: {found} {t}");
        }
    }

    /// One and two degrees of freedom have closed forms: tan(πc/2) and c√(2/(1−c²)).
    #[test]
    fn closed_forms_at_one_and_two_degrees_of_freedom() {
        for c in [0.01, 0.5, 0.95, 0.999_999] {
            let one = (std::f64::consts::FRAC_PI_2 * c).tan();
            let two = c * (2.0 / (1.0 - c * c)).sqrt();
            assert!(
                (critical_t(c, 1.0).unwrap() / one - 1.0).abs() < 1e-9,
                "{c}"
            );
            assert!(
                (critical_t(c, 2.0).unwrap() / two - 1.0).abs() < 1e-9,
                "{c}"
            );
        }
    }

    #[test]
    fn an_interval_in_percent_is_a_hundred_times_one_in_shares() {
        let percent = Interval::around(0.25, 0.125).scaled(100.0);
        let (low, high) = (12.5, 37.5);
        assert_eq!(percent, Interval { low, high });
    }

    #[test]
    fn levels_outside_zero_to_one_are_refused() {
        for level in [0.0, 1.0, 95.0, -0.1, f64::NAN] {
            assert_eq!(critical_z(level), Err(Error::Confidence));
        }
        assert_eq!(critical_t(0.95, 0.0), Err(Error::DegreesOfFreedom));
        assert_eq!(critical_t(0.95, f64::INFINITY), critical_z(0.95));
        assert_eq!(critical_t(0.95, f64::NAN), Err(Error::DegreesOfFreedom));
    }
}
