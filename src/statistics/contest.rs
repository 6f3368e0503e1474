//! Which of two KPIs is the stronger? Every test of it, and one verdict.
//!
//! Both KPIs are measured on the same rows, so their correlations and areas are themselves
//! correlated, and two intervals that overlap say nothing. A KPI that goes against the outcome
//! (satisfaction against churn) is turned round first: strength is compared, not sign.

use super::correlation::pearson_of;
use super::dependent::DependentCorrelations;
use super::discrimination::{Auc, compare_aucs};
use super::error::Error;
use super::outcome::{Direction, cells, is_two_valued, levels, varies};
use super::significance::Test;
use super::table::Table;
use super::validation::adjust_known;
use super::vuong::{VuongFailure, vuong};

/// Correlations and areas that differ by less do so by rounding.
const ROUNDING: f64 = 1e-12;

/// The adjusted p below which a KPI is called the stronger.
const SIGNIFICANT: f64 = 0.05;

/// What could not be compared, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContestNote {
    /// There is nothing to compare.
    #[error("there are no complete rows")]
    NoRows,
    /// All rows have the same outcome.
    #[error("the outcome never varies")]
    ConstantOutcome,
    /// All rows have the same first KPI.
    #[error("the first KPI never varies")]
    ConstantFirst,
    /// All rows have the same second KPI.
    #[error("the second KPI never varies")]
    ConstantSecond,
    /// The correlations are not those of any test.
    #[error("no williams, steiger, zou: {0}")]
    NoCorrelationTest(Error),
    /// The KPIs are the same but for offset and unit.
    #[error("the two KPIs determine each other: no williams, steiger")]
    SameKpi,
    /// Fisher's z of ±1 is infinite.
    #[error("a KPI determines the outcome: no steiger, zou")]
    PerfectCorrelation,
    /// The classification statistics are for two classes.
    #[error("the outcome is not 0 or 1: no auc, delong, vuong")]
    NumericOutcome,
    /// DeLong's variance needs two rows in each class.
    #[error("fewer than two rows with the outcome, or without: no delong")]
    FewInClass,
    /// The areas differ, but nothing in the rows tells by how much they might not.
    #[error("the difference of the areas has no variance: no delong")]
    NoVariance,
    /// A few values far away decide Pearson's sign, and no area.
    #[error("the first KPI goes one way by pearson and the other by auc, which is turned round")]
    TornFirst,
    /// The same of the second.
    #[error("the second KPI goes one way by pearson and the other by auc, which is turned round")]
    TornSecond,
    /// Vuong's test does not exist.
    #[error("no vuong: {0}")]
    NoVuong(VuongFailure),
}

/// Two KPIs, a and b, against one outcome on the same rows. Tests are of a − b in strength.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contest {
    /// How many rows.
    pub n: u64,
    /// Pearson's correlation of a with the outcome, with its sign.
    pub pearson_a: Option<f64>,
    /// Pearson's correlation of b with the outcome, with its sign.
    pub pearson_b: Option<f64>,
    /// Pearson's correlation of a with b, as they are.
    pub pearson_ab: Option<f64>,
    /// The three after KPIs that go against the outcome were turned round: of them are the tests of
    /// Williams and Steiger and the interval of Zou.
    pub strengths: Option<DependentCorrelations>,
    /// The area of a, turned round where it is below ½.
    pub auc_a: Option<f64>,
    /// The area of b, turned round where it is below ½.
    pub auc_b: Option<f64>,
    /// DeLong's test of the areas.
    pub delong: Option<Test>,
    /// Vuong's test of the logistic models.
    pub vuong: Option<Test>,
    /// What is none, and why.
    pub notes: Vec<ContestNote>,
    /// Whether the outcome is 0 or 1 throughout, so that the areas decide.
    is_two_valued: bool,
}

