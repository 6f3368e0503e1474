//! The command line: `latido -c`, `-f`, `run`, `queries`, `demo`, `sample`, `functions`, `tables`,
//! `init`, `export`.
//!
//! A call without anything to do, at a terminal, opens the shell, which this window does not know.
//!
//! arguments (what was typed) → options (what it means) → a runtime → the engine → an outlet.
//! Results go to the standard output, all else to the standard error.

mod arguments;
mod demo;
mod export;
mod failure;
mod functions;
mod init;
mod interrupt;
mod listing;
mod maturity;
mod options;
mod outlet;
mod pairs;
mod quantities;
mod queries;
mod sample;
mod script;
mod selftest;
mod telling;
mod validate;

use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;

use self::arguments::Arguments;
use self::failure::Failure;
use self::options::{Command, Options};
use self::outlet::Outlet;
use self::pairs::Parameters;
use super::script::Script;
use crate::engine::{self, Engine};
use crate::error::{Error, Result};
use crate::interfaces::output::{Format, Style, nothing_for};
use crate::project::json_schema;

/// What a shell is opened with.
#[derive(Debug)]
pub(crate) struct Opening {
    /// Tables, queries and limits.
    pub(crate) engine: engine::Options,
    /// How results are written.
    pub(crate) format: Format,
    /// Colour on the terminal.
    pub(crate) style: Style,
    /// No remarks.
    pub(crate) is_quiet: bool,
    /// Variables of statements.
    pub(crate) variables: Parameters,
    /// What is run instead of a person's lines.
    pub(crate) scripts: Vec<Script>,
    /// Whether results go to a person's terminal.
    pub(crate) is_terminal: bool,
}

/// Parses the arguments, runs them and returns the exit code: 0 success, 1 the query or the data
/// failed, 2 wrong usage, 130 stopped by Ctrl-C.
pub(crate) fn main(shell: fn(Opening) -> ExitCode) -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    match run(arguments, shell) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn run(arguments: Arguments, shell: fn(Opening) -> ExitCode) -> Result<ExitCode, Failure> {
    let options = Options::of(arguments)?;
    if matches!(options.command, Command::Help) {
        return Ok(help());
    }
    let scripts = match &options.command {
        Command::Script(sources, _) => script::read(sources)?,
        _ => Vec::new(),
    };
    if matches!(options.command, Command::Shell(_)) || scripts.iter().any(Script::has_commands) {
        return Ok(shell(opening(options, scripts)?));
    }
    // The engine computes on threads of its own; here answers are only waited for and written.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(Error::Output)?;
    let interrupted = interrupt::watch().map_err(Error::Output)?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            biased;
            signal = interrupted => Err(Failure::stopped(signal)),
            outcome = execute(options, &scripts) => outcome,
        }
    });
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn execute(options: Options, scripts: &[Script]) -> Result<(), Failure> {
    let Options {
        command,
        engine,
        telling,
    } = options;
    match command {
        Command::Script(_, parameters) => {
            let script = script::statements(scripts);
            if script.is_empty() {
                telling.remark("nothing to run: there is no statement");
            }
            let engine = Engine::open(engine).await?;
            statements(&engine, &script, &parameters, Outlet::open(telling)?).await
        }
        Command::Run(name, parameters) => {
            let engine = Engine::open(engine).await?;
            let query = engine.query(&name)?;
            let mut outlet = Outlet::open(telling.clone())?;
            outlet.deliver(engine.named(&name, &parameters)).await?;
            if outlet.is_empty() && !parameters.is_empty() {
                telling.remark(&nothing_for(&parameters));
            }
            if telling.is_terminal {
                telling.remark(query.reading_in(engine.language()));
            }
            Ok(outlet.finish()?)
        }
        Command::Queries(name) => {
            Ok(queries::tell(&Engine::open(engine).await?, name, telling).await?)
        }
        Command::Functions(name) => {
            Ok(functions::tell(&Engine::open(engine).await?, name, telling).await?)
        }
        Command::Schema => Ok(schema()?),
        Command::Tables => Ok(listing::tables(&Engine::open(engine).await?, telling).await?),
        Command::Demo => Ok(demo::show(engine, &telling).await?),
        Command::Sample(plan) => Ok(sample::write(plan, telling).await?),
        Command::Init(request) => Ok(init::write(&request, engine, &telling).await?),
        Command::Export => Ok(export::write(&Engine::open(engine).await?, &telling).await?),
        Command::Validate(objective, alternatives) => {
            let engine = Engine::open(engine).await?;
            let wanted = validate::Wanted {
                objective: objective.as_deref(),
                alternatives,
            };
            Ok(validate::tell(&engine, &wanted, telling).await?)
        }
        Command::Maturity(objective) => {
            let engine = Engine::open(engine).await?;
            Ok(maturity::tell(&engine, objective.as_deref(), telling).await?)
        }
        Command::Selftest => Ok(selftest::tell(&Engine::open(engine).await?, telling).await?),
        Command::Shell(_) | Command::Help => Ok(()),
    }
}

/// What the shell begins with.
fn opening(options: Options, scripts: Vec<Script>) -> Result<Opening> {
    let telling = options.telling;
    let format = telling.format.unwrap_or(telling.format_for_people());
    if format.is_binary() {
        return Err(Error::Usage(format!(
            "{format:?} is not for a terminal; write \\o FILE in the shell"
        )));
    }
    if let Some(path) = &telling.output {
        return Err(Error::Usage(format!(
            "--output {}: the script has commands of the shell; write \\o FILE in it",
            path.display()
        )));
    }
    Ok(Opening {
        engine: options.engine,
        format,
        style: telling.style,
        is_quiet: telling.is_quiet,
        variables: match options.command {
            Command::Shell(variables) | Command::Script(_, variables) => variables,
            _ => Parameters::new(),
        },
        scripts,
        is_terminal: telling.is_terminal,
    })
}

/// Runs statement after statement and stops at the first error; earlier results remain.
async fn statements(
    engine: &Engine,
    script: &[script::Statement],
    parameters: &Parameters,
    mut outlet: Outlet,
) -> Result<(), Failure> {
    for statement in script {
        let asked = engine.run(&statement.sql, parameters);
        let outcome = outlet.deliver(asked).await;
        outcome.map_err(|error| Failure::in_statement(statement, error))?;
    }
    Ok(outlet.finish()?)
}

/// Writes the JSON Schema of latido.yaml.
fn schema() -> Result<()> {
    let text = format!("{:#}\n", json_schema());
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// Says what could have been asked for.
fn help() -> ExitCode {
    let help = Arguments::command().render_help();
    // Without a standard error there is nobody to read it.
    let _ = write!(std::io::stderr(), "{help}");
    ExitCode::from(2)
}

/// Tells what is wrong with the arguments; `--help` and `--version` come this way too.
fn refused(error: &clap::Error) -> ExitCode {
    // As above; for --help a closed pipe is silent.
    let _ = error.print();
    if let Some(remedy) = arguments::meant(error) {
        let _ = writeln!(std::io::stderr(), "\n{remedy}");
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
