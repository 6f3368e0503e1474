//! How long a time is, compared with an interval: `answered_at - invited_at > INTERVAL '2 days'`.
//!
//! Here because the difference of two moments has no days, only nanoseconds, and intervals are
//! compared part by part: nineteen days would be less than two.

use arrow::datatypes::{DataType, IntervalMonthDayNano, TimeUnit};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, ExprSchemable, Operator, cast, not};

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;

/// A comparison of lengths with both sides in nanoseconds; none for any other.
pub(super) fn compared(
    left: &Expr,
    operator: Operator,
    right: &Expr,
    schema: &DFSchema,
) -> Option<Expr> {
    if !operator.supports_propagation() {
        return None;
    }
    let (left, right) = match (side(left, schema)?, side(right, schema)?) {
        (Side::Duration, Side::Interval(length)) => (nanoseconds(left), literal(length)),
        (Side::Interval(length), Side::Duration) => (literal(length), nanoseconds(right)),
        (Side::Interval(one), Side::Interval(other)) => (literal(one), literal(other)),
        (Side::Duration, Side::Duration) => return None,
    };
    Some(Expr::BinaryExpr(BinaryExpr::new(
        Box::new(left),
        operator,
        Box::new(right),
    )))
}

/// The same of BETWEEN.
pub(super) fn between(between: &Between, schema: &DFSchema) -> Option<Expr> {
    let low = compared(&between.expr, Operator::GtEq, &between.low, schema)?;
    let high = compared(&between.expr, Operator::LtEq, &between.high, schema)?;
    let inside = low.and(high);
    Some(if between.negated { not(inside) } else { inside })
}

/// What a side of a comparison is.
enum Side {
    /// The difference of two moments.
    Duration,
    /// An interval of so many nanoseconds, without months, which have no length.
    Interval(i64),
}

fn side(expr: &Expr, schema: &DFSchema) -> Option<Side> {
    if let Expr::Literal(ScalarValue::IntervalMonthDayNano(Some(interval)), _) = expr {
        let IntervalMonthDayNano {
            months,
            days,
            nanoseconds,
        } = *interval;
        let length = i64::from(days).checked_mul(DAY)?.checked_add(nanoseconds)?;
        return (months == 0).then_some(Side::Interval(length));
    }
    let kind = expr.get_type(schema).ok()?;
    matches!(kind, DataType::Duration(_)).then_some(Side::Duration)
}

fn nanoseconds(duration: &Expr) -> Expr {
    cast(duration.clone(), DataType::Duration(TimeUnit::Nanosecond))
}

fn literal(length: i64) -> Expr {
    Expr::Literal(ScalarValue::DurationNanosecond(Some(length)), None)
}
