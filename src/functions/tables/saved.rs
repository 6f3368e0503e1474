//! The state of a group as bytes, little-endian: what partial aggregation, spilling and other
//! machines hand on.
//!
//! Codes mean something only where they were given, so a saved state spells its values out. Per
//! column: whether its values are numbered, and then the values (a bit pattern each, or a text).
//! Per part and cell: the key, then the count or the rows. Long runs of words stand beside it as they
//! lie, so that nobody copies them.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, BinaryViewArray, BinaryViewBuilder, ByteView, LargeBinaryArray,
    ListArray,
};
use arrow::buffer::{Buffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, ToByteSlice};
use datafusion::common::{Result, exec_err, internal_datafusion_err};

use super::cell::{Cell, Key};
use super::coding::Coder;
use super::sorted::{LONG, Sorted, Words, none, word};

/// Set in the length of a run that stands beside the state.
const APART: u64 = 1 << 63;

fn item() -> FieldRef {
    Arc::new(Field::new("item", DataType::BinaryView, false))
}

/// The columns of saved states: what was written, and the long runs beside it.
pub(crate) fn table_state() -> Vec<Field> {
    vec![
        Field::new("tables", DataType::LargeBinary, false),
        Field::new("runs", DataType::List(item()), false),
    ]
}

/// Groups up to which long runs are handed on as they lie. A column of them is not cut: where states of
/// many groups are written to disk a few at a time, each of the few would take all runs along.
const FEW: usize = 64;

/// Writes states, one a group.
#[derive(Debug)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    lengths: Vec<usize>,
    /// From how many words on a run is handed on as it lies.
    long: usize,
    runs: BinaryViewBuilder,
    /// How many runs each group has.
    counts: Vec<usize>,
    /// Bytes and runs of the groups that are complete.
    complete: (usize, usize),
}

impl Writer {
    /// For so many groups.
    pub(super) fn new(groups: usize) -> Self {
        Self {
            bytes: Vec::new(),
            lengths: Vec::with_capacity(groups),
            long: if groups > FEW { usize::MAX } else { LONG },
            runs: BinaryViewBuilder::new(),
            counts: Vec::with_capacity(groups),
            complete: (0, 0),
        }
    }

    /// The group is complete.
    pub(super) fn end_group(&mut self) {
        let (bytes, runs) = (self.bytes.len(), self.runs.len());
        self.lengths.push(bytes - self.complete.0);
        self.counts.push(runs - self.complete.1);
        self.complete = (bytes, runs);
    }

    /// The states.
    pub(super) fn finish(mut self) -> Vec<ArrayRef> {
        let ends = OffsetBuffer::<i64>::from_lengths(self.lengths);
        let saved = LargeBinaryArray::new(ends, Buffer::from_vec(self.bytes), None);
        let ends = OffsetBuffer::from_lengths(self.counts);
        let runs = ListArray::new(item(), ends, Arc::new(self.runs.finish()), None);
        vec![Arc::new(saved), Arc::new(runs)]
    }

    fn word(&mut self, word: u64) {
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

    fn run(&mut self, words: &Words) -> Result<()> {
        if words.len() < self.long {
            self.words(words);
            return Ok(());
        }
        let bytes = words.clone().into_inner();
        let Ok(length) = u32::try_from(bytes.len()) else {
            return exec_err!("a state of more than 4 GB");
        };
        self.word(words.len() as u64 | APART);
        let block = self.runs.append_block(bytes);
        Ok(self.runs.try_append_view(block, 0, length)?)
    }

    /// The values of a column.
    pub(super) fn coder(&mut self, coder: &Coder) {
        // The rows of a column of many values say what they are.
        let values = if coder.is_wide() { 0 } else { coder.len() };
        self.values(coder, 0..values);
    }

    /// The only value of a column, by its code, or that it has many.
    pub(super) fn value(&mut self, coder: &Coder, code: u8) {
        let end = usize::from(code);
        self.values(coder, end.saturating_sub(1)..end);
    }

    /// Whether a column has many values, and those at these places.
    fn values(&mut self, coder: &Coder, places: Range<usize>) {
        self.word(u64::from(coder.is_wide()));
        self.word(places.len() as u64);
        for place in places {
            match coder {
                Coder::Numbers(numbers) => self.word(numbers.bits(place)),
                Coder::Texts(texts) => {
                    let text = &texts.texts()[place];
                    self.word(text.len() as u64);
                    self.bytes.extend_from_slice(text.as_bytes());
                }
            }
        }
    }

    /// A part with one cell of one row.
    pub(super) fn cell_of_row(&mut self, key: Key, words: &[u64]) {
        self.word(1);
        self.bytes.extend_from_slice(&key.codes.to_le_bytes());
        if words.is_empty() {
            self.word(1);
        } else {
            [words, &[], &[]]
                .into_iter()
                .for_each(|words| self.words(words));
        }
    }

    /// The cells of a part.
    pub(super) fn cells(&mut self, cells: &[(Key, Cell)]) -> Result<()> {
        self.word(cells.len() as u64);
        for (key, cell) in cells {
            self.bytes.extend_from_slice(&key.codes.to_le_bytes());
            match cell {
                Cell::Count(count) => self.word(*count),
                Cell::Rows(sorted) => {
                    self.run(&sorted.rows)?;
                    self.run(&sorted.distinct)?;
                    self.run(&sorted.counts)?;
                }
            }
        }
        Ok(())
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
    /// Of a state, and the runs beside it that stand at these places.
    pub(super) fn new(bytes: &'a [u8], runs: &BinaryViewArray, places: Range<usize>) -> Self {
        let runs: Vec<Words> = places.map(|place| run(runs, place)).collect();
        Self {
            bytes,
            runs: runs.into_iter(),
        }
    }

    fn run(&mut self) -> Result<Words> {
        let length = self.word()?;
        let ends_early = || internal_datafusion_err!("a saved state ends early");
        let words = usize::try_from(length & !APART).map_err(|_| ends_early())?;
        if length == 0 {
            return Ok(none());
        }
        if length & APART == 0 {
            return Ok(self.words(words)?.into());
        }
        let run = self.runs.next().filter(|run| run.len() == words);
        run.ok_or_else(ends_early)
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
        let bytes = self.bytes(length.saturating_mul(8))?;
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
