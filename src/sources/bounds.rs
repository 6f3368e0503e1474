//! What a file's statistics say about the columns of the table, so that DataFusion prunes files
//! and answers counts and bounds without reading.

use arrow::datatypes::Schema;
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};

/// What a file's own statistics say about the columns of the table. Bounds are taken over only
/// where the types are the same; a column that the file lacks is NULL throughout.
pub(super) fn statistics(
    known: &Statistics,
    file: &Schema,
    table: &Schema,
    partitions: &[ScalarValue],
) -> Statistics {
    let of_files = table.fields().len() - partitions.len();
    let mut columns: Vec<_> = table.fields()[..of_files]
        .iter()
        .map(|field| match file.column_with_name(field.name()) {
            Some((at, found)) if found.data_type() == field.data_type() => {
                known.column_statistics[at].clone()
            }
            Some((at, _)) => ColumnStatistics {
                null_count: known.column_statistics[at].null_count,
                ..ColumnStatistics::new_unknown()
            },
            None => ColumnStatistics {
                null_count: known.num_rows,
                ..ColumnStatistics::new_unknown()
            },
        })
        .collect();
    columns.extend(
        partitions
            .iter()
            .map(|value| of_partition(value, known.num_rows)),
    );
    Statistics {
        num_rows: known.num_rows,
        total_byte_size: known.total_byte_size,
        column_statistics: columns,
    }
}

fn of_partition(value: &ScalarValue, rows: Precision<usize>) -> ColumnStatistics {
    if value.is_null() {
        return ColumnStatistics {
            null_count: rows,
            ..ColumnStatistics::new_unknown()
        };
    }
    ColumnStatistics {
        null_count: Precision::Exact(0),
        min_value: Precision::Exact(value.clone()),
        max_value: Precision::Exact(value.clone()),
        distinct_count: Precision::Exact(1),
        ..ColumnStatistics::new_unknown()
    }
}
