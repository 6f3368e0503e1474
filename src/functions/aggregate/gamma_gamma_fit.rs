//! `gamma_gamma_fit(frequency, monetary)` → {p, q, v, log_likelihood, n, converged, note}: what
//! customers spend per purchase, by the gamma-gamma model.
//!
//! A row is a customer: frequency counts the purchases that `monetary`, their mean value, is the mean
//! of. Rows with a NULL or a frequency of 0 are left out; a value that is not positive is an error.
//! Where there is nothing to fit the fields are NULL and `note` says why. State: how often each
//! distinct row occurred; columns of more than 254 values 8 bytes a row. Fader & Hardie (2013), note
//! 025; Colombo & Jiang (1999), J. Interactive Marketing 13.

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, blank, record_type, try_records};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{GammaGamma, GammaGammaError, Table};

const LAYOUT: Layout = &[
    ("p", Shape::Real),
    ("q", Shape::Real),
    ("v", Shape::Real),
    ("log_likelihood", Shape::Real),
    ("n", Shape::Count),
    ("converged", Shape::Flag),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits the gamma-gamma model to the mean value of each customer's purchases: how customers differ in what they spend, and how far one customer's mean can be trusted. Use it with gamma_gamma_value, beside bgnbd_fit, for lifetime value. Assumes that what a customer spends does not go with how often; check their correlation. Holds how often each distinct row occurred; columns beyond 254 values 8 bytes a row each. Fader and Hardie 2013.",
    syntax_example = "gamma_gamma_fit(frequency, monetary)",
    sql_example = "SELECT expand(gamma_gamma_fit(frequency, monetary)) FROM (VALUES (2, 22.35), (1, 11.77), (7, 73.74), (1, 25.55), (3, 40.1)) AS customers(frequency, monetary)",
    argument(
        name = "frequency",
        description = "How many purchases the mean is of; 0 does not count."
    ),
    argument(
        name = "monetary",
        description = "The mean value of the customer's purchases; above 0."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct GammaGammaFit;

impl Aggregate for GammaGammaFit {
    type Groups = Tables;

    const NAME: &'static str = "gamma_gamma_fit";
    const PARAMETERS: &'static [Parameter] = &[
        required("frequency", Kind::Level),
        required("monetary", Kind::Level),
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
        let readings = (0..2).map(|place| Reading::value(call, place)).collect();
        let answers = Answers::arrays(|groups: &[Vec<Table>]| {
            try_records(LAYOUT, groups.iter().map(|tables| fitted(&tables[0])))
        });
        Ok(Tables::whole(readings, answers))
    }
}

fn fitted(table: &Table) -> Result<[Value; LAYOUT.len()]> {
    let repeat = table
        .rows()
        .filter(|(row, _)| row[0] > 0.0)
        .map(|(_, count)| count);
    let fit = match GammaGamma::fit(table) {
        Ok(fit) => fit,
        Err(why @ (GammaGammaError::Frequency | GammaGammaError::Monetary)) => {
            return impossible("gamma_gamma_fit", why);
        }
        Err(why) => {
            return Ok(blank(
                LAYOUT,
                &[
                    ("n", repeat.sum::<u64>().into()),
                    ("converged", false.into()),
                    ("note", why.to_string().as_str().into()),
                ],
            ));
        }
    };
    let [p, q, v] = fit.model.parameters();
    let note = (!fit.converged)
        .then(|| "the maximum was not reached; a simpler model fits as well".to_owned());
    Ok([
        p.into(),
        q.into(),
        v.into(),
        fit.log_likelihood.into(),
        fit.n.into(),
        fit.converged.into(),
        note.into(),
    ])
}

/// The error for a customer that cannot be.
pub(crate) fn impossible<T>(function: &str, why: GammaGammaError) -> Result<T> {
    exec_err!("{function}: {why}; leave such customers out with WHERE")
}

#[cfg(test)]
mod tests {
    use super::GammaGammaFit;
    use crate::functions::tester::{error, fields, reals};

    #[test]
    fn what_cannot_be_fitted_has_a_note() {
        let fit = |x: &[f64], m: &[f64]| {
            fields::<GammaGammaFit>(&[reals(x), reals(m)], "p n converged note")
        };
        assert_eq!(fit(&[], &[]), "NULL 0 false no customer ever comes back");
        assert_eq!(
            fit(&[0.0], &[0.0]),
            "NULL 0 false no customer ever comes back"
        );
        assert_eq!(
            fit(&[2.0, 1.0], &[7.5, 7.5]),
            "NULL 2 false the mean values never vary"
        );
    }

    #[test]
    fn a_customer_that_cannot_be_is_an_error() {
        let text = error::<GammaGammaFit>(&[reals(&[2.0]), reals(&[-1.0])]);
        assert!(
            text.starts_with("gamma_gamma_fit: the mean value of a customer"),
            "{text}"
        );
    }
}
