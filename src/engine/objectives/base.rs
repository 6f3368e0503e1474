//! The rows that an objective is tested on, as SQL: one a customer, the outcome beside the last answer
//! given before leaving.
//!
//! An answer given after leaving may not predict the leaving, so it is left out; so is all that cannot
//! be placed, each row with its reason, which `account` counts.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use chrono_tz::Tz;

use super::kpi::Kpi;
use crate::engine::written::{named, quoted};
use crate::project::{Metric, MetricKind, Objective};

/// The column that says which customer a row is of.
pub(super) const KEY: &str = "customer_id";
/// The column that says when a customer left.
pub(super) const LEAVING: &str = "churned_on";
/// The column that says whether a customer left.
const LEFT: &str = "churned";
/// The column that puts answers of the same moment in order.
pub(super) const ANSWER: &str = "response_id";
/// The column that says what an answer is about.
pub(super) const TOUCHPOINT: &str = "touchpoint";
/// Columns of the base that are no KPIs.
const OWN: [&str; 4] = ["customer_id", "outcome", "value", "answered_at"];
/// Columns in between, which no KPI may be called either.
const BETWEEN: [&str; 9] = [
    "left_on", "times", "copy", "is_known", "tie", "place", "fate", "age", "again",
];

/// What becomes of an answer that counts.
pub(super) const USED: &str = "used";
/// What becomes of an answer that is not the customer's last one.
pub(super) const EARLIER: &str = "earlier";
/// What becomes of an answer sheet that was delivered more than once.
pub(super) const COPY: &str = "copy";

/// The rows of an objective as SQL.
#[derive(Debug)]
pub(in crate::engine) struct Base {
    /// The KPIs, in the order of latido.yaml.
    pub(in crate::engine) kpis: Vec<Kpi>,
    /// Metrics of the objective that are no KPI of one customer, with the reason.
    pub(in crate::engine) refused: Vec<(String, MetricKind)>,
    pub(super) outcome_table: String,
    pub(super) outcome: String,
    pub(super) value: Option<String>,
    /// The tables with their columns; that of the outcome first.
    pub(super) tables: Vec<(String, Arc<Schema>)>,
    pub(super) zone: Tz,
}

impl Base {
    /// Looks up what the tables have.
    ///
    /// # Errors
    /// What is missing, and what to do about it.
    pub(super) fn new(
        objective: &Objective,
        metrics: &[&Metric],
        tables: Vec<(String, Arc<Schema>)>,
        zone: Tz,
    ) -> Result<Self, String> {
        let (mut kpis, mut refused) = (Vec::new(), Vec::new());
        for metric in metrics {
            match Kpi::of(metric) {
                Ok(kpi)
                    if OWN.contains(&kpi.name.as_str()) || BETWEEN.contains(&kpi.name.as_str()) =>
                {
                    return Err(format!(
                        "objective() gives a column {} itself; rename the metric",
                        kpi.name
                    ));
                }
                Ok(kpi) => kpis.push(kpi),
                Err(kind) => refused.push((metric.name.clone(), kind)),
            }
        }
        if kpis.is_empty() {
            return Err(format!(
                "none of its metrics is one of a single customer ({}); name some of kind nps, csat, \
                 ces, rate or mean",
                refused_list(&refused)
            ));
        }
        let base = Self {
            kpis,
            refused,
            outcome_table: objective.outcome.table.clone(),
            outcome: objective.outcome.column.clone(),
            value: objective.value.as_ref().map(|value| value.column.clone()),
            tables,
            zone,
        };
        base.check(objective)?;
        Ok(base)
    }

    /// The rows: `customer_id` and `answered_at` where they are known, `outcome`, `value` where the
    /// objective has one, and a column for each KPI.
    pub(in crate::engine) fn rows(&self) -> String {
        if self.is_one_table() {
            let kpis: Vec<String> = self.kpis.iter().map(|kpi| quoted(&kpi.name)).collect();
            return format!(
                "SELECT {}{} FROM ({}) AS used",
                self.own_columns(),
                kpis.join(", "),
                self.used(&self.outcome_table)
            );
        }
        let mut joins = String::new();
        let (mut items, mut is_there) = (Vec::new(), Vec::new());
        for (place, table) in self.answer_tables().into_iter().enumerate() {
            joins.push_str(&format!(
                " LEFT JOIN ({}) AS answers_{place} ON answers_{place}.{KEY} = customers.{KEY}",
                self.used(table)
            ));
            items.push(format!("answers_{place}"));
            is_there.push(format!("answers_{place}.fate IS NOT NULL"));
        }
        let value = if self.has_value() {
            "customers.value, "
        } else {
            ""
        };
        let kpis = self.kpis.iter().map(|kpi| {
            let place = self
                .answer_tables()
                .iter()
                .position(|table| is_same(table, &kpi.table));
            match place {
                Some(place) => format!("answers_{place}.{}", quoted(&kpi.name)),
                None => format!("customers.{}", quoted(&kpi.name)),
            }
        });
        let moments: Vec<String> = items.iter().map(|it| format!("{it}.answered_at")).collect();
        let moment = match moments.as_slice() {
            [one] => one.clone(),
            several => format!("greatest({})", several.join(", ")),
        };
        format!(
            "SELECT customers.{KEY} AS {KEY}, customers.outcome AS outcome, {value}{moment} AS answered_at, {} \
             FROM ({}) AS customers{joins} WHERE customers.times = 1 AND customers.outcome IS NOT NULL AND ({})",
            kpis.collect::<Vec<_>>().join(", "),
            self.outcomes(),
            is_there.join(" OR ")
        )
    }

