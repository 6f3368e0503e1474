//! Tables whose column 0 is an outcome: whether it has two values, and who has which score.

use super::discrimination::{Cell, Level};
use super::table::Table;

/// Which way a KPI goes with the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The more of the one, the more of the other.
    Positive,
    /// The more of the one, the less of the other.
    Negative,
}

/// Whether the outcome is 0 or 1 in every row.
pub(super) fn is_two_valued(table: &Table) -> bool {
    table
        .rows()
        .all(|(row, _)| [0.0_f64, 1.0].iter().any(|x| x.total_cmp(&row[0]).is_eq()))
}

/// Whether a column has more than one value.
pub(super) fn varies(table: &Table, column: usize) -> bool {
    let mut values = table.rows().map(|(row, _)| row[column]);
    let first = values.next();
    values.any(|value| first.is_some_and(|first| first.total_cmp(&value).is_ne()))
}

/// The values of a column in the order of strength: ascending, or descending where the column goes
/// against the outcome.
pub(super) struct Scores {
    values: Vec<f64>,
    direction: Direction,
}

impl Scores {
    pub(super) fn of(table: &Table, column: usize, direction: Direction) -> Self {
        let values = table.margin(column).into_iter().map(|(value, _)| value);
        Self {
            values: values.collect(),
            direction,
        }
    }

    /// The place of a value, from 0.
    pub(super) fn place(&self, value: f64) -> usize {
        let place = self.values.partition_point(|other| *other < value);
        match self.direction {
            Direction::Positive => place,
            Direction::Negative => self.values.len() - 1 - place,
        }
    }
}

/// Who has which value of a column, where the outcome is 0 or 1.
pub(super) fn levels(table: &Table, column: usize, direction: Direction) -> Vec<Level> {
    let scores = Scores::of(table, column, direction);
    let mut levels = vec![Level::default(); scores.values.len()];
    for (row, count) in table.rows() {
        let level = &mut levels[scores.place(row[column])];
        level.cases += level_of(row, count).cases;
        level.controls += level_of(row, count).controls;
    }
    levels
}

/// Who has which values of two columns, where the outcome is 0 or 1.
pub(super) fn cells(table: &Table, columns: [(usize, Direction); 2]) -> Vec<Cell> {
    let [(a, _), (b, _)] = columns;
    let [of_a, of_b] = columns.map(|(column, way)| Scores::of(table, column, way));
    let cell = |(row, count): (&[f64], u64)| Cell {
        a: of_a.place(row[a]),
        b: of_b.place(row[b]),
        level: level_of(row, count),
    };
    table.rows().map(cell).collect()
}

fn level_of(row: &[f64], count: u64) -> Level {
    let (cases, controls) = if row[0] > 0.5 { (count, 0) } else { (0, count) };
    Level { cases, controls }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let rows = [
            ([0.0, 1.0, 7.0], 4),
            ([0.0, 5.0, 7.0], 2),
            ([1.0, 3.0, 7.0], 1),
            ([1.0, 5.0, 7.0], 6),
        ];
        Table::of(3, rows)
    }

    #[test]
    fn what_is_known_of_columns() {
        assert!(is_two_valued(&table()) && is_two_valued(&Table::new(2)));
        assert!(!is_two_valued(&Table::of(1, [([0.5], 1)])));
        assert!(varies(&table(), 0) && varies(&table(), 1) && !varies(&table(), 2));
        assert!(!varies(&Table::new(1), 0));
    }

    #[test]
    fn levels_in_both_directions() {
        let level = |cases, controls| Level { cases, controls };
        let up = [level(0, 4), level(1, 0), level(6, 2)];
        assert_eq!(levels(&table(), 1, Direction::Positive), up);
        let down = [level(6, 2), level(1, 0), level(0, 4)];
        assert_eq!(levels(&table(), 1, Direction::Negative), down);
    }

    #[test]
    fn cells_have_a_place_in_each() {
        let cells = cells(
            &table(),
            [(1, Direction::Negative), (2, Direction::Positive)],
        );
        let places: Vec<(usize, usize)> = cells.iter().map(|cell| (cell.a, cell.b)).collect();
        assert_eq!(places, [(2, 0), (0, 0), (1, 0), (0, 0)]);
        assert_eq!(cells[3].level.cases, 6);
    }
}
