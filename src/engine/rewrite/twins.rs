//! Aggregates that differ in a cast only: `count(x)` beside `count(try_cast(x AS INT))`.
//!
//! DataFusion leaves casts out of the names of aggregates, so that these two would share one and are
//! refused. A filter that is always true gives each its own name; the optimizer folds it away.

use std::ops::ControlFlow;

use datafusion::common::{DataFusionError, SchemaError};
use datafusion::execution::context::SessionState;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Function, Value, Visit, Visitor, VisitorMut,
};

use super::identifiers::in_schema_error;
use super::{name_of, walk};

/// Whether planning failed since two aggregates would have one name.
pub(super) fn is_met(error: &DataFusionError) -> bool {
    let twins = |error: &SchemaError| match error {
        SchemaError::DuplicateUnqualifiedField { name } => name.contains('(').then_some(()),
        _ => None,
    };
    in_schema_error(error, &twins).is_some()
}

/// Gives each aggregate with a cast in its arguments a name of its own; tells whether there was one.
pub(super) fn tell_apart(state: &SessionState, statement: &mut Statement) -> bool {
    let mut casts = Casts { state, met: 0 };
    let _: ControlFlow<()> = walk(statement, &mut casts);
    casts.met > 0
}

struct Casts<'a> {
    state: &'a SessionState,
    met: u64,
}

impl VisitorMut for Casts<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(call) = expr
            && self.is_aggregate(call)
            && call.args.visit(&mut HasCast).is_break()
        {
            self.met += 1;
            call.filter = Some(Box::new(always(self.met, call.filter.take())));
        }
        ControlFlow::Continue(())
    }
}

impl Casts<'_> {
    fn is_aggregate(&self, call: &Function) -> bool {
        let known = self.state.aggregate_functions();
        call.over.is_none() && name_of(&call.name).is_some_and(|name| known.contains_key(&name))
    }
}

/// `n = n`, and what was asked for already.
fn always(n: u64, filter: Option<Box<Expr>>) -> Expr {
    let number = || Box::new(Expr::Value(Value::Number(n.to_string(), false).into()));
    let holds = Expr::BinaryOp {
        left: number(),
        op: BinaryOperator::Eq,
        right: number(),
    };
    match filter {
        None => holds,
        Some(filter) => Expr::BinaryOp {
            left: Box::new(Expr::Nested(filter)),
            op: BinaryOperator::And,
            right: Box::new(holds),
        },
    }
}

struct HasCast;

impl Visitor for HasCast {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Cast { .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}
