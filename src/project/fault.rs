//! What is wrong with a project file, and where.

use std::fmt;

/// One thing that is wrong: its line, the key on which it stands, the reason with its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    key: String,
    reason: String,
}

impl Fault {
    /// A fault; an empty key is the file as a whole.
    pub(super) fn at(line: usize, key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            line,
            key: key.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.line, self.reason),
            key => write!(f, "{}: {key}: {}", self.line, self.reason),
        }
    }
}
