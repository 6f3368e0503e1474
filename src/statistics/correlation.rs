//! Pearson's correlation of two columns, its test and its interval.
//!
//! It is the first answer to "does this KPI go with the outcome", and it never travels without
//! telling how much it could be by chance. Columns are centred and scaled first: sums of raw
//! squares of values around 10⁹ have no digits left.

use super::interval::{Confidence, Interval};
use super::scale::Scale;
use super::significance::Test;
use super::summation::Sum;
use super::table::Table;

/// Columns that determine each other have a correlation this close to ±1, but for rounding.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// A correlation of n rows (Pearson 1896).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// From −1 to 1; exactly ±1 where the columns determine each other.
    pub r: f64,
    /// How many rows.
    pub n: u64,
}

impl Correlation {
    /// A correlation that was computed elsewhere, as from moments; rounding beyond ±1 is taken
    /// away. None where it is not a number.
    #[must_use]
    pub fn new(r: f64, n: u64) -> Option<Self> {
        let r = match r {
            r if r.is_nan() => return None,
            r if r.abs() >= 1.0 - ROUNDING => 1.0_f64.copysign(r),
            r => r,
        };
        Some(Self { r, n })
    }

    /// t with n − 2 degrees of freedom (Student 1908). None for fewer than three rows, and for ±1,
    /// whose t is infinite.
    #[must_use]
    pub fn test(&self) -> Option<Test> {
        let df = self.n.checked_sub(2)? as f64;
        let unexplained = (1.0 - self.r) * (1.0 + self.r);
        Test::student(self.r * (df / unexplained).sqrt(), df)
    }

    /// P(|r| at least this large) for columns that have nothing to do with each other; 0 for ±1.
    /// None for fewer than three rows.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        if self.n > 2 && self.r.abs() >= 1.0 {
            return Some(0.0);
        }
        self.test().map(|test| test.p)
    }

    /// The interval of Fisher's z (1921): tanh(artanh r ± z/√(n − 3)). None for fewer than four
    /// rows, and for ±1.
    #[must_use]
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        let free = self.n.checked_sub(3).filter(|free| *free > 0)?;
        let z = self.r.atanh();
        let around = Interval::around(z, confidence.z() / (free as f64).sqrt());
        z.is_finite().then(|| Interval {
            low: around.low.tanh(),
            high: around.high.tanh(),
        })
    }
}

/// Pearson's correlation of the two columns of a table; none where one of them does not vary.
///
/// # Panics
/// Where the table has fewer than two columns.
#[must_use]
pub fn pearson(table: &Table) -> Option<Correlation> {
    pearson_of(table, 0, 1)
}

