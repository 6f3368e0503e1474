//! `latido init`: a first latido.yaml from the files that are there, or from the metrics of a dbt
//! project.
//!
//! Here are looking, asking and writing; what the answers mean is guessed in `project`.

mod dbt;
mod places;
mod probe;

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::telling::Telling;
use crate::engine::{Engine, Options};
use crate::error::{Error, Result};
use crate::project::{Draft, FILE_NAME, Found, Project, guess};

/// What `latido init` is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// A directory, file, glob or URL; this directory without it.
    pub(super) place: Option<String>,
    /// The dbt project whose metrics are taken.
    pub(super) dbt: Option<PathBuf>,
}

/// Writes a first latido.yaml and tells what is in it.
pub(super) async fn write(request: &Request, options: Options, telling: &Telling) -> Result<()> {
    let place = request.place.as_deref().unwrap_or(".");
    let directory = places::directory(place);
    let path = match directory == Path::new(".") {
        true => PathBuf::from(FILE_NAME),
        false => directory.join(FILE_NAME),
    };
    refuse_existing(&path)?;
    let name = places::name_of(&directory);
    let draft = match &request.dbt {
        Some(dbt) => dbt::draft(dbt, &name, &directory, telling)?,
        None => found(place, &name, &Engine::open(options).await?, telling).await?,
    };
    let text = draft.to_yaml();
    check(&text, &directory, &path).await?;
    place_file(&directory, &path, &text)?;
    tell(&draft, &directory, &path, telling);
    Ok(())
}

/// What the files of a place probably are.
async fn found(place: &str, name: &str, engine: &Engine, telling: &Telling) -> Result<Draft> {
    let candidates = places::candidates(place)?;
    let mut found: Vec<Found> = Vec::new();
    let mut refused: Vec<Error> = Vec::new();
    for candidate in &candidates {
        match probe::look(engine, candidate).await {
            Ok(table) => found.push(table),
            Err(error @ (Error::Limit(_) | Error::Cancelled | Error::Internal(_))) => {
                return Err(error);
            }
            Err(error) => refused.push(error),
        }
    }
    if found.is_empty() {
        return Err(nothing(place, refused));
    }
    for reason in refused {
        telling.remark(&format!("left out: {reason}"));
    }
    let draft = guess(name, &found);
    for (table, found) in draft.tables.iter().zip(&found) {
        let columns = found.columns.len();
        let note = table.note.as_deref().unwrap_or_default();
        telling.remark(&format!(
            "{}: {}, {columns} column{}, {note}",
            table.name,
            table.from,
            if columns == 1 { "" } else { "s" }
        ));
    }
    Ok(draft)
}

fn nothing(place: &str, mut refused: Vec<Error>) -> Error {
    let reason = match refused.len() {
        0 => "holds no files that can be read as tables".to_owned(),
        1 => return refused.swap_remove(0),
        _ => {
            let reasons: Vec<String> = refused.iter().map(Error::to_string).collect();
            format!(
                "nothing in it can be read as a table ({})",
                reasons.join("; ")
            )
        }
    };
    let remedy = "latido reads Parquet, CSV, TSV, NDJSON and Arrow; write latido init DIR_OR_URL";
    Error::place(place, format!("{reason}; {remedy}"))
}

/// A project file is work of people and never overwritten.
fn refuse_existing(path: &Path) -> Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(existing(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::place(path.display().to_string(), error.to_string())),
    }
}

fn existing(path: &Path) -> Error {
    let reason = "is there already and stays as it is; to begin anew, move it away first";
    Error::place(path.display().to_string(), reason)
}

/// What is written must be read again.
async fn check(text: &str, directory: &Path, path: &Path) -> Result<()> {
    let file = path.display().to_string();
    let look_up = |name: &str| std::env::var(name).ok();
    let broken = |error: Error| Error::Internal(format!("init wrote what it cannot read: {error}"));
    let project = Project::read(text, directory, &file, &look_up).map_err(broken)?;
    let options = Options {
        project: Some(project),
        ..Options::default()
    };
    Engine::open(options).await.map(|_| ()).map_err(broken)
}

/// Puts the file in its place, whole, unless another was quicker.
fn place_file(directory: &Path, path: &Path, text: &str) -> Result<()> {
    let place =
        |error: &std::io::Error| Error::place(path.display().to_string(), error.to_string());
    let mut file = tempfile::Builder::new()
        .prefix(".latido-")
        .permissions(permissions())
        .tempfile_in(directory)
        .map_err(|error| place(&error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| place(&error))?;
    file.persist_noclobber(path)
        .map(|_| ())
        .map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => existing(path),
            _ => place(&error.error),
        })
}

/// Those of any new file, rather than those of a secret one.
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o666)
}

fn tell(draft: &Draft, directory: &Path, path: &Path, telling: &Telling) {
    let count = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let ready: Vec<_> = draft
        .metrics
        .iter()
        .filter(|metric| metric.time.is_some())
        .collect();
    telling.remark(&format!(
        "{}: {}, {}, {}",
        path.display(),
        count(draft.tables.len(), "table"),
        count(ready.len(), "metric"),
        count(draft.dimensions.len(), "dimension"),
    ));
    let waiting = draft.metrics.len() - ready.len();
    if waiting > 0 {
        let what = count(waiting, "metric");
        telling.remark(&format!(
            "{what} more, commented out until a column says when"
        ));
    }
    let project = match directory == Path::new(".") {
        true => String::new(),
        false => format!(" --project {}", directory.display()),
    };
    let query = match ready.first() {
        Some(metric) => format!("metric_{} ORDER BY period DESC LIMIT 12", metric.name),
        None => {
            let first = draft.tables.first();
            first.map_or_else(String::new, |table| format!("{} LIMIT 12", table.name))
        }
    };
    telling.remark("read it and correct the guesses; then");
    telling.remark(&format!("  latido{project} tables"));
    telling.remark(&format!("  latido{project} -c \"SELECT * FROM {query}\""));
    if !draft.objectives.is_empty() {
        telling.remark(&format!("  latido{project} validate"));
    }
}
