//! A reader that knows which file it reads: errors name it, panics end in an error.
//!
//! It stands around DataFusion's own readers and leaves every decision — projection, filters,
//! ranges, order — to them.

use std::collections::HashMap;
use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::config::ConfigOptions;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{
    EquivalenceProperties, LexOrdering, PhysicalExpr, PhysicalSortExpr,
};
use datafusion::physical_plan::filter_pushdown::FilterPushdownPropagation;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{DisplayFormatType, SortOrderPushdownResult};
use datafusion_datasource::morsel::Morselizer;
use object_store::ObjectStore;
use object_store::path::Path;

use crate::sources::csv::Respaced;
use crate::sources::culprit::Fault;
use crate::sources::watched::Files;

/// What a guard knows about the files it reads.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// Files as the person would write them.
    pub(super) names: Arc<HashMap<Path, String>>,
    /// How to find the place of a fault in a file.
    pub(super) fault: Arc<Fault>,
    /// Whether files cannot be cut into ranges.
    pub(super) whole_files: bool,
    /// Whether columns stand between blanks.
    pub(super) blanks: bool,
}

/// A reader of DataFusion under watch.
#[derive(Clone)]
pub struct Guarded {
    inner: Arc<dyn FileSource>,
    watch: Watch,
}

impl Guarded {
    pub(super) fn new(inner: Arc<dyn FileSource>, watch: Watch) -> Self {
        Self { inner, watch }
    }

    /// DataFusion's own reader, for rules that look for one.
    #[must_use]
    pub fn inner(&self) -> &Arc<dyn FileSource> {
        &self.inner
    }

    fn around(&self, inner: Arc<dyn FileSource>) -> Arc<dyn FileSource> {
        Arc::new(Self {
            inner,
            watch: self.watch.clone(),
        })
    }

    fn store(&self, store: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        if self.watch.blanks {
            let compression = self.watch.fault.compression;
            return Arc::new(Respaced {
                inner: store,
                compression,
            });
        }
        store
    }
}

impl Debug for Guarded {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guarded")
            .field("reads", &self.inner.file_type())
            .finish()
    }
}

impl FileSource for Guarded {
    fn create_file_opener(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        self.inner
            .create_file_opener(self.store(store), config, partition)
    }

    fn create_morselizer(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Box<dyn Morselizer>> {
        let read = self.store(Arc::clone(&store));
        let inner = self.inner.create_morselizer(read, config, partition)?;
        Ok(Box::new(Files {
            inner,
            watch: self.watch.clone(),
            store,
        }))
    }

    fn table_schema(&self) -> &TableSchema {
        self.inner.table_schema()
    }

    fn with_batch_size(&self, batch_size: usize) -> Arc<dyn FileSource> {
        self.around(self.inner.with_batch_size(batch_size))
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.inner.filter()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        self.inner.projection()
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.inner.metrics()
    }

    fn file_type(&self) -> &str {
        self.inner.file_type()
    }

    fn fmt_extra(&self, t: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt_extra(t, f)
    }

    fn supports_repartitioning(&self) -> bool {
        !self.watch.whole_files && self.inner.supports_repartitioning()
    }

    fn repartitioned(
        &self,
        target: usize,
        min_size: usize,
        ordering: Option<LexOrdering>,
        config: &FileScanConfig,
    ) -> Result<Option<FileScanConfig>> {
        if self.watch.whole_files {
            return Ok(None);
        }
        self.inner.repartitioned(target, min_size, ordering, config)
    }

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        let pushed = self.inner.try_pushdown_filters(filters, config)?;
        Ok(FilterPushdownPropagation {
            filters: pushed.filters,
            updated_node: pushed.updated_node.map(|inner| self.around(inner)),
        })
    }

    fn try_pushdown_sort(
        &self,
        order: &[PhysicalSortExpr],
        properties: &EquivalenceProperties,
    ) -> Result<SortOrderPushdownResult<Arc<dyn FileSource>>> {
        use SortOrderPushdownResult::{Exact, Inexact, Unsupported};
        Ok(match self.inner.try_pushdown_sort(order, properties)? {
            Exact { inner } => Exact {
                inner: self.around(inner),
            },
            Inexact { inner } => Inexact {
                inner: self.around(inner),
            },
            Unsupported => Unsupported,
        })
    }

    fn reorder_files(&self, files: Vec<PartitionedFile>) -> Vec<PartitionedFile> {
        self.inner.reorder_files(files)
    }

    fn try_pushdown_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn FileSource>>> {
        let pushed = self.inner.try_pushdown_projection(projection)?;
        Ok(pushed.map(|inner| self.around(inner)))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.inner.apply_expressions(f)
    }
}
