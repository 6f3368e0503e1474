//! The reading of one file under watch, step by step: each error gets the file's name, each panic
//! becomes an error.
//!
//! DataFusion reads a file in three steps — a planner, pieces that the planner finds, a stream of
//! each piece — so each of them is wrapped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::error::{DataFusionError, Result};
use datafusion_datasource::morsel::{
    Morsel, MorselPlan, MorselPlanner, Morselizer, PendingMorselPlanner,
};
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use object_store::ObjectStore;
use object_store::path::Path;

use crate::error::Error;
use crate::sources::culprit::Fault;
use crate::sources::failure;
use crate::sources::guard::Watch;

/// Begins files; each keeps its name from here on.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) inner: Box<dyn Morselizer>,
    pub(super) watch: Watch,
    pub(super) store: Arc<dyn ObjectStore>,
}

impl Morselizer for Files {
    fn plan_file(&self, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let location = file.object_meta.location.clone();
        let name = self.watch.names.get(&location).cloned();
        let file_under_watch = Arc::new(Watched {
            name: name.unwrap_or_else(|| location.to_string()),
            location,
            fault: Arc::clone(&self.watch.fault),
            store: Arc::clone(&self.store),
        });
        let inner = file_under_watch.calmly(|| self.inner.plan_file(file))?;
        Ok(Box::new(Planner {
            inner,
            file: file_under_watch,
        }))
    }
}

/// One file being read.
#[derive(Debug)]
struct Watched {
    name: String,
    location: Path,
    fault: Arc<Fault>,
    store: Arc<dyn ObjectStore>,
}

impl Watched {
    /// Runs a step of the reader; a panic becomes an error.
    fn calmly<T>(&self, step: impl FnOnce() -> Result<T>) -> Result<T> {
        match catch_unwind(AssertUnwindSafe(step)) {
            Ok(Err(error)) if failure::is_of_file(&error) => {
                Err(failure::at(&self.name, error).into())
            }
            Ok(result) => result,
            Err(panic) => Err(self.gave_up(&*panic)),
        }
    }

    fn gave_up(&self, panic: &(dyn std::any::Any + Send)) -> DataFusionError {
        Error::place(&self.name, failure::panicked(panic)).into()
    }

    /// An error of the file with its name, and with its line where one can be found.
    async fn explained(&self, error: DataFusionError) -> DataFusionError {
        if !failure::is_of_file(&error) {
            return error;
        }
        let found = self.fault.find(&self.store, &self.location, &error).await;
        match found {
            Some(reason) => Error::place(&self.name, reason).into(),
            None => failure::at(&self.name, error).into(),
        }
    }
}

#[derive(Debug)]
struct Planner {
    inner: Box<dyn MorselPlanner>,
    file: Arc<Watched>,
}

impl MorselPlanner for Planner {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        let Self { inner, file } = *self;
        let Some(mut plan) = file.calmly(|| inner.plan())? else {
            return Ok(None);
        };
        let morsels = plan.take_morsels().into_iter().map(|inner| {
            Box::new(Piece {
                inner,
                file: Arc::clone(&file),
            }) as Box<dyn Morsel>
        });
        let morsels = morsels.collect();
        let planners = plan.take_ready_planners().into_iter().map(|inner| {
            Box::new(Self {
                inner,
                file: Arc::clone(&file),
            }) as Box<dyn MorselPlanner>
        });
        let planners = planners.collect();
        let watched = MorselPlan::new()
            .with_morsels(morsels)
            .with_planners(planners);
        Ok(Some(match plan.take_pending_planner() {
            Some(pending) => watched.with_pending_planner(later(pending, file)),
            None => watched,
        }))
    }
}

async fn later(
    pending: PendingMorselPlanner,
    file: Arc<Watched>,
) -> Result<Box<dyn MorselPlanner>> {
    match AssertUnwindSafe(pending).catch_unwind().await {
        Ok(Ok(inner)) => Ok(Box::new(Planner { inner, file })),
        Ok(Err(error)) => Err(file.explained(error).await),
        Err(panic) => Err(file.gave_up(&*panic)),
    }
}

#[derive(Debug)]
struct Piece {
    inner: Box<dyn Morsel>,
    file: Arc<Watched>,
}

impl Morsel for Piece {
    fn into_stream(self: Box<Self>) -> BoxStream<'static, Result<RecordBatch>> {
        let Self { inner, file } = *self;
        match file.calmly(|| Ok(inner.into_stream())) {
            Err(error) => futures::stream::once(async { Err(error) }).boxed(),
            Ok(stream) => AssertUnwindSafe(stream)
                .catch_unwind()
                .then(move |item| {
                    let file = Arc::clone(&file);
                    async move {
                        match item {
                            Ok(Ok(batch)) => Ok(batch),
                            Ok(Err(error)) => Err(file.explained(error).await),
                            Err(panic) => Err(file.gave_up(&*panic)),
                        }
                    }
                })
                .boxed(),
        }
    }
}
