//! The project's metrics as SQL: `metric('nps', 'month', 'touchpoint')` and a view for each.
//!
//! A metric is text until a statement asks for it: it is then planned on the files of that moment,
//! with the columns in scope, like any query.

use std::fmt::Write as _;

use chrono_tz::Tz;

use super::calendar::{Against, number};
use super::written::{named, uncommented};
use crate::error::{Error, Result, hint};
use crate::project::{Grain, Metric, MetricKind, Project, Sql};

/// The name of the table function.
pub(super) const METRIC: &str = "metric";

/// The metrics of an engine, as a session knows them.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    metrics: Vec<Metric>,
    dimensions: Vec<String>,
    zone: Option<Tz>,
    /// latido.yaml, as errors name it.
    file: String,
}

/// What is asked of a metric.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Request {
    pub(super) metric: String,
    pub(super) grain: Option<Grain>,
    pub(super) dimensions: Vec<String>,
    pub(super) against: Against,
    /// The first and last period that is shown, each as a day in SQL.
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

impl Metrics {
    /// Those of a project.
    pub(super) fn of(project: &Project) -> Self {
        Self {
            metrics: project.metrics.iter().map(without_comments).collect(),
            dimensions: project.dimensions.clone(),
            zone: Some(project.timezone),
            file: project.file.clone(),
        }
    }

    /// All of them.
    pub(super) fn list(&self) -> &[Metric] {
        &self.metrics
    }

    /// The columns by which they are taken apart.
    pub(super) fn dimensions(&self) -> &[String] {
        &self.dimensions
    }

    /// The query that answers a request.
    ///
    /// # Errors
    /// [`Error::Statement`] for a metric that does not exist.
    pub(super) fn query(&self, request: &Request) -> Result<String> {
        let metric = self.find(&request.metric)?;
        let zone = self.zone.unwrap_or(Tz::UTC);
        Ok(Asked {
            metric,
            grain: request.grain.unwrap_or(metric.grain),
            zone,
            request,
        }
        .query())
    }

    /// A metric by itself, without dimensions, and its place in latido.yaml.
    ///
    /// # Errors
    /// As [`Metrics::query`].
    pub(super) fn alone(&self, name: &str) -> Result<(String, String)> {
        let metric = self.find(name)?;
        let request = Request {
            metric: metric.name.clone(),
            ..Request::default()
        };
        let place = format!("{}:{}: metrics.{}", self.file, metric.line, metric.name);
        Ok((self.query(&request)?, place))
    }

    /// The scale of a column that a metric rates.
    pub(super) fn scale(&self, column: &str) -> Option<(u64, u64)> {
        let rates = |metric: &&Metric| {
            let expr = metric.expr.as_ref().map(|expr| expr.text.trim());
            expr.is_some_and(|expr| expr.eq_ignore_ascii_case(column))
        };
        self.metrics
            .iter()
            .filter(rates)
            .find_map(|metric| match metric.kind {
                MetricKind::Nps => Some((0, 10)),
                MetricKind::Csat => Some((1, metric.max.unwrap_or(5))),
                MetricKind::Ces => Some((1, metric.max.unwrap_or(7))),
                _ => None,
            })
    }

    fn find(&self, name: &str) -> Result<&Metric> {
        let mut metrics = self.metrics.iter();
        if let Some(found) = metrics.find(|metric| metric.name.eq_ignore_ascii_case(name)) {
            return Ok(found);
        }
        let names = self.metrics.iter().map(|metric| metric.name.as_str());
        let hint = hint(name, names, "there are none: define them in latido.yaml");
        Err(Error::Statement(format!("no metric {name}; {hint}")))
    }
}

pub(super) fn without_comments(metric: &Metric) -> Metric {
    let plain = |sql: &Option<Sql>| {
        sql.as_ref().map(|sql| Sql {
            text: uncommented(&sql.text),
            ..sql.clone()
        })
    };
    Metric {
        expr: plain(&metric.expr),
        filter: plain(&metric.filter),
        weight: plain(&metric.weight),
        ..metric.clone()
    }
}

