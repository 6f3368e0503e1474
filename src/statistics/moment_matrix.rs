//! Sums and sums of products of several columns: the mergeable state behind [`CrossProducts`].
//!
//! Raw sums merge and retract by mere addition; as double-doubles they stay exact enough to subtract
//! Σx·Σy/n for values around 1e9. Scores and flags are whole numbers, and those are exact: blocks
//! of them are summed in plain doubles that cannot round, many rows a cycle, and whatever the order
//! and the split, the state is the same to the last bit.
//!
//! The state is a flat slice, so that a million groups can lie side by side in one vector.

use super::Error;
use super::block::{BLOCK, Kind, LANES, plain_product_sum, plain_sum, product_sum, sum};
use super::cross_products::CrossProducts;
use super::moments::{ROUNDING, WORN};
use super::significance::finite;
use super::summation::Sum;

/// n, Σxᵢ and Σxᵢxⱼ of finite columns, over a slice of [`MomentMatrix::parts`] doubles that it owns
/// (`Vec<f64>`) or borrows (`&mut [f64]`, or `&[f64]` to read).
///
/// The slice holds: how many rows; how many operations may have rounded; per column the largest Σx²
/// that a removal found; the sums; the sums of products, the lower triangle row by row. A sum is
/// two doubles. All zero is the empty state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MomentMatrix<S = Vec<f64>> {
    width: usize,
    cells: S,
}

impl MomentMatrix {
    /// How many doubles the state of so many columns takes.
    #[must_use]
    pub fn parts(width: usize) -> usize {
        2 + width + 2 * width + width * (width + 1)
    }

    /// The empty state.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self::over(width, vec![0.0; Self::parts(width)])
    }
}

impl<S: AsRef<[f64]>> MomentMatrix<S> {
    /// The state kept in a slice: zeros, or what [`MomentMatrix::cells`] gave.
    ///
    /// # Panics
    /// When the slice has another length than [`MomentMatrix::parts`].
    #[must_use]
    pub fn over(width: usize, cells: S) -> Self {
        let parts = MomentMatrix::parts(width);
        assert_eq!(
            cells.as_ref().len(),
            parts,
            "the state is of so many columns"
        );
        Self { width, cells }
    }

    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.cells()[0] as u64
    }

    /// The state to store.
    #[must_use]
    pub fn cells(&self) -> &[f64] {
        self.cells.as_ref()
    }

    /// Whether a row that was removed took digits along that the others need.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        (0..self.width).any(|column| {
            let raw = self.sum(self.product_place(column, column)).value();
            self.cells()[2 + column] > WORN * raw
        })
    }

    /// Means and centred products; zeros where there are no rows. A column whose values differ by no
    /// more than rounding has an exact 0 with every column.
    ///
    /// # Errors
    /// [`Error::Overflow`] where values are too large to be squared and summed,
    /// [`Error::Precision`] where they differ, but by less than their squares can hold.
    pub fn cross_products(&self) -> Result<CrossProducts, Error> {
        let n = self.cells()[0].max(1.0);
        let sums = (0..self.width).map(|column| self.total(column).over(Sum::from(n)));
        let sums: Vec<Sum> = sums.collect();
        let means = sums.iter().map(|mean| finite(mean.value()));
        let means: Vec<f64> = means.collect::<Result<_, _>>()?;
        let square = |column: usize| {
            let square = self.square(column, means[column], n);
            finite(square.value())?;
            if square.value() <= 0.0 && self.differs(column, means[column], n) {
                return Err(Error::Precision);
            }
            Ok(square)
        };
        let squares: Vec<Sum> = (0..self.width).map(square).collect::<Result<_, _>>()?;
        let varies = |column: usize| squares[column].value() > 0.0;
        let mut products = Vec::with_capacity(self.width * (self.width + 1) / 2);
        for row in 0..self.width {
            for column in 0..row {
                products.push(if varies(row) && varies(column) {
                    self.centred([row, column], [means[row], means[column]], n)
                } else {
                    Sum::default()
                });
            }
            products.push(squares[row]);
        }
        Ok(CrossProducts::of_sums(self.n(), sums, products))
    }

    /// Σ(x − x̄)², or 0 where it is no more than what the operations so far may have left of it: a
    /// large value that was removed leaves the rounding of its square.
    fn square(&self, column: usize, mean: f64, n: f64) -> Sum {
        let squares = self.centred([column, column], [mean, mean], n);
        let (operations, peak) = (self.cells()[1], self.cells()[2 + column]);
        let raw = self.sum(self.product_place(column, column)).value();
        let left = if operations > 0.0 {
            (operations + 64.0) * ROUNDING * raw.max(peak)
        } else {
            0.0
        };
        if squares.value() <= left {
            Sum::default()
        } else {
            squares
        }
    }

    /// Whether values differ for certain, whatever their squares say: n times the same double needs
    /// no more digits than a sum has, unless a larger value that was removed took some along.
    fn differs(&self, column: usize, mean: f64, n: f64) -> bool {
        let (operations, peak) = (self.cells()[1], self.cells()[2 + column]);
        let apart = self.total(column).minus(Sum::product(n, mean)).value();
        // No sum of so many values was larger, by Cauchy and Schwarz.
        let largest = ((operations + n) * peak).sqrt();
        operations > 0.0 && apart.abs() > (operations + 64.0) * ROUNDING * largest
    }

    /// Σ(x − x̄)(y − ȳ), taken about the whole numbers next to the means: with those nothing rounds
    /// that the sums have not rounded before, and what is left to divide by n is small.
    fn centred(&self, [row, column]: [usize; 2], means: [f64; 2], n: f64) -> Sum {
        let [x, y] = means.map(f64::round);
        let below = |place: usize, mean: f64| self.total(place).minus(Sum::product(n, mean));
        let (rest_x, rest_y) = (below(row, x), below(column, y));
        let raw = self.sum(self.product_place(row, column));
        let about = raw
            .minus(self.total(column).scaled(x))
            .minus(rest_x.scaled(y));
        about.minus(rest_x.times(rest_y).over(Sum::from(n)))
    }

    fn total(&self, column: usize) -> Sum {
        self.sum(self.sum_place(column))
    }

    fn sum(&self, place: usize) -> Sum {
        Sum::from_parts([self.cells()[place], self.cells()[place + 1]])
    }

    fn sum_place(&self, column: usize) -> usize {
        2 + self.width + 2 * column
    }

    fn product_place(&self, row: usize, column: usize) -> usize {
        2 + 3 * self.width + row * (row + 1) + 2 * column
    }
}

