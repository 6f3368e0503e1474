//! A result as what can be drawn: labels, numbers, and the parts that its rows are of.

use arrow::array::{Array, ArrayRef, AsArray, UInt64Array};
use arrow::compute::{SortColumn, cast, concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Float64Type, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

use crate::engine::MOST_CONCEPTS;
use crate::error::{Error, Result};
use crate::interfaces::output::{cut, escape};

/// Columns of a label.
const LABEL: usize = 28;

/// A column of numbers.
pub(super) type Series = (String, Vec<Option<f64>>);

/// A result as labels and numbers.
pub(super) struct Drawing {
    /// What each row is of: its time, or its texts together.
    pub(super) labels: Option<Vec<String>>,
    /// Whether the labels are times; the rows are in their order then.
    pub(super) is_over_time: bool,
    pub(super) series: Vec<Series>,
    /// Whether each of the series is the part of a dimension.
    pub(super) is_parted: bool,
    /// What tells rows of one time apart.
    parts: Option<Parts>,
}

/// The texts beside a time, together.
struct Parts {
    name: String,
    of_row: Vec<String>,
}

impl Drawing {
    /// Labels and one series.
    pub(super) fn of(labels: Vec<String>, series: Series) -> Self {
        Self {
            labels: Some(labels),
            is_over_time: false,
            series: vec![series],
            is_parted: false,
            parts: None,
        }
    }

    /// What a result holds; over time its rows are put into the order of time.
    ///
    /// # Errors
    /// [`Error::Usage`] for a result without rows or numbers.
    pub(super) fn read(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Self> {
        let failed = |error: ArrowError| Error::Data(error.to_string());
        let rows = concat_batches(schema, batches).map_err(failed)?;
        if rows.num_rows() == 0 {
            return Err(Error::Usage("the last result has no rows to draw".into()));
        }
        let time = rows.columns().iter().find(|column| is_label(column));
        let time = time.filter(|column| column.data_type().is_temporal());
        let is_over_time = time.is_some();
        let rows = match time.cloned() {
            Some(time) => in_order(&rows, time).map_err(failed)?,
            None => rows,
        };
        let mut series: Vec<Series> = Vec::new();
        let mut texts: Vec<(String, Vec<String>)> = Vec::new();
        for (field, column) in schema.fields().iter().zip(rows.columns()) {
            let name = escape(field.name()).into_owned();
            if column.data_type().is_numeric() {
                let numbers = cast(column, &DataType::Float64).map_err(failed)?;
                let numbers = numbers.as_primitive::<Float64Type>().iter();
                let finite = numbers.map(|number| number.filter(|number| number.is_finite()));
                series.push((name, finite.collect()));
            } else if is_label(column) {
                texts.push((name, written(column).map_err(failed)?));
            }
        }
        let has_number = |(_, values): &Series| values.iter().flatten().next().is_some();
        if !series.iter().any(has_number) {
            return Err(Error::Usage(
                "the last result has no numbers to draw; \\chart wants a column of them".into(),
            ));
        }
        let mut texts = texts.into_iter();
        let first = match is_over_time {
            true => texts.next().map(|(_, labels)| labels),
            false => None,
        };
        let parts = together(texts);
        let (labels, parts) = match first {
            Some(times) => (Some(times), parts),
            None => (parts.map(|parts| parts.of_row), None),
        };
        Ok(Self {
            labels,
            is_over_time,
            series,
            is_parted: false,
            parts,
        })
    }

    /// The rows with their time and their texts together as labels.
    pub(super) fn with_all_labels(mut self) -> Self {
        if let (Some(times), Some(parts)) = (&mut self.labels, self.parts.take()) {
            for (time, part) in times.iter_mut().zip(parts.of_row) {
                *time = format!("{time} {part}");
            }
        }
        self
    }

    /// Rows of several parts a time, as a series a part over the times.
    ///
    /// # Errors
    /// [`Error::Usage`] for more parts than a person tells apart, and for rows of one time that
    /// nothing tells apart.
    pub(super) fn by_parts(self) -> Result<Self> {
        let (Some(labels), true) = (&self.labels, self.is_over_time) else {
            return Ok(self);
        };
        let mut times: Vec<&String> = labels.iter().collect();
        times.dedup();
        if times.len() == labels.len() {
            return Ok(self);
        }
        let Some(parts) = &self.parts else {
            return Err(Error::Usage(
                "several rows are of one time; select the dimension beside it, or \\chart bar"
                    .into(),
            ));
        };
        let mut names: Vec<&String> = parts.of_row.iter().collect();
        names.sort();
        names.dedup();
        if names.len() > MOST_CONCEPTS {
            return Err(Error::Usage(format!(
                "{} has {} values, and a chart shows at most {MOST_CONCEPTS}: keep some with WHERE, or \
                 \\chart bar draws one time",
                parts.name,
                names.len(),
            )));
        }
        let (_, values) = &self.series[0];
        let mut series: Vec<Series> = names
            .iter()
            .map(|name| ((*name).clone(), vec![None; times.len()]))
            .collect();
        let mut is_filled = vec![vec![false; times.len()]; names.len()];
        let mut time = 0;
        for (row, value) in values.iter().enumerate() {
            while times[time] != &labels[row] {
                time += 1;
            }
            let name = names.binary_search(&&parts.of_row[row]).unwrap_or(0);
            if std::mem::replace(&mut is_filled[name][time], true) {
                return Err(Error::Usage(format!(
                    "several rows are of {} {}; select what tells them apart, or \\chart bar",
                    labels[row], parts.of_row[row]
                )));
            }
            series[name].1[time] = *value;
        }
        Ok(Self {
            labels: Some(times.into_iter().cloned().collect()),
            is_over_time: true,
            series,
            is_parted: true,
            parts: None,
        })
    }

    /// Each of the series by itself.
    pub(super) fn apart(self) -> impl Iterator<Item = Self> {
        let labels = self.labels;
        self.series.into_iter().map(move |series| Self {
            labels: labels.clone(),
            is_over_time: true,
            series: vec![series],
            is_parted: false,
            parts: None,
        })
    }
}

/// Whether a column can say what a row is of.
fn is_label(column: &ArrayRef) -> bool {
    let kind = column.data_type();
    !kind.is_numeric() && !kind.is_nested() && kind != &DataType::Boolean
}

/// The rows in the order of time; those of one time as they were.
fn in_order(rows: &RecordBatch, time: ArrayRef) -> Result<RecordBatch, ArrowError> {
    let column = |values| SortColumn {
        values,
        options: None,
    };
    let places = UInt64Array::from_iter_values(0..rows.num_rows() as u64);
    let order = lexsort_to_indices(&[column(time), column(std::sync::Arc::new(places))], None)?;
    take_record_batch(rows, &order)
}

/// The texts of all columns, joined row by row.
fn together(texts: impl Iterator<Item = (String, Vec<String>)>) -> Option<Parts> {
    texts
        .map(|(name, of_row)| Parts { name, of_row })
        .reduce(|one, other| Parts {
            name: format!("{}, {}", one.name, other.name),
            of_row: one
                .of_row
                .iter()
                .zip(&other.of_row)
                .map(|(one, other)| format!("{one} · {other}"))
                .collect(),
        })
}

fn written(column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
    let text = |row| match column.is_null(row) {
        true => Ok("NULL".to_owned()),
        false => array_value_to_string(column, row).map(|text| label(&text)),
    };
    (0..column.len()).map(text).collect()
}

/// A label of one line; midnight adds nothing to a date.
fn label(text: &str) -> String {
    let text = text.strip_suffix("Z").unwrap_or(text);
    let text = text.strip_suffix("T00:00:00").unwrap_or(text);
    cut(&escape(text), LABEL).into_owned()
}
