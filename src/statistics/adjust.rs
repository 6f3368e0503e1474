//! p-values of several tests at once, as R's `p.adjust` gives them.
//!
//! The more is tried, the more looks significant by chance: the adjusted p says what is left of a
//! finding when all the tests are counted.

/// How p-values of several tests are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57: the false discovery rate.
    BenjaminiHochberg,
    /// Benjamini & Yekutieli (2001), Ann. Stat. 29: the same under any dependence.
    BenjaminiYekutieli,
    /// Holm (1979), Scand. J. Stat. 6: the family-wise error rate, step by step.
    Holm,
    /// Bonferroni (1936): the family-wise error rate, at once.
    Bonferroni,
}

/// The adjusted p-values in the order of the given ones, each at most 1; all must lie in 0–1.
#[must_use]
pub fn adjust(p: &[f64], method: Adjustment) -> Vec<f64> {
    let n = p.len() as f64;
    match method {
        Adjustment::Bonferroni => p.iter().map(|p| (n * p).min(1.0)).collect(),
        Adjustment::Holm => {
            let order = order(p);
            let factors = (0..p.len()).map(|place| n - place as f64);
            stepped(p, order.iter().copied().zip(factors), f64::max)
        }
        Adjustment::BenjaminiHochberg => step_up(p, 1.0),
        Adjustment::BenjaminiYekutieli => {
            step_up(p, (1..=p.len()).map(|place| 1.0 / place as f64).sum())
        }
    }
}

/// From the largest p downwards, p · scale · n / rank, never above the one before.
fn step_up(p: &[f64], scale: f64) -> Vec<f64> {
    let n = p.len() as f64;
    let mut order = order(p);
    order.reverse();
    let factors = (0..p.len()).map(|place| scale * n / (n - place as f64));
    stepped(p, order.iter().copied().zip(factors), f64::min)
}

/// The places of the p-values, the smallest first.
fn order(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

/// Each p times its factor, in order, drawn towards the one before by `bound`.
fn stepped(
    p: &[f64],
    steps: impl Iterator<Item = (usize, f64)>,
    bound: fn(f64, f64) -> f64,
) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut last = None;
    for (place, factor) in steps {
        let value = (p[place] * factor).min(1.0);
        let value = last.map_or(value, |last| bound(last, value));
        adjusted[place] = value;
        last = Some(value);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    /// The fifteen p-values of Benjamini & Hochberg (1995), table 1.
    const THROMBOLYSIS: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ];

    /// What the paper concludes: at 0.05 the step-up procedure rejects four hypotheses, Bonferroni
    /// the first three.
    #[test]
    fn benjamini_hochberg_1995_thrombolysis() {
        let rejected = |method| {
            let adjusted = adjust(&THROMBOLYSIS, method);
            adjusted.iter().filter(|p| **p <= 0.05).count()
        };
        assert_eq!(rejected(Adjustment::BenjaminiHochberg), 4);
        assert_eq!(rejected(Adjustment::Bonferroni), 3);
        assert_eq!(rejected(Adjustment::Holm), 3);
    }

    #[test]
    fn by_hand() {
        let p = [0.02, 0.01, 0.04];
        let close = |found: Vec<f64>, expected: [f64; 3]| {
            let pairs = found.iter().zip(expected);
            assert!(
                pairs.clone().all(|(a, b)| (a - b).abs() < 1e-15),
                "{found:?}"
            );
        };
        close(adjust(&p, Adjustment::Bonferroni), [0.06, 0.03, 0.12]);
        close(adjust(&p, Adjustment::Holm), [0.04, 0.03, 0.04]);
        close(
            adjust(&p, Adjustment::BenjaminiHochberg),
            [0.03, 0.03, 0.04],
        );
        let scale = 1.0 + 0.5 + 1.0 / 3.0;
        close(
            adjust(&p, Adjustment::BenjaminiYekutieli),
            [0.03 * scale, 0.03 * scale, 0.04 * scale],
        );
        assert!(adjust(&[], Adjustment::Holm).is_empty());
    }

    proptest! {
        #[test]
        fn adjusting_keeps_the_order_and_never_lowers(p in proptest::collection::vec(0.0..=1.0_f64, 0..12)) {
            for method in [
                Adjustment::BenjaminiHochberg,
                Adjustment::BenjaminiYekutieli,
                Adjustment::Holm,
                Adjustment::Bonferroni,
            ] {
                let adjusted = adjust(&p, method);
                for (a, x) in adjusted.iter().zip(&p) {
                    prop_assert!(*a >= *x - 1e-15 && *a <= 1.0);
                    for (b, y) in adjusted.iter().zip(&p) {
                        prop_assert!(x >= y || a <= b);
                    }
                }
            }
        }
    }
}
