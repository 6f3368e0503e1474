//! Stands in for `crate::sources` until that room reads files: Parquet and CSV only.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::listing::{
    ListingTable, ListingTableConfig, ListingTableConfigExt, ListingTableUrl,
};
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::CreateExternalTable;

use super::errors::explain;
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub(super) struct Location(String);

impl Location {
    pub(super) fn parse(text: &str) -> Result<Self> {
        Ok(Self(text.to_owned()))
    }

    pub(super) fn looks_like_one(name: &str) -> bool {
        name.contains(['/', '*', '.'])
    }

    pub(super) fn written(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct ReadOptions {}

impl ReadOptions {
    pub(super) fn of_statement(_: &CreateExternalTable) -> Result<Self> {
        Ok(Self {})
    }
}

pub(super) async fn open(
    session: &SessionState,
    location: &Location,
    _options: &ReadOptions,
) -> Result<Arc<dyn TableProvider>> {
    if !location.0.contains("://") && !std::path::Path::new(&location.0).exists() {
        return Err(Error::place(&location.0, "no such file"));
    }
    let url = ListingTableUrl::parse(&location.0).map_err(explain)?;
    let config = ListingTableConfig::new(url)
        .infer_options(session)
        .await
        .map_err(explain)?
        .infer_partitions_from_path(session)
        .await
        .map_err(explain)?
        .infer_schema(session)
        .await
        .map_err(explain)?;
    Ok(Arc::new(ListingTable::try_new(config).map_err(explain)?))
}
