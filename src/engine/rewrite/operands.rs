//! What is compared by `IS [NOT] DISTINCT FROM` ends where AND or OR begins.
//!
//! The parser reads `a IS DISTINCT FROM b AND c` as `a IS DISTINCT FROM (b AND c)`, which is
//! another answer where all are true or false and an odd error where they are not. Parentheses that
//! somebody wrote stay in the tree, so an AND or OR that stands on the right without them was taken
//! in wrongly; it is put above, and above each NOT, AND and OR before it as well.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::walk;
use crate::engine::text::keyword;

/// Ends the operands of a statement, fresh from the parser, whose tokens hold such a comparison.
pub(in crate::engine) fn end_all(statement: &mut Statement, tokens: &[TokenWithSpan]) {
    let said = tokens.iter().map(|token| &token.token);
    let said: Vec<Keyword> = said
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .map(keyword)
        .collect();
    let compared = [Keyword::DISTINCT, Keyword::FROM];
    if said.windows(2).any(|words| words == compared) {
        let _: ControlFlow<()> = walk(statement, &mut Operands);
    }
}

/// Parses SQL that latido wrote, or that stands in latido.yaml.
///
/// # Errors
/// For wrong syntax.
pub(in crate::engine) fn parsed<T: VisitMut>(
    sql: &str,
    read: impl FnOnce(&mut Parser<'static>) -> Result<T, ParserError>,
) -> Result<T, ParserError> {
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(sql)?;
    let mut parsed = read(&mut parser)?;
    let _: ControlFlow<()> = parsed.visit(&mut Operands);
    Ok(parsed)
}

struct Operands;

impl VisitorMut for Operands {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        raise(expr);
        ControlFlow::Continue(())
    }
}

/// Puts an AND or OR above an expression that has it on its right and binds more tightly:
/// `a IS DISTINCT FROM (b OR c)` becomes `(a IS DISTINCT FROM b) OR c`.
fn raise(expr: &mut Expr) {
    let tightness = tightness(expr);
    let Some(right) = right(expr) else {
        return;
    };
    let is_looser = matches!(
        right,
        Expr::BinaryOp {
            op: BinaryOperator::And | BinaryOperator::Or,
            ..
        }
    ) && self::tightness(right) < tightness;
    if !is_looser {
        return;
    }
    let mut above = right.clone();
    if let Expr::BinaryOp { left, .. } = &mut above {
        *right = left.as_ref().clone();
        raise(expr);
        **left = expr.clone();
    }
    *expr = above;
}

/// How tightly an expression binds what stands on its right.
fn tightness(expr: &Expr) -> u8 {
    match expr {
        Expr::BinaryOp { op, .. } => match op {
            BinaryOperator::Or => 0,
            BinaryOperator::And => 1,
            _ => 4,
        },
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            ..
        } => 2,
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => 3,
        _ => 4,
    }
}

/// What stands at the right end of an expression that the parser lets grow too far.
fn right(expr: &mut Expr) -> Option<&mut Expr> {
    match expr {
        Expr::IsDistinctFrom(_, right)
        | Expr::IsNotDistinctFrom(_, right)
        | Expr::BinaryOp {
            op: BinaryOperator::And,
            right,
            ..
        }
        | Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr: right,
        } => Some(right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An expression with all its parentheses.
    fn read(sql: &str) -> String {
        spelled(&parsed(sql, Parser::parse_expr).unwrap())
    }

    fn spelled(expr: &Expr) -> String {
        match expr {
            Expr::BinaryOp { left, op, right } => {
                format!("({} {op} {})", spelled(left), spelled(right))
            }
            Expr::UnaryOp { op, expr } => format!("({op} {})", spelled(expr)),
            Expr::IsDistinctFrom(left, right) => {
                format!("({} <> {})", spelled(left), spelled(right))
            }
            Expr::IsNotDistinctFrom(left, right) => {
                format!("({} == {})", spelled(left), spelled(right))
            }
            Expr::Nested(inner) => spelled(inner),
            other => other.to_string(),
        }
    }

    #[test]
    fn an_operand_ends_where_and_begins() {
        for (sql, tree) in [
            ("a IS DISTINCT FROM b AND c", "((a <> b) AND c)"),
            ("a IS NOT DISTINCT FROM b OR c", "((a == b) OR c)"),
            ("a IS DISTINCT FROM (b AND c)", "(a <> (b AND c))"),
            ("NOT a IS DISTINCT FROM b OR c", "((NOT (a <> b)) OR c)"),
            ("x AND a IS DISTINCT FROM b OR c", "((x AND (a <> b)) OR c)"),
            ("x OR a IS DISTINCT FROM b AND c", "(x OR ((a <> b) AND c))"),
            (
                "a IS DISTINCT FROM b AND c OR d AND e",
                "(((a <> b) AND c) OR (d AND e))",
            ),
            (
                "a IS DISTINCT FROM b OR c IS DISTINCT FROM d AND e",
                "((a <> b) OR ((c <> d) AND e))",
            ),
            (
                "a IS DISTINCT FROM b AND NOT c IS DISTINCT FROM d OR e",
                "(((a <> b) AND (NOT (c <> d))) OR e)",
            ),
            ("a IS DISTINCT FROM b = c AND d", "((a <> (b = c)) AND d)"),
            (
                "a IS DISTINCT FROM b BETWEEN 1 AND 2 AND c",
                "((a <> b BETWEEN 1 AND 2) AND c)",
            ),
        ] {
            assert_eq!(read(sql), tree, "{sql}");
        }
    }

    #[test]
    fn what_is_inside_of_another_expression_is_reached() {
        for sql in [
            "f(a IS DISTINCT FROM b AND c)",
            "CASE WHEN a IS DISTINCT FROM b AND c THEN 1 END",
            "EXISTS (SELECT 1 FROM t WHERE a IS DISTINCT FROM b AND c)",
        ] {
            let found = parsed(sql, Parser::parse_expr).unwrap();
            let plain = Parser::new(&GenericDialect {})
                .try_with_sql(sql)
                .and_then(|mut parser| parser.parse_expr())
                .unwrap();
            assert_ne!(found, plain);
            assert_eq!(found.to_string(), sql);
        }
    }
}
