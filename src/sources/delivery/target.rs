//! What a COPY writes to: one file or a directory, on disk or in a bucket.

use std::path::{Path, PathBuf};

use datafusion::datasource::listing::ListingTableUrl;
use datafusion::logical_expr::dml::CopyTo;
use url::Url;

use crate::error::{Error, Result};
use crate::sources::stores::without_secrets;

/// A target that can be written to, as far as its name tells.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// A local file, which may exist.
    File(PathBuf),
    /// A local directory, which may exist.
    Directory(PathBuf),
    /// An object or, when `single` is false, a prefix of a bucket.
    Bucket { url: Url, single: bool },
}

impl Target {
    /// The target of a statement. A name with an ending is a file unless the output is
    /// partitioned; without one, or with a `/` at the end, it is a directory.
    pub(super) fn of(copy: &CopyTo) -> Result<Self> {
        let place = copy.output_url.as_str();
        let parsed = ListingTableUrl::parse(place)
            .map_err(|error| Error::place(without_secrets(place), error.to_string()))?;
        if parsed.get_glob().is_some() {
            return Err(Error::place(
                place,
                "a target is one name; *, ? and [ ] are for reading",
            ));
        }
        let single = copy.partition_by.is_empty()
            && !parsed.is_collection()
            && parsed.file_extension().is_some();
        match parsed.scheme() {
            "file" => local(place, parsed.get_url(), single),
            "http" | "https" => Err(Error::place(
                without_secrets(place),
                "latido does not write to web servers; write to a file or a bucket",
            )),
            _ => Ok(Self::Bucket {
                url: parsed.get_url().clone(),
                single,
            }),
        }
    }
}

fn local(place: &str, url: &Url, single: bool) -> Result<Target> {
    let path = url
        .to_file_path()
        .map_err(|()| Error::place(place, "this is not a path on this machine"))?;
    // What a link points to is replaced, not the link.
    let path = if path.exists() {
        real(place, &path)?
    } else {
        path
    };
    match (single, path.exists()) {
        (true, true) if !path.is_file() => Err(Error::place(
            place,
            "this is not a regular file; choose another name",
        )),
        (false, true) if !path.is_dir() => Err(Error::place(
            place,
            "this is a file, and the output is a directory; choose another name",
        )),
        (true, _) => Ok(Target::File(path)),
        (false, _) => Ok(Target::Directory(path)),
    }
}

fn real(place: &str, path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .map_err(|error| Error::place(place, error.to_string()))
}
