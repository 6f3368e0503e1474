//! Means: their intervals, the paired t test behind the expectation gap, and Welch's comparison.

use super::significance::Test;
use super::{Confidence, Error, Interval, Moments, WeightedMoments};

/// Two independent means a and b compared, as b − a, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanDifference {
    /// The mean of a.
    pub mean_a: f64,
    /// The mean of b.
    pub mean_b: f64,
    /// b − a.
    pub difference: f64,
    /// What needs a variance: none with fewer than two values on a side, or when neither side
    /// varies.
    pub welch: Option<Welch>,
}

/// Welch's t test (1947, Biometrika 34) with the degrees of freedom of Satterthwaite (1946).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// The standard error of the difference, variances not pooled.
    pub se: f64,
    /// Degrees of freedom, rarely whole.
    pub df: f64,
    /// The interval of the difference.
    pub interval: Interval,
    /// t and its p.
    pub test: Test,
}

/// The t interval of a mean, n − 1 degrees of freedom (Student 1908). Values that do not vary
/// have an interval of no width.
///
/// # Errors
/// [`Error::NoObservations`], [`Error::TooFewObservations`] for n = 1.
pub fn mean_interval(moments: &Moments, confidence: Confidence) -> Result<Interval, Error> {
    around(moments.mean()?, moments.se()?, moments.n(), confidence)
}

/// The t interval of a weighted mean: linearised standard error, n − 1 degrees of freedom.
///
/// # Errors
/// As [`mean_interval`]; [`Error::NoWeight`].
pub fn weighted_mean_interval(
    moments: &WeightedMoments,
    confidence: Confidence,
) -> Result<Interval, Error> {
    around(moments.mean()?, moments.se()?, moments.n(), confidence)
}

/// The Wald interval of a weighted mean, θ ± z·se: that of a weighted NPS, over z ∈ {−1, 0, +1}.
///
/// # Errors
/// As [`weighted_mean_interval`].
pub fn weighted_wald(moments: &WeightedMoments, confidence: Confidence) -> Result<Interval, Error> {
    Ok(Interval::around(
        moments.mean()?,
        confidence.z() * moments.se()?,
    ))
}

/// The t test of a mean against 0; over differences of pairs it is the paired t test.
///
/// # Errors
/// As [`mean_interval`]; [`Error::NoVariance`].
pub fn mean_test(moments: &Moments) -> Result<Test, Error> {
    let t = moments.mean()? / moments.se()?;
    Test::student(t, moments.n() as f64 - 1.0).ok_or(Error::NoVariance)
}

/// Compares two independent means, as b − a, without assuming equal variances.
///
/// # Errors
/// [`Error::NoObservations`] if either side is empty.
pub fn compare_means(
    a: &Moments,
    b: &Moments,
    confidence: Confidence,
) -> Result<MeanDifference, Error> {
    let (mean_a, mean_b) = (a.mean()?, b.mean()?);
    let difference = b.mean_above(a)?;
    let error = |side: &Moments| Some((side.se().ok()?, side.n()));
    let errors = error(a).zip(error(b));
    Ok(MeanDifference {
        mean_a,
        mean_b,
        difference,
        welch: errors.and_then(|(a, b)| welch(a, b, difference, confidence).ok()),
    })
}

/// A mean that was published or kept, with what a comparison needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub se: f64,
    /// The values behind it.
    pub n: u64,
}

/// Compares two independent means of which only estimates are left, as b − a; Welch's test as
/// [`compare_means`].
///
/// # Errors
/// [`Error::TooFewObservations`] with fewer than two values on a side, [`Error::NoVariance`] when
/// neither side varies.
pub fn compare_estimates(a: Estimate, b: Estimate, confidence: Confidence) -> Result<Welch, Error> {
    if a.n < 2 || b.n < 2 {
        return Err(Error::TooFewObservations);
    }
    welch((a.se, a.n), (b.se, b.n), b.mean - a.mean, confidence)
}

/// Welch's test of two standard errors, each with its n.
fn welch(
    (ea, na): (f64, u64),
    (eb, nb): (f64, u64),
    difference: f64,
    confidence: Confidence,
) -> Result<Welch, Error> {
    let (na, nb) = (na as f64, nb as f64);
    let se = ea.hypot(eb);
    // Satterthwaite in shares of the variance, which cannot overflow.
    let (sa, sb) = ((ea / se) * (ea / se), (eb / se) * (eb / se));
    let df = 1.0 / (sa * sa / (na - 1.0) + sb * sb / (nb - 1.0));
    Ok(Welch {
        se,
        df,
        interval: Interval::around(difference, confidence.t(df)? * se),
        test: Test::student(difference / se, df).ok_or(Error::NoVariance)?,
    })
}

