//! Text where scores or flags belong: blanks are blanks, everything else says what to write.
//!
//! Here because a delimited file whose score column happens to be empty can only be taken for text;
//! a function of it has no answers, which is no error.

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
use datafusion::common::{Result, exec_err};

use crate::functions::columns::BLANK;
use crate::model::flag_of;

/// Letters of a value that an error shows.
const SHOWN: usize = 40;

/// The codes of a text column in the place of scores: all blank, or an error.
pub(crate) fn as_scores(function: &str, label: &str, column: &ArrayRef) -> Result<Vec<u8>> {
    let texts = column.as_string_view();
    let Some(first) = texts.iter().flatten().next() else {
        return Ok(vec![BLANK; texts.len()]);
    };
    match no_number(texts) {
        Some(word) => {
            let word = quoted(word);
            exec_err!(
                "{function}: {label} is text and scores are numbers, which {word} is not; write \
                 try_cast({label} as int), where all that is no number becomes NULL, or name each \
                 blank, as in cast(nullif({label}, {word}) as int)"
            )
        }
        None => exec_err!(
            "{function}: {label} is text and scores are numbers; {} can be one: write \
             cast({label} as int), or try_cast if some are none",
            quoted(first)
        ),
    }
}

/// The codes of a text column in the place of flags: all blank, or an error.
pub(crate) fn as_flags(function: &str, label: &str, column: &ArrayRef) -> Result<Vec<u8>> {
    let texts = column.as_string_view();
    let Some(first) = texts.iter().flatten().next() else {
        return Ok(vec![BLANK; texts.len()]);
    };
    let mut all = texts.iter().flatten();
    let write = match all.clone().find(|text| flag_of(text) == Some(true)) {
        Some(yes) => format!("write {label} = {}", quoted(yes)),
        // Of one word only the other is not known yet.
        None => match all.find(|text| flag_of(text) == Some(false)) {
            Some(no) => format!("write {label} <> {}", quoted(no)),
            None => format!(
                "write {label} = {}, if that is the word for yes",
                quoted(first)
            ),
        },
    };
    exec_err!("{function}: {label} is text and must be true/false or 1/0; {write}")
}

/// The first text that is no number.
fn no_number(texts: &StringViewArray) -> Option<&str> {
    let mut values = texts.iter().flatten();
    values.find(|text| text.trim().parse::<f64>().is_err())
}

/// A text as a literal of SQL, long ones cut.
fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("'{}{dots}'", cut.replace('\'', "''"))
}
