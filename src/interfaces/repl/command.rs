//! What a line that begins with `\` or a dot asks the shell to do.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::chart::Kind;
use super::spelling::{SPELLINGS, canonical};
use super::words::pieces;
use crate::error::{Error, Result, hint, nearest};
use crate::interfaces::output::Format;

/// Between two runs of `\watch`.
const WATCH: Duration = Duration::from_secs(2);

/// What commands begin with; the last is how the command line calls them.
pub(super) const SIGNS: [&str; 3] = ["\\", ".", "latido "];

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    Tables,
    Describe(String),
    Functions(Option<String>),
    Sources,
    Queries(Option<String>),
    Run(String, Vec<(String, String)>),
    Metrics,
    Include(PathBuf),
    Output(Option<PathBuf>),
    Edit,
    Again,
    AgainExpanded,
    Reset,
    Echo(String),
    System(String),
    Watch(Duration),
    Explain(String),
    Chart(Option<Kind>),
    Expanded(Option<Expanded>),
    Format(Option<Format>),
    Pager(Option<bool>),
    Timing(Option<bool>),
    Set(Option<(String, String)>),
    Unset(String),
    Help,
    Quit,
}

/// When rows are shown as records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Expanded {
    /// Always.
    On,
    /// Never.
    #[default]
    Off,
    /// When they are wider than the screen.
    Auto,
}

/// The text of a command without its `\` or dot, if a line is one. A number may begin with a dot,
/// but no statement does.
pub(super) fn of_line(line: &str) -> Option<&str> {
    let line = line.trim();
    match line.trim_end_matches(';').trim() {
        "exit" | "quit" | "help" => Some(line.trim_end_matches(';').trim()),
        _ => SIGNS.iter().find_map(|sign| line.strip_prefix(sign)),
    }
}

/// A command in the last line of a statement that has no end, and the statement.
pub(super) fn under(text: &str) -> Option<(&str, &str)> {
    let (before, line) = text.trim_end().rsplit_once('\n')?;
    let command = line.trim_start().strip_prefix('\\')?;
    // In quotes or a comment it is part of the statement.
    let with_break = text.get(..=before.len()).unwrap_or(before);
    let is_open = pieces(with_break).last().is_some_and(|piece| piece.is_open);
    (!is_open).then_some((before, command))
}

/// Gives a command its meaning.
///
/// # Errors
/// [`Error::Usage`] with what it takes, or with the command that was probably meant.
pub(super) fn parse(text: &str) -> Result<Command> {
    let (word, rest) = match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    };
    // `\d+`, `\dt+` as fingers know them; there is no more to tell.
    let bare = word.trim_end_matches('+');
    let name = canonical(bare).ok_or_else(|| unknown(word))?;
    let rest = if name == "explain" {
        rest
    } else {
        rest.trim_end_matches(';').trim_end()
    };
    let argument = (!rest.is_empty()).then(|| unquoted(rest));
    Ok(match name {
        "d" => argument.map_or(Command::Tables, Command::Describe),
        "df" => Command::Functions(argument),
        "l" => Command::Sources,
        "queries" => Command::Queries(argument),
        "run" => run(rest)?,
        "metrics" => Command::Metrics,
        "i" => Command::Include(needed(name, argument)?.into()),
        "o" => Command::Output(argument.map(PathBuf::from)),
        "e" => Command::Edit,
        "g" => Command::Again,
        "gx" => Command::AgainExpanded,
        "r" => Command::Reset,
        "echo" => Command::Echo(argument.unwrap_or_default()),
        "!" => Command::System(needed(name, argument.map(|_| rest.to_owned()))?),
        "watch" => Command::Watch(seconds(argument)?),
        "explain" => Command::Explain(needed(name, argument.map(|_| rest.to_owned()))?),
        "chart" => Command::Chart(argument.map(|text| choice("chart", &text)).transpose()?),
        "x" => Command::Expanded(argument.map(|text| expanded(&text)).transpose()?),
        "format" => Command::Format(argument.map(|text| format(&text)).transpose()?),
        "pager" => Command::Pager(switch(name, argument.as_deref())?),
        "timing" => Command::Timing(switch(name, argument.as_deref())?),
        "set" => set(rest)?,
        "unset" => Command::Unset(needed(name, argument)?.trim_start_matches('$').to_owned()),
        "?" => Command::Help,
        _ => Command::Quit,
    })
}

fn unknown(word: &str) -> Error {
    let names = SPELLINGS.iter().flat_map(|spelling| spelling.names);
    let long = names.copied().filter(|name| name.len() > 2);
    let hint = match nearest(word, long) {
        Some(meant) => format!("did you mean \\{meant}?"),
        None => "\\? lists the commands".to_owned(),
    };
    Error::Usage(format!("there is no command \\{word}; {hint}"))
}

fn needed(name: &str, argument: Option<String>) -> Result<String> {
    let takes = SPELLINGS.iter().find(|spelling| spelling.names[0] == name);
    let takes = takes.map_or("", |spelling| spelling.takes);
    argument.ok_or_else(|| Error::Usage(format!("\\{name} needs more: write \\{name} {takes}")))
}

/// `name k=v k='v w'`
fn run(rest: &str) -> Result<Command> {
    let is_option = |word: &String| word == "--param" || word == "-p";
    let mut words = split(rest).into_iter().filter(|word| !is_option(word));
    let name = needed("run", words.next())?;
    let pair = |word: String| match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => {
            Ok((key.trim_start_matches('$').to_owned(), unquoted(value)))
        }
        _ => Err(Error::Usage(format!(
            "\\run {name}: {word} is no parameter; write name=value"
        ))),
    };
    let pairs = words.map(pair).collect::<Result<_>>()?;
    Ok(Command::Run(name, pairs))
}

