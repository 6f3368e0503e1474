//! `SUMMARIZE table` and `SUMMARIZE SELECT …`: what each column holds, in one pass over the rows.
//!
//! One row a column: type, answers, blanks (NULL or blank text), how many different, extremes, mean
//! and quartiles; for ratings, known by their name or by a metric, mean and quartiles of the points of
//! the scale, their distribution as bars, and how many values lie outside.
//! Everything is counted, nothing estimated: the answer does not depend on threads. In memory: the
//! different values of each column, and all values of numbers that are no ratings.
//!
//! The parser knows no such word: its tokens are replaced by a SELECT of one marked column, which
//! becomes a question for each column where `expand` is written out.

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::sql::sqlparser::ast::{Expr, Select, SelectItem};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use crate::engine::metrics::Metrics;
use crate::engine::text::keyword;
use crate::engine::written::{quoted, text as literal};
use crate::error::{Error, Result};
use crate::project::scale_of;

/// The word that begins such a statement, and the column that stands for it in between.
const SUMMARIZE: &str = "summarize";
const MARK: &str = "__latido_summarize";

/// The tokens with a query in the place of each `SUMMARIZE`; none where there is nothing to replace.
///
/// # Errors
/// [`Error::Statement`] for a `SUMMARIZE` of nothing.
pub(in crate::engine) fn spelled_out(
    tokens: &[TokenWithSpan],
) -> Result<Option<Vec<TokenWithSpan>>> {
    let said: Vec<&TokenWithSpan> = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)))
        .collect();
    let mut closing = vec![0_usize; said.len() + 1];
    let mut written = Vec::with_capacity(said.len() + 8);
    let mut found = false;
    for (place, token) in said.iter().enumerate() {
        let put = |made| TokenWithSpan::new(made, token.span);
        written.extend((0..closing[place]).map(|_| put(Token::RParen)));
        let previous = place.checked_sub(1).map(|before| &said[before].token);
        let next = said.get(place + 1).map(|after| &after.token);
        if !begins(&token.token, previous, next) {
            written.push((*token).clone());
            continue;
        }
        found = true;
        let Some(next) = next.filter(|next| **next != Token::SemiColon) else {
            return Err(Error::Statement(
                "SUMMARIZE needs a table or a query: SUMMARIZE responses".into(),
            ));
        };
        written.push(put(Token::make_keyword("SELECT")));
        written.push(put(Token::make_word(MARK, Some('"'))));
        written.push(put(Token::make_keyword("FROM")));
        if is_query(next) {
            written.push(put(Token::LParen));
            closing[end(&said, place + 1)] += 1;
        }
    }
    let span = said.last().map_or_else(Span::empty, |last| last.span);
    let last = closing[said.len()];
    written.extend((0..last).map(|_| TokenWithSpan::new(Token::RParen, span)));
    Ok(found.then_some(written))
}

/// Whether a `(SUMMARIZE name)` in FROM could be read as a table of this name under another.
pub(in crate::engine) fn looks_like_a_table(tokens: &[TokenWithSpan]) -> bool {
    let said: Vec<&Token> = tokens
        .iter()
        .map(|token| &token.token)
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .collect();
    said.windows(5).any(|words| match words {
        [
            before,
            Token::LParen,
            word,
            Token::Word(_) | Token::SingleQuotedString(_),
            Token::RParen,
        ] => {
            let in_from = matches!(keyword(before), Keyword::FROM | Keyword::JOIN);
            (in_from || **before == Token::Comma) && is_summarize(word)
        }
        _ => false,
    })
}

/// The word, without quotes.
fn is_summarize(token: &Token) -> bool {
    match token {
        Token::Word(word) => {
            word.quote_style.is_none() && word.value.eq_ignore_ascii_case(SUMMARIZE)
        }
        _ => false,
    }
}

/// Whether a word is a SUMMARIZE that stands where a query may stand. What parses as it is written
/// is never asked, so a column or an alias of this name stays what it is.
fn begins(token: &Token, previous: Option<&Token>, next: Option<&Token>) -> bool {
    if !is_summarize(token) {
        return false;
    }
    match previous {
        None | Some(Token::SemiColon) => true,
        Some(Token::LParen | Token::RParen) => next.is_some_and(is_target),
        Some(another) if is_summarize(another) => next.is_some_and(is_target),
        Some(other) => {
            let opens = matches!(
                keyword(other),
                Keyword::AS | Keyword::EXPLAIN | Keyword::ANALYZE | Keyword::VERBOSE
            );
            opens && next.is_some_and(is_target)
        }
    }
}

