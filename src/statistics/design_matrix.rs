//! The rows of a two-valued outcome and its regressors, prepared for a logistic fit.
//!
//! Each row is turned so that "predicted right" always means "positive": a row with outcome 0
//! enters with its signs reversed. Its product with the coefficients is then its *margin*, how
//! far the fit is on the right side, and likelihood, gradient and separation read off margins.

use super::linear::Symmetric;
use super::logistic::LogisticFailure;
use super::scale::Scale;
use super::table::Table;

/// Standardised regressors behind a leading 1, each row times its sign.
#[derive(Debug, Clone)]
pub(super) struct DesignMatrix {
    width: usize,
    cells: Vec<f64>,
    counts: Vec<f64>,
    scales: Vec<Scale>,
}

impl DesignMatrix {
    /// Of some columns of a table whose column 0 is the outcome; one row for each of the table's.
    pub(super) fn of(table: &Table, columns: &[usize]) -> Result<Self, LogisticFailure> {
        check_outcome(table)?;
        if table.n() <= columns.len() as u64 {
            return Err(LogisticFailure::TooFewRows);
        }
        let mut scales = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            let scale = Scale::of(table.rows().map(|(row, n)| (row[*column], n)));
            scales.push((*column, scale.ok_or(LogisticFailure::Constant(place + 1))?));
        }
        let design = Self::build(table.rows(), table.len(), &scales);
        let independent = design.independent(&design.counts);
        let determined = (0..columns.len()).find(|place| !independent.contains(place));
        determined.map_or(Ok(design), |place| {
            Err(LogisticFailure::Collinear(place + 1))
        })
    }

    /// Of some of the rows, and of those columns that vary in them and are not determined by
    /// columns before.
    pub(super) fn of_part(table: &Table, columns: &[usize], rows: &[usize]) -> Self {
        let all: Vec<(&[f64], u64)> = table.rows().collect();
        let part = rows.iter().map(|row| all[*row]);
        let scale = |column: &usize| {
            let scale = Scale::of(part.clone().map(|(row, n)| (row[*column], n)))?;
            Some((*column, scale))
        };
        let scales: Vec<(usize, Scale)> = columns.iter().filter_map(scale).collect();
        let design = Self::build(part.clone(), rows.len(), &scales);
        let independent = design.independent(&design.counts);
        if independent.len() == scales.len() {
            return design;
        }
        let scales: Vec<(usize, Scale)> = independent.iter().map(|at| scales[*at]).collect();
        Self::build(part, rows.len(), &scales)
    }

    fn build<'a>(
        rows: impl Iterator<Item = (&'a [f64], u64)>,
        len: usize,
        scales: &[(usize, Scale)],
    ) -> Self {
        let width = scales.len() + 1;
        let mut cells = Vec::with_capacity(len * width);
        let mut counts = Vec::with_capacity(len);
        for (row, count) in rows {
            let sign = if row[0] > 0.5 { 1.0 } else { -1.0 };
            cells.push(sign);
            let regressors = scales
                .iter()
                .map(|(column, scale)| sign * scale.standardised(row[*column]));
            cells.extend(regressors);
            counts.push(count as f64);
        }
        Self {
            width,
            cells,
            counts,
            scales: scales.iter().map(|(_, scale)| *scale).collect(),
        }
    }

    /// Which regressors are not determined by the intercept and those before them; rows with a
    /// count of 0 are not there.
    pub(super) fn independent(&self, counts: &[f64]) -> Vec<usize> {
        let width = self.width;
        let mut products = vec![0.0; width * width];
        for (row, count) in self.rows().zip(counts) {
            for a in 0..width {
                for b in 0..=a {
                    products[a * width + b] += count * row[a] * row[b];
                }
            }
        }
        let all = Symmetric::of(width, |a, b| products[a * width + b]);
        let mut chosen = vec![0];
        for column in 1..width {
            chosen.push(column);
            let none = vec![0.0; chosen.len()];
            if all.select(&chosen).solve(&none).is_none() {
                chosen.pop();
            }
        }
        chosen[1..].iter().map(|column| column - 1).collect()
    }

    /// How many coefficients, the intercept first.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The turned rows; the first cell of each is its sign.
    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.cells.chunks_exact(self.width)
    }

    /// How often each row occurred.
    pub(super) fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// How the regressors were standardised.
    pub(super) fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// The rows as seen from other directions: a cell for each.
    pub(super) fn turned(&self, directions: &[Vec<f64>]) -> Self {
        let cells = self
            .rows()
            .flat_map(|row| directions.iter().map(|to| product(row, to)));
        Self {
            width: directions.len(),
            cells: cells.collect(),
            counts: self.counts.clone(),
            scales: Vec::new(),
        }
    }

    /// The margin of each row.
    pub(super) fn margins(&self, coefficients: &[f64]) -> Vec<f64> {
        self.rows().map(|row| product(row, coefficients)).collect()
    }
}

