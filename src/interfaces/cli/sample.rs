//! `latido sample`: sample tables of any size, with word of how far they are.

use std::io::{IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::telling::Telling;
use crate::error::{Error, Result};
use crate::sample::{Plan, Report};

/// How long the writer may take to notice that nobody waits for it; it looks several times as often.
const PATIENCE: Duration = Duration::from_millis(600);

/// Writes the tables beside the thread that watches for Ctrl-C.
pub(super) async fn write(plan: Plan, telling: Telling) -> Result<()> {
    let shows_progress = !telling.is_quiet && std::io::stderr().is_terminal();
    let (waiting, ending) = Waiting::begin();
    let stopped = Arc::clone(&waiting.stopped);
    let mut progress = progress(plan.rows, shows_progress);
    let writing = tokio::task::spawn_blocking(move || {
        let _ending = ending; // dropped when all is written, or all is swept away
        let report = plan.write(|done| {
            progress(done);
            match stopped.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        Ok::<_, Error>((plan, report))
    });
    let outcome = writing.await;
    if shows_progress {
        tell("\r\u{1b}[K");
    }
    let (plan, report) = outcome
        .map_err(|error| Error::Internal(format!("sample: the writer stopped: {error}")))??;
    summarise(&plan, &report, &telling);
    Ok(())
}

/// Somebody waits for the tables. When nobody does any more, the writer is told to stop, and gets
/// the time to sweep away what it has begun.
struct Waiting {
    stopped: Arc<AtomicBool>,
    ended: mpsc::Receiver<()>,
}

impl Waiting {
    /// The waiting side, and what the writer drops at its end.
    fn begin() -> (Self, mpsc::Sender<()>) {
        let (ending, ended) = mpsc::channel();
        let stopped = Arc::default();
        (Self { stopped, ended }, ending)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Either way the process goes on ending.
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

/// Overwrites one line of the terminal whenever the percentage changes.
fn progress(total: u64, is_shown: bool) -> impl FnMut(u64) {
    let mut last = None;
    move |done| {
        let percent = (u128::from(done) * 100) / u128::from(total.max(1));
        if is_shown && last != Some(percent) {
            last = Some(percent);
            tell(&format!("\rwriting {percent} %"));
        }
    }
}

fn summarise(plan: &Plan, report: &Report, telling: &Telling) {
    for table in &report.tables {
        let place = match table.files.as_slice() {
            [only] => only.clone(),
            _ => plan.out.join(&table.name),
        };
        telling.remark(&format!("{}: {} rows", place.display(), table.rows));
    }
}

fn tell(text: &str) {
    // Progress that nobody can see is no reason to stop.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interfaces::output::Style;

    #[tokio::test]
    async fn a_sample_is_written_as_asked() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("data");
        let plan = Plan {
            dirty: true,
            ..Plan::new(50, 3, &out)
        };
        let telling = Telling {
            format: None,
            output: None,
            is_quiet: true,
            is_terminal: false,
            style: Style::default(),
        };
        write(plan, telling).await.unwrap();
        assert!(out.join("responses.parquet").is_file());
        assert!(out.join("responses_dirty.csv").is_file());
    }
}
