//! `rate(flag)` → Float64, alias `churn_rate`: the share of true answers, 0–100.
//!
//! NULLs are left out; nothing left gives NULL. Flags are Boolean or 0/1. State: two counts a
//! group. Here too is the fold of every share: events are the codes inside a band of the scale.

use std::borrow::Cow;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::columns::{BLANK, OtherScale, ScoreReader, flag_codes};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::model::{RateTally, Scale};

#[user_doc(
    doc_section(label = "KPI"),
    description = "Share of rows whose flag is true, 0 to 100. NULLs are left out.",
    syntax_example = "rate(flag)",
    sql_example = "SELECT rate(churned) AS churn_rate FROM customers",
    argument(name = "flag", description = "Boolean, or 1 and 0.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rate;

impl Aggregate for Rate {
    type Groups = Cells<Band>;

    const NAME: &'static str = "rate";
    const ALIASES: &'static [&'static str] = &["churn_rate"];
    const PARAMETERS: &'static [Parameter] = &[required("flag", Kind::Flag)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Band>> {
        Ok(Cells::new(Band::of_flags(
            call,
            Answers::floats(RateTally::percent),
        )))
    }
}

/// Where the codes of a batch come from.
#[derive(Debug, Clone)]
enum Source {
    Scores(ScoreReader),
    Flags {
        function: &'static str,
        label: String,
    },
}

/// Counts the answers inside a band of codes.
#[derive(Debug, Clone)]
pub(crate) struct Band {
    source: Source,
    low: u8,
    high: u8,
    answers: Answers<RateTally>,
}

impl Band {
    /// True flags as events; argument 0 is the flag.
    pub(crate) fn of_flags(call: &Call<'_>, answers: Answers<RateTally>) -> Self {
        let source = Source::Flags {
            function: call.function(),
            label: call.label(0),
        };
        Self {
            source,
            low: 1,
            high: 1,
            answers,
        }
    }

    /// Scores from `low` to `high` as events; argument 0 is the score.
    pub(crate) fn of_scores(
        scores: ScoreReader,
        low: i64,
        high: i64,
        answers: Answers<RateTally>,
    ) -> Self {
        let code = |score: i64| u8::try_from(score - scores.scale.min).unwrap_or(BLANK - 1);
        Self {
            low: code(low),
            high: code(high),
            source: Source::Scores(scores),
            answers,
        }
    }

    #[inline]
    fn holds(&self, code: u8) -> bool {
        (self.low..=self.high).contains(&code)
    }
}

impl Fold for Band {
    type Tally = RateTally;
    type Batch<'a> = Cow<'a, [u8]>;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [u8]>> {
        match &self.source {
            Source::Scores(scores) => scores.read(&arguments[0]),
            Source::Flags { function, label } => flag_codes(function, label, &arguments[0]),
        }
    }

    #[inline]
    fn add(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut RateTally) {
        tally.n += u64::from(codes[row] != BLANK);
        tally.events += u64::from(self.holds(codes[row]));
    }

    #[inline]
    fn remove(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut RateTally) {
        tally.n -= u64::from(codes[row] != BLANK);
        tally.events -= u64::from(self.holds(codes[row]));
    }

    /// Counts in single bytes over blocks of 255, as [`crate::model::NpsTally::add_all`] does.
    fn add_all(&self, codes: &Cow<'_, [u8]>, _rows: usize, tally: &mut RateTally) {
        for block in codes.chunks(255) {
            let [mut n, mut events] = [0_u8; 2];
            for &code in block {
                n += u8::from(code != BLANK);
                events += u8::from(self.holds(code));
            }
            tally.n += u64::from(n);
            tally.events += u64::from(events);
        }
    }

    fn add_each(&self, codes: &Cow<'_, [u8]>, of: &[usize], tallies: &mut [RateTally]) {
        let codes: &[u8] = codes;
        for (&code, &group) in codes.iter().zip(of) {
            tallies[group].n += u64::from(code != BLANK);
            tallies[group].events += u64::from(self.holds(code));
        }
    }

    fn finish(&self, tallies: &[RateTally]) -> Result<ArrayRef> {
        self.answers.of(tallies)
    }
}

/// The reader of argument 0 as answers on `min`–`max`; fails when that is no scale.
pub(crate) fn scale_reader(
    call: &Call<'_>,
    min: i64,
    max: i64,
    other_scale: OtherScale,
) -> Result<ScoreReader> {
    let function = call.function();
    match Scale::new(min, max) {
        Some(scale) => Ok(ScoreReader {
            function,
            label: call.label(0),
            scale,
            other_scale,
        }),
        None => exec_err!(
            "{function}: {min}–{max} is not a rating scale; it needs 2 to {} whole points",
            Scale::MOST_POINTS
        ),
    }
}

/// Argument 1 as a number of points of this scale.
pub(crate) fn box_count(call: &Call<'_>, scale: Scale) -> Result<i64> {
    let boxes = call.needed(1)?;
    let points = scale.max - scale.min + 1;
    if (1..=points).contains(&boxes) {
        return Ok(boxes);
    }
    exec_err!(
        "{}: boxes {boxes} must be 1 to {points}, the points of {scale}",
        call.function()
    )
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use crate::functions::tester::{NULL, answer, error, flags, ints};

    #[test]
    fn share_of_the_flags_that_are_known() {
        assert_eq!(answer::<Rate>(&[flags("1100.")]), "50.0");
        assert_eq!(answer::<Rate>(&[flags("1")]), "100.0");
        assert_eq!(answer::<Rate>(&[flags("00")]), "0.0");
        assert_eq!(answer::<Rate>(&[flags("")]), "NULL");
        assert_eq!(answer::<Rate>(&[ints(&[1, 0, NULL])]), "50.0");
        assert!(error::<Rate>(&[ints(&[2])]).starts_with("rate: flag 2 is neither 1 nor 0"));
    }
}
