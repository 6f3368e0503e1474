//! Apache Parquet with zstd; a row group is flushed at a million rows or 64 MB, whichever first.

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::decoded::{decoded_batch, decoded_schema};
use super::{Demand, Sink, Writer};
use crate::error::{Error, Result};

/// What a row group may hold before it is written out: bounds the memory of long answers.
const GROUP_BYTES: usize = 64 << 20;

/// Rows as a Parquet file.
pub(super) struct Parquet<'a> {
    schema: SchemaRef,
    writer: ArrowWriter<Sink<'a>>,
}

impl<'a> Parquet<'a> {
    /// Writes the magic bytes at once.
    pub(super) fn new(schema: &SchemaRef, sink: Sink<'a>) -> Result<Self> {
        let schema = decoded_schema(schema);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .build();
        let writer = ArrowWriter::try_new(sink, SchemaRef::clone(&schema), Some(properties))
            .map_err(failed)?;
        Ok(Self { schema, writer })
    }
}

impl Writer for Parquet<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        let batch = decoded_batch(batch, &self.schema)?;
        self.writer.write(&batch).map_err(failed)?;
        Ok(Demand::More)
    }

    fn finish(self: Box<Self>) -> Result<Vec<String>> {
        self.writer.close().map_err(failed)?;
        Ok(Vec::new())
    }
}

/// The sink's own error when there is one, else that Parquet cannot hold the value.
fn failed(error: ParquetError) -> Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(io) => Error::Output(*io),
            Err(cause) => Error::Data(cause.to_string()),
        },
        other => Error::Data(format!(
            "{other}; cast the column, or choose another format"
        )),
    }
}
