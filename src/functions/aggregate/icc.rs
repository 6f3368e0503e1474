//! `icc(x1, x2, …)` → {icc1, icc2, icc3, icc1k, icc2k, icc3k, n, raters, note}: how far ratings of
//! the same subject agree.
//!
//! The six intraclass correlations of Shrout & Fleiss (1979), Psychological Bulletin 86, over rows
//! (subjects) that have all ratings; at most 1, and below 0 where raters agree less than by chance.
//! NULL fields, and why in `note`, for fewer than two rows and ratings that do not vary. State: sums
//! and sums of products.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::cronbach_alpha::mean_squares;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::matrices::{Matrices, Products, matrix_state};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, record_type};

const LAYOUT: Layout = &[
    ("icc1", Shape::Real),
    ("icc2", Shape::Real),
    ("icc3", Shape::Real),
    ("icc1k", Shape::Real),
    ("icc2k", Shape::Real),
    ("icc3k", Shape::Real),
    ("n", Shape::Count),
    ("raters", Shape::Count),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "Intraclass correlations: how far several ratings of the same subject agree, one rating (icc1, icc2, icc3) or the mean of all (icc1k, icc2k, icc3k). Use icc2 for the same customers asked twice (test-retest) and wherever the raters stand for others like them; icc3 where they are all there are; icc1 where each subject has raters of its own. Assumes rows that have all ratings. Where what a value is divided by is not above 0 it is NULL, and note says so. Holds the sums and products of the ratings. Shrout and Fleiss 1979.",
    syntax_example = "icc(x1, x2, …)",
    sql_example = "SELECT expand(icc(csat, expectation)) FROM responses",
    argument(
        name = "x1",
        description = "One rater's ratings, or the first time: any number."
    ),
    argument(name = "x2", description = "Another's, and any number more.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Icc;

impl Aggregate for Icc {
    type Groups = Matrices;

    const NAME: &'static str = "icc";
    const PARAMETERS: &'static [Parameter] =
        &[required("x1", Kind::Measure), repeated("x2", Kind::Measure)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, types: &[DataType]) -> Vec<Field> {
        matrix_state(types.len())
    }

    fn open(&self, call: &Call<'_>) -> Result<Matrices> {
        let raters = call.len() as u64;
        let answer = move |products: &Products| summary(products, raters);
        Ok(Matrices::new(call, Answers::records(LAYOUT, answer)))
    }
}

fn summary(products: &Products, raters: u64) -> [Value; LAYOUT.len()] {
    let squares = mean_squares(products);
    let icc = squares
        .as_ref()
        .ok()
        .and_then(|squares| squares.intraclass());
    let note = match (squares, icc) {
        (Err(why), _) => Some(why),
        (Ok(_), None) => Some("the ratings never vary".to_owned()),
        (Ok(_), Some(icc)) if icc.icc1k.is_none() => {
            Some("the subjects do not differ: no icc1k, icc2k, icc3k".to_owned())
        }
        (Ok(_), Some(icc)) if icc.icc2k.is_none() => {
            Some("the raters differ less than by chance: icc2k has no value".to_owned())
        }
        _ => None,
    };
    [
        icc.map(|icc| icc.icc1).into(),
        icc.map(|icc| icc.icc2).into(),
        icc.map(|icc| icc.icc3).into(),
        icc.and_then(|icc| icc.icc1k).into(),
        icc.and_then(|icc| icc.icc2k).into(),
        icc.and_then(|icc| icc.icc3k).into(),
        products.n.into(),
        raters.into(),
        note.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::Icc;
    use crate::functions::tester::{fields, reals};

    #[test]
    fn raters_who_differ_by_a_constant_agree_but_for_it() {
        let given = [reals(&[1.0, 2.0, 3.0]), reals(&[2.0, 3.0, 4.0])];
        let found = fields::<Icc>(&given, "icc2 icc3 icc3k n raters note");
        assert_eq!(found, "0.6666666666666666 1.0 1.0 3 2 NULL");
    }

    #[test]
    fn what_cannot_be_said_has_a_note() {
        let names = "icc1 icc3k n note";
        let found = fields::<Icc>(&[reals(&[1.0]), reals(&[2.0])], names);
        assert_eq!(found, "NULL NULL 1 fewer than two rows have all ratings");
        let torn = [reals(&[2.0, 0.0]), reals(&[1.0, 1.0]), reals(&[0.0, 1.0])];
        let found = fields::<Icc>(&torn, "icc2k note");
        assert_eq!(
            found,
            "NULL the raters differ less than by chance: icc2k has no value"
        );
        let same = || reals(&[4.0, 4.0]);
        let found = fields::<Icc>(&[same(), same()], names);
        assert_eq!(found, "NULL NULL 2 the ratings never vary");
    }
}
