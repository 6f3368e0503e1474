//! Texts of the planner and of kernels in other words, where their own do not tell what to do.

use crate::error::nearest;

/// Types as SQL writes them.
const TYPES: [&str; 17] = [
    "integer",
    "int",
    "bigint",
    "smallint",
    "tinyint",
    "double",
    "float",
    "real",
    "decimal",
    "numeric",
    "varchar",
    "text",
    "string",
    "boolean",
    "date",
    "timestamp",
    "interval",
];
/// What a date has.
const PARTS: [&str; 14] = [
    "year",
    "isoyear",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "dow",
    "doy",
    "epoch",
];

/// A built-in function that does not take these types, without DataFusion's plea for a report.
pub(super) fn no_signature(text: &str) -> String {
    let function = text.split('\'').nth(1).unwrap_or("the function");
    let received = text.split("but received ").nth(1);
    let received = received.and_then(|rest| rest.split(" (").next());
    let received =
        received.filter(|received| !received.contains([':', '\'']) && !received.is_empty());
    format!(
        "{function} does not take {}; cast the argument, as in CAST(column AS DOUBLE) or VARCHAR; \
         `latido functions {function}` says what it takes",
        received.unwrap_or("these arguments")
    )
}

/// What the planner says, in other words where its own do not tell what to do.
pub(super) fn in_other_words(text: String) -> String {
    let said = ungrouped(&text)
        .or_else(|| named_twice(&text))
        .or_else(|| out_of_bounds(&text))
        .or_else(|| without_common_type(&text))
        .or_else(|| arithmetic_of_texts(&text))
        .or_else(|| moment_and_number(&text))
        .or_else(|| arithmetic_of_intervals(&text))
        .or_else(|| in_where(&text))
        .or_else(|| no_window(&text));
    said.unwrap_or(text)
}

/// What a kernel says of a value, with what may help.
pub(super) fn with_remedy(text: String) -> String {
    let said = beyond_nanoseconds(&text)
        .or_else(|| beyond_64_bits(&text))
        .or_else(|| no_number(&text))
        .or_else(|| no_moment(&text))
        .or_else(|| no_part(&text))
        .or_else(|| no_interval(&text));
    said.unwrap_or(text)
}

/// What is not there, with what may have been meant.
pub(super) fn unsupported(text: &str) -> String {
    if text == "TOP" {
        return "TOP is not supported; write LIMIT at the end: … LIMIT 5".into();
    }
    let no_type = text.strip_prefix("Unsupported SQL type ").map(|name| {
        let hint = nearest(name, TYPES).map(|meant| format!("; did you mean {meant}?"));
        format!("no type {name}{}", hint.unwrap_or_default())
    });
    no_type.unwrap_or_else(|| format!("not supported: {text}"))
}

/// Two columns of one name.
fn named_twice(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("require unique expression names but the expression \"")?;
    let (written, _) = rest.split_once("\" at position")?;
    let (_, name) = written.rsplit_once(" AS ").unwrap_or(("", written));
    Some(format!(
        "two columns are called {name}; give one of them another name with AS"
    ))
}

/// `ORDER BY 3` and `GROUP BY 3` of fewer columns.
fn out_of_bounds(text: &str) -> Option<String> {
    let numbers = |rest: &str| {
        let numbers = rest.split(|letter: char| !letter.is_ascii_digit());
        let mut numbers = numbers.filter(|number| !number.is_empty());
        Some((numbers.next()?.to_owned(), numbers.next_back()?.to_owned()))
    };
    let (clause, (asked, most)) =
        if let Some(rest) = text.strip_prefix("Order by column out of bounds") {
            ("ORDER BY", numbers(rest)?)
        } else {
            let rest = text.strip_prefix("Cannot find column with position")?;
            ("GROUP BY", numbers(rest)?)
        };
    Some(format!(
        "{clause} {asked}: the SELECT has columns 1 to {most}; write a number of these, or a name"
    ))
}

