//! An answer on its way: read for the screen, streamed into a file, and kept as the table `_`.

use std::io::Write;
use std::time::{Duration, Instant};

use futures::StreamExt as _;

use super::show::{Shown, View};
use super::target::Target;
use crate::engine::{Answer, Engine};
use crate::error::Result;
use crate::interfaces::output::{Demand, Format, Screen, Waiting, counted};

/// What is left to tell.
pub(super) enum Told {
    /// Rows for people.
    Rows(Shown),
    /// A word in parentheses.
    Aside(String, Duration),
}

/// How an answer is read.
pub(super) struct Delivery<'a> {
    pub(super) engine: &'a Engine,
    pub(super) view: &'a View,
    pub(super) since: Instant,
    /// Whether it becomes the table `_`.
    pub(super) keeps: bool,
    /// Whether it stands under another result.
    pub(super) is_further: bool,
}

impl Delivery<'_> {
    /// Reads an answer for the screen, or writes it where it belongs.
    pub(super) async fn deliver(
        &self,
        mut answer: Answer,
        target: &mut Option<Target>,
        mut waiting: Waiting,
    ) -> Result<Told> {
        if answer.schema().fields().is_empty() {
            while let Some(batch) = waiting.wait(answer.next()).await {
                batch?;
            }
            return Ok(Told::Aside("done".into(), self.since.elapsed()));
        }
        if let Some(target) = target {
            let mut pen = target.begin()?;
            let rows = self
                .stream(answer, waiting, target.format, pen.sink())
                .await?;
            target.finish(pen)?;
            let told = format!("{}: {} written", target.path.display(), counted(rows));
            return Ok(Told::Aside(told, self.since.elapsed()));
        }
        if !self.view.format.is_for_the_eye() || !self.view.is_terminal {
            let mut stdout = std::io::BufWriter::new(std::io::stdout());
            let is_data = matches!(self.view.format, Format::Json | Format::Ndjson);
            if self.is_further && !self.view.is_terminal && !is_data {
                stdout.write_all(b"\n")?;
            }
            let rows = self
                .stream(answer, waiting, self.view.streamed(), &mut stdout)
                .await?;
            stdout.flush()?;
            return Ok(Told::Aside(counted(rows), self.since.elapsed()));
        }
        self.read(answer, waiting).await.map(Told::Rows)
    }

    /// Writes all rows as they come.
    async fn stream(
        &self,
        mut answer: Answer,
        mut waiting: Waiting,
        format: Format,
        sink: &mut (dyn Write + Send),
    ) -> Result<usize> {
        let schema = answer.schema();
        let mut last = self.keeps.then(|| self.engine.last_result(&schema));
        let mut writer = format.writer(&schema, Screen::default(), sink)?;
        let mut rows = 0;
        while let Some(batch) = waiting.wait(answer.next()).await {
            let batch = batch?;
            rows += batch.num_rows();
            if let Some(last) = &mut last {
                last.add(&batch);
            }
            if writer.write(&batch)? == Demand::Enough {
                break;
            }
        }
        writer.finish()?;
        last.map_or(Ok(()), |last| last.finish())?;
        Ok(rows)
    }

    /// Reads as many rows as a person can look at; they are the table `_` too.
    async fn read(&self, mut answer: Answer, mut waiting: Waiting) -> Result<Shown> {
        let schema = answer.schema();
        let mut last = self.engine.last_result(&schema);
        let mut batches = Vec::new();
        let (mut rows, mut has_more) = (0, false);
        while let Some(batch) = waiting.wait(answer.next()).await {
            let batch = batch?;
            if !last.add(&batch) {
                has_more = true;
                if rows == 0 {
                    rows = batch.num_rows();
                    batches.push(batch);
                }
                break;
            }
            rows += batch.num_rows();
            batches.push(batch);
        }
        if self.keeps {
            last.finish()?;
        }
        Ok(Shown {
            schema,
            batches,
            rows,
            has_more,
            took: self.since.elapsed(),
        })
    }
}
