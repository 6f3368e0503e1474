//! Calls of latido's functions: named arguments to their places, skipped ones to NULL.
//!
//! Positions are strict: a literal in the place of an optional column is nearly always an option
//! that was meant by name, and would otherwise be taken for a column that is the same in all rows.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, UnaryOperator, Value, VisitorMut,
};

use super::labels::Labels;
use super::{name_of, walk};
use crate::error::{Error, Result, nearest};
use crate::functions::{
    Face, Kind, LABEL, Parameter, Sort, argument_name, faces, parameter_at, syntax,
};

static FACES: LazyLock<HashMap<String, Face>> = LazyLock::new(|| {
    faces()
        .into_iter()
        .map(|face| (face.name.clone(), face))
        .collect()
});

/// Arguments more than its parameters that a call may name.
const REPEATED: usize = 64;

/// Puts the arguments of every call in their places, and tells how they were written.
pub(super) fn fill(statement: &mut Statement) -> Result<Labels> {
    let mut calls = Calls::default();
    match walk(statement, &mut calls) {
        ControlFlow::Continue(()) => Ok(calls.labels),
        ControlFlow::Break(error) => Err(error),
    }
}

#[derive(Default)]
struct Calls {
    labels: Labels,
}

impl VisitorMut for Calls {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Function(call) = expr else {
            return ControlFlow::Continue(());
        };
        match fill_call(call, &mut self.labels) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// Whether an expression is a call of the function with this name.
pub(super) fn is_call_of(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Function(call) if name_of(&call.name).as_deref() == Some(name))
}

fn fill_call(call: &mut Function, labels: &mut Labels) -> Result<()> {
    let Some(face) = name_of(&call.name).and_then(|name| FACES.get(&name)) else {
        return Ok(());
    };
    let over = call.over.is_some();
    let FunctionArguments::List(list) = &mut call.args else {
        return Err(refused(face, "takes its arguments in parentheses"));
    };
    refuse_clauses(face, list, over)?;
    let mut args = std::mem::take(&mut list.args);
    args.retain(|arg| !is_texts(arg));
    let places = places(face, args)?;
    labels.note(&face.function, face.parameters, &places);
    list.args = positional(face, places)?;
    if face.labelled {
        let texts = texts_of(&list.args);
        list.args.push(texts);
    }
    Ok(())
}

/// The texts of the arguments as a literal, for results that name them.
fn texts_of(args: &[FunctionArg]) -> FunctionArg {
    let texts = args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => text_of(expr),
        other => other.to_string(),
    });
    let text: String = texts.map(|text| format!("{LABEL}{text}")).collect();
    let literal = Expr::Value(Value::SingleQuotedString(text).into());
    FunctionArg::Unnamed(FunctionArgExpr::Expr(literal))
}

/// The text of an argument: of a column its name, without table and quotes.
fn text_of(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(name) => name.value.clone(),
        Expr::CompoundIdentifier(names) => names
            .last()
            .map_or_else(String::new, |name| name.value.clone()),
        Expr::Nested(inner) => text_of(inner),
        other => other.to_string(),
    }
}

/// Whether an argument is the literal that [`texts_of`] added: a statement may pass twice.
fn is_texts(arg: &FunctionArg) -> bool {
    matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))
        if matches!(&value.value, Value::SingleQuotedString(text) if text.starts_with(LABEL)))
}

fn refuse_clauses(face: &Face, list: &FunctionArgumentList, over: bool) -> Result<()> {
    if list.duplicate_treatment == Some(DuplicateTreatment::Distinct) {
        return Err(refused(
            face,
            "takes no DISTINCT: every row counts, also one with a score seen before",
        ));
    }
    match face.sort {
        Sort::List if over => Err(refused(
            face,
            "gives a LIST and cannot go OVER a window; use GROUP BY instead",
        )),
        Sort::Whole(why) if over => Err(refused(
            face,
            &format!("{why} and cannot go OVER a window; use GROUP BY instead"),
        )),
        Sort::Window if !over => Err(refused(
            face,
            "ranks rows of a window; write OVER () behind it",
        )),
        _ => Ok(()),
    }
}

