//! What was typed → what it means: every option checked, none silently without effect.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::arguments::{Arguments, Globals, Typed};
use super::init;
use super::pairs::{Parameters, parameters, tables};
use super::quantities::{Memory, duration, memory};
use super::telling::Telling;
use crate::engine;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::sample::Plan;

/// A command line with its meaning.
#[derive(Debug)]
pub(super) struct Options {
    /// What to do.
    pub(super) command: Command,
    /// With what engine.
    pub(super) engine: engine::Options,
    /// How to tell the result.
    pub(super) telling: Telling,
}

/// What to do.
#[derive(Debug)]
pub(super) enum Command {
    /// Statements from these places, in order.
    Script(Vec<Source>, Parameters),
    /// A query of the library.
    Run(String, Parameters),
    /// The queries of the library, or one.
    Queries(Option<String>),
    /// The overview of the sample data.
    Demo,
    /// Sample tables.
    Sample(Plan),
    /// The functions, or one.
    Functions(Option<String>),
    /// The tables.
    Tables,
    /// The JSON Schema of latido.yaml.
    Schema,
    /// Nothing was asked for at a terminal: a shell with these variables.
    Shell(Parameters),
    /// A first latido.yaml.
    Init(init::Request),
    /// The project as a semantic model.
    Export,
    /// The KPIs of one objective or of all, tested; with alternatives.
    Validate(Option<String>, bool),
    /// How far one objective or all have come.
    Maturity(Option<String>),
    /// Published examples, computed again.
    Selftest,
    /// Nothing was asked for: say what can be.
    Help,
}

impl Command {
    /// Whether it has to do with tables, metrics and queries of a project.
    fn asks_the_project(&self) -> bool {
        !matches!(
            self,
            Self::Demo
                | Self::Sample(_)
                | Self::Schema
                | Self::Init(_)
                | Self::Selftest
                | Self::Help
        )
    }
}

/// Where statements are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// On the command line.
    Line(String),
    /// In a file.
    File(PathBuf),
    /// In the standard input.
    Input,
}

impl Options {
    /// Gives a command line its meaning.
    pub(super) fn of(arguments: Arguments) -> Result<Self> {
        let globals = arguments.globals.clone();
        let command = command(arguments)?;
        refuse_without_effect(&command, &globals)?;
        let directory = match command.asks_the_project() {
            true => project(globals.project.as_deref())?,
            false => Directory::default(),
        };
        let engine = engine::Options {
            tables: tables(&globals.tables)?,
            project: directory.project,
            queries: directory.queries,
            limits: limits(&globals)?,
            ..engine::Options::default()
        };
        Ok(Self {
            command,
            engine,
            telling: Telling::of(globals)?,
        })
    }
}

fn command(arguments: Arguments) -> Result<Command> {
    let threads = arguments.globals.threads.map(std::num::NonZeroUsize::get);
    let has_script = !(arguments.commands.is_empty() && arguments.files.is_empty());
    let typed = arguments.parameters.clone();
    let Some(subcommand) = arguments.subcommand else {
        let sources = sources(arguments);
        return Ok(match sources.is_empty() {
            false => Command::Script(sources, parameters(&typed)?),
            true if std::io::stdout().is_terminal() => Command::Shell(parameters(&typed)?),
            true => Command::Help,
        });
    };
    if has_script {
        return Err(Error::Usage(
            "-c and -f do not go with a subcommand; choose one".into(),
        ));
    }
    if !typed.is_empty() && !matches!(subcommand, Typed::Run { .. }) {
        return Err(Error::Usage(
            "--param binds the parameters of -c, -f and `run` only".into(),
        ));
    }
    Ok(match subcommand {
        Typed::Run {
            name,
            parameters: more,
            ..
        } => Command::Run(name, parameters(&[typed, more].concat())?),
        Typed::Queries { name, .. } => Command::Queries(name),
        Typed::Demo { .. } => Command::Demo,
        Typed::Sample {
            rows,
            seed,
            out,
            dirty,
            ..
        } => Command::Sample(Plan {
            dirty,
            threads,
            ..Plan::new(rows, seed, out)
        }),
        Typed::Functions { name, .. } => Command::Functions(name),
        Typed::Tables { .. } => Command::Tables,
        Typed::Schema { .. } => Command::Schema,
        Typed::Init { place, dbt, .. } => Command::Init(init::Request { place, dbt }),
        Typed::Export { .. } => Command::Export,
        Typed::Validate {
            objective,
            alternatives,
            ..
        } => Command::Validate(objective, alternatives),
        Typed::Maturity { objective, .. } => Command::Maturity(objective),
        Typed::Selftest { .. } => Command::Selftest,
    })
}

/// -c and -f in the order of the line; without them the standard input, unless a person sits there.
fn sources(arguments: Arguments) -> Vec<Source> {
    let places = arguments.places;
    let commands = arguments.commands.into_iter().map(Source::Line);
    let files = arguments.files.into_iter().map(|path| {
        if path == Path::new("-") {
            Source::Input
        } else {
            Source::File(path)
        }
    });
    let commands = places.commands.into_iter().zip(commands);
    let mut placed: Vec<(usize, Source)> = commands
        .chain(places.files.into_iter().zip(files))
        .collect();
    placed.sort_by_key(|(place, _)| *place);
    if placed.is_empty() && !std::io::stdin().is_terminal() {
        return vec![Source::Input];
    }
    placed.into_iter().map(|(_, source)| source).collect()
}

