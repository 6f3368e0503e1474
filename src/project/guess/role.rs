//! Which known table a file is, and which of its columns are the known ones.

use super::column::{Fit, fit};
use super::{Found, FoundColumn, identifier, words};
use crate::model::{ColumnKind, KNOWN_TABLES, KnownColumn, KnownTable};
use crate::project::draft::{DraftColumn, DraftSource};

/// A file with its name and what its columns are.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) found: &'a Found,
    /// Its name in SQL.
    pub(super) name: String,
    /// The known table that it is, under that name or, where another has it, its own.
    pub(super) role: Option<&'static KnownTable>,
    /// Its columns that are known ones.
    pub(super) matches: Vec<Match<'a>>,
    /// The columns that get another name or another type.
    pub(super) columns: Vec<DraftColumn>,
}

/// A column of a file that is a known one.
#[derive(Debug, Clone)]
pub(super) struct Match<'a> {
    pub(super) known: &'static KnownColumn,
    pub(super) column: &'a FoundColumn,
    pub(super) fit: Fit,
}

impl Match<'_> {
    fn is_renamed(&self) -> bool {
        self.column.name != self.known.name
    }
}

impl<'a> Taken<'a> {
    /// Whether it has the name of the known table that it is.
    pub(super) fn is_known(&self) -> bool {
        self.role.is_some_and(|role| role.name == self.name)
    }

    /// Whether the name of the file and of its columns did not say it all.
    pub(super) fn is_guessed(&self) -> bool {
        let named = self.role.is_some_and(|role| self.found.stem == role.name);
        !named || !self.columns.is_empty()
    }

    /// The column that is a known one.
    pub(super) fn column(&self, known: &str) -> Option<&Match<'a>> {
        self.matches.iter().find(|found| found.known.name == known)
    }
}

/// Whether the name of a column promises a score or a flag.
pub(super) fn promises_a_score_or_flag(column: &str) -> bool {
    let columns = KNOWN_TABLES.iter().flat_map(|table| table.columns);
    columns
        .filter(|known| matches!(known.kind, ColumnKind::Rating(..) | ColumnKind::Flag))
        .any(|known| words::rank(known.name, column).is_some())
}

/// The scale of a rating whose column has this name, here or in other systems.
pub(super) fn scale(column: &str) -> Option<(u8, u8)> {
    let responses = KnownTable::find("responses")?;
    let named = responses
        .columns
        .iter()
        .filter_map(|known| match known.kind {
            ColumnKind::Rating(low, high) => Some((words::rank(known.name, column)?, (low, high))),
            _ => None,
        });
    named.min_by_key(|(rank, _)| *rank).map(|(_, scale)| scale)
}

/// Names and columns of all files; a known table is given once: to a file of that
/// name, else to the one with most of its columns.
pub(super) fn assign(found: &[Found]) -> Vec<Taken<'_>> {
    let roles: Vec<_> = found.iter().map(role).collect();
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&place| {
        let role = roles[place].as_ref();
        let is_namesake = role.is_some_and(|(role, _)| role.name == found[place].stem);
        let known = role.map_or(0, |(_, matches)| matches.len());
        (!is_namesake, std::cmp::Reverse(known), place)
    });
    let mut names: Vec<String> = Vec::new();
    let mut taken: Vec<(usize, Taken<'_>)> = Vec::new();
    for place in order {
        let (role, matches) = match roles[place].clone() {
            Some((role, matches)) => (Some(role), matches),
            None => (None, Vec::new()),
        };
        let name = match role {
            Some(role) if !names.iter().any(|name| name == role.name) => role.name.to_owned(),
            _ => unique(&identifier(&found[place].stem), &names),
        };
        names.push(name.clone());
        let is_known = role.is_some_and(|role| role.name == name);
        let columns = matches
            .iter()
            .filter_map(|found| mapping(found, is_known))
            .collect();
        let found = &found[place];
        taken.push((
            place,
            Taken {
                found,
                name,
                role,
                matches,
                columns,
            },
        ));
    }
    taken.sort_by_key(|(place, _)| *place);
    taken.into_iter().map(|(_, taken)| taken).collect()
}