/// Whether a table or a query may begin here.
fn is_target(token: &Token) -> bool {
    matches!(token, Token::Word(_) | Token::SingleQuotedString(_)) || is_query(token)
}

fn is_query(token: &Token) -> bool {
    let opens = matches!(
        keyword(token),
        Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES | Keyword::TABLE
    );
    opens || is_summarize(token) || *token == Token::LParen
}

/// Where the query that begins at a place ends: at the parenthesis around it, at a semicolon, or
/// with the text.
fn end(said: &[&TokenWithSpan], start: usize) -> usize {
    let mut depth = 0_usize;
    for (place, token) in said.iter().enumerate().skip(start) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => return place,
            Token::RParen => depth -= 1,
            Token::SemiColon if depth == 0 => return place,
            _ => {}
        }
    }
    said.len()
}

/// Whether a SELECT stands for a `SUMMARIZE` of what it reads.
pub(super) fn is_marked(select: &Select) -> bool {
    matches!(
        select.projection.as_slice(),
        [SelectItem::UnnamedExpr(Expr::Identifier(name))] if name.value == MARK
    )
}

/// The item of SELECT that asks for the columns of a schema.
///
/// # Errors
/// [`Error::Statement`] for a query without columns.
pub(super) fn item(schema: &Schema, metrics: &Metrics) -> Result<String> {
    let columns: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| column(field, scale(field.name(), metrics)))
        .collect();
    if columns.is_empty() {
        return Err(Error::Statement(
            "SUMMARIZE: there are no columns; a file without them is empty".into(),
        ));
    }
    Ok(format!("expand(make_array({}))", columns.join(", ")))
}

/// The lowest and highest point of a rating.
fn scale(name: &str, metrics: &Metrics) -> Option<(u64, u64)> {
    let named = || scale_of(name).map(|(low, high)| (u64::from(low), u64::from(high)));
    metrics.scale(name).or_else(named)
}

/// What is asked of one column; every column gives a record of the same fields.
fn column(field: &Field, scale: Option<(u64, u64)>) -> String {
    let name = quoted(field.name());
    let kind = field.data_type();
    let is_text =
        kind.is_string() || matches!(kind, DataType::Dictionary(_, value) if value.is_string());
    let is_plain = !kind.is_nested() && !kind.is_binary() && !kind.is_null();
    let nothing = |kind: &str| format!("CAST(NULL AS {kind})");
    let words = if is_text {
        format!("nullif(trim(CAST({name} AS VARCHAR)), '')")
    } else {
        name.clone()
    };
    let extreme = |function: &str| match is_plain {
        true => format!("CAST({function}({words}) AS VARCHAR)"),
        false => nothing("VARCHAR"),
    };
    let number = |call: &dyn Fn(&str) -> String| match kind.is_numeric() {
        true => call(&format!("CAST({name} AS DOUBLE)")),
        false => nothing("DOUBLE"),
    };
    let distinct = match is_plain {
        true => format!("count(DISTINCT {words})"),
        false => nothing("BIGINT"),
    };
    let rating = scale
        .filter(|_| kind.is_numeric() || is_text)
        .map(|scale| Rating::of(&words, scale));
    let rating = rating.as_ref();
    let quartile = |share: &str| match rating {
        Some(rating) => rating.quantile(share),
        None => number(&|x| format!("percentile_cont({share}) WITHIN GROUP (ORDER BY {x})")),
    };
    let rated = |ask: fn(&Rating) -> String, kind: &str| rating.map_or_else(|| nothing(kind), ask);
    // Whole numbers from 0 to 10 are scores more often than not; nobody said so, so none is outside.
    let distribution = match rating {
        None if kind.is_integer() => Rating::of(&words, (0, 10)).bars_if_all_fit(),
        _ => rated(Rating::bars, "VARCHAR"),
    };
    let fields = [
        ("column", literal(field.name())),
        ("type", literal(&kind.to_string())),
        ("n", format!("count({words})")),
        ("blanks", format!("count(*) - count({words})")),
        ("distinct", distinct),
        ("min", extreme("min")),
        ("max", extreme("max")),
        (
            "mean",
            rating.map_or_else(|| number(&|x| format!("avg({x})")), Rating::mean),
        ),
        ("q25", quartile("0.25")),
        ("q50", quartile("0.5")),
        ("q75", quartile("0.75")),
        ("distribution", distribution),
        ("not_a_number", rated(Rating::wordy, "BIGINT")),
        ("out_of_range", rated(Rating::outside, "BIGINT")),
    ];
    let fields = fields.map(|(name, value)| format!("'{name}', {value}"));
    format!("named_struct({})", fields.join(", "))
}

