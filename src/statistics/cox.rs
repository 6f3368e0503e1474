//! Cox's proportional hazards: what goes with an event coming sooner, whatever the shape of time.
//!
//! A customer who has not churned yet tells only that the event came later, which a regression of
//! durations cannot use and this can (Cox 1972, J. R. Stat. Soc. B 34). Fitted by Newton's method with
//! step halving; the likelihood is concave, so the only way to have no maximum is a coefficient that
//! runs to infinity, and that is found out and said.

use super::ascent::Ascent;
use super::concordance::{Prediction, concordance};
use super::partial_likelihood::{Case, PartialLikelihood, Ties};
use super::significance::Test;
use super::{Confidence, Interval, Table};

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoxError {
    /// Fewer than two rows.
    #[error("there are fewer than two rows")]
    TooFewRows,
    /// Not even one covariate.
    #[error("there is no covariate")]
    NoCovariate,
    /// An event that is neither 0 nor 1.
    #[error("an event is neither 0 nor 1")]
    Event,
    /// A case weight that is negative or not finite.
    #[error("a case weight is negative or not finite")]
    Weight,
    /// A row of another width than the first, or with a value that is not finite.
    #[error("a row has a value missing or not finite")]
    Row,
    /// Nobody has the event.
    #[error("no event ever comes")]
    NoEvents,
    /// A covariate, counted from 0, that is the same for all who are at risk when the first event
    /// comes; rows that end before do not count.
    #[error("covariate {} never varies among the rows at risk", .0 + 1)]
    Constant(usize),
    /// Covariates of which one is a linear combination of others.
    #[error("a covariate is a linear combination of the others")]
    Collinear,
    /// The likelihood rises for ever along a direction: at each event a covariate, or a combination of
    /// several, is at its highest (or at its lowest) among all at risk.
    #[error(
        "a covariate separates those with the event from those without, its coefficient runs to infinity"
    )]
    Monotone,
    /// Values so large or so small that the result is no double.
    #[error("the result is outside the range of a double")]
    Overflow,
}

/// A row of a weighted fit.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedDuration {
    /// The time of the event, or when it was last known not to have come.
    pub duration: f64,
    /// Whether the event came.
    pub event: bool,
    /// The case weight, 0 or more; a row of weight 0 is none.
    pub weight: f64,
    /// The covariates.
    pub covariates: Vec<f64>,
}

/// One covariate's part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxTerm {
    /// The coefficient: the change of the log hazard per unit of the covariate.
    pub estimate: f64,
    /// Its standard error, from the information at the maximum.
    pub se: f64,
    /// Wald's test that it is 0.
    pub test: Option<Test>,
    /// Wald's interval of the coefficient.
    pub interval: Interval,
    /// exp(estimate): by how much a unit of the covariate multiplies the hazard; none beyond doubles.
    pub hazard_ratio: Option<f64>,
    /// The interval of the hazard ratio, as R's `summary` of a fit gives it.
    pub hazard_interval: Option<Interval>,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct CoxFit {
    /// How many rows.
    pub n: u64,
    /// How many of them have the event.
    pub events: u64,
    /// Whether the maximum was reached.
    pub converged: bool,
    /// The log partial likelihood at the maximum.
    pub log_likelihood: f64,
    /// The log partial likelihood with all coefficients 0.
    pub null_log_likelihood: f64,
    /// How often the one at higher risk has the event first; none where no two rows can be compared.
    pub concordance: Option<f64>,
    /// The covariates, in their order.
    pub terms: Vec<CoxTerm>,
}

/// Fits a table of duration, event (0 or 1), and one covariate or more.
///
/// # Errors
/// [`CoxError`] says which property of the rows leaves nothing to fit.
pub fn cox_fit(table: &Table, ties: Ties, confidence: Confidence) -> Result<CoxFit, CoxError> {
    let case = |(row, count): (_, u64)| {
        let [time, event, covariates @ ..]: &[f64] = row else {
            return Err(CoxError::NoCovariate);
        };
        let is_event = *event > 0.5;
        let is_flag = event.total_cmp(if is_event { &1.0 } else { &0.0 }).is_eq();
        is_flag.then_some(()).ok_or(CoxError::Event)?;
        Ok(Case {
            time: *time,
            event: is_event,
            count,
            weight: 1.0,
            covariates,
        })
    };
    let cases: Result<Vec<Case<'_>>, CoxError> = table.rows().map(case).collect();
    fit(table.width().saturating_sub(2), &cases?, ties, confidence)
}

