//! The logistic likelihood at some margins: its value, its slope, its curvature.
//!
//! Where nearly all rows are beyond doubt the few others hardly tell all directions apart, and
//! sums of products lose the weakest of them to rounding. Rows are then turned into directions of
//! their own and summed once more, as a second round of Cholesky-QR does (Yamamoto et al. 2015,
//! Electronic Trans. Numer. Anal. 44); what was weak is as exact as the rest.

use super::design_matrix::DesignMatrix;
use super::linear::Symmetric;

/// The least share of curvature that a direction is scaled by: that of rounding.
const WEAKEST: f64 = 1e-15;

/// Turned directions have a curvature of 1, unless it was less than rounding.
const RESOLVED: f64 = 1e-8;

/// The slope of a turned direction that rounding does not make.
const STEEP: f64 = 0.1;

/// −ln P of a row with this margin.
pub(super) fn loss(margin: f64) -> f64 {
    (-margin).max(0.0) + (-margin.abs()).exp().ln_1p()
}

/// 1 − P of a row with this margin.
pub(super) fn doubt(margin: f64) -> f64 {
    let small = (-margin.abs()).exp();
    let part = if margin < 0.0 { 1.0 } else { small };
    part / (1.0 + small)
}

/// The logarithm of the likelihood with its first derivatives, and minus its second.
#[derive(Debug, Clone)]
pub(super) struct Likelihood {
    pub(super) log: f64,
    pub(super) gradient: Vec<f64>,
    information: Symmetric,
}

impl Likelihood {
    /// At some margins; rows with a count of 0 are not there.
    pub(super) fn at(design: &DesignMatrix, counts: &[f64], margins: &[f64]) -> Self {
        let width = design.width();
        let mut log = 0.0;
        let mut gradient = vec![0.0; width];
        let mut information = vec![0.0; width * width];
        for ((row, count), margin) in design.rows().zip(counts).zip(margins) {
            if *count <= 0.0 {
                continue;
            }
            let small = (-margin.abs()).exp();
            let doubt = if *margin < 0.0 { 1.0 } else { small } / (1.0 + small);
            let weight = count * small / ((1.0 + small) * (1.0 + small));
            log -= count * ((-margin).max(0.0) + small.ln_1p());
            for (a, x) in row.iter().enumerate() {
                gradient[a] += count * doubt * x;
                let cells = &mut information[a * width..=a * width + a];
                let pairs = cells.iter_mut().zip(row);
                pairs.for_each(|(cell, y)| *cell += weight * x * y);
            }
        }
        Self {
            log,
            gradient,
            information: Symmetric::of(width, |a, b| information[a * width + b]),
        }
    }

    /// Newton's step, and whether rounding leaves curvature in every direction. Along one without,
    /// the step is the slope itself where that is more than rounding, as it is where rows are far
    /// on their wrong side. None where no direction is curved.
    pub(super) fn step(
        &self,
        design: &DesignMatrix,
        counts: &[f64],
        margins: &[f64],
    ) -> Option<(Vec<f64>, bool)> {
        if let Some(step) = self.information.solve(&self.gradient) {
            return Some((step, true));
        }
        let basis = self.basis()?;
        let turned = Self::at(&design.turned(&basis), counts, margins);
        let is_curved = |place: &usize| turned.information.at(*place, *place) > RESOLVED;
        let curved: Vec<usize> = (0..basis.len()).filter(is_curved).collect();
        let slope: Vec<f64> = curved.iter().map(|place| turned.gradient[*place]).collect();
        let parts = turned.information.select(&curved).solve(&slope)?;
        let steep = |slope: &f64| if slope.abs() > STEEP { *slope } else { 0.0 };
        let mut along: Vec<f64> = turned.gradient.iter().map(steep).collect();
        for (place, part) in curved.iter().zip(parts) {
            along[*place] = part;
        }
        let step = |place: usize| -> f64 {
            let cells = basis.iter().zip(&along);
            cells.map(|(direction, part)| direction[place] * part).sum()
        };
        let step = (0..basis.len()).map(step).collect();
        Some((step, curved.len() == basis.len()))
    }

