//! `window_funnel(window, at, step1, …)` → Int32: how many of the steps, 1, 2, … in this order, a
//! customer got through within `window` of the first, 0 to k.
//!
//! As `windowFunnel` of ClickHouse in its default mode: other events may lie between the steps, one
//! event may meet several, events of the same time count in the order of the steps, and the window's
//! end belongs to it. Rows without a time or without a step count for nothing; no rows give 0. `at`
//! is a timestamp, a date or a whole number, and `window` an INTERVAL of fixed length, or a whole
//! number in the unit of `at`. State: 16 bytes for each row that meets a step. Up to 32 steps.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, TimeUnit};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::events::{Event, Events, event_state, steps_reached};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::statistics::{MOST_STEPS, window_funnel};

#[user_doc(
    doc_section(label = "Churn"),
    description = "How far a customer got along a chain of steps, in order and within a window of time from the first: 0 for none, the number of steps for all. Use it grouped by customer, and count customers by the step they reached. Events in between do no harm; a chain may begin at any event of step 1. As ClickHouse's windowFunnel in its default mode. Holds 16 bytes for each row that meets a step, per group. Assumes times that put the events in order. ClickHouse manual, parametric aggregate functions.",
    syntax_example = "window_funnel(window, at, step1, …)",
    sql_example = "SELECT reached, count(*) AS customers FROM (SELECT customer_id, window_funnel(INTERVAL '90 days', responded_at, nps <= 6, nps >= 9) AS reached FROM responses GROUP BY customer_id) GROUP BY reached ORDER BY reached",
    argument(
        name = "window",
        description = "How long the chain may take: an INTERVAL in weeks, days, hours or less; a whole number where at is one."
    ),
    argument(
        name = "at",
        description = "When each event came: a timestamp, a date or a whole number."
    ),
    argument(
        name = "step1",
        description = "Whether the event meets the first step, and so on for up to 32 steps: Boolean, or 1 and 0."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct WindowFunnel;

impl Aggregate for WindowFunnel {
    type Groups = Events;

    const NAME: &'static str = "window_funnel";
    const PARAMETERS: &'static [Parameter] = &[
        required("window", Kind::Span),
        required("at", Kind::Instant),
        repeated("step1", Kind::Flag),
    ];
    const WHOLE: Option<&'static str> = Some("follows a journey");

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Int32
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        event_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Events> {
        let steps = call.len() - 2;
        if steps > MOST_STEPS as usize {
            return exec_err!(
                "window_funnel: {steps} steps given, and it takes at most {MOST_STEPS}"
            );
        }
        let window = window(call.span(0)?, call.kind(1))?;
        let answers = Answers::arrays(move |groups: &[Vec<Event>]| -> Result<ArrayRef> {
            Ok(steps_reached(groups, |events| {
                window_funnel(events, window)
            }))
        });
        Ok(Events::new(call, answers))
    }
}

/// The window in the unit of the times.
fn window(given: &ScalarValue, at: &DataType) -> Result<u64> {
    let is_number = *at == DataType::Int64;
    let units = match given {
        ScalarValue::Int64(Some(units)) if is_number => i128::from(*units),
        ScalarValue::Int64(_) => {
            return exec_err!("window_funnel: window must be an INTERVAL, as INTERVAL '7 days'");
        }
        _ if is_number => {
            return exec_err!(
                "window_funnel: at is a whole number, and so must window be; write at as a \
                 timestamp to use an INTERVAL"
            );
        }
        ScalarValue::IntervalMonthDayNano(Some(span)) if span.months != 0 => {
            return exec_err!(
                "window_funnel: months and years are not all equally long; write window in days"
            );
        }
        ScalarValue::IntervalMonthDayNano(Some(span)) => {
            let nanos = i128::from(span.days) * NANOS_A_DAY + i128::from(span.nanoseconds);
            nanos.div_euclid(nanos_a_unit(at))
        }
        _ => return exec_err!("window_funnel: window must be given"),
    };
    if units < 0 {
        return exec_err!("window_funnel: window must be 0 or more; it is negative");
    }
    Ok(u64::try_from(units).unwrap_or(u64::MAX)) // longer than any two times are apart
}

const NANOS_A_DAY: i128 = 86_400_000_000_000;

fn nanos_a_unit(at: &DataType) -> i128 {
    match at {
        DataType::Timestamp(TimeUnit::Second, _) => 1_000_000_000,
        DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1000,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => 1,
        _ => NANOS_A_DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::WindowFunnel;
    use crate::functions::tester::{NULL, answer, constant, error, flags, ints};

    fn reached(window: i64, at: &[i64], first: &str, second: &str) -> String {
        answer::<WindowFunnel>(&[constant(window), ints(at), flags(first), flags(second)])
    }

    #[test]
    fn steps_in_order_and_in_time() {
        assert_eq!(reached(5, &[0, 5], "10", "01"), "2");
        assert_eq!(reached(4, &[0, 5], "10", "01"), "1");
        assert_eq!(reached(9, &[5, 0], "10", "01"), "1"); // the second came before the first
        assert_eq!(reached(0, &[7], "1", "1"), "2");
        assert_eq!(reached(9, &[0, NULL, 3], "1.0", "01."), "1");
        assert_eq!(reached(9, &[], "", ""), "0");
    }

    #[test]
    fn a_window_is_not_negative() {
        let text = error::<WindowFunnel>(&[constant(-1_i64), ints(&[]), flags("")]);
        assert_eq!(
            text,
            "window_funnel: window must be 0 or more; it is negative"
        );
    }
}
