//! Does a KPI explain an outcome? One row of evidence for each KPI: correlations, discrimination,
//! fit, prediction of rows not seen, and lift; and the order of several KPIs.
//!
//! No single figure is the answer. A KPI that ranks well may fit badly, one that fits well may
//! flatter itself; a league table of correlations without intervals crowns noise (Keiningham et
//! al. 2008, J. Database Marketing 15). What the data do not allow is none, with a note.

use super::adjust::{Adjustment, adjust};
use super::correlation::{Correlation, pearson};
use super::cross_validation::{CrossValidationFailure, held_out_loss};
use super::discrimination::{Auc, Level};
use super::lift::top_decile_lift;
use super::logistic::{Fit, LogisticFailure, fit};
use super::logistic_quality::quality;
use super::outcome::{Direction, is_two_valued, levels, varies};
use super::ranks::{kendall, spearman};
use super::table::Table;

/// Correlations and areas that differ by less do so by rounding.
const ROUNDING: f64 = 1e-12;

/// What could not be computed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValidationNote {
    /// There is nothing to compute from.
    #[error("there are no complete rows")]
    NoRows,
    /// All rows have the same outcome.
    #[error("the outcome never varies")]
    ConstantOutcome,
    /// All rows have the same KPI.
    #[error("the KPI never varies")]
    ConstantKpi,
    /// Fisher's z needs four rows.
    #[error("fewer than four rows: pearson has no interval")]
    FewRows,
    /// Fisher's z of ±1 is infinite.
    #[error("the KPI and the outcome determine each other: pearson has no interval")]
    PerfectCorrelation,
    /// The classification statistics are for two classes.
    #[error("the outcome is not 0 or 1: no auc, mcfadden, cv_log_loss, top_decile_lift")]
    NumericOutcome,
    /// DeLong's variance needs two rows in each class.
    #[error("fewer than two rows with the outcome, or without: auc has no interval")]
    FewInClass,
    /// The logistic model of the KPI has no finite maximum.
    #[error("the KPI separates the outcome: mcfadden is the limit, cv_log_loss has none")]
    Separated,
    /// The logistic model of the KPI does not exist for another reason.
    #[error("no mcfadden, cv_log_loss: {0}")]
    NoFit(LogisticFailure),
    /// It does for all rows, but not for nine folds.
    #[error("no cv_log_loss: {0}")]
    NoCrossValidation(CrossValidationFailure),
}

/// What a KPI has to do with an outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KpiValidation {
    /// How many rows.
    pub n: u64,
    /// The sign of Pearson's correlation; none where it is 0.
    pub direction: Option<Direction>,
    /// Pearson's correlation, with its p and its interval.
    pub pearson: Option<Correlation>,
    /// Spearman's rho.
    pub spearman: Option<f64>,
    /// Kendall's tau-b.
    pub kendall: Option<f64>,
    /// The area under the ROC curve of the KPI as it is: below ½ where it goes against the outcome.
    pub auc: Option<Auc>,
    /// McFadden's R² of the logistic model of the KPI; the limit where the KPI separates.
    pub mcfadden: Option<f64>,
    /// Its cross-validated log-loss, in nats.
    pub cv_log_loss: Option<f64>,
    /// The lift of the tenth of rows at most risk, by the direction of the KPI.
    pub top_decile_lift: Option<f64>,
    /// What is none, and why.
    pub notes: Vec<ValidationNote>,
    /// Whether the outcome is 0 or 1 throughout, so that the area says how strong the KPI is.
    is_two_valued: bool,
}

/// Validates the KPI in column 1 against the outcome in column 0.
///
/// # Panics
/// Where the table has fewer than two columns.
#[must_use]
pub fn validate(table: &Table) -> KpiValidation {
    let mut of = KpiValidation {
        n: table.n(),
        is_two_valued: is_two_valued(table),
        ..KpiValidation::default()
    };
    let constant = [
        (table.is_empty(), ValidationNote::NoRows),
        (
            !table.is_empty() && !varies(table, 0),
            ValidationNote::ConstantOutcome,
        ),
        (
            !table.is_empty() && !varies(table, 1),
            ValidationNote::ConstantKpi,
        ),
    ];
    let constant = constant.iter().filter(|(is_so, _)| *is_so);
    of.notes.extend(constant.map(|(_, note)| *note));
    if !of.notes.is_empty() {
        return of;
    }
    of.correlate(table);
    if of.is_two_valued {
        of.classify(table);
    } else {
        of.notes.push(ValidationNote::NumericOutcome);
    }
    of
}

