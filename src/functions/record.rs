//! STRUCT results: named fields, one row a group.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringArray, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::Result;

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
    /// A Boolean that may be NULL.
    Flag,
    /// A LIST of records, NULL where there are none.
    Rows(Layout),
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
    /// For [`Shape::Flag`].
    Flag(Option<bool>),
    /// For [`Shape::Rows`].
    Rows(Vec<Vec<Value>>),
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

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(Some(flag))
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
        Shape::Flag => Field::new(*name, DataType::Boolean, true),
        Shape::Rows(layout) => Field::new(*name, list_type(layout), true),
    };
    layout.iter().map(field).collect()
}

/// The STRUCT type of a layout.
pub(crate) fn record_type(layout: Layout) -> DataType {
    DataType::Struct(fields(layout))
}

/// The LIST of STRUCT type of a layout.
pub(crate) fn list_type(layout: Layout) -> DataType {
    DataType::new_list(record_type(layout), true)
}

/// One LIST of records a group; NULL where there are none.
pub(crate) fn lists<R: AsRef<[Value]>>(
    layout: Layout,
    groups: impl Iterator<Item = Vec<R>>,
) -> ListArray {
    let groups: Vec<Vec<R>> = groups.collect();
    let lengths: Vec<usize> = groups.iter().map(Vec::len).collect();
    let rows: Vec<R> = groups.into_iter().flatten().collect();
    let (_, columns, _) = records(layout, rows.into_iter()).into_parts();
    lists_of(layout, &lengths, columns)
}

/// One LIST of records a group, from the columns of all their rows; NULL where there are none.
pub(crate) fn lists_of(layout: Layout, lengths: &[usize], columns: Vec<ArrayRef>) -> ListArray {
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    let nulls: NullBuffer = lengths.iter().map(|length| *length > 0).collect();
    let rows = lengths.iter().sum();
    let records = match StructArray::try_new_with_length(fields(layout), columns, None, rows) {
        Ok(records) => records,
        Err(error) => unreachable!("a record that breaks its layout: {error}"),
    };
    let item = Arc::new(Field::new("item", records.data_type().clone(), true));
    ListArray::new(item, offsets, Arc::new(records), Some(nulls))
}

/// The records of all groups; a value that is not finite becomes NULL, so that no statistic ever
/// shows NaN or infinity.
pub(crate) fn records<R: AsRef<[Value]>>(
    layout: Layout,
    rows: impl ExactSizeIterator<Item = R>,
) -> StructArray {
    let mut columns: Vec<Vec<Value>> = vec![Vec::with_capacity(rows.len()); layout.len()];
    let count = rows.len();
    for row in rows {
        let row = row.as_ref();
        assert_eq!(
            row.len(),
            layout.len(),
            "a record has as many values as its layout"
        );
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value.clone());
        }
    }
    let arrays = layout
        .iter()
        .zip(columns)
        .map(|((_, shape), values)| array(*shape, values));
    let nulls: Option<NullBuffer> = None;
    match StructArray::try_new_with_length(fields(layout), arrays.collect(), nulls, count) {
        Ok(records) => records,
        Err(error) => unreachable!("a record that breaks its layout: {error}"),
    }
}

/// A record of which only some fields are known; counts that are not known are 0.
pub(crate) fn blank<const N: usize>(layout: Layout, known: &[(&str, Value)]) -> [Value; N] {
    std::array::from_fn(|place| {
        let (name, shape) = layout[place];
        match known.iter().find(|(field, _)| *field == name) {
            Some((_, value)) => value.clone(),
            None => match shape {
                Shape::Real => Value::Real(None),
                Shape::Count => Value::Count(0),
                Shape::Place => Value::Place(None),
                Shape::Text => Value::Text(None),
                Shape::Flag => Value::Flag(None),
                Shape::Rows(_) => Value::Rows(Vec::new()),
            },
        }
    })
}

/// The records of all groups, some of which may be errors.
pub(crate) fn try_records<R: AsRef<[Value]>>(
    layout: Layout,
    rows: impl Iterator<Item = Result<R>>,
) -> Result<ArrayRef> {
    let rows: Vec<R> = rows.collect::<Result<_>>()?;
    Ok(Arc::new(records(layout, rows.into_iter())))
}

fn array(shape: Shape, values: Vec<Value>) -> ArrayRef {
    match shape {
        Shape::Real => Arc::new(values.iter().map(real).collect::<Float64Array>()),
        Shape::Count => Arc::new(Int64Array::from_iter_values(values.iter().map(count))),
        Shape::Place => Arc::new(values.iter().map(place).collect::<Int64Array>()),
        Shape::Text => Arc::new(values.into_iter().map(text).collect::<StringArray>()),
        Shape::Flag => Arc::new(values.iter().map(flag).collect::<BooleanArray>()),
        Shape::Rows(layout) => Arc::new(lists(layout, values.into_iter().map(rows))),
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

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Flag(flag) => *flag,
        _ => None,
    }
}

fn rows(value: Value) -> Vec<Vec<Value>> {
    match value {
        Value::Rows(rows) => rows,
        _ => Vec::new(),
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => text,
        _ => None,
    }
}
