//! What a function answers in a unit test, asked in every way that DataFusion asks.
//!
//! Here so that a test of a few lines exercises update, state, merge and evaluate: the whole batch
//! at once, each row in an accumulator of its own with the states merged, two groups of which one
//! holds nothing, and a frame that slides over the rows; all must agree.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, ListArray, StringArray,
    StringViewArray, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{Field, Schema, UInt64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::EmitTo;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::{AggregateExprBuilder, AggregateFunctionExpr};
use datafusion::physical_expr::expressions::{Column, Literal};

use crate::functions::call::LABEL;
use crate::functions::frame::{self, Aggregate};
use crate::functions::parameter::parameter_at;
use crate::functions::row::Row;

/// NULL in [`ints`].
pub(crate) const NULL: i64 = i64::MIN;

/// One argument of a call.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    /// Its values, row by row.
    Column(ArrayRef),
    /// A literal.
    Constant(ScalarValue),
}

/// A column of whole numbers; [`NULL`] is NULL.
pub(crate) fn ints(values: &[i64]) -> Given {
    let values = values
        .iter()
        .map(|value| (*value != NULL).then_some(*value));
    Given::Column(Arc::new(values.collect::<Int64Array>()))
}

/// A column of real numbers; NaN is NULL.
pub(crate) fn reals(values: &[f64]) -> Given {
    let values = values
        .iter()
        .map(|value| (!value.is_nan()).then_some(*value));
    Given::Column(Arc::new(values.collect::<Float64Array>()))
}

/// A column of flags: `1` true, `0` false, `.` NULL.
pub(crate) fn flags(values: &str) -> Given {
    let values = values.chars().map(|c| (c != '.').then_some(c == '1'));
    Given::Column(Arc::new(values.collect::<BooleanArray>()))
}

/// A column of texts; `NULL` is NULL.
pub(crate) fn texts(values: &[&str]) -> Given {
    let values = values.iter().map(|text| (*text != "NULL").then_some(*text));
    Given::Column(Arc::new(values.collect::<StringViewArray>()))
}

/// A column of lists of counts; an empty list is NULL.
pub(crate) fn lists(values: &[&[u64]]) -> Given {
    let lists = values
        .iter()
        .map(|list| (!list.is_empty()).then(|| list.iter().map(|count| Some(*count))));
    Given::Column(Arc::new(
        ListArray::from_iter_primitive::<UInt64Type, _, _>(lists),
    ))
}