impl KpiValidation {
    fn correlate(&mut self, table: &Table) {
        self.pearson = pearson(table);
        self.spearman = spearman(table);
        self.kendall = kendall(table);
        let r = self.pearson.map_or(0.0, |pearson| pearson.r);
        self.direction = match r {
            r if r > ROUNDING => Some(Direction::Positive),
            r if r < -ROUNDING => Some(Direction::Negative),
            _ => None,
        };
        if self.n < 4 {
            self.notes.push(ValidationNote::FewRows);
        } else if r.abs() >= 1.0 {
            self.notes.push(ValidationNote::PerfectCorrelation);
        }
    }

    fn classify(&mut self, table: &Table) {
        self.auc = Auc::of(levels(table, 1, Direction::Positive));
        if self.auc.is_some_and(|auc| auc.variance.is_none()) {
            self.notes.push(ValidationNote::FewInClass);
        }
        self.top_decile_lift = top_decile_lift(&self.by_risk(table));
        match fit(table, &[1]) {
            Ok(Fit::Maximum(design, maximum)) => {
                self.mcfadden = Some(quality(table, &maximum.margins).mcfadden);
                match held_out_loss(table, &design, &maximum.coefficients) {
                    Ok(loss) => self.cv_log_loss = Some(loss),
                    Err(why) => self.notes.push(ValidationNote::NoCrossValidation(why)),
                }
            }
            Ok(Fit::Limit(margins, _)) => {
                self.mcfadden = margins.map(|margins| quality(table, &margins).mcfadden);
                self.notes.push(ValidationNote::Separated);
            }
            Err(why) => self.notes.push(ValidationNote::NoFit(why)),
        }
    }

    /// Who is how much at risk, the least first. The slope of the logistic model has the sign of
    /// Pearson's correlation; where that is 0, all are equally at risk.
    fn by_risk(&self, table: &Table) -> Vec<Level> {
        let levels = levels(table, 1, self.direction.unwrap_or(Direction::Positive));
        if self.direction.is_some() {
            return levels;
        }
        vec![Level {
            cases: levels.iter().map(|level| level.cases).sum(),
            controls: levels.iter().map(|level| level.controls).sum(),
        }]
    }

    /// How strong the KPI is in either direction: the distance of its area from ½, or |pearson|.
    fn power(&self, by_area: bool) -> Option<f64> {
        if by_area {
            self.auc.map(|auc| (auc.value - 0.5).abs())
        } else {
            self.pearson.map(|pearson| pearson.r.abs())
        }
    }
}

/// A KPI among others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiRank {
    /// The p of Pearson's correlation, adjusted for how many KPIs were tried (Benjamini & Hochberg
    /// 1995); those without a p do not count.
    pub p_adjusted: Option<f64>,
    /// The place by strength, the strongest first; equals share a place, and the next is as many
    /// places behind. None where the strength is unknown.
    pub rank: Option<usize>,
}

/// Ranks KPIs that were validated against the same outcome, in the order given.
#[must_use]
pub fn rank_kpis(validations: &[KpiValidation]) -> Vec<KpiRank> {
    let by_area = validations.iter().all(|of| of.is_two_valued);
    let powers: Vec<Option<f64>> = validations.iter().map(|of| of.power(by_area)).collect();
    let p: Vec<Option<f64>> = validations.iter().map(|of| of.pearson?.p()).collect();
    let rank = |power: f64| {
        let stronger = |other: &&f64| **other > power + ROUNDING;
        1 + powers.iter().flatten().filter(stronger).count()
    };
    let ranks = powers.iter().zip(adjust_known(&p));
    let ranks = ranks.map(|(power, p_adjusted)| KpiRank {
        p_adjusted,
        rank: power.map(rank),
    });
    ranks.collect()
}

