//! Statements from the command line, files and the standard input.
//!
//! Everything is read before anything runs: a missing second file does not leave the first half done.

use super::options::Source;
use crate::engine::Engine;
use crate::error::Result;
use crate::interfaces::script::Script;

/// A statement of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// Where it stands, for errors; empty when it is the only one.
    pub(super) place: String,
    /// Its first line in its script, from 1.
    pub(super) line: usize,
    /// Its text.
    pub(super) sql: String,
}

/// The texts of all sources in order.
pub(super) fn read(sources: &[Source]) -> Result<Vec<Script>> {
    let read = |source: &Source| match source {
        Source::Line(text) => Ok(Script::typed(text)),
        Source::File(path) => Script::of_file(path),
        Source::Input => Script::of_input(),
    };
    sources.iter().map(read).collect()
}

/// The statements of scripts in order.
pub(super) fn statements(scripts: &[Script]) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for script in scripts {
        let mut from = 0;
        for (number, sql) in Engine::statements(&script.text).into_iter().enumerate() {
            let at = script.text[from..].find(&sql).map_or(from, |at| from + at);
            from = at + sql.len();
            let line = 1 + script.text[..at].matches('\n').count();
            let place = match script.place.as_str() {
                "" => format!("statement {}", number + 1),
                place => format!("{place}:{line}"),
            };
            statements.push(Statement { place, line, sql });
        }
    }
    if let [only] = statements.as_mut_slice() {
        only.place.clear();
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named_before_anything_runs() {
        let sources = [
            Source::Line("select 1".into()),
            Source::File("/no/such.sql".into()),
        ];
        let error = read(&sources).unwrap_err().to_string();
        assert!(error.starts_with("/no/such.sql: "), "{error}");
    }

    #[test]
    fn statements_know_where_they_stand() {
        let file = Script {
            place: "a.sql".into(),
            text: "select 1;\n\nselect\n1; select 1".into(),
        };
        let places = |scripts: &[Script]| -> Vec<(String, usize)> {
            let statements = statements(scripts).into_iter();
            statements.map(|s| (s.place, s.line)).collect()
        };
        let expected = [("a.sql:1", 1), ("a.sql:3", 3), ("a.sql:4", 4)];
        assert_eq!(places(&[file]), expected.map(|(p, l)| (p.to_owned(), l)));
        let typed = Script::typed("select 1; select 2");
        let expected = [("statement 1", 1), ("statement 2", 1)];
        assert_eq!(places(&[typed]), expected.map(|(p, l)| (p.to_owned(), l)));
        let only = Script::typed("\nselect 1;");
        assert_eq!(places(&[only]), [(String::new(), 2)]);
    }
}
