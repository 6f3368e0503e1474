//! The shell: statements and commands of a person at a terminal.
//!
//! A line comes from the editor, is complete when the engine says that its statement ends
//! (`validator`), and is a command (`command`, `spelling`) or statements (`shell`). Results go
//! through `show` to the screen or the pager. Ctrl-C stops what runs, never the shell.

mod chart;
mod command;
mod completion;
mod delivery;
mod drawing;
mod editing;
mod editor;
mod highlighter;
mod history;
mod lists;
mod pager;
mod plot;
mod settings;
mod shell;
mod show;
mod signals;
mod spelling;
mod target;
mod validator;
mod words;

use std::process::ExitCode;
use std::sync::Arc;

use reedline::{EditCommand, Reedline, Signal};

use self::command::Expanded;
use self::completion::Catalog;
use self::editor::Latido;
use self::shell::{Culprit, Flow, Shell};
use self::show::{View, print};
use self::signals::Interrupts;
use crate::engine::{Engine, Options};
use crate::error::{Error, Result};
use crate::interfaces::output::{Format, Side, Style, pad, told};
use crate::interfaces::script::Script;

/// 128 and the number of SIGTERM.
const TERMINATED: u8 = 143;

/// What a shell is opened with.
#[derive(Debug)]
pub(crate) struct Setup {
    /// Tables, queries and limits.
    pub(crate) engine: Options,
    /// How results are written.
    pub(crate) format: Format,
    /// Colour on the terminal.
    pub(crate) style: Style,
    /// No remarks.
    pub(crate) is_quiet: bool,
    /// Variables from the beginning.
    pub(crate) variables: Vec<(String, String)>,
    /// What is run instead of a person's lines.
    pub(crate) scripts: Vec<Script>,
    /// Whether results go to a person's terminal.
    pub(crate) is_terminal: bool,
}

/// Runs a shell until the person leaves it, or until its scripts end.
pub(crate) fn run(setup: Setup) -> ExitCode {
    let outcome = match setup.scripts.is_empty() {
        true => talk(setup),
        false => recite(setup),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            tell_error("", &error, "");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Runs scripts up to the first error; a reader that has gone (`| head`) is none.
fn recite(mut setup: Setup) -> Result<ExitCode> {
    let (interrupts, _) = signals::listen()?;
    let scripts = std::mem::take(&mut setup.scripts);
    let mut shell = open(setup, interrupts)?;
    for script in scripts {
        match shell.recite(&script) {
            Ok(Flow::On) => {}
            Ok(Flow::Quit) => break,
            Err(Error::Output(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => break,
            Err(error) => {
                shell.tell(&error);
                return Ok(ExitCode::from(error.kind().exit_code()));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A shell whose project is read.
fn open(setup: Setup, interrupts: Interrupts) -> Result<Shell> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let engine = Arc::new(runtime.block_on(Engine::open(setup.engine))?);
    Ok(Shell {
        engine,
        runtime,
        interrupts,
        view: View {
            format: setup.format,
            expanded: Expanded::Off,
            pager: true,
            timing: true,
            style: setup.style,
            is_terminal: setup.is_terminal,
            is_quiet: setup.is_quiet,
        },
        variables: setup.variables.into_iter().collect(),
        target: None,
        last: None,
        culprit: Culprit::default(),
        has_result: false,
        unfinished: String::new(),
        reciting: Vec::new(),
    })
}

fn talk(setup: Setup) -> Result<ExitCode> {
    let (interrupts, stop) = signals::listen()?;
    let (style, is_quiet) = (setup.style, setup.is_quiet);
    let mut shell = open(setup, interrupts)?;
    let (history, remark) = history::open();
    let completer = Box::new(Catalog::of(&shell.engine)?);
    let mut editor = editor::editor(history, completer, style.color, stop);
    if !is_quiet {
        greet(style, remark.as_deref())?;
    }
    converse(&mut editor, &mut shell)
}

fn greet(style: Style, remark: Option<&str>) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let hint = "\\? lists the commands, Tab completes, Ctrl-D leaves";
    print(&format!("latido {version}  {}\n", style.dim(hint)))?;
    match remark {
        Some(remark) => print(&format!("{}\n", style.dim(&format!("note: {remark}")))),
        None => Ok(()),
    }
}

/// Line after line; an error is told and forgotten.
fn converse(editor: &mut Reedline, shell: &mut Shell) -> Result<ExitCode> {
    loop {
        let line = match editor.read_line(&Latido) {
            Ok(Signal::Success(line)) => line,
            Ok(Signal::CtrlD) => return Ok(ExitCode::SUCCESS),
            Ok(Signal::ExternalBreak(_)) => {
                print("\n")?;
                return Ok(ExitCode::from(TERMINATED));
            }
            Ok(_) => continue,
            Err(error) => return Err(Error::Output(std::io::Error::other(error.to_string()))),
        };
        // A history that cannot be written is a loss, but no reason to stop.
        let _ = editor.sync_history();
        shell.interrupts.forget();
        shell.reciting.clear();
        match shell.act(&line) {
            Ok(Flow::On) => {}
            Ok(Flow::Quit) => return Ok(ExitCode::SUCCESS),
            Err(error) => shell.tell(&error),
        }
        let unfinished = std::mem::take(&mut shell.unfinished);
        if !unfinished.is_empty() {
            editor.run_edit_commands(&[EditCommand::InsertString(unfinished)]);
        }
    }
}

fn tell_error(place: &str, error: &Error, pointer: &str) {
    let text = told(place, error) + pointer;
    // Without a standard error there is nobody to tell.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

/// What `\?` says.
fn help(style: Style) -> String {
    let mut text = String::from("A statement ends with ; and a command with the line.\n\n");
    for spelling in spelling::SPELLINGS {
        let name = format!("\\{} {}", spelling.names[0], spelling.takes);
        let twin = spelling.names.iter().find(|name| name.len() > 2);
        let twin = twin.map_or(String::new(), |twin| format!(".{twin}"));
        text.push_str(&format!(
            "  {} {} {}\n",
            style.bold(&pad(&name, 19, Side::Left)),
            style.dim(&pad(&twin, 11, Side::Left)),
            spelling.about
        ));
    }
    text.push_str(
        "\n  _ is the last result: SELECT * FROM _    Ctrl-R searches the history\n  \
         Ctrl-C stops a statement                 Alt-Enter begins a new line\n",
    );
    text
}
