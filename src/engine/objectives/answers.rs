//! The answers of an objective and what becomes of each: used, or left out and why.
//!
//! Every answer has one fate, so that whatever is not used can be counted.

use arrow::datatypes::DataType;

use super::base::{ANSWER, Base, COPY, EARLIER, KEY, LEAVING, TOUCHPOINT, USED, is_same};
use crate::engine::written::{named, quoted};

impl Base {
    /// Each answer of a table, with what becomes of it.
    pub(super) fn placed(&self, table: &str) -> String {
        if !self.has_customers() {
            return format!("SELECT * FROM ({}) AS judged", self.judged(table));
        }
        let window = format!(
            "OVER (PARTITION BY {KEY}, fate ORDER BY {})",
            self.order(table, "DESC NULLS LAST")
        );
        // The same answer sheet delivered once more is no answer of its own.
        let copy = match self.written(table, ANSWER) {
            Some(_) => format!("coalesce(tie = lag(tie) {window}, false)"),
            None => "false".to_owned(),
        };
        format!(
            "SELECT * EXCEPT (fate, age, again), CASE WHEN fate <> '{USED}' OR age = 1 THEN fate \
             WHEN again THEN '{COPY}' ELSE '{EARLIER}' END AS fate \
             FROM (SELECT *, row_number() {window} AS age, {copy} AS again FROM ({}) AS judged) AS aged",
            self.judged(table)
        )
    }

    /// The answers of a table that are used.
    pub(super) fn used(&self, table: &str) -> String {
        format!(
            "SELECT * FROM ({}) AS placed WHERE fate = '{USED}'",
            self.placed(table)
        )
    }

    /// The query of test and retest: `icc_` of each KPI of a table between two answers of a customer about
    /// the same touchpoint, at different moments that are at most so many days apart, the last such pair
    /// of each customer; none where answers have no customer.
    pub(super) fn retest(&self, table: &str, days: u32) -> Option<String> {
        self.written(table, KEY)?;
        let place = self.written(table, TOUCHPOINT).map_or("", |_| ", place");
        let last_first = self.order(table, "DESC NULLS LAST");
        let window = format!("OVER (PARTITION BY {KEY}{place} ORDER BY answered_at)");
        let mut items = vec![format!("lag(answered_at) {window} AS __latido_before")];
        let mut measures = Vec::new();
        for (number, kpi) in self.kpis_of(table).enumerate() {
            let written = quoted(&kpi.name);
            items.push(format!("lag({written}) {window} AS __latido_{number}"));
            measures.push(format!(
                "icc({written}, __latido_{number}) AS {}",
                quoted(&format!("icc_{}", kpi.name))
            ));
        }
        let singles = format!(
            "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {KEY}{place}, answered_at \
             ORDER BY {last_first}) AS __latido_copy FROM ({}) AS placed \
             WHERE fate IN ('{USED}', '{EARLIER}') AND answered_at IS NOT NULL) AS ordered \
             WHERE __latido_copy = 1",
            self.placed(table)
        );
        Some(format!(
            "SELECT {} FROM (SELECT *, row_number() OVER (PARTITION BY {KEY} ORDER BY {last_first}) \
             AS __latido_pair FROM (SELECT *, {} FROM ({singles}) AS singles) AS pairs \
             WHERE answered_at <= __latido_before + INTERVAL '{days} days') AS retests \
             WHERE __latido_pair = 1",
            measures.join(", "),
            items.join(", "),
        ))
    }

