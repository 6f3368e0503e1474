//! Means and centred products of several columns over the same rows: all that linear methods need.
//!
//! Regression, relative importance, alpha and intraclass correlations never see a row.

use super::linear::Symmetric;

/// n, means, and the sums of products of deviations from the means, Σ(x − x̄)(y − ȳ).
#[derive(Debug, Clone, PartialEq)]
pub struct CrossProducts {
    /// How many rows.
    pub n: u64,
    /// The mean of each column.
    pub means: Vec<f64>,
    /// The centred sums of products; a column that never varies has an exact 0 on the diagonal.
    pub products: Symmetric,
}

impl CrossProducts {
    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.means.len()
    }

    /// Whether a column varies.
    #[must_use]
    pub fn varies(&self, column: usize) -> bool {
        self.products.at(column, column) > 0.0
    }

    /// The correlation of two columns; none where one does not vary.
    #[must_use]
    pub fn correlation(&self, a: usize, b: usize) -> Option<f64> {
        if !self.varies(a) || !self.varies(b) {
            return None;
        }
        let (aa, bb) = (self.products.at(a, a), self.products.at(b, b));
        // The root of a square is exact, the square of a root is not.
        let root = match aa * bb {
            square if square.is_normal() => square.sqrt(),
            _ => aa.sqrt() * bb.sqrt(),
        };
        Some((self.products.at(a, b) / root).clamp(-1.0, 1.0))
    }

    /// The covariance of two columns (divisor n − 1); none for fewer than two rows.
    #[must_use]
    pub fn covariance(&self, a: usize, b: usize) -> Option<f64> {
        (self.n > 1).then(|| self.products.at(a, b) / (self.n as f64 - 1.0))
    }

    /// Of a table of rows, column after column; for tests and for data that are few. Means and
    /// deviations are taken in two passes.
    #[must_use]
    pub fn of(columns: &[Vec<f64>]) -> Self {
        let n = columns.first().map_or(0, Vec::len);
        let mean = |column: &Vec<f64>| column.iter().sum::<f64>() / n.max(1) as f64;
        let means: Vec<f64> = columns.iter().map(mean).collect();
        let products = Symmetric::of(columns.len(), |a, b| {
            let pairs = columns[a].iter().zip(&columns[b]);
            pairs.map(|(x, y)| (x - means[a]) * (y - means[b])).sum()
        });
        Self {
            n: n as u64,
            means,
            products,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let of = CrossProducts::of(&[vec![1.0, 2.0, 3.0], vec![2.0, 2.0, 5.0], vec![7.0; 3]]);
        assert_eq!(of.means, [2.0, 3.0, 7.0]);
        assert_eq!((of.n, of.width()), (3, 3));
        assert!((of.products.at(1, 0) - 3.0).abs() < 1e-15);
        assert_eq!(of.covariance(0, 1), Some(1.5));
        assert!((of.correlation(0, 1).unwrap() - 3.0 / 12.0_f64.sqrt()).abs() < 1e-15);
        assert_eq!(of.correlation(0, 2), None);
        assert_eq!(CrossProducts::of(&[vec![1.0]]).covariance(0, 0), None);
    }

    /// The square of √5 as a double is 5.000 000 000 000 001.
    #[test]
    fn the_same_column_twice_has_a_correlation_of_exactly_one() {
        let of = CrossProducts {
            n: 3,
            means: vec![0.0; 2],
            products: Symmetric::of(2, |_, _| 5.0),
        };
        assert_eq!(
            of.correlation(0, 1).map(f64::to_bits),
            Some(1_f64.to_bits())
        );
    }

    #[test]
    fn large_units_have_a_correlation_too() {
        let of = |unit: f64| CrossProducts {
            n: 3,
            means: vec![0.0; 2],
            products: Symmetric::of(2, |row, column| {
                [unit, 4.0 * unit][usize::from(row == column)]
            }),
        };
        for unit in [1e-200, 1.0, 1e200] {
            assert!((of(unit).correlation(0, 1).unwrap() - 0.25).abs() < 1e-15);
        }
    }
}
