//! Where tables may be: the files and subdirectories of a directory, or the one place that was named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::error::{Error, Result};

/// Directories below each other that are looked into for files.
const MOST_DEEP: usize = 6;
/// Folders that hold something else than rows.
const OTHERS: [&str; 4] = ["queries", "target", "node_modules", "dbt_packages"];

/// A place that may be a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What latido.yaml says after `from:`, relative to its directory.
    pub(super) from: String,
    /// What the engine is asked for from here.
    pub(super) path: String,
    /// Its name without directory and endings.
    pub(super) stem: String,
}

/// The directory into which latido.yaml goes: the place itself, else this one.
pub(super) fn directory(place: &str) -> PathBuf {
    let path = Path::new(place);
    match is_elsewhere(place) || !path.is_dir() {
        true => PathBuf::from("."),
        false => path.to_owned(),
    }
}

/// What a project in this directory is called.
pub(super) fn name_of(directory: &Path) -> String {
    let full = directory
        .canonicalize()
        .unwrap_or_else(|_| directory.to_owned());
    let name = full
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "project".to_owned())
}

/// The places that may be tables, by name.
pub(super) fn candidates(place: &str) -> Result<Vec<Candidate>> {
    let path = Path::new(place);
    if is_elsewhere(place) || !path.is_dir() {
        let is_one = is_elsewhere(place) || place.contains(['*', '?', '[']) || path.exists();
        let reason = "there is no such file or directory";
        return match is_one {
            true => Ok(vec![Candidate {
                from: place.to_owned(),
                path: place.to_owned(),
                stem: stem(place),
            }]),
            false => Err(Error::place(place, reason)),
        };
    }
    let (files, folders) = entries(path)?;
    let partitions: Vec<&String> = folders.iter().filter(|name| name.contains('=')).collect();
    let mut names = grouped(&files, &stem(&name_of(path)));
    if let (false, Some(first)) = (partitions.is_empty(), partitions.first()) {
        // A tree of partitions is one table, and the directory is its root.
        let key = first.split('=').next().unwrap_or_default();
        names.push((format!("{key}=*"), stem(&name_of(path))));
    }
    for folder in folders.iter().filter(|name| !name.contains('=')) {
        if holds_rows(&path.join(folder), 0) {
            names.push((format!("{folder}/"), stem(folder)));
        }
    }
    let is_here = path == Path::new(".");
    let candidate = |(from, stem): (String, String)| Candidate {
        path: match is_here {
            true => from.clone(),
            false => format!("{}/{from}", place.trim_end_matches('/')),
        },
        from,
        stem,
    };
    Ok(names.into_iter().map(candidate).collect())
}

/// Whether a place is a URL.
fn is_elsewhere(place: &str) -> bool {
    place.contains("://")
}

/// The names of the files that hold rows and of the folders that may, sorted.
fn entries(directory: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let shown = || directory.display().to_string();
    let read = |error: std::io::Error| Error::place(shown(), error.to_string());
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let entry = entry.map_err(read)?;
        // What is no text cannot be written into latido.yaml.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with(['.', '_']) {
            continue;
        }
        match entry.path().is_dir() {
            true if !OTHERS.contains(&name.as_str()) => folders.push(name),
            false if Engine::reads(&name) => files.push(name),
            _ => {}
        }
    }
    files.sort();
    folders.sort();
    Ok((files, folders))
}

/// Files that are named alike but for a number or date at the end are one table; those that are
/// named by numbers alone are called as their directory.
fn grouped(files: &[String], directory: &str) -> Vec<(String, String)> {
    let mut groups: BTreeMap<(String, String), Vec<&String>> = BTreeMap::new();
    for file in files {
        let (name, ending) = file.split_once('.').unwrap_or((file, ""));
        let series = name.trim_end_matches(is_counting);
        groups
            .entry((series.to_owned(), ending.to_owned()))
            .or_default()
            .push(file);
    }
    let mut tables = Vec::new();
    for ((series, ending), members) in groups {
        // Files that are named by numbers alone begin alike all the same: 2024-01, 2024-02.
        let series = match series.is_empty() {
            true => common_beginning(&members),
            false => series,
        };
        let is_matched = |file: &&String| {
            file.starts_with(&series)
                && file.ends_with(&format!(".{ending}"))
                && file.len() > series.len()
        };
        let matched = files.iter().filter(is_matched).count();
        let is_series = members.len() > 1 && matched == members.len();
        match is_series {
            true if series.chars().all(is_counting) => {
                tables.push((format!("{series}*.{ending}"), directory.to_owned()));
            }
            true => tables.push((format!("{series}*.{ending}"), series)),
            false => tables.extend(members.into_iter().map(|file| (file.clone(), stem(file)))),
        }
    }
    tables.sort();
    tables
}