/// `--role` waits for the project file; the other options are refused where they would do nothing.
fn refuse_without_effect(command: &Command, globals: &Globals) -> Result<()> {
    if globals.role.is_some() {
        return Err(Error::Usage(
            "--role: this version checks the roles of latido.yaml and does not enforce them yet"
                .into(),
        ));
    }
    if matches!(command, Command::Shell(_)) && globals.output.is_some() {
        return Err(Error::Usage(
            "--output needs a statement (-c, -f); in the shell write \\o FILE".into(),
        ));
    }
    let name = match command {
        Command::Demo => "demo",
        Command::Sample(_) => "sample",
        Command::Schema => "schema",
        Command::Init(_) => "init",
        Command::Export => "export",
        Command::Selftest => "selftest",
        _ => return Ok(()),
    };
    let asks = matches!(name, "demo" | "init" | "export" | "selftest");
    let is_table = name == "selftest";
    let given = [
        ("--format", globals.format.is_some() && !is_table),
        ("--output", globals.output.is_some() && !is_table),
        ("--table", !globals.tables.is_empty()),
        ("--project", globals.project.is_some() && name != "export"),
        ("--memory", globals.memory.is_some() && !asks),
        ("--timeout", globals.timeout.is_some() && !asks),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Error::Usage(format!(
            "{option} has no effect on `latido {name}`; leave it out"
        ))),
        None => Ok(()),
    }
}

fn limits(globals: &Globals) -> Result<engine::Limits> {
    let memory = match globals.memory.as_deref().map(memory).transpose()? {
        None => None,
        Some(Memory::Bytes(bytes)) => Some(bytes),
        Some(Memory::Percent(percent)) => {
            let machine = engine::Limits::machine_memory().ok_or_else(|| {
                Error::Usage(
                    "--memory: this machine does not tell how much it has; write bytes, as 2GiB"
                        .into(),
                )
            })?;
            Some((machine as f64 * percent / 100.0) as u64)
        }
    };
    Ok(engine::Limits {
        memory,
        threads: globals.threads.map(std::num::NonZeroUsize::get),
        timeout: globals.timeout.as_deref().map(duration).transpose()?,
    })
}

/// What a project directory holds.
#[derive(Debug, Default)]
struct Directory {
    project: Option<Project>,
    queries: Option<PathBuf>,
}

/// The project that was named, or the one of the current directory, if it is one.
fn project(given: Option<&Path>) -> Result<Directory> {
    let directory = given.unwrap_or(Path::new(""));
    let place = || format!("--project {}", directory.display());
    if given.is_some() && !directory.is_dir() {
        return Err(Error::place(place(), "there is no such directory"));
    }
    let project = Project::open(directory)?;
    let queries = directory.join("queries");
    // Without a project file a folder of that name is a project only when one says so.
    let has_queries = (project.is_some() || given.is_some()) && queries.is_dir();
    if given.is_some() && project.is_none() && !has_queries {
        return Err(Error::place(
            place(),
            "has neither latido.yaml nor queries/; `latido init` writes a first latido.yaml",
        ));
    }
    Ok(Directory {
        project,
        queries: has_queries.then_some(queries),
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::interfaces::output::Format;

    fn options(line: &[&str]) -> Result<Options> {
        let line = std::iter::once("latido")
            .chain(line.iter().copied())
            .map(OsString::from);
        Options::of(Arguments::read(line).unwrap())
    }

    fn refusal(line: &[&str]) -> String {
        options(line).unwrap_err().to_string()
    }

    #[test]
    fn commands_and_files_keep_the_order_of_the_line() {
        let options = options(&["-c", "a", "-f", "b.sql", "-c", "c", "-f", "-"]).unwrap();
        let Command::Script(sources, _) = options.command else {
            panic!("a script")
        };
        let expected = [
            Source::Line("a".into()),
            Source::File("b.sql".into()),
            Source::Line("c".into()),
            Source::Input,
        ];
        assert_eq!(sources, expected);
    }

    #[test]
    fn what_would_have_no_effect_is_refused() {
        assert!(refusal(&["--role", "board", "-c", "select 1"]).contains("latido.yaml"));
        assert!(refusal(&["demo", "--format", "csv"]).contains("no effect on `latido demo`"));
        assert!(refusal(&["-c", "select 1", "tables"]).contains("subcommand"));
        assert!(refusal(&["-p", "a=1", "tables"]).contains("--param"));
        assert!(
            refusal(&["--project", "/nonexistent-latido", "tables"]).contains("no such directory")
        );
    }

    #[test]
    fn the_ending_of_the_output_names_the_format() {
        let options = options(&["-c", "x", "--output", "a.parquet"]).unwrap();
        assert_eq!(options.telling.format, Some(Format::Parquet));
        assert!(refusal(&["-c", "x", "--output", "a.csv.gz"]).contains("names no format"));
    }
}
