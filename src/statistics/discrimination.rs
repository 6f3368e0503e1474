//! How well a score tells two kinds of rows apart: the area under the ROC curve, its error, and the
//! comparison of two scores on the same rows.
//!
//! A score enters by its distinct values only, so everything is a function of counts: how many
//! cases and controls have each value, or each pair of values of two scores.

use std::borrow::Borrow;

use super::interval::{Confidence, Interval};
use super::significance::Test;

/// Cases and controls with one value of a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Level {
    /// Rows with the outcome.
    pub cases: u64,
    /// Rows without it.
    pub controls: u64,
}

/// The area under the curve: P(a case scores higher than a control) + ½ P(they tie).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// The area.
    pub value: f64,
    /// Its variance by DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44; none for fewer than two
    /// cases or controls.
    pub variance: Option<f64>,
}

impl Auc {
    /// Of levels in the order of the score; none without cases or without controls. They are gone
    /// through once, and all sums are whole numbers, so nothing is rounded before the end.
    #[must_use]
    pub fn of<L>(levels: L) -> Option<Self>
    where
        L: IntoIterator<Item: Borrow<Level>>,
    {
        // Twice the controls below each case, and twice the cases below each control.
        let (mut of_cases, mut of_controls) = (Places::NONE, Places::NONE);
        for level in levels {
            let Level { cases, controls } = *level.borrow();
            let (below, under) = (2 * of_controls.n + controls, 2 * of_cases.n + cases);
            of_cases.add(cases, below);
            of_controls.add(controls, under);
        }
        let (cases, controls) = (of_cases.n, of_controls.n);
        if cases == 0 || controls == 0 {
            return None;
        }
        // The cases above a control are all but those below, which spread as widely.
        let variance = of_cases.spread() / (4.0 * square(controls)) * share(cases)
            + of_controls.spread() / (4.0 * square(cases)) * share(controls);
        Some(Self {
            value: of_cases.sum as f64 / (2.0 * cases as f64 * controls as f64),
            variance: (cases > 1 && controls > 1).then_some(variance),
        })
    }

    /// The standard error.
    #[must_use]
    pub fn se(&self) -> Option<f64> {
        self.variance.map(f64::sqrt)
    }

    /// The normal interval, within 0 and 1.
    #[must_use]
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        let half = confidence.z() * self.se()?;
        Some(Interval::around(self.value, half).clamped(0.0, 1.0))
    }
}

/// Rows with one value of each of two scores, by the places of the values among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The place of the value of the first score, from 0.
    pub a: usize,
    /// The place of the value of the second score, from 0.
    pub b: usize,
    /// Who has them.
    pub level: Level,
}

/// The areas of two scores on the same rows, and the test of their difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucDifference {
    /// The area of the first.
    pub a: Auc,
    /// The area of the second.
    pub b: Auc,
    /// Their covariance.
    pub covariance: f64,
    /// The test of a − b: z = 0, p = 1 for scores that order the rows alike.
    pub test: Test,
}

/// Two scores by their joint counts (DeLong, DeLong & Clarke-Pearson 1988); none for fewer than two
/// cases or controls.
#[must_use]
pub fn compare_aucs(cells: &[Cell]) -> Option<AucDifference> {
    let levels = |place: fn(&Cell) -> usize| {
        let most = cells.iter().map(place).max().map_or(0, |most| most + 1);
        let mut levels = vec![Level::default(); most];
        for cell in cells {
            let level = &mut levels[place(cell)];
            level.cases += cell.level.cases;
            level.controls += cell.level.controls;
        }
        levels
    };
    let (of_a, of_b) = (levels(|cell| cell.a), levels(|cell| cell.b));
    let areas = (Auc::of(&of_a)?, Auc::of(&of_b)?);
    let (a, b) = (Placements::of(&of_a)?, Placements::of(&of_b)?);
    let [of_a, of_b, both] = covariances(cells.iter().copied(), &a, &b)?;
    let variance = of_a + of_b - 2.0 * both;
    let difference = a.area - b.area;
    // Rounding leaves something of a variance that is none.
    let is_none = variance <= 1e-14 * (of_a + of_b);
    let test = match is_none {
        true if difference.abs() < 1e-12 => Test {
            statistic: 0.0,
            p: 1.0,
        },
        true => return None,
        false => Test::normal(difference / variance.sqrt())?,
    };
    Some(AucDifference {
        a: areas.0,
        b: areas.1,
        covariance: both,
        test,
    })
}

