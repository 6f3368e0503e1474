//! One line a column under a header a row, as psql's `\x`: for rows wider than the screen.
//!
//! Nothing is cut: long values are wrapped, texts keep their lines, lists have a line an element.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Schema};
use arrow::util::display::ArrayFormatter;

use super::grid::readable;
use super::text::{Side, escape, pad, width, wrap};
use super::{Demand, Screen, Sink, Writer, failed};
use crate::error::Result;

/// Columns of a terminal that a value keeps however long the names are.
const NARROWEST: usize = 20;

/// Rows as records.
pub(super) struct Expanded<'a> {
    names: Vec<String>,
    /// Columns of the longest name.
    left: usize,
    screen: Screen,
    sink: Sink<'a>,
    rows: usize,
    has_more: bool,
}

impl<'a> Expanded<'a> {
    /// Nothing is written before the first row.
    pub(super) fn new(schema: &Schema, screen: Screen, sink: Sink<'a>) -> Self {
        let names = schema.fields().iter().map(|field| escape(field.name()));
        let names: Vec<String> = names.map(|name| name.into_owned()).collect();
        let left = names.iter().map(|name| width(name)).max().unwrap_or(0);
        Self {
            names,
            left,
            screen,
            sink,
            rows: 0,
            has_more: false,
        }
    }

    fn record(&mut self, values: &[Vec<String>]) -> Result<()> {
        let style = self.screen.style;
        let title = format!("─[ RECORD {} ]", self.rows);
        let longest = values.iter().flatten().map(|line| width(line)).max();
        let right = longest.unwrap_or(0).clamp(1, self.room());
        let left = self.left.max(width(&title));
        let rule = "─".repeat(left + 1 - width(&title));
        let head = format!("{title}{rule}┬─{}", "─".repeat(right));
        let mut text = format!("{}\n", style.dim(&head));
        for (name, lines) in self.names.iter().zip(values) {
            let mut name = name.as_str();
            for line in lines {
                for part in wrap(line, self.room()) {
                    let name = pad(std::mem::take(&mut name), left, Side::Left);
                    let bar = style.dim("│");
                    text.push_str(format!("{} {bar} {part}", style.bold(&name)).trim_end());
                    text.push('\n');
                }
            }
        }
        Ok(self.sink.write_all(text.as_bytes())?)
    }

    /// Columns that a value may take.
    fn room(&self) -> usize {
        let left = self.left.max(13) + 3;
        let screen = self.screen.width.unwrap_or(usize::MAX);
        screen.saturating_sub(left).max(NARROWEST)
    }
}

impl Writer for Expanded<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        for row in 0..batch.num_rows() {
            if self.screen.rows == Some(self.rows) {
                self.has_more = true;
                return Ok(Demand::Enough);
            }
            self.rows += 1;
            let values = batch.columns().iter().map(|column| lines(column, row));
            let values = values.collect::<Result<Vec<_>>>()?;
            self.record(&values)?;
        }
        Ok(Demand::More)
    }

    fn finish(self: Box<Self>) -> Result<Vec<String>> {
        let shown = format!("only the first {} rows are shown", self.rows);
        Ok(self.has_more.then_some(shown).into_iter().collect())
    }
}

/// The lines of a value: of a list an element each, of a text its own.
fn lines(column: &ArrayRef, row: usize) -> Result<Vec<String>> {
    let is_null = |column: &ArrayRef| {
        let nulls = column.logical_nulls();
        nulls.is_some_and(|nulls| nulls.is_null(row))
    };
    if is_null(column) {
        return Ok(vec!["NULL".to_owned()]);
    }
    let items = match column.data_type() {
        DataType::List(_) => Some(column.as_list::<i32>().value(row)),
        DataType::LargeList(_) => Some(column.as_list::<i64>().value(row)),
        _ => None,
    };
    match items.filter(|items| !items.is_empty()) {
        Some(items) => (0..items.len()).map(|item| value(&items, item)).collect(),
        None => {
            let text = raw(column, row)?;
            Ok(text.lines().map(|line| escape(line).into_owned()).collect())
        }
    }
}

fn value(column: &ArrayRef, row: usize) -> Result<String> {
    Ok(escape(&raw(column, row)?).into_owned())
}

fn raw(column: &ArrayRef, row: usize) -> Result<String> {
    let options = readable();
    let formatter = ArrayFormatter::try_new(column, &options).map_err(failed)?;
    let text = formatter.value(row).to_string();
    // An empty text still has its line.
    Ok(if text.is_empty() { " ".into() } else { text })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, ListArray, StringArray};
    use arrow::datatypes::Int64Type;

    use super::super::Format;
    use super::super::tests::shown;
    use super::*;

    #[test]
    fn a_line_a_column_and_a_line_an_element() {
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([
            Some(vec![Some(1), None]),
            Some(vec![]),
        ]);
        let batch = RecordBatch::try_from_iter([
            (
                "n",
                Arc::new(Int64Array::from(vec![Some(1), None])) as ArrayRef,
            ),
            (
                "comment",
                Arc::new(StringArray::from(vec!["good\nreally", "\u{1b}x"])) as _,
            ),
            ("counts", Arc::new(lists) as _),
        ])
        .unwrap();
        let (bytes, remarks) = shown(Format::Expanded, &[batch], Screen::default());
        let expected = "\
─[ RECORD 1 ]─┬───────
n             │ 1
comment       │ good
              │ really
counts        │ 1
              │ NULL
─[ RECORD 2 ]─┬──────
n             │ NULL
comment       │ \\x1bx
counts        │ []
";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        assert!(remarks.is_empty());
    }

    #[test]
    fn long_values_are_wrapped_and_many_rows_are_not_shown() {
        let texts = StringArray::from(vec!["x".repeat(50); 3]);
        let batch = RecordBatch::try_from_iter([("t", Arc::new(texts) as ArrayRef)]).unwrap();
        let screen = Screen {
            rows: Some(1),
            width: Some(46),
            ..Screen::default()
        };
        let (bytes, remarks) = shown(Format::Expanded, &[batch], screen);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.lines().all(|line| width(line) <= 46), "{text}");
        assert_eq!(remarks, ["only the first 1 rows are shown"]);
    }
}
