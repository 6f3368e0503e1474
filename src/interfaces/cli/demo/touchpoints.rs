//! Touchpoints with n, NPS, CSAT and the gap between what was lived and what was expected.

use super::figures::{count, decimal, interval};
use super::rows::Rows;
use crate::error::Result;
use crate::interfaces::output::chart::around_zero;
use crate::interfaces::output::{Side, Style, cut, escape, pad};

/// Terminal columns on each side of the axis.
const HALF: usize = 8;

/// Terminal columns of name, n, NPS, CSAT, gap and interval.
const WIDTHS: [usize; 6] = [20, 7, 6, 6, 6, 15];

/// One touchpoint.
#[derive(Debug, Clone)]
pub(super) struct Touchpoint {
    name: String,
    n: Option<f64>,
    nps: Option<f64>,
    csat: Option<f64>,
    gap: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

/// The touchpoints of `touchpoints/expectation_gap`.
pub(super) fn read(rows: &Rows) -> Result<Vec<Touchpoint>> {
    let (names, ns) = (rows.texts("touchpoint")?, rows.numbers("n")?);
    let (nps, csat, gaps) = (
        rows.numbers("nps")?,
        rows.numbers("csat")?,
        rows.numbers("gap")?,
    );
    let (lows, highs) = (rows.numbers("low")?, rows.numbers("high")?);
    let touchpoint = |row: usize| Touchpoint {
        name: escape(&names[row]).into_owned(),
        n: ns[row],
        nps: nps[row],
        csat: csat[row],
        gap: gaps[row],
        low: lows[row],
        high: highs[row],
    };
    Ok((0..rows.count()).map(touchpoint).collect())
}

/// A line each, the bars around a common axis.
pub(super) fn draw(touchpoints: &[Touchpoint], style: Style) -> String {
    let sizes = touchpoints
        .iter()
        .filter_map(|touchpoint| touchpoint.gap)
        .map(f64::abs);
    let full = sizes.fold(0.0, f64::max);
    let titles = ["", "n", "NPS", "CSAT", "gap", "95 %"].map(str::to_owned);
    let mut text = format!("{}  worse ◂ ▸ better\n", cells(&titles));
    text = style.dim(&text);
    for touchpoint in touchpoints {
        let values = [
            touchpoint.name.clone(),
            count(touchpoint.n),
            decimal(touchpoint.nps, 1),
            decimal(touchpoint.csat, 1),
            decimal(touchpoint.gap, 2),
            interval(touchpoint.low, touchpoint.high, 2),
        ];
        let bar = around_zero(touchpoint.gap.unwrap_or(0.0), full, HALF);
        text.push_str(&format!("{}  {}\n", cells(&values), style.accent(&bar)));
    }
    text
}

fn cells(values: &[String; 6]) -> String {
    let mut line = String::from(" ");
    for (place, (value, columns)) in values.iter().zip(WIDTHS).enumerate() {
        let side = if place == 0 { Side::Left } else { Side::Right };
        line.push_str(&pad(&cut(value, columns), columns, side));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interfaces::output::width;

    #[test]
    fn bars_share_an_axis_within_80_columns() {
        let touchpoint = |name: &str, gap: f64| Touchpoint {
            name: name.into(),
            n: Some(1234.0),
            nps: Some(-12.34),
            csat: Some(71.0),
            gap: Some(gap),
            low: Some(gap - 0.1),
            high: Some(gap + 0.1),
        };
        let text = draw(
            &[touchpoint("Web", -0.5), touchpoint("Store", 0.25)],
            Style::default(),
        );
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let (web, store) = (lines[1], lines[2]);
        assert_eq!(
            web,
            " Web                   1,234 -12.3  71.0 -0.50  -0.60 … -0.40  ████████│"
        );
        assert_eq!(
            store,
            " Store                 1,234 -12.3  71.0  0.25    0.15 … 0.35          │████"
        );
    }
}
