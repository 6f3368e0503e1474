//! How far several ratings of the same thing agree: Cronbach's alpha and intraclass correlations.
//!
//! Both are functions of the analysis of variance of a table of subjects × raters, which is a
//! function of the sums, squares and products of its columns.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::interval::{Confidence, Interval};

/// The mean squares of a table of subjects × raters without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    /// Subjects, at least two.
    pub n: u64,
    /// Raters or items, at least two.
    pub k: u64,
    /// Between subjects.
    pub subjects: f64,
    /// Between raters.
    pub raters: f64,
    /// What neither explains.
    pub residual: f64,
}

impl MeanSquares {
    /// From the means and the covariances (divisor n − 1) of the raters over n subjects; none for
    /// fewer than two of either.
    #[must_use]
    pub fn of(n: u64, means: &[f64], covariances: &[Vec<f64>]) -> Option<Self> {
        let k = means.len();
        if n < 2 || k < 2 {
            return None;
        }
        let (rows, columns) = (n as f64, k as f64);
        let trace: f64 = (0..k).map(|place| covariances[place][place]).sum();
        let total: f64 = covariances.iter().flatten().sum();
        let grand = means.iter().sum::<f64>() / columns;
        let between: f64 = means.iter().map(|mean| (mean - grand).powi(2)).sum();
        Some(Self {
            n,
            k: k as u64,
            subjects: total / columns,
            raters: rows * between / (columns - 1.0),
            residual: ((trace - total / columns) / (columns - 1.0)).max(0.0),
        })
    }

    /// What the raters and the residual make together, as where each subject has raters of its own.
    #[must_use]
    pub fn within(&self) -> f64 {
        let n = self.n as f64;
        (self.raters + (n - 1.0) * self.residual) / n
    }

    /// Cronbach (1951), Psychometrika 16: the share of the variance of the sum that the items share.
    /// None where the sum does not vary.
    #[must_use]
    pub fn alpha(&self) -> Option<f64> {
        (self.subjects > 0.0).then(|| 1.0 - self.residual / self.subjects)
    }

    /// The interval of alpha of Feldt (1965), Psychometrika 30.
    #[must_use]
    pub fn alpha_interval(&self, confidence: Confidence) -> Option<Interval> {
        let alpha = self.alpha()?;
        let n = self.n as f64 - 1.0;
        let f = FisherSnedecor::new(n, n * (self.k as f64 - 1.0)).ok()?;
        let tail = (1.0 - confidence.level()) / 2.0;
        Some(Interval {
            low: 1.0 - (1.0 - alpha) * f.inverse_cdf(1.0 - tail),
            high: 1.0 - (1.0 - alpha) * f.inverse_cdf(tail),
        })
    }

    /// The six intraclass correlations; none where nothing varies.
    #[must_use]
    pub fn intraclass(&self) -> Option<Intraclass> {
        let (n, k) = (self.n as f64, self.k as f64);
        let Self {
            subjects: between,
            raters,
            residual,
            ..
        } = *self;
        let within = self.within();
        let share = |over: f64, under: f64| (under > 0.0).then(|| over / under);
        Some(Intraclass {
            icc1: share(between - within, between + (k - 1.0) * within)?,
            icc2: share(
                between - residual,
                between + (k - 1.0) * residual + k * (raters - residual) / n,
            )?,
            icc3: share(between - residual, between + (k - 1.0) * residual)?,
            icc1k: share(between - within, between),
            icc2k: share(between - residual, between + (raters - residual) / n),
            icc3k: share(between - residual, between),
        })
    }
}

/// Intraclass correlations by Shrout & Fleiss (1979), Psychological Bulletin 86: of one rating, and
/// (`k`) of the mean of all; those of the mean are none where the subjects do not differ at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intraclass {
    /// Each subject has raters of its own.
    pub icc1: f64,
    /// The raters are a sample of all raters.
    pub icc2: f64,
    /// The raters are all there are.
    pub icc3: f64,
    /// See `icc1`.
    pub icc1k: Option<f64>,
    /// See `icc2`.
    pub icc2k: Option<f64>,
    /// See `icc3`; the same as Cronbach's alpha.
    pub icc3k: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Means and covariances of a table of subjects × raters.
    fn squares(table: &[&[f64]]) -> Option<MeanSquares> {
        let (n, k) = (table.len(), table.first().map_or(0, |row| row.len()));
        let mean = |j: usize| table.iter().map(|row| row[j]).sum::<f64>() / n as f64;
        let means: Vec<f64> = (0..k).map(mean).collect();
        let covariance = |i: usize, j: usize| {
            let products = table
                .iter()
                .map(|row| (row[i] - means[i]) * (row[j] - means[j]));
            products.sum::<f64>() / (n as f64 - 1.0)
        };
        let row = |i| (0..k).map(|j| covariance(i, j)).collect();
        let covariances: Vec<Vec<f64>> = (0..k).map(row).collect();
        MeanSquares::of(n as u64, &means, &covariances)
    }

    #[track_caller]
    fn close(found: f64, published: f64, digits: f64) {
        assert!(
            (found - published).abs() < digits,
            "{found}, published {published}"
        );
    }

    /// Shrout & Fleiss (1979), tables 2 to 4: six subjects, four judges.
    #[test]
    fn the_judges_of_shrout_and_fleiss() {
        let squares = squares(&[
            &[9.0, 2.0, 5.0, 8.0],
            &[6.0, 1.0, 3.0, 2.0],
            &[8.0, 4.0, 6.0, 8.0],
            &[7.0, 1.0, 2.0, 6.0],
            &[10.0, 5.0, 6.0, 9.0],
            &[6.0, 2.0, 4.0, 7.0],
        ])
        .unwrap();
        close(squares.subjects, 11.241_667, 5e-7);
        close(squares.within(), 6.263_889, 5e-7);
        close(squares.raters, 32.486_111, 5e-7);
        close(squares.residual, 1.019_444, 5e-7);
        let icc = squares.intraclass().unwrap();
        close(icc.icc1, 0.1657, 5e-5);
        close(icc.icc2, 0.2898, 5e-5);
        close(icc.icc3, 0.7148, 5e-5);
        close(icc.icc1k.unwrap(), 0.4428, 5e-5);
        close(icc.icc2k.unwrap(), 0.6201, 5e-5);
        close(icc.icc3k.unwrap(), 0.9093, 5e-5);
        close(squares.alpha().unwrap(), 0.909_315_5, 5e-8);
        let interval = squares.alpha_interval(Confidence::default()).unwrap();
        assert!(interval.low < 0.909 && interval.high > 0.909 && interval.high < 1.0);
    }

    #[test]
    fn what_does_not_vary_has_no_reliability() {
        let same = squares(&[&[3.0, 3.0], &[3.0, 3.0], &[3.0, 3.0]]).unwrap();
        assert_eq!(same.alpha(), None);
        assert_eq!(same.intraclass(), None);
        assert_eq!(squares(&[&[1.0, 2.0]]), None);
        assert_eq!(squares(&[&[1.0], &[2.0]]), None);
        // Raters who agree to the point are perfectly reliable.
        let agreed = squares(&[&[1.0, 1.0], &[2.0, 2.0], &[5.0, 5.0]]).unwrap();
        close(agreed.alpha().unwrap(), 1.0, 1e-12);
        close(agreed.intraclass().unwrap().icc2, 1.0, 1e-12);
    }
}
