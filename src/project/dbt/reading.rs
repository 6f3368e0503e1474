//! The metrics of dbt files, read into one form whatever the spelling.

use super::model::{SemanticModel, filters};
use crate::project::fault::Fault;
use crate::project::node::{Node, Value};
use crate::project::words::text_of;

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At(pub(super) String);

impl At {
    pub(super) fn of(file: &str, node: &Node) -> Self {
        Self(format!("{file}:{}", node.line))
    }
}

/// All that dbt files say about metrics.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) models: Vec<SemanticModel>,
    pub(super) metrics: Vec<Definition>,
    /// What is there and is no metric: saved queries.
    pub(super) others: Vec<String>,
}

/// A metric as it is written.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) at: At,
    pub(super) label: Option<String>,
    pub(super) description: Option<String>,
    pub(super) filters: Vec<String>,
    pub(super) what: What,
    /// What it says beside and what has no meaning here.
    pub(super) ignored: Vec<&'static str>,
}

/// How a metric is computed.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// An aggregate of a model, by its place in [`Files::models`].
    Simple(Aggregate),
    /// An aggregate of a measure that is found by name when all files are read.
    Measure(Input),
    /// One metric over another.
    Ratio(Input, Input),
    /// Anything else, and why it has no meaning here.
    Other(String),
}

/// An aggregate of a model.
#[derive(Debug, Clone)]
pub(super) struct Aggregate {
    pub(super) model: usize,
    pub(super) agg: String,
    pub(super) expr: String,
    pub(super) time: Option<String>,
    pub(super) is_non_additive: bool,
}

/// What a metric is computed of, by name.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) filters: Vec<String>,
    pub(super) ignored: Vec<&'static str>,
    pub(super) is_shifted: bool,
}

impl Files {
    /// Reads one file more.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), Fault> {
        let node = Node::read(text)?;
        let items = |key| node.get(key).map_or(&[][..], Node::items);
        for model in items("semantic_models") {
            self.models.push(SemanticModel::legacy(model, file));
        }
        for model in items("models") {
            let Some(read) = SemanticModel::latest(model) else {
                continue;
            };
            let place = self.models.len();
            self.models.push(read);
            for metric in model.get("metrics").map_or(&[][..], Node::items) {
                self.metrics.push(Definition::of(metric, file, Some(place)));
            }
        }
        for metric in items("metrics") {
            self.metrics.push(Definition::of(metric, file, None));
        }
        for query in items("saved_queries") {
            self.others.push(format!(
                "{}: {}: a saved query; write it as a file of queries/",
                At::of(file, query).0,
                name_of(query)
            ));
        }
        Ok(())
    }
}

impl Definition {
    fn of(node: &Node, file: &str, model: Option<usize>) -> Self {
        // The older spelling has what belongs to a type below `type_params`.
        let settings = node.get("type_params").unwrap_or(node);
        let is_simple = node.get("agg").is_some();
        let kind = text_of(node, "type").unwrap_or_else(|| match is_simple {
            true => "simple".to_owned(),
            false => "without a type".to_owned(),
        });
        let what = match (kind.to_lowercase().as_str(), model) {
            ("simple", Some(model)) if is_simple => What::Simple(Aggregate {
                model,
                agg: text_of(node, "agg").unwrap_or_default().to_lowercase(),
                expr: text_of(node, "expr").unwrap_or_else(|| name_of(node)),
                time: text_of(node, "agg_time_dimension"),
                is_non_additive: node.get("non_additive_dimension").is_some(),
            }),
            ("simple", _) => match settings.get("measure").and_then(Input::of) {
                Some(measure) => What::Measure(measure),
                None => What::Other("it names no measure of a model".to_owned()),
            },
            ("ratio", _) => {
                let part = |key| settings.get(key).and_then(Input::of);
                match (part("numerator"), part("denominator")) {
                    (Some(numerator), Some(denominator)) => What::Ratio(numerator, denominator),
                    _ => What::Other("it lacks a numerator or a denominator".to_owned()),
                }
            }
            (other, _) => What::Other(format!(
                "a {other} metric has no meaning here; write it as a query of queries/"
            )),
        };
        Self {
            name: name_of(node),
            at: At::of(file, node),
            label: text_of(node, "label"),
            description: text_of(node, "description"),
            filters: filters(node),
            what,
            ignored: ignored(node),
        }
    }
}

impl Input {
    fn of(node: &Node) -> Option<Self> {
        let name = match &node.value {
            Value::Map(_) => text_of(node, "name")?,
            _ => node.text()?,
        };
        Some(Self {
            name,
            filters: filters(node),
            ignored: ignored(node),
            is_shifted: ["offset_window", "offset_to_grain"]
                .iter()
                .any(|key| node.get(key).is_some()),
        })
    }
}

/// Settings that change what is shown of empty periods, which latido does not fill.
fn ignored(node: &Node) -> Vec<&'static str> {
    let is_set = |key: &&str| {
        let value = node.get(key).map(|it| &it.value);
        !matches!(value, None | Some(Value::Null | Value::Boolean(false)))
    };
    ["fill_nulls_with", "join_to_timespine"]
        .into_iter()
        .filter(is_set)
        .collect()
}

/// What something is called.
pub(super) fn name_of(node: &Node) -> String {
    text_of(node, "name").unwrap_or_default()
}

/// Whether a file says anything about metrics, so that others are passed over.
pub(super) fn is_about_metrics(text: &str) -> bool {
    let keys = [
        "semantic_models:",
        "semantic_model:",
        "metrics:",
        "saved_queries:",
    ];
    keys.iter().any(|key| text.contains(key))
}
