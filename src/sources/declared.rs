//! Declared columns must be somewhere in the files: a misspelt one would be NULL without a word.

use std::sync::Arc;

use datafusion::catalog::Session;

use crate::error::{Error, Result};
use crate::sources::inspection::{Inspection, Reading, inspect};
use crate::sources::layout::Layout;
use crate::sources::location::Location;
use crate::sources::options::ReadOptions;
use crate::sources::{head, listing};

/// Looks for each declared column in the newest file, then in the others until all are found.
///
/// # Errors
/// [`Error::Place`] naming the column that no file holds and those that there are.
pub(super) async fn check(
    session: &dyn Session,
    location: &Location,
    layout: &Layout,
    options: &ReadOptions,
) -> Result<()> {
    let mut missing: Vec<&str> = names(&layout.columns);
    let mut known: Option<Arc<Inspection>> = None;
    let store = listing::store(session, location)?;
    let limit = head::share(layout.members.len());
    for member in layout.members.iter().rev() {
        let seen = match &member.inspection {
            Some(seen) => Arc::clone(seen),
            None => inspect(session, &store, &member.found, options, limit).await?,
        };
        if by_place(&seen) {
            return Ok(());
        }
        missing.retain(|name| !holds(&seen, name));
        if missing.is_empty() {
            return Ok(());
        }
        known = Some(seen);
    }
    let there = known.map_or(String::new(), |seen| names(&seen.schema).join(", "));
    let reason = format!(
        "has no column \"{}\", which is declared; it has {there}",
        missing[0]
    );
    Err(Error::place(location.written(), reason))
}

fn names(schema: &arrow::datatypes::Schema) -> Vec<&str> {
    schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect()
}

/// Whether columns have no names of their own, so that declared ones stand for them in order.
fn by_place(seen: &Inspection) -> bool {
    seen.schema.fields().is_empty()
        || matches!(&seen.reading, Reading::Delimited(dialect) if !dialect.header)
}

/// Headers of text may differ in letter case, as SQL folds names that are not quoted.
fn holds(seen: &Inspection, name: &str) -> bool {
    let folds = matches!(seen.reading, Reading::Delimited(_));
    names(&seen.schema)
        .iter()
        .any(|found| *found == name || folds && found.eq_ignore_ascii_case(name))
}
