//! JSON: an array of objects, or one object a line.
//!
//! Numbers keep full precision (the shortest text that reads back to the same float, 64-bit
//! integers and decimals exact), structs and lists stay nested, times are ISO 8601, NULL is an
//! explicit `null`. JSON has no NaN or infinity: they are `null` too.

use std::io::Write;

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::json::WriterBuilder;
use arrow::json::writer::{JsonFormat, LineDelimited};
use arrow::record_batch::RecordBatch;

use super::decoded::{decoded_batch, decoded_schema};
use super::{Demand, Sink, Writer, failed};
use crate::error::Result;

/// An array that has each object on its own line.
#[derive(Debug, Default)]
struct RowPerLine;

impl JsonFormat for RowPerLine {
    fn start_stream<W: Write>(&self, sink: &mut W) -> Result<(), ArrowError> {
        Ok(sink.write_all(b"[")?)
    }

    fn start_row<W: Write>(&self, sink: &mut W, is_first_row: bool) -> Result<(), ArrowError> {
        Ok(sink.write_all(if is_first_row { b"" } else { b",\n " })?)
    }

    fn end_stream<W: Write>(&self, sink: &mut W) -> Result<(), ArrowError> {
        Ok(sink.write_all(b"]\n")?)
    }
}

struct Json<'a, F: JsonFormat> {
    schema: SchemaRef,
    writer: arrow::json::Writer<Sink<'a>, F>,
}

/// A writer of one array.
pub(super) fn array<'a>(schema: &SchemaRef, sink: Sink<'a>) -> impl Writer + 'a {
    json::<RowPerLine>(schema, sink)
}

/// A writer of one object a line.
pub(super) fn lines<'a>(schema: &SchemaRef, sink: Sink<'a>) -> impl Writer + 'a {
    json::<LineDelimited>(schema, sink)
}

fn json<'a, F: JsonFormat>(schema: &SchemaRef, sink: Sink<'a>) -> Json<'a, F> {
    Json {
        schema: decoded_schema(schema),
        writer: WriterBuilder::new().with_explicit_nulls(true).build(sink),
    }
}

impl<F: JsonFormat> Writer for Json<'_, F> {
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
