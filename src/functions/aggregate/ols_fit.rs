//! `ols_fit(outcome, x1, …)` → {n, r2, adjusted_r2, f, p, sigma, terms, note}: a numeric outcome as a
//! sum of regressors, by ordinary least squares; terms is a LIST of {term, estimate, se, t, p, low,
//! high}, `(intercept)` first.
//!
//! Over rows that have all columns; r2 0 to 1, t intervals at 95 %, p two-sided. No fit gives NULL
//! and says why in `note`: no more rows than coefficients, a column that never varies, collinear
//! regressors. State: sums and sums of products. Gauss (1809); Fisher (1922), J. R. Stat. Soc. 85.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::fitted::term_names;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::matrices::{Matrices, Products, matrix_state};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, blank, record_type};
use crate::statistics::{
    Confidence, LeastSquares, LeastSquaresTerm, NoLeastSquares, least_squares,
};

const LAYOUT: Layout = &[
    ("n", Shape::Count),
    ("r2", Shape::Real),
    ("adjusted_r2", Shape::Real),
    ("f", Shape::Real),
    ("p", Shape::Real),
    ("sigma", Shape::Real),
    ("terms", Shape::Rows(TERM)),
    ("note", Shape::Text),
];

const TERM: Layout = &[
    ("term", Shape::Text),
    ("estimate", Shape::Real),
    ("se", Shape::Real),
    ("t", Shape::Real),
    ("p", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Fits a numeric outcome as a sum of regressors by least squares: what a point of each KPI is worth in money or months, the others held. Use it for spend, lifetime value or tenure; logit_fit for yes or no. Assumes straight lines, independent rows and errors of one size. Holds the sums and products of all columns, whatever the number of rows. The fields are NULL and note says why where there is no fit. Gauss 1809.",
    syntax_example = "ols_fit(outcome, x1, …)",
    sql_example = "SELECT term, estimate, low, high FROM (SELECT expand((ols_fit(lifetime_value, monthly_value, tenure_months))['terms']) FROM customers)",
    argument(name = "outcome", description = "What is to be explained: any number."),
    argument(
        name = "x1",
        description = "A regressor, and any number more: any number, or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct OlsFit;

impl Aggregate for OlsFit {
    type Groups = Matrices;

    const NAME: &'static str = "ols_fit";
    const PARAMETERS: &'static [Parameter] = &[
        required("outcome", Kind::Measure),
        repeated("x1", Kind::Measure),
    ];
    const WHOLE: Option<&'static str> = Some("fits a model");
    const LABELLED: bool = true;

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
        let labels = call.texts(1);
        let answer = move |products: &Products| fitted(products, &labels);
        Ok(Matrices::new(call, Answers::records(LAYOUT, answer)))
    }
}

fn fitted(products: &Products, labels: &[String]) -> [Value; LAYOUT.len()] {
    let fit = match &products.sums {
        Ok(sums) => least_squares(sums, Confidence::default()).map_err(|why| note(why, labels)),
        Err(why) => Err(why.to_string()),
    };
    match fit {
        Ok(fit) => summary(&fit, labels),
        Err(note) => blank(
            LAYOUT,
            &[("n", products.n.into()), ("note", note.as_str().into())],
        ),
    }
}

fn summary(fit: &LeastSquares, labels: &[String]) -> [Value; LAYOUT.len()] {
    let is_perfect = fit.f.is_none() && fit.sigma <= 0.0;
    let names = term_names(labels);
    let terms = names.zip(&fit.terms).map(|(name, term)| row(name, term));
    [
        fit.n.into(),
        fit.r2.into(),
        fit.adjusted_r2.into(),
        fit.f.map(|f| f.statistic).into(),
        fit.f.map(|f| f.p).into(),
        fit.sigma.into(),
        Value::Rows(terms.collect()),
        is_perfect.then(|| PERFECT.to_owned()).into(),
    ]
}

fn row(name: &str, term: &LeastSquaresTerm) -> Vec<Value> {
    vec![
        name.into(),
        term.estimate.into(),
        term.se.into(),
        term.test.map(|test| test.statistic).into(),
        term.test.map(|test| test.p).into(),
        term.interval.low.into(),
        term.interval.high.into(),
    ]
}

/// Why a fit has neither t nor F.
const PERFECT: &str = "the fit is perfect: there are no residuals to test it with";

/// Why there is no fit, regressors by their names.
fn note(why: NoLeastSquares, labels: &[String]) -> String {
    let name = |regressor: usize| {
        labels
            .get(regressor - 1)
            .map_or("a regressor", String::as_str)
    };
    match why {
        NoLeastSquares::ConstantRegressor { regressor } => {
            format!("{} never varies", name(regressor))
        }
        NoLeastSquares::Collinear { regressor } => {
            format!(
                "{} is explained by the regressors before it",
                name(regressor)
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::OlsFit;
    use crate::functions::tester::{answer, fields, reals};

    #[test]
    fn a_line_by_hand() {
        // y = 1 + 2x, but for ±1: slope 2, sigma √(4/2).
        let given = [reals(&[2.0, 2.0, 6.0, 6.0]), reals(&[0.0, 1.0, 2.0, 3.0])];
        assert_eq!(fields::<OlsFit>(&given, "n note"), "4 NULL");
        let r2: f64 = fields::<OlsFit>(&given, "r2").parse().unwrap();
        assert!((r2 - 0.8).abs() < 1e-14, "{r2}");
        assert!(answer::<OlsFit>(&given).contains("{term: x1, estimate: 1."));
    }

    #[test]
    fn a_perfect_fit_says_so() {
        let given = [reals(&[1.0, 4.0, 7.0, 13.0]), reals(&[0.0, 1.0, 2.0, 4.0])];
        assert_eq!(
            fields::<OlsFit>(&given, "r2 f sigma note"),
            format!("1.0 NULL 0.0 {}", super::PERFECT)
        );
    }

    #[test]
    fn no_fit_says_why() {
        let x = || reals(&[1.0, 2.0, 3.0, 5.0]);
        let y = || reals(&[1.0, 2.0, 4.0, 4.0]);
        let fit = |given: &[_]| fields::<OlsFit>(given, "r2 terms note");
        assert_eq!(
            fit(&[y(), x(), x()]),
            "NULL NULL x1_2 is explained by the regressors before it"
        );
        let same = reals(&[3.0, 3.0, 3.0, 3.0]);
        assert_eq!(fit(&[y(), x(), same]), "NULL NULL x1_2 never varies");
        assert_eq!(
            fit(&[reals(&[]), reals(&[])]),
            "NULL NULL there are no complete rows"
        );
        let two = [reals(&[1.0, 2.0]), reals(&[1.0, 3.0])];
        assert_eq!(
            fit(&two),
            "NULL NULL there are no more rows than coefficients"
        );
    }
}
