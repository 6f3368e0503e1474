//! Logistic regression of a two-valued outcome by maximum likelihood.
//!
//! It is how churn is explained and predicted: which answers go with leaving, by how much, and
//! how likely is it for this customer. Rows enter by their counts, regressors standardised, so
//! neither millions of customers nor dates around 10⁹ matter. Newton's method on the logistic
//! likelihood is the iteratively reweighted least squares of Nelder & Wedderburn (1972), J. R.
//! Stat. Soc. A 135.

use super::design_matrix::DesignMatrix;
use super::logistic_likelihood::doubt;
use super::logistic_newton::{Climb, Maximum, climb};
use super::logistic_quality::{LogisticQuality, quality};
use super::logistic_terms::{LogisticTerm, terms};
use super::separation::Recession;
use super::summation::Sum;
use super::table::Table;

/// Why a logistic regression has no coefficients. Regressors are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogisticFailure {
    /// There is nothing to fit.
    #[error("there are no complete rows")]
    NoRows,
    /// The outcome has values other than 0 and 1.
    #[error("the outcome has values other than 0 and 1")]
    OutcomeNotBinary,
    /// All rows have the same outcome.
    #[error("the outcome never varies")]
    OneClass,
    /// No more rows than regressors.
    #[error("there are fewer rows than coefficients")]
    TooFewRows,
    /// A regressor has one value only.
    #[error("regressor {0} never varies")]
    Constant(usize),
    /// A regressor is a linear function of others.
    #[error("regressor {0} is determined by those before it")]
    Collinear(usize),
    /// Some combination of the regressors predicts every row beyond doubt.
    #[error("the regressors separate the outcome completely: coefficients would be infinite")]
    CompleteSeparation,
    /// Some combination predicts some rows beyond doubt, and says nothing about the others.
    #[error("the regressors separate some rows completely: coefficients would be infinite")]
    QuasiCompleteSeparation,
    /// Neither a maximum nor a separation could be shown.
    #[error("the fit did not converge")]
    NotConverged,
    /// Coefficients too large or too small for a double.
    #[error("the coefficients are outside the range of a double")]
    Overflow,
}

impl LogisticFailure {
    /// Whether it is that the data are separated.
    #[must_use]
    pub fn is_separation(self) -> bool {
        matches!(
            self,
            Self::CompleteSeparation | Self::QuasiCompleteSeparation
        )
    }
}

/// A logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// How many rows.
    pub n: u64,
    /// How many of them have the outcome.
    pub events: u64,
    /// How well it fits; none where there is no fit, nor a limit.
    pub quality: Option<LogisticQuality>,
    /// The intercept and then the regressors, or why there are none.
    pub terms: Result<Vec<LogisticTerm>, LogisticFailure>,
}

impl Logistic {
    /// Whether the likelihood has a maximum and it was found.
    #[must_use]
    pub fn converged(&self) -> bool {
        matches!(self.terms, Ok(_) | Err(LogisticFailure::Overflow))
    }

    /// Whether the data are separated.
    #[must_use]
    pub fn separated(&self) -> bool {
        matches!(self.terms, Err(failure) if failure.is_separation())
    }
}

/// Fits column 0 of the table, which is 0 or 1, on all other columns.
#[must_use]
pub fn logistic(table: &Table) -> Logistic {
    let columns: Vec<usize> = (1..table.width()).collect();
    let events = table
        .rows()
        .filter(|(row, _)| row[0].total_cmp(&1.0).is_eq());
    let (quality, terms) = match fit(table, &columns) {
        Ok(Fit::Maximum(design, maximum)) => {
            let quality = quality(table, &maximum.margins);
            (Some(quality), terms(&maximum, design.scales()))
        }
        Ok(Fit::Limit(margins, failure)) => {
            let quality = margins.map(|margins| quality(table, &margins));
            (quality, Err(failure))
        }
        Err(failure) => (None, Err(failure)),
    };
    Logistic {
        n: table.n(),
        events: events.map(|(_, count)| count).sum(),
        quality,
        terms,
    }
}

/// P(outcome = 1) for regressors `x`, from estimates with the intercept first; none where there is
/// not one regressor less than there are estimates, or a number is not finite.
#[must_use]
pub fn logistic_probability(estimates: &[f64], x: &[f64]) -> Option<f64> {
    let (intercept, slopes) = estimates.split_first()?;
    if slopes.len() != x.len() {
        return None;
    }
    // Far from 0 the intercept and the slopes cancel: no digit is lost to the sum.
    let mut predictor = Sum::default();
    predictor.add(*intercept);
    for (slope, x) in slopes.iter().zip(x) {
        predictor.add_product(*slope, *x);
    }
    Some(doubt(-predictor.value())).filter(|p| p.is_finite())
}

