//! The columns of a delimited text, from its beginning: names, types and whether values hold
//! line breaks.

use std::collections::HashSet;

use arrow::datatypes::DataType;
use csv::ByteRecord;

use super::diagnosis::Fault;
use super::dialect::{Dialect, Shape};
use super::values::Guess;
use super::{blanks, diagnosis};
use crate::sources::format::{Format, not_text};
use crate::sources::head::Head;
use crate::sources::options::Delimited;

/// What the beginning of a delimited text tells.
#[derive(Debug, Clone)]
pub(in crate::sources) struct Sketch {
    pub(in crate::sources) dialect: Dialect,
    /// Names as the header writes them; doubled ones get `_2`, `_3`, empty ones `column_N`.
    pub(in crate::sources) names: Vec<String>,
    /// `Null` where no value was seen.
    pub(in crate::sources) types: Vec<DataType>,
    /// Whether a value holds a line break, as far as the text was read.
    pub(in crate::sources) line_breaks: bool,
}

/// Reads the beginning of a text.
///
/// # Errors
/// A sentence: the text is binary, no UTF-8, or a record has more or fewer fields than the first.
pub(in crate::sources) fn sketch(
    head: &Head,
    format: Format,
    given: &Delimited,
) -> Result<Sketch, String> {
    if let Some(what) = not_text(&head.bytes) {
        return Err(format!(
            "is no {} file: it is {what}; {}",
            format.name(),
            remedy(&what)
        ));
    }
    let dialect = Dialect::find(&head.bytes, format, given);
    if dialect.shape == Shape::Blanks {
        let respaced = blanks::respaced(&head.bytes);
        return columns(&respaced, head.whole, dialect);
    }
    columns(&head.bytes, head.whole, dialect)
}

fn remedy(what: &str) -> String {
    let ending = match what {
        "a Parquet file" => ".parquet",
        "an Arrow file" => ".arrow",
        "compressed with gzip" => ".gz",
        "compressed with zstd" => ".zst",
        "compressed with bzip2" => ".bz2",
        "compressed with xz" => ".xz",
        "text in UTF-16" => return "convert it: iconv -f UTF-16 -t UTF-8".to_owned(),
        "a zip archive or an Excel workbook" => return "unpack it or save it as CSV".to_owned(),
        _ => return "check the name".to_owned(),
    };
    format!("give its name the ending {ending}")
}

fn columns(text: &[u8], whole: bool, dialect: Dialect) -> Result<Sketch, String> {
    let mut reader = dialect.reader(text);
    let mut record = ByteRecord::new();
    let mut next = ByteRecord::new();
    let broken = |error: csv::Error| format!("cannot be read: {error}");
    if !reader.read_byte_record(&mut record).map_err(broken)? {
        return Ok(empty(dialect));
    }
    let place = |fault: Fault| fault.in_text(text);
    let names = names(&record, &dialect).map_err(place)?;
    let mut guesses = vec![Guess::Empty; names.len()];
    let mut line_breaks = false;
    let mut more = true;
    if dialect.header {
        more = reader.read_byte_record(&mut record).map_err(broken)?;
    }
    while more {
        more = reader.read_byte_record(&mut next).map_err(broken)?;
        // The last record of a beginning may be cut.
        if more || whole {
            line_breaks |= look(&record, &names, &dialect, &mut guesses).map_err(place)?;
        }
        std::mem::swap(&mut record, &mut next);
    }
    if dialect.shape != Shape::Delimited {
        line_breaks = dialect.shape == Shape::Blanks;
    }
    Ok(Sketch {
        types: guesses.into_iter().map(Guess::data_type).collect(),
        dialect,
        names,
        line_breaks,
    })
}

fn empty(dialect: Dialect) -> Sketch {
    Sketch {
        dialect,
        names: Vec::new(),
        types: Vec::new(),
        line_breaks: false,
    }
}

/// Takes one record in; true when a value holds a line break.
fn look(
    record: &ByteRecord,
    names: &[String],
    dialect: &Dialect,
    guesses: &mut [Guess],
) -> Result<bool, Fault> {
    let width = names.len();
    if record.len() != width && !(dialect.truncated_rows && record.len() < width) {
        return Err(diagnosis::ragged(record, width));
    }
    let text = std::str::from_utf8(record.as_slice())
        .map_err(|_| diagnosis::not_unicode(record, names))?;
    for (at, guess) in guesses.iter_mut().enumerate() {
        if let Some(value) = record.range(at).and_then(|range| text.get(range)) {
            *guess = guess.after(value);
        }
    }
    Ok(text
        .as_bytes()
        .iter()
        .any(|byte| matches!(byte, b'\n' | b'\r')))
}

/// The names of the columns, each different.
fn names(first: &ByteRecord, dialect: &Dialect) -> Result<Vec<String>, Fault> {
    if dialect.shape == Shape::Lines && !dialect.header {
        return Ok(vec!["line".to_owned()]);
    }
    let mut taken = HashSet::new();
    first
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let written =
                std::str::from_utf8(field).map_err(|_| diagnosis::not_unicode(first, &[]))?;
            let name = match written {
                _ if !dialect.header => format!("column_{}", at + 1),
                "" => format!("column_{}", at + 1),
                written => written.to_owned(),
            };
            Ok(distinct(&name, &mut taken))
        })
        .collect()
}

fn distinct(name: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut count = 1;
    while !taken.insert(candidate.clone()) {
        count += 1;
        candidate = format!("{name}_{count}");
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Sketch, String> {
        let head = Head {
            bytes: text.as_bytes().to_vec(),
            whole: true,
        };
        sketch(&head, Format::Csv, &Delimited::default())
    }

    #[test]
    fn doubled_and_empty_names_become_distinct_and_blanks_stay() {
        let names = of("a,a,,NETPRO  ,a_2,a\n").unwrap().names;
        assert_eq!(names, ["a", "a_2", "column_3", "NETPRO  ", "a_2_2", "a_3"]);
    }

    #[test]
    fn line_breaks_inside_quotes_are_noticed() {
        assert!(of("a,b\n1,\"x\ny\"\n").unwrap().line_breaks);
        assert!(!of("a,b\r\n1,x\r\n").unwrap().line_breaks);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_name() {
        assert_eq!(of("\u{feff}a,b\n1,2\n").unwrap().names, ["a", "b"]);
    }

    #[test]
    fn ragged_and_binary_text_is_refused_with_line_and_remedy() {
        for text in [
            "a,b\n1,2\n\n3,4,5\n",
            "a,b\r\n1,2\r\n\r\n3,4,5\r\n",
            "a,b\n1,\"\n\"\n3,4,5\n",
        ] {
            let ragged = of(text).unwrap_err();
            assert!(
                ragged.starts_with("line 4 has 3 fields"),
                "{text:?}: {ragged}"
            );
        }
        let binary = of("PAR1\0\0\n").unwrap_err();
        assert!(binary.contains("a Parquet file"), "{binary}");
    }
}
