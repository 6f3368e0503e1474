//! Where in a statement the thing stands that an error speaks of.
//!
//! The planner names what it did not find and rarely says where; here the name is looked for among
//! the words of the statement, so that every window can point at it.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Word};

use super::text::{Places, tokens};
use crate::error::{Error, nearest};
use crate::sources;

/// A place in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 1.
    pub line: usize,
    /// Characters before it on the line.
    pub column: usize,
    /// Its characters; at least 1.
    pub length: usize,
    /// What may help where it stands, such as other quotes.
    pub hint: Option<String>,
}

impl Spot {
    /// The place that an error of a statement speaks of, if it can be found.
    #[must_use]
    pub fn of(sql: &str, error: &Error) -> Option<Self> {
        let Error::Statement(text) = error else {
            return None;
        };
        match syntax_place(text) {
            Some((line, column)) => {
                let spot = Self::at_place(sql, line, column);
                let hint = misspelt(sql, &spot);
                Some(Self { hint, ..spot })
            }
            None => named(sql, text),
        }
    }

    /// The word at a line and column as the parser counts them, both from 1.
    fn at_place(sql: &str, line: usize, column: usize) -> Self {
        let lines = sql.lines().count().max(1);
        let (line, column) = match line {
            0 => (
                lines,
                sql.lines().last().map_or(0, |last| last.chars().count()),
            ),
            _ => (line, column.saturating_sub(1)),
        };
        let rest = sql
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .chars()
            .skip(column);
        let is_word = |letter: &char| letter.is_alphanumeric() || *letter == '_';
        let length = rest.take_while(is_word).count().max(1);
        Self {
            line,
            column,
            length,
            hint: None,
        }
    }

    fn of_token(sql: &str, token: &TokenWithSpan, hint: Option<String>) -> Self {
        let places = Places::of(sql);
        let (start, end) = (token.span.start, token.span.end);
        let written = sql
            .get(places.byte(start)..places.byte(end))
            .unwrap_or_default();
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            line: count(start.line),
            column: count(start.column).saturating_sub(1),
            length: written.chars().count().max(1),
            hint,
        }
    }

    /// The line of the statement with a caret under the place, cut to a width in characters.
    ///
    /// In a text of several lines the line says its number; the statement begins at line `first`.
    #[must_use]
    pub fn shown(&self, sql: &str, first: usize, width: usize) -> String {
        const MARGIN: usize = 2;
        let number = match sql.lines().count() {
            0 | 1 if first == 1 => String::new(),
            _ => format!("line {}: ", first + self.line - 1),
        };
        let line = sql.lines().nth(self.line - 1).unwrap_or_default();
        let letters: Vec<char> = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let room = width.saturating_sub(2 * MARGIN + number.len()).max(20);
        let first = (self.column + self.length + MARGIN)
            .saturating_sub(room)
            .min(self.column);
        let end = letters.len().min(first + room);
        let text: String = letters.get(first..end).unwrap_or_default().iter().collect();
        let before: usize = letters
            .get(first..self.column.min(letters.len()))
            .map_or(0, |before| before.len());
        let carets = "^".repeat(self.length.min(room));
        let indent = " ".repeat(number.len() + before);
        format!("  {number}{text}\n  {indent}{carets}")
    }
}

/// `… at Line: 1, Column: 8`, as the parser and the tokenizer say it; line 0 is the end.
fn syntax_place(text: &str) -> Option<(usize, usize)> {
    let number = |key: &str| {
        let (_, rest) = text.rsplit_once(key)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    };
    if !text.starts_with("syntax: ") {
        return None;
    }
    match (number("Line: "), number("Column: ")) {
        (Some(line), Some(column)) => Some((line, column)),
        _ => text.ends_with("found: EOF").then_some((0, 0)),
    }
}

/// The word of SQL that was probably meant where the parser stopped: it takes a slip such as `FORM`
/// for a name and stumbles over what follows.
fn misspelt(sql: &str, spot: &Spot) -> Option<String> {
    const WORDS: [&str; 17] = [
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP",
        "ORDER",
        "HAVING",
        "LIMIT",
        "JOIN",
        "UNION",
        "WITH",
        "CREATE",
        "DROP",
        "INSERT",
        "EXPLAIN",
        "SUMMARIZE",
        "DESCRIBE",
        "VALUES",
    ];
    let tokens = tokens(sql).ok()?;
    let words = tokens.iter().filter_map(|token| match &token.token {
        Token::Word(word) if word.quote_style.is_none() => Some((token.span.start, word)),
        _ => None,
    });
    let place = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let stop = Location::new(place(spot.line), place(spot.column) + 1);
    if let Some(path) = path_around(sql, spot) {
        return Some(format!("a path stands in single quotes: FROM '{path}'"));
    }
    // The word where it stopped, and the one before.
    let near: Vec<&Word> = words
        .take_while(|(start, _)| *start <= stop)
        .map(|(_, word)| word)
        .collect();
    let mut near = near.iter().rev().take(2);
    let meant = |word: &&&Word| {
        let unknown = word.keyword == Keyword::NoKeyword || word.value.len() > 4;
        let is_one = WORDS
            .iter()
            .any(|known| word.value.eq_ignore_ascii_case(known));
        match nearest(&word.value, WORDS) {
            Some(meant) if unknown && !is_one && word.value.len() > 2 => {
                Some(format!("did you mean {meant} for {}?", word.value))
            }
            _ => None,
        }
    };
    near.find_map(|word| meant(&word))
}

