//! A model of dbt as a table: its dimensions as columns and as dimensions of the project.

use super::DbtDraft;
use super::model::{Column, SemanticModel};
use crate::project::check::is_identifier;
use crate::project::draft::{DraftColumn, DraftSource, DraftTable};

/// Adds a model to what is made, and says what was left of it.
pub(super) fn add(
    made: &mut DbtDraft,
    model: &SemanticModel,
    place: &dyn Fn(&str) -> Option<String>,
    check: &dyn Fn(&str) -> Result<(), String>,
) {
    let mut columns = Vec::new();
    for dimension in &model.dimensions {
        match column(dimension, check) {
            Ok(column) => columns.extend(column),
            Err(reason) => {
                let Column { name, .. } = dimension;
                made.left.push(format!("{}.{name}: {reason}", model.name));
                continue;
            }
        }
        let known = &mut made.draft.dimensions;
        let is_known = known
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&dimension.name));
        if dimension.is_category && !is_known {
            known.push(dimension.name.clone());
        }
    }
    let found = place(&model.of);
    let SemanticModel { name, of, .. } = model;
    let note = match found {
        Some(_) => None,
        None => {
            made.remarks.push(format!(
                "{name}: the rows of the dbt model {of} were not found; say in latido.yaml where they are"
            ));
            Some(format!(
                "guess: where the rows of the dbt model {of} are is not known here"
            ))
        }
    };
    made.draft.tables.push(DraftTable {
        name: name.clone(),
        from: found.unwrap_or_else(|| format!("{of}.parquet")),
        columns,
        note,
    });
}

/// The column that a dimension is; none where the rows have it already.
fn column(
    dimension: &Column,
    check: &dyn Fn(&str) -> Result<(), String>,
) -> Result<Option<DraftColumn>, String> {
    let text = dimension.expr.trim();
    if !is_identifier(&dimension.name) {
        return Err("a dimension whose name is no name for SQL".to_owned());
    }
    if text == dimension.name {
        return Ok(None);
    }
    let is_template = text.contains("{{") || text.contains("{%");
    if is_template || check(text).is_err() {
        return Err(format!(
            "a dimension whose expression cannot be read: `{text}`"
        ));
    }
    Ok(Some(DraftColumn {
        name: dimension.name.clone(),
        // An expression, so that metrics find the column itself under its own name as well.
        source: DraftSource::Expression(text.to_owned()),
        null_when: Vec::new(),
        kind: None,
        note: None,
    }))
}
