//! What was typed, exactly as it was typed; `options` gives it its meaning.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::interfaces::output::Format;

/// Three commands that work without any data of one's own.
pub(super) const EXAMPLES: &str = "\
Try:
  latido demo
  latido -c \"SELECT nps(score) FROM (VALUES (10), (9), (7), (3)) AS t(score)\"
  latido --table answers=survey.csv -c \"SELECT * FROM answers LIMIT 10\"";

/// SQL over customer feedback: NPS, CSAT, effort and churn from the files you have.
#[derive(Debug, Default, Parser)]
#[command(name = "latido", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// Run these statements; -c and -f may be repeated and run in the order given
    #[arg(
        short = 'c',
        long = "command",
        value_name = "SQL",
        allow_hyphen_values = true
    )]
    pub(super) commands: Vec<String>,
    /// Run the statements of this file (`-` is the standard input)
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Bind `$NAME` in the statements of -c, -f or of a query; may be repeated
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) subcommand: Option<Typed>,
    /// Where each -c and -f stood on the line.
    #[arg(skip)]
    pub(super) places: Places,
}

/// Positions on the line, in the order of the values they belong to.
#[derive(Debug, Default, Clone)]
pub(super) struct Places {
    /// Of each -c.
    pub(super) commands: Vec<usize>,
    /// Of each -f.
    pub(super) files: Vec<usize>,
}

/// The subcommands; each takes the global options after its name too.
#[derive(Debug, Subcommand)]
pub(super) enum Typed {
    /// Run a query of the library
    Run {
        /// Its name, as `latido queries` lists it
        name: String,
        /// Bind a parameter of the query; may be repeated
        #[arg(short = 'p', long = "param", value_name = "NAME=VALUE")]
        parameters: Vec<String>,
        #[command(flatten)]
        globals: Globals,
    },
    /// List the queries of the library, or show one
    Queries {
        /// The query to show
        name: Option<String>,
        #[command(flatten)]
        globals: Globals,
    },
    /// Show the executive overview of the sample data
    Demo {
        #[command(flatten)]
        globals: Globals,
    },
    /// Write sample tables of any size as Parquet
    Sample {
        /// Rows of the table of responses
        #[arg(long, value_name = "N", default_value_t = 10_000)]
        rows: u64,
        /// The same seed gives the same data
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
        /// The directory to write into
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// CSV with blanks, duplicates, out-of-range scores and mixed dates
        #[arg(long)]
        dirty: bool,
        #[command(flatten)]
        globals: Globals,
    },
    /// List the SQL functions, or document one
    Functions {
        /// The function to document
        name: Option<String>,
        #[command(flatten)]
        globals: Globals,
    },
    /// List the tables and views
    Tables {
        #[command(flatten)]
        globals: Globals,
    },
    /// Print the JSON Schema of latido.yaml, for editors
    Schema {
        #[command(flatten)]
        globals: Globals,
    },
    /// Write a first latido.yaml from the files that are there
    Init {
        /// A directory, or one file, glob or URL [default: this directory]
        #[arg(value_name = "DIR_OR_URL")]
        place: Option<String>,
        /// Take the metrics of a dbt project instead: its directory, or one of its YAML files
        #[arg(long, value_name = "DIR_OR_FILE")]
        dbt: Option<PathBuf>,
        #[command(flatten)]
        globals: Globals,
    },
    /// Test the KPIs of each objective: which one tells the outcome, which cannot be told apart
    Validate {
        /// The objective [default: all of latido.yaml]
        objective: Option<String>,
        /// Try other constructions of the same answers too: boxes, means, cut points, pairs
        #[arg(long)]
        alternatives: bool,
        #[command(flatten)]
        globals: Globals,
    },
    /// Show which rung of maturity each objective has reached, on what evidence
    Maturity {
        /// The objective [default: all of latido.yaml]
        objective: Option<String>,
        #[command(flatten)]
        globals: Globals,
    },
    /// Compute what others have published again, and show the digits agreed
    Selftest {
        #[command(flatten)]
        globals: Globals,
    },
    /// Print the project as a semantic model for other tools (Apache Ossie 0.2, YAML)
    Export {
        #[command(flatten)]
        globals: Globals,
    },
}

