//! A frame of lines, as DuckDB writes it.

use super::Style;
use super::grid::{Column, Frame};
use super::text::pad;

/// `│ name │ value │`
pub(super) struct Boxed;

impl Frame for Boxed {
    const AROUND: (usize, usize) = (3, 1);

    fn head(&self, columns: &[Column], style: Style) -> String {
        let titles = columns
            .iter()
            .map(|c| style.bold(&pad(&c.title, c.width, c.side)));
        let titles: Vec<String> = titles.collect();
        let above = rule(columns, ['┌', '┬', '┐']);
        let below = rule(columns, ['├', '┼', '┤']);
        format!("{above}{}{below}", self.row(&titles, style))
    }

    fn row(&self, cells: &[String], _style: Style) -> String {
        format!("│ {} │\n", cells.join(" │ "))
    }

    fn foot(&self, columns: &[Column], _style: Style) -> String {
        rule(columns, ['└', '┴', '┘'])
    }
}

fn rule(columns: &[Column], [left, cross, right]: [char; 3]) -> String {
    let parts: Vec<String> = columns.iter().map(|c| "─".repeat(c.width + 2)).collect();
    format!("{left}{}{right}\n", parts.join(&cross.to_string()))
}
