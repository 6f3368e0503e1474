//! Long results through `$PAGER`, or `less` where none is named.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

/// What a shell says of a command that is not there.
const NOT_FOUND: i32 = 127;

/// Shows a text and waits until it was read; false when there is no pager.
pub(super) fn show(text: &str) -> bool {
    let Some(mut child) = start() else {
        return false;
    };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager early has seen enough.
        let _ = input.write_all(text.as_bytes());
    }
    child
        .wait()
        .is_ok_and(|status| status.code() != Some(NOT_FOUND))
}

fn start() -> Option<Child> {
    let named = std::env::var("PAGER").ok();
    let mut command = match named.as_deref().map(str::trim) {
        None => {
            let mut less = Command::new("less");
            less.arg("-SRFX");
            less
        }
        Some("") => return None,
        Some(named) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", named]);
            shell
        }
    };
    command.stdin(Stdio::piped()).spawn().ok()
}
