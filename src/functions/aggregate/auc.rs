//! `auc(score, outcome)` → Float64: how well a score tells rows with an outcome from those without,
//! P(a case scores higher than a control) + ½ P(they tie), 0 to 1.
//!
//! Rows with a NULL in either are left out; without cases or without controls the value is NULL.
//! State: cases and controls at each distinct score; a score of more than 254 values keeps its rows,
//! 8 bytes each. Hanley & McNeil (1982), Radiology 143; ties by Bamber (1975), J. Math. Psych. 12.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::tables::{Levels, Reading, Tables, table_state};
use crate::statistics::{Auc as Area, Level};

#[user_doc(
    doc_section(label = "Validation"),
    description = "How well a score tells rows with the outcome from those without: the probability that a case scores higher than a control, ties counting half; 0.5 is chance, below it low scores go with the outcome. Use it to judge any score against a yes-or-no outcome, whatever its scale; it only looks at the order. Assumes independent rows. Holds cases and controls at each distinct score; beyond 254 distinct scores 8 bytes a row. Hanley and McNeil 1982.",
    syntax_example = "auc(score, outcome)",
    sql_example = "SELECT auc(-nps, churned) FROM responses JOIN customers USING (customer_id)",
    argument(name = "score", description = "Any number."),
    argument(name = "outcome", description = "Boolean, or 1 and 0.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Auc;

impl Aggregate for Auc {
    type Groups = Tables;

    const NAME: &'static str = "auc";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Level),
        required("outcome", Kind::Flag),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let value = |scores: &Levels| Some(area(scores)?.value);
        Ok(open_scores(call, Answers::floats(value)))
    }
}

/// The store of a call whose arguments are score and outcome.
pub(crate) fn open_scores(call: &Call<'_>, answers: Answers<Levels>) -> Tables {
    Tables::levels(Reading::value(call, 0), Reading::flag(call, 1), answers)
}

/// The area of scores by outcome.
pub(crate) fn area(scores: &Levels) -> Option<Area> {
    Area::of(scores.iter().map(|level| Level {
        cases: level.with,
        controls: level.without,
    }))
}

#[cfg(test)]
mod tests {
    use super::Auc;
    use crate::functions::tester::{answer, ints, reals};

    #[test]
    fn pairs_that_the_case_wins() {
        let (scores, cases) = (
            reals(&[1.0, 3.0, 0.0, 2.0, f64::NAN]),
            ints(&[1, 1, 0, 0, 1]),
        );
        assert_eq!(answer::<Auc>(&[scores, cases]), "0.75");
        assert_eq!(answer::<Auc>(&[reals(&[4.0, 4.0]), ints(&[1, 0])]), "0.5");
    }

    #[test]
    fn one_class_only_has_no_area() {
        assert_eq!(answer::<Auc>(&[reals(&[]), ints(&[])]), "NULL");
        assert_eq!(answer::<Auc>(&[reals(&[4.0, 5.0]), ints(&[1, 1])]), "NULL");
        assert_eq!(answer::<Auc>(&[reals(&[4.0]), ints(&[0])]), "NULL");
    }
}
