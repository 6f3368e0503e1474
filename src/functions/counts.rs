//! Lists of score counts as the `…_from_counts` functions read them.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::UInt64Type;
use datafusion::common::{Result, exec_err};

use crate::model::NpsTally;

/// The counts of each row, lowest point first; `None` for NULL. A NULL count is 0.
pub(crate) fn read_counts(column: &ArrayRef) -> Vec<Option<Vec<u64>>> {
    let lists = column.as_list::<i32>();
    let counts = |row: usize| {
        let list = lists.value(row);
        let list = list.as_primitive::<UInt64Type>();
        list.iter().map(Option::unwrap_or_default).collect()
    };
    (0..lists.len())
        .map(|row| lists.is_valid(row).then(|| counts(row)))
        .collect()
}

/// Eleven counts as answers on 0–10.
pub(crate) fn nps_tally(function: &str, counts: &[u64]) -> Result<NpsTally> {
    let Ok(points) = <&[u64; 11]>::try_from(counts) else {
        return exec_err!(
            "{function}: {} counts given, but 0–10 has 11 points; write score_counts(score, 0, 10)",
            counts.len()
        );
    };
    Ok(NpsTally {
        n: points.iter().sum(),
        detractors: points[..7].iter().sum(),
        promoters: points[9..].iter().sum(),
    })
}
