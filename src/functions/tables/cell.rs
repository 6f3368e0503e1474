//! Cells: one combination of codes in one group, and their places in a flat table.

use arrow::array::{Array, Float64Array};

use super::coding::MISSING;
use super::sorted::{Sorted, word};
use crate::functions::fold::Rows;

/// Columns whose codes fit into one key, a byte each.
pub(super) const CODED: usize = 16;

/// One column of a batch.
#[derive(Debug)]
pub(super) enum Column {
    /// Codes of few values.
    Codes(Vec<u8>),
    /// Many values.
    Values(Float64Array),
}

/// A group and the codes of its columns of few values, a byte each; columns of many values have 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) group: usize,
    pub(super) codes: u128,
}

impl Key {
    pub(super) fn new(group: usize, codes: impl IntoIterator<Item = u8>) -> Self {
        let codes = codes.into_iter().take(CODED).enumerate();
        let codes = codes.fold(0, |key, (place, code)| {
            key | (u128::from(code) << (8 * place))
        });
        Self { group, codes }
    }

    /// A small number that keys of a batch seldom share.
    pub(super) fn slot(self) -> usize {
        let bytes = self.codes.to_le_bytes();
        bytes.iter().fold(self.group, |slot, code| {
            slot.wrapping_mul(5).wrapping_add(usize::from(*code))
        })
    }

    /// The key with codes of its own for each column; 0 stands for none.
    pub(super) fn recoded(self, code: impl Fn(usize, u8) -> u8) -> Self {
        let codes = self.codes.to_le_bytes();
        let codes = codes.into_iter().enumerate();
        let given = codes.map(|(place, known)| {
            if known == MISSING {
                MISSING
            } else {
                code(place, known)
            }
        });
        Self::new(self.group, given)
    }

    /// The key without the code of a column.
    pub(super) fn without(self, place: usize) -> Self {
        self.recoded(|other, code| if other == place { MISSING } else { code })
    }

    /// The code of a column.
    pub(super) fn code(self, place: usize) -> u8 {
        self.codes
            .to_le_bytes()
            .get(place)
            .copied()
            .unwrap_or(MISSING)
    }
}

/// One combination of codes in one group, as it is handed on: how often it occurred, or the rows of
/// the columns of many values.
#[derive(Debug)]
pub(super) enum Cell {
    /// Without columns of many values.
    Count(u64),
    /// With them.
    Rows(Sorted),
}

impl Cell {
    /// The cell with a word more in each row, the same in all.
    pub(super) fn gain(self, at: usize, word: u64) -> Self {
        Self::Rows(match self {
            Self::Count(count) => Sorted::counted(1, vec![word], vec![count]),
            Self::Rows(rows) => rows.gain(at, word),
        })
    }
}

impl Column {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.len(),
            Self::Values(values) => values.len(),
        }
    }

    pub(super) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Codes(codes) => codes[row] == MISSING,
            Self::Values(values) => values.is_null(row),
        }
    }

    /// The word of a value; none of a code.
    pub(super) fn word(&self, row: usize) -> Option<u64> {
        match self {
            Self::Codes(_) => None,
            Self::Values(values) => Some(word(values.value(row))),
        }
    }

    pub(super) fn code(&self, row: usize) -> u8 {
        match self {
            Self::Codes(codes) => codes[row],
            Self::Values(_) => MISSING,
        }
    }
}

/// Bits that codes up to this need, and the code of a missing value.
pub(super) fn bits_for(codes: usize) -> u32 {
    usize::BITS - codes.leading_zeros()
}

/// The place of a cell in a flat table.
pub(super) fn place_of(key: Key, bits: &[u32]) -> usize {
    let codes = bits.iter().enumerate();
    codes.fold(key.group, |place, (column, bits)| {
        (place << bits) | usize::from(key.code(column))
    })
}

/// What stands at a place of a flat table: the group, and the codes of the columns.
pub(super) fn codes_at(mut place: usize, bits: &[u32]) -> (usize, Vec<u8>) {
    let mut codes = vec![MISSING; bits.len()];
    for (code, bits) in codes.iter_mut().zip(bits).rev() {
        *code = u8::try_from(place & ((1 << bits) - 1)).unwrap_or(MISSING);
        place >>= bits;
    }
    (place, codes)
}

/// The cells of a flat table that have all columns and occurred.
pub(super) fn cells_of(bits: &[u32], places: &[u64]) -> impl Iterator<Item = (Key, u64)> {
    let decoded = move |place: usize| {
        let (group, codes) = codes_at(place, bits);
        (codes.iter().all(|code| *code != MISSING)).then(|| Key::new(group, codes))
    };
    let cells = places.iter().enumerate().filter(|(_, count)| **count != 0);
    cells.filter_map(move |(place, count)| Some((decoded(place)?, *count)))
}

pub(super) fn codes_of<'a>(columns: &[usize], batch: &'a [Column]) -> Vec<&'a [u8]> {
    let codes = |column: &usize| match &batch[*column] {
        Column::Codes(codes) => codes.as_slice(),
        Column::Values(_) => unreachable!("a part is widened before its batch is added"),
    };
    columns.iter().map(codes).collect()
}

/// The place of each row in a flat table; those with something missing have places of their own, which
/// nobody reads, so that no row needs a question.
pub(super) fn places_of(codes: &[&[u8]], bits: &[u32], rows: Rows<'_>) -> Vec<u32> {
    let length = codes.first().map_or(0, |codes| codes.len());
    let mut index: Vec<u32> = match rows {
        Rows::One => vec![0; length],
        #[expect(
            clippy::cast_possible_truncation,
            reason = "flat tables have few groups"
        )]
        Rows::Each { of, .. } => of.iter().map(|group| *group as u32).collect(),
    };
    for (codes, bits) in codes.iter().zip(bits) {
        for (place, code) in index.iter_mut().zip(*codes) {
            *place = (*place << bits) | u32::from(*code);
        }
    }
    index
}
