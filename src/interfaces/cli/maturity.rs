//! `latido maturity`: the ladder of each objective, rung by rung, with evidence and what comes next.

use super::outlet::Outlet;
use super::telling::Telling;
use super::validate::{deliver, is_page, objectives};
use crate::engine::{Engine, Maturity};
use crate::error::Result;
use crate::interfaces::output::{Screen, wrap};
use crate::project::Language;

/// How far a page goes where the terminal does not say.
const WIDTH: usize = 100;
/// Before what is written under a rung.
const MARGIN: &str = "      ";

/// Tells how far an objective has come, or all.
pub(super) async fn tell(engine: &Engine, objective: Option<&str>, telling: Telling) -> Result<()> {
    let (project, objectives) = objectives(engine, objective, "maturity")?;
    let (is_page, screen) = (is_page(&telling), telling.screen());
    let mut outlet = Outlet::open(telling)?;
    let mut rows = Vec::new();
    for objective in objectives {
        let found = engine.maturity(project, objective).await?;
        if is_page {
            page(&mut outlet, &found, project.language, screen)?;
        } else {
            rows.push(found.rows()?);
        }
    }
    if !is_page {
        deliver(&mut outlet, &rows).await?;
    }
    outlet.finish()
}

fn page(outlet: &mut Outlet, found: &Maturity, language: Language, screen: Screen) -> Result<()> {
    let Maturity {
        objective,
        rung,
        rungs,
    } = found;
    let of = rungs.len();
    let (heading, next) = match language {
        Language::English => (format!("{objective}: rung {rung} of {of}"), "needs"),
        Language::Spanish => (format!("{objective}: peldaño {rung} de {of}"), "falta"),
    };
    outlet.heading(&heading)?;
    let width = screen.width.unwrap_or(WIDTH).max(40) - MARGIN.len();
    let mut lines = Vec::new();
    for (number, rung) in (1..).zip(rungs) {
        let mark = if rung.is_reached { "✓" } else { "–" };
        lines.push(format!("  {mark} {number} {}", rung.name));
        let mut texts = vec![rung.evidence.clone()];
        if !rung.needs.is_empty() {
            texts.push(format!("{next}: {}", rung.needs));
        }
        for text in texts {
            lines.extend(
                wrap(&text, width)
                    .into_iter()
                    .map(|line| format!("{MARGIN}{line}")),
            );
        }
    }
    outlet.lines(&lines)
}
