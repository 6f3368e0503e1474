//! The columns beside a LIST that becomes rows: the same value, once for each row.
//!
//! Here because DataFusion (55.2) takes a key of GROUP BY to tell all else of a row, also behind
//! `unnest`, where it no longer does: ORDER BY would lose its other keys, DISTINCT and GROUP BY most
//! of the rows. A key that went through a function is no key to it.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

/// Its name, which nobody writes.
pub(in crate::engine) const EACH: &str = "__latido_each";

/// The function.
pub(in crate::engine) fn each() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Each(Signature::any(
        1,
        Volatility::Immutable,
    ))))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Each(Signature);

impl ScalarUDFImpl for Each {
    fn name(&self) -> &'static str {
        EACH
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [same] => Ok(same.clone()),
            _ => internal_err!("{EACH} takes one column"),
        }
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        match args.arg_fields {
            [same] => Ok(Arc::clone(same)),
            _ => internal_err!("{EACH} takes one column"),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match <[ColumnarValue; 1]>::try_from(args.args) {
            Ok([same]) => Ok(same),
            Err(_) => internal_err!("{EACH} takes one column"),
        }
    }
}
