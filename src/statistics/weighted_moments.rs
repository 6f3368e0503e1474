//! Moments of weighted values: survey means with their linearised error and effective size.
//!
//! Sampling weights enter twice, in the mean and squared in its error, hence six sums; they are kept
//! as those of [`super::Moments`] are, and for the same reasons.

use super::Error;
use super::moments::{Left, at_least_two};
use super::significance::finite;
use super::summation::Sum;

/// n, Σw, Σw², Σwx, Σwx², Σw²x and Σw²x² of finite values x with finite weights w ≥ 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WeightedMoments {
    n: u64,
    w: Sum,
    ww: Sum,
    wx: Sum,
    wxx: Sum,
    wwx: Sum,
    wwxx: Sum,
    left: Left,       // of Σwx²
    left_twice: Left, // of Σw²x²
}

impl WeightedMoments {
    /// Adds a value with its weight, which is not negative.
    #[inline]
    pub fn add(&mut self, x: f64, weight: f64) {
        self.n += 1;
        self.accumulate(x, weight, 1.0);
    }

    /// Takes away a value and weight that were added before.
    #[inline]
    pub fn remove(&mut self, x: f64, weight: f64) {
        self.left.note(self.wxx);
        self.left_twice.note(self.wwxx);
        self.n -= 1;
        self.accumulate(x, weight, -1.0);
        if self.n == 0 {
            *self = Self::default();
        }
    }

