//! `logit_predict(model, x1, …)` → Float64: the probability that a model of `logit_fit` gives a row,
//! 0 to 1.
//!
//! 1/(1 + exp(−(intercept + Σ estimate·x))), regressors in the order of the fit. A NULL model or
//! regressor, and a model without coefficients, gives NULL; another number of regressors than the
//! model has is an error.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::fitted::Models;
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::row::Row;
use crate::statistics::logistic_probability;

#[user_doc(
    doc_section(label = "Churn"),
    description = "The probability that a model of logit_fit gives a row, 0 to 1. Use it in the same statement that fits, joined to the customers of today; risk_rank puts them in order. NULL where the model has no coefficients or a regressor is NULL. Assumes that the rows are like those that were fitted. Holds nothing. Berkson 1944.",
    syntax_example = "logit_predict(model, x1, …)",
    sql_example = "SELECT customer_id, round(logit_predict(model, monthly_value, tenure_months), 3) AS risk FROM customers, (SELECT logit_fit(churned, monthly_value, tenure_months) AS model FROM customers) WHERE NOT churned ORDER BY risk DESC, customer_id LIMIT 3",
    argument(name = "model", description = "What logit_fit returned."),
    argument(name = "x1", description = "The regressors, in the order of the fit.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LogitPredict;

impl Row for LogitPredict {
    const NAME: &'static str = "logit_predict";
    const PARAMETERS: &'static [Parameter] = &[
        required("model", Kind::Record),
        repeated("x1", Kind::Measure),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let models = Models::of(Self::NAME, "logit_fit", &columns[0])?;
        Ok(Arc::new(
            models.predict(&columns[1..], logistic_probability)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::LogitPredict;
    use crate::functions::tester::{model, reals, values};

    #[test]
    fn terms_in_the_order_of_the_fit() {
        let fit = || model(&[("(intercept)", 1.0), ("a", 2.0)]);
        assert_eq!(
            values::<LogitPredict>(&[fit(), reals(&[-0.5])]).unwrap(),
            ["0.5"]
        );
        assert_eq!(
            values::<LogitPredict>(&[fit(), reals(&[f64::NAN])]).unwrap(),
            ["NULL"]
        );
    }

    #[test]
    fn another_model_is_refused() {
        let error = |model| {
            let given = [model, reals(&[3.0]), reals(&[4.0])];
            values::<LogitPredict>(&given)
                .unwrap_err()
                .message()
                .into_owned()
        };
        let one = error(model(&[("(intercept)", 1.0), ("a", 2.0)]));
        assert!(one.contains("the regressors a, and 2 were given"), "{one}");
        let none = error(model(&[("a", 2.0), ("b", 2.0), ("c", 1.0)]));
        assert!(none.contains("its first term is no intercept"), "{none}");
    }
}
