//! Where results go: the terminal, a pipe, or a file that appears whole or not at all.

use std::io::{BufWriter, Stdout};

use futures::StreamExt as _;

use super::telling::Telling;
use crate::engine::Answer;
use crate::error::{Error, Result};
use crate::interfaces::output::{Demand, Format, Screen, Sink, Staged, Waiting, counted};

/// Rows that a terminal shows of one result.
const ROWS_ON_SCREEN: usize = 100;

const BUFFER_BYTES: usize = 64 << 10;

/// Takes one result after the other.
pub(super) struct Outlet {
    telling: Telling,
    format: Format,
    target: Target,
    results: usize,
    /// Whether something stands above, from which the next result is set apart.
    is_begun: bool,
    rows: usize,
}

enum Target {
    Output(BufWriter<Stdout>),
    File(BufWriter<Staged>),
}

impl Target {
    fn sink(&mut self) -> Sink<'_> {
        match self {
            Self::Output(stdout) => stdout,
            Self::File(file) => file,
        }
    }
}

impl Outlet {
    /// Opens the output; a terminal is not flooded with binary formats.
    pub(super) fn open(telling: Telling) -> Result<Self> {
        let format = telling.format.unwrap_or(telling.format_for_people());
        if format.is_binary() && telling.is_terminal {
            return Err(Error::Usage(format!(
                "{format:?} is not for a terminal; add --output PATH or redirect the output"
            )));
        }
        let target = match &telling.output {
            Some(path) => Target::File(BufWriter::with_capacity(
                BUFFER_BYTES,
                Staged::create(path)?,
            )),
            None => Target::Output(BufWriter::with_capacity(BUFFER_BYTES, std::io::stdout())),
        };
        Ok(Self {
            telling,
            format,
            target,
            results: 0,
            is_begun: false,
            rows: 0,
        })
    }

    /// Writes an answer as its rows come, with word of how far it is; one without columns (CREATE …) writes nothing.
    pub(super) async fn deliver(
        &mut self,
        asked: impl Future<Output = Result<Answer>>,
    ) -> Result<()> {
        let mut waiting = Waiting::begin(self.telling.is_quiet, self.telling.style);
        let answer = waiting.wait(asked).await?;
        waiting.follow(&answer);
        let outcome = self.write(answer, &mut waiting).await;
        outcome.map_err(|error| placed(&self.telling, error))
    }

    async fn write(&mut self, mut answer: Answer, waiting: &mut Waiting) -> Result<()> {
        for remark in answer.remarks() {
            self.telling.remark(remark);
        }
        let schema = answer.schema();
        if schema.fields().is_empty() {
            while let Some(batch) = waiting.wait(answer.next()).await {
                batch?;
            }
            return Ok(());
        }
        self.begin()?;
        let screen = self.screen();
        let mut writer = self.format.writer(&schema, screen, self.target.sink())?;
        while let Some(batch) = waiting.wait(answer.next()).await {
            let batch = batch?;
            self.rows += batch.num_rows();
            if writer.write(&batch)? == Demand::Enough {
                break;
            }
        }
        let remarks = writer.finish()?;
        self.target.sink().flush()?;
        if !remarks.is_empty() {
            let hint = "--format csv or --output PATH gives everything";
            self.telling
                .remark(&format!("{}; {hint}", remarks.join(", ")));
        }
        Ok(())
    }

    /// Writes a line above what follows; for formats that make a page.
    pub(super) fn heading(&mut self, text: &str) -> Result<()> {
        let line = match self.format {
            Format::Markdown => format!("## {text}\n"),
            _ => self.telling.style.bold(text) + "\n",
        };
        if std::mem::replace(&mut self.is_begun, false) {
            self.target.sink().write_all(b"\n")?;
        }
        Ok(self.target.sink().write_all(line.as_bytes())?)
    }

    /// Writes sentences below what went before, a line each.
    pub(super) fn paragraph(&mut self, lines: &[String]) -> Result<()> {
        self.target.sink().write_all(b"\n")?;
        self.lines(lines)
    }

    /// Writes lines.
    pub(super) fn lines(&mut self, lines: &[String]) -> Result<()> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.is_begun = true;
        self.target.sink().write_all(text.as_bytes())?;
        Ok(self.target.sink().flush()?)
    }

    /// Whether no row was written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Puts a file in its place.
    pub(super) fn finish(self) -> Result<()> {
        let telling = self.telling.clone();
        self.commit().map_err(|error| placed(&telling, error))
    }

    fn commit(self) -> Result<()> {
        let Target::File(file) = self.target else {
            return Ok(());
        };
        let path = self
            .telling
            .output
            .as_deref()
            .unwrap_or_else(|| std::path::Path::new(""));
        if self.results == 0 && !self.is_begun {
            let path = path.display();
            return Err(Error::Usage(format!(
                "--output {path}: no statement gave a result"
            )));
        }
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.commit()?;
        // A page of sentences has no rows to count.
        let what = match self.results {
            0 => String::new(),
            _ => format!("{} ", counted(self.rows)),
        };
        self.telling
            .remark(&format!("{}: {what}written", path.display()));
        Ok(())
    }

    /// Makes room for a further result: a blank line, nothing, or a refusal.
    fn begin(&mut self) -> Result<()> {
        self.results += 1;
        if !std::mem::replace(&mut self.is_begun, true) {
            return Ok(());
        }
        let is_file = self.telling.output.is_some();
        match self.format {
            Format::Parquet | Format::Arrow => Err(self.second_result()),
            Format::Csv | Format::Tsv | Format::Json if is_file => Err(self.second_result()),
            Format::Json | Format::Ndjson => Ok(()),
            _ => Ok(self.target.sink().write_all(b"\n")?),
        }
    }

    fn second_result(&self) -> Error {
        let format = format!("{:?}", self.format).to_lowercase();
        Error::Usage(format!(
            "a {format} file holds one result, and this script gives several; run the statements \
             one by one, or choose --format ndjson"
        ))
    }

    fn screen(&self) -> Screen {
        if !self.telling.is_terminal {
            return Screen::default();
        }
        Screen {
            rows: Some(ROWS_ON_SCREEN),
            ..self.telling.screen()
        }
    }
}

/// Names what could not be written; a reader that has gone stays what it is.
fn placed(telling: &Telling, error: Error) -> Error {
    let path = telling
        .output
        .as_ref()
        .map(|path| path.display().to_string());
    match error {
        Error::Output(io) if io.kind() != std::io::ErrorKind::BrokenPipe => Error::place(
            path.unwrap_or_else(|| "standard output".to_owned()),
            io.to_string(),
        ),
        other => other,
    }
}
