//! `(nps_summary(score)).low`: a field by its name after a point, as after a column.
//!
//! Here because the planner knows the brackets `['low']` only where something is computed.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{AccessExpr, Expr, Value, VisitorMut};

use super::{as_read, walk};

/// Turns names after a point into the texts that the planner takes.
pub(super) fn name(statement: &mut Statement) {
    let _: ControlFlow<()> = walk(statement, &mut Fields);
}

struct Fields;

impl VisitorMut for Fields {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let Expr::CompoundFieldAccess { root, access_chain } = expr else {
            return ControlFlow::Continue(());
        };
        // In `alias.column[1]` the first names are a column's, which the planner reads itself.
        let of_column = |access: &AccessExpr| matches!(access, AccessExpr::Dot(_));
        let skipped = match root.as_ref() {
            Expr::Identifier(_) => access_chain.iter().take_while(|a| of_column(a)).count(),
            _ => 0,
        };
        for access in access_chain.iter_mut().skip(skipped) {
            if let AccessExpr::Dot(Expr::Identifier(field)) = access {
                let text = Value::SingleQuotedString(as_read(field));
                *access = AccessExpr::Dot(Expr::Value(text.into()));
            }
        }
        ControlFlow::Continue(())
    }
}
