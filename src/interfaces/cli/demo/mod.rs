//! `latido demo`: the executive overview of the sample data in 80 terminal columns.
//!
//! Every number comes from a file of `queries/`; here they are only laid out.

mod cards;
mod chart;
mod figures;
mod files;
mod reasons;
mod rows;
mod touchpoints;
mod trend;

use std::io::Write as _;

use self::rows::Rows;
use super::telling::Telling;
use crate::engine::{Engine, Options};
use crate::error::Result;
use crate::interfaces::output::Style;

/// What to try next: each works after the one before.
const NEXT: [&str; 3] = [
    "latido queries",
    "latido sample --rows 1000000 --out data",
    "latido --table responses=data/responses.parquet run nps/by_month",
];

/// Prints the overview.
pub(super) async fn show(options: Options, telling: &Telling) -> Result<()> {
    let files = files::unpack()?;
    let engine = Engine::open(Options {
        tables: files.tables(),
        ..options
    })
    .await?;
    let text = overview(&engine, telling.style).await?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

async fn overview(engine: &Engine, style: Style) -> Result<String> {
    let cards = Rows::of(engine, "overview/kpi_cards").await?;
    let months = Rows::of(engine, "nps/by_month").await?;
    let touchpoints = Rows::of(engine, "touchpoints/expectation_gap").await?;
    let reasons = Rows::of(engine, "churn/top_reasons").await?;
    let sections = [
        heading("latido demo", "sample data of an invented company", style),
        cards::draw(&cards::read(&cards)?, style),
        heading("NPS by month", "", style),
        trend::draw(&trend::read(&months)?, style),
        heading(
            "Touchpoints",
            "expectation gap: what was lived − what was expected",
            style,
        ),
        touchpoints::draw(&touchpoints::read(&touchpoints)?, style),
        heading(
            "Why customers leave",
            "share of those who left, 95 % interval",
            style,
        ),
        reasons::draw(&reasons::read(&reasons)?, style),
        heading("Try next", "", style),
        NEXT.map(|command| format!("  {command}\n")).concat(),
    ];
    Ok(sections.concat())
}

fn heading(title: &str, remark: &str, style: Style) -> String {
    let gap = if remark.is_empty() { "" } else { "  " };
    format!("\n{}{gap}{}\n", style.bold(title), style.dim(remark))
}