/// Fits rows in any order with case weights. A weight multiplies a row's part of the likelihood, and
/// tied events share the mean of theirs, as in R's `survival`; standard errors are model-based.
///
/// # Errors
/// [`CoxError`] says which property of the rows leaves nothing to fit.
pub fn cox_fit_weighted(
    rows: &[WeightedDuration],
    ties: Ties,
    confidence: Confidence,
) -> Result<CoxFit, CoxError> {
    let width = rows.first().map_or(0, |row| row.covariates.len());
    for row in rows {
        let is_finite = row.covariates.iter().all(|x| x.is_finite()) && row.duration.is_finite();
        if row.covariates.len() != width || !is_finite {
            return Err(CoxError::Row);
        }
        if !(row.weight >= 0.0 && row.weight.is_finite()) {
            return Err(CoxError::Weight);
        }
    }
    let mut cases: Vec<Case<'_>> = rows
        .iter()
        .filter(|row| row.weight > 0.0)
        .map(|row| Case {
            time: row.duration + 0.0,
            event: row.event,
            count: 1,
            weight: row.weight,
            covariates: &row.covariates,
        })
        .collect();
    cases.sort_by(|a, b| {
        let mut covariates = a
            .covariates
            .iter()
            .zip(b.covariates)
            .map(|(a, b)| a.total_cmp(b));
        a.time.total_cmp(&b.time).then(a.event.cmp(&b.event)).then(
            covariates
                .find(|order| order.is_ne())
                .unwrap_or(a.weight.total_cmp(&b.weight)),
        )
    });
    fit(width, &cases, ties, confidence)
}

