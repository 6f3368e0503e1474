//! A table over files: DataFusion asks it for columns and for the plan that reads them.

use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::listing::helpers::expr_applicable_for_cols;
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use futures::{StreamExt, TryStreamExt};

use crate::error::{Error, Result};
use crate::sources::inspection::inspect;
use crate::sources::layout::{Layout, Member};
use crate::sources::location::Location;
use crate::sources::options::ReadOptions;
use crate::sources::scan::{Scan, Seen};
use crate::sources::{declared, head, listing, partitions};

/// How long a list of files is taken for true: the time between planning a statement and
/// scanning, and no more.
const FRESH: Duration = Duration::from_secs(1);

/// A table over the files of one or several places of one store.
#[derive(Debug)]
pub struct FilesTable {
    locations: Vec<Location>,
    options: ReadOptions,
    layout: Arc<Layout>,
}

impl FilesTable {
    pub(crate) async fn open(
        session: &dyn Session,
        locations: Vec<Location>,
        options: ReadOptions,
    ) -> Result<Self> {
        let layout = Arc::new(Layout::resolve(session, &locations, &options).await?);
        let table = Self {
            locations,
            options,
            layout,
        };
        if table.options.schema.is_some() {
            declared::check(session, &table.locations[0], &table.layout, &table.options).await?;
        }
        Ok(table)
    }

    /// The same table with the files, columns and types of this moment; files that did not change
    /// are not looked into again.
    ///
    /// # Errors
    /// As when it was opened.
    pub async fn refreshed(&self, session: &dyn Session) -> Result<Self> {
        Self::open(session, self.locations.clone(), self.options.clone()).await
    }

    /// The places as they were written.
    #[must_use]
    pub fn locations(&self) -> &[Location] {
        &self.locations
    }

    /// The files of this moment, read as the columns that the statement was planned with.
    async fn current(&self, session: &dyn Session) -> Result<Arc<Layout>> {
        if self.layout.made.elapsed() < FRESH {
            return Ok(Arc::clone(&self.layout));
        }
        let now = Layout::resolve(session, &self.locations, &self.options).await?;
        let planned = &self.layout.schema;
        for field in planned.fields() {
            let found = now.schema.field_with_name(field.name());
            let changed = match found {
                Ok(found) if found.data_type() == field.data_type() => continue,
                Ok(found) => format!("is {} now", found.data_type()),
                Err(_) => "is gone".to_owned(),
            };
            let reason = format!(
                "the files changed: column \"{}\" was {} and {changed}; open the table again",
                field.name(),
                field.data_type()
            );
            return Err(Error::place(self.locations[0].written(), reason));
        }
        Ok(Arc::new(now))
    }

    /// Files that may hold rows, by their partition values, each looked into.
    async fn files<'a>(
        &self,
        session: &dyn Session,
        layout: &'a Layout,
        filters: &[Expr],
    ) -> DataFusionResult<Vec<Seen<'a>>> {
        let values: Vec<_> = layout.members.iter().map(|member| &member.values).collect();
        let kept = partitions::survivors(session, &layout.partitions, &values, filters)?;
        let members = layout.members.iter().zip(kept).filter(|(_, kept)| *kept);
        let store = listing::store(session, &self.locations[0])?;
        let limit = head::share(layout.members.len());
        let looks: Vec<_> = members
            .map(|(member, _): (&'a Member, bool)| {
                let store = &store;
                async move {
                    let seen = match &member.inspection {
                        Some(seen) => Arc::clone(seen),
                        None => {
                            inspect(session, store, &member.found, &self.options, limit).await?
                        }
                    };
                    Ok::<_, DataFusionError>((member, seen))
                }
            })
            .collect();
        futures::stream::iter(looks)
            .buffered(32)
            .try_collect()
            .await
    }

    fn of_partitions<'a>(&self, filters: impl Iterator<Item = &'a Expr>) -> Vec<bool> {
        let names: Vec<_> = self
            .layout
            .partitions
            .iter()
            .map(|f| f.name().as_str())
            .collect();
        filters
            .map(|filter| !names.is_empty() && expr_applicable_for_cols(&names, filter))
            .collect()
    }
}

#[async_trait]
impl TableProvider for FilesTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.layout.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> DataFusionResult<Arc<dyn ExecutionPlan>> {
        let layout = self.current(session).await?;
        let exact = self.of_partitions(filters.iter());
        let of_partitions: Vec<_> = filters
            .iter()
            .zip(exact)
            .filter(|(_, exact)| *exact)
            .map(|(filter, _)| filter.clone())
            .collect();
        let files = self.files(session, &layout, &of_partitions).await?;
        let all: Vec<usize> = (0..self.layout.schema.fields().len()).collect();
        let wanted = projection.unwrap_or(&all);
        let projected = Arc::new(self.layout.schema.project(wanted)?);
        let of_layout = wanted
            .iter()
            .map(|at| layout.schema.index_of(self.layout.schema.field(*at).name()))
            .collect::<Result<Vec<_>, _>>()?;
        let scan = Scan {
            session,
            store: self.locations[0].store_url()?,
            layout: &layout,
            projection: of_layout,
            limit,
        };
        let mut plans = scan.plans(files).await?;
        match plans.len() {
            0 => Ok(Arc::new(EmptyExec::new(projected))),
            1 => Ok(plans.remove(0)),
            _ => UnionExec::try_new(plans),
        }
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> DataFusionResult<Vec<TableProviderFilterPushDown>> {
        let exact = self.of_partitions(filters.iter().copied());
        Ok(exact
            .into_iter()
            .map(|exact| match exact {
                true => TableProviderFilterPushDown::Exact,
                false => TableProviderFilterPushDown::Inexact,
            })
            .collect())
    }
}