/// `name value`, or `name = value` as psql's fingers have it.
fn set(rest: &str) -> Result<Command> {
    if rest.is_empty() {
        return Ok(Command::Set(None));
    }
    let cut = rest.find(|c: char| c.is_whitespace() || c == '=');
    let (name, value) = rest.split_at(cut.unwrap_or(rest.len()));
    let value = value.trim_start();
    let value = value.strip_prefix('=').unwrap_or(value).trim();
    let name = name.trim_start_matches('$');
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    if name.is_empty() || value.is_empty() || !name.chars().all(is_name) {
        return Err(Error::Usage(
            "write \\set name value, and $name in a statement".into(),
        ));
    }
    Ok(Command::Set(Some((name.to_owned(), unquoted(value)))))
}

fn seconds(argument: Option<String>) -> Result<Duration> {
    let Some(text) = argument else {
        return Ok(WATCH);
    };
    let number = text.trim_end_matches('s').parse::<f64>().ok();
    number
        .filter(|seconds| (0.1..=86_400.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| {
            Error::Usage(format!(
                "\\watch {text}: write the seconds between two runs"
            ))
        })
}

fn switch(name: &str, argument: Option<&str>) -> Result<Option<bool>> {
    match argument {
        None => Ok(None),
        Some("on" | "true" | "1") => Ok(Some(true)),
        Some("off" | "false" | "0") => Ok(Some(false)),
        Some(other) => Err(Error::Usage(format!("\\{name} is on or off, not {other}"))),
    }
}

fn expanded(text: &str) -> Result<Expanded> {
    match text {
        "on" => Ok(Expanded::On),
        "off" => Ok(Expanded::Off),
        "auto" => Ok(Expanded::Auto),
        other => Err(Error::Usage(format!("\\x is on, off or auto, not {other}"))),
    }
}

/// A format, also by the names that the DuckDB shell has for it.
fn format(text: &str) -> Result<Format> {
    match text {
        "line" => Ok(Format::Expanded),
        "duckbox" => Ok(Format::Box),
        "column" | "ascii" => Ok(Format::Table),
        "jsonlines" => Ok(Format::Ndjson),
        "tabs" => Ok(Format::Tsv),
        other => choice("format", other),
    }
}

fn choice<T: ValueEnum>(name: &str, text: &str) -> Result<T> {
    T::from_str(text, true).map_err(|_| {
        let values = T::value_variants().iter();
        let names = values.filter_map(|value| Some(value.to_possible_value()?.get_name().into()));
        let names: Vec<String> = names.collect();
        let names = names.iter().map(String::as_str);
        Error::Usage(format!("no {name} {text}; {}", hint(text, names, "")))
    })
}

/// Words between blanks; what stands in quotes stays together.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in text.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if character.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Without quotes around it.
fn unquoted(text: &str) -> String {
    for quote in ['\'', '"'] {
        let inner = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner.to_owned();
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Command {
        parse(of_line(line).unwrap()).unwrap()
    }

    fn refusal(line: &str) -> String {
        parse(of_line(line).unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn a_command_and_its_twin_mean_the_same() {
        for (one, other) in [
            ("\\d", ".tables"),
            ("\\d answers", ".schema answers"),
            ("\\d+ answers;", ".d answers"),
            ("\\df nps", ".functions nps"),
            ("\\i a.sql", ".read 'a.sql'"),
            ("\\o a.csv", ".output a.csv"),
            ("\\timing on", ".timer on"),
            ("\\format csv", ".mode csv"),
            ("\\format expanded", ".mode line"),
            ("\\q", ".exit"),
            ("quit;", ".quit"),
            ("\\?", ".help"),
            ("\\chart bar", ".chart bar"),
            ("\\x auto", ".expanded auto"),
            ("\\run q a=1", "latido run q --param a=1"),
        ] {
            assert_eq!(of(one), of(other), "{one}");
        }
    }

    #[test]
    fn arguments_are_read() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            of("\\run nps/by_segment touchpoint='call centre' k=2"),
            Command::Run(
                "nps/by_segment".into(),
                vec![pair("touchpoint", "call centre"), pair("k", "2")]
            )
        );
        assert_eq!(of("\\set a 1"), Command::Set(Some(pair("a", "1"))));
        assert_eq!(of("\\set $a = 'b c'"), Command::Set(Some(pair("a", "b c"))));
        assert_eq!(
            of("\\watch 0.5"),
            Command::Watch(Duration::from_millis(500))
        );
        assert_eq!(
            of("\\explain SELECT ';'"),
            Command::Explain("SELECT ';'".into())
        );
        assert_eq!(of("\\o"), Command::Output(None));
    }

    #[test]
    fn a_slip_gets_its_remedy() {
        assert_eq!(
            refusal("\\querys"),
            "there is no command \\querys; did you mean \\queries?"
        );
        assert!(refusal("\\zzzzzz").ends_with("\\? lists the commands"));
        assert!(refusal("\\i").ends_with("write \\i file"));
        assert!(refusal("\\format xml").contains("there are table, box"));
        assert!(refusal("\\timing maybe").contains("on or off"));
        assert!(refusal("\\run q x").contains("name=value"));
    }

    #[test]
    fn a_statement_is_no_command() {
        assert_eq!(of_line("select 1;"), None);
        assert_eq!(of_line("  \\q "), Some("q"));
    }
}
