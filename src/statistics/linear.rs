//! Symmetric matrices: solving, inverting, eigenvalues. The decompositions are faer's.
//!
//! Matrices here are of variances or of information, with units that may differ by many orders of
//! magnitude; they are brought to a unit diagonal first, so that whether columns are collinear does
//! not depend on what they are measured in.

use faer::{Mat, MatRef, Side};

/// The share of a column's variation that must be its own. Below it the others explain the column
/// but for rounding, and a solution would be noise: R's `lm` stops at (10⁻⁷)², far below what its
/// QR of the data resolves; from sums of products 10⁻¹⁰ is left.
pub(super) const OWN: f64 = 1e-10;

/// A symmetric matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    /// From its lower triangle: `cell(row, column)` with `column` ≤ `row`.
    #[must_use]
    pub fn of(size: usize, mut cell: impl FnMut(usize, usize) -> f64) -> Self {
        let mut cells = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let value = cell(row, column);
                cells[row * size + column] = value;
                cells[column * size + row] = value;
            }
        }
        Self { size, cells }
    }

    /// How many rows, which is how many columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// One cell.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    /// Adds to a cell and to its mirror image.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.size + column] += value;
        if row != column {
            self.cells[column * self.size + row] += value;
        }
    }

    /// The matrix of some of its rows and the same columns, in this order.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        Self::of(places.len(), |row, column| {
            self.at(places[row], places[column])
        })
    }

    /// With ones on the diagonal, as correlations of covariances; none where a diagonal cell is not
    /// positive and finite.
    #[must_use]
    pub fn standardised(&self) -> Option<Self> {
        let scale = self.scale()?;
        Some(self.scaled(&scale))
    }

    /// x with A·x = b, for a positive definite A; none where the columns of A are collinear.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Option<Vec<f64>> {
        let scale = self.scale()?;
        let lower = self.scaled(&scale).lower()?;
        let mut x: Vec<f64> = b.iter().zip(&scale).map(|(b, s)| b * s).collect();
        forward(&lower, &mut x);
        backward(&lower, &mut x);
        x.iter_mut().zip(&scale).for_each(|(x, s)| *x *= s);
        x.iter().all(|x| x.is_finite()).then_some(x)
    }

    /// The inverse of a positive definite matrix; none where its columns are collinear.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let scale = self.scale()?;
        let lower = self.scaled(&scale).lower()?;
        let columns: Vec<Vec<f64>> = (0..self.size)
            .map(|place| {
                let mut x = vec![0.0; self.size];
                x[place] = 1.0;
                forward(&lower, &mut x);
                backward(&lower, &mut x);
                x
            })
            .collect();
        let inverse = Self::of(self.size, |row, column| {
            columns[column][row] * scale[row] * scale[column]
        });
        inverse
            .cells
            .iter()
            .all(|x| x.is_finite())
            .then_some(inverse)
    }

    /// Eigenvalues in ascending order, each with its eigenvector of length 1; none where faer finds
    /// none, which takes cells that are not finite.
    #[must_use]
    pub fn eigen(&self) -> Option<Vec<(f64, Vec<f64>)>> {
        if self.size == 0 || !self.cells.iter().all(|cell| cell.is_finite()) {
            return None;
        }
        let found = self.mat().self_adjoint_eigen(Side::Lower).ok()?;
        let (values, vectors) = (found.S().column_vector(), found.U());
        let pair = |place: usize| {
            let vector = (0..self.size).map(|row| vectors[(row, place)]).collect();
            (values[place], vector)
        };
        Some((0..self.size).map(pair).collect())
    }

    fn mat(&self) -> Mat<f64> {
        Mat::from_fn(self.size, self.size, |row, column| self.at(row, column))
    }

    /// One over the root of each diagonal cell.
    fn scale(&self) -> Option<Vec<f64>> {
        let one = |place: usize| {
            let own = self.at(place, place);
            (own > 0.0 && own.is_finite()).then(|| 1.0 / own.sqrt())
        };
        (0..self.size).map(one).collect()
    }

    fn scaled(&self, scale: &[f64]) -> Self {
        Self::of(self.size, |row, column| {
            if row == column {
                1.0
            } else {
                self.at(row, column) * scale[row] * scale[column]
            }
        })
    }

    /// The Cholesky factor of a matrix with a unit diagonal; none where a column has next to
    /// nothing of its own beside those before it.
    fn lower(&self) -> Option<Mat<f64>> {
        if self.size == 0 || !self.cells.iter().all(|cell| cell.is_finite()) {
            return None;
        }
        let factors = self.mat().llt(Side::Lower).ok()?;
        let lower = factors.L().to_owned();
        let is_own = |place: usize| lower[(place, place)].powi(2) > OWN;
        (0..self.size).all(is_own).then_some(lower)
    }
}

