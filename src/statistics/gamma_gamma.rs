//! What a customer spends per purchase: the gamma-gamma model.
//!
//! The mean of one or two purchases says little of a customer, so it is drawn towards the mean of all,
//! the more the fewer they are. Purchases of a customer are gamma distributed, and so is their scale
//! among customers (Colombo & Jiang 1999, J. Interactive Marketing 13; Fader & Hardie 2013, note 025).
//! With the purchases expected by BG/NBD it makes the lifetime value.

use super::Table;
use super::gamma::{Jet, ln_gamma, ln_rising};
use super::maximum::{Likelihood, maximise};

/// What is wrong with the customers, or why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GammaGammaError {
    /// A frequency that is negative or not whole.
    #[error("frequency, the number of repeat purchases, is negative or not whole")]
    Frequency,
    /// A mean value that is not positive, of a customer with purchases.
    #[error("the mean value of a customer with repeat purchases is not positive")]
    Monetary,
    /// Nobody has a repeat purchase.
    #[error("no customer ever comes back")]
    NoRepeats,
    /// All mean values are the same.
    #[error("the mean values never vary")]
    NoVariance,
    /// A new customer's expectation, where the heavy tail of the fitted model has none (q ≤ 1).
    #[error("the model has no mean: too many customers spend far more than the others")]
    NoMean,
    /// The result is no double.
    #[error("the result is outside the range of a double")]
    Overflow,
}

/// The model: purchases are gamma(p, ν) with ν gamma(q, v), so v is in the unit of money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    p: f64,
    q: f64,
    v: f64,
}

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGammaFit {
    /// The model.
    pub model: GammaGamma,
    /// The log likelihood at the maximum; it depends on the unit of money.
    pub log_likelihood: f64,
    /// How many customers with repeat purchases.
    pub n: u64,
    /// Whether the maximum was reached. Where customers do not differ, or their own purchases do not,
    /// parameters run to infinity; the model is then close to its simpler limit.
    pub converged: bool,
}

impl GammaGamma {
    /// A model by its parameters; none unless all are positive and finite.
    #[must_use]
    pub fn new(p: f64, q: f64, v: f64) -> Option<Self> {
        let is_valid = [p, q, v].iter().all(|x| *x > 0.0 && x.is_finite());
        is_valid.then_some(Self { p, q, v })
    }

    /// p, q, v.
    #[must_use]
    pub fn parameters(self) -> [f64; 3] {
        [self.p, self.q, self.v]
    }

    /// Fits a table of frequency (the number of purchases) and their mean value. Rows of frequency 0
    /// have nothing to average and do not count.
    ///
    /// # Errors
    /// [`GammaGammaError`] says what is wrong with a row, or which property of the customers leaves
    /// nothing to fit.
    pub fn fit(table: &Table) -> Result<GammaGammaFit, GammaGammaError> {
        let (mut n, mut mean) = (0_u64, 0.0);
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for (row, count) in table.rows() {
            if checked(row[0], row[1])? < 0.5 {
                continue;
            }
            n += count;
            mean += (row[1] - mean) * (count as f64 / n as f64);
            (low, high) = (low.min(row[1]), high.max(row[1]));
        }
        if n == 0 {
            return Err(GammaGammaError::NoRepeats);
        }
        if low >= high {
            return Err(GammaGammaError::NoVariance);
        }
        // In units of the mean, no unit is too large or too small.
        let found = maximise([1.0; 3], |parameters| likelihood(table, mean, parameters));
        let found = found.ok_or(GammaGammaError::Overflow)?;
        let [p, q, v] = found.at;
        let log_likelihood = found.value - n as f64 * mean.ln();
        Ok(GammaGammaFit {
            model: Self::new(p, q, v * mean).ok_or(GammaGammaError::Overflow)?,
            log_likelihood,
            n,
            converged: found.converged,
        })
    }

    /// What a customer is expected to spend per purchase, given the mean of so many (note 025, formula
    /// 5): p·(v + x·m)/(p·x + q − 1), a mean of p·v/(q − 1) for all and of m for this one. Of a new
    /// customer, with frequency 0, the value does not matter.
    ///
    /// # Errors
    /// [`GammaGammaError`] says which rule the customer breaks; [`GammaGammaError::NoMean`] for a
    /// customer without enough purchases where the model has no mean of its own.
    pub fn value(self, frequency: f64, monetary: f64) -> Result<f64, GammaGammaError> {
        let frequency = checked(frequency, monetary)?;
        let all = self.p * frequency + (self.q - 1.0);
        if all <= 0.0 {
            return Err(GammaGammaError::NoMean);
        }
        let spent = if frequency > 0.0 {
            frequency * monetary
        } else {
            0.0
        };
        let value = self.p * (self.v + spent) / all;
        Some(value)
            .filter(|value| value.is_finite())
            .ok_or(GammaGammaError::Overflow)
    }
}

