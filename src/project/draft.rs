//! A first latido.yaml as text: pleasant to read, every guess marked, and read again by
//! [`Project::read`](super::Project::read) as it was meant.

use std::fmt::Write as _;

use super::metric::{Direction, MetricKind};
use super::yaml;

/// A latido.yaml that is to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// What the project is called.
    pub name: String,
    /// Where it comes from, in a sentence or two: the first lines of the file.
    pub origin: Vec<String>,
    /// The tables.
    pub tables: Vec<DraftTable>,
    /// The metrics; one without a time is written as a comment.
    pub metrics: Vec<DraftMetric>,
    /// The columns by which metrics are taken apart.
    pub dimensions: Vec<String>,
    /// What the metrics are for.
    pub objectives: Vec<DraftObjective>,
}

/// A table of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftTable {
    /// Its name in SQL.
    pub name: String,
    /// The file, directory, glob or URL of its rows.
    pub from: String,
    /// Columns under other names.
    pub columns: Vec<DraftColumn>,
    /// What is to be said of it.
    pub note: Option<String>,
}

/// A column under another name.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftColumn {
    /// Its name in the table.
    pub name: String,
    /// What it is made of.
    pub source: DraftSource,
    /// Values that mean that there is no answer.
    pub null_when: Vec<String>,
    /// What the values become, where that must be said.
    pub kind: Option<&'static str>,
    /// What is to be said of it.
    pub note: Option<String>,
}

/// What a column of a draft is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftSource {
    /// A column of the file.
    Column(String),
    /// An expression in SQL.
    Expression(String),
}

/// A metric of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftMetric {
    /// Its name.
    pub name: String,
    /// How it is computed.
    pub kind: MetricKind,
    /// The table of its rows.
    pub table: String,
    /// The column or expression.
    pub expr: Option<String>,
    /// The column that says to which period a row belongs; `None` where none was found.
    pub time: Option<String>,
    /// Only rows for which this holds.
    pub filter: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// What it measures.
    pub description: Option<String>,
    /// Which way is good.
    pub direction: Direction,
    /// What is to be said of it.
    pub note: Option<String>,
}

/// An objective of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftObjective {
    /// What is to be reached.
    pub name: String,
    /// The column that says whether it was reached: `table.column`.
    pub outcome: String,
    /// What a customer is worth: `table.column`.
    pub value: Option<String>,
    /// The metrics that should tell it beforehand.
    pub metrics: Vec<String>,
}

impl Draft {
    /// The text of the file.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        for line in &self.origin {
            comment(&mut text, 0, line);
        }
        entry(&mut text, 0, "name", &self.name);
        if !self.tables.is_empty() {
            text.push_str("\ntables:\n");
            for table in &self.tables {
                table.write(&mut text);
            }
        }
        self.write_metrics(&mut text);
        if !self.dimensions.is_empty() {
            text.push('\n');
            comment(
                &mut text,
                0,
                "The columns by which metrics are taken apart.",
            );
            // A string never fails to take what is written into it.
            let _ = writeln!(text, "dimensions: {}", yaml::list(&self.dimensions));
        }
        if !self.objectives.is_empty() {
            text.push_str("\nobjectives:\n");
            for objective in &self.objectives {
                objective.write(&mut text);
            }
        }
        text
    }

    /// Those that can be computed, and as comments those that wait for a column that says when.
    fn write_metrics(&self, text: &mut String) {
        let (ready, waiting): (Vec<_>, Vec<_>) = self
            .metrics
            .iter()
            .partition(|metric| metric.time.is_some());
        if !ready.is_empty() {
            text.push_str("\nmetrics:\n");
        }
        for metric in &ready {
            metric.write(text);
        }
        let Some(first) = waiting.first() else {
            return;
        };
        text.push('\n');
        let why = format!(
            "Not metrics yet: no column of {} says when a row happened. Name one as \
             agg_time_dimension and take away the # before each line.",
            first.table
        );
        comment(text, 0, &why);
        let mut block = String::from(if ready.is_empty() { "metrics:\n" } else { "" });
        for metric in waiting {
            metric.write(&mut block);
        }
        for line in block.lines() {
            let _ = writeln!(text, "# {line}");
        }
    }
}

