//! How far one customer got along a chain of steps within a window of time.
//!
//! A journey (asked, answered, complained, left) is judged by the longest beginning of the chain that
//! happened in order and in time. The rules are those of `windowFunnel` of ClickHouse in its default
//! mode, so that funnels can be compared across systems.

/// The most steps of a chain.
pub const MOST_STEPS: u32 = u32::BITS;

/// The most steps, 1, 2, … in this order, that `events` hold at times t₁ ≤ t₂ ≤ … ≤ t₁ + `window`.
///
/// Each event is its time and the steps it meets, step 1 in the lowest bit; events come in any order
/// and are sorted here by time. A chain may start at any event of step 1, and other events may lie
/// between its own. Events of the same time are taken in the order of the steps, whatever their order
/// as rows; one event may meet several steps and then counts for all of them. The window is in units
/// of the time, and its end belongs to it.
#[must_use]
pub fn window_funnel(events: &mut [(i64, u32)], window: u64) -> u32 {
    events.sort_unstable();
    // For each step the latest start of a chain that has come so far: of all chains that end in the
    // same step, it has the most time left.
    let mut starts: [Option<i64>; MOST_STEPS as usize] = [None; MOST_STEPS as usize];
    for moment in events.chunk_by(|(one, _), (other, _)| one == other) {
        let met = moment.iter().fold(0, |all, (_, met)| all | met);
        let Some((time, _)) = moment.first() else {
            continue;
        };
        for step in steps(met) {
            let start = match step.checked_sub(1) {
                None => Some(*time),
                Some(before) => starts[before].filter(|start| time.abs_diff(*start) <= window),
            };
            starts[step] = start.or(starts[step]);
        }
    }
    let is_open = |step: &u32| starts[*step as usize].is_none();
    (0..MOST_STEPS).find(is_open).unwrap_or(MOST_STEPS)
}

/// The places of the bits that are set, the lowest first.
fn steps(mut met: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let step = (met != 0).then(|| met.trailing_zeros() as usize);
        met &= met.wrapping_sub(1);
        step
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    use super::*;

    type Case<'a> = (&'a [(i64, u32)], u64, u32);

    fn reached(events: &[(i64, u32)], window: u64) -> u32 {
        window_funnel(&mut events.to_vec(), window)
    }

    /// The manual of ClickHouse, `windowFunnel(6048000000000000)`: events 1003, 1009, 1007 and 1010
    /// are the steps, rows come in another order; times in hours after the first.
    #[test]
    fn the_shop_of_clickhouses_manual() {
        let events = [(0, 0b1), (47, 0b100), (22, 0b10), (70, 0b1000)];
        assert_eq!(reached(&events, 6_048_000_000_000_000), 4);
        assert_eq!((reached(&events, 70), reached(&events, 69)), (4, 3));
    }

    /// chdb 26.9 (ClickHouse), `windowFunnel(w)(t, bitTest(m, 0), …)`.
    #[test]
    fn clickhouse_on_ties_windows_and_repeats() {
        let cases: [Case<'_>; 13] = [
            (&[], 5, 0),
            (&[(3, 0)], 5, 0),
            (&[(3, 0b10)], 5, 0),
            // One event meets three steps.
            (&[(3, 0b111)], 0, 3),
            // The same moment, in the wrong order as rows.
            (&[(3, 0b100), (3, 0b10), (3, 0b1)], 0, 3),
            // The same step twice at a moment is met, not taken back.
            (&[(3, 0b1), (3, 0b11), (4, 0b100)], 5, 3),
            // The end of the window belongs to it; one later does not.
            (&[(1, 0b1), (6, 0b10)], 5, 2),
            (&[(1, 0b1), (7, 0b10)], 5, 1),
            // A later start has time left where the first has none.
            (&[(1, 0b1), (4, 0b1), (7, 0b10)], 5, 2),
            // The window runs from the first step, not from the one before.
            (&[(1, 0b1), (4, 0b10), (7, 0b100)], 5, 2),
            // A chain that has come far is not undone by a later one that has not.
            (&[(1, 0b1), (2, 0b10), (3, 0b1), (6, 0b100)], 5, 3),
            // Nor does a later start take time from a chain that needs it.
            (&[(1, 0b1), (2, 0b10), (8, 0b1), (9, 0b100)], 5, 2),
            (&[(9, 0b1), (3, 0b10), (1, 0b100)], 50, 1),
        ];
        for (events, window, expected) in cases {
            assert_eq!(reached(events, window), expected, "{events:?} {window}");
        }
    }

    #[test]
    fn the_ends_of_time_and_all_steps() {
        let ends = [(i64::MIN, 0b1), (i64::MAX, 0b10)];
        assert_eq!(reached(&ends, u64::MAX), 2);
        assert_eq!(reached(&ends, u64::MAX - 1), 1);
        let each: Vec<(i64, u32)> = (0..32).map(|step| (i64::from(step), 1 << step)).collect();
        assert_eq!((reached(&each, 31), reached(&each, 30)), (32, 31));
        assert_eq!(reached(&[(0, u32::MAX)], 0), MOST_STEPS);
    }

    /// From every start as soon as possible from step to step.
    fn by_trying(events: &[(i64, u32)], window: u64) -> u32 {
        let from = |start: i64| {
            let (mut time, mut reached) = (start, 0);
            for step in 0..MOST_STEPS {
                let next = events
                    .iter()
                    .filter(|(at, met)| *at >= time && met & (1 << step) != 0);
                match next.map(|(at, _)| *at).min() {
                    Some(at) if at.abs_diff(start) <= window => (time, reached) = (at, step + 1),
                    _ => break,
                }
            }
            reached
        };
        events.iter().map(|(at, _)| from(*at)).max().unwrap_or(0)
    }

    fn events() -> impl Strategy<Value = Vec<(i64, u32)>> {
        vec((-20_i64..20, 0_u32..32), 0..25)
    }

    proptest! {
        #[test]
        fn as_trying_every_start(events in events(), window in 0_u64..15) {
            prop_assert_eq!(reached(&events, window), by_trying(&events, window));
        }

        #[test]
        fn a_longer_window_or_more_events_reach_no_less(
            events in events(), more in events(), window in 0_u64..15
        ) {
            let before = reached(&events, window);
            prop_assert!(reached(&events, window + 1) >= before);
            prop_assert!(reached(&[events, more].concat(), window) >= before);
        }
    }
}
