//! Columns shifted and scaled, so that offsets and units do not matter.
//!
//! Timestamps lie around 10⁹ and differ by units, money may be cents or millions; a method that
//! works on deviations in standard deviations gives the same digits for all of them.

use super::summation::Sum;

/// Beyond this a difference of two values may overflow; both are scaled down first, by a power of
/// two, so that nothing is rounded. Small values need no help: their differences and ratios are
/// exact down to the smallest double.
const LARGE: f64 = 1e150;
const DOWN: f64 = f64::from_bits((1023 - 600) << 52);

/// Where a column lies and how far it spreads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// A power of two.
    unit: f64,
    /// The lowest value and the range, in units.
    low: f64,
    range: f64,
    /// The mean and the standard deviation (divisor n) of the share of the range.
    mean: f64,
    sd: f64,
}

impl Scale {
    /// Of finite values, each with its count; none where they do not vary.
    pub(super) fn of(values: impl Iterator<Item = (f64, u64)> + Clone) -> Option<Self> {
        let counted = values.filter(|(_, count)| *count > 0);
        let low = counted.clone().map(|(x, _)| x).reduce(f64::min)?;
        let high = counted.clone().map(|(x, _)| x).reduce(f64::max)?;
        if low >= high {
            return None;
        }
        let is_large = low.abs().max(high.abs()) > LARGE;
        let unit = if is_large { DOWN } else { 1.0 };
        let low = low * unit;
        let mut scale = Self {
            unit,
            low,
            range: high * unit - low,
            mean: 0.0,
            sd: 1.0,
        };
        let (mut n, mut sum, mut squares) = (0.0, Sum::default(), Sum::default());
        for (x, count) in counted.clone() {
            n += count as f64;
            sum.add_product(count as f64, scale.deviation(x));
        }
        scale.mean = sum.value() / n;
        for (x, count) in counted {
            let deviation = scale.deviation(x);
            squares.add_product(count as f64 * deviation, deviation);
        }
        scale.sd = (squares.value() / n).sqrt();
        Some(scale)
    }

    /// A value less the mean, as a share of the range.
    pub(super) fn deviation(&self, x: f64) -> f64 {
        (x * self.unit - self.low) / self.range - self.mean
    }

    /// A value less the mean, in standard deviations.
    pub(super) fn standardised(&self, x: f64) -> f64 {
        self.deviation(x) / self.sd
    }

    /// How many standard deviations one unit of the column is.
    pub(super) fn per_unit(&self) -> f64 {
        self.unit / (self.range * self.sd)
    }

    /// The value 0, less the mean, in standard deviations.
    pub(super) fn origin(&self) -> f64 {
        -(self.low / self.range + self.mean) / self.sd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(values: &[f64]) -> Option<Scale> {
        Scale::of(values.iter().map(|x| (*x, 1)))
    }

    #[test]
    fn by_hand() {
        let of = Scale::of([(2.0, 1), (4.0, 0), (6.0, 3), (100.0, 0)].into_iter()).unwrap();
        let sd = 3.0_f64.sqrt();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-15);
        close(of.deviation(6.0), 0.25);
        close(of.standardised(6.0), 1.0 / sd);
        close(of.standardised(2.0), -3.0 / sd);
        close(of.per_unit(), 1.0 / (4.0 * 0.75_f64.sqrt() / 2.0));
        close(of.origin(), -5.0 / sd);
    }

    #[test]
    fn offsets_and_units_do_not_matter() {
        let plain = scale(&[0.0, 1.0, 3.0]).unwrap();
        for (offset, unit) in [
            (1e9, 1.0),
            (0.0, 1e-310),
            (0.0, 5e307),
            (-1e16, 1024.0),
            (0.0, 1e-3),
        ] {
            let of = scale(&[offset, offset + unit, offset + 3.0 * unit]).unwrap();
            let found = of.standardised(offset + unit);
            assert!(
                (found - plain.standardised(1.0)).abs() < 1e-12,
                "{offset} {unit}"
            );
        }
        let widest = scale(&[-f64::MAX, 0.0, f64::MAX]).unwrap();
        assert!(widest.standardised(0.0).abs() < 1e-15);
    }

    #[test]
    fn what_does_not_vary_has_no_scale() {
        assert_eq!(scale(&[]), None);
        assert_eq!(scale(&[7.5, 7.5]), None);
        assert_eq!(Scale::of([(1.0, 0), (2.0, 5)].into_iter()), None);
    }
}
