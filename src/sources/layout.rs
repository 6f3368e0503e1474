//! The files of a table at one moment, and the columns they make together, by name.

use std::sync::Arc;
use std::time::Instant;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::ScalarValue;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStore;

use crate::error::{Error, Result};
use crate::sources::format::Format;
use crate::sources::inspection::{Inspection, inspect};
use crate::sources::listing::{self, Found};
use crate::sources::location::Location;
use crate::sources::options::ReadOptions;
use crate::sources::widening::{meet, settled};
use crate::sources::{failure, head, partitions, spellings};

/// Files that are looked into at the same time.
const AT_ONCE: usize = 32;

/// A file of a table.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) found: Found,
    /// `None` for Parquet under declared columns, which is looked into when it is scanned.
    pub(super) inspection: Option<Arc<Inspection>>,
    /// Values of the table's partition columns.
    pub(super) values: Vec<ScalarValue>,
}

/// The files of a table at one moment.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) members: Vec<Member>,
    /// Columns that files hold.
    pub(super) columns: SchemaRef,
    /// Columns that directory names hold.
    pub(super) partitions: Vec<FieldRef>,
    /// All columns of the table: those of files, then those of directories.
    pub(super) schema: SchemaRef,
    pub(super) made: Instant,
}

impl Layout {
    /// Lists the files, looks into those not known yet, and lets their columns meet by name.
    ///
    /// # Errors
    /// [`Error::Place`] for missing places, damaged files, and columns whose types cannot meet.
    pub(super) async fn resolve(
        session: &dyn Session,
        locations: &[Location],
        options: &ReadOptions,
    ) -> Result<Self> {
        let place = locations.first().map_or("", Location::written);
        let (store, files) = list(session, locations, options).await?;
        let partitions = partition_fields(place, &files, options)?;
        let mut inspections = look(session, &store, &files, options).await?;
        let columns = match &options.schema {
            Some(declared) => without(declared, &partitions),
            None => {
                spellings::agree(&files, &mut inspections)?;
                met(&files, &inspections, &partitions)?
            }
        };
        let members = files
            .into_iter()
            .zip(inspections)
            .map(|(found, inspection)| {
                let values = partitions::values(&found.partitions, &partitions)
                    .map_err(|error| failure::at(&found.shown, error))?;
                Ok(Member {
                    found,
                    inspection,
                    values,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let fields = columns.fields().iter().chain(&partitions).cloned();
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Ok(Self {
            members,
            columns,
            partitions,
            schema,
            made: Instant::now(),
        })
    }
}

async fn list(
    session: &dyn Session,
    locations: &[Location],
    options: &ReadOptions,
) -> Result<(Arc<dyn ObjectStore>, Vec<Found>)> {
    let first = locations
        .first()
        .ok_or_else(|| Error::Usage("a table needs at least one location".to_owned()))?;
    let store = listing::store(session, first)?;
    let mut files = Vec::new();
    for location in locations {
        if location.store() != first.store() {
            let reason = format!("lies in another store than {first}; a table has one store");
            return Err(Error::place(location.written(), reason));
        }
        files.extend(listing::files(&store, location, options).await?);
    }
    files.sort_by(|a, b| a.meta.location.cmp(&b.meta.location));
    files.dedup_by(|a, b| a.meta.location == b.meta.location);
    Ok((store, files))
}

/// The partition columns that the directories show, or those that were asked for.
fn partition_fields(place: &str, files: &[Found], options: &ReadOptions) -> Result<Vec<FieldRef>> {
    let declared = options.declared_partitions();
    let found = partitions::fields(files.iter().map(|file| &file.partitions), &declared);
    if options.partition_columns.is_empty() {
        return Ok(found);
    }
    options
        .partition_columns
        .iter()
        .map(|wanted| {
            let field = found.iter().find(|field| field.name() == wanted);
            field.cloned().ok_or_else(|| {
                let reason = format!("has no directory {wanted}=… to partition by");
                Error::place(place, reason)
            })
        })
        .collect()
}

async fn look(
    session: &dyn Session,
    store: &Arc<dyn ObjectStore>,
    files: &[Found],
    options: &ReadOptions,
) -> Result<Vec<Option<Arc<Inspection>>>> {
    let limit = head::share(files.len());
    let looks: Vec<_> = files
        .iter()
        .map(|file| async move {
            if options.schema.is_some() && file.format == Format::Parquet {
                return Ok(None);
            }
            let looked = inspect(session, store, file, options, limit).await;
            looked.map(Some)
        })
        .collect();
    let at_once = if files.iter().all(|file| file.format == Format::Parquet) {
        AT_ONCE
    } else {
        4
    };
    futures::stream::iter(looks)
        .buffered(at_once)
        .try_collect()
        .await
}

/// Declared columns but those of directories; what a file lacks is NULL, whatever is declared.
fn without(declared: &Schema, partitions: &[FieldRef]) -> SchemaRef {
    let of_files = declared
        .fields()
        .iter()
        .filter(|field| !partitions.iter().any(|of| of.name() == field.name()))
        .map(|field| field.as_ref().clone().with_nullable(true));
    Arc::new(Schema::new(of_files.collect::<Vec<_>>()))
}

/// A column on its way to a type that every file can be read as.
struct Column<'a> {
    name: &'a str,
    data_type: DataType,
    nullable: bool,
    files: usize,
    /// The file that brought the type.
    origin: &'a Found,
}

/// The columns of all files, by name, in the order in which they appear.
fn met(
    files: &[Found],
    inspections: &[Option<Arc<Inspection>>],
    partitions: &[FieldRef],
) -> Result<SchemaRef> {
    let mut columns: Vec<Column<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (file, inspection) in files.iter().zip(inspections) {
        let fields = inspection.iter().flat_map(|known| known.schema.fields());
        for field in fields {
            if partitions.iter().any(|of| of.name() == field.name()) {
                continue;
            }
            match places.get(field.name().as_str()) {
                Some(at) => join(&mut columns[*at], field, file)?,
                None => {
                    places.insert(field.name().as_str(), columns.len());
                    columns.push(Column {
                        name: field.name(),
                        data_type: field.data_type().clone(),
                        nullable: field.is_nullable(),
                        files: 1,
                        origin: file,
                    });
                }
            }
        }
    }
    let fields: Vec<Field> = columns
        .into_iter()
        .map(|column| {
            // Only Parquet promises that a column has no NULL.
            let promised = column.origin.format == Format::Parquet && !column.nullable;
            let nullable = !promised || column.files < files.len();
            Field::new(column.name, settled(&column.data_type), nullable)
        })
        .collect();
    Ok(Arc::new(Schema::new(fields)))
}

fn join<'a>(column: &mut Column<'a>, field: &Field, file: &'a Found) -> Result<()> {
    column.files += 1;
    column.nullable |= field.is_nullable();
    let met = match meet(&column.data_type, field.data_type()) {
        // What a text means is only guessed, so text it stays.
        None if file.format.is_delimited() => DataType::Utf8,
        None => return Err(cannot_meet(column, field, file)),
        Some(met) => met,
    };
    if met != column.data_type {
        column.origin = file;
        column.data_type = met;
    }
    Ok(())
}

fn cannot_meet(column: &Column<'_>, field: &Field, file: &Found) -> Error {
    let reason = format!(
        "column \"{}\" is {} here and {} in {}; these types cannot meet in one table: read the \
         files apart and bring them together with UNION ALL BY NAME and a cast of the column",
        column.name,
        field.data_type(),
        column.data_type,
        column.origin.shown,
    );
    Error::place(&file.shown, reason)
}
