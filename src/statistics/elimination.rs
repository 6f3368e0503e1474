//! Gaussian elimination with double-doubles: regressions from sums of products to the last digit.
//!
//! Sums of products lose twice the digits that the data lose to regressors that are nearly collinear.
//! Sums of 31 digits have them to lose: what is left is more than a QR decomposition of the data leaves
//! in doubles. A = L·D·Lᵀ with ones on the diagonal of L (Gauss 1809).

use super::summation::Sum;

/// A positive definite matrix, decomposed.
#[derive(Debug, Clone)]
pub(super) struct Eliminated {
    size: usize,
    /// What each row is divided by, powers of two that bring the diagonal close to 1.
    units: Vec<f64>,
    /// L below the diagonal, D on it, in full rows.
    cells: Vec<Sum>,
    /// The diagonal before anything was taken out.
    whole: Vec<Sum>,
}

impl Eliminated {
    /// Of the cells of the lower triangle, whose diagonal is positive; or the first row of which no
    /// more than a share of `own` is left once the rows before it are taken out. The last row may have
    /// nothing left.
    pub(super) fn of(
        size: usize,
        own: f64,
        cell: impl Fn(usize, usize) -> Sum,
    ) -> Result<Self, usize> {
        let unit = |place: usize| power_of_two(cell(place, place).value().sqrt());
        let units: Vec<f64> = (0..size).map(unit).collect();
        let scaled = |row: usize, column: usize| {
            // One after the other: their product may be too small for a double.
            shifted(
                shifted(cell(row, column), 1.0 / units[row]),
                1.0 / units[column],
            )
        };
        let mut found = Self {
            size,
            cells: vec![Sum::default(); size * size],
            whole: (0..size).map(|place| scaled(place, place)).collect(),
            units: units.clone(),
        };
        for row in 0..size {
            // What is shared with each row before, before and after it is divided by what that has left.
            let mut shared = vec![Sum::default(); row];
            let mut left = scaled(row, row);
            for column in 0..row {
                let mut sum = scaled(row, column);
                for (place, before) in shared[..column].iter().enumerate() {
                    sum = sum.minus(before.times(found.at(column, place)));
                }
                shared[column] = sum;
                let slope = sum.over(found.at(column, column));
                left = left.minus(sum.times(slope));
                found.cells[row * size + column] = slope;
            }
            let is_last = row + 1 == size;
            if !is_last && left.value() <= own * found.whole[row].value() {
                return Err(row);
            }
            found.cells[row * size + row] = left;
        }
        Ok(found)
    }

    fn at(&self, row: usize, column: usize) -> Sum {
        self.cells[row * self.size + column]
    }

    /// The share of the last row that the others leave; can be a rounding below 0.
    pub(super) fn left(&self) -> Sum {
        let last = self.size - 1;
        self.at(last, last).over(self.whole[last])
    }

    /// What rounding may have left of the last row: as many times the last digit of the sums as the
    /// slopes magnify it.
    pub(super) fn rounding(&self) -> f64 {
        /// Some digits above the last of a double-double, and far below what doubles can show of data.
        const DIGITS: f64 = 1e-28;
        let last = self.size - 1;
        let slopes = self.scaled_slopes();
        let squares = slopes.iter().zip(&self.whole);
        let squares = squares.map(|(slope, own)| slope.value().powi(2) * own.value());
        DIGITS * (1.0 + squares.sum::<f64>() / self.whole[last].value())
    }

    /// How the last row is made of the others.
    pub(super) fn slopes(&self) -> Vec<Sum> {
        let last = self.size - 1;
        let slopes = self.scaled_slopes().into_iter().enumerate();
        slopes
            .map(|(place, slope)| {
                shifted(shifted(slope, self.units[last]), 1.0 / self.units[place])
            })
            .collect()
    }

    /// bᵀ·A⁻¹·b, where A is all but the last row.
    pub(super) fn quadratic(&self, b: &[Sum]) -> Sum {
        let scaled = b.iter().zip(&self.units);
        let mut b: Vec<Sum> = scaled.map(|(b, unit)| shifted(*b, 1.0 / unit)).collect();
        let mut sum = Sum::default();
        for row in 0..self.size - 1 {
            for column in 0..row {
                b[row] = b[row].minus(self.at(row, column).times(b[column]));
            }
            sum.merge(b[row].times(b[row]).over(self.at(row, row)));
        }
        sum
    }

    /// How the last row is made of the others, in their units: x with Lᵀ·x = the last row of L.
    fn scaled_slopes(&self) -> Vec<Sum> {
        let last = self.size - 1;
        let mut slopes: Vec<Sum> = (0..last).map(|column| self.at(last, column)).collect();
        for row in (0..last).rev() {
            for later in row + 1..last {
                slopes[row] = slopes[row].minus(self.at(later, row).times(slopes[later]));
            }
        }
        slopes
    }
}

