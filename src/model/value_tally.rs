//! What rows are worth together: a count and a sum.

use super::tally::{Part, Tally};
use crate::statistics::Sum;

/// Rows and the sum of what they are worth.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ValueTally {
    /// All rows, also those without a value.
    pub n: u64,
    /// The sum of the values.
    pub value: Sum,
}

impl ValueTally {
    /// Adds a row with this value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.value.add(value);
    }
}

impl Tally for ValueTally {
    const WIDTH: usize = 3;

    fn parts() -> Vec<(String, Part)> {
        let parts = [
            ("n", Part::Count),
            ("value_high", Part::Real),
            ("value_low", Part::Real),
        ];
        parts.map(|(name, part)| (name.to_owned(), part)).to_vec()
    }

    #[inline]
    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.value.merge(other.value);
    }

    #[inline]
    fn part(&self, index: usize) -> u64 {
        let [high, low] = self.value.to_parts();
        [self.n, high.to_bits(), low.to_bits()][index]
    }

    #[inline]
    fn of_parts(bits: impl Fn(usize) -> u64) -> Self {
        let real = |index| f64::from_bits(bits(index));
        Self {
            n: bits(0),
            value: Sum::from_parts([real(1), real(2)]),
        }
    }
}
