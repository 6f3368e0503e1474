//! `churn_rank(reason [, value] [, k])` → LIST<STRUCT>, alias `top_reasons`: the `k` (5) main
//! reasons by count, and all others in one last row.
//!
//! Ties go by label (bytes). The row of the others has NULL for rank and reason and is there only
//! when there are any. Shares are of the rows that give a reason, 0–100, with Wilson's interval;
//! rows without a reason (NULL or blank text) do not count. `value` is the summed value, its share
//! is of all values of rows with a reason; a NULL value counts the row and adds nothing. Without
//! reasons the result is NULL. In memory: each distinct reason once, and two sums per reason and
//! group. Wilson (1927), JASA 22.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::named::{Name, Named, NamedFold, named_state};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, list_type, lists};
use crate::functions::values::ValueReader;
use crate::model::{Tally, ValueTally};
use crate::statistics::{Confidence, wilson};

#[user_doc(
    doc_section(label = "Churn"),
    description = "The main reasons with count, share, Wilson interval and value at stake, the others in one last row. Rows without a reason do not count. Use it to see what to repair first, with value at stake beside the counts. Assumes one main reason a customer. Holds count and value of each reason. Wilson 1927.",
    syntax_example = "churn_rank(reason [, value] [, k])",
    sql_example = "SELECT expand(churn_rank(churn_reason, lifetime_value, 3)) FROM customers",
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
pub(crate) struct ChurnRank;

impl Aggregate for ChurnRank {
    type Groups = Named<Valued>;

    const NAME: &'static str = "churn_rank";
    const ALIASES: &'static [&'static str] = &["top_reasons"];
    const PARAMETERS: &'static [Parameter] = &[
        required("reason", Kind::Text),
        optional("value", Kind::Value),
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
        let by_count = |a: &Reason, b: &Reason| b.tally.n.cmp(&a.tally.n);
        open_rank(call, by_count)
    }
}

const LAYOUT: Layout = &[
    ("rank", Shape::Place),
    ("reason", Shape::Text),
    ("n", Shape::Count),
    ("share", Shape::Real),
    ("cumulative_share", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("value", Shape::Real),
    ("value_share", Shape::Real),
];

/// LIST of the ranked reasons.
pub(crate) fn rank_type() -> DataType {
    list_type(LAYOUT)
}

/// The store of a call whose arguments are reason, value and k, ranked in this order.
pub(crate) fn open_rank(
    call: &Call<'_>,
    order: impl Fn(&Reason, &Reason) -> Ordering + Send + Sync + 'static,
) -> Result<Named<Valued>> {
    let k = call.integer(2)?.unwrap_or(5);
    let Some(k) = usize::try_from(k).ok().filter(|k| *k > 0) else {
        return exec_err!("{}: k {k} must be 1 or more", call.function());
    };
    let values = Valued(call.has(1).then(|| ValueReader::values(call, 1)));
    let valued = values.0.is_some();
    let answers = Answers::arrays(move |groups: &[Vec<Reason>]| {
        let ranked = groups
            .iter()
            .map(|reasons| ranked(reasons, k, valued, &order));
        Ok(Arc::new(lists(LAYOUT, ranked)) as ArrayRef)
    });
    Ok(Named::new(values, answers))
}

/// One reason in one group.
pub(crate) type Reason = Name<ValueTally>;

/// Counts rows and sums their values, if there is a column of them.
#[derive(Debug, Clone)]
pub(crate) struct Valued(Option<ValueReader>);

impl NamedFold for Valued {
    type Tally = ValueTally;
    type Batch<'a> = Option<&'a Float64Array>;

    const NAMES: usize = 0;

    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>> {
        let read = |reader: &ValueReader| reader.read(&arguments[1]);
        self.0.as_ref().map(read).transpose()
    }

    #[inline]
    fn add(&self, values: &Self::Batch<'_>, row: usize, tally: &mut ValueTally) {
        let value = values.filter(|values| values.is_valid(row));
        tally.add(value.map_or(0.0, |values| values.value(row)));
    }
}

type Row = [Value; LAYOUT.len()];

/// The rows of one group, in order of rank, the others last.
fn ranked(
    reasons: &[Reason],
    k: usize,
    valued: bool,
    order: &impl Fn(&Reason, &Reason) -> Ordering,
) -> Vec<Row> {
    let total = total_of(reasons);
    let mut sorted: Vec<&Reason> = reasons.iter().collect();
    sorted.sort_by(|a, b| order(a, b).then_with(|| a.text.as_bytes().cmp(b.text.as_bytes())));
    let (named, others) = sorted.split_at(k.min(sorted.len()));
    let mut seen = 0;
    let mut rows: Vec<Row> = Vec::with_capacity(named.len() + 1);
    for (place, reason) in (1_u64..).zip(named) {
        seen += reason.tally.n;
        rows.push(row(Some(place), reason, seen, &total, valued));
    }
    if !others.is_empty() {
        let rest = total_of(others.iter().copied());
        rows.push(row(None, &rest, total.tally.n, &total, valued));
    }
    rows
}

fn total_of<'a>(reasons: impl IntoIterator<Item = &'a Reason>) -> Reason {
    let mut tally = ValueTally::default();
    reasons
        .into_iter()
        .for_each(|reason| tally.merge(&reason.tally));
    Name {
        text: Arc::from(""),
        tally,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn row(place: Option<u64>, reason: &Reason, seen: u64, total: &Reason, valued: bool) -> Row {
    let percent = |n: u64| 100.0 * n as f64 / total.tally.n as f64;
    let interval = wilson(reason.tally.n, total.tally.n, Confidence::default())
        .ok()
        .map(|i| i.scaled(100.0));
    let value = valued.then(|| reason.tally.value.value());
    let whole = total.tally.value.value();
    [
        place.into(),
        Value::Text(place.map(|_| reason.text.to_string())),
        reason.tally.n.into(),
        percent(reason.tally.n).into(),
        percent(seen).into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        value.into(),
        value.map(|value| 100.0 * value / whole).into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::ChurnRank;
    use crate::functions::tester::{answer, constant, error, reals, rows, skipped, texts};

    #[test]
    fn ties_go_by_label_and_the_others_come_last() {
        let reasons = texts(&["b", "a", "a", "NULL", " ", "b", "c"]);
        let found = rows::<ChurnRank>(
            &[reasons, skipped(), constant(2_i64)],
            "rank reason n share",
        );
        assert_eq!(found, ["1 a 2 40.0", "2 b 2 40.0", "NULL NULL 1 20.0"]);
    }

    #[test]
    fn values_are_summed_beside_the_counts() {
        let arguments = [texts(&["a", "b", "b"]), reals(&[6.0, 2.0, f64::NAN])];
        let found = rows::<ChurnRank>(&arguments, "reason n value value_share");
        assert_eq!(found, ["b 2 2.0 25.0", "a 1 6.0 75.0"]);
    }

    #[test]
    fn without_reasons_there_is_no_list() {
        assert_eq!(answer::<ChurnRank>(&[texts(&[])]), "NULL");
        assert_eq!(answer::<ChurnRank>(&[texts(&["NULL", ""])]), "NULL");
        assert_eq!(
            rows::<ChurnRank>(&[texts(&["x"])], "rank reason cumulative_share"),
            ["1 x 100.0"]
        );
        let text = error::<ChurnRank>(&[texts(&[]), skipped(), constant(0_i64)]);
        assert_eq!(text, "churn_rank: k 0 must be 1 or more");
    }
}
