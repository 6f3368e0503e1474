//! Word of how far a statement is, on a terminal's standard error: redrawn in place, and gone
//! before the result comes.

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::pin::pin;
use std::time::{Duration, Instant};

use super::Style;
use super::chart::bar;
use crate::engine::{Answer, Progress, Reached};

/// What takes less long is not worth a word.
const SILENCE: Duration = Duration::from_secs(1);
/// Between two drawings.
const TICK: Duration = Duration::from_millis(200);
/// Columns of the bar.
const BAR: usize = 20;

/// Waits with the reader of a terminal.
#[derive(Debug)]
pub(crate) struct Waiting {
    is_shown: bool,
    style: Style,
    since: Instant,
    progress: Option<Progress>,
    is_drawn: bool,
}

impl Waiting {
    /// From now on; silent where nobody looks.
    pub(crate) fn begin(is_quiet: bool, style: Style) -> Self {
        Self {
            is_shown: !is_quiet && std::io::stderr().is_terminal(),
            style,
            since: Instant::now(),
            progress: None,
            is_drawn: false,
        }
    }

    /// Tells of this answer from now on.
    pub(crate) fn follow(&mut self, answer: &Answer) {
        self.progress = answer.progress();
    }

    /// Waits for work to be done.
    pub(crate) async fn wait<T>(&mut self, work: impl Future<Output = T>) -> T {
        if !self.is_shown {
            return work.await;
        }
        let mut work = pin!(work);
        loop {
            let silence = SILENCE.saturating_sub(self.since.elapsed());
            tokio::select! {
                biased;
                done = &mut work => {
                    self.erase();
                    return done;
                }
                () = tokio::time::sleep(silence.max(TICK)) => self.draw(),
            }
        }
    }

    fn draw(&mut self) {
        let elapsed = self.since.elapsed();
        if elapsed < SILENCE {
            return;
        }
        let reached = self.progress.as_ref().map(Progress::reached);
        let text = line(reached.unwrap_or_default(), elapsed);
        self.is_drawn = true;
        tell(&format!("\r\u{1b}[K{}", self.style.dim(&text)));
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            tell("\r\u{1b}[K");
        }
    }
}

/// A statement that was stopped leaves no line behind.
impl Drop for Waiting {
    fn drop(&mut self) {
        self.erase();
    }
}

fn tell(text: &str) {
    let mut stderr = std::io::stderr().lock();
    // Progress that nobody can see is no reason to stop.
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// `▕██▌       ▏ 25 %  1,000,000 rows read  12.0 MB  6.0 MB/s  2.0 s`
fn line(reached: Reached, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    let mut parts = Vec::new();
    let is_all = reached.total_rows == Some(reached.rows);
    if let Some(share) = reached.share().filter(|_| !is_all) {
        let filled = bar(share, 1.0, BAR);
        parts.push(format!("▕{filled:<BAR$}▏ {:.0} %", share * 100.0));
    }
    if reached.rows > 0 {
        let all = if is_all { "all " } else { "" };
        parts.push(format!("{all}{} rows read", grouped(reached.rows)));
    }
    if reached.bytes > 0 {
        parts.push(bytes(reached.bytes as f64));
        parts.push(format!("{}/s", bytes(reached.bytes as f64 / seconds)));
    } else if reached.rows > 0 {
        parts.push(format!(
            "{} rows/s",
            grouped((reached.rows as f64 / seconds) as u64)
        ));
    }
    parts.push(format!("{seconds:.1} s"));
    parts.join("  ")
}

/// `1,234,567`
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn bytes(bytes: f64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let unit = units.iter().find(|(_, size)| bytes >= *size);
    match unit {
        Some((name, size)) => format!("{:.1} {name}", bytes / size),
        None => format!("{bytes:.0} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_known() {
        let reached = Reached {
            rows: 1_000_000,
            total_rows: Some(4_000_000),
            bytes: 12_000_000,
        };
        assert_eq!(
            line(reached, Duration::from_secs(2)),
            "▕█████               ▏ 25 %  1,000,000 rows read  12.0 MB  6.0 MB/s  2.0 s"
        );
        assert_eq!(line(Reached::default(), Duration::from_secs(3)), "3.0 s");
        let rows = Reached {
            rows: 3000,
            ..Reached::default()
        };
        assert_eq!(
            line(rows, Duration::from_secs(2)),
            "3,000 rows read  1,500 rows/s  2.0 s"
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [1, 999, 1000, 1_234_567].map(grouped),
            ["1", "999", "1,000", "1,234,567"]
        );
    }
}
