//! The plan that reads a table's files: one of DataFusion's scans for each group of files that
//! are read alike, their columns brought to the table's by name.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::config::CsvOptions;
use datafusion::common::{ScalarValue, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    ArrowSource, CsvSource, FileGroup, FileScanConfig, FileScanConfigBuilder, FileSource,
    JsonSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, cast, lit};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion_datasource::compute_all_files_statistics;

use crate::sources::bounds::statistics;
use crate::sources::columns;
use crate::sources::csv::{Dialect, Shape};
use crate::sources::culprit::Fault;
use crate::sources::guard::{Guarded, Watch};
use crate::sources::inspection::{Inspection, Reading, parquet_format};
use crate::sources::layout::{Layout, Member};

/// A file that a scan reads, looked into.
pub(super) type Seen<'a> = (&'a Member, Arc<Inspection>);

/// One scan: what is read and where to.
pub(super) struct Scan<'a> {
    pub(super) session: &'a dyn Session,
    pub(super) store: ObjectStoreUrl,
    pub(super) layout: &'a Layout,
    /// The wanted columns of the table, by number.
    pub(super) projection: Vec<usize>,
    pub(super) limit: Option<usize>,
}

/// Files that are read alike.
struct Group<'a> {
    reading: Reading,
    compression: FileCompressionType,
    /// Columns as the reader is to give them, in the order of the file where that matters.
    columns: SchemaRef,
    line_breaks: bool,
    files: Vec<Seen<'a>>,
}

impl<'a> Scan<'a> {
    /// The plans that read the files, one for each group.
    pub(super) async fn plans(&self, files: Vec<Seen<'a>>) -> Result<Vec<Arc<dyn ExecutionPlan>>> {
        let mut plans = Vec::new();
        for group in self.groups(files)? {
            plans.push(self.read(&group).await?);
        }
        Ok(plans)
    }

    fn groups(&self, files: Vec<Seen<'a>>) -> Result<Vec<Group<'a>>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for (member, inspection) in files {
            let columns = columns::of_file(self.layout, member, &inspection)?;
            let compression = member.found.compression;
            let alike = groups.iter_mut().find(|group| {
                group.reading == inspection.reading
                    && group.compression == compression
                    && group.columns == columns
            });
            let group = match alike {
                Some(group) => group,
                None => {
                    groups.push(Group {
                        reading: inspection.reading.clone(),
                        compression,
                        columns,
                        line_breaks: false,
                        files: Vec::new(),
                    });
                    groups.last_mut().expect("one was pushed just now")
                }
            };
            group.line_breaks |= inspection.line_breaks;
            group.files.push((member, inspection));
        }
        Ok(groups)
    }

    async fn read(&self, group: &Group<'a>) -> Result<Arc<dyn ExecutionPlan>> {
        let table = TableSchema::builder(Arc::clone(&group.columns))
            .with_table_partition_cols(self.layout.partitions.clone())
            .build();
        let wanted = self.wanted(table.table_schema());
        let (source, compression) = source(group, table.clone());
        let (file_groups, statistics) = self.file_groups(group, table.table_schema())?;
        let mut config = FileScanConfigBuilder::new(self.store.clone(), source)
            .with_file_groups(file_groups)
            .with_file_compression_type(compression)
            .with_limit(self.limit)
            .with_projection_indices(Some(wanted.iter().flatten().copied().collect()))?;
        if let Some(statistics) = statistics {
            config = config.with_statistics(statistics);
        }
        let config = self.prepared(group, config.build()).await?;
        let inner = Arc::clone(config.file_source());
        let guarded = Arc::new(Guarded::new(inner, watch(group)));
        let config = FileScanConfigBuilder::from(config)
            .with_source(guarded)
            .build();
        self.as_table(DataSourceExec::from_data_source(config), &wanted)
    }

    /// For each wanted column of the table its place in the group, if it has one there.
    fn wanted(&self, group: &Schema) -> Vec<Option<usize>> {
        self.projection
            .iter()
            .map(|at| group.index_of(self.layout.schema.field(*at).name()).ok())
            .collect()
    }

