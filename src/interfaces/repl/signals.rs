//! Ctrl-C stops what runs and not the shell; a request to end ends it, the terminal restored.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::interfaces::output::abandon;

/// How long the line editor may take to give the terminal back.
const PATIENCE: Duration = Duration::from_millis(700);
/// 128 and the number of SIGTERM.
const TERMINATED: i32 = 143;

/// Ctrl-C, counted: one that comes between two pieces of work stops the second.
#[derive(Debug, Clone)]
pub(super) struct Interrupts(watch::Receiver<u64>);

impl Interrupts {
    /// Forgets those until now.
    pub(super) fn forget(&mut self) {
        self.0.mark_unchanged();
    }

    /// Runs work until it is done or Ctrl-C is pressed.
    pub(super) async fn until<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut pressed = self.0.clone();
        tokio::select! {
            biased;
            Ok(()) = pressed.changed() => Err(Error::Cancelled),
            done = work => done,
        }
    }
}

/// Takes Ctrl-C from now on, so that none ends the process; gives what is set when the process is
/// asked to end.
pub(super) fn listen() -> std::io::Result<(Interrupts, Arc<AtomicBool>)> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let (press, pressed) = watch::channel(0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || runtime.block_on(end_when_asked(signals, &press, &asked)))?;
    Ok((Interrupts(pressed), stop))
}

async fn end_when_asked(mut signals: Signals, press: &watch::Sender<u64>, stop: &AtomicBool) {
    while signals.next().await == Asked::Stop {
        press.send_modify(|times| *times += 1);
    }
    stop.store(true, Ordering::Relaxed);
    tokio::time::sleep(PATIENCE).await;
    abandon();
    std::process::exit(TERMINATED);
}

/// What a signal asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// To stop what runs.
    Stop,
    /// To end.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    End,
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.terminate.recv() => Asked::End,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Asked {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Asked::Stop,
            Err(_) => std::future::pending().await,
        }
    }
}
