//! The text of a script before it is parsed: where statements end, and whether one is too big.
//!
//! The parser builds `1 + 1 + …` as a tree as deep as the chain is long, and everything that walks
//! such a tree recurses, even dropping it. So depth is bounded on the tokens, by iteration.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{
    Location, Token, TokenWithSpan, Tokenizer, TokenizerError,
};

use super::limits::{STATEMENT_BYTES, STATEMENT_DEPTH};
use crate::error::{Error, Result};

/// The words, signs and quoted texts of a statement, with their places.
pub(super) fn tokens(sql: &str) -> Result<Vec<TokenWithSpan>, TokenizerError> {
    Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location()
}

/// The statements of a script, without the empty ones. A script with an unfinished quote is given
/// back whole, for the parser to tell where.
pub(super) fn split(script: &str) -> Vec<String> {
    let Ok(tokens) = tokens(script) else {
        return vec![script.trim().to_owned()];
    };
    let places = Places::of(script);
    let mut statements = Vec::new();
    let mut start = 0;
    let mut says_something = false;
    for token in &tokens {
        match token.token {
            Token::SemiColon => {
                if says_something {
                    let end = places.byte(token.span.start);
                    statements.push(script[start..end].trim().to_owned());
                }
                start = places.byte(token.span.end);
                says_something = false;
            }
            Token::Whitespace(_) => {}
            _ => says_something = true,
        }
    }
    if says_something {
        statements.push(script[start..].trim().to_owned());
    }
    statements
}

/// Bytes of the places that the tokenizer counts in lines and characters.
pub(super) struct Places {
    /// The byte at which each character begins, and the end.
    bytes: Vec<usize>,
    /// The character at which each line begins.
    lines: Vec<usize>,
}

impl Places {
    /// The places of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        let mut lines = vec![0];
        for (number, (byte, letter)) in text.char_indices().enumerate() {
            bytes.push(byte);
            if letter == '\n' {
                lines.push(number + 1);
            }
        }
        bytes.push(text.len());
        Self { bytes, lines }
    }

    /// The byte of a place; the end of the text for one beyond it.
    pub(super) fn byte(&self, place: Location) -> usize {
        let line = usize::try_from(place.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let column = usize::try_from(place.column.saturating_sub(1)).unwrap_or(usize::MAX);
        let end = self.bytes[self.bytes.len() - 1];
        let character = self
            .lines
            .get(line)
            .map(|first| first.saturating_add(column));
        character
            .and_then(|number| self.bytes.get(number))
            .map_or(end, |byte| *byte)
    }
}

/// Refuses a statement that is too long.
pub(super) fn check_length(sql: &str) -> Result<()> {
    if sql.len() <= STATEMENT_BYTES {
        return Ok(());
    }
    Err(Error::Limit(format!(
        "statement of {} bytes: the limit is {STATEMENT_BYTES}; put long lists into a file and \
         join it",
        sql.len()
    )))
}

/// Refuses a statement whose tree would be too deep, and what the planner would silently ignore.
pub(super) fn check_tokens(tokens: &[TokenWithSpan]) -> Result<()> {
    let words: Vec<&Token> = tokens
        .iter()
        .map(|token| &token.token)
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .collect();
    check_sampling(&words)?;
    let mut depth = Depth::default();
    let mut previous = &Token::SemiColon;
    for (place, &token) in words.iter().enumerate() {
        depth.see(token, previous, words.get(place + 1).copied());
        if depth.total > STATEMENT_DEPTH {
            return Err(Error::Limit(format!(
                "the statement chains or nests more than {STATEMENT_DEPTH} operators, UNIONs or \
                 joins; write x IN (…) for a chain of OR, or put the values into a file and join it"
            )));
        }
        previous = token;
    }
    Ok(())
}

fn check_sampling(words: &[&Token]) -> Result<()> {
    let samples = words.windows(2).any(|pair| {
        keyword(pair[0]) == Keyword::TABLESAMPLE
            && matches!(pair[1], Token::Word(_) | Token::LParen)
            || keyword(pair[0]) == Keyword::USING && keyword(pair[1]) == Keyword::SAMPLE
    });
    if samples {
        return Err(Error::Statement(
            "TABLESAMPLE and USING SAMPLE are not supported; write WHERE random() < 0.1 for about \
             a tenth of the rows"
                .into(),
        ));
    }
    Ok(())
}

