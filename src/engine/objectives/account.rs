//! What became of every answer of an objective: used, or left out and why.

use super::base::Base;

impl Base {
    /// The query that counts: for each table (`source`) the answers by `fate`, and as fate `customer`
    /// the customers whose outcome is asked for.
    pub(in crate::engine) fn account(&self) -> String {
        let mut tables = self.answer_tables();
        if tables.is_empty() {
            tables.push(self.outcome_table());
        }
        let mut parts: Vec<String> = tables
            .iter()
            .map(|table| {
                format!(
                    "SELECT '{}' AS source, fate, count(*) AS rows FROM ({}) AS placed GROUP BY fate",
                    table.replace('\'', "''"),
                    self.placed(table)
                )
            })
            .collect();
        if !self.is_one_table() {
            parts.push(format!(
                "SELECT '{}' AS source, 'customer' AS fate, count(*) AS rows FROM ({}) AS outcomes \
                 WHERE copy = 1 AND customer_id IS NOT NULL",
                self.outcome_table().replace('\'', "''"),
                self.outcomes()
            ));
        }
        format!(
            "SELECT source, fate, rows FROM ({}) AS counted ORDER BY source, rows DESC, fate",
            parts.join(" UNION ALL ")
        )
    }
}
