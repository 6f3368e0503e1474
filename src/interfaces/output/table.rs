//! Aligned columns under a line, as psql writes them.

use super::Style;
use super::grid::{Column, Frame};
use super::text::pad;

/// ` name | value `
pub(super) struct Table;

impl Frame for Table {
    const AROUND: (usize, usize) = (3, 0);

    fn head(&self, columns: &[Column], style: Style) -> String {
        let titles = columns
            .iter()
            .map(|c| style.bold(&pad(&c.title, c.width, c.side)));
        let rules: Vec<String> = columns.iter().map(|c| "-".repeat(c.width + 2)).collect();
        let titles: Vec<String> = titles.collect();
        format!("{}{}\n", line(&titles), rules.join("+"))
    }

    fn row(&self, cells: &[String], _style: Style) -> String {
        line(cells)
    }

    fn foot(&self, _columns: &[Column], _style: Style) -> String {
        String::new()
    }
}

fn line(cells: &[String]) -> String {
    format!("{}\n", format!(" {}", cells.join(" | ")).trim_end())
}
