//! What is found, in plain sentences of the project's language.

use super::base::{Base, EARLIER, USED};
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

    /// Whether any construction beats the KPI in use: how many were tried and won, and of the best its
    /// name, what it replaces, and the strength of both.
    pub(super) fn alternatives(
        self,
        tried: usize,
        won: usize,
        best: Option<(String, String, f64, f64)>,
        is_two_valued: bool,
    ) -> String {
        let used = self.pick(
            "In use is the KPI as its metric cuts the answers; the ranking above is of the answers themselves.",
            "En uso está el KPI tal como su métrica corta las respuestas; la clasificación de arriba es de las \
             propias respuestas.",
        );
        let Some((name, replaced, new, old)) = best else {
            return self.pick(
                format!("None of the {tried} constructions tried beats the KPI in use. {used}"),
                format!(
                    "Ninguna de las {tried} construcciones probadas supera al KPI en uso. {used}"
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
                "{won} of {tried} constructions tried {beat} the KPI in use; the strongest is {name} \
                 ({measure} {new}) instead of {replaced} ({measure} {old}). {used}"
            ),
            format!(
                "{won} de {tried} construcciones probadas {beat} al KPI en uso; la más fuerte es {name} \
                 ({measure} {new}) en lugar de {replaced} ({measure} {old}). {used}"
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
            undated,
            rows,
            base,
        } = account;
        let mut lines = vec![self.used(*customers, base)];
        if base.has_customers() && base.is_leaving() && !base.knows_leaving() {
            let table = &base.outcome_table;
            lines.push(self.pick(
                format!("{table} has no churned_on: nothing shows that the answers came before"),
                format!(
                    "{table} no tiene churned_on: nada muestra que las respuestas sean anteriores"
                ),
            ));
        }
        if *undated > 0 {
            let shown = self.number(*undated);
            lines.push(self.pick(
                format!("of them {shown} left without a churned_on: nothing shows that their answers came before"),
                format!("de ellos, {shown} se fueron sin churned_on: nada muestra que sus respuestas sean anteriores"),
            ));
        }
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

    fn used(self, customers: u64, base: &Base) -> String {
        let shown = self.number(customers);
        let customers = match customers {
            1 => self.pick("customer", "cliente"),
            _ => self.pick("customers", "clientes"),
        };
        match (base.has_customers(), base.knows_leaving()) {
            (false, _) => self.pick(
                format!("{shown} answers; whose they are is not known"),
                format!("{shown} respuestas; no se sabe de quién es cada una"),
            ),
            (true, true) => self.pick(
                format!("{shown} {customers}, each with the last answer given before leaving"),
                format!("{shown} {customers}, cada uno con su última respuesta anterior a la baja"),
            ),
            (true, false) => self.pick(
                format!("{shown} {customers}, each with the last answer"),
                format!("{shown} {customers}, cada uno con su última respuesta"),
            ),
        }
    }

    fn fate(self, fate: &str, source: &str, rows: u64) -> Option<String> {
        let why = match fate {
            USED => return None,
            EARLIER => self.pick("followed by a later one", "seguidas de otra posterior"),
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
        let rows = self.number(rows);
        Some(self.pick(
            format!("left out of {source}: {rows} ({why})"),
            format!("quedan fuera de {source}: {rows} ({why})"),
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
    /// How many of them left nobody knows when.
    pub(super) undated: u64,
    /// What became of each row, counted.
    pub(super) rows: &'a Records,
    pub(super) base: &'a Base,
}

fn starts_with_i(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(['i', 'í']) || (word.starts_with("hi") && !word.starts_with("hie"))
}
