//! The beginning of a file, decompressed: what types are inferred from.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use object_store::{
    GetOptions, GetRange, GetResult, GetResultPayload, ObjectStore, ObjectStoreExt,
};

use crate::error::{Error, Result};
use crate::sources::failure;
use crate::sources::listing::Found;

/// Bytes that inference reads of one file at most.
const MOST: u64 = 64 << 20;

/// Bytes that inference reads of one file at least.
const LEAST: u64 = 1 << 20;

/// Bytes that inference reads of all files of a table, as long as each gets the least.
const TABLE: u64 = 256 << 20;

/// The beginning of a file.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    /// Whether that is all of the file.
    pub(super) whole: bool,
}

/// How many bytes of each file are read when a table has so many files.
pub(super) fn share(files: usize) -> u64 {
    (TABLE / files.max(1) as u64).clamp(LEAST, MOST)
}

/// Reads the beginning of a file.
///
/// # Errors
/// [`Error::Place`] when the store fails or the compression is damaged.
pub(super) async fn read(store: &Arc<dyn ObjectStore>, file: &Found, limit: u64) -> Result<Head> {
    let whole = file.meta.size <= limit;
    let location = &file.meta.location;
    let bytes = if whole {
        match store.get(location).await {
            Ok(result) => result.bytes().await,
            Err(error) => Err(error),
        }
    } else {
        store.get_range(location, 0..limit).await
    };
    let bytes = bytes.map_err(|error| failure::at(&file.shown, error.into()))?;
    if !file.compression.is_compressed() {
        return Ok(Head {
            bytes: bytes.into(),
            whole,
        });
    }
    let (compression, shown) = (file.compression, file.shown.clone());
    tokio::task::spawn_blocking(move || {
        let damaged = |error: &dyn std::fmt::Display| {
            Error::place(
                &shown,
                format!("cannot be decompressed, it is damaged: {error}"),
            )
        };
        let mut text = Vec::new();
        let outcome = compression
            .convert_read(std::io::Cursor::new(bytes))
            .map_err(|error| damaged(&error))?
            .take(limit)
            .read_to_end(&mut text);
        match outcome {
            Ok(read) => Ok(Head {
                whole: whole && (read as u64) < limit,
                bytes: text,
            }),
            // A beginning ends where the decompressor would want more.
            Err(_) if !whole && !text.is_empty() => Ok(Head {
                whole: false,
                bytes: text,
            }),
            Err(error) => Err(damaged(&error)),
        }
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))?
}

/// Whether a byte may be in a file beyond its beginning: only without a quote can a text be cut
/// at its line breaks. Local files are searched, which is far faster than reading them as rows;
/// of others it is not known.
pub(super) async fn may_hold(
    store: &Arc<dyn ObjectStore>,
    file: &Found,
    beyond: u64,
    byte: u8,
) -> bool {
    if file.compression.is_compressed() {
        return true;
    }
    let range = Some(GetRange::Offset(beyond));
    let options = GetOptions {
        range,
        ..GetOptions::default()
    };
    match store.get_opts(&file.meta.location, options).await {
        Ok(GetResult {
            payload: GetResultPayload::File(local, _),
            ..
        }) => {
            let search = move || holds(local, beyond, byte).unwrap_or(true);
            tokio::task::spawn_blocking(search).await.unwrap_or(true)
        }
        _ => true,
    }
}

fn holds(mut file: std::fs::File, from: u64, byte: u8) -> std::io::Result<bool> {
    file.seek(SeekFrom::Start(from))?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(false),
            read if buffer[..read].contains(&byte) => return Ok(true),
            _ => {}
        }
    }
}
