//! Where the rows of a table are, and how foreign columns become those that latido knows.

use super::Sql;
use super::node::{Node, Value};
use super::words::{sql_of, text_of, texts_of};

/// A table of the project.
#[derive(Debug, Clone)]
pub struct ProjectTable {
    /// Its name in SQL.
    pub name: String,
    /// Where its rows are.
    pub rows: Rows,
    /// The format of its files, if their ending does not tell.
    pub format: Option<String>,
    /// Columns under other names; the rest stays as it is.
    pub columns: Vec<Mapping>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

/// Where the rows of a table are.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Files, read in place.
    Files(String),
    /// A table of the store.
    Stored(String),
    /// A query.
    Query(Sql),
}

/// A column and what it is made of.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name in the table.
    pub name: String,
    /// What it is made of.
    pub source: Source,
    /// Values that mean that there is no answer, as text.
    pub null_when: Vec<String>,
    /// What the values become: `text`, `integer`, `number`, `boolean`, `date`, `timestamp`.
    pub kind: Option<String>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

/// What a mapped column is made of.
#[derive(Debug, Clone)]
pub enum Source {
    /// A column of the file, by its exact name.
    Column(String),
    /// An expression over the columns of the file.
    Expression(Sql),
    /// The same value for every row: NULL, or a text as it was written.
    Constant(Option<Constant>),
}

/// A value that is the same for all rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Number(f64),
    /// Text.
    Text(String),
}

/// Files that `latido import` brings into a table.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its name.
    pub name: String,
    /// The table that receives the rows.
    pub into: String,
    /// Files, globs or URLs.
    pub files: Vec<String>,
    /// The columns of the file that identify a row.
    pub key: Vec<String>,
    /// The format of the files, if their ending does not tell.
    pub format: Option<String>,
    /// The columns of the table.
    pub columns: Vec<Mapping>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

impl ProjectTable {
    /// A table of a node that has the right shape; `None` where it does not say where its rows are.
    pub(super) fn of(name: &str, line: usize, node: &Node) -> Option<Self> {
        let rows = match &node.value {
            Value::Text(from) => Rows::Files(from.clone()),
            _ => rows(node)?,
        };
        Some(Self {
            name: name.to_owned(),
            rows,
            format: text_of(node, "format"),
            columns: mappings(node),
            line,
        })
    }
}

fn rows(node: &Node) -> Option<Rows> {
    let given = ["from", "store", "sql"].map(|key| node.get(key).is_some());
    match given {
        [true, false, false] => text_of(node, "from").map(Rows::Files),
        [false, true, false] => text_of(node, "store").map(Rows::Stored),
        [false, false, true] => sql_of(node, "sql").map(Rows::Query),
        _ => None,
    }
}

impl Import {
    /// An import of a node that has the right shape.
    pub(super) fn of(name: &str, line: usize, node: &Node) -> Self {
        Self {
            name: name.to_owned(),
            into: text_of(node, "into").unwrap_or_default(),
            files: texts_of(node, "files"),
            key: texts_of(node, "key"),
            format: text_of(node, "format"),
            columns: mappings(node),
            line,
        }
    }
}

fn mappings(node: &Node) -> Vec<Mapping> {
    let columns = node.get("columns").map_or(&[][..], Node::entries);
    let mapping = |(name, node): &(super::node::Name, Node)| {
        Some(Mapping {
            name: name.text.clone(),
            source: source(node)?,
            null_when: texts_of(node, "null_when"),
            kind: text_of(node, "type"),
            line: name.line,
        })
    };
    columns.iter().filter_map(mapping).collect()
}

/// What a column is made of; `None` where that is not said, or said twice.
pub(super) fn source(node: &Node) -> Option<Source> {
    if let Value::Text(column) = &node.value {
        return Some(Source::Column(column.clone()));
    }
    let given = ["from", "sql", "value"].map(|key| node.get(key).is_some());
    match given {
        [true, false, false] => text_of(node, "from").map(Source::Column),
        [false, true, false] => sql_of(node, "sql").map(Source::Expression),
        [false, false, true] => node
            .get("value")
            .map(|value| Source::Constant(constant(value))),
        _ => None,
    }
}

fn constant(node: &Node) -> Option<Constant> {
    match &node.value {
        Value::Boolean(truth) => Some(Constant::Boolean(*truth)),
        Value::Integer(number) => Some(Constant::Integer(*number)),
        Value::Number(number) => Some(Constant::Number(*number)),
        Value::Text(text) => Some(Constant::Text(text.clone())),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}
