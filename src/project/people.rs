//! Objectives, roles and rollups: what the metrics are for, who sees them, what is kept ready.

use std::fmt;

use super::Sql;
use super::node::Node;
use super::period::Grain;
use super::words::{sql_of, text_of, texts_of, word_of};
use crate::error::{Error, Result, hint};

/// `table.column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnOf {
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
}

impl fmt::Display for ColumnOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, self.column)
    }
}

impl ColumnOf {
    fn of(node: &Node, key: &str) -> Option<Self> {
        let text = text_of(node, key)?;
        let (table, column) = text.split_once('.')?;
        Some(Self {
            table: table.to_owned(),
            column: column.to_owned(),
        })
    }
}

/// What is to be reached, and the metrics that should tell it beforehand.
#[derive(Debug, Clone)]
pub struct Objective {
    /// What is to be reached.
    pub name: String,
    /// `outcome`, `behaviour` or `process`.
    pub kind: String,
    /// The column that says whether it was reached.
    pub outcome: ColumnOf,
    /// What a customer is worth.
    pub value: Option<ColumnOf>,
    /// The metrics that should tell it beforehand.
    pub metrics: Vec<String>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

/// Who sees which pages and rows, what for and how often.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// The pages of the dashboard, in order.
    pub pages: Vec<String>,
    /// For whom.
    pub audience: Option<String>,
    /// What they need to know.
    pub need: Option<String>,
    /// What they do with it.
    pub purpose: Option<String>,
    /// `daily`, `weekly`, `monthly`, `quarterly` or `yearly`.
    pub frequency: Option<String>,
    /// The rows they see; `@name` is an attribute of the person.
    pub rows: Option<Sql>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

/// Score counts that are kept ready.
#[derive(Debug, Clone)]
pub struct Rollup {
    /// The table that is rolled up.
    pub table: String,
    /// By which columns.
    pub dimensions: Vec<String>,
    /// By which period.
    pub grain: Grain,
    /// The rating columns whose counts are kept.
    pub scores: Vec<String>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

impl Objective {
    /// An objective of a node that has the right shape.
    pub(super) fn of(node: &Node) -> Option<Self> {
        Some(Self {
            name: text_of(node, "name")?,
            kind: text_of(node, "kind")?,
            outcome: ColumnOf::of(node, "outcome")?,
            value: ColumnOf::of(node, "value"),
            metrics: texts_of(node, "metrics"),
            line: node.line,
        })
    }
}

impl Objective {
    /// The one of a name, in any case.
    ///
    /// # Errors
    /// [`Error::Usage`] with names alike.
    pub fn find<'a>(objectives: &'a [Self], name: &str) -> Result<&'a Self> {
        let folded = name.to_lowercase();
        let mut found = objectives.iter();
        if let Some(found) = found.find(|objective| objective.name.to_lowercase() == folded) {
            return Ok(found);
        }
        let names = objectives.iter().map(|objective| objective.name.as_str());
        let none = "there are none: define them under objectives in latido.yaml";
        let hint = hint(name, names, none);
        Err(Error::Usage(format!("no objective {name}; {hint}")))
    }
}

impl Role {
    /// A role of a node that has the right shape.
    pub(super) fn of(name: &str, line: usize, node: &Node) -> Self {
        Self {
            name: name.to_owned(),
            pages: texts_of(node, "pages"),
            audience: text_of(node, "audience"),
            need: text_of(node, "need"),
            purpose: text_of(node, "purpose"),
            frequency: text_of(node, "frequency"),
            rows: sql_of(node, "rows"),
            line,
        }
    }
}

impl Rollup {
    /// A rollup of a node that has the right shape.
    pub(super) fn of(node: &Node) -> Option<Self> {
        Some(Self {
            table: text_of(node, "table")?,
            dimensions: texts_of(node, "dimensions"),
            grain: word_of(node, "grain", &Grain::WORDS)?,
            scores: texts_of(node, "scores"),
            line: node.line,
        })
    }
}
