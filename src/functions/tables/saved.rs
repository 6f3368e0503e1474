//! The state of a group as bytes, little-endian: what partial aggregation, spilling and other
//! machines hand on.
//!
//! Codes mean something only where they were given, so a saved state spells its values out. Per
//! column: whether its values are numbered, and then the values (a bit pattern each, or a text).
//! Per part and cell: the key, then the count or the rows. Long runs of words follow as they lie, each
//! by itself, so that nobody copies them.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryViewArray, BinaryViewBuilder, ByteView, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, ToByteSlice};
use datafusion::common::{Result, exec_err, internal_datafusion_err};

use super::cell::{Cell, Key};
use super::coding::Coder;
use super::sorted::{LONG, Sorted, Words, word};

fn item() -> FieldRef {
    Arc::new(Field::new("item", DataType::BinaryView, false))
}

/// The type of a saved state: what was written, and the long runs behind it.
pub(super) fn state_type() -> DataType {
    DataType::List(item())
}

/// Writes states, one a group.
#[derive(Debug, Default)]
pub(super) struct Writer {
    /// Of the group at hand.
    bytes: Vec<u8>,
    runs: Vec<Words>,
    saved: BinaryViewBuilder,
    lengths: Vec<usize>,
}

impl Writer {
    /// The group is complete.
    pub(super) fn end_group(&mut self) -> Result<()> {
        self.saved.try_append_value(&self.bytes)?;
        self.bytes.clear();
        self.lengths.push(1 + self.runs.len());
        for run in self.runs.drain(..) {
            let bytes = run.into_inner();
            let Ok(length) = u32::try_from(bytes.len()) else {
                return exec_err!("a state of more than 4 GB");
            };
            let block = self.saved.append_block(bytes);
            self.saved.try_append_view(block, 0, length)?;
        }
        Ok(())
    }

    /// The states.
    pub(super) fn finish(mut self) -> ArrayRef {
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        Arc::new(ListArray::new(
            item(),
            offsets,
            Arc::new(self.saved.finish()),
            None,
        ))
    }

    pub(super) fn word(&mut self, word: u64) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    fn words(&mut self, words: &[u64]) {
        self.word(words.len() as u64);
        if cfg!(target_endian = "little") {
            self.bytes.extend_from_slice(words.to_byte_slice());
        } else {
            words.iter().for_each(|word| self.word(*word));
        }
    }

    fn run(&mut self, words: &Words) {
        if words.len() < LONG {
            return self.words(words);
        }
        self.word(words.len() as u64);
        self.runs.push(words.clone());
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
                    self.bytes.extend_from_slice(text.as_bytes());
                }
            }
        }
    }

    /// The cells of a part.
    pub(super) fn cells(&mut self, cells: &[(Key, Cell)]) {
        self.word(cells.len() as u64);
        for (key, cell) in cells {
            self.bytes.extend_from_slice(&key.codes.to_le_bytes());
            match cell {
                Cell::Count(count) => self.word(*count),
                Cell::Rows(sorted) => {
                    self.run(&sorted.rows);
                    self.run(&sorted.distinct);
                    self.run(&sorted.counts);
                }
            }
        }
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// What is left of what was written.
    bytes: &'a [u8],
    runs: std::vec::IntoIter<Words>,
}

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

/// A long run of words where it lies, or a copy where words cannot begin there.
fn run(states: &BinaryViewArray, place: usize) -> Words {
    let view = ByteView::from(states.views()[place]);
    let (offset, length) = (view.offset as usize, view.length as usize);
    let block = states.data_buffers().get(view.buffer_index as usize);
    let bytes = block.map(|block| block.slice_with_length(offset, length));
    match bytes {
        Some(bytes) if length > 12 && bytes.as_ptr().cast::<u64>().is_aligned() => {
            Words::from(bytes)
        }
        _ => {
            let words = states.value(place).chunks_exact(8);
            let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
            words.map(word).collect::<Vec<u64>>().into()
        }
    }
}

impl<'a> Reader<'a> {
    /// Of the state that lies at these places of what a [`Writer`] made.
    pub(super) fn new(states: &'a BinaryViewArray, places: std::ops::Range<usize>) -> Self {
        let runs: Vec<Words> = places
            .clone()
            .skip(1)
            .map(|place| run(states, place))
            .collect();
        Self {
            bytes: if places.is_empty() {
                &[]
            } else {
                states.value(places.start)
            },
            runs: runs.into_iter(),
        }
    }

    fn run(&mut self) -> Result<Words> {
        let ends_early = || internal_datafusion_err!("a saved state ends early");
        let length = usize::try_from(self.word()?).map_err(|_| ends_early())?;
        if length < LONG {
            return Ok(self.words(length)?.into());
        }
        self.runs
            .next()
            .filter(|run| run.len() == length)
            .ok_or_else(ends_early)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        match self.bytes.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.bytes = rest;
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
            .filter(|length| *length <= self.bytes.len())
            .map_or_else(|| exec_err!("a saved state ends early"), Ok)
    }

    fn words(&mut self, length: usize) -> Result<Vec<u64>> {
        let bytes = self.bytes(8 * length)?;
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        Ok(bytes.chunks_exact(8).map(word).collect())
    }

    /// Whether a column has many values, and those that are numbered.
    pub(super) fn values(&mut self, coder: &Coder) -> Result<(bool, Values)> {
        let is_wide = self.word()? != 0;
        let values = match coder {
            Coder::Numbers(_) => {
                let length = self.length()?;
                Values::Numbers(
                    self.words(length)?
                        .into_iter()
                        .map(f64::from_bits)
                        .collect(),
                )
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

    /// The cells of a part of which so many columns have many values.
    pub(super) fn cells(&mut self, group: usize, width: usize) -> Result<Vec<(Key, Cell)>> {
        let cells = self.length()?;
        let cell = |_| {
            let codes = u128::from_le_bytes(self.bytes(16)?.try_into().unwrap_or_default());
            let cell = match width {
                0 => Cell::Count(self.word()?),
                _ => Cell::Rows(Sorted {
                    width,
                    rows: self.run()?,
                    distinct: self.run()?,
                    counts: self.run()?,
                }),
            };
            Ok((Key { group, codes }, cell))
        };
        (0..cells).map(cell).collect()
    }
}
