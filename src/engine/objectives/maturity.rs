//! `latido maturity`: which rung of the ladder an objective has reached, on what evidence, and what the
//! next one needs.
//!
//! The ladder is that of the second seed article: an objective, a KPI measured, the measure reliable,
//! the KPI validated against the outcome, KPIs compared, their economic value shown. A rung counts
//! only when all below it are reached.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;

use super::judged::{Judged, compared};
use super::kpi::Kpi;
use super::reading::{Records, internal};
use super::validation::Asked;
use super::verdict::{Findings, rounded};
use crate::engine::Engine;
use crate::engine::written::quoted;
use crate::error::Result;
use crate::project::{MetricKind, Objective, Project};

/// Fewer answers than this say nothing about a KPI.
pub(super) const FEW: u64 = 30;
/// Of the rarer outcome, fewer than this carry no KPI (Peduzzi et al. 1996, J. Clin. Epidemiol. 49).
pub(super) const EVENTS: u64 = 10;

/// How far an objective has come.
#[derive(Debug)]
pub struct Maturity {
    /// The objective's name.
    pub objective: String,
    /// The highest rung below which none is missing, 1–6.
    pub rung: usize,
    /// All six, from the lowest.
    pub rungs: Vec<Rung>,
}

/// A rung of the ladder.
#[derive(Debug, Clone)]
pub struct Rung {
    /// What it is called.
    pub name: &'static str,
    /// Whether it is reached.
    pub is_reached: bool,
    /// What shows it.
    pub evidence: String,
    /// What is missing; empty where nothing is.
    pub needs: String,
}

impl Maturity {
    /// The rungs as rows: objective, rung, name, reached, evidence, needs.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] only.
    pub fn rows(&self) -> Result<RecordBatch> {
        let texts = |of: fn(&Rung) -> &str| {
            let texts = self.rungs.iter().map(of);
            Arc::new(StringArray::from_iter_values(texts)) as ArrayRef
        };
        let objective = self.rungs.iter().map(|_| self.objective.as_str());
        let numbers = (1_i64..).zip(&self.rungs).map(|(number, _)| number);
        let reached: Vec<bool> = self.rungs.iter().map(|rung| rung.is_reached).collect();
        RecordBatch::try_from_iter([
            (
                "objective",
                Arc::new(StringArray::from_iter_values(objective)) as ArrayRef,
            ),
            (
                "rung",
                Arc::new(Int64Array::from_iter_values(numbers)) as ArrayRef,
            ),
            ("name", texts(|rung| rung.name)),
            ("reached", Arc::new(BooleanArray::from(reached)) as ArrayRef),
            ("evidence", texts(|rung| &rung.evidence)),
            ("needs", texts(|rung| &rung.needs)),
        ])
        .map_err(|error| internal(&error))
    }
}

impl Engine {
    /// Which rung of maturity an objective has reached.
    ///
    /// # Errors
    /// Those of [`Engine::validate`].
    pub async fn maturity(&self, project: &Project, objective: &Objective) -> Result<Maturity> {
        let asked = Asked::new(self, project, objective).await?;
        let tested = asked.tested().await?;
        let judged = asked.judged(&tested.kpis);
        let pairs = compared(&tested.pairs);
        let rungs = vec![
            asked.stated(project),
            asked.measured().await?,
            asked.reliable().await?,
            asked.validated(&judged, tested.fewer()),
            asked.compared_rung(&asked.findings(&judged, &pairs)),
            asked.worth(&judged).await?,
        ];
        let rung = rungs.iter().take_while(|rung| rung.is_reached).count();
        Ok(Maturity {
            objective: objective.name.clone(),
            rung,
            rungs,
        })
    }
}

