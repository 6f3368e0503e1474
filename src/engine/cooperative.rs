//! The last physical rule: operators that turn few batches into many give way to others.
//!
//! DataFusion makes leaves yield; a join or a window above them can answer for minutes from one
//! batch without asking its input again, and could then not be stopped. DataFusion's own wrapper
//! takes from the budget of the task before it asks its input, so a stack of more of them than the
//! budget has units never gets to ask at all; this one counts the batches of its own stream.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{Stream, StreamExt};

use super::stop::{Stop, stoppable};

/// Batches that a stream gives before it yields.
const IN_A_ROW: usize = 32;

/// Operators that give many batches for one of their input.
const GENEROUS: [&str; 10] = [
    "CrossJoinExec",
    "NestedLoopJoinExec",
    "HashJoinExec",
    "SortMergeJoinExec",
    "SymmetricHashJoinExec",
    "PiecewiseMergeJoin",
    "SortExec",
    "WindowAggExec",
    "BoundedWindowAggExec",
    "UnnestExec",
];

/// Wraps joins, sorts, windows and unnests so that they yield, and filters of joins so that they
/// stop; made for one statement.
#[derive(Debug)]
pub(super) struct Cooperative(pub(super) Stop);

impl PhysicalOptimizerRule for Cooperative {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wrapped = plan.transform_up(|node| {
            if GENEROUS.contains(&node.name()) {
                let node = stoppable(&node, &self.0)?.unwrap_or(node);
                return Ok(Transformed::yes(Arc::new(Yielding(node)) as _));
            }
            Ok(Transformed::no(node))
        })?;
        Ok(wrapped.data)
    }

    fn name(&self) -> &'static str {
        "cooperative"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Passes the batches of an operator on and yields now and then.
#[derive(Debug)]
struct Yielding(Arc<dyn ExecutionPlan>);

impl DisplayAs for Yielding {
    fn fmt_as(&self, _kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Yielding")
    }
}

impl ExecutionPlan for Yielding {
    fn name(&self) -> &'static str {
        "Yielding"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.0.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.0]
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let inner = children.into_iter().next();
        Ok(Arc::new(Self(inner.unwrap_or_else(|| Arc::clone(&self.0)))))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        Ok(Box::pin(YieldingStream {
            inner: self.0.execute(partition, context)?,
            given: 0,
        }))
    }
}

struct YieldingStream {
    inner: SendableRecordBatchStream,
    /// Batches since it last yielded.
    given: usize,
}

impl Stream for YieldingStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.given >= IN_A_ROW {
            self.given = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = self.inner.poll_next_unpin(context);
        match polled {
            Poll::Ready(_) => self.given += 1,
            Poll::Pending => self.given = 0,
        }
        polled
    }
}

impl RecordBatchStream for YieldingStream {
    fn schema(&self) -> SchemaRef {
        self.inner.schema()
    }
}
