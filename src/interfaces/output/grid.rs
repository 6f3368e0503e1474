//! Rows as aligned cells, for the formats that people read.
//!
//! Columns are measured on the first rows and the rest streams, so that memory stays bounded; a
//! later, wider cell is never cut, it only leaves its column. Cuts are made for a screen only, and
//! finish() says so.

use std::borrow::Cow;

use arrow::array::Array;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::text::{Side, cut, escape, pad, width};
use super::{Demand, Screen, Sink, Style, Writer, failed};
use crate::error::Result;

/// Rows that are held back to measure the columns.
const MEASURED_ROWS: usize = 10_000;

/// The columns that a text keeps when others need the room.
const NARROWEST: usize = 10;

/// How a format draws lines around cells.
pub(super) trait Frame {
    /// Terminal columns around a cell, and once more for the whole line.
    const AROUND: (usize, usize);

    /// The text of a cell.
    fn text(&self, text: &str) -> String {
        escape(text).into_owned()
    }

    /// The lines above the first row.
    fn head(&self, columns: &[Column], style: Style) -> String;

    /// A row; the cells are filled to their columns.
    fn row(&self, cells: &[String], style: Style) -> String;

    /// The lines under the last row.
    fn foot(&self, columns: &[Column], style: Style) -> String;
}

/// A column with its place on the line.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name, cut to the width.
    pub(super) title: String,
    /// Terminal columns.
    pub(super) width: usize,
    /// Numbers stand right.
    pub(super) side: Side,
    /// Whether its values can be cut and still be read: texts, not numbers or times.
    pub(super) is_elastic: bool,
}

/// `None` is NULL.
type Cell = Option<String>;

/// Rows in a frame.
pub(super) struct Grid<'a, F> {
    frame: F,
    screen: Screen,
    sink: Sink<'a>,
    columns: Vec<Column>,
    /// Columns that do not fit on the screen, from the right.
    hidden: usize,
    waiting: Vec<Vec<Cell>>,
    is_open: bool,
    rows: usize,
    has_more: bool,
    has_cut: bool,
}

impl<'a, F: Frame> Grid<'a, F> {
    /// Nothing is written until the columns are measured.
    pub(super) fn new(frame: F, schema: &SchemaRef, screen: Screen, sink: Sink<'a>) -> Self {
        let column = |field: &arrow::datatypes::FieldRef| {
            let title = frame.text(field.name());
            let kind = field.data_type();
            Column {
                width: width(&title),
                title,
                side: if kind.is_numeric() {
                    Side::Right
                } else {
                    Side::Left
                },
                is_elastic: kind.is_string() || kind.is_nested() || kind.is_binary(),
            }
        };
        let columns = schema.fields().iter().map(column).collect();
        Self {
            frame,
            screen,
            sink,
            columns,
            hidden: 0,
            waiting: Vec::new(),
            is_open: false,
            rows: 0,
            has_more: false,
            has_cut: false,
        }
    }

    /// Fixes the widths and writes the head and the rows that waited.
    fn open(&mut self) -> Result<()> {
        for row in &self.waiting {
            for (cell, column) in row.iter().zip(&mut self.columns) {
                column.width = column.width.max(width(shown(cell)));
            }
        }
        if let Some(limit) = self.screen.width {
            self.fit(limit);
        }
        self.is_open = true;
        let head = self.frame.head(&self.columns, self.screen.style);
        self.sink.write_all(head.as_bytes())?;
        for row in std::mem::take(&mut self.waiting) {
            self.put(&row)?;
        }
        Ok(())
    }

    /// Narrows the widest texts, then leaves columns out from the right, until a line fits.
    fn fit(&mut self, limit: usize) {
        while line_width::<F>(&self.columns) > limit && narrow(&mut self.columns) {}
        let marker = || Column {
            title: "…".into(),
            width: 1,
            side: Side::Left,
            is_elastic: true,
        };
        let all = self.columns.len();
        while line_width::<F>(&self.columns) > limit && all - self.hidden > 1 {
            self.hidden += 1;
            self.columns.truncate(all - self.hidden);
            self.columns.push(marker());
        }
        for column in &mut self.columns {
            column.title = cut(&column.title, column.width).into_owned();
        }
    }