    /// Parquet's own preparation: cached footers and the session's options.
    async fn prepared(&self, group: &Group<'a>, config: FileScanConfig) -> Result<FileScanConfig> {
        if group.reading != Reading::Parquet {
            return Ok(config);
        }
        let format = parquet_format(self.session);
        let plan = format.create_physical_plan(self.session, config).await?;
        plan.downcast_ref::<DataSourceExec>()
            .and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>())
            .cloned()
            .ok_or_else(|| DataFusionError::Internal("a Parquet scan reads files".to_owned()))
    }

    fn file_groups(
        &self,
        group: &Group<'a>,
        table: &SchemaRef,
    ) -> Result<(Vec<FileGroup>, Option<Statistics>)> {
        let files: Vec<_> = group
            .files
            .iter()
            .map(|(member, inspection)| self.file(member, inspection, table))
            .collect();
        let partitions = self.session.config().target_partitions();
        let groups = FileGroup::new(files).split_files(partitions);
        let known = group
            .files
            .iter()
            .all(|(_, seen)| seen.statistics.is_some());
        if !known {
            return Ok((groups, None));
        }
        let (groups, statistics) =
            compute_all_files_statistics(groups, Arc::clone(table), true, false)?;
        Ok((groups, Some(statistics)))
    }

    fn file(&self, member: &Member, seen: &Inspection, table: &SchemaRef) -> PartitionedFile {
        let mut file = PartitionedFile::from(member.found.meta.clone());
        file.partition_values = member.values.clone();
        if let Some(known) = &seen.statistics {
            let statistics = statistics(known, &seen.schema, table, &member.values);
            file.statistics = Some(Arc::new(statistics));
        }
        file
    }

    /// The columns of the table from those of a group: cast where the types differ, NULL where
    /// the group has none.
    fn as_table(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        wanted: &[Option<usize>],
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let given = plan.schema();
        let mut next = 0;
        let mut alike = true;
        let mut columns: Vec<(Arc<dyn PhysicalExpr>, String)> = Vec::new();
        for (at, source) in self.projection.iter().zip(wanted) {
            let field: &Field = self.layout.schema.field(*at);
            let expression = match source {
                None => lit(ScalarValue::try_from(field.data_type())?),
                Some(_) => {
                    let column = Arc::new(Column::new(given.field(next).name(), next));
                    next += 1;
                    cast(column, &given, field.data_type().clone())?
                }
            };
            alike &= source.is_some() && expression.downcast_ref::<Column>().is_some();
            columns.push((expression, field.name().clone()));
        }
        if alike {
            return Ok(plan);
        }
        Ok(Arc::new(ProjectionExec::try_new(columns, plan)?))
    }
}

/// DataFusion's reader of a group, and the compression that it has to undo.
fn source(group: &Group<'_>, table: TableSchema) -> (Arc<dyn FileSource>, FileCompressionType) {
    let compression = group.compression;
    match &group.reading {
        Reading::Parquet => (Arc::new(ParquetSource::new(table)), compression),
        Reading::ArrowFile => (Arc::new(ArrowSource::new_file_source(table)), compression),
        Reading::ArrowStream => (
            Arc::new(ArrowSource::new_stream_file_source(table)),
            compression,
        ),
        Reading::JsonLines => (Arc::new(JsonSource::new(table)), compression),
        Reading::JsonArray => {
            let source = JsonSource::new(table).with_newline_delimited(false);
            (Arc::new(source), compression)
        }
        Reading::Delimited(dialect) => {
            let options = csv_options(dialect, group.line_breaks);
            let source = CsvSource::new(table).with_csv_options(options);
            let compression = match dialect.shape {
                // Undone where the blanks are.
                Shape::Blanks => FileCompressionType::UNCOMPRESSED,
                Shape::Delimited | Shape::Lines => compression,
            };
            (Arc::new(source), compression)
        }
    }
}

fn csv_options(dialect: &Dialect, line_breaks: bool) -> CsvOptions {
    CsvOptions {
        has_header: Some(dialect.header),
        delimiter: dialect.delimiter,
        quote: dialect.quote,
        escape: dialect.escape,
        comment: dialect.comment,
        newlines_in_values: Some(line_breaks),
        truncated_rows: Some(dialect.truncated_rows),
        ..CsvOptions::default()
    }
}

fn watch(group: &Group<'_>) -> Watch {
    let names: HashMap<_, _> = group
        .files
        .iter()
        .map(|(member, _)| {
            (
                member.found.meta.location.clone(),
                member.found.shown.clone(),
            )
        })
        .collect();
    let blanks = matches!(&group.reading, Reading::Delimited(d) if d.shape == Shape::Blanks);
    Watch {
        names: Arc::new(names),
        fault: Arc::new(Fault {
            reading: group.reading.clone(),
            schema: Arc::clone(&group.columns),
            compression: group.compression,
        }),
        whole_files: blanks || matches!(group.reading, Reading::JsonArray | Reading::ArrowStream),
        blanks,
    }
}
