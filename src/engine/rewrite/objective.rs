//! `FROM objective('Keep customers')`: the rows of an objective take its place.
//!
//! Here for the same reason as `metric()`; beyond that the tables' columns are looked up first, since
//! what an answer is and when a customer left depends on what is there.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::execution::context::SessionState;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, TableFactor, TableFunctionArgs, Value, VisitorMut,
};

use super::table_call::TableCall;
use super::walk;
use crate::engine::errors::explain;
use crate::engine::objectives::{OBJECTIVE, Objectives};
use crate::engine::planning;
use crate::engine::written::named;
use crate::error::{Error, Result};

/// Puts the rows of objectives where the statement asks for them.
pub(super) async fn fill(state: &SessionState, statement: &mut Statement) -> Result<()> {
    let mut calls = Calls::default();
    if let ControlFlow::Break(error) = walk(statement, &mut calls) {
        return Err(error);
    }
    if calls.asked.is_empty() {
        return Ok(());
    }
    let objectives = state
        .config()
        .get_extension::<Objectives>()
        .unwrap_or_default();
    let mut queries = HashMap::new();
    for name in std::mem::take(&mut calls.asked) {
        let query = query(state, &objectives, &name).await?;
        queries.insert(name, query);
    }
    calls.queries = Some(queries);
    match walk(statement, &mut calls) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

/// The query of an objective on the tables as they are now.
async fn query(state: &SessionState, objectives: &Objectives, name: &str) -> Result<String> {
    let objective = objectives.find(name)?;
    let mut schemas = Vec::new();
    for table in objectives.tables(objective) {
        let statement = planning::parse(&format!("SELECT * FROM {}", named(&table)))?;
        let plan = Box::pin(super::plan(state, statement))
            .await
            .map_err(explain)?;
        schemas.push(Arc::new(plan.0.schema().as_arrow().clone()));
    }
    Ok(objectives.base(objective, &schemas)?.rows())
}

/// The calls of a statement: found at the first walk, replaced at the second.
#[derive(Default)]
struct Calls {
    asked: Vec<String>,
    queries: Option<HashMap<String, String>>,
}

impl VisitorMut for Calls {
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

impl Calls {
    fn replaced(&mut self, factor: &TableFactor) -> Result<Option<TableFactor>> {
        let Some(call) = TableCall::of(factor, OBJECTIVE) else {
            return Ok(None);
        };
        let asked = asked(call.args)?;
        let Some(queries) = &self.queries else {
            self.asked.push(asked);
            return Ok(None);
        };
        let query = queries.get(&asked).map_or("", String::as_str);
        call.replaced_by(query).map(Some)
    }
}

/// The name of the objective.
fn asked(args: &TableFunctionArgs) -> Result<String> {
    if let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] = args.args.as_slice()
        && let Value::SingleQuotedString(name) = &value.value
    {
        return Ok(name.clone());
    }
    Err(Error::Statement(
        "objective takes the name of an objective of latido.yaml in quotes: \
         FROM objective('Keep customers')"
            .to_owned(),
    ))
}
