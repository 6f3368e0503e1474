//! How far several ratings of the same thing agree: Cronbach's alpha and intraclass correlations.
//!
//! Both are functions of the analysis of variance of a table of subjects × raters, which is a
//! function of the sums, squares and products of its columns.

use super::cross_products::CrossProducts;
use super::interval::{Confidence, Interval};
use super::variance_ratio::upper_f_quantile;

/// What is this small beside its parts is their rounding.
const ROUNDING: f64 = 1e-13;

/// The mean squares of a table of subjects × raters without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    /// Subjects, at least two.
    pub n: u64,
    /// Raters or items, at least two.
    pub k: u64,
    /// Between subjects; an exact 0 where the subjects' sums do not vary.
    pub subjects: f64,
    /// Between raters; an exact 0 where their means are the same.
    pub raters: f64,
    /// What neither explains; an exact 0 where the raters differ by a constant at most.
    pub residual: f64,
}

impl MeanSquares {
    /// Of raters, a column each, over subjects; none for fewer than two of either, and for values
    /// outside the range of a double once squared.
    #[must_use]
    pub fn of(of: &CrossProducts) -> Option<Self> {
        let k = of.width();
        if of.n < 2 || k < 2 {
            return None;
        }
        let (rows, columns) = (of.n as f64, k as f64);
        let trace: f64 = (0..k).map(|place| of.products.at(place, place)).sum();
        let beside: f64 = (1..k)
            .flat_map(|row| (0..row).map(move |column| of.products.at(row, column)))
            .sum();
        let apart = |part: f64, whole: f64| if part > ROUNDING * whole { part } else { 0.0 };
        let subjects = apart(trace + 2.0 * beside, columns * trace) / columns;
        let residual = apart(trace - subjects, trace);
        let squares = Self {
            n: of.n,
            k: k as u64,
            subjects: subjects / (rows - 1.0),
            raters: rows * spread(of) / (columns - 1.0),
            residual: residual / ((rows - 1.0) * (columns - 1.0)),
        };
        let parts = [squares.subjects, squares.raters, squares.residual];
        parts.iter().all(|part| part.is_finite()).then_some(squares)
    }

    /// What the raters and the residual make together, as where each subject has raters of its own.
    #[must_use]
    pub fn within(&self) -> f64 {
        let n = self.n as f64;
        (self.raters + (n - 1.0) * self.residual) / n
    }

    /// Cronbach (1951), Psychometrika 16: the share of the variance of the sum that the items share.
    /// None where the sum does not vary.
    #[must_use]
    pub fn alpha(&self) -> Option<f64> {
        (self.subjects > 0.0).then(|| 1.0 - self.residual / self.subjects)
    }

