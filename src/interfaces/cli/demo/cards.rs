//! KPI cards, three in a row: the value, its interval, n, and the change against the period before.

use super::figures::{count, decimal, interval};
use super::rows::Rows;
use crate::error::Result;
use crate::interfaces::output::{Side, Style, cut, escape, pad, width};

/// Terminal columns inside a card.
const INSIDE: usize = 22;

/// Cards that 80 columns hold.
const IN_A_ROW: usize = 3;

/// One KPI.
#[derive(Debug, Clone)]
pub(super) struct Card {
    kpi: String,
    unit: String,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: Option<f64>,
    previous: Option<f64>,
    change: Option<f64>,
    /// The change may be chance.
    is_noise: bool,
}

/// The cards of `overview/kpi_cards`.
pub(super) fn read(rows: &Rows) -> Result<Vec<Card>> {
    let (kpis, units) = (rows.texts("kpi")?, rows.texts("unit")?);
    let (values, lows, highs) = (
        rows.numbers("value")?,
        rows.numbers("low")?,
        rows.numbers("high")?,
    );
    let (ns, previous, changes) = (
        rows.numbers("n")?,
        rows.numbers("previous")?,
        rows.numbers("change")?,
    );
    let noise = rows.numbers("noise")?;
    let card = |row: usize| Card {
        kpi: escape(&kpis[row]).into_owned(),
        unit: escape(&units[row]).into_owned(),
        value: values[row],
        low: lows[row],
        high: highs[row],
        n: ns[row],
        previous: previous[row],
        change: changes[row],
        is_noise: noise[row].is_some_and(|noise| noise > 0.0),
    };
    Ok((0..rows.count()).map(card).collect())
}

/// The cards as lines.
pub(super) fn draw(cards: &[Card], style: Style) -> String {
    let mut text = String::new();
    for row in cards.chunks(IN_A_ROW) {
        let drawn: Vec<[String; 6]> = row.iter().map(|card| lines(card, style)).collect();
        for line in 0..6 {
            let parts: Vec<&str> = drawn.iter().map(|card| card[line].as_str()).collect();
            text.push_str(&parts.join(" "));
            text.push('\n');
        }
    }
    text
}

fn lines(card: &Card, style: Style) -> [String; 6] {
    let title = cut(&card.kpi, INSIDE - 1);
    let rest = "─".repeat(INSIDE - 1 - width(&title));
    let edge = |text: &str| style.dim(text);
    let side = |text: String| format!("{} {text} {}", edge("│"), edge("│"));
    let filled = |text: &str| pad(&cut(text, INSIDE), INSIDE, Side::Left);
    let places = places(card);
    let value = format!("{} {}", decimal(card.value, places), card.unit);
    [
        format!(
            "{}{}{}",
            edge("╭─ "),
            style.bold(&title),
            edge(&format!(" {rest}╮"))
        ),
        side(style.bold(&filled(value.trim_end()))),
        side(filled(&interval(card.low, card.high, places))),
        side(filled(&format!("n {}", count(card.n)))),
        side(filled(&change(card))),
        edge(&format!("╰{}╯", "─".repeat(INSIDE + 2))),
    ]
}

/// One decimal, or two where one would hide the interval.
fn places(card: &Card) -> usize {
    match (card.low, card.high) {
        (Some(low), Some(high)) if high - low < 0.5 => 2,
        _ => 1,
    }
}

/// `▲ 1.2 from 22.2`, or `≈` for what may be chance; whether up is good depends on the KPI, so it
/// has no colour.
fn change(card: &Card) -> String {
    let Some(change) = card.change else {
        return "no earlier period".to_owned();
    };
    let places = places(card);
    let size = decimal(Some(change.abs()), places);
    let arrow = match change {
        _ if card.is_noise => "≈",
        _ if size.trim_matches(['0', '.']).is_empty() => "=",
        change if change > 0.0 => "▲",
        _ => "▼",
    };
    format!("{arrow} {size} from {}", decimal(card.previous, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(kpi: &str, change: Option<f64>) -> Card {
        Card {
            kpi: kpi.into(),
            unit: "%".into(),
            value: Some(23.44),
            low: Some(21.0),
            high: Some(25.8),
            n: Some(12345.0),
            previous: Some(22.2),
            change,
            is_noise: false,
        }
    }

    #[test]
    fn three_cards_fill_80_columns() {
        let cards = [
            card("NPS", Some(1.24)),
            card("Churn rate", Some(-1.0)),
            card("CES", None),
        ];
        let text = draw(&cards, Style::default());
        assert!(text.lines().all(|line| width(line) == 80), "{text}");
        let narrow = Card {
            low: Some(5.48),
            high: Some(5.53),
            ..card("CES", Some(0.004))
        };
        assert!(draw(&[narrow], Style::default()).contains("│ 5.48 … 5.53            │"));
        insta::assert_snapshot!(draw(&cards[..1], Style::default()), @r"
        ╭─ NPS ──────────────────╮
        │ 23.4 %                 │
        │ 21.0 … 25.8            │
        │ n 12,345               │
        │ ▲ 1.2 from 22.2        │
        ╰────────────────────────╯
        ");
    }
}
