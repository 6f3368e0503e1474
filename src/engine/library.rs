//! The files of `queries/`, embedded by name, with their headers.
//!
//! A query is a question that the REPL, the dashboard, the tests and the benches all ask by name;
//! its header says how the answer is drawn, so the limits of a chart are held here.

use std::collections::BTreeMap;
use std::path::Path;

use super::answer::Answer;
use super::concepts::Concepts;
use super::{embedded, header};
use crate::error::{Error, Result};

/// A query of the library.
#[derive(Debug, Clone)]
pub struct Query {
    /// Its path under `queries/` without the ending: `nps/by_month`.
    pub name: String,
    /// What it shows, in English.
    pub title: String,
    /// What it shows, in Spanish.
    pub title_es: String,
    /// The question it answers, in English.
    pub question: String,
    /// The question it answers, in Spanish; empty when the header has none.
    pub question_es: String,
    /// `big_number`, `line`, `bar`, `matrix`, `table` …
    pub chart: String,
    /// How to read the answer, in English.
    pub reading: String,
    /// How to read the answer, in Spanish; empty when the header has none.
    pub reading_es: String,
    /// Its parameters, bound as `$name`.
    pub parameters: Vec<Parameter>,
    /// What the chart shows at most; `None` where nothing is drawn.
    pub concepts: Option<Concepts>,
    /// The roles it is made for; empty for all.
    pub roles: Vec<String>,
    /// The SQL under the header.
    pub sql: String,
}

/// A parameter of a query.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, without the `$`.
    pub name: String,
    /// `date`, `timestamp`, `text`, `integer`, `number` or `boolean`.
    pub kind: String,
    /// Its value when none is given, as text; `None` means NULL.
    pub default: Option<String>,
}

/// The queries by name: the embedded ones, and those of a directory, which win.
///
/// # Errors
/// [`Error::Place`] for a directory that cannot be read, [`Error::Usage`] for a wrong header.
pub(super) fn load(directory: Option<&Path>) -> Result<Vec<Query>> {
    let mut queries = BTreeMap::new();
    for (name, text) in embedded::FILES {
        let query = header::read(name, &format!("queries/{name}.sql"), text)?;
        queries.insert(query.name.clone(), query);
    }
    if let Some(directory) = directory {
        add_directory(directory, directory, &mut queries)?;
    }
    Ok(queries.into_values().collect())
}

fn add_directory(
    root: &Path,
    directory: &Path,
    queries: &mut BTreeMap<String, Query>,
) -> Result<()> {
    let failed = |path: &Path, error: &std::io::Error| {
        Error::place(path.display().to_string(), error.to_string())
    };
    let entries = std::fs::read_dir(directory).map_err(|error| failed(directory, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| failed(directory, &error))?.path();
        if path.is_dir() {
            add_directory(root, &path, queries)?;
        } else if path.extension().is_some_and(|ending| ending == "sql") {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            let query = header::read(&name_of(root, &path), &path.display().to_string(), &text)?;
            queries.insert(query.name.clone(), query);
        }
    }
    Ok(())
}

/// `area/name` of `root/area/name.sql`.
fn name_of(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

impl Query {
    /// The answer, which ends in an error as soon as it holds more concepts than the header says.
    pub(super) fn watch(&self, answer: Answer) -> Answer {
        match &self.concepts {
            Some(concepts) => concepts.watch(&self.name, answer),
            None => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-- title: T\n-- title_es: T\n-- question: Q\n-- chart: table\n\
                        -- reading: R\n";

    #[test]
    fn a_directory_adds_queries_and_errors_name_the_file() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("mine")).unwrap();
        let file = root.path().join("mine/one.sql");
        std::fs::write(&file, format!("{GOOD}select 1\n")).unwrap();
        std::fs::write(root.path().join("notes.txt"), "no query").unwrap();
        let queries = load(Some(root.path())).unwrap();
        assert!(queries.iter().any(|query| query.name == "mine/one"));
        std::fs::write(&file, "-- titel: T\nselect 1\n").unwrap();
        let error = load(Some(root.path())).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{}:1: ", file.display())),
            "{error}"
        );
        let error = load(Some(&root.path().join("none"))).unwrap_err();
        assert!(matches!(error, Error::Place { .. }));
    }
}
