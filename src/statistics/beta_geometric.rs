//! Who will buy again: the BG/NBD model of customers without a contract.
//!
//! A customer buys at random times at a rate of their own until, after some purchase, they are gone for
//! good, with a probability of their own; nobody tells when. Rates follow a gamma distribution,
//! probabilities a beta distribution (Fader, Hardie & Lee 2005, Marketing Science 24). Three numbers of a
//! customer carry all there is to know: how many repeat purchases, when the last, how long watched.

use super::Table;
use super::beta_geometric_likelihood::BetaGeometricLikelihood;
use super::beta_mean::{Function, beta_mean};
use super::maximum::maximise;

/// The series serves up to this ratio of horizon to scale, with at most so many terms, while its first
/// term is a double; beyond, the integral.
const LONG: f64 = 10.0;
const TERMS: usize = 800;
const SMALLEST: f64 = -600.0;

/// What is wrong with the customers, or why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BetaGeometricError {
    /// There are no rows.
    #[error("there are no customers")]
    NoRows,
    /// A frequency that is negative or not whole.
    #[error("frequency, the number of repeat purchases, is negative or not whole")]
    Frequency,
    /// A negative recency.
    #[error("recency, the time of the last purchase since the first, is negative")]
    Recency,
    /// A negative age.
    #[error("age, the time since the first purchase, is negative")]
    Age,
    /// A recency beyond the age.
    #[error(
        "recency is greater than age: the last purchase is later than the end of the observation"
    )]
    RecencyAfterAge,
    /// A recency without a repeat purchase.
    #[error(
        "recency is greater than 0 where frequency is 0: without a repeat purchase the last purchase is the first"
    )]
    RecencyWithoutRepeat,
    /// Nobody has a repeat purchase.
    #[error("no customer ever comes back")]
    NoRepeats,
    /// Nobody was watched for any time.
    #[error("every customer has age 0")]
    NoTime,
    /// A horizon that is negative or not finite.
    #[error("the horizon is negative or not finite")]
    Horizon,
    /// The result is no double.
    #[error("the result is outside the range of a double")]
    Overflow,
}

/// What is known of a customer; times in any unit, the same for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Purchases {
    /// How many repeat purchases: all but the first.
    pub frequency: f64,
    /// The time from the first purchase to the last; 0 without a repeat purchase.
    pub recency: f64,
    /// The time from the first purchase to the end of the observation.
    pub age: f64,
}

impl Purchases {
    /// The same, if such a customer can be.
    ///
    /// # Errors
    /// [`BetaGeometricError`] says which rule is broken.
    pub fn checked(self) -> Result<Self, BetaGeometricError> {
        let is_at_least_0 = |x: f64| x >= 0.0 && x.is_finite();
        if !is_at_least_0(self.frequency) || self.frequency.fract() > 0.0 {
            return Err(BetaGeometricError::Frequency);
        }
        if !is_at_least_0(self.recency) {
            return Err(BetaGeometricError::Recency);
        }
        if !is_at_least_0(self.age) {
            return Err(BetaGeometricError::Age);
        }
        if self.recency > self.age {
            return Err(BetaGeometricError::RecencyAfterAge);
        }
        if self.frequency < 0.5 && self.recency > 0.0 {
            return Err(BetaGeometricError::RecencyWithoutRepeat);
        }
        Ok(self)
    }
}

/// The model: purchase rates are gamma(r, alpha), probabilities to be gone after a purchase beta(a, b).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaGeometric {
    /// The shape of the rates.
    r: f64,
    /// The scale of the rates, in the unit of time: r/alpha is the mean number of purchases per unit.
    alpha: f64,
    /// The first parameter of the probabilities; a/(a + b) are gone after their first repeat purchase.
    a: f64,
    /// Their second parameter.
    b: f64,
}

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaGeometricFit {
    /// The model.
    pub model: BetaGeometric,
    /// The log likelihood at the maximum; it depends on the unit of time.
    pub log_likelihood: f64,
    /// How many customers.
    pub n: u64,
    /// Whether the maximum was reached. Where customers do not differ, or are never gone, parameters run
    /// to infinity or to 0; the model is then close to its simpler limit.
    pub converged: bool,
}

