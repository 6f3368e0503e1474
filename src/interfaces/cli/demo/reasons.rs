//! The main reasons for leaving as bars, and one bar for all others.

use super::figures::{count, decimal, interval};
use super::rows::Rows;
use crate::error::Result;
use crate::interfaces::output::chart::bar;
use crate::interfaces::output::{Side, Style, cut, escape, pad};

/// Terminal columns of the name and of the longest bar.
const NAME: usize = 22;
const BAR: usize = 20;

/// One reason; the one without a rank holds all others.
#[derive(Debug, Clone)]
pub(super) struct Reason {
    name: String,
    n: Option<f64>,
    share: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

/// The reasons of `churn/top_reasons`.
pub(super) fn read(rows: &Rows) -> Result<Vec<Reason>> {
    let (ranks, names) = (rows.numbers("rank")?, rows.texts("reason")?);
    let (ns, shares) = (rows.numbers("n")?, rows.numbers("share")?);
    let (lows, highs) = (rows.numbers("low")?, rows.numbers("high")?);
    let reason = |row: usize| Reason {
        name: ranks[row].map_or_else(|| "others".to_owned(), |_| escape(&names[row]).into_owned()),
        n: ns[row],
        share: shares[row],
        low: lows[row],
        high: highs[row],
    };
    Ok((0..rows.count()).map(reason).collect())
}

/// A line each; the bars are true to one another.
pub(super) fn draw(reasons: &[Reason], style: Style) -> String {
    let full = reasons
        .iter()
        .filter_map(|reason| reason.share)
        .fold(0.0, f64::max);
    let mut text = String::new();
    for reason in reasons {
        let bar = pad(
            &bar(reason.share.unwrap_or(0.0), full, BAR),
            BAR,
            Side::Left,
        );
        let range = format!("{} %", interval(reason.low, reason.high, 1));
        text.push_str(&format!(
            "  {} {} {} %  {}  n {}\n",
            pad(&cut(&reason.name, NAME), NAME, Side::Left),
            style.accent(&bar),
            pad(&decimal(reason.share, 1), 5, Side::Right),
            style.dim(&pad(&range, 13, Side::Left)),
            count(reason.n),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray, UInt64Array};
    use arrow::record_batch::RecordBatch;

    use super::*;
    use crate::interfaces::output::width;

    #[test]
    fn the_reason_without_a_rank_holds_all_others() {
        let shares = Arc::new(Float64Array::from(vec![50.0, 25.0, 25.0]));
        let batch = RecordBatch::try_from_iter_with_nullable([
            (
                "rank",
                Arc::new(UInt64Array::from(vec![Some(1), Some(2), None])) as _,
                true,
            ),
            (
                "reason",
                Arc::new(StringArray::from(vec![Some("Price"), Some("Moved"), None])) as _,
                true,
            ),
            (
                "n",
                Arc::new(UInt64Array::from(vec![2000, 1000, 1000])) as _,
                true,
            ),
            ("share", Arc::clone(&shares) as _, true),
            ("low", Arc::clone(&shares) as _, true),
            ("high", shares as _, true),
        ])
        .unwrap();
        let text = draw(&read(&Rows::made(batch)).unwrap(), Style::default());
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        let expected = "  Price                  ████████████████████  50.0 %  50.0 … 50.0 %  n 2,000\n  \
                        Moved                  ██████████            25.0 %  25.0 … 25.0 %  n 1,000\n  \
                        others                 ██████████            25.0 %  25.0 … 25.0 %  n 1,000\n";
        assert_eq!(text, expected);
    }
}