/// A column of ratings: what is asked of its counts.
struct Rating {
    /// All that is not blank.
    value: String,
    /// The values that are points of the scale, as numbers.
    inside: String,
    number: String,
    counts: String,
    low: u64,
}

impl Rating {
    fn of(value: &str, (low, high): (u64, u64)) -> Self {
        let number = format!("TRY_CAST({value} AS DOUBLE)");
        let fits = format!("{number} BETWEEN {low} AND {high} AND {number} = trunc({number})");
        let inside = format!("CASE WHEN {fits} THEN {number} END");
        Self {
            value: value.to_owned(),
            counts: format!("score_counts({inside}, {low}, {high})"),
            inside,
            number,
            low,
        }
    }

    fn bars(&self) -> String {
        format!("sparkline({}, 0)", self.counts)
    }

    fn bars_if_all_fit(&self) -> String {
        let Self { value, inside, .. } = self;
        format!(
            "CASE WHEN count({inside}) = count({value}) THEN {} END",
            self.bars()
        )
    }

    fn mean(&self) -> String {
        format!("mean_from_counts({}, {})", self.counts, self.low)
    }

    fn quantile(&self, share: &str) -> String {
        format!(
            "quantile_from_counts({}, {share}, {})",
            self.counts, self.low
        )
    }

    /// Numbers that are no points of the scale.
    fn outside(&self) -> String {
        format!("count({}) - count({})", self.number, self.inside)
    }

    /// Texts that are no numbers, such as `n/a`.
    fn wordy(&self) -> String {
        format!("count({}) - count({})", self.value, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::{MARK, spelled_out};
    use crate::engine::text::tokens;

    fn written(sql: &str) -> Option<String> {
        let written = spelled_out(&tokens(sql).unwrap()).unwrap()?;
        let words = written.iter().map(|token| token.token.to_string());
        let text = words.collect::<Vec<_>>().join(" ");
        Some(text.replace(&format!("\"{MARK}\""), "?"))
    }

    #[test]
    fn a_table_a_file_and_a_query() {
        let found = |sql| written(sql).unwrap();
        assert_eq!(found("SUMMARIZE responses;"), "SELECT ? FROM responses ;");
        assert_eq!(found("summarize 'a b.csv'"), "SELECT ? FROM 'a b.csv'");
        assert_eq!(
            found("/* why */ Summarize SELECT 1"),
            "SELECT ? FROM ( SELECT 1 )"
        );
        assert_eq!(
            found("SUMMARIZE (SELECT 1)"),
            "SELECT ? FROM ( ( SELECT 1 ) )"
        );
        assert_eq!(written("SELECT summarize"), None);
        assert_eq!(written("\"summarize\" x"), None);
    }

    #[test]
    fn inside_of_a_statement_it_ends_with_its_parenthesis() {
        let found = |sql| written(sql).unwrap();
        assert_eq!(
            found("SELECT * FROM (SUMMARIZE SELECT (1)) AS s WHERE n > 0;"),
            "SELECT * FROM ( SELECT ? FROM ( SELECT ( 1 ) ) ) AS s WHERE n > 0 ;"
        );
        assert_eq!(
            found("SUMMARIZE SUMMARIZE t"),
            "SELECT ? FROM ( SELECT ? FROM t )"
        );
        assert_eq!(
            found("WITH a AS (SELECT 1) SUMMARIZE a"),
            "WITH a AS ( SELECT 1 ) SELECT ? FROM a"
        );
    }
}
