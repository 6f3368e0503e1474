//! Rows of columns with many values, as words, in ascending order.
//!
//! Words and counts are shared buffers: what a stratum has put in order goes into a saved state, from
//! there into another stratum and into the answer without being copied, since touching new memory costs
//! as much as sorting.

use std::sync::LazyLock;

use arrow::buffer::ScalarBuffer;

/// Words that several owners may hold.
pub(super) type Words = ScalarBuffer<u64>;

/// Words of a run from which it is handed on as it lies, instead of copied behind others.
pub(super) const LONG: usize = 1 << 10;

/// No words.
pub(super) fn none() -> Words {
    static NONE: LazyLock<Words> = LazyLock::new(|| Vec::new().into());
    NONE.clone()
}

/// A number as a word that sorts as the number does.
#[inline]
pub(super) fn word(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits(); // −0 is 0
    // Of a negative number all bits are turned, of others the sign.
    bits ^ ((bits >> 63).wrapping_neg() | 1 << 63)
}

/// The number of a word.
#[inline]
pub(super) fn number(word: u64) -> f64 {
    f64::from_bits(if word >> 63 == 0 {
        !word
    } else {
        word & !(1 << 63)
    })
}

/// Rows in ascending order: some as often as they occurred, others once with how often they did.
#[derive(Debug, Clone)]
pub(super) struct Sorted {
    /// Words of a row.
    pub(super) width: usize,
    /// Rows that may repeat.
    pub(super) rows: Words,
    /// Distinct rows.
    pub(super) distinct: Words,
    /// How often each distinct row occurred.
    pub(super) counts: Words,
}

impl Sorted {
    /// No rows, of so many words each.
    pub(super) fn none(width: usize) -> Self {
        Self::counted(width, Vec::new(), Vec::new())
    }

    /// Distinct rows with their counts.
    pub(super) fn counted(width: usize, distinct: Vec<u64>, counts: Vec<u64>) -> Self {
        Self {
            width,
            rows: none(),
            distinct: distinct.into(),
            counts: counts.into(),
        }
    }

    /// How many rows there are.
    pub(super) fn n(&self) -> u64 {
        (self.rows.len() / self.width) as u64 + self.counts.iter().sum::<u64>()
    }

    /// Each row once, in ascending order, with how often it occurred.
    pub(super) fn iter(&self) -> Counted<'_> {
        Counted {
            width: self.width,
            rows: &self.rows,
            distinct: &self.distinct,
            counts: &self.counts,
        }
    }

    /// The rows with a word more in each, the same in all.
    pub(super) fn gain(&self, at: usize, word: u64) -> Self {
        let widened = |rows: &[u64]| -> Vec<u64> {
            let row = |row: &[u64]| [&row[..at], &[word], &row[at..]].concat();
            rows.chunks_exact(self.width).flat_map(row).collect()
        };
        Self {
            width: self.width + 1,
            rows: widened(&self.rows).into(),
            distinct: widened(&self.distinct).into(),
            counts: self.counts.clone(),
        }
    }
}

/// The rows of a [`Sorted`] that are left.
#[derive(Debug, Clone)]
pub(super) struct Counted<'a> {
    width: usize,
    rows: &'a [u64],
    distinct: &'a [u64],
    counts: &'a [u64],
}

impl Counted<'_> {
    /// How many rows may be left: those that repeat are counted several times.
    pub(super) fn at_most(&self) -> usize {
        (self.rows.len() + self.distinct.len()) / self.width
    }

    /// The first word that is left; the greatest, which no number has, after the last.
    #[inline]
    pub(super) fn head(&self) -> u64 {
        let first = |words: &[u64]| words.first().copied().unwrap_or(u64::MAX);
        first(self.rows).min(first(self.distinct))
    }

    /// Goes past a word, where rows are of one word and it is the first that is left: how often it
    /// occurred.
    #[inline]
    pub(super) fn pass(&mut self, word: u64) -> u64 {
        let mut count = 0;
        while let Some((first, rest)) = self.rows.split_first()
            && *first == word
        {
            (self.rows, count) = (rest, count + 1);
        }
        if let Some((first, rest)) = self.distinct.split_first()
            && *first == word
        {
            count += self.counts[0];
            (self.distinct, self.counts) = (rest, &self.counts[1..]);
        }
        count
    }
}

