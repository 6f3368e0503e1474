//! A file that appears whole or not at all: written beside its place, synced, renamed at the end.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// The unfinished file of this process, for [`abandon`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A file under way.
#[derive(Debug)]
pub(crate) enum Staged {
    /// Beside its place, to be renamed.
    Beside(NamedTempFile, PathBuf),
    /// A device or pipe (`/dev/null`), which a rename would replace: written as it comes.
    Direct(File),
}

impl Staged {
    /// Starts a file that will stand at `path`; a link there is followed.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let named = |error: io::Error| Error::place(path.display().to_string(), error.to_string());
        if path.is_dir() {
            return Err(Error::place(
                path.display().to_string(),
                "is a directory; name a file in it",
            ));
        }
        if path.exists() && !path.is_file() {
            let file = File::options().write(true).open(path).map_err(named)?;
            return Ok(Self::Direct(file));
        }
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = beside(&place).map_err(named)?;
        remember(Some(file.path().to_owned()));
        Ok(Self::Beside(file, place))
    }

    /// Puts the file in its place.
    pub(crate) fn commit(self) -> Result<()> {
        match self {
            Self::Direct(mut file) => Ok(file.flush()?),
            Self::Beside(file, place) => {
                file.as_file().sync_all()?;
                file.persist(&place).map_err(|error| {
                    Error::place(place.display().to_string(), error.error.to_string())
                })?;
                remember(None);
                Ok(())
            }
        }
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file, _) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file, _) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

/// Removes the unfinished file, for a process that ends without unwinding.
pub(crate) fn abandon() {
    let unfinished = UNFINISHED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(path) = unfinished {
        // The process is ending: there is nobody left to tell.
        let _ = std::fs::remove_file(path);
    }
}

fn remember(path: Option<PathBuf>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = path;
}

/// A temporary file in the same directory (a rename works only within one file system), with the
/// permissions that any new file gets.
fn beside(place: &Path) -> io::Result<NamedTempFile> {
    let directory = match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".latido-").suffix(".partial");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory).map_err(|error| {
        if directory.is_dir() {
            error
        } else {
            io::Error::new(
                error.kind(),
                format!("there is no directory {}", directory.display()),
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_committed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.csv");
        std::fs::write(&path, "old").unwrap();
        let mut staged = Staged::create(&path).unwrap();
        staged.write_all(b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        drop(staged);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        let mut staged = Staged::create(&path).unwrap();
        staged.write_all(b"new").unwrap();
        staged.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_directory_that_is_missing_is_named() {
        let error = Staged::create(Path::new("/nonexistent-latido/x.csv")).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("there is no directory /nonexistent-latido"),
            "{text}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_stays() {
        let mut staged = Staged::create(Path::new("/dev/null")).unwrap();
        staged.write_all(b"x").unwrap();
        staged.commit().unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
