//! `expand(x)` as an item of SELECT: the fields of a STRUCT, or of each element of a LIST of
//! STRUCT, become columns with their plain names.
//!
//! The argument is planned first to learn its fields; then the SELECT is wrapped, so that the
//! fields are ordinary columns for all that stands around it: outer queries, CTEs, views, COPY.
//! WHERE, GROUP BY and HAVING apply before, DISTINCT, ORDER BY and LIMIT after. A LIST gives one
//! row an element, so a group whose LIST is NULL gives none.

mod answer;
mod each;
mod order;

use std::ops::ControlFlow;

use arrow::datatypes::Schema;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::context::SessionState;
use datafusion::sql::parser::{CopyToSource, Statement};
use datafusion::sql::sqlparser::ast::{
    Cte, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, OrderByKind,
    Query, Select, SelectItem, SetExpr, Statement as SqlStatement, VisitMut, VisitorMut, With,
};
use datafusion::sql::sqlparser::parser::Parser;
use futures::future::BoxFuture;

use self::answer::{Answer, put_inside};
pub(in crate::engine) use self::each::{EACH, each};
use self::order::hide;
use super::calls::is_call_of;
use super::{identifiers, operands, summarize, walk};
use crate::engine::metrics::Metrics;
use crate::error::Error;

/// The name of the function, and of the columns that stand for its calls in between.
const EXPAND: &str = "expand";
const STRUCT: &str = "__latido_expand_";
const HIDDEN: &str = "__latido_order_";

/// Rewrites every `expand` of a statement.
///
/// # Errors
/// [`Error::Statement`] where `expand` stands elsewhere than alone as an item of SELECT, where its
/// argument has no fields, or where two columns would have one name.
pub(super) async fn expand(state: &SessionState, statement: &mut Statement) -> Result<()> {
    if !mentions(statement) {
        return Ok(());
    }
    let pass = Pass { state };
    let mut inner = &mut *statement;
    while let Statement::Explain(explain) = inner {
        inner = &mut explain.statement;
    }
    match inner {
        Statement::CopyTo(copy) => {
            if let CopyToSource::Query(query) = &mut copy.source {
                pass.query(query, &Scope::default()).await?;
            }
        }
        Statement::Statement(sql) => pass.statement(sql).await?,
        _ => {}
    }
    if mentions(statement) {
        let text = "expand stands alone as an item of SELECT: \
                    SELECT segment, expand(nps_summary(nps)) FROM …";
        return Err(refused(text.into()));
    }
    Ok(())
}

fn mentions(statement: &mut Statement) -> bool {
    walk(statement, &mut Mention).is_break()
}

struct Mention;

impl VisitorMut for Mention {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if is_call_of(expr, EXPAND) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        if summarize::is_marked(select) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The common table expressions that a query sees.
#[derive(Debug, Clone, Default)]
struct Scope {
    recursive: bool,
    ctes: Vec<Cte>,
}

struct Pass<'a> {
    state: &'a SessionState,
}

