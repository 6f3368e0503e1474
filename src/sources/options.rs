//! How a table's files are to be read, where the person says more than the files themselves do.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::logical_expr::CreateExternalTable;

use crate::error::{Error, Result};
use crate::sources::format::Format;
use crate::sources::seen::Seen;

/// How the files of a table are read; the default finds everything out from the files.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format; from the names of the files unless given.
    pub format: Option<Format>,
    /// The compression; from the names of the files unless given.
    pub compression: Option<FileCompressionType>,
    /// Names of the partition columns that must appear as `key=value` directories; all that
    /// appear are taken unless given.
    pub partition_columns: Vec<String>,
    /// Declared types of partition columns, where they alone are declared.
    pub partition_types: Vec<FieldRef>,
    /// Declared columns with their types (partition columns too); nothing is inferred when given.
    pub schema: Option<SchemaRef>,
    /// How delimited text is written.
    pub delimited: Delimited,
    /// What is already known about files; share one among the tables of an engine, so that a
    /// file is inspected once for as long as it does not change.
    pub seen: Arc<Seen>,
}

/// How delimited text is written; unset parts are found out from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Delimited {
    /// The byte between two fields.
    pub delimiter: Option<u8>,
    /// Whether the first record names the columns.
    pub header: Option<bool>,
    /// The quote character, `"` unless given.
    pub quote: Option<u8>,
    /// The escape character; quotes are doubled unless given.
    pub escape: Option<u8>,
    /// Lines that begin with it are skipped.
    pub comment: Option<u8>,
    /// Whether records may lack their last fields.
    pub truncated_rows: bool,
}

/// The options that `CREATE EXTERNAL TABLE … OPTIONS (…)` understands.
const KNOWN: &str = "has_header, delimiter, quote, escape, comment, truncated_rows, compression";

impl ReadOptions {
    /// The options of a `CREATE EXTERNAL TABLE`.
    ///
    /// # Errors
    /// [`Error::Usage`] for an unknown format or option, or a value that cannot be read.
    pub fn of_statement(statement: &CreateExternalTable) -> Result<Self> {
        let format = Format::of_keyword(&statement.file_type).ok_or_else(|| {
            Error::Usage(format!(
                "STORED AS {}: unknown format; use PARQUET, CSV, TSV, NDJSON, JSON or ARROW",
                statement.file_type
            ))
        })?;
        let schema = Arc::clone(statement.schema.inner());
        let partition_columns = statement.table_partition_cols.clone();
        let of_directory = |field: &FieldRef| partition_columns.contains(field.name());
        let (of_directories, of_files): (Vec<_>, Vec<_>) =
            schema.fields().iter().cloned().partition(of_directory);
        let mut options = Self {
            format: Some(format),
            partition_columns,
            // PARTITIONED BY (year int) alone declares no column of the files.
            schema: (!of_files.is_empty()).then_some(schema),
            partition_types: of_directories,
            ..Self::default()
        };
        options.apply(&statement.options)?;
        Ok(options)
    }

    fn apply(&mut self, given: &HashMap<String, String>) -> Result<()> {
        for (key, value) in given {
            let name = key.strip_prefix("format.").unwrap_or(key).to_lowercase();
            let delimited = &mut self.delimited;
            match name.as_str() {
                "has_header" | "header" => delimited.header = Some(truth(key, value)?),
                "delimiter" | "delim" | "sep" => delimited.delimiter = Some(byte(key, value)?),
                "quote" => delimited.quote = Some(byte(key, value)?),
                "escape" => delimited.escape = Some(byte(key, value)?),
                "comment" => delimited.comment = Some(byte(key, value)?),
                "truncated_rows" => delimited.truncated_rows = truth(key, value)?,
                "compression" => self.compression = Some(compression(value)?),
                // DataFusion knows it; here values may always hold line breaks.
                "newlines_in_values" => drop(truth(key, value)?),
                _ => return Err(unknown(key)),
            }
        }
        Ok(())
    }

    /// Declared types of partition columns.
    pub(super) fn declared_partitions(&self) -> Vec<(String, DataType)> {
        let of_schema = self.schema.iter().flat_map(|schema| schema.fields());
        of_schema
            .chain(&self.partition_types)
            .map(|field| (field.name().clone(), field.data_type().clone()))
            .collect()
    }
}

fn unknown(key: &str) -> Error {
    let key = key.strip_prefix("format.").unwrap_or(key);
    Error::Usage(format!("OPTIONS: unknown option {key}; known are {KNOWN}"))
}

fn truth(key: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "on" => Ok(true),
        "false" | "f" | "0" | "no" | "off" => Ok(false),
        _ => Err(Error::Usage(format!(
            "OPTIONS: {key} is true or false, not '{value}'"
        ))),
    }
}

fn byte(key: &str, value: &str) -> Result<u8> {
    match value.as_bytes() {
        [one] => Ok(*one),
        b"\\t" => Ok(b'\t'),
        _ => Err(Error::Usage(format!(
            "OPTIONS: {key} is one character (or \\t), not '{value}'"
        ))),
    }
}

fn compression(value: &str) -> Result<FileCompressionType> {
    let name = match value.to_ascii_lowercase().as_str() {
        "none" | "uncompressed" => String::new(),
        other => other.to_owned(),
    };
    FileCompressionType::from_str(&name).map_err(|_| {
        Error::Usage(format!(
            "OPTIONS: compression '{value}' is unknown; use gzip, zstd, bzip2, xz or none"
        ))
    })
}
