//! What stands in SQL that latido writes itself: texts, names, and expressions of latido.yaml.

use datafusion::sql::sqlparser::ast::{Expr, SelectItem};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::rewrite::operands;
use crate::project::is_identifier;

/// A text as SQL writes it.
pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// An exact name as SQL writes it; always in quotes, since a column may be called `order` or `true`.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name that finds the only column which differs in case; in quotes only where SQL would take it
/// for one of its own words.
pub(super) fn named(name: &str) -> String {
    if is_identifier(name) && is_read_as_column(name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// Whether SQL takes a word for a column wherever one can stand.
fn is_read_as_column(word: &str) -> bool {
    let sql = format!(
        "SELECT 1 AS a, {word}, f({word}) AS b FROM {word} WHERE {word} > 1 GROUP BY {word}, a"
    );
    let parsed = Parser::new(&GenericDialect {})
        .try_with_sql(&sql)
        .and_then(|mut parser| parser.parse_query());
    let Ok(query) = parsed else {
        return false;
    };
    let select = query.body.as_select();
    let item = select.and_then(|select| select.projection.get(1));
    matches!(item, Some(SelectItem::UnnamedExpr(Expr::Identifier(name))) if name.value == word)
}

/// The one expression that a text is; else what is wrong with it.
pub(super) fn expression(text: &str) -> Result<Expr, String> {
    let parsed = operands::parsed(text, |parser| {
        let expression = parser.parse_expr()?;
        parser.expect_token(&Token::EOF)?;
        Ok(expression)
    });
    parsed.map_err(|error| {
        let text = error.to_string();
        text.trim_start_matches("sql parser error: ").to_owned()
    })
}

/// An expression without its comments, which would swallow what stands behind it.
pub(super) fn uncommented(sql: &str) -> String {
    expression(sql).map_or_else(|_| sql.to_owned(), |expression| expression.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_sql_are_quoted_where_they_name_a_column() {
        for word in [
            "order",
            "true",
            "null",
            "current_date",
            "from",
            "interval",
            "a b",
            "1st",
        ] {
            assert_eq!(named(word), format!("\"{word}\""));
        }
        for name in ["region", "channel", "segment", "source", "Net_Pro", "año"] {
            assert_eq!(named(name), name);
        }
        assert_eq!(uncommented("nps -- the score"), "nps");
    }
}
