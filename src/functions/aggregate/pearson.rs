//! `pearson(x, y)` → Float64, alias `corr`: Pearson's correlation, −1 to 1.
//!
//! Rows with a NULL in either are left out; NULL where a column does not vary. State: sums and sums
//! of products, compensated, so that values around 1e9 lose nothing; whole numbers are summed
//! exactly. It takes the place of DataFusion's `corr`, whose grouped form works on raw sums.
//! Pearson (1896), Phil. Trans. R. Soc. A 187.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::matrices::{Matrices, Products, matrix_state};
use crate::functions::parameter::{Kind, Parameter, required};

#[user_doc(
    doc_section(label = "Validation"),
    description = "Pearson's correlation, -1 to 1: how well a straight line tells one measure from the other. Use it where differences mean the same all along both scales; spearman where only the order does. Assumes independent rows; one outlier can make or break it. Holds eight sums a group to 31 digits, which values up to a million million times their differences lose nothing of; beyond 10^15 times it is NULL. Also called corr. Pearson 1896.",
    syntax_example = "pearson(x, y)",
    sql_example = "SELECT pearson(nps, csat) FROM responses",
    argument(name = "x", description = "Any number, or Boolean."),
    argument(name = "y", description = "Any number, or Boolean.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Pearson;

impl Aggregate for Pearson {
    type Groups = Matrices;

    const NAME: &'static str = "pearson";
    const ALIASES: &'static [&'static str] = &["corr"];
    const PARAMETERS: &'static [Parameter] =
        &[required("x", Kind::Measure), required("y", Kind::Measure)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        matrix_state(2)
    }

    fn open(&self, call: &Call<'_>) -> Result<Matrices> {
        let r = |products: &Products| products.sums.as_ref().ok()?.correlation(0, 1);
        Ok(Matrices::new(call, Answers::floats(r)))
    }
}

#[cfg(test)]
mod tests {
    use super::Pearson;
    use crate::functions::tester::{answer, reals};

    #[test]
    fn large_values_lose_nothing() {
        let x = || {
            reals(&[
                1e9 + 1.0,
                1e9 + 2.0,
                f64::NAN,
                1e9 + 3.0,
                1e9 + 4.0,
                1e9 + 5.0,
            ])
        };
        let y = reals(&[1.0, 3.0, 7.0, 2.0, 5.0, 4.0]);
        assert_eq!(answer::<Pearson>(&[x(), y]), "0.8");
        let tenths = reals(&[0.1, 0.2, 9.9, 0.3, 0.4, 0.5]);
        assert_eq!(answer::<Pearson>(&[x(), tenths]), "1.0");
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(answer::<Pearson>(&[reals(&[]), reals(&[])]), "NULL");
        assert_eq!(answer::<Pearson>(&[reals(&[1.0]), reals(&[1.0])]), "NULL");
        let same = reals(&[0.1, 0.1, 0.1]);
        assert_eq!(answer::<Pearson>(&[same, reals(&[1.0, 2.0, 3.0])]), "NULL");
    }
}
