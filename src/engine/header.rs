//! The header of a query: `-- key: value` lines above its SQL.
//!
//! A value goes on in the next line when that begins with three spaces after the dashes. Errors
//! name file, line and key.

use super::concepts::Concepts;
use super::library::{Parameter, Query};
use super::text::{check_length, split, tokens};
use crate::error::{Error, Result, hint};
use datafusion::sql::sqlparser::tokenizer::Token;

/// The keys of a header; the first four are compulsory.
const KEYS: [&str; 10] = [
    "title",
    "question",
    "chart",
    "reading",
    "title_es",
    "question_es",
    "reading_es",
    "parameters",
    "concepts",
    "roles",
];
/// How many of [`KEYS`] each query must have.
const COMPULSORY: usize = 4;
/// The types of a parameter.
const KINDS: [&str; 6] = ["date", "timestamp", "text", "integer", "number", "boolean"];
/// What is shown as numbers in cells and draws nothing; everything else is a chart.
const NO_CHARTS: [&str; 3] = ["table", "big_number", "matrix"];

/// A key with its value and the line on which it stands.
struct Entry<'a> {
    line: usize,
    key: &'a str,
    value: String,
}

/// The query of a file: its name, the path that errors show, its text.
///
/// # Errors
/// [`Error::Usage`] naming file, line and key: an unknown, missing or double key; a chart without
/// concepts or with more than five; a parameter that is declared and not used, or the reverse;
/// not exactly one statement.
pub(super) fn read(name: &str, path: &str, text: &str) -> Result<Query> {
    read_text(name, text).map_err(|(line, reason)| Error::Usage(format!("{path}:{line}: {reason}")))
}

/// A line and what is wrong with it.
type Fault = (usize, String);

fn read_text(name: &str, text: &str) -> Result<Query, Fault> {
    let (entries, sql) = take_header(text)?;
    check_keys(&entries)?;
    let value = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == key);
        entry.map_or_else(String::new, |entry| entry.value.clone())
    };
    let chart = value("chart");
    let query = Query {
        name: name.to_owned(),
        title: value("title"),
        title_es: value("title_es"),
        question: value("question"),
        question_es: value("question_es"),
        concepts: concepts(&entries, &chart)?,
        chart,
        reading: value("reading"),
        reading_es: value("reading_es"),
        parameters: parameters(&entries)?,
        roles: value("roles")
            .split(',')
            .map(|role| role.trim().to_owned())
            .filter(|role| !role.is_empty())
            .collect(),
        sql: sql.to_owned(),
    };
    let first = text.lines().count() - sql.lines().count() + 1;
    check_sql(&query).map_err(|reason| (first, reason))?;
    Ok(query)
}

/// The entries above the SQL, and the SQL.
fn take_header(text: &str) -> Result<(Vec<Entry<'_>>, &str), Fault> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut rest = text;
    let mut number = 0;
    while let Some(comment) = rest.strip_prefix("--") {
        number += 1;
        let (line, after) = comment.split_once('\n').unwrap_or((comment, ""));
        rest = after;
        match (line.starts_with("   "), entries.last_mut()) {
            (true, Some(entry)) => {
                entry.value.push(' ');
                entry.value.push_str(line.trim());
            }
            _ => entries.push(entry(line, number)?),
        }
    }
    Ok((entries, rest.trim()))
}

fn entry(line: &str, number: usize) -> Result<Entry<'_>, Fault> {
    let (key, value) = line
        .split_once(':')
        .ok_or_else(|| (number, "a header line is `-- key: value`".to_owned()))?;
    Ok(Entry {
        line: number,
        key: key.trim(),
        value: value.trim().to_owned(),
    })
}

