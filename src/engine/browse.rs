//! What lies in a folder or under a prefix of a bucket, one level deep: for who types a path.

use object_store::path::Path;

use super::Shared;
use crate::error::{Error, Result};
use crate::sources::Location;

/// Names that are given at most.
const MOST: usize = 1_000;

/// The files and folders of a folder as they would be written; folders end with `/`.
pub(super) async fn places(shared: &Shared, folder: &str) -> Result<Vec<String>> {
    if folder.contains("://") {
        return remote(shared, folder).await;
    }
    let folder = folder.to_owned();
    let read = tokio::task::spawn_blocking(move || local(&folder));
    read.await
        .map_err(|error| Error::Internal(error.to_string()))?
}

fn local(folder: &str) -> Result<Vec<String>> {
    let home = || std::env::var("HOME").unwrap_or_default();
    let directory = match folder.strip_prefix("~/") {
        Some(rest) => format!("{}/{rest}", home()),
        None if folder.is_empty() => "./".to_owned(),
        None => folder.to_owned(),
    };
    let failed = |error: std::io::Error| Error::place(folder, error.to_string());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&directory).map_err(failed)?.take(MOST) {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if !name.starts_with('.') {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            names.push(format!("{folder}{name}{slash}"));
        }
    }
    Ok(names)
}

async fn remote(shared: &Shared, folder: &str) -> Result<Vec<String>> {
    let location = Location::parse(folder)?;
    let failed = |error: String| Error::place(folder, error);
    let session = shared.sessions.base();
    let registry = &session.runtime_env().object_store_registry;
    let store = registry.get_store(location.store());
    let store = store.map_err(|error| failed(error.to_string()))?;
    let inside = folder
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'));
    let Some((_, inside)) = inside else {
        return Ok(Vec::new());
    };
    let prefix = Path::from(inside);
    let list = store.list_with_delimiter(Some(&prefix)).await;
    let list = list.map_err(|error| failed(error.to_string()))?;
    let root = &folder[..folder.len() - inside.len()];
    let folders = list
        .common_prefixes
        .into_iter()
        .map(|path| format!("{root}{path}/"));
    let files = list
        .objects
        .into_iter()
        .map(|object| format!("{root}{}", object.location));
    Ok(folders.chain(files).take(MOST).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_listed_as_it_would_be_written() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("a.csv"), "x\n").unwrap();
        std::fs::write(directory.path().join(".hidden"), "x\n").unwrap();
        std::fs::create_dir(directory.path().join("b")).unwrap();
        let folder = format!("{}/", directory.path().display());
        let mut names = local(&folder).unwrap();
        names.sort();
        assert_eq!(names, [format!("{folder}a.csv"), format!("{folder}b/")]);
        assert!(local("/nonexistent-latido/").is_err());
    }
}
