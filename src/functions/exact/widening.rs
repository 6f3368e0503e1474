//! Whole numbers are computed in 64 bits, checked where these could be too few.
//!
//! Here because a rating is read as `Int8`, counts are unsigned, and DataFusion computes in the
//! type of its operands: `nps * csat * ces` would wrap at 127, and a difference of counts below zero.

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, cast};
use datafusion::optimizer::AnalyzerRule;
use datafusion::optimizer::utils::NamePreserver;

use super::{checked, lengths};

/// Bits of a whole number without its sign.
const MOST: u32 = 63;

/// The rule.
#[derive(Debug)]
pub(super) struct Widening;

impl AnalyzerRule for Widening {
    fn name(&self) -> &str {
        "whole_numbers_in_64_bits"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        // The schema of a UNION is found later: above it a column may be wider than it says.
        let mut has_union = false;
        plan.apply_with_subqueries(|node| {
            has_union |= matches!(node, LogicalPlan::Union(_));
            Ok(match has_union {
                true => TreeNodeRecursion::Stop,
                false => TreeNodeRecursion::Continue,
            })
        })?;
        plan.transform_up_with_subqueries(|plan| node(plan, !has_union))
            .map(|plan| plan.data)
    }
}

fn node(plan: LogicalPlan, trusts: bool) -> Result<Transformed<LogicalPlan>> {
    let mut schema = merge_schema(&plan.inputs());
    if let LogicalPlan::TableScan(scan) = &plan {
        let table = scan.table_name.clone();
        schema.merge(&DFSchema::try_from_qualified_schema(
            table,
            &scan.source.schema(),
        )?);
    }
    let names = NamePreserver::new(&plan);
    let widened = plan.map_expressions(|expr| {
        let name = names.save(&expr);
        let widened = expr.transform_up(|expr| widened(expr, &schema, trusts))?;
        Ok(widened.update_data(|expr| name.restore(expr)))
    })?;
    widened.map_data(LogicalPlan::recompute_schema)
}

fn widened(expr: Expr, schema: &DFSchema, trusts: bool) -> Result<Transformed<Expr>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if matches!(op, Operator::Plus | Operator::Minus | Operator::Multiply) =>
        {
            let is_whole = |side: &Expr| side.get_type(schema).is_ok_and(|kind| kind.is_integer());
            if !is_whole(&left) || !is_whole(&right) {
                let unchanged = BinaryExpr { left, op, right };
                return Ok(Transformed::no(Expr::BinaryExpr(unchanged)));
            }
            let bits = |side: &Expr| if trusts { bits(side, schema) } else { MOST };
            let most = result_bits(op, bits(&left), bits(&right));
            let (left, right) = (long(*left, schema)?, long(*right, schema)?);
            let checked = match most > MOST {
                true => checked::call(left.clone(), op, right.clone()),
                false => None,
            };
            Ok(Transformed::yes(checked.unwrap_or_else(|| {
                Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right)))
            })))
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let compared = lengths::compared(&left, op, &right, schema);
            Ok(match compared {
                Some(compared) => Transformed::yes(compared),
                None => Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })),
            })
        }
        Expr::Between(between) => Ok(match lengths::between(&between, schema) {
            Some(between) => Transformed::yes(between),
            None => Transformed::no(Expr::Between(between)),
        }),
        Expr::Negative(inner) if inner.get_type(schema).is_ok_and(|kind| kind.is_integer()) => {
            let inner = long(*inner, schema)?;
            Ok(Transformed::yes(Expr::Negative(Box::new(inner))))
        }
        Expr::ScalarFunction(call) if is_narrow_abs(&call, schema) => {
            let args = call.args.into_iter().map(|arg| long(arg, schema));
            let args = args.collect::<Result<Vec<_>>>()?;
            Ok(Transformed::yes(call.func.call(args)))
        }
        other => Ok(Transformed::no(other)),
    }
}

/// `abs` of a column whose least value has no opposite.
fn is_narrow_abs(call: &ScalarFunction, schema: &DFSchema) -> bool {
    let is_narrow = |arg: &Expr| {
        let kind = arg.get_type(schema);
        kind.is_ok_and(|kind| matches!(kind, DataType::Int8 | DataType::Int16 | DataType::Int32))
    };
    call.name() == "abs" && call.args.first().is_some_and(is_narrow)
}

/// A whole number in 64 bits; one beyond them is an error when it is read.
fn long(expr: Expr, schema: &DFSchema) -> Result<Expr> {
    match expr.get_type(schema)? {
        DataType::Int64 => Ok(expr),
        _ => match &expr {
            Expr::Literal(value, metadata) => match value.cast_to(&DataType::Int64) {
                Ok(value) => Ok(Expr::Literal(value, metadata.clone())),
                Err(_) => Ok(cast(expr, DataType::Int64)),
            },
            _ => Ok(cast(expr, DataType::Int64)),
        },
    }
}

/// The bits that a result may need.
fn result_bits(operator: Operator, left: u32, right: u32) -> u32 {
    match operator {
        Operator::Multiply => left + right,
        _ => left.max(right) + 1,
    }
}

/// The bits that the values of an expression may need, without the sign.
fn bits(expr: &Expr, schema: &DFSchema) -> u32 {
    match expr {
        Expr::Literal(value, _) => of_literal(value),
        Expr::Alias(alias) => bits(&alias.expr, schema),
        Expr::Cast(cast) => {
            let to = of_type(cast.field.data_type());
            let from = cast
                .expr
                .get_type(schema)
                .is_ok_and(|kind| kind.is_integer());
            if from {
                to.min(bits(&cast.expr, schema))
            } else {
                to
            }
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if matches!(op, Operator::Plus | Operator::Minus | Operator::Multiply) =>
        {
            result_bits(*op, bits(left, schema), bits(right, schema)).min(MOST)
        }
        // The type of a column of an outer query may not be known yet.
        Expr::OuterReferenceColumn(..) => MOST,
        other => other.get_type(schema).map_or(MOST, |kind| of_type(&kind)),
    }
}

fn of_type(kind: &DataType) -> u32 {
    match kind {
        DataType::Int8 => 7,
        DataType::UInt8 => 8,
        DataType::Int16 => 15,
        DataType::UInt16 => 16,
        DataType::Int32 => 31,
        DataType::UInt32 => 32,
        _ => MOST,
    }
}

fn of_literal(value: &ScalarValue) -> u32 {
    match value.cast_to(&DataType::Int64) {
        Ok(ScalarValue::Int64(Some(value))) => 64 - value.unsigned_abs().leading_zeros(),
        Ok(ScalarValue::Int64(None)) => 0,
        _ => MOST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_needs_as_many_bits_as_its_operands_may_give() {
        let of = |value: i64| of_literal(&ScalarValue::Int64(Some(value)));
        assert_eq!([of(0), of(1), of(-1), of(255), of(256)], [0, 1, 1, 8, 9]);
        assert_eq!(of(i64::MIN), 64);
        assert_eq!(result_bits(Operator::Multiply, 7, 7), 14);
        assert_eq!(result_bits(Operator::Plus, 31, 7), 32);
    }
}
