//! Answers as bytes: one format a file behind one small trait, so that every window writes alike.
//!
//! CSV, TSV, JSON, NDJSON, Parquet and Arrow are written batch by batch in bounded memory; the
//! formats for the eye measure their columns on the first rows and then stream too.

mod arrow;
mod boxed;
pub(crate) mod chart;
mod csv;
mod decoded;
mod documentation;
mod expanded;
mod failure;
mod grid;
mod json;
mod markdown;
mod parquet;
mod plan;
#[cfg(test)]
mod round_trip;
mod staged;
mod style;
mod table;
mod text;
mod waiting;

use std::io::Write;
use std::path::Path;

use ::arrow::datatypes::SchemaRef;
use ::arrow::error::ArrowError;
use ::arrow::record_batch::RecordBatch;

use crate::error::{Error, Result};

pub(crate) use documentation::documentation;
pub(crate) use failure::{line_of, nothing_for, pointed, told};
pub(crate) use staged::{Staged, abandon};
pub(crate) use style::Style;
pub(crate) use text::{Side, counted, cut, escape, pad, width, wrap};
pub(crate) use waiting::{Waiting, grouped};

/// Where the bytes of an answer go.
pub(crate) type Sink<'a> = &'a mut (dyn Write + Send);

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns under a line, as psql
    Table,
    /// A frame of lines
    Box,
    /// One line a column under a header a row
    Expanded,
    /// Comma-separated with a header (RFC 4180)
    Csv,
    /// Tab-separated with a header
    Tsv,
    /// An array of objects
    Json,
    /// One object a line
    Ndjson,
    /// A table for Markdown
    Markdown,
    /// Apache Parquet
    Parquet,
    /// Arrow IPC file (Feather)
    Arrow,
}

/// What the formats for the eye may take; a file or pipe has no bounds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Screen {
    /// Rows at most.
    pub(crate) rows: Option<usize>,
    /// Terminal columns at most.
    pub(crate) width: Option<usize>,
    /// Whether it shows colour.
    pub(crate) style: Style,
}

/// Whether a writer wants further batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Go on.
    More,
    /// The rest would not be shown: stop the statement.
    Enough,
}

/// One answer on its way to bytes.
pub(crate) trait Writer {
    /// Writes the rows of a batch.
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand>;

    /// Writes what follows the last row; gives remarks on what was not shown.
    fn finish(self: Box<Self>) -> Result<Vec<String>>;
}

impl Format {
    /// A writer of this format for an answer with these columns.
    pub(crate) fn writer<'a>(
        self,
        schema: &SchemaRef,
        screen: Screen,
        sink: Sink<'a>,
    ) -> Result<Box<dyn Writer + 'a>> {
        if self.is_for_the_eye() && plan::is_plan(schema) {
            return Ok(Box::new(plan::Plan::new(sink)));
        }
        Ok(match self {
            Self::Table => Box::new(grid::Grid::new(table::Table, schema, screen, sink)),
            Self::Box => Box::new(grid::Grid::new(boxed::Boxed, schema, screen, sink)),
            Self::Expanded => Box::new(expanded::Expanded::new(schema, screen, sink)),
            Self::Markdown => Box::new(grid::Grid::new(markdown::Markdown, schema, screen, sink)),
            Self::Csv => Box::new(csv::Csv::new(b',', schema, sink)?),
            Self::Tsv => Box::new(csv::Csv::new(b'\t', schema, sink)?),
            Self::Json => Box::new(json::array(schema, sink)),
            Self::Ndjson => Box::new(json::lines(schema, sink)),
            Self::Parquet => Box::new(parquet::Parquet::new(schema, sink)?),
            Self::Arrow => Box::new(arrow::Arrow::new(schema, sink)?),
        })
    }

    /// Whether people rather than programs read it.
    pub(crate) fn is_for_the_eye(self) -> bool {
        matches!(self, Self::Table | Self::Box | Self::Expanded)
    }

    /// Whether text and tables may stand one under the other in it.
    pub(crate) fn is_page(self) -> bool {
        self.is_for_the_eye() || self == Self::Markdown
    }

    /// Whether its bytes would harm a terminal.
    pub(crate) fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow)
    }

    /// The format that the ending of a file's name stands for.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "json" => Self::Json,
            "ndjson" | "jsonl" => Self::Ndjson,
            "md" | "markdown" => Self::Markdown,
            "txt" => Self::Table,
            "parquet" | "pq" => Self::Parquet,
            "arrow" | "feather" | "ipc" => Self::Arrow,
            _ => return None,
        })
    }
}

/// An error of an Arrow writer: the sink's own error when there is one, else that the format
/// cannot hold the value.
fn failed(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, io) => Error::Output(io),
        ArrowError::ExternalError(cause) => match cause.downcast::<std::io::Error>() {
            Ok(io) => Error::Output(*io),
            Err(cause) => Error::Data(cause.to_string()),
        },
        other => Error::Data(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes batches (at least one) in a format, as to a file.
    pub(super) fn written(format: Format, batches: &[RecordBatch]) -> Vec<u8> {
        shown(format, batches, Screen::default()).0
    }

    /// Writes batches for a screen; gives the remarks too.
    pub(super) fn shown(
        format: Format,
        batches: &[RecordBatch],
        screen: Screen,
    ) -> (Vec<u8>, Vec<String>) {
        let mut bytes = Vec::new();
        let mut writer = format
            .writer(&batches[0].schema(), screen, &mut bytes)
            .unwrap();
        for batch in batches {
            if writer.write(batch).unwrap() == Demand::Enough {
                break;
            }
        }
        let remarks = writer.finish().unwrap();
        (bytes, remarks)
    }

    #[test]
    fn endings_name_formats() {
        assert_eq!(
            Format::of_path(Path::new("a/B.PARQUET")),
            Some(Format::Parquet)
        );
        assert_eq!(Format::of_path(Path::new("x.jsonl")), Some(Format::Ndjson));
        assert_eq!(Format::of_path(Path::new("x.csv.gz")), None);
        assert_eq!(Format::of_path(Path::new("csv")), None);
    }
}
