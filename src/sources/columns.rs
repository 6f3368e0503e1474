//! The columns of one file in the terms of the table: what its reader is told to give.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::error::{Error, Result};
use crate::sources::inspection::{Inspection, Reading};
use crate::sources::layout::{Layout, Member};

/// The columns to read a file with. Parquet and JSON find columns by name, so they get the
/// table's; Arrow gets its own; delimited text has its own order and the table's types.
pub(super) fn of_file(
    layout: &Layout,
    member: &Member,
    inspection: &Inspection,
) -> Result<SchemaRef> {
    match &inspection.reading {
        Reading::Parquet | Reading::JsonLines | Reading::JsonArray => {
            Ok(Arc::clone(&layout.columns))
        }
        Reading::ArrowFile | Reading::ArrowStream => Ok(of_arrow(layout, inspection)),
        Reading::Delimited(dialect) if dialect.header || inspection.schema.fields().is_empty() => {
            Ok(by_header(layout, inspection))
        }
        Reading::Delimited(_) => by_place(layout, member, inspection),
    }
}

fn of_arrow(layout: &Layout, inspection: &Inspection) -> SchemaRef {
    let fields = inspection
        .schema
        .fields()
        .iter()
        .map(|field| Field::new(free(layout, field.name()), field.data_type().clone(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Header names are the table's names; where the table has declared columns, letter case may
/// differ as long as only one name fits.
fn by_header(layout: &Layout, inspection: &Inspection) -> SchemaRef {
    let header = inspection.schema.fields();
    let fields = header.iter().map(|field| {
        let name = field.name();
        let exact = layout.columns.field_with_name(name).ok();
        let target = exact.or_else(|| {
            let mut folded = layout.columns.fields().iter().filter(|column| {
                column.name().eq_ignore_ascii_case(name)
                    && inspection.schema.field_with_name(column.name()).is_err()
            });
            folded
                .next()
                .filter(|_| folded.next().is_none())
                .map(AsRef::as_ref)
        });
        match target {
            Some(column) => Field::new(column.name(), column.data_type().clone(), true),
            None => Field::new(free(layout, name), DataType::Utf8, true),
        }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Without a header the columns of the table stand for those of the file one by one.
fn by_place(layout: &Layout, member: &Member, inspection: &Inspection) -> Result<SchemaRef> {
    let (declared, found) = (layout.columns.fields(), inspection.schema.fields());
    let inferred = found
        .iter()
        .all(|field| layout.columns.field_with_name(field.name()).is_ok());
    if inferred {
        return Ok(by_header(layout, inspection));
    }
    if declared.len() != found.len() {
        let reason = format!(
            "has {} columns and no header, but {} are declared",
            found.len(),
            declared.len()
        );
        return Err(Error::place(&member.found.shown, reason));
    }
    Ok(Arc::clone(&layout.columns))
}

/// A name for a column of a file that hides behind a partition column, which holds instead.
fn free(layout: &Layout, name: &str) -> String {
    let taken = layout.partitions.iter().any(|field| field.name() == name);
    if taken {
        format!("{name} (in the file)")
    } else {
        name.to_owned()
    }
}
