//! `gamma_gamma_value(model, frequency, monetary)` → Float64: what a customer is expected to spend per
//! purchase, by a model of `gamma_gamma_fit`, in the unit of its values.
//!
//! The mean of all customers and the customer's own, weighed by how many purchases that is of. NULL
//! for a model without parameters, a NULL argument, and a new customer of a model without a mean; a
//! frequency that is no count and a value that is not positive are errors. Fader & Hardie (2013),
//! note 025.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::impossible_value;
use crate::functions::fitted::Parameters;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::statistics::{GammaGamma, GammaGammaError};

#[user_doc(
    doc_section(label = "Churn"),
    description = "What a customer is expected to spend per purchase, by a model of gamma_gamma_fit: the customer's own mean drawn towards that of all, the more so the fewer purchases it is of. Assumes that spending does not go with frequency. Holds nothing. Fader and Hardie 2013.",
    syntax_example = "gamma_gamma_value(model, frequency, monetary)",
    sql_example = "SELECT round(gamma_gamma_value({p: 6.25, q: 3.74, v: 15.44}, 2, 22.35), 2) AS value",
    argument(name = "model", description = "What gamma_gamma_fit returned."),
    argument(
        name = "frequency",
        description = "How many purchases the mean is of; 0 for a new customer."
    ),
    argument(
        name = "monetary",
        description = "The mean value of the customer's purchases."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct GammaGammaValue;

impl Row for GammaGammaValue {
    const NAME: &'static str = "gamma_gamma_value";
    const PARAMETERS: &'static [Parameter] = &[
        required("model", Kind::Record),
        required("frequency", Kind::Value),
        required("monetary", Kind::Value),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let models = Parameters::of(Self::NAME, "gamma_gamma_fit", &columns[0], ["p", "q", "v"])?;
        models.ask(&columns[1..], |[p, q, v], [frequency, monetary]| {
            let Some(model) = GammaGamma::new(p, q, v) else {
                return Ok(None);
            };
            match model.value(frequency, monetary) {
                Ok(value) => Ok(Some(value)),
                Err(why @ (GammaGammaError::Frequency | GammaGammaError::Monetary)) => {
                    impossible_value(Self::NAME, why)
                }
                Err(_) => Ok(None),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GammaGammaValue;
    use crate::functions::tester::{Given, model, parameters, reals, values};

    fn model_of() -> Given {
        parameters(&[("p", 6.25), ("q", 3.74), ("v", 15.44)])
    }

    #[test]
    fn what_the_model_says() {
        let found =
            values::<GammaGammaValue>(&[model_of(), reals(&[2.0]), reals(&[22.35])]).unwrap();
        assert!(found[0].starts_with("24.6"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_is_an_error_and_what_is_unknown_is_null() {
        let text =
            values::<GammaGammaValue>(&[model_of(), reals(&[2.0]), reals(&[-1.0])]).unwrap_err();
        assert!(text.message().contains("is not positive"), "{text}");
        let terms = model(&[("a", 1.0)]);
        assert!(values::<GammaGammaValue>(&[terms, reals(&[2.0]), reals(&[22.35])]).is_err());
        let unknown = parameters(&[("p", f64::NAN), ("q", f64::NAN), ("v", f64::NAN)]);
        assert_eq!(
            values::<GammaGammaValue>(&[unknown, reals(&[2.0]), reals(&[22.35])]).unwrap(),
            ["NULL"]
        );
    }
}
