//! Efron's average over events at the same time: the shares of the tied that still count as at risk.
//!
//! With d events at one time, Efron's likelihood sums a smooth function over the shares d/d, …, 2/d,
//! 1/d. A million customers who leave in their first month are one distinct row, and must not cost a
//! million terms; so long runs of shares are summed by the Gauss rule of their own discrete measure.

use super::linear::Symmetric;

/// Up to here each share is a term of its own.
const DIRECT: u64 = 512;

/// The first shares of a long run, always terms of their own: near 0 a risk set of the tied alone
/// makes the function singular.
const FIRST: u64 = 16;

/// Nodes for shares from a to 2a. Where the function is singular at 0 (a logarithm, a pole) the rule
/// errs by (3 + √8)^(−2·12), some 10⁻¹⁸.
const NODES: usize = 12;

/// A share of the tied, and for how many of them it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    /// The share, above 0 and at most 1.
    pub(super) value: f64,
    /// How many of the d terms it stands for.
    pub(super) terms: f64,
}

/// The shares over which d tied events are summed; together they stand for d terms.
pub(super) fn shares(events: u64) -> Vec<Share> {
    let all = events as f64;
    let share = |place: f64, terms: f64| Share {
        value: place / all,
        terms,
    };
    let single = if events > DIRECT { FIRST } else { events };
    let mut shares: Vec<Share> = (1..=single).map(|place| share(place as f64, 1.0)).collect();
    let mut below = single;
    while below < events {
        let length = below.min(events - below);
        let nodes = uniform_nodes(length);
        shares.extend(
            nodes
                .into_iter()
                .map(|(node, terms)| share(below as f64 + node, terms)),
        );
        below += length;
    }
    shares
}

/// Nodes and weights of the Gauss rule for sums over 1, 2, …, `length`, from the recurrence of the
/// polynomials orthogonal on equally spaced points (Chebyshev 1875; Golub & Welsch 1969, Math. Comp.
/// 23). As many points as nodes or fewer are taken as they are.
fn uniform_nodes(length: u64) -> Vec<(f64, f64)> {
    if length <= NODES as u64 {
        return (1..=length).map(|place| (place as f64, 1.0)).collect();
    }
    let all = length as f64;
    let jacobi = Symmetric::of(NODES, |row, column| {
        if row != column + 1 {
            return 0.0;
        }
        let degree = row as f64;
        let spread = (all - degree) * (all + degree) / (4.0 * degree * degree - 1.0);
        0.5 * degree * spread.sqrt()
    });
    let pairs = jacobi.eigen().expect("its cells are finite");
    let centre = f64::midpoint(all, 1.0);
    let node = |(value, vector): (f64, Vec<f64>)| (centre + value, all * vector[0] * vector[0]);
    pairs.into_iter().map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(shares: &[Share], f: impl Fn(f64) -> f64) -> f64 {
        shares
            .iter()
            .map(|share| share.terms * f(share.value))
            .sum()
    }

    fn direct(events: u64, f: impl Fn(f64) -> f64) -> f64 {
        (1..=events)
            .map(|place| f(place as f64 / events as f64))
            .sum()
    }

    /// Against the sum of every term, with the pole at 0 and away from it.
    #[test]
    fn long_runs_are_summed_as_if_term_by_term() {
        for events in [1, 2, 3, 511, 512, 513, 525, 1000, 4097, 100_003] {
            let shares = shares(events);
            assert!(shares.len() <= 600, "{events}: {}", shares.len());
            for others in [0.0, 1e-3, 0.5, 20.0, 1e6] {
                let functions: [&dyn Fn(f64) -> f64; 4] = [
                    &|share: f64| (others + share).ln(),
                    &|share: f64| 1.0 / (others + share),
                    &|share: f64| share / (others + share),
                    &|share: f64| share * others / (others + share).powi(2),
                ];
                for f in functions {
                    let (found, expected) = (sum(&shares, f), direct(events, f));
                    let scale = direct(events, |share| f(share).abs());
                    let error = (found - expected).abs();
                    assert!(
                        error <= 2e-13 * scale,
                        "{events} {others}: {found} {expected}"
                    );
                }
            }
        }
    }

    /// ln d! (Abramowitz & Stegun 1964, 6.1.41: Stirling) of more events than could be walked through.
    #[test]
    fn a_billion_tied_events_are_a_few_hundred_terms() {
        let events = 1_000_000_000_u64;
        let shares = shares(events);
        assert!(shares.len() < 400);
        let d = events as f64;
        let stirling = 0.5 * (2.0 * std::f64::consts::PI * d).ln() - d + 1.0 / (12.0 * d);
        assert!((sum(&shares, f64::ln) / stirling - 1.0).abs() < 1e-13);
        assert!((sum(&shares, |_| 1.0) / d - 1.0).abs() < 1e-13);
    }
}
