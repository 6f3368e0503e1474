//! `nps_shift(score, is_after, segment)` → LIST of {segment, n_before, n_after, nps_before,
//! nps_after, mix, rate, total}: why the NPS moved, segment by segment, in points.
//!
//! mix is what the segment's gain or loss of weight did, rate what its own change did; total is both,
//! and the totals add up to the change of the NPS (Kitagawa 1955, J. Am. Stat. Assoc. 50). A segment
//! without answers in one period takes the other's NPS there, so its rate is 0. Rows with a NULL, or
//! a blank segment, are left out; a period without answers gives NULL. Segments with the largest
//! |total| first, ties by name (bytes). State: six counts a segment.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::nps_summary::net_promoter;
use crate::functions::columns::{BLANK, ScoreReader, flag_codes};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::named::{Name, Named, NamedFold, named_state};
use crate::functions::net_promoter::reader;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, list_type, lists};
use crate::model::{NpsTally, Pair, PromoterTally};
use crate::statistics::{Contribution, Shift, decompose};

const LAYOUT: Layout = &[
    ("segment", Shape::Text),
    ("n_before", Shape::Count),
    ("n_after", Shape::Count),
    ("nps_before", Shape::Real),
    ("nps_after", Shape::Real),
    ("mix", Shape::Real),
    ("rate", Shape::Real),
    ("total", Shape::Real),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "Why the NPS moved between two periods: for each segment what its change of weight did (mix) and what its own change did (rate), in points; all together are the change of the NPS of the answers that have a segment (coalesce(segment, 'none') keeps the others). A period without answers gives NULL. Use it before crediting or blaming anybody: a score can rise in every segment and fall in all of them together. Assumes nothing beyond comparable answers; say how sure the change itself is with nps_compare. Holds six counts a segment. Kitagawa 1955.",
    syntax_example = "nps_shift(score, is_after, segment)",
    sql_example = "SELECT expand(nps_shift(nps, responded_at >= '2024-07-01', channel)) FROM responses",
    argument(name = "score", description = "Answers on 0-10."),
    argument(
        name = "is_after",
        description = "False for the first period, true for the second."
    ),
    argument(
        name = "segment",
        description = "What is shifted: text, or a number that stands for one."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsShift;

impl Aggregate for NpsShift {
    type Groups = Named<Periods>;

    const NAME: &'static str = "nps_shift";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("is_after", Kind::Flag),
        required("segment", Kind::Name),
    ];
    const LIST: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        list_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        named_state::<Both>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Named<Periods>> {
        let periods = Periods {
            scores: reader(call),
            label: call.label(1),
        };
        let answers = Answers::arrays(|groups: &[Vec<Name<Both>>]| {
            let listed = groups.iter().map(|segments| listed(segments));
            Ok(Arc::new(lists(LAYOUT, listed)) as ArrayRef)
        });
        Ok(Named::new(periods, answers))
    }
}

/// Answers before and after.
type Both = Pair<NpsTally, NpsTally>;

/// Counts the answers of both periods.
#[derive(Debug, Clone)]
pub(crate) struct Periods {
    scores: ScoreReader,
    label: String,
}

impl NamedFold for Periods {
    type Tally = Both;
    type Batch<'a> = (std::borrow::Cow<'a, [u8]>, std::borrow::Cow<'a, [u8]>);

    const NAMES: usize = 2;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        let scores = self.scores.read(&arguments[0])?;
        Ok((
            scores,
            flag_codes(NpsShift::NAME, &self.label, &arguments[1])?,
        ))
    }

    #[inline]
    fn add(&self, (scores, after): &Self::Batch<'_>, row: usize, tally: &mut Both) {
        if scores[row] != BLANK && after[row] != BLANK {
            tally.side(after[row] == 1).add(scores[row]);
        }
    }
}

fn listed(segments: &[Name<Both>]) -> Vec<[Value; LAYOUT.len()]> {
    let answers = segments.iter().map(|segment| Shift {
        before: net_promoter(&segment.tally.a),
        after: net_promoter(&segment.tally.b),
    });
    let found = decompose(&answers.collect::<Vec<Shift>>());
    let parts = found.map_or_else(Vec::new, |found| found.segments);
    let mut pairs: Vec<(&Name<Both>, Contribution)> = segments.iter().zip(parts).collect();
    pairs.sort_by(|(_, a), (_, b)| b.total.abs().total_cmp(&a.total.abs())); // stable
    let rows = pairs.iter().map(|(segment, part)| row(segment, part));
    rows.collect()
}

fn row(segment: &Name<Both>, part: &Contribution) -> [Value; LAYOUT.len()] {
    let points = |value: f64| Value::Real(Some(100.0 * value));
    [
        (&*segment.text).into(),
        segment.tally.a.n.into(),
        segment.tally.b.n.into(),
        segment.tally.a.nps().into(),
        segment.tally.b.nps().into(),
        points(part.mix),
        points(part.rate),
        points(part.total),
    ]
}

#[cfg(test)]
mod tests {
    use super::NpsShift;
    use crate::functions::tester::{NULL, answer, flags, ints, rows, texts};

    #[test]
    fn a_segment_that_grows_and_one_that_stays() {
        let given = [
            ints(&[10, 0, 10, 0, 0, NULL, 10]),
            flags("0011111"),
            texts(&["a", "b", "a", "b", "b", "b", "NULL"]),
        ];
        // a: weight ½ → ⅓ at 100, b: ½ → ⅔ at −100; the mean of 0 and −⅓ is −⅙.
        let found = rows::<NpsShift>(&given, "segment n_before n_after nps_before nps_after rate");
        assert_eq!(found, ["a 1 1 100.0 100.0 0.0", "b 1 2 -100.0 -100.0 0.0"]);
        let totals = rows::<NpsShift>(&given, "total").into_iter();
        let sum: f64 = totals.map(|total| total.parse::<f64>().unwrap()).sum();
        assert!((sum + 100.0 / 3.0).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn one_period_only_has_no_shift() {
        assert_eq!(
            answer::<NpsShift>(&[ints(&[]), flags(""), texts(&[])]),
            "NULL"
        );
        let given = [ints(&[9, 9]), flags("00"), texts(&["a", "b"])];
        assert_eq!(answer::<NpsShift>(&given), "NULL");
    }
}
