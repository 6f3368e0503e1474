//! A metric as a KPI of one customer: the score behind the average.
//!
//! What is tested is the answer itself, 0–10 for NPS: the metric's own cut of it (promoters minus
//! detractors) is one construction among others, which the alternatives compare.

use crate::project::{Direction, Metric, MetricKind};

/// A KPI of one customer.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Kpi {
    /// The metric's name, which its column has.
    pub(in crate::engine) name: String,
    /// What people call it.
    pub(in crate::engine) label: String,
    pub(in crate::engine) kind: MetricKind,
    /// The table of the answers, and the column that says when they were given.
    pub(in crate::engine) table: String,
    pub(in crate::engine) time: String,
    /// The answer as latido.yaml writes it.
    pub(in crate::engine) answer: String,
    /// The answer in SQL, over the columns of that table, held to its scale.
    pub(in crate::engine) sql: String,
    /// The ends of its scale, where it has one.
    pub(in crate::engine) scale: Option<(u64, u64)>,
    pub(in crate::engine) direction: Direction,
    /// Answers below which the metric is not shown.
    pub(in crate::engine) min_n: u64,
}

impl Kpi {
    /// The KPI of a metric; its kind where it has no value of one customer.
    pub(super) fn of(metric: &Metric) -> Result<Self, MetricKind> {
        let scale = match metric.kind {
            MetricKind::Nps => Some((0, 10)),
            MetricKind::Csat => Some((1, metric.max.unwrap_or(5))),
            MetricKind::Ces => Some((1, metric.max.unwrap_or(7))),
            MetricKind::Rate | MetricKind::Mean => None,
            kind @ (MetricKind::Sum | MetricKind::Count | MetricKind::CountDistinct) => {
                return Err(kind);
            }
        };
        let written = metric.expr.as_ref();
        let written = written.map_or_else(|| "NULL".to_owned(), |expr| expr.text.clone());
        let score = match scale {
            Some((min, max)) => format!("on_scale(({written}), {min}, {max})"),
            None => format!("({written})"),
        };
        Ok(Self {
            name: metric.name.to_lowercase(),
            label: label(metric),
            kind: metric.kind,
            table: metric.table.clone(),
            time: metric.time.clone(),
            answer: written.clone(),
            sql: match &metric.filter {
                Some(filter) => format!("CASE WHEN ({}) THEN {score} END", filter.text),
                None => score,
            },
            scale,
            direction: metric.direction,
            min_n: metric.min_n,
        })
    }
}

/// The label, or the name; the initials by which people know three of them in capitals.
fn label(metric: &Metric) -> String {
    match &metric.label {
        Some(label) => label.clone(),
        None => match metric.name.to_lowercase().as_str() {
            initials @ ("nps" | "csat" | "ces") => initials.to_uppercase(),
            _ => metric.name.clone(),
        },
    }
}
