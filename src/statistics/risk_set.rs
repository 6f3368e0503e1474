//! The rows at risk at one time, weighted by their hazards: total, mean and spread of the covariates.
//!
//! Kept as means and products of deviations, to which rows are added one by one (West 1979, Comm. ACM
//! 22): a difference of raw second moments would lose the digits that tell a coefficient which runs to
//! infinity from one that is merely large.

/// Total hazard, hazard-weighted mean, and hazard-weighted products of deviations from it.
#[derive(Debug, Clone)]
pub(super) struct RiskSet {
    /// The sum of the hazards.
    pub(super) hazard: f64,
    /// The mean of each covariate; zeros in a set without hazard.
    pub(super) mean: Vec<f64>,
    /// The products of deviations, lower triangle, row by row.
    pub(super) products: Vec<f64>,
    deviation: Vec<f64>,
}

impl RiskSet {
    /// Nobody, with so many covariates.
    pub(super) fn new(width: usize) -> Self {
        Self {
            hazard: 0.0,
            mean: vec![0.0; width],
            products: vec![0.0; width * (width + 1) / 2],
            deviation: vec![0.0; width],
        }
    }

    /// A row with its hazard; without hazard it is none.
    pub(super) fn add(&mut self, hazard: f64, row: &[f64]) {
        if hazard > 0.0 {
            self.move_towards(hazard, row);
        }
    }

    /// All rows of another set, which is empty afterwards.
    pub(super) fn absorb(&mut self, other: &mut Self) {
        if other.hazard > 0.0 {
            self.move_towards(other.hazard, &other.mean);
            let pairs = self.products.iter_mut().zip(&other.products);
            pairs.for_each(|(own, others)| *own += others);
        }
        other.hazard = 0.0;
        other.mean.fill(0.0);
        other.products.fill(0.0);
    }

    /// Every hazard times a factor.
    pub(super) fn scale(&mut self, factor: f64) {
        self.hazard *= factor;
        self.products.iter_mut().for_each(|cell| *cell *= factor);
    }

    fn move_towards(&mut self, hazard: f64, row: &[f64]) {
        let total = self.hazard + hazard;
        let share = hazard / total;
        let deviations = self.deviation.iter_mut().zip(&mut self.mean).zip(row);
        for ((deviation, mean), value) in deviations {
            *deviation = value - *mean;
            *mean += share * *deviation;
        }
        add_products(&mut self.products, self.hazard * share, &self.deviation);
        self.hazard = total;
    }
}

/// Adds factor · x · xᵀ to a lower triangle.
pub(super) fn add_products(triangle: &mut [f64], factor: f64, x: &[f64]) {
    let mut cells = triangle.iter_mut();
    for (row, left) in x.iter().enumerate() {
        let scaled = factor * left;
        for (right, cell) in x[..=row].iter().zip(&mut cells) {
            *cell += scaled * right;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: &[f64], expected: &[f64]) {
        let pairs = found.iter().zip(expected);
        assert!(
            pairs.clone().all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?} {expected:?}"
        );
    }

    /// (1, 2) three times and (5, 0) once: mean (2, 1.5), deviations (−1, 0.5) thrice and (3, −1.5).
    #[test]
    fn by_hand() {
        let mut set = RiskSet::new(2);
        set.add(0.0, &[9.0, 9.0]);
        set.absorb(&mut RiskSet::new(2));
        close(&set.mean, &[0.0, 0.0]);
        set.add(3.0, &[1.0, 2.0]);
        set.add(0.0, &[9.0, 9.0]);
        set.add(1.0, &[5.0, 0.0]);
        close(&set.mean, &[2.0, 1.5]);
        close(&set.products, &[12.0, -6.0, 3.0]);
        set.scale(0.5);
        close(&[set.hazard], &[2.0]);
        close(&set.products, &[6.0, -3.0, 1.5]);
    }

    #[test]
    fn absorbing_is_adding_each_row() {
        let rows = [
            (1.0, [3.0, 1.0]),
            (2.5, [-1.0, 4.0]),
            (0.5, [2.0, 2.0]),
            (4.0, [0.0, -7.0]),
        ];
        let mut all = RiskSet::new(2);
        rows.iter().for_each(|(hazard, row)| all.add(*hazard, row));
        let (mut one, mut other) = (RiskSet::new(2), RiskSet::new(2));
        rows[..2]
            .iter()
            .for_each(|(hazard, row)| one.add(*hazard, row));
        rows[2..]
            .iter()
            .for_each(|(hazard, row)| other.add(*hazard, row));
        one.absorb(&mut other);
        close(&one.mean, &all.mean);
        close(&one.products, &all.products);
        close(&[one.hazard, other.hazard], &[all.hazard, 0.0]);
        one.absorb(&mut other);
        close(&one.mean, &all.mean);
    }
}
