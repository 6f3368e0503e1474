//! `date_trunc` of DataFusion, with timestamps in universal time truncated as plain ones.
//!
//! The name, the signature and every other case are DataFusion's.

use std::sync::Arc;

use arrow::array::{ArrayRef, make_array};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::functions::datetime;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

use super::universal_time::plain;

/// The function as a session registers it.
pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(DateTrunc {
        slow: datetime::date_trunc(),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DateTrunc {
    slow: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for DateTrunc {
    fn name(&self) -> &str {
        self.slow.name()
    }

    fn aliases(&self) -> &[String] {
        self.slow.aliases()
    }

    fn signature(&self) -> &Signature {
        self.slow.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.slow.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.slow.return_field_from_args(args)
    }

    fn invoke_with_args(&self, mut args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let zoned = match args.args.get(1) {
            Some(ColumnarValue::Array(values)) => Arc::clone(values),
            _ => return self.slow.invoke_with_args(args),
        };
        let Some(unzoned) = plain(zoned.data_type()) else {
            return self.slow.invoke_with_args(args);
        };
        let field =
            |field: &FieldRef| Arc::new(field.as_ref().clone().with_data_type(unzoned.clone()));
        args.arg_fields[1] = field(&args.arg_fields[1]);
        args.return_field = field(&args.return_field);
        args.args[1] = ColumnarValue::Array(labelled(&zoned, unzoned)?);
        let rows = args.number_rows;
        let truncated = self.slow.invoke_with_args(args)?.into_array(rows)?;
        let truncated = labelled(&truncated, zoned.data_type().clone())?;
        Ok(ColumnarValue::Array(truncated))
    }

    fn output_ordering(&self, input: &[ExprProperties]) -> Result<SortProperties> {
        self.slow.inner().output_ordering(input)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.slow.documentation()
    }
}

/// The same values under another type of the same layout; nothing is copied.
fn labelled(values: &ArrayRef, kind: DataType) -> Result<ArrayRef> {
    let relabelled = values.to_data().into_builder().data_type(kind).build()?;
    Ok(make_array(relabelled))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, ArrayRef, Int64Array, make_array};
    use arrow::datatypes::{DataType, Field, TimeUnit};
    use datafusion::common::ScalarValue;
    use datafusion::common::config::ConfigOptions;
    use datafusion::functions::datetime;
    use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

    use super::udf;

    /// Instants around every border that a truncation has, from 1900 to 2100, in this unit.
    fn instants(per_second: i64, zone: &str, unit: TimeUnit) -> ArrayRef {
        let days = (-25_567..47_482).step_by(3);
        let near = [-1, 0, 1, 43_200, 86_399];
        let seconds = days.flat_map(|day| near.map(|offset| day * 86_400 + offset));
        let values = seconds.map(|second: i64| second.checked_mul(per_second));
        let values: Int64Array = values.chain([None]).collect();
        let kind = DataType::Timestamp(unit, Some(zone.into()));
        make_array(
            values
                .to_data()
                .into_builder()
                .data_type(kind)
                .build()
                .unwrap(),
        )
    }

    fn truncated(function: &ScalarUDF, to: &str, values: &ArrayRef) -> ArrayRef {
        let field = Arc::new(Field::new("at", values.data_type().clone(), true));
        let word = Arc::new(Field::new("to", DataType::Utf8, false));
        let args = ScalarFunctionArgs {
            args: vec![
                ColumnarValue::Scalar(ScalarValue::from(to)),
                ColumnarValue::Array(Arc::clone(values)),
            ],
            arg_fields: vec![word, Arc::clone(&field)],
            number_rows: values.len(),
            return_field: field,
            config_options: Arc::new(ConfigOptions::default()),
        };
        function
            .invoke_with_args(args)
            .unwrap()
            .into_array(values.len())
            .unwrap()
    }

    #[test]
    fn it_answers_as_datafusion_does() {
        let units = [
            (1, TimeUnit::Second),
            (1_000, TimeUnit::Millisecond),
            (1_000_000, TimeUnit::Microsecond),
            (1_000_000_000, TimeUnit::Nanosecond),
        ];
        for (per_second, unit) in units {
            for zone in ["UTC", "+00:00", "Etc/UTC", "GMT", "Europe/Madrid"] {
                let values = instants(per_second, zone, unit);
                for to in ["second", "hour", "day", "week", "month", "quarter", "year"] {
                    let fast = truncated(&udf(), to, &values);
                    let slow = truncated(&datetime::date_trunc(), to, &values);
                    assert_eq!(&fast, &slow, "{to} {unit:?} {zone}");
                }
            }
        }
    }
}
