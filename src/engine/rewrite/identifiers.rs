//! Unquoted identifiers find the only column that fits without regard to case.
//!
//! SQL folds `NETPRO` to `netpro`, and a file whose header is in capitals has no such column. Where
//! planning finds no column, and exactly one column in scope differs in case only, the identifier
//! is taken as that column and planning begins anew. The planner itself says which columns are in
//! scope, so that the rule is right inside CTEs, joins and correlated subqueries alike.

use std::ops::ControlFlow;

use datafusion::common::{Column, DataFusionError, Result, SchemaError};
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Ident, VisitorMut};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::{twins, walk};
use crate::error::Error;

/// How many identifiers of one statement may be found this way.
const MOST: usize = 1_000;

/// Plans a statement, identifiers found without regard to case where only one column fits.
pub(super) async fn plan(state: &SessionState, mut statement: Statement) -> Result<LogicalPlan> {
    let mut told_apart = false;
    for _ in 0..MOST {
        let error = match state.statement_to_plan(statement.clone()).await {
            Ok(plan) => return Ok(plan),
            Err(error) => error,
        };
        if !told_apart && twins::is_met(&error) && twins::tell_apart(state, &mut statement) {
            told_apart = true;
            continue;
        }
        if !mend(&mut statement, &error)? {
            return Err(error);
        }
    }
    let text = format!("more than {MOST} identifiers differ from their columns in case");
    Err(Error::Limit(text).into())
}

/// Quotes the identifier that was not found as the only column that fits; tells whether it did.
fn mend(statement: &mut Statement, error: &DataFusionError) -> Result<bool> {
    let Some((missing, valid)) = not_found(error) else {
        return Ok(false);
    };
    let mut fitting: Vec<&str> = valid
        .iter()
        .filter(|column| same_relation(missing, column))
        .map(|column| column.name.as_str())
        .filter(|name| name.to_lowercase() == missing.name.to_lowercase())
        .collect();
    fitting.sort_unstable();
    fitting.dedup();
    let [column] = fitting.as_slice() else {
        return if fitting.is_empty() {
            Ok(false)
        } else {
            Err(several(&missing.name, &fitting).into())
        };
    };
    let mut quote = Quote {
        missing: &missing.name,
        column,
        changed: false,
        spans: spans(missing),
    };
    let _: ControlFlow<()> = walk(statement, &mut quote);
    Ok(quote.changed)
}

fn several(name: &str, fitting: &[&str]) -> Error {
    let quoted: Vec<String> = fitting.iter().map(|name| format!("\"{name}\"")).collect();
    Error::Statement(format!(
        "column {name} could be {}, which differ in case only; quote the one you mean",
        quoted.join(" or ")
    ))
}

fn not_found(error: &DataFusionError) -> Option<(&Column, &[Column])> {
    in_schema_error(error, &|error| match error {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => Some((field.as_ref(), valid_fields.as_slice())),
        _ => None,
    })
}

/// The first thing that is found in an error about columns, wherever it is wrapped.
pub(super) fn in_schema_error<'a, T>(
    error: &'a DataFusionError,
    find: &dyn Fn(&'a SchemaError) -> Option<T>,
) -> Option<T> {
    match error {
        DataFusionError::SchemaError(inner, _) => find(inner),
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => {
            in_schema_error(inner, find)
        }
        DataFusionError::Collection(errors) => {
            errors.iter().find_map(|error| in_schema_error(error, find))
        }
        DataFusionError::Shared(inner) => in_schema_error(inner, find),
        _ => None,
    }
}

fn same_relation(missing: &Column, column: &Column) -> bool {
    match (&missing.relation, &column.relation) {
        (Some(wanted), Some(relation)) => wanted.table() == relation.table(),
        _ => true,
    }
}

fn spans(column: &Column) -> Vec<Span> {
    let spans = column.spans.iter().map(|span| {
        Span::new(
            (span.start.line, span.start.column).into(),
            (span.end.line, span.end.column).into(),
        )
    });
    spans.collect()
}

/// Quotes unquoted identifiers of a name, at the given places where any are known.
struct Quote<'a> {
    missing: &'a str,
    column: &'a str,
    changed: bool,
    spans: Vec<Span>,
}

impl Quote<'_> {
    fn quote(&mut self, ident: &mut Ident, whole: Span) {
        let here = self.spans.is_empty()
            || self.spans.contains(&ident.span)
            || self.spans.contains(&whole);
        if ident.quote_style.is_none() && ident.value.to_lowercase() == self.missing && here {
            *ident = Ident::with_quote_and_span('"', ident.span, self.column);
            self.changed = true;
        }
    }
}

impl VisitorMut for Quote<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) => self.quote(ident, ident.span),
            Expr::CompoundIdentifier(parts) => {
                let whole = Span::union_iter(parts.iter().map(|part| part.span));
                if let Some(last) = parts.last_mut() {
                    self.quote(last, whole);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
