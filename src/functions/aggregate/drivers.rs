//! `drivers(outcome, x1, …)` → LIST of {driver, n, performance, correlation, beta, shapley,
//! shapley_share, johnson, johnson_share, vif, sign, quadrant, note}: how much each of several
//! ratings explains of an outcome, how well it does, and where to act first.
//!
//! shapley is the share of R² by Lindeman, Merenda & Gold (1980) for up to 20 drivers, johnson the
//! relative weight of Johnson (2000); both add up to R², their shares to 100 %. beta is standardised,
//! vif 1/(1 − R² on the other drivers). The quadrant of Martilla & James (1977) sets shapley
//! against the means of the drivers. Rows with all columns count; what cannot be said is NULL, and
//! `note` says why. State: sums and sums of products of all columns.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::matrices::{Matrices, Products, matrix_state};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, blank, list_type, lists};
use crate::statistics::{Driver, Quadrant, Sign, drivers};

const LAYOUT: Layout = &[
    ("driver", Shape::Text),
    ("n", Shape::Count),
    ("performance", Shape::Real),
    ("correlation", Shape::Real),
    ("beta", Shape::Real),
    ("shapley", Shape::Real),
    ("shapley_share", Shape::Real),
    ("johnson", Shape::Real),
    ("johnson_share", Shape::Real),
    ("vif", Shape::Real),
    ("sign", Shape::Text),
    ("quadrant", Shape::Text),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "What drives an outcome: how much of it each rating explains (Shapley share of R2 and Johnson's relative weight, which correlated ratings divide fairly), the rating's mean, and from both where to act: concentrate here, keep up, low priority, overkill. Use it over the ratings of touchpoints against overall satisfaction or recommendation; the ratings should share one scale, as the quadrants compare their means: important is a shapley, well done a mean at or above the mean of all drivers. Assumes straight lines and rows that have all ratings; it shows what goes together, not what causes what. A vif above 10 says that the other drivers tell almost the same. Holds the sums and products of all columns; at most 20 drivers for Shapley. Lindeman, Merenda and Gold 1980; Johnson 2000; Martilla and James 1977.",
    syntax_example = "drivers(outcome, x1, …)",
    sql_example = "SELECT expand(drivers(nps, csat / 5.0, ces / 7.0)) FROM responses",
    argument(
        name = "outcome",
        description = "What is to be explained: any number, or Boolean."
    ),
    argument(
        name = "x1",
        description = "A driver, and any number more: any number, or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Drivers;

impl Aggregate for Drivers {
    type Groups = Matrices;

    const NAME: &'static str = "drivers";
    const PARAMETERS: &'static [Parameter] = &[
        required("outcome", Kind::Measure),
        repeated("x1", Kind::Measure),
    ];
    const LIST: bool = true;
    const LABELLED: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        list_type(LAYOUT)
    }

    fn state(&self, types: &[DataType]) -> Vec<Field> {
        matrix_state(types.len())
    }

    fn open(&self, call: &Call<'_>) -> Result<Matrices> {
        let labels = call.texts(1);
        let answers = Answers::arrays(move |groups: &[Products]| {
            let listed = groups.iter().map(|products| listed(products, &labels));
            Ok(Arc::new(lists(LAYOUT, listed)) as ArrayRef)
        });
        Ok(Matrices::new(call, answers))
    }
}

fn listed(products: &Products, labels: &[String]) -> Vec<[Value; LAYOUT.len()]> {
    match &products.sums {
        Ok(sums) => drivers(sums)
            .iter()
            .zip(labels)
            .map(|(driver, label)| row(label, driver))
            .collect(),
        Err(error) => labels
            .iter()
            .map(|label| unknown(label, products.n, &error.to_string()))
            .collect(),
    }
}

fn row(label: &str, driver: &Driver) -> [Value; LAYOUT.len()] {
    let percent = |share: Option<f64>| share.map(|share| 100.0 * share);
    [
        label.into(),
        driver.n.into(),
        driver.performance.into(),
        driver.correlation.into(),
        driver.beta.into(),
        driver.shapley.into(),
        percent(driver.shapley_share).into(),
        driver.johnson.into(),
        percent(driver.johnson_share).into(),
        driver.vif.into(),
        driver.sign.map(|sign| sign_word(sign).to_owned()).into(),
        driver
            .quadrant
            .map(|quadrant| quadrant_words(quadrant).to_owned())
            .into(),
        driver.gap.map(|gap| gap.to_string()).into(),
    ]
}

/// A driver of which nothing can be said.
fn unknown(label: &str, n: u64, why: &str) -> [Value; LAYOUT.len()] {
    blank(
        LAYOUT,
        &[
            ("driver", label.into()),
            ("n", n.into()),
            ("note", why.into()),
        ],
    )
}

fn sign_word(sign: Sign) -> &'static str {
    match sign {
        Sign::Positive => "+",
        Sign::Negative => "-",
    }
}

fn quadrant_words(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::ConcentrateHere => "concentrate here",
        Quadrant::KeepUp => "keep up",
        Quadrant::LowPriority => "low priority",
        Quadrant::Overkill => "overkill",
    }
}

#[cfg(test)]
mod tests {
    use super::Drivers;
    use crate::functions::tester::{answer, reals, rows};

    #[test]
    fn one_driver_explains_all_that_is_explained() {
        let given = [
            reals(&[1.0, 2.0, 3.0, 5.0, 9.0]),
            reals(&[2.0, 4.0, 6.0, 10.0, f64::NAN]),
        ];
        let names = "driver n performance sign vif note";
        assert_eq!(rows::<Drivers>(&given, names), ["x1 4 5.5 + 1.0 NULL"]);
    }

    #[test]
    fn what_cannot_be_said_has_a_note() {
        let x = || reals(&[1.0, 2.0, 3.0, 5.0]);
        let same = reals(&[3.0, 3.0, 3.0, 3.0]);
        let found = rows::<Drivers>(
            &[x(), same.clone(), x()],
            "driver performance shapley_share note",
        );
        assert_eq!(found[0], "x1 3.0 NULL the driver never varies");
        assert_eq!(found[1], "x1_2 2.75 100.0 NULL");
        let found = rows::<Drivers>(&[same, x()], "driver performance correlation note");
        assert_eq!(found, ["x1 2.75 NULL the outcome never varies"]);
        let found = rows::<Drivers>(
            &[reals(&[1e300, 2e300]), reals(&[1.0, 2.0])],
            "driver n note",
        );
        assert_eq!(found, ["x1 2 the result is outside the range of a double"]);
        assert!(
            answer::<Drivers>(&[reals(&[]), reals(&[])]).contains("there are no complete rows")
        );
    }
}
