//! Two correlations with one variable in common, from the same rows: is the difference real?
//!
//! "Which KPI goes with the outcome" compares r_jk with r_jh, outcome j, KPIs k and h, measured on
//! the same people; the two are themselves correlated through r_kh. The formulas are those that the
//! manual of cocor (Diedenhofen & Musch 2015, PLoS ONE 10) gives after correcting the misprints of
//! Boyer et al. (1983), Hittner et al. (2003) and Wilcox & Tian (2008): in Williams' t the factor
//! (1 − r_kh) is cubed and the difference is multiplied by the root.

use super::significance::Test;
use super::{Confidence, Error, Interval};

/// Correlations are published to two or three digits and computed to fifteen; a determinant this
/// little below 0 is rounding.
const ROUNDING: f64 = 1e-12;

/// The correlations of three variables j, k, h over the same n rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DependentCorrelations {
    jk: f64,
    jh: f64,
    kh: f64,
    n: f64,
    determinant: f64,
}

impl DependentCorrelations {
    /// r_jk and r_jh are compared; r_kh is the one between the two others.
    ///
    /// # Errors
    /// [`Error::Correlation`] outside −1 to 1, [`Error::TooFewObservations`] for n ≤ 3,
    /// [`Error::NotPositiveSemidefinite`] where no three variables have these correlations.
    pub fn new(jk: f64, jh: f64, kh: f64, n: u64) -> Result<Self, Error> {
        if [jk, jh, kh].iter().any(|r| !(-1.0..=1.0).contains(r)) {
            return Err(Error::Correlation);
        }
        if n <= 3 {
            return Err(Error::TooFewObservations);
        }
        let determinant = 1.0 + 2.0 * jk * jh * kh - jk * jk - jh * jh - kh * kh;
        if determinant < -ROUNDING {
            return Err(Error::NotPositiveSemidefinite);
        }
        Ok(Self {
            jk,
            jh,
            kh,
            n: n as f64,
            determinant: determinant.max(0.0),
        })
    }

    /// Williams' t (1959), recommended by Steiger (1980, formula 7); n − 3 degrees of freedom.
    /// None where the correlations leave no variance.
    #[must_use]
    pub fn williams(&self) -> Option<Test> {
        let mean = f64::midpoint(self.jk, self.jh);
        let free = self.n - 1.0;
        let spread =
            2.0 * free / (self.n - 3.0) * self.determinant + mean * mean * (1.0 - self.kh).powi(3);
        let t = (self.jk - self.jh) * (free * (1.0 + self.kh) / spread).sqrt();
        Test::student(t, self.n - 3.0)
    }

    /// Steiger's z (1980, formula 14): Dunn & Clark's with the mean correlation in the covariance.
    #[must_use]
    pub fn steiger(&self) -> Option<Test> {
        let mean = f64::midpoint(self.jk, self.jh);
        self.fisher_z(covariance(mean, mean, self.kh))
    }

    /// Dunn & Clark's z (1969, formula 15).
    #[must_use]
    pub fn dunn_clark(&self) -> Option<Test> {
        self.fisher_z(covariance(self.jk, self.jh, self.kh))
    }

    /// Meng, Rosenthal & Rubin's z (1992, Psychological Bulletin 111, formula 1).
    #[must_use]
    pub fn meng(&self) -> Option<Test> {
        let mean_square = f64::midpoint(self.jk * self.jk, self.jh * self.jh);
        let f = ((1.0 - self.kh) / (2.0 * (1.0 - mean_square))).min(1.0);
        let h = (1.0 - f * mean_square) / (1.0 - mean_square);
        let scale = (self.n - 3.0) / (2.0 * (1.0 - self.kh) * h);
        Test::normal(self.fisher_difference() * scale.sqrt())
    }

