//! The rows of columns with many values, by group and the codes of the other columns.

use arrow::array::Array;
use datafusion::common::HashMap;

use super::cell::{Cell, Column, Key, bits_for};
use super::coding::MISSING;
use super::sorted::{Sorted, word};
use super::stratum::Stratum;
use crate::functions::fold::Rows;

/// Keys of a batch whose strata are remembered.
const SEEN: usize = 64;

/// Values after which it is worth to add up again what is kept.
const OFTEN: usize = 1 << 16;

/// Bits of codes up to which the stratum of each combination is looked up without hashing.
const FEW: u32 = 12;

/// All strata.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// Columns of many values.
    width: usize,
    places: HashMap<Key, usize>,
    strata: Vec<(Key, Stratum)>,
    /// What the strata kept when that was last added up: values, and bytes on the heap.
    known: (usize, usize),
    /// Values that came since.
    since: usize,
}

impl Strata {
    /// No rows yet, of so many columns of many values.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            places: HashMap::default(),
            strata: Vec::new(),
            known: (0, 0),
            since: 0,
        }
    }

    /// Takes note of values that came. What is kept is added up seldom, so that a row costs the same however
    /// many groups there are.
    fn note(&mut self, values: usize) {
        self.since += values;
        if self.since > OFTEN.max(4 * self.strata.len()) {
            self.add_up();
        }
    }

    /// Adds up what is kept.
    pub(super) fn add_up(&mut self) {
        let of_each = |(len, size): (usize, usize), (_, stratum): &(Key, Stratum)| {
            (len + stratum.len(), size + stratum.size())
        };
        self.known = self.strata.iter().fold((0, 0), of_each);
        self.since = 0;
    }

    /// Adds the rows of a batch that have all columns, or takes them away again.
    pub(super) fn add(&mut self, columns: &[&Column], rows: Rows<'_>, is_removal: bool) {
        let length = columns.first().map_or(0, |column| column.len());
        self.note(self.width * length);
        if !is_removal && matches!(rows, Rows::One) && self.add_words(columns) {
            return;
        }
        let values = |row: usize| columns.iter().filter_map(move |column| column.word(row));
        let mut seen: [Option<(Key, usize)>; SEEN] = [None; SEEN];
        for row in 0..length {
            if columns.iter().any(|column| column.is_missing(row)) {
                continue;
            }
            let key = Key::new(
                rows.group(row),
                columns.iter().map(|column| column.code(row)),
            );
            let slot = &mut seen[key.slot() % SEEN];
            let place = match *slot {
                Some((known, place)) if known == key => place,
                _ => self.place(key),
            };
            *slot = Some((key, place));
            let stratum = &mut self.strata[place].1;
            if is_removal {
                stratum.remove(values(row));
            } else {
                stratum.add(values(row));
            }
        }
    }

    /// Adds the rows of a batch of one group, one column of many values and few combinations of the
    /// others; false where it is another.
    fn add_words(&mut self, columns: &[&Column]) -> bool {
        let mut values = None;
        let mut coded: Vec<(usize, &[u8], u32)> = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            match column {
                Column::Values(_) if values.is_some() => return false,
                Column::Values(found) => values = Some(found),
                Column::Codes(codes) => {
                    let most = codes.iter().fold(0, |most: u8, code| most.max(*code));
                    coded.push((place, codes, bits_for(usize::from(most))));
                }
            }
        }
        let bits: u32 = coded.iter().map(|(.., bits)| bits).sum();
        let Some(values) = values.filter(|_| bits <= FEW) else {
            return false;
        };
        let mut index = vec![0_u16; values.len()];
        for (_, codes, bits) in &coded {
            for (at, code) in index.iter_mut().zip(*codes) {
                *at = *at << bits | u16::from(*code);
            }
        }
        let (unknown, nowhere) = (usize::MAX, usize::MAX - 1);
        let mut targets = vec![unknown; 1 << bits];
        let has_nulls = values.null_count() > 0;
        for (row, (at, value)) in index.iter().zip(values.values()).enumerate() {
            let target = &mut targets[usize::from(*at)];
            if *target == unknown {
                let has_all = coded.iter().all(|(_, codes, _)| codes[row] != MISSING);
                let codes = columns.iter().map(|column| column.code(row));
                *target = if has_all {
                    self.place(Key::new(0, codes))
                } else {
                    nowhere
                };
            }
            if *target != nowhere && !(has_nulls && values.is_null(row)) {
                self.strata[*target].1.push(word(*value));
            }
        }
        for target in targets.into_iter().filter(|target| *target < nowhere) {
            self.strata[target].1.settle_if_many();
        }
        true
    }

    fn place(&mut self, key: Key) -> usize {
        *self.places.entry(key).or_insert_with(|| {
            self.strata.push((key, Stratum::new(self.width)));
            self.strata.len() - 1
        })
    }

    /// Adds rows of a group and codes.
    pub(super) fn merge(&mut self, key: Key, rows: Sorted) {
        self.note(rows.rows.len() + rows.distinct.len());
        let place = self.place(key);
        self.strata[place].1.append(rows);
    }

    /// Puts all rows in order.
    pub(super) fn settle(&mut self) {
        let strata = self.strata.iter_mut();
        strata.for_each(|(_, stratum)| stratum.tidy());
        self.add_up();
    }

    /// The rows of all groups, once they are in order.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Key, Cell)> {
        let strata = self.strata.iter();
        strata.map(|(key, stratum)| (*key, Cell::Rows(stratum.sorted())))
    }

    /// The rows of these groups, split off.
    pub(super) fn take(&mut self, is_taken: impl Fn(usize) -> bool) -> Vec<(Key, Cell)> {
        let (taken, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.strata)
            .into_iter()
            .partition(|(key, _)| is_taken(key.group));
        self.number(left);
        let mut taken = Self {
            strata: taken,
            ..Self::new(self.width)
        };
        taken.settle();
        taken.cells().collect()
    }

    /// The groups that are left count from 0 again after so many were split off.
    pub(super) fn shift(&mut self, down: impl Fn(Key) -> Key) {
        let strata = std::mem::take(&mut self.strata).into_iter();
        self.number(strata.map(|(key, stratum)| (down(key), stratum)).collect());
    }

    fn number(&mut self, strata: Vec<(Key, Stratum)>) {
        let places = strata.iter().enumerate();
        self.places = places.map(|(place, (key, _))| (*key, place)).collect();
        self.strata = strata;
        self.add_up();
    }

    /// How many values are kept, or some that were counted since.
    pub(super) fn len(&self) -> usize {
        self.known.0 + self.since
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        (size_of::<(Key, usize)>() + 1) * self.places.capacity()
            + size_of::<(Key, Stratum)>() * self.strata.capacity()
            + self.known.1
            + 8 * self.since
    }
}