impl Asked<'_> {
    fn stated(&self, project: &Project) -> Rung {
        let Objective {
            outcome,
            line,
            kind,
            ..
        } = self.objective;
        let place = format!("{}:{line}", project.file);
        let kind_es = match kind.as_str() {
            "behaviour" => "comportamiento",
            "process" => "proceso",
            _ => "resultado",
        };
        let a = if kind.starts_with('o') { "an" } else { "a" };
        Rung {
            name: self.words.pick("objective stated", "objetivo enunciado"),
            is_reached: true,
            evidence: self.words.pick(
                format!("{place}: {a} {kind}, told by {outcome}"),
                format!("{place}: {kind_es}, medido por {outcome}"),
            ),
            needs: String::new(),
        }
    }

    /// Enough answers for each KPI, by what its metric asks for.
    async fn measured(&self) -> Result<Rung> {
        let items: Vec<String> = self
            .base
            .kpis
            .iter()
            .enumerate()
            .map(|(place, kpi)| format!("{} AS kpi_{place}", summary(kpi)))
            .collect();
        let sql = format!("SELECT {} FROM {}", items.join(", "), self.rows());
        let found = Records::of(self.engine, &sql).await?;
        let (mut evidence, mut short) = (Vec::new(), Vec::new());
        for (place, kpi) in self.base.kpis.iter().enumerate() {
            let summary = found.nested(&format!("kpi_{place}"))?;
            let n = summary.count_of(0, "n");
            let number = |name| summary.number(0, name);
            let value = [field(kpi.kind), "low", "high"].map(number);
            let n_shown = self.words.number(n);
            evidence.push(match value {
                [Some(value), Some(low), Some(high)] => {
                    format!(
                        "{} {}, n {n_shown}",
                        kpi.label,
                        self.words.interval([value, low, high], 1)
                    )
                }
                _ => format!("{}, n {n_shown}", kpi.label),
            });
            let wanted = kpi.min_n.max(FEW);
            if n < wanted {
                short.push((kpi.label.clone(), wanted));
            }
        }
        let needs: Vec<String> = short
            .iter()
            .map(|(label, wanted)| {
                self.words.pick(
                    format!("at least {wanted} answers of {label}"),
                    format!("al menos {wanted} respuestas de {label}"),
                )
            })
            .collect();
        Ok(Rung {
            name: self.words.pick(
                "measured with enough answers",
                "medido con respuestas suficientes",
            ),
            is_reached: short.is_empty(),
            evidence: format!("{}: {}", self.answers(), evidence.join("; ")),
            needs: needs.join(", "),
        })
    }

    /// Which answers these are.
    fn answers(&self) -> &'static str {
        match self.base.has_customers() {
            true => self.words.pick(
                "of each customer's last answer",
                "de la última respuesta de cada cliente",
            ),
            false => self.words.pick("of these answers", "de estas respuestas"),
        }
    }

    /// A KPI goes with the outcome, the outcome is not too rare, and the answers are known to have come
    /// before.
    fn validated(&self, kpis: &[Judged], fewer: u64) -> Rung {
        let is_two_valued = kpis.iter().any(|kpi| kpi.auc.is_some());
        let shown: Vec<String> = kpis
            .iter()
            .map(|kpi| {
                // Of a numeric outcome each KPI lacks the same, by its nature.
                let note = kpi
                    .note
                    .as_ref()
                    .filter(|_| is_two_valued || kpi.rank.is_none());
                let note = note.map_or_else(String::new, |note| format!(" ({note})"));
                let not = match kpi.is_sure() {
                    true => "",
                    false => self.words.pick("not: ", "no: "),
                };
                format!("{not}{} {}{note}", kpi.label, self.words.strength(kpi))
            })
            .collect();
        let needs = if kpis.iter().all(|kpi| kpi.rank.is_none()) {
            self.words.pick(
                "customers of both outcomes with answers",
                "clientes de ambos resultados con respuestas",
            )
        } else if !kpis.iter().any(Judged::is_sure) {
            self.words.pick(
                "a KPI that goes with the outcome (p < 0.05), or more answers",
                "un KPI que vaya con el resultado (p < 0,05), o más respuestas",
            )
        } else if is_two_valued && fewer < EVENTS {
            self.words.pick(
                "ten customers on either side of the outcome",
                "diez clientes a cada lado del resultado",
            )
        } else if self.base.is_leaving() && !self.base.knows_leaving() {
            self.words.pick(
                "churned_on among the customers, which shows that the answers came before",
                "churned_on en los clientes, que muestre que las respuestas son anteriores",
            )
        } else {
            ""
        };
        Rung {
            name: self.words.pick(
                "validated against the outcome",
                "validado frente al resultado",
            ),
            is_reached: needs.is_empty(),
            evidence: shown.join("; "),
            needs: needs.to_owned(),
        }
    }

    /// The strongest KPI is told apart from at least one other.
    fn compared_rung(&self, found: &Findings<'_>) -> Rung {
        let is_reached = found.is_told_apart();
        let rivals = found.rivals();
        let least = rivals.iter().filter_map(|(pair, _)| pair.needed).min();
        let needs = match (is_reached, found.best(), rivals.is_empty(), least) {
            (true, ..) => String::new(),
            (_, None, ..) => self
                .words
                .pick(
                    "a KPI that goes with the outcome",
                    "un KPI que vaya con el resultado",
                )
                .to_owned(),
            (_, _, true, _) => self
                .words
                .pick(
                    "a second KPI that can be tested among the metrics of the objective",
                    "un segundo KPI contrastable entre las métricas del objetivo",
                )
                .to_owned(),
            (_, _, _, Some(needed)) => {
                let needed = self.words.number(rounded(needed));
                self.words.pick(
                    format!("some {needed} answers to tell the first from at least one other"),
                    format!("unas {needed} respuestas para distinguir el primero al menos de otro"),
                )
            }
            _ => self
                .words
                .pick("KPIs that differ", "KPI que difieran")
                .to_owned(),
        };
        Rung {
            name: self.words.pick("KPIs compared", "KPI comparados"),
            is_reached,
            evidence: match rivals.is_empty() {
                true if found.kpis.len() == 1 => {
                    self.words.pick("one KPI only", "un solo KPI").to_owned()
                }
                _ => self.words.verdict(found),
            },
            needs,
        }
    }
}

/// The KPI of these customers with its interval.
fn summary(kpi: &Kpi) -> String {
    let column = quoted(&kpi.name);
    match (kpi.kind, kpi.scale) {
        (MetricKind::Nps, _) => format!("nps_summary({column})"),
        (MetricKind::Csat, Some((_, max))) => format!("csat_summary({column}, max => {max})"),
        (MetricKind::Ces, Some((_, max))) => format!("ces_summary({column}, max => {max})"),
        (MetricKind::Rate, _) => format!("rate_summary({column})"),
        _ => format!("mean_summary({column})"),
    }
}

fn field(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Nps => "nps",
        MetricKind::Csat => "csat",
        MetricKind::Ces => "ces",
        MetricKind::Rate => "rate",
        _ => "mean",
    }
}
