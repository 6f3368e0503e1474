//! How much more of the outcome the rows at most risk have: the top-decile lift.
//!
//! A campaign reaches a tenth of the customers; the lift is how many times more leavers it meets
//! when it goes to those that a KPI points at, and not to any tenth. It is the usual yardstick of
//! churn models (Neslin et al. 2006, J. Marketing Research 43).

use super::discrimination::Level;

/// One tenth.
const TENTHS: u128 = 10;

/// The share of cases in the tenth of rows at most risk, over the share of cases in all rows; from
/// 0 to 10, and 1 where the risk says nothing. `levels` are in the order of risk, the least first.
///
/// The tenth is n/10 rows, not rounded; of the level that its border cuts it takes a proportionate
/// part, cases and controls alike, so that no order among ties is made up. None without cases.
#[must_use]
pub fn top_decile_lift(levels: &[Level]) -> Option<f64> {
    let rows = |level: &Level| u128::from(level.cases) + u128::from(level.controls);
    let n: u128 = levels.iter().map(rows).sum();
    let cases: u128 = levels.iter().map(|level| u128::from(level.cases)).sum();
    if cases == 0 {
        return None;
    }
    // Counted in tenths of rows, of which the tenth has n.
    let (mut left, mut met) = (n, 0.0);
    for level in levels.iter().rev() {
        let all = TENTHS * rows(level);
        if all >= left {
            met += level.cases as f64 * (left as f64 / all as f64);
            break;
        }
        left -= all;
        met += level.cases as f64;
    }
    Some(met * TENTHS as f64 / cases as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn level(cases: u64, controls: u64) -> Level {
        Level { cases, controls }
    }

    fn close(found: Option<f64>, expected: f64) {
        let is_close = found.is_some_and(|found| (found - expected).abs() < 1e-14);
        assert!(is_close, "{found:?}, expected {expected}");
    }

    /// By hand: 25 rows, so the tenth is 2.5 rows: the 2 at most risk, of which 1 is a case, and a
    /// half of one of 4 rows with 3 cases: (1 + 3/8) of 2.5, against 6 of 25.
    #[test]
    fn the_border_cuts_a_level_in_proportion() {
        let levels = [level(2, 17), level(3, 1), level(1, 1)];
        close(top_decile_lift(&levels), (1.375 / 2.5) / (6.0 / 25.0));
    }

    #[test]
    fn best_worst_and_nothing() {
        close(top_decile_lift(&[level(0, 90), level(10, 0)]), 10.0);
        close(top_decile_lift(&[level(0, 80), level(20, 0)]), 5.0);
        close(top_decile_lift(&[level(10, 0), level(0, 90)]), 0.0);
        close(top_decile_lift(&[level(3, 97)]), 1.0);
        close(
            top_decile_lift(&[level(0, 0), level(5, 0), level(0, 0)]),
            1.0,
        );
        assert_eq!(top_decile_lift(&[]), None);
        assert_eq!(top_decile_lift(&[level(0, 7)]), None);
    }

    proptest! {
        /// Ties in proportion: levels with the same share of cases may be joined.
        #[test]
        fn joining_levels_of_the_same_share_changes_nothing(
            counts in proptest::collection::vec((0_u64..9, 0_u64..9, 1_u64..4), 1..8)
        ) {
            let split: Vec<Level> = counts
                .iter()
                .flat_map(|(cases, controls, times)| vec![level(*cases, *controls); *times as usize])
                .collect();
            let joined = counts.iter().map(|(cases, controls, n)| level(n * cases, n * controls));
            let joined: Vec<Level> = joined.collect();
            let (one, other) = (top_decile_lift(&split), top_decile_lift(&joined));
            prop_assert!((one.unwrap_or(-1.0) - other.unwrap_or(-1.0)).abs() < 1e-12);
            prop_assert!(one.is_none_or(|lift| (0.0..=10.0 + 1e-12).contains(&lift)));
            let tenfold = split.iter().map(|l| level(10 * l.cases, 10 * l.controls));
            let tenfold = top_decile_lift(&tenfold.collect::<Vec<_>>());
            prop_assert!((one.unwrap_or(-1.0) - tenfold.unwrap_or(-1.0)).abs() < 1e-12);
        }
    }
}
