//! The flat store of a fixed-size tally per group: one `Vec`, no allocation per group.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, UInt64Array};
use arrow::datatypes::{DataType, Field, Float64Type, UInt64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::fold::{Groups, Rows};
use crate::model::{Part, Tally};

/// How a function reads a batch, what a row does to its tally, and what the tally answers.
pub(crate) trait Fold: std::fmt::Debug + Clone + Send + Sync + 'static {
    /// The state of one group.
    type Tally: Tally;

    /// A batch of arguments, decoded.
    type Batch<'a>;

    /// Decodes a batch; fails on the first value that breaks a rule.
    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>>;

    /// Adds a row; a row that does not count leaves the tally as it is.
    fn add(&self, batch: &Self::Batch<'_>, row: usize, tally: &mut Self::Tally);

    /// Undoes `add`.
    fn remove(&self, batch: &Self::Batch<'_>, row: usize, tally: &mut Self::Tally);

    /// Adds the rows of a whole batch to one tally; worth overriding where a loop vectorises.
    fn add_all(&self, batch: &Self::Batch<'_>, rows: usize, tally: &mut Self::Tally) {
        for row in 0..rows {
            self.add(batch, row, tally);
        }
    }

    /// Adds each row to the tally of its group; worth overriding where the batch is a plain slice.
    fn add_each(&self, batch: &Self::Batch<'_>, of: &[usize], tallies: &mut [Self::Tally]) {
        for (row, &group) in of.iter().enumerate() {
            self.add(batch, row, &mut tallies[group]);
        }
    }

    /// The answers of these tallies.
    fn finish(&self, tallies: &[Self::Tally]) -> Result<ArrayRef>;
}

/// The state columns of a tally.
pub(crate) fn state_fields<T: Tally>() -> Vec<Field> {
    let kind = |part| match part {
        Part::Count => DataType::UInt64,
        Part::Real => DataType::Float64,
    };
    T::parts()
        .into_iter()
        .map(|(name, part)| Field::new(name, kind(part), false))
        .collect()
}

/// The tallies of all groups and the fold that fills them.
#[derive(Debug)]
pub(crate) struct Cells<F: Fold> {
    fold: F,
    tallies: Vec<F::Tally>,
}

impl<F: Fold> Cells<F> {
    pub(crate) fn new(fold: F) -> Self {
        Self {
            fold,
            tallies: Vec::new(),
        }
    }
}

impl<F: Fold> Groups for Cells<F> {
    const WEARS: bool = F::Tally::WEARS;

    fn is_worn(&self) -> bool {
        self.tallies.iter().any(Tally::is_worn)
    }

    fn empty(&self) -> Self {
        Self::new(self.fold.clone())
    }

    fn grow(&mut self, groups: usize) {
        if self.tallies.len() < groups {
            self.tallies.resize(groups, F::Tally::default());
        }
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        let batch = self.fold.read(arguments)?;
        match rows {
            Rows::One => {
                self.grow(1);
                self.fold
                    .add_all(&batch, arguments[0].len(), &mut self.tallies[0]);
            }
            Rows::Each { of, groups } => {
                self.grow(groups);
                self.fold.add_each(&batch, of, &mut self.tallies[..groups]);
            }
        }
        Ok(())
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.grow(1);
        let batch = self.fold.read(arguments)?;
        for row in 0..arguments[0].len() {
            self.fold.remove(&batch, row, &mut self.tallies[0]);
        }
        Ok(())
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        let parts = columns.iter().map(bits).collect::<Result<Vec<_>>>()?;
        let read = |row: usize| F::Tally::of_parts(|index| parts[index][row]);
        match rows {
            Rows::One => {
                self.grow(1);
                for row in 0..columns[0].len() {
                    self.tallies[0].merge(&read(row));
                }
            }
            Rows::Each { of, groups } => {
                self.grow(groups);
                for (row, &group) in of.iter().enumerate() {
                    self.tallies[group].merge(&read(row));
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        Self {
            fold: self.fold.clone(),
            tallies: emit.take_needed(&mut self.tallies),
        }
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let mut columns = StateColumns::<F::Tally>::new(self.tallies.len());
        columns.push(&self.tallies);
        Ok(columns.finish())
    }

    /// In blocks that stay in the first cache: where most groups have one row, this is the work.
    fn each(&self, arguments: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        let batch = self.fold.read(arguments)?;
        let rows = arguments[0].len();
        let mut columns = StateColumns::<F::Tally>::new(rows);
        for start in (0..rows).step_by(BLOCK) {
            let mut block = [F::Tally::default(); BLOCK];
            let block = &mut block[..BLOCK.min(rows - start)];
            for (row, tally) in block.iter_mut().enumerate() {
                self.fold.add(&batch, start + row, tally);
            }
            columns.push(block);
        }
        Ok(columns.finish())
    }

    fn finish(&self) -> Result<ArrayRef> {
        self.fold.finish(&self.tallies)
    }

    fn size(&self) -> usize {
        self.tallies.capacity() * size_of::<F::Tally>()
    }
}

/// Rows whose states are made together.
const BLOCK: usize = 256;

/// The state columns of tallies in the making, each as 64-bit words.
struct StateColumns<T> {
    columns: Vec<Vec<u64>>,
    tally: PhantomData<T>,
}

impl<T: Tally> StateColumns<T> {
    fn new(rows: usize) -> Self {
        Self {
            columns: (0..T::WIDTH).map(|_| Vec::with_capacity(rows)).collect(),
            tally: PhantomData,
        }
    }

    fn push(&mut self, tallies: &[T]) {
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.extend(tallies.iter().map(|tally| tally.part(index)));
        }
    }

    fn finish(self) -> Vec<ArrayRef> {
        let parts = T::parts().into_iter().zip(self.columns);
        parts
            .map(|((_, part), bits)| match part {
                Part::Count => Arc::new(UInt64Array::new(bits.into(), None)) as ArrayRef,
                Part::Real => {
                    let reals: Vec<f64> = bits.into_iter().map(f64::from_bits).collect();
                    Arc::new(Float64Array::new(reals.into(), None))
                }
            })
            .collect()
    }
}

/// The 64-bit words of a state column.
fn bits(column: &ArrayRef) -> Result<Cow<'_, [u64]>> {
    match column.data_type() {
        DataType::UInt64 => Ok(Cow::Borrowed(column.as_primitive::<UInt64Type>().values())),
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>().values();
            Ok(Cow::Owned(
                values.iter().map(|value| value.to_bits()).collect(),
            ))
        }
        other => internal_err!("a state column of type {other}"),
    }
}
