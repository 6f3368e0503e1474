//! How often each combination of some columns occurred, in every group.
//!
//! While the columns have few values and the groups are few, a row adds one to a place in a flat
//! table. With many groups or combinations only those that occur are kept; a column of many values
//! keeps its rows, sorted and counted where that is shorter.

use datafusion::common::HashMap;

use super::cell::{CODED, Cell, Column, Key, bits_for, cells_of, codes_of, place_of, places_of};
use super::coding::{Coder, MISSING};
use super::levels::Levels;
use super::runs::{Run, merged};
use super::sorted::{Sorted, word};
use super::strata::Strata;
use crate::functions::fold::Rows;
use crate::statistics::Table;

/// Places of a flat table, over all groups: half a megabyte.
const PLACES: usize = 1 << 16;

/// The combinations of some columns.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The columns, by their places among all arguments.
    pub(super) columns: Vec<usize>,
    /// Which of them have many values.
    pub(super) wide: Vec<bool>,
    counts: Counts,
}

#[derive(Debug, Clone)]
enum Counts {
    /// A place for each group and combination; so many bits of it for each column.
    Flat { bits: Vec<u32>, places: Vec<u64> },
    /// Combinations that occurred.
    Sparse(HashMap<Key, u64>),
    /// Rows of the columns of many values, by combination of the others.
    Rows(Strata),
}

impl Part {
    /// No rows yet.
    pub(super) fn new(columns: Vec<usize>) -> Self {
        let width = columns.len();
        Self {
            wide: vec![false; width],
            columns,
            counts: Counts::Flat {
                bits: vec![1; width],
                places: Vec::new(),
            },
        }
    }

