//! What each KPI adds up: small copyable states that merge exactly.
//!
//! A tally is all that a group, a batch, a file, a roll-up or another machine hands on; every
//! statistic of the KPI is computed from it in the end. Its parts are plain 64-bit numbers, so
//! that any store of columns can keep it.

use crate::model::Category;
use crate::statistics::{Moments, WeightedMoments};

/// How a part of a tally is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// An unsigned 64-bit count.
    Count,
    /// A 64-bit float.
    Real,
}

/// A state that one pass builds and that merges exactly (counts) or to 1e-12 (reals).
pub trait Tally: Copy + Default + std::fmt::Debug + Send + Sync + 'static {
    /// How many parts it has.
    const WIDTH: usize;

    /// The names and kinds of its parts.
    fn parts() -> Vec<(String, Part)>;

    /// Adds what another tally has seen.
    fn merge(&mut self, other: &Self);

    /// The bits of a part; reals through `f64::to_bits`.
    fn part(&self, index: usize) -> u64;

    /// The tally whose parts have these bits.
    fn of_parts(bits: impl Fn(usize) -> u64) -> Self;

    /// Whether what is taken away may take digits along that the rest needs.
    const WEARS: bool = false;

    /// Whether it did.
    fn is_worn(&self) -> bool {
        false
    }
}

/// Declares a tally of counts: the struct, its merge and its parts.
macro_rules! counts {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident = $index:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: u64),+ }

        impl $name {
            /// Takes away what another tally has seen, which this one must hold.
            #[inline]
            pub fn unmerge(&mut self, other: &Self) {
                $(self.$field = self.$field.wrapping_sub(other.$field);)+
            }
        }

        impl Tally for $name {
            const WIDTH: usize = [$($index),+].len();

            fn parts() -> Vec<(String, Part)> {
                vec![$((stringify!($field).to_owned(), Part::Count)),+]
            }

            #[inline]
            fn merge(&mut self, other: &Self) {
                $(self.$field = self.$field.wrapping_add(other.$field);)+
            }

            #[inline]
            fn part(&self, index: usize) -> u64 {
                match index { $($index => self.$field,)+ _ => 0 }
            }

            #[inline]
            fn of_parts(bits: impl Fn(usize) -> u64) -> Self {
                Self { $($field: bits($index)),+ }
            }
        }
    };
}

counts! {
    /// Answers to the recommendation question, 24 bytes.
    NpsTally {
        /// All answers.
        n = 0,
        /// Scores 9–10.
        promoters = 1,
        /// Scores 0–6.
        detractors = 2,
    }
}

counts! {
    /// Yes-or-no answers, or answers inside a band of a scale.
    RateTally {
        /// All answers.
        n = 0,
        /// Those that are true, or inside the band.
        events = 1,
    }
}

counts! {
    /// Answers to the effort question, high = easy.
    EffortTally {
        /// All answers.
        n = 0,
        /// The sum of the scores.
        sum = 1,
        /// The sum of the squared scores.
        sum_of_squares = 2,
        /// 5–7 of seven points, 4–5 of five.
        easy = 3,
        /// 1–3 of seven points, 1–2 of five.
        difficult = 4,
    }
}

counts! {
    /// Answers to the recommendation question as far as the score itself needs them, 16 bytes: a
    /// million groups fit into less cache, and a partial state is one column less.
    NetTally {
        /// All answers.
        n = 0,
        /// Promoters − detractors, in two's complement.
        net = 1,
    }
}

/// A tally of answers to the recommendation question.
pub trait PromoterTally: Tally {
    /// Adds so many answers, promoters and detractors.
    fn count(&mut self, n: u64, promoters: u64, detractors: u64);

    /// Takes them away again.
    fn discount(&mut self, n: u64, promoters: u64, detractors: u64);

    /// Adds a score of 0–10; anything above is a blank and counts for nothing.
    #[inline]
    fn add(&mut self, score: u8) {
        let [n, promoter, detractor] = marks(score).map(u64::from);
        self.count(n, promoter, detractor);
    }

    /// Undoes [`PromoterTally::add`].
    #[inline]
    fn remove(&mut self, score: u8) {
        let [n, promoter, detractor] = marks(score).map(u64::from);
        self.discount(n, promoter, detractor);
    }

    /// Adds many scores; counts in single bytes over blocks of 255, which the processor does 16 at
    /// a time.
    fn add_all(&mut self, scores: &[u8]) {
        for block in scores.chunks(255) {
            let mut sums = [0_u8; 3];
            for &score in block {
                let marks = marks(score);
                sums[0] += u8::from(marks[0]);
                sums[1] += u8::from(marks[1]);
                sums[2] += u8::from(marks[2]);
            }
            let [n, promoters, detractors] = sums.map(u64::from);
            self.count(n, promoters, detractors);
        }
    }
}

/// Whether a score is an answer, a promoter, a detractor.
#[inline]
fn marks(score: u8) -> [bool; 3] {
    let answer = score <= 10;
    [
        answer,
        answer & (score >= Category::PROMOTER_FROM),
        score < Category::PASSIVE_FROM,
    ]
}

impl PromoterTally for NpsTally {
    #[inline]
    fn count(&mut self, n: u64, promoters: u64, detractors: u64) {
        self.n += n;
        self.promoters += promoters;
        self.detractors += detractors;
    }

