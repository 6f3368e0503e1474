//! What is allowed and probably not meant: told beside the answer, never refused.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};

use super::metrics::Metrics;
use crate::project::scale_of;

/// Functions that read their first argument as an answer from 0 to 10.
const OF_TEN: [&str; 6] = [
    "nps",
    "nps_summary",
    "nps_compare",
    "promoters",
    "passives",
    "detractors",
];

/// The slips of a statement by its plan, each once; those of the views that it reads are not its own.
pub(super) fn remarks(sql: &str, plan: &LogicalPlan, metrics: &Metrics) -> Vec<String> {
    let mut remarks = Vec::new();
    let written = unspaced(sql);
    let walked = plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                let slip = slip(expr, &schema, metrics);
                remarks.extend(slip.filter(|(what, _)| written.contains(&unspaced(what))));
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    // A plan that cannot be walked has worse to say than a slip.
    let _: Result<TreeNodeRecursion> = walked;
    let mut told: Vec<String> = Vec::new();
    for (_, remark) in remarks {
        if !told.contains(&remark) {
            told.push(remark);
        }
    }
    told
}

/// A text without spaces, capitals and tables before columns, with one spelling of each operator and
/// number, to find what was written: the planner calls `count(*)` `count(Int64(1))`.
fn unspaced(text: &str) -> String {
    let plain = without_owners(&without_types(&text.to_lowercase()));
    let letters = plain.chars().filter(|letter| !letter.is_whitespace());
    let plain: String = letters.collect();
    let plain = plain.replace("<>", "!=").replace("==", "=");
    plain.replace("count(*)", "count(1)").replace('"', "")
}

/// `int64(9)` as `9`.
fn without_types(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("int64(") {
        let (number, behind) = after.split_once(')').unwrap_or((after, ""));
        plain.push_str(before);
        plain.push_str(number);
        rest = behind;
    }
    plain + rest
}

/// `responses.nps` as `nps`.
fn without_owners(text: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '"');
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_name = plain
            .chars()
            .next_back()
            .is_some_and(|last| !last.is_ascii_digit() && is_part(last));
        if letter == '.' && is_name {
            let kept = plain.trim_end_matches(is_part).len();
            plain.truncate(kept);
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// What was written, and what to say of it.
type Slip = (String, String);

fn slip(expr: &Expr, schema: &DFSchema, metrics: &Metrics) -> Option<Slip> {
    match expr {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Divide,
            right,
        }) => {
            let is_whole = |side: &Expr| side.get_type(schema).is_ok_and(|kind| kind.is_integer());
            (is_whole(left) && is_whole(right)).then(|| {
                let (written, left, right) = (shown(expr), shown(left), shown(right));
                let said = format!("{} / {}", as_written(&left), as_written(&right));
                let remark = format!(
                    "{said} divides whole numbers and drops what is left over; write {} / \
                     CAST({} AS DOUBLE) to keep it",
                    as_written(&left),
                    as_written(&right)
                );
                (written, remark)
            })
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => with_null(left, *op, right),
        Expr::AggregateFunction(call) => of_ten(call, metrics),
        Expr::ScalarFunction(call) if call.name() == "to_char" => pattern(call.args.get(1)?),
        _ => None,
    }
}

/// A format of another engine, which stands for itself.
fn pattern(format: &Expr) -> Option<Slip> {
    let Expr::Literal(ScalarValue::Utf8(Some(format)), _) = format else {
        return None;
    };
    let remark = format!(
        "to_char writes '{format}' as it stands: years, months and days are %Y, %m and %d, as in \
         to_char(column, '%Y-%m')"
    );
    (!format.contains('%')).then(|| ("to_char(".to_owned(), remark))
}

/// A comparison with NULL, which is never true.
fn with_null(left: &Expr, operator: Operator, right: &Expr) -> Option<Slip> {
    let is_null = |side: &Expr| matches!(side, Expr::Literal(value, _) if value.is_null());
    let test = match operator {
        Operator::Eq => "IS NULL",
        Operator::NotEq => "IS NOT NULL",
        _ => return None,
    };
    let other = match (is_null(left), is_null(right)) {
        (false, true) => left,
        (true, false) => right,
        _ => return None,
    };
    let written = format!("{} {operator} {}", shown(left), shown(right));
    let remark = format!("{written} is never true; write {} {test}", shown(other));
    Some((written, remark))
}

/// A function of answers from 0 to 10 on a column that is known for another scale.
fn of_ten(call: &AggregateFunction, metrics: &Metrics) -> Option<Slip> {
    let function = call.func.name();
    let Some(Expr::Column(column)) = call.params.args.first() else {
        return None;
    };
    let name = column.name.as_str();
    let named = || scale_of(name).map(|(low, high)| (u64::from(low), u64::from(high)));
    let scale = metrics.scale(name).or_else(named);
    let (low, high) = scale.filter(|scale| *scale != (0, 10))?;
    OF_TEN.contains(&function).then(|| {
        let remark = format!(
            "{function}({name}) takes answers from 0 to 10, and {name} is a rating from {low} to \
             {high} by its name: none can be a promoter; csat({name}, {high}) is the share of its \
             two highest points"
        );
        (format!("{function}({name}"), remark)
    })
}

/// A name of the planner as somebody would write it.
fn as_written(name: &str) -> String {
    let plain = name.replace("count(Int64(1))", "count(*)");
    without_owners(&without_types(&plain.replace("Int64(", "int64(")))
}

/// An expression without the tables of its columns.
fn shown(expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => column.name.clone(),
        Expr::Literal(value, _) => value.to_string(),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            format!("{} {op} {}", shown(left), shown(right))
        }
        other => other.schema_name().to_string(),
    }
}
