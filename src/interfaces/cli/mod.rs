//! The command line: `latido -c`, `-f`, `run`, `queries`, `demo`, `sample`, `functions`.

use std::process::ExitCode;

/// Parses the arguments, runs them and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
