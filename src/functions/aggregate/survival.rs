//! `survival(duration, event [, confidence])` → LIST of {time, at_risk, events, censored, survival,
//! se, low, high}: the share that has not had the event by each time at which something happened.
//!
//! Kaplan & Meier (1958) with Greenwood's (1926) standard error and the log-log interval of
//! Kalbfleisch & Prentice (1980). Rows with a NULL in either are left out; none left gives NULL. A
//! negative duration is an error. Where the survival is 0 or 1 there are no limits, where it is 0 no
//! error either. State: events and censored at each distinct duration; beyond 254 of them 8 bytes a
//! row.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, list_type, lists_of};
use crate::functions::tables::{Level, Levels, Reading, Tables, table_state};
use crate::statistics::{Confidence, Moment, Step, kaplan_meier_of};

const LAYOUT: Layout = &[
    ("time", Shape::Real),
    ("at_risk", Shape::Count),
    ("events", Shape::Count),
    ("censored", Shape::Count),
    ("survival", Shape::Real),
    ("se", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
];

/// Steps of curves from which on two threads write them.
const LONG: usize = 1 << 20;

#[user_doc(
    doc_section(label = "Churn"),
    description = "The survival curve: the share of customers who have not left by each time at which one left or was last seen, with Greenwood's error and log-log interval. Use it for retention where customers have been observed for different lengths of time; a plain rate would count the recent ones as loyal. Assumes that those not yet gone are no different from those followed longer. Holds two counts for each distinct duration; beyond 254 durations 8 bytes a row. Kaplan and Meier 1958; Greenwood 1926.",
    syntax_example = "survival(duration, event [, confidence])",
    sql_example = "SELECT expand(survival(tenure_months, churned)) FROM customers ORDER BY time LIMIT 12",
    argument(
        name = "duration",
        description = "Time until the event, or until last seen; 0 or more."
    ),
    argument(
        name = "event",
        description = "Whether the event came: Boolean, or 1 and 0."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Survival;

impl Aggregate for Survival {
    type Groups = Tables;

    const NAME: &'static str = "survival";
    const PARAMETERS: &'static [Parameter] = &[
        required("duration", Kind::Level),
        required("event", Kind::Flag),
        optional("confidence", Kind::Number),
    ];
    const LIST: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        list_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let confidence = call.confidence(2)?;
        let answers = Answers::arrays(move |groups: &[Levels]| Ok(curves(groups, confidence)));
        Ok(open_durations(call, answers))
    }
}

/// The store of a call whose arguments are duration and event.
pub(crate) fn open_durations(call: &Call<'_>, answers: Answers<Levels>) -> Tables {
    Tables::levels(Reading::duration(call, 0), Reading::flag(call, 1), answers)
}

/// The curve of durations by event.
pub(crate) fn curve(durations: &Levels) -> impl Iterator<Item = Step> {
    let moment = |level: Level| Moment {
        time: level.value,
        events: level.with,
        censored: level.without,
    };
    kaplan_meier_of(durations.n(), durations.iter().map(moment))
}

/// One LIST of steps a group, NULL where nobody was seen; column by column, since a curve of
/// durations that do not repeat has as many steps as there are customers.
fn curves(groups: &[Levels], confidence: Confidence) -> ArrayRef {
    let steps = groups.iter().map(Levels::at_most).sum();
    let (counts, shares) = if steps < LONG {
        (counts(groups, steps), shares(groups, steps, confidence))
    } else {
        // Writing takes longer than walking along the curve, so two go at once.
        std::thread::scope(|scope| {
            let counts = scope.spawn(|| counts(groups, steps));
            let shares = shares(groups, steps, confidence);
            let counts = counts.join();
            let counts = counts.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (counts, shares)
        })
    };
    let (lengths, counts) = counts;
    let arrays = counts.into_iter().chain(shares).collect();
    Arc::new(lists_of(LAYOUT, &lengths, arrays))
}

/// How many steps each curve has, and of each step its time, who was at risk, who had the event and who
/// was last seen.
fn counts(groups: &[Levels], steps: usize) -> (Vec<usize>, [ArrayRef; 4]) {
    let mut times = Vec::with_capacity(steps);
    let mut counts: [Vec<i64>; 3] = [(); 3].map(|()| Vec::with_capacity(steps));
    let mut lengths = Vec::with_capacity(groups.len());
    for durations in groups {
        let before = times.len();
        let mut at_risk = durations.n();
        for level in durations.iter() {
            times.push(level.value);
            let numbers = [at_risk, level.with, level.without];
            let columns = counts.iter_mut().zip(numbers);
            columns.for_each(|(column, n)| column.push(n.cast_signed()));
            at_risk -= level.with + level.without;
        }
        lengths.push(times.len() - before);
    }
    let [at_risk, events, censored] = counts.map(|counts| -> ArrayRef {
        let counts: Int64Array = counts.into();
        Arc::new(counts)
    });
    (lengths, [reals(times), at_risk, events, censored])
}

