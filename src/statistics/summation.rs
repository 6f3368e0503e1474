//! Sums that do not depend on the order of their terms and that forget what is taken away.
//!
//! A double-double: the unevaluated sum of two doubles, 106 bits (Dekker 1971, Numerische
//! Mathematik 18; Knuth, TAOCP 2, 4.2.2). Means of money and weights then agree to far more than
//! the 1e-12 promised however batches, threads and files split them, and a sliding window that
//! subtracts what it once added does not drift. No fused multiply-add: baseline x86-64 has none
//! and would call a slow library routine.

/// 2²⁷ + 1, which cuts a double into two halves of 26 bits (Dekker 1971).
const SPLITTER: f64 = 134_217_729.0;

/// A running sum of finite doubles.
///
/// Infinities and NaN make [`Sum::value`] NaN for good; callers keep them out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    /// The product of two doubles, exact.
    #[inline]
    #[must_use]
    pub fn product(a: f64, b: f64) -> Self {
        let (high, low) = two_product(a, b);
        Self { high, low }
    }

    /// Adds a term.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let (high, error) = two_sum(self.high, x);
        *self = Self::normal(high, error + self.low);
    }

    /// Takes a term away that was added before.
    #[inline]
    pub fn subtract(&mut self, x: f64) {
        self.add(-x);
    }

    /// Adds a·b without rounding the product first.
    #[inline]
    pub fn add_product(&mut self, a: f64, b: f64) {
        self.merge(Self::product(a, b));
    }

    /// Adds another sum.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        let (high, error) = two_sum(self.high, other.high);
        let (low, low_error) = two_sum(self.low, other.low);
        let first = Self::normal(high, error + low);
        *self = Self::normal(first.high, first.low + low_error);
    }

    /// The sum with its sign changed.
    #[inline]
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            high: -self.high,
            low: -self.low,
        }
    }

    /// The sum, rounded to a double.
    #[inline]
    #[must_use]
    pub fn value(self) -> f64 {
        self.high + self.low
    }

    /// The two doubles whose sum it is, the larger first: the state to store.
    #[inline]
    #[must_use]
    pub fn to_parts(self) -> [f64; 2] {
        [self.high, self.low]
    }

    /// The sum that [`Sum::to_parts`] gave.
    #[inline]
    #[must_use]
    pub fn from_parts([high, low]: [f64; 2]) -> Self {
        Self { high, low }
    }

    /// The sum times a double, to about 31 digits.
    #[inline]
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let (high, error) = two_product(self.high, factor);
        Self::normal(high, error + self.low * factor)
    }

    /// The product of two sums, to about 31 digits.
    pub(super) fn times(self, other: Self) -> Self {
        let (high, error) = two_product(self.high, other.high);
        Self::normal(
            high,
            error + (self.high * other.low + self.low * other.high),
        )
    }

    /// The quotient of two sums, to about 31 digits.
    pub(super) fn over(self, divisor: Self) -> Self {
        let mut rest = self;
        let mut quotient = Self::default();
        for _ in 0..3 {
            let digits = rest.high / divisor.high;
            quotient.add(digits);
            rest.merge(divisor.scaled(-digits));
        }
        quotient
    }

    /// The difference of two sums.
    pub(super) fn minus(mut self, other: Self) -> Self {
        self.merge(other.negated());
        self
    }

    /// high + low in the form where low is less than half a unit in the last place of high.
    #[inline]
    fn normal(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self {
            high: sum,
            low: low - (sum - high),
        }
    }
}