impl BetaGeometric {
    /// A model by its parameters; none unless all are positive and finite.
    #[must_use]
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Option<Self> {
        let is_valid = [r, alpha, a, b, a + b]
            .iter()
            .all(|x| *x > 0.0 && x.is_finite());
        is_valid.then_some(Self { r, alpha, a, b })
    }

    /// r, alpha, a, b.
    #[must_use]
    pub fn parameters(self) -> [f64; 4] {
        [self.r, self.alpha, self.a, self.b]
    }

    /// Fits a table of frequency, recency and age.
    ///
    /// # Errors
    /// [`BetaGeometricError`] says what is wrong with a row, or which property of the customers leaves
    /// nothing to fit.
    pub fn fit(table: &Table) -> Result<BetaGeometricFit, BetaGeometricError> {
        let (mut repeats, mut watched, mut longest) = (0.0, 0.0, 0.0_f64);
        for (row, count) in table.rows() {
            let customer = Purchases {
                frequency: row[0],
                recency: row[1],
                age: row[2],
            };
            let customer = customer.checked()?;
            repeats += customer.frequency * count as f64;
            longest = longest.max(customer.age);
        }
        match () {
            () if table.is_empty() => return Err(BetaGeometricError::NoRows),
            () if repeats <= 0.0 => return Err(BetaGeometricError::NoRepeats),
            () if longest <= 0.0 => return Err(BetaGeometricError::NoTime),
            () => {}
        }
        // In units of the longest age, no unit is too large or too small.
        for (row, count) in table.rows() {
            watched += row[2] / longest * count as f64;
        }
        let likelihood = BetaGeometricLikelihood::new(table, longest);
        let start = [1.0, watched / repeats, 1.0, 1.0];
        let found = maximise(start, |parameters| likelihood.at(parameters));
        let found = found.ok_or(BetaGeometricError::Overflow)?;
        let [r, alpha, a, b] = found.at;
        let model = Self::new(r, alpha * longest, a, b).ok_or(BetaGeometricError::Overflow)?;
        let log_likelihood = found.value - repeats * longest.ln();
        Ok(BetaGeometricFit {
            model,
            log_likelihood,
            n: table.n(),
            converged: found.converged,
        })
    }

    /// The probability that a customer is not gone (Fader, Hardie & Lee 2008, note 021); 1 for one
    /// without a repeat purchase, who had no occasion to go.
    ///
    /// # Errors
    /// [`BetaGeometricError`] says which rule the customer breaks.
    pub fn alive(self, customer: Purchases) -> Result<f64, BetaGeometricError> {
        let Purchases {
            frequency,
            recency,
            age,
        } = customer.checked()?;
        if frequency < 0.5 {
            return Ok(1.0);
        }
        let silence = ((age - recency) / (self.alpha + recency)).ln_1p();
        let odds = self.a.ln() - (self.b + (frequency - 1.0)).ln() + (self.r + frequency) * silence;
        Ok(1.0 / (1.0 + odds.exp()))
    }

    /// How many purchases a customer is expected to make in the `horizon` after the observation
    /// (formula 10).
    ///
    /// One who is not gone is a new customer with more experience: rates gamma(r + x, alpha + T),
    /// probabilities beta(a, b + x).
    ///
    /// # Errors
    /// [`BetaGeometricError`] says which rule the customer breaks, or of a horizon below 0.
    pub fn expected(self, horizon: f64, customer: Purchases) -> Result<f64, BetaGeometricError> {
        let alive = self.alive(customer)?;
        let experienced = Self {
            r: self.r + customer.frequency,
            alpha: self.alpha + customer.age,
            a: self.a,
            b: self.b + customer.frequency,
        };
        Ok(alive * experienced.expected_of_new(horizon)?)
    }

