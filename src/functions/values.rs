//! Value columns: real numbers, checked once per batch.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};

use crate::functions::frame::Call;

/// Reads value columns on behalf of one call.
#[derive(Debug, Clone)]
pub(crate) struct ValueReader {
    /// The function's name, for its errors.
    pub(crate) function: &'static str,
    /// The argument as the person wrote it, for the remedy.
    pub(crate) label: String,
    /// What a value below zero is.
    pub(crate) below_zero: BelowZero,
}

/// What a value below zero is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BelowZero {
    /// A value like others.
    Fine,
    /// No weight.
    NoWeight,
    /// No duration and no count.
    NoAmount,
}

impl ValueReader {
    /// The reader of an argument as values.
    pub(crate) fn values(call: &Call<'_>, place: usize) -> Self {
        Self {
            function: call.function(),
            label: call.label(place),
            below_zero: BelowZero::Fine,
        }
    }

    /// The reader of an argument as sampling weights.
    pub(crate) fn weights(call: &Call<'_>, place: usize) -> Self {
        Self {
            below_zero: BelowZero::NoWeight,
            ..Self::values(call, place)
        }
    }

    /// The reader of an argument as durations, counts or amounts, which are 0 or more.
    pub(crate) fn amounts(call: &Call<'_>, place: usize) -> Self {
        Self {
            below_zero: BelowZero::NoAmount,
            ..Self::values(call, place)
        }
    }

    /// The values of a column of any number or Boolean.
    pub(crate) fn read_any(&self, column: &ArrayRef) -> Result<Float64Array> {
        let values = cast(column, &DataType::Float64)?;
        self.read(&values).cloned()
    }

    /// Whether a value below zero is an error.
    pub(crate) fn refuses_negative(&self) -> bool {
        self.below_zero != BelowZero::Fine
    }

    /// The values of a batch, which are finite (and not negative, for weights).
    pub(crate) fn read<'a>(&self, column: &'a ArrayRef) -> Result<&'a Float64Array> {
        let values = column.as_primitive::<Float64Type>();
        let least = match self.below_zero {
            BelowZero::Fine => f64::MIN,
            BelowZero::NoWeight | BelowZero::NoAmount => 0.0,
        };
        let wrong = |value: &f64| !(least..=f64::MAX).contains(value);
        // Without an early end, because that vectorises.
        if values.values().iter().filter(|value| wrong(value)).count() == 0 {
            return Ok(values);
        }
        let first =
            (0..values.len()).find(|row| values.is_valid(*row) && wrong(&values.value(*row)));
        let Some(row) = first else { return Ok(values) };
        let Self {
            function,
            label,
            below_zero,
        } = self;
        let value = values.value(row);
        if value.is_nan() {
            return exec_err!(
                "{function}: {label} holds NaN; if it marks a blank, write nullif({label}, 'NaN'::double)"
            );
        }
        if value.is_infinite() {
            return exec_err!("{function}: {label} holds {value}; leave such rows out with WHERE");
        }
        if *below_zero == BelowZero::NoAmount {
            return exec_err!(
                "{function}: {label} {value} is negative; if it marks a blank, write \
                 nullif({label}, {value})"
            );
        }
        exec_err!("{function}: weight {value} in {label} is negative; weights are 0 or more")
    }
}
