//! Events of a customer's journey, by group: when each came and which steps it meets.
//!
//! Rows that meet no step are no events and are not kept; the others take sixteen bytes.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, ListArray, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int64Type, UInt32Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::columns::flag_codes;
use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::{Answers, Call};

/// The time of an event, and its steps as bits.
pub(crate) type Event = (i64, u32);

/// The events of all groups, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Events {
    function: &'static str,
    labels: Arc<[String]>,
    answers: Answers<Vec<Event>>,
    groups: usize,
    of: Vec<u32>,
    events: Vec<Event>,
}

/// The columns that keep the state.
pub(crate) fn event_state() -> Vec<Field> {
    let list = |name: &str, kind| Field::new(name, DataType::new_list(kind, false), false);
    vec![list("at", DataType::Int64), list("steps", DataType::UInt32)]
}

impl Events {
    /// The store of a call whose argument 1 is the time and whose steps follow.
    pub(crate) fn new(call: &Call<'_>, answers: Answers<Vec<Event>>) -> Self {
        Self {
            function: call.function(),
            labels: (2..call.len()).map(|place| call.label(place)).collect(),
            answers,
            groups: 0,
            of: Vec::new(),
            events: Vec::new(),
        }
    }

    fn add(&mut self, group: usize, event: Event) -> Result<()> {
        let Ok(group) = u32::try_from(group) else {
            return exec_err!("{}: more than {} groups", self.function, u32::MAX);
        };
        self.of.push(group);
        self.events.push(event);
        Ok(())
    }

    fn by_group(&self) -> Vec<Vec<Event>> {
        let mut groups = vec![Vec::new(); self.groups];
        for (group, event) in self.of.iter().zip(&self.events) {
            groups[*group as usize].push(*event);
        }
        groups
    }
}

/// Times as whole numbers in the unit of their type.
fn times(column: &ArrayRef) -> Result<Int64Array> {
    let whole = match column.data_type() {
        DataType::Date32 => cast(&cast(column, &DataType::Int32)?, &DataType::Int64)?,
        _ => cast(column, &DataType::Int64)?,
    };
    Ok(whole.as_primitive::<Int64Type>().clone())
}

impl Groups for Events {
    fn empty(&self) -> Self {
        Self {
            function: self.function,
            labels: Arc::clone(&self.labels),
            answers: self.answers.clone(),
            groups: 0,
            of: Vec::new(),
            events: Vec::new(),
        }
    }

    fn grow(&mut self, groups: usize) {
        self.groups = self.groups.max(groups);
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let at = times(&arguments[1])?;
        let mut met = vec![0_u32; at.len()];
        let labels = Arc::clone(&self.labels);
        for (step, (label, column)) in labels.iter().zip(&arguments[2..]).enumerate() {
            let flags = flag_codes(self.function, label, column)?;
            for (met, flag) in met.iter_mut().zip(flags.iter()) {
                *met |= u32::from(*flag == 1) << step;
            }
        }
        for (row, met) in met.into_iter().enumerate() {
            if met != 0 && at.is_valid(row) {
                self.add(rows.group(row), (at.value(row), met))?;
            }
        }
        Ok(())
    }

    fn retract(&mut self, _arguments: &[ArrayRef]) -> Result<()> {
        exec_err!("{}: a journey has no sliding windows", self.function)
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let [at, steps] = columns else {
            return exec_err!("a saved state of {} columns instead of two", columns.len());
        };
        for row in 0..at.len() {
            let at = at.as_list::<i32>().value(row);
            let steps = steps.as_list::<i32>().value(row);
            let pairs = at.as_primitive::<Int64Type>().values().iter().copied();
            for event in pairs.zip(steps.as_primitive::<UInt32Type>().values().iter().copied()) {
                self.add(rows.group(row), event)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let mut taken = self.empty();
        taken.groups = groups;
        let (of, events) = (
            std::mem::take(&mut self.of),
            std::mem::take(&mut self.events),
        );
        for (group, event) in of.into_iter().zip(events) {
            match (group as usize).checked_sub(groups) {
                None => {
                    taken.of.push(group);
                    taken.events.push(event);
                }
                Some(_) => {
                    self.of.push(group - u32::try_from(groups).unwrap_or(group));
                    self.events.push(event);
                }
            }
        }
        self.groups -= groups;
        taken
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let groups = self.by_group();
        let offsets = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let list = |values: ArrayRef| -> ArrayRef {
            let item = Arc::new(Field::new("item", values.data_type().clone(), false));
            Arc::new(ListArray::new(item, offsets.clone(), values, None))
        };
        let all = || groups.iter().flatten();
        Ok(vec![
            list(Arc::new(Int64Array::from_iter_values(
                all().map(|event| event.0),
            ))),
            list(Arc::new(UInt32Array::from_iter_values(
                all().map(|event| event.1),
            ))),
        ])
    }

    fn finish(&self) -> Result<ArrayRef> {
        self.answers.of(&self.by_group())
    }

    fn size(&self) -> usize {
        4 * self.of.capacity() + size_of::<Event>() * self.events.capacity()
    }
}

/// How many steps were reached, one number a group.
pub(crate) fn steps_reached(
    groups: &[Vec<Event>],
    reached: impl Fn(&mut Vec<Event>) -> u32,
) -> ArrayRef {
    let steps = groups
        .iter()
        .map(|events| reached(&mut events.clone()).cast_signed());
    Arc::new(steps.map(Some).collect::<Int32Array>())
}