impl DraftTable {
    fn write(&self, text: &mut String) {
        if let Some(note) = &self.note {
            comment(text, 2, note);
        }
        if self.columns.is_empty() {
            return entry(text, 2, &self.name, &self.from);
        }
        let _ = writeln!(text, "  {}:", self.name);
        entry(text, 4, "from", &self.from);
        text.push_str("    columns:\n");
        for column in &self.columns {
            column.write(text);
        }
    }
}

impl DraftColumn {
    fn write(&self, text: &mut String) {
        let (key, from) = match &self.source {
            DraftSource::Column(name) => ("from", name),
            DraftSource::Expression(sql) => ("sql", sql),
        };
        let from = dollars(from);
        let is_short = key == "from" && self.null_when.is_empty() && self.kind.is_none();
        let value = if is_short {
            yaml::text(&from)
        } else {
            let mut parts = vec![format!("{key}: {}", yaml::quoted(&from))];
            if !self.null_when.is_empty() {
                let blanks: Vec<String> = self.null_when.iter().map(|text| dollars(text)).collect();
                parts.push(format!("null_when: {}", yaml::list(&blanks)));
            }
            parts.extend(self.kind.map(|kind| format!("type: {kind}")));
            format!("{{{}}}", parts.join(", "))
        };
        let note = self.note.as_ref();
        let note = note.map_or_else(String::new, |note| format!("  # {}", flat(note)));
        let _ = writeln!(text, "      {}: {value}{note}", self.name);
    }
}

impl DraftMetric {
    fn write(&self, text: &mut String) {
        if let Some(note) = &self.note {
            comment(text, 2, note);
        }
        let _ = writeln!(text, "  - name: {}", self.name);
        let kind = self.kind.to_string();
        let time = self.time.as_deref().unwrap_or("COLUMN");
        let given = [
            ("kind", Some(kind.as_str())),
            ("table", Some(&self.table)),
            ("expr", self.expr.as_deref()),
            ("agg_time_dimension", Some(time)),
            ("filter", self.filter.as_deref()),
            ("label", self.label.as_deref()),
            ("description", self.description.as_deref()),
        ];
        for (key, value) in given {
            if let Some(value) = value {
                entry(text, 4, key, value);
            }
        }
        if self.direction == Direction::LowerIsBetter {
            entry(text, 4, "direction", "lower_is_better");
        }
    }
}

impl DraftObjective {
    fn write(&self, text: &mut String) {
        let note = "guess: what the metrics should tell beforehand";
        comment(text, 2, note);
        let _ = writeln!(text, "  - name: {}", yaml::text(&self.name));
        entry(text, 4, "kind", "behaviour");
        entry(text, 4, "outcome", &self.outcome);
        if let Some(value) = &self.value {
            entry(text, 4, "value", value);
        }
        let _ = writeln!(text, "    metrics: {}", yaml::list(&self.metrics));
    }
}

/// `key: value` on a line of its own.
fn entry(text: &mut String, indent: usize, key: &str, value: &str) {
    let value = yaml::text(&dollars(value));
    let _ = writeln!(text, "{:indent$}{key}: {value}", "");
}

/// A comment, broken into lines of at most a hundred letters.
fn comment(text: &mut String, indent: usize, words: &str) {
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && indent + line.chars().count() + word.chars().count() > 96 {
            let _ = writeln!(text, "{:indent$}#{line}", "");
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{:indent$}#{line}", "");
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A dollar begins a variable in a value of latido.yaml, two are one.
fn dollars(text: &str) -> String {
    text.replace('$', "$$")
}
