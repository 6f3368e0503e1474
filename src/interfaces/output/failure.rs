//! An error as every window tells it: one line, and one more for each cause that adds something.

use std::error::Error as _;

use super::escape;
use crate::engine::Spot;
use crate::error::Error;

/// `error: place: what went wrong`, with its causes; `place` may be empty.
pub(crate) fn told(place: &str, error: &Error) -> String {
    let message = error.to_string();
    let place = match place {
        "" => String::new(),
        place => format!("{}: ", escape(place)),
    };
    let mut text = format!("error: {place}{}\n", line(&message));
    let mut told = message;
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !told.contains(&message) {
            text.push_str(&format!("  because: {}\n", line(&message)));
            told.push_str(&message);
        }
        cause = error.source();
    }
    text
}

/// Where in its statement an error arose, with a caret, and what may help there; nothing where that
/// is not known. The statement begins at line `first` of its file, from 1.
pub(crate) fn pointed(sql: &str, first: usize, error: &Error) -> String {
    const WIDTH: usize = 100;
    let Some(spot) = Spot::of(sql, error) else {
        return String::new();
    };
    let mut text = spot.shown(sql, first, WIDTH);
    text.push('\n');
    if let Some(hint) = &spot.hint {
        text.push_str(&format!("  hint: {}\n", line(hint)));
    }
    text
}

/// The line of its file in which an error of a statement arose that begins at line `first`; that line
/// where it is not known.
pub(crate) fn line_of(sql: &str, first: usize, error: &Error) -> usize {
    Spot::of(sql, error).map_or(first, |spot| first + spot.line - 1)
}

/// What is said of a query of the library without rows: perhaps nothing is called so.
pub(crate) fn nothing_for(parameters: &[(String, String)]) -> String {
    let given = parameters.iter();
    let given: Vec<String> = given
        .map(|(name, value)| format!("{} = {}", name.trim_start_matches('$'), line(value)))
        .collect();
    format!("no rows for {}", given.join(", "))
}

/// A message without line breaks and control characters.
fn line(message: &str) -> String {
    let parts: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    escape(&parts.join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_and_cannot_drive_the_terminal() {
        let error = Error::Data("text \u{1b}[2J\n  and more".into());
        assert_eq!(
            told("statement 2", &error),
            "error: statement 2: text \\x1b[2J and more\n"
        );
    }

    #[test]
    fn a_cause_that_says_the_same_is_left_out() {
        let error = Error::Output(std::io::Error::other("disk full"));
        assert_eq!(told("", &error), "error: disk full\n");
    }
}
