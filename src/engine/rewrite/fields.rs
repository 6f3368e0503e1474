//! `(nps_summary(score)).low`: a field by its name after a point, as after a column.
//!
//! Here because the planner knows the brackets `['low']` only where something is computed.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{AccessExpr, Expr, Value, VisitorMut};

use super::walk;

/// Turns names after a point into the texts that the planner takes.
pub(super) fn name(statement: &mut Statement) {
    let _: ControlFlow<()> = walk(statement, &mut Fields);
}

struct Fields;

impl VisitorMut for Fields {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundFieldAccess { access_chain, .. } = expr {
            for access in access_chain {
                if let AccessExpr::Dot(Expr::Identifier(field)) = access {
                    let name = match field.quote_style {
                        Some(_) => field.value.clone(),
                        None => field.value.to_lowercase(),
                    };
                    let text = Value::SingleQuotedString(name);
                    *access = AccessExpr::Dot(Expr::Value(text.into()));
                }
            }
        }
        ControlFlow::Continue(())
    }
}