    /// Adds the values of another state.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.w.merge(other.w);
        self.ww.merge(other.ww);
        self.wx.merge(other.wx);
        self.wxx.merge(other.wxx);
        self.wwx.merge(other.wwx);
        self.wwxx.merge(other.wwxx);
        self.left.merge(other.left);
        self.left_twice.merge(other.left_twice);
    }

    /// Whether a value that was removed took digits along that the others need.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.left.outweighs(self.wxx) || self.left_twice.outweighs(self.wwxx)
    }

    /// How many values, those of weight 0 too.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The sum of the weights.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.w.value()
    }

    /// The weighted mean θ = Σwx/Σw.
    ///
    /// # Errors
    /// [`Error::NoObservations`], [`Error::NoWeight`].
    pub fn mean(&self) -> Result<f64, Error> {
        finite(self.theta()?.value())
    }

    /// The linearised standard error of the mean, √(n/(n−1)·Σ[w(x−θ)/Σw]²): that of
    /// `survey::svymean` in R for independent answers (Lumley 2004, J. Statistical Software 9).
    ///
    /// # Errors
    /// As [`WeightedMoments::mean`]; [`Error::TooFewObservations`] for n = 1.
    pub fn se(&self) -> Result<f64, Error> {
        let theta = self.theta()?;
        let n = at_least_two(self.n)?;
        // Σw²(x − θ)² = Σw²x² − 2θΣw²x + θ²Σw².
        let cross = theta.times(self.wwx).scaled(2.0);
        let squares = self.wwxx.minus(cross);
        let squares = squares.minus(theta.times(theta).times(self.ww).negated());
        let squares = self.left_twice.above_rounding(squares, self.wwxx, n);
        finite((n / (n - 1.0) * squares).sqrt() / self.w.value())
    }

    /// The standard deviation √(n/(n−1)·Σw(x−θ)²/Σw), as `survey::svyvar` in R.
    ///
    /// # Errors
    /// As [`WeightedMoments::se`].
    pub fn sd(&self) -> Result<f64, Error> {
        let theta = self.theta()?;
        let n = at_least_two(self.n)?;
        let squares = self.wxx.minus(theta.times(self.wx));
        let squares = self.left.above_rounding(squares, self.wxx, n);
        finite((n / (n - 1.0) * squares / self.w.value()).sqrt())
    }

    /// How many equally weighted answers would say as much, (Σw)²/Σw² (Kish 1965, Survey Sampling).
    ///
    /// # Errors
    /// [`Error::NoObservations`], [`Error::NoWeight`].
    pub fn n_effective(&self) -> Result<f64, Error> {
        self.theta()?;
        finite(self.w.times(self.w).over(self.ww).value())
    }

    /// The six sums, two doubles each, in the order Σw, Σw², Σwx, Σwx², Σw²x, Σw²x²: the state to
    /// store beside n.
    #[must_use]
    pub fn to_parts(&self) -> [f64; 12] {
        let sums = [self.w, self.ww, self.wx, self.wxx, self.wwx, self.wwxx];
        let mut parts = [0.0; 12];
        for (pair, sum) in parts.chunks_exact_mut(2).zip(sums) {
            pair.copy_from_slice(&sum.to_parts());
        }
        parts
    }

    /// The state that [`WeightedMoments::n`] and [`WeightedMoments::to_parts`] gave.
    #[must_use]
    pub fn from_parts(n: u64, parts: [f64; 12]) -> Self {
        let sum = |i: usize| Sum::from_parts([parts[2 * i], parts[2 * i + 1]]);
        Self {
            n,
            w: sum(0),
            ww: sum(1),
            wx: sum(2),
            wxx: sum(3),
            wwx: sum(4),
            wwxx: sum(5),
            left: Left::default(),
            left_twice: Left::default(),
        }
    }

    #[inline]
    fn accumulate(&mut self, x: f64, weight: f64, sign: f64) {
        let w = weight * sign;
        let (ww, wx) = (Sum::product(weight, w), Sum::product(w, x));
        let wwx = ww.scaled(x);
        self.w.add(w);
        self.ww.merge(ww);
        self.wx.merge(wx);
        self.wxx.merge(wx.scaled(x));
        self.wwx.merge(wwx);
        self.wwxx.merge(wwx.scaled(x));
    }

    fn theta(&self) -> Result<Sum, Error> {
        if self.n == 0 {
            return Err(Error::NoObservations);
        }
        if self.w.value() <= 0.0 {
            return Err(Error::NoWeight);
        }
        Ok(self.wx.over(self.w))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::super::Moments;
    use super::*;

    /// A weight of 10⁴ that leaves a weight of 1: 10⁴ in Σwx², 10⁸ in Σw²x². A value of 4000 both.
    #[test]
    fn what_was_a_million_times_as_large_wears() {
        let without = |x: f64, weight: f64| {
            let mut state = WeightedMoments::default();
            state.add(1.0, 1.0);
            state.add(x, weight);
            assert!(!state.is_worn());
            state.remove(x, weight);
            state.is_worn()
        };
        assert!(without(1.0, 1e4));
        assert!(without(4000.0, 1.0));
        // 10⁷ in Σwx², 10⁵ in Σw²x².
        assert!(without(1e4 * 10.0_f64.sqrt(), 0.01));
        assert!(!without(900.0, 1.0));
    }

    fn weighted(rows: &[(f64, f64)]) -> WeightedMoments {
        let mut moments = WeightedMoments::default();
        rows.iter().for_each(|&(x, w)| moments.add(x, w));
        moments
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found}, expected {expected}"
        );
    }

    /// Worked example 29 of the design notes: weighted NPS, `survey::svymean` form, Kish.
    #[test]
    fn weighted_nps_of_ten_answers() {
        let scores = [10, 9, 8, 7, 6, 3, 10, 9, 2, 8];
        let weights = [1.2, 0.8, 1.0, 1.0, 1.5, 0.7, 0.9, 1.1, 1.3, 0.5];
        let rows: Vec<(f64, f64)> = scores
            .map(|score| f64::from(i8::from(score >= 9) - i8::from(score <= 6)))
            .into_iter()
            .zip(weights)
            .collect();
        let found = weighted(&rows);
        assert_close(found.weight(), 10.0, 1e-14);
        assert_close(found.mean().unwrap(), 0.05, 1e-15);
        assert_close(found.se().unwrap(), 0.308_939_94, 5e-9);
        assert_close(found.n_effective().unwrap(), 9.276_437_85, 5e-9);
    }

    #[test]
    fn a_large_offset_costs_nothing() {
        let rows = [1.0, 3.0, 2.0, 5.0, 4.0].map(|x| (x + 1e9, 0.7));
        assert_close(weighted(&rows).sd().unwrap(), 2.5_f64.sqrt(), 1e-14);
        assert_close(weighted(&rows).se().unwrap(), 0.5_f64.sqrt(), 1e-14);
    }

    #[test]
    fn equal_values_have_no_variance() {
        for x in [0.1, 1e9 / 3.0, -7.3e-5] {
            assert_close(weighted(&[(x, 0.3); 1000]).se().unwrap(), 0.0, 0.0);
            assert_close(weighted(&[(x, 0.3); 1000]).sd().unwrap(), 0.0, 0.0);
        }
    }

    #[test]
    fn a_large_value_that_left_leaves_no_variance() {
        let mut state = weighted(&[(12_345.678, 0.3), (0.1, 0.7), (0.1, 0.9)]);
        state.remove(12_345.678, 0.3);
        assert_close(state.sd().unwrap(), 0.0, 0.0);
        assert_close(state.se().unwrap(), 0.0, 0.0);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(weighted(&[]).mean(), Err(Error::NoObservations));
        assert_eq!(weighted(&[(1.0, 0.0)]).mean(), Err(Error::NoWeight));
        assert_eq!(weighted(&[(1.0, 2.0)]).se(), Err(Error::TooFewObservations));
    }

    #[test]
    fn removing_everything_leaves_the_empty_state() {
        let mut state = weighted(&[(0.1, 0.3), (1e12, 2.0)]);
        state.remove(0.1, 0.3);
        state.remove(1e12, 2.0);
        assert_eq!(state, WeightedMoments::default());
    }

    proptest! {
        #[test]
        fn equal_weights_give_the_plain_mean_and_error(values in vec(-1e6_f64..1e6, 2..100), w in 0.1_f64..9.0) {
            let mut plain = Moments::default();
            values.iter().for_each(|&x| plain.add(x));
            let found = weighted(&values.iter().map(|&x| (x, w)).collect::<Vec<_>>());
            prop_assert!((found.mean().unwrap() - plain.mean().unwrap()).abs() < 1e-9);
            prop_assert!((found.se().unwrap() / plain.se().unwrap() - 1.0).abs() < 1e-12);
            prop_assert!((found.sd().unwrap() / plain.sd().unwrap() - 1.0).abs() < 1e-12);
            prop_assert!((found.n_effective().unwrap() / values.len() as f64 - 1.0).abs() < 1e-12);
        }

        #[test]
        fn any_split_and_any_detour_give_the_same_statistics(
            rows in vec((-1e6_f64..1e6, 0.01_f64..5.0), 2..100),
            detour in vec((-1e6_f64..1e6, 0.01_f64..5.0), 0..20),
            cut in 0_usize..100
        ) {
            let whole = weighted(&rows);
            let mut parts = weighted(&rows[cut.min(rows.len())..]);
            detour.iter().for_each(|&(x, w)| parts.add(x, w));
            parts.merge(&weighted(&rows[..cut.min(rows.len())]));
            detour.iter().for_each(|&(x, w)| parts.remove(x, w));
            prop_assert_eq!(parts.n(), whole.n());
            prop_assert!((parts.mean().unwrap() - whole.mean().unwrap()).abs() <= 1e-12 * whole.mean().unwrap().abs());
            prop_assert!((parts.se().unwrap() / whole.se().unwrap() - 1.0).abs() <= 1e-12);
            prop_assert!((parts.sd().unwrap() / whole.sd().unwrap() - 1.0).abs() <= 1e-12);
        }

        #[test]
        fn stored_states_come_back_whole(rows in vec((-1e6_f64..1e6, 0.01_f64..5.0), 0..50)) {
            let state = weighted(&rows);
            prop_assert_eq!(WeightedMoments::from_parts(state.n(), state.to_parts()), state);
        }
    }
}
