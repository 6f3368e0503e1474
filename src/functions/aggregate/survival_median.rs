//! `survival_median(duration, event)` → Float64: the time after which at most half are left.
//!
//! The first time at which the curve of `survival` is ½ or less; NULL where it never falls so far,
//! and without rows. State as `survival`. Kaplan & Meier (1958).

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::survival::{curve, open_durations};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::tables::{Levels, Tables, table_state};
use crate::statistics::half_time;

#[user_doc(
    doc_section(label = "Churn"),
    description = "The time after which at most half of the customers are left; NULL while more than half still are. Use it as one number for a segment's lifetime where some have not left yet: their mean tenure would be too short. Assumes and holds what survival does. Kaplan and Meier 1958.",
    syntax_example = "survival_median(duration, event)",
    sql_example = "SELECT segment, survival_median(tenure_months, churned) FROM customers GROUP BY segment ORDER BY segment",
    argument(
        name = "duration",
        description = "Time until the event, or until last seen; 0 or more."
    ),
    argument(
        name = "event",
        description = "Whether the event came: Boolean, or 1 and 0."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SurvivalMedian;

impl Aggregate for SurvivalMedian {
    type Groups = Tables;

    const NAME: &'static str = "survival_median";
    const PARAMETERS: &'static [Parameter] = &[
        required("duration", Kind::Level),
        required("event", Kind::Flag),
    ];

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
        let median = |durations: &Levels| half_time(curve(durations));
        Ok(open_durations(call, Answers::floats(median)))
    }
}

#[cfg(test)]
mod tests {
    use super::SurvivalMedian;
    use crate::functions::tester::{answer, ints, reals};

    #[test]
    fn half_must_be_gone() {
        let times = [4.0, 1.0, 2.0, 3.0];
        let median = |events: &[i64]| answer::<SurvivalMedian>(&[reals(&times), ints(events)]);
        assert_eq!(median(&[1, 1, 1, 1]), "2.0");
        assert_eq!(median(&[0, 1, 0, 0]), "NULL");
        assert_eq!(median(&[1, 0, 0, 0]), "4.0");
        assert_eq!(answer::<SurvivalMedian>(&[reals(&[]), ints(&[])]), "NULL");
    }
}
