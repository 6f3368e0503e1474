//! Keyness: which words set one group of texts apart from another.
//!
//! The share of a word says little: frequent words differ by chance, rare ones look extreme. The
//! log-odds ratio with an informative Dirichlet prior, measured in its standard errors, does neither
//! (Monroe, Colaresi & Quinn 2008, Political Analysis 16, eqs. 16, 20 and 22). The prior of a word is
//! how often it occurs in both groups together, which draws rare words towards no difference.

use super::adjust::{Adjustment, adjust};
use super::significance::two_sided_normal_p;

/// How often one term occurs on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermCount {
    /// In the texts to be set apart.
    pub flagged: u64,
    /// In the others.
    pub others: u64,
}

/// How far a term sets the flagged texts apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keyness {
    /// The log of the ratio of its odds; above 0 where it is more frequent in the flagged texts.
    pub log_odds: f64,
    /// The same in standard errors.
    pub z: f64,
    /// Its two-sided p, adjusted for all terms by Benjamini & Hochberg (1995).
    pub p_adjusted: f64,
}

/// The keyness of each term, in the order given. None where a side has no words, or where the term
/// is the only one.
#[must_use]
pub fn keyness(terms: &[TermCount]) -> Vec<Option<Keyness>> {
    let sum = |side: fn(&TermCount) -> u64| terms.iter().map(side).sum::<u64>() as f64;
    let (flagged, others) = (sum(|term| term.flagged), sum(|term| term.others));
    if flagged <= 0.0 || others <= 0.0 {
        return vec![None; terms.len()];
    }
    let prior = flagged + others;
    let measure = |term: &TermCount| {
        let own_prior = (term.flagged + term.others) as f64;
        let log_odds = |count: u64, all: f64| {
            let with = count as f64 + own_prior;
            (with / (all + prior - with)).ln()
        };
        let difference = log_odds(term.flagged, flagged) - log_odds(term.others, others);
        let with = [term.flagged, term.others].map(|count| count as f64 + own_prior);
        let z = difference / (1.0 / with[0] + 1.0 / with[1]).sqrt();
        (difference.is_finite() && z.is_finite()).then_some((difference, z))
    };
    let measured: Vec<Option<(f64, f64)>> = terms.iter().map(measure).collect();
    let p: Vec<f64> = measured
        .iter()
        .flatten()
        .map(|(_, z)| two_sided_normal_p(*z))
        .collect();
    let mut adjusted = adjust(&p, Adjustment::BenjaminiHochberg).into_iter();
    let with_p = |found: Option<(f64, f64)>| {
        let (log_odds, z) = found?;
        Some(Keyness {
            log_odds,
            z,
            p_adjusted: adjusted.next()?,
        })
    };
    measured.into_iter().map(with_p).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn term(flagged: u64, others: u64) -> TermCount {
        TermCount { flagged, others }
    }

    /// By hand: 9 of 10 words against 2 of 10. With its prior of 11 of 20 the first has 20 of 30 and
    /// 13 of 30: ln(20/10) − ln(13/17), variance 1/20 + 1/13.
    #[test]
    fn by_hand() {
        let found = keyness(&[term(9, 2), term(1, 8)]);
        let first = found[0].unwrap();
        let log_odds = 2.0_f64.ln() - (13.0 / 17.0_f64).ln();
        assert!((first.log_odds - log_odds).abs() < 1e-14);
        assert!((first.z - log_odds / (1.0 / 20.0 + 1.0 / 13.0_f64).sqrt()).abs() < 1e-14);
        // The other term is the complement, but for its prior.
        assert!((found[1].unwrap().log_odds + log_odds).abs() < 1e-14);
        // Benjamini & Hochberg over two: the larger p stays, the smaller is at most doubled.
        let p = two_sided_normal_p(first.z);
        let other = two_sided_normal_p(found[1].unwrap().z);
        assert!((first.p_adjusted - (2.0 * p).min(other.max(p))).abs() < 1e-15);
    }

    #[test]
    fn a_rare_word_is_no_key() {
        let found = keyness(&[term(1, 0), term(60, 20), term(939, 980)]);
        let z = |place: usize| found[place].unwrap().z;
        assert!(z(1) > 2.0 && z(0) < 1.0 && z(2) < 0.0, "{found:?}");
    }

    #[test]
    fn what_cannot_be_compared_is_none() {
        assert_eq!(keyness(&[]), []);
        assert_eq!(keyness(&[term(3, 0), term(2, 0)]), [None, None]);
        assert_eq!(keyness(&[term(0, 3)]), [None]);
        assert_eq!(keyness(&[term(2, 3)]), [None]);
    }

    proptest! {
        #[test]
        fn turned_round_it_changes_its_sign(counts in vec((0_u64..500, 0_u64..500), 2..20)) {
            let terms: Vec<TermCount> = counts.iter().map(|(a, b)| term(*a, *b)).collect();
            let turned: Vec<TermCount> = counts.iter().map(|(a, b)| term(*b, *a)).collect();
            for (one, other) in keyness(&terms).iter().zip(keyness(&turned)) {
                prop_assert!(one.is_some() == other.is_some());
                if let (Some(one), Some(other)) = (one, other) {
                    prop_assert!((one.z + other.z).abs() < 1e-12 * one.z.abs().max(1.0));
                    prop_assert!((0.0..=1.0).contains(&one.p_adjusted));
                }
            }
        }
    }
}
