//! When Enter runs what was typed: at a `;` outside quotes and comments, or after a command.

use reedline::{ValidationResult, Validator};

use super::command;
use crate::engine::Engine;

/// Asks the engine where statements end.
pub(super) struct Ends;

impl Validator for Ends {
    fn validate(&self, line: &str) -> ValidationResult {
        if is_complete(line) {
            ValidationResult::Complete
        } else {
            ValidationResult::Incomplete
        }
    }
}

/// Whether a text is a command, nothing, or statements of which the last one has its `;`.
pub(super) fn is_complete(text: &str) -> bool {
    let is_command = command::of_line(text).is_some() || command::under(text).is_some();
    if text.trim().is_empty() || is_command {
        return true;
    }
    // A word after the last `;` is a statement of its own; after anything else it is part of one.
    let with_word = Engine::statements(&format!("{text}\nx"));
    with_word.len() > Engine::statements(text).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_ends_at_its_semicolon() {
        for complete in [
            "select 1;",
            "select 1; ",
            "select ';' ; -- done",
            "select 1; select 2;",
            "-- nothing",
            "",
            "\\d",
            ".tables",
            "quit",
            "select $$;$$;",
            "select 1\n\\g",
            "select 1\nfrom\n  \\q",
        ] {
            assert!(is_complete(complete), "{complete}");
        }
        for open in [
            "select 1",
            "select 'a;",
            "select \"a;",
            "select 1 -- ;",
            "select 1 /* ; ",
            "select 1; select",
            "select $$;",
            "select 'a\n\\g",
            "select 1 /*\n\\g",
            "select 1\n.5",
        ] {
            assert!(!is_complete(open), "{open}");
        }
    }
}
