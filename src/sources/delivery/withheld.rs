//! A store that takes everything and makes nothing visible.
//!
//! DataFusion's writers finish each file as soon as their rows end, even when they end because
//! the query failed. Here the finish of an upload is kept back until the whole statement has
//! succeeded. Refusals of the store are remembered, because the writers lose them.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures::FutureExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};

/// An upload whose parts are sent and whose finish waits.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) location: Path,
    /// Taken when the upload is completed or aborted.
    parts: Arc<Mutex<Option<Box<dyn MultipartUpload>>>>,
    /// Whether the writer asked for the finish; one that did not was dropped half-way.
    finished: bool,
}

impl Upload {
    pub(super) fn begun(location: Path, parts: Box<dyn MultipartUpload>) -> Self {
        Self {
            location,
            parts: Arc::new(Mutex::new(Some(parts))),
            finished: false,
        }
    }

    /// The upload itself, to complete or abort it.
    pub(super) fn take(&self) -> Option<Box<dyn MultipartUpload>> {
        locked(&self.parts).take()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }
}

/// What was sent so far.
#[derive(Debug, Default)]
struct Held {
    uploads: Vec<Upload>,
    refusal: Option<crate::Error>,
    /// After the end of the statement late writers must not start anew.
    closed: bool,
}

/// The store that the writers of one COPY see.
#[derive(Debug, Clone)]
pub(super) struct Withheld {
    inner: Arc<dyn ObjectStore>,
    /// How errors call the place.
    place: Arc<str>,
    /// A local stage is a directory that is not visible anyway: files finish there at once.
    at_once: bool,
    held: Arc<Mutex<Held>>,
}

impl Withheld {
    pub(super) fn new(inner: Arc<dyn ObjectStore>, place: &str, at_once: bool) -> Self {
        Self {
            inner,
            place: place.into(),
            at_once,
            held: Arc::default(),
        }
    }

    /// Ends the writing and hands over the uploads and the first refusal of the store.
    pub(super) fn close(&self) -> (Vec<Upload>, Option<crate::Error>) {
        let mut held = locked(&self.held);
        held.closed = true;
        (std::mem::take(&mut held.uploads), held.refusal.take())
    }

    fn remember(&self, error: &object_store::Error) {
        locked(&self.held)
            .refusal
            .get_or_insert_with(|| crate::sources::explain(&self.place, error));
    }

    fn open(&self) -> Result<()> {
        if locked(&self.held).closed {
            return Err(self.unsupported("write after the end of a COPY"));
        }
        Ok(())
    }

    fn unsupported(&self, operation: &str) -> object_store::Error {
        object_store::Error::NotImplemented {
            operation: operation.to_owned(),
            implementer: self.to_string(),
        }
    }

    async fn begin(&self, location: &Path, options: PutMultipartOptions) -> Result<HeldUpload> {
        self.open()?;
        let begun = self.inner.put_multipart_opts(location, options).await;
        let parts = begun.inspect_err(|error| self.remember(error))?;
        let upload = Upload::begun(location.clone(), parts);
        let parts = Arc::clone(&upload.parts);
        locked(&self.held).uploads.push(upload);
        Ok(HeldUpload {
            store: self.clone(),
            parts,
        })
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stage of {}", self.place)
    }
}

#[async_trait]
impl ObjectStore for Withheld {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        let mut upload = self
            .begin(
                location,
                PutMultipartOptions {
                    tags: options.tags,
                    attributes: options.attributes,
                    extensions: options.extensions,
                },
            )
            .await?;
        if payload.content_length() > 0 {
            upload.put_part(payload).await?;
        }
        upload.complete().await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(self.begin(location, options).await?))
    }

    async fn get_opts(&self, _: &Path, _: GetOptions) -> Result<GetResult> {
        Err(self.unsupported("read"))
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let error = self.unsupported("delete");
        Box::pin(futures::stream::once(async { Err(error) }))
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let error = self.unsupported("list");
        Box::pin(futures::stream::once(async { Err(error) }))
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(self.unsupported("list"))
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(self.unsupported("copy"))
    }
}

/// What a writer holds: it sends parts, and believes that it finishes.
#[derive(Debug)]
struct HeldUpload {
    store: Withheld,
    parts: Arc<Mutex<Option<Box<dyn MultipartUpload>>>>,
}

#[async_trait]
impl MultipartUpload for HeldUpload {
    fn put_part(&mut self, payload: PutPayload) -> UploadPart {
        let part = locked(&self.parts)
            .as_mut()
            .map(|parts| parts.put_part(payload));
        let store = self.store.clone();
        async move {
            match part {
                Some(part) => part.await.inspect_err(|error| store.remember(error)),
                None => Err(store.unsupported("write after the end of a COPY")),
            }
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        if self.store.at_once {
            let parts = locked(&self.parts).take();
            let mut parts = parts.ok_or_else(|| self.store.unsupported("complete twice"))?;
            parts
                .complete()
                .await
                .inspect_err(|error| self.store.remember(error))?;
        }
        let mut held = locked(&self.store.held);
        for upload in &mut held.uploads {
            upload.finished |= Arc::ptr_eq(&upload.parts, &self.parts);
        }
        Ok(PutResult {
            e_tag: None,
            version: None,
        })
    }

    /// The end of the statement aborts what it began.
    async fn abort(&mut self) -> Result<()> {
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
