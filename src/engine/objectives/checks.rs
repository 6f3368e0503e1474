//! Whether an objective of latido.yaml can be asked of its tables: what is wrong is said before a query
//! fails over it, with what to write instead.

use arrow::datatypes::DataType;

use super::base::{Base, KEY, is_same};
use crate::error::hint;
use crate::project::Objective;

impl Base {
    /// Whether the tables have what an objective asks for, and its outcome can be one.
    ///
    /// # Errors
    /// What is missing or cannot be, and what to do about it.
    pub(super) fn check(&self, objective: &Objective) -> Result<(), String> {
        let outcome = &self.outcome_table;
        if let Some(value) = &objective.value
            && !value.table.eq_ignore_ascii_case(outcome)
        {
            return Err(format!(
                "value is a column of {}, and outcome one of {outcome}; bring both into one table \
                 (tables: …: sql)",
                value.table
            ));
        }
        self.need(outcome, &self.outcome)?;
        self.check_outcome()?;
        if let Some(value) = &self.value {
            self.need(outcome, value)?;
            if !self
                .kind(outcome, value)
                .is_some_and(|kind| kind.is_numeric())
            {
                return Err(format!(
                    "{outcome}.{value} is no number; bring it to one under tables.{outcome}.columns, \
                     such as {value}: {{sql: \"TRY_CAST({value} AS DOUBLE)\"}}"
                ));
            }
        }
        if !self.is_one_table() {
            for (table, _) in &self.tables {
                self.need(table, KEY).map_err(|missing| {
                    format!("{missing} — it finds the outcome of an answer's customer")
                })?;
                self.check_key(table)?;
            }
        }
        Ok(())
    }

    /// A number is never equal to a text, and no customer would be found.
    fn check_key(&self, table: &str) -> Result<(), String> {
        let kinds = [&self.outcome_table, table].map(|table| self.kind(table, KEY));
        let [Some(here), Some(there)] = &kinds else {
            return Ok(());
        };
        let word = |kind: &DataType| if kind.is_string() { "text" } else { "a number" };
        if here.is_string() == there.is_string() {
            return Ok(());
        }
        Err(format!(
            "{KEY} is {} in {} and {} in {table}; bring both to one type under tables.{table}.columns: \
             {KEY}: {{sql: \"CAST({KEY} AS {})\"}}",
            word(here),
            self.outcome_table,
            word(there),
            if here.is_string() {
                "VARCHAR"
            } else {
                "BIGINT"
            },
        ))
    }

    /// An outcome is a yes or no, or a number, and neither a key nor one of the KPIs.
    fn check_outcome(&self) -> Result<(), String> {
        let (table, column) = (&self.outcome_table, &self.outcome);
        let kind = self.kind(table, column);
        let is_text = kind.as_ref().is_some_and(DataType::is_string);
        let is_blank = kind.as_ref().is_some_and(DataType::is_null);
        let is_number = kind.is_some_and(|kind| kind.is_numeric() || kind == DataType::Boolean);
        if is_text {
            return Err(format!(
                "{table}.{column} is text; say what means yes under tables.{table}.columns, such as \
                 {column}: {{sql: \"{column} IN ('Yes', 'Sí')\"}}"
            ));
        }
        if !is_number && !is_blank {
            return Err(format!(
                "{table}.{column} is neither yes or no nor a number; say what is to be told under \
                 tables.{table}.columns, such as has_{column}: {{sql: \"{column} IS NOT NULL\"}}, and name \
                 that as the outcome"
            ));
        }
        if is_same(column, KEY) {
            return Err(format!(
                "{table}.{column} names customers and is no outcome; name a column that says what \
                 became of them, such as {table}.churned"
            ));
        }
        let is_outcome = |written: &str| is_same(written.trim_matches('"'), column);
        let mut kpis = self.kpis_of(table);
        match kpis.find(|kpi| is_outcome(&kpi.answer)) {
            Some(kpi) => Err(format!(
                "the metric {} is the outcome {table}.{column} itself, which it tells without fail; take \
                 it out of the metrics of the objective",
                kpi.name
            )),
            None => Ok(()),
        }
    }

    fn need(&self, table: &str, column: &str) -> Result<(), String> {
        if self.written(table, column).is_some() {
            return Ok(());
        }
        let fields = self.schema(table).map(|schema| schema.fields().clone());
        let names: Vec<String> = fields
            .iter()
            .flat_map(|fields| fields.iter())
            .map(|field| field.name().clone())
            .collect();
        let hint = hint(
            column,
            names.iter().map(String::as_str),
            "it has no columns",
        );
        Err(format!(
            "the table {table} has no column {column}; {hint} (tables.{table}.columns gives columns \
             other names)"
        ))
    }
}
