//! `compare_summaries(summary_a, summary_b [, confidence [, method]])` → {difference, low, high, p}: what two results of the
//! same `_summary` function differ by, b − a, without the rows behind them.
//!
//! By their fields: `nps_summary` as `nps_compare` (unpooled z of the standard errors), `rate_summary`
//! and `csat_summary` as `rate_compare` (Newcombe 1998, pooled z), `mean_summary` and
//! `expectation_gap` as `mean_compare` (Welch 1947). A NULL side gives NULL, a side without answers
//! NULL fields, sides without variance a NULL p. The method `adjusted` compares scores with the
//! pseudo-observations of their adjusted Wald interval (Rocks 2016), for few answers.

use arrow::array::{Array, ArrayRef, AsArray, StructArray, new_null_array};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type, records};
use crate::functions::row::Row;
use crate::functions::summary::{Compared, Method, Side};
use crate::statistics::Confidence;

const LAYOUT: Layout = &[
    ("difference", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("p", Shape::Real),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "What two results of the same _summary function differ by, b - a, with interval and p: the comparison that nps_compare, rate_compare or mean_compare would make of the rows behind them.",
    syntax_example = "compare_summaries(summary_a, summary_b [, confidence [, method]])",
    sql_example = "SELECT expand(compare_summaries(nps_summary(nps) FILTER (WHERE channel <> 'email'), nps_summary(nps) FILTER (WHERE channel = 'email'))) FROM responses",
    argument(
        name = "summary_a",
        description = "A result of nps_summary, csat_summary, rate_summary, mean_summary or expectation_gap."
    ),
    argument(
        name = "summary_b",
        description = "Another result of the same function."
    ),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    ),
    argument(
        name = "method",
        description = "Of scores: 'wald' (the default) by their standard errors, or 'adjusted' with 3/4 detractor, 1 1/2 passives and 3/4 promoter more on each side, for few answers."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CompareSummaries;

impl Row for CompareSummaries {
    const NAME: &'static str = "compare_summaries";
    const PARAMETERS: &'static [Parameter] = &[
        required("summary_a", Kind::Record),
        required("summary_b", Kind::Record),
        optional("confidence", Kind::Number),
        optional("method", Kind::Word),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        record_type(LAYOUT)
    }

    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let confidence = |row| confidence(columns.get(2), row);
        let method = |row| method(columns.get(3), row);
        let null = new_null_array(&record_type(LAYOUT), 1);
        let (Some(a), Some(b)) = (columns[0].as_struct_opt(), columns[1].as_struct_opt()) else {
            return Ok(new_null_array(&record_type(LAYOUT), rows));
        };
        let (a, b) = (Side::of(a)?, Side::of(b)?);
        if !a.is_like(&b) {
            return plan_err!(
                "compare_summaries: the two are results of different functions; give two of the same"
            );
        }
        let mut compared = Vec::new();
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            if a.is_known(row) && b.is_known(row) {
                places.push((0, compared.len()));
                let compare = a.compare(&b, row, confidence(row)?, method(row)?);
                compared.push(compare.map_or_else(nothing, values));
            } else {
                places.push((1, 0));
            }
        }
        let results: StructArray = records(LAYOUT, compared.into_iter());
        Ok(interleave(&[&results, &null], &places)?)
    }
}

fn values((difference, interval, p): Compared) -> [Value; LAYOUT.len()] {
    [
        difference.into(),
        interval.map(|interval| interval.low).into(),
        interval.map(|interval| interval.high).into(),
        p.into(),
    ]
}

fn nothing() -> [Value; LAYOUT.len()] {
    std::array::from_fn(|_| Value::Real(None))
}

fn confidence(column: Option<&ArrayRef>, row: usize) -> Result<Confidence> {
    let values = column.and_then(|column| column.as_primitive_opt::<Float64Type>());
    match values.filter(|values| values.is_valid(row)) {
        None => Ok(Confidence::default()),
        Some(values) => match Confidence::new(values.value(row)) {
            Ok(confidence) => Ok(confidence),
            Err(error) => exec_err!("compare_summaries: {error}"),
        },
    }
}

fn method(column: Option<&ArrayRef>, row: usize) -> Result<Method> {
    let words = column.and_then(|column| column.as_string_opt::<i32>());
    match words
        .filter(|words| words.is_valid(row))
        .map(|words| words.value(row))
    {
        None | Some("wald") => Ok(Method::Wald),
        Some("adjusted") => Ok(Method::Adjusted),
        Some(other) => {
            exec_err!("compare_summaries: no method '{other}'; there are 'wald' and 'adjusted'")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::StructArray;

    use super::CompareSummaries;
    use crate::functions::record::{Layout, Shape, Value, records};
    use crate::functions::tester::{Given, values};

    const RATE: Layout = &[
        ("rate", Shape::Real),
        ("n", Shape::Count),
        ("events", Shape::Count),
    ];
    const MEAN: Layout = &[
        ("mean", Shape::Real),
        ("se", Shape::Real),
        ("n", Shape::Count),
    ];

    fn given(records: StructArray) -> Given {
        Given::Column(Arc::new(records))
    }

    fn rate(events: u64, n: u64) -> Given {
        let row = [Value::Real(None), Value::Count(n), Value::Count(events)];
        given(records(RATE, [row].into_iter()))
    }

    fn mean(mean: Option<f64>, se: Option<f64>, n: u64) -> Given {
        let row = [Value::Real(mean), Value::Real(se), Value::Count(n)];
        given(records(MEAN, [row].into_iter()))
    }

    #[test]
    fn a_side_without_answers_is_not_compared() {
        let nothing = "{difference: NULL, low: NULL, high: NULL, p: NULL}";
        assert_eq!(
            values::<CompareSummaries>(&[rate(0, 0), rate(5, 10)]).unwrap(),
            [nothing]
        );
        let blank = mean(None, None, 0);
        assert_eq!(
            values::<CompareSummaries>(&[mean(Some(1.0), Some(0.5), 9), blank]).unwrap(),
            [nothing]
        );
    }

    #[test]
    fn sides_without_variance_have_no_p() {
        let found = values::<CompareSummaries>(&[
            mean(Some(1.0), Some(0.0), 9),
            mean(Some(3.0), Some(0.0), 9),
        ]);
        assert_eq!(
            found.unwrap(),
            ["{difference: 2.0, low: NULL, high: NULL, p: NULL}"]
        );
        let one =
            values::<CompareSummaries>(&[mean(Some(1.0), None, 1), mean(Some(3.0), Some(0.1), 9)]);
        assert!(one.unwrap()[0].starts_with("{difference: 2.0, low: NULL"));
    }

    #[test]
    fn summaries_of_different_functions_are_refused() {
        let error = values::<CompareSummaries>(&[rate(1, 2), mean(Some(1.0), Some(0.5), 9)]);
        let text = error.unwrap_err().message().into_owned();
        assert!(text.contains("different functions"), "{text}");
    }
}
