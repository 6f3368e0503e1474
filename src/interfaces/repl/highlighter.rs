//! Colours of what is being typed.

use reedline::{Color, Highlighter, StyledText};

use super::command;
use super::words::{Kind, Piece, is_keyword, pieces};

/// Colours of a statement or command; without colours it writes none.
pub(super) struct Colours {
    pub(super) color: bool,
}

impl Highlighter for Colours {
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        let plain = Color::Default.normal();
        if !self.color {
            styled.push((plain, line.to_owned()));
            return styled;
        }
        if command::of_line(line).is_some() {
            let end = line.trim_start().find(char::is_whitespace);
            let start = line.len() - line.trim_start().len();
            let (word, rest) = line.split_at(end.map_or(line.len(), |end| start + end));
            styled.push((Color::Cyan.normal(), word.to_owned()));
            styled.push((plain, rest.to_owned()));
            return styled;
        }
        let pieces = pieces(line);
        for (place, piece) in pieces.iter().enumerate() {
            let style = match colour(piece, pieces.get(place + 1)) {
                Some(Color::Blue) => Color::Blue.bold(),
                Some(colour) => colour.normal(),
                None => plain,
            };
            styled.push((style, piece.text.to_owned()));
        }
        styled
    }
}

/// The colour of a piece; a word before a parenthesis is a function.
fn colour(piece: &Piece<'_>, next: Option<&Piece<'_>>) -> Option<Color> {
    match piece.kind {
        Kind::Word if is_keyword(piece.text) => Some(Color::Blue),
        Kind::Word if next.is_some_and(|next| next.text == "(") => Some(Color::Cyan),
        Kind::Text => Some(Color::Green),
        Kind::Number => Some(Color::Magenta),
        Kind::Comment => Some(Color::DarkGray),
        Kind::Variable => Some(Color::Yellow),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_colour_and_nothing_is_lost() {
        let line = "SELECT nps(score), 'a', 1, $x FROM t -- why";
        let pieces = pieces(line);
        let colours: Vec<(&str, Color)> = pieces
            .iter()
            .enumerate()
            .filter_map(|(at, piece)| Some((piece.text, colour(piece, pieces.get(at + 1))?)))
            .collect();
        assert_eq!(
            colours,
            [
                ("SELECT", Color::Blue),
                ("nps", Color::Cyan),
                ("'a'", Color::Green),
                ("1", Color::Magenta),
                ("$x", Color::Yellow),
                ("FROM", Color::Blue),
                ("-- why", Color::DarkGray),
            ]
        );
        for color in [true, false] {
            for line in [line, "\\run a b", "  \\d", "'open"] {
                let styled = Colours { color }.highlight(line, 0);
                let text: String = styled.buffer.into_iter().map(|(_, text)| text).collect();
                assert_eq!(text, line);
            }
        }
    }
}
