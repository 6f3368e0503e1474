//! `NAME=VALUE` on the line: tables and parameters.

use std::collections::HashSet;

use crate::error::{Error, Result};

/// Values by the name of their parameter, as text.
pub(super) type Parameters = Vec<(String, String)>;

/// Tables by name, each with its file, directory, glob or URL.
pub(super) fn tables(typed: &[String]) -> Result<Vec<(String, String)>> {
    let tables = pairs("--table", typed)?;
    for (name, _) in &tables {
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_word || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Error::Usage(format!(
                "--table {name}=…: a table's name is made of letters, digits and _; write \
                 --table NAME=PATH_OR_URL"
            )));
        }
    }
    Ok(tables)
}

/// Parameters by name, with or without their `$`.
pub(super) fn parameters(typed: &[String]) -> Result<Parameters> {
    let bare = |text: &String| text.strip_prefix('$').unwrap_or(text).to_owned();
    pairs("--param", &typed.iter().map(bare).collect::<Vec<_>>())
}

/// `NAME=VALUE` each; a name given twice is a mistake.
fn pairs(option: &str, typed: &[String]) -> Result<Vec<(String, String)>> {
    let mut names = HashSet::new();
    let mut pairs = Vec::with_capacity(typed.len());
    for text in typed {
        let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(Error::Usage(format!(
                "{option} {text}: write {option} NAME=VALUE"
            )));
        };
        if !names.insert(name) {
            return Err(Error::Usage(format!("{option} {name} is given twice")));
        }
        pairs.push((name.to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn tables_and_parameters_are_pairs() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let path = "a/year=2024/*.csv";
        assert_eq!(
            tables(&texts(&["t=a/year=2024/*.csv"])).unwrap(),
            [pair("t", path)]
        );
        let bound = parameters(&texts(&["from=2024-01-01", "$k="])).unwrap();
        assert_eq!(bound, [pair("from", "2024-01-01"), pair("k", "")]);
    }

    #[test]
    fn what_is_no_pair_is_refused_with_its_remedy() {
        let refusal = |text: &str| tables(&texts(&[text])).unwrap_err().to_string();
        assert!(refusal("data/year=2024/x.csv").contains("NAME=PATH_OR_URL"));
        assert!(refusal("x.csv").contains("NAME=VALUE"));
        let twice = parameters(&texts(&["a=1", "$a=2"])).unwrap_err();
        assert_eq!(twice.to_string(), "--param a is given twice");
    }
}
