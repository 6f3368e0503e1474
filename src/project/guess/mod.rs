//! What the files of a place probably are: tables, columns under foreign names, metrics and
//! dimensions, guessed from names, types and what the values are.
//!
//! Words only, no reading: whoever asks has looked into the files. Every guess says so in the file
//! that is written; a guess that can be wrong in silence (a score off its scale, a date that is
//! none) is not made.

mod column;
mod metrics;
mod moment;
mod role;
mod words;

use super::check::is_identifier;
use super::draft::{Draft, DraftSource, DraftTable};
use super::yaml;
use crate::model::ColumnKind;
pub use moment::{Moment, Way};
use role::Taken;

/// A file, directory, glob or URL that can be read.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What latido.yaml says after `from:`.
    pub from: String,
    /// Its name without directory and endings.
    pub stem: String,
    /// Rows that were looked at.
    pub rows: u64,
    /// Whether these are all.
    pub is_whole: bool,
    /// Its columns.
    pub columns: Vec<FoundColumn>,
}

/// A column and what its values are, as far as they were looked at.
#[derive(Debug, Clone, Default)]
pub struct FoundColumn {
    /// Its name.
    pub name: String,
    /// What it holds: text, whole numbers, numbers, flags, days or moments; `None` for the rest.
    pub kind: Option<ColumnKind>,
    /// Values that are not NULL.
    pub answers: u64,
    /// Different values.
    pub distinct: u64,
    /// The lowest number.
    pub low: Option<f64>,
    /// The highest number.
    pub high: Option<f64>,
    /// The different values as text, where they are few and the name promises a score or a flag.
    pub values: Vec<String>,
    /// How all of a text tell days or moments, if they do.
    pub moment: Option<Moment>,
    /// Whether all of a text are numbers, some with a comma before their decimals.
    pub has_decimal_comma: bool,
}

impl FoundColumn {
    /// Its name as SQL reads it.
    fn quoted(&self) -> String {
        format!("\"{}\"", self.name.replace('"', "\"\""))
    }
}

/// Different values of a column that are worth looking at one by one.
pub const MOST_VALUES: u64 = 60;

/// Whether the name of a column promises a score or a flag, whose values are worth looking at.
#[must_use]
pub fn is_telling(column: &str) -> bool {
    role::promises_a_score_or_flag(column)
}

/// The scale of a rating whose column has this name, here or in other systems: `Satisfacción` is from
/// 1 to 5.
#[must_use]
pub fn scale_of(column: &str) -> Option<(u8, u8)> {
    role::scale(column)
}

/// A name that SQL takes without quotes, from any text.
#[must_use]
pub fn identifier(text: &str) -> String {
    let plain = words::unaccented(text);
    let mut name = String::new();
    for letter in plain.chars() {
        match letter.is_ascii_alphanumeric() {
            true => name.push(letter.to_ascii_lowercase()),
            false if name.ends_with('_') || name.is_empty() => {}
            false => name.push('_'),
        }
    }
    let name = name.trim_end_matches('_');
    match is_identifier(name) {
        true => name.to_owned(),
        false => format!("t_{name}").trim_end_matches('_').to_owned(),
    }
}

/// A first project of what was found.
#[must_use]
pub fn guess(name: &str, found: &[Found]) -> Draft {
    let mut draft = Draft {
        name: name.to_owned(),
        origin: vec![
            "A first latido.yaml, written by `latido init` from what it found. What it guessed says \
             so: read it, correct it, delete what you do not need."
                .to_owned(),
        ],
        ..Draft::default()
    };
    let taken = role::assign(found);
    for taken in &taken {
        draft.tables.push(table(taken));
    }
    // The known tables choose the names of their metrics first.
    let (known, others): (Vec<_>, Vec<_>) = taken.iter().partition(|taken| taken.is_known());
    for taken in known.into_iter().chain(others) {
        metrics::add(&mut draft, taken);
    }
    metrics::sort(&mut draft);
    metrics::add_dimensions(&mut draft, &taken);
    metrics::add_objective(&mut draft, &taken);
    draft
}

fn table(taken: &Taken<'_>) -> DraftTable {
    let found = taken.found;
    let rows = match (found.rows, found.is_whole) {
        (1, true) => "1 row".to_owned(),
        (rows, true) => format!("{rows} rows"),
        (rows, false) => format!("{rows} rows or more"),
    };
    let note = match taken.role {
        Some(role) if taken.is_guessed() => format!("{rows}; guess: a row is {}", role.row),
        Some(role) => format!("{rows}; a row is {}", role.row),
        None => rows,
    };
    let note = match undecided(taken) {
        Some(doubt) => format!("{note}; {doubt}"),
        None => note,
    };
    DraftTable {
        name: taken.name.clone(),
        from: found.from.clone(),
        columns: taken.columns.clone(),
        note: Some(note),
    }
}

/// The days that nobody can read without knowing who wrote them.
fn undecided(taken: &Taken<'_>) -> Option<String> {
    let role = taken.role?;
    let ways = |column: &FoundColumn| match &column.moment {
        Some(Moment::Either(one, other)) if words::rank(role.time, &column.name).is_some() => {
            Some((one.clone(), other.clone()))
        }
        _ => None,
    };
    let found = taken.found.columns.iter();
    let (column, (one, other)) = found
        .filter_map(|column| Some((column, ways(column)?)))
        .next()?;
    let DraftSource::Expression(sql) = one.read(column) else {
        return None;
    };
    Some(format!(
        "{} is {} or {}: if the first, add columns: {{{}: {{sql: {}}}}}",
        column.name,
        one.said(),
        other.said(),
        role.time,
        yaml::quoted(&sql)
    ))
}

#[cfg(test)]
mod tests;
