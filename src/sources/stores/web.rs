//! Files on plain web servers: one address, one file.
//!
//! A web server has no listing, so a directory is refused in words instead of with an answer to a
//! question (PROPFIND) that few servers understand. Servers that ignore range requests, as
//! `python -m http.server` does, are read as a whole once and sliced here.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryFutureExt};
use object_store::http::{HttpBuilder, HttpStore};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions,
    PutPayload, PutResult, Result as StoreResult,
};
use tokio::sync::Mutex;
use url::{Position, Url};

use super::explain::{explain, without_secrets};
use super::settings::{client, retry};
use crate::error::Result;

/// The largest file that is kept whole for a server without ranges.
const WHOLE: u64 = 256 << 20;

/// The store of a web server.
pub(super) fn store(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    let root = &url[..Position::BeforePath];
    let server = HttpBuilder::new()
        .with_url(root)
        .with_client_options(client(Some(root)))
        .with_retry(retry())
        .build()
        .map_err(|error| explain(root, &error))?;
    Ok(Arc::new(SingleFiles {
        root: without_secrets(root),
        server: Arc::new(server),
        whole: Mutex::new(None),
    }))
}

/// What a web server cannot do.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    #[error("a web server lists no directory; name each file")]
    NoListing,
    #[error("latido does not write to web servers; write to a file or a bucket")]
    ReadOnly,
    #[error("the server sends no parts of files, and this one is too large to keep; download it")]
    NoRanges,
}

impl From<WebError> for StoreError {
    fn from(error: WebError) -> Self {
        Self::NotSupported {
            source: Box::new(error),
        }
    }
}

/// A web server as a store without directories.
#[derive(Debug)]
struct SingleFiles {
    root: String,
    server: Arc<HttpStore>,
    /// The last file that had to be fetched whole.
    whole: Mutex<Option<(ObjectMeta, Bytes)>>,
}

impl SingleFiles {
    async fn part(&self, location: &Path, options: GetOptions) -> StoreResult<GetResult> {
        let (meta, bytes) = self.fetch_whole(location).await?;
        let wanted = options
            .range
            .map(|range| range.as_range(meta.size))
            .transpose();
        let range = wanted
            .map_err(|error| StoreError::Generic {
                store: "HTTP",
                source: Box::new(error),
            })?
            .unwrap_or(0..meta.size);
        let start = usize::try_from(range.start)
            .unwrap_or(bytes.len())
            .min(bytes.len());
        let end = usize::try_from(range.end)
            .unwrap_or(bytes.len())
            .min(bytes.len());
        let part = bytes.slice(start..end);
        Ok(GetResult {
            payload: GetResultPayload::Stream(stream::once(async { Ok(part) }).boxed()),
            meta,
            range,
            attributes: object_store::Attributes::default(),
        })
    }

    /// Parallel readers wait for one download; a changed file is fetched anew.
    async fn fetch_whole(&self, location: &Path) -> StoreResult<(ObjectMeta, Bytes)> {
        let mut kept = self.whole.lock().await;
        let now = self.server.head(location).await?;
        if let Some((meta, bytes)) = kept.as_ref().filter(|(meta, _)| *meta == now) {
            return Ok((meta.clone(), bytes.clone()));
        }
        if now.size > WHOLE {
            return Err(WebError::NoRanges.into());
        }
        let bytes = self.server.get(location).await?.bytes().await?;
        *kept = Some((now.clone(), bytes.clone()));
        Ok((now, bytes))
    }
}

impl fmt::Display for SingleFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)
    }
}

#[async_trait]
impl ObjectStore for SingleFiles {
    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> StoreResult<PutResult> {
        Err(WebError::ReadOnly.into())
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> StoreResult<Box<dyn MultipartUpload>> {
        Err(WebError::ReadOnly.into())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> StoreResult<GetResult> {
        match self.server.get_opts(location, options.clone()).await {
            Err(StoreError::NotSupported { .. }) if options.range.is_some() && !options.head => {
                self.part(location, options).await
            }
            result => result,
        }
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, StoreResult<Path>>,
    ) -> BoxStream<'static, StoreResult<Path>> {
        locations.map(|_| Err(WebError::ReadOnly.into())).boxed()
    }

    /// A missing file is asked for here too, after its name was not found as a file: the answer
    /// then is that it is missing.
    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        let prefix = prefix.cloned().unwrap_or_default();
        let server = Arc::clone(&self.server);
        async move { server.head(&prefix).await }
            .and_then(|_| async { Err(WebError::NoListing.into()) })
            .into_stream()
            .boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> StoreResult<ListResult> {
        Err(WebError::NoListing.into())
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> StoreResult<()> {
        Err(WebError::ReadOnly.into())
    }
}
