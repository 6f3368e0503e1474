//! `cronbach_alpha(x1, x2, …)` → {alpha, low, high, n, items, note}: how far several ratings measure
//! one thing.
//!
//! alpha = k/(k−1)·(1 − Σσᵢ²/σ²), at most 1, with Feldt's (1965) 95 % interval, over rows that have
//! all items. NULL fields, and why in `note`, for fewer than two rows and items that do not vary.
//! State: sums and sums of products. Cronbach (1951), Psychometrika 16.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::matrices::{Matrices, Products, matrix_state};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::statistics::{Confidence, Error, MeanSquares};

const LAYOUT: Layout = &[
    ("alpha", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("n", Shape::Count),
    ("items", Shape::Count),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "Cronbach's alpha with Feldt's interval: how far several ratings of one touchpoint or service measure the same thing. Use it before averaging items into one score; 0.7 is commonly asked for, above 0.95 items repeat each other. Assumes that all items are coded in the same direction and on one scale (turn round and bring to 0-1 those that are not), over rows that have all items. Holds the sums and products of the items. Cronbach 1951; Feldt 1965.",
    syntax_example = "cronbach_alpha(x1, x2, …)",
    sql_example = "SELECT expand(cronbach_alpha(nps / 10.0, (csat - 1) / 4.0, (ces - 1) / 6.0)) FROM responses",
    argument(name = "x1", description = "An item: any number."),
    argument(name = "x2", description = "Another, and any number more.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CronbachAlpha;

impl Aggregate for CronbachAlpha {
    type Groups = Matrices;

    const NAME: &'static str = "cronbach_alpha";
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
        let items = call.len() as u64;
        let answer = move |products: &Products| summary(products, items);
        Ok(Matrices::new(call, Answers::records(LAYOUT, answer)))
    }
}

fn summary(products: &Products, items: u64) -> [Value; LAYOUT.len()] {
    let squares = mean_squares(products);
    let alpha = squares.as_ref().ok().and_then(MeanSquares::alpha);
    let interval = squares
        .as_ref()
        .ok()
        .and_then(|squares| squares.alpha_interval(Confidence::default()));
    let note = match (&squares, alpha) {
        (Err(why), _) => Some(why.clone()),
        (Ok(_), None) => Some("the sum of the items never varies".to_owned()),
        _ => None,
    };
    [
        alpha.into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        products.n.into(),
        items.into(),
        note.into(),
    ]
}

/// The mean squares of ratings, or why there are none.
pub(crate) fn mean_squares(products: &Products) -> std::result::Result<MeanSquares, String> {
    let sums = products.sums.as_ref().map_err(ToString::to_string)?;
    MeanSquares::of(sums).ok_or_else(|| match products.n {
        0 | 1 => "fewer than two rows have all ratings".to_owned(),
        _ => Error::Overflow.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::CronbachAlpha;
    use crate::functions::tester::{fields, reals, slid_over};

    #[test]
    fn two_items_by_hand() {
        // Variances 1 and 1, of the sum 3: 2 · (1 − 2/3).
        let given = [
            reals(&[1.0, 2.0, 3.0, 9.0]),
            reals(&[1.0, 3.0, 2.0, f64::NAN]),
        ];
        let found = fields::<CronbachAlpha>(&given, "alpha n items note");
        assert_eq!(found, "0.6666666666666667 3 2 NULL");
    }

    #[test]
    fn what_cannot_be_said_has_a_note() {
        let names = "alpha low n note";
        let found = fields::<CronbachAlpha>(&[reals(&[]), reals(&[])], names);
        assert_eq!(found, "NULL NULL 0 fewer than two rows have all ratings");
        let same = || reals(&[4.0, 4.0]);
        let found = fields::<CronbachAlpha>(&[same(), same()], names);
        assert_eq!(found, "NULL NULL 2 the sum of the items never varies");
        let large = || reals(&[1e200, 2e200]);
        let found = fields::<CronbachAlpha>(&[large(), large()], names);
        assert_eq!(
            found,
            "NULL NULL 2 the result is outside the range of a double"
        );
    }

    /// Of twenty rows in frames of eight one is 10¹⁵ times as large as the others.
    #[test]
    fn what_has_left_a_frame_leaves_nothing_behind() {
        let item = |k: u32| {
            let value = |i: u32| match i {
                3 => 1e15,
                _ => f64::from(i * i * k % 7 + i) / 100.0,
            };
            (1..=20_u32).map(value).collect::<Vec<f64>>()
        };
        let items = [item(1), item(2), item(3)];
        let frame = |from: usize, to: usize| items.each_ref().map(|item| reals(&item[from..to]));
        let alone = fields::<CronbachAlpha>(&frame(12, 20), "alpha low n");
        assert_eq!(
            slid_over::<CronbachAlpha>(&frame(0, 20), 8, "alpha low n"),
            alone
        );
    }

    /// Halves around 10¹⁵: their squares differ in no digit that is kept.
    #[test]
    fn what_is_too_close_to_be_told_apart_is_not_called_the_same() {
        for (unit, base) in [(0.5, 1e15), (1e-170, 0.0)] {
            let item = |k: u32| {
                let values = (0..1000_u32).map(|i| base + unit * f64::from(i * k % 7));
                reals(&values.collect::<Vec<_>>())
            };
            let found = fields::<CronbachAlpha>(&[item(1), item(2)], "alpha n note");
            assert!(
                found.starts_with("NULL 1000 a column varies by less"),
                "{found}"
            );
        }
    }
}
