//! Windows on the engine; they do not know each other.

/// The command line.
pub mod cli;
/// Answers as bytes: one file a format.
pub(crate) mod output;
/// The shell of a person at a terminal.
pub(crate) mod repl;
/// What is run without a person: read by both.
pub(crate) mod script;

use std::process::ExitCode;

/// The program: the command line, which opens the shell when nothing is asked for.
#[must_use]
pub fn main() -> ExitCode {
    cli::main(|opening| {
        repl::run(repl::Setup {
            engine: opening.engine,
            format: opening.format,
            style: opening.style,
            is_quiet: opening.is_quiet,
            variables: opening.variables,
            scripts: opening.scripts,
            is_terminal: opening.is_terminal,
        })
    })
}
