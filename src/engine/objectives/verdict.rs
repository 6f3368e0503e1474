//! The verdict on the KPIs of an objective: one plain sentence, and what has to be added to it.

use super::judged::{Compared, Judged, LEVEL};
use super::words::Words;
use crate::project::Language;

/// Among fewer answers a KPI may separate by chance.
const MANY: u64 = 100;

/// What was found of an objective.
#[derive(Debug, Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) objective: &'a str,
    /// By rank; those without one last.
    pub(super) kpis: &'a [Judged],
    pub(super) pairs: &'a [Compared],
}

impl<'a> Findings<'a> {
    /// The KPIs that could be tested, the strongest first.
    fn ranked(&self) -> Vec<&'a Judged> {
        self.kpis.iter().filter(|kpi| kpi.rank.is_some()).collect()
    }

    /// The strongest KPI of those of which chance is no good explanation: one with a few answers may
    /// rank above it.
    pub(super) fn best(&self) -> Option<&'a Judged> {
        self.ranked().into_iter().find(|kpi| kpi.is_sure())
    }

    /// The pairs of the strongest KPI with others that go with the outcome too.
    pub(super) fn rivals(&self) -> Vec<(&'a Compared, &'a Judged)> {
        let Some(best) = self.best() else {
            return Vec::new();
        };
        let others = self.ranked().into_iter().filter(|kpi| kpi.is_sure());
        let pair = |other: &'a Judged| {
            let mut pairs = self.pairs.iter();
            let both = |pair: &&Compared| {
                pair.names.contains(&best.name) && pair.names.contains(&other.name)
            };
            pairs.find(both).map(|pair| (pair, other))
        };
        others
            .filter(|kpi| kpi.name != best.name)
            .filter_map(pair)
            .collect()
    }

    /// Whether the strongest KPI is told apart from at least one other.
    pub(super) fn is_told_apart(&self) -> bool {
        let name = self.best().map(|best| &best.name);
        name.is_some()
            && self
                .rivals()
                .iter()
                .any(|(pair, _)| pair.winner.as_ref() == name)
    }
}

impl Judged {
    /// Whether chance is no good explanation of its relation with the outcome.
    pub(super) fn is_sure(&self) -> bool {
        self.p.is_some_and(|p| p < LEVEL)
    }
}

impl Words {
    /// The verdict, with what could not be tested and what goes against expectation.
    pub(super) fn verdict(self, found: &Findings<'_>) -> String {
        let ranked = found.ranked();
        let mut sentences = match (ranked.is_empty(), found.best()) {
            (true, _) => return self.nothing(found),
            (false, None) => vec![self.no_relation(found)],
            (false, Some(best)) => self.comparison(found, best),
        };
        if let Some(best) = found.best() {
            let unsure: Vec<&&Judged> = ranked.iter().filter(|kpi| !kpi.is_sure()).collect();
            sentences.extend(unsure.into_iter().map(|kpi| self.unsure(kpi)));
            if best.is_against {
                let label = &best.label;
                sentences.push(self.pick(
                    format!("Against expectation: customers with a higher {label} leave more."),
                    format!("Contra lo esperado, los clientes con más {label} se van más."),
                ));
            }
            if best.separates && best.n >= MANY {
                sentences.push(self.too_good(&best.label));
            }
        }
        let untested = found.kpis.iter().filter(|kpi| kpi.rank.is_none());
        sentences.extend(untested.map(|kpi| self.untested(kpi)));
        sentences.join(" ")
    }

