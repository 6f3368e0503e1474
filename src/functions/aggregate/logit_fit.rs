//! `logit_fit(outcome, x1, …)` → {n, events, converged, separated, log_likelihood,
//! null_log_likelihood, mcfadden, aic, bic, auc, brier, terms, note}: how regressors move the odds of
//! an outcome, by maximum likelihood; terms is a LIST of {term, estimate, se, z, p, odds_ratio},
//! `(intercept)` first.
//!
//! Over rows that have all columns. Where the regressors separate the outcome the likelihood has no
//! maximum: `separated` says so, terms and errors are NULL, and the fields of the fit are those that
//! the likelihood comes close to. `note` says why something is missing: one class only, a column
//! that never varies, collinear regressors, fewer rows than coefficients. auc and brier are of the
//! fitted probabilities on the same rows. State: how often each distinct row occurred; columns of
//! more than 254 values 8 bytes a row. Berkson (1944); Albert & Anderson (1984), Biometrika 71.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::fitted::term_names;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{LogisticFailure, LogisticTerm, Table, logistic};

const LAYOUT: Layout = &[
    ("n", Shape::Count),
    ("events", Shape::Count),
    ("converged", Shape::Flag),
    ("separated", Shape::Flag),
    ("log_likelihood", Shape::Real),
    ("null_log_likelihood", Shape::Real),
    ("mcfadden", Shape::Real),
    ("aic", Shape::Real),
    ("bic", Shape::Real),
    ("auc", Shape::Real),
    ("brier", Shape::Real),
    ("terms", Shape::Rows(TERM)),
    ("note", Shape::Text),
];

const TERM: Layout = &[
    ("term", Shape::Text),
    ("estimate", Shape::Real),
    ("se", Shape::Real),
    ("z", Shape::Real),
    ("p", Shape::Real),
    ("odds_ratio", Shape::Real),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits a logistic regression: how each regressor moves the odds of a yes-or-no outcome, the others held. Use it with logit_predict to tell who is at risk, in one statement. Assumes independent rows and log-odds that are a sum; a regressor that tells the outcome for certain (all who score 1 have left) has no finite coefficient, which separated reports. auc and brier are in sample, and so flatter the model. Holds how often each distinct row occurred; columns beyond 254 values 8 bytes a row each. Berkson 1944; Albert and Anderson 1984.",
    syntax_example = "logit_fit(outcome, x1, …)",
    sql_example = "SELECT term, estimate, se, odds_ratio FROM (SELECT expand((logit_fit(churned, monthly_value, tenure_months))['terms']) FROM customers)",
    argument(name = "outcome", description = "Boolean, or 1 and 0."),
    argument(
        name = "x1",
        description = "A regressor, and any number more: any number, or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LogitFit;

impl Aggregate for LogitFit {
    type Groups = Tables;

    const NAME: &'static str = "logit_fit";
    const PARAMETERS: &'static [Parameter] =
        &[required("outcome", Kind::Flag), repeated("x1", Kind::Level)];
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
        let labels = call.texts(1);
        let mut readings = vec![Reading::flag(call, 0)];
        readings.extend((1..call.len()).map(|place| Reading::value(call, place)));
        let answer = move |tables: &Vec<Table>| fitted(&tables[0], &labels);
        Ok(Tables::whole(readings, Answers::records(LAYOUT, answer)))
    }
}

fn fitted(table: &Table, labels: &[String]) -> [Value; LAYOUT.len()] {
    let fit = logistic(table);
    let quality = fit.quality.as_ref();
    let names = term_names(labels);
    let terms = fit.terms.as_ref().ok();
    let terms = terms.map(|terms| {
        names
            .zip(terms)
            .map(|(name, term)| row(name, term))
            .collect()
    });
    let why = fit.terms.as_ref().err();
    [
        fit.n.into(),
        fit.events.into(),
        fit.converged().into(),
        fit.separated().into(),
        quality.map(|quality| quality.log_likelihood).into(),
        quality.map(|quality| quality.null_log_likelihood).into(),
        quality.map(|quality| quality.mcfadden).into(),
        quality.map(|quality| quality.aic).into(),
        quality.map(|quality| quality.bic).into(),
        quality.map(|quality| quality.auc).into(),
        quality.map(|quality| quality.brier).into(),
        Value::Rows(terms.unwrap_or_default()),
        why.map(|why| note(*why, labels)).into(),
    ]
}

fn row(name: &str, term: &LogisticTerm) -> Vec<Value> {
    vec![
        name.into(),
        term.estimate.into(),
        term.se.into(),
        term.test.statistic.into(),
        term.test.p.into(),
        term.odds_ratio.into(),
    ]
}

/// Why there are no coefficients, regressors by their names.
fn note(why: LogisticFailure, labels: &[String]) -> String {
    let name = |regressor: usize| {
        labels
            .get(regressor - 1)
            .map_or("a regressor", String::as_str)
    };
    match why {
        LogisticFailure::Constant(regressor) => format!("{} never varies", name(regressor)),
        LogisticFailure::Collinear(regressor) => {
            format!(
                "{} is explained by the regressors before it",
                name(regressor)
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::LogitFit;
    use crate::functions::tester::{answer, fields, ints, reals};

    /// By hand: 1 of 4 at x = 0 and 3 of 4 at x = 1, so the odds ratio is 9.
    #[test]
    fn a_table_of_four_cells() {
        let given = [
            ints(&[1, 0, 0, 0, 1, 1, 1, 0, 1]),
            reals(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]),
        ];
        assert_eq!(
            fields::<LogitFit>(&given, "n events converged separated note"),
            "8 4 true false NULL"
        );
        let auc: f64 = fields::<LogitFit>(&given, "auc").parse().unwrap();
        assert!((auc - 0.75).abs() < 1e-12);
        let text = answer::<LogitFit>(&given);
        let ratio: f64 = text
            .rsplit("odds_ratio: ")
            .next()
            .unwrap()
            .split('}')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!((ratio - 9.0).abs() < 1e-9, "{text}");
    }

    #[test]
    fn no_fit_says_why() {
        let x = [1.0, 2.0, 3.0, 5.0];
        let fit = |y: &[i64], x: &[f64]| {
            fields::<LogitFit>(&[ints(y), reals(x)], "converged separated terms note")
        };
        assert!(fit(&[0, 0, 1, 1], &x).starts_with("false true NULL the regressors separate"));
        assert_eq!(
            fit(&[1, 1, 1, 1], &x),
            "false false NULL the outcome never varies"
        );
        assert_eq!(
            fit(&[0, 1, 0, 1], &[3.0; 4]),
            "false false NULL x1 never varies"
        );
        assert_eq!(fit(&[], &[]), "false false NULL there are no complete rows");
        let both = [
            ints(&[0, 1, 0, 1, 1]),
            reals(&[1.0, 2.0, 3.0, 4.0, 1.0]),
            reals(&[2.0, 4.0, 6.0, 8.0, 2.0]),
        ];
        assert_eq!(
            fields::<LogitFit>(&both, "terms note"),
            "NULL x1_2 is explained by the regressors before it"
        );
    }
}
