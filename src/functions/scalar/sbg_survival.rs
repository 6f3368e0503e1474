//! `sbg_survival(model, t)` → Float64: the share of customers who survive `t` renewals, 0 to 1, by a
//! model of `sbg_fit`.
//!
//! B(alpha, beta + t)/B(alpha, beta); 1 for t = 0, NULL for a model without parameters or a NULL t.
//! A negative t is an error. Fader & Hardie (2007), J. Interactive Marketing 21.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::fitted::Parameters;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::statistics::ShiftedBetaGeometric;

#[user_doc(
    doc_section(label = "Churn"),
    description = "The share of customers who survive a number of renewals, by a model of sbg_fit. Use it to draw a cohort's retention on, beyond what has been seen. Assumes that renewals go on as they did. Holds nothing. Fader and Hardie 2007.",
    syntax_example = "sbg_survival(model, t)",
    sql_example = "SELECT t, round(sbg_survival(model, t), 3) AS survival FROM (SELECT {alpha: 0.704, beta: 1.182} AS model), (VALUES (1), (2), (5)) AS years(t) ORDER BY t",
    argument(name = "model", description = "What sbg_fit returned."),
    argument(name = "t", description = "How many renewals; 0 or more.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SbgSurvival;

impl Row for SbgSurvival {
    const NAME: &'static str = "sbg_survival";
    const PARAMETERS: &'static [Parameter] =
        &[required("model", Kind::Record), required("t", Kind::Value)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let models = Parameters::of(Self::NAME, "sbg_fit", &columns[0], ["alpha", "beta"])?;
        models.ask(&columns[1..], |[alpha, beta], [t]| {
            if t.is_nan() || t < 0.0 {
                return exec_err!("sbg_survival: t {t} must be 0 or more");
            }
            Ok(ShiftedBetaGeometric::new(alpha, beta).and_then(|model| model.survival(t)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SbgSurvival;
    use crate::functions::tester::{Given, model, parameters, reals, values};

    fn model_of() -> Given {
        parameters(&[("alpha", 1.0), ("beta", 1.0)])
    }

    #[test]
    fn what_the_model_says() {
        let found = values::<SbgSurvival>(&[model_of(), reals(&[1.0])]).unwrap();
        assert!(found[0].starts_with("0.5"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_is_an_error_and_what_is_unknown_is_null() {
        let text = values::<SbgSurvival>(&[model_of(), reals(&[-1.0])]).unwrap_err();
        assert!(text.message().contains("must be 0 or more"), "{text}");
        let terms = model(&[("a", 1.0)]);
        assert!(values::<SbgSurvival>(&[terms, reals(&[1.0])]).is_err());
        let unknown = parameters(&[("alpha", f64::NAN), ("beta", f64::NAN)]);
        assert_eq!(
            values::<SbgSurvival>(&[unknown, reals(&[1.0])]).unwrap(),
            ["NULL"]
        );
    }
}
