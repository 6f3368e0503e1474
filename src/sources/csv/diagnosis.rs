//! Where a delimited text breaks its rules: line, column, value and what to do.
//!
//! A record knows at which byte it begins; its line is counted only once one is at fault.

use arrow::datatypes::Schema;
use csv::ByteRecord;

use super::dialect::Dialect;
use super::values::reads_as;

/// Longest value that a message shows.
const SHOWN: usize = 60;

/// A record that breaks the rules.
#[derive(Debug)]
pub(in crate::sources) struct Fault {
    /// Where the record begins, or the line breaks before it.
    byte: u64,
    /// What follows "line N" in the message.
    rest: String,
}

impl Fault {
    fn new(record: &ByteRecord, rest: String) -> Self {
        let byte = record.position().map_or(0, csv::Position::byte);
        Self { byte, rest }
    }

    /// The message, with the line counted in the text once more.
    pub(in crate::sources) fn in_text(&self, text: impl std::io::Read) -> String {
        format!("line {}{}", line_at(text, self.byte), self.rest)
    }
}

/// The line of the first character at or after a byte that is no line break.
fn line_at(text: impl std::io::Read, byte: u64) -> u64 {
    use std::io::{BufReader, Read};
    let mut line = 1;
    for (at, letter) in BufReader::new(text)
        .bytes()
        .map_while(Result::ok)
        .enumerate()
    {
        if at as u64 >= byte && !matches!(letter, b'\r' | b'\n') {
            break;
        }
        line += u64::from(letter == b'\n');
    }
    line
}

/// Reads a text again to find the first record that does not fit the schema; `column` narrows
/// the search to one column. `None` when all of it fits or cannot be read.
pub(in crate::sources) fn diagnose(
    text: impl std::io::Read,
    dialect: &Dialect,
    schema: &Schema,
    column: Option<usize>,
) -> Option<Fault> {
    let names: Vec<_> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let mut reader = dialect.reader(text);
    let mut record = ByteRecord::new();
    let mut first = dialect.header;
    while reader.read_byte_record(&mut record).ok()? {
        if std::mem::take(&mut first) {
            continue;
        }
        let fault = fault(&record, dialect, schema, &names, column);
        if fault.is_some() {
            return fault;
        }
    }
    None
}

fn fault(
    record: &ByteRecord,
    dialect: &Dialect,
    schema: &Schema,
    names: &[String],
    column: Option<usize>,
) -> Option<Fault> {
    let short = dialect.truncated_rows && record.len() < names.len();
    if record.len() != names.len() && !short {
        return Some(ragged(record, names.len()));
    }
    let Ok(text) = std::str::from_utf8(record.as_slice()) else {
        return Some(not_unicode(record, names));
    };
    (0..record.len())
        .filter(|at| column.is_none_or(|wanted| wanted == *at))
        .find_map(|at| {
            let value = text.get(record.range(at)?)?;
            let field = schema.field(at);
            (!reads_as(value, field.data_type()))
                .then(|| mismatch(record, field.name(), value, &kind(field.data_type())))
        })
}

fn mismatch(record: &ByteRecord, column: &str, value: &str, kind: &str) -> Fault {
    let rest = format!(
        ", column \"{column}\": '{}' is no {kind}, which the values before it suggest; \
         declare the columns that you need, this one as VARCHAR: \
         CREATE EXTERNAL TABLE t (\"{column}\" VARCHAR, …) STORED AS CSV LOCATION '…'",
        shown(value),
    );
    Fault::new(record, rest)
}

/// A type in plain words.
fn kind(data_type: &arrow::datatypes::DataType) -> String {
    use arrow::datatypes::DataType;
    match data_type {
        of if of.is_integer() => "whole number".to_owned(),
        of if of.is_numeric() => "number".to_owned(),
        DataType::Boolean => "true or false".to_owned(),
        DataType::Date32 => "date (YYYY-MM-DD)".to_owned(),
        DataType::Timestamp(_, _) => "timestamp (YYYY-MM-DD hh:mm:ss)".to_owned(),
        other => other.to_string(),
    }
}

/// A record with the wrong number of fields.
pub(super) fn ragged(record: &ByteRecord, width: usize) -> Fault {
    let hint = if record.len() < width {
        "add the missing delimiters, or read it with OPTIONS ('truncated_rows' 'true')"
    } else {
        "put values that hold the delimiter in quotes, or name another with \
         OPTIONS ('delimiter' '…')"
    };
    let fields = if record.len() == 1 { "field" } else { "fields" };
    let count = record.len();
    Fault::new(
        record,
        format!(" has {count} {fields} where the first line has {width}; {hint}"),
    )
}

/// A record that is no UTF-8.
pub(super) fn not_unicode(record: &ByteRecord, names: &[String]) -> Fault {
    let broken = record
        .iter()
        .enumerate()
        .find(|(_, field)| std::str::from_utf8(field).is_err());
    let (column, value) = broken.map_or((String::new(), String::new()), |(at, field)| {
        let column = names.get(at).map(|name| format!(", column \"{name}\""));
        let value = String::from_utf8_lossy(field).into_owned();
        (column.unwrap_or_default(), value)
    });
    let rest = format!(
        "{column}: '{}' is no UTF-8; convert the file first, \
         for example: iconv -f WINDOWS-1252 -t UTF-8",
        shown(&value),
    );
    Fault::new(record, rest)
}

fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}
