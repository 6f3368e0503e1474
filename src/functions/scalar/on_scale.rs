//! `on_scale(score, min, max)` → Int64: the score itself, if it is a point of the scale.
//!
//! NULL gives NULL; a score off the scale, and a scale without two points, are errors. Here because
//! statistics of several KPIs take any number, and an 11 that marks a blank would be one.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::columns::{BLANK, OtherScale, ScoreReader};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::model::Scale;

#[user_doc(
    doc_section(label = "KPI"),
    description = "The score itself, if it is a whole point of the scale; otherwise an error that names it. Use it before functions that take any number, such as kpi_validation, where the 11 or 99 of a blank would count as an answer.",
    syntax_example = "on_scale(score, min, max)",
    sql_example = "SELECT avg(on_scale(csat, 1, 5)) AS mean FROM responses",
    argument(name = "score", description = "An answer."),
    argument(name = "min", description = "The lowest point."),
    argument(name = "max", description = "The highest point.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct OnScale;

impl Row for OnScale {
    const NAME: &'static str = "on_scale";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        required("min", Kind::Integer),
        required("max", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Int64
    }

    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        self.call_named("", columns, rows)
    }

    fn call_named(&self, first: &str, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let label = if first.is_empty() { "score" } else { first };
        let (Some(min), Some(max)) = (one(&columns[1], "min")?, one(&columns[2], "max")?) else {
            return Ok(Arc::new(Int64Array::new_null(rows)));
        };
        let Some(scale) = Scale::new(min, max) else {
            return exec_err!(
                "on_scale: {min}–{max} is no scale; it needs 2 to {} points",
                Scale::MOST_POINTS
            );
        };
        let scores = ScoreReader {
            function: Self::NAME,
            label: label.to_owned(),
            scale,
            other_scale: OtherScale::None,
        };
        let codes = scores.read(&columns[0])?;
        let point = |code: &u8| (*code != BLANK).then(|| min + i64::from(*code));
        Ok(Arc::new(codes.iter().map(point).collect::<Int64Array>()))
    }
}

/// The end of the scale, which is the same in all rows; none where it is NULL, or there are no rows.
fn one(column: &ArrayRef, name: &str) -> Result<Option<i64>> {
    let values = column.as_primitive::<Int64Type>();
    if values.is_empty() || values.is_null(0) {
        return Ok(None);
    }
    let first = values.value(0);
    if values.iter().any(|value| value != Some(first)) {
        return exec_err!("on_scale: {name} is the same for all rows; split the scores by scale");
    }
    Ok(Some(first))
}

#[cfg(test)]
mod tests {
    use super::OnScale;
    use crate::functions::tester::{NULL, constant, ints, values};

    #[test]
    fn a_score_is_itself_or_an_error() {
        let ask = |scores: &[i64], min: i64, max: i64| {
            values::<OnScale>(&[ints(scores), constant(min), constant(max)])
        };
        assert_eq!(
            ask(&[1, 5, NULL, 3], 1, 5).unwrap(),
            ["1", "5", "NULL", "3"]
        );
        assert_eq!(ask(&[-2, 2], -2, 2).unwrap(), ["-2", "2"]);
        assert!(ask(&[], 1, 5).unwrap().is_empty());
        let text = |scores, min, max| ask(scores, min, max).unwrap_err().message().into_owned();
        assert!(text(&[6], 1, 5).starts_with("on_scale: score 6 is outside 1–5"));
        assert!(text(&[0], 1, 5).starts_with("on_scale: score 0 is outside 1–5"));
        assert!(text(&[1], 5, 1).starts_with("on_scale: 5–1 is no scale"));
    }
}
