//! Timestamps in universal time are plain ones with a label.
//!
//! Here because arrow and DataFusion look a zone's offset up for every value that carries one, for
//! UTC too: dates of 20 million answers took most of the time of an NPS by month.

use arrow::datatypes::DataType::{self, Date32, Timestamp};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Cast, Expr, ExprSchemable, LogicalPlan};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// The same type without its zone, if it is a timestamp in universal time.
pub(super) fn plain(kind: &DataType) -> Option<DataType> {
    match kind {
        Timestamp(unit, Some(zone)) if is_universal(zone) => Some(Timestamp(*unit, None)),
        _ => None,
    }
}

/// Whether a zone of Arrow never differs from universal time.
fn is_universal(zone: &str) -> bool {
    matches!(zone, "UTC" | "+00:00" | "Etc/UTC" | "GMT")
}

/// Takes the zone off before a timestamp in universal time becomes a date or one of its parts.
///
/// Only in what a query computes: filters keep the form that prunes files and row groups.
#[derive(Debug)]
pub(super) struct DatesOfUniversalTime;

impl OptimizerRule for DatesOfUniversalTime {
    fn name(&self) -> &'static str {
        "dates_of_universal_time"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        if !matches!(plan, LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_)) {
            return Ok(Transformed::no(plan));
        }
        let schema = merge_schema(&plan.inputs());
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let rewritten = expr.transform_up(|expr| without_zone(expr, &schema))?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })
    }
}

fn without_zone(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::Cast(mut cast) if cast.field.data_type() == &Date32 => {
            let (inner, changed) = stripped(*cast.expr, schema)?;
            cast.expr = Box::new(inner);
            Ok(Transformed::new_transformed(Expr::Cast(cast), changed))
        }
        Expr::ScalarFunction(mut call) if call.name() == "date_part" => {
            let Some(last) = call.args.pop() else {
                return Ok(Transformed::no(Expr::ScalarFunction(call)));
            };
            let (inner, changed) = stripped(last, schema)?;
            call.args.push(inner);
            Ok(Transformed::new_transformed(
                Expr::ScalarFunction(call),
                changed,
            ))
        }
        other => Ok(Transformed::no(other)),
    }
}

fn stripped(expr: Expr, schema: &DFSchema) -> Result<(Expr, bool)> {
    match plain(&expr.get_type(schema)?) {
        Some(kind) => Ok((Expr::Cast(Cast::new(Box::new(expr), kind)), true)),
        None => Ok((expr, false)),
    }
}
