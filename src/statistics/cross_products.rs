//! Means and centred products of several columns over the same rows: all that linear methods need.
//!
//! Regression, relative importance, alpha and intraclass correlations never see a row.

use super::linear::Symmetric;
use super::summation::Sum;

/// n, means, and the sums of products of deviations from the means, Σ(x − x̄)(y − ȳ).
#[derive(Debug, Clone, PartialEq)]
pub struct CrossProducts {
    /// How many rows.
    pub n: u64,
    /// The mean of each column.
    pub means: Vec<f64>,
    /// The centred sums of products; a column that never varies has an exact 0 on the diagonal.
    pub products: Symmetric,
    /// Means and products to some 31 digits; none where they were given in doubles.
    pub(super) digits: Option<Digits>,
}

/// Means, and centred products of the lower triangle row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Digits {
    means: Vec<Sum>,
    products: Vec<Sum>,
}

impl CrossProducts {
    /// Of means and centred products that are known no better than in doubles.
    #[must_use]
    pub fn new(n: u64, means: Vec<f64>, products: Symmetric) -> Self {
        Self {
            n,
            means,
            products,
            digits: None,
        }
    }

    /// Of means, and products of the lower triangle row by row, as sums.
    pub(super) fn of_sums(n: u64, means: Vec<Sum>, products: Vec<Sum>) -> Self {
        Self {
            n,
            means: means.iter().map(|mean| mean.value()).collect(),
            products: Symmetric::of(means.len(), |row, column| {
                products[triangle(row, column)].value()
            }),
            digits: Some(Digits { means, products }),
        }
    }

    /// The mean of a column.
    pub(super) fn mean(&self, column: usize) -> Sum {
        let digits = self.digits.as_ref();
        digits.map_or(Sum::from(self.means[column]), |digits| digits.means[column])
    }

    /// The centred product of two columns.
    pub(super) fn product(&self, row: usize, column: usize) -> Sum {
        let place = triangle(row.max(column), row.min(column));
        let digits = self.digits.as_ref();
        let plain = Sum::from(self.products.at(row, column));
        digits.map_or(plain, |digits| digits.products[place])
    }

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
        let sum = |terms: &mut dyn Iterator<Item = Sum>| {
            terms.fold(Sum::default(), |mut sum, term| {
                sum.merge(term);
                sum
            })
        };
        let mean = |column: &Vec<f64>| {
            let total = sum(&mut column.iter().map(|x| Sum::from(*x)));
            total.over(Sum::from(n.max(1) as f64))
        };
        let means: Vec<Sum> = columns.iter().map(mean).collect();
        let mut products = Vec::new();
        for (a, x) in columns.iter().enumerate() {
            for (b, y) in columns[..=a].iter().enumerate() {
                let product = |(x, y): (&f64, &f64)| {
                    let (x, y) = (Sum::from(*x), Sum::from(*y));
                    x.minus(means[a]).times(y.minus(means[b]))
                };
                products.push(sum(&mut x.iter().zip(y).map(product)));
            }
        }
        Self::of_sums(n as u64, means, products)
    }
}

/// The place of a cell of the lower triangle, row by row.
fn triangle(row: usize, column: usize) -> usize {
    row * (row + 1) / 2 + column
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
        let of = CrossProducts::new(3, vec![0.0; 2], Symmetric::of(2, |_, _| 5.0));
        assert_eq!(
            of.correlation(0, 1).map(f64::to_bits),
            Some(1_f64.to_bits())
        );
    }

    #[test]
    fn large_units_have_a_correlation_too() {
        let cell = |row, column| if row == column { 4.0 } else { 1.0 };
        let of = |unit: f64| {
            let products = Symmetric::of(2, |row, column| unit * cell(row, column));
            CrossProducts::new(3, vec![0.0; 2], products)
        };
        for unit in [1e-200, 1.0, 1e200] {
            assert!((of(unit).correlation(0, 1).unwrap() - 0.25).abs() < 1e-15);
        }
    }
}