/// Of each step the survival, its error and its limits.
fn shares(groups: &[Levels], steps: usize, confidence: Confidence) -> [ArrayRef; 4] {
    let mut columns: [Vec<f64>; 4] = [(); 4].map(|()| Vec::with_capacity(steps));
    for durations in groups {
        let mut known = [f64::NAN; 3];
        let mut is_first = true;
        for step in curve(durations) {
            // Where nobody has the event the curve goes on as it was, and so do its limits.
            if step.moment.events > 0 || is_first {
                let limits = step.interval(confidence);
                let limits = limits.map_or([f64::NAN; 2], |limits| [limits.low, limits.high]);
                known = [step.se().unwrap_or(f64::NAN), limits[0], limits[1]];
            }
            is_first = false;
            let [se, low, high] = known;
            let columns = columns.iter_mut().zip([step.survival, se, low, high]);
            columns.for_each(|(column, value)| column.push(value));
        }
    }
    columns.map(reals)
}

/// A column in which what is not known stands as NaN.
fn reals(values: Vec<f64>) -> ArrayRef {
    let is_known = |value: &f64| !value.is_nan();
    let has_all = values.iter().filter(|value| !is_known(value)).count() == 0;
    let nulls = || values.iter().map(is_known).collect::<NullBuffer>();
    let nulls = (!has_all).then(nulls);
    Arc::new(Float64Array::new(values.into(), nulls))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Float64Type;

    use super::{Confidence, LONG, Levels, Survival, curves};
    use crate::functions::tester::{answer, error, ints, reals, rows};

    #[test]
    fn each_time_is_a_step() {
        let given = [
            reals(&[2.0, 1.0, 2.0, 3.0, f64::NAN]),
            ints(&[1, 0, 0, 1, 1]),
        ];
        let found = rows::<Survival>(&given, "time at_risk events censored survival low");
        assert_eq!(found[0], "1.0 4 0 1 1.0 NULL");
        assert!(
            found[1].starts_with("2.0 3 1 1 0.6666666666666667 0.05"),
            "{found:?}"
        );
        assert_eq!(found[2], "3.0 1 1 0 0.0 NULL");
    }

    /// Two customers a day, of whom one leaves and one is last seen; long curves and short ones are the
    /// same as far as both go.
    #[test]
    fn long_curves_are_those_of_short_ones() {
        let days = |days: usize| Levels::of((1..=days).map(|day| (day as f64, 1, 1)));
        let long = curves(&[days(3), days(LONG)], Confidence::default());
        let short = curves(&[days(3), days(LONG - 5)], Confidence::default());
        let (long, short) = (long.as_list::<i32>(), short.as_list::<i32>());
        assert_eq!(
            (long.value_length(0), long.value_length(1)),
            (3, LONG as i32)
        );
        assert_eq!(long.value(0).as_ref(), short.value(0).as_ref());
        let curve = long.value(1);
        let column = |name: &str| Arc::clone(curve.as_struct().column_by_name(name).unwrap());
        let survival = column("survival");
        let survival = survival.as_primitive::<Float64Type>();
        // Of 2n at risk on the last day but k there are 2(k + 1), so the product is of odd by even numbers.
        assert!(survival.values().windows(2).all(|pair| pair[1] < pair[0]));
        assert!((survival.value(LONG - 1) / survival.value(LONG - 2) - 0.5).abs() < 1e-12);
        assert!((survival.value(LONG - 2) / survival.value(LONG - 3) - 0.75).abs() < 1e-12);
        assert_eq!(
            column("at_risk")
                .as_primitive::<arrow::datatypes::Int64Type>()
                .value(LONG - 1),
            2
        );
        assert_eq!(
            (column("se").null_count(), column("low").null_count()),
            (0, 0)
        );
    }

    #[test]
    fn nobody_has_no_curve_and_time_does_not_run_backwards() {
        assert_eq!(answer::<Survival>(&[reals(&[]), ints(&[])]), "NULL");
        let text = error::<Survival>(&[reals(&[3.0, -1.0]), ints(&[1, 1])]);
        assert_eq!(
            text,
            "survival: duration -1 is negative; if it marks a blank, write nullif(duration, -1)"
        );
    }
}