/// Benjamini & Hochberg over those p-values that there are.
pub(super) fn adjust_known(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = p.iter().flatten().copied().collect();
    let mut adjusted = adjust(&known, Adjustment::BenjaminiHochberg).into_iter();
    p.iter().map(|p| p.and_then(|_| adjusted.next())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Confidence;
    use super::super::spector::spector;
    use super::*;

    #[track_caller]
    fn close(found: Option<f64>, expected: f64) {
        let is_close = found.is_some_and(|found| (found - expected).abs() < 1e-12);
        assert!(is_close, "{found:?}, expected {expected}");
    }

    fn table<const W: usize>(rows: &[([f64; W], u64)]) -> Table {
        Table::of(W, rows.iter().copied())
    }

    /// SciPy 1.17 and statsmodels 0.15 on the data of Spector & Mazzeo; DeLong's error from every
    /// pair of a case and a control; the folds' loss as in `cross_validation`.
    #[test]
    fn spector_and_the_grade_point_average() {
        let of = validate(&spector(&[1]));
        let pearson = of.pearson.unwrap();
        close(Some(pearson.r), 0.497_147_436_937_715_9);
        close(pearson.p(), 0.003_794_754_282_035_518_6);
        let interval = pearson.interval(Confidence::default()).unwrap();
        close(Some(interval.low), 0.179_584_929_911_414_56);
        close(Some(interval.high), 0.720_875_901_719_160_2);
        close(of.spearman, 0.484_702_389_704_280_76);
        close(of.kendall, 0.403_004_094_697_975_5);
        let auc = of.auc.unwrap();
        close(Some(auc.value), 0.794_372_294_372_294_4);
        close(auc.se(), 0.100_055_268_548_455_34);
        close(of.mcfadden, 0.212_844_022_890_403_5);
        close(of.cv_log_loss, 0.620_439_706_040_635_6);
        // The best 3.2 of 32 rows all had their grade raised, of all 11 did.
        close(of.top_decile_lift, 32.0 / 11.0);
        assert_eq!((of.n, of.direction), (32, Some(Direction::Positive)));
        assert!(of.notes.is_empty());
    }

    #[test]
    fn a_kpi_against_the_outcome_keeps_its_sign_but_not_its_lift() {
        let rows = spector(&[1]);
        let turned = Table::of(2, rows.rows().map(|(row, n)| ([row[0], -row[1]], n)));
        let (one, other) = (validate(&rows), validate(&turned));
        assert_eq!(other.direction, Some(Direction::Negative));
        close(
            other.pearson.map(|pearson| -pearson.r),
            0.497_147_436_937_715_9,
        );
        close(
            other.auc.map(|auc| 1.0 - auc.value),
            0.794_372_294_372_294_4,
        );
        close(other.top_decile_lift, 32.0 / 11.0);
        close(other.mcfadden, one.mcfadden.unwrap());
    }

    #[test]
    fn four_rows_are_enough_for_an_interval() {
        let rows = [([0.0, 1.0], 1), ([1.0, 3.0], 1), ([2.0, 2.0], 2)];
        let has_few = |table: &Table| validate(table).notes.contains(&ValidationNote::FewRows);
        assert!(has_few(&table(&rows[..2])) && !has_few(&table(&rows)));
    }

    /// TUCE as the outcome; SciPy 1.17.
    #[test]
    fn a_numeric_outcome_is_not_classified() {
        let of = validate(&spector(&[1, 2]).select(&[2, 1]));
        close(
            of.pearson.map(|pearson| pearson.r),
            0.386_986_264_715_974_47,
        );
        close(of.spearman, 0.400_315_951_767_209_4);
        close(of.kendall, 0.264_964_263_283_003_3);
        assert_eq!((of.auc, of.mcfadden, of.cv_log_loss), (None, None, None));
        assert_eq!(of.top_decile_lift, None);
        assert_eq!(of.notes, [ValidationNote::NumericOutcome]);
    }

    #[test]
    fn scores_that_separate_are_strong_and_say_so() {
        let of = validate(&table(&[
            ([1.0, 1.0], 922),
            ([1.0, 2.0], 518),
            ([1.0, 3.0], 429),
            ([0.0, 3.0], 2236),
            ([0.0, 4.0], 1789),
            ([0.0, 5.0], 1149),
        ]));
        close(of.mcfadden, 0.711_410_761_242_612_6);
        close(of.top_decile_lift, 7043.0 / 1869.0);
        assert_eq!(
            (of.cv_log_loss, of.direction),
            (None, Some(Direction::Negative))
        );
        assert_eq!(of.notes, [ValidationNote::Separated]);
    }

    #[test]
    fn a_kpi_that_says_nothing() {
        let cells = [[0.0, 1.0], [0.0, 2.0], [1.0, 1.0], [1.0, 2.0]];
        let of = validate(&Table::of(2, cells.iter().zip([30, 60, 10, 20])));
        assert_eq!(of.direction, None);
        close(of.top_decile_lift, 1.0);
        close(of.pearson.map(|pearson| pearson.r), 0.0);
        close(of.auc.map(|auc| auc.value), 0.5);
        assert!(of.notes.is_empty());
    }

    #[test]
    fn what_the_rows_do_not_allow_is_noted() {
        use ValidationNote as Note;
        let notes = |rows: &[([f64; 2], u64)]| validate(&table(rows)).notes;
        assert_eq!(notes(&[]), [Note::NoRows]);
        let nothing = validate(&table(&[([1.0, 7.0], 9)]));
        assert_eq!(nothing.notes, [Note::ConstantOutcome, Note::ConstantKpi]);
        assert_eq!((nothing.n, nothing.pearson, nothing.auc), (9, None, None));
        assert_eq!(
            notes(&[([0.0, 7.0], 5), ([1.0, 7.0], 5)]),
            [Note::ConstantKpi]
        );
        let perfect = notes(&[([0.0, 1.0], 5), ([1.0, 2.0], 5)]);
        assert_eq!(perfect, [Note::PerfectCorrelation, Note::Separated]);
        let few = notes(&[([0.0, 1.0], 1), ([1.0, 2.0], 2)]);
        assert_eq!(few, [Note::FewRows, Note::FewInClass, Note::Separated]);
        let one = notes(&[([0.0, 1.0], 9), ([1.0, 2.0], 1), ([0.0, 3.0], 9)]);
        let why = CrossValidationFailure::OneClass;
        assert_eq!(one, [Note::FewInClass, Note::NoCrossValidation(why)]);
        let text = "no cv_log_loss: without one of the ten folds the outcome never varies";
        assert_eq!(one[1].to_string(), text);
    }

    fn places(ranks: &[KpiRank]) -> Vec<Option<usize>> {
        ranks.iter().map(|of| of.rank).collect()
    }

    /// `scipy.stats.false_discovery_control` of the three p-values.
    #[test]
    fn several_kpis_are_ranked_and_their_p_adjusted() {
        let mut all: Vec<KpiValidation> = (1..=3).map(|kpi| validate(&spector(&[kpi]))).collect();
        all.push(validate(&Table::new(2)));
        let ranks = rank_kpis(&all);
        assert_eq!(places(&ranks), [Some(1), Some(3), Some(2), None]);
        let expected = [
            0.011_384_262_846_106_556,
            0.091_786_947_282_717_55,
            0.023_889_980_515_250_625,
        ];
        for (of, p) in ranks.iter().zip(expected) {
            close(of.p_adjusted, p);
        }
        assert_eq!(ranks[3].p_adjusted, None);
    }

    #[test]
    fn equals_share_a_place_and_turning_round_does_not_matter() {
        let of = |sign: f64| {
            let table = spector(&[1]);
            validate(&Table::of(
                2,
                table.rows().map(|(row, n)| ([row[0], sign * row[1]], n)),
            ))
        };
        let all = [validate(&spector(&[2])), of(1.0), of(-1.0), of(3.0)];
        assert_eq!(
            places(&rank_kpis(&all)),
            [Some(4), Some(1), Some(1), Some(1)]
        );
        assert!(rank_kpis(&[]).is_empty());
        // By correlation as soon as one outcome is not 0 or 1.
        let numeric = validate(&spector(&[1, 2]).select(&[2, 1]));
        let ranks = rank_kpis(&[numeric, of(1.0)]);
        assert_eq!(places(&ranks), [Some(2), Some(1)]);
    }
}
