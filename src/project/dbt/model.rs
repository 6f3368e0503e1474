//! Semantic models of dbt in both spellings: `semantic_models:` with measures, and from dbt 1.12
//! models with `semantic_model:`, dimensions and entities on their columns, metrics beside them.

use super::reading::{At, name_of};
use crate::project::node::{Node, Value};
use crate::project::words::{text_of, texts_of};

/// A table of dbt with the words for its columns.
#[derive(Debug, Clone)]
pub(super) struct SemanticModel {
    pub(super) name: String,
    /// The dbt model whose rows it has.
    pub(super) of: String,
    /// The entity that is the key of its rows.
    pub(super) primary: Option<String>,
    pub(super) entities: Vec<Column>,
    pub(super) dimensions: Vec<Column>,
    /// The dimension that says to which period a row belongs.
    pub(super) time: Option<String>,
    pub(super) measures: Vec<Measure>,
}

/// A dimension or an entity.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) expr: String,
    /// Whether metrics are taken apart by it, rather than laid out in time.
    pub(super) is_category: bool,
}

/// What is aggregated.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub(super) name: String,
    pub(super) at: At,
    pub(super) agg: String,
    pub(super) expr: String,
    pub(super) time: Option<String>,
    pub(super) is_non_additive: bool,
    /// Whether it is a metric by itself.
    pub(super) is_metric: bool,
    pub(super) label: Option<String>,
    pub(super) description: Option<String>,
}

impl SemanticModel {
    pub(super) fn has_dimension(&self, name: &str) -> bool {
        self.dimensions
            .iter()
            .any(|dimension| dimension.name == name)
    }

    /// One of `semantic_models:`.
    pub(super) fn legacy(node: &Node, file: &str) -> Self {
        let name = name_of(node);
        let items = |key| node.get(key).map_or(&[][..], Node::items);
        let entities: Vec<Column> = items("entities").iter().map(Column::of).collect();
        let defaults = node.get("defaults");
        Self {
            of: text_of(node, "model").map_or_else(|| name.clone(), |model| referred(&model)),
            primary: primary(items("entities")).or_else(|| text_of(node, "primary_entity")),
            entities,
            dimensions: items("dimensions").iter().map(Column::of).collect(),
            time: defaults.and_then(|defaults| text_of(defaults, "agg_time_dimension")),
            measures: items("measures")
                .iter()
                .map(|node| Measure::of(node, file))
                .collect(),
            name,
        }
    }

    /// One of `models:` with `semantic_model:`; `None` for a model without.
    pub(super) fn latest(node: &Node) -> Option<Self> {
        let settings = node.get("semantic_model")?;
        if !is_enabled(settings) {
            return None;
        }
        let of = name_of(node);
        let columns = node.get("columns").map_or(&[][..], Node::items);
        let mut entities: Vec<Column> = columns
            .iter()
            .filter_map(|it| Column::on(it, "entity"))
            .collect();
        let mut dimensions: Vec<Column> = columns
            .iter()
            .filter_map(|it| Column::on(it, "dimension"))
            .collect();
        let derived = node.get("derived_semantics");
        let derived = |key| {
            derived
                .and_then(|it| it.get(key))
                .map_or(&[][..], Node::items)
        };
        entities.extend(derived("entities").iter().map(Column::of));
        dimensions.extend(derived("dimensions").iter().map(Column::of));
        let own_key = columns.iter().find_map(|column| {
            let entity = column.get("entity")?;
            is_primary(entity).then(|| text_of(entity, "name").unwrap_or_else(|| name_of(column)))
        });
        Some(Self {
            name: text_of(settings, "name").unwrap_or_else(|| of.clone()),
            primary: own_key
                .or_else(|| primary(derived("entities")))
                .or_else(|| text_of(node, "primary_entity")),
            entities,
            dimensions,
            time: text_of(node, "agg_time_dimension")
                .or_else(|| text_of(settings, "agg_time_dimension")),
            measures: Vec::new(),
            of,
        })
    }
}

impl Column {
    /// One that is written by itself.
    fn of(node: &Node) -> Self {
        let name = name_of(node);
        Self {
            expr: text_of(node, "expr").unwrap_or_else(|| name.clone()),
            is_category: text_of(node, "type").as_deref() == Some("categorical"),
            name,
        }
    }

    /// One that stands on a column, as words or as its type alone.
    fn on(column: &Node, key: &str) -> Option<Self> {
        let role = column.get(key)?;
        let kind = match &role.value {
            Value::Boolean(false) => return None,
            Value::Map(_) => text_of(role, "type"),
            _ => role.text(),
        };
        let expr = name_of(column);
        Some(Self {
            name: text_of(role, "name").unwrap_or_else(|| expr.clone()),
            expr,
            is_category: kind.as_deref() == Some("categorical"),
        })
    }
}

impl Measure {
    fn of(node: &Node, file: &str) -> Self {
        let name = name_of(node);
        Self {
            at: At::of(file, node),
            agg: text_of(node, "agg").unwrap_or_default().to_lowercase(),
            expr: text_of(node, "expr").unwrap_or_else(|| name.clone()),
            time: text_of(node, "agg_time_dimension"),
            is_non_additive: node.get("non_additive_dimension").is_some(),
            is_metric: matches!(
                node.get("create_metric").map(|it| &it.value),
                Some(Value::Boolean(true))
            ),
            label: text_of(node, "label"),
            description: text_of(node, "description"),
            name,
        }
    }
}

/// Whether `semantic_model:` is `true`, or words that do not switch it off.
fn is_enabled(settings: &Node) -> bool {
    match &settings.value {
        Value::Boolean(is_on) => *is_on,
        Value::Map(_) => {
            let enabled = settings.get("enabled").map(|enabled| &enabled.value);
            !matches!(enabled, Some(Value::Boolean(false)))
        }
        _ => false,
    }
}

fn primary(entities: &[Node]) -> Option<String> {
    entities
        .iter()
        .find(|entity| is_primary(entity))
        .map(name_of)
}

fn is_primary(entity: &Node) -> bool {
    let kind = text_of(entity, "type").or_else(|| entity.text());
    kind.as_deref() == Some("primary")
}

/// The model of `ref('model')`, `ref('package', 'model')` or `{{ ref('model') }}`.
fn referred(text: &str) -> String {
    let quoted: Vec<&str> = text.split(['\'', '"']).skip(1).step_by(2).collect();
    quoted
        .last()
        .map_or_else(|| text.trim().to_owned(), |name| (*name).to_owned())
}

/// The texts under a key, one or several.
pub(super) fn filters(node: &Node) -> Vec<String> {
    let written = texts_of(node, "filter").into_iter();
    written
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}
