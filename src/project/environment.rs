//! `${NAME}` in values of a project file: what differs from machine to machine, and what is secret.

use super::fault::Fault;
use super::node::{Node, Value};

/// Puts the values of environment variables in; `look_up` knows them.
pub(super) fn fill(node: &mut Node, look_up: &dyn Fn(&str) -> Option<String>) -> Result<(), Fault> {
    match &mut node.value {
        Value::Text(text) => {
            let filled = replaced(text, look_up);
            *text = filled.map_err(|reason| Fault::at(node.line, "", reason))?;
        }
        Value::List(items) => items.iter_mut().try_for_each(|item| fill(item, look_up))?,
        Value::Map(entries) => entries
            .iter_mut()
            .try_for_each(|(_, item)| fill(item, look_up))?,
        _ => {}
    }
    Ok(())
}

/// `${NAME}` is its value, `${NAME:-default}` too or the default, `$$` a dollar.
fn replaced(text: &str, look_up: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        rest = match (after.strip_prefix('$'), after.strip_prefix('{')) {
            (Some(after), _) => {
                filled.push('$');
                after
            }
            (None, Some(after)) => {
                let (asked, after) = after.split_once('}').ok_or_else(|| {
                    format!("`${{` without `}}` in `{text}`; write $$ for a dollar")
                })?;
                filled.push_str(&value(asked, look_up)?);
                after
            }
            // `$name` is a parameter of SQL.
            (None, None) => {
                filled.push('$');
                after
            }
        };
    }
    filled.push_str(rest);
    Ok(filled)
}

fn value(asked: &str, look_up: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let (name, default) = match asked.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (asked, None),
    };
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(format!("`{name}` is no name of an environment variable"));
    }
    let set = look_up(name).filter(|value| !value.is_empty() || default.is_none());
    set.or(default.map(str::to_owned)).ok_or_else(|| {
        format!("the environment variable {name} is not set; set it, or write ${{{name}:-default}}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        replaced(text, &|name| {
            (name == "BUCKET").then(|| "s3://feedback".to_owned())
        })
    }

    #[test]
    fn variables_defaults_and_dollars() {
        assert_eq!(filled("${BUCKET}/2026").unwrap(), "s3://feedback/2026");
        assert_eq!(filled("${NONE:-./store}").unwrap(), "./store");
        assert_eq!(filled("$$5 and $from").unwrap(), "$5 and $from");
    }

    #[test]
    fn what_is_not_set_is_named() {
        let error = filled("${NONE}").unwrap_err();
        assert!(
            error.starts_with("the environment variable NONE is not set"),
            "{error}"
        );
        assert!(filled("${NONE").unwrap_err().contains("without `}`"));
        assert!(filled("${a b}").unwrap_err().contains("no name"));
    }
}
