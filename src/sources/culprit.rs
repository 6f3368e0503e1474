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
    Some(match is_of_a_condition(&reason) {
        true => format!(
            "a condition compares a text as something else: {reason}; write try_cast(column AS TIMESTAMP) \
             or the like, which is NULL there"
        ),
        false => format!("cannot be read as {format}, it is damaged: {reason}"),
    })
}

/// Whether a value was there and could not be taken for what a condition of the statement makes of it:
/// pages hold no texts that a reader would have to parse.
fn is_of_a_condition(reason: &str) -> bool {
    ["Error parsing ", "Cannot cast ", "Error while parsing "]
        .iter()
        .any(|begin| reason.starts_with(begin))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_moment_is_no_damage() {
        let text = "Error parsing timestamp from '10/11/2024': error parsing date";
        assert!(is_of_a_condition(text));
        assert!(is_of_a_condition(
            "Cannot cast string '1x' to value of Int64 type"
        ));
        assert!(!is_of_a_condition("Invalid Parquet file. Corrupt footer"));
    }
}
