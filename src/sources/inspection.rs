//! What is inside one file: columns, types, and how it is to be read.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::Statistics;
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::arrow::ArrowFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::error::DataFusionError;
use futures::FutureExt;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::error::{Error, Result};
use crate::sources::csv::{Dialect, sketch};
use crate::sources::failure;
use crate::sources::format::{Format, not_text};
use crate::sources::head::{self, Head};
use crate::sources::listing::Found;
use crate::sources::options::ReadOptions;

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    Parquet,
    ArrowFile,
    ArrowStream,
    JsonLines,
    JsonArray,
    Delimited(Dialect),
}

/// What a look into a file found.
#[derive(Debug)]
pub(super) struct Inspection {
    pub(super) reading: Reading,
    /// The columns as they stand in the file; `Null` where delimited text has no value.
    pub(super) schema: SchemaRef,
    /// Whether a record may hold line breaks, so that the file cannot be cut at them.
    pub(super) line_breaks: bool,
    /// Rows, bounds and null counts by column of `schema`, where the format keeps them.
    pub(super) statistics: Option<Statistics>,
}

impl Inspection {
    fn new(reading: Reading, schema: SchemaRef) -> Self {
        Self {
            reading,
            schema,
            line_breaks: false,
            statistics: None,
        }
    }

    /// The same with other names for its columns.
    pub(super) fn with_columns(&self, schema: SchemaRef) -> Self {
        Self {
            reading: self.reading.clone(),
            schema,
            line_breaks: self.line_breaks,
            statistics: self.statistics.clone(),
        }
    }
}

/// Looks into a file, or remembers the last look when it did not change; `limit` bounds the bytes
/// that types are inferred from.
///
/// # Errors
/// [`Error::Place`] naming the file: it is damaged, empty, or not what its name says.
pub(super) async fn inspect(
    session: &dyn Session,
    store: &Arc<dyn ObjectStore>,
    file: &Found,
    options: &ReadOptions,
    limit: u64,
) -> Result<Arc<Inspection>> {
    let way = format!(
        "{store} {:?} {:?} {:?}",
        file.format, file.compression, options.delimited
    );
    if let Some(known) = options.seen.recall(&way, &file.meta) {
        return Ok(known);
    }
    let look = async {
        match file.format {
            Format::Parquet => parquet(session, store, file).await,
            Format::Arrow => arrow(session, store, file).await,
            Format::Json => json(store, file, limit).await,
            Format::Csv | Format::Tsv | Format::Text => {
                delimited(store, file, options, limit).await
            }
        }
    };
    let looked = AssertUnwindSafe(look).catch_unwind().await;
    let inspection = looked
        .unwrap_or_else(|panic| Err(Error::place(&file.shown, failure::panicked(&*panic))))?;
    let inspection = Arc::new(inspection);
    options.seen.keep(&way, &file.meta, &inspection);
    Ok(inspection)
}

/// Parquet as the session wants it read.
pub(super) fn parquet_format(session: &dyn Session) -> ParquetFormat {
    ParquetFormat::default().with_options(session.default_table_options().parquet)
}

async fn parquet(
    session: &dyn Session,
    store: &Arc<dyn ObjectStore>,
    file: &Found,
) -> Result<Inspection> {
    refuse_empty(file)?;
    let format = parquet_format(session);
    let damaged = |error| as_format(file, error);
    let schema = format
        .infer_schema(session, store, std::slice::from_ref(&file.meta))
        .await
        .map_err(damaged)?;
    let statistics = if session.config().collect_statistics() {
        let known = format.infer_stats(session, store, Arc::clone(&schema), &file.meta);
        Some(known.await.map_err(damaged)?)
    } else {
        None
    };
    Ok(Inspection {
        statistics,
        ..Inspection::new(Reading::Parquet, schema)
    })
}

async fn arrow(
    session: &dyn Session,
    store: &Arc<dyn ObjectStore>,
    file: &Found,
) -> Result<Inspection> {
    refuse_empty(file)?;
    let first = store
        .get_range(&file.meta.location, 0..file.meta.size.min(6))
        .await
        .map_err(|error| failure::at(&file.shown, error.into()))?;
    if first.starts_with(b"FEA1") {
        let reason = "is Feather version 1, which is out of use; write it as version 2";
        return Err(Error::place(&file.shown, reason));
    }
    let reading = if first.starts_with(b"ARROW1") {
        Reading::ArrowFile
    } else {
        Reading::ArrowStream
    };
    let schema = ArrowFormat
        .infer_schema(session, store, std::slice::from_ref(&file.meta))
        .await
        .map_err(|error| as_format(file, error))?;
    Ok(Inspection::new(reading, schema))
}

