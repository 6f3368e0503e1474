//! The documentation of one function, for a person to read.

use super::text::wrap;
use super::{Screen, Side, pad, width};
use crate::engine::FunctionInfo;
use crate::error::{Error, Result, nearest};

/// What the function of this name means, or which may have been meant.
pub(crate) fn documentation(
    functions: &[FunctionInfo],
    name: &str,
    screen: Screen,
) -> Result<String> {
    let function = functions.iter().find(|f| f.name.eq_ignore_ascii_case(name));
    let function = function.ok_or_else(|| unknown(functions, name))?;
    Ok(text(function, screen))
}

fn unknown(functions: &[FunctionInfo], name: &str) -> Error {
    let lower = name.to_ascii_lowercase();
    let names = || functions.iter().map(|f| f.name.as_str());
    let mut alike: Vec<&str> = names()
        .filter(|known| known.contains(&lower))
        .take(5)
        .collect();
    if alike.is_empty() {
        alike.extend(nearest(name, names()));
    }
    let hint = match alike.as_slice() {
        [] => "`latido functions` lists them".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    Error::Usage(format!("there is no function {name}; {hint}"))
}

fn text(function: &FunctionInfo, screen: Screen) -> String {
    let (style, limit) = (screen.style, screen.width.unwrap_or(usize::MAX));
    let title = format!(
        "{}  {}",
        style.bold(&function.syntax),
        style.dim(function.kind)
    );
    let mut text = format!("{title}\n\n{}", wrapped(function.description.trim(), limit));
    let names = function.arguments.iter().map(|(name, _)| width(name));
    let columns = names.max().unwrap_or(0);
    for (place, (name, meaning)) in function.arguments.iter().enumerate() {
        let gap = if place == 0 { "\n" } else { "" };
        let indent = format!("\n{}", " ".repeat(columns + 4));
        let room = limit.saturating_sub(columns + 4).max(20);
        let meaning = wrapped(meaning, room).trim_end().replace('\n', &indent);
        text.push_str(&format!(
            "{gap}  {}  {meaning}\n",
            pad(name, columns, Side::Left)
        ));
    }
    if let Some(example) = &function.example {
        text.push_str(&format!(
            "\n{}\n{}\n",
            style.bold("Example"),
            example.trim_end()
        ));
    }
    text
}

/// The lines of a text, each short enough.
fn wrapped(text: &str, limit: usize) -> String {
    let mut lines = String::new();
    for line in text.lines().flat_map(|line| wrap(line, limit)) {
        lines.push_str(line);
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_has_syntax_meaning_arguments_and_example() {
        let function = FunctionInfo {
            name: "nps".into(),
            kind: "aggregate",
            syntax: "nps(score)".into(),
            description: "Net Promoter Score.".into(),
            example: Some("SELECT nps(score) FROM t".into()),
            arguments: vec![
                ("score".into(), "0 to 10".into()),
                ("w".into(), "a weight".into()),
            ],
            own: true,
        };
        let expected = "nps(score)  aggregate\n\nNet Promoter Score.\n\n  score  0 to 10\n  \
                        w      a weight\n\nExample\nSELECT nps(score) FROM t\n";
        assert_eq!(text(&function, Screen::default()), expected);
        let hint = unknown(&[function], "NP").to_string();
        assert_eq!(hint, "there is no function NP; did you mean nps?");
    }
}