    /// Which it is, those it cannot be told from first.
    fn comparison(self, found: &Findings<'_>, best: &Judged) -> Vec<String> {
        let rivals = found.rivals();
        let (tied, decided): (Vec<_>, Vec<_>) =
            rivals.iter().partition(|(pair, _)| pair.winner.is_none());
        let mut sentences = Vec::new();
        if !tied.is_empty() {
            let others: Vec<String> = tied.iter().map(|(_, kpi)| kpi.label.clone()).collect();
            let needed: Option<Vec<u64>> = tied.iter().map(|(pair, _)| pair.needed).collect();
            let needed = needed.and_then(|needed| needed.into_iter().max());
            let are_same = tied.iter().all(|(pair, _)| pair.is_same);
            sentences.push(self.tie(&best.label, &others, needed, are_same));
        }
        let beaten = decided
            .iter()
            .filter(|(pair, _)| pair.winner.as_ref() == Some(&best.name));
        let lost: Vec<String> = beaten.map(|(_, kpi)| kpi.label.clone()).collect();
        let (label, objective, strength) = (&best.label, found.objective, self.strength(best));
        let others = self.list(&lost);
        sentences.push(match (self.0, lost.is_empty()) {
            (Language::English, true) => format!("{label} tells “{objective}”: {strength}."),
            (Language::English, false) => {
                format!("{label} tells “{objective}” better than {others}: {strength}.")
            }
            (Language::Spanish, true) => format!("{label} explica «{objective}»: {strength}."),
            (Language::Spanish, false) => {
                format!("{label} explica «{objective}» mejor que {others}: {strength}.")
            }
        });
        sentences
    }

    /// Of a KPI that shows nothing beside one that does.
    fn unsure(self, kpi: &Judged) -> String {
        let (label, n) = (&kpi.label, self.number(kpi.n));
        self.pick(
            format!("{label} shows no relation by itself (n {n})."),
            format!("Con {label} no se ve relación (n {n})."),
        )
    }

    /// Some answers decide the outcome without exception, which is rare where they came before.
    fn too_good(self, label: &str) -> String {
        self.pick(
            format!(
                "Too good to trust: some answers of {label} decide the outcome without exception; see \
                 whether they were given, or filled in, afterwards."
            ),
            format!(
                "Demasiado bueno para fiarse: algunas respuestas de {label} deciden el resultado sin \
                 excepción; compruebe si se dieron, o se rellenaron, después."
            ),
        )
    }

    fn no_relation(self, found: &Findings<'_>) -> String {
        let objective = found.objective;
        let ranked = found.ranked();
        let names: Vec<String> = ranked.iter().map(|kpi| kpi.label.clone()).collect();
        match (self.0, names.as_slice()) {
            (Language::English, [one]) => {
                format!("{one} shows no relation with “{objective}” in these data.")
            }
            (Language::English, _) => format!(
                "None of {} shows a relation with “{objective}” in these data.",
                self.list(&names)
            ),
            (Language::Spanish, [one]) => {
                format!("{one} no muestra relación con «{objective}» en estos datos.")
            }
            (Language::Spanish, _) => format!(
                "Ni {} muestran relación con «{objective}» en estos datos.",
                names.join(" ni ")
            ),
        }
    }

    /// The strongest, those it cannot be told from, and how many answers would tell it from each.
    fn tie(self, best: &str, others: &[String], needed: Option<u64>, are_same: bool) -> String {
        if others.len() > 1 {
            return self.ties(best, &self.list(others), needed);
        }
        let names = [best.to_owned()].into_iter().chain(others.iter().cloned());
        let names = self.list(&names.collect::<Vec<_>>());
        let more = match (self.0, needed.map(rounded)) {
            (Language::English, Some(needed)) => {
                format!("; some {} answers would be needed", self.number(needed))
            }
            (Language::Spanish, Some(needed)) => {
                format!("; harían falta unas {} respuestas", self.number(needed))
            }
            (_, None) if are_same => self
                .pick(
                    ", in which they say the same",
                    ", en los que dicen lo mismo",
                )
                .to_owned(),
            (_, None) => String::new(),
        };
        self.pick(
            format!("{names} cannot be told apart with these data{more}."),
            format!("{names} no se distinguen con estos datos{more}."),
        )
    }

    /// Of three and more only the pairs with the strongest are spoken of.
    fn ties(self, best: &str, others: &str, needed: Option<u64>) -> String {
        let needed = needed.map(|needed| self.number(rounded(needed)));
        let more = needed.map_or_else(String::new, |needed| {
            self.pick(
                format!("; some {needed} answers would tell it from each of them"),
                format!("; con unas {needed} respuestas se distinguiría de cada uno"),
            )
        });
        self.pick(
            format!("{best} cannot be told from {others} with these data{more}."),
            format!("{best} no se distingue de {others} con estos datos{more}."),
        )
    }

