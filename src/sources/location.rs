//! What a person writes to say where the rows are: a path, a glob or a URL.
//!
//! It is here so that the rest of the room sees one shape — an object store, the part of the key
//! that is certain, and a pattern for the part that is not — whatever the spelling was.

use std::path::{Path as LocalPath, PathBuf};

use datafusion::execution::object_store::ObjectStoreUrl;
use glob::{MatchOptions, Pattern};
use object_store::path::Path;
use url::Url;

use crate::error::{Error, Result};
use crate::sources::format::Format;

/// Characters that make a path a pattern.
const GLOB: [char; 3] = ['*', '?', '['];

/// `*` and `?` stay inside one directory; `**` crosses them.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Where the rows of a table are: a file, a directory, a hive-partitioned tree, a glob or a URL.
#[derive(Debug, Clone)]
pub struct Location {
    written: String,
    store: Url,
    base: Path,
    shown_base: String,
    pattern: Option<Pattern>,
    folder: bool,
}

impl Location {
    /// Reads what a person wrote: a path relative to the current directory, `~/…`, a glob
    /// (`*`, `?`, `[…]`, `**` across directories), `file://…`, `s3://…`, `gs://…`, `az://…`,
    /// `http(s)://…`. Keys of buckets are taken as they are, `file` and `http` URLs are decoded.
    ///
    /// # Errors
    /// [`Error::Place`] for an empty text, a URL without a bucket or host, a pattern that cannot
    /// be read.
    pub fn parse(text: &str) -> Result<Self> {
        let written = text.trim();
        if written.is_empty() {
            return Err(Error::place("''", "no path or URL is given"));
        }
        match written.split_once("://") {
            Some(("file", rest)) => local(written, &decoded(rest)),
            Some((scheme, rest)) => remote(written, scheme, rest),
            None => local(written, written),
        }
    }

    /// Whether a name in FROM means a place rather than a table: it holds a slash, a glob
    /// character, a scheme, a leading `~`, or a known ending such as `.csv.gz`.
    #[must_use]
    pub fn looks_like_one(name: &str) -> bool {
        name.contains(['/', '*', '?'])
            || (name.contains('[') && name.contains(']'))
            || name.starts_with('~')
            || Format::of_name(name).is_some()
    }

    /// Whether a name that looks like a table's is a directory here.
    #[must_use]
    pub fn is_directory(name: &str) -> bool {
        std::path::Path::new(name).is_dir()
    }

    /// The place as the person wrote it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Root of the object store that holds it (`file:///`, `s3://bucket/`), the key of the
    /// session's registry.
    #[must_use]
    pub fn store(&self) -> &Url {
        &self.store
    }