impl<S: AsRef<[f64]> + AsMut<[f64]>> MomentMatrix<S> {
    /// Adds a row.
    pub fn add_row(&mut self, row: &[f64]) {
        self.count(1.0, Kind::of(row), 1.0);
        self.add_signed(row, 1.0);
    }

    /// Takes away a row that was added before.
    pub fn remove_row(&mut self, row: &[f64]) {
        if self.cells()[0] <= 1.0 {
            self.cells.as_mut().fill(0.0);
            return;
        }
        self.count(-1.0, Kind::of(row), 2.0);
        if self.cells()[1] > 0.0 {
            for column in 0..self.width {
                let square = self.sum(self.product_place(column, column)).value();
                let peak = &mut self.cells.as_mut()[2 + column];
                *peak = peak.max(square);
            }
        }
        self.add_signed(row, -1.0);
    }

    /// Adds rows given column by column, each as long as the others.
    ///
    /// # Panics
    /// When there are more or fewer columns, or they differ in length.
    pub fn add_rows(&mut self, columns: &[&[f64]]) {
        assert_eq!(columns.len(), self.width, "a row is as wide as its state");
        let rows = columns.first().map_or(0, |column| column.len());
        let is_even = columns.iter().all(|column| column.len() == rows);
        assert!(is_even, "columns are equally long");
        for start in (0..rows).step_by(BLOCK) {
            let end = rows.min(start + BLOCK);
            let block = columns.iter().map(|column| &column[start..end]);
            self.add_block(&block.collect::<Vec<_>>());
        }
    }