    /// How many repeat purchases a new customer is expected to make in the `horizon` after the first
    /// (formula 9).
    ///
    /// # Errors
    /// [`BetaGeometricError::Horizon`] below 0, [`BetaGeometricError::Overflow`] beyond doubles.
    pub fn expected_of_new(self, horizon: f64) -> Result<f64, BetaGeometricError> {
        if !(horizon >= 0.0 && horizon.is_finite()) {
            return Err(BetaGeometricError::Horizon);
        }
        let ratio = horizon / self.alpha;
        if ratio <= 0.0 {
            return Ok(0.0);
        }
        let summed = if ratio > LONG {
            None
        } else {
            self.series(ratio)
        };
        summed
            .or_else(|| self.integral(ratio))
            .ok_or(BetaGeometricError::Overflow)
    }

    /// Σₖ P(K = k)·(s₀ + … + sₖ₋₁): K is how often one who is never gone would buy, negative binomial;
    /// sⱼ = (b)ⱼ/(a + b)ⱼ is the share who are not gone after j purchases.
    ///
    /// The hypergeometric formula of the paper is this sum, divided by a − 1 after something almost
    /// equal was subtracted; the sum has neither a pole at a = 1 nor a difference.
    fn series(self, ratio: f64) -> Option<f64> {
        let first = -self.r * ratio.ln_1p();
        if first < SMALLEST {
            return None;
        }
        let rest = ratio / (1.0 + ratio);
        let (mut chance, mut share, mut made, mut sum) = (first.exp(), 1.0, 0.0, 0.0);
        for place in 0..TERMS {
            let k = place as f64;
            chance *= (self.r + k) / (k + 1.0) * rest;
            made += share;
            share *= (self.b + k) / (self.a + self.b + k);
            sum += chance * made;
            // Each factor of a quotient of two later terms is at most its present value, or 1.
            let bound = ((self.r + k + 1.0) / (k + 2.0)).max(1.0) * rest * (k + 2.0) / (k + 1.0);
            if bound < 1.0 && chance * made * bound <= 1e-17 * sum * (1.0 - bound) {
                return Some(sum);
            }
        }
        None
    }

