//! What is found, in plain sentences of the project's language.

use super::base::{Base, EARLIER, USED};
use super::reading::Records;
use super::validation::{Compared, Judged, LEVEL};
use crate::project::Language;

/// Sentences of a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// The one of the two that is wanted.
    pub(super) fn pick<T>(self, english: T, spanish: T) -> T {
        match self.0 {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }

    /// A whole number with its thousands set apart.
    pub(super) fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(self.pick(',', '.'));
            }
            text.push(digit);
        }
        text
    }

    /// A decimal number.
    pub(super) fn decimal(self, number: f64, digits: usize) -> String {
        let text = format!("{number:.digits$}");
        let zero = format!("{:.digits$}", 0.0);
        let text = if text == format!("-{zero}") {
            zero
        } else {
            text
        };
        self.pick(text.clone(), text.replace('.', ","))
    }

    /// A value with its interval.
    pub(super) fn interval(self, [value, low, high]: [f64; 3], digits: usize) -> String {
        let to = self.pick("to", "a");
        let [value, low, high] = [value, low, high].map(|it| self.decimal(it, digits));
        format!("{value} ({low} {to} {high})")
    }

    /// Names as people list them.
    pub(super) fn list(self, names: &[String]) -> String {
        let and = self.pick("and", "y");
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let and = match self.0 {
                    // «y» before the sound of i is «e».
                    Language::Spanish if starts_with_i(last) => "e",
                    _ => and,
                };
                format!("{} {and} {last}", first.join(", "))
            }
        }
    }

    /// The verdict on the KPIs of an objective in one sentence.
    pub(super) fn verdict(
        self,
        objective: &str,
        kpis: &[Judged],
        pairs: &[Compared],
        label: impl Fn(&str) -> String,
    ) -> String {
        let ranked: Vec<&Judged> = kpis.iter().filter(|kpi| kpi.rank.is_some()).collect();
        let Some(best) = ranked.first() else {
            return self.nothing(objective, kpis);
        };
        let is_sure = |kpi: &&Judged| kpi.p.is_some_and(|p| p < LEVEL);
        if !ranked.iter().any(is_sure) {
            return self.no_relation(objective, &ranked);
        }
        let strength = self.strength(best);
        let rivals: Vec<(&Compared, &String)> = pairs
            .iter()
            .filter(|pair| pair.names.contains(&best.name))
            .filter_map(|pair| Some((pair, pair.names.iter().find(|it| **it != best.name)?)))
            .collect();
        let tied: Vec<&(&Compared, &String)> = rivals
            .iter()
            .filter(|(pair, _)| pair.winner.is_none())
            .collect();
        let names = |of: &[&(&Compared, &String)]| -> Vec<String> {
            let order = |name: &str| kpis.iter().position(|kpi| kpi.name == name);
            let mut names: Vec<&String> = of.iter().map(|(_, name)| *name).collect();
            names.sort_by_key(|name| order(name));
            names.into_iter().map(|name| label(name)).collect()
        };
        if !tied.is_empty() {
            let all = [vec![best.label.clone()], names(&tied)].concat();
            let needed: Option<Vec<u64>> = tied.iter().map(|(pair, _)| pair.needed).collect();
            let needed = needed.and_then(|needed| needed.into_iter().max());
            return self.tie(&self.list(&all), needed);
        }
        let beaten: Vec<&(&Compared, &String)> = rivals
            .iter()
            .filter(|(pair, _)| pair.winner.as_deref() == Some(&best.name))
            .collect();
        let lost = names(&beaten);
        match (self.0, lost.is_empty()) {
            (Language::English, true) => format!("{} tells “{objective}”: {strength}.", best.label),
            (Language::English, false) => format!(
                "{} tells “{objective}” better than {}: {strength}.",
                best.label,
                self.list(&lost)
            ),
            (Language::Spanish, true) => {
                format!("{} explica «{objective}»: {strength}.", best.label)
            }
            (Language::Spanish, false) => format!(
                "{} explica «{objective}» mejor que {}: {strength}.",
                best.label,
                self.list(&lost)
            ),
        }
    }

    fn no_relation(self, objective: &str, kpis: &[&Judged]) -> String {
        let names: Vec<String> = kpis.iter().map(|kpi| kpi.label.clone()).collect();
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

    fn tie(self, names: &str, needed: Option<u64>) -> String {
        match (self.0, needed.map(rounded)) {
            (Language::English, Some(needed)) => format!(
                "{names} cannot be told apart with these data; some {} answers would be needed.",
                self.number(needed)
            ),
            (Language::English, None) => format!(
                "{names} cannot be told apart with these data, and no number of answers would do it: they say the same."
            ),
            (Language::Spanish, Some(needed)) => format!(
                "{names} no se distinguen con estos datos; harían falta unas {} respuestas.",
                self.number(needed)
            ),
            (Language::Spanish, None) => format!(
                "{names} no se distinguen con estos datos, ni los distinguiría ningún número de respuestas: dicen lo mismo."
            ),
        }
    }

    fn nothing(self, objective: &str, kpis: &[Judged]) -> String {
        let note = kpis.iter().find_map(|kpi| kpi.note.clone());
        let note = note.map_or_else(String::new, |note| format!(": {note}"));
        self.pick(
            format!("No KPI of “{objective}” can be tested{note}."),
            format!("Ningún KPI de «{objective}» se puede contrastar{note}."),
        )
    }

    /// How strongly a KPI goes with the outcome: the AUC as the chance to tell two customers apart.
    pub(super) fn strength(self, kpi: &Judged) -> String {
        match (kpi.auc, kpi.pearson) {
            (Some([auc, low, high]), _) => {
                // A KPI that goes down with the outcome is as good as one that goes up.
                let turned = if auc < 0.5 {
                    [1.0 - auc, 1.0 - high, 1.0 - low]
                } else {
                    [auc, low, high]
                };
                format!("AUC {}", self.interval(turned, 3))
            }
            (None, Some(r)) => format!("r {}", self.interval(r, 3)),
            (None, None) => self.pick("no measure", "sin medida").to_owned(),
        }
    }

    /// Where no KPI has a scale.
    pub(super) fn no_alternatives(self) -> String {
        let text = self.pick(
            "No KPI has a scale (kinds nps, csat, ces): there is nothing else to try.",
            "Ningún KPI tiene escala (tipos nps, csat, ces): no hay otra cosa que probar.",
        );
        text.to_owned()
    }

    /// Whether any construction beats the KPI in use: how many were tried and won, and of the best its
    /// name, what it replaces, and the strength of both.
    pub(super) fn alternatives(
        self,
        tried: usize,
        won: usize,
        best: Option<(String, String, f64, f64)>,
        is_two_valued: bool,
    ) -> String {
        let Some((name, used, new, old)) = best else {
            return self.pick(
                format!("None of the {tried} constructions tried beats the KPI in use."),
                format!("Ninguna de las {tried} construcciones probadas supera al KPI en uso."),
            );
        };
        let measure = if is_two_valued { "AUC" } else { "r" };
        let [new, old] = [new, old].map(|it| self.decimal(it, 3));
        self.pick(
            format!(
                "{won} of {tried} constructions tried beat the KPI in use; the strongest is {name} \
                 ({measure} {new}) instead of {used} ({measure} {old})."
            ),
            format!(
                "{won} de {tried} construcciones probadas superan al KPI en uso; la más fuerte es {name} \
                 ({measure} {new}) en lugar de {used} ({measure} {old})."
            ),
        )
    }

    /// What was used and what was left out.
    pub(super) fn account(self, customers: u64, account: &Records, base: &Base) -> Vec<String> {
        let used = self.number(customers);
        let mut lines = vec![match base.knows_leaving() {
            true => self.pick(
                format!("{used} customers, each with the last answer given before leaving"),
                format!("{used} clientes, cada uno con su última respuesta anterior a la baja"),
            ),
            false => self.pick(
                format!("{used} customers, each with the last answer"),
                format!("{used} clientes, cada uno con su última respuesta"),
            ),
        }];
        if !base.knows_leaving() {
            let table = base.outcome_table();
            lines.push(self.pick(
                format!("{table} has no churned_on: nothing shows that the answers came before"),
                format!(
                    "{table} no tiene churned_on: nada muestra que las respuestas sean anteriores"
                ),
            ));
        }
        for row in 0..account.count() {
            let source = account.text(row, "source").unwrap_or_default();
            let fate = account.text(row, "fate").unwrap_or_default();
            let rows = account.count_of(row, "rows");
            lines.extend(self.fate(&fate, &source, rows, customers));
        }
        lines.extend(base.refused.iter().map(|(name, kind)| {
            self.pick(
                format!("left out: {name}, a {kind}, which no single customer has"),
                format!("queda fuera: {name}, que es {kind} y no lo tiene un solo cliente"),
            )
        }));
        lines
    }

    fn fate(self, fate: &str, source: &str, rows: u64, customers: u64) -> Option<String> {
        let why = match fate {
            USED => return None,
            "customer" => {
                let missing = rows.saturating_sub(customers);
                let shown = self.number(missing);
                return (missing > 0).then(|| {
                    self.pick(
                        format!("left out of {source}: {shown} (no answer that can be used)"),
                        format!("quedan fuera de {source}: {shown} (ninguna respuesta utilizable)"),
                    )
                });
            }
            EARLIER => self.pick("followed by a later one", "seguidas de otra posterior"),
            "no_customer" => self.pick("without a customer", "sin cliente"),
            "unknown_customer" => self.pick(
                "of customers who are not on record",
                "de clientes que no constan",
            ),
            "repeated_customer" => self.pick(
                "of customers who are on record more than once",
                "de clientes que constan más de una vez",
            ),
            "no_outcome" => self.pick(
                "of customers whose outcome is not known",
                "de clientes cuyo resultado no se conoce",
            ),
            "blank" => self.pick("without any of the KPIs", "sin ninguno de los KPI"),
            "future" => self.pick("dated in the future", "con fecha futura"),
            "undated" => self.pick(
                "without a date, of customers who left",
                "sin fecha, de clientes que se fueron",
            ),
            "after_leaving" => self.pick("given after leaving", "dadas después de la baja"),
            other => other,
        };
        let rows = self.number(rows);
        Some(self.pick(
            format!("left out of {source}: {rows} ({why})"),
            format!("quedan fuera de {source}: {rows} ({why})"),
        ))
    }
}

fn starts_with_i(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(['i', 'í']) || (word.starts_with("hi") && !word.starts_with("hie"))
}

/// Two digits are all that such an estimate is good for.
pub(super) fn rounded(needed: u64) -> u64 {
    let mut unit = 1;
    while needed / unit >= 100 {
        unit *= 10;
    }
    needed.div_ceil(unit) * unit
}
