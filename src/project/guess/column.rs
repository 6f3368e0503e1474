//! Whether the values of a column can be what its name promises.

use super::{FoundColumn, Moment};
use crate::model::ColumnKind;
use crate::project::draft::DraftSource;

/// Values off a scale that may all mark blanks; more are another scale, or dirt that a person must
/// look at.
const MOST_BLANKS: usize = 8;
/// What a text that is a flag may say; these are what a cast to boolean takes.
const FLAG_WORDS: [&str; 10] = ["yes", "no", "true", "false", "y", "n", "t", "f", "1", "0"];

/// What a flag says in Spanish.
const SPANISH_FLAG: [&str; 5] = ["sí", "si", "s", "no", "n"];

/// How the values of a column become those of a known one.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fit {
    /// As they are.
    Whole,
    /// After a cast.
    Cast,
    /// Computed from the text, with what it is taken for.
    Computed(DraftSource, String),
    /// Where these values mark blanks.
    Without(Vec<String>),
}

/// Whether a column can be a known one; `None` where the values say no, or are too many kinds.
pub(super) fn fit(column: &FoundColumn, wanted: ColumnKind) -> Option<Fit> {
    use ColumnKind::{Date, Flag, Integer, Number, Text, Timestamp};
    let kind = column.kind?;
    match (wanted, kind) {
        (ColumnKind::Rating(low, high), _) => rating(column, f64::from(low), f64::from(high)),
        (Flag, Flag) => Some(Fit::Whole),
        (Flag, Integer) if column.low >= Some(0.0) && column.high <= Some(1.0) => Some(Fit::Whole),
        (Flag, Text) if is_said(column) => Some(Fit::Cast),
        (Flag, Text) => spanish_flag(column),
        (Date, Date) | (Timestamp, Timestamp) => Some(Fit::Whole),
        (Date, Timestamp) | (Timestamp, Date) => Some(Fit::Cast),
        (Date | Timestamp, Text) => match column.moment.as_ref()? {
            Moment::Plain => Some(Fit::Cast),
            Moment::Written(way) => Some(Fit::Computed(way.read(column), way.said())),
            Moment::Either(..) => None,
        },
        (Integer, Integer) | (Number, Integer | Number) => Some(Fit::Whole),
        (Number, Text) if column.has_decimal_comma => Some(decimal_comma(column)),
        (Text, Text) => Some(Fit::Whole),
        (Text, Integer | Number) => Some(Fit::Whole),
        _ => None,
    }
}

/// An answer on a scale: whole numbers on it, and perhaps a few values that mark blanks.
fn rating(column: &FoundColumn, low: f64, high: f64) -> Option<Fit> {
    let is_number = matches!(column.kind, Some(ColumnKind::Integer | ColumnKind::Number));
    let is_text = column.kind == Some(ColumnKind::Text);
    let is_inside = column.low >= Some(low) && column.high <= Some(high);
    if column.kind == Some(ColumnKind::Integer) && is_inside && column.distinct > 0 {
        return Some(Fit::Whole);
    }
    if !(is_number || is_text) || column.values.is_empty() {
        return None;
    }
    let is_on = |text: &&String| {
        let number = text.trim().parse::<f64>();
        number.is_ok_and(|number| number.fract() == 0.0 && number >= low && number <= high)
    };
    let (on, off): (Vec<&String>, Vec<&String>) = column.values.iter().partition(is_on);
    let has_fractions = off.iter().any(|text| {
        let number = text.trim().parse::<f64>();
        number.is_ok_and(|number| number.fract() != 0.0)
    });
    // `5 - Very satisfied` is an answer, and no blank.
    let begins_on = |text: &&&String| {
        let digits: String = text
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let is_whole = digits.len() == text.trim().len();
        !is_whole
            && digits
                .parse::<f64>()
                .is_ok_and(|number| number >= low && number <= high)
    };
    let has_answers = off.iter().any(|text| begins_on(&text));
    if on.len() < 2 || off.len() > MOST_BLANKS || has_fractions || has_answers {
        return None;
    }
    Some(match off.as_slice() {
        [] if is_text => Fit::Cast,
        [] => Fit::Whole,
        off => {
            let mut blanks: Vec<String> = off.iter().map(|text| text.trim().to_owned()).collect();
            blanks.sort();
            blanks.dedup();
            Fit::Without(blanks)
        }
    })
}

/// `1.234,5` as 1234.5.
fn decimal_comma(column: &FoundColumn) -> Fit {
    let name = column.quoted();
    let sql = format!("CAST(replace(replace({name}, '.', ''), ',', '.') AS DOUBLE)");
    let note = "a comma before the decimals".to_owned();
    Fit::Computed(DraftSource::Expression(sql), note)
}

/// `sí` and `no` as true and false.
fn spanish_flag(column: &FoundColumn) -> Option<Fit> {
    let is_word = |text: &String| SPANISH_FLAG.contains(&text.trim().to_lowercase().as_str());
    if column.values.is_empty() || !column.values.iter().all(is_word) {
        return None;
    }
    let name = column.quoted();
    let sql = format!(
        "CASE lower(trim({name})) WHEN 'sí' THEN true WHEN 'si' THEN true WHEN 's' THEN true WHEN \
         'no' THEN false WHEN 'n' THEN false END"
    );
    Some(Fit::Computed(
        DraftSource::Expression(sql),
        "sí is true".to_owned(),
    ))
}

fn is_said(column: &FoundColumn) -> bool {
    let is_word = |text: &String| FLAG_WORDS.contains(&text.to_lowercase().as_str());
    !column.values.is_empty() && column.values.iter().all(is_word)
}
