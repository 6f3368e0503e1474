//! DataFusion's rule that hands filters down to the scans, kept from taking one column for another.
//!
//! It looks a filter's columns up by their names, and of two columns of one name it takes one for
//! both: of a RIGHT JOIN whose sides were swapped, `WHERE big.id IS NULL` was asked of `small.id`.
//! While the rule runs, a node that cannot tell its columns apart stands behind a gate that lets
//! through only filters of the columns that it can.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::filter_pushdown::{
    ChildFilterDescription, FilterDescription, FilterPushdownPhase,
};
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};

/// A physical rule.
type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// DataFusion's physical rules in their order.
pub(super) fn rules() -> Vec<Rule> {
    let rules = PhysicalOptimizer::new().rules.into_iter();
    let gated = rules.map(|rule| match rule.name() {
        name if name.starts_with("FilterPushdown") => Arc::new(Gated(rule)) as Rule,
        _ => rule,
    });
    gated.collect()
}

/// The rule, asked of a plan with gates.
#[derive(Debug)]
struct Gated(Rule);

impl PhysicalOptimizerRule for Gated {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let gated = plan.transform_up(|node| {
            let schema = node.schema();
            let columns = 0..schema.fields().len();
            let mut told_apart: HashSet<usize> =
                columns.clone().filter(|at| is_told(&node, *at)).collect();
            if told_apart.len() == columns.len() {
                return Ok(Transformed::no(node));
            }
            // The gate looks columns up by their names as well.
            told_apart.retain(|at| places(&node, schema.field(*at).name()).len() == 1);
            Ok(Transformed::yes(Arc::new(Gate { node, told_apart }) as _))
        })?;
        let pushed = self.0.optimize(gated.data, config)?;
        if !gated.transformed {
            return Ok(pushed);
        }
        let open = pushed.transform_up(|node| {
            Ok(match node.downcast_ref::<Gate>() {
                Some(gate) => Transformed::yes(Arc::clone(&gate.node)),
                None => Transformed::no(node),
            })
        })?;
        Ok(open.data)
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}

/// Whether a node finds its column by the name where it is.
fn is_told(node: &Arc<dyn ExecutionPlan>, at: usize) -> bool {
    let schema = node.schema();
    let name = schema.field(at).name();
    if node.is::<ProjectionExec>() {
        return places(node, name).len() == 1;
    }
    let children = node.children();
    if children.iter().any(|child| places(child, name).len() > 1) {
        return false;
    }
    match node.downcast_ref::<HashJoinExec>() {
        Some(join) => is_told_of_partner(join, name),
        None if node.name() == "UnionExec" => {
            let mut found = children.iter().flat_map(|child| places(child, name));
            found.all(|place| place == at)
        }
        None => true,
    }
}

/// Whether a column that a semijoin asks of the other side too is, there, the key it is compared to.
fn is_told_of_partner(join: &HashJoinExec, name: &str) -> bool {
    let (partner, is_left) = match join.join_type() {
        JoinType::LeftSemi => (join.right(), true),
        JoinType::RightSemi => (join.left(), false),
        _ => return true,
    };
    places(partner, name).is_empty()
        || join.on().iter().any(|(left, right)| {
            let (own, other) = if is_left {
                (left, right)
            } else {
                (right, left)
            };
            is_called(own, name) && is_called(other, name)
        })
}

fn is_called(key: &Arc<dyn PhysicalExpr>, name: &str) -> bool {
    let column = key.downcast_ref::<Column>();
    column.is_some_and(|column| column.name() == name)
}

/// Where columns of a name stand.
fn places(node: &Arc<dyn ExecutionPlan>, name: &str) -> Vec<usize> {
    let schema = node.schema();
    let fields = schema.fields().iter().enumerate();
    fields
        .filter(|(_, field)| field.name() == name)
        .map(|(at, _)| at)
        .collect()
}

/// Lets filters through to its node whose columns are told apart.
#[derive(Debug)]
struct Gate {
    node: Arc<dyn ExecutionPlan>,
    told_apart: HashSet<usize>,
}

impl DisplayAs for Gate {
    fn fmt_as(&self, _kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

impl ExecutionPlan for Gate {
    fn name(&self) -> &'static str {
        "Gate"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.node.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.node]
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
        let node = children.into_iter().next();
        Ok(Arc::new(Self {
            node: node.unwrap_or_else(|| Arc::clone(&self.node)),
            told_apart: self.told_apart.clone(),
        }))
    }

    fn gather_filters_for_pushdown(
        &self,
        _phase: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _config: &ConfigOptions,
    ) -> Result<FilterDescription> {
        let let_through = ChildFilterDescription::from_child_with_allowed_indices(
            &filters,
            self.told_apart.clone(),
            &self.node,
        )?;
        Ok(FilterDescription::new().with_child(let_through))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        self.node.execute(partition, context)
    }
}
