//! `bgnbd_alive(model, frequency, recency, age)` → Float64: the probability that a customer is still
//! one, 0 to 1, by a model of `bgnbd_fit`.
//!
//! 1 for a customer without a repeat purchase, as the model has it. NULL for a model without
//! parameters or a NULL argument; a customer that cannot be is an error. Fader, Hardie & Lee (2005).

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::impossible_customer;
use crate::functions::fitted::Parameters;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::statistics::{BetaGeometric, Purchases};

/// The fields of a model.
pub(crate) const FIELDS: [&str; 4] = ["r", "alpha", "a", "b"];

#[user_doc(
    doc_section(label = "Churn"),
    description = "The probability that a customer without a contract is still one, by a model of bgnbd_fit. Use it to find who has gone quiet: a customer who bought often and long ago is likelier to be gone than one who buys seldom. Assumes the model's purchases at random and leaving at a purchase. Holds nothing. Fader, Hardie and Lee 2005.",
    syntax_example = "bgnbd_alive(model, frequency, recency, age)",
    sql_example = "SELECT round(bgnbd_alive({r: 0.243, alpha: 4.414, a: 0.793, b: 2.426}, 2, 30.43, 38.86), 4) AS alive",
    argument(name = "model", description = "What bgnbd_fit returned."),
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
pub(crate) struct BgnbdAlive;

impl Row for BgnbdAlive {
    const NAME: &'static str = "bgnbd_alive";
    const PARAMETERS: &'static [Parameter] = &[
        required("model", Kind::Record),
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
            |[r, alpha, a, b], [frequency, recency, age]| {
                let customer = Purchases {
                    frequency,
                    recency,
                    age,
                };
                let Some(model) = BetaGeometric::new(r, alpha, a, b) else {
                    return Ok(None);
                };
                let alive = model.alive(customer).map(Some);
                alive.or_else(|why| impossible_customer(Self::NAME, why))
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::BgnbdAlive;
    use crate::functions::tester::{Given, model, parameters, reals, values};

    fn model_of() -> Given {
        parameters(&[("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)])
    }

    #[test]
    fn what_the_model_says() {
        let found =
            values::<BgnbdAlive>(&[model_of(), reals(&[2.0]), reals(&[30.43]), reals(&[38.86])])
                .unwrap();
        assert!(found[0].starts_with("0.7265"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_is_an_error_and_what_is_unknown_is_null() {
        let text =
            values::<BgnbdAlive>(&[model_of(), reals(&[2.0]), reals(&[50.0]), reals(&[38.86])])
                .unwrap_err();
        assert!(
            text.message().contains("recency is greater than age"),
            "{text}"
        );
        let terms = model(&[("a", 1.0)]);
        assert!(
            values::<BgnbdAlive>(&[terms, reals(&[2.0]), reals(&[30.43]), reals(&[38.86])])
                .is_err()
        );
        let unknown = parameters(&[
            ("r", f64::NAN),
            ("alpha", f64::NAN),
            ("a", f64::NAN),
            ("b", f64::NAN),
        ]);
        assert_eq!(
            values::<BgnbdAlive>(&[unknown, reals(&[2.0]), reals(&[30.43]), reals(&[38.86])])
                .unwrap(),
            ["NULL"]
        );
    }
}
