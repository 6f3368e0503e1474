//! Labels of arguments: the text that stood in the call, for what is said of it later.
//!
//! Here because the planner shows a function only the types of its arguments, and
//! common-subexpression elimination renames computed ones: a remedy with the parameter's name in it
//! (`cast(score as int)`) would not run as it stands.

use std::collections::HashMap;

use datafusion::sql::sqlparser::ast::Expr;

use crate::error::Error;
use crate::functions::{LABEL, Parameter, argument_name, parameter_at};

/// The texts of the arguments of one statement's calls, by function and parameter.
#[derive(Debug, Default)]
pub(in crate::engine) struct Labels(HashMap<(String, String), Vec<String>>);

impl Labels {
    /// Notes the arguments of one call; skipped ones are `None`.
    pub(super) fn note(
        &mut self,
        function: &str,
        parameters: &'static [Parameter],
        arguments: &[Option<Expr>],
    ) {
        for (place, argument) in arguments.iter().enumerate() {
            let (Some(parameter), Some(argument)) = (parameter_at(parameters, place), argument)
            else {
                continue;
            };
            if parameter.kind.is_constant() {
                continue; // an option is known by its name
            }
            let key = (function.to_owned(), argument_name(parameters, place));
            let texts = self.0.entry(key).or_default();
            let text = argument.to_string();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }

    /// An error with the arguments as they were written in the place of their parameters' names,
    /// where the statement leaves no doubt which call is meant.
    pub(in crate::engine) fn explain(&self, error: Error) -> Error {
        match error {
            Error::Statement(text) => {
                let text = self.refused(&text).unwrap_or(text);
                Error::Statement(without_texts(&text))
            }
            Error::Data(text) => {
                let labelled = self.refused(&text).or_else(|| self.computed(&text));
                Error::Data(labelled.unwrap_or(text))
            }
            other => other,
        }
    }

    /// `nps: score is text …; write cast(score as int)`, said of all of the argument.
    fn refused(&self, text: &str) -> Option<String> {
        let (function, said) = text.split_once(": ")?;
        let (name, _) = said.split_once(" is ")?;
        let (_, label) = self
            .of(function)
            .find(|(parameter, _)| *parameter == name)?;
        Some(format!("{function}: {}", with_word(said, "", name, label)))
    }

    /// `nps: score 11 is outside 0–10; … write nullif(score, 11)`, said of one value: a column is
    /// named there already, a computed argument by its parameter.
    fn computed(&self, text: &str) -> Option<String> {
        let (function, said) = text.split_once(": ")?;
        // A column that is called as a parameter is named already.
        let is_column = |name: &str| self.of(function).any(|(_, label)| label == name);
        let labelled = self.of(function).filter(|(name, _)| !is_column(name)).fold(
            said.to_owned(),
            |said, (name, label)| {
                let said = with_word(&said, "(", name, label);
                with_word(&said, "like ", name, label)
            },
        );
        Some(format!("{function}: {labelled}"))
    }

    /// Parameters of a function with their arguments, where all its calls agree on them.
    fn of(&self, function: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(move |((called, parameter), texts)| match texts.as_slice() {
                [label] if called == function => Some((parameter.as_str(), label.as_str())),
                _ => None,
            })
    }
}

/// A text without the literals that hand the texts of arguments on, as SQL or as the planner writes
/// them.
pub(in crate::engine) fn without_texts(text: &str) -> String {
    let mut left = text;
    let mut kept = String::new();
    while let Some(at) = left.find(LABEL) {
        let (before, literal) = left.split_at(at);
        let closing = if before.ends_with("Utf8(\"") {
            "\")"
        } else {
            "'"
        };
        kept.push_str(&before[..before.rfind(',').unwrap_or(at)]);
        // The literal is the last argument, so the parenthesis of the call follows.
        let end = literal.find(&format!("{closing})"));
        left = end.map_or("", |end| &literal[end + closing.len()..]);
    }
    kept + left
}

/// A text with another word in the place of each whole word like this that stands behind `before`.
fn with_word(text: &str, before: &str, word: &str, other: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut replaced = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(word) {
        let end = at + word.len();
        let whole = !text[..at].ends_with(part) && !text[end..].starts_with(part);
        if whole && text[..at].ends_with(before) {
            replaced.push_str(&text[done..at]);
            replaced.push_str(other);
            done = end;
        }
    }
    replaced + &text[done..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::faces;

    fn noted(calls: &[(&str, &str)]) -> Labels {
        let mut labels = Labels::default();
        let faces = faces();
        for (function, argument) in calls {
            let face = faces.iter().find(|face| face.name == *function).unwrap();
            let ident = datafusion::sql::sqlparser::ast::Ident::new(*argument); // printed as it is
            labels.note(function, face.parameters, &[Some(Expr::Identifier(ident))]);
        }
        labels
    }

    fn explained(labels: &Labels, text: &str) -> String {
        labels.explain(Error::Statement(text.into())).to_string()
    }

    #[test]
    fn a_remedy_names_the_argument_as_it_was_written() {
        let labels = noted(&[("nps", "netpro"), ("csat", "sat"), ("csat", "sat")]);
        let text = "nps: score is text (Utf8) and scores are numbers; write cast(score as int)";
        assert_eq!(
            explained(&labels, text),
            "nps: netpro is text (Utf8) and scores are numbers; write cast(netpro as int)"
        );
        assert_eq!(
            explained(&labels, "csat: score is Date32"),
            "csat: sat is Date32"
        );
    }

    #[test]
    fn a_computed_argument_is_named_where_the_data_break_a_rule() {
        let labels = noted(&[("nps", "a + b")]);
        let text = "nps: score 12 is outside 0–10; if 12 marks a blank, write nullif(score, 12)";
        let labelled = labels.explain(Error::Data(text.into())).to_string();
        let expected =
            "nps: score 12 is outside 0–10; if 12 marks a blank, write nullif(a + b, 12)";
        assert_eq!(labelled, expected);
    }

    #[test]
    fn where_two_calls_could_be_meant_the_parameter_is_named() {
        let labels = noted(&[("nps", "a"), ("nps", "b")]);
        for text in [
            "nps: score is text",
            "rate: flag is text",
            "no column is",
            "a: b",
        ] {
            assert_eq!(explained(&labels, text), text);
        }
    }
}
