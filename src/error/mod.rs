//! The one error of latido, with few variants by what the reader can do about it.
//!
//! Each text names the thing (path, table, function) and the remedy; `kind()` maps once to the
//! exit code, and later to HTTP status and SQLSTATE.

mod nearest;

use datafusion::error::DataFusionError;

pub(crate) use nearest::{hint, nearest};

/// What every fallible call above floor 0 returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the words of the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The call itself is wrong: an unknown option, query, parameter or format.
    #[error("{0}")]
    Usage(String),
    /// The statement cannot be parsed or planned.
    #[error("{0}")]
    Statement(String),
    /// A file, bucket or address cannot be read or written; `place` names it.
    #[error("{place}: {reason}")]
    Place {
        /// The path or URL as the person wrote it, or the file inside it that failed.
        place: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The data break a rule while the statement runs (score out of range, text in a number …).
    #[error("{0}")]
    Data(String),
    /// A limit was reached: memory, time, statement size.
    #[error("{0}")]
    Limit(String),
    /// The person stopped it.
    #[error("cancelled")]
    Cancelled,
    /// Writing the answer failed.
    #[error("{0}")]
    Output(#[from] std::io::Error),
    /// What should not happen; the text asks for a report.
    #[error("internal error: {0}; please report it with the statement")]
    Internal(String),
}

/// The kinds of error that an interface tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Wrong usage.
    Usage,
    /// The statement is wrong.
    Statement,
    /// The data or their place is wrong.
    Data,
    /// A limit was reached.
    Limit,
    /// The person stopped it.
    Cancelled,
    /// The answer could not be written.
    Output,
    /// A fault of latido.
    Internal,
}

impl Error {
    /// The kind that interfaces act on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Usage(_) => ErrorKind::Usage,
            Self::Statement(_) => ErrorKind::Statement,
            Self::Place { .. } | Self::Data(_) => ErrorKind::Data,
            Self::Limit(_) => ErrorKind::Limit,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::Output(_) => ErrorKind::Output,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }

    /// A place that cannot be read or written, and why.
    pub fn place(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Place {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

impl ErrorKind {
    /// The exit code of the command line: 1 the query or the data failed, 2 wrong usage.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        if self == Self::Usage { 2 } else { 1 }
    }
}

/// An error of ours travels through DataFusion as an external error and comes out whole.
impl From<Error> for DataFusionError {
    fn from(error: Error) -> Self {
        Self::External(Box::new(error))
    }
}
