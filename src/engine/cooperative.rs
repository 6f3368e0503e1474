//! The last physical rule: operators that turn few batches into many give way to others.
//!
//! DataFusion makes leaves yield; a join or a window above them can answer for minutes from one
//! batch without asking its input again, and could then not be stopped.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;

use super::stop::{Stop, stoppable};

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
                let node: Arc<dyn ExecutionPlan> = Arc::new(CooperativeExec::new(node));
                return Ok(Transformed::yes(node));
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
