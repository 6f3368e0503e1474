//! Lists (tables, queries, functions) as answers, so that every format and limit holds for them.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::record_batch::RecordBatch;

use super::outlet::Outlet;
use super::telling::Telling;
use crate::engine::{Answer, Engine};
use crate::error::{Error, Result};

/// Tells the tables and views.
pub(super) async fn tables(engine: &Engine, telling: Telling) -> Result<()> {
    let tables = engine.tables().await?;
    if tables.is_empty() {
        telling.remark("no tables; name some with --table NAME=PATH_OR_URL");
    }
    let rows = tables
        .into_iter()
        .map(|table| [table.name, table.kind.to_owned(), table.location]);
    list(["name", "kind", "location"], rows, telling).await
}

/// Tells rows of text under these names.
pub(super) async fn list<const N: usize>(
    names: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    telling: Telling,
) -> Result<()> {
    let rows: Vec<[String; N]> = rows.collect();
    let columns = names.iter().enumerate().map(|(place, name)| {
        let values = rows.iter().map(|row| row[place].as_str());
        (
            *name,
            Arc::new(StringArray::from_iter_values(values)) as ArrayRef,
        )
    });
    let batch = RecordBatch::try_from_iter(columns)
        .map_err(|error| Error::Internal(format!("a list is not a table: {error}")))?;
    let mut outlet = Outlet::open(telling)?;
    outlet.deliver(async { Ok(Answer::of(batch)) }).await?;
    outlet.finish()
}
