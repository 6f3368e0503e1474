//! Object stores and files become tables and batches.
//!
//! A [`Location`] says where rows are; [`open`] lists its files, looks into each, lets their
//! columns meet by name and gives a table whose scans are DataFusion's own, so that projection,
//! filters, row groups, hive partitions and parallel reading stay what they are there.

mod bounds;
mod columns;
mod csv;
mod culprit;
mod declared;
mod delivery;
mod factory;
mod failure;
mod format;
mod guard;
mod head;
mod inspection;
mod layout;
mod listing;
mod location;
mod options;
mod partitions;
mod scan;
mod seen;
mod spellings;
mod stores;
mod table;
mod watched;
mod widening;

use std::sync::Arc;

use datafusion::catalog::{Session, TableProvider};

pub use delivery::{complete_copy, deliver, refuse_partial};
pub use factory::{Factory, KEYWORDS};
pub use format::Format;
pub use guard::Guarded;
pub use location::Location;
pub use options::{Delimited, ReadOptions};
pub use seen::Seen;
pub use stores::{ObjectStores, explain};
pub use table::FilesTable;

use crate::error::Result;

/// Opens the files of a place as a table.
///
/// # Errors
/// [`crate::Error::Place`] naming the place or the file in it: nothing there, damaged, not what
/// its name says, or with columns whose types cannot meet.
pub async fn open(
    session: &dyn Session,
    location: &Location,
    options: &ReadOptions,
) -> Result<Arc<dyn TableProvider>> {
    let table = FilesTable::open(session, vec![location.clone()], options.clone()).await?;
    Ok(Arc::new(table))
}

/// A table with the files and columns of this moment; tables of other kinds are given back as
/// they are. Call it when a statement is planned, so that files added by others are seen.
///
/// # Errors
/// As [`open`].
pub async fn refreshed(
    session: &dyn Session,
    table: Arc<dyn TableProvider>,
) -> Result<Arc<dyn TableProvider>> {
    match (table.as_ref() as &dyn std::any::Any).downcast_ref::<FilesTable>() {
        Some(files) => Ok(Arc::new(files.refreshed(session).await?)),
        None => Ok(table),
    }
}
