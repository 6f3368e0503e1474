//! A result on the screen: as wide and long as fits, with word of what was cut and how to see it.

use std::io::Write as _;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use super::command::Expanded;
use super::pager;
use crate::error::Result;
use crate::interfaces::output::{Demand, Format, Screen, Style, grouped, width};

/// Rows that are shown where no pager shows all.
const ROWS: usize = 40;
/// Columns and lines of a terminal that does not tell.
const TERMINAL: (usize, usize) = (80, 24);
/// Lines that the footer and the next prompt take.
const BELOW: usize = 3;

/// How results are shown.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) format: Format,
    pub(super) expanded: Expanded,
    pub(super) pager: bool,
    pub(super) timing: bool,
    pub(super) style: Style,
    /// Whether results go to a person's terminal: only there they are cut, paged and counted.
    pub(super) is_terminal: bool,
    /// No remarks beside results.
    pub(super) is_quiet: bool,
}

/// A result as far as it was read.
pub(super) struct Shown {
    pub(super) schema: SchemaRef,
    pub(super) batches: Vec<RecordBatch>,
    pub(super) rows: usize,
    /// Whether there are more rows than were read.
    pub(super) has_more: bool,
    pub(super) took: Duration,
}

/// Columns and lines of the terminal.
pub(super) fn terminal() -> (usize, usize) {
    terminal_size::terminal_size().map_or(TERMINAL, |(columns, lines)| {
        (usize::from(columns.0), usize::from(lines.0))
    })
}

/// Writes to the terminal.
pub(super) fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

impl View {
    /// Shows a result for people: through the pager when it is longer than the screen.
    pub(super) fn show(&self, shown: &Shown) -> Result<()> {
        let (columns, lines) = terminal();
        let format = self.layout(shown, columns)?;
        if !(self.pager && self.page(shown, format, columns, lines)?) {
            let screen = Screen {
                rows: Some(ROWS),
                width: Some(columns),
                style: self.style,
            };
            let (text, remarks) = written(shown, format, screen)?;
            print(&text)?;
            self.print_remarks(&remarks)?;
        }
        self.footer(shown)
    }

    /// A remark beside results: on the terminal among them, else on the standard error.
    pub(super) fn remark(&self, text: &str) -> Result<()> {
        if self.is_terminal {
            return print(&format!("{}\n", self.style.dim(text)));
        }
        if !self.is_quiet {
            // A remark that nobody can read is no reason to stop.
            let _ = writeln!(std::io::stderr(), "{text}");
        }
        Ok(())
    }

    /// Shows all rows in the pager if they are too many for the screen and there is one; all of a
    /// result that is short enough is written at once.
    fn page(&self, shown: &Shown, format: Format, columns: usize, lines: usize) -> Result<bool> {
        let is_expanded = format == Format::Expanded;
        if shown.rows + BELOW < lines.min(ROWS) && !is_expanded {
            return Ok(false);
        }
        // Records are wrapped; rows may be wider than the screen, since a pager scrolls.
        let screen = Screen {
            rows: None,
            width: is_expanded.then_some(columns),
            style: self.style,
        };
        let (text, _) = written(shown, format, screen)?;
        Ok(text.lines().count() + BELOW > lines && pager::show(&text))
    }

    /// The format of a result that is written as it comes.
    pub(super) fn streamed(&self) -> Format {
        match (self.expanded, self.format.is_for_the_eye()) {
            (Expanded::On, true) => Format::Expanded,
            _ => self.format,
        }
    }

    /// The format of a result: as asked, or as records when that was asked or is needed.
    fn layout(&self, shown: &Shown, columns: usize) -> Result<Format> {
        let is_wide = || -> Result<bool> {
            let screen = Screen {
                rows: Some(ROWS),
                ..Screen::default()
            };
            let (text, _) = written(shown, self.format, screen)?;
            Ok(text
                .lines()
                .next()
                .is_some_and(|line| width(line) > columns))
        };
        let is_expanded = match self.expanded {
            Expanded::Off => false,
            Expanded::On => true,
            Expanded::Auto => is_wide()?,
        };
        Ok(if is_expanded {
            Format::Expanded
        } else {
            self.format
        })
    }

    fn print_remarks(&self, remarks: &[String]) -> Result<()> {
        for remark in remarks {
            let is_long = remark.starts_with("only the first");
            let remedy = match (is_long, self.pager) {
                (true, true) => "LIMIT, or \\o file.csv shows all",
                (true, false) => "\\pager on, LIMIT, or \\o file.csv shows all",
                (false, _) => "\\x shows them in full",
            };
            print(&self.style.dim(&format!("{remark}; {remedy}\n")))?;
        }
        Ok(())
    }

    /// `(8 rows, 12 ms)`
    fn footer(&self, shown: &Shown) -> Result<()> {
        let more = if shown.has_more { "more than " } else { "" };
        let rows = match shown.rows {
            1 => "1 row".to_owned(),
            rows => format!("{more}{} rows", grouped(rows as u64)),
        };
        self.aside(&rows, shown.took)
    }

    /// A dim line in parentheses for a person, with the time if it is wanted.
    pub(super) fn aside(&self, text: &str, took: Duration) -> Result<()> {
        let time = match self.timing {
            true => format!(", {}", spoken(took)),
            false => String::new(),
        };
        match self.is_terminal {
            true => print(&format!("{}\n", self.style.dim(&format!("({text}{time})")))),
            false => Ok(()),
        }
    }
}

/// Rows as text, and what of them is not in it.
fn written(shown: &Shown, format: Format, screen: Screen) -> Result<(String, Vec<String>)> {
    let mut bytes = Vec::new();
    let mut writer = format.writer(&shown.schema, screen, &mut bytes)?;
    for batch in &shown.batches {
        if writer.write(batch)? == Demand::Enough {
            break;
        }
    }
    let remarks = writer.finish()?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), remarks))
}

/// `0.4 ms`, `12 ms`, `3.21 s`, `2 min 5 s`
fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 0.001 => format!("{:.1} ms", s * 1e3),
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s if s < 60.0 => format!("{s:.2} s"),
        s => format!("{:.0} min {:.0} s", (s / 60.0).floor(), s % 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let spoken = |seconds: f64| spoken(Duration::from_secs_f64(seconds));
        assert_eq!(
            [0.0004, 0.0123, 3.214, 125.0].map(spoken),
            ["0.4 ms", "12 ms", "3.21 s", "2 min 5 s"]
        );
    }
}
