//! Statements from the command line, files and the standard input.
//!
//! Everything is read before anything runs: a missing second file does not leave the first half done.

use std::io::Read as _;
use std::path::Path;

use super::options::Source;
use crate::engine::Engine;
use crate::error::{Error, Result};

/// A statement of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// Where it stands, for errors; empty when it is the only one.
    pub(super) place: String,
    /// Its text.
    pub(super) sql: String,
}

/// The statements of all sources in order.
pub(super) fn read(sources: Vec<Source>) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    for source in sources {
        let (name, script) = match source {
            Source::Line(sql) => (String::new(), sql),
            Source::File(path) => (format!("{}, ", path.display()), file(&path)?),
            Source::Input => (String::new(), input()?),
        };
        for (place, sql) in Engine::statements(&script).into_iter().enumerate() {
            let place = format!("{name}statement {}", place + 1);
            statements.push(Statement { place, sql });
        }
    }
    if let [only] = statements.as_mut_slice() {
        only.place.clear();
    }
    Ok(statements)
}

fn file(path: &Path) -> Result<String> {
    let place = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => text(&place, bytes),
        Err(error) => Err(Error::place(place, error.to_string())),
    }
}

fn input() -> Result<String> {
    let mut bytes = Vec::new();
    let place = "standard input";
    match std::io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => text(place, bytes),
        Err(error) => Err(Error::place(place, error.to_string())),
    }
}

/// Bytes as text; a byte order mark is no part of it.
fn text(place: &str, bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Error::place(
            place,
            format!("line {line} is not UTF-8; save the file as UTF-8"),
        )
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(
            text("x", b"\xef\xbb\xbfselect 1".to_vec()).unwrap(),
            "select 1"
        );
    }

    #[test]
    fn other_encodings_are_refused_with_their_line() {
        let error = text("x.sql", b"select 1;\nselect 'caf\xe9'".to_vec()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.sql: line 2 is not UTF-8; save the file as UTF-8"
        );
    }

    #[test]
    fn a_missing_file_is_named_before_anything_runs() {
        let sources = vec![
            Source::Line("select 1".into()),
            Source::File("/no/such.sql".into()),
        ];
        assert!(
            read(sources)
                .unwrap_err()
                .to_string()
                .starts_with("/no/such.sql: ")
        );
    }
}
