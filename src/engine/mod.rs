//! The one door to latido: every interface opens an [`Engine`] and asks it.

mod answer;
mod browse;
mod buffers;
mod calendar;
mod catalog;
mod completion;
mod concepts;
mod cooperative;
mod declared;
mod definitions;
mod embedded;
mod errors;
mod execution;
mod flags;
mod functions;
mod header;
mod last;
mod library;
mod limits;
mod mapped;
mod metrics;
mod objectives;
mod optimizer;
mod options;
mod parameters;
mod places;
mod planning;
mod progress;
mod pushdown;
mod rewrite;
mod session;
mod slips;
mod spot;
mod stop;
mod system;
mod tables;
mod text;
mod workers;
mod written;

pub use answer::Answer;
pub use concepts::{Concepts, MOST_CONCEPTS};
pub use last::LastResult;
pub use library::{Parameter, Query};
pub use objectives::{Alternatives, Maturity, Rung, Validation};
pub use options::{Limits, Options};
pub use progress::{Progress, Reached};
pub use spot::Spot;

use std::sync::Arc;

use arrow::datatypes::Schema;
use chrono_tz::Tz;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;

use crate::error::{Error, Result};
use crate::project::{Language, Project};
use crate::sources::{Format, Location, ReadOptions, deliver};
use catalog::{Catalog, Files, Relation};
use completion::Completion;
use execution::Ready;
use metrics::Metrics;
use parameters::Bound;
use session::Sessions;
use stop::{Stop, StopOnDrop};
use tables::Tables;
use workers::{Deadline, Workers};

/// Tables, functions and queries, ready to be asked by many at once.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    workers: Arc<Workers>,
    /// Queries of the project that are wrong, by name with the reason.
    refused: Vec<(String, String)>,
    project: Option<Project>,
    limits: Limits,
}

/// What a statement needs on the workers.
#[derive(Debug)]
struct Shared {
    sessions: Sessions,
    catalog: Arc<Catalog>,
    reading: ReadOptions,
    queries: Arc<[Query]>,
}

/// A table as `latido tables` lists it.
#[derive(Debug, Clone)]
pub struct TableInfo {
    /// Its name in SQL.
    pub name: String,
    /// `table` or `view`.
    pub kind: &'static str,
    /// Where its rows are read from.
    pub location: String,
}

/// A function as `latido functions` lists it.
#[derive(Debug, Clone)]
pub struct FunctionInfo {
    /// Its name in SQL.
    pub name: String,
    /// `scalar`, `aggregate` or `window`.
    pub kind: &'static str,
    /// How it is called.
    pub syntax: String,
    /// What it means, in one paragraph.
    pub description: String,
    /// A statement on the sample data and what it shows, when the function is latido's own.
    pub example: Option<String>,
    /// Its arguments, each with its meaning.
    pub arguments: Vec<(String, String)>,
    /// Whether it is latido's own (DataFusion's are listed too).
    pub own: bool,
}

impl Engine {
    /// Opens an engine; tables are registered, nothing is read yet.
    ///
    /// # Errors
    /// [`Error::Usage`] for a table name that is given twice or is empty and for SQL in latido.yaml
    /// that cannot be parsed, [`Error::Place`] for a location that cannot be one.
    pub async fn open(options: Options) -> Result<Self> {
        let catalog = Arc::new(Catalog::default());
        let reading = ReadOptions::default();
        for (name, location) in &options.tables {
            register(&catalog, name, location, &reading)?;
        }
        if let Some(project) = &options.project {
            declared::register(&catalog, project, &reading)?;
        }
        let (queries, refused) = library::load(options.queries.as_deref())?;
        Ok(Self {
            shared: Arc::new(Shared {
                sessions: Sessions::new(&options)?,
                catalog,
                reading,
                queries: queries.into(),
            }),
            workers: Arc::new(Workers::start(options.limits.thread_count())?),
            refused,
            project: options.project,
            limits: options.limits,
        })
    }

