//! A known column that holds yes or no, however it is kept: `churned` as 1 and 0, as `Yes` and `No`.
//!
//! Here because a cast takes every number but 0 for yes: of a column of 1 and 2 all customers would
//! have left.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::written::text as quoted;
use crate::model::flag_of;

/// The column of a table as a Boolean; a value that is neither yes nor no is an error that names it.
pub(super) fn as_flag(table: &str, column: &str, written: Expr) -> Expr {
    let reader = YesOrNo {
        table: table.to_owned(),
        column: column.to_owned(),
        signature: Signature::any(1, Volatility::Immutable),
    };
    ScalarUDF::new_from_impl(reader).call(vec![written])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct YesOrNo {
    table: String,
    column: String,
    signature: Signature,
}

impl ScalarUDFImpl for YesOrNo {
    fn name(&self) -> &'static str {
        "yes_or_no"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [column] = ColumnarValue::values_to_arrays(&arguments.args)?
            .try_into()
            .unwrap_or_else(|_| [arrow::array::new_null_array(&DataType::Boolean, 0)]);
        let flags = match column.data_type() {
            DataType::Boolean => column,
            kind if kind.is_string() => self.words(&cast(&column, &DataType::Utf8)?)?,
            _ => self.numbers(&cast(&column, &DataType::Float64)?)?,
        };
        Ok(ColumnarValue::Array(flags))
    }
}

impl YesOrNo {
    fn words(&self, column: &ArrayRef) -> Result<ArrayRef> {
        let flag = |text: Option<&str>| {
            let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
                return Ok(None);
            };
            match flag_of(text) {
                None => self.refuse(&quoted(text)),
                flag => Ok(flag),
            }
        };
        let flags: Result<BooleanArray> = column.as_string::<i32>().iter().map(flag).collect();
        Ok(Arc::new(flags?))
    }

    fn numbers(&self, column: &ArrayRef) -> Result<ArrayRef> {
        let flag = |number: Option<f64>| match number {
            None => Ok(None),
            Some(number) if number.abs() <= 0.0 => Ok(Some(false)),
            Some(number) if (number - 1.0).abs() <= 0.0 => Ok(Some(true)),
            Some(number) => self.refuse(&number.to_string()),
        };
        let numbers = column.as_primitive::<Float64Type>().iter();
        let flags: Result<BooleanArray> = numbers.map(flag).collect();
        Ok(Arc::new(flags?))
    }

    fn refuse<T>(&self, value: &str) -> Result<T> {
        exec_err!("{}", neither(&self.table, &self.column, value))
    }
}

/// What is said of a value, as SQL writes it, that is neither yes nor no.
pub(super) fn neither(table: &str, column: &str, value: &str) -> String {
    format!(
        "{table}.{column} is {value}, which is neither yes nor no (true and false, 1 and 0); say what it \
         means under tables.{table}.columns of latido.yaml, such as {column}: {{sql: \
         \"{column} = {value}\"}}"
    )
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, StringArray};

    use super::*;

    fn reader() -> YesOrNo {
        YesOrNo {
            table: "customers".to_owned(),
            column: "churned".to_owned(),
            signature: Signature::any(1, Volatility::Immutable),
        }
    }

    #[test]
    fn one_and_nought_and_words_are_flags() {
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), Some(-0.0), None]));
        let found = reader().numbers(&numbers).unwrap();
        let expected = BooleanArray::from(vec![Some(true), Some(false), None]);
        assert_eq!(found.as_boolean(), &expected);
        let words: ArrayRef = Arc::new(StringArray::from(vec![" Sí", "NO", ""]));
        assert_eq!(reader().words(&words).unwrap().as_boolean(), &expected);
    }

    #[test]
    fn anything_else_is_named() {
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0]));
        let error = reader().numbers(&numbers).unwrap_err().to_string();
        assert!(error.contains("customers.churned is 2, which"), "{error}");
        assert!(error.contains("churned: {sql: \"churned = 2\"}"), "{error}");
        let words: ArrayRef = Arc::new(StringArray::from(vec!["Abandoned"]));
        let error = reader().words(&words).unwrap_err().to_string();
        assert!(error.contains("\"churned = 'Abandoned'\""), "{error}");
    }
}