    /// Whether the day of leaving is known, so that later answers can be told.
    pub(super) fn knows_leaving(&self) -> bool {
        self.written(&self.outcome_table, LEAVING).is_some()
    }

    /// Whether `value` says what a customer is worth.
    fn has_value(&self) -> bool {
        self.value.is_some()
    }

    /// Whether rows belong to customers; where they do not, each is one by itself.
    pub(super) fn has_customers(&self) -> bool {
        self.written(&self.outcome_table, KEY).is_some()
    }

    /// The tables whose rows are answers.
    pub(super) fn tables_of_answers(&self) -> Vec<&str> {
        match self.is_one_table() {
            true => vec![&self.outcome_table],
            false => self.answer_tables(),
        }
    }

    /// The tables of answers beside that of the outcome.
    pub(super) fn answer_tables(&self) -> Vec<&str> {
        let tables = self.tables.iter().skip(1);
        tables.map(|(table, _)| table.as_str()).collect()
    }

    /// Whether outcome and answers stand in one row.
    pub(super) fn is_one_table(&self) -> bool {
        self.tables.len() == 1
    }

    /// One row a row of the outcome's table, with how often its customer stands there.
    pub(super) fn outcomes(&self) -> String {
        let table = &self.outcome_table;
        let key = self.written(table, KEY).unwrap_or_default();
        format!(
            "SELECT {key} AS {KEY}, {}, count(*) OVER (PARTITION BY {key}) AS times, \
             row_number() OVER (PARTITION BY {key}) AS copy, true AS is_known{} FROM {}",
            self.outcome_columns(),
            self.kpi_items(table)
                .iter()
                .map(|item| format!(", {item}"))
                .collect::<String>(),
            named(table)
        )
    }

    /// `outcome`, `value` and the day of leaving, as the outcome's table has them.
    pub(super) fn outcome_columns(&self) -> String {
        let table = &self.outcome_table;
        let written = |column: &str| self.written(table, column).unwrap_or_else(|| named(column));
        let mut items = vec![format!("{} AS outcome", written(&self.outcome))];
        if let Some(value) = &self.value {
            items.push(format!("{} AS value", written(value)));
        }
        items.push(match self.moment(table, LEAVING) {
            // 9999-12-31 and the like are how other systems write that a customer has not left.
            Some(day) => format!("CASE WHEN {day} < DATE '2100-01-01' THEN {day} END AS left_on"),
            None => "CAST(NULL AS DATE) AS left_on".to_owned(),
        });
        items.join(", ")
    }

    pub(super) fn kpi_items(&self, table: &str) -> Vec<String> {
        self.kpis_of(table)
            .map(|kpi| format!("{} AS {}", kpi.sql, quoted(&kpi.name)))
            .collect()
    }

    /// The columns of the base before the KPIs, where all stand in one table.
    fn own_columns(&self) -> String {
        let table = &self.outcome_table;
        let mut columns = Vec::new();
        columns.extend(self.written(table, KEY).map(|_| KEY));
        columns.push("outcome");
        columns.extend(self.has_value().then_some("value"));
        columns.push("answered_at");
        columns.iter().map(|column| format!("{column}, ")).collect()
    }

    /// The KPIs that the rows of a table hold.
    pub(super) fn kpis_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Kpi> + Clone {
        self.kpis
            .iter()
            .filter(move |kpi| is_same(&kpi.table, table))
    }

    pub(super) fn schema(&self, table: &str) -> Option<&Schema> {
        let mut tables = self.tables.iter();
        let found = tables.find(|(name, _)| is_same(name, table));
        found.map(|(_, schema)| schema.as_ref())
    }

    /// A column: the one of exactly this name, or else one that differs in case.
    fn field(&self, table: &str, column: &str) -> Option<&Field> {
        let fields = self.schema(table)?.fields();
        let exact = fields.iter().find(|field| field.name() == column);
        let alike = || fields.iter().find(|field| is_same(field.name(), column));
        exact.or_else(alike).map(AsRef::as_ref)
    }

    /// The type of a column.
    pub(super) fn kind(&self, table: &str, column: &str) -> Option<DataType> {
        Some(self.field(table, column)?.data_type().clone())
    }

    /// A column that holds moments or days; texts are read, since they do not sort as moments do.
    pub(super) fn moment(&self, table: &str, column: &str) -> Option<String> {
        let written = self.written(table, column)?;
        let is_text = self.kind(table, column)?.is_string();
        Some(match is_text {
            true => format!("arrow_cast({written}, 'Timestamp(Microsecond, None)')"),
            false => written,
        })
    }

    /// Whether the outcome is that a customer left, of which a day of leaving tells when.
    pub(super) fn is_leaving(&self) -> bool {
        self.outcome.eq_ignore_ascii_case(LEFT)
    }

    /// A column as its table spells it.
    pub(super) fn written(&self, table: &str, column: &str) -> Option<String> {
        let field = self.field(table, column)?;
        Some(quoted(field.name()))
    }
}

fn refused_list(refused: &[(String, MetricKind)]) -> String {
    let each = refused
        .iter()
        .map(|(name, kind)| format!("{name} is of kind {kind}"));
    each.collect::<Vec<_>>().join(", ")
}

pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
