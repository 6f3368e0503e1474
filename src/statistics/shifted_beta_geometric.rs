//! How long customers of a contract stay: the shifted beta-geometric distribution.
//!
//! Each customer leaves at every renewal with a probability of their own, and these probabilities
//! follow a beta distribution (Fader & Hardie 2007, J. Interactive Marketing 21). Those likely to leave
//! go first, so retention rises with the age of a cohort although nobody changes: the constant churn rate
//! of a spreadsheet undervalues who has stayed.

use super::Table;
use super::gamma::{Jet, ln_rising};
use super::hypergeometric::hypergeometric_near_one;
use super::maximum::{Likelihood, maximise};

/// From so many renewals on what survives them is a difference of large logarithms.
const MANY: f64 = 64.0;

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShiftedBetaGeometricError {
    /// There are no rows.
    #[error("there are no customers")]
    NoRows,
    /// Renewals that are negative or not whole.
    #[error("the number of renewals survived is negative or not whole")]
    Renewals,
    /// A flag that is neither 0 nor 1.
    #[error("whether a customer is still active is neither 0 nor 1")]
    Active,
    /// Retention is 100 %.
    #[error("no customer ever leaves")]
    NobodyLeaves,
    /// Retention is 0 %.
    #[error("no customer ever renews")]
    NobodyRenews,
    /// All is over after the first renewal, which cannot tell customers who differ from customers who
    /// are alike.
    #[error("only the first renewal is seen")]
    OneRenewal,
    /// The likelihood is no double.
    #[error("the result is outside the range of a double")]
    Overflow,
}

/// A distribution of the probability to leave at a renewal: beta with these parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftedBetaGeometric {
    alpha: f64,
    beta: f64,
}

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftedBetaGeometricFit {
    /// The model.
    pub model: ShiftedBetaGeometric,
    /// The log likelihood at the maximum.
    pub log_likelihood: f64,
    /// How many customers.
    pub n: u64,
    /// Whether the maximum was reached. Where retention does not rise with age the customers are best
    /// taken as alike, and alpha and beta grow together without end.
    pub converged: bool,
}

impl ShiftedBetaGeometric {
    /// A model by its parameters; none unless both are positive and finite.
    #[must_use]
    pub fn new(alpha: f64, beta: f64) -> Option<Self> {
        let is_valid = alpha > 0.0 && beta > 0.0 && (alpha + beta).is_finite();
        is_valid.then_some(Self { alpha, beta })
    }

    /// Fits a table of renewals survived and whether still active (1) or gone (0): one who survived t
    /// renewals and left did so at renewal t + 1.
    ///
    /// # Errors
    /// [`ShiftedBetaGeometricError`] says which property of the customers leaves nothing to fit.
    pub fn fit(table: &Table) -> Result<ShiftedBetaGeometricFit, ShiftedBetaGeometricError> {
        check(table)?;
        let found = maximise([1.0, 1.0], |[alpha, beta]| {
            let model = Self {
                alpha: *alpha,
                beta: *beta,
            };
            let mut sum = Likelihood::default();
            for (row, count) in table.rows() {
                let is_active = row[1] > 0.5;
                let part = if is_active {
                    model.ln_survival(row[0])
                } else {
                    model.ln_leaving(row[0])
                };
                sum.add(&part, count as f64);
            }
            sum
        });
        let found = found.ok_or(ShiftedBetaGeometricError::Overflow)?;
        let [alpha, beta] = found.at;
        Ok(ShiftedBetaGeometricFit {
            model: Self { alpha, beta },
            log_likelihood: found.value,
            n: table.n(),
            converged: found.converged,
        })
    }

    /// The first parameter: alpha/(alpha + beta) leave at the first renewal.
    #[must_use]
    pub fn alpha(self) -> f64 {
        self.alpha
    }

    /// The second parameter.
    #[must_use]
    pub fn beta(self) -> f64 {
        self.beta
    }

    /// The share of customers who survive `renewals` renewals, B(alpha, beta + t)/B(alpha, beta)
    /// (formula 6); 1 for none. None for a negative number.
    #[must_use]
    pub fn survival(self, renewals: f64) -> Option<f64> {
        let is_valid = renewals >= 0.0 && renewals.is_finite();
        is_valid.then(|| self.ln_survival(renewals).value.exp().clamp(0.0, 1.0))
    }

