//! A table as a dataset: its columns as fields, its key, and where the known tables meet.

use super::metric::Exported;
use super::tree::Tree;
use super::{TableColumns, column, field};
use crate::model::KnownTable;
use crate::project::check::is_identifier;
use crate::project::{Project, ProjectTable, Rows};

/// The known tables' keys, and the columns that lead to them.
const KEYS: [(&str, &str); 2] = [("customers", "customer_id"), ("responses", "response_id")];

/// A table with its columns: those that are known, or those that latido.yaml names.
pub(super) struct Dataset<'a> {
    table: &'a ProjectTable,
    columns: Vec<(String, Option<&'static str>)>,
    dimensions: &'a [String],
    times: Vec<&'a str>,
}

impl<'a> Dataset<'a> {
    pub(super) fn of(
        project: &'a Project,
        table: &'a ProjectTable,
        known: &[TableColumns],
    ) -> Self {
        let metrics = project.metrics.iter();
        let own: Vec<_> = metrics
            .filter(|metric| metric.table.eq_ignore_ascii_case(&table.name))
            .collect();
        let times: Vec<&str> = own.iter().map(|metric| metric.time.as_str()).collect();
        let found = known.iter().find(|found| found.table == table.name);
        let mut columns: Vec<(String, Option<&'static str>)> = match found {
            Some(found) => found
                .columns
                .iter()
                .map(|(name, kind)| (name.clone(), column::datatype(kind)))
                .collect(),
            None => table
                .columns
                .iter()
                .map(|mapping| (mapping.name.clone(), None))
                .collect(),
        };
        let expressions = own.iter().filter_map(|metric| metric.expr.as_ref());
        let named = expressions
            .map(|expr| expr.text.as_str())
            .filter(|text| is_identifier(text))
            .chain(times.iter().copied());
        for name in named {
            if !columns
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                columns.push((name.to_owned(), None));
            }
        }
        Self {
            table,
            columns,
            dimensions: &project.dimensions,
            times,
        }
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    /// The dataset, with the fields that metrics of it compute.
    pub(super) fn tree(&self, metrics: &[Exported]) -> Tree {
        let source = match &self.table.rows {
            Rows::Files(from) => from,
            Rows::Stored(name) => name,
            Rows::Query(sql) => &sql.text,
        };
        let mut entries = vec![
            ("name", Tree::text(&self.table.name)),
            ("source", Tree::text(source)),
        ];
        if let Some((_, key)) = self.key() {
            entries.push(("primary_key", Tree::Names(vec![key.to_owned()])));
        }
        if let Some(known) = KnownTable::find(&self.table.name) {
            entries.push(("description", Tree::text(format!("A row is {}", known.row))));
        }
        let columns = self
            .columns
            .iter()
            .map(|(name, kind)| self.field(name, *kind));
        let own = metrics
            .iter()
            .filter(|it| it.table.eq_ignore_ascii_case(&self.table.name));
        let computed = own.flat_map(|exported| &exported.fields);
        let computed = computed.map(|(name, sql)| field(name, sql, None, None));
        let fields: Vec<Tree> = columns.chain(computed).collect();
        if !fields.is_empty() {
            entries.push(("fields", Tree::List(fields)));
        }
        Tree::Map(entries)
    }

    fn field(&self, name: &str, kind: Option<&str>) -> Tree {
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        let role = match () {
            () if self.times.iter().any(|time| is(time)) => Some(true),
            () if self.dimensions.iter().any(|dimension| is(dimension)) => Some(false),
            () => None,
        };
        field(
            name,
            &column::expression(self.table, name, kind),
            kind,
            role,
        )
    }

    /// The key of a known table.
    fn key(&self) -> Option<(&'static str, &'static str)> {
        let mut keys = KEYS.into_iter();
        keys.find(|(table, key)| self.table.name == *table && self.has(key))
    }
}

/// Where the known tables meet.
pub(super) fn relationships(datasets: &[Dataset<'_>]) -> Vec<Tree> {
    let mut found = Vec::new();
    for (to, key) in datasets.iter().filter_map(Dataset::key) {
        let others = datasets
            .iter()
            .filter(|other| other.table.name != to && other.has(key));
        for other in others.filter(|other| KnownTable::find(&other.table.name).is_some()) {
            let from = &other.table.name;
            found.push(Tree::Map(vec![
                ("name", Tree::text(format!("{from}_to_{to}"))),
                ("from", Tree::text(from)),
                ("to", Tree::text(to)),
                ("from_columns", Tree::Names(vec![key.to_owned()])),
                ("to_columns", Tree::Names(vec![key.to_owned()])),
            ]));
        }
    }
    found
}
