//! Names of columns: what has no name of its own is called as it was written.
//!
//! Here because DataFusion names an expression after its plan (`nps(responses.nps)`,
//! `Int64(5) / Int64(2)`), which nobody would guess who wants to refer to it. What is written twice
//! is numbered, since the planner wants every name once.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectNamePart, OrderByExpr, OrderByKind, Query, Select, SelectFlavor, SelectItem,
    SetExpr, VisitMut, VisitorMut, WildcardAdditionalOptions,
};

use super::calls::is_call_of;
use super::{as_read, walk};

/// Gives every unnamed expression of a SELECT its own text as its name.
pub(in crate::engine) fn keep(statement: &mut Statement) {
    let _: ControlFlow<()> = walk(statement, &mut Names);
}

struct Names;

impl VisitorMut for Names {
    type Break = ();

    /// ORDER BY finds an expression of the SELECT by its name: behind GROUP BY, DISTINCT and UNION
    /// the planner does not see that it is the same.
    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if let Some(select) = first_select(&mut query.body) {
            let named = name_all(select);
            if let Some(order) = &mut query.order_by
                && let OrderByKind::Expressions(keys) = &mut order.kind
            {
                keys.iter_mut().for_each(|key| refer(key, &named));
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        name_all(select);
        ControlFlow::Continue(())
    }
}

/// The SELECT that names the columns of a query.
fn first_select(body: &mut SetExpr) -> Option<&mut Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::SetOperation { left, .. } => first_select(left),
        _ => None,
    }
}

/// An expression that the pass has named.
struct Named {
    folded: Expr,
    name: Ident,
}

/// Names what has no name, and tells what it named how.
fn name_all(select: &mut Select) -> Vec<Named> {
    if select.flavor == SelectFlavor::FromFirstNoSelect && select.projection.is_empty() {
        let all = WildcardAdditionalOptions::default();
        select.projection.push(SelectItem::Wildcard(all));
    }
    let mut taken: HashSet<String> = select.projection.iter().filter_map(given_name).collect();
    let mut columns = HashSet::new();
    let mut named = Vec::new();
    for item in &mut select.projection {
        let SelectItem::UnnamedExpr(expr) = item else {
            continue;
        };
        let name = match (name_of(expr), column_of(expr)) {
            (Some(name), _) => distinct(&name, &mut taken),
            // A column keeps its name, but the second time it needs another.
            (None, Some(column)) if !columns.insert(column.clone()) => {
                distinct(&column, &mut taken)
            }
            _ => continue,
        };
        let (expr, name) = (expr.clone(), Ident::with_quote('"', name));
        named.push(Named {
            folded: folded(&expr),
            name: name.clone(),
        });
        *item = SelectItem::ExprWithAlias { expr, alias: name };
    }
    named
}

/// The name that an item was given: its alias, or that of the column which it is.
fn given_name(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(as_read(alias)),
        SelectItem::UnnamedExpr(expr) => column_of(expr),
        _ => None,
    }
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

/// The name of a plain column.
fn column_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(as_read(name)),
        Expr::Nested(inner) => column_of(inner),
        _ => None,
    }
}

/// The name, or the first of `name:1`, `name:2` … that is free.
fn distinct(name: &str, taken: &mut HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut repeats = 0;
    while !taken.insert(free.clone()) {
        repeats += 1;
        free = format!("{name}:{repeats}");
    }
    free
}

/// Orders by the name of the expression that stands in the SELECT. A literal is a place there.
fn refer(key: &mut OrderByExpr, named: &[Named]) {
    if matches!(key.expr, Expr::Value(_)) {
        return;
    }
    let wanted = folded(&key.expr);
    if let Some(found) = named.iter().find(|named| named.folded == wanted) {
        key.expr = Expr::Identifier(found.name.clone());
    }
}

/// An expression with the names in it as SQL reads them, so that equal ones compare equal.
fn folded(expr: &Expr) -> Expr {
    let mut folded = expr.clone();
    let _: ControlFlow<()> = folded.visit(&mut Fold);
    folded
}

struct Fold;

impl VisitorMut for Fold {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let fold = |name: &mut Ident| {
            *name = Ident::with_quote('"', as_read(name));
        };
        match expr {
            Expr::Identifier(name) => fold(name),
            Expr::CompoundIdentifier(parts) => parts.iter_mut().for_each(fold),
            Expr::Function(call) => {
                for part in &mut call.name.0 {
                    if let ObjectNamePart::Identifier(name) = part {
                        fold(name);
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