/// The path without quotes that the parser took for a table and stumbled over.
fn path_around(sql: &str, spot: &Spot) -> Option<String> {
    let line: Vec<char> = sql.lines().nth(spot.line - 1)?.chars().collect();
    if !matches!(line.get(spot.column), Some('/' | '.' | '*' | ':' | '-')) {
        return None;
    }
    let is_part =
        |letter: &&char| !letter.is_whitespace() && !matches!(**letter, ';' | ')' | '(' | ',');
    let before = line[..spot.column].iter().rev().take_while(is_part).count();
    let path: String = line[spot.column - before..]
        .iter()
        .take_while(is_part)
        .collect();
    let from: String = line[..spot.column - before].iter().collect();
    let follows_from = ["from", "join"]
        .iter()
        .any(|word| from.trim_end().to_lowercase().ends_with(word));
    (follows_from && sources::Location::looks_like_one(&path)).then_some(path)
}

/// The first word of the statement that is the name which was not found.
fn named(sql: &str, text: &str) -> Option<Spot> {
    const KINDS: [&str; 5] = [
        "no column ",
        "no table ",
        "no function ",
        "no metric ",
        "column ",
    ];
    let rest = KINDS.iter().find_map(|kind| text.strip_prefix(kind))?;
    let name = rest.split([';', ' ']).next()?;
    let parts: Vec<&str> = name.split('.').map(|part| part.trim_matches('"')).collect();
    let tokens = tokens(sql).ok()?;
    let words: Vec<&TokenWithSpan> = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::Period))
        .collect();
    let is_table = text.starts_with("no table ");
    let is_part = |token: &TokenWithSpan, part: &str| match &token.token {
        Token::Word(word) => word.value.eq_ignore_ascii_case(part),
        // A place in quotes stands where a table does.
        Token::SingleQuotedString(value) => is_table && value.eq_ignore_ascii_case(part),
        _ => false,
    };
    let is_whole = |place: usize| {
        let window = words.get(place..place + parts.len());
        window.is_some_and(|window| {
            let mut pairs = window.iter().zip(&parts);
            pairs.all(|(token, part)| is_part(token, part))
        })
    };
    let last = parts.last()?;
    let is_column = text.starts_with("no column ");
    let is_alone = parts.len() == 1;
    let is_alias = |place: usize| is_column && is_alone && names_something(&words, place);
    let whole = (0..words.len())
        .filter(|place| is_whole(*place))
        .map(|place| place + parts.len() - 1);
    let (aliases, uses): (Vec<usize>, Vec<usize>) = whole.partition(|place| is_alias(*place));
    let alone = || (0..words.len()).find(|place| is_part(words[*place], last));
    let place = uses.first().copied().or_else(alone)?;
    let hint = match &words[place].token {
        Token::Word(word) if is_column => meant_by(word, &words[..place], !aliases.is_empty()),
        _ => None,
    };
    Some(Spot::of_token(sql, words[place], hint))
}

/// Whether a word is the new name of what stands before it: `a AS b`, `a b`, `f(a) b`.
fn names_something(words: &[&TokenWithSpan], place: usize) -> bool {
    let Some(before) = place.checked_sub(1).map(|before| &words[before].token) else {
        return false;
    };
    match before {
        Token::Word(word) => matches!(word.keyword, Keyword::NoKeyword | Keyword::AS),
        Token::RParen | Token::Number(..) | Token::SingleQuotedString(_) => true,
        _ => false,
    }
}

