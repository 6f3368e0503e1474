//! Promoters and detractors as states: the stores behind every function of the Net Promoter Score.
//!
//! Here because `nps`, `nps_summary`, `nps_compare` and the shares of the three categories count
//! the same answers: three counts without weights, with them also the moments of 1, 0 and −1.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::columns::{OtherScale, ScoreReader};
use crate::functions::fold::Either;
use crate::functions::frame::{Answers, Call, given};
use crate::functions::values::ValueReader;
use crate::model::{NpsTally, Pair, PromoterTally, Scale};
use crate::statistics::WeightedMoments;

/// The first code of a passive and of a promoter; the scale begins at 0, so codes are scores.
const PASSIVE: u8 = crate::model::Category::PASSIVE_FROM;
const PROMOTER: u8 = crate::model::Category::PROMOTER_FROM;
const HIGHEST: u8 = 10;

/// What weighted answers add up to: their unweighted counts, and the moments of the values 1
/// (promoter), 0 and −1 (detractor).
pub(crate) type WeightedNps = Pair<NpsTally, WeightedMoments>;

/// The store of every function of promoters and detractors: counts, or weighted moments.
pub(crate) type NpsGroups<T> = Either<Cells<Promoters<T>>, Cells<WeightedPromoters>>;

/// The state columns of [`NpsGroups`]; argument 1 is the weight.
pub(crate) fn nps_state<T: PromoterTally>(types: &[DataType]) -> Vec<Field> {
    if given(types, 1) {
        state_fields::<WeightedNps>()
    } else {
        state_fields::<T>()
    }
}

/// The store of a call whose arguments 0 and 1 are score and weight.
pub(crate) fn nps_groups<T: PromoterTally>(
    call: &Call<'_>,
    plain: Answers<T>,
    weighted: Answers<WeightedNps>,
) -> NpsGroups<T> {
    if call.has(1) {
        let weights = ValueReader::weights(call, 1);
        Either::Right(Cells::new(WeightedPromoters {
            scores: reader(call),
            weights,
            answers: weighted,
        }))
    } else {
        Either::Left(Cells::new(Promoters {
            scores: reader(call),
            answers: plain,
        }))
    }
}

/// The reader of argument 0 as answers on 0–10.
pub(crate) fn reader(call: &Call<'_>) -> ScoreReader {
    ScoreReader {
        function: call.function(),
        label: call.label(0),
        scale: Scale::NPS,
        other_scale: OtherScale::None,
    }
}

/// Counts promoters and detractors.
#[derive(Debug, Clone)]
pub(crate) struct Promoters<T: PromoterTally> {
    pub(crate) scores: ScoreReader,
    pub(crate) answers: Answers<T>,
}

/// Up to so many groups a batch is counted in one word a group first …
const FEW_GROUPS: usize = 1024;
/// … whose three fields of 21 bits hold a batch of fewer rows than this.
const FIELD: u32 = 21;

/// What a code adds to the word: one answer, one promoter, one detractor.
const WORDS: [u64; 256] = {
    let mut words = [0; 256];
    let mut code = 0;
    while code <= HIGHEST {
        let promoter = (code >= PROMOTER) as u64;
        let detractor = (code < PASSIVE) as u64;
        words[code as usize] = 1 | promoter << FIELD | detractor << (2 * FIELD);
        code += 1;
    }
    words
};

impl<T: PromoterTally> Fold for Promoters<T> {
    type Tally = T;
    type Batch<'a> = Cow<'a, [u8]>;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [u8]>> {
        self.scores.read(&arguments[0])
    }

    #[inline]
    fn add(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut T) {
        tally.add(codes[row]);
    }

    #[inline]
    fn remove(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut T) {
        tally.remove(codes[row]);
    }

    fn add_all(&self, codes: &Cow<'_, [u8]>, _rows: usize, tally: &mut T) {
        tally.add_all(codes);
    }

    /// With few groups each row is one addition to one word; with many the tallies themselves.
    fn add_each(&self, codes: &Cow<'_, [u8]>, of: &[usize], tallies: &mut [T]) {
        let codes: &[u8] = codes;
        if tallies.len() > FEW_GROUPS.min(codes.len() / 4) || codes.len() >= 1 << FIELD {
            for (&code, &group) in codes.iter().zip(of) {
                tallies[group].add(code);
            }
            return;
        }
        let mut words = vec![0_u64; tallies.len()];
        for (&code, &group) in codes.iter().zip(of) {
            words[group] += WORDS[usize::from(code)];
        }
        for (word, tally) in words.into_iter().zip(tallies) {
            let field = |place: u32| word >> (place * FIELD) & ((1 << FIELD) - 1);
            tally.count(field(0), field(1), field(2));
        }
    }

    fn finish(&self, tallies: &[T]) -> Result<ArrayRef> {
        self.answers.of(tallies)
    }
}

/// Sums weighted promoters and detractors as the values 1, 0 and −1.
#[derive(Debug, Clone)]
pub(crate) struct WeightedPromoters {
    scores: ScoreReader,
    weights: ValueReader,
    answers: Answers<WeightedNps>,
}

impl WeightedPromoters {
    fn row(batch: &(Cow<'_, [u8]>, &Float64Array), row: usize) -> Option<(u8, f64)> {
        let (codes, weights) = batch;
        let counts = codes[row] <= HIGHEST && weights.is_valid(row);
        counts.then(|| (codes[row], weights.value(row)))
    }
}

/// 1 for a promoter, 0 for a passive, −1 for a detractor.
fn sign(code: u8) -> f64 {
    match code {
        0..PASSIVE => -1.0,
        PASSIVE..PROMOTER => 0.0,
        _ => 1.0,
    }
}

impl Fold for WeightedPromoters {
    type Tally = WeightedNps;
    type Batch<'a> = (Cow<'a, [u8]>, &'a Float64Array);

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        Ok((
            self.scores.read(&arguments[0])?,
            self.weights.read(&arguments[1])?,
        ))
    }

    fn add(&self, batch: &Self::Batch<'_>, row: usize, tally: &mut WeightedNps) {
        if let Some((code, weight)) = Self::row(batch, row) {
            tally.a.add(code);
            tally.b.add(sign(code), weight);
        }
    }

    fn remove(&self, batch: &Self::Batch<'_>, row: usize, tally: &mut WeightedNps) {
        if let Some((code, weight)) = Self::row(batch, row) {
            tally.a.remove(code);
            tally.b.remove(sign(code), weight);
        }
    }

    fn finish(&self, tallies: &[WeightedNps]) -> Result<ArrayRef> {
        self.answers.of(tallies)
    }
}