/// The keyword that a bare word is.
pub(super) fn keyword(token: &Token) -> Keyword {
    match token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

/// How deep the tree of the tokens so far can be: the lengths of all chains that are still open.
#[derive(Default)]
struct Depth {
    levels: Vec<Level>,
    total: usize,
}

/// What is open within one pair of parentheses or one CASE.
#[derive(Default)]
struct Level {
    /// Operators in a row.
    chain: usize,
    /// UNIONs, joins, common table expressions: they do not end with the clause.
    sets: usize,
    in_from: bool,
}

impl Depth {
    fn see(&mut self, token: &Token, previous: &Token, next: Option<&Token>) {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        match token {
            Token::LParen | Token::LBracket | Token::LBrace => self.open(),
            Token::RParen | Token::RBracket | Token::RBrace => self.close(),
            Token::Comma if self.level().in_from => self.add_set(),
            Token::Comma | Token::SemiColon => self.end_chain(),
            Token::Word(_) => self.see_word(token, previous, next),
            _ if is_operand(token) => {}
            Token::VerticalBarRightAngleBracket => self.add_set(),
            _ => self.add_link(),
        }
    }

    fn see_word(&mut self, token: &Token, previous: &Token, next: Option<&Token>) {
        let word = keyword(token);
        match word {
            Keyword::CASE => self.open(),
            Keyword::END if self.levels.len() > 1 => self.close(),
            Keyword::UNION
            | Keyword::INTERSECT
            | Keyword::EXCEPT
            | Keyword::MINUS
            | Keyword::JOIN => {
                self.add_set();
                self.end_chain();
            }
            Keyword::AS if next == Some(&Token::LParen) => self.add_set(),
            _ if is_word_operator(word) => self.add_link(),
            _ if follows_operator(previous) => {}
            Keyword::FROM if keyword(previous) != Keyword::DISTINCT => {
                self.end_chain();
                self.level().in_from = true;
            }
            Keyword::GROUP if keyword(previous) == Keyword::WITHIN => {}
            Keyword::SELECT
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::QUALIFY
            | Keyword::ORDER => {
                self.end_chain();
                self.level().in_from = false;
            }
            Keyword::ON | Keyword::WHEN | Keyword::THEN | Keyword::ELSE => self.end_chain(),
            _ => {}
        }
    }

    fn level(&mut self) -> &mut Level {
        self.levels
            .last_mut()
            .expect("a level is open from the first token on")
    }

    /// A bracket opens; it is a link of the chain around it too (`a[1][1]…`).
    fn open(&mut self) {
        self.add_link();
        self.levels.push(Level::default());
    }

    fn close(&mut self) {
        if self.levels.len() > 1
            && let Some(level) = self.levels.pop()
        {
            self.total -= level.chain + level.sets;
        }
    }

    fn add_link(&mut self) {
        self.level().chain += 1;
        self.total += 1;
    }

    fn add_set(&mut self) {
        self.level().sets += 1;
        self.total += 1;
    }

    fn end_chain(&mut self) {
        let chain = std::mem::take(&mut self.level().chain);
        self.total -= chain;
    }
}

fn is_operand(token: &Token) -> bool {
    matches!(
        token,
        Token::Number(..)
            | Token::Placeholder(_)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::DollarQuotedString(_)
            | Token::NationalStringLiteral(_)
            | Token::EscapedStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::EOF
    )
}

fn is_word_operator(word: Keyword) -> bool {
    matches!(
        word,
        Keyword::AND
            | Keyword::OR
            | Keyword::XOR
            | Keyword::NOT
            | Keyword::IS
            | Keyword::IN
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::RLIKE
            | Keyword::REGEXP
            | Keyword::SIMILAR
            | Keyword::BETWEEN
            | Keyword::COLLATE
            | Keyword::AT
            | Keyword::DIV
            | Keyword::OVERLAPS
            | Keyword::OVER
    )
}

/// Whether a word after this can only be an operand, even one that looks like a clause.
fn follows_operator(previous: &Token) -> bool {
    match previous {
        Token::Word(_) => is_word_operator(keyword(previous)),
        Token::RParen
        | Token::RBracket
        | Token::RBrace
        | Token::Comma
        | Token::SemiColon
        | Token::LParen
        | Token::Mul => false,
        other => !is_operand(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(sql: &str) -> Result<()> {
        check_tokens(&tokens(sql).unwrap())
    }

    #[test]
    fn statements_end_at_semicolons_outside_quotes_and_comments() {
        let script = "select ';' -- a; b\n ; ; /* ; */ select $$;$$, \"a;b\";\n-- done;\n";
        assert_eq!(
            split(script),
            ["select ';' -- a; b", "/* ; */ select $$;$$, \"a;b\""]
        );
        assert_eq!(
            split("select 'ñ;é'; select 2"),
            ["select 'ñ;é'", "select 2"]
        );
        assert_eq!(split(" ;; -- nothing\n"), Vec::<String>::new());
        assert_eq!(split("select 'open; select 2"), ["select 'open; select 2"]);
    }

    #[test]
    fn long_chains_are_refused_wherever_they_hide() {
        let many = STATEMENT_DEPTH + 1;
        for (head, link) in [
            ("select 1", " + 1"),
            ("select x where a = 1", " or a = 1"),
            ("select 1", " union all select 1"),
            ("select 1", " + case when true then 1 else 2 end"),
            ("select 1", " + extract(year from d)"),
            ("select limit", " + limit"),
            ("select a", "[1]"),
            ("select a", "::int"),
            ("select a", " is distinct from b"),
            ("from a", ", a"),
            ("from a", " cross join a"),
            ("select ", "not "),
            ("select ", "("),
            ("select ", "- "),
            ("with a as (select 1)", ", a as (select 1)"),
            ("select max(x)", " + max(x) over (order by y)"),
            (
                "select f(x)",
                " + percentile(0.5) within group (order by x)",
            ),
        ] {
            let sql = format!("{head}{}", link.repeat(many));
            assert!(checked(&sql).is_err(), "{head}{link}…");
        }
    }

    #[test]
    fn long_lists_are_no_chains() {
        let list = vec!["1 + 1"; 20_000].join(", ");
        checked(&format!("select x from t where x in ({list})")).unwrap();
        checked(&format!("select {list} from t")).unwrap();
        let rows = vec!["(1, 'a')"; 20_000].join(", ");
        checked(&format!("insert into t values {rows}")).unwrap();
    }

    #[test]
    fn sampling_is_refused_and_a_column_of_that_name_is_not() {
        assert!(checked("select * from t tablesample (10 percent)").is_err());
        assert!(checked("select * from t tablesample bernoulli (10)").is_err());
        assert!(checked("select * from t using sample 10%").is_err());
        checked("select \"tablesample\" from t -- tablesample (1)").unwrap();
    }

    #[test]
    fn length_is_bounded_in_bytes() {
        check_length(&"x".repeat(STATEMENT_BYTES)).unwrap();
        let error = check_length(&"x".repeat(STATEMENT_BYTES + 1)).unwrap_err();
        assert!(error.to_string().starts_with("statement of 1000001 bytes"));
    }
}
