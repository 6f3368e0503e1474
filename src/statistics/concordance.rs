//! How often the one at higher risk has the event first: the concordance of Harrell, Califf, Pryor, Lee
//! & Rosati (1982), J. Am. Med. Assoc. 247, with ties as R's `survival` treats them.
//!
//! It is the area under the ROC curve of durations: 1 for a risk that orders all events rightly, ½ for
//! one that knows nothing.

/// A duration with the predicted risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The time of the event, or when it was last known not to have come.
    pub time: f64,
    /// Whether the event came.
    pub event: bool,
    /// The predicted risk, on any scale; higher is sooner.
    pub risk: f64,
    /// How many such rows there are, or their case weight.
    pub weight: f64,
}

/// The share of comparable pairs whose earlier event has the higher risk, tied risks counting one half;
/// none where no two rows can be compared.
///
/// A pair is comparable where one had the event and the other was known to be without it then: later,
/// or censored at that very time. Two events at one time are not comparable. Takes m·log m steps.
#[must_use]
pub fn concordance(predictions: &[Prediction]) -> Option<f64> {
    let mut risks: Vec<f64> = predictions.iter().map(|row| row.risk + 0.0).collect();
    risks.sort_by(f64::total_cmp);
    risks.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let rank = |risk: f64| risks.partition_point(|other| other.total_cmp(&(risk + 0.0)).is_lt());

    let mut rows: Vec<(&Prediction, usize)> = predictions
        .iter()
        .map(|row| (row, rank(row.risk)))
        .collect();
    // The latest first; the censored of a time before its events, the risks in a fixed order.
    rows.sort_by(|(a, rank_a), (b, rank_b)| {
        let by_time = (b.time + 0.0).total_cmp(&(a.time + 0.0));
        by_time
            .then(a.event.cmp(&b.event))
            .then(rank_a.cmp(rank_b))
            .then(a.weight.total_cmp(&b.weight))
    });

    let mut later = Cumulative::new(risks.len());
    let (mut concordant, mut comparable) = (0.0, 0.0);
    let is_tied = |a: &Prediction, b: &Prediction| {
        a.event && b.event && (a.time + 0.0).total_cmp(&(b.time + 0.0)).is_eq()
    };
    for tied in rows.chunk_by(|(a, _), (b, _)| is_tied(a, b)) {
        for (row, rank) in tied.iter().filter(|(row, _)| row.event) {
            let (below, all) = (later.below(*rank), later.total);
            let same = later.below(rank + 1) - below;
            concordant += row.weight * (below + 0.5 * same);
            comparable += row.weight * all;
        }
        tied.iter()
            .for_each(|(row, rank)| later.add(*rank, row.weight));
    }
    (comparable > 0.0).then(|| (concordant / comparable).clamp(0.0, 1.0))
}

/// Sums of weights by rank, of which any beginning can be read at once (Fenwick 1994, Software:
/// Practice and Experience 24).
#[derive(Debug)]
struct Cumulative {
    sums: Vec<f64>,
    total: f64,
}

impl Cumulative {
    fn new(ranks: usize) -> Self {
        Self {
            sums: vec![0.0; ranks + 1],
            total: 0.0,
        }
    }

    fn add(&mut self, rank: usize, weight: f64) {
        self.total += weight;
        let mut place = rank + 1;
        while place < self.sums.len() {
            self.sums[place] += weight;
            place += place & place.wrapping_neg();
        }
    }