/// What a word that is no column was probably meant to be.
fn meant_by(word: &Word, before: &[&TokenWithSpan], is_alias: bool) -> Option<String> {
    if is_alias {
        return Some(format!(
            "{} is a name that SELECT gives, which WHERE and GROUP BY may not see; write what it stands \
             for, or filter outside: SELECT * FROM (…) WHERE …",
            word.value
        ));
    }
    let text = word.value.replace('\'', "''");
    if word.quote_style == Some('"') {
        return Some(format!(
            "double quotes name a column; write '{text}' in single quotes for a text"
        ));
    }
    let is_compared = before.last().is_some_and(|before| {
        matches!(before.token, Token::Eq | Token::Neq | Token::DoubleEq)
            || matches!(&before.token, Token::Word(word) if matches!(word.keyword, Keyword::LIKE | Keyword::ILIKE))
    });
    is_compared.then(|| format!("write '{text}' in single quotes for a text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str, text: &str) -> String {
        let error = Error::Statement(text.to_owned());
        Spot::of(sql, &error).map_or_else(|| "nowhere".into(), |spot| spot.shown(sql, 1, 80))
    }

    #[test]
    fn names_are_found_in_the_statement() {
        assert_eq!(
            shown(
                "SELECT nps(npss)\nFROM answers",
                "no column npss; did you mean nps?"
            ),
            "  line 1: SELECT nps(npss)\n                     ^^^^"
        );
        assert_eq!(
            shown("SELECT 1\nFROM a.b", "no table a.b; there are: c"),
            "  line 2: FROM a.b\n                 ^"
        );
        assert_eq!(
            shown(
                "SELECT x FROM t WHERE y = 1",
                "column x must stand in GROUP BY"
            ),
            "  SELECT x FROM t WHERE y = 1\n         ^"
        );
        assert_eq!(shown("SELECT 1", "no column z"), "nowhere");
    }

    #[test]
    fn syntax_is_pointed_at_by_line_and_column() {
        let text = "syntax: Expected: an expression, found: FROM at Line: 2, Column: 1";
        assert_eq!(
            shown("SELECT\nFROM t", text),
            "  line 2: FROM t\n          ^^^^"
        );
        let end = "syntax: Expected: an expression, found: EOF";
        assert_eq!(shown("SELECT 1 +", end), "  SELECT 1 +\n            ^");
    }

    #[test]
    fn a_misspelt_word_of_sql_is_recognised() {
        let hint = |sql: &str, found: &str, column: usize| {
            let text = format!("syntax: Expected: x, found: {found} at Line: 1, Column: {column}");
            Spot::of(sql, &Error::Statement(text)).unwrap().hint
        };
        let meant = |meant: &str, word: &str| Some(format!("did you mean {meant} for {word}?"));
        assert_eq!(hint("selec * from t", "selec", 1), meant("SELECT", "selec"));
        assert_eq!(hint("SELECT * FORM t", "FORM", 10), meant("FROM", "FORM"));
        assert_eq!(
            hint("select a from t wher a = 1", "a", 22),
            meant("WHERE", "wher")
        );
        assert_eq!(
            hint("select a from t gruop by a", "gruop", 17),
            meant("GROUP", "gruop")
        );
        assert_eq!(
            hint("select a from t limt 3", "3", 22),
            meant("LIMIT", "limt")
        );
        assert_eq!(hint("select a b c from t", "c", 12), None);
    }

    #[test]
    fn double_quotes_around_a_text_are_explained() {
        let sql = "SELECT * FROM t WHERE channel = \"email\"";
        let error = Error::Statement("no column email; columns: channel".into());
        let spot = Spot::of(sql, &error).unwrap();
        assert_eq!(spot.length, 7);
        assert!(
            spot.hint
                .unwrap()
                .contains("write 'email' in single quotes")
        );
    }

    #[test]
    fn what_a_word_was_meant_to_be_is_told() {
        let hint = |sql: &str, name: &str| {
            let error = Error::Statement(format!("no column {name}; columns: a"));
            Spot::of(sql, &error).map(|spot| (spot.column, spot.hint.unwrap_or_default()))
        };
        let (column, said) = hint("SELECT a t FROM x WHERE t = 'app'", "t").unwrap();
        assert_eq!(column, 24);
        assert!(said.starts_with("t is a name that SELECT gives"), "{said}");
        let (_, said) = hint("SELECT a FROM x WHERE a = app", "app").unwrap();
        assert_eq!(said, "write 'app' in single quotes for a text");
        let (_, said) = hint("SELECT app FROM x", "app").unwrap();
        assert_eq!(said, "");
        let sql = "SELECT * FROM data/answers.parquet";
        let text = "syntax: Expected: end of statement, found: / at Line: 1, Column: 19";
        let spot = Spot::of(sql, &Error::Statement(text.into())).unwrap();
        assert_eq!(
            spot.hint.unwrap(),
            "a path stands in single quotes: FROM 'data/answers.parquet'"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let sql = format!("SELECT {}, wrong FROM t", "a, ".repeat(200));
        let error = Error::Statement("no column wrong".into());
        let shown = Spot::of(&sql, &error).unwrap().shown(&sql, 1, 60);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].chars().count() <= 60, "{shown}");
        let caret = lines[1].find('^').unwrap();
        assert_eq!(&lines[0][caret..caret + 5], "wrong");
    }
}
