//! Names of columns: what has no name of its own is called as it was written.
//!
//! Here because DataFusion names an expression after its plan (`nps(responses.nps)`,
//! `Int64(5) / Int64(2)`), which nobody would guess who wants to refer to it.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, OrderByKind, Query, Select, SelectItem, SetExpr, VisitorMut,
};

use super::calls::is_call_of;
use super::walk;

/// Gives every unnamed expression of a SELECT its own text as its name.
pub(super) fn keep(statement: &mut Statement) {
    let _: ControlFlow<()> = walk(statement, &mut Names);
}

struct Names;

impl VisitorMut for Names {
    type Break = ();

    /// ORDER BY finds an expression of the SELECT by its name: behind GROUP BY and DISTINCT the
    /// planner does not see that it is the same.
    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let SetExpr::Select(select) = query.body.as_mut() else {
            return ControlFlow::Continue(());
        };
        let named = name_all(select);
        if let Some(order) = &mut query.order_by
            && let OrderByKind::Expressions(keys) = &mut order.kind
        {
            for key in keys {
                let place = |expr: &Expr| matches!(expr, Expr::Value(_));
                let found = named.iter().find(|(expr, _)| *expr == key.expr);
                if let Some((_, name)) = found.filter(|_| !place(&key.expr)) {
                    key.expr = Expr::Identifier(name.clone());
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        name_all(select);
        ControlFlow::Continue(())
    }
}

/// Names what has no name, and tells what it named how.
fn name_all(select: &mut Select) -> Vec<(Expr, Ident)> {
    let mut named = Vec::new();
    for item in &mut select.projection {
        let SelectItem::UnnamedExpr(expr) = item else {
            continue;
        };
        if let Some(name) = name_of(expr) {
            let (expr, alias) = (expr.clone(), Ident::with_quote('"', name));
            named.push((expr.clone(), alias.clone()));
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }
    named
}

/// The text of an expression; none for a plain column and for what becomes several columns.
fn name_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => None,
        Expr::Wildcard(_) | Expr::QualifiedWildcard(_, _) => None,
        Expr::Nested(inner) => name_of(inner),
        _ if is_call_of(expr, "expand") || is_call_of(expr, "unnest") => None,
        _ => Some(expr.to_string()),
    }
}
