//! `quantile_from_counts(counts, share, min)` → Float64: a quantile of the scores behind stored
//! counts, whose first count is that of the point `min`.
//!
//! Exact, linear between neighbours: type 7 of Hyndman & Fan (1996), as R and NumPy by default.
//! NULL, or counts that are all 0, give NULL; a share outside 0–1 is an error.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::counts::read_counts;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::statistics::quantile_of_counts;

#[user_doc(
    doc_section(label = "KPI"),
    description = "A quantile of the scores behind stored counts per point: exact, whatever the number of answers.",
    syntax_example = "quantile_from_counts(counts, share, min)",
    sql_example = "SELECT quantile_from_counts(score_counts(nps, 0, 10), 0.5, 0) AS median FROM responses",
    argument(
        name = "counts",
        description = "Counts per point, as score_counts makes them."
    ),
    argument(
        name = "share",
        description = "Which quantile, from 0 to 1; 0.5 is the median."
    ),
    argument(
        name = "min",
        description = "The point that the first count belongs to."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct QuantileFromCounts;

impl Row for QuantileFromCounts {
    const NAME: &'static str = "quantile_from_counts";
    const PARAMETERS: &'static [Parameter] = &[
        required("counts", Kind::Counts),
        required("share", Kind::Number),
        required("min", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Float64
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let shares = columns[1].as_primitive::<Float64Type>();
        let mins = columns[2].as_primitive::<Int64Type>();
        let wrong = shares
            .iter()
            .flatten()
            .find(|share| !(0.0..=1.0).contains(share));
        if let Some(share) = wrong {
            return exec_err!(
                "quantile_from_counts: share {share} is outside 0–1; 0.5 is the median"
            );
        }
        let rows = read_counts(&columns[0]).into_iter().enumerate();
        let values = rows.map(|(row, counts)| {
            let is_known = shares.is_valid(row) && mins.is_valid(row);
            let above = quantile_of_counts(&counts?, is_known.then(|| shares.value(row))?)?;
            #[expect(clippy::cast_precision_loss, reason = "a point of a scale")]
            Some(above + mins.value(row) as f64)
        });
        Ok(Arc::new(values.collect::<Float64Array>()))
    }
}

#[cfg(test)]
mod tests {
    use super::QuantileFromCounts;
    use crate::functions::tester::{constant, lists, values};

    #[test]
    fn the_median_lies_between_neighbours() {
        let counts = lists(&[&[2, 0, 2], &[0; 3], &[], &[0, 0, 4]]);
        let ask = |share: f64| {
            values::<QuantileFromCounts>(&[counts.clone(), constant(share), constant(1_i64)])
        };
        assert_eq!(ask(0.5).unwrap(), ["2.0", "NULL", "NULL", "3.0"]);
        assert_eq!(ask(0.0).unwrap(), ["1.0", "NULL", "NULL", "3.0"]);
        assert!(ask(2.0).is_err());
    }
}
