//! `auc_summary(score, outcome [, confidence])` → {auc, se, low, high, cases, controls}: the area
//! under the ROC curve with its standard error and normal interval, within 0 and 1.
//!
//! Rows with a NULL in either are left out. Without cases or without controls the area is NULL; with
//! fewer than two of either its error is. State as `auc`. DeLong, DeLong & Clarke-Pearson (1988),
//! Biometrics 44.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::auc::{area, open_scores};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::tables::{Levels, Tables, table_state};
use crate::statistics::Confidence;

const LAYOUT: Layout = &[
    ("auc", Shape::Real),
    ("se", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("cases", Shape::Count),
    ("controls", Shape::Count),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "The area under the ROC curve with its standard error and interval. Use it instead of auc wherever the number is shown or compared with ½. Assumes independent rows; the interval is normal, so it is rough for a handful of cases and areas near 1. Holds what auc holds. DeLong, DeLong and Clarke-Pearson 1988.",
    syntax_example = "auc_summary(score, outcome [, confidence])",
    sql_example = "SELECT expand(auc_summary(-nps, churned)) FROM (SELECT nps, csat, ces, churned FROM responses JOIN customers USING (customer_id) WHERE churned_on IS NULL OR responded_at < churned_on QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY responded_at DESC) = 1) AS last_answers",
    argument(name = "score", description = "Any number."),
    argument(name = "outcome", description = "Boolean, or 1 and 0."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct AucSummary;

impl Aggregate for AucSummary {
    type Groups = Tables;

    const NAME: &'static str = "auc_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Level),
        required("outcome", Kind::Flag),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let confidence = call.confidence(2)?;
        let answers = Answers::records(LAYOUT, move |scores: &Levels| summary(scores, confidence));
        Ok(open_scores(call, answers))
    }
}

fn summary(scores: &Levels, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let auc = area(scores);
    let interval = auc.and_then(|auc| auc.interval(confidence));
    [
        auc.map(|auc| auc.value).into(),
        auc.and_then(|auc| auc.se()).into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        scores.with().into(),
        scores.without().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::AucSummary;
    use crate::functions::tester::{fields, ints, reals};

    #[test]
    fn two_against_two() {
        let given = [reals(&[1.0, 3.0, 0.0, 2.0]), ints(&[1, 1, 0, 0])];
        let found = fields::<AucSummary>(&given, "auc se high cases controls");
        assert_eq!(found, "0.75 0.3535533905932738 1.0 2 2");
    }

    #[test]
    fn what_cannot_be_told_is_null() {
        let names = "auc se low high cases controls";
        let found = fields::<AucSummary>(&[reals(&[]), ints(&[])], names);
        assert_eq!(found, "NULL NULL NULL NULL 0 0");
        let found = fields::<AucSummary>(&[reals(&[1.0, 2.0]), ints(&[0, 1])], names);
        assert_eq!(found, "1.0 NULL NULL NULL 1 1");
    }
}
