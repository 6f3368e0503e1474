//! How results and remarks are told: format, file, colour, silence.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::Globals;
use crate::error::{Error, Result};
use crate::interfaces::output::{Format, Screen, Style};

/// How results and remarks are told.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    /// The format asked for, by name or by the ending of the file.
    pub(super) format: Option<Format>,
    /// The file for the result; the standard output without it.
    pub(super) output: Option<PathBuf>,
    /// No remarks.
    pub(super) is_quiet: bool,
    /// Whether the standard output is a person's terminal.
    pub(super) is_terminal: bool,
    /// Colour on the standard output.
    pub(super) style: Style,
}

impl Telling {
    /// How the global options want it told.
    pub(super) fn of(globals: Globals) -> Result<Self> {
        let format = match (globals.format, &globals.output) {
            (None, Some(path)) => Some(format_of(path)?),
            (format, _) => format,
        };
        let is_terminal = globals.output.is_none() && std::io::stdout().is_terminal();
        let is_plain = |name: &str, plain: fn(&str) -> bool| {
            std::env::var(name).is_ok_and(|value| plain(&value))
        };
        let color = is_terminal
            && !globals.no_color
            && !is_plain("NO_COLOR", |value| !value.is_empty())
            && !is_plain("TERM", |value| value == "dumb");
        Ok(Self {
            format,
            output: globals.output,
            is_quiet: globals.quiet,
            is_terminal,
            style: Style { color },
        })
    }

    /// The format where none is asked for.
    pub(super) fn format_for_people(&self) -> Format {
        match self.is_terminal {
            true => Format::Box,
            false => Format::Table,
        }
    }

    /// The terminal's width and colours; a file or pipe has no bounds.
    pub(super) fn screen(&self) -> Screen {
        let size = terminal_size::terminal_size().filter(|_| self.is_terminal);
        Screen {
            rows: None,
            width: size.map(|(width, _)| usize::from(width.0)),
            style: self.style,
        }
    }

    /// A remark on the standard error, unless `--quiet`.
    pub(super) fn remark(&self, text: &str) {
        if !self.is_quiet {
            // A remark that nobody can read is no reason to stop.
            let _ = writeln!(std::io::stderr(), "note: {text}");
        }
    }
}

fn format_of(path: &Path) -> Result<Format> {
    Format::of_path(path).ok_or_else(|| {
        Error::Usage(format!(
            "--output {}: the ending names no format; use .csv, .tsv, .json, .ndjson, .md, .txt, \
             .parquet or .arrow, or add --format",
            path.display()
        ))
    })
}
