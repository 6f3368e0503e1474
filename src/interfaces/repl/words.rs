//! A line cut into words, whatever state it is in: for colours and completion.
//!
//! The engine's tokenizer decides where a statement ends; this one never fails, because a line that
//! is being typed is hardly ever whole.

/// What a piece of a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: a keyword or a name.
    Word,
    /// A number.
    Number,
    /// In single quotes or between dollars.
    Text,
    /// In double quotes.
    Name,
    /// To the end of the line, or between `/*` and `*/`.
    Comment,
    /// `$name`.
    Variable,
    /// One character of anything else.
    Sign,
    /// Between the others.
    Space,
}

/// A piece with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// The byte at which it begins.
    pub(super) start: usize,
    /// Whether its closing quote is missing.
    pub(super) is_open: bool,
}

impl Piece<'_> {
    /// The byte after it.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// What stands between its quotes, or all of it.
    pub(super) fn inner(&self) -> String {
        let quote = match self.kind {
            Kind::Text => '\'',
            Kind::Name => '"',
            _ => return self.text.to_owned(),
        };
        let text = self.text.strip_prefix(quote).unwrap_or(self.text);
        let text = match self.is_open {
            true => text,
            false => text.strip_suffix(quote).unwrap_or(text),
        };
        text.replace(&format!("{quote}{quote}"), &quote.to_string())
    }
}

/// The pieces of a text, without a gap.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let (kind, length, is_open) = first(&text[start..]);
        pieces.push(Piece {
            kind,
            text: &text[start..start + length],
            start,
            is_open,
        });
        start += length;
    }
    pieces
}

/// The kind and length of the first piece, and whether it lacks its end.
fn first(rest: &str) -> (Kind, usize, bool) {
    let mut characters = rest.chars();
    let head = characters.next().unwrap_or(' ');
    let next = characters.next().unwrap_or(' ');
    let until = |end: fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    match (head, next) {
        ('\'', _) => quoted(rest, '\'', Kind::Text),
        ('"', _) => quoted(rest, '"', Kind::Name),
        ('-', '-') => (Kind::Comment, until(|c| c == '\n'), false),
        ('/', '*') => match rest[2..].find("*/") {
            Some(end) => (Kind::Comment, end + 4, false),
            None => (Kind::Comment, rest.len(), true),
        },
        ('$', '$') => match rest[2..].find("$$") {
            Some(end) => (Kind::Text, end + 4, false),
            None => (Kind::Text, rest.len(), true),
        },
        ('$', c) if is_part(c) => (Kind::Variable, 1 + word(&rest[1..]), false),
        (c, _) if c.is_ascii_digit() => (
            Kind::Number,
            until(|c| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')),
            false,
        ),
        (c, _) if is_part(c) => (Kind::Word, word(rest), false),
        (c, _) if c.is_whitespace() => (Kind::Space, until(|c| !c.is_whitespace()), false),
        _ => (Kind::Sign, head.len_utf8(), false),
    }
}

fn quoted(rest: &str, quote: char, kind: Kind) -> (Kind, usize, bool) {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((place, character)) = characters.next() {
        if character != quote {
            continue;
        }
        if characters.peek().is_some_and(|(_, next)| *next == quote) {
            characters.next();
        } else {
            return (kind, place + 1, false);
        }
    }
    (kind, rest.len(), true)
}

fn word(rest: &str) -> usize {
    rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Words that the shell knows as keywords, in upper case and in order.
pub(super) const KEYWORDS: &[&str] = &[
    "ALL",
    "AND",
    "ANTI",
    "ANY",
    "AS",
    "ASC",
    "BETWEEN",
    "BOTH",
    "BY",
    "CASE",
    "CAST",
    "COLLATE",
    "COPY",
    "CREATE",
    "CROSS",
    "CUBE",
    "CURRENT",
    "DATE",
    "DESC",
    "DESCRIBE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXISTS",
    "EXPLAIN",
    "EXTERNAL",
    "EXTRACT",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FORMAT",
    "FROM",
    "FULL",
    "GROUP",
    "GROUPING",
    "HAVING",
    "IF",
    "ILIKE",
    "IN",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LAST",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCATION",
    "NATURAL",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OPTIONS",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "PARTITIONED",
    "PRECEDING",
    "QUALIFY",
    "RANGE",
    "RECURSIVE",
    "REPLACE",
    "RESET",
    "RIGHT",
    "ROLLUP",
    "ROW",
    "ROWS",
    "SELECT",
    "SEMI",
    "SET",
    "SETS",
    "SHOW",
    "SIMILAR",
    "STORED",
    "TABLE",
    "TABLES",
    "THEN",
    "TIMESTAMP",
    "TO",
    "TRUE",
    "TRY_CAST",
    "UNBOUNDED",
    "UNION",
    "USING",
    "VALUES",
    "VIEW",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHIN",
];

/// Whether a word is one of [`KEYWORDS`].
pub(super) fn is_keyword(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    KEYWORDS.binary_search(&upper.as_str()).is_ok()
}

/// The names of the variables that a statement mentions.
pub(super) fn variables(sql: &str) -> Vec<String> {
    let pieces = pieces(sql);
    let names = pieces
        .iter()
        .filter(|piece| piece.kind == Kind::Variable)
        .map(|piece| piece.text[1..].to_owned());
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let pieces = pieces(text);
        assert_eq!(pieces.iter().map(|p| p.text).collect::<String>(), text);
        pieces
            .iter()
            .filter(|piece| piece.kind != Kind::Space)
            .map(|piece| (piece.kind, piece.text))
            .collect()
    }

    #[test]
    fn a_line_is_cut_without_a_gap() {
        assert_eq!(
            kinds("SELECT 'a''b', \"x\" -- ñ"),
            [
                (Kind::Word, "SELECT"),
                (Kind::Text, "'a''b'"),
                (Kind::Sign, ","),
                (Kind::Name, "\"x\""),
                (Kind::Comment, "-- ñ"),
            ]
        );
        assert_eq!(
            kinds("$from /* é */ 1.5e3 é>2"),
            [
                (Kind::Variable, "$from"),
                (Kind::Comment, "/* é */"),
                (Kind::Number, "1.5e3"),
                (Kind::Word, "é"),
                (Kind::Sign, ">"),
                (Kind::Number, "2"),
            ]
        );
    }

    #[test]
    fn what_lacks_its_end_is_open() {
        for text in ["'a", "\"a", "/* a", "$$ a", "'a''"] {
            assert!(pieces(text)[0].is_open, "{text}");
        }
        assert_eq!(pieces("'a''b")[0].inner(), "a'b");
        assert_eq!(pieces("\"a b\"")[0].inner(), "a b");
    }

    #[test]
    fn variables_in_quotes_are_none() {
        assert_eq!(variables("select $a, '$b', $c_1 -- $d"), ["a", "c_1"]);
    }

    #[test]
    fn the_keywords_are_in_order() {
        assert!(KEYWORDS.is_sorted());
        assert!(is_keyword("select") && !is_keyword("nps"));
    }
}