/// A name that none has yet.
pub(super) fn unique(name: &str, names: &[String]) -> String {
    let is_free = |name: &String| !names.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
    candidates.find(is_free).unwrap_or_else(|| name.to_owned())
}

/// A column that needs words in latido.yaml: another name, blanks, or a cast.
fn mapping(found: &Match<'_>, is_known_table: bool) -> Option<DraftColumn> {
    let name = found.known.name.to_owned();
    let (null_when, needs_cast) = match &found.fit {
        Fit::Whole => (Vec::new(), false),
        Fit::Cast => (Vec::new(), true),
        Fit::Computed(source, note) => {
            return Some(DraftColumn {
                name,
                source: source.clone(),
                null_when: Vec::new(),
                kind: None,
                note: Some(format!("guess: {note}")),
            });
        }
        Fit::Without(blanks) => (blanks.clone(), found.column.kind == Some(ColumnKind::Text)),
    };
    if !found.is_renamed() && null_when.is_empty() && !needs_cast {
        return None;
    }
    let note = match null_when.is_empty() {
        true => "guess".to_owned(),
        false => "guess: off the scale is no answer".to_owned(),
    };
    Some(DraftColumn {
        name,
        source: DraftSource::Column(found.column.name.clone()),
        null_when,
        // A known table knows the types of its columns.
        kind: (needs_cast && !is_known_table).then(|| word(found.known.kind)),
        note: Some(note),
    })
}

fn word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Integer => "integer",
        ColumnKind::Rating(..) | ColumnKind::Number => "number",
        ColumnKind::Flag => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Timestamp => "timestamp",
    }
}

/// The known table that a file most probably is, with its columns.
fn role(found: &Found) -> Option<(&'static KnownTable, Vec<Match<'_>>)> {
    let all: Vec<(&'static KnownTable, Vec<Match<'_>>)> = KNOWN_TABLES
        .iter()
        .map(|table| (table, matches(table, found)))
        .collect();
    let has = |table: &str, column: &str| {
        let mut tables = all.iter();
        tables.any(|(known, matches)| {
            known.name == table && matches.iter().any(|found| found.known.name == column)
        })
    };
    let rated = ["nps", "csat", "ces"]
        .iter()
        .any(|kpi| has("responses", kpi));
    let of_a_customer = ["churned", "churned_on"]
        .iter()
        .any(|it| has("customers", it));
    let known_since = ["joined_on", "tenure_months", "lifetime_value"]
        .iter()
        .any(|it| has("customers", it));
    let by_name = words::table(&found.stem).filter(|name| {
        let mut tables = all.iter();
        tables.any(|(table, matches)| table.name == *name && matches.len() > 1)
    });
    let name = match by_name {
        Some(name) => name,
        None if of_a_customer
            && has("customers", "customer_id")
            && !has("responses", "response_id") =>
        {
            "customers"
        }
        None if rated => "responses",
        None if has("invitations", "invited_at") => "invitations",
        None if known_since && has("customers", "customer_id") => "customers",
        None if has("transactions", "at") && has("transactions", "amount") => "transactions",
        None => return None,
    };
    all.into_iter().find(|(table, _)| table.name == name)
}

/// The columns of a file that are those of a known table; each is taken once.
fn matches<'a>(table: &'static KnownTable, found: &'a Found) -> Vec<Match<'a>> {
    let mut matches: Vec<Match<'a>> = Vec::new();
    for known in table.columns {
        // What has the name but not the values stays as it is: nothing may take its place.
        let namesake = found
            .columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(known.name));
        let is_free = |column: &&FoundColumn| {
            !matches.iter().any(|taken| taken.column.name == column.name)
                && namesake.is_none_or(|namesake| namesake.name == column.name)
        };
        let mut fitting: Vec<(usize, Match<'a>)> = found
            .columns
            .iter()
            .filter(is_free)
            .filter_map(|column| {
                let rank = words::rank(known.name, &column.name)?;
                let fit = fit(column, known.kind)?;
                Some((rank, Match { known, column, fit }))
            })
            .collect();
        fitting.sort_by_key(|(rank, _)| *rank);
        matches.extend(fitting.into_iter().next().map(|(_, found)| found));
    }
    matches
}