    /// Whether it lies in the local file system.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.store.scheme() == "file"
    }

    /// The store's root in DataFusion's type.
    pub(super) fn store_url(&self) -> Result<ObjectStoreUrl> {
        ObjectStoreUrl::parse(self.store.as_str())
            .map_err(|error| Error::place(&self.written, error.to_string()))
    }

    /// The certain part of the key: the file, the directory, or what precedes the glob.
    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    /// Whether a glob selects among the files below [`Self::base`].
    pub(super) fn is_glob(&self) -> bool {
        self.pattern.is_some()
    }

    /// Whether the text says that it is a directory.
    pub(super) fn is_folder(&self) -> bool {
        self.folder
    }

    /// Whether the store can be listed; plain web servers cannot.
    pub(super) fn can_list(&self) -> bool {
        !matches!(self.store.scheme(), "http" | "https")
    }

    /// The key below the base, without a leading slash; empty for the base itself.
    pub(super) fn below_base<'a>(&self, key: &'a Path) -> &'a str {
        key.as_ref()
            .strip_prefix(self.base.as_ref())
            .unwrap_or(key.as_ref())
            .trim_start_matches('/')
    }

    /// Whether the glob selects this key; with `folders`, whether it selects a directory above it.
    pub(super) fn selects(&self, key: &Path, folders: bool) -> bool {
        let Some(pattern) = &self.pattern else {
            return true;
        };
        let below = self.below_base(key);
        if !folders {
            return pattern.matches_with(below, MATCHING);
        }
        below
            .match_indices('/')
            .any(|(at, _)| pattern.matches_with(&below[..at], MATCHING))
    }

    /// A file of this place as the person would write it.
    pub(super) fn show(&self, key: &Path) -> String {
        match self.below_base(key) {
            "" => self.shown_base.clone(),
            below if self.shown_base.is_empty() => below.to_owned(),
            below if self.shown_base.ends_with('/') => format!("{}{below}", self.shown_base),
            below => format!("{}/{below}", self.shown_base),
        }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

/// A path of the local file system.
fn local(written: &str, path: &str) -> Result<Location> {
    let path = home(path);
    let is_glob = path.contains(GLOB) && std::fs::symlink_metadata(&path).is_err();
    let (fixed, pattern) = if is_glob {
        split(&path)
    } else {
        (path.as_str(), None)
    };
    let folder = !is_glob && path.ends_with('/');
    let absolute = absolute(written, fixed)?;
    let base = Path::from_absolute_path(&absolute)
        .map_err(|error| Error::place(written, format!("cannot be a path: {error}")))?;
    Ok(Location {
        written: written.to_owned(),
        store: Url::parse("file:///").expect("a fixed, valid URL"),
        base,
        shown_base: fixed.to_owned(),
        pattern: compiled(written, pattern)?,
        folder,
    })
}

/// A key in a bucket, or an address of a web server.
fn remote(written: &str, scheme: &str, rest: &str) -> Result<Location> {
    let (host, key) = rest.split_once('/').unwrap_or((rest, ""));
    let web = matches!(scheme, "http" | "https");
    if web && key.contains('?') {
        let reason = "addresses with a query (?…) cannot be read; download the file first";
        return Err(Error::place(written, reason));
    }
    let store = Url::parse(&format!("{scheme}://{host}/"))
        .ok()
        .filter(|_| !host.is_empty())
        .ok_or_else(|| {
            Error::place(
                written,
                format!("is no URL of the form {scheme}://bucket/key"),
            )
        })?;
    let key = if web { decoded(key) } else { key.to_owned() };
    let (fixed, pattern) = if !web && key.contains(GLOB) {
        split(&key)
    } else {
        (key.as_str(), None)
    };
    let base = Path::parse(fixed.trim_matches('/'))
        .map_err(|error| Error::place(written, format!("cannot be a key: {error}")))?;
    Ok(Location {
        written: written.to_owned(),
        shown_base: format!("{scheme}://{host}/{base}"),
        folder: pattern.is_none() && (key.is_empty() || key.ends_with('/')),
        store,
        base,
        pattern: compiled(written, pattern)?,
    })
}

/// The directories before the first glob character, and the pattern below them.
fn split(path: &str) -> (&str, Option<&str>) {
    let Some(first) = path.find(GLOB) else {
        return (path, None);
    };
    match path[..first].rfind('/') {
        Some(at) => (&path[..=at], Some(&path[at + 1..])),
        None => ("", Some(path)),
    }
}

fn compiled(written: &str, pattern: Option<&str>) -> Result<Option<Pattern>> {
    pattern
        .map(|text| {
            let text = text.trim_end_matches('/');
            Pattern::new(text).map_err(|error| {
                Error::place(
                    written,
                    format!("cannot be a pattern: {}; ** must be a directory of its own, as in a/**/*.csv", error.msg),
                )
            })
        })
        .transpose()
}

/// `~/…` in the person's home.
fn home(path: &str) -> String {
    match (path.strip_prefix('~'), std::env::var("HOME")) {
        (Some(rest), Ok(home)) if rest.is_empty() || rest.starts_with('/') => home + rest,
        _ => path.to_owned(),
    }
}

/// An absolute path without `..`; links are kept as they are written unless `..` crosses them.
fn absolute(written: &str, path: &str) -> Result<PathBuf> {
    let path = if path.is_empty() { "." } else { path };
    let parents = LocalPath::new(path)
        .components()
        .any(|part| matches!(part, std::path::Component::ParentDir));
    let resolved = if parents {
        through_parents(LocalPath::new(path))
    } else {
        std::path::absolute(path)
    };
    resolved.map_err(|error| Error::place(written, missing_or(&error)))
}

/// Resolves the longest existing part, as the file system itself would go through `..`.
fn through_parents(path: &LocalPath) -> std::io::Result<PathBuf> {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(found), _, _) => Ok(found),
        (Err(_), Some(parent), Some(name)) => Ok(through_parents(parent)?.join(name)),
        (Err(error), _, _) => Err(error),
    }
}

fn missing_or(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        _ => error.to_string(),
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}
