//! `kendall(x, y)` → Float64: Kendall's tau-b, −1 to 1: pairs of rows in the same order less pairs in
//! opposite order, corrected for ties.
//!
//! Rows with a NULL in either are left out; NULL where a column does not vary. Exact until the last
//! division, in time m log m for m distinct pairs. State as `spearman`. Kendall (1945), Biometrika 33.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::spearman::open_pairs;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::tables::{Tables, table_state};
use crate::statistics::{Table, kendall};

#[user_doc(
    doc_section(label = "Validation"),
    description = "Kendall's tau-b, -1 to 1: of two rows picked at random, how much more likely they are in the same order in both columns than in opposite orders. Use it beside spearman where many rows tie, as scores do, and where the number should mean something by itself. Assumes independent rows. Holds what spearman holds. Kendall 1945.",
    syntax_example = "kendall(x, y)",
    sql_example = "SELECT kendall(nps, csat) FROM responses",
    argument(name = "x", description = "Any number, or Boolean."),
    argument(name = "y", description = "Any number, or Boolean.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Kendall;

impl Aggregate for Kendall {
    type Groups = Tables;

    const NAME: &'static str = "kendall";
    const PARAMETERS: &'static [Parameter] =
        &[required("x", Kind::Level), required("y", Kind::Level)];

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
        Ok(open_pairs(
            call,
            Answers::floats(|tables: &Vec<Table>| kendall(&tables[0])),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Kendall;
    use crate::functions::tester::{answer, reals};

    #[test]
    fn pairs_in_order_less_pairs_out_of_order() {
        // 5 pairs in order, 1 out of order.
        let given = [
            reals(&[1.0, 2.0, 3.0, 4.0, f64::NAN]),
            reals(&[1.0, 2.0, 4.0, 3.0, 9.0]),
        ];
        assert_eq!(answer::<Kendall>(&given), "0.6666666666666666");
        // Of six pairs four differ in both, two in x only: 4 / √(6 · 4).
        let given = [reals(&[1.0, 2.0, 3.0, 4.0]), reals(&[1.0, 1.0, 2.0, 2.0])];
        assert_eq!(answer::<Kendall>(&given), "0.8164965809277261");
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(answer::<Kendall>(&[reals(&[]), reals(&[])]), "NULL");
        assert_eq!(answer::<Kendall>(&[reals(&[1.0]), reals(&[1.0])]), "NULL");
        assert_eq!(
            answer::<Kendall>(&[reals(&[1.0, 2.0]), reals(&[1.0, 1.0])]),
            "NULL"
        );
    }
}