    /// Runs one statement; rows stream from the answer. `$name` in the text is bound to the
    /// parameter of that name: an integer, number, boolean or NULL if it looks like one, else
    /// text. To be called within a tokio runtime with timers.
    ///
    /// # Errors
    /// [`Error::Statement`] for a wrong statement, [`Error::Usage`] for a parameter that is
    /// missing or one too many, [`Error::Limit`] for a limit; [`Error::Place`] and
    /// [`Error::Data`] for what the files hold, here or from the stream.
    pub async fn run(&self, sql: &str, parameters: &[(String, String)]) -> Result<Answer> {
        self.ask(sql, parameters::inferred(parameters)?, None).await
    }

    /// Runs a query of the library with its parameters (given as text, typed by its header).
    ///
    /// # Errors
    /// [`Error::Usage`] for an unknown query or parameter or a value of the wrong type; else those
    /// of [`Engine::run`].
    pub async fn named(&self, name: &str, parameters: &[(String, String)]) -> Result<Answer> {
        let query = self.query(name)?;
        let bound = parameters::declared(query, parameters)?;
        let zone = self
            .project
            .as_ref()
            .map_or(Tz::UTC, |project| project.timezone);
        let completion = Arc::new(Completion::of(zone, &query.sql));
        let asked = self.ask(&query.sql, bound, Some(Arc::clone(&completion)));
        let answer = query.watch(asked.await?);
        Ok(answer.with_remarks(completion.remarks()))
    }

    async fn ask(
        &self,
        sql: &str,
        parameters: Vec<Bound>,
        completion: Option<Arc<Completion>>,
    ) -> Result<Answer> {
        let deadline = Deadline::after(self.limits.timeout);
        let shared = Arc::clone(&self.shared);
        let sql = sql.to_owned();
        let stop = Stop::default();
        let stopping = StopOnDrop(stop.clone());
        let work = async move { shared.prepare(&sql, &parameters, completion, &stop).await };
        Ok(match self.workers.run(deadline, work).await? {
            Outcome::Rows(ready) => execution::start(&self.workers, deadline, stopping, ready),
            Outcome::Done => Answer::empty(),
            Outcome::Written(rows) => Answer::count(rows),
        })
    }

    /// The query of this name.
    ///
    /// # Errors
    /// [`Error::Usage`] with names alike, or with what is wrong with the file of that name.
    pub fn query(&self, name: &str) -> Result<&Query> {
        library::find(self.queries(), &self.refused, name)
    }

    /// Splits a script into its statements, comments and quoted text respected.
    #[must_use]
    pub fn statements(script: &str) -> Vec<String> {
        text::split(script)
    }

    /// Whether a text is one expression of SQL; its names are not looked up.
    ///
    /// # Errors
    /// [`Error::Statement`] with what is wrong.
    pub fn expression(text: &str) -> Result<()> {
        written::expression(text)
            .map(drop)
            .map_err(Error::Statement)
    }

    /// Whether the name of a file says that it holds rows; plain text may hold anything.
    #[must_use]
    pub fn reads(file_name: &str) -> bool {
        Format::of_name(file_name).is_some_and(|format| format != Format::Text)
    }

    /// The tables and views by name.
    ///
    /// # Errors
    /// None today; tables of a store will be listed from it.
    pub async fn tables(&self) -> Result<Vec<TableInfo>> {
        Ok(self.shared.catalog.list())
    }

    /// The functions by name, latido's own first.
    #[must_use]
    pub fn functions(&self) -> Vec<FunctionInfo> {
        functions::list(&self.shared.sessions.base())
    }

    /// The language of the project; English without one.
    #[must_use]
    pub fn language(&self) -> Language {
        let project = self.project.as_ref();
        project.map(|project| project.language).unwrap_or_default()
    }

