//! Rows of texts, numbers and flags as a table in memory.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::Result;

/// The rows of a table: its texts first, then its numbers and flags.
pub(super) struct Rows {
    texts: Vec<(&'static str, Vec<Option<String>>)>,
    numbers: Vec<(&'static str, Vec<i64>)>,
    flags: Vec<(&'static str, Vec<bool>)>,
}

/// A text that is there.
pub(super) fn text(text: impl Into<String>) -> Option<String> {
    Some(text.into())
}

impl Rows {
    /// Columns of text.
    pub(super) fn new<const N: usize>(names: [&'static str; N]) -> Self {
        Self {
            texts: names.map(|name| (name, Vec::new())).to_vec(),
            numbers: Vec::new(),
            flags: Vec::new(),
        }
    }

    /// And columns of integers.
    pub(super) fn with_numbers<const N: usize>(mut self, names: [&'static str; N]) -> Self {
        self.numbers = names.map(|name| (name, Vec::new())).to_vec();
        self
    }

    /// And columns that are true or false.
    pub(super) fn with_flags<const N: usize>(mut self, names: [&'static str; N]) -> Self {
        self.flags = names.map(|name| (name, Vec::new())).to_vec();
        self
    }

    /// Adds a row of texts.
    pub(super) fn push<const N: usize>(&mut self, texts: [Option<String>; N]) {
        self.push_all(texts, [], []);
    }

    /// Adds a row of texts, numbers and flags.
    pub(super) fn push_all<const N: usize, const M: usize, const K: usize>(
        &mut self,
        texts: [Option<String>; N],
        numbers: [i64; M],
        flags: [bool; K],
    ) {
        for ((_, column), text) in self.texts.iter_mut().zip(texts) {
            column.push(text);
        }
        for ((_, column), number) in self.numbers.iter_mut().zip(numbers) {
            column.push(number);
        }
        for ((_, column), flag) in self.flags.iter_mut().zip(flags) {
            column.push(flag);
        }
    }

    /// The rows as a batch.
    pub(super) fn batch(self) -> Result<RecordBatch> {
        let mut fields = Vec::new();
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (name, values) in self.texts {
            fields.push(Field::new(name, DataType::Utf8, true));
            columns.push(Arc::new(StringArray::from(values)));
        }
        for (name, values) in self.numbers {
            fields.push(Field::new(name, DataType::Int64, false));
            columns.push(Arc::new(Int64Array::from(values)));
        }
        for (name, values) in self.flags {
            fields.push(Field::new(name, DataType::Boolean, false));
            columns.push(Arc::new(BooleanArray::from(values)));
        }
        Ok(RecordBatch::try_new(
            Arc::new(Schema::new(fields)),
            columns,
        )?)
    }

    /// The rows as a table.
    pub(super) fn table(self) -> Result<Arc<dyn TableProvider>> {
        let batch = self.batch()?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
        Ok(Arc::new(table))
    }
}
