//! The stage of one COPY: opened under an address of its own, then published or discarded.
//!
//! The writers find it in the session's registry as `copy://n`; no other statement knows the
//! address. Whatever ends the statement, dropping the stage removes the address and what is there.

mod bucket;
mod local;

use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::error::Result as DataFusionResult;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use object_store::local::LocalFileSystem;
use url::{Position, Url};

use super::target::Target;
use super::withheld::{Upload, Withheld};
use crate::error::{Error, Result};
use crate::sources::explain;
use crate::sources::stores::without_secrets;
use local::LocalStage;

/// Where the writers of one COPY write.
pub(super) struct Stage {
    runtime: Arc<RuntimeEnv>,
    /// `copy://n/path`.
    url: Url,
    /// How errors call the target.
    place: String,
    store: Withheld,
    kind: Kind,
}

enum Kind {
    Local(LocalStage),
    Bucket {
        store: Arc<dyn object_store::ObjectStore>,
        single: bool,
    },
}

impl Stage {
    /// Opens a stage for the target and sweeps what killed processes left beside it.
    pub(super) fn open(runtime: &Arc<RuntimeEnv>, target: Target) -> DataFusionResult<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let (place, path, store, kind) = match target {
            Target::File(file) => on_disk(&file, LocalStage::for_file(&file)?)?,
            Target::Directory(path) => on_disk(&path, LocalStage::for_directory(&path)?)?,
            Target::Bucket { url, single } => {
                let store =
                    runtime.object_store(ObjectStoreUrl::parse(&url[..Position::BeforePath])?)?;
                let place = without_secrets(url.as_str());
                let withheld = Withheld::new(Arc::clone(&store), &place, false);
                (
                    place,
                    url.path().to_owned(),
                    withheld,
                    Kind::Bucket { store, single },
                )
            }
        };
        let url = parsed(&format!("copy://{number}{path}"))?;
        runtime.register_object_store(&url, Arc::new(store.clone()));
        Ok(Self {
            runtime: Arc::clone(runtime),
            url,
            place,
            store,
            kind,
        })
    }

    /// The address that the writers are given instead of the target's.
    pub(super) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Makes everything that was written visible.
    pub(super) async fn publish(self) -> Result<()> {
        let (uploads, refusal) = self.store.close();
        if let Some(refusal) = refusal {
            bucket::abort(uploads).await;
            return Err(refusal);
        }
        if !uploads.iter().all(Upload::is_finished) {
            bucket::abort(uploads).await;
            return Err(Error::Internal(format!(
                "{}: a writer stopped half-way",
                self.place
            )));
        }
        match &self.kind {
            Kind::Local(stage) => local::publish(stage).await,
            Kind::Bucket { store, single } => {
                bucket::publish(&self.place, store.as_ref(), uploads, *single).await
            }
        }
    }

    /// Removes what was written; returns the store's own refusal when that was the cause.
    pub(super) async fn discard(self) -> Option<Error> {
        let (uploads, refusal) = self.store.close();
        bucket::abort(uploads).await;
        refusal
    }
}

/// A statement that was cancelled has no time to wait: its uploads are aborted behind its back.
impl Drop for Stage {
    fn drop(&mut self) {
        // It was registered by us; that it is gone already would be as good.
        let _ = self.runtime.deregister_object_store(&self.url);
        let (uploads, _) = self.store.close();
        if let (false, Ok(handle)) = (uploads.is_empty(), tokio::runtime::Handle::try_current()) {
            handle.spawn(bucket::abort(uploads));
        }
    }
}

fn on_disk(target: &FilePath, stage: LocalStage) -> Result<(String, String, Withheld, Kind)> {
    let place = target.display().to_string();
    let store = disk(&place, stage.output())?;
    // The staged name of a single file only says that it is one.
    let path = if stage.is_single() { "/file.part" } else { "/" };
    Ok((place, path.to_owned(), store, Kind::Local(stage)))
}

fn disk(place: &str, directory: &FilePath) -> Result<Withheld> {
    let store =
        LocalFileSystem::new_with_prefix(directory).map_err(|error| explain(place, &error))?;
    Ok(Withheld::new(Arc::new(store), place, true))
}

fn parsed(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| Error::place(without_secrets(text), error.to_string()))
}