    /// The weight of all ranks below this one.
    fn below(&self, rank: usize) -> f64 {
        let mut place = rank;
        let mut sum = 0.0;
        while place > 0 {
            sum += self.sums[place];
            place &= place - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn row(time: f64, event: bool, risk: f64, weight: f64) -> Prediction {
        Prediction {
            time,
            event,
            risk,
            weight,
        }
    }

    /// The maintained patients of R's `aml` with made-up risks and case weights: `tests/concordance.R`
    /// of Therneau's survival, which counts 14, 24, 2 and, weighted, 70, 91, 7 (concordant,
    /// discordant, tied risks).
    #[test]
    fn therneau_concordance_maintained_leukaemia() {
        let times = [
            9.0, 13.0, 13.0, 18.0, 23.0, 28.0, 31.0, 34.0, 45.0, 48.0, 161.0,
        ];
        let events = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0];
        let risks = [1.0, 6.0, 2.0, 7.0, 3.0, 7.0, 3.0, 8.0, 4.0, 4.0, 5.0];
        let weights = [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0];
        let rows = |weight: &dyn Fn(usize) -> f64| -> Vec<Prediction> {
            (0..11)
                .map(|i| row(times[i], events[i] == 1, risks[i], weight(i)))
                .collect()
        };
        let plain = concordance(&rows(&|_| 1.0)).unwrap();
        assert!((plain - 15.0 / 40.0).abs() < 1e-15, "{plain}");
        let weighted = concordance(&rows(&|i| weights[i])).unwrap();
        assert!((weighted - 73.5 / 168.0).abs() < 1e-15, "{weighted}");
    }

    /// Times with every kind of tie, from the same file, counted by the definition.
    #[test]
    fn therneau_concordance_many_ties() {
        let times = [1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 4.0, 4.0, 5.0, 2.0];
        let events = [1, 0, 1, 0, 1, 0, 1, 1, 0, 1];
        let risks = [5.0, 5.0, 4.0, 4.0, 3.0, 3.0, 7.0, 6.0, 5.0, 4.0];
        let rows: Vec<Prediction> = (0..10)
            .map(|i| row(times[i], events[i] == 1, risks[i], 1.0))
            .collect();
        assert!((concordance(&rows).unwrap() - by_definition(&rows)).abs() < 1e-15);
        // By hand: the event at 1 (risk 5) against nine, of which 4 4 3 3 4 are below and 5 5 tie; the
        // two at 2 (risk 4) against 5 4 3 3 7 6 5 each; the one at 3 (risk 3) against 3 7 6 5; at 4
        // the events with 7 and 6 each against 3 and 5.
        let (concordant, tied, all) = (
            5.0 + 2.0 * 2.0 + 0.0 + 4.0,
            2.0 + 2.0 + 1.0,
            9.0 + 14.0 + 4.0 + 4.0,
        );
        let expected = (concordant + tied / 2.0) / all;
        assert!((concordance(&rows).unwrap() - expected).abs() < 1e-15);
    }

    fn by_definition(rows: &[Prediction]) -> f64 {
        let (mut concordant, mut comparable) = (0.0, 0.0);
        for a in rows.iter().filter(|row| row.event) {
            for b in rows {
                if b.time > a.time || (b.time >= a.time && !b.event) {
                    let score = match a.risk.total_cmp(&b.risk) {
                        std::cmp::Ordering::Greater => 1.0,
                        std::cmp::Ordering::Equal => 0.5,
                        std::cmp::Ordering::Less => 0.0,
                    };
                    concordant += a.weight * b.weight * score;
                    comparable += a.weight * b.weight;
                }
            }
        }
        concordant / comparable
    }

    #[test]
    fn nothing_to_compare_is_none() {
        assert_eq!(concordance(&[]), None);
        assert_eq!(concordance(&[row(1.0, true, 1.0, 1.0)]), None);
        assert_eq!(
            concordance(&[row(1.0, true, 1.0, 1.0), row(1.0, true, 2.0, 1.0)]),
            None
        );
        assert_eq!(
            concordance(&[row(1.0, false, 1.0, 1.0), row(2.0, false, 2.0, 1.0)]),
            None
        );
        let tied = [row(1.0, true, 0.0, 1.0), row(2.0, false, -0.0, 1.0)];
        assert_eq!(concordance(&tied), Some(0.5));
    }

    /// Two events at once are no pair, and who was censored at that time was known to be without.
    #[test]
    fn a_time_of_zero_has_no_sign() {
        for (one, other) in [(0.0, -0.0), (-0.0, 0.0)] {
            let events = [row(one, true, 1.0, 1.0), row(other, true, 2.0, 1.0)];
            assert_eq!(concordance(&events), None);
            let mut censored = [row(one, true, 2.0, 1.0), row(other, false, 1.0, 1.0)];
            assert_eq!(concordance(&censored), Some(1.0));
            censored.reverse();
            assert_eq!(concordance(&censored), Some(1.0));
        }
    }

    proptest! {
        #[test]
        fn it_is_the_definition_and_a_mirrored_risk_mirrors_it(
            cells in proptest::collection::vec((0_u8..6, proptest::bool::ANY, 0_u8..5, 1_u8..4), 2..40)
        ) {
            let of = |sign: f64| -> Vec<Prediction> {
                let one = |(time, event, risk, weight): &(u8, bool, u8, u8)| {
                    row(f64::from(*time), *event, sign * f64::from(*risk), f64::from(*weight))
                };
                cells.iter().map(one).collect()
            };
            if let Some(found) = concordance(&of(1.0)) {
                prop_assert!((found - by_definition(&of(1.0))).abs() < 1e-12);
                prop_assert!((found + concordance(&of(-1.0)).unwrap() - 1.0).abs() < 1e-12);
            }
        }
    }
}