/// A fit with its rows.
pub(super) enum Fit {
    /// The maximum.
    Maximum(DesignMatrix, Maximum),
    /// The margins that separated data approach, some of them infinite, unless they did not
    /// converge; and how the data are separated.
    Limit(Option<Vec<f64>>, LogisticFailure),
}

/// Fits column 0 of the table on some others; margins are in the order of the table's rows.
pub(super) fn fit(table: &Table, columns: &[usize]) -> Result<Fit, LogisticFailure> {
    let design = DesignMatrix::of(table, columns)?;
    match climb(&design, design.counts(), vec![0.0; design.width()]) {
        Climb::Top(maximum) => Ok(Fit::Maximum(design, maximum)),
        Climb::Lost => Err(LogisticFailure::NotConverged),
        Climb::Endless(certain) => {
            let (margins, failure) = limit(table, columns, certain);
            Ok(Fit::Limit(margins, failure))
        }
    }
}

/// The margins where rows beyond doubt are infinitely far, and the others are as the model fits
/// them alone (Geyer 2009); those may be separated again.
fn limit(
    table: &Table,
    columns: &[usize],
    mut recession: Recession,
) -> (Option<Vec<f64>>, LogisticFailure) {
    let mut margins = vec![f64::INFINITY; table.len()];
    let mut left: Vec<usize> = (0..table.len()).collect();
    loop {
        let mut is_certain = recession.is_certain.iter();
        left.retain(|_| is_certain.next() == Some(&false));
        if left.is_empty() {
            return (Some(margins), LogisticFailure::CompleteSeparation);
        }
        let part = DesignMatrix::of_part(table, columns, &left);
        match climb(&part, part.counts(), vec![0.0; part.width()]) {
            Climb::Endless(more) => recession = more,
            Climb::Lost => return (None, LogisticFailure::QuasiCompleteSeparation),
            Climb::Top(maximum) => {
                let fitted = left.iter().zip(maximum.margins);
                fitted.for_each(|(row, margin)| margins[*row] = margin);
                return (Some(margins), LogisticFailure::QuasiCompleteSeparation);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_assume, proptest};

    use super::super::spector::spector;
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, digits: f64) {
        let is_close = (found - expected).abs() <= digits * expected.abs().max(1.0);
        assert!(is_close, "{found}, expected {expected}");
    }

    fn table<const W: usize>(rows: &[[f64; W]], counts: &[u64]) -> Table {
        Table::of(W, rows.iter().zip(counts.iter().copied()))
    }

    /// Greene (2003), Econometric Analysis, table 21.1; digits from statsmodels 0.15 `Logit`.
    #[test]
    fn greene_2003_spector() {
        let fit = logistic(&spector(&[1, 2, 3]));
        let expected = [
            [
                -13.021_346_858_115_697,
                4.931_324_213_602_727_5,
                0.008_277_461_435_487_809,
            ],
            [
                2.826_112_594_889_322,
                1.262_941_075_629_082_4,
                0.025_239_108_802_563_047,
            ],
            [
                0.095_157_661_317_909_5,
                0.141_554_205_673_694_48,
                0.501_434_238_081_920_8,
            ],
            [
                2.378_687_655_093_354_4,
                1.064_564_254_497_131_7,
                0.025_455_204_361_278_214,
            ],
        ];
        let terms = fit.terms.clone().unwrap();
        assert_eq!(terms.len(), 4);
        for (term, [estimate, se, p]) in terms.iter().zip(expected) {
            close(term.estimate, estimate, 1e-13);
            close(term.se, se, 1e-13);
            close(term.test.statistic, estimate / se, 1e-13);
            close(term.test.p, p, 1e-13);
            close(term.odds_ratio.unwrap(), estimate.exp(), 1e-12);
        }
        let quality = fit.quality.unwrap();
        close(quality.log_likelihood, -12.889_634_222_131_413, 1e-14);
        close(quality.null_log_likelihood, -20.591_729_696_617_293, 1e-14);
        close(quality.mcfadden, 0.374_038_295_372_105, 1e-13);
        close(quality.aic, 33.779_268_444_262_826, 1e-14);
        close(quality.bic, 39.642_212_055_461_734, 1e-14);
        close(quality.auc, 0.883_116_883_116_883_1, 1e-14);
        close(quality.brier, 0.129_505_338_119_450_3, 1e-13);
        assert_eq!((fit.n, fit.events), (32, 11));
        assert!(fit.converged() && !fit.separated());
    }

    /// Two groups fit exactly: the slope is the log of the odds ratio ad/bc and its variance
    /// 1/a + 1/b + 1/c + 1/d (Woolf 1955); also where one event stands against 10¹⁵.
    #[test]
    fn two_groups_have_a_closed_form() {
        const MANY: u64 = 1_000_000_000_000_000;
        for counts in [[8, 3, 5, 9], [MANY, 1, 1, MANY]] {
            let rows = [[0.0, 1e9], [0.0, 1e9 + 2.0], [1.0, 1e9], [1.0, 1e9 + 2.0]];
            let fit = logistic(&table(&rows, &counts));
            let slope = fit.terms.unwrap()[1];
            let [a, b, c, d] = counts.map(|count| count as f64);
            close(slope.estimate, (a / b * (d / c)).ln() / 2.0, 1e-13);
            close(
                slope.se,
                (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt() / 2.0,
                1e-12,
            );
            let won = d * a + 0.5 * (a * c + b * d);
            close(fit.quality.unwrap().auc, won / ((a + b) * (c + d)), 1e-14);
        }
    }

    #[test]
    fn without_regressors_it_is_the_share() {
        let fit = logistic(&table(&[[0.0], [1.0]], &[30, 10]));
        let terms = fit.terms.unwrap();
        close(terms[0].estimate, (1.0_f64 / 3.0).ln(), 1e-14);
        close(terms[0].se, (1.0_f64 / 30.0 + 0.1).sqrt(), 1e-14);
        let quality = fit.quality.unwrap();
        close(quality.log_likelihood, quality.null_log_likelihood, 1e-15);
        close(quality.auc, 0.5, 1e-15);
        close(quality.brier, 0.25 * 0.75, 1e-14);
    }

    /// Of scores 1 to 5 only 3 leaves doubt: the limit is the likelihood of its share.
    #[test]
    fn the_limit_of_separated_scores() {
        let rows = [
            [1.0, 1.0],
            [1.0, 2.0],
            [1.0, 3.0],
            [0.0, 3.0],
            [0.0, 4.0],
            [0.0, 5.0],
        ];
        let fit = logistic(&table(&rows, &[922, 518, 429, 2236, 1789, 1149]));
        assert_eq!(fit.terms, Err(LogisticFailure::QuasiCompleteSeparation));
        assert!(fit.separated() && !fit.converged());
        let quality = fit.quality.unwrap();
        let (left, stayed, n) = (429.0_f64, 2236.0_f64, 2665.0);
        let limit = left * (left / n).ln() + stayed * (stayed / n).ln();
        close(quality.log_likelihood, limit, 1e-14);
        close(quality.brier, left * stayed / n / 7043.0, 1e-14);
        // Of the pairs only those within 3 tie.
        close(
            quality.auc,
            1.0 - 0.5 * left * stayed / (1869.0 * 5174.0),
            1e-14,
        );
        let all = logistic(&table(&[[0.0, 1.0], [1.0, 2.0]], &[3, 4]));
        assert_eq!(all.terms, Err(LogisticFailure::CompleteSeparation));
        let quality = all.quality.unwrap();
        assert_eq!(
            (quality.mcfadden, quality.auc, quality.brier),
            (1.0, 1.0, 0.0)
        );
        close(quality.aic, 4.0, 1e-15);
    }

    /// Two regressors whose effects are the same but for rounding: (1, 2) ties with (2, 1).
    #[test]
    fn ties_are_those_of_the_model() {
        let rows = [
            [0.0, 1.0, 1.0],
            [0.0, 1.0, 2.0],
            [0.0, 2.0, 1.0],
            [1.0, 1.0, 2.0],
            [1.0, 2.0, 1.0],
            [1.0, 3.0, 3.0],
            [0.0, 3.0, 3.0],
        ];
        let fit = logistic(&table(&rows, &[7, 3, 3, 2, 2, 6, 1]));
        // Cases by sum 2, 3, 6: 0, 4, 6; controls: 7, 6, 1.
        let won = 4.0 * (7.0 + 3.0) + 6.0 * (13.0 + 0.5);
        close(fit.quality.unwrap().auc, won / (10.0 * 14.0), 1e-15);
    }

    #[test]
    fn why_there_is_no_fit() {
        let of = |rows: &[[f64; 2]]| logistic(&table(rows, &vec![2; rows.len()]));
        let constant = of(&[[0.0, 3.0], [1.0, 3.0]]);
        assert_eq!(constant.terms, Err(LogisticFailure::Constant(1)));
        assert_eq!((constant.n, constant.events), (4, 2));
        assert!(!constant.converged() && !constant.separated());
        let one = of(&[[1.0, 3.0], [1.0, 4.0]]);
        assert_eq!(
            (one.terms, one.quality),
            (Err(LogisticFailure::OneClass), None)
        );
        let tiny = of(&[
            [0.0, 0.0],
            [0.0, 1e-310],
            [1.0, 0.0],
            [1.0, 1e-310],
            [1.0, 2e-310],
        ]);
        assert_eq!(tiny.terms, Err(LogisticFailure::Overflow));
        assert!(tiny.converged() && tiny.quality.is_some());
        let text = LogisticFailure::Constant(2).to_string();
        assert_eq!(text, "regressor 2 never varies");
    }

    #[test]
    fn probabilities() {
        let odds = [-1.0, 0.5];
        close(logistic_probability(&odds, &[2.0]).unwrap(), 0.5, 1e-15);
        let third = logistic_probability(&[0.5_f64.ln(), 1.0], &[0.0]).unwrap();
        close(third, 1.0 / 3.0, 1e-15);
        // The intercept of a regressor around 10⁹ is as large as the regressor.
        close(
            logistic_probability(&[-1e9, 1.0], &[1e9]).unwrap(),
            0.5,
            1e-15,
        );
        assert_eq!(logistic_probability(&odds, &[1e300]), Some(1.0));
        assert_eq!(logistic_probability(&odds, &[]), None);
        assert_eq!(logistic_probability(&[], &[]), None);
        assert_eq!(logistic_probability(&odds, &[f64::NAN]), None);
        assert_eq!(
            logistic_probability(&[f64::MAX, f64::MAX], &[f64::MAX]),
            None
        );
    }

    fn rows() -> impl Strategy<Value = Vec<([f64; 3], u64)>> {
        let value = || (0_i32..5).prop_map(f64::from);
        let row = (0_i32..2, value(), value(), 1_u64..9);
        let row = row.prop_map(|(y, a, b, n)| ([f64::from(y), a, b], n));
        proptest::collection::vec(row, 4..30)
    }

    proptest! {
        /// The likelihood equations: residuals sum to 0, alone and with each regressor.
        #[test]
        fn residuals_are_free_of_the_regressors(rows in rows()) {
            let table = Table::of(3, rows);
            let Ok(terms) = logistic(&table).terms else { return Ok(()) };
            let estimates: Vec<f64> = terms.iter().map(|term| term.estimate).collect();
            let mut sums = [0.0; 3];
            for (row, count) in table.rows() {
                let residual = row[0] - logistic_probability(&estimates, &row[1..]).unwrap();
                let of = [1.0, row[1], row[2]];
                sums.iter_mut().zip(of).for_each(|(sum, x)| *sum += count as f64 * residual * x);
            }
            prop_assert!(sums.iter().all(|sum| sum.abs() < 1e-9), "{sums:?}");
        }

        #[test]
        fn units_offsets_and_the_names_of_the_classes_do_not_matter(rows in rows()) {
            let fit = logistic(&Table::of(3, rows.clone()));
            let other = rows.iter().map(|([y, a, b], n)| ([1.0 - y, 1e9 - 4.0 * a, 1e-3 * b], *n));
            let other = logistic(&Table::of(3, other));
            // A likelihood too flat for a double is told from a separated one by rounding, which units
            // change; both say that there are no coefficients.
            let is_flat = |fit: &Logistic| fit.terms.as_ref().err() == Some(&LogisticFailure::NotConverged);
            prop_assume!(!is_flat(&fit) && !is_flat(&other));
            prop_assert_eq!(fit.terms.as_ref().err(), other.terms.as_ref().err());
            prop_assert_eq!(fit.quality.is_some(), other.quality.is_some());
            if let (Some(one), Some(two)) = (fit.quality, other.quality) {
                prop_assert!((one.log_likelihood - two.log_likelihood).abs() < 1e-9);
                prop_assert!((one.auc - two.auc).abs() < 1e-12 && (one.brier - two.brier).abs() < 1e-9);
                prop_assert!((0.0..=1.0).contains(&one.mcfadden));
            }
            if let (Ok(one), Ok(two)) = (fit.terms, other.terms) {
                for (place, unit) in [(1, 4.0), (2, -1e-3)] {
                    prop_assert!((one[place].estimate - two[place].estimate * unit).abs() < 1e-8);
                    prop_assert!((one[place].test.p - two[place].test.p).abs() < 1e-8);
                }
            }
        }
    }
}