/// What the number or date at the end of a name is made of.
fn is_counting(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '-' | '_')
}

/// What all names begin with; nothing of a single one.
fn common_beginning(names: &[&String]) -> String {
    let (Some(first), true) = (names.first(), names.len() > 1) else {
        return String::new();
    };
    let is_common = |length: &usize| {
        let beginning = first.get(..*length);
        beginning.is_some_and(|text| names.iter().all(|name| name.starts_with(text)))
    };
    let longest = (0..=first.len()).rev().find(is_common).unwrap_or(0);
    let text = first.get(..longest).unwrap_or_default();
    let text = text.split('.').next().unwrap_or_default();
    // 2024-10 belongs to 2024-01 and 2024-02 too.
    let whole = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match whole.is_empty() {
        true => text.to_owned(),
        false => whole.to_owned(),
    }
}

fn holds_rows(directory: &Path, depth: usize) -> bool {
    let Ok((files, folders)) = entries(directory) else {
        return false;
    };
    let deeper = |name: &String| depth < MOST_DEEP && holds_rows(&directory.join(name), depth + 1);
    !files.is_empty() || folders.iter().any(deeper)
}

/// The last step of a place without its endings.
fn stem(place: &str) -> String {
    let name = place
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(place);
    let name = name.split('.').next().unwrap_or(name);
    let is_part = |c: char| matches!(c, '*' | '?' | '[' | ']' | '-' | '_' | ' ');
    name.trim_matches(is_part).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_series_are_one_table() {
        let files = [
            "b.csv",
            "part-0.parquet",
            "part-1.parquet",
            "s_2023.csv.gz",
            "s_2024.csv.gz",
            "x1.csv",
        ];
        let files = files.map(str::to_owned);
        let tables = grouped(&files, "here");
        let froms: Vec<&str> = tables.iter().map(|(from, _)| from.as_str()).collect();
        assert_eq!(froms, ["b.csv", "part*.parquet", "s*.csv.gz", "x1.csv"]);
        let other = ["a_1.csv", "a_2.csv", "a_dirty.csv"].map(str::to_owned);
        assert_eq!(
            grouped(&other, "here").len(),
            3,
            "a pattern would take a_dirty.csv too"
        );
        let months = ["2024-01.csv", "2024-02.csv"].map(str::to_owned);
        let table = ("2024-*.csv".to_owned(), "here".to_owned());
        assert_eq!(grouped(&months, "here"), std::slice::from_ref(&table));
        let with_other = ["2024-01.csv", "2024-02.csv", "x.csv"].map(str::to_owned);
        let other = ("x.csv".to_owned(), "x".to_owned());
        assert_eq!(grouped(&with_other, "here"), [table, other]);
        let years = ["1.csv", "2.csv", "x.csv"].map(str::to_owned);
        assert_eq!(
            grouped(&years, "here").len(),
            3,
            "a pattern would take x.csv too"
        );
    }

    #[test]
    fn a_place_has_a_name() {
        let names = [
            "s3://b/responses/",
            "exports/2026-*.csv.gz",
            "a/My survey.csv",
            "*",
        ];
        assert_eq!(names.map(stem), ["responses", "2026", "My survey", ""]);
    }

    #[test]
    fn a_directory_is_listed_and_what_holds_no_rows_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        for folder in ["tree/year=2024", "queries", "empty", ".hidden"] {
            std::fs::create_dir_all(path(folder)).unwrap();
        }
        for file in [
            "a.csv",
            "notes.txt",
            "README.md",
            "tree/year=2024/x.parquet",
            "queries/q.csv",
        ] {
            std::fs::write(path(file), "").unwrap();
        }
        let place = directory.path().to_str().unwrap();
        let found = candidates(place).unwrap();
        let froms: Vec<&str> = found.iter().map(|it| it.from.as_str()).collect();
        assert_eq!(froms, ["a.csv", "tree/"]);
        assert!(candidates(&format!("{place}/none.csv")).is_err());
        let tree = candidates(path("tree").to_str().unwrap()).unwrap();
        assert_eq!(
            (tree[0].from.as_str(), tree[0].stem.as_str()),
            ("year=*", "tree")
        );
    }
}
