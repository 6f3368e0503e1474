//! What stays behind in an export, and what other tools may not read.

use super::{TableColumns, VENDOR};
use crate::project::{Project, Rows};

/// One sentence each; `is_written` where expressions were written by hand.
pub(super) fn remarks(project: &Project, known: &[TableColumns], is_written: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let left = [
        ("roles", project.roles.len()),
        ("imports", project.imports.len()),
        ("rollups", project.rollups.len()),
    ];
    let left = left.into_iter().filter(|(_, count)| *count > 0);
    let left: Vec<&str> = left.map(|(name, _)| name).collect();
    if !left.is_empty() {
        let left = left.join(", ");
        remarks.push(format!(
            "not exported, since Ossie has no place for them: {left}"
        ));
    }
    if !project.metrics.is_empty() {
        remarks.push(format!(
            "intervals, min_n, direction, target, grain and owner of metrics are in \
             custom_extensions of {VENDOR}, which other tools may not read"
        ));
    }
    if is_written {
        let what = "expressions and filters of latido.yaml";
        remarks.push(format!(
            "{what} are exported as they are written, and may not be ANSI SQL"
        ));
    }
    for table in &project.tables {
        let name = &table.name;
        if matches!(table.rows, Rows::Stored(_)) {
            remarks.push(format!(
                "{name}: its source is its name in the store, which other tools cannot open"
            ));
        }
        if !known.iter().any(|found| found.table == *name) {
            remarks.push(format!(
                "{name}: could not be opened, so only the columns that latido.yaml names are exported"
            ));
        }
    }
    remarks
}
