//! The answer to a statement: its schema at once, its rows as a stream of batches.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::UInt64Array;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use futures::Stream;

use super::progress::Progress;
use crate::error::{Error, Result};

/// Rows of a statement as they come; dropping it stops the statement.
pub struct Answer {
    schema: SchemaRef,
    batches: Pin<Box<dyn Stream<Item = Result<RecordBatch>> + Send>>,
    remarks: Vec<String>,
    progress: Option<Progress>,
}

impl Answer {
    /// An answer of these batches.
    pub fn new(
        schema: SchemaRef,
        batches: impl Stream<Item = Result<RecordBatch>> + Send + 'static,
    ) -> Self {
        Self {
            schema,
            batches: Box::pin(batches),
            remarks: Vec::new(),
            progress: None,
        }
    }

    /// An answer of this batch.
    #[must_use]
    pub fn of(batch: RecordBatch) -> Self {
        Self::new(batch.schema(), futures::stream::iter([Ok(batch)]))
    }

    /// The same answer with a word of how far it is.
    #[must_use]
    pub(super) fn with_progress(self, progress: Option<Progress>) -> Self {
        Self { progress, ..self }
    }

    /// How far the statement is, to be asked while its rows are waited for; `None` for an answer
    /// that has no plan.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.progress.clone()
    }

    /// The answer of a statement that gives no rows.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Arc::new(Schema::empty()), futures::stream::empty())
    }

    /// The answer of a statement that wrote rows: one row with their number as `count`.
    #[must_use]
    pub fn count(rows: u64) -> Self {
        let field = Field::new("count", DataType::UInt64, false);
        let schema = Arc::new(Schema::new(vec![field]));
        let count = Arc::new(UInt64Array::from(vec![rows]));
        let batch = RecordBatch::try_new(SchemaRef::clone(&schema), vec![count]);
        let batch = batch.map_err(|error| Error::Internal(error.to_string()));
        Self::new(schema, futures::stream::once(async { batch }))
    }

    /// The columns of the answer, known before the first row.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// The answer with what must be said of it.
    #[must_use]
    pub(super) fn with_remarks(mut self, remarks: Vec<String>) -> Self {
        self.remarks.extend(remarks);
        self
    }

    /// What must be said of the answer: columns and tables that were not there.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// All rows at once; for small answers.
    pub async fn collect(self) -> Result<Vec<RecordBatch>> {
        futures::TryStreamExt::try_collect(self).await
    }
}

impl Stream for Answer {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.batches.as_mut().poll_next(context)
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
