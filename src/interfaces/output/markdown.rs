//! A table for Markdown (GitHub's dialect): bars are escaped, line ends become `<br>`.

use super::Style;
use super::grid::{Column, Frame};
use super::text::{Side, escape, pad};

/// `| name | value |`
pub(super) struct Markdown;

impl Frame for Markdown {
    const AROUND: (usize, usize) = (3, 1);

    fn text(&self, text: &str) -> String {
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| escape(line.trim_end_matches('\r')).replace('|', "\\|"))
            .collect();
        lines.join("<br>")
    }

    fn head(&self, columns: &[Column], style: Style) -> String {
        let titles = columns.iter().map(|c| pad(&c.title, c.width, c.side));
        let titles: Vec<String> = titles.collect();
        let rules: Vec<String> = columns.iter().map(rule).collect();
        format!("{}|{}|\n", self.row(&titles, style), rules.join("|"))
    }

    fn row(&self, cells: &[String], _style: Style) -> String {
        format!("| {} |\n", cells.join(" | "))
    }

    fn foot(&self, _columns: &[Column], _style: Style) -> String {
        String::new()
    }
}

fn rule(column: &Column) -> String {
    match column.side {
        Side::Left => "-".repeat(column.width + 2),
        Side::Right => format!("{}:", "-".repeat(column.width + 1)),
    }
}
