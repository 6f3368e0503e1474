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

    /// The same, where errors name the first argument as the person wrote it.
    fn call_named(&self, _first: &str, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        self.call(columns, rows)
    }
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

/// Whether a text is the name of a column, and not an expression or a name made up in between, as those
/// of literals and of VALUES are.
fn is_name(text: &str) -> bool {
    let is_word = text
        .chars()
        .all(|letter| letter.is_alphanumeric() || letter == '_');
    let made_up = text.strip_prefix("column").unwrap_or_default();
    let is_made_up = !made_up.is_empty() && made_up.chars().all(char::is_numeric);
    is_word
        && !is_made_up
        && text != "lit"
        && !text.starts_with("__")
        && text.starts_with(|first: char| !first.is_numeric())
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
        let first = arguments
            .arg_fields
            .first()
            .map(|field| field.name().as_str());
        let first = first.filter(|name| is_name(name)).unwrap_or_default();
        let values = self.row.call_named(first, &columns?, rows)?;
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
