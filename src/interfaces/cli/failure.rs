//! What ends the process before its work is done: an error and where it arose, or a signal.

use std::io::{ErrorKind as IoKind, Write as _};
use std::process::ExitCode;

use super::interrupt::Signal;
use super::script::Statement;
use crate::error::Error;
use crate::interfaces::output::{line_of, pointed, told};

/// Why the work ended early.
#[derive(Debug)]
pub(super) struct Failure {
    /// The statement among several, when it was one.
    place: Option<String>,
    error: Error,
    /// The lines that point at where it arose.
    pointer: String,
    signal: Option<Signal>,
}

impl Failure {
    /// An error of a statement of a script.
    pub(super) fn in_statement(statement: &Statement, error: Error) -> Self {
        let Statement { place, line, sql } = statement;
        let pointer = pointed(sql, *line, &error);
        // The line of the caret rather than the first of its statement.
        let place = match place.strip_suffix(&format!(":{line}")) {
            Some(file) => format!("{file}:{}", line_of(sql, *line, &error)),
            None => place.clone(),
        };
        Self {
            pointer,
            ..Self::at(&place, error)
        }
    }

    /// An error of a statement; `place` is empty when there is only one.
    pub(super) fn at(place: &str, error: Error) -> Self {
        let place = (!place.is_empty()).then(|| place.to_owned());
        Self {
            place,
            error,
            pointer: String::new(),
            signal: None,
        }
    }

    /// The person, or the system, stopped it.
    pub(super) fn stopped(signal: Signal) -> Self {
        Self {
            place: None,
            error: Error::Cancelled,
            pointer: String::new(),
            signal: Some(signal),
        }
    }

    /// Says what went wrong and gives the exit code; a reader that has gone (`| head`) is no error.
    pub(super) fn report(&self) -> ExitCode {
        if matches!(&self.error, Error::Output(io) if io.kind() == IoKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        let place = self.place.as_deref().unwrap_or_default();
        let text = told(place, &self.error) + &self.pointer;
        // Without a standard error the exit code has to do.
        let _ = std::io::stderr().write_all(text.as_bytes());
        match self.signal {
            Some(signal) => ExitCode::from(signal.exit_code()),
            None => ExitCode::from(self.error.kind().exit_code()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::at("", error)
    }
}
