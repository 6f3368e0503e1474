//! Rows in ascending order, and how several such runs become one.

use std::cmp::Ordering;

/// Rows one behind the other in ascending order, and how often each occurred.
pub(super) type Run = (Vec<f64>, Vec<u64>);

/// Runs merged two by two into one; no row is in two of them.
pub(super) fn merged(mut runs: Vec<Run>, width: usize) -> Run {
    while runs.len() > 1 {
        let mut pairs = runs.into_iter();
        let mut next = Vec::new();
        while let Some(first) = pairs.next() {
            next.push(match pairs.next() {
                Some(second) => merge_two(&first, &second, width),
                None => first,
            });
        }
        runs = next;
    }
    runs.pop().unwrap_or_default()
}

fn merge_two(a: &Run, b: &Run, width: usize) -> Run {
    let mut rows = Vec::with_capacity(a.0.len() + b.0.len());
    let mut counts = Vec::with_capacity(a.1.len() + b.1.len());
    let row = |place: usize| place * width..(place + 1) * width;
    let (mut i, mut j) = (0, 0);
    while i < a.1.len() || j < b.1.len() {
        let is_first = j >= b.1.len()
            || (i < a.1.len()
                && a.0[row(i)]
                    .partial_cmp(&b.0[row(j)])
                    .is_some_and(Ordering::is_lt));
        let (run, place) = if is_first { (a, &mut i) } else { (b, &mut j) };
        rows.extend_from_slice(&run.0[row(*place)]);
        counts.push(run.1[*place]);
        *place += 1;
    }
    (rows, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_keep_their_order_and_their_counts() {
        let runs = vec![
            (vec![1.0, 5.0, 3.0, 1.0], vec![2, 1]),
            (vec![1.0, 2.0], vec![7]),
            (vec![0.0, 9.0, 2.0, 2.0, 9.0, 0.0], vec![1, 3, 4]),
        ];
        let (rows, counts) = merged(runs, 2);
        assert_eq!(
            rows,
            [0.0, 9.0, 1.0, 2.0, 1.0, 5.0, 2.0, 2.0, 3.0, 1.0, 9.0, 0.0]
        );
        assert_eq!(counts, [1, 7, 2, 3, 1, 4]);
        assert_eq!(merged(Vec::new(), 2), (Vec::new(), Vec::new()));
    }
}
