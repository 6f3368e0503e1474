//! The directory of a sample: nothing that is not the sample's own is ever touched.
//!
//! `sample.json` lists the files that a run wrote. Only these may be replaced by a later run;
//! the new ones are written aside and moved into place when all are complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::error::{Error, Result};

const MANIFEST: &str = "sample.json";
const README: &str = "README.md";
/// How directories begin that are written to aside …
const STAGING: &str = ".latido-sample-";
/// … and the file in them whose lock tells that somebody still writes.
const LOCK: &str = "lock";

/// What `sample.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) rows: u64,
    pub(super) seed: u64,
    pub(super) tables: Vec<ManifestTable>,
}

/// A table of the manifest; its files are relative to the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ManifestTable {
    pub(super) name: String,
    pub(super) rows: u64,
    pub(super) files: Vec<String>,
}

impl Manifest {
    fn files(&self) -> BTreeSet<String> {
        self.tables
            .iter()
            .flat_map(|table| table.files.iter().cloned())
            .collect()
    }
}

/// A directory into which a sample is being written.
#[derive(Debug)]
pub(super) struct Place {
    out: PathBuf,
    before: Option<Manifest>,
    staging: TempDir,
    /// Held while the directory is written to, so that others can tell that somebody still is.
    _lock: fs::File,
}

impl Place {
    /// Makes the directory if need be and checks that it holds nothing but an earlier sample.
    pub(super) fn claim(out: &Path) -> Result<Self> {
        fs::create_dir_all(out).map_err(|error| failed(out, &error))?;
        let before = read_manifest(out)?;
        let own = before.as_ref().map(Manifest::files).unwrap_or_default();
        refuse_foreign(out, "", &own)?;
        sweep(out)?;
        let staging = tempfile::Builder::new().prefix(STAGING).tempdir_in(out);
        let staging = staging.map_err(|error| failed(out, &error))?;
        let path = staging.path().join(LOCK);
        let lock = fs::File::create(&path).map_err(|error| failed(&path, &error))?;
        // Where locks are unknown, what a killed process leaves stays until somebody removes it.
        let _ = lock.lock();
        Ok(Self {
            out: out.to_owned(),
            before,
            staging,
            _lock: lock,
        })
    }

    /// Where a file (relative to the directory) is written until all are complete.
    pub(super) fn stage(&self, file: &str) -> Result<PathBuf> {
        let path = self.staging.path().join(file);
        make_parent(&path)?;
        Ok(path)
    }

    /// Moves the files of the manifest into place instead of those of the earlier sample.
    pub(super) fn publish(self, manifest: &Manifest) -> Result<()> {
        let old = self
            .before
            .as_ref()
            .map(Manifest::files)
            .unwrap_or_default();
        let new = manifest.files();
        // Both generations are listed while they change places: whatever stops this halfway
        // leaves a directory that a later run still recognises as its own.
        let mut both = manifest.clone();
        both.tables
            .extend(self.before.into_iter().flat_map(|before| before.tables));
        write_manifest(&self.out, &both)?;
        for file in &new {
            let to = self.out.join(file);
            make_parent(&to)?;
            let from = self.staging.path().join(file);
            fs::rename(from, &to).map_err(|error| failed(&to, &error))?;
        }
        for file in old.difference(&new) {
            remove(&self.out, file)?;
        }
        write_manifest(&self.out, manifest)
    }
}

/// Removes what processes that were killed have begun here: the system let go of their locks.
fn sweep(out: &Path) -> Result<()> {
    for entry in fs::read_dir(out).map_err(|error| failed(out, &error))? {
        let entry = entry.map_err(|error| failed(out, &error))?;
        let is_staging = entry.file_name().to_string_lossy().starts_with(STAGING);
        let path = entry.path();
        if is_staging
            && let Ok(lock) = fs::File::open(path.join(LOCK))
            && lock.try_lock().is_ok()
        {
            fs::remove_dir_all(&path).map_err(|error| failed(&path, &error))?;
        }
    }
    Ok(())
}

fn read_manifest(out: &Path) -> Result<Option<Manifest>> {
    let path = out.join(MANIFEST);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            Error::place(
                path.display().to_string(),
                "is not a list of sample files; choose an empty directory",
            )
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&path, &error)),
    }
}

fn write_manifest(out: &Path, manifest: &Manifest) -> Result<()> {
    let path = out.join(MANIFEST);
    let text = serde_json::to_string_pretty(manifest).expect("a manifest is numbers and text");
    let aside = tempfile::NamedTempFile::new_in(out).map_err(|error| failed(&path, &error))?;
    fs::write(aside.path(), text + "\n").map_err(|error| failed(&path, &error))?;
    let file = aside
        .persist(&path)
        .map_err(|error| failed(&path, &error.error))?;
    readable_by_all(&file).map_err(|error| failed(&path, &error))
}

/// Temporary files are private; the list is no secret.
#[cfg(unix)]
fn readable_by_all(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Stops at the first file that no sample has written; hidden ones and a README may stay.
fn refuse_foreign(out: &Path, folder: &str, own: &BTreeSet<String>) -> Result<()> {
    let path = out.join(folder);
    for entry in fs::read_dir(&path).map_err(|error| failed(&path, &error))? {
        let entry = entry.map_err(|error| failed(&path, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let inside = format!("{file}/");
        if own.iter().any(|own| own.starts_with(&inside)) {
            refuse_foreign(out, &file, own)?;
        } else if !(own.contains(&file)
            || name.starts_with('.')
            || [MANIFEST, README].contains(&file.as_str()))
        {
            return Err(Error::place(
                out.display().to_string(),
                format!("holds {file}, which no sample has written; choose an empty directory"),
            ));
        }
    }
    Ok(())
}

fn remove(out: &Path, file: &str) -> Result<()> {
    let path = out.join(file);
    match fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&path, &error)),
    }
    if let Some(folder) = path.parent().filter(|folder| *folder != out) {
        // Fails while other files are left in it, which is as it should be.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

fn make_parent(path: &Path) -> Result<()> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(|error| failed(parent, &error)),
        None => Ok(()),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::place(path.display().to_string(), error.to_string())
}
