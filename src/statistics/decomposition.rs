//! Why a score moved: because segments score differently, or because other segments answered.
//!
//! An NPS is the mean of its segments' by their shares, so its change has two parts (Kitagawa 1955, J.
//! Am. Stat. Assoc. 50): shares that changed at the mean of both scores (mix) and scores that changed at
//! the mean of both shares (rate), with nothing left over.

use super::NetPromoter;

/// Parts are multiples of 2⁻⁵⁰: sums of them are exact while below 8, and no sum of parts comes near.
const UNITS: f64 = (1_u64 << 50) as f64;

/// A segment's answers in two periods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shift {
    /// The earlier.
    pub before: NetPromoter,
    /// The later.
    pub after: NetPromoter,
}

/// A segment's part in the change of the score; fractions, as the score itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The earlier score; none where nobody answered.
    pub before: Option<f64>,
    /// The later score; none where nobody answered.
    pub after: Option<f64>,
    /// Because its share of the answers changed: positive for a growing segment above the mean of the
    /// overall scores, and for a shrinking one below it.
    pub mix: f64,
    /// Because its score changed; 0 for a segment that answered in one period only.
    pub rate: f64,
    /// mix + rate.
    pub total: f64,
}

/// A change of the score with the parts of all segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// The earlier score of all.
    pub before: f64,
    /// The later score of all.
    pub after: f64,
    /// The change, to within 2⁻⁵¹ (4·10⁻¹⁶).
    pub change: f64,
    /// The parts, in the order of the segments.
    pub segments: Vec<Contribution>,
}

/// The parts of each segment in the change; none where a period has no answers at all.
///
/// Exact in this sense: all parts are multiples of 2⁻⁵⁰, so adding up all `mix` and `rate`, or all
/// `total`, in any order, is free of rounding and gives `change` to the last bit. For that, a part may
/// differ from its formula by up to 2·10⁻¹⁵. Parts times 100 are rounded once more, each on its own.
///
/// mix is (s₁ − s₀)·((k₁ + k₀)/2 − K̄) for shares s, scores k, and the mean K̄ of both overall scores;
/// rate is (k₁ − k₀)·(s₁ + s₀)/2, from whole numbers below 2⁶². A segment absent from one period takes the other's score there.
#[must_use]
pub fn decompose(shifts: &[Shift]) -> Option<Decomposition> {
    let total = |period: fn(&Shift) -> NetPromoter| {
        let periods = shifts.iter().map(period);
        periods.fold(NetPromoter::default(), |sum, part| NetPromoter {
            promoters: sum.promoters + part.promoters,
            passives: sum.passives + part.passives,
            detractors: sum.detractors + part.detractors,
        })
    };
    let all = Shift {
        before: total(|shift| shift.before),
        after: total(|shift| shift.after),
    };
    let (before, after) = (all.before.value().ok()?, all.after.value().ok()?);
    let middle = f64::midpoint(before, after);
    let parts: Vec<f64> = shifts
        .iter()
        .flat_map(|shift| parts(shift, &all, middle))
        .collect();
    let change = (UNITS * all.change()).round() as i64;
    let whole = apportioned(&parts, change);
    let contribution = |(shift, pair): (&Shift, &[i64])| {
        let part = |units: i64| units as f64 / UNITS;
        Contribution {
            before: shift.before.value().ok(),
            after: shift.after.value().ok(),
            mix: part(pair[0]),
            rate: part(pair[1]),
            total: part(pair[0] + pair[1]),
        }
    };
    Some(Decomposition {
        before,
        after,
        change: change as f64 / UNITS,
        segments: shifts
            .iter()
            .zip(whole.chunks_exact(2))
            .map(contribution)
            .collect(),
    })
}

impl Shift {
    /// Later score less earlier, from one difference of whole numbers: two scores that are equal differ
    /// by exactly 0. Both periods must have answers.
    fn change(&self) -> f64 {
        let net =
            |period: NetPromoter| i128::from(period.promoters) - i128::from(period.detractors);
        let (n0, n1) = (i128::from(self.before.n()), i128::from(self.after.n()));
        let difference = net(self.after) * n0 - net(self.before) * n1;
        difference as f64 / (n0 as f64 * n1 as f64)
    }
}

