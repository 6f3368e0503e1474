//! The rung "economic value shown": what a point of each KPI goes with in money.

use super::judged::Judged;
use super::judged::LEVEL;
use super::maturity::Rung;
use super::reading::Records;
use super::validation::Asked;
use crate::engine::written::quoted;
use crate::error::Result;
use crate::project::Direction;
use crate::statistics::{Adjustment, adjust};

/// Columns that say what a customer is worth.
const VALUES: [&str; 2] = ["monthly_value", "lifetime_value"];

impl Asked<'_> {
    /// What a point of the strongest KPI goes with in money.
    pub(super) async fn worth(&self, kpis: &[Judged]) -> Result<Rung> {
        let name = self
            .words
            .pick("economic value shown", "valor económico demostrado");
        let missing = |evidence: &str, needs: &str| Rung {
            name,
            is_reached: false,
            evidence: evidence.to_owned(),
            needs: needs.to_owned(),
        };
        // An outcome that is a customer's value says itself what a customer is worth.
        let outcome = &self.objective.outcome.column;
        let is_value = VALUES
            .iter()
            .any(|value| outcome.eq_ignore_ascii_case(value));
        let (value, of) = match &self.objective.value {
            Some(value) => ("value", &value.column),
            None if is_value => ("outcome", outcome),
            None => {
                return Ok(missing(
                    self.words.pick("no value stated", "sin valor indicado"),
                    self.words.pick(
                        "value: table.column in the objective: what a customer is worth",
                        "value: tabla.columna en el objetivo: cuánto vale un cliente",
                    ),
                ));
            }
        };
        let slopes = self.slopes(kpis, value).await?;
        let is_reached = slopes
            .iter()
            .any(|slope| slope.is_sure && !slope.is_against);
        let evidence = slopes.iter().map(|slope| self.told(slope, of));
        let evidence = evidence.collect::<Vec<_>>().join("; ");
        let none = self.words.pick(
            format!("no fit: {of} is blank, or it or the KPIs never vary"),
            format!("sin ajuste: {of} está en blanco, o no varían ni él ni los KPI"),
        );
        let needs = self.words.pick(
            "a KPI whose better answers go with more value (p < 0.05)",
            "un KPI cuyas mejores respuestas vayan con más valor (p < 0,05)",
        );
        Ok(Rung {
            name,
            is_reached,
            evidence: if evidence.is_empty() { none } else { evidence },
            needs: if is_reached { "" } else { needs }.to_owned(),
        })
    }

    /// What a point goes with, in words.
    fn told(&self, slope: &Slope, of: &str) -> String {
        let Slope {
            label,
            worth,
            scale,
            ..
        } = slope;
        let against = match slope.is_sure && slope.is_against {
            true => self
                .words
                .pick(", against expectation", ", contra lo esperado"),
            false => "",
        };
        let [worth, low, high] = worth.map(|number| self.words.quantity(number));
        let of_scale = scale.map_or_else(String::new, |(min, max)| {
            self.words
                .pick(format!(" on {min}–{max}"), format!(" en {min}–{max}"))
        });
        self.words.pick(
                format!(
                    "one point more of {label}{of_scale} goes with {worth} ({low} to {high}) of {of}{against}"
                ),
                format!(
                    "un punto más de {label}{of_scale} va con {worth} ({low} a {high}) de {of}{against}"
                ),
            )
    }

    /// What a point of each KPI goes with, each by itself.
    async fn slopes(&self, kpis: &[Judged], value: &str) -> Result<Vec<Slope>> {
        let item = |(place, kpi): (usize, &Judged)| {
            let column = quoted(&kpi.name);
            format!("(ols_fit({value}, {column}))['terms'] AS terms_{place}")
        };
        let items: Vec<String> = kpis.iter().enumerate().map(item).collect();
        let sql = format!("SELECT {} FROM {}", items.join(", "), self.rows());
        let found = Records::of(self.engine, &sql).await?;
        let (mut slopes, mut p) = (Vec::new(), Vec::new());
        for (place, kpi) in kpis.iter().enumerate() {
            let terms = found.nested(&format!("terms_{place}"))?;
            let number = |name| (terms.count() > 1).then(|| terms.number(1, name)).flatten();
            if let [Some(slope), Some(low), Some(high)] = ["estimate", "low", "high"].map(number) {
                let mut known = self.base.kpis.iter();
                let known = known.find(|it| it.name == kpi.name);
                let is_low_good = known.is_some_and(|it| it.direction == Direction::LowerIsBetter);
                slopes.push(Slope {
                    label: kpi.label.clone(),
                    worth: [slope, low, high],
                    scale: known.and_then(|it| it.scale),
                    is_sure: false,
                    is_against: (slope > 0.0) == is_low_good,
                });
                p.push(number("p").unwrap_or(1.0));
            }
        }
        let adjusted = adjust(&p, Adjustment::BenjaminiHochberg);
        for (slope, p) in slopes.iter_mut().zip(adjusted) {
            slope.is_sure = p < LEVEL;
        }
        Ok(slopes)
    }
}

/// What a point of a KPI goes with, with its interval.
struct Slope {
    label: String,
    worth: [f64; 3],
    /// The ends of the answer's scale.
    scale: Option<(u64, u64)>,
    /// Whether better answers go with less value.
    is_against: bool,
    /// Adjusted for the KPIs that were asked (Benjamini & Hochberg 1995).
    is_sure: bool,
}
