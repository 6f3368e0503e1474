//! `a + b`, `a - b` and `a * b` of 64-bit whole numbers, with an error where the result does not fit.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, Datum, Int64Array, Scalar};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{DataType, Field, FieldRef};
use arrow::error::ArrowError;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err, internal_err};
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Expr, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility,
};

use super::too_large;

/// The operation as a function of both sides.
pub(super) fn call(left: Expr, operator: Operator, right: Expr) -> Option<Expr> {
    static ALL: LazyLock<[Arc<ScalarUDF>; 3]> = LazyLock::new(|| {
        [Operator::Plus, Operator::Minus, Operator::Multiply]
            .map(|operator| Arc::new(ScalarUDF::new_from_impl(Checked::of(operator))))
    });
    let place = match operator {
        Operator::Plus => 0,
        Operator::Minus => 1,
        Operator::Multiply => 2,
        _ => return None,
    };
    Some(ALL[place].call(vec![left, right]))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Checked {
    operator: Operator,
    signature: Signature,
}

impl Checked {
    fn of(operator: Operator) -> Self {
        let types = vec![DataType::Int64, DataType::Int64];
        Self {
            operator,
            signature: Signature::exact(types, Volatility::Immutable),
        }
    }

    fn apply(&self, left: &dyn Datum, right: &dyn Datum) -> Result<ArrayRef, ArrowError> {
        match self.operator {
            Operator::Plus => numeric::add(left, right),
            Operator::Minus => numeric::sub(left, right),
            _ => numeric::mul(left, right),
        }
    }

    fn shown(&self, args: &[Expr], name: impl Fn(&Expr) -> String) -> String {
        let mut text = String::new();
        for (place, arg) in args.iter().enumerate() {
            if place > 0 {
                // A string never fails to take what is written into it.
                let _ = write!(text, " {} ", self.operator);
            }
            text.push_str(&name(arg));
        }
        text
    }
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        match self.operator {
            Operator::Plus => "checked_plus",
            Operator::Minus => "checked_minus",
            _ => "checked_times",
        }
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        Ok(self.shown(args, Expr::to_string))
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(self.shown(args, |arg| arg.schema_name().to_string()))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    /// NULL only where an argument may be, as of the operator: a table made of the result is checked.
    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let is_nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(
            self.name(),
            DataType::Int64,
            is_nullable,
        )))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return internal_err!("{} takes two numbers", self.name());
        };
        let outcome = match (left, right) {
            (ColumnarValue::Array(left), ColumnarValue::Array(right)) => self.apply(left, right),
            (ColumnarValue::Array(left), ColumnarValue::Scalar(right)) => {
                self.apply(left, &one(right)?)
            }
            (ColumnarValue::Scalar(left), ColumnarValue::Array(right)) => {
                self.apply(&one(left)?, right)
            }
            (ColumnarValue::Scalar(left), ColumnarValue::Scalar(right)) => {
                let outcome = self.apply(&one(left)?, &one(right)?).map_err(explained)?;
                let value = ScalarValue::try_from_array(&outcome, 0)?;
                return Ok(ColumnarValue::Scalar(value));
            }
        };
        outcome.map(ColumnarValue::Array).map_err(explained)
    }

    fn output_ordering(&self, input: &[ExprProperties]) -> Result<SortProperties> {
        let [left, right] = input else {
            return Ok(SortProperties::Unordered);
        };
        Ok(match self.operator {
            Operator::Plus => left.sort_properties.add(&right.sort_properties),
            Operator::Minus => left.sort_properties.sub(&right.sort_properties),
            _ => SortProperties::Unordered,
        })
    }

    fn evaluate_bounds(&self, _: &[&Interval]) -> Result<Interval> {
        Interval::make_unbounded(&DataType::Int64)
    }
}

fn one(value: &ScalarValue) -> Result<Scalar<Int64Array>> {
    match value {
        ScalarValue::Int64(value) => Ok(Scalar::new(Int64Array::from(vec![*value]))),
        other => exec_err!("a whole number was expected, not {other}"),
    }
}

/// The operation that did not fit, in the words of whoever wrote it.
fn explained(error: ArrowError) -> DataFusionError {
    match error {
        ArrowError::ArithmeticOverflow(text) => {
            let what = text
                .split_once(": ")
                .map_or(text.as_str(), |(_, what)| what);
            DataFusionError::Execution(too_large(what))
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray as _;
    use arrow::datatypes::Int64Type;
    use datafusion::common::config::ConfigOptions;

    use super::*;

    fn computed(operator: Operator, left: ColumnarValue, right: ColumnarValue) -> Result<ArrayRef> {
        let field = || {
            let field = arrow::datatypes::Field::new("x", DataType::Int64, true);
            Arc::new(field)
        };
        let args = ScalarFunctionArgs {
            args: vec![left, right],
            arg_fields: vec![field(), field()],
            number_rows: 2,
            return_field: field(),
            config_options: Arc::new(ConfigOptions::default()),
        };
        Checked::of(operator).invoke_with_args(args)?.into_array(2)
    }

    #[test]
    fn what_fits_is_computed_and_what_does_not_is_named() {
        let column = |values: Vec<Option<i64>>| {
            ColumnarValue::Array(Arc::new(Int64Array::from(values)) as ArrayRef)
        };
        let constant = |value| ColumnarValue::Scalar(ScalarValue::Int64(Some(value)));
        let values = |array: ArrayRef| -> Vec<Option<i64>> {
            array.as_primitive::<Int64Type>().iter().collect()
        };
        let sum = computed(
            Operator::Plus,
            column(vec![Some(1), None]),
            column(vec![Some(2), Some(3)]),
        );
        assert_eq!(values(sum.unwrap()), [Some(3), None]);
        let less = computed(
            Operator::Minus,
            constant(5),
            column(vec![Some(7), Some(i64::MAX)]),
        );
        assert_eq!(values(less.unwrap()), [Some(-2), Some(5 - i64::MAX)]);
        let times = computed(
            Operator::Multiply,
            column(vec![Some(i64::MAX), Some(2)]),
            constant(2),
        );
        let error = times.unwrap_err().to_string();
        assert!(
            error.contains("9223372036854775807 * 2 does not fit into 64 bits"),
            "{error}"
        );
        let alone = computed(Operator::Plus, constant(i64::MAX), constant(1));
        assert!(alone.is_err());
    }
}
