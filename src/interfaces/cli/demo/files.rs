//! The sample tables inside the binary, unpacked for the time of the demo: it runs anywhere.

use tempfile::TempDir;

use crate::error::{Error, Result};

const TABLES: [(&str, &[u8]); 4] = [
    (
        "responses",
        include_bytes!("../../../../sample-data/responses.parquet"),
    ),
    (
        "customers",
        include_bytes!("../../../../sample-data/customers.parquet"),
    ),
    (
        "transactions",
        include_bytes!("../../../../sample-data/transactions.parquet"),
    ),
    (
        "invitations",
        include_bytes!("../../../../sample-data/invitations.parquet"),
    ),
];

/// A directory with the tables, removed when dropped.
#[derive(Debug)]
pub(super) struct Files {
    directory: TempDir,
}

/// Writes the tables into a temporary directory.
pub(super) fn unpack() -> Result<Files> {
    let place = |error: std::io::Error| {
        Error::place(
            std::env::temp_dir().display().to_string(),
            error.to_string(),
        )
    };
    let directory = tempfile::Builder::new()
        .prefix("latido-demo-")
        .tempdir()
        .map_err(place)?;
    for (name, bytes) in TABLES {
        let path = directory.path().join(format!("{name}.parquet"));
        std::fs::write(path, bytes).map_err(place)?;
    }
    Ok(Files { directory })
}

impl Files {
    /// The tables as an engine takes them.
    pub(super) fn tables(&self) -> Vec<(String, String)> {
        let path = |name| self.directory.path().join(format!("{name}.parquet"));
        TABLES
            .map(|(name, _)| (name.to_owned(), path(name).display().to_string()))
            .to_vec()
    }
}