    /// The interval of alpha of Feldt (1965), Psychometrika 30. None where there is no alpha, or a limit
    /// is outside the range of a double.
    #[must_use]
    pub fn alpha_interval(&self, confidence: Confidence) -> Option<Interval> {
        let alpha = self.alpha()?;
        let df = self.n - 1;
        let tail = (1.0 - confidence.level()) / 2.0;
        let limit = |tail: f64| {
            let f = upper_f_quantile(tail, df, df.saturating_mul(self.k - 1)).ok()?;
            Some(1.0 - (1.0 - alpha) * f)
        };
        let (low, high) = (limit(tail)?, limit(1.0 - tail)?);
        (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
    }

    /// The six intraclass correlations; none where nothing varies.
    #[must_use]
    pub fn intraclass(&self) -> Option<Intraclass> {
        let (n, k) = (self.n as f64, self.k as f64);
        let Self {
            subjects: between,
            raters,
            residual,
            ..
        } = *self;
        let within = self.within();
        let share = |over: f64, under: f64| (under > 0.0).then(|| over / under);
        let excess = (raters - residual) / n;
        // Here parts may cancel, and what rounding leaves of them is no denominator.
        let shared = |over: f64, under: f64, parts: f64| {
            let under = if under > ROUNDING * parts { under } else { 0.0 };
            share(over, under)
        };
        let parts = between + (k - 1.0) * residual + k * (raters + residual) / n;
        let single = between + (k - 1.0) * residual + k * excess;
        Some(Intraclass {
            icc1: share(between - within, between + (k - 1.0) * within)?,
            icc2: shared(between - residual, single, parts)?,
            icc3: share(between - residual, between + (k - 1.0) * residual)?,
            icc1k: share(between - within, between),
            icc2k: shared(between - residual, between + excess, parts),
            icc3k: share(between - residual, between),
        })
    }
}

/// The sum of squares of means about their mean, those as close as they can be told apart being one.
fn spread(of: &CrossProducts) -> f64 {
    let largest = of
        .means
        .iter()
        .fold(0.0_f64, |most, mean| most.max(mean.abs()));
    let last_digit = of.digits.as_ref().map_or(4.0 * f64::EPSILON, |_| 1e-28);
    let shifts = (0..of.width()).map(|column| {
        let shift = of.mean(column).minus(of.mean(0)).value();
        if shift.abs() > last_digit * largest {
            shift
        } else {
            0.0
        }
    });
    let shifts: Vec<f64> = shifts.collect();
    let grand = shifts.iter().sum::<f64>() / shifts.len().max(1) as f64;
    shifts.iter().map(|shift| (shift - grand).powi(2)).sum()
}

/// Intraclass correlations by Shrout & Fleiss (1979), Psychological Bulletin 86: of one rating, and
/// (`k`) of the mean of all; those of the mean are none where the subjects do not differ at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intraclass {
    /// Each subject has raters of its own.
    pub icc1: f64,
    /// The raters are a sample of all raters.
    pub icc2: f64,
    /// The raters are all there are.
    pub icc3: f64,
    /// See `icc1`.
    pub icc1k: Option<f64>,
    /// See `icc2`.
    pub icc2k: Option<f64>,
    /// See `icc3`; the same as Cronbach's alpha.
    pub icc3k: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Symmetric;

    /// A table of subjects × raters.
    fn squares(table: &[&[f64]]) -> Option<MeanSquares> {
        let k = table.first().map_or(0, |row| row.len());
        let column = |place: usize| table.iter().map(|row| row[place]).collect();
        let columns: Vec<Vec<f64>> = (0..k).map(column).collect();
        MeanSquares::of(&CrossProducts::of(&columns))
    }

    #[track_caller]
    fn close(found: f64, published: f64, digits: f64) {
        assert!(
            (found - published).abs() < digits,
            "{found}, published {published}"
        );
    }

    /// Shrout & Fleiss (1979), tables 2 to 4: six subjects, four judges.
    #[test]
    fn the_judges_of_shrout_and_fleiss() {
        let squares = squares(&[
            &[9.0, 2.0, 5.0, 8.0],
            &[6.0, 1.0, 3.0, 2.0],
            &[8.0, 4.0, 6.0, 8.0],
            &[7.0, 1.0, 2.0, 6.0],
            &[10.0, 5.0, 6.0, 9.0],
            &[6.0, 2.0, 4.0, 7.0],
        ])
        .unwrap();
        close(squares.subjects, 11.241_667, 5e-7);
        close(squares.within(), 6.263_889, 5e-7);
        close(squares.raters, 32.486_111, 5e-7);
        close(squares.residual, 1.019_444, 5e-7);
        let icc = squares.intraclass().unwrap();
        close(icc.icc1, 0.1657, 5e-5);
        close(icc.icc2, 0.2898, 5e-5);
        close(icc.icc3, 0.7148, 5e-5);
        close(icc.icc1k.unwrap(), 0.4428, 5e-5);
        close(icc.icc2k.unwrap(), 0.6201, 5e-5);
        close(icc.icc3k.unwrap(), 0.9093, 5e-5);
        close(squares.alpha().unwrap(), 0.909_315_5, 5e-8);
        let interval = squares.alpha_interval(Confidence::default()).unwrap();
        // SciPy 1.17: F(5, 15) at 0.975 and 0.025.
        close(
            interval.low,
            1.0 - (1.0 - 0.909_315_5) * 3.576_415_349_3,
            5e-7,
        );
        close(
            interval.high,
            1.0 - (1.0 - 0.909_315_5) * 0.155_575_963_1,
            5e-8,
        );
    }

