//! `ols_predict(model, x1, …)` → Float64: what a model of `ols_fit` expects of these regressors, in
//! the unit of its outcome.
//!
//! intercept + Σ estimate·x, regressors in the order of the fit. A NULL model or regressor, and a
//! model without terms, gives NULL; another number of regressors than the model has is an error.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::fitted::Models;
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::row::Row;
use crate::statistics::predict_least_squares;

#[user_doc(
    doc_section(label = "Churn"),
    description = "What a model of ols_fit expects of a row, in the unit of its outcome. Use it in the same statement that fits, joined to the rows to be told about. NULL where the model has no terms or a regressor is NULL. Assumes that the rows are like those that were fitted. Holds nothing. Gauss 1809.",
    syntax_example = "ols_predict(model, x1, …)",
    sql_example = "SELECT customer_id, round(ols_predict(model, monthly_value, tenure_months)) AS expected FROM customers, (SELECT ols_fit(lifetime_value, monthly_value, tenure_months) AS model FROM customers) ORDER BY customer_id LIMIT 3",
    argument(name = "model", description = "What ols_fit returned."),
    argument(name = "x1", description = "The regressors, in the order of the fit.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct OlsPredict;

impl Row for OlsPredict {
    const NAME: &'static str = "ols_predict";
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
        let models = Models::of(Self::NAME, "ols_fit", &columns[0])?;
        Ok(Arc::new(
            models.predict(&columns[1..], predict_least_squares)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::OlsPredict;
    use crate::functions::tester::{model, reals, values};

    #[test]
    fn terms_in_the_order_of_the_fit() {
        let fit = || model(&[("(intercept)", 1.0), ("a", 2.0)]);
        assert_eq!(
            values::<OlsPredict>(&[fit(), reals(&[3.0])]).unwrap(),
            ["7.0"]
        );
        assert_eq!(
            values::<OlsPredict>(&[fit(), reals(&[f64::NAN])]).unwrap(),
            ["NULL"]
        );
    }

    #[test]
    fn another_model_is_refused() {
        let error = |model| {
            let given = [model, reals(&[3.0]), reals(&[4.0])];
            values::<OlsPredict>(&given)
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
