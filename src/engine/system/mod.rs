//! What latido knows about itself as tables: `SELECT * FROM system.functions`.
//!
//! Every interface lists tables, functions and queries by asking these, so that a list can be
//! filtered, sorted and exported like any answer. They are made when they are asked for.

mod columns;
mod rows;

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{SchemaProvider, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::Result as PlanResult;

use super::functions;
use super::metrics::Metrics;
use super::objectives::Objectives;
use super::session::is_settable;
use super::tables::Tables;
use crate::project::Sql;
use columns::Columns;
use rows::{Rows, text};

/// The schema's name.
pub(super) const SYSTEM: &str = "system";

/// The tables of the schema, by name.
const NAMES: [&str; 10] = [
    "arguments",
    "columns",
    "dimensions",
    "functions",
    "metrics",
    "objectives",
    "parameters",
    "queries",
    "settings",
    "tables",
];

/// The schema, as one statement sees it.
#[derive(Debug)]
pub(super) struct System(pub(super) Arc<Tables>);

#[async_trait]
impl SchemaProvider for System {
    fn table_names(&self) -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    async fn table(&self, name: &str) -> PlanResult<Option<Arc<dyn TableProvider>>> {
        let rows = match name {
            "arguments" => self.arguments(),
            "columns" => return Ok(Some(Arc::new(Columns::of(&self.0)))),
            "dimensions" => self.dimensions(),
            "functions" => self.functions(),
            "metrics" => self.metrics(),
            "objectives" => self.objectives(),
            "parameters" => self.parameters(),
            "queries" => self.queries(),
            "settings" => self.settings(),
            "tables" => self.tables(),
            _ => return Ok(None),
        };
        rows.table().map(Some)
    }

    async fn table_type(&self, name: &str) -> PlanResult<Option<TableType>> {
        Ok(self.table_exist(name).then_some(TableType::View))
    }

    fn table_exist(&self, name: &str) -> bool {
        NAMES.contains(&name)
    }
}

impl System {
    fn tables(&self) -> Rows {
        let mut rows = Rows::new(["name", "kind", "location"]);
        for table in self.0.catalog().list() {
            rows.push([text(table.name), text(table.kind), text(table.location)]);
        }
        rows
    }

    fn functions(&self) -> Rows {
        let names = ["name", "kind", "syntax", "description", "example"];
        let mut rows = Rows::new(names).with_flags(["own"]);
        for function in functions::list(&self.0.session()) {
            let texts = [
                text(function.name),
                text(function.kind),
                text(function.syntax),
                text(function.description.trim()),
                function.example,
            ];
            rows.push_all(texts, [], [function.own]);
        }
        rows
    }

    fn arguments(&self) -> Rows {
        let mut rows = Rows::new(["function", "name", "meaning"]).with_numbers(["place"]);
        for function in functions::list(&self.0.session()) {
            for (place, (name, meaning)) in (1..).zip(function.arguments) {
                let texts = [text(function.name.clone()), text(name), text(meaning)];
                rows.push_all(texts, [place], []);
            }
        }
        rows
    }

    fn queries(&self) -> Rows {
        let mut rows = Rows::new([
            "name",
            "title",
            "title_es",
            "question",
            "question_es",
            "chart",
            "roles",
            "parameters",
            "reading",
            "reading_es",
            "sql",
        ]);
        for query in self.0.queries() {
            let parameters: Vec<&str> = query.parameters.iter().map(|p| p.name.as_str()).collect();
            rows.push([
                text(&query.name),
                text(&query.title),
                text(&query.title_es),
                text(&query.question),
                text(&query.question_es),
                text(&query.chart),
                text(query.roles.join(", ")),
                text(parameters.join(", ")),
                text(&query.reading),
                text(&query.reading_es),
                text(query.sql.trim()),
            ]);
        }
        rows
    }

    fn metrics(&self) -> Rows {
        let mut rows = Rows::new([
            "name",
            "kind",
            "table",
            "expr",
            "agg_time_dimension",
            "filter",
            "direction",
            "target",
            "grain",
            "label",
            "description",
            "owner",
        ])
        .with_numbers(["min_n"]);
        let sql = |sql: &Option<Sql>| sql.as_ref().map(|sql| sql.text.clone());
        for metric in self.known_metrics().list() {
            let texts = [
                text(&metric.name),
                text(metric.kind.to_string()),
                text(&metric.table),
                sql(&metric.expr),
                text(&metric.time),
                sql(&metric.filter),
                text(metric.direction.to_string()),
                metric.target.map(|target| target.to_string()),
                text(metric.grain.to_string()),
                metric.label.clone(),
                metric.description.clone(),
                metric.owner.clone(),
            ];
            let min_n = i64::try_from(metric.min_n).unwrap_or(i64::MAX);
            rows.push_all(texts, [min_n], []);
        }
        rows
    }

    fn dimensions(&self) -> Rows {
        let mut rows = Rows::new(["name"]);
        for name in self.known_metrics().dimensions() {
            rows.push([text(name)]);
        }
        rows
    }

    fn objectives(&self) -> Rows {
        let mut rows = Rows::new(["name", "kind", "outcome", "value", "metrics"]);
        let session = self.0.session();
        let known = session.config().get_extension::<Objectives>();
        for objective in known.unwrap_or_default().list() {
            rows.push([
                text(&objective.name),
                text(&objective.kind),
                text(objective.outcome.to_string()),
                objective.value.as_ref().map(ToString::to_string),
                text(objective.metrics.join(", ")),
            ]);
        }
        rows
    }

    fn known_metrics(&self) -> Arc<Metrics> {
        let session = self.0.session();
        let known = session.config().get_extension::<Metrics>();
        known.unwrap_or_default()
    }

    fn parameters(&self) -> Rows {
        let mut rows = Rows::new(["query", "name", "kind", "default"]);
        for query in self.0.queries() {
            for parameter in &query.parameters {
                rows.push([
                    text(&query.name),
                    text(&parameter.name),
                    text(&parameter.kind),
                    parameter.default.clone(),
                ]);
            }
        }
        rows
    }

    fn settings(&self) -> Rows {
        let mut rows = Rows::new(["name", "value", "about"]).with_flags(["settable"]);
        let session = self.0.session();
        let mut entries = session.config_options().entries();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        for entry in entries {
            let settable = is_settable(&entry.key);
            let texts = [text(entry.key), entry.value, text(entry.description)];
            rows.push_all(texts, [], [settable]);
        }
        rows
    }
}
