//! Rows of columns with many values: kept as they come, and counted as soon as that is shorter.
//!
//! Money and durations have up to as many values as there are rows. A row is then one 64-bit word a
//! column, eight bytes; where values repeat, the rows are sorted now and then and kept once, with
//! how often each occurred.

use std::cmp::Ordering;

use super::cell::CellRef;

/// Rows that are kept as they come before it is tried whether counting them is shorter.
const BUFFER: usize = 1 << 16;

/// How much longer it is waited where counting was not shorter.
const PATIENCE: usize = 8;

/// A number as a word that sorts as the number does.
#[inline]
pub(super) fn word(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits(); // −0 is 0
    if bits >> 63 == 0 {
        bits | (1 << 63)
    } else {
        !bits
    }
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

/// Rows of some columns, as words.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    width: usize,
    /// Rows as they came.
    fresh: Vec<u64>,
    /// Distinct rows in ascending order.
    distinct: Vec<u64>,
    /// How often each distinct row occurred.
    counts: Vec<u64>,
    /// Rows that left a window frame.
    gone: Vec<u64>,
    /// How many fresh values there may be before counting is tried.
    patience: usize,
}

impl Stratum {
    /// No rows yet, of so many columns.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            fresh: Vec::new(),
            distinct: Vec::new(),
            counts: Vec::new(),
            gone: Vec::new(),
            patience: BUFFER * width,
        }
    }

    /// Adds one row.
    #[inline]
    pub(super) fn add(&mut self, row: impl IntoIterator<Item = u64>) {
        self.fresh.extend(row);
        if self.fresh.len() >= self.patience {
            self.settle();
        }
    }

    /// Takes a row away that was added before.
    pub(super) fn remove(&mut self, row: impl IntoIterator<Item = u64>) {
        self.gone.extend(row);
        // A sliding window would else remember all that ever passed through it.
        if 2 * self.gone.len() > self.len() + 64 {
            self.count_all();
        }
    }

    /// Adds rows as they came, and distinct rows in ascending order with their counts.
    pub(super) fn append(&mut self, fresh: Vec<u64>, distinct: Vec<u64>, counts: Vec<u64>) {
        if self.fresh.is_empty() {
            self.fresh = fresh;
        } else {
            self.fresh.extend_from_slice(&fresh);
        }
        if !counts.is_empty() {
            self.join((distinct, counts));
        }
        if self.fresh.len() >= self.patience {
            self.settle();
        }
    }

    /// Puts the fresh rows in order and takes off those that are gone.
    pub(super) fn tidy(&mut self) {
        if !self.gone.is_empty() {
            self.count_all();
        }
        self.sort();
    }

    /// Fresh rows in order, distinct rows, their counts; nothing is gone any more.
    pub(super) fn into_parts(mut self) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
        self.tidy();
        (self.fresh, self.distinct, self.counts)
    }

    /// The same of a tidy stratum, where it lies.
    pub(super) fn cell(&self) -> CellRef<'_> {
        CellRef::Rows(&self.fresh, &self.distinct, &self.counts)
    }

    /// Distinct rows of a tidy stratum in ascending order, with how often each occurred.
    pub(super) fn rows(&self) -> Counted<'_> {
        Counted {
            width: self.width,
            fresh: &self.fresh,
            distinct: &self.distinct,
            counts: &self.counts,
        }
    }

    /// How many values are kept.
    pub(super) fn len(&self) -> usize {
        self.fresh.len() + self.distinct.len()
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        8 * (self.fresh.capacity()
            + self.distinct.capacity()
            + self.counts.capacity()
            + self.gone.capacity())
    }

    /// Counts the fresh rows if that halves them; else waits until there are many more.
    fn settle(&mut self) {
        self.sort();
        let rows = self.fresh.len() / self.width;
        let distinct = self
            .fresh
            .chunks_exact(self.width)
            .fold((0, None), |(n, last), row| {
                (n + usize::from(last != Some(row)), Some(row))
            });
        if 2 * distinct.0 <= rows || !self.counts.is_empty() {
            let counted = run_lengths(&self.fresh, self.width);
            self.fresh.clear();
            self.join(counted);
            self.patience = (BUFFER * self.width).max(self.distinct.len());
        } else {
            self.patience = PATIENCE * self.fresh.len();
        }
    }

    /// All rows as distinct rows, those gone taken off.
    fn count_all(&mut self) {
        self.sort();
        let counted = run_lengths(&self.fresh, self.width);
        self.fresh = Vec::new();
        self.join(counted);
        if self.gone.is_empty() {
            return;
        }
        let mut gone = std::mem::take(&mut self.gone);
        sort(&mut gone, self.width);
        let (rows, counts) = run_lengths(&gone, self.width);
        let taken: Vec<u64> = counts.iter().map(|count| count.wrapping_neg()).collect();
        self.join((rows, taken));
    }

    fn sort(&mut self) {
        sort(&mut self.fresh, self.width);
    }

    /// Merges distinct rows in; counts that come to nothing take their rows with them.
    fn join(&mut self, (rows, counts): (Vec<u64>, Vec<u64>)) {
        if self.counts.is_empty() {
            (self.distinct, self.counts) = (rows, counts);
            return;
        }
        let width = self.width;
        let (ours, our_counts) = (
            std::mem::take(&mut self.distinct),
            std::mem::take(&mut self.counts),
        );
        let mut left = ours.chunks_exact(width).zip(our_counts).peekable();
        let mut right = rows.chunks_exact(width).zip(counts).peekable();
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let ours = if order.is_le() { left.next() } else { None };
            let theirs = if order.is_ge() { right.next() } else { None };
            let row = ours.or(theirs).map_or(&[][..], |(row, _)| row);
            let count = ours
                .map_or(0, |(_, n)| n)
                .wrapping_add(theirs.map_or(0, |(_, n)| n));
            if count != 0 {
                self.distinct.extend_from_slice(row);
                self.counts.push(count);
            }
        }
    }
}