/// A column of one model: a STRUCT whose list `terms` holds these names and estimates.
pub(crate) fn model(terms: &[(&str, f64)]) -> Given {
    let names: StringArray = terms.iter().map(|(name, _)| Some(*name)).collect();
    let estimates: Float64Array = terms.iter().map(|(_, estimate)| Some(*estimate)).collect();
    let columns: [(&str, ArrayRef); 2] =
        [("term", Arc::new(names)), ("estimate", Arc::new(estimates))];
    let items = StructArray::try_from(columns.to_vec()).unwrap();
    let item = Arc::new(Field::new("item", items.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths([items.len()]);
    let lists: ArrayRef = Arc::new(ListArray::new(item, offsets, Arc::new(items), None));
    Given::Column(Arc::new(
        StructArray::try_from(vec![("terms", lists)]).unwrap(),
    ))
}

/// A column of one model with these parameters; NaN is NULL.
pub(crate) fn parameters(fields: &[(&str, f64)]) -> Given {
    let column = |value: f64| -> ArrayRef {
        Arc::new(Float64Array::from(vec![(!value.is_nan()).then_some(value)]))
    };
    let columns = fields.iter().map(|(name, value)| (*name, column(*value)));
    Given::Column(Arc::new(
        StructArray::try_from(columns.collect::<Vec<_>>()).unwrap(),
    ))
}

/// A literal.
pub(crate) fn constant(value: impl Into<ScalarValue>) -> Given {
    Given::Constant(value.into())
}

/// An optional argument that is skipped.
pub(crate) fn skipped() -> Given {
    Given::Constant(ScalarValue::Null)
}

/// What an aggregate answers to all rows, as text: `NULL`, `50.0`, `{nps: 50.0, …}`.
///
/// # Panics
/// When it fails, or when its accumulators disagree.
pub(crate) fn answer<A: Aggregate>(arguments: &[Given]) -> String {
    let answer = asked::<A>(arguments).unwrap();
    shown(&answer.to_array().unwrap(), 0)
}

/// The named fields of what an aggregate answers, with a blank between them.
pub(crate) fn fields<A: Aggregate>(arguments: &[Given], names: &str) -> String {
    let answer = asked::<A>(arguments).unwrap().to_array().unwrap();
    let records = answer.as_struct();
    let field = |name: &str| shown(records.column_by_name(name).unwrap(), 0);
    names.split(' ').map(field).collect::<Vec<_>>().join(" ")
}

/// The named fields of what an aggregate answers to the last frame of so many rows.
pub(crate) fn slid_over<A: Aggregate>(arguments: &[Given], rows: usize, names: &str) -> String {
    let call = call::<A>(arguments).unwrap();
    let all = length(arguments);
    let batch = columns(arguments, all).unwrap();
    let mut frame = call.create_sliding_accumulator().unwrap();
    for row in 0..all {
        frame.update_batch(&slice(&batch, row, 1)).unwrap();
        if row >= rows {
            let gone = slice(&batch, row - rows, 1);
            frame.retract_batch(&gone).unwrap();
        }
    }
    let answer = frame.evaluate().unwrap().to_array().unwrap();
    let field = |name: &str| shown(answer.as_struct().column_by_name(name).unwrap(), 0);
    names.split(' ').map(field).collect::<Vec<_>>().join(" ")
}

/// The named fields of each row of the LIST that an aggregate answers, one text a row.
pub(crate) fn rows<A: Aggregate>(arguments: &[Given], names: &str) -> Vec<String> {
    let answer = asked::<A>(arguments).unwrap().to_array().unwrap();
    let list = answer.as_list::<i32>().value(0);
    let records = list.as_struct();
    let field = |name: &str, row| shown(records.column_by_name(name).unwrap(), row);
    let row = |row| {
        names
            .split(' ')
            .map(|name| field(name, row))
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..records.len()).map(row).collect()
}

/// The text of the error that an aggregate raises.
pub(crate) fn error<A: Aggregate>(arguments: &[Given]) -> String {
    asked::<A>(arguments).unwrap_err().message().into_owned()
}

/// What a scalar function answers to each row.
pub(crate) fn values<R: Row>(arguments: &[Given]) -> Result<Vec<String>> {
    let rows = length(arguments);
    let answers = R::default().call(&columns(arguments, rows)?, rows)?;
    assert_eq!(answers.len(), rows);
    assert_eq!(answers.data_type(), &R::default().result());
    Ok((0..rows).map(|row| shown(&answers, row)).collect())
}

/// The columns of a call of this many rows.
pub(crate) fn columns(arguments: &[Given], rows: usize) -> Result<Vec<ArrayRef>> {
    arguments
        .iter()
        .map(|argument| match argument {
            Given::Column(column) => Ok(Arc::clone(column)),
            Given::Constant(value) => value.to_array_of_size(rows),
        })
        .collect()
}

/// The number of rows of a call.
pub(crate) fn length(arguments: &[Given]) -> usize {
    let lengths = arguments.iter().map(|argument| match argument {
        Given::Column(column) => Some(column.len()),
        Given::Constant(_) => None,
    });
    lengths.flatten().next().unwrap_or(1)
}

fn shown(column: &ArrayRef, row: usize) -> String {
    let options = FormatOptions::default().with_null("NULL");
    let formatter = ArrayFormatter::try_new(column, &options).unwrap();
    formatter.value(row).to_string()
}

/// The answer, the same from every kind of accumulator.
fn asked<A: Aggregate>(arguments: &[Given]) -> Result<ScalarValue> {
    let call = call::<A>(arguments)?;
    let rows = length(arguments);
    let batch = columns(arguments, rows)?;
    let whole = whole(&call, &batch)?;
    assert_eq!(row_by_row(&call, &batch, rows)?, whole, "rows merged");
    assert_eq!(grouped(&call, &batch, rows)?, whole, "grouped");
    if !A::LIST && A::WHOLE.is_none() {
        assert_eq!(slid(&call, &batch, rows)?, whole, "a sliding frame");
    }
    Ok(whole)
}

fn call<A: Aggregate>(arguments: &[Given]) -> Result<AggregateFunctionExpr> {
    let mut fields = Vec::new();
    let mut expressions: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
    for (place, argument) in arguments.iter().enumerate() {
        match argument {
            Given::Column(column) => {
                let known = parameter_at(A::PARAMETERS, place).unwrap().name;
                // The second x2 is called x2_2, so that labels differ.
                let twice = fields.iter().any(|field: &Field| field.name() == known);
                let name = if twice {
                    format!("{known}_{place}")
                } else {
                    known.to_owned()
                };
                expressions.push(Arc::new(Column::new(&name, fields.len())));
                fields.push(Field::new(name, column.data_type().clone(), true));
            }
            Given::Constant(value) => expressions.push(Arc::new(Literal::new(value.clone()))),
        }
    }
    if A::LABELLED {
        let texts = fields
            .iter()
            .map(|field| format!("{LABEL}{}", field.name()));
        let texts: String = texts.collect();
        expressions.push(Arc::new(Literal::new(texts.into())));
    }
    AggregateExprBuilder::new(frame::entry::<A>().udaf, expressions)
        .schema(Arc::new(Schema::new(fields)))
        .alias("answer")
        .build()
}

fn slice(batch: &[ArrayRef], from: usize, rows: usize) -> Vec<ArrayRef> {
    batch
        .iter()
        .map(|column| column.slice(from, rows))
        .collect()
}

fn whole(call: &AggregateFunctionExpr, batch: &[ArrayRef]) -> Result<ScalarValue> {
    let mut accumulator = call.create_accumulator()?;
    accumulator.update_batch(batch)?;
    accumulator.evaluate()
}

fn row_by_row(
    call: &AggregateFunctionExpr,
    batch: &[ArrayRef],
    rows: usize,
) -> Result<ScalarValue> {
    let mut all = call.create_accumulator()?;
    for row in 0..rows {
        let mut one = call.create_accumulator()?;
        one.update_batch(&slice(batch, row, 1))?;
        let state = one.state()?;
        let columns: Result<Vec<_>> = state.iter().map(ScalarValue::to_array).collect();
        all.merge_batch(&columns?)?;
    }
    all.evaluate()
}

fn grouped(call: &AggregateFunctionExpr, batch: &[ArrayRef], rows: usize) -> Result<ScalarValue> {
    let mut groups = call.create_groups_accumulator()?;
    groups.update_batch(batch, &vec![1; rows], None, 2)?;
    let state = groups.state(EmitTo::All)?;
    groups.merge_batch(&state, &[0, 1], 2)?;
    let first = groups.evaluate(EmitTo::First(1))?;
    let empty = call.create_accumulator()?.evaluate()?;
    assert_eq!(
        ScalarValue::try_from_array(&first, 0)?,
        empty,
        "an empty group"
    );
    ScalarValue::try_from_array(&groups.evaluate(EmitTo::All)?, 0)
}

/// Every row enters twice and leaves once.
fn slid(call: &AggregateFunctionExpr, batch: &[ArrayRef], rows: usize) -> Result<ScalarValue> {
    let mut frame = call.create_sliding_accumulator()?;
    assert!(frame.supports_retract_batch());
    frame.update_batch(batch)?;
    for row in 0..rows {
        frame.update_batch(&slice(batch, row, 1))?;
        frame.retract_batch(&slice(batch, row, 1))?;
    }
    frame.evaluate()
}
