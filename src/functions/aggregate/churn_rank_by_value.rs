//! `churn_rank_by_value(reason, value [, k])` → LIST<STRUCT>: the `k` (5) main reasons by summed
//! value, and all others in one last row; fields and rules as `churn_rank`.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::churn_rank::{Reason, Valued, open_rank, rank_type};
use crate::functions::frame::{Aggregate, Call};
use crate::functions::named::{Named, named_state};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::model::ValueTally;

#[user_doc(
    doc_section(label = "Churn"),
    description = "The main reasons ordered by summed value, otherwise as churn_rank. Use it where customers differ much in worth. Assumes one main reason a customer. Holds count and value of each reason. Wilson 1927.",
    syntax_example = "churn_rank_by_value(reason, value [, k])",
    sql_example = "SELECT expand(churn_rank_by_value(churn_reason, lifetime_value, 3)) FROM customers",
    argument(
        name = "reason",
        description = "Text of the reason; NULL and blank do not count."
    ),
    argument(
        name = "value",
        description = "What each row is worth, summed per reason."
    ),
    argument(name = "k", description = "How many reasons to list; 5 by default.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ChurnRankByValue;

impl Aggregate for ChurnRankByValue {
    type Groups = Named<Valued>;

    const NAME: &'static str = "churn_rank_by_value";
    const PARAMETERS: &'static [Parameter] = &[
        required("reason", Kind::Text),
        required("value", Kind::Value),
        optional("k", Kind::Integer),
    ];
    const LIST: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        rank_type()
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        named_state::<ValueTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Named<Valued>> {
        open_rank(call, |a: &Reason, b: &Reason| {
            b.tally.value.value().total_cmp(&a.tally.value.value())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ChurnRankByValue;
    use crate::functions::tester::{answer, constant, reals, rows, texts};

    #[test]
    fn the_costliest_reason_comes_first() {
        let arguments = [
            texts(&["b", "b", "a", "NULL"]),
            reals(&[1.0, 2.0, 10.0, 99.0]),
        ];
        let found = rows::<ChurnRankByValue>(&arguments, "rank reason n value");
        assert_eq!(found, ["1 a 1 10.0", "2 b 2 3.0"]);
        let [reasons, worth] = arguments;
        let one = rows::<ChurnRankByValue>(&[reasons, worth, constant(1_i64)], "reason value");
        assert_eq!(one, ["a 10.0", "NULL 3.0"]);
    }

    #[test]
    fn ties_go_by_label_and_no_reason_gives_null() {
        let tied = [texts(&["b", "a"]), reals(&[1.0, 1.0])];
        assert_eq!(rows::<ChurnRankByValue>(&tied, "reason"), ["a", "b"]);
        assert_eq!(
            answer::<ChurnRankByValue>(&[texts(&[]), reals(&[])]),
            "NULL"
        );
    }
}
