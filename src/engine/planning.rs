//! From the text of a statement to its plan: measured, parsed, bound, rewritten, planned.

use std::collections::VecDeque;

use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;
use datafusion::sql::sqlparser::dialect::GenericDialect;

use super::catalog::View;
use super::declared;
use super::errors::explain;
use super::rewrite::{self, Labels, operands, summarize};
use super::tables::Tables;
use super::text::{check_length, check_tokens, tokens};
use crate::error::{Error, Result};

/// Nested expressions and queries that the parser follows; each takes several frames of stack.
const NESTING: usize = 128;

/// The one statement of a text.
///
/// # Errors
/// [`Error::Limit`] for a text that is too long or too deep, [`Error::Statement`] for wrong syntax
/// and what latido does not do, [`Error::Usage`] for none or several statements.
pub(super) fn parse(sql: &str) -> Result<Statement> {
    check_length(sql)?;
    let tokens = tokens(sql).unwrap_or_default();
    check_tokens(&tokens)?;
    let plain = parsed(DFParserBuilder::new(sql));
    let mut statements = match plain {
        Ok(statements) if !summarize::looks_like_a_table(&tokens) => statements,
        plain => match summarize::spelled_out(&tokens)? {
            Some(tokens) => parsed(DFParserBuilder::new(tokens)).map_err(explain)?,
            None => plain.map_err(explain)?,
        },
    };
    match (statements.pop_front(), statements.len()) {
        (Some(mut statement), 0) => {
            operands::end_all(&mut statement, &tokens);
            Ok(statement)
        }
        (None, _) => Err(Error::Usage("there is no statement to run".into())),
        (Some(_), more) => Err(Error::Usage(format!(
            "{} statements in one text; run them one by one",
            more + 1
        ))),
    }
}

fn parsed(parser: DFParserBuilder) -> Result<VecDeque<Statement>, DataFusionError> {
    parser
        .with_dialect(&GenericDialect {})
        .with_recursion_limit(NESTING)
        .build()
        .and_then(|mut parser| parser.parse_statements())
}

/// Plans a statement on the tables of its session.
pub(super) async fn plan(tables: &Tables, statement: Statement) -> Result<(LogicalPlan, Labels)> {
    let state = tables.session();
    rewrite::plan(&state, statement)
        .await
        .map_err(|error| tables.catalog().explain(error, &state))
}

/// Plans a query that is kept as text.
pub(super) async fn plan_view(tables: &Tables, view: &View) -> Result<LogicalPlan> {
    let mut statement = parse(&view.query)?;
    if let Some(directory) = &view.directory {
        declared::anchor(directory, &mut statement);
    }
    rewrite::names::keep(&mut statement);
    match &statement {
        Statement::Statement(inner) if matches!(inner.as_ref(), SqlStatement::Query(_)) => {
            let (plan, _) = plan(tables, statement).await?;
            Ok(plan)
        }
        _ => Err(Error::Statement("a view is a query".into())),
    }
}