/// Fresh and distinct rows of a stratum as one run: each row once, in ascending order.
#[derive(Debug)]
pub(super) struct Counted<'a> {
    width: usize,
    fresh: &'a [u64],
    distinct: &'a [u64],
    counts: &'a [u64],
}

impl<'a> Counted<'a> {
    /// The next of single words that are all fresh, as most are: money and durations seldom repeat.
    #[inline]
    fn next_word(&mut self) -> Option<(&'a [u64], u64)> {
        let first = *self.fresh.first()?;
        let same = self.fresh[1..].iter().take_while(|word| **word == first);
        let count = 1 + same.count();
        let (row, rest) = (&self.fresh[..1], &self.fresh[count..]);
        self.fresh = rest;
        Some((row, count as u64))
    }

    /// How many rows may be left: those that repeat are counted several times.
    pub(super) fn at_most(&self) -> usize {
        (self.fresh.len() + self.distinct.len()) / self.width
    }
}

impl<'a> Iterator for Counted<'a> {
    type Item = (&'a [u64], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.width == 1 && self.distinct.is_empty() {
            return self.next_word();
        }
        let fresh = self.fresh.get(..self.width);
        let distinct = self.distinct.get(..self.width);
        let row = match (fresh, distinct) {
            (Some(fresh), Some(distinct)) => fresh.min(distinct),
            (fresh, distinct) => fresh.or(distinct)?,
        };
        let mut count = 0;
        while self.fresh.get(..self.width) == Some(row) {
            self.fresh = &self.fresh[self.width..];
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

/// Sorts rows of so many words; rows that are in order already, or are two such runs, cost one pass.
fn sort(words: &mut Vec<u64>, width: usize) {
    if width == 1 {
        words.sort();
        return;
    }
    let is_sorted = words.chunks_exact(width).is_sorted();
    if is_sorted {
        return;
    }
    let mut rows: Vec<&[u64]> = words.chunks_exact(width).collect();
    rows.sort();
    *words = rows.concat();
}

/// Sorted rows, each once, with how often it occurred.
fn run_lengths(words: &[u64], width: usize) -> (Vec<u64>, Vec<u64>) {
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

    fn counted(stratum: &mut Stratum) -> (Vec<u64>, Vec<u64>) {
        stratum.tidy();
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for (row, count) in stratum.rows() {
            rows.extend_from_slice(row);
            counts.push(count);
        }
        (rows, counts)
    }

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
        assert!(words.is_sorted());
        assert_eq!(
            words.iter().map(|w| number(*w)).collect::<Vec<_>>(),
            numbers
        );
        assert_eq!(word(-0.0), word(0.0));
    }

    #[test]
    fn rows_that_repeat_are_kept_once() {
        let mut stratum = Stratum::new(2);
        for row in 0..3 * BUFFER as u64 {
            stratum.add([row % 7, 1]);
        }
        assert!(stratum.len() < 2 * BUFFER + 20, "{}", stratum.len());
        let (rows, counts) = counted(&mut stratum);
        assert_eq!(
            (rows.len(), counts.iter().sum::<u64>()),
            (14, 3 * BUFFER as u64)
        );
        assert_eq!((&rows[..4], counts[0]), (&[0, 1, 1, 1][..], 28_087));
    }

    #[test]
    fn rows_that_do_not_repeat_stay_as_they_are() {
        let mut stratum = Stratum::new(1);
        (0..3 * BUFFER as u64)
            .rev()
            .for_each(|row| stratum.add([row]));
        assert!(stratum.counts.is_empty());
        let (rows, counts) = counted(&mut stratum);
        assert!(rows.is_sorted() && counts.iter().all(|count| *count == 1));
    }

    #[test]
    fn what_leaves_is_forgotten() {
        let mut stratum = Stratum::new(1);
        for row in 0..1000 {
            stratum.add([row]);
            if row >= 10 {
                stratum.remove([row - 10]);
            }
        }
        assert!(stratum.len() + stratum.gone.len() < 100);
        assert_eq!(counted(&mut stratum).0, (990..1000).collect::<Vec<_>>());
        let (fresh, distinct, counts) = stratum.into_parts();
        assert_eq!(fresh.len() + distinct.len(), 10);
        assert_eq!(counts.iter().sum::<u64>() + fresh.len() as u64, 10);
    }

    #[test]
    fn counted_rows_join_in_their_places() {
        let mut stratum = Stratum::new(1);
        stratum.append(vec![5, 5], Vec::new(), Vec::new());
        stratum.append(Vec::new(), vec![3], vec![9]);
        stratum.append(vec![4, 5], vec![1, 3], vec![6, 1]);
        assert_eq!(counted(&mut stratum), (vec![1, 3, 4, 5], vec![6, 10, 1, 3]));
    }
}
