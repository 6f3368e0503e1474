//! `FROM metric('nps', 'month', 'touchpoint')`: the query of a metric takes its place.
//!
//! Here and not as a table function of DataFusion, which plans without being able to open tables
//! that the statement does not name.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use datafusion::execution::context::SessionState;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArgOperator, TableFactor, TableFunctionArgs, Value,
    VisitorMut, visit_expressions,
};

use super::table_call::TableCall;
use super::{as_read, walk};
use crate::engine::calendar::Against;
use crate::engine::metrics::{METRIC, Metrics, Request};
use crate::engine::written::{named, text};
use crate::error::{Error, Result, hint};
use crate::project::Grain;

/// The columns of every answer, which no dimension may be called.
const COLUMNS: [&str; 21] = [
    "period",
    "value",
    "low",
    "high",
    "n",
    "target",
    "previous",
    "change",
    "p",
    "p_adjusted",
    "noise",
    "complete",
    "first_day",
    "last_day",
    "number",
    "evidence",
    "before",
    "summary",
    "kept",
    "is_shown",
    "one",
];

/// Puts the queries of metrics where the statement asks for them; tells which were asked for.
pub(super) fn fill(state: &SessionState, statement: &mut Statement) -> Result<Vec<String>> {
    let metrics = state
        .config()
        .get_extension::<Metrics>()
        .unwrap_or_default();
    let mut calls = Calls {
        metrics: &metrics,
        asked: Vec::new(),
    };
    match walk(statement, &mut calls) {
        ControlFlow::Continue(()) => Ok(calls.asked),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Calls<'a> {
    metrics: &'a Metrics,
    asked: Vec<String>,
}

impl VisitorMut for Calls<'_> {
    type Break = Error;

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match self.replaced(factor) {
            Ok(Some(query)) => *factor = query,
            Ok(None) => {}
            Err(error) => return ControlFlow::Break(error),
        }
        ControlFlow::Continue(())
    }
}

impl Calls<'_> {
    fn replaced(&mut self, factor: &TableFactor) -> Result<Option<TableFactor>> {
        let Some(call) = TableCall::of(factor, METRIC) else {
            return Ok(None);
        };
        let request = request(call.args)?;
        let query = self.metrics.query(&request)?;
        self.asked.push(request.metric);
        call.replaced_by(&query).map(Some)
    }
}

/// What the arguments ask for: metric, grain, dimensions by position, the rest by name.
fn request(args: &TableFunctionArgs) -> Result<Request> {
    let mut words = Vec::new();
    let mut request = Request::default();
    for argument in &args.args {
        match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => {
                words.push(word("an argument", value)?)
            }
            FunctionArg::Named {
                name,
                arg: FunctionArgExpr::Expr(value),
                operator: FunctionArgOperator::RightArrow,
            } => option(&mut request, &as_read(name), value)?,
            other => return Err(refused(&format!("cannot take {other}"))),
        }
    }
    let mut words = words.into_iter();
    request.metric = words
        .next()
        .flatten()
        .ok_or_else(|| refused("needs the name of a metric in quotes"))?;
    if let Some(grain) = words.next().flatten() {
        request.grain = Some(Grain::parse(&grain).ok_or_else(|| unknown_grain(&grain))?);
    }
    for dimension in words.flatten() {
        let dimension = dimension_of(&dimension)?;
        let is_same = |known: &String| known.eq_ignore_ascii_case(&dimension);
        if request.dimensions.iter().any(is_same) {
            return Err(refused(&format!(
                "is given the dimension {dimension} twice"
            )));
        }
        request.dimensions.push(dimension);
    }
    Ok(request)
}

fn option(request: &mut Request, name: &str, value: &Expr) -> Result<()> {
    match name {
        "from" => request.from = limit(name, value)?,
        "to" => request.to = limit(name, value)?,
        "grain" | "against" => return setting(request, name, word(name, value)?),
        _ => return setting(request, name, None),
    }
    Ok(())
}

fn setting(request: &mut Request, name: &str, value: Option<String>) -> Result<()> {
    match name {
        "against" => {
            let Some(value) = value else { return Ok(()) };
            let words = Against::WORDS;
            let found = words.iter().find(|(word, _)| *word == value);
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let unknown = || {
                let names = names.join(", ");
                refused(&format!("has no against => '{value}'; there are {names}"))
            };
            request.against = found.ok_or_else(unknown)?.1;
        }
        "grain" => {
            let Some(value) = value else { return Ok(()) };
            request.grain = Some(Grain::parse(&value).ok_or_else(|| unknown_grain(&value))?);
        }
        _ => {
            let known = ["grain", "against", "from", "to"];
            let hint = hint(name, known, "");
            return Err(refused(&format!("has no argument {name}; {hint}")));
        }
    }
    Ok(())
}

/// A day in SQL: as `2026-01-31`, or computed from no column, as `current_date - 30`.
fn limit(name: &str, value: &Expr) -> Result<Option<String>> {
    if is_computed(value) {
        return Ok(Some(value.to_string()));
    }
    let day = word(name, value)?;
    match day {
        Some(day) if day.parse::<NaiveDate>().is_err() => Err(refused(&format!(
            "needs a day for {name}, such as '2026-01-31', not '{day}'"
        ))),
        day => Ok(day.map(|day| text(&day))),
    }
}

/// Whether a value is computed, and of nothing that stands in a table.
fn is_computed(value: &Expr) -> bool {
    let is_call = matches!(
        value,
        Expr::Function(_) | Expr::BinaryOp { .. } | Expr::Cast { .. } | Expr::Nested(_)
    );
    let mut calls = false;
    let reads = visit_expressions(value, |part| match part {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Subquery(_)
        | Expr::Exists { .. }
        | Expr::InSubquery { .. } => ControlFlow::Break(()),
        Expr::Function(_) | Expr::BinaryOp { .. } => {
            calls = true;
            ControlFlow::Continue(())
        }
        _ => ControlFlow::Continue(()),
    });
    is_call && calls && reads.is_continue()
}

/// A literal as text; NULL is nothing.
fn word(what: &str, value: &Expr) -> Result<Option<String>> {
    match value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Ok(Some(text.clone())),
            Value::Null => Ok(None),
            other => Err(refused(&format!(
                "takes words in single quotes, and {what} is {other}"
            ))),
        },
        Expr::TypedString(typed) => word(what, &Expr::Value(typed.value.clone())),
        Expr::Cast { expr, .. } => word(what, expr),
        Expr::Identifier(name) => Err(refused(&format!("takes words in single quotes: '{name}'"))),
        other => Err(refused(&format!(
            "takes words in single quotes, and {what} is {other}"
        ))),
    }
}

fn dimension_of(name: &str) -> Result<String> {
    if COLUMNS.contains(&name.to_lowercase().as_str()) {
        return Err(refused(&format!(
            "gives a column {name} itself; rename the dimension in a view"
        )));
    }
    Ok(named(name))
}

fn unknown_grain(word: &str) -> Error {
    let words = Grain::WORDS.map(|(word, _)| word);
    let hint = hint(word, words, "");
    refused(&format!("has no period {word}; {hint}"))
}

fn refused(what: &str) -> Error {
    Error::Statement(format!(
        "metric {what}; it is called as metric('nps', 'month', 'touchpoint')"
    ))
}
