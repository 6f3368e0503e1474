//! Separated data: some direction predicts rows beyond doubt and contradicts none, so a logistic
//! likelihood rises for ever along it and has no maximum (Albert & Anderson 1984, Biometrika 71).
//!
//! Such data are common (a satisfaction of 1, and everybody left), and a fit that merely stops
//! after thirty steps reports its stopping rule as an odds ratio. So a direction is *checked*:
//! every row must lie on its right side or on its border. Newton's climb only proposes which rows
//! are the border, namely those it is not sure of; whatever proposes, the check is a certificate.

use super::design_matrix::{DesignMatrix, product};
use super::linear::Symmetric;
use super::logistic_newton::{Climb, climb};

/// Rounding in the margin of a row, as a share of its terms.
const ROUNDING: f64 = 1e-13;

/// Rounding in a margin of a direction that was fitted to the border.
const BORDER: f64 = 1e-9;

/// A direction is free where rows on the border vary this little along it (share of variance).
const FREE: f64 = 1e-11;

/// Margins up to which the climb may not be sure of a row. The rows that it leaves behind gain
/// about 1 a step, the others stay where their maximum is.
const UNSURE: [f64; 6] = [2.0, 5.0, 10.0, 16.0, 24.0, 32.0];

/// A direction that carries rows beyond doubt and contradicts none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recession {
    /// The change of each coefficient.
    direction: Vec<f64>,
    /// Which rows go beyond doubt; the others lie on the border, or are not there.
    pub(super) is_certain: Vec<bool>,
}

/// Whether the coefficients already predict every row right: complete separation.
pub(super) fn complete(
    design: &DesignMatrix,
    counts: &[f64],
    coefficients: &[f64],
    margins: &[f64],
) -> Option<Recession> {
    let mut counted = margins.iter().zip(counts).filter(|(_, n)| **n > 0.0);
    if counted.any(|(margin, _)| *margin <= 0.0) {
        return None;
    }
    let found = checked(design, counts, coefficients.to_vec(), ROUNDING)?;
    let mut all = found.is_certain.iter().zip(counts);
    all.all(|(is_certain, n)| *is_certain || *n <= 0.0)
        .then_some(found)
}

