//! The last result as the table `_`: kept while it is small, and refused clearly when it is not.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;

use super::Shared;
use super::buffers::Buffers;
use super::catalog::{Memory, Relation};
use super::errors::explain;
use super::limits::Kept;
use crate::error::{Error, Result};

/// The name of the last result in SQL.
pub(super) const LAST: &str = "_";
/// Rows that are kept.
pub(super) const ROWS: usize = 100_000;
/// Bytes that are kept.
pub(super) const BYTES: usize = 64 << 20;

/// A result on its way to become `_`; until [`LastResult::finish`] the one before stays.
#[derive(Debug)]
pub struct LastResult {
    shared: Arc<Shared>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    buffers: Buffers,
    /// `None` once it was too large.
    kept: Option<Kept>,
}

impl LastResult {
    /// A result with these columns, still without rows.
    pub(super) fn begin(shared: &Arc<Shared>, schema: &Schema) -> Self {
        Self {
            shared: Arc::clone(shared),
            schema: named_apart(schema),
            batches: Vec::new(),
            rows: 0,
            bytes: 0,
            buffers: Buffers::default(),
            kept: shared.sessions.memory.keep(0).ok(),
        }
    }

    /// Adds rows; false once the result is too large to be kept.
    pub fn add(&mut self, batch: &RecordBatch) -> bool {
        let bytes = self.buffers.add(batch);
        self.rows += batch.num_rows();
        self.bytes += bytes;
        let fits = self.rows <= ROWS && self.bytes <= BYTES;
        let taken = |kept: &mut Kept| kept.grow(bytes).is_ok();
        if fits && self.kept.as_mut().is_some_and(taken) {
            self.batches.push(batch.clone());
            return true;
        }
        self.kept = None;
        self.batches.clear();
        false
    }

    /// Puts the result in the place of the one before.
    ///
    /// # Errors
    /// [`Error::Internal`] for batches of other columns than were announced.
    pub fn finish(self) -> Result<()> {
        let catalog = &self.shared.catalog;
        let Some(kept) = self.kept else {
            let why = format!(
                "the last result was too large to keep (more than {ROWS} rows or {} MB); ask for \
                 less, or write CREATE TABLE name AS …",
                BYTES >> 20
            );
            catalog.put(LAST, Relation::Absent(why.into()));
            return Ok(());
        };
        let schema = &self.schema;
        let renamed = self.batches.into_iter().map(|batch| {
            RecordBatch::try_new(SchemaRef::clone(schema), batch.columns().to_vec())
                .map_err(|error| Error::Internal(error.to_string()))
        });
        let batches = renamed.collect::<Result<Vec<_>>>()?;
        let table = MemTable::try_new(SchemaRef::clone(schema), vec![batches]).map_err(explain)?;
        let memory = Memory {
            table: Arc::new(table),
            _kept: kept,
        };
        catalog.put(LAST, Relation::Memory(Arc::new(memory)));
        Ok(())
    }
}

/// The same columns, each with a name of its own: `a`, `a_2` …
fn named_apart(schema: &Schema) -> SchemaRef {
    let mut taken = HashSet::new();
    let fields = schema.fields().iter().map(|field| {
        let mut name = field.name().clone();
        let mut number = 1;
        while !taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{}_{number}", field.name());
        }
        let kind = field.data_type().clone();
        Field::new(name, kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;

    use super::*;
    use crate::engine::{Engine, Options};

    async fn keep(engine: &Engine, sql: &str) {
        let mut answer = engine.run(sql, &[]).await.unwrap();
        let mut last = engine.last_result(&answer.schema());
        while let Some(batch) = answer.next().await {
            if !last.add(&batch.unwrap()) {
                break;
            }
        }
        last.finish().unwrap();
    }

    async fn rows(engine: &Engine, sql: &str) -> usize {
        let answer = engine.run(sql, &[]).await.unwrap();
        let batches = answer.collect().await.unwrap();
        batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[tokio::test]
    async fn a_result_is_a_table_until_the_next_one() {
        let engine = Engine::open(Options::default()).await.unwrap();
        assert!(engine.run("SELECT * FROM _", &[]).await.is_err());
        keep(&engine, "SELECT 1 AS a UNION ALL SELECT 2").await;
        assert_eq!(rows(&engine, "SELECT a FROM _ WHERE a > 1").await, 1);
        keep(&engine, "SELECT l.a, r.a FROM _ AS l CROSS JOIN _ AS r").await;
        assert_eq!(rows(&engine, "SELECT a, a_2 FROM _").await, 4);
    }

    #[tokio::test]
    async fn what_is_too_large_says_so() {
        let engine = Engine::open(Options::default()).await.unwrap();
        keep(&engine, "SELECT value FROM generate_series(1, 200000)").await;
        let error = engine.run("SELECT * FROM _", &[]).await.unwrap_err();
        assert!(error.to_string().contains("too large to keep"), "{error}");
        keep(&engine, "SELECT 1 AS a").await;
        assert_eq!(rows(&engine, "SELECT a FROM _").await, 1);
    }
}
