//! latido.yaml: the project's tables, metrics, objectives, roles; parsed, checked, with errors that
//! name file, line, key and remedy.
//!
//! Words only: what an expression means is found out where it is planned.

mod check;
mod dbt;
mod draft;
mod environment;
mod fault;
mod guess;
mod meaning;
mod metric;
mod node;
mod ossie;
mod people;
mod period;
mod schema;
mod shape;
mod table;
mod words;
mod yaml;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use crate::error::{Error, Result};
use fault::Fault;
use node::Node;

pub(crate) use check::is_identifier;
pub use dbt::{DbtDraft, DbtProject};
pub use draft::{Draft, DraftColumn, DraftMetric, DraftObjective, DraftSource, DraftTable};
pub use guess::{
    Found, FoundColumn, MOST_VALUES, Moment, Way, guess, identifier, is_telling, scale_of,
};
pub use metric::{Direction, Metric, MetricKind};
pub use ossie::{Ossie, TableColumns, export};
pub use people::{ColumnOf, Objective, Role, Rollup};
pub use period::Grain;
pub use schema::json_schema;
pub use table::{Constant, Import, Mapping, ProjectTable, Rows, Source};

/// The name of a project file.
pub const FILE_NAME: &str = "latido.yaml";

/// An expression or query as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// Its text.
    pub text: String,
    /// The line of latido.yaml on which it begins.
    pub line: usize,
}

/// The language of titles, readings and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

/// A project: what latido.yaml says.
#[derive(Debug, Clone)]
pub struct Project {
    /// What it is called.
    pub name: String,
    /// The directory of latido.yaml; paths in it start there.
    pub directory: PathBuf,
    /// The file as errors name it.
    pub file: String,
    /// The zone in which periods begin.
    pub timezone: Tz,
    /// The language of titles and readings.
    pub language: Language,
    /// Where imported tables are kept.
    pub store: Option<String>,
    /// The tables, as written.
    pub tables: Vec<ProjectTable>,
    /// What `latido import` brings in.
    pub imports: Vec<Import>,
    /// The KPIs.
    pub metrics: Vec<Metric>,
    /// The columns by which metrics are taken apart.
    pub dimensions: Vec<String>,
    /// What the metrics are for.
    pub objectives: Vec<Objective>,
    /// Who sees what.
    pub roles: Vec<Role>,
    /// What is kept ready.
    pub rollups: Vec<Rollup>,
}

impl Project {
    /// The project of a directory; `None` where there is no latido.yaml.
    ///
    /// # Errors
    /// [`Error::Place`] for a file that cannot be read, [`Error::Usage`] for one that is wrong:
    /// `latido.yaml:LINE: KEY: REASON`.
    pub fn open(directory: &Path) -> Result<Option<Self>> {
        let path = directory.join(FILE_NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::place(path.display().to_string(), error.to_string()));
            }
        };
        let file = path.display().to_string();
        let text = String::from_utf8(bytes).map_err(|error| {
            let read = error.as_bytes().get(..error.utf8_error().valid_up_to());
            let line = 1 + read
                .unwrap_or_default()
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            Error::Usage(format!("{file}:{line}: not UTF-8 text; save it as UTF-8"))
        })?;
        let look_up = |name: &str| std::env::var(name).ok();
        Self::read(&text, directory, &file, &look_up).map(Some)
    }

    /// The project of a text: its directory, how errors name the file, and what environment
    /// variables hold.
    ///
    /// # Errors
    /// [`Error::Usage`] as for [`Project::open`].
    pub fn read(
        text: &str,
        directory: &Path,
        file: &str,
        look_up: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let node =
            checked(text, look_up).map_err(|fault| Error::Usage(format!("{file}:{fault}")))?;
        Ok(Self::of(&node, directory, file))
    }

    fn of(file: &Node, directory: &Path, named: &str) -> Self {
        let entries = |key| file.get(key).map_or(&[][..], Node::entries);
        let items = |key| file.get(key).map_or(&[][..], Node::items);
        Self {
            name: words::text_of(file, "name").unwrap_or_else(|| name_of(directory)),
            directory: directory.to_owned(),
            file: named.to_owned(),
            timezone: words::text_of(file, "timezone")
                .and_then(|zone| zone.parse().ok())
                .unwrap_or(Tz::UTC),
            language: match words::text_of(file, "language").as_deref() {
                Some("es") => Language::Spanish,
                _ => Language::English,
            },
            store: words::text_of(file, "store"),
            tables: entries("tables")
                .iter()
                .filter_map(|(name, node)| ProjectTable::of(&name.text, name.line, node))
                .collect(),
            imports: entries("imports")
                .iter()
                .map(|(name, node)| Import::of(&name.text, name.line, node))
                .collect(),
            metrics: items("metrics").iter().map(Metric::of).collect(),
            dimensions: words::texts_of(file, "dimensions"),
            objectives: items("objectives")
                .iter()
                .filter_map(Objective::of)
                .collect(),
            roles: entries("roles")
                .iter()
                .map(|(name, node)| Role::of(&name.text, name.line, node))
                .collect(),
            rollups: items("rollups").iter().filter_map(Rollup::of).collect(),
        }
    }

    /// The metric of a name, in any case.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        let mut metrics = self.metrics.iter();
        metrics.find(|metric| metric.name.eq_ignore_ascii_case(name))
    }
}

fn checked(text: &str, look_up: &dyn Fn(&str) -> Option<String>) -> Result<Node, Fault> {
    let mut node = Node::read(text)?;
    environment::fill(&mut node, look_up)?;
    check::check(&node, &shape::FILE, "")?;
    meaning::check(&node)?;
    Ok(node)
}

fn name_of(directory: &Path) -> String {
    let full = directory.canonicalize();
    let full = full.as_deref().unwrap_or(directory);
    full.file_name().map_or_else(
        || "project".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
