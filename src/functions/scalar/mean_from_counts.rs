//! `mean_from_counts(counts, min)` → Float64: the mean score of stored counts whose first count is
//! that of the point `min`.
//!
//! NULL, or counts that are all 0, give NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::counts::read_counts;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Mean score from stored counts per point.",
    syntax_example = "mean_from_counts(counts, min)",
    sql_example = "SELECT mean_from_counts(score_counts(ces, 1, 7), 1) AS ces FROM responses",
    argument(
        name = "counts",
        description = "Counts per point, as score_counts makes them."
    ),
    argument(
        name = "min",
        description = "The point that the first count belongs to."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct MeanFromCounts;

impl Row for MeanFromCounts {
    const NAME: &'static str = "mean_from_counts";
    const PARAMETERS: &'static [Parameter] = &[
        required("counts", Kind::Counts),
        required("min", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let mins = columns[1].as_primitive::<Int64Type>();
        let min = |row: usize| mins.is_valid(row).then(|| mins.value(row));
        let rows = read_counts(&columns[0]).into_iter().enumerate();
        let values = rows.map(|(row, counts)| mean(&counts?, min(row)?));
        Ok(Arc::new(values.collect::<Float64Array>()))
    }
}

/// Sums in integers, so that the mean is the exact one rounded once.
#[expect(clippy::cast_precision_loss, reason = "rounded once, at the end")]
fn mean(counts: &[u64], min: i64) -> Option<f64> {
    let n: u64 = counts.iter().sum();
    let points = i128::from(min)..;
    let sum: i128 = points
        .zip(counts)
        .map(|(point, count)| point * i128::from(*count))
        .sum();
    (n > 0).then(|| sum as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use super::MeanFromCounts;
    use crate::functions::tester::{NULL, constant, ints, lists, values};

    #[test]
    fn the_first_count_is_that_of_the_lowest_point() {
        let counts = lists(&[&[1, 0, 1], &[0; 3], &[], &[0, 0, 4]]);
        let found = values::<MeanFromCounts>(&[counts.clone(), constant(1_i64)]).unwrap();
        assert_eq!(found, ["2.0", "NULL", "NULL", "3.0"]);
        let found = values::<MeanFromCounts>(&[counts, ints(&[-1, 0, 0, NULL])]).unwrap();
        assert_eq!(found, ["0.0", "NULL", "NULL", "NULL"]);
    }
}
