//! `bgnbd_fit(frequency, recency, age)` → {r, alpha, a, b, log_likelihood, n, converged, note}: how
//! often customers without a contract buy and when they are gone, by the BG/NBD model.
//!
//! A row is a customer: frequency counts the repeat purchases, recency is the time from the first
//! purchase to the last, age from the first to the end of the observation, all in one unit. Rows with
//! a NULL are left out; a customer that cannot be (recency beyond age, say) is an error. Where there
//! is nothing to fit the fields are NULL and `note` says why. State: how often each distinct row
//! occurred; columns of more than 254 values 8 bytes a row. Fader, Hardie & Lee (2005), Marketing
//! Science 24.

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, blank, record_type, try_records};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{BetaGeometric, BetaGeometricError, Table};

const LAYOUT: Layout = &[
    ("r", Shape::Real),
    ("alpha", Shape::Real),
    ("a", Shape::Real),
    ("b", Shape::Real),
    ("log_likelihood", Shape::Real),
    ("n", Shape::Count),
    ("converged", Shape::Flag),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits the BG/NBD model to the purchases of customers without a contract, who leave without saying so. Use it with bgnbd_alive for the probability that a silent customer is still one, and with bgnbd_expected for the purchases to come. Assumes purchases at a customer's own constant rate, and the same chance to leave after each. Holds how often each distinct row occurred; columns beyond 254 values 8 bytes a row each. Fader, Hardie and Lee 2005.",
    syntax_example = "bgnbd_fit(frequency, recency, age)",
    sql_example = "SELECT expand(bgnbd_fit(frequency, recency, age)) FROM (SELECT count(DISTINCT CAST(at AS DATE)) - 1 AS frequency, CAST(max(at) AS DATE) - CAST(min(at) AS DATE) AS recency, DATE '2026-06-30' - CAST(min(at) AS DATE) AS age FROM transactions GROUP BY customer_id)",
    argument(
        name = "frequency",
        description = "How many repeat purchases: all but the first."
    ),
    argument(
        name = "recency",
        description = "Time from the first purchase to the last; 0 without a repeat purchase."
    ),
    argument(
        name = "age",
        description = "Time from the first purchase to the end of the observation."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct BgnbdFit;

impl Aggregate for BgnbdFit {
    type Groups = Tables;

    const NAME: &'static str = "bgnbd_fit";
    const PARAMETERS: &'static [Parameter] = &[
        required("frequency", Kind::Level),
        required("recency", Kind::Level),
        required("age", Kind::Level),
    ];
    const WHOLE: Option<&'static str> = Some("fits a model");

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
        let readings = (0..3).map(|place| Reading::duration(call, place)).collect();
        let answers = Answers::arrays(|groups: &[Vec<Table>]| {
            try_records(LAYOUT, groups.iter().map(|tables| fitted(&tables[0])))
        });
        Ok(Tables::whole(readings, answers))
    }
}

fn fitted(table: &Table) -> Result<[Value; LAYOUT.len()]> {
    let fit = match BetaGeometric::fit(table) {
        Ok(fit) => fit,
        Err(why) if is_nothing_to_fit(why) => {
            return Ok(blank(
                LAYOUT,
                &[
                    ("n", table.n().into()),
                    ("converged", false.into()),
                    ("note", why.to_string().as_str().into()),
                ],
            ));
        }
        Err(why) => return impossible("bgnbd_fit", why),
    };
    let [r, alpha, a, b] = fit.model.parameters();
    let note = (!fit.converged)
        .then(|| "the maximum was not reached; a simpler model fits as well".to_owned());
    Ok([
        r.into(),
        alpha.into(),
        a.into(),
        b.into(),
        fit.log_likelihood.into(),
        fit.n.into(),
        fit.converged.into(),
        note.into(),
    ])
}

fn is_nothing_to_fit(why: BetaGeometricError) -> bool {
    matches!(
        why,
        BetaGeometricError::NoRows
            | BetaGeometricError::NoRepeats
            | BetaGeometricError::NoTime
            | BetaGeometricError::Overflow
    )
}

/// The error for a customer that cannot be.
pub(crate) fn impossible<T>(function: &str, why: BetaGeometricError) -> Result<T> {
    exec_err!(
        "{function}: {why}; check how the columns were made, or leave such customers out with WHERE"
    )
}

#[cfg(test)]
mod tests {
    use super::BgnbdFit;
    use crate::functions::tester::{error, fields, reals};

    #[test]
    fn what_cannot_be_fitted_has_a_note() {
        let fit = |x: &[f64], t: &[f64], age: &[f64]| {
            fields::<BgnbdFit>(&[reals(x), reals(t), reals(age)], "r n converged note")
        };
        assert_eq!(fit(&[], &[], &[]), "NULL 0 false there are no customers");
        assert_eq!(
            fit(&[0.0, 0.0], &[0.0; 2], &[5.0; 2]),
            "NULL 2 false no customer ever comes back"
        );
    }

    #[test]
    fn a_customer_that_cannot_be_is_an_error() {
        let text = error::<BgnbdFit>(&[reals(&[2.0]), reals(&[9.0]), reals(&[5.0])]);
        assert!(
            text.starts_with("bgnbd_fit: recency is greater than age"),
            "{text}"
        );
    }
}
