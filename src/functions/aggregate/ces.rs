//! `ces(score [, max])` → Float64: customer effort, the mean answer on 1–`max`, high = easy; `max`
//! is 7 unless given (5 is the other form in use).
//!
//! NULLs are left out; nothing left gives NULL; a score off the scale is an error. State: five
//! counts a group. Dixon, Freeman & Toman (2010), Harvard Business Review 88(7).

use std::borrow::Cow;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::scale_reader;
use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::columns::{BLANK, OtherScale, ScoreReader};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::model::{EffortTally, Tally};

#[user_doc(
    doc_section(label = "KPI"),
    description = "Customer effort: the mean answer on 1-max, where high is easy.",
    syntax_example = "ces(score [, max])",
    sql_example = "SELECT ces(ces) AS ces FROM responses",
    argument(name = "score", description = "Answers on 1-max, high = easy."),
    argument(name = "max", description = "The highest point: 7 by default, or 5.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ces;

impl Aggregate for Ces {
    type Groups = Cells<Effort>;

    const NAME: &'static str = "ces";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        optional("max", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<EffortTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Effort>> {
        Ok(Cells::new(Effort::of(
            call,
            Answers::floats(EffortTally::mean),
        )?))
    }
}

/// Sums effort scores and counts the easy and the difficult.
#[derive(Debug, Clone)]
pub(crate) struct Effort {
    scores: ScoreReader,
    marks: Vec<EffortTally>, // what each code of the scale adds
    answers: Answers<EffortTally>,
}

impl Effort {
    /// The fold of a call whose arguments 0 and 1 are the score and the highest point.
    pub(crate) fn of(call: &Call<'_>, answers: Answers<EffortTally>) -> Result<Self> {
        let max = call.integer(1)?.unwrap_or(7);
        let (difficult, easy, other_scale) = match max {
            7 => (1..=3, 5..=7, OtherScale::None),
            5 => (
                1..=2,
                4..=5,
                OtherScale::Higher("; for the seven-point scale write max => 7"),
            ),
            _ => return exec_err!("{}: max {max} must be 7 or 5", call.function()),
        };
        let scores = scale_reader(call, 1, max, other_scale)?;
        let mark =
            |score: u64| EffortTally::of(score, easy.contains(&score), difficult.contains(&score));
        let marks = (1..=max.cast_unsigned()).map(mark).collect();
        Ok(Self {
            scores,
            marks,
            answers,
        })
    }
}

impl Fold for Effort {
    type Tally = EffortTally;
    type Batch<'a> = Cow<'a, [u8]>;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Cow<'a, [u8]>> {
        self.scores.read(&arguments[0])
    }

    #[inline]
    fn add(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut EffortTally) {
        if codes[row] != BLANK {
            tally.merge(&self.marks[usize::from(codes[row])]);
        }
    }

    #[inline]
    fn remove(&self, codes: &Cow<'_, [u8]>, row: usize, tally: &mut EffortTally) {
        if codes[row] != BLANK {
            tally.unmerge(&self.marks[usize::from(codes[row])]);
        }
    }

    fn add_each(&self, codes: &Cow<'_, [u8]>, of: &[usize], tallies: &mut [EffortTally]) {
        let codes: &[u8] = codes;
        for (&code, &group) in codes.iter().zip(of) {
            if code != BLANK {
                tallies[group].merge(&self.marks[usize::from(code)]);
            }
        }
    }

    fn finish(&self, tallies: &[EffortTally]) -> Result<ArrayRef> {
        self.answers.of(tallies)
    }
}

#[cfg(test)]
mod tests {
    use super::Ces;
    use crate::functions::tester::{NULL, answer, constant, error, ints};

    #[test]
    fn mean_of_the_answers_that_were_given() {
        assert_eq!(answer::<Ces>(&[ints(&[7, 5, 3, 1, NULL])]), "4.0");
        assert_eq!(answer::<Ces>(&[ints(&[6])]), "6.0");
        assert_eq!(answer::<Ces>(&[ints(&[2, 2])]), "2.0");
        assert_eq!(answer::<Ces>(&[ints(&[])]), "NULL");
        assert_eq!(answer::<Ces>(&[ints(&[5, 4]), constant(5_i64)]), "4.5");
        let text = error::<Ces>(&[ints(&[6]), constant(5_i64)]);
        assert!(text.starts_with("ces: score 6 is outside 1–5"), "{text}");
        let text = error::<Ces>(&[ints(&[6]), constant(10_i64)]);
        assert_eq!(text, "ces: max 10 must be 7 or 5");
    }
}
