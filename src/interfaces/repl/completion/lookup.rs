//! What the catalog knows, asked for when it is needed and believed for a while.
//!
//! A thread of its own asks the engine, so that a slow bucket holds up the prompt for a moment only:
//! what comes too late is there at the next Tab.

use std::collections::HashMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arrow::array::AsArray as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::names::{Name, Names};
use crate::engine::Engine;
use crate::error::Result;

/// How long the prompt waits for what was never known: a table that is opened, a bucket.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long it waits for news of what is known.
const HASTE: Duration = Duration::from_millis(10);
/// Tables that are looked into while no table is mentioned …
const NEAR: usize = 50;
/// … and how many of them the prompt waits for: the others are there at the next Tab.
const AWAITED: usize = 10;
/// How long an answer is believed.
const BELIEVED: Duration = Duration::from_secs(5);
/// How long all else is believed, which changes seldom or takes longer to ask for.
const BELIEVED_LONGER: Duration = Duration::from_secs(60);
/// How long a question may take at all.
const GIVEN_UP: Duration = Duration::from_secs(20);

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Question {
    Tables,
    /// Of the schemas `system` and `information_schema`, with their schema.
    System,
    Functions,
    Queries,
    Metrics,
    Objectives,
    Dimensions,
    /// `name=` of a query.
    Parameters(String),
    /// Of a table.
    Columns(String),
    /// Files and folders that begin so.
    Places(String),
}

/// A question, and who waits for its answer.
type Request = (Question, mpsc::Sender<()>);

/// What is known.
#[derive(Debug, Default)]
struct Known {
    answers: HashMap<Question, (Instant, Arc<Names>)>,
}

/// Asks the engine and remembers.
pub(super) struct Lookup {
    known: Arc<Mutex<Known>>,
    ask: UnboundedSender<Request>,
}

impl Lookup {
    /// Starts the thread, which begins with what the first Tab will want; no table is opened for it.
    pub(super) fn start(engine: &Arc<Engine>) -> Result<Self> {
        let known: Arc<Mutex<Known>> = Arc::default();
        let (ask, asked) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (engine, answers) = (Arc::clone(engine), Arc::clone(&known));
        std::thread::Builder::new()
            .name("completion".into())
            .spawn(move || runtime.block_on(answer_all(engine, answers, asked)))?;
        let (tell, _) = mpsc::channel();
        for question in [Question::Tables, Question::Functions, Question::Queries] {
            // The thread lives as long as this does.
            let _ = ask.send((question, tell.clone()));
        }
        Ok(Self { known, ask })
    }

    /// The answer, if it comes soon or has come before.
    pub(super) fn get(&self, question: &Question) -> Arc<Names> {
        let believed = match question {
            Question::Tables | Question::Metrics | Question::Objectives => BELIEVED,
            _ => BELIEVED_LONGER,
        };
        let before = self.remembered(question);
        if let Some((when, names)) = &before
            && when.elapsed() < believed
        {
            return Arc::clone(names);
        }
        let (tell, told) = mpsc::channel();
        if self.ask.send((question.clone(), tell)).is_ok() {
            // Too late is no failure: what is known already has to do.
            let _ = told.recv_timeout(if before.is_some() { HASTE } else { PATIENCE });
        }
        let now = self.remembered(question).or(before);
        now.map(|(_, names)| names).unwrap_or_default()
    }

    /// The columns of all tables here and of those in buckets that were asked for before.
    pub(super) fn columns_near(&self) -> Vec<Arc<Names>> {
        let tables = self.get(&Question::Tables);
        let near = tables.beginning("").filter(|table| is_near(table));
        let questions = near
            .take(NEAR)
            .map(|table| Question::Columns(table.text.clone()));
        let mut missing = questions.filter(|question| self.remembered(question).is_none());
        let (tell, told) = mpsc::channel();
        for question in missing.by_ref().take(AWAITED) {
            // The thread lives as long as this does.
            let _ = self.ask.send((question, tell.clone()));
        }
        drop(tell);
        let until = Instant::now() + PATIENCE;
        let left = || until.saturating_duration_since(Instant::now());
        while told.recv_timeout(left()).is_ok() {}
        let (tell_nobody, _) = mpsc::channel();
        for question in missing {
            let _ = self.ask.send((question, tell_nobody.clone()));
        }
        let known = lock(&self.known);
        let columns = known.answers.iter();
        columns
            .filter(|(question, _)| matches!(question, Question::Columns(_)))
            .map(|(_, (_, names))| Arc::clone(names))
            .collect()
    }

    fn remembered(&self, question: &Question) -> Option<(Instant, Arc<Names>)> {
        lock(&self.known).answers.get(question).cloned()
    }
}