fn check_keys(entries: &[Entry<'_>]) -> Result<(), Fault> {
    for (place, entry) in entries.iter().enumerate() {
        let (line, key) = (entry.line, entry.key);
        if !KEYS.contains(&key) {
            return Err((line, format!("unknown key {key}; {}", hint(key, KEYS, ""))));
        }
        if entries[..place].iter().any(|before| before.key == key) {
            return Err((line, format!("{key} is given twice")));
        }
        if entry.value.is_empty() {
            return Err((line, format!("{key} is empty")));
        }
    }
    let missing = KEYS[..COMPULSORY]
        .iter()
        .find(|key| entries.iter().all(|entry| entry.key != **key));
    match missing {
        Some(key) => Err((
            1,
            format!(
                "the header needs {key}; write `-- {key}: …` above the SQL, as `latido queries \
                 nps/by_month` shows"
            ),
        )),
        None => Ok(()),
    }
}

fn concepts(entries: &[Entry<'_>], chart: &str) -> Result<Option<Concepts>, Fault> {
    match entries.iter().find(|entry| entry.key == "concepts") {
        Some(entry) => Concepts::parse(&entry.value)
            .map(Some)
            .map_err(|reason| (entry.line, format!("concepts: {reason}"))),
        None if NO_CHARTS.contains(&chart) => Ok(None),
        None => Err((
            1,
            format!(
                "a {chart} needs concepts: what it shows, at most five, such as `concepts: \
                 promoters, passives, detractors` or `concepts: top 5 of reason`"
            ),
        )),
    }
}

fn parameters(entries: &[Entry<'_>]) -> Result<Vec<Parameter>, Fault> {
    let Some(entry) = entries.iter().find(|entry| entry.key == "parameters") else {
        return Ok(Vec::new());
    };
    entry
        .value
        .split(',')
        .map(|text| parameter(text).map_err(|reason| (entry.line, format!("parameters: {reason}"))))
        .collect()
}

/// `name kind` or `name kind = default`.
fn parameter(text: &str) -> Result<Parameter, String> {
    let (left, default) = match text.split_once('=') {
        Some((left, default)) => (left, Some(default.trim().trim_matches('\''))),
        None => (text, None),
    };
    let words: Vec<&str> = left.split_whitespace().collect();
    let [name, kind] = words.as_slice() else {
        return Err(format!(
            "`{}` is not `name type` or `name type = default`",
            text.trim()
        ));
    };
    let choices = choices(kind);
    if !choices.is_empty() {
        return choice(name, choices, default);
    }
    if !KINDS.contains(kind) {
        return Err(format!(
            "{name}: unknown type {kind}; known are {}",
            KINDS.join(", ")
        ));
    }
    Ok(Parameter {
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
        choices: Vec::new(),
        default: default
            .filter(|value| !value.eq_ignore_ascii_case("null"))
            .map(str::to_owned),
    })
}

/// The words of `web|store|app`.
fn choices(kind: &str) -> Vec<String> {
    match kind.contains('|') {
        true => kind.split('|').map(str::to_owned).collect(),
        false => Vec::new(),
    }
}

/// A text that is one of some words.
fn choice(name: &str, choices: Vec<String>, default: Option<&str>) -> Result<Parameter, String> {
    let default = default.filter(|value| !value.eq_ignore_ascii_case("null"));
    if let Some(default) = default
        && !choices.iter().any(|choice| choice == default)
    {
        return Err(format!(
            "{name}: its default {default} is none of its words"
        ));
    }
    Ok(Parameter {
        name: name.to_owned(),
        kind: "text".to_owned(),
        choices,
        default: default.map(str::to_owned),
    })
}

/// One statement, which asks for all of its parameters and for no others.
fn check_sql(query: &Query) -> Result<(), String> {
    check_length(&query.sql).map_err(|error| error.to_string())?;
    let tokens = tokens(&query.sql).map_err(|error| error.to_string())?;
    match split(&query.sql).len() {
        1 => {}
        0 => return Err("there is no SQL under the header".into()),
        more => return Err(format!("{more} statements; a query is one")),
    }
    let asked: Vec<&str> = tokens
        .iter()
        .filter_map(|token| match &token.token {
            Token::Placeholder(name) => name.strip_prefix('$'),
            _ => None,
        })
        .collect();
    let is_declared = |name: &str| query.parameters.iter().any(|known| known.name == name);
    if let Some(name) = asked.iter().find(|name| !is_declared(name)) {
        return Err(format!("${name} is not among the parameters of the header"));
    }
    let is_asked = |known: &&Parameter| asked.contains(&known.name.as_str());
    match query.parameters.iter().find(|known| !is_asked(known)) {
        Some(known) => Err(format!("parameter {} is declared and not used", known.name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "-- title: By month\n-- title_es: Por mes\n-- question: How does it\n\
                          --   move?\n-- reading: Up is good\n";

    fn load(more: &str) -> Result<Query> {
        read(
            "nps/by_month",
            "queries/nps/by_month.sql",
            &format!("{HEADER}{more}"),
        )
    }

    #[test]
    fn a_header_gives_types_and_defaults() {
        let query = load(
            "-- chart: line\n-- concepts: nps\n-- roles: executive, analyst\n\
             -- parameters: from date = NULL, touchpoint text = 'web', k integer\n\
             \nselect $from, $touchpoint, $k;\n",
        )
        .unwrap();
        assert_eq!(query.question, "How does it move?");
        assert_eq!(query.roles, ["executive", "analyst"]);
        let shown: Vec<_> = query
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.kind.as_str(), p.default.as_deref()))
            .collect();
        assert_eq!(
            shown,
            [
                ("from", "date", None),
                ("touchpoint", "text", Some("web")),
                ("k", "integer", None)
            ]
        );
    }

    #[test]
    fn spanish_beyond_the_title_may_be_absent() {
        let query = load("-- chart: table\nselect 1").unwrap();
        assert_eq!(
            (query.question_es.as_str(), query.reading_es.as_str()),
            ("", "")
        );
        let query = load(
            "-- chart: table\n-- question_es: ¿Cómo\n--   va?\n-- reading_es: Más es mejor\n\
             select 1",
        )
        .unwrap();
        assert_eq!(query.question_es, "¿Cómo va?");
        assert_eq!(query.reading_es, "Más es mejor");
    }

    #[test]
    fn a_chart_shows_one_to_five_concepts() {
        for (more, wanted) in [
            ("-- chart: line\nselect 1", ":1: a line needs concepts"),
            (
                "-- chart: bar\n-- concepts: a, b, c, d, e, f\nselect 1",
                ":7: concepts: 6 concepts",
            ),
            (
                "-- chart: bar\n-- concepts: top 6 of reason\nselect 1",
                ":7: concepts: 6 concepts",
            ),
            (
                "-- chart: bar\n-- concepts: top x of reason\nselect 1",
                ":7: concepts: ",
            ),
        ] {
            let error = load(more).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("queries/nps/by_month.sql{wanted}")),
                "{error}"
            );
        }
        load("-- chart: bar\n-- concepts: top 5 of reason\nselect 1").unwrap();
        load("-- chart: big_number\nselect 1").unwrap();
    }

    #[test]
    fn faults_name_the_line_and_the_key() {
        for (more, wanted) in [
            (
                "-- chart: table\n-- titel: x\nselect 1",
                ":7: unknown key titel; did you mean title?",
            ),
            (
                "-- chart: table\n-- title: x\nselect 1",
                ":7: title is given twice",
            ),
            ("-- chart:\nselect 1", ":6: chart is empty"),
            (
                "select 1",
                ":1: the header needs chart; write `-- chart: …` above",
            ),
            (
                "-- chart table\nselect 1",
                ":6: a header line is `-- key: value`",
            ),
            (
                "-- chart: table\n-- parameters: a day\nselect $a",
                ":7: parameters: a: unknown type day",
            ),
            (
                "-- chart: table\nselect $a",
                ":7: $a is not among the parameters",
            ),
            (
                "-- chart: table\n-- parameters: a text\nselect 1",
                ":8: parameter a is declared and not used",
            ),
            (
                "-- chart: table\nselect 1; select 2",
                ":7: 2 statements; a query is one",
            ),
            ("-- chart: table\n", ":7: there is no SQL"),
        ] {
            let error = load(more).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error} / {wanted}");
        }
    }
}
