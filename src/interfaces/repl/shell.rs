//! What the shell does with a line: statements are run and shown, commands done.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::chart::{self, Kind};
use super::command::{self, Command, Expanded};
use super::delivery::{Delivery, Told};
use super::show::{Shown, View, print, terminal};
use super::signals::Interrupts;
use super::target::Target;
use super::validator::is_complete;
use super::{editing, lists, words};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::interfaces::output::{Waiting, line_of, nothing_for, pointed, wrap};
use crate::interfaces::script::Script;

/// Columns of a line that is read with ease.
const MOST_READABLE: usize = 100;

/// Values by their name.
type Pairs = Vec<(String, String)>;

/// The state of a session.
pub(super) struct Shell {
    pub(super) engine: Arc<Engine>,
    pub(super) runtime: Runtime,
    pub(super) interrupts: Interrupts,
    pub(super) view: View,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) target: Option<Target>,
    /// What was asked last, for `\watch`, `\g` and `\e`.
    pub(super) last: Option<Asked>,
    /// Where the last error arose.
    pub(super) culprit: Culprit,
    /// Whether there was a result.
    pub(super) has_result: bool,
    /// The statement over a command, to go on with.
    pub(super) unfinished: String,
    /// The files that are being run, each within the one before.
    pub(super) reciting: Vec<PathBuf>,
}

/// Where an error arose.
#[derive(Debug, Default)]
pub(super) struct Culprit {
    /// File and line of a script, when it was in one.
    place: String,
    /// The lines that point at the place in the statement.
    pointer: String,
    /// The line of its script at which the statement begins.
    line: usize,
}

/// Something with a result.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// A statement.
    Statement(String, Pairs),
    /// A query of the library.
    Query(String, Pairs),
}

/// Whether the shell goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// It does.
    On,
    /// It ends.
    Quit,
}

impl Shell {
    /// Does what was typed: a command, or statements one after the other.
    pub(super) fn act(&mut self, text: &str) -> Result<Flow> {
        if let Some(text) = command::of_line(text) {
            return self.command(command::parse(text)?);
        }
        if let Some((before, line)) = command::under(text) {
            return self.command_under(before, command::parse(line)?);
        }
        for sql in Engine::statements(text) {
            self.statement(&sql)?;
        }
        Ok(Flow::On)
    }

    /// A command in the line under a statement without its `;`: `\g` and `\gx` run it, `\r` and `\q`
    /// drop it, and after all others it goes on.
    fn command_under(&mut self, statement: &str, command: Command) -> Result<Flow> {
        match command {
            Command::Again | Command::AgainExpanded => {
                let expanded = self.view.expanded;
                if command == Command::AgainExpanded {
                    self.view.expanded = Expanded::On;
                }
                let mut statements = Engine::statements(statement).into_iter();
                let outcome = statements.try_for_each(|sql| self.statement(&sql));
                self.view.expanded = expanded;
                return outcome.map(|()| Flow::On);
            }
            Command::Quit | Command::Reset => {}
            _ => self.unfinished = format!("{}\n", statement.trim_end()),
        }
        self.command(command)
    }

    fn statement(&mut self, sql: &str) -> Result<()> {
        let asked = Asked::Statement(sql.to_owned(), self.bound(sql));
        self.last = Some(asked.clone());
        self.run(&asked, true)
    }

    /// The variables that a statement mentions.
    fn bound(&self, sql: &str) -> Pairs {
        let names = words::variables(sql).into_iter();
        let mut pairs: Pairs = names
            .filter_map(|name| Some((name.clone(), self.variables.get(&name)?.clone())))
            .collect();
        pairs.sort();
        pairs.dedup();
        pairs
    }

