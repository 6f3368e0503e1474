//! STRUCT results: named fields, one row a group.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields};

/// What a field of a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A Float64 that may be NULL.
    Real,
    /// An Int64 count, never NULL: signed, so that differences of counts are what they are.
    Count,
    /// An Int64 that may be NULL.
    Place,
    /// A Utf8 that may be NULL.
    Text,
}

/// The fields of a record, in order.
pub(crate) type Layout = &'static [(&'static str, Shape)];

/// One value of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// For [`Shape::Real`].
    Real(Option<f64>),
    /// For [`Shape::Count`].
    Count(u64),
    /// For [`Shape::Place`].
    Place(Option<u64>),
    /// For [`Shape::Text`].
    Text(Option<String>),
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(Some(value))
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<Option<u64>> for Value {
    fn from(place: Option<u64>) -> Self {
        Self::Place(place)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

/// The fields of a layout as Arrow names them.
pub(crate) fn fields(layout: Layout) -> Fields {
    let field = |(name, shape): &(&'static str, Shape)| match shape {
        Shape::Real => Field::new(*name, DataType::Float64, true),
        Shape::Count => Field::new(*name, DataType::Int64, false),
        Shape::Place => Field::new(*name, DataType::Int64, true),
        Shape::Text => Field::new(*name, DataType::Utf8, true),
    };
    layout.iter().map(field).collect()
}

/// The STRUCT type of a layout.
pub(crate) fn record_type(layout: Layout) -> DataType {
    DataType::Struct(fields(layout))
}

/// The records of all groups; a value that is not finite becomes NULL, so that no statistic ever
/// shows NaN or infinity.
pub(crate) fn records<const N: usize>(
    layout: Layout,
    rows: impl ExactSizeIterator<Item = [Value; N]>,
) -> StructArray {
    let mut columns: Vec<Vec<Value>> = vec![Vec::with_capacity(rows.len()); layout.len()];
    let count = rows.len();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let arrays = layout
        .iter()
        .zip(columns)
        .map(|((_, shape), values)| array(*shape, values));
    let nulls: Option<NullBuffer> = None;
    debug_assert_eq!(layout.len(), N, "a record has as many values as its layout");
    match StructArray::try_new_with_length(fields(layout), arrays.collect(), nulls, count) {
        Ok(records) => records,
        Err(error) => unreachable!("a record that breaks its layout: {error}"),
    }
}

fn array(shape: Shape, values: Vec<Value>) -> ArrayRef {
    match shape {
        Shape::Real => Arc::new(values.iter().map(real).collect::<Float64Array>()),
        Shape::Count => Arc::new(Int64Array::from_iter_values(values.iter().map(count))),
        Shape::Place => Arc::new(values.iter().map(place).collect::<Int64Array>()),
        Shape::Text => Arc::new(values.into_iter().map(text).collect::<StringArray>()),
    }
}

fn real(value: &Value) -> Option<f64> {
    match *value {
        Value::Real(real) => real.filter(|real| real.is_finite()),
        _ => None,
    }
}

fn count(value: &Value) -> i64 {
    place(value).unwrap_or(0)
}

fn place(value: &Value) -> Option<i64> {
    match *value {
        Value::Place(place) => place.map(u64::cast_signed),
        Value::Count(count) => Some(count.cast_signed()),
        _ => None,
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => text,
        _ => None,
    }
}
