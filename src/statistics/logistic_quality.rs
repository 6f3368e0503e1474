//! How well a logistic model fits its own rows.

use super::discrimination::{Auc, Level};
use super::logistic_likelihood::{doubt, loss};
use super::summation::Sum;
use super::table::Table;

/// Predictors this close are the same; rounding tells them apart, the model does not.
const TIE: f64 = 1e-11;

/// How well a logistic model fits its own rows. For separated data these are the limits that the
/// likelihood approaches (Geyer 2009, Electronic J. Stat. 3): all of them exist and are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticQuality {
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// The log-likelihood of the intercept alone.
    pub null_log_likelihood: f64,
    /// 1 − log-likelihood / null log-likelihood, 0 to 1 (McFadden 1974).
    pub mcfadden: f64,
    /// −2 log-likelihood + 2 · coefficients (Akaike 1974).
    pub aic: f64,
    /// −2 log-likelihood + ln n · coefficients (Schwarz 1978).
    pub bic: f64,
    /// The area under the ROC curve of the fitted probabilities, ties half; in sample.
    pub auc: f64,
    /// The mean squared error of the fitted probabilities (Brier 1950); in sample.
    pub brier: f64,
}

/// Of the margins that a model of all columns gives to the rows of a table.
pub(super) fn quality(table: &Table, margins: &[f64]) -> LogisticQuality {
    let (mut cases, mut controls) = (0.0, 0.0);
    let (mut losses, mut squares) = (Sum::default(), Sum::default());
    for ((row, count), margin) in table.rows().zip(margins) {
        let count = count as f64;
        *(if row[0] > 0.5 {
            &mut cases
        } else {
            &mut controls
        }) += count;
        losses.add_product(count, loss(*margin));
        squares.add_product(count, doubt(*margin).powi(2));
    }
    let n: f64 = cases + controls;
    let log_likelihood = -losses.value();
    let null_log_likelihood =
        cases * ln_share(cases, controls) + controls * ln_share(controls, cases);
    let coefficients = table.width() as f64;
    LogisticQuality {
        log_likelihood,
        null_log_likelihood,
        mcfadden: (1.0 - log_likelihood / null_log_likelihood).clamp(0.0, 1.0),
        aic: 2.0 * (coefficients - log_likelihood),
        bic: coefficients * n.ln() - 2.0 * log_likelihood,
        auc: area(table, margins),
        brier: squares.value() / n,
    }
}

/// ln(a / (a + b)), exact also where a is nearly all.
fn ln_share(a: f64, b: f64) -> f64 {
    if a < b {
        (a / (a + b)).ln()
    } else {
        (-b / (a + b)).ln_1p()
    }
}

/// The area under the curve of the predictors, which are the margins with their signs.
fn area(table: &Table, margins: &[f64]) -> f64 {
    let rows = table.rows().zip(margins).map(|((row, count), margin)| {
        let (is_case, none) = (row[0] > 0.5, 0);
        let (cases, controls) = if is_case {
            (count, none)
        } else {
            (none, count)
        };
        let predictor = if is_case { *margin } else { -margin };
        (predictor, Level { cases, controls })
    });
    let mut rows: Vec<(f64, Level)> = rows.collect();
    rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut levels: Vec<Level> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for (predictor, row) in rows {
        let is_near = predictor - last <= TIE * (1.0 + predictor.abs());
        let is_same = predictor <= last || (predictor.is_finite() && is_near);
        match levels.last_mut() {
            Some(level) if is_same => {
                level.cases += row.cases;
                level.controls += row.controls;
            }
            _ => levels.push(row),
        }
        last = predictor;
    }
    // A fit has rows of both kinds.
    Auc::of(&levels).map_or(0.5, |auc| auc.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_next_to_none_and_all_have_a_logarithm() {
        assert!((ln_share(1e17, 1.0) / -1e-17 - 1.0).abs() < 1e-15);
        assert!((ln_share(1.0, 1e17) / 1e-17_f64.ln() - 1.0).abs() < 1e-15);
    }

    /// The case has a margin above the control's by so little.
    #[test]
    fn predictors_that_only_rounding_tells_apart_tie() {
        let table = Table::of(1, [([0.0], 1), ([1.0], 1)]);
        for (predictor, apart, expected) in [
            (0.0, 5e-12, 0.5),
            (0.0, 5e-11, 1.0),
            (1000.0, 5e-9, 0.5),
            (1000.0, 5e-8, 1.0),
        ] {
            let found = area(&table, &[-predictor, predictor + apart]);
            assert!((found - expected).abs() < 1e-15, "{predictor} {apart}");
        }
    }
}
