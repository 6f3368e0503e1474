//! Answers of our own statements as values by column.

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array, ListArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Float64Type};
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;
use std::sync::Arc;

use crate::engine::{Answer, Engine};
use crate::error::{Error, Result};

/// Rows with their columns by name.
#[derive(Debug, Clone)]
pub(super) struct Records(pub(super) RecordBatch);

impl Records {
    /// All rows of a statement.
    pub(super) async fn of(engine: &Engine, sql: &str) -> Result<Self> {
        Self::read(engine.run(sql, &[]).await?).await
    }

    async fn read(answer: Answer) -> Result<Self> {
        let schema = answer.schema();
        let batches = answer.collect().await.map_err(with_place)?;
        concat_batches(&schema, &batches)
            .map(Self)
            .map_err(|error| internal(&error))
    }

    pub(super) fn count(&self) -> usize {
        self.0.num_rows()
    }

    /// A text; `None` for NULL and for a column that is not there.
    pub(super) fn text(&self, row: usize, column: &str) -> Option<String> {
        let array = self.0.column_by_name(column)?;
        let is_there = array.is_valid(row);
        is_there.then(|| array_value_to_string(array, row).ok())?
    }

    /// A number; `None` for NULL and for a column that is not there.
    pub(super) fn number(&self, row: usize, column: &str) -> Option<f64> {
        let array = cast(self.0.column_by_name(column)?, &DataType::Float64).ok()?;
        let numbers = array.as_primitive::<Float64Type>();
        numbers.is_valid(row).then(|| numbers.value(row))
    }

    /// A count.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are whole and not below 0"
    )]
    pub(super) fn count_of(&self, row: usize, column: &str) -> u64 {
        self.number(row, column).unwrap_or(0.0) as u64
    }

    /// The records of a LIST in the first row, or the record of a STRUCT; no records of NULL.
    pub(super) fn nested(&self, column: &str) -> Result<Self> {
        let array = self.0.column_by_name(column);
        let array = array.ok_or_else(|| Error::Internal(format!("no column {column}")))?;
        let records = match array.as_list_opt::<i32>() {
            Some(lists) if lists.is_empty() || lists.is_null(0) => lists.values().slice(0, 0),
            Some(lists) => lists.value(0),
            None => array.slice(0, usize::from(!array.is_empty() && array.is_valid(0))),
        };
        let records = records.as_struct_opt();
        let records = records.ok_or_else(|| Error::Internal(format!("{column} has no fields")))?;
        Ok(Self(RecordBatch::from(records)))
    }

    /// The same records with a further column of numbers.
    pub(super) fn with(
        self,
        name: &str,
        numbers: Vec<Option<f64>>,
        kind: &DataType,
    ) -> Result<Self> {
        let column = cast(&Float64Array::from(numbers), kind).map_err(|error| internal(&error))?;
        let mut fields = self.0.schema().fields().to_vec();
        fields.push(Arc::new(Field::new(name, kind.clone(), true)));
        let columns = self.0.columns().iter().cloned().chain([column]).collect();
        let schema = Arc::new(arrow::datatypes::Schema::new(fields));
        RecordBatch::try_new(schema, columns)
            .map(Self)
            .map_err(|error| internal(&error))
    }

    /// Some of the columns, those in which something stands.
    pub(super) fn columns(&self, names: &[&str]) -> Result<RecordBatch> {
        let schema = self.0.schema();
        let places: Vec<usize> = names
            .iter()
            .filter_map(|name| schema.index_of(name).ok())
            .filter(|place| {
                let column = self.0.column(*place);
                column.is_empty() || column.null_count() < column.len()
            })
            .collect();
        self.0.project(&places).map_err(|error| internal(&error))
    }

    /// The records with four digits of each number, which is what a page shows.
    pub(super) fn for_the_eye(self) -> Result<RecordBatch> {
        let columns =
            self.0
                .columns()
                .iter()
                .map(|column| match column.as_primitive_opt::<Float64Type>() {
                    Some(numbers) => {
                        Arc::new(numbers.unary::<_, Float64Type>(four_digits)) as ArrayRef
                    }
                    None => Arc::clone(column),
                });
        RecordBatch::try_new(self.0.schema(), columns.collect()).map_err(|error| internal(&error))
    }

    /// All records as one LIST of STRUCT, of one row.
    pub(super) fn into_list(self) -> ArrayRef {
        let records = StructArray::from(self.0);
        let field = Arc::new(Field::new("item", records.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths([records.len()]);
        Arc::new(ListArray::new(field, offsets, Arc::new(records), None))
    }
}

pub(super) fn internal(error: &arrow::error::ArrowError) -> Error {
    Error::Internal(format!("an answer of our own: {error}"))
}

/// A score off its scale is put right where latido.yaml names the column.
fn with_place(error: Error) -> Error {
    match error {
        Error::Data(text) if text.starts_with("on_scale: ") => Error::Data(format!(
            "{text}, or for all questions null_when under tables.….columns of latido.yaml"
        )),
        other => other,
    }
}

/// A number with four digits.
fn four_digits(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}