    /// E (1 − (1 + p·t/α)^(−r))/p over the probabilities p to be gone.
    fn integral(self, ratio: f64) -> Option<f64> {
        let made = Function {
            ln: |p: f64, _: f64| (-(-self.r * (p * ratio).ln_1p()).exp_m1() / p).ln(),
            flat: [
                -40.0 - ((self.r + 1.0) * ratio).ln_1p(),
                40.0 + self.r.ln_1p(),
            ],
            curvature: 1.0,
        };
        beta_mean(self.a, self.b, &made)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert, proptest};

    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, tolerance: f64) {
        let error = (found - expected).abs();
        assert!(
            error <= tolerance * expected.abs(),
            "{found:e} {expected:e}"
        );
    }

    fn customer(frequency: f64, recency: f64, age: f64) -> Purchases {
        Purchases {
            frequency,
            recency,
            age,
        }
    }

    fn shop() -> Table {
        let rows = [
            ([0.0, 0.0, 38.0], 140),
            ([0.0, 0.0, 30.0], 90),
            ([1.0, 3.0, 38.0], 25),
            ([1.0, 20.0, 36.0], 12),
            ([1.0, 33.0, 34.0], 6),
            ([2.0, 8.0, 38.0], 9),
            ([2.0, 30.0, 39.0], 11),
            ([2.0, 21.0, 28.0], 5),
            ([3.0, 15.0, 37.0], 6),
            ([3.0, 35.0, 38.0], 8),
            ([5.0, 12.0, 38.0], 3),
            ([5.0, 36.0, 38.0], 5),
            ([8.0, 37.0, 39.0], 3),
            ([9.0, 14.0, 35.0], 1),
            ([14.0, 38.0, 39.0], 2),
        ];
        Table::of(3, rows)
    }

    /// The shop by mpmath 1.4: the root of the gradient of the likelihood as the paper writes it.
    const SHOP: [f64; 4] = [
        0.169_694_893_710_122_2,
        4.932_256_868_615_189,
        0.937_158_879_181_005_6,
        2.689_240_725_651_578_3,
    ];

    #[test]
    fn mpmath_maximum() {
        let fit = BetaGeometric::fit(&shop()).unwrap();
        assert!(fit.converged);
        assert_eq!(fit.n, 326);
        for (found, expected) in fit.model.parameters().iter().zip(SHOP) {
            close(*found, expected, 1e-11);
        }
        close(fit.log_likelihood, -1_012.818_078_862_513_1, 1e-14);
    }

    /// Years, weeks or seconds: alpha goes with the unit, the likelihood with its logarithm per repeat
    /// purchase.
    #[test]
    fn any_unit_will_do() {
        let plain = BetaGeometric::fit(&shop()).unwrap();
        let repeats: f64 = shop().rows().map(|(row, n)| row[0] * n as f64).sum();
        for unit in [1.0 / 52.0, 604_800.0, 1e-200, 1e200] {
            let rows = shop()
                .rows()
                .map(|(row, n)| ([row[0], row[1] * unit, row[2] * unit], n))
                .collect::<Vec<_>>();
            let fit = BetaGeometric::fit(&Table::of(3, rows)).unwrap();
            let ([r, alpha, a, b], [r2, alpha2, a2, b2]) =
                (plain.model.parameters(), fit.model.parameters());
            close(r2, r, 1e-9);
            close(alpha2, alpha * unit, 1e-9);
            close(a2, a, 1e-9);
            close(b2, b, 1e-9);
            close(
                fit.log_likelihood,
                plain.log_likelihood - repeats * unit.ln(),
                1e-11,
            );
        }
    }

    /// CDNOW (Fader, Hardie & Lee 2005), with the parameters of their spreadsheet: r .2426, alpha
    /// 4.4135, a .7929, b 2.4258. E X(t) of the spreadsheet, and customer 1 of note 021: 1.226.
    #[test]
    fn fader_hardie_lee_2005_cdnow() {
        let model = BetaGeometric::new(0.242_593, 4.413_532, 0.792_886, 2.425_753).unwrap();
        for (weeks, purchases) in [
            (0.1429, 0.0078),
            (1.0, 0.0532),
            (3.0, 0.1506),
            (31.8571, 1.0405),
            (32.0, 1.0437),
        ] {
            let found = model.expected_of_new(weeks).unwrap();
            assert!((found - purchases).abs() < 5e-5, "{weeks} {found}");
        }
        // The spreadsheet prints 1.8576: it stops the series after 150 terms, where mpmath has 1.857632
        // of the 1.857972 that all of them sum to.
        close(model.expected_of_new(78.0).unwrap(), 1.857_972_4, 5e-8);
        let first = customer(2.0, 30.43, 38.86);
        assert!((model.expected(39.0, first).unwrap() - 1.226).abs() < 5e-4);
        let printed = BetaGeometric::new(0.243, 4.414, 0.793, 2.426).unwrap();
        assert!((printed.alive(first).unwrap() - 0.726_579).abs() < 5e-7);
        close(printed.alive(customer(0.0, 0.0, 38.86)).unwrap(), 1.0, 0.0);
    }

    /// mpmath 1.4 at 200 digits, the formula of the paper by `hyp2f1`; at a = 1 its limit.
    const NEW: [(f64, f64, f64, f64, f64); 15] = [
        (0.243, 9.06, 0.793, 2.426, 1.217_069_434_208_358_1),
        (2.243, 0.9, 0.793, 4.426, 1.685_434_973_942_724),
        (0.243, 0.001, 0.793, 2.426, 0.000_242_962_806_961_452_5),
        (1.5, 3.0, 1.0, 2.0, 2.288_527_099_099_324),
        (0.3, 1e-9, 1.0, 0.5, 2.999_999_998_7e-10),
        (4.0, 5.0, 1.000001, 0.2, 1.618_575_930_670_481_4),
        (3.0, 8.0, 0.01, 1.5, 23.427_476_180_290_34),
        (60.0, 2.0, 0.5, 70.0, 90.497_363_631_565_62),
        (0.243, 11.0, 0.793, 2.426, 1.383_383_532_435_972_7),
        (0.243, 1e4, 0.793, 2.426, 23.577_620_005_872_834),
        (12.0, 1e6, 1.0, 3.0, 46.006_164_253_979_38),
        (5.0, 500.0, 0.001, 4.0, 2_485.856_999_740_644),
        (900.0, 15.0, 2.5, 800.0, 527.245_786_349_938_6),
        (0.01, 1e12, 0.2, 0.3, 34_194_362.606_417_85),
        (0.7, 20.0, 0.05, 0.2, 10.117_003_440_224_858),
    ];

    #[test]
    fn mpmath_expected_of_new() {
        for (r, ratio, a, b, expected) in NEW {
            let model = BetaGeometric::new(r, 2.0, a, b).unwrap();
            close(model.expected_of_new(2.0 * ratio).unwrap(), expected, 1e-12);
            // Both ways, where both serve.
            close(model.integral(ratio).unwrap(), expected, 1e-12);
            if ratio <= LONG {
                close(model.series(ratio).unwrap(), expected, 1e-12);
            }
        }
    }

    /// (formula 10) as the paper prints it, by mpmath: the numerator is that of a new customer with r +
    /// x, alpha + T and b + x, the denominator one over the probability to be alive.
    #[test]
    fn expectations_of_a_customer() {
        // Customers 1, 2 and 101 of CDNOW over 39 weeks; by SciPy in the reference numbers of this
        // house, from r .24259291595818777, alpha 4.413531665851466, …
        let model = BetaGeometric::new(
            0.242_592_915_958_187_77,
            4.413_531_665_851_466,
            0.792_886_091_384_465_6,
            2.425_753_232_528_001_6,
        );
        let model = model.unwrap();
        for (row, alive, expected) in [
            (
                customer(2.0, 30.43, 38.86),
                0.726_609_153_816_310_2,
                1.225_910_463_401_889_6,
            ),
            (
                customer(1.0, 1.71, 38.86),
                0.212_227_406_873_450_99,
                0.203_250_644_469_122_58,
            ),
            (customer(0.0, 0.0, 38.86), 1.0, 0.194_780_853_376_764_87),
            (
                customer(5.0, 36.14, 38.14),
                0.862_950_037_355_743_6,
                3.331_177_720_172_435,
            ),
        ] {
            close(model.alive(row).unwrap(), alive, 1e-13);
            close(model.expected(39.0, row).unwrap(), expected, 1e-12);
        }
        let nothing = model.expected(0.0, customer(2.0, 30.43, 38.86)).unwrap();
        assert!(nothing.abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn customers_that_cannot_be_are_refused() {
        let model = BetaGeometric::new(1.0, 1.0, 1.0, 1.0).unwrap();
        let alive =
            |frequency, recency, age| model.alive(customer(frequency, recency, age)).unwrap_err();
        assert_eq!(alive(2.0, 9.0, 8.0), BetaGeometricError::RecencyAfterAge);
        assert_eq!(
            alive(0.0, 1.0, 8.0),
            BetaGeometricError::RecencyWithoutRepeat
        );
        assert_eq!(alive(-1.0, 1.0, 8.0), BetaGeometricError::Frequency);
        assert_eq!(alive(1.5, 1.0, 8.0), BetaGeometricError::Frequency);
        assert_eq!(alive(1.0, -1.0, 8.0), BetaGeometricError::Recency);
        assert_eq!(alive(1.0, f64::NAN, 8.0), BetaGeometricError::Recency);
        assert_eq!(alive(0.0, 0.0, -8.0), BetaGeometricError::Age);
        let new = customer(0.0, 0.0, 1.0);
        assert_eq!(model.expected(-1.0, new), Err(BetaGeometricError::Horizon));
        assert_eq!(
            model.expected_of_new(f64::NAN),
            Err(BetaGeometricError::Horizon)
        );
        assert_eq!(BetaGeometric::new(1.0, 0.0, 1.0, 1.0), None);

        let fit = |rows: &[([f64; 3], u64)]| {
            BetaGeometric::fit(&Table::of(3, rows.iter().copied())).unwrap_err()
        };
        assert_eq!(fit(&[]), BetaGeometricError::NoRows);
        assert_eq!(fit(&[([0.0, 0.0, 5.0], 7)]), BetaGeometricError::NoRepeats);
        assert_eq!(fit(&[([1.0, 0.0, 0.0], 7)]), BetaGeometricError::NoTime);
        assert_eq!(
            fit(&[([1.0, 6.0, 5.0], 7)]),
            BetaGeometricError::RecencyAfterAge
        );
    }

    /// Nobody is gone, as far as can be seen: all bought on their last day. The model tends to one
    /// without leaving, which is no maximum but says so of everybody.
    #[test]
    fn a_shop_that_nobody_leaves_has_no_maximum() {
        let rows = [
            ([1.0, 10.0, 10.0], 5),
            ([4.0, 10.0, 10.0], 9),
            ([7.0, 10.0, 10.0], 3),
        ];
        let fit = BetaGeometric::fit(&Table::of(3, rows)).unwrap();
        assert!(!fit.converged, "{fit:?}");
        assert!(
            fit.model
                .parameters()
                .iter()
                .all(|x| *x > 0.0 && x.is_finite())
        );
        assert!(fit.model.alive(customer(4.0, 9.0, 10.0)).unwrap() > 0.999);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn more_time_is_more_purchases(
            r in 0.01_f64..20.0, alpha in 0.01_f64..50.0, a in 0.01_f64..5.0, b in 0.01_f64..20.0,
            frequency in 0_u8..30, recency in 0.0_f64..1.0, age in 0.1_f64..100.0, horizon in 0.0_f64..500.0
        ) {
            let model = BetaGeometric::new(r, alpha, a, b).unwrap();
            let recency = if frequency == 0 { 0.0 } else { recency * age };
            let row = customer(frequency.into(), recency, age);
            let alive = model.alive(row).unwrap();
            prop_assert!((0.0..=1.0).contains(&alive));
            let (one, two) = (model.expected(horizon, row).unwrap(), model.expected(1.1 * horizon, row).unwrap());
            prop_assert!(0.0 <= one && one <= two * (1.0 + 1e-12));
            // Never more than by one who is never gone.
            let most = (r + f64::from(frequency)) / (alpha + age) * horizon;
            prop_assert!(one <= most * (1.0 + 1e-12), "{one} {most}");
        }

        #[test]
        fn a_fit_is_finite_and_no_lower_than_its_start(
            rows in proptest::collection::vec((0_u8..6, 0.0_f64..1.0, 1_u8..40, 1_u8..20), 1..12)
        ) {
            let rows = rows.into_iter().map(|(frequency, share, age, count)| {
                let age = f64::from(age);
                let recency = if frequency == 0 { 0.0 } else { share * age };
                ([f64::from(frequency), recency, age], u64::from(count))
            });
            if let Ok(fit) = BetaGeometric::fit(&Table::of(3, rows)) {
                prop_assert!(fit.log_likelihood.is_finite());
                prop_assert!(fit.model.parameters().iter().all(|x| *x > 0.0 && x.is_finite()));
            }
        }
    }
}
