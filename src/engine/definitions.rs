//! Statements that change the engine instead of giving rows: CREATE, DROP, SET, INSERT.

use std::sync::Arc;

use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::dml::WriteOp;
use datafusion::logical_expr::{
    CreateExternalTable, CreateMemoryTable, DdlStatement, DmlStatement, LogicalPlan,
    Statement as SessionStatement,
};
use datafusion::physical_plan::{ExecutionPlan, execute_stream_partitioned};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{CreateView, ObjectName, Statement as SqlStatement};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::Token;
use futures::StreamExt;

use super::buffers::Buffers;
use super::catalog::{Files, Memory, Relation, View, WhenTaken};
use super::errors::explain;
use super::rewrite::as_read;
use super::session::Sessions;
use super::tables::Tables;
use super::text::{Places, keyword, tokens};
use crate::error::{Error, Result};
use crate::sources::{Location, ReadOptions, complete_copy, refuse_partial};

/// Fills in what a `COPY … TO` leaves to the ending of its target.
pub(super) fn complete(statement: &mut Statement) -> Result<()> {
    match statement {
        Statement::CopyTo(copy) => complete_copy(copy),
        Statement::Explain(explain) => complete(&mut explain.statement),
        _ => Ok(()),
    }
}

/// Refuses what the planner would refuse only after its parameters were missed.
pub(super) fn refuse_kinds(statement: &Statement) -> Result<()> {
    let Statement::Statement(inner) = statement else {
        return Ok(());
    };
    match inner.as_ref() {
        SqlStatement::Prepare { .. } | SqlStatement::Execute { .. } => Err(prepared()),
        _ => Ok(()),
    }
}

fn prepared() -> Error {
    Error::Statement(
        "PREPARE and EXECUTE are not supported; write $name in the statement and give --param \
         name=value"
            .into(),
    )
}

/// `CREATE VIEW`, if the statement is one: the query is kept as text.
pub(super) async fn create_view(
    tables: &Tables,
    statement: &Statement,
    sql: &str,
) -> Result<Option<()>> {
    let Statement::Statement(inner) = statement else {
        return Ok(None);
    };
    let SqlStatement::CreateView(view) = inner.as_ref() else {
        return Ok(None);
    };
    refuse_kinds_of_view(view)?;
    let name = own_name(&view.name)?;
    let when_taken = WhenTaken::of(view.if_not_exists, view.or_replace)?;
    if !tables.catalog().may_create(&name, when_taken)? {
        return Ok(Some(()));
    }
    let view = View {
        directory: None,
        query: query_of(view, sql)?,
        definition: sql.to_owned(),
    };
    tables.plan_view(&name, &view).await?;
    tables.catalog().put(&name, Relation::View(Arc::new(view)));
    Ok(Some(()))
}

fn refuse_kinds_of_view(view: &CreateView) -> Result<()> {
    if view.materialized {
        return Err(Error::Statement(
            "materialized views are not supported; write CREATE VIEW, or CREATE TABLE … AS to keep \
             the rows"
                .into(),
        ));
    }
    if view.temporary || view.or_alter || view.to.is_some() {
        return Err(Error::Statement(
            "a view is made by CREATE [OR REPLACE] VIEW name [(columns)] AS query".into(),
        ));
    }
    Ok(())
}

/// The text after the first AS outside parentheses, under the view's own column names if it
/// gives any.
fn query_of(view: &CreateView, sql: &str) -> Result<String> {
    let tokens = tokens(sql).map_err(|error| Error::Statement(error.to_string()))?;
    let mut depth = 0_usize;
    let start = tokens.iter().find(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && keyword(&token.token) == Keyword::AS
    });
    let start = start.ok_or_else(|| Error::Statement("a view needs AS and a query".into()))?;
    let query = sql[Places::of(sql).byte(start.span.end)..]
        .trim()
        .trim_end_matches(';');
    if view.columns.is_empty() {
        return Ok(query.to_owned());
    }
    let names: Vec<String> = view
        .columns
        .iter()
        .map(|column| column.name.to_string())
        .collect();
    Ok(format!(
        "SELECT * FROM (\n{query}\n) AS v({})",
        names.join(", ")
    ))
}

fn own_name(name: &ObjectName) -> Result<String> {
    let parts: Vec<_> = name.0.iter().filter_map(|part| part.as_ident()).collect();
    match parts.as_slice() {
        [name] => Ok(as_read(name)),
        _ => Err(Error::Statement(format!(
            "{name}: tables and views have a name of one part"
        ))),
    }
}

fn own_table(name: &TableReference) -> Result<&str> {
    match name {
        TableReference::Bare { table } => Ok(table),
        other => Err(Error::Statement(format!(
            "{other}: tables and views have a name of one part"
        ))),
    }
}

