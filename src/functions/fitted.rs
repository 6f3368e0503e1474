//! Fitted models as functions read them back: the estimates of their terms.
//!
//! Here because a model is a plain STRUCT that travels through SQL, is joined to other rows and kept
//! in files; whoever predicts from it must find what was fitted, or say what is missing.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray, StructArray};
use arrow::compute::{cast, is_null, nullif};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err, plan_err};

/// A column of models with their terms.
#[derive(Debug)]
pub(crate) struct Models<'a> {
    function: &'static str,
    models: &'a StructArray,
    fit: &'static str,
    terms: &'a ListArray,
    names: StringArray,
    estimates: Float64Array,
}

impl<'a> Models<'a> {
    /// The models of a column; `fit` is the function that makes them.
    pub(crate) fn of(
        function: &'static str,
        fit: &'static str,
        column: &'a ArrayRef,
    ) -> Result<Self> {
        let models = column.as_struct_opt();
        // Terms are alike; what else a fit tells is not.
        let foreign = match fit {
            LINEAR => "mcfadden",
            _ => "sigma",
        };
        let models = models.filter(|models| models.column_by_name(foreign).is_none());
        let terms = models.and_then(|models| models.column_by_name("terms")?.as_list_opt::<i32>());
        let estimates =
            terms.and_then(|terms| terms.values().as_struct_opt()?.column_by_name("estimate"));
        let names = terms.and_then(|terms| terms.values().as_struct_opt()?.column_by_name("term"));
        let (Some(models), Some(terms), Some(estimates), Some(names)) =
            (models, terms, estimates, names)
        else {
            return plan_err!("{function}: model must be what {fit} returns, without expand");
        };
        let estimates = cast(estimates, &DataType::Float64)?;
        Ok(Self {
            function,
            models,
            fit,
            terms,
            names: cast(names, &DataType::Utf8)?.as_string().clone(),
            estimates: estimates.as_primitive::<Float64Type>().clone(),
        })
    }

    /// What each row predicts from the estimates of its model and its regressors; NULL where the
    /// model has no terms or a regressor is NULL.
    pub(crate) fn predict(
        &self,
        regressors: &[ArrayRef],
        predict: impl Fn(&[f64], &[f64]) -> Option<f64>,
    ) -> Result<Float64Array> {
        let columns = regressors.iter().map(|x| x.as_primitive::<Float64Type>());
        let columns: Vec<&Float64Array> = columns.collect();
        let mut x = vec![0.0; columns.len()];
        let value = |row: usize| {
            if self.models.is_null(row) || self.terms.is_null(row) {
                return Ok(None);
            }
            let estimates = self.estimates(row, columns.len())?;
            if columns.iter().any(|column| column.is_null(row)) {
                return Ok(None);
            }
            x.iter_mut()
                .zip(&columns)
                .for_each(|(x, column)| *x = column.value(row));
            Ok(predict(estimates, &x).filter(|value| value.is_finite()))
        };
        let values: Result<Vec<Option<f64>>> = (0..self.models.len()).map(value).collect();
        Ok(values?.into())
    }

    /// The estimates of one model, which must be as many as the regressors and the intercept.
    fn estimates(&self, row: usize, regressors: usize) -> Result<&[f64]> {
        let offsets = self.terms.value_offsets();
        let place = |offset: i32| usize::try_from(offset).unwrap_or_default();
        let (from, to) = (place(offsets[row]), place(offsets[row + 1]));
        if to == from || self.names.is_null(from) || self.names.value(from) != INTERCEPT {
            return exec_err!(
                "{}: model was not made by {}: its first term is no intercept",
                self.function,
                self.fit
            );
        }
        if to - from == regressors + 1 {
            return Ok(&self.estimates.values()[from..to]);
        }
        let names: Vec<&str> = (from + 1..to)
            .map(|place| self.names.value(place))
            .collect();
        exec_err!(
            "{}: model has the regressors {}, and {regressors} were given; give them in the same \
             order",
            self.function,
            names.join(", ")
        )
    }
}

/// The function of linear models.
const LINEAR: &str = "ols_fit";

/// How the first term of a model is called.
const INTERCEPT: &str = "(intercept)";

/// The terms of a model with these regressors, in order.
pub(crate) fn term_names(regressors: &[String]) -> impl Iterator<Item = &str> {
    std::iter::once(INTERCEPT).chain(regressors.iter().map(String::as_str))
}

/// A column of models with so many parameters, by the names of their fields.
#[derive(Debug)]
pub(crate) struct Parameters<const N: usize>([Float64Array; N]);

impl<const N: usize> Parameters<N> {
    /// The models of a column; `fit` is the function that makes them.
    pub(crate) fn of(
        function: &str,
        fit: &str,
        column: &ArrayRef,
        names: [&str; N],
    ) -> Result<Self> {
        let models = column.as_struct_opt();
        let field = |name: &str| {
            let field = models.and_then(|models| models.column_by_name(name))?;
            let known = cast(field, &DataType::Float64).ok()?;
            let whole = nullif(&known, &is_null(column).ok()?).ok()?; // of a model that is NULL
            Some(whole.as_primitive::<Float64Type>().clone())
        };
        let fields: Option<Vec<Float64Array>> = names.iter().map(|name| field(name)).collect();
        match fields.and_then(|fields| fields.try_into().ok()) {
            Some(fields) => Ok(Self(fields)),
            None => plan_err!("{function}: model must be what {fit} returns, without expand"),
        }
    }

    /// What each row's model says of its values; NULL where a parameter or a value is.
    pub(crate) fn ask<const M: usize>(
        &self,
        values: &[ArrayRef],
        ask: impl Fn([f64; N], [f64; M]) -> Result<Option<f64>>,
    ) -> Result<ArrayRef> {
        let given: Vec<&Float64Array> = values
            .iter()
            .map(|x| x.as_primitive::<Float64Type>())
            .collect();
        let all = |columns: &[&Float64Array], row: usize| {
            columns
                .iter()
                .map(|column| column.is_valid(row).then(|| column.value(row)))
                .collect()
        };
        let parameters: Vec<&Float64Array> = self.0.iter().collect();
        let answer = |row: usize| {
            let model: Option<Vec<f64>> = all(&parameters, row);
            let x: Option<Vec<f64>> = all(&given, row);
            let model = model.and_then(|model| model.try_into().ok());
            match (model, x.and_then(|x| x.try_into().ok())) {
                (Some(model), Some(x)) => Ok(ask(model, x)?.filter(|value| value.is_finite())),
                _ => Ok(None),
            }
        };
        let answers: Result<Float64Array> = (0..self.0[0].len()).map(answer).collect();
        Ok(Arc::new(answers?))
    }
}
