//! Ctrl-C stops what runs and not the shell; a request to end ends it, the terminal restored.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::interfaces::output::abandon;

/// How long the line editor may take to give the terminal back.
const PATIENCE: Duration = Duration::from_millis(700);
/// 128 and the number of SIGTERM.
const TERMINATED: i32 = 143;

/// Runs work until it is done or Ctrl-C is pressed.
pub(super) async fn until_interrupt<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => Err(Error::Cancelled),
        done = work => done,
    }
}

/// Takes Ctrl-C from now on, so that one between two statements ends nothing; gives what is set
/// when the process is asked to end.
pub(super) fn listen() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || runtime.block_on(end_when_asked(signals, &asked)))?;
    Ok(stop)
}

async fn end_when_asked(mut signals: Signals, stop: &AtomicBool) {
    signals.next().await;
    stop.store(true, Ordering::Relaxed);
    tokio::time::sleep(PATIENCE).await;
    abandon();
    std::process::exit(TERMINATED);
}

#[cfg(unix)]
struct Signals {
    _interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            _interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        self.terminate.recv().await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
