//! A metric as standard SQL: its formula over one field of its table.
//!
//! The formulas are those of the functions, without their intervals: Reichheld (2003) for NPS, the
//! two highest points for satisfaction, the mean for effort. What the format has no word for
//! travels as an extension.

use serde_json::{Map, Value, json};

use super::extension;
use super::tree::Tree;
use crate::project::check::is_identifier;
use crate::project::metric::{Metric, MetricKind};

/// A metric and the computed fields that its table needs for it.
pub(super) struct Exported {
    /// The table of its rows.
    pub(super) table: String,
    pub(super) metric: Tree,
    /// Fields by name with their expression.
    pub(super) fields: Vec<(String, String)>,
    /// Whether an expression was written by hand, so that it may not be standard SQL.
    pub(super) is_written: bool,
}

/// The metric in the words of the format.
pub(super) fn export(metric: &Metric) -> Exported {
    let mut fields = Vec::new();
    let value = operand(metric, "value", &mut fields);
    let weight = metric
        .weight
        .as_ref()
        .map(|weight| match is_identifier(&weight.text) {
            true => format!("{}.{}", metric.table, weight.text),
            false => {
                let name = format!("{}_weight", metric.name);
                fields.push((name.clone(), weight.text.clone()));
                format!("{}.{name}", metric.table)
            }
        });
    let formula = formula(metric, &value, weight.as_deref());
    let mut entries = vec![
        ("name", Tree::text(&metric.name)),
        ("expression", super::expression(&formula)),
        ("description", Tree::text(description(metric))),
        ("datatype", Tree::text(datatype(metric.kind))),
    ];
    if let Some(label) = &metric.label {
        let synonyms = Tree::Names(vec![label.clone()]);
        entries.push(("ai_context", Tree::Map(vec![("synonyms", synonyms)])));
    }
    entries.push(("custom_extensions", extension(&meaning(metric))));
    let written = [&metric.expr, &metric.filter, &metric.weight];
    let is_plain = |text: &str| is_identifier(text) || text == "*";
    Exported {
        table: metric.table.clone(),
        metric: Tree::Map(entries),
        fields,
        is_written: written
            .into_iter()
            .flatten()
            .any(|sql| !is_plain(&sql.text)),
    }
}

/// The column that is aggregated, or a field that is computed for it.
fn operand(metric: &Metric, role: &str, fields: &mut Vec<(String, String)>) -> String {
    let expr = metric
        .expr
        .as_ref()
        .map_or("1", |expr| match expr.text.trim() {
            "*" => "1",
            text => text,
        });
    let computed = match &metric.filter {
        None if is_identifier(expr) => return format!("{}.{expr}", metric.table),
        None => expr.to_owned(),
        Some(filter) => format!("CASE WHEN {} THEN {expr} END", filter.text),
    };
    let name = format!("{}_{role}", metric.name);
    fields.push((name.clone(), computed));
    format!("{}.{name}", metric.table)
}

fn formula(metric: &Metric, x: &str, weight: Option<&str>) -> String {
    let answered = match weight {
        None => format!("COUNT({x})"),
        Some(weight) => format!("SUM(CASE WHEN {x} IS NOT NULL THEN {weight} END)"),
    };
    let one = weight.unwrap_or("1");
    match metric.kind {
        MetricKind::Nps => format!(
            "100.0 * (SUM(CASE WHEN {x} >= 9 THEN {one} ELSE 0 END) - SUM(CASE WHEN {x} <= 6 THEN \
             {one} ELSE 0 END)) / NULLIF({answered}, 0)"
        ),
        MetricKind::Csat => {
            let high = metric.max.unwrap_or(5).saturating_sub(1);
            format!(
                "100.0 * SUM(CASE WHEN {x} >= {high} THEN 1 ELSE 0 END) / NULLIF({answered}, 0)"
            )
        }
        MetricKind::Rate => {
            format!("100.0 * SUM(CAST({x} AS INTEGER)) / NULLIF({answered}, 0)")
        }
        MetricKind::Ces | MetricKind::Mean => match weight {
            None => format!("AVG(1.0 * {x})"),
            Some(weight) => format!("SUM(1.0 * {x} * {weight}) / NULLIF({answered}, 0)"),
        },
        MetricKind::Sum => format!("SUM({x})"),
        MetricKind::Count => format!("COUNT({x})"),
        MetricKind::CountDistinct => format!("COUNT(DISTINCT {x})"),
    }
}

/// What it measures, in its own words or those of its kind.
fn description(metric: &Metric) -> String {
    if let Some(description) = &metric.description {
        return description.clone();
    }
    let kind = match metric.kind {
        MetricKind::Nps => {
            "Net Promoter Score, -100 to 100: promoters (9-10) less detractors (0-6)"
        }
        MetricKind::Csat => "Satisfaction, 0 to 100: the share of the two highest points",
        MetricKind::Ces => "Effort: the mean answer, high is easy",
        MetricKind::Rate => "A share, 0 to 100",
        MetricKind::Mean => "A mean",
        MetricKind::Sum => "A sum",
        MetricKind::Count => "A number of rows or values",
        MetricKind::CountDistinct => "A number of different values",
    };
    match &metric.expr {
        Some(expr) => format!("{kind}; of {}", expr.text),
        None => kind.to_owned(),
    }
}

fn datatype(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Count | MetricKind::CountDistinct => "Integer",
        _ => "Float",
    }
}

/// All that the format has no word for.
fn meaning(metric: &Metric) -> Value {
    let mut words = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            words.insert(key.to_owned(), value);
        }
    };
    put("kind", json!(metric.kind.to_string()));
    put("table", json!(metric.table));
    put("expr", json!(metric.expr.as_ref().map(|sql| &sql.text)));
    put("filter", json!(metric.filter.as_ref().map(|sql| &sql.text)));
    put("weight", json!(metric.weight.as_ref().map(|sql| &sql.text)));
    put("agg_time_dimension", json!(metric.time));
    put("grain", json!(metric.grain.to_string()));
    put("direction", json!(metric.direction.to_string()));
    put("max", json!(metric.max));
    put("target", json!(metric.target));
    put("min_n", json!(metric.min_n));
    put("confidence", json!(metric.confidence));
    put("owner", json!(metric.owner));
    let interval = match metric.kind {
        MetricKind::Nps if metric.weight.is_some() => Some("wald, linearised"),
        MetricKind::Nps => Some("score (Tango)"),
        MetricKind::Csat | MetricKind::Rate => Some("Wilson"),
        MetricKind::Ces | MetricKind::Mean => Some("t"),
        MetricKind::Sum | MetricKind::Count | MetricKind::CountDistinct => None,
    };
    put("interval", json!(interval));
    Value::Object(words)
}
