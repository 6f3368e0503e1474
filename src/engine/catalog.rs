//! The tables and views by name, for as long as the engine lives.
//!
//! A table is where its rows are and how to read them; a view is its SQL. Neither holds anything
//! that was opened, so that each statement sees the files and columns of its own moment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;

use super::TableInfo;
use super::errors::explain;
use super::functions::unknown;
use super::last::LAST;
use super::limits::Kept;
use super::mapped::Mapped;
use super::metrics::METRIC;
use super::session::{CATALOG, SCHEMA};
use crate::error::{Error, Result, hint};
use crate::sources::{Location, ReadOptions};

/// What a name in FROM stands for.
#[derive(Debug, Clone)]
pub(super) enum Relation {
    /// Files, opened anew by each statement.
    Files(Arc<Files>),
    /// Rows in memory, made by `CREATE TABLE`.
    Memory(Arc<Memory>),
    /// Files whose columns latido.yaml maps.
    Mapped(Arc<MappedFiles>),
    /// A query under a name, planned anew by each statement.
    View(Arc<View>),
    /// A table that cannot be read here, and why.
    Absent(Arc<str>),
}

/// Files and the columns that are made of theirs.
#[derive(Debug)]
pub(super) struct MappedFiles {
    pub(super) files: Files,
    pub(super) mapped: Mapped,
}

/// Where the rows of a table are.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) location: Location,
    pub(super) options: ReadOptions,
}

/// A table in memory, and the memory that it holds.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) table: Arc<MemTable>,
    pub(super) _kept: Kept,
}

/// A view.
#[derive(Debug)]
pub(super) struct View {
    /// The query under the name.
    pub(super) query: String,
    /// Where the paths in its FROM begin; the current directory without it.
    pub(super) directory: Option<PathBuf>,
    /// The whole `CREATE VIEW`, for `information_schema.views`.
    pub(super) definition: String,
}

impl Relation {
    fn kind(&self) -> &'static str {
        match self {
            Self::View(_) => "view",
            Self::Files(_) | Self::Mapped(_) | Self::Memory(_) | Self::Absent(_) => "table",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Files(files) => files.location.written().to_owned(),
            Self::Mapped(mapped) => mapped.files.location.written().to_owned(),
            Self::Memory(_) => "memory".to_owned(),
            Self::View(view) => view.query.clone(),
            Self::Absent(why) => why.to_string(),
        }
    }
}

/// What to do when a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenTaken {
    /// `CREATE`.
    Fail,
    /// `CREATE … IF NOT EXISTS`.
    Keep,
    /// `CREATE OR REPLACE`.
    Replace,
}

impl WhenTaken {
    /// Of the two clauses of a CREATE statement.
    pub(super) fn of(if_not_exists: bool, or_replace: bool) -> Result<Self> {
        match (if_not_exists, or_replace) {
            (true, true) => Err(Error::Statement(
                "OR REPLACE and IF NOT EXISTS contradict each other; write one of them".into(),
            )),
            (true, false) => Ok(Self::Keep),
            (false, true) => Ok(Self::Replace),
            (false, false) => Ok(Self::Fail),
        }
    }
}

/// The tables and views of an engine.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    relations: RwLock<BTreeMap<String, Relation>>,
}

impl Catalog {
    /// What a name stands for: the relation of exactly that name, else the only one whose name
    /// differs in case.
    pub(super) fn find(&self, name: &str) -> Result<Option<(String, Relation)>> {
        let relations = self.read();
        if let Some(relation) = relations.get(name) {
            return Ok(Some((name.to_owned(), relation.clone())));
        }
        let folded = name.to_lowercase();
        let mut alike = relations
            .iter()
            .filter(|(candidate, _)| candidate.to_lowercase() == folded);
        match (alike.next(), alike.next()) {
            (Some((first, _)), Some((second, _))) => Err(Error::Statement(format!(
                "table {name} can be \"{first}\" or \"{second}\"; write the one meant in double \
                 quotes"
            ))),
            (Some((found, relation)), None) => Ok(Some((found.clone(), relation.clone()))),
            (None, _) => Ok(None),
        }
    }

