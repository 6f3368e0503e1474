//! What was typed in earlier sessions, in the directory where a person's programs keep data.

use std::path::{Path, PathBuf};

use reedline::FileBackedHistory;

use crate::error::{Error, Result};

/// Entries that are kept.
const ENTRIES: usize = 10_000;

/// The history, and a remark when it lasts for this session only.
pub(super) fn open() -> (Option<FileBackedHistory>, Option<String>) {
    let kept = place().map(|path| (file(&path), path));
    match kept {
        Some((Ok(history), _)) => (Some(history), None),
        Some((Err(error), path)) => {
            let path = path.display();
            let remark =
                format!("history: {path} cannot be written ({error}); kept in memory only");
            (FileBackedHistory::new(ENTRIES).ok(), Some(remark))
        }
        None => (FileBackedHistory::new(ENTRIES).ok(), None),
    }
}

/// `$XDG_DATA_HOME/latido/history`, or under `~/.local/share`.
fn place() -> Option<PathBuf> {
    let variable = |name: &str| {
        let value = std::env::var_os(name).map(PathBuf::from);
        value.filter(|path| path.is_absolute())
    };
    let data = variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")));
    Some(data?.join("latido").join("history"))
}

/// A file that only its owner reads: statements may hold what data hold.
fn file(path: &Path) -> Result<FileBackedHistory> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    FileBackedHistory::with_file(ENTRIES, path.to_owned())
        .map_err(|error| Error::Output(std::io::Error::other(error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_directory_is_made_and_an_unwritable_place_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/history");
        file(&path).unwrap();
        assert!(path.is_file());
        assert!(file(&path.join("below-a-file")).is_err());
    }
}