/// A direction beyond doubt, from the margins that a climb has reached: among the directions that
/// leave the unsure rows where they are, those that separate the sure ones.
pub(super) fn recession(
    design: &DesignMatrix,
    counts: &[f64],
    margins: &[f64],
) -> Option<Recession> {
    for unsure in UNSURE {
        let is_border = |row: usize| counts[row] > 0.0 && margins[row] <= unsure;
        let border = Border::of(design, is_border)?;
        let found = border.separated(design, counts, margins, unsure);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Rows on the border, and the directions along which they move and along which they do not.
struct Border<'a> {
    rows: Vec<(&'a [f64], f64)>,
    held: Vec<(f64, Vec<f64>)>,
    free: Vec<Vec<f64>>,
}

impl<'a> Border<'a> {
    /// None where no direction is free, or all are.
    fn of(design: &'a DesignMatrix, is_border: impl Fn(usize) -> bool) -> Option<Self> {
        let width = design.width();
        let mut products = vec![0.0; width * width];
        let places = design.rows().enumerate();
        let border = places.filter(|(place, _)| is_border(*place));
        // Rows far out would drown the others.
        let rows: Vec<(&[f64], f64)> = border
            .map(|(_, row)| (row, 1.0 / product(row, row)))
            .collect();
        for (row, share) in &rows {
            for a in 0..width {
                for b in 0..=a {
                    products[a * width + b] += share * row[a] * row[b];
                }
            }
        }
        let directions = Symmetric::of(width, |a, b| products[a * width + b]).eigen()?;
        let least = FREE * rows.len() as f64;
        let (held, free): (Vec<_>, Vec<_>) = directions
            .into_iter()
            .partition(|(value, _)| *value > least);
        let border = Self {
            rows,
            held,
            free: free.into_iter().map(|(_, direction)| direction).collect(),
        };
        (!border.free.is_empty() && !border.held.is_empty()).then_some(border)
    }

    /// A free direction that separates the rows above a margin, which is a smaller problem of the
    /// same kind.
    fn separated(
        &self,
        design: &DesignMatrix,
        counts: &[f64],
        margins: &[f64],
        unsure: f64,
    ) -> Option<Recession> {
        let free: Vec<Vec<f64>> = self.free.iter().map(|free| self.freed(free)).collect();
        let part = design.turned(&free);
        let mut left = counts.to_vec();
        for (((left, margin), part), row) in left
            .iter_mut()
            .zip(margins)
            .zip(part.rows())
            .zip(design.rows())
        {
            let is_still = product(part, part) <= (BORDER * BORDER) * product(row, row);
            if *margin <= unsure || is_still {
                *left = 0.0;
            }
        }
        let Climb::Endless(found) = climb(&part, &left, vec![0.0; free.len()]) else {
            return None;
        };
        let mut direction = vec![0.0; design.width()];
        for (free, share) in free.iter().zip(&found.direction) {
            let parts = direction.iter_mut().zip(free);
            parts.for_each(|(sum, x)| *sum += share * x);
        }
        checked(design, counts, self.freed(&direction), BORDER)
    }

    /// The part of a direction along which the border does not move.
    fn freed(&self, direction: &[f64]) -> Vec<f64> {
        let mut direction = direction.to_vec();
        // Each round takes away what the rounding of the one before has left.
        for _ in 0..2 {
            let mut moved = vec![0.0; direction.len()];
            for (row, share) in &self.rows {
                let step = share * product(row, &direction);
                let parts = moved.iter_mut().zip(*row);
                parts.for_each(|(sum, x)| *sum += step * x);
            }
            for (value, held) in &self.held {
                let step = product(&moved, held) / value;
                let parts = direction.iter_mut().zip(held);
                parts.for_each(|(part, x)| *part -= step * x);
            }
        }
        direction
    }
}

/// The certificate: no row moves to its wrong side, and some move to the right one.
fn checked(
    design: &DesignMatrix,
    counts: &[f64],
    direction: Vec<f64>,
    rounding: f64,
) -> Option<Recession> {
    let mut is_certain = vec![false; counts.len()];
    for ((row, count), is_certain) in design.rows().zip(counts).zip(&mut is_certain) {
        let margin = product(row, &direction);
        let terms = row.iter().zip(&direction).map(|(x, d)| (x * d).abs());
        let reach = rounding * terms.sum::<f64>();
        if *count > 0.0 && margin < -reach {
            return None;
        }
        *is_certain = *count > 0.0 && margin > reach;
    }
    is_certain.contains(&true).then_some(Recession {
        direction,
        is_certain,
    })
}

#[cfg(test)]
mod tests {
    use super::super::logistic::{LogisticFailure, logistic};
    use super::super::table::Table;
    use super::*;

    const COMPLETE: Option<LogisticFailure> = Some(LogisticFailure::CompleteSeparation);
    const QUASI: Option<LogisticFailure> = Some(LogisticFailure::QuasiCompleteSeparation);

    /// How the rows of zeros and the rows of ones are separated.
    fn how<const W: usize>(zeros: &[[f64; W]], ones: &[[f64; W]]) -> Option<LogisticFailure> {
        let of = |outcome: f64| move |row: &[f64; W]| ([&[outcome], &row[..]].concat(), 1);
        let rows = zeros.iter().map(of(0.0)).chain(ones.iter().map(of(1.0)));
        let fit = logistic(&Table::of(W + 1, rows));
        assert_eq!(fit.separated(), fit.terms.is_err());
        fit.terms.err()
    }

    /// Complete separation, quasi-complete separation and overlap on one regressor: the ones lie
    /// above the zeros, or touch them, or reach among them.
    #[test]
    fn the_three_cases_of_albert_and_anderson_1984() {
        assert_eq!(how(&[[1.0], [2.0], [3.0]], &[[4.0], [5.0]]), COMPLETE);
        assert_eq!(how(&[[1.0], [2.0], [4.0]], &[[4.0], [5.0]]), QUASI);
        assert_eq!(how(&[[1.0], [2.0], [4.5]], &[[4.0], [5.0]]), None);
        assert_eq!(how(&[[4.0], [5.0]], &[[1.0], [2.0], [3.0]]), COMPLETE);
    }

    /// One row of a group of its own is enough, whatever the other regressors say.
    #[test]
    fn one_direction_of_several() {
        let zeros = [[1.0, 0.0], [2.0, 0.0], [5.0, 0.0], [7.0, 0.0]];
        let ones = [[1.5, 0.0], [4.0, 0.0], [8.0, 0.0], [3.0, 1.0]];
        assert_eq!(how(&zeros, &ones), QUASI);
        let both = [&zeros[..], &[[3.5, 1.0]]].concat();
        assert_eq!(how(&both, &ones), None);
    }

    /// Neither column separates, their sum does; a row on the border makes it quasi-complete, and
    /// a row across it overlaps.
    #[test]
    fn a_direction_between_the_columns() {
        let zeros = [[0.0, 3.0], [3.0, 0.0], [1.0, 1.0]];
        let ones = [[0.0, 5.0], [5.0, 0.0], [2.0, 3.0]];
        assert_eq!(how(&zeros, &ones), COMPLETE);
        let border = [[0.0, 4.0], [4.0, 0.0]];
        let touching = [&zeros[..], &border].concat();
        assert_eq!(how(&touching, &[&ones[..], &border].concat()), QUASI);
        let across = [&zeros[..], &[[2.0, 4.0]]].concat();
        assert_eq!(how(&across, &[&ones[..], &[[3.0, 0.5]]].concat()), None);
    }

    /// The first direction leaves rows that another separates: together all are, so that the
    /// separation is complete, although no step sees both at once.
    #[test]
    fn separated_after_separation() {
        let zeros = [[0.0, 1.0], [0.0, 2.0], [-1.0, 9.0]];
        let ones = [[0.0, 3.0], [0.0, 4.0], [1.0, -9.0]];
        assert_eq!(how(&zeros, &ones), COMPLETE);
    }

    #[test]
    fn far_rows_and_narrow_gaps() {
        let zeros = [[1e9 + 1.0], [1e9 + 2.0], [1e9 - 1e6]];
        assert_eq!(how(&zeros, &[[1e9 + 2.001], [1e9 + 1e6]]), COMPLETE);
        assert_eq!(how(&zeros, &[[1e9 + 1.999], [1e9 + 1e6]]), None);
        let narrow = [[0.0], [0.5]];
        assert_eq!(how(&narrow, &[[0.500_000_1], [1.0]]), COMPLETE);
        assert_eq!(how(&narrow, &[[0.499_999_9], [1.0]]), None);
    }

    /// Four of six rows on a border of two dimensions out of three: what is left of any direction
    /// leaves them where they are, and moves the others.
    #[test]
    fn what_is_freed_does_not_move_the_border() {
        let rows = [
            [0.0, 1.0, 0.0],
            [0.0, 3.0, 0.0],
            [0.0, 5.0, 1.0],
            [1.0, 1.0, 1.0],
            [1.0, 2.0, 0.0],
            [1.0, 4.0, 0.0],
        ];
        let design = DesignMatrix::of(&Table::of(3, rows.iter().zip([1; 6])), &[1, 2]).unwrap();
        let border = Border::of(&design, |place| rows[place][2] < 0.5).unwrap();
        assert_eq!((border.held.len(), border.free.len()), (2, 1));
        for direction in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.3, -2.0, 0.7]] {
            let freed = border.freed(&direction);
            let moves: Vec<f64> = design.rows().map(|row| product(row, &freed)).collect();
            for place in [0, 1, 4, 5] {
                assert!(moves[place].abs() < 1e-14, "{moves:?}");
            }
        }
        let freed = border.freed(&[0.0, 0.0, 1.0]);
        let mut others = design.rows().skip(2).take(2);
        assert!(others.all(|row| product(row, &freed).abs() > 0.1));
    }

    /// The middle one of 1, 2 and 3 does not move when the others do.
    #[test]
    fn a_row_that_does_not_move_is_on_the_border() {
        let rows = [[0.0, 1.0], [0.0, 2.0], [1.0, 3.0]];
        let design = DesignMatrix::of(&Table::of(2, rows.iter().zip([1; 3])), &[1]).unwrap();
        let found = checked(&design, design.counts(), vec![0.0, 1.0], ROUNDING).unwrap();
        assert_eq!(found.is_certain, [true, false, true]);
    }

    #[test]
    fn a_direction_that_contradicts_a_row_is_no_certificate() {
        let rows = [[0.0, 1.0], [0.0, 3.0], [1.0, 2.0], [1.0, 4.0]];
        let design = DesignMatrix::of(&Table::of(2, rows.iter().zip([1; 4])), &[1]).unwrap();
        let counts = design.counts().to_vec();
        assert_eq!(checked(&design, &counts, vec![0.0, 1.0], ROUNDING), None);
        assert_eq!(checked(&design, &counts, vec![0.0, 0.0], ROUNDING), None);
        let mut without = counts;
        without[1] = 0.0;
        // Halfway between 1 and 2; the mean is 2.5 and the scale does not matter.
        let at = design.scales()[0].standardised(1.5);
        let found = checked(&design, &without, vec![-at, 1.0], ROUNDING).unwrap();
        assert_eq!(found.is_certain, [true, false, true, true]);
    }
}
