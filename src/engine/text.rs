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
    check_caret(&words)?;
    let mut depth = Depth::default();
    let mut previous = &Token::SemiColon;
    for (place, &token) in words.iter().enumerate() {
        depth.see(token, previous, words.get(place + 1).copied());
        if depth.total() > STATEMENT_DEPTH {
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

/// Elsewhere `^` is a power; here it would be the exclusive or of bits, and 2 ^ 3 would be 1.
fn check_caret(words: &[&Token]) -> Result<()> {
    if words.contains(&&Token::Caret) {
        return Err(Error::Statement(
            "^ is no operator here, as it means a power in some databases and bits in others; \
             write power(2, 3) for 2³"
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

/// How deep the tree of the tokens so far can be: the chains that are still open, added up.
#[derive(Default)]
struct Depth {
    levels: Vec<Level>,
    /// Of all levels but the last.
    outer: usize,
}

/// What is open within one pair of parentheses or one CASE.
#[derive(Default)]
struct Level {
    /// Operators in a row, by how tightly they bind; a looser one ends the chains of tighter ones.
    chains: [usize; 4],
    /// UNIONs, joins, common table expressions: they do not end with the clause.
    sets: usize,
    in_from: bool,
}

impl Level {
    fn depth(&self) -> usize {
        1 + self.sets + self.chains.iter().sum::<usize>()
    }

    fn add_link(&mut self, binding: Binding) {
        let class = binding as usize;
        self.chains[class] += 1;
        self.chains[class + 1..].fill(0);
    }

    fn end_chains(&mut self) {
        self.chains = [0; 4];
    }
}

/// How tightly an operator binds, the loosest first.
#[derive(Clone, Copy)]
enum Binding {
    Or,
    And,
    Comparison,
    Arithmetic,
}

impl Depth {
    fn total(&self) -> usize {
        self.outer + self.levels.last().map_or(0, Level::depth)
    }

    fn see(&mut self, token: &Token, previous: &Token, next: Option<&Token>) {
        let level = self.level();
        match token {
            Token::LParen | Token::LBracket | Token::LBrace => self.open(previous),
            Token::RParen | Token::RBracket | Token::RBrace => self.close(),
            Token::Comma if level.in_from => {
                level.sets += 1;
                level.end_chains();
            }
            Token::Comma | Token::SemiColon => level.end_chains(),
            Token::Word(_) => self.see_word(token, previous, next),
            Token::VerticalBarRightAngleBracket => level.sets += 1,
            Token::Eq | Token::Neq | Token::Lt | Token::Gt | Token::LtEq | Token::GtEq => {
                level.add_link(Binding::Comparison);
            }
            _ if is_operand(token) => {}
            _ => level.add_link(Binding::Arithmetic),
        }
    }

    fn see_word(&mut self, token: &Token, previous: &Token, next: Option<&Token>) {
        let word = keyword(token);
        if let Some(binding) = binding(word) {
            return self.level().add_link(binding);
        }
        match word {
            Keyword::CASE => self.open(previous),
            Keyword::END if self.levels.len() > 1 => self.close(),
            Keyword::AS if next == Some(&Token::LParen) => self.level().sets += 1,
            _ if follows_operator(previous) => {}
            _ => self.see_clause(word, keyword(previous)),
        }
    }

    fn see_clause(&mut self, word: Keyword, previous: Keyword) {
        let level = self.level();
        match word {
            Keyword::UNION
            | Keyword::INTERSECT
            | Keyword::EXCEPT
            | Keyword::MINUS
            | Keyword::JOIN => {
                level.sets += 1;
                level.end_chains();
            }
            Keyword::FROM if previous != Keyword::DISTINCT => {
                level.end_chains();
                level.in_from = true;
            }
            Keyword::GROUP if previous == Keyword::WITHIN => {}
            Keyword::SELECT
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::QUALIFY
            | Keyword::ORDER => {
                level.end_chains();
                level.in_from = false;
            }
            Keyword::ON | Keyword::WHEN | Keyword::THEN | Keyword::ELSE => level.end_chains(),
            _ => {}
        }
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// A bracket opens; after another one it is a link of a chain too (`a[1][1]…`).
    fn open(&mut self, previous: &Token) {
        if matches!(previous, Token::RParen | Token::RBracket) {
            self.level().add_link(Binding::Arithmetic);
        }
        self.outer += self.level().depth();
        self.levels.push(Level::default());
    }

    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
            self.outer -= self.level().depth();
        }
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

/// How tightly a word binds that is an operator.
fn binding(word: Keyword) -> Option<Binding> {
    match word {
        Keyword::OR | Keyword::XOR => Some(Binding::Or),
        Keyword::AND => Some(Binding::And),
        Keyword::NOT
        | Keyword::IS
        | Keyword::IN
        | Keyword::LIKE
        | Keyword::ILIKE
        | Keyword::RLIKE
        | Keyword::REGEXP
        | Keyword::SIMILAR
        | Keyword::BETWEEN
        | Keyword::OVERLAPS => Some(Binding::Comparison),
        Keyword::COLLATE | Keyword::AT | Keyword::DIV => Some(Binding::Arithmetic),
        _ => None,
    }
}

/// Whether a word after this can only be an operand, even one that looks like a clause.
fn follows_operator(previous: &Token) -> bool {
    match previous {
        Token::Word(_) => binding(keyword(previous)).is_some(),
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
    fn a_chain_of_or_counts_its_ors_only() {
        let sql = format!(
            "select x where {}",
            vec!["a = 1 and not b = 2 + 3"; 900].join(" or ")
        );
        checked(&sql).unwrap();
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
