//! `csat_summary(score [, max, confidence])` → {csat, low, high, n, satisfied}: customer satisfaction
//! with Wilson's interval, 0–100.
//!
//! `satisfied` counts the two highest points of 1–`max` (5). NULLs are left out; without answers n = 0
//! and the values are NULL. State: two counts a group. Wilson (1927), JASA 22.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::csat::satisfied;
use crate::functions::aggregate::rate::Band;
use crate::functions::aggregate::rate_summary::share;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, record_type};
use crate::model::RateTally;

const LAYOUT: Layout = &[
    ("csat", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("n", Shape::Count),
    ("satisfied", Shape::Count),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Customer satisfaction with its Wilson interval, 0 to 100.",
    syntax_example = "csat_summary(score [, max, confidence])",
    sql_example = "SELECT expand(csat_summary(csat)) FROM responses",
    argument(name = "score", description = "Answers on 1-max."),
    argument(name = "max", description = "The highest point; 5 by default."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CsatSummary;

impl Aggregate for CsatSummary {
    type Groups = Cells<Band>;

    const NAME: &'static str = "csat_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        optional("max", Kind::Integer),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Band>> {
        let confidence = call.confidence(2)?;
        satisfied(
            call,
            Answers::records(LAYOUT, move |tally| share(tally, confidence)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::CsatSummary;
    use crate::functions::tester::{NULL, fields, ints};

    #[test]
    fn counts_travel_with_the_share() {
        let found = |scores: &[i64]| fields::<CsatSummary>(&[ints(scores)], "csat n satisfied");
        assert_eq!(found(&[5, 4, 3, 1, NULL]), "50.0 4 2");
        assert_eq!(found(&[1]), "0.0 1 0");
        assert_eq!(found(&[5, 5]), "100.0 2 2");
        assert_eq!(found(&[]), "NULL 0 0");
        assert_eq!(
            fields::<CsatSummary>(&[ints(&[NULL])], "low high"),
            "NULL NULL"
        );
    }
}
