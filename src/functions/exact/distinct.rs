//! `sum(DISTINCT x)` of 64-bit whole numbers, added as carefully as all others.

use std::sync::Arc;

use arrow::array::ArrayRef;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;

use super::sum::Sums;
use crate::functions::fold::{Groups as _, Rows};

/// A sum of different values: DataFusion's keeps them, and they are added here.
#[derive(Debug)]
pub(super) struct Distinct(pub(super) Box<dyn Accumulator>);

impl Accumulator for Distinct {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.update_batch(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let plain = self.0.evaluate()?;
        let kind = plain.data_type();
        if plain.is_null() {
            return Ok(plain);
        }
        let state = self.0.state()?;
        let Some(ScalarValue::List(values)) = state.first() else {
            return Ok(plain);
        };
        let mut sums = Sums::empty_of(kind);
        sums.update(&[Arc::clone(values.values())], Rows::One)?;
        ScalarValue::try_from_array(&sums.finish()?, 0)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.merge_batch(states)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.retract_batch(values)
    }

    fn supports_retract_batch(&self) -> bool {
        self.0.supports_retract_batch()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}