    /// Whether a name is taken, in any case.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        !matches!(self.find(name), Ok(None))
    }

    /// Whether a CREATE goes on: false when the name is taken and that is all right.
    pub(super) fn may_create(&self, name: &str, when_taken: WhenTaken) -> Result<bool> {
        match when_taken {
            _ if !self.is_taken(name) => Ok(true),
            WhenTaken::Replace => Ok(true),
            WhenTaken::Keep => Ok(false),
            WhenTaken::Fail => Err(Error::Statement(format!(
                "{name} exists already; write CREATE OR REPLACE to replace it"
            ))),
        }
    }

    /// Puts a relation under a name; one of that name in any case gives way.
    pub(super) fn put(&self, name: &str, relation: Relation) {
        let taken = self.find(name).ok().flatten().map(|(taken, _)| taken);
        let mut relations = self.write();
        if let Some(taken) = taken {
            relations.remove(&taken);
        }
        relations.insert(name.to_owned(), relation);
    }

    /// Removes a table or view.
    pub(super) fn drop_one(&self, name: &str, kind: &str, if_exists: bool) -> Result<()> {
        match self.find(name)? {
            Some((name, relation)) if relation.kind() == kind => {
                self.write().remove(&name);
                Ok(())
            }
            Some((name, relation)) => {
                let kind = relation.kind();
                let word = kind.to_uppercase();
                Err(Error::Statement(format!(
                    "{name} is a {kind}; write DROP {word} {name}"
                )))
            }
            None if if_exists => Ok(()),
            None => Err(Error::Statement(format!(
                "no {kind} {name}{}",
                self.hint(name)
            ))),
        }
    }

    /// All by name.
    pub(super) fn list(&self) -> Vec<TableInfo> {
        let info = |(name, relation): (&String, &Relation)| TableInfo {
            name: name.clone(),
            kind: relation.kind(),
            location: match name.as_str() {
                LAST => "the last result".to_owned(),
                _ => relation.place(),
            },
        };
        self.read().iter().map(info).collect()
    }

    /// The error of planning, with a hint where a table or function is not known.
    pub(super) fn explain(&self, error: DataFusionError, session: &SessionState) -> Error {
        match explain(error) {
            Error::Statement(text) => Error::Statement(
                missing_table(&text)
                    .map(|name| self.unknown(name))
                    .or_else(|| missing_function(&text).map(|name| unknown(name, session)))
                    .or_else(|| missing_table_function(&text).map(|name| no_rows_of(name, session)))
                    .unwrap_or(text),
            ),
            other => other,
        }
    }

    fn unknown(&self, reference: &str) -> String {
        let own = format!("{CATALOG}.{SCHEMA}.");
        if let Some(name) = reference.strip_prefix(&own) {
            return format!("no table {name}{}", self.hint(name));
        }
        let name = reference
            .strip_prefix(&format!("{CATALOG}."))
            .unwrap_or(reference);
        if Location::looks_like_one(name) {
            return format!("no table {name}; write FROM '{name}' in quotes to read the file");
        }
        format!("no table {name}{}", self.hint(name))
    }

    fn hint(&self, name: &str) -> String {
        let relations = self.read();
        let names = relations.keys().map(String::as_str);
        let names: Vec<&str> = names.filter(|name| *name != LAST).collect();
        let none = "there are none yet: give --table name=where, or write FROM 'file'";
        format!("; {}", hint(name, names, none))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<String, Relation>> {
        self.relations
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<String, Relation>> {
        self.relations
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name in `Invalid function 'x'. Did you mean …`; DataFusion's hint is not the nearest name.
fn missing_function(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("Invalid function '")?.split_once('\'')?;
    Some(name)
}

/// The name in `table function 'x' not found`.
fn missing_table_function(text: &str) -> Option<&str> {
    text.strip_prefix("table function '")?
        .strip_suffix("' not found")
}

/// A function in FROM that gives no rows.
fn no_rows_of(name: &str, session: &SessionState) -> String {
    let is_reader = name.starts_with("read_") || name.ends_with("_scan");
    if is_reader {
        return format!("no table function {name}; write FROM 'file' in quotes to read a file");
    }
    let functions = session.table_functions().keys().map(String::as_str);
    let known = functions.chain([METRIC]);
    format!("no table function {name}; {}", hint(name, known, ""))
}

/// The reference in `table 'latido.main.x' not found`.
fn missing_table(text: &str) -> Option<&str> {
    text.strip_prefix("table '")?.strip_suffix("' not found")
}