    fn command(&mut self, command: Command) -> Result<Flow> {
        match command {
            Command::Quit => return Ok(Flow::Quit),
            Command::Help => print(&super::help(self.view.style))?,
            Command::Tables => self.list(lists::TABLES, &[])?,
            Command::Describe(table) => self.describe(&table)?,
            Command::Sources => self.list(lists::SOURCES, &[])?,
            Command::Functions(name) => self.functions(name.as_deref())?,
            Command::Queries(None) => self.list(lists::QUERIES, &[])?,
            Command::Queries(Some(name)) => self.query(&name)?,
            Command::Metrics => self.metrics()?,
            Command::Run(name, pairs) => {
                let asked = Asked::Query(name, pairs);
                self.last = Some(asked.clone());
                self.run(&asked, true)?;
            }
            Command::Explain(sql) => self.explain(&sql)?,
            Command::Again => self.run(&self.asked()?, true)?,
            Command::AgainExpanded => {
                let asked = self.asked()?;
                let expanded = std::mem::replace(&mut self.view.expanded, Expanded::On);
                let outcome = self.run(&asked, true);
                self.view.expanded = expanded;
                outcome?;
            }
            Command::Reset => {}
            Command::Echo(text) => print(&format!("{text}\n"))?,
            Command::System(line) => editing::system(&line)?,
            Command::Watch(every) => self.watch(every)?,
            Command::Edit => self.edit()?,
            Command::Include(path) => return self.recite(&Script::of_file(&path)?),
            Command::Chart(kind) => self.chart(kind)?,
            Command::Output(path) => self.output(path.map(Target::of).transpose()?)?,
            setting => self.set(setting)?,
        }
        Ok(Flow::On)
    }

    pub(super) fn remark(&self, text: &str) -> Result<()> {
        self.view.remark(text)
    }

    fn explain(&mut self, sql: &str) -> Result<()> {
        for sql in Engine::statements(sql) {
            let bound = self.bound(&sql);
            let asked = Asked::Statement(format!("EXPLAIN {sql}"), bound);
            self.run(&asked, false)?;
        }
        Ok(())
    }

    fn asked(&self) -> Result<Asked> {
        let nothing = || Error::Usage("nothing was asked yet".into());
        self.last.clone().ok_or_else(nothing)
    }

    fn watch(&mut self, every: Duration) -> Result<()> {
        let asked = self.asked()?;
        let pager = std::mem::replace(&mut self.view.pager, false);
        let mut outcome = Ok(());
        for turn in 1_u64.. {
            let told = format!("every {} s, run {turn}; Ctrl-C stops", every.as_secs_f64());
            outcome = self.remark(&told).and_then(|()| self.run(&asked, true));
            let pause = async {
                tokio::time::sleep(every).await;
                Ok(())
            };
            if outcome.is_err() || self.runtime.block_on(self.interrupts.until(pause)).is_err() {
                break;
            }
        }
        self.view.pager = pager;
        outcome
    }

    fn edit(&mut self) -> Result<()> {
        let text = match &self.last {
            Some(Asked::Statement(sql, _)) => format!("{sql};\n"),
            Some(Asked::Query(name, _)) => {
                let queries = self.engine.queries().iter();
                let query = queries.clone().find(|query| query.name == *name);
                query.map_or_else(String::new, |query| format!("{};\n", query.sql.trim()))
            }
            None => String::new(),
        };
        let edited = editing::edit(&text)?;
        for sql in Engine::statements(&edited) {
            print(&format!("{sql};\n"))?;
            self.statement(&sql)?;
        }
        Ok(())
    }

    /// Runs a script as if it were typed, up to the first error.
    pub(super) fn recite(&mut self, script: &Script) -> Result<Flow> {
        self.enter(script)?;
        let mut waiting = String::new();
        let mut first = 1;
        for (number, line) in script.text.lines().enumerate() {
            if waiting.is_empty() {
                if line.trim().is_empty() {
                    continue;
                }
                first = number + 1;
            }
            waiting.push_str(line);
            waiting.push('\n');
            if is_complete(&waiting) {
                let text = std::mem::take(&mut waiting);
                if self.act_at(&text, &script.place, first)? == Flow::Quit {
                    return Ok(Flow::Quit);
                }
                waiting = std::mem::take(&mut self.unfinished);
            }
        }
        let flow = self.act_at(&waiting, &script.place, first)?;
        self.reciting.pop();
        Ok(flow)
    }

    /// Remembers that a script runs, unless it does already: it would never end.
    fn enter(&mut self, script: &Script) -> Result<()> {
        let path = Path::new(&script.place).canonicalize().unwrap_or_default();
        let is_file = !script.place.is_empty() && !path.as_os_str().is_empty();
        if is_file && self.reciting.contains(&path) {
            return Err(Error::Usage(format!("{} reads itself", script.place)));
        }
        self.reciting.push(path);
        Ok(())
    }

    /// Does what stands at a line of a script.
    fn act_at(&mut self, text: &str, place: &str, line: usize) -> Result<Flow> {
        self.culprit = Culprit {
            line,
            ..Culprit::default()
        };
        let done = self.act(text);
        // The innermost script is the one to mend.
        if done.is_err() && self.culprit.place.is_empty() && !place.is_empty() {
            self.culprit.place = format!("{place}:{}", self.culprit.line);
        }
        done
    }

