//! What a node that passed the check says, as the types of the project.

use super::Sql;
use super::node::{Node, Value};

/// A text.
pub(super) fn text_of(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text)
}

/// A number.
pub(super) fn number_of(node: &Node, key: &str) -> Option<f64> {
    node.get(key).and_then(Node::number)
}

/// A count.
pub(super) fn count_of(node: &Node, key: &str) -> Option<u64> {
    let integer = node.get(key).and_then(Node::integer)?;
    u64::try_from(integer).ok()
}

/// An expression with its line.
pub(super) fn sql_of(node: &Node, key: &str) -> Option<Sql> {
    let value = node.get(key)?;
    Some(Sql {
        text: value.text()?,
        line: value.line,
    })
}

/// What a word stands for.
pub(super) fn word_of<T: Copy>(node: &Node, key: &str, words: &[(&str, T)]) -> Option<T> {
    let text = text_of(node, key)?;
    let word = words.iter().find(|(word, _)| *word == text)?;
    Some(word.1)
}

/// The texts of a list, or of one text.
pub(super) fn texts_of(node: &Node, key: &str) -> Vec<String> {
    match node.get(key) {
        Some(list) if matches!(list.value, Value::List(_)) => {
            list.items().iter().filter_map(Node::text).collect()
        }
        Some(one) => one.text().into_iter().collect(),
        None => Vec::new(),
    }
}
