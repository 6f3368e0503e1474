//! What is found, in plain sentences of the project's language.

use super::base::{Base, COPY, EARLIER, USED};
use super::reading::Records;
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

    /// Where no KPI has a scale.
    pub(super) fn no_alternatives(self) -> String {
        let text = self.pick(
            "No KPI has a scale (kinds nps, csat, ces): there is nothing else to try.",
            "Ningún KPI tiene escala (tipos nps, csat, ces): no hay otra cosa que probar.",
        );
        text.to_owned()
    }

    /// Where no construction could be tested.
    pub(super) fn nothing_tried(self) -> String {
        let text = self.pick(
            "No construction could be tested with these answers.",
            "Ninguna construcción se pudo contrastar con estas respuestas.",
        );
        text.to_owned()
    }

    /// KPIs of which there is nothing to try.
    pub(super) fn without_scale(self, names: &[String]) -> String {
        let names = self.list(names);
        self.pick(
            format!("Not tried, as they have no scale to cut: {names}."),
            format!("Sin probar, por no tener escala que cortar: {names}."),
        )
    }

    /// Whether any construction beats what is in use: how many were tried and won, and of the best its
    /// name, the strongest that it beats, and the strength of both.
    pub(super) fn alternatives(
        self,
        tried: usize,
        won: usize,
        best: Option<(String, String, [f64; 2])>,
        is_two_valued: bool,
    ) -> String {
        let used = self.pick(
            "In use is each KPI as its metric cuts the answers; the ranking above is of the answers themselves.",
            "En uso está cada KPI tal como su métrica corta las respuestas; la clasificación de arriba es de las \
             propias respuestas.",
        );
        let Some((name, beaten, [new, old])) = best else {
            return self.pick(
                format!("None of the {tried} constructions tried beats what is in use. {used}"),
                format!(
                    "Ninguna de las {tried} construcciones probadas supera a lo que está en uso. {used}"
                ),
            );
        };
        let measure = if is_two_valued { "AUC" } else { "r" };
        let [new, old] = [new, old].map(|it| self.decimal(it, 3));
        let beat = match won {
            1 => self.pick("beats", "supera"),
            _ => self.pick("beat", "superan"),
        };
        self.pick(
            format!(
                "{won} of {tried} constructions tried {beat} what is in use; the strongest is {name} \
                 ({measure} {new}), where {beaten} reaches {measure} {old}. {used}"
            ),
            format!(
                "{won} de {tried} construcciones probadas {beat} a lo que está en uso; la más fuerte es: {name} \
                 ({measure} {new}), donde {beaten} llega a {measure} {old}. {used}"
            ),
        )
    }

    /// Of a construction without a test.
    pub(super) fn not_tested(self) -> &'static str {
        self.pick(
            "cannot be tested with these answers",
            "no se puede contrastar con estas respuestas",
        )
    }

    /// Of a construction without cross-validation.
    pub(super) fn not_validated(self) -> &'static str {
        self.pick(
            "separates some customers wholly: no cross-validation",
            "separa del todo a algunos clientes: sin validación cruzada",
        )
    }

    /// Constructions that are stronger on these customers and may not be on others.
    pub(super) fn stronger_only_here(self, names: &[String]) -> String {
        let names = self.list(names);
        self.pick(
            format!(
                "Stronger on these customers, but not to be cross-validated, since some are separated \
                 wholly: {names}."
            ),
            format!(
                "Más fuertes con estos clientes, pero sin validación cruzada posible, porque separan del \
                 todo a algunos: {names}."
            ),
        )
    }

    /// What was used and what was left out.
    pub(super) fn account(self, account: &Account<'_>) -> Vec<String> {
        let Account {
            customers,
            events,
            doubtful: [undated, staying],
            rows,
            base,
        } = account;
        let mut lines = vec![self.used(*customers, base)];
        if let Some(events) = events {
            let (shown, is_leaving) = (self.number(*events), base.is_leaving());
            let went = match events {
                1 => "se fue",
                _ => "se fueron",
            };
            lines.push(match is_leaving {
                true => self.pick(
                    format!("of them {shown} left"),
                    format!("de ellos, {shown} {went}"),
                ),
                false => self.pick(
                    format!("the outcome came true for {shown} of them"),
                    format!("el resultado se dio en {shown} de ellos"),
                ),
            });
        }
        if base.has_customers() && base.is_leaving() && !base.knows_leaving() {
            let table = &base.outcome_table;
            lines.push(self.pick(
                format!("{table} has no churned_on: nothing shows that the answers came before"),
                format!(
                    "{table} no tiene churned_on: nada muestra que las respuestas sean anteriores"
                ),
            ));
        }
        lines.extend(self.doubts(*undated, *staying));
        for row in 0..rows.count() {
            let source = rows.text(row, "source").unwrap_or_default();
            let fate = rows.text(row, "fate").unwrap_or_default();
            lines.extend(self.fate(&fate, &source, rows.count_of(row, "rows")));
        }
        lines.extend(base.refused.iter().map(|(name, kind)| {
            self.pick(
                format!("left out: {name}, a {kind}, which no single customer has"),
                format!("queda fuera: {name}, de tipo {kind}, que no tiene un solo cliente"),
            )
        }));
        lines
    }

    /// Leavers without a day, and days of leaving without a leaver.
    fn doubts(self, undated: u64, staying: u64) -> Vec<String> {
        let mut lines = Vec::new();
        if undated > 0 {
            let shown = self.number(undated);
            lines.push(self.pick(
                format!("of them {shown} left without a churned_on: nothing shows that their answers came before"),
                format!("de ellos, {shown} se fueron sin churned_on: nada muestra que sus respuestas sean anteriores"),
            ));
        }
        if staying > 0 {
            let shown = self.number(staying);
            let (have, tienen) = match staying {
                1 => (
                    "has a churned_on, and has",
                    "tiene churned_on y según churned no se ha ido: cuenta",
                ),
                _ => (
                    "have a churned_on, and have",
                    "tienen churned_on y según churned no se han ido: cuentan",
                ),
            };
            lines.push(self.pick(
                format!("of them {shown} {have} not left by churned: taken as staying"),
                format!("de ellos, {shown} {tienen} como que siguen"),
            ));
        }
        lines
    }

    /// Of an outcome that hardly ever came true, or hardly ever did not.
    pub(super) fn few(self, fewer: u64) -> String {
        let shown = self.number(fewer);
        match fewer {
            1 => self.pick(
                "Only 1 customer is on the rarer side of the outcome: that carries no verdict.".to_owned(),
                "Solo hay 1 cliente en el lado menos frecuente del resultado: no basta para un veredicto."
                    .to_owned(),
            ),
            _ => self.pick(
                format!("Only {shown} customers are on the rarer side of the outcome: that carries no verdict."),
                format!("Solo hay {shown} clientes en el lado menos frecuente del resultado: no bastan para un veredicto."),
            ),
        }
    }

    fn used(self, customers: u64, base: &Base) -> String {
        let shown = self.number(customers);
        let (customers, each) = match customers {
            1 => (self.pick("customer", "cliente"), ""),
            _ => (
                self.pick("customers", "clientes"),
                self.pick("each ", "cada uno "),
            ),
        };
        match (base.has_customers(), base.knows_leaving()) {
            (false, _) => self.pick(
                format!("{shown} answers; whose they are is not known"),
                format!("{shown} respuestas; no se sabe de quién es cada una"),
            ),
            (true, true) => self.pick(
                format!("{shown} {customers}, {each}with the last answer given before leaving"),
                format!("{shown} {customers}, {each}con su última respuesta anterior a la baja"),
            ),
            (true, false) => self.pick(
                format!("{shown} {customers}, {each}with the last answer"),
                format!("{shown} {customers}, {each}con su última respuesta"),
            ),
        }
    }

    fn fate(self, fate: &str, source: &str, rows: u64) -> Option<String> {
        let why = match fate {
            USED => return None,
            EARLIER if rows == 1 => {
                self.pick("followed by a later one", "seguida de otra posterior")
            }
            EARLIER => self.pick("followed by a later one", "seguidas de otra posterior"),
            COPY => self.pick(
                "the same response_id once more",
                "el mismo response_id otra vez",
            ),
            "no_answer" => self.pick("no answer that can be used", "ninguna respuesta utilizable"),
            "no_customer" => self.pick("without a customer_id", "sin customer_id"),
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
            "after_leaving" => self.pick(
                "given on the day of leaving or later",
                "dadas el día de la baja o después",
            ),
            "contradiction" => self.pick(
                "later than a churned_on whose customer has not left",
                "posteriores a un churned_on de quien no se ha ido",
            ),
            other => other,
        };
        let out = if rows == 1 { "queda" } else { "quedan" };
        let rows = self.number(rows);
        Some(self.pick(
            format!("left out of {source}: {rows} ({why})"),
            format!("{out} fuera de {source}: {rows} ({why})"),
        ))
    }

    /// A quantity of any size, with three digits at least.
    pub(super) fn quantity(self, number: f64) -> String {
        let size = number.abs();
        if size >= 1e15 {
            return self.decimal(number, 0);
        }
        if size >= 1000.0 {
            let sign = if number < 0.0 { "-" } else { "" };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1000 and 1e15"
            )]
            let whole = size.round() as u64;
            return format!("{sign}{}", self.number(whole));
        }
        let digits = match size {
            _ if size >= 100.0 => 0,
            _ if size >= 10.0 => 1,
            _ if size >= 1.0 || size <= 0.0 => 2,
            _ => 2 + size.log10().floor().abs() as usize,
        };
        self.decimal(number, digits.min(12))
    }
}

/// What is told of the rows.
#[derive(Debug)]
pub(super) struct Account<'a> {
    /// Rows of the objective.
    pub(super) customers: u64,
    /// Of a two-valued outcome: how many of them it came true for.
    pub(super) events: Option<u64>,
    /// How many of them left nobody knows when, and how many are said to have left on a day and to be
    /// there all the same.
    pub(super) doubtful: [u64; 2],
    /// What became of each row, counted.
    pub(super) rows: &'a Records,
    pub(super) base: &'a Base,
}

fn starts_with_i(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(['i', 'í']) || (word.starts_with("hi") && !word.starts_with("hie"))
}
