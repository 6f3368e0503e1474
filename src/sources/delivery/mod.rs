//! `COPY … TO`: output appears when it is complete, or not at all.
//!
//! DataFusion's own COPY leaves readable, partial files when its query fails. Here its writers
//! run against a stage, and only their success is published:
//!
//! | target | stage | published by | if the process is killed |
//! |---|---|---|---|
//! | a local file | a hidden directory beside it | fsync, one rename; replaces an existing file | the old file or the new one |
//! | a new local directory | a hidden directory beside it | fsync, one rename of the directory | nothing or everything |
//! | an existing local directory | a hidden directory in it | fsync, a rename per file | whole files; some may lack |
//! | an object | a multipart upload | its completion; replaces an existing object | the old object or the new one |
//! | a prefix in a bucket | a multipart upload per object | their completions, after all parts are there | whole objects; some may lack |
//!
//! A failure or a cancelled statement deletes the stage. What a killed process leaves is hidden
//! and unreadable: local stages are swept by the next COPY to that place, unfinished uploads by
//! the bucket's own lifecycle rule.

mod format;
mod stage;
mod target;
mod withheld;

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::datasource::sink::DataSinkExec;
use datafusion::datasource::{DefaultTableSource, MemTable};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::dml::CopyTo;
use datafusion::logical_expr::{DmlStatement, LogicalPlan, WriteOp};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::StreamExt;

use crate::error::Error;
use stage::Stage;
use target::Target;

pub use format::complete_copy;

/// Runs a planned `COPY … TO` and returns the number of rows written.
///
/// Memory, disk and object stores are those of the state's runtime environment. Dropping the
/// future stops the query and removes what was staged.
///
/// # Errors
/// Those of the query, as they are; `Error::Place` (external) for a target that cannot be
/// written. In both cases nothing of this statement is left under the target's name.
pub async fn deliver(state: &SessionState, copy: &CopyTo) -> Result<u64> {
    let target = Target::of(copy)?;
    let stage = Stage::open(state.runtime_env(), target)?;
    match write(state, copy, &stage).await {
        Ok(rows) => {
            stage.publish().await?;
            Ok(rows)
        }
        Err(error) => {
            // The writers wrap a store's refusal in "internal error"; the refusal itself is clear.
            let refusal = stage.discard().await;
            Err(refusal.map_or(error, DataFusionError::from))
        }
    }
}

async fn write(state: &SessionState, copy: &CopyTo, stage: &Stage) -> Result<u64> {
    let staged = CopyTo::new(
        Arc::clone(&copy.input),
        stage.url().to_owned(),
        copy.partition_by.clone(),
        Arc::clone(&copy.file_type),
        copy.options.clone().into_iter().collect::<HashMap<_, _>>(),
    );
    let plan = state
        .create_physical_plan(&LogicalPlan::Copy(staged))
        .await?;
    let plan = sink_of(plan)?;
    let sink = plan
        .downcast_ref::<DataSinkExec>()
        .ok_or_else(|| DataFusionError::Internal("a COPY was planned without a sink".to_owned()))?;
    let context = state.task_ctx();
    let rows = execute_stream(Arc::clone(sink.input()), Arc::clone(&context))?;
    let rows = without_null_partitions(rows, copy.partition_by.clone());
    sink.sink().write_all(rows, &context).await
}

/// Rules may have put operators of one input above the sink.
fn sink_of(mut plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    while plan.downcast_ref::<DataSinkExec>().is_none() {
        let below = match plan.children().as_slice() {
            [only] => Arc::clone(only),
            _ => {
                return Err(DataFusionError::Internal(
                    "a COPY was planned without a sink".into(),
                ));
            }
        };
        plan = below;
    }
    Ok(plan)
}

/// DataFusion writes a NULL partition as `0` or an empty name, and reads it back as such.
fn without_null_partitions(
    rows: SendableRecordBatchStream,
    columns: Vec<String>,
) -> SendableRecordBatchStream {
    let schema = rows.schema();
    let checked = rows.map(move |batch| batch.and_then(|batch| checked(batch, &columns)));
    Box::pin(RecordBatchStreamAdapter::new(schema, checked))
}

fn checked(batch: RecordBatch, columns: &[String]) -> Result<RecordBatch> {
    let null = columns.iter().find(|name| {
        batch
            .column_by_name(name)
            .is_some_and(|column| column.logical_null_count() > 0)
    });
    match null {
        None => Ok(batch),
        Some(name) => Err(Error::Data(format!(
            "COPY: {name} is NULL in some rows and a partition cannot be named NULL; give it a \
             name, as in coalesce({name}, 'unknown') AS {name}, or leave those rows out"
        ))
        .into()),
    }
}

/// Refuses the statements that would publish partial files past [`deliver`]: `INSERT` into a
/// table of files, and `EXPLAIN ANALYZE` of a COPY (which runs it).
///
/// # Errors
/// `Error::Statement` naming the table and the remedy.
pub fn refuse_partial(plan: &LogicalPlan) -> crate::error::Result<()> {
    let mut refusal = None;
    let outermost: *const LogicalPlan = plan;
    let walk = plan.apply(|node| {
        refusal = match node {
            LogicalPlan::Copy(_) if !std::ptr::eq(outermost, node) => analysed(plan),
            LogicalPlan::Dml(insert) => inserted(insert),
            _ => None,
        };
        Ok(if refusal.is_some() {
            TreeNodeRecursion::Stop
        } else {
            TreeNodeRecursion::Continue
        })
    });
    debug_assert!(walk.is_ok(), "the walk itself has nothing that fails");
    refusal.map_or(Ok(()), |text| Err(Error::Statement(text)))
}

/// A plain EXPLAIN only shows the plan.
fn analysed(plan: &LogicalPlan) -> Option<String> {
    (!matches!(plan, LogicalPlan::Explain(_)))
        .then(|| "EXPLAIN ANALYZE of a COPY would write files; analyse its query alone".to_owned())
}

fn inserted(insert: &DmlStatement) -> Option<String> {
    let in_memory = insert
        .target
        .downcast_ref::<DefaultTableSource>()
        .is_some_and(|source| source.table_provider.downcast_ref::<MemTable>().is_some());
    (matches!(insert.op, WriteOp::Insert(_)) && !in_memory).then(|| {
        format!(
            "INSERT INTO {table}: {table} is read from files, and an insert that fails would \
             leave half of its rows there; write COPY (SELECT …) TO 'file or directory' instead",
            table = insert.table_name
        )
    })
}