/// L·x = b in place.
fn forward(lower: &Mat<f64>, x: &mut [f64]) {
    let lower: MatRef<'_, f64> = lower.as_ref();
    for row in 0..x.len() {
        let known: f64 = (0..row)
            .map(|column| lower[(row, column)] * x[column])
            .sum();
        x[row] = (x[row] - known) / lower[(row, row)];
    }
}

/// Lᵀ·x = b in place.
fn backward(lower: &Mat<f64>, x: &mut [f64]) {
    let lower: MatRef<'_, f64> = lower.as_ref();
    for row in (0..x.len()).rev() {
        let known: f64 = (row + 1..x.len())
            .map(|under| lower[(under, row)] * x[under])
            .sum();
        x[row] = (x[row] - known) / lower[(row, row)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hilbert() -> Symmetric {
        Symmetric::of(4, |row, column| 1.0 / (row + column + 1) as f64)
    }

    /// The inverse of the Hilbert matrix of order 4 has whole cells (Choi 1983, Am. Math. Monthly 90).
    #[test]
    fn the_inverse_of_hilberts_matrix() {
        let inverse = hilbert().inverse().unwrap();
        let known = [
            [16.0, -120.0, 240.0, -140.0],
            [-120.0, 1200.0, -2700.0, 1680.0],
        ];
        for (row, cells) in known.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                assert!((inverse.at(row, column) / cell - 1.0).abs() < 1e-10);
            }
        }
        let x = hilbert().solve(&[1.0, 0.0, 0.0, 0.0]).unwrap();
        for (x, cell) in x.iter().zip(known[0]) {
            assert!((x / cell - 1.0).abs() < 1e-10, "{x} {cell}");
        }
    }

    #[test]
    fn units_do_not_decide_what_is_collinear() {
        let of = |unit: f64| {
            Symmetric::of(2, |row, column| match (row, column) {
                (0, 0) => 4.0,
                (1, 1) => 9.0 * unit * unit,
                _ => 3.0 * unit,
            })
        };
        for unit in [1e-12, 1.0, 1e12] {
            let x = of(unit).solve(&[1.0, 0.0]).unwrap();
            assert!((x[0] - 1.0 / 3.0).abs() < 1e-14, "{x:?}");
        }
        let twice = Symmetric::of(
            2,
            |row, column| if row == column { [1.0, 4.0][row] } else { 2.0 },
        );
        assert_eq!(twice.solve(&[1.0, 0.0]), None);
        assert_eq!(twice.inverse(), None);
        assert_eq!(Symmetric::of(1, |_, _| 0.0).solve(&[1.0]), None);
        assert_eq!(Symmetric::of(1, |_, _| f64::NAN).eigen(), None);
    }

    #[test]
    fn eigenvalues_by_hand() {
        let matrix = Symmetric::of(2, |row, column| if row == column { 2.0 } else { 1.0 });
        let pairs = matrix.eigen().unwrap();
        assert!((pairs[0].0 - 1.0).abs() < 1e-14 && (pairs[1].0 - 3.0).abs() < 1e-14);
        assert!((pairs[1].1[0].abs() - 0.5_f64.sqrt()).abs() < 1e-14);
    }

    #[test]
    fn parts_of_a_matrix() {
        let mut matrix = hilbert();
        matrix.add(1, 0, 0.5);
        matrix.add(2, 2, 1.0);
        matrix.add(3, 2, -0.5);
        let (below, above) = (matrix.at(3, 2), matrix.at(2, 3));
        assert!((below + 1.0 / 3.0).abs() < 1e-15 && (above + 1.0 / 3.0).abs() < 1e-15);
        assert!((matrix.at(0, 1) - 1.0).abs() < 1e-15 && (matrix.at(1, 0) - 1.0).abs() < 1e-15);
        assert!((matrix.at(2, 2) - 1.2).abs() < 1e-15);
        let part = matrix.select(&[2, 0]);
        assert_eq!(
            (part.size(), part.at(0, 0).to_bits()),
            (2, matrix.at(2, 2).to_bits())
        );
        let unit = hilbert().standardised().unwrap();
        assert!((unit.at(1, 0) - 0.5 * 3.0_f64.sqrt()).abs() < 1e-15);
    }
}