/// The frequency of a customer that can be.
fn checked(frequency: f64, monetary: f64) -> Result<f64, GammaGammaError> {
    if !(frequency >= 0.0 && frequency.is_finite() && frequency.fract() <= 0.0) {
        return Err(GammaGammaError::Frequency);
    }
    if frequency > 0.0 && !(monetary > 0.0 && monetary.is_finite()) {
        return Err(GammaGammaError::Monetary);
    }
    Ok(frequency)
}

/// What the number of purchases alone contributes, the same for many customers: ln Γ(px + q)/Γ(px) by
/// its first argument, ψ(px + q) − ψ(q) with derivative, and ψ′(px + q).
#[derive(Debug, Clone, Copy)]
struct Frequency {
    value: f64,
    by_purchases: Jet,
    by_shape: Jet,
    of_both: f64,
}

/// The likelihood at p, q, v (note 025, formula 1a), v in the unit.
fn likelihood(table: &Table, unit: f64, parameters: &[f64; 3]) -> Likelihood<3> {
    let [p, q, _] = *parameters;
    let mut sum = Likelihood::default();
    let mut seen: Option<Frequency> = None;
    let shape = ln_gamma(q);
    for (row, count) in table.rows().filter(|(row, _)| row[0] > 0.5) {
        // Rows come in the order of their frequency.
        let frequency = match seen {
            Some(last) if last.value.total_cmp(&row[0]).is_eq() => last,
            _ => Frequency {
                value: row[0],
                by_purchases: ln_rising(p * row[0], q),
                by_shape: ln_rising(q, p * row[0]),
                of_both: ln_gamma(p * row[0] + q).second,
            },
        };
        seen = Some(frequency);
        sum.add(
            &of_customer(&frequency, shape.value, row[1] / unit, parameters),
            count as f64,
        );
    }
    sum
}

