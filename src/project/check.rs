//! Whether a file has the shape that it should: unknown keys, wrong types, missing and unknown
//! words, each with its line and a remedy.

use chrono_tz::Tz;

use super::fault::Fault;
use super::node::{Node, Value};
use super::shape::{Key, Shape};
use crate::error::{hint, nearest};

/// Checks a value and all within; `at` is the key that leads to it.
pub(super) fn check(node: &Node, shape: &Shape, at: &str) -> Result<(), Fault> {
    let wrong = |what: &str| Err(Fault::at(node.line, at, what));
    match shape {
        Shape::Text => text(node, at),
        Shape::Sql => sql(node, at),
        Shape::Scalar => match node.value {
            Value::List(_) | Value::Map(_) => wrong(&format!("one value, not {}", node.kind())),
            _ => Ok(()),
        },
        Shape::Identifier => identifier(node, at),
        Shape::Column => column(node, at),
        Shape::Zone => zone(node, at),
        Shape::Number => match node.number() {
            Some(number) if number.is_finite() => Ok(()),
            _ => wrong(&format!("a number, not {}", shown(node))),
        },
        Shape::Fraction => match node.number() {
            Some(number) if number > 0.0 && number < 1.0 => Ok(()),
            _ => wrong(&format!(
                "a share between 0 and 1, such as 0.95, not {}",
                shown(node)
            )),
        },
        Shape::Count => match node.integer() {
            Some(1..) => Ok(()),
            _ => wrong(&format!(
                "a whole number of at least 1, not {}",
                shown(node)
            )),
        },
        Shape::Choice(words) => choice(node, words, at),
        Shape::List(inner) => list(node, inner, at),
        Shape::OneOrMore(inner) => match node.value {
            Value::List(_) => list(node, inner, at),
            _ => check(node, inner, at),
        },
        Shape::Map(inner) => map(node, inner, at),
        Shape::Record(keys) => record(node, keys, at),
        Shape::Short(keys) => match node.value {
            Value::Text(_) => text(node, at),
            _ => record(node, keys, at),
        },
    }
}

fn text(node: &Node, at: &str) -> Result<(), Fault> {
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => Err(Fault::at(node.line, at, "is empty")),
        Value::Text(_) => Ok(()),
        Value::Integer(_) | Value::Number(_) | Value::Boolean(_) => Err(Fault::at(
            node.line,
            at,
            format!("text; YAML reads {} here, so put it in quotes", node.kind()),
        )),
        _ => Err(Fault::at(
            node.line,
            at,
            format!("text, not {}", shown(node)),
        )),
    }
}

/// SQL may be a bare number or truth value.
fn sql(node: &Node, at: &str) -> Result<(), Fault> {
    match node.text() {
        Some(text) if !text.trim().is_empty() => Ok(()),
        _ => Err(Fault::at(
            node.line,
            at,
            format!("an expression in SQL, not {}", shown(node)),
        )),
    }
}

fn identifier(node: &Node, at: &str) -> Result<(), Fault> {
    text(node, at)?;
    let text = node.text().unwrap_or_default();
    match is_identifier(&text) {
        true => Ok(()),
        false => Err(Fault::at(
            node.line,
            at,
            format!(
                "`{text}` is no name for SQL: letters, digits and _, not a digit first{}",
                match names_a_column(at) {
                    true => "; a column of the file gets such a name under `columns:` of its table",
                    false => "",
                }
            ),
        )),
    }
}

/// Whether a key names a column that a file may call otherwise.
fn names_a_column(at: &str) -> bool {
    at.ends_with(".agg_time_dimension") || at.starts_with("dimensions.")
}

/// Whether a name has the letters that SQL takes without quotes.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

fn column(node: &Node, at: &str) -> Result<(), Fault> {
    text(node, at)?;
    let text = node.text().unwrap_or_default();
    match text.split_once('.') {
        Some((table, column)) if is_identifier(table) && is_identifier(column) => Ok(()),
        _ => Err(Fault::at(
            node.line,
            at,
            format!("`{text}` is not table.column, such as customers.churned"),
        )),
    }
}

fn zone(node: &Node, at: &str) -> Result<(), Fault> {
    text(node, at)?;
    let text = node.text().unwrap_or_default();
    if text.parse::<Tz>().is_ok() {
        return Ok(());
    }
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let hint = nearest(&text, zones).map_or_else(
        || "write a name such as Europe/Madrid".to_owned(),
        |zone| format!("did you mean {zone}?"),
    );
    Err(Fault::at(
        node.line,
        at,
        format!("no time zone `{text}`; {hint}"),
    ))
}

fn choice(node: &Node, words: &[&str], at: &str) -> Result<(), Fault> {
    let Value::Text(text) = &node.value else {
        let reason = format!("one of {}, not {}", words.join(", "), shown(node));
        return Err(Fault::at(node.line, at, reason));
    };
    if words.contains(&text.as_str()) {
        return Ok(());
    }
    let hint = hint(text, words.iter().copied(), "");
    Err(Fault::at(
        node.line,
        at,
        format!("`{text}` is unknown; {hint}"),
    ))
}

fn list(node: &Node, inner: &Shape, at: &str) -> Result<(), Fault> {
    let Value::List(items) = &node.value else {
        let reason = format!("a list, such as [a, b], not {}", shown(node));
        return Err(Fault::at(node.line, at, reason));
    };
    for (place, item) in items.iter().enumerate() {
        check(item, inner, &within(at, &named(item, place)))?;
    }
    Ok(())
}

/// An item of a list is called by its name where it has one.
fn named(item: &Node, place: usize) -> String {
    match item.get("name").and_then(Node::text) {
        Some(name) => name,
        None => format!("{}", place + 1),
    }
}

fn map(node: &Node, inner: &Shape, at: &str) -> Result<(), Fault> {
    let Value::Map(entries) = &node.value else {
        let reason = format!("names with their values, not {}", shown(node));
        return Err(Fault::at(node.line, at, reason));
    };
    for (name, value) in entries {
        let at = within(at, &name.text);
        if !is_identifier(&name.text) {
            return Err(Fault::at(
                name.line,
                at,
                format!(
                    "`{}` is no name for SQL: letters, digits and _, not a digit first",
                    name.text
                ),
            ));
        }
        check(value, inner, &at)?;
    }
    Ok(())
}

fn record(node: &Node, keys: &[Key], at: &str) -> Result<(), Fault> {
    let Value::Map(entries) = &node.value else {
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let reason = format!("keys ({}), not {}", names.join(", "), shown(node));
        return Err(Fault::at(node.line, at, reason));
    };
    for (name, value) in entries {
        let at = within(at, &name.text);
        match keys.iter().find(|key| key.name == name.text) {
            Some(key) => check(value, &key.shape, &at)?,
            None => return Err(Fault::at(name.line, at, unknown_key(&name.text, keys))),
        }
    }
    let is_missing = |key: &&Key| key.is_required && node.get(key.name).is_none();
    match keys.iter().find(is_missing) {
        Some(key) => Err(Fault::at(
            node.line,
            at,
            format!("needs {}: {}", key.name, lower_first(key.about)),
        )),
        None => Ok(()),
    }
}

fn unknown_key(name: &str, keys: &[Key]) -> String {
    let names = keys.iter().map(|key| key.name);
    format!("unknown key; {}", hint(name, names, ""))
}

fn within(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    }
}

fn shown(node: &Node) -> String {
    match node.text() {
        Some(text) => format!("`{text}`"),
        None => node.kind().to_owned(),
    }
}

/// A sentence as the end of another.
fn lower_first(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
