//! The Net Promoter Score of counts: value, variance, three intervals, and the difference of two.
//!
//! NPS is the mean of z ∈ {−1, 0, +1}: share of promoters minus share of detractors. Its variance
//! is p + d − (p − d)² with divisor n (brendan-r/NPS, `nps_var`), its intervals are those of a
//! difference of paired proportions. Everything here is in fractions; callers scale by 100.

use super::root::root_between;
use super::significance::Test;
use super::{Confidence, Error, Interval};

/// Pseudo-observations of the adjusted Wald interval: ¾ detractor, 1½ passives, ¾ promoter
/// (Rocks 2016, The American Statistician 70).
const PSEUDO: (f64, f64) = (0.75, 3.0);

/// Answers counted by category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NetPromoter {
    /// Answers 9 and 10.
    pub promoters: u64,
    /// Answers 7 and 8.
    pub passives: u64,
    /// Answers 0 to 6.
    pub detractors: u64,
}

/// Two independent scores a and b compared, as b − a; fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetPromoterDifference {
    /// b − a.
    pub difference: f64,
    /// The unpooled standard error.
    pub se: f64,
    /// The Wald interval of the difference.
    pub interval: Interval,
    /// The unpooled z test; none when neither group has any variance.
    pub test: Option<Test>,
}

/// The mean of z ∈ {−1, 0, +1} and its variance (divisor n), over n answers, pseudo ones included.
#[derive(Debug, Clone, Copy)]
struct Trinomial {
    value: f64,
    variance: f64,
    n: f64,
}

impl NetPromoter {
    /// All answers.
    #[must_use]
    pub fn n(self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// The score, −1 to 1.
    ///
    /// # Errors
    /// [`Error::NoObservations`], as for every statistic of no answers.
    pub fn value(self) -> Result<f64, Error> {
        Ok(self.trinomial()?.value)
    }

    /// The variance of one answer, divisor n; 0 to 1.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn variance(self) -> Result<f64, Error> {
        Ok(self.trinomial()?.variance)
    }

    /// The standard error of the score.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn se(self) -> Result<f64, Error> {
        Ok(self.trinomial()?.se())
    }

    /// The textbook interval, score ± z·se. It can leave ±1, and has zero width when all answers
    /// are of one category.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn wald(self, confidence: Confidence) -> Result<Interval, Error> {
        Ok(self.trinomial()?.wald(confidence))
    }

    /// The Wald interval after adding pseudo-observations, centred on the adjusted score
    /// (Rocks 2016), cut at ±1, which the formula oversteps.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn adjusted_wald(self, confidence: Confidence) -> Result<Interval, Error> {
        Ok(self.adjusted()?.wald(confidence).clamped(-1.0, 1.0))
    }

    /// The score interval (Tango 1998, Statistics in Medicine 17; May & Johnson 1997): all Δ at
    /// which |score − Δ| ≤ z·√(variance under Δ / n). Never leaves ±1, never has zero width.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn score(self, confidence: Confidence) -> Result<Interval, Error> {
        self.trinomial()?;
        // Exchanging promoters and detractors mirrors the interval, so one side serves both.
        Ok(Interval {
            low: -self.mirrored().score_upper(confidence.z()),
            high: self.score_upper(confidence.z()),
        })
    }

    /// The upper limit of the score interval.
    fn score_upper(self, z: f64) -> f64 {
        let n = self.n() as f64;
        let square = z * z;
        // With one category only, the equation has a second root at the score itself; the other
        // one has a closed form.
        if self.promoters == self.n() {
            return 1.0;
        }
        if self.detractors == self.n() {
            return (square - n) / (square + n);
        }
        if self.passives == self.n() {
            return square / (square + n);
        }
        let (p, d) = (self.promoters as f64 / n, self.detractors as f64 / n);
        let value = p - d;
        root_between(value, 1.0, |delta| {
            delta - value - z * (variance_under(p, d, delta) / n).sqrt()
        })
    }

    fn mirrored(self) -> Self {
        Self {
            promoters: self.detractors,
            passives: self.passives,
            detractors: self.promoters,
        }
    }

    fn trinomial(self) -> Result<Trinomial, Error> {
        if self.n() == 0 {
            return Err(Error::NoObservations);
        }
        Ok(self.trinomial_with((0.0, 0.0)))
    }

    fn adjusted(self) -> Result<Trinomial, Error> {
        self.trinomial()?;
        Ok(self.trinomial_with(PSEUDO))
    }

    /// With `extra.0` more promoters and detractors each, `extra.1` more answers in all.
    fn trinomial_with(self, extra: (f64, f64)) -> Trinomial {
        let n = self.n() as f64 + extra.1;
        let (promoters, detractors) = (self.promoters as f64, self.detractors as f64);
        let value = (promoters - detractors) / n;
        // p + d − (p − d)² written without cancellation: 4pd + (p + d)(1 − p − d).
        let (p, d) = ((promoters + extra.0) / n, (detractors + extra.0) / n);
        let passive = (self.passives as f64 + extra.1 - 2.0 * extra.0) / n;
        Trinomial {
            value,
            variance: 4.0 * p * d + (p + d) * passive,
            n,
        }
    }
}

