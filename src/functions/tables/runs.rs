//! Rows in ascending order, and how several such runs become one table.

use std::cmp::Ordering;

use super::sorted::{Counted, Sorted, number};
use crate::statistics::Table;

/// The rows of a stratum as numbers, one after the other.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The row that comes next, and how often it occurred.
    row: Vec<f64>,
    count: u64,
    /// The places in a row of the words that a stratum keeps.
    wide: Vec<usize>,
    rest: Counted<'a>,
}

impl<'a> Run<'a> {
    /// The rows of a stratum: its words stand in these places of a row, which is else the same.
    pub(super) fn new(row: Vec<f64>, is_wide: &[bool], stratum: &'a Sorted) -> Self {
        let places = is_wide.iter().enumerate();
        let wide = places.filter_map(|(place, is_wide)| is_wide.then_some(place));
        Self {
            row,
            count: 0,
            wide: wide.collect(),
            rest: stratum.iter(),
        }
    }

    /// Goes to the next row; false after the last.
    #[inline]
    fn advance(&mut self) -> bool {
        let Some((words, count)) = self.rest.next() else {
            return false;
        };
        for (place, word) in self.wide.iter().zip(words) {
            self.row[*place] = number(*word);
        }
        self.count = count;
        true
    }

    #[inline]
    fn is_before(&self, other: &Self) -> bool {
        let order = self.row.partial_cmp(&other.row);
        order.is_some_and(Ordering::is_lt)
    }
}

/// The rows of all runs as one table; no row is in two of them.
pub(super) fn merged(mut runs: Vec<Run<'_>>, width: usize) -> Table {
    runs.retain_mut(Run::advance);
    let rows: usize = runs.iter().map(|run| 1 + run.rest.at_most()).sum();
    let (mut values, mut counts) = (Vec::new(), Vec::new());
    values.reserve_exact(rows * width);
    counts.reserve_exact(rows);
    // Runs stand with the least row last; the others seldom have to move.
    runs.sort_by(|a, b| {
        if a.is_before(b) {
            Ordering::Greater
        } else {
            Ordering::Less
        }
    });
    while let Some(mut run) = runs.pop() {
        let next = runs.last();
        let is_left = loop {
            values.extend_from_slice(&run.row);
            counts.push(run.count);
            if !run.advance() {
                break false;
            }
            if next.is_some_and(|next| next.is_before(&run)) {
                break true;
            }
        };
        if is_left {
            let place = runs.partition_point(|other| run.is_before(other));
            runs.insert(place, run);
        }
    }
    Table::of_parts(width, values, counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tables::sorted::word;
    use crate::functions::tables::stratum::Stratum;

    fn stratum(width: usize, rows: &[f64]) -> Sorted {
        let mut stratum = Stratum::new(width);
        let rows = rows.chunks_exact(width);
        rows.for_each(|row| stratum.add(row.iter().map(|value| word(*value))));
        stratum.tidy();
        stratum.sorted()
    }

    #[test]
    fn runs_become_one_table_in_order() {
        let strata = [
            stratum(1, &[5.0, 1.0, 5.0]),
            stratum(1, &[2.0]),
            stratum(1, &[9.0, -1.0, 2.0, 9.0]),
            stratum(1, &[]),
        ];
        let runs = strata.iter().zip([0.0, 1.0, 2.0, 3.0]);
        let runs = runs.map(|(stratum, code)| Run::new(vec![0.0, code], &[true, false], stratum));
        let table = merged(runs.collect(), 2);
        let rows: Vec<(Vec<f64>, u64)> = table.rows().map(|(row, n)| (row.to_vec(), n)).collect();
        let expected = [
            ([-1.0, 2.0], 1),
            ([1.0, 0.0], 1),
            ([2.0, 1.0], 1),
            ([2.0, 2.0], 1),
            ([5.0, 0.0], 2),
            ([9.0, 2.0], 2),
        ];
        assert_eq!(rows, expected.map(|(row, n)| (row.to_vec(), n)));
        assert!(merged(Vec::new(), 2).is_empty());
    }

    #[test]
    fn a_code_before_the_values_keeps_runs_apart() {
        let strata = [stratum(1, &[5.0, 1.0]), stratum(1, &[2.0, 0.0])];
        let runs = strata.iter().zip([7.0, 3.0]);
        let runs = runs.map(|(stratum, code)| Run::new(vec![code, 0.0], &[false, true], stratum));
        let table = merged(runs.collect(), 2);
        let rows: Vec<Vec<f64>> = table.rows().map(|(row, _)| row.to_vec()).collect();
        assert_eq!(rows, [[3.0, 0.0], [3.0, 2.0], [7.0, 1.0], [7.0, 5.0]]);
    }
}
