//! Cox's partial likelihood of durations, with its gradient and information, in one pass.
//!
//! Rows are walked from the latest to the earliest while they enter the risk set, so a pass costs
//! m·k² for m distinct rows and k covariates, however many rows there are and however they are tied.

use super::concordance::Prediction;
use super::efron::{Share, shares};
use super::linear::Symmetric;
use super::risk_set::{RiskSet, add_products};

/// How events at the same time are treated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ties {
    /// Efron (1977), J. Am. Stat. Assoc. 72: the tied count as at risk for a shrinking share.
    #[default]
    Efron,
    /// Breslow (1974), Biometrics 30: each counts as at risk for all others.
    Breslow,
}

/// A linear predictor this far above the reference moves it: e²⁰⁰ times any count is still a double.
const HEADROOM: f64 = 200.0;

/// Identical rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Case<'a> {
    /// When it ended.
    pub(super) time: f64,
    /// Whether it ended with the event.
    pub(super) event: bool,
    /// How many rows there are of it.
    pub(super) count: u64,
    /// The case weight of each.
    pub(super) weight: f64,
    /// The covariates.
    pub(super) covariates: &'a [f64],
}

/// The rows that were ever at risk when an event came, the latest first, covariates centred.
#[derive(Debug)]
pub(super) struct PartialLikelihood {
    /// How many covariates.
    pub(super) width: usize,
    /// The weight of all events.
    pub(super) event_weight: f64,
    moments: Vec<Tied>,
    rows: Vec<Row>,
    covariates: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    time: f64,
    event: bool,
    weight: f64,
}

/// All rows of one time.
#[derive(Debug)]
struct Tied {
    end: usize,
    events: f64,
    shares: Vec<Share>,
}

/// The likelihood at one place.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// The logarithm of the partial likelihood.
    pub(super) value: f64,
    /// Its first derivatives.
    pub(super) gradient: Vec<f64>,
    /// Minus its second derivatives.
    pub(super) information: Symmetric,
}

impl PartialLikelihood {
    /// Of cases in descending order of time, in a fixed order within a time; `centred` writes the
    /// covariates of a case as the likelihood is to see them.
    pub(super) fn new<'a>(
        width: usize,
        cases: impl Iterator<Item = Case<'a>>,
        ties: Ties,
        mut centred: impl FnMut(&[f64], &mut Vec<f64>),
    ) -> Self {
        let mut study = Self {
            width,
            event_weight: 0.0,
            moments: Vec::new(),
            rows: Vec::new(),
            covariates: Vec::new(),
        };
        let mut tied_events = 0;
        for case in cases {
            let is_new = study.rows.last().is_none_or(|last| last.time > case.time);
            if is_new {
                study.end_moment(tied_events, ties);
                tied_events = 0;
                study.moments.push(Tied {
                    end: 0,
                    events: 0.0,
                    shares: Vec::new(),
                });
            }
            let weight = case.count as f64 * case.weight;
            if case.event {
                tied_events += case.count;
                study.event_weight += weight;
            }
            study.rows.push(Row {
                time: case.time,
                event: case.event,
                weight,
            });
            centred(case.covariates, &mut study.covariates);
        }
        study.end_moment(tied_events, ties);
        study
    }

    fn end_moment(&mut self, events: u64, ties: Ties) {
        let Some(moment) = self.moments.last_mut() else {
            return;
        };
        moment.end = self.rows.len();
        moment.events = events as f64;
        moment.shares = match ties {
            _ if events == 0 => Vec::new(),
            Ties::Efron => shares(events),
            Ties::Breslow => vec![Share {
                value: 1.0,
                terms: events as f64,
            }],
        };
    }

    /// The linear predictor of each row as its risk.
    pub(super) fn predictions(&self, coefficients: &[f64]) -> impl Iterator<Item = Prediction> {
        let rows = self
            .rows
            .iter()
            .zip(self.covariates.chunks_exact(self.width));
        rows.map(|(row, x)| Prediction {
            time: row.time,
            event: row.event,
            risk: product(x, coefficients),
            weight: row.weight,
        })
    }

    /// The most that a step of the coefficients moves any linear predictor.
    pub(super) fn reach(&self, step: &[f64]) -> f64 {
        let rows = self.covariates.chunks_exact(self.width);
        rows.map(|x| product(x, step).abs()).fold(0.0, f64::max)
    }

    /// The likelihood at these coefficients.
    pub(super) fn at(&self, coefficients: &[f64]) -> Point {
        let mut pass = Pass::new(self.width);
        let mut start = 0;
        for moment in &self.moments {
            let covariates = &self.covariates[start * self.width..moment.end * self.width];
            let rows = &self.rows[start..moment.end];
            for (row, x) in rows.iter().zip(covariates.chunks_exact(self.width)) {
                pass.enter(*row, x, product(x, coefficients));
            }
            if moment.events > 0.0 {
                pass.events(moment);
            }
            start = moment.end;
        }
        pass.point()
    }
}