    /// Adds the rows of another state of as many columns.
    ///
    /// # Panics
    /// When it has another width.
    pub fn merge<T: AsRef<[f64]>>(&mut self, other: &MomentMatrix<T>) {
        assert_eq!(self.width, other.width, "states are of the same columns");
        let (first, width) = (self.sum_place(0), self.width);
        let (cells, others) = (self.cells.as_mut(), other.cells());
        cells[0] += others[0];
        let rounded = cells[1] + others[1];
        cells[1] = if rounded > 0.0 { rounded + 1.0 } else { 0.0 };
        for column in 2..2 + width {
            cells[column] = cells[column].max(others[column]);
        }
        let pairs = cells[first..].chunks_exact_mut(2);
        for (cell, other) in pairs.zip(others[first..].chunks_exact(2)) {
            let mut sum = Sum::from_parts([cell[0], cell[1]]);
            sum.merge(Sum::from_parts([other[0], other[1]]));
            cell.copy_from_slice(&sum.to_parts());
        }
    }

    /// Notes rows of a kind, and the operations on each sum that they take. Sums of whole numbers do
    /// not round, as long as nothing else was added.
    fn count(&mut self, rows: f64, kind: Kind, operations: f64) {
        let cells = self.cells.as_mut();
        cells[0] += rows;
        if kind == Kind::Real || cells[1] > 0.0 {
            cells[1] += operations;
        }
    }

    fn add_signed(&mut self, row: &[f64], sign: f64) {
        assert_eq!(row.len(), self.width, "a row is as wide as its state");
        let is_small = Kind::of(row) == Kind::Small;
        for (place, x) in row.iter().enumerate() {
            let x = sign * x;
            self.add_to(self.sum_place(place), Sum::from(x));
            let products = self.product_place(place, 0);
            for (other, y) in row[..=place].iter().enumerate() {
                let product = if is_small {
                    Sum::from(x * y)
                } else {
                    Sum::product(x, *y)
                };
                self.add_to(products + 2 * other, product);
            }
        }
    }

    fn add_block(&mut self, columns: &[&[f64]]) {
        let kinds: Vec<Kind> = columns.iter().map(|column| Kind::of(column)).collect();
        let rows = columns.first().map_or(0, |column| column.len());
        let weakest = kinds.iter().copied().max().unwrap_or(Kind::Small);
        // Lanes next to each other round side by side, not one after the other.
        let depth = match weakest {
            Kind::Real => rows / LANES + 2 * LANES,
            Kind::Small | Kind::Whole => 1,
        };
        self.count(rows as f64, weakest, depth as f64);
        for (row, x) in columns.iter().enumerate() {
            let sum = match kinds[row] {
                Kind::Small | Kind::Whole => Sum::from(plain_sum(x)),
                Kind::Real => sum(x),
            };
            self.add_to(self.sum_place(row), sum);
            for (column, y) in columns[..=row].iter().enumerate() {
                let product = match kinds[row].max(kinds[column]) {
                    Kind::Small => Sum::from(plain_product_sum(x, y)),
                    Kind::Whole | Kind::Real => product_sum(x, y),
                };
                self.add_to(self.product_place(row, column), product);
            }
        }
    }

