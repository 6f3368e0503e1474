//! `cox_fit(duration, event, x1, …)` → {n, events, converged, log_likelihood, null_log_likelihood,
//! concordance, terms, note}: what makes an event come sooner, by Cox's proportional hazards; terms
//! is a LIST of {term, estimate, se, z, p, hazard_ratio, low, high}, the limits those of the hazard
//! ratio at 95 %.
//!
//! Ties by Efron (1977); concordance ½ to 1 as a rule, counted as R's survival does. Over rows that
//! have all columns. No fit gives NULL and says why in `note`: no event, a column that never varies,
//! collinear columns, a coefficient that runs to infinity. State: how often each distinct row
//! occurred. Cox (1972), J. R. Stat. Soc. B 34.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, blank, record_type};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{Confidence, CoxError, CoxFit as Fit, CoxTerm, Table, Ties, cox_fit};

const LAYOUT: Layout = &[
    ("n", Shape::Count),
    ("events", Shape::Count),
    ("converged", Shape::Flag),
    ("log_likelihood", Shape::Real),
    ("null_log_likelihood", Shape::Real),
    ("concordance", Shape::Real),
    ("terms", Shape::Rows(TERM)),
    ("note", Shape::Text),
];

const TERM: Layout = &[
    ("term", Shape::Text),
    ("estimate", Shape::Real),
    ("se", Shape::Real),
    ("z", Shape::Real),
    ("p", Shape::Real),
    ("hazard_ratio", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits Cox's proportional hazards: by how much each regressor multiplies the pace at which customers leave, those not yet gone taken for what they are. Use it where customers were observed for different lengths of time; logit_fit answers for one fixed horizon. Assumes that the ratio of hazards is the same at all times, and that who is not yet gone is no different. Ties by Efron. Holds how often each distinct row of duration, event and regressors occurred; columns beyond 254 values 8 bytes a row each. The fields are NULL and note says why where there is no fit. Cox 1972; Efron 1977.",
    syntax_example = "cox_fit(duration, event, x1, …)",
    sql_example = "SELECT term, hazard_ratio, low, high FROM (SELECT expand((cox_fit(tenure_months, churned, monthly_value))['terms']) FROM customers)",
    argument(
        name = "duration",
        description = "Time until the event, or until last seen; 0 or more."
    ),
    argument(
        name = "event",
        description = "Whether the event came: Boolean, or 1 and 0."
    ),
    argument(
        name = "x1",
        description = "A regressor, and any number more: any number, or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CoxFit;

impl Aggregate for CoxFit {
    type Groups = Tables;

    const NAME: &'static str = "cox_fit";
    const PARAMETERS: &'static [Parameter] = &[
        required("duration", Kind::Level),
        required("event", Kind::Flag),
        repeated("x1", Kind::Level),
    ];
    const WHOLE: Option<&'static str> = Some("fits a model");
    const LABELLED: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let labels = call.texts(2);
        let mut readings = vec![Reading::duration(call, 0), Reading::flag(call, 1)];
        readings.extend((2..call.len()).map(|place| Reading::value(call, place)));
        let answer = move |tables: &Vec<Table>| fitted(&tables[0], &labels);
        Ok(Tables::whole(readings, Answers::records(LAYOUT, answer)))
    }
}

fn fitted(table: &Table, labels: &[String]) -> [Value; LAYOUT.len()] {
    let events = table
        .rows()
        .filter(|(row, _)| row[1] > 0.0)
        .map(|(_, count)| count);
    match cox_fit(table, Ties::Efron, Confidence::default()) {
        Ok(fit) => summary(&fit, labels),
        Err(why) => blank(
            LAYOUT,
            &[
                ("n", table.n().into()),
                ("events", events.sum::<u64>().into()),
                ("converged", false.into()),
                ("note", note(why, labels).as_str().into()),
            ],
        ),
    }
}

fn summary(fit: &Fit, labels: &[String]) -> [Value; LAYOUT.len()] {
    let terms = labels
        .iter()
        .zip(&fit.terms)
        .map(|(name, term)| row(name, term));
    let note = match (fit.converged, fit.concordance) {
        (false, _) => Some("the maximum was not reached".to_owned()),
        (true, None) => Some("no concordance: no two rows can be compared".to_owned()),
        (true, Some(_)) => None,
    };
    [
        fit.n.into(),
        fit.events.into(),
        fit.converged.into(),
        fit.log_likelihood.into(),
        fit.null_log_likelihood.into(),
        fit.concordance.into(),
        Value::Rows(terms.collect()),
        note.into(),
    ]
}

fn row(name: &str, term: &CoxTerm) -> Vec<Value> {
    vec![
        name.into(),
        term.estimate.into(),
        term.se.into(),
        term.test.map(|test| test.statistic).into(),
        term.test.map(|test| test.p).into(),
        term.hazard_ratio.into(),
        term.hazard_interval.map(|i| i.low).into(),
        term.hazard_interval.map(|i| i.high).into(),
    ]
}

/// Why there is no fit, regressors by their names.
fn note(why: CoxError, labels: &[String]) -> String {
    match why {
        CoxError::Constant(place) => {
            let name = labels.get(place).map_or("a regressor", String::as_str);
            format!("{name} never varies among the rows at risk")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::CoxFit;
    use crate::functions::tester::{answer, fields, ints, reals};

    /// Therneau & Grambsch (2000), Modeling Survival Data, test data 1, Efron: the closed form.
    #[test]
    fn therneau_and_grambsch() {
        let given = [
            reals(&[9.0, f64::NAN, 1.0, 1.0, 6.0, 6.0, 8.0]),
            ints(&[1, 1, 1, 0, 1, 1, 0]),
            reals(&[0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
        ];
        assert_eq!(
            fields::<CoxFit>(&given, "n events converged note"),
            "6 4 true NULL"
        );
        assert!(answer::<CoxFit>(&given).contains("{term: x1, estimate: 1.676857485"));
    }

    #[test]
    fn no_fit_says_why() {
        let times = || reals(&[1.0, 2.0, 3.0, 4.0]);
        let fit = |events: &[i64], x: &[f64]| {
            fields::<CoxFit>(&[times(), ints(events), reals(x)], "converged terms note")
        };
        let x = [1.0, 3.0, 2.0, 4.0];
        assert_eq!(fit(&[0, 0, 0, 0], &x), "false NULL no event ever comes");
        assert_eq!(
            fit(&[1, 1, 0, 0], &[3.0; 4]),
            "false NULL x1 never varies among the rows at risk"
        );
        assert!(fit(&[1, 1, 1, 0], &[4.0, 3.0, 2.0, 1.0]).contains("runs to infinity"));
        let none = fields::<CoxFit>(&[reals(&[]), ints(&[]), reals(&[])], "n events note");
        assert_eq!(none, "0 0 there are fewer than two rows");
    }
}
