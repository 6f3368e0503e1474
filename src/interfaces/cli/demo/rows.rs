//! The answer of a query of the library as columns by name.

use arrow::array::{Array as _, Float64Array, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;

use crate::engine::Engine;
use crate::error::{Error, Result};

/// All rows of a query.
#[derive(Debug)]
pub(super) struct Rows {
    name: &'static str,
    batch: RecordBatch,
}

impl Rows {
    /// Runs a query with its defaults.
    pub(super) async fn of(engine: &Engine, name: &'static str) -> Result<Self> {
        let answer = engine.named(name, &[]).await?;
        let schema = answer.schema();
        let batches = answer.collect().await?;
        let batch = concat_batches(&schema, &batches)
            .map_err(|error| Error::Internal(format!("{name}: {error}")))?;
        Ok(Self { name, batch })
    }

    /// Rows made by hand.
    #[cfg(test)]
    pub(super) fn made(batch: RecordBatch) -> Self {
        Self {
            name: "made",
            batch,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column of numbers.
    pub(super) fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>> {
        let array = self.column(column, &DataType::Float64)?;
        let numbers = array.as_any().downcast_ref::<Float64Array>();
        Ok(numbers
            .map(|numbers| numbers.iter().collect())
            .unwrap_or_default())
    }

    /// A column of texts; NULL is empty.
    pub(super) fn texts(&self, column: &str) -> Result<Vec<String>> {
        let array = self.column(column, &DataType::Utf8)?;
        let texts = array.as_any().downcast_ref::<StringArray>();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Ok(texts
            .map(|texts| texts.iter().map(text).collect())
            .unwrap_or_default())
    }

    fn column(&self, column: &str, kind: &DataType) -> Result<arrow::array::ArrayRef> {
        let array = self.batch.column_by_name(column).ok_or_else(|| {
            Error::Internal(format!("the query {} gives no column {column}", self.name))
        })?;
        cast(array, kind)
            .map_err(|error| Error::Internal(format!("{}, {column}: {error}", self.name)))
    }
}