    /// What one who has made so many renewals is still worth, in periods: the discounted expected
    /// residual lifetime just before the next renewal, at a discount rate per period (Fader & Hardie
    /// 2010, Marketing Science 29, formula 7, with n = renewals + 1).
    ///
    /// None for negative arguments, and for a discount of 0 where the mean lifetime is infinite (alpha
    /// ≤ 1).
    #[must_use]
    pub fn residual_lifetime(self, renewals: f64, discount: f64) -> Option<f64> {
        let is_valid = renewals >= 0.0 && discount >= 0.0 && (renewals + discount).is_finite();
        if !is_valid {
            return None;
        }
        let stayers = self.beta + renewals;
        if discount <= 0.0 {
            let lifetime = stayers / (self.alpha - 1.0);
            return (self.alpha > 1.0 && lifetime.is_finite()).then_some(lifetime);
        }
        let all = self.alpha + stayers;
        let complement = discount / (1.0 + discount);
        let ratio = hypergeometric_near_one(1.0, stayers + 1.0, all + 1.0, complement)?;
        Some(stayers / all * ratio).filter(|lifetime| lifetime.is_finite())
    }

    fn ln_survival(self, renewals: f64) -> Likelihood<2> {
        let (stay, all) = (
            ln_rising(self.beta, renewals),
            ln_rising(self.alpha + self.beta, renewals),
        );
        let mut survival = difference(stay, all);
        survival.value = self.ln_share(renewals, survival.value);
        survival
    }

    /// ln (β)ₜ/(α + β)ₜ: of many renewals the other way round, Γ(β + α)/Γ(β) over Γ(β + t + α)/Γ(β + t),
    /// whose logarithms do not grow with t; `as_said` of few.
    fn ln_share(self, renewals: f64, as_said: f64) -> f64 {
        if renewals <= self.alpha.max(MANY) {
            return as_said;
        }
        let first = ln_rising(self.beta, self.alpha);
        first.value - ln_rising(self.beta + renewals, self.alpha).value
    }

    /// ln P(T = t) = ln α + ln (β)ₜ₋₁ − ln (α + β)ₜ, which is S(t − 1) − S(t) without a difference.
    fn ln_leaving(self, renewals: f64) -> Likelihood<2> {
        let (stay, all) = (
            ln_rising(self.beta, renewals),
            ln_rising(self.alpha + self.beta, renewals + 1.0),
        );
        let mut leaving = difference(stay, all);
        let last = (self.alpha + self.beta + renewals).ln();
        leaving.value = self.ln_share(renewals, leaving.value + last) - last + self.alpha.ln();
        leaving.gradient[0] += 1.0 / self.alpha;
        leaving.hessian[0][0] -= 1.0 / (self.alpha * self.alpha);
        leaving
    }
}

/// A function of β less one of α + β, by α and β.
fn difference(stay: Jet, all: Jet) -> Likelihood<2> {
    Likelihood {
        value: stay.value - all.value,
        gradient: [-all.first, stay.first - all.first],
        hessian: [[-all.second, 0.0], [-all.second, stay.second - all.second]],
    }
}

