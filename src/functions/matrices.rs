//! Sums and sums of products of several columns, by group: what linear methods need of millions of
//! rows.
//!
//! Here because correlations, alpha, drivers and regressions all read the same state, and because
//! the pass over the rows must be as cheap as the state is small: blocks of complete rows are handed
//! on column by column, whose sums vectorise. Whole numbers give bit-identical answers in any order.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeListArray, Float64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::{Answers, Call};
use crate::functions::values::ValueReader;
use crate::statistics::{CrossProducts, Error, MomentMatrix};

/// Rows of one group in a batch from which on it pays to gather them.
const GATHERED: usize = 16;

/// The matrices of all groups, flat.
#[derive(Debug)]
pub(crate) struct Matrices {
    readers: Arc<[ValueReader]>,
    answers: Answers<Products>,
    cells: Vec<f64>,
}

/// What a group's rows come to.
#[derive(Debug)]
pub(crate) struct Products {
    /// How many rows have all columns.
    pub(crate) n: u64,
    /// An error where values cannot be squared.
    pub(crate) sums: std::result::Result<CrossProducts, Error>,
}

/// The column that keeps the state of so many columns.
pub(crate) fn matrix_state(columns: usize) -> Vec<Field> {
    vec![Field::new(
        "moments",
        list_of(MomentMatrix::parts(columns)),
        false,
    )]
}

fn list_of(parts: usize) -> DataType {
    DataType::FixedSizeList(item(), i32::try_from(parts).unwrap_or(i32::MAX))
}

fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Float64, false))
}

impl Matrices {
    /// The matrices of all arguments of a call, in their order.
    pub(crate) fn new(call: &Call<'_>, answers: Answers<Products>) -> Self {
        let readers = (0..call.len()).map(|place| ValueReader::values(call, place));
        Self {
            readers: readers.collect(),
            answers,
            cells: Vec::new(),
        }
    }

    fn width(&self) -> usize {
        self.readers.len()
    }

    fn parts(&self) -> usize {
        MomentMatrix::parts(self.width())
    }

    fn groups(&self) -> usize {
        self.cells.len() / self.parts()
    }

    fn matrix(&mut self, group: usize) -> MomentMatrix<&mut [f64]> {
        let parts = self.parts();
        MomentMatrix::over(
            self.width(),
            &mut self.cells[group * parts..(group + 1) * parts],
        )
    }

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Vec<&'a Float64Array>> {
        let columns = self.readers.iter().zip(arguments);
        columns
            .map(|(reader, column)| reader.read(column))
            .collect()
    }

    /// Adds the complete rows of one group.
    fn add_rows(&mut self, group: usize, columns: &[&Float64Array], rows: &[usize]) {
        let gather = |column: &&Float64Array| rows.iter().map(|row| column.value(*row)).collect();
        let gathered: Vec<Vec<f64>> = columns.iter().map(gather).collect();
        let slices: Vec<&[f64]> = gathered.iter().map(Vec::as_slice).collect();
        self.matrix(group).add_rows(&slices);
    }

    fn add_each(&mut self, columns: &[&Float64Array], of: &[usize], complete: Option<&NullBuffer>) {
        let is_complete = |row: usize| complete.is_none_or(|nulls| nulls.is_valid(row));
        let mut order: Vec<usize> = (0..of.len()).filter(|row| is_complete(*row)).collect();
        order.sort_by_key(|row| of[*row]);
        for run in order.chunk_by(|a, b| of[*a] == of[*b]) {
            let group = of[run[0]];
            if run.len() >= GATHERED {
                self.add_rows(group, columns, run);
                continue;
            }
            for row in run {
                let values: Vec<f64> = columns.iter().map(|column| column.value(*row)).collect();
                self.matrix(group).add_row(&values);
            }
        }
    }
}

/// Which rows have all columns; none where all have.
fn complete(columns: &[&Float64Array]) -> Option<NullBuffer> {
    let nulls = columns.iter().map(|column| column.nulls());
    let all = nulls.fold(None, |all, nulls| NullBuffer::union(all.as_ref(), nulls));
    all.filter(|nulls| nulls.null_count() > 0)
}

impl Groups for Matrices {
    const WEARS: bool = true;

    fn is_worn(&self) -> bool {
        let mut states = self.cells.chunks_exact(self.parts());
        states.any(|cells| MomentMatrix::over(self.width(), cells).is_worn())
    }

    fn empty(&self) -> Self {
        Self {
            readers: Arc::clone(&self.readers),
            answers: self.answers.clone(),
            cells: Vec::new(),
        }
    }

    fn grow(&mut self, groups: usize) {
        let needed = groups * self.parts();
        if self.cells.len() < needed {
            self.cells.resize(needed, 0.0);
        }
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let columns = self.read(arguments)?;
        let complete = complete(&columns);
        match (rows, &complete) {
            (Rows::One, None) => {
                let slices: Vec<&[f64]> =
                    columns.iter().map(|column| &column.values()[..]).collect();
                self.matrix(0).add_rows(&slices);
            }
            (Rows::One, Some(nulls)) => {
                self.add_rows(0, &columns, &nulls.valid_indices().collect::<Vec<_>>())
            }
            (Rows::Each { of, .. }, _) => self.add_each(&columns, of, complete.as_ref()),
        }
        Ok(())
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.grow(1);
        let columns = self.read(arguments)?;
        for row in 0..arguments[0].len() {
            if columns.iter().all(|column| column.is_valid(row)) {
                let values: Vec<f64> = columns.iter().map(|column| column.value(row)).collect();
                self.matrix(0).remove_row(&values);
            }
        }
        Ok(())
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let (width, parts) = (self.width(), self.parts());
        let states = columns[0].as_fixed_size_list();
        let cells = states.values().as_primitive::<Float64Type>();
        if cells.len() != states.len() * parts {
            return exec_err!("a saved state of {} numbers a group", states.value_length());
        }
        for row in 0..states.len() {
            let saved = MomentMatrix::over(width, &cells.values()[row * parts..(row + 1) * parts]);
            self.matrix(rows.group(row)).merge(&saved);
        }
        Ok(())
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        let mut taken = self.empty();
        let cells = match emit {
            EmitTo::All => self.cells.len(),
            EmitTo::First(groups) => groups * self.parts(),
        };
        let rest = self.cells.split_off(cells);
        taken.cells = std::mem::replace(&mut self.cells, rest);
        taken
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let cells = Float64Array::from(self.cells.clone());
        let parts = i32::try_from(self.parts()).unwrap_or(i32::MAX);
        let list = FixedSizeListArray::try_new(item(), parts, Arc::new(cells), None)?;
        Ok(vec![Arc::new(list)])
    }

    fn finish(&self) -> Result<ArrayRef> {
        let (width, parts) = (self.width(), self.parts());
        let states = self.cells.chunks_exact(parts);
        let products = states.map(|cells| {
            let matrix = MomentMatrix::over(width, cells);
            Products {
                n: matrix.n(),
                sums: matrix.cross_products(),
            }
        });
        let products: Vec<Products> = products.take(self.groups()).collect();
        self.answers.of(&products)
    }

    fn size(&self) -> usize {
        8 * self.cells.capacity()
    }
}