impl From<f64> for Sum {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

/// a + b as a rounded sum and its error, exact (Knuth).
#[inline]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// a·b as a rounded product and its error, exact (Dekker).
#[inline]
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

#[inline]
fn split(a: f64) -> (f64, f64) {
    let scaled = SPLITTER * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn sum_of(terms: &[f64]) -> Sum {
        let mut sum = Sum::default();
        terms.iter().for_each(|&x| sum.add(x));
        sum
    }

    fn assert_parts(found: Sum, expected: [f64; 2]) {
        assert_eq!(
            found.to_parts().map(f64::to_bits),
            expected.map(f64::to_bits)
        );
    }

    /// Ogita, Rump & Oishi (2005), SIAM J. Sci. Comput. 26: plain summation answers 0 here.
    #[test]
    fn small_terms_between_large_ones_survive() {
        assert_parts(sum_of(&[1e16, 1.0, -1e16]), [1.0, 0.0]);
        assert_parts(sum_of(&[1.0, 1e30, 1.0, -1e30]), [2.0, 0.0]);
    }

    /// (2²⁷ + 1)² = 2⁵⁴ + 2²⁸ + 1 needs 55 bits.
    #[test]
    fn products_are_exact() {
        assert_parts(
            Sum::product(SPLITTER, SPLITTER),
            [18_014_398_777_917_440.0, 1.0],
        );
    }

    /// 2⁻⁵⁴ + 2⁻¹²⁰ does not fit a double, and is what 1 + 2⁻⁵⁴ and −1 + 2⁻¹²⁰ make.
    #[test]
    fn what_two_sums_cancel_to_keeps_its_last_digits() {
        let (small, tiny) = (2_f64.powi(-54), 2_f64.powi(-120));
        let mut sum = Sum::from_parts([1.0, small]);
        sum.merge(Sum::from_parts([-1.0, tiny]));
        assert_parts(sum, [small, tiny]);
    }

    /// Below 1 doubles are twice as dense as above: 1 + ¾·2⁻⁵³ rounds to 1, 1 − ¾·2⁻⁵³ does not.
    #[test]
    fn the_value_is_the_nearest_double() {
        let sum = Sum::from_parts([1.0, 0.75 * 2_f64.powi(-53)]);
        assert_eq!(sum.value().to_bits(), 1_f64.to_bits());
    }

    #[test]
    fn division_undoes_multiplication() {
        let third = Sum::from(1.0).over(Sum::from(3.0));
        let rest = third.scaled(3.0).minus(Sum::from(1.0)).value();
        assert!(rest.abs() < 1e-31, "{rest:e}");
        let square = third.times(third).scaled(9.0).minus(Sum::from(1.0)).value();
        assert!(square.abs() < 1e-30, "{square:e}");
    }

    #[test]
    fn a_sliding_window_of_a_million_steps_does_not_drift() {
        let value = |i: u64| ((i * 2_654_435_761) % 1_000_003) as f64 / 7.0;
        let mut window = Sum::default();
        (0..100).for_each(|i| window.add(value(i)));
        for i in 100..1_000_000 {
            window.add(value(i));
            window.subtract(value(i - 100));
        }
        let fresh = sum_of(&(999_900..1_000_000).map(value).collect::<Vec<_>>());
        let drift = window.minus(fresh).value() / fresh.value();
        assert!(drift.abs() < 1e-24, "{drift:e}");
    }

    /// Money in cents, of either sign and very different size.
    fn amounts() -> impl Strategy<Value = Vec<f64>> {
        vec(
            (-1e6_f64..1e6, -3_i32..9).prop_map(|(x, e)| x * 10_f64.powi(e)),
            1..200,
        )
    }

    proptest! {
        #[test]
        fn any_order_and_split_give_the_same_sum(terms in amounts(), cut in 0_usize..200) {
            let size: f64 = terms.iter().map(|x| x.abs()).sum();
            let whole = sum_of(&terms);
            let cut = cut.min(terms.len());
            let mut reversed = terms.clone();
            reversed.reverse();
            let mut split = sum_of(&terms[cut..]);
            split.merge(sum_of(&terms[..cut]));
            prop_assert!((whole.minus(sum_of(&reversed)).value()).abs() <= 1e-28 * size);
            prop_assert!((whole.minus(split).value()).abs() <= 1e-28 * size);
        }

        #[test]
        fn whole_numbers_are_exact_in_any_split(
            terms in vec(-1_000_000_000_i64..1_000_000_000, 1..100), cut in 0_usize..100
        ) {
            let doubles: Vec<f64> = terms.iter().map(|&x| x as f64).collect();
            let cut = cut.min(terms.len());
            let mut sum = sum_of(&doubles[cut..]);
            sum.merge(sum_of(&doubles[..cut]));
            let exact = terms.iter().sum::<i64>() as f64;
            prop_assert_eq!(sum.value().to_bits(), (exact + 0.0).to_bits());
        }

        #[test]
        fn what_is_taken_away_leaves_nothing(terms in amounts(), more in amounts()) {
            let before = sum_of(&terms);
            let mut sum = before;
            more.iter().for_each(|&x| sum.add(x));
            more.iter().for_each(|&x| sum.subtract(x));
            let size: f64 = terms.iter().chain(&more).map(|x| x.abs()).sum();
            prop_assert!((sum.minus(before).value()).abs() <= 1e-28 * size);
        }

        #[test]
        fn products_of_whole_numbers_are_exact(a in -1_i64 << 52..1 << 52, b in -1_i64 << 52..1 << 52) {
            let [high, low] = Sum::product(a as f64, b as f64).to_parts();
            prop_assert_eq!(high as i128 + low as i128, i128::from(a) * i128::from(b));
        }
    }
}
