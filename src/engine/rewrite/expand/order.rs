//! ORDER BY beside `expand`: what the answer does not have goes along in a hidden column.

use std::ops::ControlFlow;

use datafusion::execution::context::SessionState;
use datafusion::sql::sqlparser::ast::{Expr, Ident, OrderByKind, SelectItem, VisitMut, VisitorMut};

use super::HIDDEN;
use super::answer::Answer;

/// ORDER BY items that are no columns of the answer go along as hidden columns of the SELECT.
pub(super) fn hide(
    state: &SessionState,
    order: &mut OrderByKind,
    answer: &Answer,
    projection: &mut Vec<SelectItem>,
) -> Vec<String> {
    let OrderByKind::Expressions(items) = order else {
        return Vec::new();
    };
    let mut hidden = Vec::new();
    for item in items {
        if let Expr::CompoundIdentifier(parts) = &item.expr {
            let last = parts.last().filter(|last| answer.has(&folded(last)));
            if let Some(last) = last {
                item.expr = Expr::Identifier(last.clone());
                continue;
            }
        }
        let mut names = Names {
            state,
            answer,
            foreign: false,
        };
        let _: ControlFlow<()> = item.expr.visit(&mut names);
        if !names.foreign {
            continue;
        }
        let name = format!("{HIDDEN}{}", hidden.len());
        let alias = Ident::with_quote('"', name.clone());
        let expr = std::mem::replace(&mut item.expr, Expr::Identifier(alias.clone()));
        projection.push(SelectItem::ExprWithAlias { expr, alias });
        hidden.push(name);
    }
    hidden
}

/// Whether an expression needs what the answer does not have: other columns, or an aggregate over
/// the rows before.
struct Names<'a> {
    state: &'a SessionState,
    answer: &'a Answer,
    foreign: bool,
}

impl VisitorMut for Names<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(ident) => {
                let lower = self
                    .answer
                    .columns
                    .iter()
                    .any(|(_, c)| c.to_lowercase() == folded(ident));
                self.foreign |= !self.answer.has(&folded(ident)) && !lower;
            }
            Expr::CompoundIdentifier(_) => self.foreign = true,
            Expr::Function(call) => {
                let aggregates = self.state.aggregate_functions();
                let name = call.name.to_string().to_lowercase();
                self.foreign |= call.over.is_some() || aggregates.contains_key(&name);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn folded(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}