    #[inline]
    fn add_to(&mut self, place: usize, term: Sum) {
        let mut sum = self.sum(place);
        sum.merge(term);
        self.cells.as_mut()[place..place + 2].copy_from_slice(&sum.to_parts());
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    type Rows = Vec<[f64; 3]>;

    fn by_rows(rows: &[[f64; 3]]) -> MomentMatrix {
        let mut state = MomentMatrix::new(3);
        rows.iter().for_each(|row| state.add_row(row));
        state
    }

    fn by_columns(rows: &[[f64; 3]]) -> MomentMatrix {
        let mut state = MomentMatrix::new(3);
        let columns = [0, 1, 2].map(|column| rows.iter().map(|row| row[column]).collect());
        let columns: [Vec<f64>; 3] = columns;
        state.add_rows(&columns.each_ref().map(Vec::as_slice));
        state
    }

    fn bits(state: &MomentMatrix) -> Vec<u64> {
        state.cells().iter().map(|cell| cell.to_bits()).collect()
    }

    fn of(rows: &[[f64; 3]]) -> CrossProducts {
        by_rows(rows).cross_products().unwrap()
    }

    /// The largest difference of two matrices, in units of the columns' own variation.
    fn distance(a: &CrossProducts, b: &CrossProducts) -> f64 {
        let mut most = 0.0_f64;
        for row in 0..3 {
            for column in 0..3 {
                let unit = (b.products.at(row, row) * b.products.at(column, column)).sqrt();
                let apart = (a.products.at(row, column) - b.products.at(row, column)).abs();
                most = most.max(if apart > 0.0 { apart / unit } else { 0.0 });
            }
        }
        most
    }

    /// Rows, operations, and per column a peak; per sum and per product of two columns two doubles.
    #[test]
    fn the_state_is_as_long_as_it_says() {
        assert_eq!(
            [0, 1, 2].map(MomentMatrix::parts),
            [2, 2 + 1 + 4, 2 + 2 + 2 * (2 + 3)]
        );
    }

    /// By hand: 1, 2, 3 against 2, 2, 5, and a constant.
    #[test]
    fn by_hand() {
        let found = of(&[[1.0, 2.0, 7.0], [2.0, 2.0, 7.0], [3.0, 5.0, 7.0]]);
        assert_eq!((found.n, found.means), (3, vec![2.0, 3.0, 7.0]));
        let expected = [[2.0, 3.0, 0.0], [3.0, 6.0, 0.0], [0.0, 0.0, 0.0]];
        for (row, cells) in expected.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                assert!((found.products.at(row, column) - cell).abs() < 1e-15);
            }
        }
    }

    /// Blocks have an edge at 4,096 rows and lanes one at 8. Whole numbers around 10⁶ come close to
    /// what a block of plain doubles can hold, the next larger are beyond it.
    #[test]
    fn whole_numbers_at_the_edges_are_exact() {
        for offset in [
            0_i128,
            1_048_576 - 3,
            1_048_576 - 2,
            1_000_000_000,
            -4_294_967_290,
        ] {
            for n in [1_i128, 7, 8, 4095, 4096, 4097, 8201] {
                let row = |i: i128| [offset + i % 4, offset + (i * i) % 4, -offset - i % 3];
                let rows: Vec<[i128; 3]> = (0..n).map(row).collect();
                let doubles: Rows = rows.iter().map(|row| row.map(|x| x as f64)).collect();
                let state = by_columns(&doubles);
                assert_eq!(bits(&state), bits(&by_rows(&doubles)), "{offset} {n}");
                let found = state.cross_products().unwrap();
                for a in 0..3 {
                    for b in 0..3 {
                        let total =
                            |column: usize| rows.iter().map(|row| row[column]).sum::<i128>();
                        let products: i128 = rows.iter().map(|row| row[a] * row[b]).sum();
                        let exact = (n * products - total(a) * total(b)) as f64 / n as f64;
                        let room = 1e-15 * exact.abs();
                        let apart = (found.products.at(a, b) - exact).abs();
                        assert!(apart <= room, "{offset} {n} {a} {b}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_never_varies_is_exactly_zero() {
        for x in [0.1, 1e9 / 3.0, -7.3e-5, 9.0] {
            let rows: Rows = (0..5000).map(|i| [x, f64::from(i % 7) * 0.3, x]).collect();
            for state in [by_rows(&rows), by_columns(&rows)] {
                let found = state.cross_products().unwrap();
                assert!(!found.varies(0) && found.varies(1) && !found.varies(2));
                assert_eq!(found.products.at(1, 0).to_bits(), 0);
                assert_eq!(found.products.at(2, 1).to_bits(), 0);
                assert_eq!(found.products.at(2, 0).to_bits(), 0);
            }
        }
    }

    #[test]
    fn a_small_variation_of_large_values_is_one() {
        let rows: Rows = (0..5000)
            .map(|i| [1e9, 1e9 + f64::from(i % 2), 0.0])
            .collect();
        let found = by_columns(&rows).cross_products().unwrap();
        assert!((found.products.at(1, 1) - 1250.0).abs() < 1e-9);
        let rows: Rows = (0..5000)
            .map(|i| [1e5, 1e5 + 0.01 * f64::from(i % 2), 0.5])
            .collect();
        let found = by_columns(&rows).cross_products().unwrap();
        assert!((found.products.at(1, 1) / 0.125 - 1.0).abs() < 1e-8);
    }

    /// Half a trillion answers of 2³² and one that is 1 less: whole numbers are exact, so the one
    /// counts, though it is less than as many roundings would leave.
    #[test]
    fn one_answer_of_half_a_trillion_is_seen() {
        let large = 4_294_967_296.0;
        let mut state = MomentMatrix::new(1);
        state.add_row(&[large]);
        for _ in 0..39 {
            let same = state.clone();
            state.merge(&same);
        }
        state.add_row(&[large - 1.0]);
        let found = state.cross_products().unwrap();
        assert!((found.products.at(0, 0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_large_value_that_left_leaves_no_variation() {
        let mut state = by_rows(&[[0.1, 0.1, 1.0], [12_345.678, -9e8, 2.0], [0.1, 0.1, 3.0]]);
        state.remove_row(&[12_345.678, -9e8, 2.0]);
        let found = state.cross_products().unwrap();
        assert!(!found.varies(0) && !found.varies(1) && found.varies(2));
        state.remove_row(&[0.1, 0.1, 1.0]);
        state.remove_row(&[0.1, 0.1, 3.0]);
        assert_eq!(state, MomentMatrix::new(3));
    }

    /// Halves around 10¹⁵ and units of 10⁻¹⁷⁰: their squares differ in no digit that is kept. The same
    /// values all over are told from them, also where others came and left.
    #[test]
    fn what_squares_cannot_hold_is_no_constant() {
        let rows = |base: f64, unit: f64| -> Rows {
            (0..1000_u32)
                .map(|i| base + unit * f64::from(i * i % 7))
                .map(|x| [x, x, 1.0])
                .collect()
        };
        let far = by_columns(&rows(1e15, 0.5));
        assert_eq!(far.cross_products(), Err(Error::Precision));
        let small = by_rows(&rows(0.0, 1e-170));
        assert_eq!(small.cross_products(), Err(Error::Precision));
        for same in [1e15 + 0.125, 1e-170, 1e15] {
            let mut state = by_rows(&rows(same, 0.0));
            assert!(!state.cross_products().unwrap().varies(0));
            for gone in [same * 3.7, 1e20, 0.3] {
                state.add_row(&[gone, gone, 1.0]);
                state.remove_row(&[gone, gone, 1.0]);
            }
            let found = state.cross_products().unwrap();
            assert!(!found.varies(0) && !found.varies(1), "{same}");
        }
        let mut slid = by_rows(&rows(1e15, 0.5));
        for row in rows(1e15, 0.5) {
            slid.add_row(&row);
            slid.remove_row(&row);
        }
        assert_eq!(slid.cross_products(), Err(Error::Precision));
    }

    /// 4000.5² is more than a million times 3.5², 2900.5² is less; one column is enough.
    #[test]
    fn what_was_a_million_times_as_large_wears() {
        let without = |large: f64| {
            let rows = [[3.5, 3.5, 1.0], [3.5, large, 2.0]];
            let mut state = by_rows(&rows);
            assert!(!state.is_worn());
            state.remove_row(&rows[1]);
            state.is_worn()
        };
        assert!(without(4000.5));
        assert!(!without(2900.5));
        assert!(!without(0.0));
        assert!(!MomentMatrix::new(3).is_worn());
    }

    /// Whole numbers do not round among themselves, but they do on top of others.
    #[test]
    fn roundings_are_counted() {
        let mut state = by_columns(&[[1.0, 2.0, 3.0]; 5000]);
        state.add_row(&[4.0, 5.0, -6e9]);
        assert!((state.cells()[1] - 1.0).abs() < 0.5);
        state.add_row(&[1.0, 2.0, 3.0]);
        assert!((state.cells()[1] - 2.0).abs() < 0.5);
        let whole = by_rows(&[[1.0, 2.0, 3.0]; 9]);
        state.merge(&whole);
        assert!((state.cells()[1] - 3.0).abs() < 0.5 && whole.cells()[1].abs() < 0.5);
    }

    #[test]
    fn groups_lie_side_by_side() {
        let parts = MomentMatrix::parts(3);
        let mut groups = vec![0.0; 2 * parts];
        for (group, cells) in groups.chunks_exact_mut(parts).enumerate() {
            MomentMatrix::over(3, cells).add_row(&[group as f64, 0.5, 2.0]);
        }
        let second = MomentMatrix::over(3, &groups[parts..]);
        assert_eq!((second.n(), second.width()), (1, 3));
        assert_eq!(second.cells(), by_rows(&[[1.0, 0.5, 2.0]]).cells());
    }

    #[test]
    fn nothing_and_too_much() {
        let empty = MomentMatrix::new(3).cross_products().unwrap();
        assert_eq!((empty.n, empty.means.clone()), (0, vec![0.0; 3]));
        let large = by_rows(&[[1e200, 0.0, 0.0], [2e200, 0.0, 0.0]]);
        assert_eq!(large.cross_products(), Err(Error::Overflow));
        let large = by_columns(&[[1e308, 0.0, 0.0], [1e308, 0.0, 0.0]]);
        assert_eq!(large.cross_products(), Err(Error::Overflow));
    }

    fn whole() -> impl Strategy<Value = Rows> {
        let value = -5_i32..5;
        let row = (value.clone(), value.clone(), value);
        vec(row, 0..60).prop_map(|rows| {
            rows.iter()
                .map(|(a, b, c)| {
                    [
                        f64::from(*a),
                        f64::from(a + b) + 1e9,
                        f64::from(*c) * 70_000.0,
                    ]
                })
                .collect()
        })
    }

    /// Money and measurements of very different size.
    fn real() -> impl Strategy<Value = Rows> {
        let value = -1e4_f64..1e4;
        let row = (value.clone(), value.clone(), value);
        vec(row, 2..60).prop_map(|rows| {
            rows.iter()
                .map(|(a, b, c)| [*a, a * 1e-6 + b, c * 1e5 + 1e9])
                .collect()
        })
    }

    proptest! {
        #[test]
        fn whole_numbers_are_the_same_to_the_last_bit(
            rows in whole(), detour in whole(), cut in 0_usize..60
        ) {
            let (first, second) = rows.split_at(cut.min(rows.len()));
            let mut split = by_columns(second);
            detour.iter().for_each(|row| split.add_row(row));
            split.merge(&by_rows(first));
            detour.iter().rev().for_each(|row| split.remove_row(row));
            let mut reversed = rows.clone();
            reversed.reverse();
            prop_assert_eq!(bits(&split), bits(&by_rows(&rows)));
            prop_assert_eq!(bits(&by_columns(&reversed)), bits(&by_rows(&rows)));
        }

        #[test]
        fn any_split_and_any_detour_give_the_same_matrix(
            rows in real(), detour in real(), cut in 0_usize..60
        ) {
            let (first, second) = rows.split_at(cut.min(rows.len()));
            let mut split = by_columns(second);
            detour.iter().for_each(|row| split.add_row(row));
            split.merge(&by_rows(first));
            detour.iter().for_each(|row| split.remove_row(row));
            prop_assert_eq!(split.n(), rows.len() as u64);
            prop_assert!(distance(&split.cross_products().unwrap(), &of(&rows)) < 1e-12);
        }

        /// Multiples of 2⁻¹⁰ are as exact at 1e9 as they are at 0.
        #[test]
        fn offsets_do_not_matter(
            rows in vec((-9999_i32..9999, -9999_i32..9999, -9_i32..9), 2..60), offset in -1_000_000_000_i32..1_000_000_000
        ) {
            let at = |offset: f64| -> Rows {
                let row = |(a, b, c): &(i32, i32, i32)| [a, b, c].map(|x| f64::from(*x) / 1024.0 + offset);
                rows.iter().map(row).collect()
            };
            let (near, far) = (at(0.0), at(f64::from(offset)));
            prop_assert!(distance(&of(&far), &of(&near)) < 1e-9);
            let shift = by_columns(&far).cross_products().unwrap().means[0] - of(&near).means[0];
            prop_assert!((shift - f64::from(offset)).abs() < 2.5e-7);
            let columns = [0, 1, 2].map(|column| near.iter().map(|row| row[column]).collect());
            prop_assert!(distance(&of(&near), &CrossProducts::of(&columns)) < 1e-12);
        }

        #[test]
        fn stored_states_come_back_whole(rows in real()) {
            let state = by_rows(&rows);
            let stored = state.cells().to_vec();
            prop_assert_eq!(MomentMatrix::over(3, stored), state);
        }
    }
}
