//! `latido validate --alternatives`: whether another construction of the same answers would tell the
//! outcome better than the KPIs in use, and two questions together better than either.
//!
//! Honest about having tried: every p is adjusted for all that was tried (Benjamini & Hochberg 1995),
//! and a construction wins only if it also foretells customers that it was not fitted on (log-loss
//! cross-validated over ten folds, where the outcome has two values).

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;

use super::construction::{Construction, constructions};
use super::judged::LEVEL;
use super::reading::{Records, internal};
use super::validation::Asked;
use super::words::Words;
use crate::error::Result;
use crate::statistics::{Adjustment, adjust};

/// What the alternatives have shown.
#[derive(Debug)]
pub struct Alternatives {
    /// Each construction that was tried beside the one in use.
    pub tried: RecordBatch,
    /// The same as people look at it.
    pub seen: RecordBatch,
    /// Whether any beats the KPI in use, in one sentence.
    pub verdict: String,
}

/// A construction as it did against one that it has to beat.
#[derive(Debug, Clone, Default)]
struct Trial {
    /// What it had to beat.
    against: String,
    n: u64,
    /// Whether strengths are areas under ROC curves; else they are correlations.
    is_area: bool,
    strength: Option<f64>,
    strength_against: Option<f64>,
    log_loss: Option<f64>,
    log_loss_against: Option<f64>,
    p: Option<f64>,
}

impl Trial {
    fn is_stronger(&self) -> bool {
        let both = self.strength.zip(self.strength_against);
        both.is_some_and(|(new, old)| new > old)
    }

    /// Whether nothing can be said of how it foretells customers that it was not fitted on.
    fn is_unvalidated(&self) -> bool {
        self.is_area && self.log_loss.is_none()
    }

    /// Whether it is stronger, and foretells better where that can be said.
    fn is_better(&self) -> bool {
        let foretells = match (self.log_loss, self.log_loss_against) {
            (Some(new), Some(old)) => new < old,
            // The other separates some customers, and so fails on others without bound.
            (Some(_), None) => true,
            // Of a numeric outcome there is no log-loss; else nothing shows that it foretells.
            (None, _) => !self.is_area,
        };
        self.is_stronger() && foretells
    }
}

/// A construction with all that it had to beat.
#[derive(Debug)]
struct Tried {
    construction: Construction,
    trials: Vec<Trial>,
    p: Option<f64>,
    p_adjusted: Option<f64>,
    beats: bool,
}

impl Tried {
    fn new(construction: Construction, trials: Vec<Trial>) -> Self {
        // It has to beat each KPI that it would replace, so the weakest proof counts.
        let p: Option<Vec<f64>> = trials.iter().map(|trial| trial.p).collect();
        Self {
            construction,
            trials,
            p: p.map(|p| p.into_iter().fold(0.0, f64::max)),
            p_adjusted: None,
            beats: false,
        }
    }

    /// Whether it is stronger here, beyond chance, but cannot be cross-validated.
    fn is_stronger_only_here(&self) -> bool {
        let is_sure = self.p_adjusted.is_some_and(|p| p < LEVEL);
        is_sure
            && self.trials.iter().all(Trial::is_stronger)
            && self.trials.iter().any(Trial::is_unvalidated)
    }

    /// What could not be said of it, and why.
    fn note(&self, words: Words) -> Option<&'static str> {
        match self.p {
            None => Some(words.not_tested()),
            Some(_) if self.trials.iter().any(Trial::is_unvalidated) => Some(words.not_validated()),
            Some(_) => None,
        }
    }

    /// The strongest of what it had to beat is shown.
    fn shown(&self) -> Trial {
        let strength = |trial: &Trial| trial.strength_against.unwrap_or(0.0);
        let trials = self.trials.iter();
        let strongest = trials.max_by(|a, b| strength(a).total_cmp(&strength(b)));
        strongest.cloned().unwrap_or_default()
    }
}

