//! A text of statements and commands, from wherever it comes, before anything of it runs.

use std::io::Read as _;
use std::path::Path;

use crate::error::{Error, Result};

/// A text to run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    /// Where it is from, for errors; empty for what stands on the command line.
    pub(crate) place: String,
    /// The text, without a byte order mark.
    pub(crate) text: String,
}

impl Script {
    /// A text of the command line.
    pub(crate) fn typed(text: &str) -> Self {
        Self {
            place: String::new(),
            text: text.to_owned(),
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// [`Error::Place`] for a file that cannot be read or is not UTF-8.
    pub(crate) fn of_file(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::decoded(place, bytes),
            Err(error) => Err(Error::place(place, error.to_string())),
        }
    }

    /// All of the standard input.
    ///
    /// # Errors
    /// As for a file.
    pub(crate) fn of_input() -> Result<Self> {
        let mut bytes = Vec::new();
        let place = "standard input".to_owned();
        match std::io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Self::decoded(place, bytes),
            Err(error) => Err(Error::place(place, error.to_string())),
        }
    }

    /// Bytes as text; a byte order mark is no part of it.
    fn decoded(place: String, bytes: Vec<u8>) -> Result<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                place,
                text: text.trim_start_matches('\u{feff}').to_owned(),
            }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let before = error.as_bytes()[..at].iter();
                let line = 1 + before.filter(|byte| **byte == b'\n').count();
                Err(Error::place(
                    place,
                    format!("line {line} is not UTF-8; save the file as UTF-8"),
                ))
            }
        }
    }

    /// Whether a line could be a command of the shell: `\d`, `.tables`.
    pub(crate) fn has_commands(&self) -> bool {
        self.text.lines().map(str::trim_start).any(|line| {
            let mut letters = line.chars();
            match letters.next() {
                Some('\\') => true,
                Some('.') => letters.next().is_some_and(char::is_alphabetic),
                _ => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<Script> {
        Script::decoded("x.sql".into(), bytes.to_vec())
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decoded(b"\xef\xbb\xbfselect 1").unwrap().text, "select 1");
    }

    #[test]
    fn other_encodings_are_refused_with_their_line() {
        let error = decoded(b"select 1;\nselect 'caf\xe9'").unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.sql: line 2 is not UTF-8; save the file as UTF-8"
        );
    }

    #[test]
    fn commands_begin_their_line() {
        for text in ["select 1;\n  \\d", ".tables", "\\run nps/by_month"] {
            assert!(Script::typed(text).has_commands(), "{text}");
        }
        for text in ["select 1\n+ .5", "select '\\d'", ""] {
            assert!(!Script::typed(text).has_commands(), "{text}");
        }
    }
}
