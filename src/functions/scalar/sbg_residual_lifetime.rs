//! `sbg_residual_lifetime(model, renewals, discount)` → Float64: what a customer who has made so many
//! renewals is still worth, in periods, by a model of `sbg_fit`.
//!
//! The discounted expected residual lifetime just before the next renewal, with `discount` a rate
//! per period (0.1 is 10 %); times the margin of a period it is a value. NULL for a model without
//! parameters, a NULL argument, and for a discount of 0 where the mean lifetime is infinite. Fader &
//! Hardie (2010), Marketing Science 29.

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
    description = "How many periods a customer who has made so many renewals is still worth, discounted, just before the next renewal, by a model of sbg_fit. Use it times the margin of a period for the value at stake when a contract comes up. It grows with the renewals already made, as far as customers differ. Assumes that renewals go on as they did, and a constant discount. Holds nothing. Fader and Hardie 2010.",
    syntax_example = "sbg_residual_lifetime(model, renewals, discount)",
    sql_example = "SELECT renewals, round(sbg_residual_lifetime({alpha: 0.668, beta: 3.806}, renewals, 0.1), 2) AS years FROM (VALUES (0), (1), (4)) AS made(renewals) ORDER BY renewals",
    argument(name = "model", description = "What sbg_fit returned."),
    argument(
        name = "renewals",
        description = "How many renewals the customer has made; 0 or more."
    ),
    argument(
        name = "discount",
        description = "Rate per period, as 0.1 for 10 %; 0 or more."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SbgResidualLifetime;

impl Row for SbgResidualLifetime {
    const NAME: &'static str = "sbg_residual_lifetime";
    const PARAMETERS: &'static [Parameter] = &[
        required("model", Kind::Record),
        required("renewals", Kind::Value),
        required("discount", Kind::Value),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let models = Parameters::of(Self::NAME, "sbg_fit", &columns[0], ["alpha", "beta"])?;
        models.ask(&columns[1..], |[alpha, beta], [renewals, discount]| {
            if [renewals, discount].iter().any(|x| x.is_nan() || *x < 0.0) {
                return exec_err!(
                    "sbg_residual_lifetime: renewals {renewals} and discount {discount} must be 0 or more"
                );
            }
            let model = ShiftedBetaGeometric::new(alpha, beta);
            Ok(model.and_then(|model| model.residual_lifetime(renewals, discount)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SbgResidualLifetime;
    use crate::functions::tester::{Given, model, parameters, reals, values};

    fn model_of() -> Given {
        parameters(&[("alpha", 2.0), ("beta", 1.0)])
    }

    #[test]
    fn what_the_model_says() {
        let found =
            values::<SbgResidualLifetime>(&[model_of(), reals(&[0.0]), reals(&[0.0])]).unwrap();
        assert!(found[0].starts_with("1"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_is_an_error_and_what_is_unknown_is_null() {
        let text = values::<SbgResidualLifetime>(&[model_of(), reals(&[0.0]), reals(&[-0.1])])
            .unwrap_err();
        assert!(text.message().contains("must be 0 or more"), "{text}");
        let terms = model(&[("a", 1.0)]);
        assert!(values::<SbgResidualLifetime>(&[terms, reals(&[0.0]), reals(&[0.0])]).is_err());
        let unknown = parameters(&[("alpha", f64::NAN), ("beta", f64::NAN)]);
        assert_eq!(
            values::<SbgResidualLifetime>(&[unknown, reals(&[0.0]), reals(&[0.0])]).unwrap(),
            ["NULL"]
        );
    }
}