/// What was tried as rows; strengths stand under the name of their measure.
fn table(tried: &[Tried], is_area: bool, words: Words) -> Result<RecordBatch> {
    let texts = |of: &dyn Fn(&Tried) -> String| {
        Arc::new(tried.iter().map(|it| Some(of(it))).collect::<StringArray>()) as ArrayRef
    };
    let numbers = |of: &dyn Fn(&Tried) -> Option<f64>| {
        Arc::new(tried.iter().map(of).collect::<Float64Array>()) as ArrayRef
    };
    let area = |of: Option<f64>| of.filter(|_| is_area);
    let r = |of: Option<f64>| of.filter(|_| !is_area);
    let n = tried.iter().map(|it| it.shown().n.cast_signed());
    let beats: Vec<bool> = tried.iter().map(|it| it.beats).collect();
    let notes = tried.iter().map(|it| it.note(words));
    let columns = [
        ("kpi", texts(&|it| it.construction.kpis.join(" + "))),
        ("construction", texts(&|it| it.construction.label.clone())),
        ("against", texts(&|it| it.shown().against)),
        ("n", Arc::new(n.collect::<Int64Array>()) as ArrayRef),
        ("auc", numbers(&|it| area(it.shown().strength))),
        (
            "auc_against",
            numbers(&|it| area(it.shown().strength_against)),
        ),
        ("pearson", numbers(&|it| r(it.shown().strength))),
        (
            "pearson_against",
            numbers(&|it| r(it.shown().strength_against)),
        ),
        ("cv_log_loss", numbers(&|it| it.shown().log_loss)),
        (
            "cv_log_loss_against",
            numbers(&|it| it.shown().log_loss_against),
        ),
        ("p", numbers(&|it| it.p)),
        ("p_adjusted", numbers(&|it| it.p_adjusted)),
        ("beats", Arc::new(BooleanArray::from(beats)) as ArrayRef),
        ("note", Arc::new(notes.collect::<StringArray>()) as ArrayRef),
    ];
    let columns = columns.map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| internal(&error))
}

impl Asked<'_> {
    /// Tries them all in one pass over the rows of the objective.
    pub(super) async fn alternatives(&self) -> Result<Alternatives> {
        let constructions = constructions(&self.base.kpis, self.words);
        let mut items = Vec::new();
        for (place, construction) in constructions.iter().enumerate() {
            for (number, rival) in construction.rivals.iter().enumerate() {
                let (new, rival) = (&construction.sql, &rival.sql);
                // On the same rows, else the log-losses were of different customers.
                items.push(format!(
                    "kpi_contest(outcome, {rival}, {new}) AS pair_{place}_{number}, \
                     kpi_validation(outcome, {rival}, {new}) FILTER (WHERE ({rival}) IS NOT NULL AND ({new}) IS NOT NULL) AS kpis_{place}_{number}"
                ));
            }
        }
        if items.is_empty() {
            let mut none = self.judge(Vec::new())?;
            none.verdict = self.words.no_alternatives();
            return Ok(none);
        }
        let sql = format!("SELECT {} FROM {}", items.join(", "), self.rows());
        let found = Records::of(self.engine, &sql).await?;
        let mut tried = Vec::new();
        for (place, construction) in constructions.into_iter().enumerate() {
            let rivals = construction.rivals.iter().enumerate();
            let trials = rivals.map(|(number, rival)| {
                let trial = trial(&found, &format!("{place}_{number}"))?;
                let against = rival.label.clone();
                Ok(Trial { against, ..trial })
            });
            let trials = trials.collect::<Result<Vec<_>>>()?;
            tried.push(Tried::new(construction, trials));
        }
        self.judge(tried)
    }

    /// Adjusts for all that was tried, and names the strongest that wins.
    fn judge(&self, mut tried: Vec<Tried>) -> Result<Alternatives> {
        let tested: Vec<f64> = tried.iter().filter_map(|it| it.p).collect();
        let adjusted = adjust(&tested, Adjustment::BenjaminiHochberg);
        let proved = tried.iter_mut().filter(|it| it.p.is_some());
        for (it, p) in proved.zip(adjusted) {
            it.p_adjusted = Some(p);
            it.beats = p < LEVEL && it.trials.iter().all(Trial::is_better);
        }
        let is_area = tried.iter().any(|it| it.shown().is_area);
        let winners: Vec<&Tried> = tried.iter().filter(|it| it.beats).collect();
        let best = winners.iter().max_by(|a, b| {
            let [a, b] = [a, b].map(|it| it.shown().strength.unwrap_or(0.0));
            a.total_cmp(&b)
        });
        let best = best.and_then(|it| {
            let trial = it.shown();
            let strengths = [trial.strength?, trial.strength_against?];
            Some((self.name(&it.construction), trial.against, strengths))
        });
        let mut verdict = vec![match tested.len() {
            0 => self.words.nothing_tried(),
            tried => self.words.alternatives(tried, winners.len(), best, is_area),
        }];
        let without: Vec<String> = self
            .base
            .kpis
            .iter()
            .filter(|kpi| kpi.scale.is_none())
            .map(|kpi| kpi.label.clone())
            .collect();
        if !without.is_empty() {
            verdict.push(self.words.without_scale(&without));
        }
        let unproved = tried.iter().filter(|it| it.is_stronger_only_here());
        let unproved: Vec<String> = unproved.map(|it| self.name(&it.construction)).collect();
        if !unproved.is_empty() {
            verdict.push(self.words.stronger_only_here(&unproved));
        }
        let tried = Records(table(&tried, is_area, self.words)?);
        let columns = tried.0.schema();
        let columns: Vec<&str> = columns
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        Ok(Alternatives {
            seen: Records(tried.columns(&columns)?).for_the_eye()?,
            tried: tried.0,
            verdict: verdict.join(" "),
        })
    }

    /// What a construction is called.
    fn name(&self, construction: &Construction) -> String {
        match construction.kpis.as_slice() {
            [one] => format!("{} {}", self.label(one), construction.label),
            _ => construction.label.clone(),
        }
    }
}