    /// Tells an error and where it arose.
    pub(super) fn tell(&mut self, error: &Error) {
        self.reciting.clear();
        let Culprit { place, pointer, .. } = std::mem::take(&mut self.culprit);
        super::tell_error(&place, error, &pointer);
    }

    fn chart(&mut self, kind: Option<Kind>) -> Result<()> {
        let work = async {
            let answer = self.engine.run(lists::LAST, &[]).await?;
            let schema = answer.schema();
            Ok((schema, answer.collect().await?))
        };
        let outcome = self.runtime.block_on(self.interrupts.until(work));
        let (schema, batches) = outcome.map_err(|error| match error {
            Error::Statement(text) if text.starts_with("no table _") => {
                Error::Usage("there is no result yet; ask something first".into())
            }
            other => other,
        })?;
        let (columns, _) = terminal();
        print(&chart::draw(
            &schema,
            &batches,
            kind,
            columns,
            self.view.style,
        )?)
    }

    fn output(&mut self, target: Option<Target>) -> Result<()> {
        let told = match &target {
            Some(target) => format!(
                "results go to {}; \\o alone brings them back",
                target.path.display()
            ),
            None => "results go to the screen".to_owned(),
        };
        self.target = target;
        self.remark(&told)
    }

    /// Asks, and shows or writes what comes; Ctrl-C drops it all.
    pub(super) fn run(&mut self, asked: &Asked, keeps: bool) -> Result<()> {
        let engine = Arc::clone(&self.engine);
        let (view, target) = (self.view.clone(), &mut self.target);
        let mut waiting = Waiting::begin(view.is_quiet, view.style);
        let mut remarks = Vec::new();
        let work = async {
            let since = Instant::now();
            let asking = async {
                match asked {
                    Asked::Statement(sql, pairs) => engine.run(sql, pairs).await,
                    Asked::Query(name, pairs) => engine.named(name, pairs).await,
                }
            };
            let answer = waiting.wait(asking).await?;
            waiting.follow(&answer);
            remarks = answer.remarks().to_vec();
            let delivery = Delivery {
                engine: &engine,
                view: &view,
                since,
                keeps,
                is_further: self.has_result,
            };
            delivery.deliver(answer, target, waiting).await
        };
        let told = self.runtime.block_on(self.interrupts.until(work));
        if let (Err(error), Asked::Statement(sql, _)) = (&told, asked) {
            let first = self.culprit.line.max(1);
            self.culprit.pointer = pointed(sql, first, error);
            self.culprit.line = line_of(sql, first, error);
        }
        self.has_result |= told.is_ok();
        match told.map_err(remedied)? {
            Told::Rows(shown) => self.show(asked, &shown)?,
            Told::Aside(text, took) => self.view.aside(&text, took)?,
        }
        remarks
            .iter()
            .try_for_each(|text| self.remark(&format!("note: {text}")))
    }

    /// Shows a result; that of a question of the library under its title and over its reading.
    fn show(&self, asked: &Asked, shown: &Shown) -> Result<()> {
        let Asked::Query(name, pairs) = asked else {
            return self.view.show(shown);
        };
        let query = self.engine.query(name).ok().filter(|_| !self.view.is_quiet);
        let language = self.engine.language();
        if let Some(query) = query {
            let title = self.view.style.bold(query.title_in(language));
            print(&format!("{title}\n"))?;
        }
        self.view.show(shown)?;
        if shown.rows == 0 && !pairs.is_empty() {
            self.remark(&nothing_for(pairs))?;
        }
        let reading = query.filter(|_| shown.rows > 0);
        let reading = reading.map_or("", |query| query.reading_in(language));
        let lines = wrap(reading, terminal().0.min(MOST_READABLE)).into_iter();
        let mut lines = lines.filter(|line| !line.is_empty());
        lines.try_for_each(|line| self.remark(line))
    }
}

/// The remedy of the command line in the words of the shell.
pub(super) fn remedied(error: Error) -> Error {
    match error {
        Error::Usage(text) => Error::Usage(
            text.replace("--param ", "\\set ")
                .replace("=…", " …")
                .replace("`latido queries`", "\\queries")
                .replace("`latido functions`", "\\df"),
        ),
        Error::Statement(text) => Error::Statement(text.replace("`latido functions`", "\\df")),
        other => other,
    }
}