    /// Zou's interval of r_jk − r_jh (2007, Psychological Methods 12, p. 409). None where a
    /// correlation is ±1.
    #[must_use]
    pub fn zou(&self, confidence: Confidence) -> Option<Interval> {
        let half_width = confidence.z() / (self.n - 3.0).sqrt();
        let limits = |r: f64| {
            let z = r.atanh();
            ((z - half_width).tanh(), (z + half_width).tanh())
        };
        let ((l1, u1), (l2, u2)) = (limits(self.jk), limits(self.jh));
        let c = covariance(self.jk, self.jh, self.kh);
        let reach = |x: f64, y: f64| (x * x + y * y - 2.0 * c * x * y).max(0.0).sqrt();
        let difference = self.jk - self.jh;
        let interval = Interval {
            low: difference - reach(self.jk - l1, u2 - self.jh),
            high: difference + reach(u1 - self.jk, self.jh - l2),
        };
        (c.is_finite() && interval.low.is_finite() && interval.high.is_finite()).then_some(interval)
    }

    /// The z of two Fisher-transformed correlations whose covariance is `c`.
    fn fisher_z(&self, c: f64) -> Option<Test> {
        Test::normal(self.fisher_difference() * ((self.n - 3.0) / (2.0 - 2.0 * c)).sqrt())
    }

    fn fisher_difference(&self) -> f64 {
        self.jk.atanh() - self.jh.atanh()
    }
}