fn check(table: &Table) -> Result<(), ShiftedBetaGeometricError> {
    if table.is_empty() {
        return Err(ShiftedBetaGeometricError::NoRows);
    }
    let (mut leaves, mut renews, mut seen) = (false, false, 0.0);
    for (row, _) in table.rows() {
        let (renewals, active) = (row[0], row[1]);
        if !(renewals >= 0.0 && renewals.fract() <= 0.0) {
            return Err(ShiftedBetaGeometricError::Renewals);
        }
        let is_active = active > 0.5;
        if (active - if is_active { 1.0 } else { 0.0 }).abs() > 0.0 {
            return Err(ShiftedBetaGeometricError::Active);
        }
        leaves |= !is_active;
        renews |= renewals > 0.5;
        seen = f64::max(seen, if is_active { renewals } else { renewals + 1.0 });
    }
    match () {
        () if !leaves => Err(ShiftedBetaGeometricError::NobodyLeaves),
        () if !renews => Err(ShiftedBetaGeometricError::NobodyRenews),
        () if seen < 1.5 => Err(ShiftedBetaGeometricError::OneRenewal),
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, tolerance: f64) {
        let error = (found - expected).abs();
        assert!(
            error <= tolerance * expected.abs().max(1e-300),
            "{found:.16} {expected:.16}"
        );
    }

    /// Customers left after 0, 1, 2, … renewals; those left at last are active.
    fn cohort(left: &[u64]) -> Table {
        let leavers = left.windows(2).enumerate();
        let leavers = leavers.map(|(renewals, pair)| ([renewals as f64, 0.0], pair[0] - pair[1]));
        let active = ([left.len() as f64 - 1.0, 1.0], left[left.len() - 1]);
        Table::of(2, leavers.chain([active]))
    }

    const REGULAR: [u64; 8] = [1000, 631, 468, 382, 326, 289, 262, 241];

    /// Fader & Hardie (2007), table 1, Regular: 0.704 and 1.182 in print; more digits by mpmath from
    /// the distribution, and `hyp2f1`.
    #[test]
    fn fader_hardie_2007_regular() {
        let fit = ShiftedBetaGeometric::fit(&cohort(&REGULAR)).unwrap();
        assert!(fit.converged);
        assert_eq!(fit.n, 1000);
        close(fit.model.alpha(), 0.704_077_298_473_516_2, 1e-12);
        close(fit.model.beta(), 1.182_043_026_209_475_7, 1e-12);
        close(fit.log_likelihood, -1_680.265_188_463_287, 1e-14);
        let survival = |renewals| fit.model.survival(renewals).unwrap();
        close(survival(12.0), 0.170_037_452_811_510_9, 1e-12);
        close(survival(0.0), 1.0, 0.0);
        let residual = |renewals| fit.model.residual_lifetime(renewals, 0.1).unwrap();
        close(residual(0.0), 2.964_399_270_263_322, 1e-12);
        close(residual(1.0), 4.103_139_775_083_837, 1e-12);
        close(residual(4.0), 5.894_095_361_380_859, 1e-12);
        // A new customer: the present period, and the residual lifetime discounted by one.
        close(1.0 + residual(0.0) / 1.1, 3.694_908_427_512_111, 1e-12);
    }

    /// Fader & Hardie (2007), table 1, High End: 0.668 and 3.806 in print.
    #[test]
    fn fader_hardie_2007_high_end() {
        let left = [1000, 869, 743, 653, 593, 551, 517, 491];
        let fit = ShiftedBetaGeometric::fit(&cohort(&left)).unwrap();
        assert!((fit.model.alpha() - 0.668).abs() < 5e-4, "{fit:?}");
        assert!((fit.model.beta() - 3.806).abs() < 5e-4, "{fit:?}");
    }

    /// Daily renewals: logarithms of factorials of thousands, of which few digits are left. By mpmath at 60
    /// digits: the log-likelihood at the maximum, and ln P of who leaves after 10¹² renewals.
    #[test]
    fn thousands_of_renewals() {
        for last in [1500.0, 2000.0, 3650.0, 10_000.0] {
            let rows = [([last, 1.0], 1), ([10.0, 0.0], 1), ([5.0, 0.0], 1)];
            let fit = ShiftedBetaGeometric::fit(&Table::of(2, rows)).unwrap();
            assert!(fit.converged, "{last}: {fit:?}");
        }
        let model = ShiftedBetaGeometric::new(0.7, 1.2).unwrap();
        close(model.ln_leaving(70.0).value, -7.569_933_039_336_724, 1e-14);
        close(model.ln_leaving(1e12).value, -47.283021026939666, 1e-13);
        close(model.ln_survival(1e12).value, -19.295324967070485, 1e-13);
        close(model.ln_survival(65.0).value, -2.88690201715157, 1e-14);
    }

    /// The sum over the future that the hypergeometric function stands for.
    #[test]
    fn residual_lifetime_is_a_discounted_sum() {
        for (alpha, beta) in [(0.7, 1.2), (3.0, 0.4), (1.0, 1.0), (40.0, 300.0)] {
            let model = ShiftedBetaGeometric::new(alpha, beta).unwrap();
            for (made, discount) in [(0.0, 0.1), (3.0, 0.25), (11.0, 1.5)] {
                let now = model.survival(made).unwrap();
                let term = |ahead: u32| {
                    let share = model.survival(made + 1.0 + f64::from(ahead)).unwrap() / now;
                    share / (1.0_f64 + discount).powf(ahead.into())
                };
                let sum: f64 = (0..600).map(term).sum();
                close(model.residual_lifetime(made, discount).unwrap(), sum, 1e-12);
            }
        }
    }

    /// Without discount: the mean lifetime (β + n − 1)/(α − 1), infinite for α ≤ 1.
    #[test]
    fn nothing_is_discounted() {
        let of = |alpha: f64| ShiftedBetaGeometric::new(alpha, 2.0).unwrap();
        close(of(3.0).residual_lifetime(4.0, 0.0).unwrap(), 3.0, 1e-15);
        close(of(3.0).residual_lifetime(4.0, 1e-15).unwrap(), 3.0, 1e-12);
        assert_eq!(of(1.0).residual_lifetime(4.0, 0.0), None);
        assert_eq!(of(0.5).residual_lifetime(4.0, 0.0), None);
        assert!(of(1.0).residual_lifetime(4.0, 1e-15).unwrap() > 100.0);
        assert_eq!(of(2.0).residual_lifetime(-1.0, 0.1), None);
        assert_eq!(of(2.0).residual_lifetime(1.0, -0.1), None);
        assert_eq!(of(2.0).survival(-1.0), None);
        assert_eq!(of(2.0).survival(f64::NAN), None);
        assert_eq!(ShiftedBetaGeometric::new(0.0, 1.0), None);
        assert_eq!(ShiftedBetaGeometric::new(1.0, f64::INFINITY), None);
    }

    #[test]
    fn what_leaves_nothing_to_fit_is_said() {
        let fit = |rows: &[([f64; 2], u64)]| {
            ShiftedBetaGeometric::fit(&Table::of(2, rows.iter().copied())).unwrap_err()
        };
        assert_eq!(fit(&[]), ShiftedBetaGeometricError::NoRows);
        assert_eq!(fit(&[([0.5, 1.0], 1)]), ShiftedBetaGeometricError::Renewals);
        assert_eq!(
            fit(&[([-1.0, 1.0], 1)]),
            ShiftedBetaGeometricError::Renewals
        );
        assert_eq!(fit(&[([1.0, 2.0], 1)]), ShiftedBetaGeometricError::Active);
        let all_stay = fit(&[([5.0, 1.0], 9), ([3.0, 1.0], 1)]);
        assert_eq!(all_stay, ShiftedBetaGeometricError::NobodyLeaves);
        let all_leave = fit(&[([0.0, 0.0], 9), ([0.0, 1.0], 2)]);
        assert_eq!(all_leave, ShiftedBetaGeometricError::NobodyRenews);
        let one = fit(&[([0.0, 0.0], 9), ([1.0, 1.0], 2)]);
        assert_eq!(one, ShiftedBetaGeometricError::OneRenewal);
        // Who left at the second renewal was seen at two.
        let two = Table::of(2, [([0.0, 0.0], 9), ([1.0, 0.0], 2)]);
        assert!(ShiftedBetaGeometric::fit(&two).is_ok());
    }

    /// Retention of exactly one half for ever, and one that falls: customers are alike at best. That is
    /// no maximum, but what it says of survival is what the data say.
    #[test]
    fn retention_that_does_not_rise_has_no_maximum() {
        let half = ShiftedBetaGeometric::fit(&cohort(&[1024, 512, 256, 128, 64])).unwrap();
        assert!(!half.converged);
        close(half.model.survival(3.0).unwrap(), 0.125, 1e-4);
        let falling = ShiftedBetaGeometric::fit(&cohort(&[1000, 900, 600, 200, 10])).unwrap();
        assert!(!falling.converged);
        assert!(falling.model.alpha().is_finite() && falling.model.beta().is_finite());
        // All who survive the first renewal stay for ever: both parameters run to 0.
        let steep = ShiftedBetaGeometric::fit(&cohort(&[1000, 400, 400, 400])).unwrap();
        assert!(!steep.converged);
        close(steep.model.survival(1.0).unwrap(), 0.4, 1e-4);
    }

    proptest! {
        #[test]
        fn a_fit_is_finite_and_survival_falls(lost in proptest::collection::vec(0_u64..200, 2..9), rest in 0_u64..500) {
            let mut left = vec![rest];
            for lost in lost {
                left.insert(0, left[0] + lost);
            }
            if let Ok(fit) = ShiftedBetaGeometric::fit(&cohort(&left)) {
                prop_assert!(fit.log_likelihood.is_finite() && fit.log_likelihood <= 0.0);
                let mut last = 1.0;
                for renewals in 0..30_u32 {
                    let survival = fit.model.survival(renewals.into()).unwrap();
                    prop_assert!(survival <= last);
                    last = survival;
                    let residual = fit.model.residual_lifetime(renewals.into(), 0.1);
                    prop_assert!(residual.is_some_and(|r| r > 0.0 && r <= 11.0 + 1e-9));
                }
            }
        }
    }
}
