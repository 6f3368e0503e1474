//! Promoters and detractors as states: the stores behind every function of the Net Promoter Score.
//!
//! Here because `nps`, `nps_summary`, `nps_compare` and the shares of the three categories count
//! the same answers: three counts without weights, with them also the moments of 1, 0 and −1.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::columns::{OtherScale, ScoreReader, ValueReader};
use crate::functions::fold::Either;
use crate::functions::frame::{Answers, Call, given};
use crate::model::{NpsTally, Pair, Scale};
use crate::statistics::WeightedMoments;

/// The first code of a passive and of a promoter; the scale begins at 0, so codes are scores.
const PASSIVE: u8 = crate::model::Category::PASSIVE_FROM;
const PROMOTER: u8 = crate::model::Category::PROMOTER_FROM;
const HIGHEST: u8 = 10;

/// What weighted answers add up to: their unweighted counts, and the moments of the values 1
/// (promoter), 0 and −1 (detractor).
pub(crate) type WeightedNps = Pair<NpsTally, WeightedMoments>;

/// The store of every function of promoters and detractors: counts, or weighted moments.
pub(crate) type NpsGroups = Either<Cells<Promoters>, Cells<WeightedPromoters>>;

/// The state columns of [`NpsGroups`]; argument 1 is the weight.
pub(crate) fn nps_state(types: &[DataType]) -> Vec<Field> {
    if given(types, 1) {
        state_fields::<WeightedNps>()
    } else {
        state_fields::<NpsTally>()
    }
}

/// The store of a call whose arguments 0 and 1 are score and weight.
pub(crate) fn nps_groups(
    call: &Call<'_>,
    plain: Answers<NpsTally>,
    weighted: Answers<WeightedNps>,
) -> NpsGroups {
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
pub(crate) struct Promoters {
    pub(crate) scores: ScoreReader,
    pub(crate) answers: Answers<NpsTally>,
}

impl Fold for Promoters {
    type Tally = NpsTally;
    type Batch<'a> = Cow<'a, [u8]>;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [u8]>> {
        self.scores.read(&arguments[0])
    }

    #[inline]
    fn add(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut NpsTally) {
        tally.add(codes[row]);
    }

    #[inline]
    fn remove(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut NpsTally) {
        tally.remove(codes[row]);
    }

    fn add_all(&self, codes: &Cow<'_, [u8]>, _rows: usize, tally: &mut NpsTally) {
        tally.add_all(codes);
    }

    fn add_each(&self, codes: &Cow<'_, [u8]>, of: &[usize], tallies: &mut [NpsTally]) {
        let codes: &[u8] = codes;
        for (&code, &group) in codes.iter().zip(of) {
            tallies[group].add(code);
        }
    }

    fn finish(&self, tallies: &[NpsTally]) -> Result<ArrayRef> {
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
