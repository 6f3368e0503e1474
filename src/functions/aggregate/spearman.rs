//! `spearman(x, y)` → Float64: Spearman's rho, the correlation of ranks, −1 to 1.
//!
//! Ties share the mean of their ranks. Rows with a NULL in either are left out; NULL where a column
//! does not vary. State: counts of distinct pairs; a column of more than 254 values keeps its rows,
//! 8 bytes a value. Spearman (1904), Am. J. Psychology 15.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{Table, spearman};

#[user_doc(
    doc_section(label = "Validation"),
    description = "Spearman's rank correlation, -1 to 1: whether two measures rise together, whatever the shape. Use it for scores, whose points are ordered but not evenly spaced; where an outlier must not decide. Ties share the mean of their ranks. Assumes independent rows. Holds how often each pair of values occurred; columns beyond 254 values 8 bytes a row each. Spearman 1904.",
    syntax_example = "spearman(x, y)",
    sql_example = "SELECT spearman(nps, csat) FROM responses",
    argument(name = "x", description = "Any number, or Boolean."),
    argument(name = "y", description = "Any number, or Boolean.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spearman;

impl Aggregate for Spearman {
    type Groups = Tables;

    const NAME: &'static str = "spearman";
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
            Answers::floats(|tables: &Vec<Table>| spearman(&tables[0])),
        ))
    }
}

/// The tables of a call whose arguments are two measures.
pub(crate) fn open_pairs(call: &Call<'_>, answers: Answers<Vec<Table>>) -> Tables {
    Tables::whole(
        vec![Reading::value(call, 0), Reading::value(call, 1)],
        answers,
    )
}

#[cfg(test)]
mod tests {
    use super::Spearman;
    use crate::functions::tester::{answer, reals};

    #[test]
    fn the_order_is_all_that_counts() {
        let x = || reals(&[1.0, 2.0, 3.0, f64::NAN, 4.0]);
        assert_eq!(
            answer::<Spearman>(&[x(), reals(&[1.0, 10.0, 100.0, 5.0, 1e9])]),
            "1.0"
        );
        assert_eq!(
            answer::<Spearman>(&[x(), reals(&[4.0, 3.0, 2.0, 9.0, 1.0])]),
            "-1.0"
        );
        // Ranks 1, 2, 3, 4 against 1.5, 1.5, 3.5, 3.5: 4 / √(5 · 4).
        assert_eq!(
            answer::<Spearman>(&[x(), reals(&[1.0, 1.0, 2.0, 0.0, 2.0])]),
            "0.8944271909999159"
        );
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(answer::<Spearman>(&[reals(&[]), reals(&[])]), "NULL");
        assert_eq!(answer::<Spearman>(&[reals(&[1.0]), reals(&[2.0])]), "NULL");
        assert_eq!(
            answer::<Spearman>(&[reals(&[1.0, 2.0]), reals(&[3.0, 3.0])]),
            "NULL"
        );
    }
}