/// Options that may stand before and after a subcommand.
#[derive(Debug, Default, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Globals {
    /// The project: its latido.yaml and `queries/` [default: this directory, if it has a latido.yaml]
    #[arg(long, value_name = "DIR")]
    pub(super) project: Option<PathBuf>,
    /// Act in a role of the project (not enforced by this version)
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Name a file, directory, glob or URL as a table; may be repeated
    #[arg(long = "table", value_name = "NAME=PATH_OR_URL")]
    pub(super) tables: Vec<String>,
    /// How results are written [default: box on a terminal, otherwise table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// Write the result to this file, whole or not at all; its ending chooses the format
    #[arg(long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Threads to use [default: one per core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<std::num::NonZeroUsize>,
    /// Memory a statement may take: 512MB, 2GiB, 50% [default: 70%]
    #[arg(long, value_name = "SIZE")]
    pub(super) memory: Option<String>,
    /// Stop a statement after this time: 500ms, 30s, 2m
    #[arg(long, value_name = "DURATION")]
    pub(super) timeout: Option<String>,
    /// No remarks, only results and errors
    #[arg(long)]
    pub(super) quiet: bool,
    /// No colour (NO_COLOR does the same)
    #[arg(long)]
    pub(super) no_color: bool,
}

impl Arguments {
    /// Reads a command line, its first word being the program.
    pub(super) fn read(line: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = Self::command().try_get_matches_from(line)?;
        let mut arguments = Self::from_arg_matches(&matches)?;
        arguments.places = Places {
            commands: places(&matches, "commands"),
            files: places(&matches, "files"),
        };
        if let Some(after) = arguments.subcommand.as_ref().map(Typed::globals) {
            arguments.globals = arguments.globals.joined(after);
        }
        Ok(arguments)
    }
}

/// What was probably meant by a word that is no subcommand: a statement, or a file.
pub(super) fn meant(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    if word.contains(char::is_whitespace) {
        return Some(format!("a statement follows -c: latido -c \"{word}\""));
    }
    let is_place = word.contains(['/', '.', '*']);
    is_place.then(|| format!("a file stands in FROM: latido -c \"SELECT * FROM '{word}'\""))
}

impl Typed {
    fn globals(&self) -> &Globals {
        match self {
            Self::Run { globals, .. }
            | Self::Queries { globals, .. }
            | Self::Demo { globals }
            | Self::Sample { globals, .. }
            | Self::Functions { globals, .. }
            | Self::Tables { globals }
            | Self::Schema { globals }
            | Self::Init { globals, .. }
            | Self::Validate { globals, .. }
            | Self::Maturity { globals, .. }
            | Self::Selftest { globals }
            | Self::Export { globals } => globals,
        }
    }
}

impl Globals {
    /// These and those typed later, which win; tables add up.
    fn joined(&self, later: &Self) -> Self {
        Self {
            project: later.project.clone().or_else(|| self.project.clone()),
            role: later.role.clone().or_else(|| self.role.clone()),
            tables: [self.tables.as_slice(), &later.tables].concat(),
            format: later.format.or(self.format),
            output: later.output.clone().or_else(|| self.output.clone()),
            threads: later.threads.or(self.threads),
            memory: later.memory.clone().or_else(|| self.memory.clone()),
            timeout: later.timeout.clone().or_else(|| self.timeout.clone()),
            quiet: self.quiet || later.quiet,
            no_color: self.no_color || later.no_color,
        }
    }
}

fn places(matches: &ArgMatches, id: &str) -> Vec<usize> {
    matches
        .indices_of(id)
        .map(Iterator::collect)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::read(line.split(' ').map(OsString::from))
    }

    #[test]
    fn verify_arguments() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_and_after_the_subcommand() {
        let line = "latido --table a=1 --quiet --format csv tables --table b=2 --format json";
        let globals = read(line).unwrap().globals;
        assert_eq!(globals.tables, ["a=1", "b=2"]);
        assert_eq!(globals.format, Some(Format::Json));
        assert!(globals.quiet);
    }

    #[test]
    fn a_statement_may_begin_with_a_comment() {
        let line = ["latido", "-c", "-- why\nselect 1"].map(OsString::from);
        assert_eq!(
            Arguments::read(line).unwrap().commands,
            ["-- why\nselect 1"]
        );
    }

    #[test]
    fn no_threads_are_refused() {
        assert!(read("latido --threads 0 tables").is_err());
    }
}
