//! `CREATE EXTERNAL TABLE … STORED AS … [PARTITIONED BY …] LOCATION '…' [OPTIONS …]`.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider, TableProviderFactory};
use datafusion::error::Result;
use datafusion::logical_expr::CreateExternalTable;

use crate::sources::location::Location;
use crate::sources::options::ReadOptions;
use crate::sources::seen::Seen;
use crate::sources::table::FilesTable;

/// The words after `STORED AS` that a [`Factory`] is to be registered under.
pub const KEYWORDS: [&str; 9] = [
    "PARQUET", "CSV", "TSV", "NDJSON", "JSON", "JSONL", "ARROW", "FEATHER", "TEXT",
];

/// Makes tables over files for `CREATE EXTERNAL TABLE`.
#[derive(Debug, Default)]
pub struct Factory {
    /// What is known about files; give it the engine's.
    pub seen: Arc<Seen>,
}

#[async_trait]
impl TableProviderFactory for Factory {
    async fn create(
        &self,
        session: &dyn Session,
        statement: &CreateExternalTable,
    ) -> Result<Arc<dyn TableProvider>> {
        let mut options = ReadOptions::of_statement(statement)?;
        options.seen = Arc::clone(&self.seen);
        let locations = statement
            .locations
            .iter()
            .map(|text| Location::parse(text))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Arc::new(
            FilesTable::open(session, locations, options).await?,
        ))
    }
}
