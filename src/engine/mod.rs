//! The one door to latido: every interface opens an [`Engine`] and asks it.

mod answer;
mod library;
mod limits;
mod options;

pub use answer::Answer;
pub use library::{Parameter, Query};
pub use options::{Limits, Options};

use crate::error::Result;

/// Tables, functions and queries, ready to be asked.
#[derive(Debug)]
pub struct Engine {}

/// A table as `latido tables` lists it.
#[derive(Debug, Clone)]
pub struct TableInfo {
    /// Its name in SQL.
    pub name: String,
    /// `table` or `view`.
    pub kind: &'static str,
    /// Where its rows are read from.
    pub location: String,
}

/// A function as `latido functions` lists it.
#[derive(Debug, Clone)]
pub struct FunctionInfo {
    /// Its name in SQL.
    pub name: String,
    /// `scalar`, `aggregate` or `window`.
    pub kind: &'static str,
    /// How it is called.
    pub syntax: String,
    /// What it means, in one paragraph.
    pub description: String,
    /// A statement on the sample data and what it shows, when the function is latido's own.
    pub example: Option<String>,
    /// Its arguments, each with its meaning.
    pub arguments: Vec<(String, String)>,
    /// Whether it is latido's own (DataFusion's are listed too).
    pub own: bool,
}

impl Engine {
    /// Opens an engine; tables are registered, nothing is read yet but what their types need.
    pub async fn open(_options: Options) -> Result<Self> {
        Ok(Self {})
    }

    /// Runs one statement; rows stream from the answer. `$name` in the text is bound to the
    /// parameter of that name.
    pub async fn run(&self, _sql: &str, _parameters: &[(String, String)]) -> Result<Answer> {
        Err(crate::Error::Internal("not here yet".into()))
    }

    /// Runs a query of the library with its parameters (given as text, typed by its header).
    pub async fn named(&self, _name: &str, _parameters: &[(String, String)]) -> Result<Answer> {
        Err(crate::Error::Internal("not here yet".into()))
    }

    /// Splits a script into its statements, comments and quoted text respected.
    #[must_use]
    pub fn statements(script: &str) -> Vec<String> {
        vec![script.to_owned()]
    }

    /// The tables and views by name.
    pub async fn tables(&self) -> Result<Vec<TableInfo>> {
        Ok(Vec::new())
    }

    /// The functions by name, latido's own first.
    #[must_use]
    pub fn functions(&self) -> Vec<FunctionInfo> {
        Vec::new()
    }

    /// The queries of the library by name.
    #[must_use]
    pub fn queries(&self) -> &[Query] {
        &[]
    }
}
