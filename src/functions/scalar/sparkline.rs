//! `sparkline(values [, from])` → Utf8: a list of numbers as small bars, one letter each.
//!
//! The highest value is `█`, `from` (the lowest value by default) is `▁`; a value of exactly `from`
//! when it is given, such as a count of 0, is `·`, and a blank one a space. NULL gives NULL. The
//! form is Tufte's (2006, Beautiful Evidence): a word-sized graphic.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::row::Row;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

#[user_doc(
    doc_section(label = "Display"),
    description = "A list of numbers as small bars, one letter each: a distribution or a series in one cell of a table.",
    syntax_example = "sparkline(values [, from])",
    sql_example = "SELECT sparkline(score_counts(nps, 0, 10), 0) AS distribution FROM responses",
    argument(name = "values", description = "A list of numbers."),
    argument(
        name = "from",
        description = "The value at the foot of the bars; the lowest of the list by default, 0 for counts."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Sparkline;

impl Row for Sparkline {
    const NAME: &'static str = "sparkline";
    const PARAMETERS: &'static [Parameter] = &[
        required("values", Kind::Numbers),
        optional("from", Kind::Number),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Utf8
    }

    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let lists = columns[0].as_list::<i32>();
        let feet = columns
            .get(1)
            .and_then(|feet| feet.as_primitive_opt::<Float64Type>());
        let line = |row: usize| {
            let foot = feet
                .filter(|feet| feet.is_valid(row))
                .map(|feet| feet.value(row));
            let values = lists.is_valid(row).then(|| lists.value(row))?;
            Some(bars(values.as_primitive::<Float64Type>(), foot))
        };
        Ok(Arc::new((0..rows).map(line).collect::<StringArray>()))
    }
}

fn bars(values: &Float64Array, foot: Option<f64>) -> String {
    let known = || values.iter().flatten().filter(|value| value.is_finite());
    let lowest = foot.unwrap_or_else(|| known().fold(f64::INFINITY, f64::min));
    let highest = known().fold(lowest, f64::max);
    let bar = |value: Option<f64>| match value.filter(|value| value.is_finite()) {
        None => ' ',
        Some(value) if foot.is_some_and(|foot| value <= foot) => '·',
        Some(value) => BARS[level((value - lowest) / (highest - lowest))],
    };
    values.iter().map(bar).collect()
}

/// The bar of a share of the height; a flat line is a line of low bars.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1"
)]
fn level(share: f64) -> usize {
    let last = BARS.len() - 1;
    ((share * last as f64).round() as usize).min(last)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ListArray;
    use arrow::datatypes::Float64Type;

    use super::Sparkline;
    use crate::functions::tester::{Given, constant, skipped, values};

    fn line(numbers: &[Option<f64>], from: Given) -> String {
        let list = ListArray::from_iter_primitive::<Float64Type, _, _>([Some(numbers.to_vec())]);
        let given = Given::Column(Arc::new(list));
        values::<Sparkline>(&[given, from]).unwrap().remove(0)
    }

    #[test]
    fn bars_reach_from_the_foot_to_the_highest() {
        let series = [Some(-20.0), Some(0.0), None, Some(15.0)];
        assert_eq!(line(&series, skipped()), "▁▅ █");
        let counts = [Some(0.0), Some(1.0), Some(7.0)];
        assert_eq!(line(&counts, constant(0.0)), "·▂█");
    }

    #[test]
    fn nothing_and_the_same_value_are_drawn_too() {
        assert_eq!(line(&[], skipped()), "");
        assert_eq!(line(&[Some(3.0)], skipped()), "▁");
        assert_eq!(line(&[Some(3.0), Some(3.0)], skipped()), "▁▁");
        assert_eq!(line(&[None, Some(f64::NAN)], skipped()), "  ");
    }
}
