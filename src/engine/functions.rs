//! The functions as a person reads about them, from the documentation that each carries.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::execution::context::SessionState;
use datafusion::logical_expr::{Documentation, ScalarUDF};

use super::FunctionInfo;
use super::rewrite::EACH;
use crate::error::nearest;
use crate::functions::faces;

/// Functions that other engines have, and what does the same here.
const FOREIGN: [(&[&str], &str); 18] = [
    (
        &[
            "read_csv",
            "read_csv_auto",
            "read_parquet",
            "read_json",
            "read_json_auto",
            "parquet_scan",
        ],
        "FROM 'file'",
    ),
    (
        &["date_diff", "datediff"],
        "date_part('day', b - a), or CAST(b AS DATE) - CAST(a AS DATE)",
    ),
    (
        &["strftime", "format_datetime", "date_format"],
        "to_char(column, '%Y-%m')",
    ),
    (
        &["strptime", "parse_datetime"],
        "to_timestamp(column, '%d/%m/%Y %H:%M')",
    ),
    (
        &[
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "quarter",
            "week",
            "dayofweek",
        ],
        "date_part('year', column)",
    ),
    (&["max_by", "arg_max", "argmax"], "last_value(x ORDER BY y)"),
    (
        &["min_by", "arg_min", "argmin"],
        "first_value(x ORDER BY y)",
    ),
    (
        &["list", "group_array", "grouparray", "collect_list"],
        "array_agg(column)",
    ),
    (
        &["mode"],
        "SELECT column FROM t GROUP BY column ORDER BY count(*) DESC LIMIT 1",
    ),
    (&["age"], "a - b, or date_part('day', a - b)"),
    (
        &["uniq", "uniqexact", "countdistinct"],
        "count(DISTINCT column)",
    ),
    (&["countif", "count_if"], "count(*) FILTER (WHERE …)"),
    (&["sumif", "sum_if"], "sum(x) FILTER (WHERE …)"),
    (&["getdate", "sysdate"], "now()"),
    (&["len"], "length(text), or array_length(list)"),
    (&["group_concat", "listagg"], "string_agg(column, ', ')"),
    (&["if", "iif"], "CASE WHEN … THEN … ELSE … END"),
    (
        &["dateadd", "date_add", "date_sub"],
        "column + INTERVAL '7 days'",
    ),
];

/// All functions by name, latido's own first.
pub(super) fn list(state: &SessionState) -> Vec<FunctionInfo> {
    let own: HashSet<String> = faces().into_iter().map(|face| face.name).collect();
    let mut list = Vec::new();
    for (name, function) in scalars(state) {
        list.push(describe(&own, name, "scalar", function.documentation()));
    }
    for (name, function) in state.aggregate_functions() {
        list.push(describe(&own, name, "aggregate", function.documentation()));
    }
    for (name, function) in state.window_functions() {
        list.push(describe(&own, name, "window", function.documentation()));
    }
    list.sort_by(|a, b| b.own.cmp(&a.own).then_with(|| a.name.cmp(&b.name)));
    list
}

/// The scalar functions that people write.
fn scalars(session: &SessionState) -> impl Iterator<Item = (&String, &Arc<ScalarUDF>)> {
    let all = session.scalar_functions().iter();
    all.filter(|(name, _)| *name != EACH)
}

/// What to say of a function that is not known.
pub(super) fn unknown(name: &str, session: &SessionState) -> String {
    let scalars = scalars(session).map(|(name, _)| name);
    let aggregates = session.aggregate_functions().keys();
    let names = scalars
        .chain(aggregates)
        .chain(session.window_functions().keys());
    if session.window_functions().contains_key(name) {
        return format!("{name} needs a window: {name}(…) OVER (ORDER BY …)");
    }
    let foreign = FOREIGN.iter().find(|(names, _)| names.contains(&name));
    if let Some((_, ours)) = foreign {
        return format!("no function {name}; write {ours}");
    }
    match nearest(name, names.map(String::as_str)) {
        Some(meant) => format!("no function {name}; did you mean {meant}?"),
        None => format!("no function {name}; `latido functions` lists them"),
    }
}

fn describe(
    own: &HashSet<String>,
    name: &str,
    kind: &'static str,
    documentation: Option<&Documentation>,
) -> FunctionInfo {
    let own = own.contains(name);
    let arguments = documentation.and_then(|text| text.arguments.clone());
    FunctionInfo {
        name: name.to_owned(),
        kind,
        syntax: documentation
            .map_or_else(|| format!("{name}(…)"), |text| text.syntax_example.clone()),
        description: documentation.map_or_else(String::new, |text| text.description.clone()),
        example: documentation
            .and_then(|text| text.sql_example.clone())
            .filter(|_| own),
        arguments: arguments.unwrap_or_default(),
        own,
    }
}
