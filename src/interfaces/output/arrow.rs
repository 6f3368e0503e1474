//! Arrow IPC in its file form (Feather 2), so that `> x.arrow` and `--output x.arrow` are the same.

use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;

use super::decoded::{decoded_batch, decoded_schema};
use super::{Demand, Sink, Writer, failed};
use crate::error::Result;

/// Rows as an Arrow IPC file.
pub(super) struct Arrow<'a> {
    schema: SchemaRef,
    writer: FileWriter<Sink<'a>>,
}

impl<'a> Arrow<'a> {
    /// Writes magic bytes and schema at once.
    pub(super) fn new(schema: &SchemaRef, sink: Sink<'a>) -> Result<Self> {
        let schema = decoded_schema(schema);
        let writer = FileWriter::try_new(sink, &schema).map_err(failed)?;
        Ok(Self { schema, writer })
    }
}

impl Writer for Arrow<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        let batch = decoded_batch(batch, &self.schema)?;
        self.writer.write(&batch).map_err(failed)?;
        Ok(Demand::More)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<String>> {
        self.writer.finish().map_err(failed)?;
        Ok(Vec::new())
    }
}
