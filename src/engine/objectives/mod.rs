//! The objectives of latido.yaml as questions: which KPI tells the outcome, which alternative would
//! tell it better, how far up the ladder of maturity each objective has come.
//!
//! All of them stand on one table, `objective('Keep customers')`: one row a customer, with the outcome
//! and the last answer given before leaving. It is SQL like any other, so that whoever doubts a
//! verdict can ask further.

mod account;
mod alternatives;
mod answers;
mod base;
mod checks;
mod construction;
mod judged;
mod kpi;
mod maturity;
mod notes;
mod reading;
mod reliability;
mod validation;
mod verdict;
mod words;
mod worth;

use std::sync::Arc;

use arrow::datatypes::Schema;
use chrono_tz::Tz;

use super::metrics::without_comments;
use crate::error::{Error, Result};
use crate::project::{Metric, Objective, Project};
pub use alternatives::Alternatives;
pub(super) use base::Base;
pub use maturity::{Maturity, Rung};
pub use validation::Validation;

/// The name of the table function.
pub(super) const OBJECTIVE: &str = "objective";

/// The objectives of an engine, as a session knows them.
#[derive(Debug, Default)]
pub(super) struct Objectives {
    objectives: Vec<Objective>,
    metrics: Vec<Metric>,
    zone: Option<Tz>,
    /// latido.yaml, as errors name it.
    file: String,
}

impl Objectives {
    /// Those of a project.
    pub(super) fn of(project: &Project) -> Self {
        Self {
            objectives: project.objectives.clone(),
            metrics: project.metrics.iter().map(without_comments).collect(),
            zone: Some(project.timezone),
            file: project.file.clone(),
        }
    }

    /// All of them.
    pub(super) fn list(&self) -> &[Objective] {
        &self.objectives
    }

    /// The objective of a name, in any case.
    ///
    /// # Errors
    /// [`Error::Usage`] for one that does not exist.
    pub(super) fn find(&self, name: &str) -> Result<&Objective> {
        Objective::find(&self.objectives, name)
    }

    /// The tables that an objective reads: that of the outcome first.
    pub(super) fn tables(&self, objective: &Objective) -> Vec<String> {
        let mut tables = vec![objective.outcome.table.clone()];
        for metric in self.metrics_of(objective) {
            let is_there = |known: &String| known.eq_ignore_ascii_case(&metric.table);
            if !tables.iter().any(is_there) {
                tables.push(metric.table.clone());
            }
        }
        tables
    }

    /// The base of an objective, given the columns of its tables in the order of
    /// [`Objectives::tables`].
    ///
    /// # Errors
    /// [`Error::Statement`] with the place in latido.yaml, where a column is missing or no KPI is one
    /// of a single customer.
    pub(super) fn base(&self, objective: &Objective, schemas: &[Arc<Schema>]) -> Result<Base> {
        let tables = self.tables(objective).into_iter();
        let tables = tables.zip(schemas.iter().cloned()).collect();
        let zone = self.zone.unwrap_or(Tz::UTC);
        let metrics = self.metrics_of(objective);
        Base::new(objective, &metrics, tables, zone).map_err(|reason| {
            let Objective { name, line, .. } = objective;
            Error::Statement(format!("{}:{line}: objectives.{name}: {reason}", self.file))
        })
    }

    fn metrics_of(&self, objective: &Objective) -> Vec<&Metric> {
        let names = objective.metrics.iter();
        let found = names.filter_map(|name| {
            let mut metrics = self.metrics.iter();
            metrics.find(|metric| metric.name.eq_ignore_ascii_case(name))
        });
        found.collect()
    }
}
