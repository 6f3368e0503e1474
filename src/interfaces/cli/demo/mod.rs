//! `latido demo`: the executive overview of the sample data in 80 terminal columns.
//!
//! Every number comes from a file of `queries/`; here they are only laid out.

mod cards;
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
    page([&cards, &months, &touchpoints, &reasons], style)
}

/// The four answers one under the other, and what to try next.
fn page([cards, months, touchpoints, reasons]: [&Rows; 4], style: Style) -> Result<String> {
    let sections = [
        heading(
            "latido demo",
            "an invented company: twelve months, against the twelve before",
            style,
        ),
        cards::draw(&cards::read(cards)?, style),
        heading("NPS by month", "", style),
        trend::draw(&trend::read(months)?, style),
        heading(
            "Touchpoints",
            "expectation gap: what was lived − what was expected",
            style,
        ),
        touchpoints::draw(&touchpoints::read(touchpoints)?, style),
        heading(
            "Why customers leave",
            "share of those who left, 95 % interval",
            style,
        ),
        reasons::draw(&reasons::read(reasons)?, style),
        heading("Try next", "", style),
        NEXT.map(|command| format!("  {command}\n")).concat(),
    ];
    Ok(sections.concat())
}

fn heading(title: &str, remark: &str, style: Style) -> String {
    let gap = if remark.is_empty() { "" } else { "  " };
    format!("\n{}{gap}{}\n", style.bold(title), style.dim(remark))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};
    use arrow::record_batch::RecordBatch;

    use super::*;
    use crate::interfaces::output::width;

    fn floats(values: &[f64]) -> ArrayRef {
        Arc::new(Float64Array::from(values.to_vec()))
    }

    fn texts(values: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn rows<const N: usize>(columns: [(&str, ArrayRef); N]) -> Rows {
        Rows::made(RecordBatch::try_from_iter(columns).unwrap())
    }

    fn made() -> [Rows; 4] {
        let four = || floats(&[31.4, 72.6, 5.1, 18.9]);
        let cards = rows([
            ("kpi", texts(&["NPS", "CSAT", "CES", "Churn rate"])),
            ("unit", texts(&["points", "%", "of 7", "%"])),
            ("value", four()),
            ("low", four()),
            ("high", four()),
            ("n", floats(&[10_200.0; 4])),
            ("previous", four()),
            ("change", floats(&[1.2, -0.4, 0.0, 2.0])),
            ("noise", floats(&[0.0, 1.0, 1.0, 0.0])),
        ]);
        let nps = |month: i32| f64::from(month % 12) * 1.5 + f64::from(month) / 4.0;
        let months = rows([
            (
                "month",
                Arc::new(Date32Array::from_iter_values(
                    (0..60).map(|m| 18_262 + m * 30),
                )) as _,
            ),
            ("nps", floats(&(0..60).map(nps).collect::<Vec<_>>())),
        ]);
        let gaps = || floats(&[-0.62, 0.21]);
        let touchpoints = rows([
            ("touchpoint", texts(&["Support by telephone", "Store"])),
            ("n", Arc::new(Int64Array::from(vec![2345, 999])) as _),
            ("nps", floats(&[-12.3, 40.0])),
            ("csat", floats(&[61.5, 88.0])),
            ("gap", gaps()),
            ("low", gaps()),
            ("high", gaps()),
        ]);
        let shares = || floats(&[41.5, 30.0, 28.5]);
        let reasons = rows([
            (
                "rank",
                Arc::new(Int64Array::from(vec![Some(1), Some(2), None])) as _,
            ),
            (
                "reason",
                Arc::new(StringArray::from(vec![Some("Price"), Some("Moved"), None])) as _,
            ),
            ("n", floats(&[830.0, 600.0, 570.0])),
            ("share", shares()),
            ("low", shares()),
            ("high", shares()),
        ]);
        [cards, months, touchpoints, reasons]
    }

    #[test]
    fn the_page_fits_80_columns_and_ends_with_three_commands() {
        let answers = made();
        let text = page(answers.each_ref(), Style::default()).unwrap();
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        assert!(
            text.ends_with(&NEXT.map(|command| format!("  {command}\n")).concat()),
            "{text}"
        );
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let answers = made();
        let colored = page(answers.each_ref(), Style { color: true }).unwrap();
        let plain = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[36m"]
            .iter()
            .fold(colored.clone(), |text, code| text.replace(code, ""));
        assert_ne!(colored, plain);
        assert_eq!(plain, page(answers.each_ref(), Style::default()).unwrap());
    }

    #[test]
    fn a_column_that_is_missing_is_named() {
        let [cards, months, touchpoints, _] = made();
        let wrong = [&cards, &months, &touchpoints, &cards];
        let error = page(wrong, Style::default()).unwrap_err().to_string();
        assert!(error.contains("no column rank"), "{error}");
    }
}