async fn json(store: &Arc<dyn ObjectStore>, file: &Found, limit: u64) -> Result<Inspection> {
    let head = head::read(store, file, limit).await?;
    let shown = file.shown.clone();
    blocking(move || json_columns(&head).map_err(|reason| Error::place(shown, reason))).await
}

fn json_columns(head: &Head) -> Result<Inspection, String> {
    let text = head
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&head.bytes);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let broken = |error: &dyn std::fmt::Display| {
        format!(
            "is no JSON with one object a line: {}",
            failure::bare(first_line(&error.to_string()))
        )
    };
    let (reading, schema) = match first {
        None => (Reading::JsonLines, Schema::empty()),
        Some(b'{') => (
            Reading::JsonLines,
            json_lines(head, text).map_err(|e| broken(&e))?,
        ),
        Some(b'[') => (Reading::JsonArray, json_array(head, text)?),
        Some(_) => {
            let what = not_text(text).map_or(String::new(), |what| format!(": it is {what}"));
            return Err(format!("is no JSON{what}; it must begin with {{ or ["));
        }
    };
    Ok(Inspection::new(reading, Arc::new(schema)))
}

fn json_lines(head: &Head, text: &[u8]) -> Result<Schema, arrow::error::ArrowError> {
    let end = match text.iter().rposition(|byte| *byte == b'\n') {
        Some(end) if !head.whole => end,
        _ => text.len(),
    };
    arrow::json::reader::infer_json_schema(&text[..end], None).map(|(schema, _)| schema)
}

fn json_array(head: &Head, text: &[u8]) -> Result<Schema, String> {
    if !head.whole {
        return Err("is one large JSON array; write one object a line instead".to_owned());
    }
    let broken = |error: &dyn std::fmt::Display| format!("is no JSON: {error}");
    let rows: Vec<serde_json::Value> =
        serde_json::from_slice(text).map_err(|error| broken(&error))?;
    if let Some(at) = rows.iter().position(|row| !row.is_object()) {
        return Err(format!(
            "is no array of JSON objects: item {} is none",
            at + 1
        ));
    }
    arrow::json::reader::infer_json_schema_from_iterator(rows.iter().map(Ok))
        .map_err(|error| broken(&error))
}

async fn delimited(
    store: &Arc<dyn ObjectStore>,
    file: &Found,
    options: &ReadOptions,
    limit: u64,
) -> Result<Inspection> {
    let head = head::read(store, file, limit).await?;
    let whole = head.whole;
    let (format, given, shown) = (file.format, options.delimited.clone(), file.shown.clone());
    let sketch = blocking(move || {
        sketch(&head, format, &given).map_err(|reason| Error::place(shown, reason))
    })
    .await?;
    let fields: Vec<Field> = sketch
        .names
        .iter()
        .zip(&sketch.types)
        .map(|(name, data_type)| Field::new(name, data_type.clone(), true))
        .collect();
    let line_breaks = sketch.line_breaks
        || !whole && head::may_hold(store, file, limit, sketch.dialect.quote).await;
    Ok(Inspection {
        line_breaks,
        ..Inspection::new(
            Reading::Delimited(sketch.dialect),
            Arc::new(Schema::new(fields)),
        )
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
}

fn refuse_empty(file: &Found) -> Result<()> {
    if file.meta.size > 0 {
        return Ok(());
    }
    let reason = format!("is no {} file: it is empty", file.format.name());
    Err(Error::place(&file.shown, reason))
}

/// Says that the file was taken for this format; what the store said stays as it is.
fn as_format(file: &Found, error: DataFusionError) -> Error {
    if failure::of_a_store(&error).is_some() {
        return failure::at(&file.shown, error);
    }
    match failure::at(&file.shown, error) {
        Error::Place { place, reason } => {
            let reason = format!(
                "cannot be read as {}, it is damaged or not finished: {}",
                file.format.name(),
                first_line(&reason)
            );
            Error::place(place, reason)
        }
        other => other,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
