//! What can stand where the cursor is.

use super::super::command;
use super::super::spelling::canonical;
use super::super::words::{Kind, Piece, is_keyword, pieces};

/// What can stand at the cursor, and what of it is typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Context {
    pub(super) wanted: Wanted,
    /// What is typed of it.
    pub(super) typed: String,
    /// The byte at which that begins.
    pub(super) start: usize,
}

/// What can stand at the cursor.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// A command of the shell.
    Command,
    /// A table or view.
    Table,
    /// A column of these tables, a function or a keyword.
    Expression(Vec<Mention>),
    /// A column of this table.
    Column(String),
    /// A file or an address in quotes.
    Place,
    /// A file as the argument of a command.
    File,
    /// A query of the library.
    Query,
    /// `name=` of a query.
    Parameter(String),
    /// A function.
    Function,
    /// A metric.
    Metric,
    /// An objective.
    Objective,
    /// A column by which metrics are taken apart.
    Dimension,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Nothing that is known.
    Nothing,
}

/// A table that a statement mentions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mention {
    /// As it is called in the catalog, or a place.
    pub(super) table: String,
    /// What the statement calls it.
    pub(super) alias: Option<String>,
}

/// What can stand at a place of a line.
pub(super) fn at(line: &str, cursor: usize) -> Context {
    if command::of_line(line).is_some() {
        return of_command(line, cursor);
    }
    let pieces = pieces(line);
    let statement = statement(&pieces, cursor);
    let before: Vec<&Piece<'_>> = statement
        .iter()
        .filter(|piece| piece.start < cursor)
        .collect();
    let mentions = || mentions(statement, cursor);
    let nothing = |wanted| context(line, cursor, cursor, wanted);
    let Some((&last, earlier)) = before.split_last() else {
        return nothing(Wanted::Expression(Vec::new()));
    };
    match last.kind {
        Kind::Comment if last.is_open || cursor <= last.end() => nothing(Wanted::Nothing),
        Kind::Text if last.is_open || cursor < last.end() => {
            let wanted = of_quotes(earlier);
            context(line, last.start + 1, cursor, wanted)
        }
        Kind::Number | Kind::Variable if cursor <= last.end() => nothing(Wanted::Nothing),
        _ => of_word(line, cursor, &before, mentions),
    }
}

fn context(line: &str, start: usize, cursor: usize, wanted: Wanted) -> Context {
    let start = start.min(cursor);
    Context {
        wanted,
        typed: line.get(start..cursor).unwrap_or_default().to_owned(),
        start,
    }
}

/// The pieces of the statement around the cursor.
fn statement<'a, 'b>(pieces: &'a [Piece<'b>], cursor: usize) -> &'a [Piece<'b>] {
    let is_end = |piece: &Piece<'_>| piece.text == ";";
    let from = pieces
        .iter()
        .rposition(|piece| is_end(piece) && piece.end() <= cursor)
        .map_or(0, |place| place + 1);
    let to = pieces[from..].iter().position(is_end);
    &pieces[from..to.map_or(pieces.len(), |place| from + place)]
}