/// What one pass has summed so far.
#[derive(Debug)]
struct Pass {
    /// The linear predictor whose hazard is 1.
    reference: f64,
    /// At risk and without an event at the present time.
    at_risk: RiskSet,
    /// With an event at the present time.
    tied: RiskSet,
    /// The weight of the events at the present time, their linear predictors above the reference, and
    /// the mean of their covariates, all by case weight.
    tied_weight: f64,
    tied_value: f64,
    tied_mean: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
    difference: Vec<f64>,
}

impl Pass {
    fn new(width: usize) -> Self {
        Self {
            reference: f64::NEG_INFINITY,
            at_risk: RiskSet::new(width),
            tied: RiskSet::new(width),
            tied_weight: 0.0,
            tied_value: 0.0,
            tied_mean: vec![0.0; width],
            value: 0.0,
            gradient: vec![0.0; width],
            information: vec![0.0; width * (width + 1) / 2],
            difference: vec![0.0; width],
        }
    }

    fn enter(&mut self, row: Row, x: &[f64], predictor: f64) {
        if self.reference.is_infinite() {
            self.reference = predictor;
        } else if predictor - self.reference > HEADROOM {
            let factor = (self.reference - predictor).exp();
            self.at_risk.scale(factor);
            self.tied.scale(factor);
            self.tied_value += self.tied_weight * (self.reference - predictor);
            self.reference = predictor;
        }
        let hazard = row.weight * (predictor - self.reference).exp();
        if !row.event {
            return self.at_risk.add(hazard, x);
        }
        self.tied.add(hazard, x);
        self.tied_weight += row.weight;
        self.tied_value += row.weight * (predictor - self.reference);
        let share = row.weight / self.tied_weight;
        let pairs = self.tied_mean.iter_mut().zip(x);
        pairs.for_each(|(mean, x)| *mean += share * (x - *mean));
    }

    /// The terms of the events at one time. With share u of the tied the hazard is R + u·D, the mean of
    /// the covariates lies R/(R + u·D) of the way from the tied to the others, and the spread is pooled.
    ///
    /// Written so that nothing cancels: along a coefficient that runs to infinity R vanishes beside D,
    /// and gradient and information with it, down to the smallest double.
    fn events(&mut self, moment: &Tied) {
        let (others, tied) = (self.at_risk.hazard, self.tied.hazard);
        let (mut logs, mut left) = (0.0, 0.0);
        let (mut of_others, mut of_tied, mut between) = (0.0, 0.0, 0.0);
        for share in &moment.shares {
            let all = others + share.value * tied;
            logs += share.terms * all.ln();
            left += share.terms * (others / all);
            of_others += share.terms / all;
            of_tied += share.terms * share.value / all;
            between += share.terms * (share.value * tied / all) * (others / all);
        }
        let weight = self.tied_weight / moment.events;
        self.value += self.tied_value - weight * logs;
        for (place, sum) in self.gradient.iter_mut().enumerate() {
            let difference = self.tied.mean[place] - self.at_risk.mean[place];
            let own = self.tied_mean[place] - self.tied.mean[place];
            *sum += self.tied_weight * own + weight * left * difference;
            self.difference[place] = difference;
        }
        let spreads = self.at_risk.products.iter().zip(&self.tied.products);
        for (sum, (others, tied)) in self.information.iter_mut().zip(spreads) {
            *sum += weight * (of_others * others + of_tied * tied);
        }
        add_products(&mut self.information, weight * between, &self.difference);
        self.at_risk.absorb(&mut self.tied);
        (self.tied_weight, self.tied_value) = (0.0, 0.0);
        self.tied_mean.fill(0.0);
    }

    fn point(self) -> Point {
        let mut cells = self.information.into_iter();
        let information = Symmetric::of(self.gradient.len(), |_, _| cells.next().unwrap_or(0.0));
        Point {
            value: self.value,
            gradient: self.gradient,
            information,
        }
    }
}

/// x · y.
pub(super) fn product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three events with predictor 0 and one with 1000 at the same time: 1000 − 4·ln(3 + e¹⁰⁰⁰) by
    /// Breslow, and Efron's shares of 4/4, 3/4, 2/4 and 1/4 have a product of 4!/4⁴.
    #[test]
    fn a_predictor_may_soar_among_tied_events() {
        let case = |count, covariates| Case {
            time: 1.0,
            event: true,
            count,
            weight: 1.0,
            covariates,
        };
        for (ties, shares) in [(Ties::Breslow, 1.0), (Ties::Efron, 24.0 / 256.0)] {
            let cases = [case(3, &[0.0][..]), case(1, &[1.0])].into_iter();
            let likelihood = PartialLikelihood::new(1, cases, ties, |x, to| to.extend(x));
            let expected = 1000.0 - 4.0 * 1000.0 - f64::ln(shares);
            let found = likelihood.at(&[1000.0]).value;
            assert!((found - expected).abs() < 1e-11, "{found} {expected}");
        }
    }
}