    /// What latido.yaml says, where there is one.
    #[must_use]
    pub fn project(&self) -> Option<&Project> {
        self.project.as_ref()
    }

    /// The project's queries that are wrong, each with file, line and reason.
    pub fn refused_queries(&self) -> impl Iterator<Item = &str> {
        self.refused.iter().map(|(_, reason)| reason.as_str())
    }

    /// The queries of the library by name.
    #[must_use]
    pub fn queries(&self) -> &[Query] {
        &self.shared.queries
    }

    /// What lies in a folder or under a prefix of a bucket, one level deep, as it would be written;
    /// folders end with `/`. An empty text is the current directory.
    ///
    /// # Errors
    /// [`Error::Place`] for a folder or bucket that cannot be listed.
    pub async fn places(&self, folder: &str) -> Result<Vec<String>> {
        browse::places(&self.shared, folder).await
    }

    /// A place for the rows of a result that shall be the table `_`.
    #[must_use]
    pub fn last_result(&self, schema: &Schema) -> LastResult {
        LastResult::begin(&self.shared, schema)
    }
}

impl Shared {
    /// Does what a statement without rows asks for, or gets one with rows ready to run.
    async fn prepare(
        &self,
        sql: &str,
        parameters: &[Bound],
        completion: Option<Arc<Completion>>,
        stop: &Stop,
    ) -> Result<Outcome> {
        let is_ours = completion.is_some();
        let tables = Tables::of(
            &self.catalog,
            self.sessions.open(stop),
            self.reading.clone(),
            completion,
            Arc::clone(&self.queries),
        );
        let mut statement = planning::parse(sql)?;
        if definitions::create_view(&tables, &statement, sql)
            .await?
            .is_some()
        {
            return Ok(Outcome::Done);
        }
        definitions::refuse_kinds(&statement)?;
        // Named before values are bound, so that no column is called after a value.
        rewrite::names::keep(&mut statement);
        parameters::bind(&mut statement, parameters)?;
        definitions::complete(&mut statement)?;
        let (plan, labels) = planning::plan(&tables, statement).await?;
        let state = tables.session();
        let remarks = if is_ours {
            Vec::new()
        } else {
            slips(sql, &state, &plan)
        };
        let plan = match definitions::apply(&self.sessions, &tables, plan).await? {
            None => return Ok(Outcome::Done),
            Some(LogicalPlan::Copy(copy)) => {
                let rows = deliver(&state, &copy).await;
                let explained = |error| labels.explain(errors::explain(error));
                return rows.map(Outcome::Written).map_err(explained);
            }
            Some(plan) => plan,
        };
        let plan = state
            .create_physical_plan(&plan)
            .await
            .map_err(|error| labels.explain(self.catalog.explain(error, &state)))?;
        let context = state.task_ctx();
        Ok(Outcome::Rows(Ready {
            plan,
            context,
            labels,
            remarks,
        }))
    }
}

/// What a statement says and probably does not mean.
fn slips(sql: &str, state: &SessionState, plan: &LogicalPlan) -> Vec<String> {
    let metrics = state.config().get_extension::<Metrics>();
    slips::remarks(sql, plan, &metrics.unwrap_or_default())
}

/// What became of a statement on the workers.
enum Outcome {
    /// It gives rows; they have not begun.
    Rows(Ready),
    /// It gives none, and is done.
    Done,
    /// It wrote so many rows.
    Written(u64),
}

fn register(catalog: &Catalog, name: &str, location: &str, options: &ReadOptions) -> Result<()> {
    if name.is_empty() {
        return Err(Error::Usage(format!("a table of {location} needs a name")));
    }
    if catalog.is_taken(name) {
        return Err(Error::Usage(format!("table {name} is given twice")));
    }
    let files = Files {
        location: Location::parse(location)?,
        options: options.clone(),
    };
    catalog.put(name, Relation::Files(Arc::new(files)));
    Ok(())
}
