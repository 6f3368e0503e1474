//! What became of every answer and of every customer of an objective: used, or left out and why.

use super::base::{Base, KEY, USED};
use crate::engine::written::text;

impl Base {
    /// The query that counts: for each table (`source`) its rows by `fate`, adding up to all.
    pub(in crate::engine) fn account(&self) -> String {
        let tables = self.tables_of_answers();
        let mut parts: Vec<String> = tables
            .iter()
            .map(|table| {
                format!(
                    "SELECT {} AS source, fate, count(*) AS rows FROM ({}) AS placed GROUP BY fate",
                    text(table),
                    self.placed(table)
                )
            })
            .collect();
        if !self.is_one_table() {
            parts.push(format!(
                "SELECT {} AS source, fate, count(*) AS rows FROM ({}) AS judged GROUP BY fate",
                text(&self.outcome_table),
                self.customers()
            ));
        }
        format!(
            "SELECT source, fate, rows FROM ({}) AS counted ORDER BY source, rows DESC, fate",
            parts.join(" UNION ALL ")
        )
    }

    /// The rows of the outcome's table, each with what becomes of it.
    fn customers(&self) -> String {
        let used: Vec<String> = self
            .answer_tables()
            .iter()
            .map(|table| {
                format!(
                    "SELECT {KEY} AS used_key FROM ({}) AS used",
                    self.used(table)
                )
            })
            .collect();
        format!(
            "SELECT CASE WHEN {KEY} IS NULL THEN 'no_customer' WHEN times > 1 THEN 'repeated_customer' \
             WHEN outcome IS NULL THEN 'no_outcome' WHEN used_key IS NULL THEN 'no_answer' \
             ELSE '{USED}' END AS fate FROM ({}) AS outcomes \
             LEFT JOIN (SELECT DISTINCT used_key FROM ({}) AS used) AS used ON used_key = {KEY}",
            self.outcomes(),
            used.join(" UNION ALL ")
        )
    }

    /// The query for `undated`, used customers who left nobody knows when, and `staying`, those who are
    /// said to have left on a day and are said not to have left; none where that cannot be.
    pub(super) fn doubtful_leavers(&self) -> Option<String> {
        if !(self.is_leaving() && self.knows_leaving() && self.has_customers()) {
            return None;
        }
        let parts: Vec<String> = self
            .tables_of_answers()
            .iter()
            .map(|table| {
                format!(
                    "SELECT {KEY} AS leaver, left_on IS NULL AS is_undated FROM ({}) AS used \
                     WHERE CAST(outcome AS DOUBLE) = CASE WHEN left_on IS NULL THEN 1 ELSE 0 END",
                    self.used(table)
                )
            })
            .collect();
        Some(format!(
            "SELECT count(DISTINCT leaver) FILTER (WHERE is_undated) AS undated, \
             count(DISTINCT leaver) FILTER (WHERE NOT is_undated) AS staying FROM ({}) AS leavers",
            parts.join(" UNION ALL ")
        ))
    }
}