    fn judged(&self, table: &str) -> String {
        let is_own = is_same(table, &self.outcome_table);
        let has_key = self.written(table, KEY).is_some();
        let answers = self.answers(table);
        let joined = match is_own {
            true => answers,
            false => format!(
                "SELECT answers.*, customers.outcome, customers.left_on, customers.times, customers.is_known \
                 FROM ({answers}) AS answers LEFT JOIN (SELECT {KEY} AS __latido_key, outcome, left_on, times, \
                 is_known FROM ({}) AS outcomes WHERE copy = 1) AS customers ON answers.{KEY} = __latido_key",
                self.outcomes()
            ),
        };
        let mut fates: Vec<(String, &str)> = Vec::new();
        if has_key {
            fates.push((format!("{KEY} IS NULL"), "no_customer"));
        }
        if !is_own {
            fates.push(("is_known IS NULL".into(), "unknown_customer"));
            fates.push(("times > 1".into(), "repeated_customer"));
        }
        fates.push(("outcome IS NULL".into(), "no_outcome"));
        let blank: Vec<String> = self
            .kpis_of(table)
            .map(|kpi| format!("{} IS NULL", quoted(&kpi.name)))
            .collect();
        fates.push((blank.join(" AND "), "blank"));
        if has_key {
            let after = self.is_after(table);
            fates.push(("answered_at > now()".into(), "future"));
            let undated = "left_on IS NOT NULL AND answered_at IS NULL";
            fates.push((undated.into(), "undated"));
            if self.is_leaving() {
                let stays = format!("({after}) AND CAST(outcome AS DOUBLE) = 0");
                fates.push((stays, "contradiction"));
            }
            fates.push((after, "after_leaving"));
        }
        let cases: String = fates
            .iter()
            .map(|(holds, fate)| format!("WHEN {holds} THEN '{fate}' "))
            .collect();
        format!("SELECT *, CASE {cases}ELSE '{USED}' END AS fate FROM ({joined}) AS joined")
    }

    /// The answers of a table, before anything is known of their customers.
    fn answers(&self, table: &str) -> String {
        let mut items = Vec::new();
        if let Some(key) = self.written(table, KEY) {
            items.push(format!("{key} AS {KEY}"));
        }
        if let Some(answer) = self.written(table, ANSWER) {
            items.push(format!("{answer} AS tie"));
        }
        if let Some(place) = self.written(table, TOUCHPOINT) {
            items.push(format!("{place} AS place"));
        }
        if is_same(table, &self.outcome_table) {
            items.push(self.outcome_columns());
        }
        let time = self.kpis_of(table).next().map_or_else(
            || "NULL".into(),
            |kpi| {
                self.moment(table, &kpi.time)
                    .unwrap_or_else(|| named(&kpi.time))
            },
        );
        items.push(format!("{time} AS answered_at"));
        items.extend(self.kpi_items(table));
        format!("SELECT {} FROM {}", items.join(", "), named(table))
    }

    /// Answers in the order of time; those of one moment by what else they hold, so that the same files
    /// give the same answer.
    fn order(&self, table: &str, direction: &str) -> String {
        let tie = self.written(table, ANSWER).map(|_| "tie".to_owned());
        let kpis = self.kpis_of(table).map(|kpi| quoted(&kpi.name));
        let columns = std::iter::once("answered_at".to_owned())
            .chain(tie)
            .chain(kpis);
        let columns = columns.map(|column| format!("{column} {direction}"));
        columns.collect::<Vec<_>>().join(", ")
    }

    /// Whether an answer of a table came on the day of leaving or later: by the days of the project's
    /// zone where leaving is known by the day.
    fn is_after(&self, table: &str) -> String {
        let first = self.kpis_of(table).next();
        let time = first.and_then(|kpi| self.kind(table, &kpi.time));
        let leaving = self.kind(&self.outcome_table, LEAVING);
        let is_day = |kind: &DataType| matches!(kind, DataType::Date32 | DataType::Date64);
        let day = format!("period_start(answered_at, 'day', '{}')", self.zone.name());
        match (time, leaving) {
            (Some(time), Some(leaving)) if !is_day(&time) && is_day(&leaving) => {
                format!("{day} >= left_on")
            }
            // A text without a time of day is a day.
            (Some(time), Some(leaving)) if !is_day(&time) && leaving.is_string() => format!(
                "CASE WHEN left_on = date_trunc('day', left_on) THEN {day} >= CAST(left_on AS DATE) \
                 ELSE answered_at >= left_on END"
            ),
            _ => "answered_at >= left_on".to_owned(),
        }
    }
}
