//! Which files a place means, at this moment.
//!
//! Our own walk over the store rather than DataFusion's, because that one keeps lists for ever,
//! skips subdirectories, and knows no globs across hive levels or names to be left alone.

use std::sync::Arc;

use datafusion::catalog::Session;
use datafusion::common::utils::datafusion_strsim::levenshtein;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use crate::error::{Error, Result};
use crate::sources::format::{self, Format};
use crate::sources::location::Location;
use crate::sources::options::ReadOptions;
use crate::sources::{failure, partitions};

/// A file of a table before anyone has looked inside.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) meta: ObjectMeta,
    /// As the person would write it.
    pub(super) shown: String,
    pub(super) partitions: Vec<(String, Option<String>)>,
    pub(super) format: Format,
    pub(super) compression: FileCompressionType,
}

/// The store that holds a place.
pub(super) fn store(session: &dyn Session, location: &Location) -> Result<Arc<dyn ObjectStore>> {
    session
        .runtime_env()
        .object_store_registry
        .get_store(location.store())
        .map_err(|error| failure::at(location.written(), error))
}

/// The files of a place in the order of their keys, all of one format.
pub(super) async fn files(
    store: &Arc<dyn ObjectStore>,
    location: &Location,
    options: &ReadOptions,
) -> Result<Vec<Found>> {
    let single = single(store, location).await?;
    let is_single = single.is_some();
    let mut metas = match single {
        Some(meta) => vec![meta],
        None => several(store, location).await?,
    };
    metas.sort_unstable_by(|a, b| a.location.cmp(&b.location));
    let found = metas.into_iter().map(|meta| found(meta, location, options));
    if is_single {
        let mut files: Vec<_> = found.collect();
        files[0].1 = Some(format_of(store, &files[0], options).await?);
        return Ok(files.into_iter().map(settled).collect());
    }
    of_one_format(store, location, options, found.collect()).await
}

type Undecided = (Found, Option<Format>);

fn settled((mut file, format): Undecided) -> Found {
    file.format = format.unwrap_or(file.format);
    file
}

fn found(meta: ObjectMeta, location: &Location, options: &ReadOptions) -> Undecided {
    let shown = location.show(&meta.location);
    let compression = options
        .compression
        .unwrap_or_else(|| format::compression_of(&shown));
    let format = Format::of_name(&shown);
    let file = Found {
        partitions: partitions::of_path(&shown),
        meta,
        shown,
        format: Format::Text,
        compression,
    };
    (file, format)
}

/// What the person says, else what the name says, else what the first bytes say.
async fn format_of(
    store: &Arc<dyn ObjectStore>,
    (file, by_name): &Undecided,
    options: &ReadOptions,
) -> Result<Format> {
    if let Some(format) = options.format.or(*by_name) {
        return Ok(format);
    }
    if file.compression.is_compressed() || file.meta.size == 0 {
        return Ok(Format::Text);
    }
    let bytes = store
        .get_range(&file.meta.location, 0..file.meta.size.min(4096))
        .await
        .map_err(|error| failure::at(&file.shown, error.into()))?;
    Ok(Format::of_bytes(&bytes))
}

/// The object itself when the place is one; `None` when it has to be listed.
async fn single(store: &Arc<dyn ObjectStore>, location: &Location) -> Result<Option<ObjectMeta>> {
    if location.is_glob() || location.is_folder() && location.can_list() {
        return Ok(None);
    }
    if location.is_local() {
        let path = local_path(location.base());
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Ok(None),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(missing(location));
            }
            Err(error) => return Err(Error::place(location.written(), error.to_string())),
        }
    }
    match store.head(location.base()).await {
        Ok(meta) => Ok(Some(meta)),
        Err(object_store::Error::NotFound { .. }) if location.can_list() => Ok(None),
        Err(object_store::Error::NotFound { .. }) => Err(missing(location)),
        Err(error) => Err(failure::at(location.written(), error.into())),
    }
}