/// Pearson's correlation of two of the columns.
pub(super) fn pearson_of(table: &Table, a: usize, b: usize) -> Option<Correlation> {
    let scale = |column: usize| Scale::of(table.rows().map(move |(row, n)| (row[column], n)));
    let (of_a, of_b) = (scale(a)?, scale(b)?);
    let (mut aa, mut bb, mut ab) = (Sum::default(), Sum::default(), Sum::default());
    for (row, count) in table.rows() {
        let (x, y) = (of_a.deviation(row[a]), of_b.deviation(row[b]));
        let count = count as f64;
        aa.add_product(count * x, x);
        bb.add_product(count * y, y);
        ab.add_product(count * x, y);
    }
    let roots = aa.value().sqrt() * bb.value().sqrt();
    Correlation::new(ab.value() / roots, table.n())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn table(x: &[f64], y: &[f64]) -> Table {
        Table::of(2, x.iter().zip(y).map(|(x, y)| ([*x, *y], 1)))
    }

    #[track_caller]
    fn close(found: f64, expected: f64, digits: f64) {
        assert!(
            (found - expected).abs() < digits,
            "{found}, expected {expected}"
        );
    }

    const X: [f64; 4] = [10.0, 8.0, 13.0, 9.0];

    /// Anscombe (1973), Am. Statistician 27: all four have r = 0.816 and t of the slope 4.24.
    #[test]
    fn anscombe_1973() {
        let x = [10., 8., 13., 9., 11., 14., 6., 4., 12., 7., 5.];
        let y1 = [
            8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68,
        ];
        let y2 = [
            9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74,
        ];
        for y in [y1, y2] {
            let of = pearson(&table(&x, &y)).unwrap();
            close(of.r, 0.816, 5e-4);
            close(of.test().unwrap().statistic, 4.24, 5e-3);
            close(of.p().unwrap(), 0.00217, 2e-5);
        }
    }

    /// SciPy 1.17 `pearsonr(x, y)` with `confidence_interval()`.
    #[test]
    fn scipy_with_counts() {
        let rows = [
            ([1.0, 2.0], 3),
            ([2.0, 1.0], 1),
            ([4.0, 7.0], 2),
            ([5.0, 3.0], 4),
        ];
        let of = pearson(&Table::of(2, rows)).unwrap();
        close(of.r, SCIPY[0], 1e-14);
        close(of.p().unwrap(), SCIPY[1], 1e-13);
        let interval = of.interval(Confidence::default()).unwrap();
        close(interval.low, SCIPY[2], 1e-13);
        close(interval.high, SCIPY[3], 1e-13);
    }

    const SCIPY: [f64; 4] = [
        0.445_893_572_052_635,
        0.196_497_227_216_275_38,
        -0.255_449_132_176_922_8,
        0.839_760_267_532_691_4,
    ];

    #[test]
    fn values_around_a_billion_keep_their_digits() {
        // The pairs of a known trap: raw sums give 0.0079 for the first.
        let y = [1.0, 3.0, 2.0, 5.0, 4.0];
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        close(pearson(&table(&x, &y)).unwrap().r, 0.8, 1e-15);
        let far: Vec<f64> = x.iter().map(|x| 1e9 + x).collect();
        close(pearson(&table(&far, &y)).unwrap().r, 0.8, 1e-15);
        let farther: Vec<f64> = y.iter().map(|y| -1e15 + y).collect();
        close(pearson(&table(&far, &farther)).unwrap().r, 0.8, 1e-15);
        let huge: Vec<f64> = x.iter().map(|x| 3e307 * x).collect();
        close(pearson(&table(&huge, &y)).unwrap().r, 0.8, 1e-15);
    }

    #[test]
    fn columns_that_determine_each_other() {
        let down: Vec<f64> = X.iter().map(|x| 0.7 - x / 3.0).collect();
        let of = pearson(&table(&X, &down)).unwrap();
        assert_eq!((of.r, of.n), (-1.0, 4));
        assert_eq!((of.test(), of.p()), (None, Some(0.0)));
        assert_eq!(of.interval(Confidence::default()), None);
        let two = pearson(&table(&X[..2], &down[..2])).unwrap();
        assert_eq!((two.r, two.p()), (-1.0, None));
    }

    #[test]
    fn what_does_not_vary_does_not_correlate() {
        assert_eq!(pearson(&Table::new(2)), None);
        assert_eq!(pearson(&table(&[1.0], &[2.0])), None);
        assert_eq!(pearson(&table(&[1.0, 1.0], &[2.0, 3.0])), None);
        assert_eq!(pearson(&table(&[1.0, 2.0], &[3.0, 3.0])), None);
        assert_eq!(Correlation::new(f64::NAN, 10), None);
    }

    #[test]
    fn few_rows_have_no_interval_and_no_correlation_is_no_evidence() {
        let of = |n| Correlation::new(0.5, n).unwrap();
        let level = Confidence::default();
        assert_eq!((of(2).p(), of(3).interval(level)), (None, None));
        // One degree of freedom: the t of r = ½ is 1/√3, and P(|T| ≥ tan 30°) = ⅔.
        close(of(3).p().unwrap(), 2.0 / 3.0, 1e-14);
        assert!(of(4).interval(level).is_some());
        let none = Correlation::new(0.0, 100).unwrap();
        close(none.p().unwrap(), 1.0, 1e-15);
        assert_eq!(Correlation::new(1.0 + 1e-15, 9), Correlation::new(1.0, 9));
    }

    fn pairs() -> impl Strategy<Value = Vec<([f64; 2], u64)>> {
        let value = || (-20_i32..20).prop_map(f64::from);
        let row = (value(), value(), 1_u64..5).prop_map(|(x, y, n)| ([x, y], n));
        proptest::collection::vec(row, 2..20)
    }

    proptest! {
        #[test]
        fn exchanging_shifting_and_scaling_do_not_matter(rows in pairs()) {
            let of = pearson(&Table::of(2, rows.clone()));
            let other = rows.iter().map(|([x, y], n)| ([1e9 - 16.0 * y, 1e-3 * x], *n));
            let other = pearson(&Table::of(2, other));
            prop_assert_eq!(of.is_some(), other.is_some());
            if let (Some(of), Some(other)) = (of, other) {
                prop_assert!((of.r + other.r).abs() < 1e-12);
                prop_assert!(of.r.abs() <= 1.0 && of.p().is_none_or(|p| (0.0..=1.0).contains(&p)));
            }
        }
    }
}
