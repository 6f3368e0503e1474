//! What type a column of text values has: the narrowest that reads every value seen.
//!
//! Stricter than Arrow's own guess where that loses something: `007` is an identifier and not
//! seven, twenty digits are no number, an empty column is text.

use arrow::compute::kernels::cast_utils::{Parser, string_to_datetime};
use arrow::datatypes::{
    DataType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimeUnit, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use chrono::{Datelike, Utc};

/// What the values of a column have been so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    Empty,
    Boolean,
    Integer,
    Float,
    Date,
    Timestamp,
    Nanoseconds,
    Text,
}

impl Guess {
    /// The guess after one more value.
    pub(super) fn after(self, value: &str) -> Self {
        if value.is_empty() || self == Self::Text {
            return self;
        }
        match (self, Self::of(value)) {
            (Self::Empty, new) => new,
            (old, new) if old == new => old,
            (Self::Integer, Self::Float) | (Self::Float, Self::Integer) => Self::Float,
            (Self::Date, new @ (Self::Timestamp | Self::Nanoseconds)) => new,
            (old @ (Self::Timestamp | Self::Nanoseconds), Self::Date) => old,
            (Self::Timestamp, Self::Nanoseconds) | (Self::Nanoseconds, Self::Timestamp) => {
                Self::Nanoseconds
            }
            _ => Self::Text,
        }
    }

    fn of(value: &str) -> Self {
        let bytes = value.as_bytes();
        match bytes[0] {
            b'0'..=b'9' | b'-' | b'.'
                if bytes.len() >= 10 && bytes[4] == b'-' && bytes[0] != b'-' =>
            {
                time(value)
            }
            b'0'..=b'9' | b'-' | b'.' => number(bytes),
            b't' | b'T' | b'f' | b'F' if is_boolean(value) => Self::Boolean,
            _ => Self::Text,
        }
    }

    /// The type to read the column with; `Null` when no value was seen.
    pub(super) fn data_type(self) -> DataType {
        match self {
            Self::Empty => DataType::Null,
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Nanoseconds => DataType::Timestamp(TimeUnit::Nanosecond, None),
            Self::Text => DataType::Utf8,
        }
    }
}

fn is_boolean(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

/// Digits with at most one point and exponent; no padding, no sign but minus.
fn number(bytes: &[u8]) -> Guess {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if whole > 1 && digits[0] == b'0' {
        return Guess::Text;
    }
    if whole == digits.len() {
        return match whole {
            0 => Guess::Text,
            1..=18 => Guess::Integer,
            _ if std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<i64>().is_ok()) => {
                Guess::Integer
            }
            _ => Guess::Text,
        };
    }
    let fraction = digits[whole..].strip_prefix(b".");
    let rest = fraction.unwrap_or(&digits[whole..]);
    let decimals = match fraction {
        Some(rest) => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        None => 0,
    };
    let has_digit = whole + decimals > 0;
    match &rest[decimals..] {
        [] if has_digit => Guess::Float,
        [b'e' | b'E', exponent @ ..] if has_digit && is_exponent(exponent) => Guess::Float,
        _ => Guess::Text,
    }
}

fn is_exponent(bytes: &[u8]) -> bool {
    let digits = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    !digits.is_empty() && digits.len() <= 3 && digits.iter().all(u8::is_ascii_digit)
}

fn time(value: &str) -> Guess {
    if value.len() == 10 {
        let date = Date32Type::parse(value).is_some();
        return if date { Guess::Date } else { Guess::Text };
    }
    let Ok(instant) = string_to_datetime(&Utc, value) else {
        return Guess::Text;
    };
    let fine = value
        .split_once('.')
        .is_some_and(|(_, tail)| tail.bytes().take_while(u8::is_ascii_digit).count() > 6);
    match fine {
        true if (1678..=2261).contains(&instant.year()) => Guess::Nanoseconds,
        true => Guess::Text,
        false => Guess::Timestamp,
    }
}

/// Whether the reader can read a value as this type; empty values are NULL.
pub(super) fn reads_as(value: &str, data_type: &DataType) -> bool {
    value.is_empty()
        || match data_type {
            DataType::Boolean => is_boolean(value),
            DataType::Int8 => Int8Type::parse(value).is_some(),
            DataType::Int16 => Int16Type::parse(value).is_some(),
            DataType::Int32 => Int32Type::parse(value).is_some(),
            DataType::Int64 => Int64Type::parse(value).is_some(),
            DataType::UInt8 => UInt8Type::parse(value).is_some(),
            DataType::UInt16 => UInt16Type::parse(value).is_some(),
            DataType::UInt32 => UInt32Type::parse(value).is_some(),
            DataType::UInt64 => UInt64Type::parse(value).is_some(),
            DataType::Float32 => Float32Type::parse(value).is_some(),
            DataType::Float64 => Float64Type::parse(value).is_some(),
            DataType::Date32 => Date32Type::parse(value).is_some(),
            DataType::Timestamp(_, _) => string_to_datetime(&Utc, value).is_ok(),
            DataType::Decimal128(_, _) | DataType::Decimal256(_, _) => {
                Float64Type::parse(value).is_some()
            }
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(values: &[&str]) -> Guess {
        values
            .iter()
            .fold(Guess::Empty, |guess, value| guess.after(value))
    }

    #[test]
    fn a_column_is_the_narrowest_type_that_reads_every_value() {
        for (values, expected) in [
            (vec!["", ""], Guess::Empty),
            (vec!["1", "", "-7", "0"], Guess::Integer),
            (vec!["1", "18.5"], Guess::Float),
            (vec![".5", "1.", "-0.5", "1e5", "1.5E-3"], Guess::Float),
            (vec!["007"], Guess::Text),
            (vec!["1", "007"], Guess::Text),
            (vec!["00.5"], Guess::Text),
            (vec!["9223372036854775807"], Guess::Integer),
            (vec!["12345678901234567890"], Guess::Text),
            (vec!["+5"], Guess::Text),
            (vec![" 5"], Guess::Text),
            (vec!["-"], Guess::Text),
            (vec!["."], Guess::Text),
            (vec!["1e"], Guess::Text),
            (vec!["1.2.3"], Guess::Text),
            (vec!["true", "FALSE"], Guess::Boolean),
            (vec!["true", "1"], Guess::Text),
            (vec!["2024-02-29"], Guess::Date),
            (vec!["2023-02-29"], Guess::Text),
            (vec!["2024-01-01", "2024-01-01 10:00:00"], Guess::Timestamp),
            (vec!["2024-01-01T10:00:00Z"], Guess::Timestamp),
            (vec!["2024-01-01T10:00:00.123456789"], Guess::Nanoseconds),
            (vec!["31/12/2024"], Guess::Text),
            (vec!["1234-5678-9012"], Guess::Text),
            (vec!["5", "n/a"], Guess::Text),
        ] {
            assert_eq!(guess(&values), expected, "{values:?}");
        }
    }

    #[test]
    fn what_is_guessed_is_what_the_reader_reads() {
        for value in [
            "1",
            "-7",
            ".5",
            "1.",
            "-.5",
            "1e5",
            "1.5E-3",
            "-0.5",
            "9223372036854775807",
            "true",
            "2024-02-29",
            "2024-01-01 10:00",
            "2024-01-01 10:00:00",
            "2024-01-01T10:00:00.5+02:00",
            "9999-12-31",
            "9999-12-31 00:00:00",
        ] {
            let data_type = Guess::Empty.after(value).data_type();
            assert!(reads_as(value, &data_type), "{value} as {data_type}");
        }
    }
}
