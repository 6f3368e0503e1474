//! The functions as a person reads about them, from the documentation that each carries.

use std::collections::HashSet;

use datafusion::execution::context::SessionState;
use datafusion::logical_expr::Documentation;

use super::FunctionInfo;
use crate::error::nearest;
use crate::functions::faces;

/// All functions by name, latido's own first.
pub(super) fn list(state: &SessionState) -> Vec<FunctionInfo> {
    let own: HashSet<String> = faces().into_iter().map(|face| face.name).collect();
    let mut list = Vec::new();
    for (name, function) in state.scalar_functions() {
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

/// What to say of a function that is not known.
pub(super) fn unknown(name: &str, session: &SessionState) -> String {
    let scalars = session.scalar_functions().keys();
    let aggregates = session.aggregate_functions().keys();
    let names = scalars
        .chain(aggregates)
        .chain(session.window_functions().keys());
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
