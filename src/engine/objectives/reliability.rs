//! The rung "measure reliable": whether the ratings agree with one another, and with themselves when
//! asked again.

use super::construction::unit;
use super::maturity::{FEW, Rung};
use super::reading::Records;
use super::validation::Asked;
use crate::error::Result;

/// From here on a measure is commonly called reliable (Nunnally 1978, "Psychometric Theory").
const RELIABLE: f64 = 0.7;
/// Answers so many days apart are of the same experience, asked again.
const RETEST_DAYS: u32 = 90;

impl Asked<'_> {
    /// Reached when Cronbach's alpha of the ratings, or the agreement of a KPI with itself, is high
    /// enough.
    pub(super) async fn reliable(&self) -> Result<Rung> {
        let alpha = self.alpha().await?;
        let retests = self.retests().await?;
        let known: Vec<&(f64, String)> = alpha.iter().chain(&retests).collect();
        let is_reached = known.iter().any(|(value, _)| *value >= RELIABLE);
        let evidence: Vec<&str> = known.iter().map(|(_, text)| text.as_str()).collect();
        let needs = match (is_reached, known.is_empty()) {
            (true, _) => String::new(),
            (false, true) => self.words.pick(
                format!(
                    "a second rating of the same experience, or customers asked again within \
                     {RETEST_DAYS} days"
                ),
                format!(
                    "una segunda valoración de la misma experiencia, o clientes consultados otra vez \
                     antes de {RETEST_DAYS} días"
                ),
            ),
            (false, false) => self.words.pick(
                "alpha or ICC of 0.7: more items, clearer questions, the same moment".to_owned(),
                "alfa o CCI de 0,7: más preguntas, más claras, en el mismo momento".to_owned(),
            ),
        };
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
    async fn alpha(&self) -> Result<Option<(f64, String)>> {
        let units: Vec<String> = self.base.kpis.iter().filter_map(unit).collect();
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
        let text = self.words.pick(
            format!("alpha of all together {interval}, n {n}"),
            format!("alfa de todos juntos {interval}, n {n}"),
        );
        Ok(Some((value, text)))
    }

    /// How far answers of the same customer about the same touchpoint agree.
    async fn retests(&self) -> Result<Vec<(f64, String)>> {
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
                let text = self.words.pick(
                    format!("{label} asked again within {RETEST_DAYS} days: ICC {shown}, n {n}"),
                    format!("{label} repetido antes de {RETEST_DAYS} días: CCI {shown}, n {n}"),
                );
                known.push((value, text));
            }
        }
        Ok(known)
    }
}
