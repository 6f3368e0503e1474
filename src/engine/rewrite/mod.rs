//! The one pass over a statement before planning.
//!
//! Here because DataFusion cannot do these things after the fact: optional arguments cannot be
//! skipped, a LIST of STRUCT cannot become named columns that outer queries see, and identifiers
//! do not fold to the only column that fits. All of it works on the parsed statement, so it holds
//! in CTEs, views, subqueries, COPY and EXPLAIN alike.

mod calls;
mod expand;
mod fields;
mod identifiers;
pub(in crate::engine) mod labels;
mod literals;
mod metric;
pub(super) mod names;
mod objective;
pub(super) mod operands;
pub(super) mod summarize;
mod table_call;
mod twins;

use std::ops::ControlFlow;

use datafusion::common::Result;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::{CopyToSource, Statement};
use datafusion::sql::sqlparser::ast::{Ident, ObjectName, VisitMut, VisitorMut};

pub(super) use expand::{EACH, each};
pub(super) use labels::Labels;

use super::errors::explain;
use super::metrics::Metrics;
use super::planning;
use crate::error::Error;

/// Plans a statement, its columns named, after the rest of the pass; with the plan come the arguments as they were written, for
/// what is said of them while it runs.
///
/// # Errors
/// [`crate::Error::Statement`], as an external error, for a call that breaks its function's signature, and for all that
/// planning refuses.
pub(super) async fn plan(
    state: &SessionState,
    mut statement: Statement,
) -> Result<(LogicalPlan, Labels)> {
    objective::fill(state, &mut statement).await?;
    let metrics = metric::fill(state, &mut statement)?;
    fields::name(&mut statement);
    literals::keep(&mut statement);
    let labels = calls::fill(&mut statement)?;
    let planned = match expand::expand(state, &mut statement).await {
        Ok(()) => identifiers::plan(state, statement).await,
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => Ok((plan, labels)),
        Err(error) => {
            let error = labels.explain(explain(error));
            Err(culprit(state, &metrics, error).await.into())
        }
    }
}

/// What is wrong with a metric itself, with its line in latido.yaml; else the error as it is.
async fn culprit(state: &SessionState, metrics: &[String], error: Error) -> Error {
    let known = state
        .config()
        .get_extension::<Metrics>()
        .unwrap_or_default();
    for name in metrics {
        let Ok((alone, place)) = known.alone(name).and_then(|(sql, place)| {
            let statement = planning::parse(&sql)?;
            Ok((statement, place))
        }) else {
            continue;
        };
        if let Err(fault) = Box::pin(plan(state, alone)).await {
            return Error::Statement(format!("{place}: {}", explain(fault)));
        }
    }
    error
}

/// A name as SQL reads it: folded, unless it stands in quotes.
pub(super) fn as_read(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    }
}

/// The plain name of a function or table as SQL reads it; none where it stands in a schema.
fn name_of(name: &ObjectName) -> Option<String> {
    match name.0.as_slice() {
        [part] => part.as_ident().map(as_read),
        _ => None,
    }
}

/// Lets a visitor walk all of a statement, DataFusion's own kinds included.
fn walk<V: VisitorMut>(statement: &mut Statement, visitor: &mut V) -> ControlFlow<V::Break> {
    match statement {
        Statement::Statement(inner) => inner.visit(visitor),
        Statement::Explain(explain) => walk(&mut explain.statement, visitor),
        Statement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => query.visit(visitor),
            CopyToSource::Relation(_) => ControlFlow::Continue(()),
        },
        Statement::CreateExternalTable(_) | Statement::Reset(_) => ControlFlow::Continue(()),
    }
}