impl<'a> Iterator for Counted<'a> {
    type Item = (&'a [u64], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.rows.get(..self.width);
        let distinct = self.distinct.get(..self.width);
        let row = match (rows, distinct) {
            (Some(rows), Some(distinct)) => rows.min(distinct),
            (rows, distinct) => rows.or(distinct)?,
        };
        if self.width == 1 {
            let count = self.pass(row[0]);
            return Some((row, count));
        }
        let mut count = 0;
        while self.rows.get(..self.width) == Some(row) {
            self.rows = &self.rows[self.width..];
            count += 1;
        }
        if distinct == Some(row) {
            self.distinct = &self.distinct[self.width..];
            count += self.counts[0];
            self.counts = &self.counts[1..];
        }
        Some((row, count))
    }
}

/// Rows of several words in ascending order.
pub(super) fn sort(words: &mut Vec<u64>, width: usize) {
    if width == 1 {
        words.sort_unstable();
        return;
    }
    if words.chunks_exact(width).is_sorted() {
        return;
    }
    let mut rows: Vec<&[u64]> = words.chunks_exact(width).collect();
    rows.sort();
    *words = rows.concat();
}

/// Two runs of rows as one.
pub(super) fn merged(a: &[u64], b: &[u64], width: usize) -> Vec<u64> {
    if width > 1 {
        let mut rows = [a, b].concat();
        sort(&mut rows, width);
        return rows;
    }
    let mut words = vec![0; a.len() + b.len()];
    let (mut i, mut j) = (0, 0);
    // Which run comes first is anybody's guess, so nothing here depends on guessing it.
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        let is_first = x <= y;
        words[i + j] = if is_first { x } else { y };
        i += usize::from(is_first);
        j += usize::from(!is_first);
    }
    words[i + j..a.len() + j].copy_from_slice(&a[i..]);
    words[a.len() + j..].copy_from_slice(&b[j..]);
    words
}

/// Rows in ascending order, each once, with how often it occurred.
pub(super) fn run_lengths(words: &[u64], width: usize) -> (Vec<u64>, Vec<u64>) {
    let (mut rows, mut counts): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
    for row in words.chunks_exact(width) {
        let is_same = rows
            .len()
            .checked_sub(width)
            .is_some_and(|last| rows[last..] == *row);
        match counts.last_mut() {
            Some(count) if is_same => *count += 1,
            _ => {
                rows.extend_from_slice(row);
                counts.push(1);
            }
        }
    }
    (rows, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_sort_as_numbers_do() {
        let numbers = [
            f64::MIN,
            -1.5,
            -f64::MIN_POSITIVE,
            0.0,
            1e-300,
            2.0,
            f64::MAX,
        ];
        let words: Vec<u64> = numbers.iter().map(|x| word(*x)).collect();
        assert!(words.is_sorted() && words.iter().all(|word| *word < u64::MAX));
        assert_eq!(
            words.iter().map(|w| number(*w)).collect::<Vec<_>>(),
            numbers
        );
        assert_eq!(word(-0.0), word(0.0));
    }

    #[test]
    fn two_runs_are_one() {
        for (a, b) in [
            (vec![], vec![]),
            (vec![1, 1, 4], vec![]),
            (vec![], vec![2]),
            (vec![1, 2, 2, 9], vec![2, 3]),
            (vec![5, 6], vec![1, 2, 7, 7, 8]),
        ] {
            let mut expected = [a.clone(), b.clone()].concat();
            expected.sort_unstable();
            assert_eq!(merged(&a, &b, 1), expected);
        }
        assert_eq!(
            merged(&[1, 9, 3, 0], &[1, 8, 1, 9], 2),
            [1, 8, 1, 9, 1, 9, 3, 0]
        );
    }

    #[test]
    fn rows_kept_in_both_ways_are_counted_once() {
        let sorted = Sorted {
            width: 1,
            rows: vec![2, 2, 5].into(),
            distinct: vec![1, 2, 7].into(),
            counts: vec![4, 10, 1].into(),
        };
        let found: Vec<(u64, u64)> = sorted.iter().map(|(row, count)| (row[0], count)).collect();
        assert_eq!(found, [(1, 4), (2, 12), (5, 1), (7, 1)]);
        assert_eq!((sorted.n(), sorted.iter().at_most()), (18, 6));
        let wide = sorted.gain(1, 3).gain(0, 0);
        let found: Vec<(Vec<u64>, u64)> = wide.iter().map(|(row, n)| (row.to_vec(), n)).collect();
        assert_eq!(found[1], (vec![0, 2, 3], 12));
        assert_eq!((wide.n(), found.len()), (18, 4));
    }
}