/// mix and rate of a segment.
fn parts(shift: &Shift, all: &Shift, middle: f64) -> [f64; 2] {
    let (n0, n1) = (shift.before.n(), shift.after.n());
    let (all0, all1) = (all.before.n(), all.after.n());
    let (score, difference) = match (shift.before.value(), shift.after.value()) {
        (Ok(k0), Ok(k1)) => (f64::midpoint(k0, k1), shift.change()),
        (Ok(only), Err(_)) | (Err(_), Ok(only)) => (only, 0.0),
        (Err(_), Err(_)) => return [0.0; 2],
    };
    let grown = i128::from(n1) * i128::from(all0) - i128::from(n0) * i128::from(all1);
    let grown = grown as f64 / (all0 as f64 * all1 as f64);
    let share = f64::midpoint(n0 as f64 / all0 as f64, n1 as f64 / all1 as f64);
    [grown * (score - middle), difference * share]
}

/// Parts as whole units that sum to `all`: each is rounded, then those that rounding moved most the
/// wrong way get a unit more or less (the method of the largest remainder). Parts that are 0 stay so.
fn apportioned(parts: &[f64], all: i64) -> Vec<i64> {
    let mut whole: Vec<i64> = parts
        .iter()
        .map(|part| (UNITS * part).round() as i64)
        .collect();
    let mut missing = all - whole.iter().sum::<i64>();
    let lost = |place: &usize| UNITS * parts[*place] - (UNITS * parts[*place]).round();
    let mut places: Vec<usize> = (0..parts.len())
        .filter(|place| parts[*place].abs() > 0.0)
        .collect();
    places.sort_by(|a, b| lost(b).total_cmp(&lost(a)));
    if missing < 0 {
        places.reverse();
    }
    let Some(each) = missing.checked_div(places.len() as i64) else {
        return whole;
    };
    missing -= each * places.len() as i64;
    for (turn, place) in places.into_iter().enumerate() {
        let one = if (turn as u64) < missing.unsigned_abs() {
            missing.signum()
        } else {
            0
        };
        whole[place] += each + one;
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn counts(promoters: u64, passives: u64, detractors: u64) -> NetPromoter {
        NetPromoter {
            promoters,
            passives,
            detractors,
        }
    }

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 2e-15, "{found} {expected}");
    }

    /// By hand: 2.3, 1.4 and 1.3 units round to 2, 1 and 1 of 5; the second lost most.
    #[test]
    fn the_largest_remainder_gets_the_unit() {
        let parts = [2.3, 1.4, 1.3].map(|part| part / UNITS);
        assert_eq!(apportioned(&parts, 5), [2, 2, 1]);
    }

    /// By hand: A from 40 to 60 and B from −30 to −10, both 20 up, and yet all only from 5 to 7.5: three
    /// of four answers come from B now, of two before.
    #[test]
    fn kitagawa_1955_by_hand() {
        let found = decompose(&[
            Shift {
                before: counts(60, 20, 20),
                after: counts(35, 10, 5),
            },
            Shift {
                before: counts(20, 30, 50),
                after: counts(45, 45, 60),
            },
        ]);
        let found = found.unwrap();
        close(found.before, 0.05);
        close(found.after, 0.075);
        close(found.change, 0.025);
        let [a, b] = found.segments[..] else { panic!() };
        assert!((a.before.unwrap() - 0.4).abs() < 1e-15 && (b.after.unwrap() + 0.1).abs() < 1e-15);
        close(a.mix, -0.25 * (0.5 - 0.0625));
        close(b.mix, 0.25 * (-0.2 - 0.0625));
        close(a.rate, 0.2 * 0.375);
        close(b.rate, 0.2 * 0.625);
        close(a.total, -0.034_375);
        close(b.total, 0.059_375);
    }

    /// B comes and C goes: neither has a rate, and the sign of its mix is that of better or worse than
    /// the mean of 0.2 and −0.1.
    #[test]
    fn segments_of_one_period_only() {
        let found = decompose(&[
            Shift {
                before: counts(5, 0, 5),
                after: counts(5, 0, 5),
            },
            Shift {
                before: counts(0, 0, 0),
                after: counts(2, 2, 6),
            },
            Shift {
                before: counts(10, 0, 0),
                after: counts(0, 0, 0),
            },
            Shift::default(),
        ]);
        let found = found.unwrap();
        close(found.before, 0.5);
        close(found.after, -0.2);
        let [a, b, c, nobody] = found.segments[..] else {
            panic!()
        };
        close(a.total, 0.0);
        assert_eq!((b.before, b.rate, c.after, c.rate), (None, 0.0, None, 0.0));
        close(b.mix, 0.5 * (-0.4 - 0.15));
        close(c.mix, -0.5 * (1.0 - 0.15));
        assert_eq!((nobody.before, nobody.after), (None, None));
        assert_eq!((nobody.mix, nobody.rate, nobody.total), (0.0, 0.0, 0.0));
    }

    #[test]
    fn a_period_without_answers_has_no_change() {
        assert_eq!(decompose(&[]), None);
        let one = Shift {
            before: counts(1, 2, 3),
            after: NetPromoter::default(),
        };
        assert_eq!(decompose(&[one]), None);
    }

    /// 1/3 and 1/7 are no doubles; ten thousand such segments still sum to the last bit.
    #[test]
    fn many_segments_sum_exactly() {
        let shift = |i: u64| Shift {
            before: counts(i % 7, i % 3, i % 11 + 1),
            after: counts(i % 13, i % 5, i % 2),
        };
        let shifts: Vec<Shift> = (0..10_000).map(shift).collect();
        let found = decompose(&shifts).unwrap();
        let sum: f64 = found.segments.iter().map(|part| part.mix + part.rate).sum();
        assert_eq!(sum.to_bits(), found.change.to_bits());
        close(found.change, found.after - found.before);
    }

    /// Largest remainders by hand, in units: 1.4 + 1.4 + 0.2 rounds to 2 and is 3.
    #[test]
    fn apportioning_by_hand() {
        let of = |parts: &[f64], all| {
            let parts: Vec<f64> = parts.iter().map(|part| part / UNITS).collect();
            apportioned(&parts, all)
        };
        assert_eq!(of(&[1.4, 0.0, 1.45, 0.15], 3), [1, 0, 2, 0]);
        assert_eq!(of(&[1.6, 0.0, 1.55, -0.15], 3), [2, 0, 1, 0]);
        assert_eq!(of(&[-1.4, -1.45, -0.15], -3), [-1, -2, 0]);
        assert_eq!(of(&[0.0, 0.0], 0), [0, 0]);
        assert_eq!(of(&[1.4, 0.0, 1.3], 5), [3, 0, 2]);
    }

    proptest! {
        #[test]
        fn parts_are_the_formulas_and_sum_to_the_change_in_any_order(
            cells in proptest::collection::vec(proptest::array::uniform6(0_u64..1_000_000), 1..40)
        ) {
            let shift = |[a, b, c, d, e, f]: &[u64; 6]| Shift {
                before: counts(*a, *b, *c),
                after: counts(*d, *e, *f),
            };
            let shifts: Vec<Shift> = cells.iter().map(shift).collect();
            let Some(found) = decompose(&shifts) else { return Ok(()) };
            let segments = &found.segments;
            let there: f64 = segments.iter().map(|part| part.total).sum();
            let back: f64 = segments.iter().rev().map(|part| part.total).sum();
            let apart = segments.iter().map(|part| part.mix).sum::<f64>()
                + segments.iter().map(|part| part.rate).sum::<f64>();
            for sum in [there, back, apart] {
                prop_assert_eq!(sum.to_bits(), found.change.to_bits());
            }
            prop_assert!((found.change - (found.after - found.before)).abs() < 1e-15);
            let (n0, n1) = (
                shifts.iter().map(|s| s.before.n()).sum::<u64>() as f64,
                shifts.iter().map(|s| s.after.n()).sum::<u64>() as f64,
            );
            for (part, shift) in segments.iter().zip(&shifts) {
                let (Some(k0), Some(k1)) = (part.before, part.after) else { continue };
                let (s0, s1) = (shift.before.n() as f64 / n0, shift.after.n() as f64 / n1);
                let middle = (found.before + found.after) / 2.0;
                prop_assert!((part.mix - (s1 - s0) * ((k0 + k1) / 2.0 - middle)).abs() < 3e-15);
                prop_assert!((part.rate - (k1 - k0) * (s0 + s1) / 2.0).abs() < 3e-15);
            }
        }

        #[test]
        fn looking_back_turns_the_signs(
            cells in proptest::collection::vec(proptest::array::uniform6(0_u64..1000), 1..10)
        ) {
            let of = |[a, b, c, d, e, f]: &[u64; 6]| Shift { before: counts(*a, *b, *c), after: counts(*d, *e, *f) };
            let there: Vec<Shift> = cells.iter().map(of).collect();
            let back: Vec<Shift> = there.iter().map(|s| Shift { before: s.after, after: s.before }).collect();
            if let (Some(there), Some(back)) = (decompose(&there), decompose(&back)) {
                for (there, back) in there.segments.iter().zip(&back.segments) {
                    prop_assert!((there.mix + back.mix).abs() < 4e-15);
                    prop_assert!((there.rate + back.rate).abs() < 4e-15);
                }
            }
        }
    }
}
