//! DataFusion's optimizer rules, three of them held back where they would change the answer.
//!
//! A join of `IS NOT DISTINCT FROM` takes NULL for equal to NULL in all of its keys, so a key that
//! is moved into it or out of it changes its meaning. And a condition that is the same for all rows
//! decides about the row of an aggregate without GROUP BY, not about the rows that it reads.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::common::{NullEquality, Result};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    Aggregate, Expr, Filter, GroupingSet, Join, JoinType, Limit, LogicalPlan,
};
use datafusion::optimizer::{ApplyOrder, Optimizer, OptimizerConfig, OptimizerRule};

/// DataFusion's rules in their order.
pub(super) fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let rules = Optimizer::new().rules.into_iter();
    rules.map(held_back).collect()
}

fn held_back(rule: Arc<dyn OptimizerRule + Send + Sync>) -> Arc<dyn OptimizerRule + Send + Sync> {
    let with_care: Rewrite = match rule.name() {
        "eliminate_cross_join" => joins_kept_apart,
        "extract_equijoin_predicate" => keys_kept_alike,
        "push_down_filter" => conditions_kept_above,
        _ => return rule,
    };
    Arc::new(HeldBack { rule, with_care })
}

/// What a rule does to a plan.
type Rewrite =
    fn(&dyn OptimizerRule, LogicalPlan, &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>>;

/// A rule of DataFusion's under its own name, asked with care.
struct HeldBack {
    rule: Arc<dyn OptimizerRule + Send + Sync>,
    with_care: Rewrite,
}

impl fmt::Debug for HeldBack {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(to)
    }
}

impl OptimizerRule for HeldBack {
    fn name(&self) -> &str {
        self.rule.name()
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.rule.apply_order()
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        (self.with_care)(self.rule.as_ref(), plan, config)
    }
}

/// Joins that take NULL for equal to NULL are neither merged with those above and below them nor
/// given keys of a condition: all keys of a merged tree would be compared as those of its top are.
fn joins_kept_apart(
    rule: &dyn OptimizerRule,
    plan: LogicalPlan,
    config: &dyn OptimizerConfig,
) -> Result<Transformed<LogicalPlan>> {
    let mut found = false;
    plan.apply_with_subqueries(|node| {
        found |= matches!(node, LogicalPlan::Join(join) if null_is_null(join));
        Ok(if found {
            TreeNodeRecursion::Stop
        } else {
            TreeNodeRecursion::Continue
        })
    })?;
    if !found {
        return rule.rewrite(plan, config);
    }
    let fenced = plan.transform_up_with_subqueries(|node| {
        Ok(match node {
            LogicalPlan::Join(mut join)
                if join.join_type == JoinType::Inner && null_is_null(&join) =>
            {
                join.left = Arc::new(fence(join.left));
                join.right = Arc::new(fence(join.right));
                Transformed::yes(fence(Arc::new(LogicalPlan::Join(join))))
            }
            node => Transformed::no(node),
        })
    })?;
    rule.rewrite(fenced.data, config)?.map_data(|plan| {
        let open = plan.transform_up_with_subqueries(|node| {
            Ok(match node {
                LogicalPlan::Limit(Limit {
                    skip: None,
                    fetch: None,
                    input,
                }) => Transformed::yes(Arc::unwrap_or_clone(input)),
                node => Transformed::no(node),
            })
        })?;
        Ok(open.data)
    })
}

fn null_is_null(join: &Join) -> bool {
    join.null_equality == NullEquality::NullEqualsNull
}

/// A limit that limits nothing; joins are not looked for behind it.
fn fence(input: Arc<LogicalPlan>) -> LogicalPlan {
    LogicalPlan::Limit(Limit {
        skip: None,
        fetch: None,
        input,
    })
}

/// A join that takes NULL for equal to NULL gets no further keys; its condition stays one.
fn keys_kept_alike(
    rule: &dyn OptimizerRule,
    plan: LogicalPlan,
    config: &dyn OptimizerConfig,
) -> Result<Transformed<LogicalPlan>> {
    match &plan {
        LogicalPlan::Join(join) if null_is_null(join) && !join.on.is_empty() => {
            Ok(Transformed::no(plan))
        }
        _ => rule.rewrite(plan, config),
    }
}

/// Conditions that choose among results and not among rows stay above what makes the results:
/// those without columns where there is a result without rows, and those that differ each time
/// they are asked.
fn conditions_kept_above(
    rule: &dyn OptimizerRule,
    plan: LogicalPlan,
    config: &dyn OptimizerConfig,
) -> Result<Transformed<LogicalPlan>> {
    let LogicalPlan::Filter(top) = &plan else {
        return rule.rewrite(plan, config);
    };
    let mut predicates = VecDeque::from([&top.predicate]);
    let mut below = &top.input;
    // The rule merges filters without coming back here.
    while let LogicalPlan::Filter(filter) = below.as_ref() {
        predicates.push_front(&filter.predicate);
        below = &filter.input;
    }
    let needs_no_row = match below.as_ref() {
        LogicalPlan::Aggregate(aggregate) => gives_a_row_for_none(aggregate),
        LogicalPlan::Window(_) => false,
        _ => return rule.rewrite(plan, config),
    };
    let conditions = predicates.into_iter().cloned();
    let (stay, go): (Vec<Expr>, Vec<Expr>) = conditions
        .flat_map(split_conjunction_owned)
        .partition(|part| part.is_volatile() || (needs_no_row && part.column_refs().is_empty()));
    let (Some(stay), go) = (conjunction(stay), conjunction(go)) else {
        return rule.rewrite(plan, config);
    };
    let Some(go) = go else {
        return Ok(Transformed::no(plan));
    };
    let go = Filter::new(go, Arc::clone(below));
    let pushed = rule.rewrite(LogicalPlan::Filter(go), config)?;
    if !pushed.transformed {
        return Ok(Transformed::no(plan));
    }
    let stay = Filter::new(stay, Arc::new(pushed.data));
    Ok(Transformed::yes(LogicalPlan::Filter(stay)))
}

/// Whether an aggregate has a result even of no rows: one group holds them all.
fn gives_a_row_for_none(aggregate: &Aggregate) -> bool {
    aggregate.group_expr.iter().all(|key| match key {
        Expr::GroupingSet(GroupingSet::GroupingSets(sets)) => sets.iter().any(Vec::is_empty),
        Expr::GroupingSet(_) => true,
        _ => false,
    })
}