    /// The columns that a key has no room for.
    pub(super) fn beyond_keys(&self) -> &[usize] {
        self.columns.get(CODED..).unwrap_or_default()
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn wide_width(&self) -> usize {
        self.wide.iter().filter(|is_wide| **is_wide).count()
    }

    /// Makes room for groups and codes.
    pub(super) fn fit(&mut self, groups: usize, coders: &[Coder]) {
        let Counts::Flat { bits, places } = &mut self.counts else {
            return;
        };
        let needed: Vec<u32> = self
            .columns
            .iter()
            .map(|column| bits_for(coders[*column].len()))
            .collect();
        let total: u32 = needed.iter().sum();
        let room = groups
            .checked_shl(total)
            .filter(|room| total < 32 && *room <= PLACES);
        match room {
            Some(room) if needed == *bits => places.resize(places.len().max(room), 0),
            Some(room) => {
                let mut moved = vec![0; room];
                let group_of = |key: Key| place_of(key, &needed);
                for (key, count) in cells_of(bits, places) {
                    moved[group_of(key)] = count;
                }
                (*bits, *places) = (needed, moved);
            }
            None => {
                let cells = cells_of(bits, places).collect();
                self.counts = Counts::Sparse(cells);
            }
        }
    }

    /// Adds the rows of a batch that have all columns, or takes them away again.
    pub(super) fn add(&mut self, batch: &[Column], rows: Rows<'_>, is_removal: bool) {
        let step = if is_removal { 1_u64.wrapping_neg() } else { 1 };
        match &mut self.counts {
            Counts::Flat { bits, places } => {
                let codes = codes_of(&self.columns, batch);
                for place in places_of(&codes, bits, rows) {
                    let count = &mut places[place as usize];
                    *count = count.wrapping_add(step);
                }
            }
            Counts::Sparse(counts) => {
                let codes = codes_of(&self.columns, batch);
                let length = codes.first().map_or(0, |codes| codes.len());
                for row in 0..length {
                    let row_codes = codes.iter().map(|codes| codes[row]);
                    if row_codes.clone().any(|code| code == MISSING) {
                        continue;
                    }
                    let count = counts
                        .entry(Key::new(rows.group(row), row_codes))
                        .or_default();
                    *count = count.wrapping_add(step);
                }
            }
            Counts::Rows(strata) => {
                let columns: Vec<&Column> =
                    self.columns.iter().map(|column| &batch[*column]).collect();
                strata.add(&columns, rows, is_removal);
            }
        }
    }

    /// A column turns out to have many values; until now its codes stood for these.
    pub(super) fn widen(&mut self, place: usize, values: &[f64]) {
        if self.wide[place] {
            return;
        }
        let old = self.take_cells(|_| true);
        self.wide[place] = true;
        self.counts = Counts::Rows(Strata::new(self.wide_width()));
        // Where the word goes among those of the other wide columns.
        let at = self.wide[..place]
            .iter()
            .filter(|is_wide| **is_wide)
            .count();
        for (key, cell) in old {
            let Some(value) = usize::from(key.code(place))
                .checked_sub(1)
                .and_then(|code| values.get(code))
            else {
                continue; // a row without a value is in no cell
            };
            self.merge(key.without(place), cell.gain(at, word(*value)));
        }
    }

    /// Which columns have many values in a state in which these have.
    pub(super) fn wide_where(&self, is_wide: impl Fn(usize) -> bool) -> Vec<bool> {
        self.columns.iter().map(|column| is_wide(*column)).collect()
    }

    /// Adds a saved cell whose codes have been made those of this store.
    pub(super) fn merge(&mut self, key: Key, cell: Cell) {
        if let (Counts::Flat { bits, places }, Cell::Count(count)) = (&mut self.counts, &cell) {
            let place = place_of(key, bits);
            places[place] = places[place].wrapping_add(*count);
            return;
        }
        match (&mut self.counts, cell) {
            (Counts::Sparse(counts), Cell::Count(count)) => {
                let known = counts.entry(key).or_default();
                *known = known.wrapping_add(count);
            }
            (Counts::Rows(strata), Cell::Rows(rows)) => strata.merge(key, rows),
            _ => unreachable!("a cell has rows exactly where its part keeps rows"),
        }
    }

    /// Puts all rows in order.
    pub(super) fn settle(&mut self) {
        if let Counts::Rows(strata) = &mut self.counts {
            strata.settle();
        }
    }

    /// Adds up what is kept.
    pub(super) fn add_up(&mut self) {
        if let Counts::Rows(strata) = &mut self.counts {
            strata.add_up();
        }
    }

    /// The cells of all groups in order, where they lie; the part is settled.
    pub(super) fn cells(&self) -> Vec<(Key, Cell)> {
        let count = |(key, count): (Key, u64)| (key, Cell::Count(count));
        let mut cells: Vec<(Key, Cell)> = match &self.counts {
            Counts::Flat { bits, places } => cells_of(bits, places).map(count).collect(),
            Counts::Sparse(counts) => counts.iter().map(|(key, n)| count((*key, *n))).collect(),
            Counts::Rows(strata) => strata.cells().collect(),
        };
        cells.retain(|(_, cell)| !matches!(cell, Cell::Count(0)));
        cells.sort_unstable_by_key(|(key, _)| *key);
        cells
    }

    /// The cells of these groups, split off.
    pub(super) fn take_cells(&mut self, is_taken: impl Fn(usize) -> bool) -> Vec<(Key, Cell)> {
        let mut cells: Vec<(Key, Cell)> = match &mut self.counts {
            Counts::Flat { bits, places } => {
                let taken = cells_of(bits, places).filter(|(key, _)| is_taken(key.group));
                let taken: Vec<(Key, u64)> = taken.collect();
                for (key, _) in &taken {
                    places[place_of(*key, bits)] = 0;
                }
                taken
                    .into_iter()
                    .map(|(key, count)| (key, Cell::Count(count)))
                    .collect()
            }
            Counts::Sparse(counts) => {
                let taken = counts.extract_if(|key, _| is_taken(key.group));
                taken
                    .map(|(key, count)| (key, Cell::Count(count)))
                    .collect()
            }
            Counts::Rows(strata) => strata.take(is_taken),
        };
        cells.retain(|(_, cell)| !matches!(cell, Cell::Count(0)));
        cells.sort_unstable_by_key(|(key, _)| *key);
        cells
    }

    /// The groups that are left count from 0 again after so many were split off.
    pub(super) fn shift(&mut self, groups: usize) {
        let down = |key: Key| Key {
            group: key.group - groups,
            ..key
        };
        match &mut self.counts {
            Counts::Flat { bits, places } => {
                let gone = groups << bits.iter().sum::<u32>();
                places.drain(..gone.min(places.len()));
            }
            Counts::Sparse(counts) => {
                *counts = std::mem::take(counts)
                    .into_iter()
                    .map(|(key, n)| (down(key), n))
                    .collect();
            }
            Counts::Rows(strata) => strata.shift(down),
        }
    }

    /// The tables of the first groups, in order, each made when it is asked for.
    pub(super) fn tables(&self, groups: usize, coders: &[Coder]) -> impl Iterator<Item = Table> {
        self.rows(groups, coders).map(|cells| {
            let (mut rows, mut counts) = (Vec::new(), Vec::new());
            let mut strata = Vec::new();
            for (row, cell) in cells {
                match cell {
                    Cell::Count(count) => {
                        rows.extend(row);
                        counts.push(count);
                    }
                    Cell::Rows(sorted) => strata.push((row, sorted)),
                }
            }
            if strata.is_empty() {
                return Table::of_parts(self.width(), rows, counts);
            }
            let runs = strata.iter();
            let runs = runs.map(|(row, sorted)| Run::new(Vec::clone(row), &self.wide, sorted));
            merged(runs.collect(), self.width())
        })
    }

    /// The values of the first column of the first groups, by the flag that is the second, in order.
    pub(super) fn levels(&self, groups: usize, coders: &[Coder]) -> impl Iterator<Item = Levels> {
        self.rows(groups, coders).map(|cells| {
            let mut sides = [(); 2].map(|()| Sorted::none(1));
            let mut counted: [Vec<(u64, u64)>; 2] = Default::default();
            for (row, cell) in cells {
                let side = usize::from(row[1] <= 0.0);
                match cell {
                    Cell::Count(count) => counted[side].push((word(row[0]), count)),
                    Cell::Rows(rows) => sides[side] = rows,
                }
            }
            for (side, mut counted) in sides.iter_mut().zip(counted) {
                counted.sort_unstable();
                if !counted.is_empty() {
                    let (words, counts) = counted.into_iter().unzip();
                    *side = Sorted::counted(1, words, counts);
                }
            }
            let [with, without] = sides;
            Levels::new(with, without)
        })
    }

    /// The cells of each of the first groups, in order, with the values that their codes stand for.
    fn rows(&self, groups: usize, coders: &[Coder]) -> impl Iterator<Item = Vec<(Vec<f64>, Cell)>> {
        let columns = self.columns.iter();
        let values: Vec<Vec<f64>> = columns.map(|column| coders[*column].values()).collect();
        let mut cells = self.cells().into_iter().peekable();
        (0..groups).map(move |group| {
            let own = std::iter::from_fn(|| cells.next_if(|(key, _)| key.group == group));
            own.map(|(key, cell)| (self.coded(key, &values), cell))
                .collect()
        })
    }

    /// The values that the codes of a key stand for; 0 for columns of many values.
    fn coded(&self, key: Key, values: &[Vec<f64>]) -> Vec<f64> {
        let value = |place: usize| match usize::from(key.code(place)) {
            0 => 0.0,
            code => values[place][code - 1],
        };
        (0..self.width()).map(value).collect()
    }

    /// How many distinct rows or buffered values are kept.
    pub(super) fn len(&self) -> usize {
        match &self.counts {
            Counts::Flat { .. } => 0,
            Counts::Sparse(counts) => counts.len(),
            Counts::Rows(strata) => strata.len(),
        }
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        match &self.counts {
            Counts::Flat { places, .. } => 8 * places.capacity(),
            Counts::Sparse(counts) => (size_of::<(Key, u64)>() + 1) * counts.capacity(),
            Counts::Rows(strata) => strata.size(),
        }
    }
}
