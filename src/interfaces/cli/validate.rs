//! `latido validate`: per objective the KPIs ranked, the pairs compared, and the verdict in a sentence.

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;

use super::outlet::Outlet;
use super::telling::Telling;
use crate::engine::{Alternatives, Answer, Engine, Validation};
use crate::error::{Error, Result};
use crate::project::{Objective, Project};

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// The objective; all without it.
    pub(super) objective: Option<&'a str>,
    /// Whether other constructions are tried too.
    pub(super) alternatives: bool,
}

/// Tells what the data say of an objective, or of all.
pub(super) async fn tell(engine: &Engine, wanted: &Wanted<'_>, telling: Telling) -> Result<()> {
    let (project, objectives) = objectives(engine, wanted.objective, "validate")?;
    let is_page = is_page(&telling);
    let mut outlet = Outlet::open(telling)?;
    let mut rows = Vec::new();
    for objective in objectives {
        let mut found = engine.validate(project, objective).await?;
        let alternatives = match wanted.alternatives {
            true => Some(engine.alternatives(project, objective).await?),
            false => None,
        };
        if let (false, Some(alternatives)) = (is_page, &alternatives) {
            found.add(alternatives)?;
        }
        match is_page {
            true => page(&mut outlet, found, alternatives).await?,
            false => rows.push(found.row),
        }
    }
    if !is_page {
        deliver(&mut outlet, &rows).await?;
    }
    outlet.finish()
}

async fn page(
    outlet: &mut Outlet,
    found: Validation,
    alternatives: Option<Alternatives>,
) -> Result<()> {
    outlet.heading(&format!("{}: {}", found.objective, found.outcome))?;
    outlet.deliver(async { Ok(Answer::of(found.kpis)) }).await?;
    if let Some(pairs) = found.pairs {
        outlet.deliver(async { Ok(Answer::of(pairs)) }).await?;
    }
    outlet.paragraph(&found.account)?;
    outlet.paragraph(&[found.verdict])?;
    if let Some(Alternatives { seen, verdict, .. }) = alternatives {
        if seen.num_rows() > 0 {
            outlet.deliver(async { Ok(Answer::of(seen)) }).await?;
        }
        outlet.paragraph(&[verdict])?;
    }
    Ok(())
}

/// The project with the objective of a name, or with all.
pub(super) fn objectives<'a>(
    engine: &'a Engine,
    name: Option<&str>,
    command: &str,
) -> Result<(&'a Project, Vec<&'a Objective>)> {
    let project = engine.project().ok_or_else(|| {
        Error::Usage(format!(
            "there is no latido.yaml here; `latido {command}` asks for its objectives — `latido init` \
             writes a first one, --project DIR names another place"
        ))
    })?;
    let objectives = project.objectives.iter();
    let chosen: Vec<&Objective> = match name {
        None => objectives.collect(),
        Some(name) => vec![Objective::find(&project.objectives, name)?],
    };
    if chosen.is_empty() {
        return Err(Error::Usage(format!(
            "{}: there are no objectives; `latido {command}` needs one such as\n  objectives:\n    - \
             {{name: Keep customers, kind: behaviour, outcome: customers.churned, metrics: [nps]}}",
            project.file
        )));
    }
    Ok((project, chosen))
}

/// Whether people read it: a page rather than rows.
pub(super) fn is_page(telling: &Telling) -> bool {
    telling.format.is_none_or(|format| format.is_page())
}

/// Rows of the same columns as one answer.
pub(super) async fn deliver(outlet: &mut Outlet, rows: &[RecordBatch]) -> Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let rows = concat_batches(&first.schema(), rows);
    let rows = rows.map_err(|error| Error::Internal(error.to_string()))?;
    outlet.deliver(async { Ok(Answer::of(rows)) }).await
}
