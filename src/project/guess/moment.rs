//! Days and times that are written another way than `2026-01-31`: which way, and whether the values
//! say so without doubt.

use super::super::draft::DraftSource;
use super::FoundColumn;

/// How the texts of a column tell days or moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// As a cast takes them: `2026-01-31`, `2026-01-31T10:00:00`.
    Plain,
    /// In this order.
    Written(Way),
    /// In one of two orders: no day of all is past 12.
    Either(Way, Way),
}

/// A way to write a day, perhaps with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    order: [Part; 3],
    separator: char,
    has_long_year: bool,
    time: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
}

const DAY_FIRST: [Part; 3] = [Part::Day, Part::Month, Part::Year];
const MONTH_FIRST: [Part; 3] = [Part::Month, Part::Day, Part::Year];
const YEAR_FIRST: [Part; 3] = [Part::Year, Part::Month, Part::Day];

impl Way {
    /// The ways in which a value may be written; none if it is no day.
    #[must_use]
    pub fn of(value: &str) -> Vec<Self> {
        let (day, time) = value.split_once(' ').unwrap_or((value, ""));
        let Some(time) = time_of(time) else {
            return Vec::new();
        };
        let is_separator = |letter: char| matches!(letter, '/' | '-' | '.');
        let Some(separator) = day.chars().find(|letter| is_separator(*letter)) else {
            return Vec::new();
        };
        let parts: Vec<&str> = day.split(separator).collect();
        let is_number = |part: &&str| part.chars().all(|letter| letter.is_ascii_digit());
        if !parts.iter().all(is_number) {
            return Vec::new();
        }
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let (orders, has_long_year): (&[_], _) = match lengths.as_slice() {
            [4, 1..=2, 1..=2] => (&[YEAR_FIRST], true),
            [1..=2, 1..=2, year @ (2 | 4)] => (&[DAY_FIRST, MONTH_FIRST], *year == 4),
            _ => return Vec::new(),
        };
        let way = |order: &[Part; 3]| Self {
            order: *order,
            separator,
            has_long_year,
            time,
        };
        orders.iter().map(way).collect()
    }

    /// The pattern that all values fit which are written so.
    #[must_use]
    pub fn pattern(&self) -> String {
        let part = |part: &Part| match part {
            Part::Day => "(0?[1-9]|[12][0-9]|3[01])",
            Part::Month => "(0?[1-9]|1[0-2])",
            Part::Year if self.has_long_year => "[0-9]{4}",
            Part::Year => "[0-9]{2}",
        };
        let time = match self.time {
            "" => "",
            " %H:%M" => " ([01]?[0-9]|2[0-3]):[0-5][0-9]",
            _ => " ([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
        };
        let parts = self.order.iter().map(part).collect::<Vec<_>>();
        let separator = format!("[{}]", self.separator);
        format!("^{}{time}$", parts.join(&separator))
    }

    /// The format in the words of `to_date`.
    fn format(&self) -> String {
        let part = |part: &Part| match part {
            Part::Day => "%d",
            Part::Month => "%m",
            Part::Year if self.has_long_year => "%Y",
            Part::Year => "%y",
        };
        let parts = self.order.iter().map(part).collect::<Vec<_>>();
        let separator = self.separator.to_string();
        format!("{}{}", parts.join(&separator), self.time)
    }

    /// A column of such texts as days or moments.
    pub(super) fn read(&self, column: &FoundColumn) -> DraftSource {
        let name = column.quoted();
        let function = match self.time {
            "" => "to_date",
            _ => "to_timestamp",
        };
        DraftSource::Expression(format!("{function}({name}, '{}')", self.format()))
    }

    /// `day/month/year`
    pub(super) fn said(&self) -> String {
        let part = |part: &Part| match part {
            Part::Day => "day",
            Part::Month => "month",
            Part::Year => "year",
        };
        let parts = self.order.iter().map(part).collect::<Vec<_>>();
        parts.join(&self.separator.to_string())
    }
}

/// The format of a time behind a day.
fn time_of(time: &str) -> Option<&'static str> {
    let parts: Vec<&str> = time.split(':').collect();
    let is_number = |part: &&str| {
        (1..=2).contains(&part.len()) && part.chars().all(|letter| letter.is_ascii_digit())
    };
    match parts.len() {
        1 if time.is_empty() => Some(""),
        2 if parts.iter().all(is_number) => Some(" %H:%M"),
        3 if parts.iter().all(is_number) => Some(" %H:%M:%S"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(value: &str) -> Vec<String> {
        Way::of(value).iter().map(Way::format).collect()
    }

    #[test]
    fn the_ways_to_write_a_day() {
        assert_eq!(formats("31/01/2026"), ["%d/%m/%Y", "%m/%d/%Y"]);
        assert_eq!(formats("1.2.26 9:05"), ["%d.%m.%y %H:%M", "%m.%d.%y %H:%M"]);
        assert_eq!(formats("2026/01/31 10:00:59"), ["%Y/%m/%d %H:%M:%S"]);
        for other in [
            "",
            "1/2",
            "a/b/2026",
            "1/2/3",
            "1/2/2026 noon",
            "12345",
            "1/2/2026 1:2:3:4",
        ] {
            assert!(Way::of(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn a_pattern_has_days_and_months_that_exist() {
        let ways = Way::of("01/02/2026");
        assert_eq!(
            ways[0].pattern(),
            "^(0?[1-9]|[12][0-9]|3[01])[/](0?[1-9]|1[0-2])[/][0-9]{4}$"
        );
        assert_eq!(ways[1].said(), "month/day/year");
        let expression = DraftSource::Expression("to_date(\"a\"\"b\", '%d/%m/%Y')".into());
        let column = FoundColumn {
            name: "a\"b".into(),
            ..FoundColumn::default()
        };
        assert_eq!(ways[0].read(&column), expression);
    }
}
