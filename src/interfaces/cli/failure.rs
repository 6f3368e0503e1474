//! What ends the process before its work is done: an error and where it arose, or a signal.

use std::error::Error as _;
use std::io::{ErrorKind as IoKind, Write as _};
use std::process::ExitCode;

use super::interrupt::Signal;
use crate::error::Error;
use crate::interfaces::output::escape;

/// Why the work ended early.
#[derive(Debug)]
pub(super) struct Failure {
    /// The statement among several, when it was one.
    place: Option<String>,
    error: Error,
    signal: Option<Signal>,
}

impl Failure {
    /// An error of a statement; `place` is empty when there is only one.
    pub(super) fn at(place: &str, error: Error) -> Self {
        let place = (!place.is_empty()).then(|| place.to_owned());
        Self {
            place,
            error,
            signal: None,
        }
    }

    /// The person, or the system, stopped it.
    pub(super) fn stopped(signal: Signal) -> Self {
        Self {
            place: None,
            error: Error::Cancelled,
            signal: Some(signal),
        }
    }

    /// Says what went wrong and gives the exit code; a reader that has gone (`| head`) is no error.
    pub(super) fn report(&self) -> ExitCode {
        if matches!(&self.error, Error::Output(io) if io.kind() == IoKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        // Without a standard error the exit code has to do.
        let _ = std::io::stderr().write_all(self.text().as_bytes());
        match self.signal {
            Some(signal) => ExitCode::from(signal.exit_code()),
            None => ExitCode::from(self.error.kind().exit_code()),
        }
    }

    /// One line, and one more for each cause that adds something.
    fn text(&self) -> String {
        let message = self.error.to_string();
        let place = self
            .place
            .as_ref()
            .map(|place| format!("{place}: "))
            .unwrap_or_default();
        let mut text = format!("error: {}{}\n", escape(&place), line(&message));
        let mut told = message;
        let mut cause = self.error.source();
        while let Some(error) = cause {
            let message = error.to_string();
            if !told.contains(&message) {
                text.push_str(&format!("  because: {}\n", line(&message)));
                told.push_str(&message);
            }
            cause = error.source();
        }
        text
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::at("", error)
    }
}

/// A message without line breaks and control characters.
fn line(message: &str) -> String {
    let parts: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    escape(&parts.join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_and_cannot_drive_the_terminal() {
        let error = Error::Data("text \u{1b}[2J\n  and more".into());
        let failure = Failure::at("statement 2", error);
        assert_eq!(
            failure.text(),
            "error: statement 2: text \\x1b[2J and more\n"
        );
    }

    #[test]
    fn a_cause_that_says_the_same_is_left_out() {
        let failure = Failure::from(Error::Output(std::io::Error::other("disk full")));
        assert_eq!(failure.text(), "error: disk full\n");
    }
}
