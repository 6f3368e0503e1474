//! `churn_rank_by_value(reason, value [, k])` → LIST<STRUCT>: the `k` (5) main reasons by summed
//! value, and all others in one last row; fields and rules as `churn_rank`.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::churn_rank::{open_rank, rank_type};
use crate::functions::frame::{Aggregate, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::reasons::{Reason, Reasons, reason_state};

#[user_doc(
    doc_section(label = "Churn"),
    description = "The main reasons ordered by summed value, otherwise as churn_rank.",
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
    type Groups = Reasons;

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
        reason_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Reasons> {
        open_rank(call, |a: &Reason, b: &Reason| {
            b.value.value().total_cmp(&a.value.value())
        })
    }
}
