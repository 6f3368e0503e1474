//! Rank correlations of two columns: Spearman's rho and Kendall's tau-b.
//!
//! Scores are ordered, not measured: a 10 is more than a 9, nobody knows by how much. Both
//! correlations use the order only, and both are sums of whole numbers, so they are exact until
//! the last division.

use super::table::Table;

/// Sums of products of three counts fit into 128 bits up to so many rows.
const MOST_ROWS: u64 = 1 << 42;

/// Spearman's rho (1904): Pearson's correlation of mid-ranks. None where a column does not vary,
/// and for more than 2⁴² rows.
///
/// # Panics
/// Where the table has fewer than two columns.
#[must_use]
pub fn spearman(table: &Table) -> Option<f64> {
    if table.n() > MOST_ROWS {
        return None;
    }
    let (of_x, of_y) = (Order::of(table, 0), Order::of(table, 1));
    let (mut xx, mut yy, mut xy) = (0_i128, 0_i128, 0_i128);
    for (row, count) in table.rows() {
        let (x, y) = (of_x.deviation(row[0]), of_y.deviation(row[1]));
        let count = i128::from(count);
        xx += count * x * x;
        yy += count * y * y;
        xy += count * x * y;
    }
    ratio(xy, xx, yy)
}

/// Kendall's tau-b (1945): pairs of rows in the same order less pairs in opposite order, over the
/// geometric mean of the pairs that differ in one column and in the other. None where a column
/// does not vary.
///
/// Knight (1966), J. Am. Stat. Assoc. 61, counts pairs by sorting; here a tree of running counts
/// (Fenwick 1994) does it for distinct rows.
///
/// # Panics
/// Where the table has fewer than two columns.
#[must_use]
pub fn kendall(table: &Table) -> Option<f64> {
    let (of_x, of_y) = (Order::of(table, 0), Order::of(table, 1));
    let mut before = Running::new(of_y.values.len());
    let mut waiting: Vec<(usize, u64)> = Vec::new();
    let (mut seen, mut last, mut excess) = (0_u64, None, 0_i128);
    for (row, count) in table.rows() {
        // Rows with the same first value form no pair: they count once all of them are through.
        if last.is_none_or(|last| last < row[0]) {
            for (place, count) in waiting.drain(..) {
                before.add(place, count);
                seen += count;
            }
            last = Some(row[0]);
        }
        let place = of_y.place(row[1]);
        let below = before.until(place);
        let above = seen - before.until(place + 1);
        excess += (i128::from(below) - i128::from(above)) * i128::from(count);
        waiting.push((place, count));
    }
    ratio(excess, of_x.differing_pairs(), of_y.differing_pairs())
}

/// xy/√(xx·yy) of whole numbers, −1 to 1; none where xx or yy is 0.
fn ratio(xy: i128, xx: i128, yy: i128) -> Option<f64> {
    // The root of a square is exact, and so is a correlation of 1.
    let root = (xx as f64 * yy as f64).sqrt();
    (xx > 0 && yy > 0).then(|| (xy as f64 / root).clamp(-1.0, 1.0))
}

/// The values of a column in ascending order, each with how many rows are below it and how many
/// have it.
struct Order {
    values: Vec<(f64, u64, u64)>,
    n: u64,
}

impl Order {
    fn of(table: &Table, column: usize) -> Self {
        let mut below = 0;
        let counted = table.margin(column).into_iter().map(|(value, count)| {
            below += count;
            (value, below - count, count)
        });
        Self {
            values: counted.collect(),
            n: table.n(),
        }
    }

    /// The place of a value among the distinct ones.
    fn place(&self, value: f64) -> usize {
        self.values.partition_point(|(other, _, _)| *other < value)
    }

    /// Twice the difference of a value's mid-rank from the mean rank: a whole number.
    fn deviation(&self, value: f64) -> i128 {
        let (_, below, count) = self.values[self.place(value)];
        2 * i128::from(below) + i128::from(count) - i128::from(self.n)
    }

    /// How many pairs of rows differ in the column.
    fn differing_pairs(&self) -> i128 {
        let pair = |(_, below, count): &(f64, u64, u64)| i128::from(*below) * i128::from(*count);
        self.values.iter().map(pair).sum()
    }
}

/// Counts at places, with sums up to any place (Fenwick 1994, Software: Practice & Experience 24).
struct Running {
    tree: Vec<u64>,
}

impl Running {
    fn new(places: usize) -> Self {
        Self {
            tree: vec![0; places + 1],
        }
    }

    fn add(&mut self, place: usize, count: u64) {
        let mut node = place + 1;
        while let Some(sum) = self.tree.get_mut(node) {
            *sum += count;
            node += node & node.wrapping_neg();
        }
    }

