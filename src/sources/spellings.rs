//! One column under several spellings: `NPS` in one file, `nps` or `NPS  ` in the next.
//!
//! Here because columns of files meet by name, and two columns of which each holds half of the
//! answers would give a KPI of half of the answers, without a word.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};

use crate::error::{Error, Result};
use crate::sources::inspection::{Inspection, Reading};
use crate::sources::listing::Found;

/// Lets the columns of delimited files be called as in the first file that has them.
///
/// Columns that one file holds in several spellings are different columns.
///
/// # Errors
/// [`Error::Place`] for files of other formats, whose columns are found by the names in them.
pub(super) fn agree(files: &[Found], inspections: &mut [Option<Arc<Inspection>>]) -> Result<()> {
    let apart: HashSet<String> = inspections
        .iter()
        .flatten()
        .flat_map(|i| doubled(i))
        .collect();
    let mut first: HashMap<String, (String, &Found)> = HashMap::new();
    for (file, inspection) in files.iter().zip(inspections) {
        let Some(inspection) = inspection else {
            continue;
        };
        let mut renamed = Vec::new();
        for field in inspection.schema.fields() {
            let key = folded(field.name());
            let (name, origin) = first
                .entry(key.clone())
                .or_insert_with(|| (field.name().clone(), file));
            if name == field.name() || apart.contains(&key) {
                renamed.push(field.as_ref().clone());
                continue;
            }
            if !matches!(inspection.reading, Reading::Delimited(_)) {
                return Err(two_spellings(field, name, origin, file));
            }
            renamed.push(field.as_ref().clone().with_name(name.clone()));
        }
        if renamed
            .iter()
            .zip(inspection.schema.fields())
            .any(|(new, old)| new.name() != old.name())
        {
            *inspection = Arc::new(inspection.with_columns(Arc::new(Schema::new(renamed))));
        }
    }
    Ok(())
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The columns that a file holds in more than one spelling.
fn doubled(inspection: &Inspection) -> Vec<String> {
    let mut seen = HashSet::new();
    let names = inspection
        .schema
        .fields()
        .iter()
        .map(|field| folded(field.name()));
    names.filter(|name| !seen.insert(name.clone())).collect()
}

fn two_spellings(field: &Field, name: &str, origin: &Found, file: &Found) -> Error {
    let reason = format!(
        "column \"{}\" is called \"{name}\" in {}; read the files apart and bring them together \
         with UNION ALL BY NAME and one name for the column",
        field.name(),
        origin.shown
    );
    Error::place(&file.shown, reason)
}
