//! `bgnbd_expected(model, horizon, frequency, recency, age)` → Float64: how many purchases a customer
//! is expected to make within `horizon` from now, by a model of `bgnbd_fit`.
//!
//! The conditional expectation E[Y(t) | x, t_x, T], in the unit of time of the fit. NULL for a model
//! without parameters or a NULL argument; a customer that cannot be, and a negative horizon, is an
//! error. Fader, Hardie & Lee (2005), Marketing Science 24, eq. 10.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::impossible_customer;
use crate::functions::fitted::Parameters;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::functions::scalar::bgnbd_alive::FIELDS;
use crate::statistics::{BetaGeometric, Purchases};

#[user_doc(
    doc_section(label = "Churn"),
    description = "How many purchases a customer is expected to make within a horizon from now, by a model of bgnbd_fit. Use it times gamma_gamma_value for the value still to come. Assumes that purchases go on as the model has them. Holds nothing. Fader, Hardie and Lee 2005.",
    syntax_example = "bgnbd_expected(model, horizon, frequency, recency, age)",
    sql_example = "SELECT round(bgnbd_expected({r: 0.243, alpha: 4.414, a: 0.793, b: 2.426}, 39, 2, 30.43, 38.86), 3) AS purchases",
    argument(name = "model", description = "What bgnbd_fit returned."),
    argument(
        name = "horizon",
        description = "How long from now, in the unit of the fit; 0 or more."
    ),
    argument(
        name = "frequency",
        description = "How many repeat purchases: all but the first."
    ),
    argument(
        name = "recency",
        description = "Time from the first purchase to the last."
    ),
    argument(name = "age", description = "Time from the first purchase to now.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct BgnbdExpected;

impl Row for BgnbdExpected {
    const NAME: &'static str = "bgnbd_expected";
    const PARAMETERS: &'static [Parameter] = &[
        required("model", Kind::Record),
        required("horizon", Kind::Value),
        required("frequency", Kind::Value),
        required("recency", Kind::Value),
        required("age", Kind::Value),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let models = Parameters::of(Self::NAME, "bgnbd_fit", &columns[0], FIELDS)?;
        models.ask(
            &columns[1..],
            |[r, alpha, a, b], [horizon, frequency, recency, age]| {
                let customer = Purchases {
                    frequency,
                    recency,
                    age,
                };
                let Some(model) = BetaGeometric::new(r, alpha, a, b) else {
                    return Ok(None);
                };
                let expected = model.expected(horizon, customer).map(Some);
                expected.or_else(|why| impossible_customer(Self::NAME, why))
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::BgnbdExpected;
    use crate::functions::tester::{Given, model, parameters, reals, values};

    fn model_of() -> Given {
        parameters(&[("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)])
    }

    #[test]
    fn what_the_model_says() {
        let found = values::<BgnbdExpected>(&[
            model_of(),
            reals(&[39.0]),
            reals(&[2.0]),
            reals(&[30.43]),
            reals(&[38.86]),
        ])
        .unwrap();
        assert!(found[0].starts_with("1.22"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_is_an_error_and_what_is_unknown_is_null() {
        let text = values::<BgnbdExpected>(&[
            model_of(),
            reals(&[-1.0]),
            reals(&[2.0]),
            reals(&[30.43]),
            reals(&[38.86]),
        ])
        .unwrap_err();
        assert!(text.message().contains("horizon"), "{text}");
        let terms = model(&[("a", 1.0)]);
        assert!(
            values::<BgnbdExpected>(&[
                terms,
                reals(&[39.0]),
                reals(&[2.0]),
                reals(&[30.43]),
                reals(&[38.86])
            ])
            .is_err()
        );
        let unknown = parameters(&[
            ("r", f64::NAN),
            ("alpha", f64::NAN),
            ("a", f64::NAN),
            ("b", f64::NAN),
        ]);
        assert_eq!(
            values::<BgnbdExpected>(&[
                unknown,
                reals(&[39.0]),
                reals(&[2.0]),
                reals(&[30.43]),
                reals(&[38.86])
            ])
            .unwrap(),
            ["NULL"]
        );
    }
}
