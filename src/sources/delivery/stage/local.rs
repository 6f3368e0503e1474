//! Publishing on disk: a hidden directory on the same file system, synced and then renamed.
//!
//! The directory holds a locked file as long as its process lives. The system releases the lock
//! of a killed process, so that a lock that can be taken marks a stage as left behind.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{Error, Result};

const PREFIX: &str = ".latido-copy-";
const LOCK: &str = "lock";
const OUTPUT: &str = "output";
/// The name under which a single file is staged.
const SINGLE: &str = "file.part";
/// A stage younger than this may still be about to take its lock.
const SETTLED: Duration = Duration::from_secs(60);

/// The stage of a local file or directory; dropping it deletes what was not published.
#[derive(Debug)]
pub(super) struct LocalStage {
    target: PathBuf,
    single: bool,
    output: PathBuf,
    /// Held until the stage is gone.
    _lock: File,
    _directory: TempDir,
}

impl LocalStage {
    pub(super) fn for_file(target: &Path) -> Result<Self> {
        Self::open(target, target.parent().unwrap_or(target), true)
    }

    pub(super) fn for_directory(target: &Path) -> Result<Self> {
        Self::open(target, target, false)
    }

    fn open(target: &Path, beside: &Path, single: bool) -> Result<Self> {
        let failed = |error: io::Error| unwritable(target, &error);
        let home = existing(beside);
        sweep(home);
        let directory = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(home)
            .map_err(failed)?;
        let lock = File::create(directory.path().join(LOCK)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let output = directory.path().join(OUTPUT);
        fs::create_dir(&output).map_err(failed)?;
        Ok(Self {
            target: target.to_path_buf(),
            single,
            output,
            _lock: lock,
            _directory: directory,
        })
    }

    /// Where the writers write.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }

    pub(super) fn is_single(&self) -> bool {
        self.single
    }
}

/// Syncs and renames; blocking work goes where blocking is allowed.
pub(super) async fn publish(stage: &LocalStage) -> Result<()> {
    let (output, target, single) = (stage.output.clone(), stage.target.clone(), stage.single);
    let moved = tokio::task::spawn_blocking(move || {
        let moved = if single {
            file(&output, &target)
        } else {
            directory(&output, &target)
        };
        moved.map_err(|error| unwritable(&target, &error))
    });
    moved
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
}

fn file(output: &Path, target: &Path) -> io::Result<()> {
    let staged = output.join(SINGLE);
    sync(&staged)?;
    let parent = target.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent)?;
    fs::rename(staged, target)?;
    sync(parent)
}

fn directory(output: &Path, target: &Path) -> io::Result<()> {
    let files = files_under(output)?;
    for staged in &files {
        sync(staged)?;
    }
    if !target.exists() {
        let parent = target.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent)?;
        fs::rename(output, target)?;
        return sync(parent);
    }
    let mut moved = Vec::with_capacity(files.len());
    let outcome = files.iter().try_for_each(|staged| {
        let place = target.join(staged.strip_prefix(output).map_err(io::Error::other)?);
        let parent = place.parent().unwrap_or(target);
        fs::create_dir_all(parent)?;
        fs::rename(staged, &place)?;
        moved.push(place.clone());
        sync(parent)
    });
    if outcome.is_err() {
        for place in moved {
            // The first error is the one to tell.
            let _ = fs::remove_file(place);
        }
    }
    outcome
}

/// A rename is durable only when what it names and where it is named are on the disk.
fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn files_under(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            (if kind.is_dir() { &mut open } else { &mut files }).push(entry.path());
        }
    }
    Ok(files)
}

/// The nearest directory that exists: on the file system where the target will be.
fn existing(path: &Path) -> &Path {
    path.ancestors()
        .find(|ancestor| ancestor.is_dir())
        .unwrap_or(Path::new("."))
}

/// Deletes stages of processes that are gone. It is housekeeping: what cannot be deleted now is
/// left for another time.
fn sweep(home: &Path) {
    let Ok(entries) = fs::read_dir(home) else {
        return;
    };
    for entry in entries.flatten() {
        let stage = entry.path();
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_left_behind(&stage) {
            let _ = fs::remove_dir_all(&stage);
        }
    }
}

fn is_left_behind(stage: &Path) -> bool {
    let lock = File::open(stage.join(LOCK));
    let marker = lock
        .as_ref()
        .ok()
        .map_or_else(|| fs::metadata(stage), File::metadata);
    let settled = marker
        .and_then(|marker| marker.modified())
        .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > SETTLED));
    settled && lock.map_or(true, |lock| lock.try_lock().is_ok())
}

fn unwritable(target: &Path, error: &io::Error) -> Error {
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "permission denied; check who may write into its directory".to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        _ => error.to_string(),
    };
    Error::place(
        target.display().to_string(),
        format!("cannot be written: {reason}"),
    )
}

#[cfg(test)]
mod tests {
    use super::{LOCK, LocalStage, PREFIX, SETTLED, directory, file};
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::SystemTime;

    fn entries(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn left(home: &Path, name: &str) -> File {
        let stage = home.join(format!("{PREFIX}{name}"));
        fs::create_dir_all(stage.join("output")).unwrap();
        fs::write(stage.join("output/file.part"), "half").unwrap();
        let lock = File::create(stage.join(LOCK)).unwrap();
        lock.set_modified(SystemTime::now() - 2 * SETTLED).unwrap();
        lock
    }

    #[test]
    fn stages_of_the_dead_are_swept_and_those_of_the_living_kept() {
        let home = tempfile::tempdir().unwrap();
        drop(left(home.path(), "dead"));
        let living = left(home.path(), "living");
        living.lock().unwrap();
        let young = left(home.path(), "young");
        young.set_modified(SystemTime::now()).unwrap();
        let stage = LocalStage::for_file(&home.path().join("x.csv")).unwrap();
        let mut names = entries(home.path());
        names.retain(|name| !stage.output().starts_with(home.path().join(name)));
        assert_eq!(names, [".latido-copy-living", ".latido-copy-young"]);
    }

    #[test]
    fn a_dropped_stage_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let stage = LocalStage::for_directory(&home.path().join("new/deep")).unwrap();
        fs::write(stage.output().join("a.parquet"), "half").unwrap();
        drop(stage);
        assert!(entries(home.path()).is_empty());
    }

    #[test]
    fn a_file_replaces_its_predecessor() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("x.csv");
        fs::write(&target, "old").unwrap();
        let stage = LocalStage::for_file(&target).unwrap();
        fs::write(stage.output().join("file.part"), "new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        file(stage.output(), &target).unwrap();
        drop(stage);
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(entries(home.path()), ["x.csv"]);
    }

    #[test]
    fn files_join_a_directory_and_are_taken_back_when_one_cannot() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("out");
        // A file where a directory is needed makes one of the renames fail.
        fs::create_dir(&target).unwrap();
        fs::write(target.join("year=2"), "in the way").unwrap();
        let stage = LocalStage::for_directory(&target).unwrap();
        for year in ["year=1", "year=2", "year=3"] {
            fs::create_dir(stage.output().join(year)).unwrap();
            fs::write(stage.output().join(year).join("a.csv"), "1").unwrap();
        }
        assert!(directory(stage.output(), &target).is_err());
        for year in ["year=1", "year=3"] {
            assert!(!target.join(year).join("a.csv").exists());
        }
    }
}