/// A trial as the statement answers it: what has to be beaten stands first.
fn trial(found: &Records, place: &str) -> Result<Trial> {
    let pair = found.nested(&format!("pair_{place}"))?;
    let kpis = found.nested(&format!("kpis_{place}"))?;
    if pair.count() == 0 {
        return Ok(Trial::default());
    }
    let size = |name: &str| {
        let auc = pair.number(0, &format!("auc_{name}"));
        auc.or_else(|| pair.number(0, &format!("pearson_{name}")).map(f64::abs))
    };
    Ok(Trial {
        n: pair.count_of(0, "n"),
        is_area: pair.number(0, "auc_a").is_some(),
        strength: size("b"),
        strength_against: size("a"),
        log_loss_against: (kpis.count() > 0)
            .then(|| kpis.number(0, "cv_log_loss"))
            .flatten(),
        log_loss: (kpis.count() > 1)
            .then(|| kpis.number(1, "cv_log_loss"))
            .flatten(),
        p: pair.number(0, "p_adjusted"),
        against: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(strength: f64, log_loss: Option<f64>, log_loss_against: Option<f64>) -> Trial {
        Trial {
            against: "NPS mean".to_owned(),
            n: 400,
            is_area: true,
            strength: Some(strength),
            strength_against: Some(0.66),
            log_loss,
            log_loss_against,
            p: Some(1e-9),
        }
    }

    #[test]
    fn what_separates_some_customers_foretells_no_others() {
        assert!(trial(0.88, Some(0.41), Some(0.48)).is_better());
        assert!(!trial(0.88, Some(0.49), Some(0.48)).is_better());
        assert!(trial(0.88, Some(0.41), None).is_better());
        assert!(!trial(0.75, None, None).is_better());
        assert!(!trial(0.75, None, Some(0.48)).is_better());
        assert!(!trial(0.60, Some(0.41), None).is_better());
        let numeric = Trial {
            is_area: false,
            ..trial(0.75, None, None)
        };
        assert!(numeric.is_better());
    }

    #[test]
    fn what_could_not_be_said_is_noted() {
        let construction = Construction {
            kpis: vec!["nps".to_owned()],
            label: "mean".to_owned(),
            sql: "1".to_owned(),
            rivals: Vec::new(),
        };
        let tried = |trial: Trial| Tried {
            p_adjusted: trial.p,
            ..Tried::new(construction.clone(), vec![trial])
        };
        let words = Words(crate::project::Language::English);
        let separating = tried(trial(0.88, None, None));
        assert!(separating.is_stronger_only_here());
        assert_eq!(separating.note(words), Some(words.not_validated()));
        assert!(!tried(trial(0.60, None, None)).is_stronger_only_here());
        let validated = tried(trial(0.88, Some(0.4), Some(0.5)));
        assert!(!validated.is_stronger_only_here() && validated.note(words).is_none());
        let untested = tried(Trial {
            p: None,
            ..trial(0.88, None, None)
        });
        assert!(!untested.is_stronger_only_here());
        assert_eq!(untested.note(words), Some(words.not_tested()));
    }

    #[test]
    fn a_pair_has_to_beat_both_of_its_kpis() {
        let construction = Construction {
            kpis: vec!["nps".to_owned(), "csat".to_owned()],
            label: "mean".to_owned(),
            sql: "1".to_owned(),
            rivals: Vec::new(),
        };
        let weaker = Trial {
            strength_against: Some(0.5),
            p: Some(0.2),
            ..trial(0.7, None, None)
        };
        let tried = Tried::new(
            construction.clone(),
            vec![weaker.clone(), trial(0.7, None, None)],
        );
        assert_eq!(tried.p, Some(0.2));
        assert_eq!(tried.shown().strength_against, Some(0.66));
        let untested = Trial { p: None, ..weaker };
        assert_eq!(Tried::new(construction, vec![untested]).p, None);
    }
}