/// A word of a statement, with what stands before its dots.
fn of_word(
    line: &str,
    cursor: usize,
    before: &[&Piece<'_>],
    mentions: impl Fn() -> Vec<Mention>,
) -> Context {
    let is_part =
        |piece: &&&Piece<'_>| matches!(piece.kind, Kind::Word | Kind::Name) || piece.text == ".";
    let chain = before.iter().rev().take_while(is_part).count();
    let (earlier, chain) = before.split_at(before.len() - chain);
    let start = chain.first().map_or(cursor, |piece| piece.start);
    if is_table_wanted(earlier) {
        return context(line, start, cursor, Wanted::Table);
    }
    let mentions = mentions();
    let dot = chain.iter().rposition(|piece| piece.text == ".");
    match dot {
        Some(dot) => {
            let owner = chain[..dot]
                .last()
                .map_or_else(String::new, |piece| piece.inner());
            let table = owned(&owner, &mentions);
            context(line, chain[dot].end(), cursor, Wanted::Column(table))
        }
        None => context(line, start, cursor, Wanted::Expression(mentions)),
    }
}

/// The table behind an alias, or of that name.
fn owned(name: &str, mentions: &[Mention]) -> String {
    let is_called = |mention: &&Mention| {
        let alias = mention.alias.as_ref();
        alias.is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    };
    let mention = mentions.iter().find(is_called);
    mention.map_or_else(|| name.to_owned(), |mention| mention.table.clone())
}

/// Whether the next word names a table.
fn is_table_wanted(before: &[&Piece<'_>]) -> bool {
    let mut words = before.iter().rev().filter(|piece| says_something(piece));
    match words.next() {
        Some(last) if last.text == "," => is_in_from(before),
        Some(last) => ["FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "VIEW"]
            .iter()
            .any(|word| last.is(word)),
        None => false,
    }
}

fn says_something(piece: &Piece<'_>) -> bool {
    !matches!(piece.kind, Kind::Space | Kind::Comment)
}

/// Whether a comma here separates tables: the last clause that began is FROM.
fn is_in_from(before: &[&Piece<'_>]) -> bool {
    let mut depth = 0_usize;
    for piece in before.iter().rev() {
        match piece.text {
            ")" => depth += 1,
            "(" if depth == 0 => return false,
            "(" => depth -= 1,
            _ if depth > 0 => {}
            _ if piece.is("FROM") => return true,
            _ if ["SELECT", "WHERE", "BY", "ON", "HAVING", "VALUES", "USING"]
                .iter()
                .any(|word| piece.is(word)) =>
            {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// What a text in single quotes can be.
fn of_quotes(before: &[&Piece<'_>]) -> Wanted {
    let mut words = before.iter().rev().filter(|piece| says_something(piece));
    let (last, _) = (words.next(), words.next());
    let is = |piece: Option<&&&Piece<'_>>, word: &str| piece.is_some_and(|piece| piece.is(word));
    let places = ["FROM", "JOIN", "LOCATION", "TO", "DESCRIBE"];
    if places.iter().any(|word| is(last.as_ref(), word)) {
        return Wanted::Place;
    }
    match last {
        Some(comma) if comma.text == "," && is_in_from(before) => Wanted::Place,
        Some(arrow) if arrow.text == ">" => match words.next() {
            name if is(name.as_ref(), "against") => Wanted::Word(&["adjacent", "previous", "year"]),
            name if is(name.as_ref(), "grain") => GRAINS,
            _ => Wanted::Nothing,
        },
        _ => match argument_of("metric", before) {
            Some(0) => Wanted::Metric,
            Some(1) => GRAINS,
            Some(_) => Wanted::Dimension,
            None if argument_of("objective", before).is_some() => Wanted::Objective,
            None => Wanted::Nothing,
        },
    }
}

const GRAINS: Wanted = Wanted::Word(&["day", "week", "month", "quarter", "year"]);

/// Which argument of a table function begins here.
fn argument_of(function: &str, before: &[&Piece<'_>]) -> Option<usize> {
    let mut words = before.iter().rev().filter(|piece| says_something(piece));
    let (mut depth, mut commas) = (0_usize, 0);
    while let Some(piece) = words.next() {
        match piece.text {
            ")" => depth += 1,
            "(" if depth > 0 => depth -= 1,
            "(" => {
                return words
                    .next()
                    .filter(|word| word.is(function))
                    .map(|_| commas);
            }
            "," if depth == 0 => commas += 1,
            _ => {}
        }
    }
    None
}

/// The tables after FROM, JOIN and the commas between them; the word under the cursor is none.
fn mentions(statement: &[Piece<'_>], cursor: usize) -> Vec<Mention> {
    let words: Vec<&Piece<'_>> = statement
        .iter()
        .filter(|piece| says_something(piece))
        .collect();
    let mut mentions = Vec::new();
    for (place, piece) in words.iter().enumerate() {
        let is_begun = matches!(piece.kind, Kind::Word | Kind::Name | Kind::Text)
            && !(piece.kind == Kind::Word && is_keyword(piece.text));
        let is_under_cursor = piece.start < cursor && cursor <= piece.end();
        let is_query = piece.text == "(";
        if !(is_begun || is_query) || is_under_cursor || !is_table_wanted(&words[..place]) {
            continue;
        }
        let is_call = is_begun && words.get(place + 1).is_some_and(|open| open.text == "(");
        if is_query || is_call {
            let open = if is_call { place + 1 } else { place };
            let Some(close) = closing(&words, open) else {
                continue;
            };
            mentions.push(Mention {
                table: written(statement, piece.start, words[close].end()),
                alias: alias(&words, close + 1),
            });
            continue;
        }
        let mut table = piece.inner();
        let mut next = place + 1;
        while words.get(next).is_some_and(|dot| dot.text == ".") {
            let part = words
                .get(next + 1)
                .map_or_else(String::new, |part| part.inner());
            table = format!("{table}.{part}");
            next += 2;
        }
        let own = alias(&words, next);
        // A query that WITH has named gives its columns under that name.
        let (table, alias) = match of_with(statement, &words, &table) {
            Some(query) => (query, own.or(Some(table))),
            None => (table, own),
        };
        mentions.push(Mention { table, alias });
    }
    mentions
}

/// What a table is called for short.
fn alias(words: &[&Piece<'_>], place: usize) -> Option<String> {
    let place = match words.get(place) {
        Some(word) if word.is("AS") => place + 1,
        _ => place,
    };
    let word = words.get(place).filter(|word| {
        word.kind == Kind::Name || word.kind == Kind::Word && !is_keyword(word.text)
    });
    word.map(|word| word.inner())
}

/// The place of the parenthesis that closes the one here.
fn closing(words: &[&Piece<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, word) in words.iter().enumerate().skip(open) {
        match word.text {
            "(" => depth += 1,
            ")" if depth == 1 => return Some(place),
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The text of a statement from one byte of the line to another.
fn written(statement: &[Piece<'_>], from: usize, to: usize) -> String {
    let inside = statement
        .iter()
        .filter(|piece| piece.start >= from && piece.end() <= to);
    inside.map(|piece| piece.text).collect()
}

/// The query that `WITH name AS (…)` has named, with those before it.
fn of_with(statement: &[Piece<'_>], words: &[&Piece<'_>], name: &str) -> Option<String> {
    let first = words.first().filter(|word| word.is("WITH"))?;
    let place = words.windows(3).position(|three| match three {
        [called, is, open] => {
            called.inner().eq_ignore_ascii_case(name) && is.is("AS") && open.text == "("
        }
        _ => false,
    })?;
    let close = closing(words, place + 2)?;
    let queries = written(statement, first.start, words[close].end());
    Some(format!("({queries} SELECT * FROM {})", words[place].text))
}

/// The arguments of a command.
fn of_command(line: &str, cursor: usize) -> Context {
    let indent = line.len() - line.trim_start().len();
    let called = if line[indent..].starts_with("latido ") {
        "latido ".len()
    } else {
        0
    };
    let begin = (indent + called).min(cursor);
    let upto = line.get(begin..cursor).unwrap_or_default();
    let Some(blank) = upto.find(char::is_whitespace) else {
        return context(line, begin, cursor, Wanted::Command);
    };
    let name = canonical(
        upto[..blank]
            .trim_start_matches(['\\', '.'])
            .trim_end_matches('+'),
    );
    let word = upto.rfind(char::is_whitespace).map_or(0, |place| place + 1);
    let argument = upto[blank..].trim_start();
    let is_first = !argument.contains(char::is_whitespace);
    let start = begin + word;
    let wanted = match name {
        Some("explain") => return shifted(line, cursor, begin + blank + 1),
        Some("d") => Wanted::Table,
        Some("df") => Wanted::Function,
        Some("run" | "queries") if is_first => Wanted::Query,
        Some("run") => {
            let query = argument.split_whitespace().next().unwrap_or_default();
            Wanted::Parameter(query.to_owned())
        }
        Some("i" | "o") => Wanted::File,
        Some("x") => Wanted::Word(&["on", "off", "auto"]),
        Some("timing" | "pager") => Wanted::Word(&["on", "off"]),
        Some("chart") => Wanted::Word(&["bar", "histogram", "line", "sparkline"]),
        Some("format") => Wanted::Word(&[
            "box", "csv", "expanded", "json", "markdown", "ndjson", "table", "tsv",
        ]),
        _ => Wanted::Nothing,
    };
    context(line, start, cursor, wanted)
}

/// A statement within a command.
fn shifted(line: &str, cursor: usize, start: usize) -> Context {
    let rest = line.get(start..).unwrap_or_default();
    let inner = at(rest, cursor.saturating_sub(start));
    Context {
        start: inner.start + start,
        ..inner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The context at `|`.
    fn of(line: &str) -> Context {
        let cursor = line.find('|').unwrap();
        at(&line.replace('|', ""), cursor)
    }

    fn mention(table: &str, alias: Option<&str>) -> Mention {
        Mention {
            table: table.into(),
            alias: alias.map(str::to_owned),
        }
    }

    #[test]
    fn after_from_stand_tables() {
        for line in [
            "select * from |",
            "select * from resp|",
            "FROM re|",
            "select * from a join r|",
            "select * from a, r|",
            "select 1; select * from r|",
            "describe r|",
            "insert into r|",
            "\\d re|",
            "select * from system.t|",
        ] {
            assert_eq!(of(line).wanted, Wanted::Table, "{line}");
        }
        assert_eq!(of("select * from system.t|").typed, "system.t");
    }

    #[test]
    fn columns_come_from_the_tables_of_the_statement() {
        let tables = vec![mention("responses", Some("r")), mention("customers", None)];
        for line in [
            "select re| from responses as r join customers on 1 = 1",
            "select 1; select | from responses r, customers",
            "select a from responses r, customers where x|",
        ] {
            assert_eq!(
                of(line).wanted,
                Wanted::Expression(tables.clone()),
                "{line}"
            );
        }
        assert_eq!(
            of("select r.n| from responses r").wanted,
            Wanted::Column("responses".into())
        );
        assert_eq!(of("select r.n| from responses r").typed, "n");
        assert_eq!(
            of("select x.n| from (select nps from r) as x").wanted,
            Wanted::Column("(select nps from r)".into())
        );
        assert_eq!(
            of("select v| from metric('nps', 'month')").wanted,
            Wanted::Expression(vec![mention("metric('nps', 'month')", None)])
        );
        assert_eq!(
            of("with q as (select 1 as n), p as (select n from q) select p.| from p").wanted,
            Wanted::Column(
                "(with q as (select 1 as n), p as (select n from q) SELECT * FROM p)".into()
            )
        );
        assert_eq!(
            of("select n| from 'a b.csv'").wanted,
            Wanted::Expression(vec![mention("a b.csv", None)])
        );
    }

    #[test]
    fn quotes_hold_places_metrics_or_nothing() {
        assert_eq!(of("select * from 'da|").wanted, Wanted::Place);
        assert_eq!(of("select * from 'da|'").typed, "da");
        assert_eq!(of("copy t to 's3://b/|").wanted, Wanted::Place);
        assert_eq!(of("select * from metric('n|").wanted, Wanted::Metric);
        assert_eq!(of("from objective('Keep|").wanted, Wanted::Objective);
        assert_eq!(of("select * from metric('nps', '|").wanted, GRAINS);
        assert_eq!(
            of("from metric('nps', 'month', 'r|')").wanted,
            Wanted::Dimension
        );
        assert_eq!(of("from metric('nps', grain => 'm|')").wanted, GRAINS);
        assert_eq!(
            of("from metric('nps', against => 'y|')").wanted,
            Wanted::Word(&["adjacent", "previous", "year"])
        );
        assert_eq!(of("select nps('m', '|").wanted, Wanted::Nothing);
        assert_eq!(of("select * from t where a = 'x|").wanted, Wanted::Nothing);
        assert_eq!(of("select 1 -- fr|").wanted, Wanted::Nothing);
        assert_eq!(of("select 12|").wanted, Wanted::Nothing);
    }

    #[test]
    fn commands_have_their_own_arguments() {
        assert_eq!(of("\\d|").wanted, Wanted::Command);
        assert_eq!(of("  .ta|").start, 2);
        assert_eq!(of("latido run nps|").wanted, Wanted::Query);
        assert_eq!(of("\\run nps|").wanted, Wanted::Query);
        assert_eq!(
            of("\\run nps/by_month fr|").wanted,
            Wanted::Parameter("nps/by_month".into())
        );
        assert_eq!(of("\\df n|").wanted, Wanted::Function);
        assert_eq!(of(".read a/|").wanted, Wanted::File);
        assert_eq!(of("\\x |").wanted, Wanted::Word(&["on", "off", "auto"]));
        let explained = of("\\explain select * from r|");
        assert_eq!((explained.wanted, explained.start), (Wanted::Table, 23));
    }
}