/// A sum times a power of two, which is exact even where a product of the general kind overflows.
fn shifted(sum: Sum, power: f64) -> Sum {
    Sum::from_parts(sum.to_parts().map(|part| part * power))
}

/// The power of two at a number above 0, or next to it.
fn power_of_two(x: f64) -> f64 {
    f64::from_bits(x.to_bits() >> 52 << 52).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[&[f64]], own: f64) -> Result<Eliminated, usize> {
        Eliminated::of(cells.len(), own, |row, column| {
            Sum::from(cells[row][column])
        })
    }

    #[track_caller]
    fn close(found: Sum, expected: f64) {
        let found = found.value();
        assert!(
            (found - expected).abs() <= 1e-15 * expected.abs(),
            "{found}, expected {expected}"
        );
    }

    /// By hand: [4 2; 2 10] and (6, 12) have the solution (1, 1), and of 31 these take 18.
    #[test]
    fn two_rows_by_hand() {
        for unit in [1.0, 1e-150, 1e150, 1e-290, 1e305] {
            let cells = [[4.0, 0.0, 0.0], [2.0, 10.0, 0.0], [6.0, 12.0, 31.0]];
            let cells = cells.map(|row| row.map(|cell| cell * unit));
            let found = of(&cells.each_ref().map(<[f64; 3]>::as_slice), 1e-14).unwrap();
            found
                .slopes()
                .into_iter()
                .for_each(|slope| close(slope, 1.0));
            close(found.left(), 13.0 / 31.0);
            // The inverse is [10 −2; −2 4] / 36.
            let one = [Sum::from(1.0), Sum::from(0.0)];
            close(found.quadratic(&one), 10.0 / 36.0 / unit);
            let both = [Sum::from(1.0), Sum::from(-3.0)];
            close(found.quadratic(&both), (10.0 + 12.0 + 36.0) / 36.0 / unit);
        }
    }

    /// Hilbert's matrix of 10: its inverse is of whole numbers up to 3.5e12, and doubles have none of
    /// their digits left. The last row is the sum of the others.
    #[test]
    fn what_doubles_cannot_resolve() {
        let hilbert =
            |row: usize, column: usize| Sum::from(1.0).over(Sum::from((row + column + 1) as f64));
        let sum = |column: usize| {
            let mut sum = Sum::default();
            (0..10).for_each(|row| sum.merge(hilbert(row, column)));
            sum
        };
        let cell = |row: usize, column: usize| match (row, column) {
            (10, 10) => Sum::from(1e3),
            (10, _) => sum(column),
            _ => hilbert(row, column),
        };
        let found = Eliminated::of(11, 0.0, cell).unwrap();
        for slope in found.slopes() {
            assert!((slope.value() - 1.0).abs() < 1e-15, "{}", slope.value());
        }
        let mut first = vec![Sum::default(); 10];
        first[0] = Sum::from(1.0);
        assert!((found.quadratic(&first).value() - 100.0).abs() < 1e-13);
        let mut last = vec![Sum::default(); 10];
        last[9] = Sum::from(1.0);
        // ((2n − 1)!!… : the last cell of the inverse is (2n − 1)·C(2n − 2, n − 1)².
        let expected = 19.0 * 48_620.0_f64.powi(2);
        assert!((found.quadratic(&last).value() / expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn who_has_nothing_of_its_own_is_named() {
        let cells: [&[f64]; 4] = [&[1.0], &[1.0, 2.0], &[2.0, 3.0, 5.0], &[1.0, 1.0, 1.0, 9.0]];
        assert_eq!(of(&cells, 1e-14).unwrap_err(), 2);
        // Of 3 a share of half, or twice, what is asked for is left.
        for (share, is_enough) in [(0.5e-14, false), (2e-14, true)] {
            let shared = (3.0_f64 - 3.0 * share).sqrt();
            let cells: [&[f64]; 3] = [&[1.0], &[shared, 3.0], &[0.0, 0.0, 1.0]];
            assert_eq!(of(&cells, 1e-14).is_ok(), is_enough, "{share}");
        }
        // The last row may be all of the others, and then only rounding is left of it.
        let found = of(&cells[..3], 1e-14).unwrap();
        assert!(found.left().value().abs() <= found.rounding());
        assert!(found.rounding() < 1e-27);
        let found = of(&cells[..2], 1e-14).unwrap();
        assert!((found.left().value() - 0.5).abs() < 1e-15);
    }
}
