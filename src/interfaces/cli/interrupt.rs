//! Ctrl-C and the request to end: the work is dropped, and a second later the process is gone.
//!
//! The watch has its own thread, since a join that does not yield may hold every worker.

use std::io::Write as _;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::interfaces::output::abandon;

/// How long the work may take to notice; a second signal ends it at once.
const PATIENCE: Duration = Duration::from_millis(700);

/// What stopped the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, `timeout`.
    Terminate,
}

impl Signal {
    /// 128 and the signal's number, as shells expect.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Resolves with the first signal.
pub(super) fn watch() -> std::io::Result<impl Future<Output = Signal>> {
    let (tell, told) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // Listened for from here on: before the work begins, not when the thread gets its turn.
    let signals = {
        let _inside = runtime.enter();
        Signals::listen()
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || runtime.block_on(end_on_signal(signals, tell)))?;
    Ok(async {
        match told.await {
            Ok(signal) => signal,
            // No signals can be watched here: none will come.
            Err(_) => std::future::pending().await,
        }
    })
}

async fn end_on_signal(signals: std::io::Result<Signals>, tell: oneshot::Sender<Signal>) {
    let Ok(mut signals) = signals else {
        return;
    };
    let Some(signal) = signals.next().await else {
        return;
    };
    // The other side may be gone already; then the process is ending anyway.
    let _ = tell.send(signal);
    tokio::select! {
        () = tokio::time::sleep(PATIENCE) => {}
        _ = signals.next() => {}
    }
    abandon();
    // Said here, since the work never came back to say it.
    let _ = writeln!(std::io::stderr(), "error: cancelled");
    std::process::exit(i32::from(signal.exit_code()));
}

/// The signals that end the process.
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

    async fn next(&mut self) -> Option<Signal> {
        tokio::select! {
            received = self.interrupt.recv() => received.map(|()| Signal::Interrupt),
            received = self.terminate.recv() => received.map(|()| Signal::Terminate),
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

    async fn next(&mut self) -> Option<Signal> {
        tokio::signal::ctrl_c()
            .await
            .ok()
            .map(|()| Signal::Interrupt)
    }
}
