//! `sbg_fit(renewals_survived, still_active)` → {alpha, beta, log_likelihood, n, converged, note}:
//! how long customers of a contract stay, by the shifted beta-geometric distribution.
//!
//! A row is a customer: one who left after t renewals did so at renewal t + 1, one who is still
//! active survived t. Rows with a NULL are left out; renewals must be whole and 0 or more. Retention
//! of 0 % or 100 % gives NULL and says so in `note`. State: customers at each number of renewals.
//! Fader & Hardie (2007), J. Interactive Marketing 21.

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, blank, record_type, try_records};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{ShiftedBetaGeometric, ShiftedBetaGeometricError, Table};

const LAYOUT: Layout = &[
    ("alpha", Shape::Real),
    ("beta", Shape::Real),
    ("log_likelihood", Shape::Real),
    ("n", Shape::Count),
    ("converged", Shape::Flag),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits the shifted beta-geometric distribution to customers of a contract: each leaves at every renewal with a probability of their own. Use it with sbg_survival to tell how many of a cohort will be left, and with sbg_residual_lifetime what those who stayed are worth; a constant churn rate undervalues them. Assumes renewals at fixed times and probabilities that do not change. Where retention does not rise with age it does not converge. Holds two counts for each number of renewals. Fader and Hardie 2007.",
    syntax_example = "sbg_fit(renewals_survived, still_active)",
    sql_example = "SELECT expand(sbg_fit(renewals, active)) FROM (SELECT renewals, active, unnest(generate_series(1, customers)) FROM (VALUES (0, false, 369), (1, false, 163), (2, false, 86), (3, false, 56), (4, false, 37), (5, false, 27), (6, false, 21), (7, true, 241)) AS cohort(renewals, active, customers))",
    argument(
        name = "renewals_survived",
        description = "How many renewals the customer has made: 0, 1, 2 and so on; of a length of time in months floor(months / 12)."
    ),
    argument(
        name = "still_active",
        description = "Whether the customer is still there: Boolean, or 1 and 0."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SbgFit;

impl Aggregate for SbgFit {
    type Groups = Tables;

    const NAME: &'static str = "sbg_fit";
    const PARAMETERS: &'static [Parameter] = &[
        required("renewals_survived", Kind::Level),
        required("still_active", Kind::Flag),
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
        let readings = vec![Reading::duration(call, 0), Reading::flag(call, 1)];
        let label = call.label(0);
        let answers = Answers::arrays(move |groups: &[Vec<Table>]| {
            try_records(
                LAYOUT,
                groups.iter().map(|tables| fitted(&tables[0], &label)),
            )
        });
        Ok(Tables::whole(readings, answers))
    }
}

fn fitted(table: &Table, label: &str) -> Result<[Value; LAYOUT.len()]> {
    let fit = match ShiftedBetaGeometric::fit(table) {
        Ok(fit) => fit,
        Err(ShiftedBetaGeometricError::Renewals) => {
            return exec_err!(
                "sbg_fit: {label} holds numbers that are not whole; renewals are counted, so write \
                 floor({label})"
            );
        }
        Err(why) => {
            return Ok(blank(
                LAYOUT,
                &[
                    ("n", table.n().into()),
                    ("converged", false.into()),
                    ("note", why.to_string().as_str().into()),
                ],
            ));
        }
    };
    let note = (!fit.converged)
        .then(|| "retention does not rise with age, so the maximum was not reached".to_owned());
    Ok([
        fit.model.alpha().into(),
        fit.model.beta().into(),
        fit.log_likelihood.into(),
        fit.n.into(),
        fit.converged.into(),
        note.into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::SbgFit;
    use crate::functions::tester::{error, fields, flags, reals};

    #[test]
    fn what_cannot_be_fitted_has_a_note() {
        let names = "alpha n converged note";
        let found = fields::<SbgFit>(&[reals(&[]), flags("")], names);
        assert_eq!(found, "NULL 0 false there are no customers");
        let found = fields::<SbgFit>(&[reals(&[1.0, 3.0]), flags("11")], names);
        assert_eq!(found, "NULL 2 false no customer ever leaves");
        let found = fields::<SbgFit>(&[reals(&[0.0, 0.0]), flags("00")], names);
        assert_eq!(found, "NULL 2 false no customer ever renews");
    }

    #[test]
    fn renewals_are_counted() {
        let text = error::<SbgFit>(&[reals(&[1.5, 2.0]), flags("10")]);
        assert!(
            text.starts_with("sbg_fit: renewals_survived holds numbers that are not whole"),
            "{text}"
        );
    }
}
