//! The door: a plan says how much of the history is wanted and where; writing it streams.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use super::part::{LAYOUT, Layout, Press, TABLES, Written};
use super::place::{Manifest, ManifestTable, Place};
use crate::error::{Error, Result};

/// More rows than this are refused: 10¹¹, some terabytes.
const MOST_ROWS: u64 = 100_000_000_000;

/// A sample to write.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Rows of `responses`, 1 to 10¹¹; the other tables follow in proportion.
    pub rows: u64,
    /// What the history is drawn from: the same rows and seed give the same tables.
    pub seed: u64,
    /// The directory to write to: empty, not there yet, or holding an earlier sample, which is
    /// then replaced.
    pub out: PathBuf,
    /// Whether the responses are also written as a dirty CSV, `responses_dirty`.
    pub dirty: bool,
    /// Threads to write with; `None` means one for each core. They do not change the tables.
    pub threads: Option<usize>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The tables, `responses` first.
    pub tables: Vec<Table>,
}

/// A table that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in SQL.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its files, in the order of their rows.
    pub files: Vec<PathBuf>,
}

impl Plan {
    /// A plan for `rows` responses, clean, on all cores.
    #[must_use]
    pub fn new(rows: u64, seed: u64, out: impl Into<PathBuf>) -> Self {
        Self {
            rows,
            seed,
            out: out.into(),
            dirty: false,
            threads: None,
        }
    }

    /// Writes the tables; `progress` is told how many responses are written so far (0–rows,
    /// rising), and says whether to go on.
    ///
    /// # Errors
    /// `Usage` when the number of rows is out of range; `Place` when the directory holds files
    /// that no sample has written, or cannot be written; `Cancelled` when `progress` breaks off.
    /// Then nothing in it has changed.
    pub fn write(&self, progress: impl FnMut(u64) -> ControlFlow<()>) -> Result<Report> {
        self.write_as(LAYOUT, progress)
    }

    /// [`Plan::write`] with another cut.
    pub(super) fn write_as(
        &self,
        cut: Layout,
        progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Report> {
        if !(1..=MOST_ROWS).contains(&self.rows) {
            let rows = self.rows;
            return Err(Error::Usage(format!(
                "sample: {rows} rows; ask for 1 to {MOST_ROWS}"
            )));
        }
        let place = Place::claim(&self.out)?;
        let names = std::array::from_fn(|table| self.files(table, cut.parts(self.rows)));
        let staged = stage(&place, &names)?;
        let written = self.press(
            cut.parts(self.rows),
            &Press::new(self.seed, self.rows, cut, staged),
            progress,
        )?;
        let manifest = self.manifest(&names, &written);
        place.publish(&manifest)?;
        Ok(self.report(manifest))
    }

    /// The files of a table: one, or a directory of parts.
    fn files(&self, table: usize, parts: u64) -> Vec<String> {
        let name = TABLES[table];
        let ending = match name {
            "responses_dirty" if !self.dirty => return Vec::new(),
            "responses_dirty" => "csv",
            _ => "parquet",
        };
        match parts {
            1 => vec![format!("{name}.{ending}")],
            parts => (0..parts)
                .map(|part| format!("{name}/part-{part:05}.{ending}"))
                .collect(),
        }
    }

    /// Lets threads take part after part until none is left or one fails.
    fn press(
        &self,
        parts: u64,
        press: &Press,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Written> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = self
            .threads
            .unwrap_or(cores)
            .clamp(1, parts.min(1_024) as usize);
        let next = AtomicU64::new(0);
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || work(press, parts, next, &sender));
            }
            drop(sender);
            let (mut done, mut total) = (0, Written::default());
            for message in receiver {
                match message {
                    Message::Rows(rows) => {
                        done += rows;
                        if progress(done).is_break() {
                            return Err(Error::Cancelled);
                        }
                    }
                    Message::Part(Ok(written)) => add(&mut total, &written),
                    Message::Part(Err(error)) => return Err(error),
                }
            }
            Ok(total)
        })
    }

    fn manifest(&self, names: &[Vec<String>; TABLES.len()], written: &Written) -> Manifest {
        let tables = TABLES
            .iter()
            .zip(names)
            .zip(written)
            .filter(|((_, files), _)| !files.is_empty());
        Manifest {
            rows: self.rows,
            seed: self.seed,
            tables: tables
                .map(|((name, files), rows)| ManifestTable {
                    name: (*name).to_owned(),
                    rows: *rows,
                    files: files.clone(),
                })
                .collect(),
        }
    }

    fn report(&self, manifest: Manifest) -> Report {
        let tables = manifest.tables.into_iter().map(|table| Table {
            name: table.name,
            rows: table.rows,
            files: table.files.iter().map(|file| self.out.join(file)).collect(),
        });
        Report {
            tables: tables.collect(),
        }
    }
}

/// What a writing thread tells.
enum Message {
    Rows(u64),
    Part(Result<Written>),
}

fn work(press: &Press, parts: u64, next: &AtomicU64, sender: &mpsc::Sender<Message>) {
    loop {
        let part = next.fetch_add(1, Ordering::Relaxed);
        if part >= parts {
            return;
        }
        // Nobody listens any more once another part has failed or the work was broken off.
        let written = press.write(part, |rows| match sender.send(Message::Rows(rows)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        });
        if sender.send(Message::Part(written)).is_err() {
            return;
        }
    }
}

fn add(total: &mut Written, part: &Written) {
    for (total, rows) in total.iter_mut().zip(part) {
        *total += rows;
    }
}

fn stage(
    place: &Place,
    names: &[Vec<String>; TABLES.len()],
) -> Result<[Vec<PathBuf>; TABLES.len()]> {
    let mut staged: [Vec<PathBuf>; TABLES.len()] = Default::default();
    for (paths, files) in staged.iter_mut().zip(names) {
        *paths = files
            .iter()
            .map(|file| place.stage(file))
            .collect::<Result<_>>()?;
    }
    Ok(staged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_that_is_broken_off_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("data");
        let plan = Plan::new(400_000, 1, &out);
        let mut told = 0;
        let error = plan.write(|_| {
            told += 1;
            if told == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(error, Err(Error::Cancelled)), "{error:?}");
        assert_eq!(told, 2, "it goes no further");
        let left = std::fs::read_dir(directory.path()).unwrap().flatten();
        let left: Vec<_> = left
            .flat_map(|entry| std::fs::read_dir(entry.path()))
            .flatten()
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