impl Trinomial {
    fn se(self) -> f64 {
        (self.variance / self.n).sqrt()
    }

    fn wald(self, confidence: Confidence) -> Interval {
        Interval::around(self.value, confidence.z() * self.se())
    }

    /// This score minus `base`, with unpooled variances.
    fn minus(self, base: Self, confidence: Confidence) -> NetPromoterDifference {
        let estimate = |score: Self| (score.value, score.se());
        compare_scores(estimate(base), estimate(self), confidence)
    }
}

/// Compares two independent scores, as b − a, with unpooled variances (Wald).
///
/// # Errors
/// [`Error::NoObservations`] if either has no answers.
pub fn compare_net_promoter(
    a: NetPromoter,
    b: NetPromoter,
    confidence: Confidence,
) -> Result<NetPromoterDifference, Error> {
    Ok(b.trinomial()?.minus(a.trinomial()?, confidence))
}

/// Compares two independent scores of which only value and standard error are left, as b − a; also
/// those of weighted answers.
#[must_use]
pub fn compare_scores(
    a: (f64, f64),
    b: (f64, f64),
    confidence: Confidence,
) -> NetPromoterDifference {
    let difference = b.0 - a.0;
    let se = a.1.hypot(b.1);
    NetPromoterDifference {
        difference,
        se,
        interval: Interval::around(difference, confidence.z() * se),
        test: Test::normal(difference / se),
    }
}

/// A score and its standard error with ¾ detractor, 1½ passives and ¾ promoter more (Rocks 2016): a
/// few answers that agree are no certainty. From value and standard error alone, so it serves weighted
/// answers by their effective number too.
#[must_use]
pub fn adjusted_score((value, se): (f64, f64), n: f64) -> (f64, f64) {
    let more = n + PSEUDO.1;
    // The mean square of answers taken as −1, 0 and 1 is variance plus square of the mean.
    let square = n * (se * se * n + value * value);
    let adjusted = value * n / more;
    let variance = ((square + 2.0 * PSEUDO.0) / more - adjusted * adjusted).max(0.0);
    (adjusted, (variance / more).sqrt())
}