pub(super) fn product(row: &[f64], coefficients: &[f64]) -> f64 {
    row.iter().zip(coefficients).map(|(x, b)| x * b).sum()
}

fn check_outcome(table: &Table) -> Result<(), LogisticFailure> {
    let is = |value: f64| move |(row, _): (&[f64], u64)| row[0].total_cmp(&value).is_eq();
    let (has_0, has_1) = (table.rows().any(is(0.0)), table.rows().any(is(1.0)));
    let is_either = |row| is(0.0)(row) || is(1.0)(row);
    match (has_0, has_1) {
        _ if table.is_empty() => Err(LogisticFailure::NoRows),
        _ if !table.rows().all(is_either) => Err(LogisticFailure::OutcomeNotBinary),
        (true, true) => Ok(()),
        _ => Err(LogisticFailure::OneClass),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table<const W: usize>(rows: &[[f64; W]]) -> Table {
        Table::of(W, rows.iter().map(|row| (*row, 1)))
    }

    #[test]
    fn rows_are_standardised_and_turned() {
        let of = table(&[[0.0, 4.0], [0.0, 6.0], [1.0, 6.0], [1.0, 8.0]]);
        let design = DesignMatrix::of(&of, &[1]).unwrap();
        let far = 2.0_f64.sqrt();
        let expected = [-1.0, far, -1.0, 0.0, 1.0, 0.0, 1.0, far];
        let found = design.rows().flatten();
        assert!(found.zip(expected).all(|(a, b)| (a - b).abs() < 1e-15));
        let margins = design.margins(&[1.0, 2.0]);
        assert!((margins[0] + 1.0 - 2.0 * far).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let of = |rows: &[[f64; 3]]| DesignMatrix::of(&table(rows), &[1, 2]).err();
        use LogisticFailure as Why;
        assert_eq!(of(&[]), Some(Why::NoRows));
        assert_eq!(of(&[[1.0, 1.0, 1.0], [1.0, 2.0, 1.0]]), Some(Why::OneClass));
        let three = [[0.0, 1.0, 1.0], [1.0, 2.0, 3.0], [2.0, 1.0, 1.0]];
        assert_eq!(of(&three), Some(Why::OutcomeNotBinary));
        assert_eq!(of(&three[..2]), Some(Why::TooFewRows));
        let constant = [[0.0, 1.0, 7.0], [1.0, 2.0, 7.0], [1.0, 1.0, 7.0]];
        assert_eq!(of(&constant), Some(Why::Constant(2)));
        let twice = [[0.0, 1.0, 7.0], [1.0, 2.0, 5.0], [1.0, 4.0, 1.0]];
        assert_eq!(of(&twice), Some(Why::Collinear(2)));
    }

    #[test]
    fn a_part_keeps_the_columns_that_tell_something_there() {
        let of = table(&[
            [0.0, 1.0, 5.0, 2.0],
            [0.0, 9.0, 6.0, 1.0],
            [1.0, 1.0, 7.0, 6.0],
            [1.0, 1.0, 9.0, 10.0],
        ]);
        let part = DesignMatrix::of_part(&of, &[1, 2, 3], &[0, 2, 3]);
        assert_eq!((part.width(), part.counts().len()), (2, 3));
    }
}
