//! The rung "measure reliable": whether a rating agrees with itself when it is asked again; where nobody
//! was, whether the ratings of one sheet agree with one another.

use super::construction::unit;
use super::maturity::{FEW, Rung};
use super::reading::Records;
use super::validation::Asked;
use crate::error::Result;

/// From here on several items are commonly called one reliable measure (Nunnally 1978, "Psychometric
/// Theory").
const RELIABLE: f64 = 0.7;
/// From here on an ICC is called moderate (Koo & Li 2016, J. Chiropractic Medicine 15). No more is asked
/// for, as customers change between two answers and not only their answers do.
const MODERATE: f64 = 0.5;
/// Answers so many days apart are of the same experience, asked again.
const RETEST_DAYS: u32 = 90;

/// A coefficient with what it was found on.
struct Known {
    is_enough: bool,
    text: String,
}

impl Asked<'_> {
    /// Reached when a KPI agrees with itself on asking again. Where customers were not asked again, when
    /// Cronbach's alpha of the KPIs is high enough; alpha of different questions says that they measure
    /// one thing, and no more.
    pub(super) async fn reliable(&self) -> Result<Rung> {
        let alpha = self.alpha().await?;
        let retests = self.retests().await?;
        let is_reached = match retests.is_empty() {
            true => alpha.as_ref().is_some_and(|alpha| alpha.is_enough),
            false => retests.iter().any(|known| known.is_enough),
        };
        let [moderate, reliable] = [MODERATE, RELIABLE].map(|limit| self.words.decimal(limit, 1));
        let needs = match (is_reached, retests.is_empty(), &alpha) {
            (true, ..) => String::new(),
            (false, false, _) => self.words.pick(
                format!("an ICC of {moderate} on asking again: clearer questions, the same moment"),
                format!(
                    "un CCI de {moderate} al preguntar otra vez: preguntas más claras, en el mismo momento"
                ),
            ),
            (false, true, Some(_)) => self.words.pick(
                format!("an alpha of {reliable}, or customers asked again within {RETEST_DAYS} days"),
                format!(
                    "un alfa de {reliable}, o clientes consultados otra vez en menos de {RETEST_DAYS} días"
                ),
            ),
            (false, true, None) => self.words.pick(
                format!(
                    "a second rating of the same experience, or customers asked again within \
                     {RETEST_DAYS} days"
                ),
                format!(
                    "una segunda valoración de la misma experiencia, o clientes consultados otra vez en \
                     menos de {RETEST_DAYS} días"
                ),
            ),
        };
        let known = retests.iter().chain(&alpha);
        let mut evidence: Vec<&str> = known.map(|known| known.text.as_str()).collect();
        let asked_for = self.words.pick(
            format!("asked for is an ICC of {moderate}"),
            format!("se pide un CCI de {moderate}"),
        );
        if !retests.is_empty() {
            evidence.push(&asked_for);
        }
        let none = self.words.pick("not known", "no se conoce");
        Ok(Rung {
            name: self.words.pick("measure reliable", "medida fiable"),
            is_reached,
            evidence: match evidence.as_slice() {
                [] => none.to_owned(),
                some => some.join("; "),
            },
            needs,
        })
    }

    /// Cronbach's alpha of the KPIs that have a scale, each brought to 0–1.
    async fn alpha(&self) -> Result<Option<Known>> {
        let scaled = self
            .base
            .kpis
            .iter()
            .filter_map(|kpi| Some((kpi, unit(kpi)?)));
        let (kpis, units): (Vec<_>, Vec<String>) = scaled.unzip();
        if units.len() < 2 {
            return Ok(None);
        }
        let units = units.join(", ");
        let sql = format!(
            "SELECT cronbach_alpha({units}) AS alpha FROM {}",
            self.rows()
        );
        let found = Records::of(self.engine, &sql).await?.nested("alpha")?;
        let value = ["alpha", "low", "high"].map(|name| found.number(0, name));
        let [Some(value), Some(low), Some(high)] = value else {
            return Ok(None);
        };
        if found.count_of(0, "n") < FEW {
            return Ok(None);
        }
        let n = self.words.number(found.count_of(0, "n"));
        let interval = self.words.interval([value, low, high], 2);
        let labels: Vec<String> = kpis.iter().map(|kpi| kpi.label.clone()).collect();
        let labels = self.words.list(&labels);
        let text = self.words.pick(
            format!("alpha of {labels} as one measure {interval}, n {n}"),
            format!("alfa de {labels} como una sola medida {interval}, n {n}"),
        );
        Ok(Some(Known {
            is_enough: value >= RELIABLE,
            text,
        }))
    }

    /// How far answers of the same customer about the same touchpoint agree.
    async fn retests(&self) -> Result<Vec<Known>> {
        let mut known = Vec::new();
        for table in self.base.tables_of_answers() {
            let Some(sql) = self.base.retest(table, RETEST_DAYS) else {
                continue;
            };
            let found = Records::of(self.engine, &sql).await?;
            for kpi in self.base.kpis_of(table) {
                let icc = found.nested(&format!("icc_{}", kpi.name))?;
                let Some(value) = icc.number(0, "icc2") else {
                    continue;
                };
                if icc.count_of(0, "n") < FEW {
                    continue;
                }
                let (label, shown) = (&kpi.label, self.words.decimal(value, 2));
                let n = self.words.number(icc.count_of(0, "n"));
                let is_enough = value >= MODERATE;
                let not = match is_enough {
                    true => "",
                    false => self.words.pick("not: ", "no: "),
                };
                let text = self.words.pick(
                    format!("{not}{label} asked again within {RETEST_DAYS} days: ICC {shown}, n {n}"),
                    format!(
                        "{not}{label}, otra respuesta en menos de {RETEST_DAYS} días: CCI {shown}, n {n}"
                    ),
                );
                known.push(Known { is_enough, text });
            }
        }
        Ok(known)
    }
}
