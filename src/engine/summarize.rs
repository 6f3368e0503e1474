//! `SUMMARIZE table` and `SUMMARIZE SELECT …`: what each column holds, in one pass over the rows.
//!
//! One row a column: type, answers, blanks (NULL or blank text), how many different, extremes, mean
//! and quartiles; for ratings, known by their name or by a metric, mean and quartiles of the points of
//! the scale, their distribution as bars, and how many values lie outside.
//! Everything is counted, nothing estimated: the answer does not depend on threads. In memory: the
//! different values of each column, and all values of numbers that are no ratings.

use arrow::datatypes::{DataType, Field};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::metrics::Metrics;
use super::planning;
use super::rewrite::names;
use super::tables::Tables;
use super::text::{Places, keyword, tokens};
use super::written::{quoted, text as literal};
use crate::error::{Error, Result};
use crate::model::{ColumnKind, KnownTable};

/// The word that begins such a statement.
const SUMMARIZE: &str = "summarize";

/// The query behind a `SUMMARIZE`, if the text is one.
pub(super) fn target(sql: &str) -> Option<String> {
    let tokens = tokens(sql).ok()?;
    let mut said = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)));
    let is_it = |token: &Token| match token {
        Token::Word(word) => {
            word.quote_style.is_none() && word.value.eq_ignore_ascii_case(SUMMARIZE)
        }
        _ => false,
    };
    let first = said.next().filter(|token| is_it(&token.token))?;
    let next = said.next();
    let places = Places::of(sql);
    let rest = sql.get(places.byte(first.span.end)..)?.trim();
    let rest = rest.trim_end_matches(';').trim_end();
    let is_query = next.is_some_and(|token| {
        let opens = matches!(
            keyword(&token.token),
            Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES | Keyword::TABLE
        );
        opens || token.token == Token::LParen
    });
    Some(if is_query {
        rest.to_owned()
    } else {
        format!("SELECT * FROM {rest}")
    })
}

/// The statement that summarizes the rows of a query.
pub(super) async fn statement(tables: &Tables, query: &str) -> Result<Statement> {
    if query == "SELECT * FROM " {
        return Err(Error::Statement(
            "SUMMARIZE needs a table or a query: SUMMARIZE responses".into(),
        ));
    }
    let mut inner = planning::parse(query)?;
    names::keep(&mut inner);
    let (plan, _) = planning::plan(tables, inner).await?;
    let state = tables.session();
    let metrics = state
        .config()
        .get_extension::<Metrics>()
        .unwrap_or_default();
    let columns = plan.schema().fields().iter();
    let columns: Vec<String> = columns
        .map(|field| column(field, scale(field.name(), &metrics)))
        .collect();
    if columns.is_empty() {
        return Err(Error::Statement(
            "SUMMARIZE: the query gives no columns".into(),
        ));
    }
    planning::parse(&format!(
        "SELECT expand(make_array({})) FROM ({query}) AS rows",
        columns.join(", ")
    ))
}

/// The lowest and highest point of a rating.
fn scale(name: &str, metrics: &Metrics) -> Option<(u64, u64)> {
    let known = KnownTable::find("responses").and_then(|table| table.column(name));
    match known.map(|column| column.kind) {
        Some(ColumnKind::Rating(low, high)) => Some((u64::from(low), u64::from(high))),
        _ => metrics.scale(name),
    }
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
        ("distribution", rated(Rating::bars, "VARCHAR")),
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
    use super::target;

    #[test]
    fn a_table_a_file_and_a_query() {
        let found = |sql| target(sql).unwrap();
        assert_eq!(found("SUMMARIZE responses;"), "SELECT * FROM responses");
        assert_eq!(found("summarize 'a b.csv'"), "SELECT * FROM 'a b.csv'");
        assert_eq!(found("/* why */ Summarize SELECT 1"), "SELECT 1");
        assert_eq!(found("SUMMARIZE (SELECT 1)"), "(SELECT 1)");
        assert_eq!(target("SELECT summarize"), None);
        assert_eq!(target("\"summarize\" x"), None);
    }
}
