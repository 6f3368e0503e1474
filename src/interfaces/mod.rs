//! Windows on the engine; they do not know each other.

/// The command line.
pub mod cli;
/// Answers as bytes: one file a format.
pub(crate) mod output;