    /// San Francisco airport 2017, seven touchpoints rated by 1,586 travellers: mean squares and what
    /// R's psych and pingouin make of them.
    #[test]
    fn the_touchpoints_of_san_francisco() {
        let squares = MeanSquares {
            n: 1586,
            k: 7,
            subjects: 3.131_007_684_976_759,
            raters: 69.035_068_756_380_28,
            residual: 0.409_081_074_241_130_1,
        };
        close(squares.within(), 0.452_350_927_760_763_7, 1e-14);
        close(squares.alpha().unwrap(), 0.869_345_234_697_446_5, 1e-14);
        let interval = squares.alpha_interval(Confidence::default()).unwrap();
        close(interval.low, 0.859_282_172_523_279_2, 1e-12);
        close(interval.high, 0.878_936_879_940_834_4, 1e-12);
        let icc = squares.intraclass().unwrap();
        close(icc.icc1, 0.458_272_858_359_013, 1e-14);
        close(icc.icc2, 0.462_253_654_725_042_3, 1e-14);
        close(icc.icc3, 0.487_320_646_513_548_4, 1e-14);
        close(icc.icc1k.unwrap(), 0.855_525_449_544_170_8, 1e-14);
        close(icc.icc2k.unwrap(), 0.857_494_840_235_351_5, 1e-14);
        close(icc.icc3k.unwrap(), 0.869_345_234_697_446_4, 1e-14);
    }

    /// By hand: sums of squares 9 between the subjects, 4 between the raters, 1 left, one degree of
    /// freedom each.
    #[test]
    fn two_by_two() {
        let squares = squares(&[&[1.0, 2.0], &[3.0, 6.0]]).unwrap();
        close(squares.subjects, 9.0, 1e-14);
        close(squares.raters, 4.0, 1e-14);
        close(squares.residual, 1.0, 1e-14);
        close(squares.alpha().unwrap(), 8.0 / 9.0, 1e-15);
        close(squares.intraclass().unwrap().icc1, 6.5 / 11.5, 1e-15);
    }

    #[test]
    fn units_do_not_matter() {
        let of = |unit: f64| {
            let rows = [[1.0, 2.0], [3.0, 6.0], [4.0, 5.0]];
            let rows = rows.map(|row| row.map(|x| x * unit));
            squares(&rows.each_ref().map(|row| row.as_slice())).unwrap()
        };
        let one = of(1.0).intraclass().unwrap();
        for unit in [1e-20, 1e20] {
            let found = of(unit).intraclass().unwrap();
            close(found.icc2, one.icc2, 1e-14);
            close(found.icc2k.unwrap(), one.icc2k.unwrap(), 1e-14);
        }
    }

    /// Two items that mirror each other have a sum that never varies; alpha would be −∞.
    #[test]
    fn items_that_cancel_have_no_alpha() {
        let mirrored = squares(&[&[0.1, 0.9], &[0.3, 0.7], &[0.35, 0.65]]).unwrap();
        assert_eq!(
            (
                mirrored.alpha(),
                mirrored.alpha_interval(Confidence::default())
            ),
            (None, None)
        );
        let icc = mirrored.intraclass().unwrap();
        assert_eq!((icc.icc1k, icc.icc3k), (None, None));
        close(icc.icc3, -1.0, 1e-14);
        for unit in (1..60).map(|i| 0.01 * f64::from(i)) {
            let rows: Vec<[f64; 2]> = (0..9)
                .map(|i| f64::from(i) * unit)
                .map(|x| [x, 1.0 - x])
                .collect();
            let rows: Vec<&[f64]> = rows.iter().map(<[f64; 2]>::as_slice).collect();
            assert_eq!(squares(&rows).unwrap().alpha(), None, "{unit}");
        }
    }

