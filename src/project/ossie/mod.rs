//! The project as a semantic model of Apache Ossie (incubating; formerly Open Semantic Interchange),
//! for other tools: tables are datasets, columns fields, KPIs metrics in standard SQL.
//!
//! Core specification 0.2.0.dev0, a draft, read from `core-spec/spec.md` and
//! `core-spec/osi-schema.json` of github.com/apache/ossie at commit 88e00111 (2026-07-31), whose
//! JSON Schema the output satisfies. What it has no word for — intervals, smallest samples,
//! direction, target, objectives — travels as JSON in `custom_extensions` of the vendor `LATIDO`,
//! or is named as left out.

mod column;
mod dataset;
mod metric;
mod remarks;
mod tree;

use arrow::datatypes::DataType;
use serde_json::{Value, json};

use super::{Language, Project};
use crate::error::{Error, Result};
use dataset::Dataset;
use metric::Exported;
use tree::Tree;

/// The version of the specification that is written.
const VERSION: &str = "0.2.0.dev0";
/// Who can read the extensions.
const VENDOR: &str = "LATIDO";

/// A table and its columns, as far as they are known.
#[derive(Debug, Clone)]
pub struct TableColumns {
    /// The table.
    pub table: String,
    /// Its columns with their types.
    pub columns: Vec<(String, DataType)>,
}

/// A semantic model and what is to be said of it.
#[derive(Debug)]
pub struct Ossie {
    /// The document, YAML.
    pub yaml: String,
    /// What was left out or has to be known.
    pub remarks: Vec<String>,
}

/// Writes a project as a semantic model; a table whose columns are not known has only those that
/// latido.yaml names.
///
/// # Errors
/// [`Error::Usage`] for a project without tables, which the format does not allow.
pub fn export(project: &Project, known: &[TableColumns]) -> Result<Ossie> {
    if project.tables.is_empty() {
        return Err(Error::Usage(format!(
            "{}: there are no tables to export; define them under tables",
            project.file
        )));
    }
    let datasets: Vec<Dataset<'_>> = project
        .tables
        .iter()
        .map(|table| Dataset::of(project, table, known))
        .collect();
    let metrics: Vec<Exported> = project.metrics.iter().map(metric::export).collect();
    let is_written = metrics.iter().any(|metric| metric.is_written);
    let trees = datasets.iter().map(|dataset| dataset.tree(&metrics));
    let mut model = vec![
        ("name", Tree::text(&project.name)),
        ("datasets", Tree::List(trees.collect())),
    ];
    let metrics: Vec<Tree> = metrics
        .into_iter()
        .map(|exported| exported.metric)
        .collect();
    let lists = [
        ("relationships", dataset::relationships(&datasets)),
        ("metrics", metrics),
    ];
    let filled = lists.into_iter().filter(|(_, list)| !list.is_empty());
    model.extend(filled.map(|(key, list)| (key, Tree::List(list))));
    model.push(("custom_extensions", extension(&of_model(project))));
    let document = Tree::Map(vec![
        ("version", Tree::text(VERSION)),
        ("semantic_model", Tree::List(vec![Tree::Map(model)])),
    ]);
    Ok(Ossie {
        yaml: document.to_yaml(),
        remarks: remarks::remarks(project, known, is_written),
    })
}

/// A field over the source of its dataset.
fn field(name: &str, sql: &str, kind: Option<&str>, is_time: Option<bool>) -> Tree {
    let mut entries = vec![("name", Tree::text(name)), ("expression", expression(sql))];
    if let Some(is_time) = is_time {
        entries.push((
            "dimension",
            Tree::Map(vec![("is_time", Tree::Flag(is_time))]),
        ));
    }
    entries.extend(kind.map(|kind| ("datatype", Tree::text(kind))));
    Tree::Map(entries)
}

/// An expression in standard SQL.
fn expression(sql: &str) -> Tree {
    let dialect = Tree::Map(vec![
        ("dialect", Tree::text("ANSI_SQL")),
        ("expression", Tree::text(sql)),
    ]);
    Tree::Map(vec![("dialects", Tree::List(vec![dialect]))])
}

/// What the format has no word for.
fn extension(data: &Value) -> Tree {
    Tree::List(vec![Tree::Map(vec![
        ("vendor_name", Tree::text(VENDOR)),
        ("data", Tree::text(data.to_string())),
    ])])
}

fn of_model(project: &Project) -> Value {
    let column = |column: &super::ColumnOf| format!("{}.{}", column.table, column.column);
    let objectives: Vec<Value> = project
        .objectives
        .iter()
        .map(|objective| {
            json!({
                "name": objective.name,
                "kind": objective.kind,
                "outcome": column(&objective.outcome),
                "value": objective.value.as_ref().map(column),
                "metrics": objective.metrics,
            })
        })
        .collect();
    let language = match project.language {
        Language::English => "en",
        Language::Spanish => "es",
    };
    json!({
        "timezone": project.timezone.name(),
        "language": language,
        "dimensions": project.dimensions,
        "objectives": objectives,
    })
}

#[cfg(test)]
mod tests;
