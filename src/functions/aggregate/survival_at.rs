//! `survival_at(duration, event, time [, confidence])` → {survival, se, low, high}: the share that
//! has not had the event after `time`, 0 to 1.
//!
//! The step of `survival` at or before `time`; before the first event it is 1. Rows with a NULL are
//! left out; none left, or a time beyond the last that anybody was seen without all having had the
//! event, gives NULL fields: nothing is known there. A survival of 0 or 1 has no limits. State as
//! `survival`. Kaplan & Meier (1958).

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::survival::{curve, open_durations};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::tables::{Levels, Tables, table_state};
use crate::statistics::{Confidence, Step};

const LAYOUT: Layout = &[
    ("survival", Shape::Real),
    ("se", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "The share of customers still there after a given time, with its interval: one point of the curve that survival gives. Use it to compare segments at a fixed horizon, as after 12 months. Beyond the longest observation the fields are NULL, unless everybody has left. Assumes and holds what survival does. Kaplan and Meier 1958.",
    syntax_example = "survival_at(duration, event, time [, confidence])",
    sql_example = "SELECT segment, expand(survival_at(tenure_months, churned, 12)) FROM customers GROUP BY segment ORDER BY segment",
    argument(
        name = "duration",
        description = "Time until the event, or until last seen; 0 or more."
    ),
    argument(
        name = "event",
        description = "Whether the event came: Boolean, or 1 and 0."
    ),
    argument(
        name = "time",
        description = "When to look, in the unit of duration; a constant."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SurvivalAt;

impl Aggregate for SurvivalAt {
    type Groups = Tables;

    const NAME: &'static str = "survival_at";
    const PARAMETERS: &'static [Parameter] = &[
        required("duration", Kind::Level),
        required("event", Kind::Flag),
        required("time", Kind::Number),
        optional("confidence", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let confidence = call.confidence(3)?;
        let Some(time) = call.number(2)? else {
            return exec_err!("survival_at: time must be given, as time => 12");
        };
        if !time.is_finite() || time < 0.0 {
            return exec_err!("survival_at: time {time} must be a number, 0 or more");
        }
        let answers = Answers::records(LAYOUT, move |durations: &Levels| {
            at(durations, time, confidence)
        });
        Ok(open_durations(call, answers))
    }
}

fn at(durations: &Levels, time: f64, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let found = curve(durations)
        .take_while(|step| step.moment.time <= time)
        .last();
    // Nobody was seen that long, and somebody might have been.
    let is_past = durations.last().is_none_or(|last| last < time);
    let is_over = is_past && found.is_none_or(|step: Step| step.survival > 0.0);
    let none = || Value::Real(None);
    match found {
        _ if is_over => [none(), none(), none(), none()],
        None => [1.0.into(), 0.0.into(), none(), none()],
        Some(step) => {
            let interval = step.interval(confidence);
            [
                step.survival.into(),
                step.se().into(),
                interval.map(|i| i.low).into(),
                interval.map(|i| i.high).into(),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SurvivalAt;
    use crate::functions::tester::{constant, error, fields, ints, reals, skipped};

    fn at(time: f64, events: &[i64]) -> String {
        let given = [reals(&[2.0, 1.0, 2.0, 3.0]), ints(events), constant(time)];
        fields::<SurvivalAt>(&given, "survival se")
    }

    #[test]
    fn the_last_step_before_holds() {
        assert_eq!(at(0.5, &[1, 0, 0, 1]), "1.0 0.0");
        assert_eq!(at(2.9, &[1, 0, 0, 1]), at(2.0, &[1, 0, 0, 1]));
        assert!(at(2.0, &[1, 0, 0, 1]).starts_with("0.6666666666666667 0.27"));
        assert_eq!(at(9.0, &[1, 0, 0, 1]), "0.0 NULL"); // all are gone
        assert_eq!(at(9.0, &[1, 0, 0, 0]), "NULL NULL"); // nobody was seen that long
    }

    #[test]
    fn without_a_time_there_is_no_answer() {
        let text = |time| error::<SurvivalAt>(&[reals(&[]), ints(&[]), time, skipped()]);
        assert!(text(skipped()).starts_with("survival_at: time must be given"));
        assert_eq!(
            text(constant(f64::INFINITY)),
            "survival_at: time inf must be a number, 0 or more"
        );
        assert_eq!(
            text(constant(-1.0)),
            "survival_at: time -1 must be a number, 0 or more"
        );
    }
}
