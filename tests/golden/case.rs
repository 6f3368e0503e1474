//! A golden case as it is written, and as the rows that it expects.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

/// Values by name: an input, or the columns of a row.
pub(super) type Values = BTreeMap<String, Value>;

/// The reference numbers, read once.
static ORACLES: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(shared().join("oracles/public.json")).unwrap();
    serde_json::from_str(&text).unwrap()
});

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for the reader of the file")]
    about: String,
    case: Vec<Case>,
}

/// A case; its parts are described in `golden.rs`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The file it stands in.
    #[serde(skip)]
    pub(super) file: String,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) sql: String,
    pub(super) function: Option<String>,
    pub(super) table: Option<String>,
    #[serde(default)]
    input: Values,
    expected: Option<Values>,
    rows: Option<Vec<Values>>,
    oracle: Option<String>,
    pub(super) key: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    tolerance: Option<f64>,
    relative: Option<f64>,
}

/// A row that the answer must have.
#[derive(Debug)]
pub(super) struct Row {
    /// The value of the key column, when rows are found by key.
    pub(super) key: Option<String>,
    /// What the pure function takes.
    pub(super) input: Values,
    /// What the columns must hold.
    pub(super) expected: Values,
}

/// All cases of `tests/golden`.
pub(super) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

/// Where the data sets and reference numbers made by others lie.
pub(super) fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}

fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    let file: File =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let named = |case| Case {
        file: name.clone(),
        ..case
    };
    file.case.into_iter().map(named).collect()
}

impl Case {
    /// How messages call it.
    pub(super) fn title(&self) -> String {
        format!("{}/{}", self.file, self.name)
    }

    /// Whether it reads `../shared`.
    pub(super) fn needs_shared(&self) -> bool {
        self.oracle.is_some() || self.sql.contains("../shared")
    }

    /// Panics unless it has exactly one kind of expectation and one of tolerance.
    pub(super) fn check_shape(&self) {
        let kinds = [
            self.expected.is_some(),
            self.rows.is_some(),
            self.oracle.is_some(),
        ];
        let kinds = kinds.into_iter().filter(|&is| is).count();
        assert_eq!(
            kinds,
            1,
            "{}: give one of expected, rows, oracle",
            self.title()
        );
        let one = self.tolerance.is_some() ^ self.relative.is_some();
        assert!(one, "{}: give tolerance or relative", self.title());
        let mapped = self.oracle.is_some() ^ self.columns.is_empty();
        assert!(mapped, "{}: columns belong to an oracle", self.title());
    }

    /// The rows it expects.
    pub(super) fn expected_rows(&self) -> Vec<Row> {
        if let Some(pointer) = &self.oracle {
            return self.oracle_rows(self.at(&ORACLES, pointer));
        }
        let one = self.expected.iter().cloned();
        let rows = one.chain(self.rows.iter().flatten().cloned());
        let row = |expected| Row {
            key: None,
            input: self.input.clone(),
            expected,
        };
        rows.map(row).collect()
    }

    fn oracle_rows(&self, oracle: &Value) -> Vec<Row> {
        match (&self.key, oracle) {
            (None, entry) => vec![self.oracle_row(None, entry)],
            (Some(_), Value::Object(entries)) => entries
                .iter()
                .map(|(key, entry)| self.oracle_row(Some(key.clone()), entry))
                .collect(),
            (Some(key), Value::Array(entries)) => entries
                .iter()
                .map(|entry| self.oracle_row(Some(text(&entry[key.as_str()])), entry))
                .collect(),
            _ => panic!("{}: the oracle has no entries", self.title()),
        }
    }

    fn oracle_row(&self, key: Option<String>, entry: &Value) -> Row {
        let input = self.input.iter().map(|(name, value)| {
            let value = match value {
                Value::String(pointer) if pointer.starts_with('/') => self.at(&ORACLES, pointer),
                Value::String(pointer) => self.at(entry, &format!("/{pointer}")),
                constant => constant,
            };
            (name.clone(), value.clone())
        });
        let expected = self.columns.iter().map(|(column, pointer)| {
            let below = if pointer.is_empty() {
                String::new()
            } else {
                format!("/{pointer}")
            };
            (column.clone(), self.at(entry, &below).clone())
        });
        Row {
            key,
            input: input.collect(),
            expected: expected.collect(),
        }
    }

    fn at<'a>(&self, value: &'a Value, pointer: &str) -> &'a Value {
        let found = value.pointer(pointer);
        found.unwrap_or_else(|| panic!("{}: the oracle has no {pointer}", self.title()))
    }

    /// What is wrong with `found` in a column, if anything.
    pub(super) fn mismatch(&self, row: &Row, column: &str, found: &Value) -> Option<String> {
        let expected = &row.expected[column];
        let same = match (expected.as_f64(), found.as_f64()) {
            (Some(expected), Some(found)) => (found - expected).abs() <= self.allowed(expected),
            (None, _) => text(expected) == text(found),
            (Some(_), None) => false,
        };
        let at = row
            .key
            .as_ref()
            .map_or(String::new(), |key| format!(" [{key}]"));
        let title = self.title();
        (!same).then(|| format!("{title}{at}: {column} is {found}, expected {expected}"))
    }

    /// A relative tolerance leaves room beside an exact 0 too, for an answer that is rounding.
    fn allowed(&self, expected: f64) -> f64 {
        match (self.tolerance, self.relative) {
            (Some(tolerance), _) => tolerance,
            (None, Some(relative)) if expected.abs() > 0.0 => relative * expected.abs(),
            (None, _) => 1e-12,
        }
    }
}

/// A value as a key or label is compared; NULL is `NULL`.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "NULL".into(),
        other => other.to_string(),
    }
}
