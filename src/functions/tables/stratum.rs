//! Rows of columns with many values: kept as they come, and counted as soon as that is shorter.
//!
//! Money and durations have up to as many values as there are rows. A row is then one 64-bit word a
//! column, eight bytes; where values repeat, the rows are sorted now and then and kept once, with
//! how often each occurred.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::sorted::{LONG, Sorted, Words, merged, none, run_lengths, sort};

/// Rows that are kept as they come before it is tried whether counting them is shorter.
const BUFFER: usize = 1 << 16;

/// How much longer it is waited where counting was not shorter.
const PATIENCE: usize = 8;

/// Rows of some columns, as words.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    width: usize,
    /// Rows as they came.
    fresh: Vec<u64>,
    /// Rows in ascending order that came from elsewhere, or were put in order here.
    runs: VecDeque<Words>,
    /// Distinct rows in ascending order.
    distinct: Words,
    /// How often each distinct row occurred.
    counts: Words,
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
            runs: VecDeque::new(),
            distinct: none(),
            counts: none(),
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

    /// Adds a row of one word; [`Self::settle_if_many`] is due soon.
    #[inline]
    pub(super) fn push(&mut self, word: u64) {
        self.fresh.push(word);
    }

    /// Counts the rows where there are so many that it may be shorter.
    pub(super) fn settle_if_many(&mut self) {
        if self.waiting() >= self.patience {
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

    /// Adds the rows of another stratum.
    pub(super) fn append(&mut self, other: Sorted) {
        let is_run = self.width == 1 && other.rows.len() >= LONG && other.rows.is_sorted();
        if is_run {
            self.runs.push_back(other.rows);
        } else {
            self.fresh.extend_from_slice(&other.rows);
        }
        if !other.counts.is_empty() {
            self.join(other.distinct, other.counts);
        }
        self.settle_if_many();
    }

    /// Puts all rows in order and takes off those that are gone.
    pub(super) fn tidy(&mut self) {
        if !self.gone.is_empty() {
            self.count_all();
        }
        self.order();
    }

    /// The rows of a tidy stratum.
    pub(super) fn sorted(&self) -> Sorted {
        Sorted {
            width: self.width,
            rows: self.runs.front().cloned().unwrap_or_else(none),
            distinct: self.distinct.clone(),
            counts: self.counts.clone(),
        }
    }

    /// How many values are kept.
    pub(super) fn len(&self) -> usize {
        self.waiting() + self.distinct.len()
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        // By length: runs may share a buffer with others, which would each count all of it.
        let runs: usize = self.runs.iter().map(|run| run.len()).sum();
        let counted = self.distinct.len() + self.counts.len();
        8 * (self.fresh.capacity() + self.gone.capacity() + runs + counted)
    }

    /// Values of rows that are not counted.
    fn waiting(&self) -> usize {
        self.fresh.len() + self.runs.iter().map(|run| run.len()).sum::<usize>()
    }

    /// Counts the rows if that halves them; else waits until there are many more.
    fn settle(&mut self) {
        let rows = self.waiting() / self.width;
        if self.counts.is_empty() && !self.seems_to_repeat(rows) {
            self.patience = PATIENCE * self.waiting();
            return;
        }
        self.order();
        let run = self.runs.pop_front().unwrap_or_else(none);
        let (all, next) = (
            run.chunks_exact(self.width),
            run.chunks_exact(self.width).skip(1),
        );
        let distinct = 1 + all.zip(next).filter(|(row, next)| row != next).count();
        if 2 * distinct <= rows || !self.counts.is_empty() {
            self.count(&run);
            self.patience = (BUFFER * self.width).max(self.distinct.len());
        } else {
            self.patience = PATIENCE * run.len();
            self.runs.push_back(run);
        }
    }

    /// Whether half of the rows, or fewer, may be distinct, as a sample has it: of rows that have each
    /// value twice a sample of s has s² / 2n pairs of the same value, here 64, or many times that of
    /// rows that repeat more often. To sort and count all of them only to find out would take longer
    /// than all else.
    fn seems_to_repeat(&self, rows: usize) -> bool {
        const PAIRS: usize = 64;
        let size = (PAIRS * rows).isqrt();
        // A fixed sequence without a pattern (Weyl), so that equal inputs are treated alike.
        let place = |draw: u64| {
            let mixed = (draw + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            ((u128::from(mixed) * rows as u128) >> 64) as usize
        };
        let mut places: Vec<usize> = (0..size as u64).map(place).collect();
        places.sort_unstable();
        places.dedup();
        let mut sample: Vec<&[u64]> = places.into_iter().map(|place| self.row(place)).collect();
        sample.sort_unstable();
        let pairs = sample.windows(2).filter(|pair| pair[0] == pair[1]).count();
        2 * pairs >= PAIRS
    }

    /// A row that is not counted, by its place.
    fn row(&self, place: usize) -> &[u64] {
        let mut at = place * self.width;
        for run in &self.runs {
            if at < run.len() {
                return &run[at..at + self.width];
            }
            at -= run.len();
        }
        &self.fresh[at..at + self.width]
    }

    /// All rows as distinct rows, those gone taken off.
    fn count_all(&mut self) {
        self.order();
        let run = self.runs.pop_front().unwrap_or_else(none);
        self.count(&run);
        if self.gone.is_empty() {
            return;
        }
        let mut gone = std::mem::take(&mut self.gone);
        sort(&mut gone, self.width);
        let (rows, counts) = run_lengths(&gone, self.width);
        let taken: Vec<u64> = counts.iter().map(|count| count.wrapping_neg()).collect();
        self.join(rows.into(), taken.into());
    }

    /// The rows of a run as distinct rows.
    fn count(&mut self, run: &[u64]) {
        let (distinct, counts) = run_lengths(run, self.width);
        self.join(distinct.into(), counts.into());
    }

    /// All rows that are not counted as one run.
    fn order(&mut self) {
        if !self.fresh.is_empty() {
            let mut fresh = std::mem::take(&mut self.fresh);
            sort(&mut fresh, self.width);
            self.runs.push_back(fresh.into());
        }
        // The two that were merged longest ago are the shortest.
        while self.runs.len() > 1 {
            let (a, b) = (self.runs.pop_front(), self.runs.pop_front());
            if let (Some(a), Some(b)) = (a, b) {
                self.runs.push_back(merged(&a, &b, self.width).into());
            }
        }
    }

    /// Merges distinct rows in; counts that come to nothing take their rows with them.
    fn join(&mut self, rows: Words, counts: Words) {
        if self.counts.is_empty() {
            (self.distinct, self.counts) = (rows, counts);
            return;
        }
        let width = self.width;
        let mut distinct = Vec::with_capacity(self.distinct.len() + rows.len());
        let mut sums = Vec::with_capacity(self.counts.len() + counts.len());
        let ours = self.distinct.chunks_exact(width).zip(self.counts.iter());
        let theirs = rows.chunks_exact(width).zip(counts.iter());
        let (mut left, mut right) = (ours.peekable(), theirs.peekable());
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
            let of = |side: Option<(&[u64], &u64)>| side.map_or(0, |(_, count)| *count);
            let count = of(ours).wrapping_add(of(theirs));
            if count != 0 {
                distinct.extend_from_slice(row);
                sums.push(count);
            }
        }
        (self.distinct, self.counts) = (distinct.into(), sums.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(stratum: &mut Stratum) -> (Vec<u64>, Vec<u64>) {
        stratum.tidy();
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for (row, count) in stratum.sorted().iter() {
            rows.extend_from_slice(row);
            counts.push(count);
        }
        (rows, counts)
    }

    /// A number without a pattern.
    fn mixed(row: u64) -> u64 {
        (row + 7)
            .wrapping_mul(0xBF58_476D_1CE4_E5B9)
            .rotate_left(29)
            .wrapping_mul(0x94D0_49BB_1331_11EB)
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

    /// Whether rows repeat is seen in a sample, in whatever order they come.
    #[test]
    fn a_sample_shows_whether_rows_repeat() {
        let rows = 8 * BUFFER as u64;
        for each in [3, 4, 10, 1000] {
            for is_in_order in [true, false] {
                let mut stratum = Stratum::new(1);
                let value = |row: u64| {
                    if is_in_order {
                        row / each
                    } else {
                        mixed(row) % (rows / each)
                    }
                };
                (0..rows).for_each(|row| stratum.add([value(row)]));
                stratum.settle();
                assert!(!stratum.counts.is_empty(), "{each} {is_in_order}");
                assert_eq!(counted(&mut stratum).1.iter().sum::<u64>(), rows);
            }
        }
        let mut stratum = Stratum::new(1);
        (0..rows).for_each(|row| stratum.add([mixed(row)]));
        stratum.settle();
        assert!(stratum.counts.is_empty() && stratum.runs.is_empty());
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
        assert_eq!(stratum.sorted().n(), 10);
        assert!(stratum.size() > 0);
    }

    #[test]
    fn counted_rows_join_in_their_places() {
        let sorted = |rows: Vec<u64>, distinct: Vec<u64>, counts: Vec<u64>| Sorted {
            rows: rows.into(),
            ..Sorted::counted(1, distinct, counts)
        };
        let mut stratum = Stratum::new(1);
        stratum.append(sorted(vec![5, 5], Vec::new(), Vec::new()));
        stratum.append(sorted(Vec::new(), vec![3], vec![9]));
        stratum.append(sorted(vec![4, 5], vec![1, 3], vec![6, 1]));
        assert_eq!(counted(&mut stratum), (vec![1, 3, 4, 5], vec![6, 10, 1, 3]));
    }

    #[test]
    fn long_runs_are_taken_over_and_merged() {
        let run = |from: u64| Sorted {
            rows: (0..2 * LONG as u64)
                .map(|row| 5 * row + from)
                .collect::<Vec<_>>()
                .into(),
            ..Sorted::none(1)
        };
        let mut stratum = Stratum::new(1);
        for from in 0..5 {
            stratum.append(run(from));
        }
        stratum.add([3]);
        assert_eq!((stratum.runs.len(), stratum.fresh.len()), (5, 1));
        let (rows, counts) = counted(&mut stratum);
        assert_eq!(rows, (0..10 * LONG as u64).collect::<Vec<_>>());
        assert_eq!((counts[3], counts[2], stratum.runs.len()), (2, 1, 1));
        // What is in no order is not taken for a run.
        let mut stratum = Stratum::new(1);
        let rows: Vec<u64> = (0..2 * LONG as u64).rev().collect();
        stratum.append(Sorted {
            rows: rows.into(),
            ..Sorted::none(1)
        });
        assert!(counted(&mut stratum).0.is_sorted() && stratum.runs.len() == 1);
    }
}
