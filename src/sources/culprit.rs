//! Where in a file a fault lies, found by reading it once more when a scan failed.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::error::DataFusionError;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::sources::csv::{Respaced, Shape, diagnose};
use crate::sources::failure;
use crate::sources::inspection::Reading;

/// How a group of files is read, as far as looking for a fault needs it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reading: Reading,
    pub(super) schema: SchemaRef,
    pub(super) compression: FileCompressionType,
}

impl Fault {
    /// The line, column and value that made the scan fail, where the format has such.
    pub(super) async fn find(
        &self,
        store: &Arc<dyn ObjectStore>,
        location: &Path,
        error: &DataFusionError,
    ) -> Option<String> {
        match &self.reading {
            Reading::Delimited(_) => self.in_text(store, location, error).await,
            Reading::JsonLines | Reading::JsonArray => in_json(error),
            Reading::Parquet => in_pages("Parquet", error),
            Reading::ArrowFile | Reading::ArrowStream => in_pages("Arrow", error),
        }
    }

    async fn in_text(
        &self,
        store: &Arc<dyn ObjectStore>,
        location: &Path,
        error: &DataFusionError,
    ) -> Option<String> {
        let Reading::Delimited(dialect) = self.reading.clone() else {
            return None;
        };
        let column = column(&error.to_string());
        let blanks = dialect.shape == Shape::Blanks;
        let (store, compression) = if blanks {
            let inner = Arc::clone(store);
            let respaced = Respaced {
                inner,
                compression: self.compression,
            };
            (
                Arc::new(respaced) as Arc<dyn ObjectStore>,
                FileCompressionType::UNCOMPRESSED,
            )
        } else {
            (Arc::clone(store), self.compression)
        };
        let bytes = store.get(location).await.ok()?.bytes().await.ok()?;
        let schema = Arc::clone(&self.schema);
        tokio::task::spawn_blocking(move || {
            let text = || {
                compression
                    .convert_read(std::io::Cursor::new(bytes.clone()))
                    .ok()
            };
            let fault = diagnose(text()?, &dialect, &schema, column)?;
            Some(fault.in_text(text()?))
        })
        .await
        .ok()?
    }
}

/// Binary formats have no lines; what the store said is left as it is.
fn in_pages(format: &str, error: &DataFusionError) -> Option<String> {
    if failure::of_a_store(error).is_some() {
        return None;
    }
    let reason = failure::reason(error);
    Some(format!(
        "cannot be read as {format}, it is damaged: {reason}"
    ))
}

/// The number of the column that Arrow's message names.
fn column(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once("for column ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn in_json(error: &DataFusionError) -> Option<String> {
    let DataFusionError::ArrowError(inner, _) = error.find_root() else {
        return None;
    };
    let ArrowError::JsonError(text) = inner.as_ref() else {
        return None;
    };
    Some(format!(
        "cannot be read as JSON with one type a column: {}; write the values of a column all as \
         numbers or all as text",
        text.lines().next().unwrap_or_default()
    ))
}