/// The argument of each parameter.
fn places(face: &Face, args: Vec<FunctionArg>) -> Result<Vec<Option<Expr>>> {
    let mut places: Vec<Option<Expr>> = vec![None; face.parameters.len()];
    let mut by_name = false;
    if face.parameters.last().is_some_and(|last| last.repeated) {
        places.resize(places.len().max(args.len()), None);
    }
    for (position, arg) in args.into_iter().enumerate() {
        let (place, value) = match arg {
            FunctionArg::Unnamed(value) if !by_name => (position, expression(face, value)?),
            FunctionArg::Unnamed(_) => {
                return Err(refused(
                    face,
                    "takes arguments by position before those by name",
                ));
            }
            FunctionArg::Named { name, arg, .. } => {
                by_name = true;
                (place_of(face, &name.value)?, expression(face, arg)?)
            }
            FunctionArg::ExprNamed { name, arg, .. } => {
                by_name = true;
                (place_of(face, &name.to_string())?, expression(face, arg)?)
            }
        };
        let is_known = by_name && parameter_at(face.parameters, place).is_some();
        if is_known && places.len() <= place {
            places.resize(place + 1, None);
        }
        let Some(slot) = places.get_mut(place) else {
            return Err(refused(face, &format!("is called as {}", usage(face))));
        };
        if slot.is_some() {
            let name = parameter_at(face.parameters, place).map_or("it", |known| known.name);
            return Err(refused(face, &format!("was given {name} twice")));
        }
        if !by_name {
            refuse_literal(face, place, &value)?;
        }
        *slot = Some(value);
    }
    Ok(places)
}

fn expression(face: &Face, value: FunctionArgExpr) -> Result<Expr> {
    match value {
        FunctionArgExpr::Expr(expr) => Ok(expr),
        _ => Err(refused(
            face,
            &format!("takes no *; it is called as {}", usage(face)),
        )),
    }
}

fn place_of(face: &Face, name: &str) -> Result<usize> {
    // Of those that may be repeated any number has a name.
    let is_open = face.parameters.last().is_some_and(|last| last.repeated);
    let places = face.parameters.len() + if is_open { REPEATED } else { 0 };
    let is_called =
        |place: &usize| argument_name(face.parameters, *place).eq_ignore_ascii_case(name);
    (0..places).find(is_called).ok_or_else(|| {
        let names = face.parameters.iter().map(|parameter| parameter.name);
        let hint = match nearest(name, names) {
            Some(meant) => format!("did you mean {meant}? It"),
            None => "it".into(),
        };
        refused(
            face,
            &format!(
                "has no parameter {name}; {hint} is called as {}",
                usage(face)
            ),
        )
    })
}

/// A literal by position where an optional column belongs.
fn refuse_literal(face: &Face, place: usize, value: &Expr) -> Result<()> {
    let (Some(parameter), Some(literal)) = (parameter_at(face.parameters, place), literal(value))
    else {
        return Ok(());
    };
    if !parameter.optional || parameter.kind.is_constant() {
        return Ok(());
    }
    let meant = face.parameters.iter().find(|other| takes(other, literal));
    let remedy = match meant {
        Some(meant) => format!("write {} => {value}", meant.name),
        None => format!("name a column, or write {} => {value}", parameter.name),
    };
    Err(refused(
        face,
        &format!(
            "got the literal {value} in the place of the column {}; {remedy}",
            parameter.name
        ),
    ))
}

fn takes(parameter: &Parameter, literal: &Value) -> bool {
    match literal {
        Value::Number(text, _) => match parameter.kind {
            Kind::Integer => !text.contains('.'),
            Kind::Number => true,
            _ => false,
        },
        Value::SingleQuotedString(_) => parameter.kind == Kind::Word,
        _ => false,
    }
}

/// A literal that is not NULL.
fn literal(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::Value(value) if value.value != Value::Null => Some(&value.value),
        Expr::UnaryOp {
            op: UnaryOperator::Minus | UnaryOperator::Plus,
            expr,
        } => literal(expr),
        Expr::Nested(expr) => literal(expr),
        _ => None,
    }
}

/// The arguments by position, skipped ones NULL and those at the end left out.
fn positional(face: &Face, mut places: Vec<Option<Expr>>) -> Result<Vec<FunctionArg>> {
    while places.last().is_some_and(Option::is_none) {
        places.pop();
    }
    let needed = face.parameters.iter().filter(|p| !p.optional).count();
    let missing = (0..needed).find(|place| places.get(*place).is_none_or(Option::is_none));
    if let Some(place) = missing {
        let name = face.parameters[place].name;
        return Err(refused(
            face,
            &format!("needs {name}; it is called as {}", usage(face)),
        ));
    }
    let filled = places.into_iter().map(|place| {
        let expr = place.unwrap_or_else(|| Expr::Value(Value::Null.into()));
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))
    });
    Ok(filled.collect())
}

fn usage(face: &Face) -> String {
    syntax(&face.name, face.parameters)
}

fn refused(face: &Face, why: &str) -> Error {
    Error::Statement(format!("{} {why}", face.name))
}
