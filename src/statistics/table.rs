//! Tables of counts: distinct rows of values and how often each occurred.
//!
//! A KPI lives on few points, so millions of answers are a few hundred distinct rows; every method
//! that weighs KPIs against an outcome is a function of these counts. Rows are in ascending order,
//! which makes each answer the same to the last bit in whatever order the answers came.

/// Distinct rows of finite values, in ascending order of their first value, then their second, and
/// so on, each with how often it occurred.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    width: usize,
    values: Vec<f64>,
    counts: Vec<u64>,
    n: u64,
}

impl Table {
    /// A table without rows, of so many columns (one at least).
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width: width.max(1),
            values: Vec::new(),
            counts: Vec::new(),
            n: 0,
        }
    }

    /// A table of rows in any order, each with its count; the same row may come more than once.
    #[must_use]
    pub fn of<R: AsRef<[f64]>>(width: usize, rows: impl IntoIterator<Item = (R, u64)>) -> Self {
        let mut rows: Vec<(R, u64)> = rows.into_iter().collect();
        rows.sort_by(|(a, _), (b, _)| order(a.as_ref(), b.as_ref()));
        let mut table = Self::new(width);
        for (row, count) in rows {
            table.push(row.as_ref(), count);
        }
        table
    }

    /// A table of rows one behind the other, in any order, and their counts. Rows that are in order,
    /// or in runs that are, are not sorted again.
    ///
    /// # Panics
    /// When there are not as many rows as counts.
    #[must_use]
    pub fn of_parts(width: usize, values: Vec<f64>, counts: Vec<u64>) -> Self {
        assert_eq!(values.len(), width * counts.len(), "a count for each row");
        let mut values = values;
        values.iter_mut().for_each(|value| *value += 0.0); // −0 is 0
        let row = |place: usize| &values[place * width..(place + 1) * width];
        let n = counts.iter().sum();
        let is_rising = (1..counts.len()).all(|place| order(row(place - 1), row(place)).is_lt());
        if is_rising && !counts.contains(&0) {
            return Self {
                width,
                values,
                counts,
                n,
            };
        }
        let mut places: Vec<usize> = (0..counts.len()).collect();
        places.sort_by(|a, b| order(row(*a), row(*b)));
        let mut table = Self::new(width);
        table.values.reserve(values.len());
        table.counts.reserve(counts.len());
        for place in places {
            table.push(row(place), counts[place]);
        }
        table
    }

    /// Adds a row that comes behind the last or is the same; a count of 0 is no row.
    ///
    /// # Panics
    /// When the row has another width, or comes before the last.
    pub fn push(&mut self, row: &[f64], count: u64) {
        assert_eq!(row.len(), self.width, "a row is as wide as its table");
        if count == 0 {
            return;
        }
        self.n += count;
        if let Some(last) = self.values.len().checked_sub(self.width) {
            match order(&self.values[last..], row) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => {
                    if let Some(same) = self.counts.last_mut() {
                        *same += count;
                    }
                    return;
                }
                std::cmp::Ordering::Greater => unreachable!("rows come in ascending order"),
            }
        }
        // −0 is 0, so that both are one row.
        self.values.extend(row.iter().map(|value| value + 0.0));
        self.counts.push(count);
    }

    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many distinct rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many rows in all.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The distinct rows with their counts, in ascending order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&[f64], u64)> + Clone {
        let rows = self.values.chunks_exact(self.width);
        rows.zip(self.counts.iter().copied())
    }

    /// How often each value of one column occurred, in ascending order.
    #[must_use]
    pub fn margin(&self, column: usize) -> Vec<(f64, u64)> {
        let mut margin: Vec<(f64, u64)> = self.rows().map(|(row, n)| (row[column], n)).collect();
        margin.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        margin.dedup_by(|(later, more), (first, n)| {
            let is_same = later.total_cmp(first).is_eq();
            *n += if is_same { *more } else { 0 };
            is_same
        });
        margin
    }

    /// The table of some of its columns, in this order.
    #[must_use]
    pub fn select(&self, columns: &[usize]) -> Self {
        let pick = |row: &[f64]| {
            columns
                .iter()
                .map(|column| row[*column])
                .collect::<Vec<f64>>()
        };
        Self::of(columns.len(), self.rows().map(|(row, n)| (pick(row), n)))
    }
}

/// Rows by their first value, then their second, and so on; −0 is 0.
fn order(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    let pairs = a.iter().zip(b);
    let orders = pairs.map(|(a, b)| (a + 0.0).total_cmp(&(b + 0.0)));
    orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_is_one_and_zero_has_no_sign() {
        let table = Table::of(2, [([1.0, 0.0], 2), ([0.0, 5.0], 1), ([1.0, -0.0], 3)]);
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows, [(&[0.0, 5.0][..], 1), (&[1.0, 0.0][..], 5)]);
        assert_eq!((table.n(), table.len(), table.width()), (6, 2, 2));
        assert!(Table::of::<[f64; 1]>(1, []).is_empty());
        let mut signed = [([-0.0, 5.0], 1), ([0.0, 3.0], 2)];
        for _ in 0..2 {
            let table = Table::of(2, signed);
            let rows: Vec<_> = table.rows().collect();
            assert_eq!(rows, [(&[0.0, 3.0][..], 2), (&[0.0, 5.0][..], 1)]);
            signed.reverse();
        }
        let alone = Table::of(1, [([-0.0], 1)]);
        assert!(alone.rows().next().unwrap().0[0].is_sign_positive());
    }

    #[test]
    fn parts_are_put_in_order() {
        let sorted = Table::of_parts(2, vec![0.0, 5.0, 1.0, 2.0], vec![1, 4]);
        let turned = Table::of_parts(
            2,
            vec![1.0, 2.0, 0.0, 5.0, 1.0, 2.0, 9.0, 9.0],
            vec![3, 1, 1, 0],
        );
        assert_eq!(sorted, turned);
        let rows: Vec<_> = sorted.rows().collect();
        assert_eq!(rows, [(&[0.0, 5.0][..], 1), (&[1.0, 2.0][..], 4)]);
        let signed = Table::of_parts(1, vec![-0.0, 1.0], vec![2, 1]);
        assert!(signed.rows().next().unwrap().0[0].is_sign_positive());
        assert_eq!(sorted.n(), 5);
    }

    #[test]
    fn margins_and_selections_keep_every_row() {
        let table = Table::of(2, [([1.0, 4.0], 2), ([2.0, 3.0], 1), ([2.0, 4.0], 7)]);
        assert_eq!(table.margin(1), [(3.0, 1), (4.0, 9)]);
        let turned = table.select(&[1, 0]);
        let rows: Vec<_> = turned.rows().collect();
        assert_eq!(rows[0], (&[3.0, 2.0][..], 1));
        assert_eq!(turned.n(), 10);
    }

    #[test]
    fn a_count_of_none_is_no_row() {
        let mut table = Table::new(1);
        table.push(&[1.0], 0);
        assert!(table.is_empty());
    }
}
