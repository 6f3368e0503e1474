//! Where a delimited text breaks its rules: line, column, value and what to do.

use arrow::datatypes::Schema;
use csv::ByteRecord;

use super::dialect::Dialect;
use super::values::reads_as;

/// Longest value that a message shows.
const SHOWN: usize = 60;

/// Reads a text again to find the first record that does not fit the schema; `column` narrows
/// the search to one column. `None` when all of it fits.
pub(in crate::sources) fn diagnose(
    text: impl std::io::Read,
    dialect: &Dialect,
    schema: &Schema,
    column: Option<usize>,
) -> Option<String> {
    let names: Vec<_> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let mut reader = dialect.reader(text);
    let mut record = ByteRecord::new();
    let mut first = dialect.header;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) if std::mem::take(&mut first) => {}
            Ok(true) => {
                let fault = fault(&record, dialect, schema, &names, column);
                if fault.is_some() {
                    return fault;
                }
            }
            Ok(false) => return None,
            Err(error) => return Some(format!("cannot be read to its end: {error}")),
        }
    }
}

fn fault(
    record: &ByteRecord,
    dialect: &Dialect,
    schema: &Schema,
    names: &[String],
    column: Option<usize>,
) -> Option<String> {
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

fn mismatch(record: &ByteRecord, column: &str, value: &str, kind: &str) -> String {
    format!(
        "line {}, column \"{column}\": '{}' is no {kind}, which the values before it suggest; \
         declare the columns that you need, this one as VARCHAR: \
         CREATE EXTERNAL TABLE t (\"{column}\" VARCHAR, …) STORED AS CSV LOCATION '…'",
        line(record),
        shown(value),
    )
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
pub(super) fn ragged(record: &ByteRecord, width: usize) -> String {
    let hint = if record.len() < width {
        "add the missing delimiters, or read it with OPTIONS ('truncated_rows' 'true')"
    } else {
        "put values that hold the delimiter in quotes, or name another with \
         OPTIONS ('delimiter' '…')"
    };
    let fields = if record.len() == 1 { "field" } else { "fields" };
    format!(
        "line {} has {} {fields} where the first line has {width}; {hint}",
        line(record),
        record.len(),
    )
}

/// A record that is no UTF-8.
pub(super) fn not_unicode(record: &ByteRecord, names: &[String]) -> String {
    let broken = record
        .iter()
        .enumerate()
        .find(|(_, field)| std::str::from_utf8(field).is_err());
    let (column, value) = broken.map_or((String::new(), String::new()), |(at, field)| {
        let column = names.get(at).map(|name| format!(", column \"{name}\""));
        (
            column.unwrap_or_default(),
            String::from_utf8_lossy(field).into_owned(),
        )
    });
    format!(
        "line {}{column}: '{}' is no UTF-8; convert the file first, \
         for example: iconv -f WINDOWS-1252 -t UTF-8",
        line(record),
        shown(&value),
    )
}

fn line(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}
