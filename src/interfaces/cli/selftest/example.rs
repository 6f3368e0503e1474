//! A worked example: a statement, the numbers that somebody published for it, and where.

use crate::error::{Error, Result};

/// A worked example of `examples/`.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Example {
    /// What is computed.
    pub(super) method: String,
    /// Where its numbers were published.
    pub(super) source: String,
    /// Columns with their numbers as they were printed.
    pub(super) published: Vec<(String, String)>,
    /// Why a number cannot be reached, where it is known to be off.
    pub(super) remark: Option<String>,
    /// The statement, which gives one row.
    pub(super) sql: String,
}

/// The examples of a text: blocks of `-- key: value` lines, each above a statement.
///
/// # Errors
/// [`Error::Internal`] with the line that is no part of an example.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    let mut example = Example::default();
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |what: &str| Error::Internal(format!("{name}.sql:{number}: {what}"));
        if let Some(comment) = line.strip_prefix("-- ") {
            let (key, value) = comment.split_once(": ").ok_or_else(|| wrong("no key"))?;
            header(&mut example, key, value).map_err(|what| wrong(&what))?;
            continue;
        }
        match line.strip_suffix(';') {
            Some(last) => {
                example.sql.push_str(last);
                if example.method.is_empty() || example.published.is_empty() {
                    return Err(wrong("an example needs method, source and published"));
                }
                examples.push(std::mem::take(&mut example));
            }
            None if line.is_empty() => {}
            None => {
                example.sql.push_str(line);
                example.sql.push('\n');
            }
        }
    }
    match example == Example::default() {
        true => Ok(examples),
        false => Err(Error::Internal(format!(
            "{name}.sql: the last statement has no ;"
        ))),
    }
}

fn header(example: &mut Example, key: &str, value: &str) -> Result<(), String> {
    let text = value.trim().to_owned();
    match key {
        "method" => example.method = text,
        "source" => example.source = text,
        "remark" => example.remark = Some(text),
        "published" => {
            for pair in text.split(", ") {
                let (column, number) =
                    pair.split_once(" = ").ok_or(format!("{pair} is no pair"))?;
                example
                    .published
                    .push((column.to_owned(), number.to_owned()));
            }
        }
        other => return Err(format!("unknown key {other}")),
    }
    Ok(())
}

/// How many of the printed digits a number reaches, and how many were printed.
///
/// All, where it rounds to what was printed; else those before the first that differs, by the relative
/// error. None for a text that is no number.
pub(super) fn digits(printed: &str, found: Option<f64>) -> Option<(u32, u32)> {
    let (mantissa, exponent) = match printed.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
        None => (printed, 0),
    };
    let value: f64 = printed.parse().ok()?;
    let decimals = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
    let figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = figures.trim_start_matches('0').len();
    // Of 0.000 the decimals are what was printed.
    let of = u32::try_from(if significant == 0 {
        decimals.max(1)
    } else {
        significant
    })
    .ok()?;
    let Some(found) = found else {
        return Some((0, of));
    };
    let unit = 10_f64.powi(exponent - i32::try_from(decimals).ok()?);
    let error = (found - value).abs();
    // What lies halfway may be rounded either way, and the last bit of a double is no digit.
    if error <= 0.5 * unit * (1.0 + 1e-6) || error <= f64::EPSILON * value.abs() {
        return Some((of, of));
    }
    let relative = if significant == 0 {
        error
    } else {
        error / value.abs()
    };
    let reached = (-relative.log10())
        .floor()
        .clamp(0.0, f64::from(of.saturating_sub(1)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the printed digits"
    )]
    Some((reached as u32, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_that_were_printed() {
        assert_eq!(digits(".304", Some(0.304_290)), Some((3, 3)));
        assert_eq!(digits(".304", Some(0.306)), Some((2, 3)));
        assert_eq!(digits("-9582.4256", Some(-9_582.425_62)), Some((8, 8)));
        assert_eq!(digits("1.8576", Some(1.857_972)), Some((3, 5)));
        assert_eq!(digits("1.0", Some(1.04)), Some((2, 2)));
        assert_eq!(
            digits("0.429796848199937E-03", Some(0.000_429_796_848_2)),
            Some((12, 15))
        );
        assert_eq!(digits("0.000", Some(0.0004)), Some((3, 3)));
        assert_eq!(digits("0.000", Some(0.02)), Some((1, 3)));
        assert_eq!(digits("12", None), Some((0, 2)));
        assert_eq!(digits("twelve", Some(12.0)), None);
        // Another sign or size is no digit at all.
        assert_eq!(digits("5.0", Some(-5.0)), Some((0, 2)));
    }

    #[test]
    fn a_file_is_blocks_of_keys_above_a_statement() {
        let text = "-- method: A\n-- source: B 1999: page 3\n-- published: x = .5, y = 2\n\
                    -- published: z = 1\nSELECT 1,\n  2;\n\n-- method: C\n-- source: D\n\
                    -- published: x = 1\n-- remark: E\nSELECT 1;\n";
        let examples = read("a", text).unwrap();
        assert_eq!(examples.len(), 2);
        assert_eq!(examples[0].sql, "SELECT 1,\n  2");
        assert_eq!(examples[0].source, "B 1999: page 3");
        assert_eq!(examples[0].published.len(), 3);
        assert_eq!(examples[1].remark.as_deref(), Some("E"));
        for wrong in [
            "-- method: A\nSELECT 1;",
            "-- methods: A\nSELECT 1;",
            "-- method: A\n-- published: x 1\nSELECT 1;",
            "-- method: A\n-- published: x = 1\nSELECT 1",
        ] {
            assert!(read("a", wrong).is_err(), "{wrong}");
        }
    }
}
