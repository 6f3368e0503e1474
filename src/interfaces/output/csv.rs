//! CSV and TSV: RFC 4180 quoting, a header, `\n` between rows.
//!
//! As in PostgreSQL's CSV, NULL is an empty cell and an empty text is `""`, so that both survive
//! a round trip (in a single column NULL is `""` too: an empty line would be skipped by readers).
//! Lists and structs are JSON text. Arrow's own CSV writer does neither, hence this one.

use std::fmt::Write as _;

use arrow::array::Array;
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use arrow::json::writer::{EncoderOptions, NullableEncoder, make_encoder};
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::decoded::{decoded_batch, decoded_schema};
use super::{Demand, Sink, Writer, failed};
use crate::error::Result;

/// Rows as delimited text.
pub(super) struct Csv<'a> {
    delimiter: u8,
    schema: SchemaRef,
    sink: Sink<'a>,
}

/// The cells of one column as text.
enum Cells<'a> {
    Plain(ArrayFormatter<'a>),
    Nested(NullableEncoder<'a>),
}

impl<'a> Csv<'a> {
    /// Writes the header at once.
    pub(super) fn new(delimiter: u8, schema: &SchemaRef, sink: Sink<'a>) -> Result<Self> {
        let mut header = Vec::new();
        for (place, field) in schema.fields().iter().enumerate() {
            separate(place, delimiter, &mut header);
            push_quoted(field.name().as_bytes(), delimiter, &mut header);
        }
        header.push(b'\n');
        sink.write_all(&header)?;
        let schema = decoded_schema(schema);
        Ok(Self {
            delimiter,
            schema,
            sink,
        })
    }
}

impl Writer for Csv<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        let batch = decoded_batch(batch, &self.schema)?;
        let options = EncoderOptions::default().with_explicit_nulls(true);
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            columns.push((column.logical_nulls(), cells(field, column, &options)?));
        }
        let (mut lines, mut cell) = (Vec::new(), Vec::new());
        for row in 0..batch.num_rows() {
            for (place, (nulls, cells)) in columns.iter_mut().enumerate() {
                separate(place, self.delimiter, &mut lines);
                if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
                    cells.read(row, &mut cell)?;
                    push_quoted(&cell, self.delimiter, &mut lines);
                } else if batch.num_columns() == 1 {
                    lines.extend_from_slice(b"\"\"");
                }
            }
            lines.push(b'\n');
        }
        self.sink.write_all(&lines)?;
        Ok(Demand::More)
    }

    fn finish(self: Box<Self>) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

impl Cells<'_> {
    /// Puts the text of a row into `cell`.
    fn read(&mut self, row: usize, cell: &mut Vec<u8>) -> Result<()> {
        cell.clear();
        match self {
            Self::Nested(encoder) => encoder.encode(row, cell),
            Self::Plain(formatter) => {
                let mut text = String::from_utf8(std::mem::take(cell)).unwrap_or_default();
                write!(text, "{}", formatter.value(row)).map_err(std::io::Error::other)?;
                *cell = text.into_bytes();
            }
        }
        Ok(())
    }
}

/// Plain values as their text, nested ones as JSON.
fn cells<'a>(
    field: &'a FieldRef,
    column: &'a dyn Array,
    options: &'a EncoderOptions,
) -> Result<Cells<'a>> {
    if field.data_type().is_nested() && !matches!(field.data_type(), DataType::Union(..)) {
        let encoder = make_encoder(field, column, options).map_err(failed)?;
        return Ok(Cells::Nested(encoder));
    }
    let formatter = ArrayFormatter::try_new(column, &FormatOptions::new()).map_err(failed)?;
    Ok(Cells::Plain(formatter))
}

fn separate(place: usize, delimiter: u8, line: &mut Vec<u8>) {
    if place > 0 {
        line.push(delimiter);
    }
}

/// Adds a cell; quoted when it is empty or holds a delimiter, a quote or a line end.
fn push_quoted(cell: &[u8], delimiter: u8, line: &mut Vec<u8>) {
    let is_special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    if !cell.is_empty() && !cell.iter().any(is_special) {
        return line.extend_from_slice(cell);
    }
    line.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}
