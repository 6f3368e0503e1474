//! A store whose errors say where they happened.
//!
//! object_store names the path at best, never the bucket, and a query that fails hours after its
//! table was named has nobody left to ask. The address is put into the error's chain of causes;
//! what kind of error it is stays, because DataFusion acts on it.

use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result as StoreResult,
};

/// The address in a chain of causes.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(super) struct At {
    pub(super) place: String,
    source: Box<dyn StdError + Send + Sync>,
}

/// A store under its scheme and authority (`s3://bucket`).
#[derive(Debug)]
pub(super) struct Located {
    root: Arc<str>,
    inner: Arc<dyn ObjectStore>,
}

impl Located {
    pub(super) fn new(root: &str, inner: Arc<dyn ObjectStore>) -> Self {
        Self {
            root: root.into(),
            inner,
        }
    }

    fn at(&self, path: Option<&Path>) -> impl Fn(StoreError) -> StoreError + Send + 'static {
        let path = path.map(ToString::to_string).unwrap_or_default();
        let place = format!("{}/{path}", self.root);
        move |error| located(error, &place)
    }
}

fn located(error: StoreError, place: &str) -> StoreError {
    let at = |source| -> Box<dyn StdError + Send + Sync> {
        Box::new(At {
            place: place.to_owned(),
            source,
        })
    };
    match error {
        StoreError::Generic { store, source } => StoreError::Generic {
            store,
            source: at(source),
        },
        StoreError::NotFound { path, source } => StoreError::NotFound {
            path,
            source: at(source),
        },
        StoreError::PermissionDenied { path, source } => StoreError::PermissionDenied {
            path,
            source: at(source),
        },
        StoreError::Unauthenticated { path, source } => StoreError::Unauthenticated {
            path,
            source: at(source),
        },
        StoreError::NotSupported { source } => StoreError::NotSupported { source: at(source) },
        other => other,
    }
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Located {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> StoreResult<PutResult> {
        let put = self.inner.put_opts(location, payload, options).await;
        put.map_err(self.at(Some(location)))
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> StoreResult<Box<dyn MultipartUpload>> {
        let begun = self.inner.put_multipart_opts(location, options).await;
        begun.map_err(self.at(Some(location)))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> StoreResult<GetResult> {
        let got = self.inner.get_opts(location, options).await;
        let mut got = got.map_err(self.at(Some(location)))?;
        got.payload = match got.payload {
            GetResultPayload::Stream(stream) => {
                GetResultPayload::Stream(stream.map_err(self.at(Some(location))).boxed())
            }
            file => file,
        };
        Ok(got)
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> StoreResult<Vec<Bytes>> {
        let got = self.inner.get_ranges(location, ranges).await;
        got.map_err(self.at(Some(location)))
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, StoreResult<Path>>,
    ) -> BoxStream<'static, StoreResult<Path>> {
        self.inner
            .delete_stream(locations)
            .map_err(self.at(None))
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.inner.list(prefix).map_err(self.at(prefix)).boxed()
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.inner
            .list_with_offset(prefix, offset)
            .map_err(self.at(prefix))
            .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> StoreResult<ListResult> {
        self.inner
            .list_with_delimiter(prefix)
            .await
            .map_err(self.at(prefix))
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> StoreResult<()> {
        self.inner
            .copy_opts(from, to, options)
            .await
            .map_err(self.at(Some(from)))
    }
}