    fn untested(self, kpi: &Judged) -> String {
        let (label, note) = (&kpi.label, kpi.note.as_deref().unwrap_or_default());
        self.pick(
            format!("{label} cannot be tested: {note}."),
            format!("{label} no se puede contrastar: {note}."),
        )
    }

    fn nothing(self, found: &Findings<'_>) -> String {
        let objective = found.objective;
        let mut notes: Vec<&str> = Vec::new();
        for note in found.kpis.iter().filter_map(|kpi| kpi.note.as_deref()) {
            let new = note.split("; ").filter(|note| !notes.contains(note));
            notes.extend(new.collect::<Vec<_>>());
        }
        let notes = match notes.as_slice() {
            [] => String::new(),
            [one] => format!(": {one}"),
            several => format!(": {}", several.join("; ")),
        };
        self.pick(
            format!("No KPI of “{objective}” can be tested{notes}."),
            format!("Ningún KPI de «{objective}» se puede contrastar{notes}."),
        )
    }

    /// How strongly a KPI goes with the outcome: the AUC as the chance to tell two customers apart.
    pub(super) fn strength(self, kpi: &Judged) -> String {
        let (name, measure) = match (kpi.auc, kpi.pearson) {
            // A KPI that goes down with the outcome is as good as one that goes up.
            (Some(auc), _) if auc.value < 0.5 => ("AUC", auc.turned()),
            (Some(auc), _) => ("AUC", auc),
            (None, Some(r)) => ("r", r),
            (None, None) => return self.pick("no measure", "sin medida").to_owned(),
        };
        match measure.limits {
            Some([low, high]) => {
                format!("{name} {}", self.interval([measure.value, low, high], 3))
            }
            None => format!("{name} {}", self.decimal(measure.value, 3)),
        }
    }
}