impl Pass<'_> {
    async fn statement(&self, sql: &mut SqlStatement) -> Result<()> {
        if let SqlStatement::Query(query) = sql {
            return self.query(query, &Scope::default()).await;
        }
        if let SqlStatement::Explain { statement, .. } = sql {
            return Box::pin(self.statement(statement)).await;
        }
        let mut nested = Nested::taken(sql)?;
        for query in &mut nested.queries {
            self.query(query, &Scope::default()).await?;
        }
        nested.put_back(sql);
        Ok(())
    }

    /// A query: its CTEs, its body, and the ORDER BY that goes with the body.
    fn query<'a>(&'a self, query: &'a mut Query, outer: &'a Scope) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut scope = outer.clone();
            if let Some(with) = &mut query.with {
                scope.recursive |= with.recursive;
                for cte in &mut with.cte_tables {
                    self.query(&mut cte.query, &scope).await?;
                    scope.ctes.push(cte.clone());
                }
            }
            let Query { body, order_by, .. } = query;
            if let SetExpr::Select(select) = body.as_mut() {
                let order = order_by.as_mut().map(|order| &mut order.kind);
                return self.select(select, order, &scope).await;
            }
            self.body(body, &scope).await
        })
    }

    fn body<'a>(&'a self, body: &'a mut SetExpr, scope: &'a Scope) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match body {
                SetExpr::Select(select) => self.select(select, None, scope).await,
                SetExpr::Query(query) => self.query(query, scope).await,
                SetExpr::SetOperation { left, right, .. } => {
                    self.body(left, scope).await?;
                    self.body(right, scope).await
                }
                _ => Ok(()),
            }
        })
    }

    async fn select(
        &self,
        select: &mut Box<Select>,
        order: Option<&mut OrderByKind>,
        scope: &Scope,
    ) -> Result<()> {
        let mut nested = Nested::taken(select.as_mut())?;
        for query in &mut nested.queries {
            self.query(query, scope).await?;
        }
        nested.put_back(select.as_mut());
        if summarize::is_marked(select) {
            self.summarize(select, scope).await?;
        }
        let calls = set_apart(&mut select.projection)?;
        if calls.is_empty() {
            return Ok(());
        }
        let distinct = select.distinct.take();
        let schema = self.schema(select, scope).await?;
        let answer = Answer::of(&schema, &calls)?;
        let hidden = order
            .map(|order| hide(self.state, order, &answer, &mut select.projection))
            .unwrap_or_default();
        let inner = std::mem::replace(select, answer.wrapped(&schema, &hidden)?);
        put_inside(select, inner);
        select.distinct = distinct;
        Ok(())
    }

    /// Asks for every column of what a marked SELECT reads.
    async fn summarize(&self, select: &mut Select, scope: &Scope) -> Result<()> {
        let all = parsed("SELECT *")?;
        if let SetExpr::Select(all) = *all.body {
            select.projection = all.projection;
        }
        let schema = self.schema(select, scope).await?;
        let metrics = self.state.config().get_extension::<Metrics>();
        let asked = summarize::item(&schema, &metrics.unwrap_or_default())?;
        if let SetExpr::Select(asked) = *parsed(&format!("SELECT {asked}"))?.body {
            select.projection = asked.projection;
        }
        Ok(())
    }

    /// The columns of a SELECT that has no `expand` any more.
    async fn schema(&self, select: &Select, scope: &Scope) -> Result<Schema> {
        let mut query = parsed("SELECT 1")?;
        query.body = Box::new(SetExpr::Select(Box::new(select.clone())));
        if !scope.ctes.is_empty() {
            let mut with = parsed("WITH x AS (SELECT 1) SELECT 1")?.with;
            if let Some(With {
                recursive,
                cte_tables,
                ..
            }) = &mut with
            {
                *recursive = scope.recursive;
                cte_tables.clone_from(&scope.ctes);
            }
            query.with = with;
        }
        let statement = Statement::Statement(Box::new(SqlStatement::Query(query)));
        let plan = identifiers::plan(self.state, statement).await?;
        Ok(plan.schema().as_arrow().clone())
    }
}

/// The queries directly inside a node, taken out so that each can be planned by itself.
struct Nested {
    stub: Query,
    queries: Vec<Query>,
    depth: usize,
    back: bool,
}

impl Nested {
    fn taken(node: &mut impl VisitMut) -> Result<Self> {
        let stub = *parsed("SELECT 1")?;
        let mut nested = Self {
            stub,
            queries: Vec::new(),
            depth: 0,
            back: false,
        };
        let _: ControlFlow<()> = node.visit(&mut nested);
        Ok(nested)
    }

    fn put_back(mut self, node: &mut impl VisitMut) {
        self.back = true;
        self.queries.reverse();
        let _: ControlFlow<()> = node.visit(&mut self);
    }
}

impl VisitorMut for Nested {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if self.depth == 0 && !self.back {
            let stub = self.stub.clone();
            self.queries.push(std::mem::replace(query, stub));
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        if self.depth == 0
            && self.back
            && let Some(taken) = self.queries.pop()
        {
            *query = taken;
        }
        ControlFlow::Continue(())
    }
}

/// Gives each `expand` call the name of a column in between; returns the calls as written.
fn set_apart(projection: &mut [SelectItem]) -> Result<Vec<String>> {
    let mut calls = Vec::new();
    for item in projection {
        let expr = match item {
            SelectItem::UnnamedExpr(expr) if is_call_of(expr, EXPAND) => expr,
            SelectItem::ExprWithAlias { expr, .. } if is_call_of(expr, EXPAND) => {
                return Err(refused(format!(
                    "{expr} gives several columns and takes no alias; to rename one, select it \
                     from a subquery"
                )));
            }
            _ => continue,
        };
        let written = expr.to_string();
        let Expr::Function(call) = expr else { continue };
        let alias = Ident::with_quote('"', format!("{STRUCT}{}", calls.len()));
        *item = SelectItem::ExprWithAlias {
            expr: argument(call)?,
            alias,
        };
        calls.push(written);
    }
    Ok(calls)
}

fn argument(call: &Function) -> Result<Expr> {
    let FunctionArguments::List(list) = &call.args else {
        return Err(one_argument());
    };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] if call.over.is_none() => {
            Ok(expr.clone())
        }
        _ => Err(one_argument()),
    }
}

fn one_argument() -> DataFusionError {
    refused("expand takes one STRUCT or LIST of STRUCT: expand(nps_summary(nps))".into())
}

fn refused(text: String) -> DataFusionError {
    Error::Statement(text).into()
}

fn parsed(sql: &str) -> Result<Box<Query>> {
    let query = operands::parsed(sql, Parser::parse_query);
    query.map_err(|error| Error::Internal(format!("expand made {sql}: {error}")).into())
}