/// A metric and what is asked of it.
struct Asked<'a> {
    metric: &'a Metric,
    grain: Grain,
    zone: Tz,
    request: &'a Request,
}

impl Asked<'_> {
    /// Groups → values that may be shown → those of the period compared with → tests.
    fn query(&self) -> String {
        let Self {
            metric, request, ..
        } = self;
        let by: String = request
            .dimensions
            .iter()
            .map(|name| format!("{name}, "))
            .collect();
        let adjusted = match request.dimensions.as_slice() {
            [] => "",
            _ => "p_adjust(p, 'bh') OVER (PARTITION BY period) AS p_adjusted, ",
        };
        let deciding = if adjusted.is_empty() {
            "p"
        } else {
            "p_adjusted"
        };
        let target = match metric.target {
            Some(target) => format!("CAST({target:?} AS DOUBLE)"),
            None => "CAST(NULL AS DOUBLE)".to_owned(),
        };
        let level = 1.0 - metric.confidence.unwrap_or(0.95);
        let mut shown = format!(
            "SELECT period, {by}value, low, high, n, {target} AS target, previous, \
             value - previous AS change, p{} , {deciding} >= CAST({level:?} AS DOUBLE) AS noise, complete \
             FROM (SELECT *, {adjusted}1 AS one FROM ({}) AS tested) AS adjusted",
            if adjusted.is_empty() {
                ""
            } else {
                ", p_adjusted"
            },
            self.tested(&by)
        );
        let limits = [(">=", &request.from), ("<=", &request.to)];
        let grain = self.grain;
        let limits: Vec<String> = limits
            .into_iter()
            .filter_map(|(sign, day)| Some((sign, day.as_ref()?)))
            .map(|(sign, day)| {
                format!("period {sign} period_start(CAST({day} AS DATE), '{grain}')")
            })
            .collect();
        if !limits.is_empty() {
            // A string never fails to take what is written into it.
            let _ = write!(shown, " WHERE {}", limits.join(" AND "));
        }
        let order: String = request
            .dimensions
            .iter()
            .map(|name| format!(", {name}"))
            .collect();
        format!("{shown} ORDER BY period NULLS LAST{order}")
    }

    fn tested(&self, by: &str) -> String {
        let p = match self.metric.kind.has_evidence() {
            true => format!(
                "(compare_summaries(before, evidence{}{}))['p']",
                self.confidence(),
                // A segment of one answer has no standard error, and is no certainty either.
                match self.metric.kind {
                    MetricKind::Nps => ", method => 'adjusted'",
                    _ => "",
                }
            ),
            false => "CAST(NULL AS DOUBLE)".to_owned(),
        };
        format!(
            "SELECT period, {by}value, low, high, n, previous, complete, {p} AS p FROM ({}) AS compared",
            self.compared(by)
        )
    }

    fn compared(&self, by: &str) -> String {
        let parts = match self.request.dimensions.as_slice() {
            [] => String::new(),
            names => format!("PARTITION BY {} ", names.join(", ")),
        };
        let back = self.request.against.periods(self.grain);
        let before = format!(
            "OVER ({parts}ORDER BY number RANGE BETWEEN {back} PRECEDING AND {back} PRECEDING)"
        );
        // A row without a time has no period before: its frame would be itself.
        let first = |what: &str| {
            format!("CASE WHEN period IS NOT NULL THEN first_value({what}) {before} END")
        };
        let evidence = match self.metric.kind.has_evidence() {
            true => format!(", evidence, {} AS before", first("evidence")),
            false => String::new(),
        };
        format!(
            "SELECT period, {by}value, low, high, n, complete, {} AS previous{evidence} FROM ({}) AS numbered",
            first("value"),
            self.shown(by)
        )
    }

    /// Values of fewer than `min_n` answers are not shown, nor compared with.
    fn shown(&self, by: &str) -> String {
        let min_n = self.metric.min_n;
        let field = value_field(self.metric.kind);
        let evidence = match self.metric.kind.has_evidence() {
            true => format!(
                ", CASE WHEN is_shown THEN {} END AS evidence",
                match self.metric.kind {
                    MetricKind::Ces => "kept",
                    _ => "summary",
                }
            ),
            false => String::new(),
        };
        let value =
            |name: &str| format!("CASE WHEN is_shown THEN CAST(summary['{name}'] AS DOUBLE) END");
        format!(
            "SELECT period, {by}{} AS value, {} AS low, {} AS high, summary['n'] AS n, {} AS complete, {} AS number{evidence} \
             FROM (SELECT *, summary['n'] >= {min_n} AS is_shown FROM ({}) AS groups) AS groups",
            value(field),
            value("low"),
            value("high"),
            self.complete(),
            number(self.grain),
            self.groups(by)
        )
    }

    /// Whether the rows reach from the first to the last day of a period.
    fn complete(&self) -> String {
        let length = match self.grain {
            Grain::Quarter => "3 months".to_owned(),
            grain => format!("1 {grain}"),
        };
        format!(
            "period >= min(first_day) OVER () AND CAST(period + INTERVAL '{length}' AS DATE) <= \
             CAST(max(last_day) OVER () + INTERVAL '1 day' AS DATE)"
        )
    }

    fn groups(&self, by: &str) -> String {
        let Metric {
            table,
            time,
            filter,
            ..
        } = self.metric;
        let (table, time) = (named(table), named(time));
        let (grain, zone) = (self.grain, self.zone.name());
        let filter = match filter {
            Some(filter) => format!(" WHERE ({})", filter.text),
            None => String::new(),
        };
        let kept = match self.metric.kind {
            MetricKind::Ces => {
                let scores = &self.expression();
                format!(", mean_summary({scores}) AS kept")
            }
            _ => String::new(),
        };
        let groups: String = (0..self.request.dimensions.len())
            .map(|place| format!(", {}", place + 2))
            .collect();
        format!(
            "SELECT period_start({time}, '{grain}', '{zone}') AS period, {by}{} AS summary{kept}, \
             period_start(min({time}), 'day', '{zone}') AS first_day, \
             period_start(max({time}), 'day', '{zone}') AS last_day \
             FROM {table}{filter} GROUP BY 1{groups}",
            self.summary()
        )
    }

    fn expression(&self) -> String {
        let written = self.metric.expr.as_ref();
        written.map_or_else(|| "*".to_owned(), |expr| expr.text.clone())
    }

    fn summary(&self) -> String {
        let x = self.expression();
        let confidence = self.confidence();
        let weight = match &self.metric.weight {
            Some(weight) => format!(", weight => {}", weight.text),
            None => String::new(),
        };
        let max = match self.metric.max {
            Some(max) => format!(", max => {max}"),
            None => String::new(),
        };
        let plain = |value: String, n: String| {
            format!(
                "named_struct('value', CAST({value} AS DOUBLE), 'low', CAST(NULL AS DOUBLE), \
                 'high', CAST(NULL AS DOUBLE), 'n', {n})"
            )
        };
        match self.metric.kind {
            MetricKind::Nps => format!("nps_summary({x}{weight}{confidence})"),
            MetricKind::Csat => format!("csat_summary({x}{max}{confidence})"),
            MetricKind::Ces => format!("ces_summary({x}{max}{confidence})"),
            MetricKind::Rate => format!("rate_summary({x}{confidence})"),
            MetricKind::Mean => format!("mean_summary({x}{weight}{confidence})"),
            MetricKind::Sum => plain(format!("sum({x})"), format!("count({x})")),
            MetricKind::Count => plain(format!("count({x})"), format!("count({x})")),
            MetricKind::CountDistinct => {
                plain(format!("count(DISTINCT {x})"), format!("count({x})"))
            }
        }
    }

    fn confidence(&self) -> String {
        match self.metric.confidence {
            Some(confidence) => format!(", confidence => {confidence:?}"),
            None => String::new(),
        }
    }
}

/// The field of a summary that is the metric.
fn value_field(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Nps => "nps",
        MetricKind::Csat => "csat",
        MetricKind::Ces => "ces",
        MetricKind::Rate => "rate",
        MetricKind::Mean => "mean",
        MetricKind::Sum | MetricKind::Count | MetricKind::CountDistinct => "value",
    }
}