/// The objects below a directory, or those that the glob selects.
async fn several(store: &Arc<dyn ObjectStore>, location: &Location) -> Result<Vec<ObjectMeta>> {
    if !location.can_list() {
        let reason = "web servers cannot list files; name one file";
        return Err(Error::place(location.written(), reason));
    }
    let base = Some(location.base()).filter(|base| !base.as_ref().is_empty());
    let listed: Vec<ObjectMeta> = store
        .list(base)
        .try_collect()
        .await
        .map_err(|error| failure::at(location.written(), error.into()))?;
    let mut metas: Vec<_> = listed
        .into_iter()
        .filter(|meta| !left_alone(location.below_base(&meta.location)))
        .collect();
    if location.is_glob() {
        let folders = !metas
            .iter()
            .any(|meta| location.selects(&meta.location, false));
        metas.retain(|meta| location.selects(&meta.location, folders));
    }
    if metas.is_empty() {
        return Err(nothing(location));
    }
    Ok(metas)
}

/// Names that Hive, Spark and editors leave beside the data: `_SUCCESS`, `_temporary`, `.crc`.
fn left_alone(below: &str) -> bool {
    below
        .split('/')
        .any(|part| part.starts_with('.') || (part.starts_with('_') && !part.contains('=')))
}

/// The files of the table's one format; other files of no known format are left alone.
async fn of_one_format(
    store: &Arc<dyn ObjectStore>,
    location: &Location,
    options: &ReadOptions,
    files: Vec<Undecided>,
) -> Result<Vec<Found>> {
    let known = |wanted: Format| {
        let alike =
            move |found: Format| found == wanted || (found.is_delimited() && wanted.is_delimited());
        move |file: &Undecided| file.1.is_some_and(alike)
    };
    let wanted = match options.format {
        Some(format) => format,
        None => {
            only_format(location, &files)?.unwrap_or(format_of(store, &files[0], options).await?)
        }
    };
    let by_name = files.iter().any(known(wanted));
    let files: Vec<_> = files
        .into_iter()
        .filter(|file| {
            if by_name {
                known(wanted)(file)
            } else {
                file.1.is_none()
            }
        })
        .map(|(file, by_name)| match options.format {
            Some(format) => (file, Some(format)),
            None => (file, by_name.or(Some(wanted))),
        })
        .map(settled)
        .collect();
    if files.is_empty() {
        let reason = format!("no {} file in it", wanted.name());
        return Err(Error::place(location.written(), reason));
    }
    Ok(files)
}

/// The one format that the names tell, if any does.
fn only_format(location: &Location, files: &[Undecided]) -> Result<Option<Format>> {
    let mut known = files
        .iter()
        .filter_map(|(file, format)| Some((file, (*format)?)))
        // A text file beside data is most likely a note about them.
        .filter(|(_, format)| *format != Format::Text || files.len() == 1);
    let Some((first, format)) = known.next() else {
        let text = files.iter().find_map(|(_, format)| *format);
        return Ok(text);
    };
    match known
        .find(|(_, other)| !(*other == format || other.is_delimited() && format.is_delimited()))
    {
        None => Ok(Some(format)),
        Some((second, other)) => Err(Error::place(
            location.written(),
            format!(
                "holds files of several formats, {} ({}) and {} ({}); select one with a glob \
                 such as **/*.{}, or with CREATE EXTERNAL TABLE … STORED AS",
                first.shown,
                format.name(),
                second.shown,
                other.name(),
                first.shown.rsplit('.').next().unwrap_or("csv"),
            ),
        )),
    }
}

fn nothing(location: &Location) -> Error {
    if location.is_glob() {
        return Error::place(location.written(), "no file matches this pattern");
    }
    let folder = location.is_local() && local_path(location.base()).is_dir();
    if folder || location.base().as_ref().is_empty() {
        return Error::place(location.written(), "is empty: no file to read in it");
    }
    missing(location)
}

/// `no such file: x`, with the name of a sibling that is nearly the same.
fn missing(location: &Location) -> Error {
    let written = location.written();
    let hint = location
        .is_local()
        .then(|| sibling(&local_path(location.base())))
        .flatten()
        .map_or_else(String::new, |name| format!("; did you mean {name}?"));
    let what = if location.is_local() {
        "file or directory"
    } else {
        "object"
    };
    Error::place(written, format!("no such {what}{hint}"))
}

fn sibling(path: &std::path::Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    std::fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|other| {
            (
                levenshtein(&other.to_lowercase(), &name.to_lowercase()),
                other,
            )
        })
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4)
        .min()
        .map(|(_, other)| other)
}

fn local_path(key: &Path) -> std::path::PathBuf {
    std::path::Path::new("/").join(key.as_ref())
}
