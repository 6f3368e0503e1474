//! Texts as YAML: plain where YAML reads the same text again, else in double quotes.
//!
//! Here because two writers need it, a first latido.yaml and the exchange format, and a text that
//! comes back as a number or a comment is a silent loss.

/// Words that YAML 1.1 or 1.2 reads as something else than text.
const RESERVED: [&str; 11] = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
];
/// What may stand inside a plain text without a meaning of its own, beside letters and digits.
const HARMLESS: &str = "_-./ ()<>=+*'%";

/// A text as a value of a block.
pub(super) fn text(text: &str) -> String {
    match is_plain(text, HARMLESS) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// Texts as a list on one line.
pub(super) fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let item = |text: T| match is_plain(text.as_ref(), "_-./ ") {
        true => text.as_ref().to_owned(),
        false => quoted(text.as_ref()),
    };
    let items: Vec<String> = texts.into_iter().map(item).collect();
    format!("[{}]", items.join(", "))
}

/// A text in double quotes: those of JSON, which YAML reads alike.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn is_plain(text: &str, harmless: &str) -> bool {
    let starts = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    let is_harmless = |letter: char| letter.is_alphanumeric() || harmless.contains(letter);
    starts
        && text.chars().all(is_harmless)
        && !text.ends_with(' ')
        && !RESERVED.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::super::node::Node;
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            "nps",
            "no",
            "Y",
            "1",
            "1.5e3",
            "- a",
            "a: b",
            "a #b",
            "",
            " a",
            "a ",
            "ñandú",
            "nps >= 9",
            "x = 'it''s'",
            "[a, b]",
            "a\nb",
            "{{ x }}",
            "*a",
            "@a",
            "null",
            "2024-01-01",
            "\"q\"",
            "back\\slash",
            "0x1F",
            ".inf",
            "it's",
        ];
        for written in texts {
            let file = format!("a: {}\nb: {}\n", text(written), list([written, "z"]));
            let node = Node::read(&file).unwrap();
            let single = node.get("a").unwrap();
            assert_eq!(single.text().as_deref(), Some(written), "{file}");
            assert_eq!(single.kind(), "text", "{file}");
            let item = &node.get("b").unwrap().items()[0];
            assert_eq!(item.text().as_deref(), Some(written), "{file}");
        }
    }
}
