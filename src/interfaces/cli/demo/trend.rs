//! NPS by month as a line of heights with its first, last, lowest and highest month named.

use super::figures::decimal;
use super::rows::Rows;
use crate::error::Result;
use crate::interfaces::output::Style;
use crate::interfaces::output::chart::sparkline;

/// Months that fit in a line; the latest are kept.
const MONTHS: usize = 76;

/// A month (`2024-05`) and its NPS.
pub(super) type Month = (String, Option<f64>);

/// The months of `nps/by_month`.
pub(super) fn read(rows: &Rows) -> Result<Vec<Month>> {
    let months = rows
        .texts("month")?
        .into_iter()
        .map(|month| month.chars().take(7).collect());
    Ok(months.zip(rows.numbers("nps")?).collect())
}

/// The line and, under it, what stands at its ends and its extremes.
pub(super) fn draw(months: &[Month], style: Style) -> String {
    let months = &months[months.len().saturating_sub(MONTHS)..];
    let values: Vec<Option<f64>> = months.iter().map(|(_, value)| *value).collect();
    let known = || {
        months
            .iter()
            .filter_map(|(month, value)| Some((month, (*value)?)))
    };
    let (Some(first), Some(last)) = (known().next(), known().next_back()) else {
        return "  no answers\n".to_owned();
    };
    let by_value = |a: &(&String, f64), b: &(&String, f64)| a.1.total_cmp(&b.1);
    let low = known().min_by(by_value).unwrap_or(first);
    let high = known().max_by(by_value).unwrap_or(last);
    let label = |name: &str, (month, value): (&String, f64)| {
        format!(
            "{name} {} {}",
            decimal(Some(value), 1),
            style.dim(&format!("({month})"))
        )
    };
    format!(
        "  {}\n  {}  {}\n  {}  {}\n",
        style.accent(&sparkline(&values)),
        label("first", first),
        label("last", last),
        label("lowest", low),
        label("highest", high),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_extremes_are_named() {
        let values = [Some(10.0), Some(-5.0), None, Some(40.0), Some(20.0)];
        let months = values
            .iter()
            .enumerate()
            .map(|(n, v)| (format!("2024-0{}", n + 1), *v));
        let months: Vec<Month> = months.collect();
        let expected = "  ▃▁ █▅\n  first 10.0 (2024-01)  last 20.0 (2024-05)\n  \
                        lowest -5.0 (2024-02)  highest 40.0 (2024-04)\n";
        assert_eq!(draw(&months, Style::default()), expected);
    }

    #[test]
    fn nothing_known_is_said() {
        assert_eq!(draw(&[], Style::default()), "  no answers\n");
    }
}