/// The variance of one answer when the true score is `delta`, given observed shares `p` of
/// promoters and `d` of detractors: 2q + Δ(1 − Δ) with q the likeliest share of detractors, the
/// larger root of 2q² + Bq + C = 0 (Tango 1998, as in brendan-r/NPS).
fn variance_under(p: f64, d: f64, delta: f64) -> f64 {
    let b = (2.0 - p + d) * delta - p - d;
    let c = -d * delta * (1.0 - delta);
    let root = (b * b - 8.0 * c).max(0.0).sqrt();
    // The same root, written so that nothing cancels.
    let q = if b > 0.0 {
        -2.0 * c / (b + root)
    } else {
        (root - b) / 4.0
    };
    (2.0 * q + delta * (1.0 - delta)).max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn counts(promoters: u64, passives: u64, detractors: u64) -> NetPromoter {
        NetPromoter {
            promoters,
            passives,
            detractors,
        }
    }

    fn c95() -> Confidence {
        Confidence::default()
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found}, expected {expected}"
        );
    }

    fn assert_interval(found: Interval, low: f64, high: f64, tolerance: f64) {
        assert_close(found.low, low, tolerance);
        assert_close(found.high, high, tolerance);
    }

    /// 60/25/15 against 45/30/25: `nps_test` of brendan-r/NPS with pseudo-observations.
    #[test]
    fn two_scores_with_pseudo_observations() {
        let adjusted = |counts: NetPromoter| {
            let score = counts.trinomial().unwrap();
            let of_counts = counts.adjusted().unwrap();
            let adjusted = adjusted_score((score.value, score.se()), score.n);
            assert_close(adjusted.0, of_counts.value, 1e-14);
            assert_close(adjusted.1, of_counts.se(), 1e-14);
            adjusted
        };
        let (b, a) = (adjusted(counts(60, 25, 15)), adjusted(counts(45, 30, 25)));
        let compared = compare_scores(a, b, c95());
        assert_close(compared.test.unwrap().statistic, 2.240_946_8, 5e-8);
        assert_close(compared.test.unwrap().p, 0.025_029_5, 5e-8);
        assert_interval(compared.interval, 0.030_433_4, 0.455_003_5, 5e-8);
    }

    /// brendan-r/NPS, the package's own tests of `nps`, `nps_var` and `nps_se`.
    #[test]
    fn brendan_r_nps_variance_and_standard_error() {
        for (case, value, variance, se) in [
            (counts(3, 2, 1), 1.0 / 3.0, 5.0 / 9.0, 0.304),
            (counts(1, 0, 1), 0.0, 1.0, 0.707),
            (counts(1, 1, 0), 0.5, 0.25, 0.354),
            (counts(1, 1, 1), 0.0, 2.0 / 3.0, 0.471),
        ] {
            assert_close(case.value().unwrap(), value, 1e-15);
            assert_close(case.variance().unwrap(), variance, 1e-15);
            assert_close(case.se().unwrap(), se, 5e-4);
        }
    }

    /// The three estimators of brendan-r/NPS (`nps_interval_estimators.R`) on three samples.
    #[test]
    fn rocks_2016_intervals() {
        let sixty = counts(60, 25, 15);
        assert_interval(sixty.wald(c95()).unwrap(), 0.304_975_91, 0.595_024_09, 5e-9);
        assert_interval(
            sixty.adjusted_wald(c95()).unwrap(),
            0.293_431_11,
            0.580_355_30,
            5e-9,
        );
        assert_interval(sixty.score(c95()).unwrap(), 0.292_569_2, 0.581_257_0, 5e-8);
        let fifteen = counts(15, 12, 9);
        assert_interval(
            fifteen.wald(c95()).unwrap(),
            -0.094_434_92,
            0.427_768_25,
            5e-9,
        );
        assert_interval(
            fifteen.adjusted_wald(c95()).unwrap(),
            -0.095_296_01,
            0.402_988_32,
            5e-9,
        );
        assert_interval(
            fifteen.score(c95()).unwrap(),
            -0.100_600_4,
            0.408_984_2,
            5e-8,
        );
        let ten = counts(10, 0, 0);
        assert_interval(ten.wald(c95()).unwrap(), 1.0, 1.0, 1e-15);
        assert_interval(ten.adjusted_wald(c95()).unwrap(), 0.475_035_52, 1.0, 5e-9);
        assert_interval(ten.score(c95()).unwrap(), 0.444_934_4, 1.0, 5e-8);
    }

    /// The formula of Rocks (2016) oversteps 1; only its published form shows it.
    #[test]
    fn adjusted_wald_overshoots_before_it_is_cut() {
        let raw = counts(10, 0, 0).adjusted().unwrap().wald(c95());
        assert_close(raw.high, 1.063_426_02, 5e-9);
    }

    /// MeasuringU, "How to statistically compare two NPS", plain and with pseudo-observations.
    #[test]
    fn measuring_u_two_scores() {
        let (a, b) = (counts(45, 30, 25), counts(60, 25, 15));
        let plain = compare_net_promoter(a, b, c95()).unwrap();
        assert_close(plain.difference, 0.25, 1e-15);
        assert_close(plain.test.unwrap().statistic, 2.275_078_8, 5e-8);
        assert_close(plain.test.unwrap().p, 0.022_901_2, 5e-8);
        let adjusted = b.adjusted().unwrap().minus(a.adjusted().unwrap(), c95());
        assert_close(adjusted.test.unwrap().statistic, 2.240_946_8, 5e-8);
        assert_close(adjusted.test.unwrap().p, 0.025_029_5, 5e-8);
        assert_interval(adjusted.interval, 0.030_433_4, 0.455_003_5, 5e-8);
    }

    #[test]
    fn one_category_only_still_has_a_score_interval_but_no_test() {
        for case in [
            counts(7, 0, 0),
            counts(0, 7, 0),
            counts(0, 0, 7),
            counts(1, 0, 0),
        ] {
            let score = case.score(c95()).unwrap();
            assert!(score.high - score.low > 0.1, "{score:?}");
            assert_close(case.se().unwrap(), 0.0, 0.0);
        }
        let same = compare_net_promoter(counts(7, 0, 0), counts(0, 0, 3), c95()).unwrap();
        assert_eq!(same.test, None);
    }

    #[test]
    fn no_answers_have_no_score() {
        assert_eq!(counts(0, 0, 0).value(), Err(Error::NoObservations));
        assert_eq!(counts(0, 0, 0).score(c95()), Err(Error::NoObservations));
        let none = compare_net_promoter(counts(0, 0, 0), counts(1, 0, 0), c95());
        assert_eq!(none, Err(Error::NoObservations));
    }

    /// Both limits are where the score test is exactly at its critical value (Tango's definition).
    #[test]
    fn score_limits_solve_tangos_equation_for_every_small_sample() {
        for n in 2..=12_u64 {
            for promoters in 0..=n {
                for detractors in 0..=n - promoters {
                    let case = counts(promoters, n - promoters - detractors, detractors);
                    assert_on_equation(case, case.score(c95()).unwrap().high);
                    assert_on_equation(case.mirrored(), -case.score(c95()).unwrap().low);
                }
            }
        }
    }

    fn assert_on_equation(case: NetPromoter, limit: f64) {
        if limit >= 1.0 {
            assert_eq!(case.promoters, case.n());
            return;
        }
        let n = case.n() as f64;
        let (p, d) = (case.promoters as f64 / n, case.detractors as f64 / n);
        let z = (limit - (p - d)) / (variance_under(p, d, limit) / n).sqrt();
        assert_close(z, c95().z(), 1e-12);
    }

    proptest! {
        #[test]
        fn score_contains_the_estimate_stays_inside_and_has_width(
            p in 0_u64..5000, a in 0_u64..5000, d in 0_u64..5000, level in 0.01_f64..0.9999
        ) {
            let case = counts(p, a, d + 1);
            let confidence = Confidence::new(level).unwrap();
            let value = case.value().unwrap();
            let score = case.score(confidence).unwrap();
            prop_assert!(-1.0 <= score.low && score.low <= value, "{score:?}");
            prop_assert!(value <= score.high && score.high <= 1.0, "{score:?}");
            prop_assert!(score.high > score.low);
        }

        #[test]
        fn more_promoters_never_lower_the_limits(p in 0_u64..200, a in 1_u64..200, d in 0_u64..200) {
            let before = counts(p, a, d).score(c95()).unwrap();
            let after = counts(p + 1, a - 1, d).score(c95()).unwrap();
            prop_assert!(before.low <= after.low && before.high <= after.high);
        }

        #[test]
        fn many_answers_make_the_three_intervals_agree(p in 1_u64..9, a in 1_u64..9, d in 1_u64..9) {
            let case = counts(p * 10_000_000, a * 10_000_000, d * 10_000_000);
            let wald = case.wald(c95()).unwrap();
            for other in [case.score(c95()).unwrap(), case.adjusted_wald(c95()).unwrap()] {
                prop_assert!((wald.low - other.low).abs() < 1e-6);
                prop_assert!((wald.high - other.high).abs() < 1e-6);
            }
        }
    }
}