/// Two digits are all that such an estimate is good for.
pub(super) fn rounded(needed: u64) -> u64 {
    let mut unit = 1;
    while needed / unit >= 100 {
        unit *= 10;
    }
    needed.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::objectives::judged::Measure;

    fn kpi(name: &str, rank: Option<u64>, p: f64) -> Judged {
        Judged {
            label: name.to_uppercase(),
            name: name.to_owned(),
            n: 400,
            auc: rank.map(|_| Measure::new(0.3, Some(0.25), Some(0.35))),
            pearson: None,
            p: rank.map(|_| p),
            rank,
            note: rank.is_none().then(|| "it never varies".to_owned()),
            is_against: false,
            separates: false,
        }
    }

    fn pair(a: &str, b: &str, winner: Option<&str>, needed: Option<u64>) -> Compared {
        Compared {
            names: [a.to_owned(), b.to_owned()],
            winner: winner.map(str::to_owned),
            needed,
            is_same: winner.is_none() && needed.is_none(),
        }
    }

    fn verdict(language: Language, kpis: &[Judged], pairs: &[Compared]) -> String {
        let found = Findings {
            objective: "Keep",
            kpis,
            pairs,
        };
        Words(language).verdict(&found)
    }

    #[test]
    fn the_strongest_is_named_with_those_it_beats() {
        let kpis = [kpi("nps", Some(1), 0.001), kpi("csat", Some(2), 0.01)];
        let pairs = [pair("nps", "csat", Some("nps"), Some(99))];
        assert_eq!(
            verdict(Language::English, &kpis, &pairs),
            "NPS tells “Keep” better than CSAT: AUC 0.700 (0.650 to 0.750)."
        );
        assert_eq!(
            verdict(Language::Spanish, &kpis[..1], &[]),
            "NPS explica «Keep»: AUC 0,700 (0,650 a 0,750)."
        );
    }

    #[test]
    fn a_tie_tells_what_it_would_take() {
        let kpis = [kpi("nps", Some(1), 0.001), kpi("ies", Some(2), 0.01)];
        let tie = |needed| [pair("ies", "nps", None, needed)];
        assert_eq!(
            verdict(Language::Spanish, &kpis, &tie(Some(4_151))),
            "NPS e IES no se distinguen con estos datos; harían falta unas 4.200 respuestas. \
             NPS explica «Keep»: AUC 0,700 (0,650 a 0,750)."
        );
        assert_eq!(
            verdict(Language::English, &kpis, &tie(None)),
            "NPS and IES cannot be told apart with these data, in which they say the same. \
             NPS tells “Keep”: AUC 0.700 (0.650 to 0.750)."
        );
    }

    #[test]
    fn a_tie_hides_neither_the_strength_nor_those_who_are_beaten() {
        let kpis = [
            kpi("nps", Some(1), 0.001),
            kpi("csat", Some(2), 0.01),
            kpi("ces", Some(3), 0.01),
        ];
        let pairs = [
            pair("nps", "csat", None, Some(5000)),
            pair("nps", "ces", Some("nps"), Some(300)),
        ];
        assert_eq!(
            verdict(Language::English, &kpis, &pairs),
            "NPS and CSAT cannot be told apart with these data; some 5,000 answers would be needed. \
             NPS tells “Keep” better than CES: AUC 0.700 (0.650 to 0.750)."
        );
    }

    /// A KPI of twelve answers may have the largest area of all.
    #[test]
    fn chance_at_the_top_hides_nothing() {
        let mut pilot = kpi("pilot", Some(1), 0.16);
        pilot.n = 12;
        let kpis = [pilot, kpi("nps", Some(2), 1e-9), kpi("csat", Some(3), 1e-9)];
        let pairs = [
            pair("nps", "pilot", None, Some(40)),
            pair("nps", "csat", Some("nps"), Some(300)),
        ];
        assert_eq!(
            verdict(Language::Spanish, &kpis, &pairs),
            "NPS explica «Keep» mejor que CSAT: AUC 0,700 (0,650 a 0,750). \
             Con PILOT no se ve relación (n 12)."
        );
    }

    #[test]
    fn what_decides_the_outcome_is_not_praised() {
        let mut sure = kpi("csat", Some(1), 1e-9);
        sure.separates = true;
        let told = verdict(Language::English, &[sure.clone()], &[]);
        assert!(
            told.contains("Too good to trust: some answers of CSAT decide"),
            "{told}"
        );
        sure.n = 40;
        assert!(!verdict(Language::English, &[sure], &[]).contains("trust"));
    }

    #[test]
    fn each_reason_is_told_once() {
        let mut other = kpi("csat", None, 1.0);
        other.note = Some("csat never varies".to_owned());
        let kpis = [kpi("nps", None, 1.0), kpi("ces", None, 1.0), other];
        assert_eq!(
            verdict(Language::English, &kpis, &[]),
            "No KPI of “Keep” can be tested: it never varies; csat never varies."
        );
    }

    #[test]
    fn what_could_not_be_tested_is_no_rival() {
        let kpis = [
            kpi("nps", Some(1), 0.001),
            kpi("ces", Some(2), 0.01),
            kpi("csat", None, 1.0),
        ];
        let pairs = [
            pair("nps", "csat", None, None),
            pair("nps", "ces", Some("nps"), None),
        ];
        assert_eq!(
            verdict(Language::English, &kpis, &pairs),
            "NPS tells “Keep” better than CES: AUC 0.700 (0.650 to 0.750). \
             CSAT cannot be tested: it never varies."
        );
    }

    #[test]
    fn chance_and_surprise_are_called_so() {
        let kpis = [kpi("nps", Some(1), 0.2), kpi("csat", Some(2), 0.3)];
        assert_eq!(
            verdict(Language::Spanish, &kpis, &[]),
            "Ni NPS ni CSAT muestran relación con «Keep» en estos datos."
        );
        let mut against = kpi("ces", Some(1), 0.001);
        against.is_against = true;
        against.auc = Some(Measure::new(1.0, Some(1.0), Some(1.0)));
        assert_eq!(
            verdict(Language::English, &[against], &[]),
            "CES tells “Keep”: AUC 1.000. Against expectation: customers with a higher CES leave more."
        );
    }
}
