//! Programs of the person: the editor with a statement, and commands of the system.

use std::io::Write as _;
use std::process::Command;

use crate::error::{Error, Result};

/// The text as it was left in `$VISUAL`, `$EDITOR` or `vi`.
///
/// # Errors
/// [`Error::Place`] for an editor that cannot be started or ends with an error.
pub(super) fn edit(text: &str) -> Result<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.trim().is_empty())
    });
    let editor = named.unwrap_or_else(|| "vi".to_owned());
    let mut file = tempfile::Builder::new()
        .prefix("latido-")
        .suffix(".sql")
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    // The name may carry arguments (`code --wait`), so a shell reads it.
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(file.path())
        .status()?;
    if !status.success() {
        return Err(Error::place(
            editor,
            "the editor ended with an error; nothing was run ($VISUAL and $EDITOR name another)",
        ));
    }
    Ok(std::fs::read_to_string(file.path())?)
}

/// Runs a command of the system on this terminal.
///
/// # Errors
/// [`Error::Place`] for one that ends with an error.
pub(super) fn system(line: &str) -> Result<()> {
    let status = Command::new("sh").args(["-c", line]).status()?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::place(line, status.to_string())),
    }
}