/// The places of so many rows among others: whole numbers, as long as they may be.
#[derive(Debug, Clone, Copy)]
struct Places {
    n: u64,
    sum: u128,
    /// None where they are beyond 128 bits, for a trillion rows and more.
    squares: Option<u128>,
    /// The same, rounded.
    about: f64,
}

impl Places {
    const NONE: Self = Self {
        n: 0,
        sum: 0,
        squares: Some(0),
        about: 0.0,
    };

    fn add(&mut self, rows: u64, place: u64) {
        self.n += rows;
        let weighed = u128::from(rows) * u128::from(place);
        self.sum += weighed;
        let square = weighed.checked_mul(u128::from(place));
        let sum = |(sum, square): (u128, u128)| sum.checked_add(square);
        self.squares = self.squares.zip(square).and_then(sum);
        self.about += weighed as f64 * place as f64;
    }

    /// The squares of the distances from the mean, added up.
    fn spread(self) -> f64 {
        let n = u128::from(self.n);
        let squares = self.squares.and_then(|squares| n.checked_mul(squares));
        let exact = squares.zip(self.sum.checked_mul(self.sum));
        match exact {
            Some((squares, square)) => (squares - square) as f64 / self.n as f64,
            // From nine billion rows on.
            None => self.about - self.sum as f64 * (self.sum as f64 / self.n as f64),
        }
    }
}

fn square(count: u64) -> f64 {
    count as f64 * count as f64
}

/// A way through the levels of a score, from the lowest: who lies below and above.
#[derive(Debug, Clone, Copy)]
struct Sweep {
    cases: u64,
    controls: u64,
    cases_below: u64,
    controls_below: u64,
}

impl Sweep {
    /// At the start; none without cases or without controls.
    fn over(levels: impl Iterator<Item = Level>) -> Option<Self> {
        let (cases, controls) = levels.fold((0, 0), |(cases, controls), level| {
            (cases + level.cases, controls + level.controls)
        });
        (cases > 0 && controls > 0).then_some(Self {
            cases,
            controls,
            cases_below: 0,
            controls_below: 0,
        })
    }

    /// Goes over a level: twice the controls below it and the cases above it, those in it once.
    fn place(&mut self, level: Level) -> (u64, u64) {
        let below = 2 * self.controls_below + level.controls;
        let above = 2 * (self.cases - self.cases_below - level.cases) + level.cases;
        self.cases_below += level.cases;
        self.controls_below += level.controls;
        (below, above)
    }

    /// What a case at a place adds to the area.
    fn of_case(self, (below, _): (u64, u64)) -> f64 {
        below as f64 / (2.0 * self.controls as f64)
    }

    /// What a control at a place adds.
    fn of_control(self, (_, above): (u64, u64)) -> f64 {
        above as f64 / (2.0 * self.cases as f64)
    }

    /// The area, given twice the pairs that a case wins.
    fn area(self, won: u128) -> f64 {
        won as f64 / (2.0 * self.cases as f64 * self.controls as f64)
    }
}

/// For each level of a score the share of controls below it, and of cases above; ties count half.
struct Placements {
    /// What a case at a level adds to the area.
    of_case: Vec<f64>,
    /// What a control at a level adds.
    of_control: Vec<f64>,
    cases: u64,
    controls: u64,
    area: f64,
}

impl Placements {
    fn of(levels: &[Level]) -> Option<Self> {
        let mut sweep = Sweep::over(levels.iter().copied())?;
        let (mut of_case, mut of_control) = (Vec::new(), Vec::new());
        let mut won = 0_u128;
        for level in levels {
            let place = sweep.place(*level);
            of_case.push(sweep.of_case(place));
            of_control.push(sweep.of_control(place));
            won += u128::from(level.cases) * u128::from(place.0);
        }
        Some(Self {
            of_case,
            of_control,
            cases: sweep.cases,
            controls: sweep.controls,
            area: sweep.area(won),
        })
    }
}