/// Compares the KPIs in columns 1 and 2 on the outcome in column 0.
///
/// # Panics
/// Where the table has fewer than three columns.
#[must_use]
pub fn contest(table: &Table) -> Contest {
    let r = |a, b| pearson_of(table, a, b).map(|pearson| pearson.r);
    let mut of = Contest {
        n: table.n(),
        pearson_a: r(0, 1),
        pearson_b: r(0, 2),
        pearson_ab: r(1, 2),
        is_two_valued: is_two_valued(table),
        ..Contest::default()
    };
    let constants = [
        ContestNote::ConstantOutcome,
        ContestNote::ConstantFirst,
        ContestNote::ConstantSecond,
    ];
    let constants = constants.iter().enumerate();
    match table.is_empty() {
        true => of.notes.push(ContestNote::NoRows),
        false => of.notes.extend(
            constants.filter_map(|(column, note)| (!varies(table, column)).then_some(*note)),
        ),
    }
    of.correlate();
    if of.is_two_valued {
        of.classify(table);
    } else {
        of.notes.push(ContestNote::NumericOutcome);
    }
    of
}

impl Contest {
    /// The test of Williams (1959) of the strengths.
    #[must_use]
    pub fn williams(&self) -> Option<Test> {
        self.apart()?.williams()
    }

    /// The test of Steiger (1980) of the strengths.
    #[must_use]
    pub fn steiger(&self) -> Option<Test> {
        self.apart()?.steiger()
    }

    /// The strengths of two KPIs that do not determine each other: of those that do, what is left of
    /// a difference is rounding.
    fn apart(&self) -> Option<DependentCorrelations> {
        self.strengths
            .filter(|_| self.pearson_ab.is_some_and(|r| r.abs() < 1.0))
    }

    /// The test that decides: DeLong's where the outcome is 0 or 1, else Williams'.
    #[must_use]
    pub fn deciding(&self) -> Option<Test> {
        if self.is_two_valued {
            self.delong
        } else {
            self.williams()
        }
    }

    fn correlate(&mut self) {
        let (Some(a), Some(b), Some(ab)) = (self.pearson_a, self.pearson_b, self.pearson_ab) else {
            return;
        };
        // What is 0 but for rounding is not turned round.
        let is_down = |r: f64| r < -ROUNDING;
        let ab = if is_down(a) == is_down(b) { ab } else { -ab };
        match DependentCorrelations::new(a.abs(), b.abs(), ab, self.n) {
            Ok(strengths) => self.strengths = Some(strengths),
            Err(why) => self.notes.push(ContestNote::NoCorrelationTest(why)),
        }
        if ab.abs() >= 1.0 {
            self.notes.push(ContestNote::SameKpi);
        }
        if a.abs().max(b.abs()) >= 1.0 {
            self.notes.push(ContestNote::PerfectCorrelation);
        }
    }

    fn classify(&mut self, table: &Table) {
        // An area is turned round by itself: a value far away may decide the sign of Pearson's r.
        let area = |column: usize| {
            let up = Auc::of(levels(table, column, Direction::Positive))?;
            let is_down = up.value < 0.5;
            let turned = is_down.then(|| Auc::of(levels(table, column, Direction::Negative)));
            Some(match turned.flatten() {
                Some(down) => (down, Direction::Negative),
                None => (up, Direction::Positive),
            })
        };
        let a = self.pearson_a.and_then(|_| area(1));
        let b = self.pearson_b.and_then(|_| area(2));
        let torn = [
            (a, self.pearson_a, ContestNote::TornFirst),
            (b, self.pearson_b, ContestNote::TornSecond),
        ];
        for (area, r, note) in torn {
            if area.is_some_and(|(area, way)| is_torn(area.value, way, r)) {
                self.notes.push(note);
            }
        }
        self.auc_a = a.map(|(auc, _)| auc.value);
        self.auc_b = b.map(|(auc, _)| auc.value);
        let (Some((_, way_a)), Some((_, way_b))) = (a, b) else {
            return;
        };
        let a = a.map(|(auc, _)| auc);
        let difference = compare_aucs(&cells(table, [(1, way_a), (2, way_b)]));
        self.delong = difference.map(|difference| difference.test);
        if self.delong.is_none() {
            let has_variance = a.is_some_and(|auc| auc.variance.is_some());
            self.notes.push(match has_variance {
                true => ContestNote::NoVariance,
                false => ContestNote::FewInClass,
            });
        }
        match vuong(table) {
            Ok(test) => self.vuong = Some(test),
            Err(why) => self.notes.push(ContestNote::NoVuong(why)),
        }
    }
}

