//! Values with their keys in the order of the specification, written as YAML.

use std::fmt::Write as _;

use crate::project::yaml;

/// A value of the exchange format.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Text(String),
    Flag(bool),
    /// Names on one line.
    Names(Vec<String>),
    List(Vec<Tree>),
    Map(Vec<(&'static str, Tree)>),
}

impl Tree {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text of a document.
    pub(super) fn to_yaml(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text
    }

    /// Writes a list or a map, each entry on lines of its own.
    fn write(&self, text: &mut String, indent: usize) {
        match self {
            Self::Map(entries) => {
                for (key, value) in entries {
                    let _ = write!(text, "{:indent$}{key}:", "");
                    value.write_value(text, indent + 2);
                }
            }
            Self::List(items) => {
                for item in items {
                    let mut block = String::new();
                    item.write(&mut block, indent + 2);
                    // The first key stands behind the dash.
                    let _ = write!(text, "{:indent$}- {}", "", block.trim_start());
                }
            }
            Self::Text(_) | Self::Flag(_) | Self::Names(_) => self.write_value(text, indent),
        }
    }

    /// Writes what stands after a colon.
    fn write_value(&self, text: &mut String, indent: usize) {
        // A string never fails to take what is written into it.
        let _ = match self {
            Self::Text(value) => writeln!(text, " {}", yaml::text(value)),
            Self::Flag(value) => writeln!(text, " {value}"),
            Self::Names(names) => writeln!(text, " {}", yaml::list(names)),
            Self::List(_) | Self::Map(_) => {
                text.push('\n');
                self.write(text, indent);
                Ok(())
            }
        };
    }
}
