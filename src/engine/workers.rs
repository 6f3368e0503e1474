//! The threads that plan and run statements, apart from those of the caller.
//!
//! Their stacks are deep enough for any statement within the limits, a poll that takes long does
//! not hold up the caller, and a panic becomes an error.

use std::any::Any;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::panic::AssertUnwindSafe;
use std::sync::Once;
use std::time::Duration;

use futures::FutureExt;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::limits::{STACK_BYTES, timed_out};
use crate::error::{Error, Result};

/// What the names of the workers begin with.
const NAME: &str = "latido-worker";

/// The engine's own runtime; dropping it stops what still runs.
#[derive(Debug)]
pub(super) struct Workers(Option<Runtime>);

impl Workers {
    /// So many threads.
    pub(super) fn start(threads: usize) -> Result<Self> {
        quiet_panics();
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .max_blocking_threads(threads.max(8) * 4)
            .thread_name(NAME)
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|error| Error::Internal(format!("threads cannot be started ({error})")))?;
        Ok(Self(Some(runtime)))
    }

    /// Starts a task that ends when the result is dropped.
    pub(super) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Task<T> {
        let runtime = self.0.as_ref().expect("taken only by drop");
        Task(runtime.spawn(work))
    }

    /// Runs work to its end, within the time that is left.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        deadline: Deadline,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let guarded = AssertUnwindSafe(work).catch_unwind();
        let mut task = self.spawn(guarded);
        match deadline.limit(&mut task.0).await? {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(panicked(panic.as_ref(), "")),
            Err(_) => Err(Error::Cancelled),
        }
    }
}

/// Nobody waits for the workers to end but a thread that has nothing else to do.
///
/// `shutdown_background` would detach them, and `pthread_detach` of glibc 2.36 reads a thread once
/// more after it has let it go. Stacks of the usual size stay mapped for that moment; ours are too
/// large to be kept, and a worker that ended just then took the process down (seen once).
impl Drop for Workers {
    fn drop(&mut self) {
        let Some(runtime) = self.0.take().map(ManuallyDrop::new) else {
            return;
        };
        let end = move || drop(ManuallyDrop::into_inner(runtime));
        // Without a thread to be had the workers stay, idle, until the process ends.
        let _ = std::thread::Builder::new()
            .name("latido-shutdown".into())
            .spawn(end);
    }
}

/// A running task; dropping it stops the task at its next yield.
#[derive(Debug)]
pub(super) struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// When a statement must be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Option<(Instant, Duration)>);

impl Deadline {
    /// So much from now on; `None` is never.
    pub(super) fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|span| Some((Instant::now().checked_add(span)?, span))))
    }

    /// Waits for work no longer than the deadline. To be called within a tokio runtime.
    pub(super) async fn limit<T>(self, work: impl Future<Output = T>) -> Result<T> {
        match self.0 {
            None => Ok(work.await),
            Some((instant, span)) => tokio::time::timeout_at(instant, work)
                .await
                .map_err(|_| timed_out(span)),
        }
    }
}

/// The error of work that panicked; `place` says what it was reading, if anything.
pub(super) fn panicked(panic: &(dyn Any + Send), place: &str) -> Error {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given");
    let line = text.lines().next().unwrap_or(text);
    if place.is_empty() {
        return Error::Internal(line.to_owned());
    }
    Error::place(
        place,
        format!("the statement failed while reading this, which may be damaged ({line})"),
    )
}

/// A panic of a worker is told once, as the error of its statement, and not on stderr as well.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let name = std::thread::current().name().map(str::to_owned);
            if !name.is_some_and(|name| name.starts_with(NAME)) {
                usual(panic);
            }
        }));
    });
}