/// Whether Pearson's r points against the way of an area, neither of them by rounding.
fn is_torn(area: f64, way: Direction, r: Option<f64>) -> bool {
    let up = r.filter(|r| r.abs() > ROUNDING).map(|r| r > 0.0);
    let is_up = way == Direction::Positive;
    area > 0.5 + ROUNDING && up.is_some_and(|up| up != is_up)
}

/// Which KPI of a pair is the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The first.
    AStronger,
    /// The second.
    BStronger,
    /// The difference could be chance, or could not be tested.
    CannotTell,
}

/// What a contest among others comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The p of the deciding test, adjusted for how many pairs were compared (Benjamini & Hochberg
    /// 1995); pairs without a p do not count.
    pub p_adjusted: Option<f64>,
    /// The stronger, where the adjusted p is below 0.05.
    pub verdict: Verdict,
}

/// Decides contests of all pairs of some KPIs, in the order given.
#[must_use]
pub fn decide(contests: &[Contest]) -> Vec<Decision> {
    let tests: Vec<Option<Test>> = contests.iter().map(Contest::deciding).collect();
    let p: Vec<Option<f64>> = tests.iter().map(|test| test.map(|test| test.p)).collect();
    let decisions = tests.iter().zip(adjust_known(&p));
    let decisions = decisions.map(|(test, p_adjusted)| {
        let is_significant = p_adjusted.is_some_and(|p| p < SIGNIFICANT);
        let verdict = match test {
            Some(test) if is_significant && test.statistic > 0.0 => Verdict::AStronger,
            Some(test) if is_significant && test.statistic < 0.0 => Verdict::BStronger,
            _ => Verdict::CannotTell,
        };
        Decision {
            p_adjusted,
            verdict,
        }
    });
    decisions.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert, proptest};
    use proptest::sample::select;

    use super::super::logistic::{LogisticFailure, logistic};
    use super::super::spector::spector;
    use super::super::validation::{rank_kpis, validate};
    use super::super::{Confidence, Interval};
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-11,
            "{found}, expected {expected}"
        );
    }

    #[track_caller]
    fn is_test(found: Option<Test>, statistic: f64, p: f64) {
        let found = found.unwrap();
        close(found.statistic, statistic);
        close(found.p, p);
    }

    /// Williams by its formula and DeLong from every pair of a case and a control, in NumPy 2.4;
    /// Vuong as published.
    #[test]
    fn spector_average_against_test_score() {
        let of = contest(&spector(&[1, 2]));
        assert_eq!(of.n, 32);
        close(of.pearson_a.unwrap(), 0.497_147_436_937_715_9);
        close(of.pearson_b.unwrap(), 0.303_055_358_615_545_2);
        close(of.pearson_ab.unwrap(), 0.386_986_264_715_974_47);
        is_test(
            of.williams(),
            1.083_712_036_085_685_8,
            0.287_420_652_406_434_44,
        );
        close(of.auc_a.unwrap(), 0.794_372_294_372_294_4);
        close(of.auc_b.unwrap(), 0.668_831_168_831_168_8);
        is_test(of.delong, 0.968_416_778_351_787_3, 0.332_836_263_307_188_4);
        assert!((of.vuong.unwrap().statistic - 0.929_933_88).abs() < 5e-9);
        assert_eq!((of.deciding(), of.notes.len()), (of.delong, 0));
        let strengths = of.strengths.unwrap();
        assert_eq!(of.steiger(), strengths.steiger());
        assert!(strengths.zou(Confidence::default()).is_some());
    }

    /// Two values far away decide the sign of Pearson's r of the first KPI, and no area. Areas by hand,
    /// pair by pair: 4.5 and 11 of 24.
    #[test]
    fn values_far_away_turn_nothing_round() {
        let rows = [
            [1.0, 0.0, 1.0],
            [1.0, 0.0, 1.0],
            [1.0, 0.0, 2.0],
            [0.0, 100.0, 1.0],
            [1.0, 1.0, 3.0],
            [0.0, 2.0, 3.0],
            [0.0, 3.0, 2.0],
            [0.0, -300.0, 2.0],
            [0.0, 4.0, 2.0],
            [0.0, 1.0, 1.0],
        ];
        let of = contest(&Table::of(3, rows.map(|row| (row, 40))));
        assert!(of.pearson_a.unwrap() > 0.0);
        close(of.auc_a.unwrap(), 1.0 - 4.5 / 24.0);
        close(of.auc_b.unwrap(), 1.0 - 11.0 / 24.0);
        assert_eq!(
            decide(std::slice::from_ref(&of))[0].verdict,
            Verdict::AStronger
        );
        assert_eq!(of.notes, [ContestNote::TornFirst]);
        let swapped = rows.map(|[outcome, x, y]| ([outcome, y, x], 40));
        let swapped = contest(&Table::of(3, swapped));
        assert_eq!(swapped.notes, [ContestNote::TornSecond]);
        close(swapped.auc_b.unwrap(), 1.0 - 4.5 / 24.0);
    }

    #[test]
    fn torn_is_neither_rounding_nor_agreement() {
        use Direction::{Negative, Positive};
        assert!(is_torn(0.6, Positive, Some(-0.3)));
        assert!(is_torn(0.6, Negative, Some(0.3)));
        assert!(!is_torn(0.6, Positive, Some(0.3)));
        assert!(!is_torn(0.6, Negative, Some(-0.3)));
        assert!(!is_torn(0.6, Positive, Some(-1e-13)));
        assert!(!is_torn(0.5, Positive, Some(-0.3)));
        assert!(!is_torn(0.5 + 1e-13, Positive, Some(-0.3)));
        assert!(!is_torn(0.6, Positive, None));
    }

    /// An area of exactly ½ has no way to be turned.
    #[test]
    fn half_an_area_stays_as_it_is() {
        let rows = [
            [1.0, 1.0, 3.0],
            [1.0, 4.0, 4.0],
            [0.0, 2.0, 1.0],
            [0.0, 3.0, 3.0],
        ];
        let table = Table::of(3, rows.map(|row| (row, 5)));
        let of = contest(&table);
        let ways = [(1, Direction::Positive), (2, Direction::Positive)];
        let plain = compare_aucs(&cells(&table, ways)).map(|difference| difference.test);
        assert_eq!((of.auc_a, of.delong), (Some(0.5), plain));
    }

    fn scaled(table: &Table, a: f64, b: f64) -> Contest {
        let rows = table.rows();
        let rows = rows.map(|(row, n)| ([row[0], a * row[1], b * row[2]], n));
        contest(&Table::of(3, rows))
    }

    #[test]
    fn strength_is_compared_and_not_sign() {
        let table = spector(&[1, 2]);
        let one = contest(&table);
        let zou = |of: &Contest| -> Interval {
            of.strengths.unwrap().zou(Confidence::default()).unwrap()
        };
        for (a, b) in [(-1.0, 1.0), (2.0, -1.0), (-1.0, -4.0)] {
            let other = scaled(&table, a, b);
            close(
                other.pearson_a.unwrap() * a.signum(),
                one.pearson_a.unwrap(),
            );
            close(
                other.pearson_b.unwrap() * b.signum(),
                one.pearson_b.unwrap(),
            );
            let ab = other.pearson_ab.unwrap() * a.signum() * b.signum();
            close(ab, one.pearson_ab.unwrap());
            close(other.auc_a.unwrap(), one.auc_a.unwrap());
            close(other.auc_b.unwrap(), one.auc_b.unwrap());
            for (test, same) in [
                (other.williams(), one.williams()),
                (other.steiger(), one.steiger()),
                (other.delong, one.delong),
                (other.vuong, one.vuong),
            ] {
                is_test(test, same.unwrap().statistic, same.unwrap().p);
            }
            close(zou(&other).low, zou(&one).low);
            close(zou(&other).high, zou(&one).high);
        }
        let swapped = contest(&table.select(&[0, 2, 1]));
        is_test(
            swapped.delong,
            -one.delong.unwrap().statistic,
            one.delong.unwrap().p,
        );
        close(zou(&swapped).low, -zou(&one).high);
    }

    /// The first KPI is 1, −1, −1, 1 in the order of the outcome: as such it counts as positive.
    #[test]
    fn no_correlation_is_no_negative_one() {
        let rows = [
            [0.0, 1.0, 2.0],
            [1.0, -1.0, 1.0],
            [3.0, -1.0, 3.0],
            [4.0, 1.0, 6.0],
        ];
        let of = contest(&Table::of(3, rows.iter().zip([5; 4])));
        assert_eq!(of.pearson_a, Some(0.0));
        let (b, ab) = (of.pearson_b.unwrap(), of.pearson_ab.unwrap());
        let expected = DependentCorrelations::new(0.0, b, ab, 20).unwrap();
        assert_eq!(of.strengths, Some(expected));
        let turned = contest(&Table::of(
            3,
            rows.iter().map(|[y, a, b]| ([*y, *b, *a], 5)),
        ));
        let expected = DependentCorrelations::new(b, 0.0, ab, 20).unwrap();
        assert_eq!(turned.strengths, Some(expected));
        // Controls at 0, 0, 0 and 4, cases at 1: alike on the mean, and a case wins three of four.
        let rows = [
            ([0.0, 0.0, 1.0], 3),
            ([0.0, 4.0, 2.0], 1),
            ([1.0, 1.0, 3.0], 4),
        ];
        let of = contest(&Table::of(3, rows));
        assert_eq!(of.pearson_a, Some(0.0));
        close(of.auc_a.unwrap(), 0.75);
    }

    #[test]
    fn a_kpi_against_itself() {
        let table = spector(&[1]).select(&[0, 1, 1]);
        let of = scaled(&table, 1.0, -3.0);
        assert_eq!((of.williams(), of.steiger()), (None, None));
        is_test(of.delong, 0.0, 1.0);
        let alike = ContestNote::NoVuong(VuongFailure::Alike);
        assert_eq!(of.notes, [ContestNote::SameKpi, alike]);
        assert_eq!(decide(&[of])[0].verdict, Verdict::CannotTell);
        // In whatever units: what rounding makes of the correlations is no difference.
        for unit in (1..40).map(|unit| 0.01 * f64::from(unit)) {
            assert_eq!(scaled(&table, 1.0, unit).williams(), None, "{unit}");
        }
    }

    #[test]
    fn a_numeric_outcome_is_decided_by_williams() {
        let of = contest(&spector(&[1, 2, 3]).select(&[1, 2, 0]));
        assert_eq!((of.auc_a, of.delong, of.vuong), (None, None, None));
        assert_eq!(of.notes, [ContestNote::NumericOutcome]);
        assert_eq!(of.deciding(), of.williams());
        assert!(of.williams().is_some());
    }

    #[test]
    fn what_cannot_be_compared_is_noted() {
        use ContestNote as Note;
        let of =
            |rows: &[[f64; 3]], n: u64| contest(&Table::of(3, rows.iter().map(|row| (row, n))));
        assert_eq!(of(&[], 1).notes, [Note::NoRows]);
        let nothing = of(&[[1.0, 2.0, 3.0]], 4);
        let constant = [
            Note::ConstantOutcome,
            Note::ConstantFirst,
            Note::ConstantSecond,
        ];
        assert_eq!(nothing.notes, constant);
        let second = of(&[[0.0, 1.0, 3.0], [1.0, 2.0, 3.0], [1.0, 1.0, 3.0]], 4);
        assert_eq!(second.notes, [Note::ConstantSecond]);
        assert!(second.auc_a.is_some() && second.auc_b.is_none() && second.delong.is_none());
        let few = of(&[[0.0, 1.0, 3.0], [1.0, 2.0, 4.0], [1.0, 3.0, 3.0]], 1);
        let why = Note::NoCorrelationTest(Error::TooFewObservations);
        assert_eq!(few.notes[..2], [why, Note::FewInClass]);
        let perfect = of(&[[0.0, 0.0, 3.0], [1.0, 1.0, 4.0], [1.0, 1.0, 3.0]], 4);
        let separated = VuongFailure::First(LogisticFailure::CompleteSeparation);
        assert_eq!(
            perfect.notes,
            [Note::PerfectCorrelation, Note::NoVuong(separated)]
        );
        assert_eq!((perfect.steiger(), perfect.auc_a), (None, Some(1.0)));
    }

    /// A KPI that knows against one that guesses.
    fn clear() -> Table {
        let rows = [
            ([0.0, 1.0, 1.0], 40),
            ([0.0, 1.0, 2.0], 40),
            ([0.0, 2.0, 1.0], 5),
            ([1.0, 1.0, 2.0], 6),
            ([1.0, 2.0, 1.0], 40),
            ([1.0, 2.0, 2.0], 45),
        ];
        Table::of(3, rows)
    }

    #[test]
    fn the_verdict_counts_all_pairs() {
        let ahead = contest(&clear());
        let behind = contest(&clear().select(&[0, 2, 1]));
        let open = contest(&spector(&[1, 2]));
        let none = contest(&Table::new(3));
        let found = decide(&[open.clone(), ahead.clone(), none, behind]);
        let verdicts: Vec<Verdict> = found.iter().map(|of| of.verdict).collect();
        let expected = [
            Verdict::CannotTell,
            Verdict::AStronger,
            Verdict::CannotTell,
            Verdict::BStronger,
        ];
        assert_eq!(verdicts, expected);
        assert_eq!((found[2].p_adjusted, decide(&[]).len()), (None, 0));
        close(found[0].p_adjusted.unwrap(), open.delong.unwrap().p);
        // Benjamini & Hochberg over the three that there are, two of them equal.
        let p = ahead.delong.unwrap().p;
        close(found[1].p_adjusted.unwrap() / p, 1.5);
        // 0.03 alone is significant, the smallest of three is not.
        let test = |statistic: f64, p: f64| Contest {
            delong: Some(Test { statistic, p }),
            is_two_valued: true,
            ..Contest::default()
        };
        let weak = |p: f64| test(1.0, p);
        assert_eq!(decide(&[test(-1.0, 0.9)])[0].verdict, Verdict::CannotTell);
        assert_eq!(decide(&[weak(0.03)])[0].verdict, Verdict::AStronger);
        let three = decide(&[weak(0.03), weak(0.9), weak(0.8)]);
        assert_eq!(three[0].verdict, Verdict::CannotTell);
    }

    /// Rows of what no KPI should hold, and some do.
    fn wild() -> impl Strategy<Value = Vec<([f64; 3], u64)>> {
        let wild = [
            0.0,
            -0.0,
            1.0,
            2.0,
            -1.0,
            1e-300,
            5e-324,
            1e300,
            -1e300,
            f64::MAX,
            f64::MIN,
            1e9,
            1e9 + 1.0,
            1.0 + f64::EPSILON,
        ];
        let outcome = select(vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1e300]);
        let count = select(vec![1, 2, 1000, 1 << 40]);
        let row = (outcome, select(wild.to_vec()), select(wild.to_vec()), count);
        let row = row.prop_map(|(y, a, b, n)| ([y, a, b], n));
        proptest::collection::vec(row, 0..9)
    }

    proptest! {
        #[test]
        fn nothing_is_infinite_or_no_number(rows in wild()) {
            let table = Table::of(3, rows);
            let of = contest(&table);
            let zou = of.strengths.and_then(|strengths| strengths.zou(Confidence::default()));
            let all = [validate(&table.select(&[0, 1])), validate(&table.select(&[0, 2]))];
            let intervals = all.iter().map(|of| {
                let pearson = of.pearson.map(|pearson| pearson.interval(Confidence::default()));
                (pearson, of.auc.map(|auc| auc.interval(Confidence::default())))
            });
            let found = format!(
                "{of:?} {:?} {:?} {zou:?} {all:?} {:?} {:?} {:?} {:?}",
                of.williams(),
                of.steiger(),
                rank_kpis(&all),
                intervals.collect::<Vec<_>>(),
                logistic(&table),
                decide(std::slice::from_ref(&of)),
            );
            prop_assert!(!found.contains("NaN") && !found.contains("inf"), "{found}");
        }
    }
}