/// Whether looking into a table costs no request to a bucket.
fn is_near(table: &Name) -> bool {
    !table.about.contains("://")
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer_all(
    engine: Arc<Engine>,
    known: Arc<Mutex<Known>>,
    mut asked: UnboundedReceiver<Request>,
) {
    while let Some((question, tell)) = asked.recv().await {
        let (engine, known) = (Arc::clone(&engine), Arc::clone(&known));
        tokio::spawn(async move {
            let answer = tokio::time::timeout(GIVEN_UP, answer(&engine, &question)).await;
            // What cannot be opened has no columns to offer; the statement will say why.
            let names = answer.unwrap_or_else(|_| Ok(Names::default()));
            let names = Arc::new(names.unwrap_or_default());
            let entry = (Instant::now(), names);
            lock(&known).answers.insert(question, entry);
            // The prompt may have gone on without it.
            let _ = tell.send(());
        });
    }
}

async fn answer(engine: &Engine, question: &Question) -> Result<Names> {
    const COLUMNS: &str = "SELECT name, type FROM system.columns WHERE \"table\" = $table";
    const DIMENSIONS: &str = "SELECT name, '' FROM system.dimensions";
    const METRICS: &str = "SELECT name, name FROM system.metrics";
    const OBJECTIVES: &str = "SELECT name, outcome FROM system.objectives";
    const SYSTEM: &str = "SELECT table_schema || '.' || table_name, 'system table' FROM \
                          information_schema.tables WHERE table_schema <> 'main'";
    match question {
        Question::Tables => {
            let tables = engine.tables().await?.into_iter();
            let about =
                |table: &crate::engine::TableInfo| format!("{} {}", table.kind, table.location);
            Ok(Names::of(
                tables.map(|table| Name::new(&table.name, about(&table))),
            ))
        }
        Question::System => Ok(Names::of(pairs(engine, SYSTEM, &[]).await?)),
        Question::Functions => {
            let functions = engine.functions().into_iter();
            let name = |f: crate::engine::FunctionInfo| {
                let first = f.syntax.lines().next().unwrap_or_default().to_owned();
                Name::new(f.name, first)
            };
            Ok(Names::of(functions.map(name)))
        }
        Question::Queries => {
            let queries = engine.queries().iter();
            Ok(Names::of(queries.map(|q| Name::new(&q.name, &q.title))))
        }
        Question::Parameters(query) => {
            let query = engine.queries().iter().find(|q| q.name == *query);
            let parameters = query.into_iter().flat_map(|query| &query.parameters);
            let name = |p: &crate::engine::Parameter| Name::new(format!("{}=", p.name), &p.kind);
            Ok(Names::of(parameters.map(name)))
        }
        Question::Metrics => Ok(Names::of(pairs(engine, METRICS, &[]).await?)),
        Question::Objectives => Ok(Names::of(pairs(engine, OBJECTIVES, &[]).await?)),
        Question::Dimensions => Ok(Names::of(pairs(engine, DIMENSIONS, &[]).await?)),
        // A query in the place of a table is planned for its columns; nothing of it is run.
        Question::Columns(query) if query.contains('(') => {
            let sql = format!("SELECT * FROM {query} AS asked LIMIT 0");
            let schema = engine.run(&sql, &[]).await?.schema();
            let fields = schema.fields().iter();
            Ok(Names::of(fields.map(|field| {
                Name::new(field.name(), field.data_type().to_string())
            })))
        }
        Question::Columns(table) => {
            let bound = [("table".to_owned(), table.clone())];
            Ok(Names::of(pairs(engine, COLUMNS, &bound).await?))
        }
        Question::Places(prefix) => {
            let places = engine.places(prefix).await?.into_iter();
            Ok(Names::of(places.map(|place| Name::new(place, ""))))
        }
    }
}

/// The two text columns of an answer.
async fn pairs(engine: &Engine, sql: &str, bound: &[(String, String)]) -> Result<Vec<Name>> {
    let mut names = Vec::new();
    for batch in engine.run(sql, bound).await?.collect().await? {
        let text = |place: usize| {
            let column =
                arrow::compute::cast(batch.column(place), &arrow::datatypes::DataType::Utf8);
            column.map_err(|error| crate::Error::Internal(error.to_string()))
        };
        let (left, right) = (text(0)?, text(1)?);
        let rows = left.as_string::<i32>().iter().zip(right.as_string::<i32>());
        names.extend(rows.filter_map(|(name, about)| Some(Name::new(name?, about.unwrap_or("")))));
    }
    Ok(names)
}