/// The large-sample correlation of two Fisher-transformed correlations with one variable in common
/// (Pearson & Filon 1898; Dunn & Clark 1969, formula 8). Zou prints the same, differently arranged.
fn covariance(jk: f64, jh: f64, kh: f64) -> f64 {
    let (a, b, c) = (jk * jk, jh * jh, kh * kh);
    (kh * (1.0 - a - b) - 0.5 * jk * jh * (1.0 - a - b - c)) / ((1.0 - a) * (1.0 - b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assume, proptest};

    use super::*;

    fn of(jk: f64, jh: f64, kh: f64, n: u64) -> DependentCorrelations {
        DependentCorrelations::new(jk, jh, kh, n).unwrap()
    }

    fn assert_test(found: Option<Test>, statistic: f64, p: f64, tolerance: f64) {
        let found = found.unwrap();
        let close = (found.statistic - statistic).abs() <= tolerance;
        assert!(
            close && (found.p - p).abs() <= tolerance,
            "{found:?}, expected {statistic} {p}"
        );
    }

    /// Silver, Hittner & May (2006), DEPCOR, through cocor's tests.
    #[test]
    fn silver_2006_depcor() {
        let example = of(0.3, 0.4, 0.5, 100);
        assert_test(example.williams(), -1.0767, 0.2843, 5e-5);
        assert_test(example.dunn_clark(), -1.0730, 0.2833, 5e-5);
        assert_test(example.steiger(), -1.0718, 0.2838, 5e-5);
        assert_test(example.meng(), -1.0707, 0.2843, 5e-5);
    }

    /// Steiger (1980) p. 249, case A; −.8913 in print, where a covariance was rounded.
    #[test]
    fn steiger_1980_case_a() {
        let z = of(0.4, 0.5, 0.1, 103).steiger().unwrap().statistic;
        assert!((z + 0.888_718_5).abs() < 5e-8, "{z}");
    }

    /// Meng, Rosenthal & Rubin (1992); one-sided p, and the interval of the Fisher difference that
    /// their formula 4 makes of the same z (1.671 in print, from rounded figures).
    #[test]
    fn meng_1992() {
        let example = of(0.63, -0.03, -0.19, 15);
        let test = example.meng().unwrap();
        assert!((test.statistic - 1.68).abs() < 5e-3);
        assert!((test.p / 2.0 - 0.047).abs() < 5e-4);
        let difference = example.fisher_difference();
        let half_width = Confidence::default().z() * difference / test.statistic;
        assert!((difference - half_width + 0.129).abs() < 5e-4);
        assert!((difference + half_width - 1.672).abs() < 5e-4);
    }

    /// May & Hittner (1997), Psychological Reports 80, Meng's z for n = 50 and r_kh = 0, .1, … .8,
    /// through cocor's tests (2.245 where the paper rounds down).
    #[test]
    fn may_hittner_1997_meng() {
        let first = [1.62, 1.70, 1.80, 1.91, 2.06, 2.245, 2.50, 2.87, 3.50];
        let second = [2.03, 2.10, 2.20, 2.32, 2.47, 2.66, 2.94, 3.35, 4.05];
        for (tenths, (one, two)) in first.into_iter().zip(second).enumerate() {
            let kh = tenths as f64 / 10.0;
            for (jk, jh, expected) in [(0.5, 0.2, one), (0.7, 0.4, two)] {
                let z = of(jk, jh, kh, 50).meng().unwrap().statistic;
                assert!((z - expected).abs() <= 5e-3, "{jk} {jh} {kh}: {z}");
            }
        }
    }

    /// Zou (2007), the dependent overlapping example.
    #[test]
    fn zou_2007_overlapping() {
        let found = of(0.396, 0.179, 0.088, 66)
            .zou(Confidence::default())
            .unwrap();
        assert!(
            (found.low + 0.093).abs() < 5e-4 && (found.high - 0.517).abs() < 5e-4,
            "{found:?}"
        );
    }

    /// The spreadsheet of stat-help.com, through cocor's tests.
    #[test]
    fn stat_help_dunn_clark() {
        let found = of(0.5, 0.6, 0.7, 100).dunn_clark();
        assert_test(found, -1.583_885_112_3, 0.113_219_865_9, 5e-11);
    }

    #[test]
    fn impossible_correlations_are_refused() {
        let new = DependentCorrelations::new;
        assert_eq!(new(1.1, 0.0, 0.0, 50), Err(Error::Correlation));
        assert_eq!(new(0.0, f64::NAN, 0.0, 50), Err(Error::Correlation));
        assert_eq!(new(0.1, 0.2, 0.3, 3), Err(Error::TooFewObservations));
        assert_eq!(new(0.9, -0.9, 0.9, 50), Err(Error::NotPositiveSemidefinite));
    }

    #[test]
    fn perfect_correlations_leave_no_test_of_fishers_z() {
        let perfect = of(1.0, 0.5, 0.5, 50);
        assert_eq!(perfect.steiger().map(|test| test.p), None);
        assert_eq!(perfect.dunn_clark(), None);
        assert_eq!(perfect.meng(), None);
        assert_eq!(perfect.zou(Confidence::default()), None);
        let same = of(0.5, 0.5, 1.0, 50);
        assert_eq!(same.meng(), None);
    }

    proptest! {
        #[test]
        fn exchanging_the_two_turns_every_statistic_round(
            jk in -0.95_f64..0.95, jh in -0.95_f64..0.95, kh in -0.95_f64..0.95, n in 4_u64..5000
        ) {
            let there = DependentCorrelations::new(jk, jh, kh, n);
            prop_assume!(there.is_ok());
            let (there, back) = (there.unwrap(), of(jh, jk, kh, n));
            for (one, other) in [
                (there.williams(), back.williams()),
                (there.steiger(), back.steiger()),
                (there.dunn_clark(), back.dunn_clark()),
                (there.meng(), back.meng()),
            ] {
                let (one, other) = (one.map(|t| t.statistic), other.map(|t| t.statistic));
                prop_assert!((one.unwrap_or(0.0) + other.unwrap_or(0.0)).abs() < 1e-9);
            }
            let (one, other) = (there.zou(Confidence::default()), back.zou(Confidence::default()));
            let (one, other) = (one.unwrap(), other.unwrap());
            prop_assert!((one.low + other.high).abs() < 1e-9);
            prop_assert!(one.low <= jk - jh && jk - jh <= one.high);
        }
    }
}
