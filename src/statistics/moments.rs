//! Moments of values: the small mergeable state behind every mean.
//!
//! Raw power sums merge and retract by mere addition, which the usual running mean and M₂
//! (Welford 1962) do only with rounding; kept as double-doubles they stay exact enough to subtract
//! Σx² and (Σx)²/n for values around 1e9.

use super::Error;
use super::significance::finite;
use super::summation::Sum;

/// What one operation on double-doubles may lose, relative to its result.
pub(super) const ROUNDING: f64 = 4.930_380_657_631_324e-32; // 2⁻¹⁰⁴

/// Sums of squares that fall to less than this part of what they were have lost digits that show: of
/// the 31 some 6 to the fall, and as many again where squares cancel about their mean.
pub(super) const WORN: f64 = 1e6;

/// n, Σx and Σx² of finite values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    n: u64,
    x: Sum,
    xx: Sum,
    left: Left,
}

impl Moments {
    /// Adds a value.
    #[inline]
    pub fn add(&mut self, x: f64) {
        self.n += 1;
        self.x.add(x);
        self.xx.add_product(x, x);
    }

    /// Takes away a value that was added before.
    #[inline]
    pub fn remove(&mut self, x: f64) {
        self.left.note(self.xx);
        self.n -= 1;
        self.x.subtract(x);
        self.xx.add_product(-x, x);
        if self.n == 0 {
            *self = Self::default();
        }
    }

    /// Adds the values of another state.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.x.merge(other.x);
        self.xx.merge(other.xx);
        self.left.merge(other.left);
    }

    /// Whether a value that was removed took digits along that the others need.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.left.outweighs(self.xx)
    }

    /// How many values.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The sum.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.x.value()
    }

    /// The mean.
    ///
    /// # Errors
    /// [`Error::NoObservations`].
    pub fn mean(&self) -> Result<f64, Error> {
        if self.n == 0 {
            return Err(Error::NoObservations);
        }
        finite(self.x.over(Sum::from(self.n as f64)).value())
    }

    /// How far the mean lies above another, rounded once: means around 1e9 lose nothing of it.
    ///
    /// # Errors
    /// [`Error::NoObservations`] for either.
    pub(super) fn mean_above(&self, other: &Self) -> Result<f64, Error> {
        if self.n == 0 || other.n == 0 {
            return Err(Error::NoObservations);
        }
        let mean = |moments: &Self| moments.x.over(Sum::from(moments.n as f64));
        finite(mean(self).minus(mean(other)).value())
    }

    /// The variance with divisor n − 1; exactly 0 where values differ by no more than rounding.
    ///
    /// # Errors
    /// [`Error::NoObservations`], [`Error::TooFewObservations`] for n = 1.
    pub fn variance(&self) -> Result<f64, Error> {
        let n = at_least_two(self.n)?;
        let squares = self.xx.minus(self.x.times(self.x).over(Sum::from(n)));
        finite(self.left.above_rounding(squares, self.xx, n) / (n - 1.0))
    }

    /// The standard deviation, the root of [`Moments::variance`].
    ///
    /// # Errors
    /// As [`Moments::variance`].
    pub fn sd(&self) -> Result<f64, Error> {
        Ok(self.variance()?.sqrt())
    }

    /// The standard error of the mean.
    ///
    /// # Errors
    /// As [`Moments::variance`].
    pub fn se(&self) -> Result<f64, Error> {
        Ok((self.variance()? / self.n as f64).sqrt())
    }

    /// Σx and Σx², two doubles each: the state to store beside n.
    #[must_use]
    pub fn to_parts(&self) -> [f64; 4] {
        let ([x0, x1], [xx0, xx1]) = (self.x.to_parts(), self.xx.to_parts());
        [x0, x1, xx0, xx1]
    }

    /// The state that [`Moments::n`] and [`Moments::to_parts`] gave.
    #[must_use]
    pub fn from_parts(n: u64, [x0, x1, xx0, xx1]: [f64; 4]) -> Self {
        Self {
            n,
            x: Sum::from_parts([x0, x1]),
            xx: Sum::from_parts([xx0, xx1]),
            left: Left::default(),
        }
    }
}

/// n as a double, where a variance needs two.
pub(super) fn at_least_two(n: u64) -> Result<f64, Error> {
    match n {
        0 => Err(Error::NoObservations),
        1 => Err(Error::TooFewObservations),
        _ => Ok(n as f64),
    }
}

/// What values that were removed may have left behind: each operation rounds relative to the sum as
/// it then was, so that a large value which leaves a window leaves the rounding of its square.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Left {
    removals: u64,
    peak: f64, // the largest sum of squares that a removal found
}

impl Left {
    /// Notes that a value is about to leave this sum of squares.
    #[inline]
    pub(super) fn note(&mut self, raw: Sum) {
        self.removals += 1;
        self.peak = self.peak.max(raw.value());
    }

    /// Whether what was removed was so much larger than these squares that its rounding shows in them.
    pub(super) fn outweighs(self, raw: Sum) -> bool {
        self.peak > WORN * raw.value()
    }

    /// Adds what was left elsewhere.
    #[inline]
    pub(super) fn merge(&mut self, other: Self) {
        self.removals += other.removals;
        self.peak = self.peak.max(other.peak);
    }