/// An operator between types that do not meet.
fn without_common_type(text: &str) -> Option<String> {
    let rest = text.strip_prefix("There isn't a common type to coerce ")?;
    let (one, rest) = rest.split_once(" and ")?;
    let (other, rest) = rest.split_once(" in ")?;
    let operator = rest.strip_suffix(" expression")?;
    Some(format!(
        "{operator} takes two texts, not {one} and {other}; write CAST(column AS VARCHAR) {operator} …"
    ))
}

/// A column beside aggregates that is not grouped by, without the wildcard that DataFusion speaks
/// of even where there is none.
fn ungrouped(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("must be in GROUP BY or an aggregate function")?;
    let (_, rest) = rest.split_once("column \"")?;
    let (column, _) = rest.split_once('"')?;
    Some(format!(
        "column {column} must stand in GROUP BY or inside an aggregate; any_value({column}) takes \
         one of each group"
    ))
}

/// `nps + touchpoint`.
fn arithmetic_of_texts(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Cannot coerce arithmetic expression ")?;
    let operation = rest.strip_suffix(" to valid types")?;
    if ["Timestamp", "Date32", "Interval", "Duration"]
        .iter()
        .any(|kind| operation.contains(kind))
    {
        return Some(format!(
            "no {operation}; days are added as INTERVAL '7 days', and a day is written DATE \
             '2026-01-31'"
        ));
    }
    Some(format!(
        "no {operation}; make numbers of texts with CAST(column AS DOUBLE), or join texts with ||"
    ))
}

/// `responded_at > 2024-01-01`, which is 2024 − 1 − 1.
fn moment_and_number(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Cannot infer common argument type for comparison operation ")?;
    let is_moment = rest.contains("Timestamp") || rest.contains("Date32");
    is_moment.then(|| {
        format!("a moment is compared with a number ({rest}); a day stands in single quotes: '2026-01-31'")
    })
}

/// `INTERVAL '1 day' * 3`.
fn arithmetic_of_intervals(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Cannot get result type for temporal operation ")?;
    let (operation, _) = rest.split_once(": ").unwrap_or((rest, ""));
    Some(format!(
        "no {operation}; write the interval as a whole, as in INTERVAL '3 days', or days added to a \
         DATE: CAST(column AS INT) + 3"
    ))
}

/// An aggregate in WHERE.
fn in_where(text: &str) -> Option<String> {
    text.starts_with("Aggregate functions are not allowed in the WHERE")
        .then(|| {
            "an aggregate cannot stand in WHERE, which sees rows; write HAVING after GROUP BY"
                .into()
        })
}

/// `OVER w` without `WINDOW w AS (…)`.
fn no_window(text: &str) -> Option<String> {
    let name = text
        .strip_prefix("The window ")?
        .strip_suffix(" is not defined!")?;
    Some(format!(
        "no window {name}; write WINDOW {name} AS (PARTITION BY …) after HAVING, or OVER (…)"
    ))
}

/// An unsigned number where a signed one is computed with.
fn beyond_64_bits(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("Can't cast value ")?;
    let value = rest.strip_suffix(" to type Int64")?;
    Some(format!(
        "{value} does not fit into 64 bits with a sign; compute with CAST(column AS DECIMAL(20, 0))"
    ))
}

/// A day such as 9999-12-31 where a timestamp in nanoseconds is computed.
fn beyond_nanoseconds(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("Cannot cast Date32 value ")?;
    let (days, rest) = rest.split_once(" to Timestamp(")?;
    let days = days
        .parse::<i64>()
        .ok()
        .filter(|_| rest.contains("exceeds"))?;
    let day = chrono::DateTime::from_timestamp(days * 86_400, 0)?.date_naive();
    Some(format!(
        "{day} lies beyond timestamps in nanoseconds (1677 to 2262); if it marks a blank write \
         nullif(column, DATE '{day}'), else period_start(column, 'month') or a cast of the other \
         side to DATE"
    ))
}

