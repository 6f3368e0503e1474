//! Shares: the Wilson interval, Newcombe's interval of a difference, the pooled z test.
//!
//! CSAT, top boxes, churn rates and reasons are all successes out of trials; the Wald interval of
//! textbooks fails them exactly where they matter, near 0 and 100 %.

use super::significance::Test;
use super::{Confidence, Error, Interval};

/// Two independent shares a and b compared, as b − a; fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionDifference {
    /// b − a.
    pub difference: f64,
    /// Newcombe's interval of the difference.
    pub interval: Interval,
    /// The pooled z test; none when both shares are 0 or both are 1.
    pub test: Option<Test>,
}

/// The score interval of a share, as a fraction (Wilson 1927, JASA 22).
///
/// Never leaves 0 to 1 and never has zero width.
///
/// # Errors
/// [`Error::NoObservations`] for `n` = 0, [`Error::MoreSuccessesThanTrials`].
pub fn wilson(successes: u64, n: u64, confidence: Confidence) -> Result<Interval, Error> {
    let p = share(successes, n)?;
    let (trials, z) = (n as f64, confidence.z());
    let square = z * z;
    let centre = (p + square / (2.0 * trials)) / (1.0 + square / trials);
    let half_width = z * (p * (1.0 - p) / trials + square / (4.0 * trials * trials)).sqrt()
        / (1.0 + square / trials);
    let mut interval = Interval::around(centre, half_width).clamped(0.0, 1.0);
    // In exact arithmetic the limits are 0 and 1 here; rounding would leave 1e-17 beside them.
    if successes == 0 {
        interval.low = 0.0;
    }
    if successes == n {
        interval.high = 1.0;
    }
    Ok(interval)
}

/// The interval of a difference b − a of two independent shares: the hybrid score method, number
/// 10 of Newcombe (1998), Statistics in Medicine 17, 873–890. Each argument is (successes, n).
///
/// # Errors
/// As [`wilson`], for either share.
pub fn newcombe(a: (u64, u64), b: (u64, u64), confidence: Confidence) -> Result<Interval, Error> {
    let (pa, pb) = (share(a.0, a.1)?, share(b.0, b.1)?);
    let (wa, wb) = (wilson(a.0, a.1, confidence)?, wilson(b.0, b.1, confidence)?);
    let difference = pb - pa;
    Ok(Interval {
        low: difference - (pb - wb.low).hypot(wa.high - pa),
        high: difference + (wb.high - pb).hypot(pa - wa.low),
    }
    .clamped(-1.0, 1.0))
}

/// Compares two independent shares; each argument is (successes, n).
///
/// # Errors
/// As [`wilson`], for either share.
pub fn compare_proportions(
    a: (u64, u64),
    b: (u64, u64),
    confidence: Confidence,
) -> Result<ProportionDifference, Error> {
    Ok(ProportionDifference {
        difference: share(b.0, b.1)? - share(a.0, a.1)?,
        interval: newcombe(a, b, confidence)?,
        test: pooled_z(a, b)?,
    })
}

/// The z test of two independent shares with their pooled variance, z of b − a
/// (Pearson's χ² without correction is z²).
fn pooled_z(a: (u64, u64), b: (u64, u64)) -> Result<Option<Test>, Error> {
    let difference = share(b.0, b.1)? - share(a.0, a.1)?;
    let (na, nb) = (a.1 as f64, b.1 as f64);
    let pooled = (a.0 as f64 + b.0 as f64) / (na + nb);
    let se = (pooled * (1.0 - pooled) * (1.0 / na + 1.0 / nb)).sqrt();
    Ok(Test::normal(difference / se))
}

fn share(successes: u64, n: u64) -> Result<f64, Error> {
    if n == 0 {
        return Err(Error::NoObservations);
    }
    if successes > n {
        return Err(Error::MoreSuccessesThanTrials);
    }
    Ok(successes as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn c95() -> Confidence {
        Confidence::default()
    }

    fn assert_interval(found: Interval, low: f64, high: f64, tolerance: f64) {
        let close = (found.low - low).abs() <= tolerance && (found.high - high).abs() <= tolerance;
        assert!(close, "{found:?}, expected {low} to {high}");
    }

    /// Newcombe (1998), "Two-sided confidence intervals for the single proportion", Table I.
    #[test]
    fn newcombe_1998_table_1_wilson() {
        for (x, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            assert_interval(wilson(x, n, c95()).unwrap(), low, high, 5e-5);
        }
    }

    /// Newcombe (1998), "Interval estimation for the difference between independent proportions",
    /// Table II, method 10; the paper takes the first share minus the second.
    #[test]
    fn newcombe_1998_method_10() {
        for (first, second, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            assert_interval(newcombe(second, first, c95()).unwrap(), low, high, 5e-5);
        }
    }

    /// The pooled z squared is Pearson's χ² of the 2 × 2 table, n(ad − bc)²/(row and column sums):
    /// for 48 of 80 and 56 of 70, 150·(48·14 − 32·56)²/(80·70·104·46).
    #[test]
    fn pooled_z_squared_is_pearsons_chi_squared() {
        let found = compare_proportions((48, 80), (56, 70), c95()).unwrap();
        assert!((found.difference - 0.2).abs() < 1e-15);
        let test = found.test.unwrap();
        let chi_squared =
            150.0 * (48.0 * 14.0 - 32.0 * 56.0_f64).powi(2) / (80.0 * 70.0 * 104.0 * 46.0);
        assert!((test.statistic.powi(2) / chi_squared - 1.0).abs() < 1e-13);
        assert!(test.statistic > 0.0);
    }

    #[test]
    fn no_variance_is_no_test() {
        assert_eq!(
            compare_proportions((0, 5), (0, 9), c95()).unwrap().test,
            None
        );
        assert_eq!(
            compare_proportions((5, 5), (9, 9), c95()).unwrap().test,
            None
        );
    }

    #[test]
    fn impossible_counts_are_refused() {
        assert_eq!(wilson(0, 0, c95()), Err(Error::NoObservations));
        assert_eq!(wilson(3, 2, c95()), Err(Error::MoreSuccessesThanTrials));
        assert_eq!(newcombe((0, 0), (1, 2), c95()), Err(Error::NoObservations));
    }

    proptest! {
        #[test]
        fn wilson_contains_the_share_stays_inside_and_grows_with_it(n in 1_u64..2000, x in 0_u64..2000) {
            let x = x.min(n);
            let here = wilson(x, n, c95()).unwrap();
            let p = x as f64 / n as f64;
            prop_assert!(0.0 <= here.low && here.low <= p && p <= here.high && here.high <= 1.0);
            prop_assert!(here.high - here.low > 0.0);
            if x < n {
                let next = wilson(x + 1, n, c95()).unwrap();
                prop_assert!(here.low < next.low && here.high < next.high);
            }
        }

        #[test]
        fn exchanging_the_groups_turns_the_difference_round(
            a in (0_u64..50, 50_u64..90), b in (0_u64..50, 50_u64..90)
        ) {
            let there = newcombe(a, b, c95()).unwrap();
            let back = newcombe(b, a, c95()).unwrap();
            prop_assert!((there.low + back.high).abs() < 1e-15);
            prop_assert!((there.high + back.low).abs() < 1e-15);
        }
    }
}