    /// A sum of squares about the mean, or 0 where it is no more than the rounding left by `raw`
    /// sums of n terms: equal values have no variance, and a t test of them must not see 1e-34
    /// instead.
    pub(super) fn above_rounding(self, squares: Sum, raw: Sum, n: f64) -> f64 {
        let squares = squares.value();
        let operations = n + 2.0 * self.removals as f64 + 64.0;
        if squares <= operations * ROUNDING * raw.value().max(self.peak) {
            return 0.0;
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|&x| moments.add(x));
        moments
    }

    /// 4000² is more than a million times 3², 2900² is less.
    #[test]
    fn what_was_a_million_times_as_large_wears() {
        let without = |large: f64| {
            let mut state = moments(&[3.0, large]);
            assert!(!state.is_worn());
            state.remove(large);
            state
        };
        assert!(without(4000.0).is_worn());
        assert!(!without(2900.0).is_worn());
        let mut others = moments(&[50.0]);
        others.merge(&without(4000.0));
        assert!(!others.is_worn(), "beside larger values it does not show");
        let mut zeros = moments(&[0.0, 0.0]);
        zeros.remove(0.0);
        assert!(!zeros.is_worn());
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found}, expected {expected}"
        );
    }

    /// The square of 98,765.4321 leaves 10¹⁰ times the rounding of five times 0.1².
    #[test]
    fn a_large_value_that_left_leaves_no_variance() {
        let mut state = moments(&[98_765.432_1, 0.1, 0.1, 0.1, 0.1, 0.1]);
        state.remove(98_765.432_1);
        assert_close(state.sd().unwrap(), 0.0, 0.0);
        let mut elsewhere = moments(&[0.1, 0.1]);
        elsewhere.merge(&state);
        assert_close(elsewhere.sd().unwrap(), 0.0, 0.0);
    }

    /// NIST Statistical Reference Datasets, NumAcc1–NumAcc4 (univariate summary statistics), the
    /// last with 1,001 values around 1e7 that differ in the first decimal.
    #[test]
    fn nist_strd_numacc() {
        let one = moments(&[10_000_001.0, 10_000_003.0, 10_000_002.0]);
        assert_close(one.sum(), 30_000_006.0, 0.0);
        assert_close(one.mean().unwrap(), 10_000_002.0, 0.0);
        assert_close(one.sd().unwrap(), 1.0, 0.0);
        for (first, low, high, mean, tolerance) in [
            (1.2, 1.1, 1.3, 1.2, 1e-15),
            (1_000_000.2, 1_000_000.1, 1_000_000.3, 1_000_000.2, 1e-9),
            (10_000_000.2, 10_000_000.1, 10_000_000.3, 10_000_000.2, 1e-8),
        ] {
            let mut values = vec![first];
            (0..500).for_each(|_| values.extend([low, high]));
            let found = moments(&values);
            assert_close(found.mean().unwrap(), mean, tolerance);
            assert_close(found.sd().unwrap(), 0.1, tolerance);
        }
    }

    /// Whole numbers around 1e9: variance of 1…5 is 2.5 wherever they lie.
    #[test]
    fn variance_is_exact_for_large_offsets() {
        let values = [1.0, 3.0, 2.0, 5.0, 4.0].map(|x| x + 1e9);
        assert_close(moments(&values).variance().unwrap(), 2.5, 0.0);
    }

    #[test]
    fn equal_values_have_no_variance() {
        for x in [0.1, 1e9 / 3.0, -7.3e-5] {
            assert_close(moments(&[x; 1000]).variance().unwrap(), 0.0, 0.0);
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let (one, none) = (moments(&[1.0]), moments(&[]));
        assert_eq!(none.mean(), Err(Error::NoObservations));
        assert_eq!(none.variance(), Err(Error::NoObservations));
        assert_eq!(one.mean_above(&none), Err(Error::NoObservations));
        assert_eq!(none.mean_above(&one), Err(Error::NoObservations));
        assert_eq!(one.variance(), Err(Error::TooFewObservations));
        assert_eq!(moments(&[1e200, 2e200]).variance(), Err(Error::Overflow));
    }

    #[test]
    fn removing_everything_leaves_the_empty_state() {
        let mut plain = moments(&[0.1, 1e12]);
        plain.remove(0.1);
        plain.remove(1e12);
        assert_eq!(plain, Moments::default());
    }

    proptest! {
        #[test]
        fn any_split_and_any_detour_give_the_same_statistics(
            values in vec(-1e6_f64..1e6, 2..100), detour in vec(-1e6_f64..1e6, 0..20), cut in 0_usize..100
        ) {
            let whole = moments(&values);
            let mut parts = moments(&values[cut.min(values.len())..]);
            detour.iter().for_each(|&x| parts.add(x));
            parts.merge(&moments(&values[..cut.min(values.len())]));
            detour.iter().for_each(|&x| parts.remove(x));
            prop_assert_eq!(parts.n(), whole.n());
            let room = 1e-12 * whole.mean().unwrap().abs();
            prop_assert!((parts.mean().unwrap() - whole.mean().unwrap()).abs() <= room);
            prop_assert!((parts.sd().unwrap() / whole.sd().unwrap() - 1.0).abs() <= 1e-12);
        }

        #[test]
        fn stored_states_come_back_whole(values in vec(-1e6_f64..1e6, 0..50)) {
            let state = moments(&values);
            prop_assert_eq!(Moments::from_parts(state.n(), state.to_parts()), state);
        }
    }
}
