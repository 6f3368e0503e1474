//! What is left of variables once others are known: partial variances and covariances.
//!
//! Taking one variable after another out of a matrix of correlations (Gaussian elimination, Gauss
//! 1823) gives every R² on the way: regressions use it to find who is explained by whom, relative
//! importance to walk through all sub-models.

use super::linear::{OWN, Symmetric};

/// Partial covariances in units of each variable's own standard deviation: a variable starts with a
/// variance of 1, and what it has later is the share that those taken out do not explain.
#[derive(Debug, Clone)]
pub(super) struct Partial {
    size: usize,
    cells: Vec<f64>, // the lower triangle in full rows
}

impl Partial {
    /// Of some variables, in this order, with nothing taken out yet; none where one does not vary.
    pub(super) fn of(products: &Symmetric, places: &[usize]) -> Option<Self> {
        let unit = products.select(places).standardised()?;
        let size = unit.size();
        let cells = (0..size * size).map(|cell| unit.at(cell / size, cell % size));
        Some(Self {
            size,
            cells: cells.collect(),
        })
    }

    /// How many variables.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The share of a variable that is left.
    pub(super) fn own(&self, place: usize) -> f64 {
        self.shared(place, place)
    }

    /// The covariance that is left between a variable and an earlier one.
    #[inline]
    pub(super) fn shared(&self, later: usize, earlier: usize) -> f64 {
        self.cells[later * self.size + earlier]
    }

    /// How much of a later variable's variance this one would explain beyond those taken out; none
    /// where they explain it already.
    #[inline]
    pub(super) fn explains(&self, place: usize, later: usize) -> Option<f64> {
        let own = self.own(place);
        (own > OWN).then(|| self.shared(later, place).powi(2) / own)
    }

    /// Takes a variable out of all later ones.
    pub(super) fn take_out(&mut self, place: usize) {
        let before = self.clone();
        before.without(place, self);
    }

    /// Writes into `left` what is left of the later variables once this one is known too. One that
    /// those taken out explain already says nothing more.
    #[inline]
    pub(super) fn without(&self, place: usize, left: &mut Self) {
        let own = self.own(place);
        let scale = if own > OWN { 1.0 / own } else { 0.0 };
        for row in place + 1..self.size {
            let slope = self.shared(row, place) * scale;
            let (start, end) = (row * self.size + place + 1, row * self.size + row + 1);
            let (known, target) = (&self.cells[start..end], &mut left.cells[start..end]);
            for (column, (target, known)) in target.iter_mut().zip(known).enumerate() {
                *target = known - slope * self.shared(place + 1 + column, place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: r₁₂ = 0.6, r₁₃ = 0.5, r₂₃ = 0.7. With 1 known, 2 has 1 − 0.36 left, 3 has 0.75, and
    /// they share 0.7 − 0.3; with 2 known too, 3 has 0.75 − 0.16/0.64 = 0.5.
    #[test]
    fn three_variables_by_hand() {
        let cells = [[4.0, 0.0, 0.0], [3.6, 9.0, 0.0], [1.0, 2.1, 1.0]];
        let mut partial = Partial::of(
            &Symmetric::of(3, |row, column| cells[row][column]),
            &[0, 1, 2],
        )
        .unwrap();
        assert!((partial.explains(0, 2).unwrap() - 0.25).abs() < 1e-15);
        partial.take_out(0);
        assert!((partial.own(1) - 0.64).abs() < 1e-15);
        assert!((partial.shared(2, 1) - 0.4).abs() < 1e-15);
        assert!((partial.explains(1, 2).unwrap() - 0.25).abs() < 1e-15);
        partial.take_out(1);
        assert!((partial.own(2) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_copy_of_what_is_known_says_nothing_more() {
        let cells = [[1.0, 0.0, 0.0], [2.0, 4.0, 0.0], [0.5, 1.0, 1.0]];
        let matrix = Symmetric::of(3, |row, column| cells[row][column]);
        let mut partial = Partial::of(&matrix, &[0, 1, 2]).unwrap();
        partial.take_out(0);
        assert_eq!(partial.explains(1, 2), None);
        partial.take_out(1);
        assert!((partial.own(2) - 0.75).abs() < 1e-15);
        assert!(Partial::of(&Symmetric::of(1, |_, _| 0.0), &[0]).is_none());
    }

    /// What is left of a copy by rounding would explain others by rounding over rounding.
    #[test]
    fn a_copy_but_for_rounding_says_nothing_more() {
        let cells = [
            [1.0, 0.0, 0.0],
            [1.0 - 1e-14, 1.0, 0.0],
            [0.5, 0.5 - 1e-9, 1.0],
        ];
        let matrix = Symmetric::of(3, |row, column| cells[row][column]);
        let mut partial = Partial::of(&matrix, &[0, 1, 2]).unwrap();
        partial.take_out(0);
        partial.take_out(1);
        assert!((partial.own(2) - 0.75).abs() < 1e-15);
    }
}