    fn put(&mut self, row: &[Cell]) -> Result<()> {
        let style = self.screen.style;
        let is_cut = self.screen.width.is_some();
        let mut cells = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            let is_marker = self.hidden > 0 && place + 1 == self.columns.len();
            let cell = if is_marker { "…" } else { shown(&row[place]) };
            let text = if is_cut {
                cut(cell, column.width)
            } else {
                cell.into()
            };
            self.has_cut |= matches!(text, Cow::Owned(_));
            let text = pad(&text, column.width, column.side);
            let is_null = !is_marker && row[place].is_none();
            cells.push(if is_null { style.dim(&text) } else { text });
        }
        let line = self.frame.row(&cells, style);
        Ok(self.sink.write_all(line.as_bytes())?)
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.has_more {
            remarks.push(format!("only the first {} rows are shown", self.rows));
        }
        if self.hidden > 0 {
            remarks.push(match self.hidden {
                1 => "1 column does not fit and is not shown".to_owned(),
                hidden => format!("{hidden} columns do not fit and are not shown"),
            });
        }
        if self.has_cut {
            remarks.push("long values are cut".to_owned());
        }
        remarks
    }
}

impl<F: Frame> Writer for Grid<'_, F> {
    fn write(&mut self, batch: &RecordBatch) -> Result<Demand> {
        let options = readable();
        let formatters = batch
            .columns()
            .iter()
            .map(|column| {
                Ok((
                    column.logical_nulls(),
                    ArrayFormatter::try_new(column, &options)?,
                ))
            })
            .collect::<Result<Vec<_>, arrow::error::ArrowError>>()
            .map_err(failed)?;
        for row in 0..batch.num_rows() {
            if self.screen.rows == Some(self.rows) {
                self.has_more = true;
                return Ok(Demand::Enough);
            }
            let cells = formatters.iter().map(|(nulls, formatter)| {
                let is_valid = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
                is_valid.then(|| self.frame.text(&formatter.value(row).to_string()))
            });
            let cells: Vec<Cell> = cells.collect();
            self.rows += 1;
            if self.is_open {
                self.put(&cells)?;
            } else {
                self.waiting.push(cells);
                if self.waiting.len() >= MEASURED_ROWS {
                    self.open()?;
                }
            }
        }
        Ok(Demand::More)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<String>> {
        if !self.is_open {
            self.open()?;
        }
        let foot = self.frame.foot(&self.columns, self.screen.style);
        self.sink.write_all(foot.as_bytes())?;
        Ok(self.remarks())
    }
}

/// How values are written for people.
pub(super) fn readable() -> FormatOptions<'static> {
    FormatOptions::new()
        .with_null("NULL")
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
        .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.f%:z"))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S%.f"))
}

/// A text that reads NULL is quoted, so that it differs from the absence of a value.
fn shown(cell: &Cell) -> &str {
    match cell.as_deref() {
        None => "NULL",
        Some("NULL") => "'NULL'",
        Some(text) => text,
    }
}

fn line_width<F: Frame>(columns: &[Column]) -> usize {
    let (cell, line) = F::AROUND;
    columns
        .iter()
        .map(|column| column.width + cell)
        .sum::<usize>()
        + line
}

