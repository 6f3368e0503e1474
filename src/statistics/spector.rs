//! The data of Spector & Mazzeo (1980), J. Economic Education 11, as Greene (2003, table F21.1)
//! prints them: what logistic fits and their comparisons are tested on.

use super::table::Table;

/// Whether the grade rose, the grade point average, a test score, and whether the new method
/// (PSI) was used.
const ROWS: [[f64; 4]; 32] = [
    [0.0, 2.06, 22.0, 1.0],
    [0.0, 2.63, 20.0, 0.0],
    [0.0, 2.66, 20.0, 0.0],
    [0.0, 2.67, 24.0, 1.0],
    [0.0, 2.74, 19.0, 0.0],
    [0.0, 2.75, 25.0, 0.0],
    [0.0, 2.76, 17.0, 0.0],
    [0.0, 2.83, 19.0, 0.0],
    [0.0, 2.86, 17.0, 0.0],
    [0.0, 2.87, 21.0, 0.0],
    [0.0, 2.89, 14.0, 1.0],
    [0.0, 2.89, 22.0, 0.0],
    [0.0, 2.92, 12.0, 0.0],
    [0.0, 3.03, 25.0, 0.0],
    [0.0, 3.1, 21.0, 1.0],
    [0.0, 3.12, 23.0, 1.0],
    [0.0, 3.28, 24.0, 0.0],
    [0.0, 3.32, 23.0, 0.0],
    [0.0, 3.51, 26.0, 1.0],
    [0.0, 3.53, 26.0, 0.0],
    [0.0, 3.57, 23.0, 0.0],
    [1.0, 2.39, 19.0, 1.0],
    [1.0, 2.83, 27.0, 1.0],
    [1.0, 3.16, 25.0, 1.0],
    [1.0, 3.26, 25.0, 0.0],
    [1.0, 3.39, 17.0, 1.0],
    [1.0, 3.54, 24.0, 1.0],
    [1.0, 3.62, 28.0, 1.0],
    [1.0, 3.65, 21.0, 1.0],
    [1.0, 3.92, 29.0, 0.0],
    [1.0, 4.0, 21.0, 0.0],
    [1.0, 4.0, 23.0, 1.0],
];

/// The grade and some of the columns 1 to 3.
pub(super) fn spector(columns: &[usize]) -> Table {
    let mut all = vec![0];
    all.extend(columns);
    Table::of(4, ROWS.iter().map(|row| (row, 1))).select(&all)
}
