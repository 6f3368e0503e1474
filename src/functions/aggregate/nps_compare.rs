//! `nps_compare(score, is_b [, confidence])` → {nps_a, nps_b, difference, low, high, se, z, p,
//! n_a, n_b}: two independent Net Promoter Scores, difference b − a.
//!
//! Unpooled (Wald) interval and two-sided z test; −200–200 for the difference. Rows with a NULL
//! score or flag are left out; with an empty side the comparison is NULL, with two sides that never
//! vary z and p are. State: six counts a group. Here too is the fold that keeps a comparison's two
//! sides.

use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::nps_summary::net_promoter;
use crate::functions::cells::{Cells, Fold, state_fields};
use crate::functions::columns::{BLANK, flag_codes};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::net_promoter::{Promoters, reader};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::model::{NpsTally, Pair};
use crate::statistics::{Confidence, compare_net_promoter};

const LAYOUT: Layout = &[
    ("nps_a", Shape::Real),
    ("nps_b", Shape::Real),
    ("difference", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("se", Shape::Real),
    ("z", Shape::Real),
    ("p", Shape::Real),
    ("n_a", Shape::Count),
    ("n_b", Shape::Count),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "Compares the Net Promoter Score of two groups: difference b - a with its interval and z test.",
    syntax_example = "nps_compare(score, is_b [, confidence])",
    sql_example = "SELECT expand(nps_compare(nps, touchpoint = 'returns')) FROM responses WHERE touchpoint IN ('store', 'returns')",
    argument(name = "score", description = "Answers on 0-10."),
    argument(
        name = "is_b",
        description = "Whether a row belongs to group b; Boolean, or 1 and 0."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsCompare;

impl Aggregate for NpsCompare {
    type Groups = Cells<Sides<Promoters<NpsTally>>>;

    const NAME: &'static str = "nps_compare";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("is_b", Kind::Flag),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<Pair<NpsTally, NpsTally>>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Self::Groups> {
        let confidence = call.confidence(2)?;
        let side = Promoters {
            scores: reader(call),
            answers: Answers::none(),
        };
        Ok(Sides::open(
            call,
            side,
            Answers::records(LAYOUT, move |pair| compared(pair, confidence)),
        ))
    }
}

fn compared(pair: &Pair<NpsTally, NpsTally>, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let Pair { a, b } = pair;
    let result = compare_net_promoter(net_promoter(a), net_promoter(b), confidence).ok();
    let test = result.and_then(|r| r.test);
    let percent = |value: f64| 100.0 * value;
    [
        a.nps().into(),
        b.nps().into(),
        result.map(|r| percent(r.difference)).into(),
        result.map(|r| percent(r.interval.low)).into(),
        result.map(|r| percent(r.interval.high)).into(),
        result.map(|r| percent(r.se)).into(),
        test.map(|t| t.statistic).into(),
        test.map(|t| t.p).into(),
        a.n.into(),
        b.n.into(),
    ]
}

/// Keeps one tally for rows whose flag (argument 1) is false and one for those where it is true.
#[derive(Debug, Clone)]
pub(crate) struct Sides<F: Fold> {
    side: F,
    function: &'static str,
    label: String,
    answers: Answers<Pair<F::Tally, F::Tally>>,
}

impl<F: Fold> Sides<F> {
    /// The store of a call whose argument 1 tells the side.
    pub(crate) fn open(
        call: &Call<'_>,
        side: F,
        answers: Answers<Pair<F::Tally, F::Tally>>,
    ) -> Cells<Self> {
        Cells::new(Self {
            side,
            function: call.function(),
            label: call.label(1),
            answers,
        })
    }
}

impl<F: Fold> Fold for Sides<F> {
    type Tally = Pair<F::Tally, F::Tally>;
    type Batch<'a> = (F::Batch<'a>, BooleanArray);

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        let codes = flag_codes(self.function, &self.label, &arguments[1])?;
        let flags = codes
            .iter()
            .map(|code| (*code != BLANK).then_some(*code == 1))
            .collect();
        Ok((self.side.read(arguments)?, flags))
    }

    #[inline]
    fn add(&self, (batch, is_b): &Self::Batch<'_>, row: usize, pair: &mut Self::Tally) {
        if is_b.is_valid(row) {
            self.side.add(batch, row, pair.side(is_b.value(row)));
        }
    }

    #[inline]
    fn remove(&self, (batch, is_b): &Self::Batch<'_>, row: usize, pair: &mut Self::Tally) {
        if is_b.is_valid(row) {
            self.side.remove(batch, row, pair.side(is_b.value(row)));
        }
    }

    fn finish(&self, pairs: &[Self::Tally]) -> Result<ArrayRef> {
        self.answers.of(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::NpsCompare;
    use crate::functions::tester::{NULL, fields, flags, ints};

    #[test]
    fn rows_with_score_and_side_count() {
        let names = "nps_a nps_b difference n_a n_b";
        let found =
            fields::<NpsCompare>(&[ints(&[10, 0, 10, 10, NULL, 3]), flags("00110.")], names);
        assert_eq!(found, "0.0 100.0 100.0 2 2");
        let one_side = fields::<NpsCompare>(&[ints(&[10]), flags("1")], names);
        assert_eq!(one_side, "NULL 100.0 NULL 0 1");
        assert_eq!(
            fields::<NpsCompare>(&[ints(&[]), flags("")], names),
            "NULL NULL NULL 0 0"
        );
    }

    #[test]
    fn sides_that_never_vary_have_no_test() {
        let found = fields::<NpsCompare>(&[ints(&[7, 7, 9]), flags("001")], "difference se z p");
        assert_eq!(found, "100.0 0.0 NULL NULL");
    }
}