    #[inline]
    fn discount(&mut self, n: u64, promoters: u64, detractors: u64) {
        self.n -= n;
        self.promoters -= promoters;
        self.detractors -= detractors;
    }
}

impl PromoterTally for NetTally {
    #[inline]
    fn count(&mut self, n: u64, promoters: u64, detractors: u64) {
        self.n += n;
        self.net = self.net.wrapping_add(promoters).wrapping_sub(detractors);
    }

    #[inline]
    fn discount(&mut self, n: u64, promoters: u64, detractors: u64) {
        self.n -= n;
        self.net = self.net.wrapping_sub(promoters).wrapping_add(detractors);
    }
}

impl NetTally {
    /// % promoters − % detractors, −100–100; `None` without answers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn nps(&self) -> Option<f64> {
        (self.n > 0).then(|| 100.0 * self.net.cast_signed() as f64 / self.n as f64)
    }
}

impl NpsTally {
    /// Scores 7–8.
    #[must_use]
    pub fn passives(&self) -> u64 {
        self.n - self.promoters - self.detractors
    }

    /// % promoters − % detractors, −100–100; `None` without answers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn nps(&self) -> Option<f64> {
        let net = self.promoters.wrapping_sub(self.detractors).cast_signed();
        (self.n > 0).then(|| 100.0 * net as f64 / self.n as f64)
    }
}

impl RateTally {
    /// Adds an answer that is an event or not.
    #[inline]
    pub fn add(&mut self, is_event: bool) {
        self.n += 1;
        self.events += u64::from(is_event);
    }

    /// Undoes [`RateTally::add`].
    #[inline]
    pub fn remove(&mut self, is_event: bool) {
        self.n -= 1;
        self.events -= u64::from(is_event);
    }

    /// The share of events, 0–100; `None` without answers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn percent(&self) -> Option<f64> {
        (self.n > 0).then(|| 100.0 * self.events as f64 / self.n as f64)
    }
}

impl EffortTally {
    /// An answer, with whether it counts as easy or as difficult.
    #[must_use]
    pub fn of(score: u64, easy: bool, difficult: bool) -> Self {
        Self {
            n: 1,
            sum: score,
            sum_of_squares: score * score,
            easy: u64::from(easy),
            difficult: u64::from(difficult),
        }
    }

    /// The mean score; `None` without answers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }
}

/// Two tallies kept together: groups a and b of a comparison, or counts beside sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pair<A, B> {
    /// The first; in a comparison the rows where the flag is false.
    pub a: A,
    /// The second; in a comparison the rows where the flag is true.
    pub b: B,
}

impl<T> Pair<T, T> {
    /// The side that a row with this flag belongs to.
    #[inline]
    pub fn side(&mut self, is_b: bool) -> &mut T {
        if is_b { &mut self.b } else { &mut self.a }
    }
}

impl<A: Tally, B: Tally> Tally for Pair<A, B> {
    const WEARS: bool = A::WEARS || B::WEARS;

    fn is_worn(&self) -> bool {
        self.a.is_worn() || self.b.is_worn()
    }

    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn parts() -> Vec<(String, Part)> {
        let a = A::parts()
            .into_iter()
            .map(|(name, part)| (format!("a_{name}"), part));
        let b = B::parts()
            .into_iter()
            .map(|(name, part)| (format!("b_{name}"), part));
        a.chain(b).collect()
    }

    #[inline]
    fn merge(&mut self, other: &Self) {
        self.a.merge(&other.a);
        self.b.merge(&other.b);
    }

    #[inline]
    fn part(&self, index: usize) -> u64 {
        if index < A::WIDTH {
            self.a.part(index)
        } else {
            self.b.part(index - A::WIDTH)
        }
    }

    #[inline]
    fn of_parts(bits: impl Fn(usize) -> u64) -> Self {
        Self {
            a: A::of_parts(&bits),
            b: B::of_parts(|index| bits(A::WIDTH + index)),
        }
    }
}

/// Sums of real values as a tally: a count of rows and double-doubles in two reals each.
macro_rules! moments {
    ($moments:ident, $width:literal, $names:expr) => {
        impl Tally for $moments {
            const WIDTH: usize = $width + 1;
            const WEARS: bool = true;

            fn is_worn(&self) -> bool {
                Self::is_worn(self)
            }

            fn parts() -> Vec<(String, Part)> {
                let halves = |name: &&str| [format!("{name}_high"), format!("{name}_low")];
                let reals = $names
                    .iter()
                    .flat_map(halves)
                    .map(|name| (name, Part::Real));
                std::iter::once(("n".to_owned(), Part::Count))
                    .chain(reals)
                    .collect()
            }

            #[inline]
            fn merge(&mut self, other: &Self) {
                Self::merge(self, other);
            }

            #[inline]
            fn part(&self, index: usize) -> u64 {
                if index == 0 {
                    self.n()
                } else {
                    self.to_parts()[index - 1].to_bits()
                }
            }

            #[inline]
            fn of_parts(bits: impl Fn(usize) -> u64) -> Self {
                let real = |index| f64::from_bits(bits(index + 1));
                Self::from_parts(bits(0), std::array::from_fn(real))
            }
        }
    };
}

moments!(Moments, 4, ["x", "xx"]);
moments!(WeightedMoments, 12, ["w", "ww", "wx", "wxx", "wwx", "wwxx"]);
