//! The files of `queries/`, embedded by name, with their headers.
//!
//! A query is a question that the REPL, the dashboard, the tests and the benches all ask by name;
//! its header says how the answer is drawn, so the limits of a chart are held here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::answer::Answer;
use super::concepts::Concepts;
use super::{embedded, header};
use crate::error::{Error, Result, nearest};
use crate::project::Language;

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
    /// The words that it can be; empty for any value.
    pub choices: Vec<String>,
    /// Its value when none is given, as text; `None` means NULL.
    pub default: Option<String>,
}

/// Queries by name, and those of a directory that are wrong, each with the reason.
type Library = (Vec<Query>, Vec<(String, String)>);

/// The queries by name: the embedded ones, and those of a directory, which win. A wrong file of the
/// directory is left out and told, so that it does not take the others with it.
///
/// # Errors
/// [`Error::Place`] for a directory that cannot be read, [`Error::Usage`] for a wrong header of our
/// own.
pub(super) fn load(directory: Option<&Path>) -> Result<Library> {
    let mut queries = BTreeMap::new();
    let mut refused = Vec::new();
    for (name, text) in embedded::FILES {
        let query = header::read(name, &format!("queries/{name}.sql"), text)?;
        queries.insert(query.name.clone(), query);
    }
    let mut files = Vec::new();
    if let Some(directory) = directory {
        collect(directory, &mut files)?;
        for path in files {
            let name = name_of(directory, &path);
            match read(&name, &path) {
                Ok(query) => drop(queries.insert(name, query)),
                Err(error) => {
                    queries.remove(&name);
                    refused.push((name, error.to_string()));
                }
            }
        }
    }
    Ok((queries.into_values().collect(), refused))
}

/// The query of a name; else what is wrong with the file of that name, or names alike.
pub(super) fn find<'a>(
    queries: &'a [Query],
    refused: &[(String, String)],
    name: &str,
) -> Result<&'a Query> {
    if let Some(query) = queries.iter().find(|query| query.name == name) {
        return Ok(query);
    }
    if let Some((_, reason)) = refused.iter().find(|(refused, _)| refused == name) {
        return Err(Error::Usage(reason.clone()));
    }
    let names = || queries.iter().map(|query| query.name.as_str());
    let is_alike = |known: &&str| known.contains(name) || last_part(known) == last_part(name);
    let mut alike: Vec<&str> = names().filter(is_alike).take(3).collect();
    if alike.is_empty() {
        alike.extend(nearest(name, names()));
    }
    let hint = match alike.as_slice() {
        [] => "`latido queries` lists them".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    Err(Error::Usage(format!("there is no query {name}; {hint}")))
}

/// A name without its area.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn read(name: &str, path: &Path) -> Result<Query> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::place(shown.clone(), error.to_string()))?;
    header::read(name, &shown, &text)
}

/// The `.sql` files of a directory and those within, by name.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed =
        |error: std::io::Error| Error::place(directory.display().to_string(), error.to_string());
    let entries = std::fs::read_dir(directory).map_err(failed)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "sql") {
            files.push(path);
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
    /// What it shows, in Spanish where that is wanted and there.
    #[must_use]
    pub fn title_in(&self, language: Language) -> &str {
        match language == Language::Spanish && !self.title_es.is_empty() {
            true => &self.title_es,
            false => &self.title,
        }
    }

    /// How to read the answer, in Spanish where that is wanted and there.
    #[must_use]
    pub fn reading_in(&self, language: Language) -> &str {
        match language == Language::Spanish && !self.reading_es.is_empty() {
            true => &self.reading_es,
            false => &self.reading,
        }
    }

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
    fn an_unknown_query_suggests_names_alike() {
        let (queries, _) = load(None).unwrap();
        let error = |name| find(&queries, &[], name).unwrap_err().to_string();
        assert_eq!(
            error("kpi_cards"),
            "there is no query kpi_cards; did you mean overview/kpi_cards?"
        );
        assert_eq!(
            error("nps/by_moth"),
            "there is no query nps/by_moth; did you mean nps/by_month?"
        );
        assert!(error("zzz").contains("`latido queries`"));
    }

    #[test]
    fn a_directory_adds_queries_and_errors_name_the_file() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("mine")).unwrap();
        let file = root.path().join("mine/one.sql");
        std::fs::write(&file, format!("{GOOD}select 1\n")).unwrap();
        std::fs::write(root.path().join("notes.txt"), "no query").unwrap();
        let (queries, refused) = load(Some(root.path())).unwrap();
        assert!(queries.iter().any(|query| query.name == "mine/one"));
        assert!(refused.is_empty());
        std::fs::write(&file, "-- titel: T\nselect 1\n").unwrap();
        let (queries, refused) = load(Some(root.path())).unwrap();
        assert!(queries.iter().all(|query| query.name != "mine/one"));
        let [(name, error)] = refused.as_slice() else {
            panic!("{refused:?}");
        };
        assert_eq!(name, "mine/one");
        assert!(
            error.starts_with(&format!("{}:1: ", file.display())),
            "{error}"
        );
        let error = load(Some(&root.path().join("none"))).unwrap_err();
        assert!(matches!(error, Error::Place { .. }));
    }
}
