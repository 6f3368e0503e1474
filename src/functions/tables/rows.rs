//! The state of each row by itself.
//!
//! Where nearly every row is a group of its own, grouping them first is not worth while, and DataFusion
//! asks for the states of single rows: so many that a store for each would cost more than all else.

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::Tables;
use super::cell::{Column, Key};
use super::coding::MISSING;
use super::saved::Writer;
use crate::functions::fold::Groups;

impl Tables {
    /// The saved states that the rows of a batch would have in groups of their own.
    pub(super) fn each_row(&self, arguments: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        let mut fresh = self.empty();
        let batch = fresh.read_all(arguments)?;
        let rows = batch.first().map_or(0, Column::len);
        let mut writer = Writer::new(rows);
        let mut words = Vec::new();
        for row in 0..rows {
            for (coder, column) in fresh.coders.iter().zip(&batch) {
                writer.value(coder, column.code(row));
            }
            for part in &fresh.parts {
                let columns = || part.columns.iter().map(|column| &batch[*column]);
                if columns().any(|column| column.is_missing(row)) {
                    writer.cells(&[])?;
                    continue;
                }
                words.clear();
                words.extend(columns().filter_map(|column| column.word(row)));
                // The only value of a column has the first code.
                let codes = columns().map(|column| MISSING + u8::from(column.code(row) != MISSING));
                writer.cell_of_row(Key::new(0, codes), &words);
            }
            writer.end_group();
        }
        Ok(writer.finish())
    }
}
