//! Draws of chance that depend on seed, table and place only.
//!
//! Every chunk of rows and every customer has its own stream, so the same plan gives the same
//! rows whatever the number of threads and whichever part is written first.

use std::sync::LazyLock;

use rand::{RngCore, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};
use statrs::distribution::{ContinuousCDF, Normal};

use super::vocabulary::Wheel;

/// How finely the tables of quantiles are cut: a draw takes twelve bits.
pub(super) const QUANTILES: usize = 4096;

/// What a stream is for; streams of different purposes never meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Invitations and the answers to some of them, by chunk of rows.
    Answers = 1,
    /// Who a customer is, by customer.
    Customer = 2,
    /// What a customer spends and why they leave, by customer.
    Account = 3,
    /// What is spoilt in the dirty file, by chunk of rows.
    Dirt = 4,
}

/// A stream of draws.
#[derive(Debug)]
pub(super) struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// The stream for one place of one purpose under a seed.
    pub(super) fn stream(seed: u64, purpose: Purpose, place: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mix(seed, purpose, place)))
    }

    /// 64 uniform bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform over 0 … bound − 1, by the high half of a product (Lemire 2019, without the
    /// rejection step: its bias is below bound / 2⁶⁴).
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// Uniform over [0, 1) in steps of 2⁻²⁴.
    pub(super) fn share(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// True with a probability in [0, 1].
    pub(super) fn hits(&mut self, probability: f32) -> bool {
        self.share() < probability
    }

    /// A standard normal draw, within ±3.7.
    pub(super) fn normal(&mut self) -> f32 {
        NORMALS[twelve(self.bits(), 0)]
    }

    /// Five standard normal draws from one word of bits.
    pub(super) fn normals(&mut self) -> [f32; 5] {
        let bits = self.bits();
        std::array::from_fn(|i| NORMALS[twelve(bits, i)])
    }

    /// An exponential draw of mean 1, below 9.1.
    pub(super) fn exponential(&mut self) -> f32 {
        EXPONENTIALS[twelve(self.bits(), 0)]
    }

    /// What a wheel stops at.
    pub(super) fn spin(&mut self, wheel: &Wheel) -> usize {
        usize::from(wheel[self.below(100) as usize])
    }
}

/// The i-th group of twelve bits, as a place in a table of quantiles (i < 5).
pub(super) fn twelve(bits: u64, i: usize) -> usize {
    (bits >> (4 + 12 * i)) as usize & (QUANTILES - 1)
}

/// One well mixed word for a place, so that neighbouring places share nothing.
fn mix(seed: u64, purpose: Purpose, place: u64) -> u64 {
    let [word, _] = Traits::new(seed, purpose).of(place);
    word
}

/// Two words of bits for each place of one purpose: less than a stream, and much cheaper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits(u64);

impl Traits {
    /// The words of a purpose under a seed.
    pub(super) fn new(seed: u64, purpose: Purpose) -> Self {
        Self(SplitMix64::seed_from_u64(seed ^ ((purpose as u64) << 56)).next_u64())
    }

    /// The words of a place.
    pub(super) fn of(self, place: u64) -> [u64; 2] {
        // Odd multiples keep places apart; SplitMix64 then leaves no trace of their order.
        let start = self.0 ^ place.wrapping_mul(0xd134_2543_de82_ef95);
        let mut words = SplitMix64::seed_from_u64(start);
        [words.next_u64(), words.next_u64()]
    }
}

/// Quantiles of the standard normal distribution at the middles of equal shares.
pub(super) static NORMALS: LazyLock<Box<[f32]>> = LazyLock::new(|| {
    let normal = Normal::standard();
    middles().map(|p| normal.inverse_cdf(p) as f32).collect()
});

/// Quantiles of the exponential distribution of mean 1 at the middles of equal shares.
pub(super) static EXPONENTIALS: LazyLock<Box<[f32]>> =
    LazyLock::new(|| middles().map(|p| -(-p).ln_1p() as f32).collect());

fn middles() -> impl Iterator<Item = f64> {
    (0..QUANTILES).map(|i| (i as f64 + 0.5) / QUANTILES as f64)
}

#[cfg(test)]
mod tests {
    use super::{Chance, EXPONENTIALS, NORMALS, Purpose};

    #[test]
    fn streams_repeat_and_do_not_meet() {
        let draw = |seed, purpose, place| Chance::stream(seed, purpose, place).bits();
        assert_eq!(draw(1, Purpose::Answers, 7), draw(1, Purpose::Answers, 7));
        assert_ne!(draw(1, Purpose::Answers, 7), draw(1, Purpose::Answers, 8));
        assert_ne!(draw(1, Purpose::Answers, 7), draw(1, Purpose::Account, 7));
        assert_ne!(draw(1, Purpose::Answers, 7), draw(2, Purpose::Answers, 7));
    }

    #[test]
    fn tables_have_the_moments_of_their_distributions() {
        let mean = |table: &[f32]| table.iter().sum::<f32>() / table.len() as f32;
        let squares: Vec<f32> = NORMALS.iter().map(|z| z * z).collect();
        assert!(mean(&NORMALS).abs() < 1e-3);
        assert!((mean(&squares) - 1.0).abs() < 5e-3);
        assert!((mean(&EXPONENTIALS) - 1.0).abs() < 5e-3);
    }
}
