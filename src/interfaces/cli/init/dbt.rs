//! `latido init --dbt`: the files of a dbt project, and the word on each metric that was left.

use std::path::{Path, PathBuf};

use super::places;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::interfaces::cli::telling::Telling;
use crate::project::{DbtProject, Draft};

/// Directories below each other that are looked into.
const MOST_DEEP: usize = 12;
/// Folders with files of others or of machines.
const OTHERS: [&str; 4] = ["target", "dbt_packages", "logs", "node_modules"];

/// The metrics of a dbt project as a first project, the rows of its models sought in a directory.
pub(super) fn draft(dbt: &Path, name: &str, directory: &Path, telling: &Telling) -> Result<Draft> {
    let mut paths = Vec::new();
    match dbt.is_dir() {
        true => collect(dbt, 0, &mut paths)?,
        false => paths.push(dbt.to_owned()),
    }
    paths.sort();
    let files: Vec<(String, String)> =
        paths.iter().map(|path| read(path)).collect::<Result<_>>()?;
    let project = DbtProject::read(&files)?;
    if project.is_empty() {
        let reason =
            "says nothing about metrics: no semantic_models, no models with semantic_model";
        return Err(Error::place(dbt.display().to_string(), reason));
    }
    let here = places::candidates(&directory.display().to_string()).unwrap_or_default();
    let place = |model: &str| {
        let found = here.iter().find(|candidate| candidate.stem == model);
        found.map(|candidate| candidate.from.clone())
    };
    let check = |text: &str| Engine::expression(text).map_err(|error| error.to_string());
    let made = project.draft(name, &place, &check);
    for text in &made.remarks {
        telling.remark(text);
    }
    for text in &made.left {
        telling.remark(&format!("not taken: {text}"));
    }
    if made.draft.metrics.is_empty() {
        let reason = "none of its metrics has a meaning here";
        return Err(Error::place(dbt.display().to_string(), reason));
    }
    Ok(made.draft)
}

fn read(path: &Path) -> Result<(String, String)> {
    let shown = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((shown, text)),
        Err(error) => Err(Error::place(shown, error.to_string())),
    }
}

/// The YAML files below a directory.
fn collect(directory: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<()> {
    let read =
        |error: std::io::Error| Error::place(directory.display().to_string(), error.to_string());
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let path = entry.map_err(read)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || OTHERS.contains(&name.as_ref()) {
            continue;
        }
        let is_yaml = path
            .extension()
            .is_some_and(|ending| ending == "yml" || ending == "yaml");
        // A link to a directory may lead in a circle.
        if path.is_dir() && !path.is_symlink() && depth < MOST_DEEP {
            collect(&path, depth + 1, paths)?;
        } else if is_yaml && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}