    /// How many are at places before this one.
    fn until(&self, place: usize) -> u64 {
        let mut node = place;
        let mut sum = 0;
        while node > 0 {
            sum += self.tree[node];
            node &= node - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn table(x: &[f64], y: &[f64]) -> Table {
        Table::of(2, x.iter().zip(y).map(|(x, y)| ([*x, *y], 1)))
    }

    #[track_caller]
    fn close(found: Option<f64>, expected: f64, digits: f64) {
        let is_close = found.is_some_and(|found| (found - expected).abs() < digits);
        assert!(is_close, "{found:?}, expected {expected}");
    }

    /// Hollander & Wolfe (1973), p. 185: lightness and panel score of tuna; R's `cor.test` gives
    /// tau = 0.4444444 and rho = 0.6.
    #[test]
    fn hollander_wolfe_1973_tuna() {
        let x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
        let y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
        close(kendall(&table(&x, &y)), 4.0 / 9.0, 1e-15);
        close(spearman(&table(&x, &y)), 0.6, 1e-15);
    }

    /// SciPy 1.17 `spearmanr` and `kendalltau`.
    #[test]
    fn scipy_with_ties_and_counts() {
        let rows = [
            ([1.0, 2.0], 3),
            ([2.0, 1.0], 1),
            ([4.0, 7.0], 2),
            ([5.0, 3.0], 4),
        ];
        let counted = Table::of(2, rows);
        close(spearman(&counted), 0.6, 1e-15);
        close(kendall(&counted), 0.371_428_571_428_571_4, 1e-15);
    }

    /// By hand: of the six pairs of 1 1 2 3 with 5 7 6 7 three go along, one against, one ties in
    /// x, one in y. Doubled ranks less 5 are −2 −2 1 3 and −3 2 −1 2.
    #[test]
    fn ties_by_hand() {
        let of = table(&[1.0, 1.0, 2.0, 3.0], &[5.0, 7.0, 6.0, 7.0]);
        close(kendall(&of), (3.0 - 1.0) / 5.0, 1e-15);
        close(spearman(&of), 7.0 / 18.0, 1e-15);
    }

    #[test]
    fn what_does_not_vary_has_no_order() {
        for of in [
            Table::new(2),
            table(&[1.0], &[2.0]),
            table(&[1.0, 1.0], &[2.0, 3.0]),
            table(&[1.0, 2.0], &[3.0, 3.0]),
        ] {
            assert_eq!((spearman(&of), kendall(&of)), (None, None));
        }
    }

    #[test]
    fn counts_beyond_what_doubles_hold_are_exact() {
        let half = 1_u64 << 41;
        let most = Table::of(2, [([0.0, 0.0], half), ([1.0, 1.0], half)]);
        assert_eq!((spearman(&most), kendall(&most)), (Some(1.0), Some(1.0)));
        let huge = Table::of(2, [([0.0, 1.0], 1 << 62), ([1.0, 0.0], 1 << 62)]);
        assert_eq!((spearman(&huge), kendall(&huge)), (None, Some(-1.0)));
    }

    fn rows() -> impl Strategy<Value = Vec<([f64; 2], u64)>> {
        let value = || (0_i32..8).prop_map(f64::from);
        let row = (value(), value(), 1_u64..4).prop_map(|(x, y, n)| ([x, y], n));
        proptest::collection::vec(row, 1..16)
    }

    /// Every pair of rows, one after the other.
    fn brute_tau(rows: &[([f64; 2], u64)]) -> Option<f64> {
        let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (p, m) in rows {
            for (q, n) in rows {
                let (x, y) = (sign(p[0] - q[0]), sign(p[1] - q[1]));
                let pairs = (m * n) as f64;
                xy += pairs * x * y;
                xx += pairs * x * x;
                yy += pairs * y * y;
            }
        }
        (xx * yy > 0.0).then(|| xy / (xx * yy).sqrt())
    }

    proptest! {
        #[test]
        fn tau_is_what_counting_every_pair_gives(rows in rows()) {
            let (found, brute) = (kendall(&Table::of(2, rows.clone())), brute_tau(&rows));
            prop_assert_eq!(found.is_some(), brute.is_some());
            prop_assert!((found.unwrap_or(0.0) - brute.unwrap_or(0.0)).abs() < 1e-14);
        }

        #[test]
        fn only_the_order_matters_and_turning_round_turns_the_sign(rows in rows()) {
            let of = Table::of(2, rows.clone());
            let other = Table::of(2, rows.iter().map(|([x, y], n)| ([-(0.5 * y).exp(), x.powi(3)], *n)));
            for measure in [spearman, kendall] {
                let turned = measure(&other).map(|r| -r);
                prop_assert_eq!(measure(&of), turned);
            }
        }
    }
}