    /// The inverse of the information; none where rounding leaves no curvature.
    pub(super) fn covariance(
        &self,
        design: &DesignMatrix,
        counts: &[f64],
        margins: &[f64],
    ) -> Option<Symmetric> {
        self.information.inverse().or_else(|| {
            let basis = self.basis()?;
            let turned = Self::at(&design.turned(&basis), counts, margins);
            let inverse = turned.information.inverse()?;
            Some(Symmetric::of(basis.len(), |a, b| {
                let of_row = |row: usize| -> f64 {
                    let cells = basis.iter().enumerate();
                    let cells = cells.map(|(column, of)| of[b] * inverse.at(row, column));
                    basis[row][a] * cells.sum::<f64>()
                };
                (0..basis.len()).map(of_row).sum()
            }))
        })
    }

    /// Directions, each about as curved as the others.
    fn basis(&self) -> Option<Vec<Vec<f64>>> {
        let directions = self.information.standardised()?.eigen()?;
        let scaled = |(value, vector): (f64, Vec<f64>)| {
            let root = value.max(WEAKEST).sqrt();
            let cells = vector
                .iter()
                .enumerate()
                .map(|(place, x)| x / (root * self.information.at(place, place).sqrt()));
            cells.collect()
        };
        Some(directions.into_iter().map(scaled).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, digits: f64) {
        let is_close = (found - expected).abs() <= digits * expected.abs().max(1e-300);
        assert!(is_close, "{found:e}, expected {expected:e}");
    }

    #[test]
    fn losses_and_doubts_far_out() {
        close(loss(0.0), 2.0_f64.ln(), 1e-15);
        close(doubt(0.0), 0.5, 1e-15);
        close(loss(-1000.0), 1000.0, 1e-15);
        close(doubt(-1000.0), 1.0, 1e-15);
        close(loss(50.0), (-50.0_f64).exp(), 1e-15);
        close(doubt(50.0), (-50.0_f64).exp(), 1e-15);
        close(doubt(-2.0) + doubt(2.0), 1.0, 1e-15);
        assert_eq!((loss(f64::INFINITY), doubt(f64::INFINITY)), (0.0, 0.0));
    }

    fn design() -> DesignMatrix {
        let rows = [
            [0.0, 1.0, 2.0],
            [0.0, 2.0, 0.0],
            [0.0, 5.0, 1.0],
            [1.0, 1.5, 3.0],
            [1.0, 4.0, 5.0],
            [1.0, 6.0, 0.5],
        ];
        let counted = rows.iter().zip([3, 2, 1, 1, 2, 4]);
        DesignMatrix::of(&Table::of(3, counted), &[1, 2]).unwrap()
    }

    fn at(coefficients: &[f64]) -> Likelihood {
        let design = design();
        Likelihood::at(&design, design.counts(), &design.margins(coefficients))
    }

    #[test]
    fn slope_and_curvature_are_those_of_small_differences() {
        let b = [0.3, -0.7, 1.1];
        let here = at(&b);
        let h = 1e-5;
        for a in 0..3 {
            let (mut up, mut down) = (b, b);
            up[a] += h;
            down[a] -= h;
            let (up, down) = (at(&up), at(&down));
            close((up.log - down.log) / (2.0 * h), here.gradient[a], 1e-8);
            for c in 0..3 {
                let change = (down.gradient[c] - up.gradient[c]) / (2.0 * h);
                close(change, here.information.at(a, c), 1e-7);
            }
        }
    }

    #[test]
    fn a_row_that_is_not_there_counts_nothing() {
        let design = design();
        let margins = design.margins(&[0.3, -0.7, 1.1]);
        let mut counts = design.counts().to_vec();
        counts[2] = 0.0;
        let mut far = margins.clone();
        far[2] = -1e6;
        let (one, other) = (
            Likelihood::at(&design, &counts, &margins),
            Likelihood::at(&design, &counts, &far),
        );
        assert_eq!(
            (one.log, one.gradient, one.information),
            (other.log, other.gradient, other.information)
        );
    }

    /// Rows with two values of a regressor, 8 of them with margins of ±ln 2, `wrong` and `many` beyond
    /// doubt on their wrong and their right side: their design and margins.
    fn weak(wrong: u64, many: u64, far: f64) -> (DesignMatrix, Vec<f64>) {
        let rows = [
            ([0.0, 0.0], 3, -f64::ln(2.0)),
            ([0.0, 1.0], wrong, -far),
            ([1.0, 0.0], 5, f64::ln(2.0)),
            ([1.0, 1.0], many, far),
        ];
        let rows = rows.iter().filter(|(_, count, _)| *count > 0);
        let table = Table::of(2, rows.clone().map(|(row, count, _)| (row, *count)));
        let margins = rows.map(|(_, _, margin)| *margin);
        (DesignMatrix::of(&table, &[1]).unwrap(), margins.collect())
    }

    /// The two values share no direction, so Newton's step is known: at 0 (5·⅓ − 3·⅔) / (8·⅔·⅓), at 1
    /// the doubts of the rows by their curvature. Ten rows hold 10⁻¹² of the information: plain sums
    /// lose the intercept, turned ones do not.
    #[test]
    fn what_is_weak_is_as_exact_as_the_rest() {
        let doubt = doubt(30.0);
        for (wrong, many) in [(0, 10), (1, 1_000_000_000_000)] {
            let (design, margins) = weak(wrong, many, 30.0);
            let at = Likelihood::at(&design, design.counts(), &margins);
            assert_eq!(at.information.inverse().is_none(), wrong == 0);
            let (step, is_sure) = at.step(&design, design.counts(), &margins).unwrap();
            assert!(is_sure);
            let moves: Vec<f64> = design.margins(&step).into_iter().rev().collect();
            let (wrong, many) = (wrong as f64, many as f64);
            let curvature = (many + wrong) * doubt * (1.0 - doubt);
            let slope = many * doubt - wrong * (1.0 - doubt);
            close(moves[1], (5.0 / 3.0 - 2.0) / (16.0 / 9.0), 1e-9);
            close(moves[0], slope / curvature, 1e-9);
            let covariance = at.covariance(&design, design.counts(), &margins).unwrap();
            let of = |row: &[f64]| -> f64 {
                let pairs = (0..2).flat_map(|a| (0..2).map(move |b| (a, b)));
                pairs
                    .map(|(a, b)| row[a] * row[b] * covariance.at(a, b))
                    .sum()
            };
            let mut rows = design.rows();
            close(of(rows.next_back().unwrap()), 1.0 / curvature, 1e-9);
            close(of(rows.next().unwrap()), 9.0 / 16.0, 1e-3);
        }
    }

    /// Beyond all doubt there is no curvature. A row on its wrong side still has a slope, and the step
    /// follows it; where all are on their right side nothing shows a way.
    #[test]
    fn what_has_no_curvature_is_not_sure() {
        for wrong in [0, 1] {
            let (design, margins) = weak(wrong, 10, 700.0);
            let at = Likelihood::at(&design, design.counts(), &margins);
            let (step, is_sure) = at.step(&design, design.counts(), &margins).unwrap();
            assert!(!is_sure);
            let moves: Vec<f64> = design.margins(&step).into_iter().rev().collect();
            if wrong == 0 {
                close(moves[1], (5.0 / 3.0 - 2.0) / (16.0 / 9.0), 1e-9);
                assert!(moves[0].abs() < 1.0, "{moves:?}");
            } else {
                assert!(moves[0] < -100.0, "{moves:?}");
            }
        }
    }
}