/// The variances of both areas and their covariance; none for fewer than two cases or controls.
fn covariances(
    cells: impl Iterator<Item = Cell>,
    a: &Placements,
    b: &Placements,
) -> Option<[f64; 3]> {
    if a.cases < 2 || a.controls < 2 {
        return None;
    }
    let mut of_cases = [0.0; 3];
    let mut of_controls = [0.0; 3];
    for cell in cells {
        let parts = [
            (&mut of_cases, cell.level.cases, &a.of_case, &b.of_case),
            (
                &mut of_controls,
                cell.level.controls,
                &a.of_control,
                &b.of_control,
            ),
        ];
        for (sums, count, of_a, of_b) in parts {
            let (x, y) = (of_a[cell.a] - a.area, of_b[cell.b] - b.area);
            let count = count as f64;
            sums[0] += count * x * x;
            sums[1] += count * y * y;
            sums[2] += count * x * y;
        }
    }
    let (cases, controls) = (share(a.cases), share(a.controls));
    Some([0, 1, 2].map(|place| of_cases[place] * cases + of_controls[place] * controls))
}

/// What the sum of squares over so many, as a variance of their mean, is multiplied with.
fn share(count: u64) -> f64 {
    let count = count as f64;
    1.0 / ((count - 1.0) * count)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn level(cases: u64, controls: u64) -> Level {
        Level { cases, controls }
    }

    #[track_caller]
    fn close(found: f64, expected: f64, digits: f64) {
        assert!(
            (found - expected).abs() < digits,
            "{found}, expected {expected}"
        );
    }

    /// Hanley & McNeil (1982), Radiology 143, table I: 109 images rated 1 to 5; the area is 0.893.
    #[test]
    fn the_images_of_hanley_and_mcneil() {
        let levels = [(3, 33), (2, 6), (2, 6), (11, 11), (33, 2)].map(|(a, b)| level(a, b));
        let auc = Auc::of(levels).unwrap();
        close(auc.value, 0.893, 5e-4);
        assert!(auc.se().unwrap() > 0.02 && auc.se().unwrap() < 0.04);
        let interval = auc.interval(Confidence::default()).unwrap();
        assert!(interval.low < auc.value && interval.high > auc.value && interval.high < 1.0);
    }

    /// By hand: cases 1 and 3, controls 0 and 2. The cases win 1 and 2 of 2, the controls lose to 2
    /// and to 1 of 2, so every placement is ½ or 1 about ¾: variance (⅛ + ⅛) / 2.
    #[test]
    fn two_against_two() {
        let levels = [(0, 1), (1, 0), (0, 1), (1, 0)].map(|(a, b)| level(a, b));
        let auc = Auc::of(levels).unwrap();
        close(auc.value, 0.75, 1e-15);
        close(auc.variance.unwrap(), 0.125, 1e-15);
    }

    /// The same scores of more and more rows: sums that fit 128 bits, then products that do not, then
    /// sums that do not.
    #[test]
    fn millions_or_trillions_of_rows_have_the_same_area() {
        const AREA: f64 = (3.0 * 2.5 + 4.0 * 5.5 + 6.0 * 9.0) / 130.0;
        let base = [(3, 5), (4, 1), (0, 2), (6, 2)];
        let (mut of_cases, mut of_controls) = (0.0, 0.0);
        let (mut below, mut above) = (0.0, 13.0);
        for (cases, controls) in base.map(|(x, y)| (f64::from(x), f64::from(y))) {
            above -= cases;
            of_cases += cases * ((below + controls / 2.0) / 10.0 - AREA).powi(2);
            of_controls += controls * ((above + cases / 2.0) / 13.0 - AREA).powi(2);
            below += controls;
        }
        for times in [1, 1000, 1_000_000_000, 1_000_000_000_000] {
            let more = |(x, y): (u32, u32)| level(u64::from(x) * times, u64::from(y) * times);
            let auc = Auc::of(base.map(more)).unwrap();
            let k = times as f64;
            let variance =
                of_cases / (13.0 * (13.0 * k - 1.0)) + of_controls / (10.0 * (10.0 * k - 1.0));
            close(auc.value, AREA, 1e-15);
            close(auc.variance.unwrap() / variance, 1.0, 1e-13);
        }
    }

    #[test]
    fn a_score_against_itself_does_not_differ_and_against_its_mirror_does() {
        let levels = [(1, 9), (2, 8), (4, 3), (6, 1)].map(|(a, b)| level(a, b));
        let cell = |mirror: bool| {
            let cells = levels.iter().enumerate().map(move |(place, level)| Cell {
                a: place,
                b: if mirror {
                    levels.len() - 1 - place
                } else {
                    place
                },
                level: *level,
            });
            cells.collect::<Vec<_>>()
        };
        let same = compare_aucs(&cell(false)).unwrap();
        assert_eq!(
            same.test,
            Test {
                statistic: 0.0,
                p: 1.0
            }
        );
        let alone = Auc::of(levels).unwrap();
        assert_eq!(same.a, alone);
        let mirrored = compare_aucs(&cell(true)).unwrap();
        close(mirrored.a.value + mirrored.b.value, 1.0, 1e-15);
        close(mirrored.covariance, -alone.variance.unwrap(), 1e-15);
        let z = (2.0 * alone.value - 1.0) / (2.0 * alone.se().unwrap());
        close(mirrored.test.statistic, z, 1e-12);
    }

    /// A billion times as many rows leave the areas and take a billionth of the variances, but for
    /// the divisor n − 1.
    #[test]
    fn many_rows_tell_what_few_cannot() {
        let cells = |times: u64| {
            let cell = |a, b, cases, controls| Cell {
                a,
                b,
                level: level(cases * times, controls * times),
            };
            [cell(0, 1, 10, 30), cell(1, 0, 20, 10), cell(1, 1, 30, 20)]
        };
        let few = compare_aucs(&cells(1)).unwrap();
        let many = compare_aucs(&cells(1_000_000_000)).unwrap();
        close(many.a.value, few.a.value, 1e-15);
        let grown = many.test.statistic / few.test.statistic;
        close(grown / 1e9_f64.sqrt(), 1.0, 0.02);
    }

    #[test]
    fn what_cannot_be_told_apart_is_none() {
        assert_eq!(Auc::of([level(3, 0), level(1, 0)]), None);
        assert_eq!(Auc::of(Vec::<Level>::new()), None);
        let one = Auc::of([level(0, 5), level(1, 0)]).unwrap();
        assert_eq!((one.value, one.variance), (1.0, None));
        let all_tied = Auc::of([level(4, 5)]).unwrap();
        assert_eq!((all_tied.value, all_tied.variance), (0.5, Some(0.0)));
        assert_eq!(compare_aucs(&[]), None);
        let cell = |a, cases, controls| Cell {
            a,
            b: 0,
            level: level(cases, controls),
        };
        // One score knows all and the other nothing: neither area varies, and yet they differ.
        assert_eq!(compare_aucs(&[cell(0, 0, 5), cell(1, 4, 0)]), None);
        assert_eq!(compare_aucs(&[cell(0, 1, 5), cell(1, 0, 4)]), None);
        assert_eq!(compare_aucs(&[cell(0, 5, 1), cell(1, 4, 0)]), None);
    }

    proptest! {
        /// The score turned round wins what it lost: AUC(x) = 1 − AUC(−x), with the same error.
        #[test]
        fn a_score_turned_round_has_the_rest_of_the_area(
            counts in vec((0_u64..50, 0_u64..50), 1..20)
        ) {
            let up: Vec<Level> = counts.iter().map(|(cases, controls)| level(*cases, *controls)).collect();
            let down: Vec<Level> = up.iter().rev().copied().collect();
            match (Auc::of(&up), Auc::of(&down)) {
                (Some(up), Some(down)) => {
                    prop_assert!((up.value + down.value - 1.0).abs() < 1e-14);
                    let [up, down] = [up, down].map(|auc| auc.variance.unwrap_or(0.0));
                    prop_assert!((up - down).abs() < 1e-14);
                }
                (up, down) => prop_assert_eq!(up, down),
            }
        }
    }
}
