//! The frame that all scalar functions share: one row in, one value out.

use std::hash::Hash;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use crate::functions::parameter::{Parameter, coerce};

/// A scalar function of latido.
pub(crate) trait Row: std::fmt::Debug + Default + Eq + Hash + Send + Sync + 'static {
    /// Its name in SQL.
    const NAME: &'static str;

    /// Its parameters in order.
    const PARAMETERS: &'static [Parameter];

    /// What its documentation says.
    fn documentation(&self) -> Option<&Documentation>;

    /// The type of its result.
    fn result(&self) -> DataType;

    /// Its values for these columns, one a row; all columns have this many rows.
    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef>;
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Frame<R> {
    row: R,
    signature: Signature,
}

/// A scalar function and what the pass over the statement must know of it.
#[derive(Debug)]
pub(crate) struct RowEntry {
    /// The function as DataFusion registers it.
    pub(crate) udf: Arc<ScalarUDF>,
    /// Its parameters in order.
    pub(crate) parameters: &'static [Parameter],
}

/// The entry of a function in the list of all.
pub(crate) fn entry<R: Row>() -> RowEntry {
    let signature = Signature::user_defined(Volatility::Immutable);
    let frame = Frame {
        row: R::default(),
        signature,
    };
    RowEntry {
        udf: Arc::new(ScalarUDF::new_from_impl(frame)),
        parameters: R::PARAMETERS,
    }
}

impl<R: Row> ScalarUDFImpl for Frame<R> {
    fn name(&self) -> &str {
        R::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerce(R::NAME, R::PARAMETERS, types)
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(self.row.result())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let all_constant = arguments
            .args
            .iter()
            .all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let rows = if all_constant {
            1
        } else {
            arguments.number_rows
        };
        let columns: Result<Vec<_>> = arguments
            .args
            .into_iter()
            .map(|argument| argument.into_array(rows))
            .collect();
        let values = self.row.call(&columns?, rows)?;
        if all_constant {
            let value = datafusion::common::ScalarValue::try_from_array(&values, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(values))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.row.documentation()
    }
}
