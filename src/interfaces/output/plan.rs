//! The answer of EXPLAIN for the eye: its text as it is, since a plan is a drawing of many lines.

use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

use super::text::escape;
use super::{Demand, Sink, Writer, failed};
use crate::error::Result;

/// Whether an answer is that of EXPLAIN.
pub(super) fn is_plan(schema: &Schema) -> bool {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    names.eq(["plan_type", "plan"])
}

/// Plans under their names.
pub(super) struct Plan<'a> {
    sink: Sink<'a>,
}

impl<'a> Plan<'a> {
    /// Nothing is written before the first plan.
    pub(super) fn new(sink: Sink<'a>) -> Self {
        Self { sink }
    }
}

impl Writer for Plan<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        for row in 0..batch.num_rows() {
            let kind = array_value_to_string(batch.column(0), row).map_err(failed)?;
            let plan = array_value_to_string(batch.column(1), row).map_err(failed)?;
            writeln!(self.sink, "{}", escape(&kind))?;
            for line in plan.trim_end().lines() {
                writeln!(self.sink, "  {}", escape(line))?;
            }
        }
        Ok(Demand::More)
    }

    fn finish(self: Box<Self>) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