/// A text that is no number is the commonest fault of a cast; with a comma for a point it may be one.
fn no_number(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Cannot cast string ")?;
    let value = rest.split(" to value of ").next()?;
    let bare = value.trim_matches('\'');
    let with_point = bare.replace('.', "").replace(',', ".");
    if bare.contains(',') && with_point.parse::<f64>().is_ok() {
        return Some(format!(
            "{text}; if its comma is a decimal one write CAST(replace(replace(column, '.', ''), ',', \
             '.') AS DOUBLE)"
        ));
    }
    let is_day = rest.contains("Date") && bare.contains(['/', '.', '-']);
    if is_day {
        return Some(format!("{text}; {}", other_days(bare)));
    }
    Some(format!(
        "{text}; write nullif(column, {value}) inside the cast if it marks a blank, or try_cast, \
         which gives NULL for all that does not fit"
    ))
}

/// A text that is no day or moment.
fn no_moment(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Error parsing timestamp from '")?;
    let (value, _) = rest.split_once('\'')?;
    Some(format!(
        "'{value}' is no moment, such as '2026-01-31 10:00'; {}",
        other_days(value)
    ))
}

fn other_days(value: &str) -> String {
    match value.contains('/') {
        true => "days as 31/01/2026 are read by to_date(column, '%d/%m/%Y')".into(),
        false => {
            "write a day as 2026-01-31, or current_date - 1; try_cast gives NULL for all that \
                  is none"
                .into()
        }
    }
}

/// `extract(yeer from …)`.
fn no_part(text: &str) -> Option<String> {
    let name = text
        .strip_prefix("Date part '")?
        .strip_suffix("' not supported")?;
    let hint = nearest(name, PARTS).map(|meant| format!("; did you mean {meant}?"));
    let hint = hint.unwrap_or_else(|| format!("; there are {}", PARTS.join(", ")));
    Some(format!("a date has no part {name}{hint}"))
}

/// `interval '1 mnth'`.
fn no_interval(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Invalid input syntax for type interval: \"")?;
    let value = rest.strip_suffix('"')?;
    let word = value.rsplit(' ').next().unwrap_or_default();
    let hint = nearest(word, PARTS).map(|meant| format!("; did you mean {meant}?"));
    let hint = hint.unwrap_or_else(|| "; write a number and a unit, such as '3 months'".into());
    Some(format!("'{value}' is no interval{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_does_not_fit_gets_the_remedy_of_its_kind() {
        let said = |value: &str, kind: &str| {
            with_remedy(format!(
                "Cannot cast string '{value}' to value of {kind} type"
            ))
        };
        assert!(said("1.234,5", "Float64").contains("if its comma is a decimal one"));
        assert!(said("n/a", "Float64").contains("nullif(column, 'n/a')"));
        assert!(said("31/01/2026", "Date32").contains("to_date(column, '%d/%m/%Y')"));
        let moment = "Error parsing timestamp from 'yesterday': timestamp must contain at least 10";
        assert!(with_remedy(moment.into()).starts_with("'yesterday' is no moment"));
        assert_eq!(
            with_remedy("Date part 'yeer' not supported".into()),
            "a date has no part yeer; did you mean year?"
        );
        assert_eq!(
            with_remedy("Invalid input syntax for type interval: \"1 mnth\"".into()),
            "'1 mnth' is no interval; did you mean month?"
        );
        assert_eq!(with_remedy("disk full".into()), "disk full");
    }

    #[test]
    fn days_beyond_nanoseconds_are_named() {
        let text = "Cannot cast Date32 value 2932896 to Timestamp(ns): converted value exceeds x";
        assert!(with_remedy(text.into()).starts_with("9999-12-31 lies beyond timestamps"));
    }

    #[test]
    fn types_that_are_none_are_compared_with_those_there_are() {
        assert_eq!(
            unsupported("Unsupported SQL type integr"),
            "no type integr; did you mean integer?"
        );
        assert_eq!(unsupported("PIVOT"), "not supported: PIVOT");
    }
}