fn around(mean: f64, se: f64, n: u64, confidence: Confidence) -> Result<Interval, Error> {
    Ok(Interval::around(mean, confidence.t(n as f64 - 1.0)? * se))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|&x| moments.add(x));
        moments
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found}, expected {expected}"
        );
    }

    /// Student (1908), "The probable error of a mean", Biometrika 6: the ten sleepers, R's data
    /// set `sleep`; the further digits of both tests are SciPy 1.17's.
    const SLEEP_1: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SLEEP_2: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn student_1908_sleep_paired() {
        let differences: Vec<f64> = SLEEP_1.iter().zip(SLEEP_2).map(|(a, b)| b - a).collect();
        let found = moments(&differences);
        let test = mean_test(&found).unwrap();
        assert_close(found.mean().unwrap(), 1.58, 1e-14);
        assert_close(test.statistic, 4.0621, 5e-5);
        assert_close(test.p, 0.002833, 5e-7);
        let interval = mean_interval(&found, Confidence::default()).unwrap();
        assert_close(interval.low, 0.7001142, 5e-8);
        assert_close(interval.high, 2.4598858, 5e-8);
    }

    #[test]
    fn student_1908_sleep_welch() {
        let found = compare_means(
            &moments(&SLEEP_2),
            &moments(&SLEEP_1),
            Confidence::default(),
        );
        let found = found.unwrap();
        let welch = found.welch.unwrap();
        assert_close(found.mean_b, 0.75, 1e-14);
        assert_close(found.mean_a, 2.33, 1e-14);
        assert_close(welch.test.statistic, -1.8608, 5e-5);
        assert_close(welch.df, 17.776, 5e-4);
        assert_close(welch.test.p, 0.07939, 5e-6);
        assert_close(welch.interval.low, -3.3654832, 5e-8);
        assert_close(welch.interval.high, 0.2054832, 5e-8);
    }

    /// Student's sleepers again, from means and errors alone: R's sd are 2.002249 and 1.789010.
    #[test]
    fn estimates_compare_as_their_values_do() {
        let side = |mean: f64, sd: f64| Estimate {
            mean,
            se: sd / 10_f64.sqrt(),
            n: 10,
        };
        let c95 = Confidence::default();
        let welch = compare_estimates(side(2.33, 2.002_249), side(0.75, 1.789_010), c95).unwrap();
        assert_close(welch.test.statistic, -1.8608, 5e-5);
        assert_close(welch.df, 17.776, 5e-4);
        assert_close(welch.interval.low, -3.365_483, 1e-6);
    }

    /// Equal errors of two values each have 2 degrees of freedom, whose p is 1 − t/√(2 + t²).
    #[test]
    fn two_values_a_side_are_enough_for_a_comparison_and_one_is_not() {
        let side = |mean: f64, n: u64| Estimate { mean, se: 1.0, n };
        let c95 = Confidence::default();
        let welch = compare_estimates(side(1.0, 2), side(3.0, 2), c95).unwrap();
        assert_close(welch.df, 2.0, 1e-14);
        assert_close(welch.test.p, 1.0 - 0.5_f64.sqrt(), 1e-14);
        for (a, b) in [(1, 2), (2, 1)] {
            assert_eq!(
                compare_estimates(side(1.0, a), side(3.0, b), c95),
                Err(Error::TooFewObservations)
            );
        }
    }

    /// NIST/SEMATECH e-Handbook 1.3.5.2: heat flow meter, 195 values, mean 9.261460, sd .022789,
    /// limits 9.258242 and 9.264679. The state
    /// is made of n, mean and sd.
    #[test]
    fn nist_heat_flow_meter() {
        let (n, mean, sd) = (195_u64, 9.261_460, 0.022_789_f64);
        let total = n as f64 * mean;
        let squares = sd * sd * (n as f64 - 1.0) + total * mean;
        let state = Moments::from_parts(n, [total, 0.0, squares, 0.0]);
        let interval = mean_interval(&state, Confidence::default()).unwrap();
        assert_close(interval.low, 9.258_242, 1e-6);
        assert_close(interval.high, 9.264_679, 1e-6);
    }

    #[test]
    fn values_that_do_not_vary_have_no_test() {
        let same = moments(&[0.1; 30]);
        let interval = mean_interval(&same, Confidence::default()).unwrap();
        assert_close(interval.high - interval.low, 0.0, 0.0);
        assert_eq!(mean_test(&same), Err(Error::NoVariance));
        let found = compare_means(&same, &moments(&[7.3; 4]), Confidence::default()).unwrap();
        assert_eq!(found.welch, None);
        assert_close(found.difference, 7.2, 1e-14);
    }

    #[test]
    fn one_value_has_a_mean_and_no_interval() {
        let one = moments(&[3.0]);
        let c95 = Confidence::default();
        assert_eq!(mean_interval(&one, c95), Err(Error::TooFewObservations));
        assert_eq!(
            compare_means(&one, &moments(&SLEEP_1), c95).unwrap().welch,
            None
        );
        assert_eq!(
            compare_means(&one, &moments(&[]), c95),
            Err(Error::NoObservations)
        );
    }

    #[test]
    fn equal_weights_give_the_plain_interval() {
        let mut weighted = WeightedMoments::default();
        SLEEP_1.iter().for_each(|&x| weighted.add(x, 2.5));
        let c95 = Confidence::default();
        let plain = mean_interval(&moments(&SLEEP_1), c95).unwrap();
        let found = weighted_mean_interval(&weighted, c95).unwrap();
        assert_close(found.low, plain.low, 1e-14);
        assert_close(found.high, plain.high, 1e-14);
        let wald = weighted_wald(&weighted, c95).unwrap();
        assert!(plain.low < wald.low && wald.high < plain.high);
    }
}