/// One customer's part, in logarithms that do not cancel: px·ln(w/(w + v)) + q·ln(v/(w + v)) with w = x·m.
fn of_customer(
    frequency: &Frequency,
    shape: f64,
    mean: f64,
    parameters: &[f64; 3],
) -> Likelihood<3> {
    let [p, q, v] = parameters;
    let x = frequency.value;
    let spent = x * mean;
    let all = spent + v;
    let (short, long) = ((v / spent).ln_1p(), (spent / v).ln_1p());
    let (by_purchases, by_shape) = (frequency.by_purchases, frequency.by_shape);
    Likelihood {
        value: by_purchases.value - shape - mean.ln() - p * x * short - q * long,
        gradient: [
            x * (by_purchases.first - short),
            by_shape.first - long,
            q / v * (spent / all) - p * x / all,
        ],
        hessian: [
            [x * x * by_purchases.second, 0.0, 0.0],
            [x * frequency.of_both, by_shape.second, 0.0],
            [
                -x / all,
                spent / v / all,
                p * x / all / all - q / v * (spent / all) * (1.0 / v + 1.0 / all),
            ],
        ],
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
            error <= tolerance * expected.abs(),
            "{found:e} {expected:e}"
        );
    }

    const SHOP: [([f64; 2], u64); 15] = [
        ([0.0, 0.0], 70),
        ([1.0, 12.0], 5),
        ([1.0, 30.0], 4),
        ([1.0, 75.0], 3),
        ([1.0, 8.0], 2),
        ([2.0, 22.0], 6),
        ([2.0, 41.0], 4),
        ([2.0, 15.0], 3),
        ([3.0, 33.0], 5),
        ([3.0, 90.0], 1),
        ([4.0, 27.0], 3),
        ([6.0, 18.0], 2),
        ([6.0, 52.0], 2),
        ([9.0, 36.0], 1),
        ([12.0, 140.0], 1),
    ];

    /// mpmath 1.4: the root of the gradient of the likelihood as note 025 writes it. Customers without
    /// a repeat purchase change nothing.
    #[test]
    fn mpmath_maximum() {
        let with = GammaGamma::fit(&Table::of(2, SHOP)).unwrap();
        let without = GammaGamma::fit(&Table::of(2, SHOP.into_iter().skip(1))).unwrap();
        assert_eq!(with, without);
        assert!(with.converged);
        assert_eq!(with.n, 42);
        let [p, q, v] = with.model.parameters();
        close(p, 4.131_763_310_546_926, 1e-11);
        close(q, 4.905_431_652_337_595, 1e-11);
        close(v, 32.539_969_457_675_7, 1e-11);
        close(with.log_likelihood, -177.170_010_257_698_43, 1e-14);
    }

    #[test]
    fn any_unit_will_do() {
        let plain = GammaGamma::fit(&Table::of(2, SHOP)).unwrap();
        for unit in [100.0, 1e-9, 1e200] {
            let rows = SHOP.map(|([x, m], n)| ([x, m * unit], n));
            let fit = GammaGamma::fit(&Table::of(2, rows)).unwrap();
            let ([p, q, v], [p2, q2, v2]) = (plain.model.parameters(), fit.model.parameters());
            close(p2, p, 1e-9);
            close(q2, q, 1e-9);
            close(v2, v * unit, 1e-9);
            close(
                fit.log_likelihood,
                plain.log_likelihood - 42.0 * unit.ln(),
                1e-12,
            );
        }
    }

    /// Fader & Hardie (2013), note 025, CDNOW: p 6.25, q 3.74, v 15.44; all spend 35.2 on average, and
    /// the first ten customers, by the tests of lifetimes, what is listed.
    #[test]
    fn fader_hardie_2013_cdnow() {
        let model = GammaGamma::new(6.248_802_5, 3.744_588_45, 15.447_748).unwrap();
        for (frequency, monetary, value) in [
            (2.0, 22.35, 24.66),
            (1.0, 11.77, 18.91),
            (0.0, 0.0, 35.17),
            (7.0, 73.74, 71.46),
            (2.0, 25.55, 27.28),
        ] {
            let found = model.value(frequency, monetary).unwrap();
            assert!((found - value).abs() < 5e-3, "{found} {value}");
        }
        let printed = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
        assert!((printed.value(0.0, 0.0).unwrap() - 35.22).abs() < 5e-3);
        // As the note writes it: (q − 1)/(px + q − 1)·pv/(q − 1) + px/(px + q − 1)·m.
        let (p, q, v) = (6.25, 3.74, 15.44);
        let share = p * 3.0 / (p * 3.0 + q - 1.0);
        let expected = (1.0 - share) * p * v / (q - 1.0) + share * 50.0;
        close(printed.value(3.0, 50.0).unwrap(), expected, 1e-14);
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let table = Table::of(2, SHOP);
        for place in [[0.3, 2.0, 0.8], [5.0, 40.0, 30.0], [60.0, 0.4, 3.0]] {
            let at = likelihood(&table, 20.0, &place);
            for i in 0..3 {
                let moved = |sign: f64| {
                    let mut moved = place;
                    moved[i] *= 1.0 + sign * 1e-5;
                    likelihood(&table, 20.0, &moved)
                };
                let (up, down, step) = (moved(1.0), moved(-1.0), 2e-5 * place[i]);
                let slope = (up.value - down.value) / step;
                let scale = at.gradient[i].abs().max(1.0);
                assert!(
                    (at.gradient[i] - slope).abs() < 1e-5 * scale,
                    "{place:?} {i}"
                );
                for j in 0..=i {
                    let slope = (up.gradient[j] - down.gradient[j]) / step;
                    let scale = at.hessian[i][j].abs().max(1.0);
                    assert!(
                        (at.hessian[i][j] - slope).abs() < 1e-5 * scale,
                        "{place:?} {i} {j}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let fit = |rows: &[([f64; 2], u64)]| {
            GammaGamma::fit(&Table::of(2, rows.iter().copied())).unwrap_err()
        };
        assert_eq!(fit(&[]), GammaGammaError::NoRepeats);
        assert_eq!(fit(&[([0.0, -3.0], 9)]), GammaGammaError::NoRepeats);
        assert_eq!(fit(&[([1.0, 0.0], 9)]), GammaGammaError::Monetary);
        assert_eq!(fit(&[([1.5, 2.0], 9)]), GammaGammaError::Frequency);
        assert_eq!(fit(&[([-1.0, 2.0], 9)]), GammaGammaError::Frequency);
        let same = [([1.0, 2.0], 9), ([5.0, 2.0], 9)];
        assert_eq!(fit(&same), GammaGammaError::NoVariance);
        assert_eq!(GammaGamma::new(1.0, -1.0, 1.0), None);
        let light = GammaGamma::new(2.0, 3.0, 10.0).unwrap();
        assert_eq!(light.value(0.0, f64::INFINITY), Ok(10.0));
        let heavy = GammaGamma::new(2.0, 0.5, 10.0).unwrap();
        assert_eq!(heavy.value(0.0, 0.0), Err(GammaGammaError::NoMean));
        assert_eq!(heavy.value(1.0, f64::NAN), Err(GammaGammaError::Monetary));
        close(heavy.value(1.0, 10.0).unwrap(), 2.0 * 20.0 / 1.5, 1e-15);
        // q = 1 divides nothing by 0 as soon as there is a purchase.
        let edge = GammaGamma::new(2.0, 1.0, 10.0).unwrap();
        close(edge.value(1.0, 10.0).unwrap(), 20.0, 1e-15);
        assert_eq!(edge.value(0.0, 0.0), Err(GammaGammaError::NoMean));
    }

    proptest! {
        #[test]
        fn a_fit_is_finite_and_draws_towards_the_mean(
            rows in proptest::collection::vec((1_u8..6, 1.0_f64..100.0, 1_u8..20), 2..12)
        ) {
            let rows = rows.into_iter().map(|(x, m, n)| ([f64::from(x), m], u64::from(n)));
            if let Ok(fit) = GammaGamma::fit(&Table::of(2, rows)) {
                prop_assert!(fit.log_likelihood.is_finite());
                if let Ok(mean) = fit.model.value(0.0, 0.0) {
                    for monetary in [1.0, 10.0, 1000.0] {
                        let value = fit.model.value(3.0, monetary).unwrap();
                        let (low, high) = (mean.min(monetary), mean.max(monetary));
                        let rounding = 1e-9 * high;
                        prop_assert!(low - rounding <= value && value <= high + rounding);
                    }
                }
            }
        }
    }
}
