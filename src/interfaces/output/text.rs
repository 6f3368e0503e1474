//! Text in terminal columns: wide and combining characters measured, control characters disarmed.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Which side of its column a text stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// The terminal columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Control characters as their escapes (`\n`, `\t`, `\x1b`), marks that turn the writing direction
/// too: data can neither break a frame nor drive the terminal.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_control) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            c if c.is_ascii_control() => {
                let _ = write!(escaped, "\\x{:02x}", c as u32);
            }
            c if is_control(c) => {
                let _ = write!(escaped, "\\u{{{:x}}}", c as u32);
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The text itself, or its beginning and `…` when it is wider than `limit` columns.
pub(crate) fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let mut kept = 0;
    let mut taken = 0;
    for (start, character) in text.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken + 1 > limit {
            break;
        }
        kept = start + character.len_utf8();
    }
    Cow::Owned(format!("{}…", &text[..kept]))
}

/// `1 row`, `2 rows`
pub(crate) fn counted(rows: usize) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    }
}

/// The text in lines of at most `limit` columns, broken between words where there are some.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(most) = fitting(rest, limit) {
        let blank = || rest[..most].rfind(' ').filter(|blank| *blank > 0);
        let end = match rest[most..].starts_with(' ') {
            true => most,
            false => blank().unwrap_or(most),
        };
        lines.push(rest[..end].trim_end());
        rest = rest[end..].trim_start_matches(' ');
    }
    lines.push(rest);
    lines
}

/// The bytes of the longest beginning that fits, one character at least; `None` if all does.
fn fitting(text: &str, limit: usize) -> Option<usize> {
    let mut taken = 0;
    for (place, character) in text.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken > limit && place > 0 {
            return Some(place);
        }
    }
    None
}

/// The text filled with spaces to `columns`.
pub(crate) fn pad(text: &str, columns: usize, side: Side) -> String {
    let fill = " ".repeat(columns.saturating_sub(width(text)));
    match side {
        Side::Left => format!("{text}{fill}"),
        Side::Right => format!("{fill}{text}"),
    }
}

fn is_control(character: char) -> bool {
    let turns_direction = matches!(character,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns_direction || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_disarmed() {
        assert_eq!(escape("a\nb\t\u{1b}[31m\u{7f}"), "a\\nb\\t\\x1b[31m\\x7f");
        assert_eq!(escape("x\u{202e}y\u{9b}"), "x\\u{202e}y\\u{9b}");
        assert!(matches!(escape("plain é 漢"), Cow::Borrowed(_)));
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("漢字"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(pad("漢", 4, Side::Right), "  漢");
    }

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        assert_eq!(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("漢字漢字", 5), ["漢字", "漢字"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn a_cut_never_exceeds_its_columns() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("漢字漢字", 4), "漢…");
        assert_eq!(cut("abc", 3), "abc");
        for limit in 1..8 {
            assert!(width(&cut("a漢b字c👍🏽d", limit)) <= limit, "{limit}");
        }
    }
}
