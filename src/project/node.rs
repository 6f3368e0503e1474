//! A YAML text as a tree whose every value knows its line.
//!
//! Here because serde forgets lines, and an error without its line sends people searching.

use saphyr::{LoadableYamlNode, MarkedYamlOwned, ScalarOwned, YamlDataOwned};

use super::fault::Fault;

/// Bytes that a project file may have.
const MOST_BYTES: usize = 1 << 20;
/// Lists and maps within each other; what is read of a file goes four deep.
const MOST_DEEP: usize = 32;

/// A value and where it is written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The line, from 1.
    pub(super) line: usize,
    pub(super) value: Value,
}

/// A value of YAML.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing after the colon, `~` or `null`.
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Name, Node)>),
}

/// The key of a map and its line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) line: usize,
    pub(super) text: String,
}

/// Two nodes are the same when they hold the same, wherever it is written.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Node {
    /// The tree of a text; a text without values is an empty map.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        if text.len() > MOST_BYTES {
            let bytes = text.len();
            return Err(Fault::at(
                1,
                "",
                format!("{bytes} bytes; at most {MOST_BYTES} are read"),
            ));
        }
        check_depth(text)?;
        let mut documents = MarkedYamlOwned::load_from_str(text).map_err(|error| {
            let marker = error.marker();
            let what = error.info();
            let column = marker.col() + 1;
            Fault::at(
                marker.line(),
                "",
                format!("not YAML: {what} (column {column})"),
            )
        })?;
        match (documents.pop(), documents.len()) {
            (None, _) => Ok(Self::empty()),
            (Some(document), 0) => match Self::of(document)? {
                Self {
                    value: Value::Null, ..
                } => Ok(Self::empty()),
                node => Ok(node),
            },
            (Some(second), _) => Err(Fault::at(
                second.span.start.line(),
                "",
                "a second document; a project file is one, without ---",
            )),
        }
    }

    fn empty() -> Self {
        Self {
            line: 1,
            value: Value::Map(Vec::new()),
        }
    }

    fn of(yaml: MarkedYamlOwned) -> Result<Self, Fault> {
        let line = yaml.span.start.line();
        let value = match yaml.data {
            YamlDataOwned::Value(scalar) => scalar_value(scalar),
            YamlDataOwned::Sequence(values) => {
                Value::List(values.into_iter().map(Self::of).collect::<Result<_, _>>()?)
            }
            YamlDataOwned::Mapping(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Ok((name(&Self::of(key)?)?, Self::of(value)?)))
                    .collect::<Result<_, Fault>>()?,
            ),
            YamlDataOwned::Tagged(tag, _) => {
                return Err(Fault::at(
                    line,
                    "",
                    format!("tag {tag}: tags are not used here"),
                ));
            }
            YamlDataOwned::BadValue => Value::Null,
            _ => return Err(Fault::at(line, "", "not a value of YAML")),
        };
        Ok(Self { line, value })
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let entry = self.entries().iter().find(|(name, _)| name.text == key);
        entry.map(|(_, node)| node)
    }

    /// The entries of a map; none of anything else.
    pub(super) fn entries(&self) -> &[(Name, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The values of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// A scalar as text, as it would be written.
    pub(super) fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Boolean(truth) => Some(truth.to_string()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// An integer or a number.
    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "goals and limits, not counts of rows"
            )]
            Value::Integer(number) => Some(number as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// An integer.
    pub(super) fn integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The word for what it is, for errors.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "empty",
            Value::Boolean(_) => "true or false",
            Value::Integer(_) | Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

fn scalar_value(scalar: ScalarOwned) -> Value {
    match scalar {
        ScalarOwned::Null => Value::Null,
        ScalarOwned::Boolean(truth) => Value::Boolean(truth),
        ScalarOwned::Integer(number) => Value::Integer(number),
        ScalarOwned::FloatingPoint(number) => Value::Number(number.into_inner()),
        ScalarOwned::String(text) => Value::Text(text),
    }
}

fn name(key: &Node) -> Result<Name, Fault> {
    match key.text() {
        Some(text) => Ok(Name {
            line: key.line,
            text,
        }),
        None => Err(Fault::at(
            key.line,
            "",
            format!("a key is a word, not {}", key.kind()),
        )),
    }
}

/// Refuses what nests too deep before anything recursive sees it: by brackets, and by dashes and
/// indentation, which grow by at least one character a level.
fn check_depth(text: &str) -> Result<(), Fault> {
    let mut open = 0_usize;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '-', '?']).len();
        let opened = line.matches(['[', '{']).count();
        let closed = line.matches([']', '}']).count();
        if open + opened > 8 * MOST_DEEP || indent > 8 * MOST_DEEP {
            let reason = format!("values nest more than {MOST_DEEP} deep");
            return Err(Fault::at(number + 1, "", reason));
        }
        open = (open + opened).saturating_sub(closed);
    }
    Ok(())
}
