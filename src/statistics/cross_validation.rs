//! How well a logistic model predicts rows that it has not seen: ten-fold cross-validated log-loss
//! (Stone 1974, J. R. Stat. Soc. B 36).
//!
//! A fit flatters itself on its own rows; KPIs are compared on others. Folds must be the same on
//! every machine and in every order of rows, so there is no drawing of lots: the rows that are
//! identical are dealt evenly over the folds, one fold after the other, and where the dealing
//! begins is a fixed function of their values. Never does a whole cell of identical rows go into
//! one fold: it would be predicted as if nobody had ever answered like that.

use super::design_matrix::DesignMatrix;
use super::logistic::{Fit, LogisticFailure, fit};
use super::logistic_likelihood::loss;
use super::logistic_newton::{Climb, climb};
use super::summation::Sum;
use super::table::Table;

/// How many folds.
const FOLDS: u64 = 10;

/// Why there is no cross-validated log-loss. A fold without a fit has no honest prediction: that of
/// separated rows would be a loss of 0 or of infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CrossValidationFailure {
    /// Not even all rows have a fit.
    #[error(transparent)]
    NoFit(LogisticFailure),
    /// All rows with the outcome, or all without, are in one fold.
    #[error("without one of the ten folds the outcome never varies")]
    OneClass,
    /// What sets a regressor apart is in one fold.
    #[error("without one of the ten folds a regressor never varies or is determined by others")]
    Collinear,
    /// What keeps the outcome from being separated is in one fold.
    #[error("without one of the ten folds the regressors separate the outcome completely")]
    Separated,
    /// Neither a maximum nor a separation could be shown.
    #[error("without one of the ten folds the fit did not converge")]
    NotConverged,
}

/// The mean of −ln P(what happened), in nats, where P for the rows of each fold comes from the
/// logistic regression of column 0 on the other columns over the nine other folds.
///
/// # Errors
/// Where all rows, or nine folds, have no fit.
pub fn cross_validated_log_loss(table: &Table) -> Result<f64, CrossValidationFailure> {
    let columns: Vec<usize> = (1..table.width()).collect();
    let whole = fit(table, &columns).map_err(CrossValidationFailure::NoFit)?;
    match whole {
        Fit::Maximum(design, maximum) => held_out_loss(table, &design, &maximum.coefficients),
        Fit::Limit(_, failure) => Err(CrossValidationFailure::NoFit(failure)),
    }
}

/// The same, where the model of all rows is known: each fold's is not far from it.
pub(super) fn held_out_loss(
    table: &Table,
    design: &DesignMatrix,
    coefficients: &[f64],
) -> Result<f64, CrossValidationFailure> {
    let mut losses = Sum::default();
    for fold in 0..FOLDS {
        let held_out: Vec<u64> = table
            .rows()
            .map(|(row, count)| share(row, count, fold))
            .collect();
        if held_out.iter().all(|count| *count == 0) {
            continue;
        }
        let counts = table.rows().zip(&held_out);
        let seen: Vec<f64> = counts.map(|((_, all), out)| (all - out) as f64).collect();
        let margins = predicted(design, &seen, coefficients)?;
        for (count, margin) in held_out.iter().zip(&margins) {
            losses.add_product(*count as f64, loss(*margin));
        }
    }
    Ok(losses.value() / table.n() as f64)
}

/// The margins of all rows, as the model of some of them has it.
fn predicted(
    design: &DesignMatrix,
    seen: &[f64],
    start: &[f64],
) -> Result<Vec<f64>, CrossValidationFailure> {
    let has = |sign: f64| {
        let mut rows = design.rows().zip(seen);
        rows.any(|(row, count)| *count > 0.0 && row[0] * sign > 0.0)
    };
    if !has(1.0) || !has(-1.0) {
        return Err(CrossValidationFailure::OneClass);
    }
    if design.independent(seen).len() + 1 < design.width() {
        return Err(CrossValidationFailure::Collinear);
    }
    match climb(design, seen, start.to_vec()) {
        Climb::Top(maximum) => Ok(maximum.margins),
        Climb::Endless(_) => Err(CrossValidationFailure::Separated),
        Climb::Lost => Err(CrossValidationFailure::NotConverged),
    }
}

/// How many of `count` identical rows a fold gets: a tenth of them, and one more where it is among
/// those that the remainder is dealt to.
fn share(row: &[f64], count: u64, fold: u64) -> u64 {
    let turn = (fold + FOLDS - hash(row) % FOLDS) % FOLDS;
    count / FOLDS + u64::from(turn < count % FOLDS)
}

/// The bits of each value in turn, mixed by the finaliser of SplitMix64 (Steele, Lea & Flood 2014,
/// OOPSLA): h ← mix(h xor bits), from h = 0. It must never change, or the folds do.
fn hash(row: &[f64]) -> u64 {
    row.iter()
        .fold(0, |hash, value| mix(hash ^ value.to_bits()))
}

fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::super::spector::spector;
    use super::*;
    use CrossValidationFailure as Why;

    fn table<const W: usize>(rows: &[([f64; W], u64)]) -> Table {
        Table::of(W, rows.iter().copied())
    }

    #[track_caller]
    fn close(found: Result<f64, Why>, expected: f64) {
        let is_close = found.is_ok_and(|found| (found - expected).abs() < 1e-12);
        assert!(is_close, "{found:?}, expected {expected}");
    }

    /// The same folds in Python, each fitted by statsmodels 0.15 `GLM(Binomial, freq_weights)`.
    #[test]
    fn statsmodels_on_the_same_folds() {
        let of = |columns: &[usize]| cross_validated_log_loss(&spector(columns));
        close(of(&[1]), 0.620_439_706_040_635_6);
        close(of(&[2]), 0.677_267_663_204_544_3);
        close(of(&[3]), 0.590_083_852_262_843_5);
        close(of(&[1, 3]), 0.713_649_080_830_601_7);
        let scores = table(&[
            ([0.0, 0.0], 37),
            ([0.0, 1.0], 24),
            ([0.0, 2.0], 9),
            ([1.0, 0.0], 5),
            ([1.0, 1.0], 18),
            ([1.0, 2.0], 41),
        ]);
        close(cross_validated_log_loss(&scores), 0.507_836_132_856_92);
    }

    /// In cells of tens every fold is a tenth of the table: the loss is that of all rows.
    #[test]
    fn even_cells_are_predicted_as_they_are() {
        let scores = table(&[
            ([0.0, 0.0], 300),
            ([0.0, 1.0], 100),
            ([1.0, 0.0], 200),
            ([1.0, 1.0], 400),
        ]);
        let of = |p: f64| -(p * p.ln() + (1.0 - p) * (1.0 - p).ln());
        close(
            cross_validated_log_loss(&scores),
            0.5 * of(0.4) + 0.5 * of(0.2),
        );
    }

    #[test]
    fn every_row_is_in_one_fold_and_cells_are_dealt_evenly() {
        let rows = [[0.0, 3.0], [1.0, 3.0], [0.0, 1e9], [1.0, -2.5]];
        let mut begins = [false; 10];
        for row in &rows {
            for count in [1, 9, 10, 11, 57] {
                let shares: Vec<u64> = (0..FOLDS).map(|fold| share(row, count, fold)).collect();
                assert_eq!(shares.iter().sum::<u64>(), count);
                assert!(shares.iter().all(|share| share.abs_diff(count / 10) <= 1));
                // The remainder lies side by side, from where a remainder of one lies.
                let first = (0..FOLDS).find(|fold| share(row, 1, *fold) == 1).unwrap();
                begins[first as usize] = true;
                for turn in 0..FOLDS {
                    let more = u64::from(turn < count % 10);
                    assert_eq!(shares[((first + turn) % 10) as usize], count / 10 + more);
                }
            }
        }
        assert!(begins.iter().filter(|begin| **begin).count() > 1);
    }

    /// SplitMix64 with seed 0 begins with this number in every implementation.
    #[test]
    fn the_hash_is_that_of_the_publication() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(hash(&[]), 0);
        assert_ne!(hash(&[1.0, 2.0]), hash(&[2.0, 1.0]));
    }

    #[test]
    fn folds_that_cannot_be_fitted_say_why() {
        let of = |rows: &[([f64; 2], u64)]| cross_validated_log_loss(&table(rows)).err();
        let separated = Why::NoFit(LogisticFailure::CompleteSeparation);
        assert_eq!(of(&[([0.0, 1.0], 9), ([1.0, 2.0], 9)]), Some(separated));
        assert_eq!(of(&[]), Some(Why::NoFit(LogisticFailure::NoRows)));
        let one = [
            ([0.0, 1.0], 30),
            ([0.0, 2.0], 20),
            ([0.0, 3.0], 30),
            ([1.0, 2.0], 1),
        ];
        assert_eq!(of(&one), Some(Why::OneClass));
        let other = one.map(|([y, x], n)| ([1.0 - y, x], n));
        assert_eq!(of(&other), Some(Why::OneClass));
        let rare = [
            ([0.0, 1.0], 30),
            ([1.0, 1.0], 20),
            ([0.0, 3.0], 1),
            ([1.0, 3.0], 1),
        ];
        let folds = [[0.0, 3.0], [1.0, 3.0]].map(|row| hash(&row) % FOLDS);
        // Each alone in its fold, the other alone with 3: quasi-complete separation.
        assert_ne!(folds[0], folds[1]);
        assert_eq!(of(&rare), Some(Why::Separated));
        let lone = [([0.0, 1.0], 30), ([1.0, 1.0], 20), ([0.0, 3.0], 1)];
        let lone = table(&lone);
        let design = DesignMatrix::of(&lone, &[1]).unwrap();
        let without = predicted(&design, &[30.0, 0.0, 20.0], &[0.0, 0.0]);
        assert_eq!(without.err(), Some(Why::Collinear));
        assert_eq!(
            separated.to_string(),
            LogisticFailure::CompleteSeparation.to_string()
        );
    }
}
