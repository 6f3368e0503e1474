//! How often each value of a column occurred with a flag and without it.
//!
//! Areas under curves and survival curves need no more of their rows than this, and of durations that do
//! not repeat it is read from the rows where they lie: a table of ten million would cost more than to
//! sort them.

use super::sorted::{Counted, Sorted, number};

/// The values of a group, by flag.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    with: Sorted,
    without: Sorted,
}

/// A value, and how often it occurred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Level {
    /// The value.
    pub(crate) value: f64,
    /// With the flag.
    pub(crate) with: u64,
    /// Without it.
    pub(crate) without: u64,
}

impl Levels {
    /// Of values as words, those with the flag and those without.
    pub(super) fn new(with: Sorted, without: Sorted) -> Self {
        Self { with, without }
    }

    /// Of values in ascending order, each with how often it occurred with the flag and without.
    #[cfg(test)]
    pub(crate) fn of(values: impl IntoIterator<Item = (f64, u64, u64)>) -> Self {
        let (mut with, mut without) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
        for (value, yes, no) in values {
            for (side, count) in [(&mut with, yes), (&mut without, no)] {
                if count > 0 {
                    side.0.push(super::sorted::word(value));
                    side.1.push(count);
                }
            }
        }
        Self::new(
            Sorted::counted(1, with.0, with.1),
            Sorted::counted(1, without.0, without.1),
        )
    }

    /// How many rows there are.
    pub(crate) fn n(&self) -> u64 {
        self.with() + self.without()
    }

    /// How many rows with the flag.
    pub(crate) fn with(&self) -> u64 {
        self.with.n()
    }

    /// How many without it.
    pub(crate) fn without(&self) -> u64 {
        self.without.n()
    }

    /// How many different values there are at most.
    pub(crate) fn at_most(&self) -> usize {
        self.with.iter().at_most() + self.without.iter().at_most()
    }

    /// The greatest value.
    pub(crate) fn last(&self) -> Option<f64> {
        let words =
            [&self.with, &self.without].map(|side| [side.rows.last(), side.distinct.last()]);
        words
            .into_iter()
            .flatten()
            .flatten()
            .max()
            .map(|word| number(*word))
    }

    /// The values in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Level> + Clone {
        Walk {
            with: self.with.iter(),
            without: self.without.iter(),
        }
    }
}

/// The values that are left.
#[derive(Debug, Clone)]
struct Walk<'a> {
    with: Counted<'a>,
    without: Counted<'a>,
}

impl Iterator for Walk<'_> {
    type Item = Level;

    #[inline]
    fn next(&mut self) -> Option<Level> {
        let word = self.with.head().min(self.without.head());
        (word < u64::MAX).then(|| Level {
            value: number(word),
            with: self.with.pass(word),
            without: self.without.pass(word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tables::sorted::word;

    #[test]
    fn values_meet_their_flags() {
        let words = |values: &[f64]| {
            values
                .iter()
                .map(|value| word(*value))
                .collect::<Vec<u64>>()
        };
        let with = Sorted {
            rows: words(&[-1.0, 2.0, 2.0]).into(),
            ..Sorted::counted(1, words(&[2.0, 7.5]), vec![5, 1])
        };
        let without = Sorted::counted(1, words(&[2.0, 9.0]), vec![3, 4]);
        let levels = Levels::new(with, without);
        let found: Vec<(f64, u64, u64)> = levels
            .iter()
            .map(|l| (l.value, l.with, l.without))
            .collect();
        assert_eq!(found, [(-1.0, 1, 0), (2.0, 7, 3), (7.5, 1, 0), (9.0, 0, 4)]);
        assert_eq!(
            (levels.n(), levels.at_most(), levels.last()),
            (16, 7, Some(9.0))
        );
        let empty = Levels::new(Sorted::none(1), Sorted::none(1));
        assert_eq!((empty.iter().next(), empty.last()), (None, None));
    }
}