/// Takes one terminal column from the widest text; false when none can give.
fn narrow(columns: &mut [Column]) -> bool {
    let widest = columns
        .iter_mut()
        .filter(|column| column.is_elastic && column.width > NARROWEST)
        .max_by_key(|column| column.width);
    match widest {
        Some(column) => {
            column.width -= 1;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, StringArray};

    use super::super::Format;
    use super::super::tests::{shown, written};
    use super::*;

    fn touchpoints() -> RecordBatch {
        let names = StringArray::from(vec![Some("Wëb"), None, Some("漢字\u{1b}[2J"), Some("NULL")]);
        let scores = Float64Array::from(vec![Some(12.5), Some(-3.25), None, Some(0.1 + 0.2)]);
        RecordBatch::try_from_iter([
            ("touchpoint", Arc::new(names) as _),
            ("nps", Arc::new(scores) as _),
        ])
        .unwrap()
    }

    fn text(format: Format) -> String {
        String::from_utf8(written(format, &[touchpoints()])).unwrap()
    }

    #[test]
    fn table_is_aligned_as_in_psql() {
        let expected = " touchpoint  |                 nps\n\
                        -------------+---------------------\n \
                        Wëb         |                12.5\n \
                        NULL        |               -3.25\n \
                        漢字\\x1b[2J |                NULL\n \
                        'NULL'      | 0.30000000000000004\n";
        assert_eq!(text(Format::Table), expected);
    }

    #[test]
    fn box_is_closed_and_nothing_breaks_it() {
        insta::assert_snapshot!(text(Format::Box), @r"
        ┌─────────────┬─────────────────────┐
        │ touchpoint  │                 nps │
        ├─────────────┼─────────────────────┤
        │ Wëb         │                12.5 │
        │ NULL        │               -3.25 │
        │ 漢字\x1b[2J │                NULL │
        │ 'NULL'      │ 0.30000000000000004 │
        └─────────────┴─────────────────────┘
        ");
        let box_text = text(Format::Box);
        let widths: Vec<usize> = box_text.lines().map(width).collect();
        assert!(widths.iter().all(|w| *w == widths[0]), "{widths:?}");
    }

    #[test]
    fn markdown_marks_the_side_of_numbers() {
        insta::assert_snapshot!(text(Format::Markdown), @r"
        | touchpoint  |                 nps |
        |-------------|--------------------:|
        | Wëb         |                12.5 |
        | NULL        |               -3.25 |
        | 漢字\x1b[2J |                NULL |
        | 'NULL'      | 0.30000000000000004 |
        ");
    }

    #[test]
    fn a_screen_cuts_rows_and_says_so() {
        let numbers = Int64Array::from_iter_values(0..50);
        let batch = RecordBatch::try_from_iter([("n", Arc::new(numbers) as _)]).unwrap();
        let screen = Screen {
            rows: Some(3),
            ..Screen::default()
        };
        let (bytes, remarks) = shown(Format::Table, std::slice::from_ref(&batch), screen);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            " n \n---\n 0 \n 1 \n 2 \n".replace(" \n", "\n")
        );
        assert_eq!(remarks, ["only the first 3 rows are shown"]);
        let exact = Screen {
            rows: Some(50),
            ..Screen::default()
        };
        assert!(shown(Format::Table, &[batch], exact).1.is_empty());
    }

    #[test]
    fn a_screen_narrows_texts_then_hides_columns() {
        let long = StringArray::from(vec!["x".repeat(200)]);
        let columns = (0..30).map(|n| (format!("c{n}"), Arc::new(long.clone()) as _));
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let screen = Screen {
            width: Some(80),
            ..Screen::default()
        };
        let (bytes, remarks) = shown(Format::Box, &[batch], screen);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        assert_eq!(
            remarks,
            [
                "25 columns do not fit and are not shown",
                "long values are cut"
            ]
        );
    }

    #[test]
    fn rows_after_the_measured_ones_stream_whole() {
        let mut values = vec!["a".to_owned(); MEASURED_ROWS + 5];
        values.push("wider than its column".to_owned());
        let batch =
            RecordBatch::try_from_iter([("v", Arc::new(StringArray::from(values)) as _)]).unwrap();
        let text = String::from_utf8(written(Format::Table, &[batch])).unwrap();
        assert_eq!(text.lines().count(), 2 + MEASURED_ROWS + 6);
        assert_eq!(text.lines().last().unwrap(), " wider than its column");
    }
}