/// Fits cases in ascending order of time.
fn fit(
    width: usize,
    cases: &[Case<'_>],
    ties: Ties,
    confidence: Confidence,
) -> Result<CoxFit, CoxError> {
    let n: u64 = cases.iter().map(|case| case.count).sum();
    if n < 2 {
        return Err(CoxError::TooFewRows);
    }
    if width == 0 {
        return Err(CoxError::NoCovariate);
    }
    let of_events = cases.iter().filter(|case| case.event);
    let events = of_events.map(|case| case.count).sum();
    let first = cases
        .iter()
        .find(|case| case.event)
        .ok_or(CoxError::NoEvents)?;
    let at_risk = &cases[cases.partition_point(|case| case.time < first.time)..];
    let units: Result<Vec<Unit>, CoxError> =
        (0..width).map(|place| Unit::of(at_risk, place)).collect();
    let units = units?;
    let likelihood = PartialLikelihood::new(
        width,
        at_risk.iter().rev().copied(),
        ties,
        |covariates, centred| {
            centred.extend(
                units
                    .iter()
                    .zip(covariates)
                    .map(|(unit, x)| unit.centred(*x)),
            );
        },
    );
    let null_log_likelihood = likelihood.at(&vec![0.0; width]).value;
    let ascent = Ascent::to_the_top(&likelihood)?;
    let covariance = ascent
        .point
        .information
        .inverse()
        .ok_or(CoxError::Monotone)?;
    let term = |(place, unit): (usize, &Unit)| {
        let (estimate, variance) = (ascent.coefficients[place], covariance.at(place, place));
        CoxTerm::of(
            unit.slope(estimate),
            unit.slope(variance.sqrt()),
            confidence,
        )
    };
    let terms: Option<Vec<CoxTerm>> = units.iter().enumerate().map(term).collect();
    let predictions: Vec<Prediction> = likelihood.predictions(&ascent.coefficients).collect();
    let is_finite = null_log_likelihood.is_finite() && ascent.point.value.is_finite();
    Ok(CoxFit {
        n,
        events,
        converged: ascent.converged,
        log_likelihood: ascent.point.value,
        null_log_likelihood,
        concordance: concordance(&predictions),
        terms: terms.filter(|_| is_finite).ok_or(CoxError::Overflow)?,
    })
}

/// Where a covariate lies and how far it reaches. The likelihood does not change when a covariate is
/// moved or stretched, but the digits that its differences have left do.
#[derive(Debug, Clone, Copy)]
struct Unit {
    centre: f64,
    reach: f64,
}

impl Unit {
    /// Sums and differences of any finite values stay finite in quarters.
    const QUARTER: f64 = 0.25;

    fn of(cases: &[Case<'_>], place: usize) -> Result<Self, CoxError> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut centre, mut seen) = (0.0, 0.0);
        for case in cases {
            let value = Self::QUARTER * case.covariates[place];
            (low, high) = (value.min(low), value.max(high));
            seen += case.count as f64;
            centre += (value - centre) * (case.count as f64 / seen);
        }
        let reach = (high - centre).max(centre - low);
        // A mean of equal values is one of them.
        (reach > 0.0)
            .then_some(Self { centre, reach })
            .ok_or(CoxError::Constant(place))
    }

    fn centred(self, x: f64) -> f64 {
        (Self::QUARTER * x - self.centre) / self.reach
    }

    /// A coefficient of the centred covariate as one of the covariate.
    fn slope(self, slope: f64) -> f64 {
        slope / self.reach * Self::QUARTER
    }
}

impl CoxTerm {
    fn of(estimate: f64, se: f64, confidence: Confidence) -> Option<Self> {
        let interval = Interval::around(estimate, confidence.z() * se);
        let ratio = |log: f64| Some(log.exp()).filter(|ratio| ratio.is_finite());
        let limits = ratio(interval.low).zip(ratio(interval.high));
        let is_finite = interval.low.is_finite() && interval.high.is_finite();
        is_finite.then(|| Self {
            estimate,
            se,
            test: Test::normal(estimate / se),
            interval,
            hazard_ratio: ratio(estimate),
            hazard_interval: limits.map(|(low, high)| Interval { low, high }),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{found:.16}, expected {expected:.16}"
        );
    }

    /// Estimate and standard error of each term, and both likelihoods.
    #[track_caller]
    fn assert_fit(fit: &CoxFit, terms: &[(f64, f64)], log_likelihood: f64, null: f64) {
        assert!(fit.converged);
        assert_eq!(fit.terms.len(), terms.len());
        for (term, (estimate, se)) in fit.terms.iter().zip(terms) {
            close(term.estimate, *estimate, 1e-12);
            close(term.se, *se, 1e-12);
        }
        close(fit.log_likelihood, log_likelihood, 1e-13);
        close(fit.null_log_likelihood, null, 1e-13);
    }

    fn table(rows: &[(f64, u8, f64, u64)]) -> Table {
        let row = |(time, event, x, count): &(f64, u8, f64, u64)| {
            ([*time, f64::from(*event), *x], *count)
        };
        Table::of(3, rows.iter().map(row))
    }

    fn efron(table: &Table) -> Result<CoxFit, CoxError> {
        cox_fit(table, Ties::Efron, Confidence::default())
    }

    fn breslow(table: &Table) -> Result<CoxFit, CoxError> {
        cox_fit(table, Ties::Breslow, Confidence::default())
    }

    fn test1() -> Table {
        table(&[
            (9.0, 1, 0.0, 1),
            (1.0, 1, 1.0, 1),
            (1.0, 0, 1.0, 1),
            (6.0, 1, 1.0, 1),
            (6.0, 1, 0.0, 1),
            (8.0, 0, 0.0, 1),
        ])
    }

    /// Therneau & Grambsch (2000), appendix E.1, data set 1: the score is 0 where r² = 3r + 6.
    #[test]
    fn therneau_grambsch_test1_breslow() {
        let r = 1.5 + 0.5 * 33.0_f64.sqrt();
        let information = r / (r + 1.0).powi(2) + 6.0 * r / (r + 3.0).powi(2);
        let value = 2.0 * r.ln() - (3.0 * r + 3.0).ln() - 2.0 * (r + 3.0).ln();
        let null = -(6.0_f64.ln() + 2.0 * 4.0_f64.ln());
        let fit = breslow(&test1()).unwrap();
        assert_fit(&fit, &[(r.ln(), information.sqrt().recip())], value, null);
        assert_eq!((fit.n, fit.events), (6, 4));
    }

    /// Therneau & Grambsch (2000), appendix E.2, data set 1: the score is 0 where r³ = 23r + 30.
    #[test]
    fn therneau_grambsch_test1_efron() {
        let angle = (45.0 / 23.0 * (3.0_f64 / 23.0).sqrt()).acos() / 3.0;
        let r = 2.0 * (23.0_f64 / 3.0).sqrt() * angle.cos();
        let spread = |p: f64| p * (1.0 - p);
        let information = spread(r / (r + 1.0)) + spread(r / (r + 5.0)) + spread(r / (r + 3.0));
        let value = 2.0 * r.ln() - (3.0 * r + 3.0).ln() - (0.5 * (r + 5.0)).ln() - (r + 3.0).ln();
        let null = -(6.0_f64.ln() + 3.0_f64.ln() + 4.0_f64.ln());
        let fit = efron(&test1()).unwrap();
        assert_fit(&fit, &[(r.ln(), information.sqrt().recip())], value, null);
        close(fit.terms[0].estimate, 1.676_857_485_6, 1e-10);
        // The event at 1 ties with two at risk like it and precedes three of less risk; of the two at
        // 6 one precedes both later ones, one ties with both.
        close(
            fit.concordance.unwrap(),
            (3.0 + 2.0 + 0.5 * 4.0) / 9.0,
            1e-15,
        );
    }

    fn testw1() -> Vec<WeightedDuration> {
        let rows = [
            (1.0, true, 2.0, 1.0),
            (1.0, false, 0.0, 2.0),
            (2.0, true, 1.0, 3.0),
            (2.0, true, 1.0, 4.0),
            (2.0, true, 0.0, 3.0),
            (2.0, false, 1.0, 2.0),
            (3.0, false, 0.0, 1.0),
            (4.0, true, 1.0, 2.0),
            (5.0, false, 0.0, 1.0),
        ];
        let row = |(duration, event, x, weight)| WeightedDuration {
            duration,
            event,
            weight,
            covariates: vec![x],
        };
        rows.into_iter().map(row).collect()
    }

    /// The weighted data set of the survival package (`tests/book6.R`, for the next edition of
    /// Therneau & Grambsch): R prints 0.8726, 0.7126, 2.3931 in 0.5921 to 9.672, p 0.221, and the
    /// likelihood by hand; more digits by mpmath from the definition.
    #[test]
    fn therneau_testw1_with_case_weights() {
        let fit = cox_fit_weighted(&testw1(), Ties::Efron, Confidence::default()).unwrap();
        let (estimate, se) = (0.872_604_246_398_395_8_f64, 0.712_570_436_493_216_6);
        let r = estimate.exp();
        let (a, b) = (7.0 * r + 3.0, 4.0 * r + 2.0);
        let tied = (11.0 * r + 5.0).ln() + (a * 2.0 / 3.0 + b).ln() + (a / 3.0 + b).ln();
        let value = 11.0 * estimate
            - (r * r + 11.0 * r + 7.0).ln()
            - 10.0 / 3.0 * tied
            - 2.0 * (2.0 * r + 1.0).ln();
        assert_fit(&fit, &[(estimate, se)], value, -30.292_179_605_853_17);
        assert_eq!((fit.n, fit.events), (9, 5));
        let term = fit.terms[0];
        let limits = term.hazard_interval.unwrap();
        close(term.hazard_ratio.unwrap(), 2.3931, 5e-5);
        assert!((limits.low - 0.5921).abs() < 5e-5 && (limits.high - 9.672).abs() < 5e-4);
        close(term.interval.low.exp(), limits.low, 1e-15);
        assert!((term.test.unwrap().statistic - 1.225).abs() < 5e-4);
        assert!((term.test.unwrap().p - 0.221).abs() < 5e-4);

        let fit = cox_fit_weighted(&testw1(), Ties::Breslow, Confidence::default()).unwrap();
        let term = (0.859_557_444_506_881_1, 0.713_094_199_612_965_9);
        assert_fit(
            &fit,
            &[term],
            -32.021_046_276_433_26,
            -32.867_550_778_900_47,
        );
    }

    /// Miller (1997), acute myelogenous leukaemia; R's `coxph(Surv(time, status) ~ x, aml)` prints
    /// 0.9155, 0.5119, 0.0737; more digits by mpmath from the definition.
    #[test]
    fn miller_1997_leukaemia() {
        let rows = [
            (9.0, 1, 0.0, 1),
            (13.0, 1, 0.0, 1),
            (13.0, 0, 0.0, 1),
            (18.0, 1, 0.0, 1),
            (23.0, 1, 0.0, 1),
            (28.0, 0, 0.0, 1),
            (31.0, 1, 0.0, 1),
            (34.0, 1, 0.0, 1),
            (45.0, 0, 0.0, 1),
            (48.0, 1, 0.0, 1),
            (161.0, 0, 0.0, 1),
            (5.0, 1, 1.0, 2),
            (8.0, 1, 1.0, 2),
            (12.0, 1, 1.0, 1),
            (16.0, 0, 1.0, 1),
            (23.0, 1, 1.0, 1),
            (27.0, 1, 1.0, 1),
            (30.0, 1, 1.0, 1),
            (33.0, 1, 1.0, 1),
            (43.0, 1, 1.0, 1),
            (45.0, 1, 1.0, 1),
        ];
        let fit = efron(&table(&rows)).unwrap();
        let term = (0.915_532_575_014_773_1, 0.511_934_275_172_009_4);
        assert_fit(
            &fit,
            &[term],
            -41.032_615_596_458_37,
            -42.724_839_262_760_23,
        );
        assert!((fit.terms[0].test.unwrap().p - 0.0737).abs() < 5e-5);
    }

    /// Twelve rows of two covariates, tied and censored in all ways; by mpmath from the definition.
    fn two_covariates() -> Vec<WeightedDuration> {
        let rows = [
            (1.0, true, [2.0, 1.0], 1.0),
            (2.0, true, [1.0, 0.0], 2.0),
            (2.0, true, [3.0, 1.0], 0.5),
            (3.0, true, [0.0, 1.0], 1.0),
            (3.0, true, [2.0, 0.0], 1.5),
            (3.0, false, [1.0, 1.0], 3.0),
            (4.0, true, [5.0, 0.0], 1.0),
            (5.0, false, [4.0, 1.0], 2.0),
            (6.0, true, [1.0, 1.0], 0.25),
            (6.0, true, [2.0, 0.0], 1.0),
            (7.0, true, [4.0, 0.0], 1.0),
            (8.0, false, [3.0, 1.0], 1.0),
        ];
        let row = |(duration, event, x, weight): (f64, bool, [f64; 2], f64)| WeightedDuration {
            duration,
            event,
            weight,
            covariates: x.to_vec(),
        };
        rows.into_iter().map(row).collect()
    }

    fn as_table(rows: &[WeightedDuration]) -> Table {
        let row = |row: &WeightedDuration| {
            let event = if row.event { 1.0 } else { 0.0 };
            let values: Vec<f64> = [row.duration, event]
                .into_iter()
                .chain(row.covariates.clone())
                .collect();
            (values, 1)
        };
        Table::of(rows[0].covariates.len() + 2, rows.iter().map(row))
    }

    #[test]
    fn mpmath_two_covariates() {
        let rows = two_covariates();
        let terms = [
            (-0.408_772_765_547_706_5, 0.308_374_681_839_737_9),
            (-0.795_649_184_313_802_9, 0.752_093_355_890_896_3),
        ];
        let fit = efron(&as_table(&rows)).unwrap();
        assert_fit(&fit, &terms, -15.305_948_870_672_51, -16.431_866_434_172_47);
        let terms = [
            (-0.352_288_409_189_160_9, 0.301_584_140_023_101_1),
            (-0.718_681_962_074_966_9, 0.744_416_945_528_591_6),
        ];
        let fit = breslow(&as_table(&rows)).unwrap();
        assert_fit(&fit, &terms, -16.042_616_578_755_55, -16.932_641_722_084_96);
        let terms = [
            (-0.570_961_369_259_902_8, 0.340_011_338_998_027_4),
            (-1.527_212_209_173_403, 0.791_213_767_474_049_4),
        ];
        let fit = cox_fit_weighted(&rows, Ties::Efron, Confidence::default()).unwrap();
        assert_fit(&fit, &terms, -16.146_834_568_697_53, -19.136_311_532_514_75);
    }

    /// Nine hundred events tied on one time are summed by quadrature; by mpmath, term by term.
    #[test]
    fn mpmath_many_tied_events() {
        let rows = [
            (1.0, 1, 0.0, 600),
            (1.0, 1, 1.0, 300),
            (1.0, 0, 1.0, 50),
            (2.0, 1, 1.0, 20),
            (2.0, 0, 0.0, 500),
            (2.0, 0, 1.0, 700),
            (3.0, 1, 0.0, 5),
            (3.0, 1, 1.0, 9),
            (4.0, 0, 0.0, 40),
        ];
        let fit = efron(&table(&rows)).unwrap();
        let term = (-0.706_762_797_820_295, 0.068_822_745_269_477_42);
        assert_fit(
            &fit,
            &[term],
            -6_864.813_131_557_988,
            -6_920.156_087_829_969,
        );
        assert_eq!((fit.n, fit.events), (2224, 934));
    }

    /// Counts are repeated rows: with Breslow's ties a count is also a weight.
    #[test]
    fn a_count_is_so_many_rows() {
        let rows = testw1();
        let counted = Table::of(
            3,
            rows.iter().map(|row| {
                let event = if row.event { 1.0 } else { 0.0 };
                ([row.duration, event, row.covariates[0]], row.weight as u64)
            }),
        );
        let weighted = cox_fit_weighted(&rows, Ties::Breslow, Confidence::default()).unwrap();
        let counted = breslow(&counted).unwrap();
        close(counted.terms[0].estimate, weighted.terms[0].estimate, 1e-13);
        close(counted.log_likelihood, weighted.log_likelihood, 1e-13);
        assert_eq!((counted.n, counted.events), (19, 13));
        assert_eq!(counted.concordance, weighted.concordance);
    }

    /// `tests/infcox.R` of the survival package: both coefficients are infinite.
    #[test]
    fn therneau_infcox_has_no_maximum() {
        let rows = (1..=12_u8).map(|time| {
            let event = f64::from(u8::from([1, 3, 5].contains(&time)));
            let (odd, late) = (f64::from((time + 1) % 2), f64::from(u8::from(time > 6)));
            ([f64::from(time), event, odd, late], 1)
        });
        let found = efron(&Table::of(4, rows));
        assert_eq!(found, Err(CoxError::Monotone));
    }

    #[test]
    fn what_runs_to_infinity_is_found_out() {
        // One event, of the row with the highest covariate.
        let one = table(&[(1.0, 1, 3.0, 1), (2.0, 0, 2.0, 1), (3.0, 0, 1.0, 1)]);
        assert_eq!(efron(&one), Err(CoxError::Monotone));
        // The lowest always goes first, in steps of very different size, of very many rows.
        let far = (0..40_u8).map(|i| ([f64::from(i), 1.0, 1.5_f64.powi(i.into())], 1_000_000_000));
        assert_eq!(breslow(&Table::of(3, far)), Err(CoxError::Monotone));
        // Along the sum of two covariates only; one more event against it makes a maximum.
        let rows = [
            ([1.0, 1.0, 2.0, 1.0], 1),
            ([2.0, 1.0, 1.0, 2.0], 1),
            ([3.0, 0.0, 0.0, 2.0], 1),
            ([3.0, 0.0, 2.0, 0.0], 1),
            ([4.0, 1.0, 1.0, 0.5], 1),
            ([4.0, 0.0, 0.5, 1.0], 1),
        ];
        assert_eq!(efron(&Table::of(4, rows)), Err(CoxError::Monotone));
        let against = [([2.5, 1.0, 0.0, 0.0], 1), ([2.5, 1.0, 0.0, 1.5], 1)];
        let fit = efron(&Table::of(4, rows.into_iter().chain(against))).unwrap();
        assert!(fit.converged);
    }

    /// A single value a billion times as far as the others, soon without any hazard, leaves what the
    /// others say: −∞ is not where the coefficient runs.
    #[test]
    fn an_outlier_is_not_taken_for_infinity() {
        let rows = |outlier: f64| {
            let mut rows = test1()
                .rows()
                .map(|(row, n)| (row.to_vec(), n))
                .collect::<Vec<_>>();
            rows.push((vec![10.0, 0.0, outlier], 1));
            Table::of(3, rows)
        };
        let without = efron(&test1()).unwrap();
        let with = efron(&rows(-1e9)).unwrap();
        assert!(with.converged);
        close(with.terms[0].estimate, without.terms[0].estimate, 1e-6);
        close(with.log_likelihood, without.log_likelihood, 1e-9);
    }

    #[test]
    fn what_leaves_nothing_to_fit_is_said() {
        assert_eq!(efron(&Table::new(3)), Err(CoxError::TooFewRows));
        assert_eq!(
            efron(&table(&[(1.0, 1, 1.0, 1)])),
            Err(CoxError::TooFewRows)
        );
        let none = table(&[(1.0, 0, 1.0, 1), (2.0, 0, 2.0, 1)]);
        assert_eq!(efron(&none), Err(CoxError::NoEvents));
        let flag = Table::of(3, [([1.0, 2.0, 1.0], 1), ([2.0, 1.0, 2.0], 1)]);
        assert_eq!(efron(&flag), Err(CoxError::Event));
        assert_eq!(
            efron(&Table::of(2, [([1.0, 1.0], 5)])),
            Err(CoxError::NoCovariate)
        );
        // It varies, but not among those who live to see the first event.
        let early = table(&[(1.0, 0, 5.0, 3), (2.0, 1, 1.0, 2), (3.0, 0, 1.0, 2)]);
        assert_eq!(efron(&early), Err(CoxError::Constant(0)));
        let text = CoxError::Constant(1).to_string();
        assert_eq!(text, "covariate 2 never varies among the rows at risk");
        let rows = test1()
            .rows()
            .map(|(row, n)| ([row[0], row[1], row[2], 3.0 - 2.0 * row[2]], n))
            .collect::<Vec<_>>();
        assert_eq!(efron(&Table::of(4, rows)), Err(CoxError::Collinear));

        let mut rows = testw1();
        rows[3].weight = -1.0;
        let fit = |rows: &[_]| cox_fit_weighted(rows, Ties::Efron, Confidence::default());
        assert_eq!(fit(&rows), Err(CoxError::Weight));
        rows[3].weight = 0.0;
        assert_eq!(fit(&rows).unwrap().n, 8);
        rows[3].covariates.clear();
        assert_eq!(fit(&rows), Err(CoxError::Row));
        for (x, duration) in [(f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            rows[3].covariates = vec![x];
            rows[3].duration = duration;
            assert_eq!(fit(&rows), Err(CoxError::Row));
        }
        // The upper limit is no double.
        let none = CoxTerm::of(1.7e308, 1e307, Confidence::default());
        assert_eq!(none, None);
        assert_eq!(fit(&[]), Err(CoxError::TooFewRows));
    }

    #[test]
    fn a_duration_of_zero_has_no_sign() {
        let mut rows = testw1();
        let (event, censored) = (
            rows.iter().position(|row| row.event).unwrap(),
            rows.iter().position(|row| !row.event).unwrap(),
        );
        let mut fit = |one: f64, other: f64| {
            rows[event].duration = one;
            rows[censored].duration = other;
            cox_fit_weighted(&rows, Ties::Efron, Confidence::default()).unwrap()
        };
        assert_eq!(fit(0.0, -0.0), fit(0.0, 0.0));
        assert_eq!(fit(-0.0, 0.0), fit(0.0, 0.0));
    }

    /// Where all events are at once, nobody's going first tells anything.
    #[test]
    fn one_time_for_all_has_no_effect() {
        let fit = efron(&table(&[
            (1.0, 1, 0.0, 3),
            (1.0, 1, 2.0, 1),
            (1.0, 1, 5.0, 2),
        ]))
        .unwrap();
        close(fit.terms[0].estimate, 0.0, 1e-15);
        // Every of the 6 terms has the variance of the six values: 50/6 + 4/6 − 2² of mean 2.
        close(
            fit.terms[0].se,
            (6.0_f64 * (54.0 / 6.0 - 4.0)).sqrt().recip(),
            1e-13,
        );
        assert_eq!(fit.concordance, None);
    }

    #[test]
    fn the_ends_of_the_doubles() {
        let of = |factor: f64| {
            let rows = test1()
                .rows()
                .map(|(row, n)| ([row[0], row[1], row[2] * factor], n))
                .collect::<Vec<_>>();
            efron(&Table::of(3, rows))
        };
        let one = of(1.0).unwrap().terms[0];
        let large = of(1.7e308).unwrap().terms[0];
        close(large.estimate * 1.7e308, one.estimate, 1e-12);
        assert_eq!(of(1e-310), Err(CoxError::Overflow));
        let small = of(1e-4).unwrap().terms[0];
        assert_eq!(small.hazard_ratio, None);
        assert_eq!(small.hazard_interval, None);
        close(small.estimate * 1e-4, one.estimate, 1e-12);
    }

    type Drawn = Vec<(u8, bool, i8, i8, u8)>;

    fn drawn() -> impl proptest::strategy::Strategy<Value = Drawn> {
        let row = (
            0_u8..8,
            proptest::bool::weighted(0.7),
            -4_i8..5,
            -2_i8..3,
            1_u8..4,
        );
        proptest::collection::vec(row, 0..30)
    }

    fn table_of(rows: &Drawn, change: impl Fn(f64, f64) -> [f64; 2]) -> Table {
        let row = |(time, event, a, b, n): &(u8, bool, i8, i8, u8)| {
            let [a, b] = change(f64::from(*a), f64::from(*b));
            (
                [f64::from(*time), f64::from(u8::from(*event)), a, b],
                u64::from(*n),
            )
        };
        Table::of(4, rows.iter().map(row))
    }

    proptest! {
        #[test]
        fn moving_and_stretching_covariates_changes_nothing_else(rows in drawn()) {
            let plain = efron(&table_of(&rows, |a, b| [a, b]));
            let moved = efron(&table_of(&rows, |a, b| [a + 1e9, -1e-6 * b]));
            prop_assert_eq!(plain.as_ref().err(), moved.as_ref().err());
            if let (Ok(plain), Ok(moved)) = (plain, moved) {
                prop_assert!(plain.converged && moved.converged);
                prop_assert!((plain.log_likelihood - moved.log_likelihood).abs() < 1e-9);
                prop_assert!((plain.terms[0].estimate - moved.terms[0].estimate).abs() < 1e-6);
                prop_assert!((plain.terms[1].estimate + 1e-6 * moved.terms[1].estimate).abs() < 1e-6);
            }
        }

        #[test]
        fn the_maximum_is_no_lower_than_none_and_nothing_is_not_a_number(rows in drawn()) {
            for ties in [Ties::Efron, Ties::Breslow] {
                let Ok(fit) = cox_fit(&table_of(&rows, |a, b| [a, b]), ties, Confidence::default()) else {
                    continue;
                };
                prop_assert!(fit.log_likelihood >= fit.null_log_likelihood - 1e-12);
                for term in &fit.terms {
                    prop_assert!(term.estimate.is_finite() && term.se > 0.0 && term.se.is_finite());
                }
                if let Some(concordance) = fit.concordance {
                    prop_assert!((0.0..=1.0).contains(&concordance));
                }
            }
        }
    }
}
