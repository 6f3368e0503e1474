//! The state of a group as bytes, little-endian: what partial aggregation, spilling and other
//! machines hand on.
//!
//! Codes mean something only where they were given, so a saved state spells its values out. Per
//! column: whether its values are numbered, and then the values (a bit pattern each, or a text).
//! Per part and cell: the key, then the count or the rows.

use std::sync::Arc;

use arrow::datatypes::ToByteSlice;
use datafusion::common::{Result, exec_err};

use super::cell::{Cell, CellRef, Key};
use super::coding::Coder;
use super::stratum::word;

/// Writes a state.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    /// With room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// The bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn word(&mut self, word: u64) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    fn words(&mut self, words: &[u64]) {
        self.word(words.len() as u64);
        if cfg!(target_endian = "little") {
            self.0.extend_from_slice(words.to_byte_slice());
        } else {
            words.iter().for_each(|word| self.word(*word));
        }
    }

    /// The values of a column.
    pub(super) fn coder(&mut self, coder: &Coder) {
        self.word(u64::from(coder.is_wide()));
        match coder {
            Coder::Numbers(_) => {
                let bits: Vec<u64> = coder.values().iter().map(|value| value.to_bits()).collect();
                self.words(&bits);
            }
            Coder::Texts(texts) => {
                self.word(texts.texts().len() as u64);
                for text in texts.texts() {
                    self.word(text.len() as u64);
                    self.0.extend_from_slice(text.as_bytes());
                }
            }
        }
    }

    /// The cells of a part.
    pub(super) fn cells(&mut self, cells: &[(Key, CellRef<'_>)]) {
        self.word(cells.len() as u64);
        for (key, cell) in cells {
            self.0.extend_from_slice(&key.codes.to_le_bytes());
            match cell {
                CellRef::Count(count) => self.word(*count),
                CellRef::Rows(fresh, distinct, counts) => {
                    [*fresh, *distinct, *counts]
                        .into_iter()
                        .for_each(|words| self.words(words));
                }
            }
        }
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

/// The values of a column as they were saved.
#[derive(Debug)]
pub(super) enum Values {
    Numbers(Vec<f64>),
    Texts(Vec<Arc<str>>),
}

impl Values {
    /// A number as a row keeps it.
    pub(super) fn word(&self, place: usize) -> u64 {
        match self {
            Self::Numbers(numbers) => word(numbers.get(place).copied().unwrap_or_default()),
            Self::Texts(_) => unreachable!("texts are always numbered"),
        }
    }
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        match self.0.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.0 = rest;
                Ok(bytes)
            }
            None => exec_err!("a saved state ends early"),
        }
    }

    pub(super) fn word(&mut self) -> Result<u64> {
        let bytes = self.bytes(8)?;
        Ok(u64::from_le_bytes(bytes.try_into().unwrap_or_default()))
    }

    fn length(&mut self) -> Result<usize> {
        // Nothing that is saved is longer than what is left, so a broken state takes no memory.
        let length = self.word()?;
        usize::try_from(length)
            .ok()
            .filter(|length| *length <= self.0.len())
            .map_or_else(|| exec_err!("a saved state ends early"), Ok)
    }

    fn words(&mut self) -> Result<Vec<u64>> {
        let length = self.length()?;
        let bytes = self.bytes(8 * length)?;
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        Ok(bytes.chunks_exact(8).map(word).collect())
    }

    /// Whether a column has many values, and those that are numbered.
    pub(super) fn values(&mut self, coder: &Coder) -> Result<(bool, Values)> {
        let is_wide = self.word()? != 0;
        let values = match coder {
            Coder::Numbers(_) => {
                Values::Numbers(self.words()?.into_iter().map(f64::from_bits).collect())
            }
            Coder::Texts(_) => {
                let texts = self.length()?;
                let text = |_| {
                    let length = self.length()?;
                    Ok(Arc::from(String::from_utf8_lossy(self.bytes(length)?)))
                };
                Values::Texts((0..texts).map(text).collect::<Result<_>>()?)
            }
        };
        Ok((is_wide, values))
    }

    /// The cells of a part; with rows where one of its columns has many values.
    pub(super) fn cells(&mut self, group: usize, has_rows: bool) -> Result<Vec<(Key, Cell)>> {
        let cells = self.length()?;
        let cell = |_| {
            let codes = u128::from_le_bytes(self.bytes(16)?.try_into().unwrap_or_default());
            let cell = if has_rows {
                Cell::Rows(self.words()?, self.words()?, self.words()?)
            } else {
                Cell::Count(self.word()?)
            };
            Ok((Key { group, codes }, cell))
        };
        (0..cells).map(cell).collect()
    }
}
