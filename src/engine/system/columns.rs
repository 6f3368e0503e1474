//! `system.columns`: opens only the tables that the filter names.
//!
//! `information_schema.columns` opens every table there is, which for tables in buckets takes its
//! time; `WHERE "table" = 'responses'` here opens one.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{SchemaProvider, Session, TableProvider};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::datasource::{MemTable, TableType};
use datafusion::error::Result;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use super::rows::{Rows, text};
use crate::engine::session::{CATALOG, SCHEMA};
use crate::engine::tables::Tables;

/// The columns of all tables, or of some.
#[derive(Debug)]
pub(super) struct Columns {
    tables: Arc<Tables>,
    schema: SchemaRef,
}

impl Columns {
    /// The columns of these tables.
    pub(super) fn of(tables: &Arc<Tables>) -> Self {
        let schema = rows()
            .batch()
            .map(|batch| batch.schema())
            .expect("no rows of known columns");
        Self {
            tables: Arc::clone(tables),
            schema,
        }
    }

    /// The columns of the named tables, or of all; one that cannot be opened fails the statement
    /// only when it was named.
    async fn rows(&self, named: Option<Vec<String>>) -> Result<Rows> {
        let must_open = named.is_some();
        let mut rows = rows();
        for name in named.unwrap_or_else(|| self.tables.table_names()) {
            let table = match self.tables.table(&name).await {
                Ok(Some(table)) => table,
                Err(error) if must_open => return Err(error),
                Ok(None) if must_open => {
                    return plan_err!("table '{CATALOG}.{SCHEMA}.{name}' not found");
                }
                _ => continue,
            };
            for (place, field) in (1..).zip(table.schema().fields()) {
                rows.push_all(
                    [
                        text(&name),
                        text(field.name()),
                        text(field.data_type().to_string()),
                    ],
                    [place],
                    [field.is_nullable()],
                );
            }
        }
        Ok(rows)
    }
}

fn rows() -> Rows {
    Rows::new(["table", "name", "type"])
        .with_numbers(["place"])
        .with_flags(["nullable"])
}

#[async_trait]
impl TableProvider for Columns {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // The filter is applied to the rows again: a name finds its table in any case.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let named = filters.iter().find_map(named_tables);
        let batch = self.rows(named).await?.batch()?;
        let table = MemTable::try_new(self.schema(), vec![vec![batch]])?;
        table.scan(session, projection, &[], limit).await
    }
}

/// The names that `"table" = 'a'` or `"table" IN ('a', 'b')` allows.
fn named_tables(filter: &Expr) -> Option<Vec<String>> {
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => match op {
            Operator::Eq if is_table(left) => Some(vec![literal(right)?]),
            Operator::Eq if is_table(right) => Some(vec![literal(left)?]),
            Operator::And => named_tables(left).or_else(|| named_tables(right)),
            Operator::Or => {
                let mut names = named_tables(left)?;
                names.extend(named_tables(right)?);
                names.dedup();
                Some(names)
            }
            _ => None,
        },
        Expr::InList(list) if is_table(&list.expr) && !list.negated => {
            list.list.iter().map(literal).collect()
        }
        _ => None,
    }
}

fn is_table(expression: &Expr) -> bool {
    matches!(expression, Expr::Column(column) if column.name == "table")
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Literal(ScalarValue::Utf8(text) | ScalarValue::Utf8View(text), _) => text.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};

    use super::*;

    #[test]
    fn the_filter_names_the_tables_to_open() {
        let is = |name: &str| col("table").eq(lit(name));
        assert_eq!(named_tables(&is("a")), Some(vec!["a".to_owned()]));
        let either = is("a").or(is("b"));
        assert_eq!(
            named_tables(&either),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        let in_list = col("table").in_list(vec![lit("a"), lit("b")], false);
        assert_eq!(named_tables(&in_list).map(|names| names.len()), Some(2));
        assert_eq!(named_tables(&col("name").eq(lit("a"))), None);
        assert_eq!(named_tables(&is("a").or(col("name").eq(lit("x")))), None);
    }
}