    /// 0.1 + 0.2 is not 0.3 to the last bit, and 0.1 − 0.3/3 is not 0.
    #[test]
    fn rounding_is_no_difference() {
        for unit in [1.0, 1_073_741_824.0] {
            for means in [[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]] {
                let of = CrossProducts::new(
                    9,
                    means.map(|mean| mean * unit).to_vec(),
                    Symmetric::of(2, |row, column| if row == column { 2.0 } else { 1.0 }),
                );
                assert_eq!(MeanSquares::of(&of).unwrap().raters.to_bits(), 0);
            }
        }
        let cancelling = MeanSquares {
            n: 3,
            k: 2,
            subjects: 0.1,
            raters: 0.0,
            residual: 0.3,
        };
        assert_eq!(cancelling.intraclass().unwrap().icc2k, None);
    }

    /// Mean squares do not depend on where the scale starts.
    #[test]
    fn offsets_do_not_matter() {
        let table = |offset: f64| {
            let rows = [
                [1.0, 2.0, 4.0],
                [2.0, 2.0, 5.0],
                [5.0, 3.0, 4.0],
                [4.0, 4.0, 7.0],
            ];
            let rows = rows.map(|row| row.map(|x| x + offset));
            squares(&rows.each_ref().map(|row| row.as_slice())).unwrap()
        };
        let (near, far) = (table(0.0), table(1e9));
        close(far.subjects, near.subjects, 1e-14);
        close(far.residual, near.residual, 1e-14);
        close(far.raters, near.raters, 1e-14);
        assert!(squares(&[&[1e200, 1.0], &[2e200, 3.0]]).is_none());
    }

    #[test]
    fn hundreds_of_thousands_of_subjects_have_an_interval() {
        let squares = MeanSquares {
            n: 129_880,
            k: 14,
            subjects: 5.0,
            raters: 1.0,
            residual: 1.0,
        };
        let interval = squares.alpha_interval(Confidence::default()).unwrap();
        // SciPy 1.17: F(129879, 1688427) at 0.975.
        close(interval.low, 1.0 - 0.2 * 1.007_999_543_287_932, 1e-12);
        assert!(interval.high > 0.801 && interval.high < 0.802);
    }

    #[test]
    fn what_does_not_vary_has_no_reliability() {
        let same = squares(&[&[3.0, 3.0], &[3.0, 3.0], &[3.0, 3.0]]).unwrap();
        assert_eq!(same.alpha(), None);
        assert_eq!(same.intraclass(), None);
        assert_eq!(squares(&[&[1.0, 2.0]]), None);
        let nobody = CrossProducts::of(&[vec![], vec![]]);
        assert_eq!(MeanSquares::of(&nobody), None);
        // An alpha of −10³⁰⁷ is a double, its lower limit is none.
        let far = MeanSquares {
            n: 2,
            k: 2,
            subjects: 1e-150,
            raters: 1.0,
            residual: 1e157,
        };
        assert!(far.alpha().is_some());
        assert_eq!(far.alpha_interval(Confidence::default()), None);
        assert_eq!(squares(&[&[1.0], &[2.0]]), None);
        // Raters who agree to the point are perfectly reliable.
        let agreed = squares(&[&[1.0, 1.0], &[2.0, 2.0], &[5.0, 5.0]]).unwrap();
        close(agreed.alpha().unwrap(), 1.0, 1e-12);
        close(agreed.intraclass().unwrap().icc2, 1.0, 1e-12);
    }
}
