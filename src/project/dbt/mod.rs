//! Metrics of dbt as a first latido.yaml: what has a meaning here is taken, everything else is named
//! with its reason.
//!
//! Both spellings of the dbt Semantic Layer are read: `semantic_models:` with measures and
//! `metrics:` (dbt 1.6–1.11), and models with `semantic_model:` and their metrics (dbt 1.12 and
//! Fusion). The shapes were read from docs.getdbt.com (*Migrate to the latest YAML spec*, *Metric
//! properties*, *Semantic model properties*) and from the two authoring guides of
//! `dbt-labs/dbt-agent-skills`, commit 9eee2733 (`references/latest-spec.md`, `legacy-spec.md`).

mod meaning;
mod model;
mod reading;
mod table;
mod template;

use super::check::is_identifier;
use super::draft::{Draft, DraftMetric};
use super::metric::Direction;
use crate::error::{Error, Result};
use meaning::{Meaning, meaning};
use reading::{Definition, Files, What};

/// Metrics of dbt in the words of latido.
#[derive(Debug)]
pub struct DbtProject {
    files: Files,
}

/// A first project of dbt metrics, and what is to be said of it.
#[derive(Debug)]
pub struct DbtDraft {
    /// The project.
    pub draft: Draft,
    /// What was not taken, each with file, line, name and reason.
    pub left: Vec<String>,
    /// What was taken and differs.
    pub remarks: Vec<String>,
}

impl DbtProject {
    /// Reads dbt files, each with its name and text; files that say nothing about metrics are passed
    /// over.
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that is no YAML, `FILE:LINE: REASON`.
    pub fn read(files: &[(String, String)]) -> Result<Self> {
        let mut read = Files::default();
        for (file, text) in files
            .iter()
            .filter(|(_, text)| reading::is_about_metrics(text))
        {
            read.add(file, text)
                .map_err(|fault| Error::Usage(format!("{file}:{fault}")))?;
        }
        let of_measures: Vec<Definition> = measures_as_metrics(&read);
        read.metrics.extend(of_measures);
        Ok(Self { files: read })
    }

    /// Whether there is anything about metrics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.metrics.is_empty() && self.files.models.is_empty()
    }

    /// The first project: `place` knows where the rows of a dbt model are, `check` whether an
    /// expression can be read here.
    #[must_use]
    pub fn draft(
        &self,
        name: &str,
        place: &dyn Fn(&str) -> Option<String>,
        check: &dyn Fn(&str) -> std::result::Result<(), String>,
    ) -> DbtDraft {
        let mut made = DbtDraft {
            draft: Draft {
                name: name.to_owned(),
                origin: vec![
                    "A first latido.yaml, written by `latido init --dbt` from the metrics of a dbt \
                     project. Say under tables where the rows of each model are."
                        .to_owned(),
                ],
                ..Draft::default()
            },
            left: self.files.others.clone(),
            remarks: Vec::new(),
        };
        let mut used: Vec<usize> = Vec::new();
        for metric in &self.files.metrics {
            let taken = meaning(metric, &self.files).and_then(|meaning| {
                self.acceptable(metric, &meaning, &made.draft, check)?;
                Ok(meaning)
            });
            match taken {
                Ok(meaning) => {
                    used.push(meaning.model);
                    let remarks = meaning.remarks.iter();
                    made.remarks
                        .extend(remarks.map(|remark| format!("{}: {remark}", metric.name)));
                    made.draft.metrics.push(self.metric(metric, meaning));
                }
                Err(reason) => made
                    .left
                    .push(format!("{}: {}: {reason}", metric.at.0, metric.name)),
            }
        }
        made.left.extend(self.idle_measures());
        for (number, model) in self.files.models.iter().enumerate() {
            if used.contains(&number) {
                table::add(&mut made, model, place, check);
            }
        }
        made
    }

    fn metric(&self, metric: &Definition, meaning: Meaning) -> DraftMetric {
        let is_rate = !meaning.remarks.is_empty() && matches!(metric.what, What::Ratio(..));
        DraftMetric {
            name: metric.name.clone(),
            kind: meaning.kind,
            table: self.files.models[meaning.model].name.clone(),
            expr: meaning.expr,
            time: Some(meaning.time),
            filter: meaning.filter,
            label: metric.label.clone(),
            description: metric
                .description
                .as_deref()
                .map(|text| text.trim().to_owned()),
            direction: Direction::HigherIsBetter,
            note: is_rate.then(|| "a ratio in dbt; 0–100 here".to_owned()),
        }
    }

    /// Whether latido.yaml can hold it: names of their own, expressions that can be read.
    fn acceptable(
        &self,
        metric: &Definition,
        meaning: &Meaning,
        draft: &Draft,
        check: &dyn Fn(&str) -> std::result::Result<(), String>,
    ) -> std::result::Result<(), String> {
        let Definition { name, .. } = metric;
        let table = &self.files.models[meaning.model].name;
        let view = format!("metric_{name}");
        let is_table = |wanted: &str| {
            self.files
                .models
                .iter()
                .position(|model| model.name == wanted)
        };
        if !is_identifier(name) || !is_identifier(table) {
            return Err("its name, or its model's, is no name for SQL".to_owned());
        }
        if draft
            .metrics
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(name))
        {
            return Err("a metric of this name was taken already".to_owned());
        }
        if is_table(table) != Some(meaning.model) || is_table(&view).is_some() {
            return Err("another model has the name of its table or of its view".to_owned());
        }
        let texts = [meaning.expr.as_ref(), meaning.filter.as_ref()];
        for text in texts.into_iter().flatten() {
            check(text).map_err(|reason| format!("`{text}` cannot be read: {reason}"))?;
        }
        Ok(())
    }

    /// Measures that no metric is computed of.
    fn idle_measures(&self) -> Vec<String> {
        let is_used = |name: &str| {
            self.files.metrics.iter().any(|metric| match &metric.what {
                What::Measure(input) => input.name == name,
                What::Ratio(above, below) => above.name == name || below.name == name,
                What::Simple(_) | What::Other(_) => false,
            })
        };
        let measures = self.files.models.iter().flat_map(|model| &model.measures);
        measures
            .filter(|measure| !is_used(&measure.name))
            .map(|measure| {
                format!(
                    "{}: {}: a measure of no simple metric",
                    measure.at.0, measure.name
                )
            })
            .collect()
    }
}

/// Measures with `create_metric: true` are metrics of their name.
fn measures_as_metrics(files: &Files) -> Vec<Definition> {
    let models = files.models.iter().enumerate();
    let measures =
        models.flat_map(|(place, model)| model.measures.iter().map(move |it| (place, it)));
    measures
        .filter(|(_, measure)| measure.is_metric)
        .filter(|(_, measure)| {
            !files
                .metrics
                .iter()
                .any(|metric| metric.name == measure.name)
        })
        .map(|(place, measure)| Definition {
            name: measure.name.clone(),
            at: measure.at.clone(),
            label: measure.label.clone(),
            description: measure.description.clone(),
            filters: Vec::new(),
            what: What::Simple(meaning::aggregate(place, measure)),
            ignored: Vec::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