/// Does what a plan without rows asks for; gives back a plan that is to be run.
pub(super) async fn apply(
    sessions: &Sessions,
    tables: &Tables,
    plan: LogicalPlan,
) -> Result<Option<LogicalPlan>> {
    if let LogicalPlan::Dml(change) = &plan {
        check_change(tables, change)?;
    }
    refuse_partial(&plan)?;
    match plan {
        LogicalPlan::Ddl(definition) => define(sessions, tables, definition).await.map(|()| None),
        LogicalPlan::Statement(statement) => configure(sessions, &statement).map(|()| None),
        LogicalPlan::Analyze(analyze) if writes(&analyze.input) => Err(Error::Statement(
            "EXPLAIN ANALYZE runs the statement, so it takes a query only; write EXPLAIN".into(),
        )),
        other => Ok(Some(other)),
    }
}

fn writes(plan: &LogicalPlan) -> bool {
    matches!(
        plan,
        LogicalPlan::Copy(_)
            | LogicalPlan::Dml(_)
            | LogicalPlan::Ddl(_)
            | LogicalPlan::Statement(_)
    )
}

async fn define(sessions: &Sessions, tables: &Tables, definition: DdlStatement) -> Result<()> {
    let catalog = tables.catalog();
    match definition {
        DdlStatement::CreateExternalTable(create) => create_external(tables, &create).await,
        DdlStatement::CreateMemoryTable(create) => create_memory(sessions, tables, create).await,
        DdlStatement::DropTable(drop) => {
            catalog.drop_one(own_table(&drop.name)?, "table", drop.if_exists)
        }
        DdlStatement::DropView(drop) => {
            catalog.drop_one(own_table(&drop.name)?, "view", drop.if_exists)
        }
        other => Err(Error::Statement(format!(
            "{} is not supported; tables and views are all in one schema, functions are built in",
            other.name()
        ))),
    }
}

async fn create_external(tables: &Tables, create: &CreateExternalTable) -> Result<()> {
    let name = own_table(&create.name)?;
    let when_taken = WhenTaken::of(create.if_not_exists, create.or_replace)?;
    if !tables.catalog().may_create(name, when_taken)? {
        return Ok(());
    }
    if create.unbounded || create.temporary {
        return Err(Error::Statement(
            "UNBOUNDED and TEMPORARY tables are not supported".into(),
        ));
    }
    let [location] = create.locations.as_slice() else {
        return Err(Error::Statement(
            "a table has one LOCATION; write a glob for several files".into(),
        ));
    };
    let files = Files {
        location: Location::parse(location)?,
        options: tables.reading(ReadOptions::of_statement(create)?),
    };
    tables.open_files(&files).await?;
    tables.catalog().put(name, Relation::Files(Arc::new(files)));
    Ok(())
}

async fn create_memory(
    sessions: &Sessions,
    tables: &Tables,
    create: CreateMemoryTable,
) -> Result<()> {
    let name = own_table(&create.name)?;
    let when_taken = WhenTaken::of(create.if_not_exists, create.or_replace)?;
    if !tables.catalog().may_create(name, when_taken)? {
        return Ok(());
    }
    let state = tables.session();
    let plan = state
        .create_physical_plan(&create.input)
        .await
        .map_err(explain)?;
    let schema = Arc::clone(create.input.schema().inner());
    let mut kept = sessions.memory.keep(0)?;
    let mut buffers = Buffers::default();
    let mut partitions = Vec::new();
    let plan: Arc<dyn ExecutionPlan> = plan;
    for mut stream in execute_stream_partitioned(plan, state.task_ctx()).map_err(explain)? {
        let mut batches = Vec::new();
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(explain)?;
            kept.grow(buffers.add(&batch))?;
            batches.push(batch);
        }
        partitions.push(batches);
    }
    let table = MemTable::try_new(schema, partitions)
        .map_err(explain)?
        .with_constraints(create.constraints)
        .with_column_defaults(create.column_defaults.into_iter().collect());
    let memory = Memory {
        table: Arc::new(table),
        _kept: kept,
    };
    tables
        .catalog()
        .put(name, Relation::Memory(Arc::new(memory)));
    Ok(())
}

fn check_change(tables: &Tables, change: &DmlStatement) -> Result<()> {
    let name = change.table_name.table();
    if !matches!(change.op, WriteOp::Insert(_)) {
        return Err(Error::Statement(format!(
            "{} is not supported; write CREATE OR REPLACE TABLE {name} AS SELECT …",
            change.op.name()
        )));
    }
    match tables.catalog().find(name)? {
        Some((_, Relation::View(_))) => Err(Error::Statement(format!(
            "{name} is a view and takes no rows"
        ))),
        _ => Ok(()),
    }
}

fn configure(sessions: &Sessions, statement: &SessionStatement) -> Result<()> {
    match statement {
        SessionStatement::SetVariable(set) => sessions.set(&set.variable, &set.value),
        SessionStatement::ResetVariable(reset) => sessions.reset(&reset.variable),
        SessionStatement::TransactionStart(_) | SessionStatement::TransactionEnd(_) => Err(
            Error::Statement("there are no transactions; each statement stands alone".into()),
        ),
        SessionStatement::Prepare(_)
        | SessionStatement::Execute(_)
        | SessionStatement::Deallocate(_) => Err(prepared()),
    }
}
