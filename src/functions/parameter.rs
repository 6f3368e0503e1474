//! The parameters of latido's functions: their names, kinds and order.
//!
//! One list serves three readers: type coercion when a call is planned, the pass over the
//! statement that fills skipped arguments, and the documentation.

use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A column of scores: any integer type, or floats and decimals with whole values.
    Score,
    /// A column of real values: any number.
    Value,
    /// A column of flags: Boolean or 0/1.
    Flag,
    /// A column of text: Utf8, `LargeUtf8`, `Utf8View` or a dictionary of them.
    Text,
    /// A column of score counts, as `score_counts` returns them.
    Counts,
    /// A column of summaries, as the `_summary` functions return them.
    Record,
    /// A column of timestamps or dates.
    Moment,
    /// A column of lists of numbers.
    Numbers,
    /// A constant number.
    Number,
    /// A constant whole number.
    Integer,
    /// A constant word.
    Word,
}

impl Kind {
    /// Whether the argument is a literal rather than a column.
    #[must_use]
    pub fn is_constant(self) -> bool {
        matches!(self, Self::Number | Self::Integer | Self::Word)
    }
}

/// One parameter of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// The name that `name => value` uses.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out (then it is NULL, which means its default).
    pub optional: bool,
}

/// A parameter that must be given.
pub(crate) const fn required(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        optional: false,
    }
}

/// A parameter that may be left out.
pub(crate) const fn optional(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        optional: true,
    }
}

/// The types that the arguments of a call are cast to before the function sees them.
///
/// # Errors
/// A wrong number of arguments, or a type that the parameter cannot take.
pub(crate) fn coerce(
    function: &str,
    parameters: &[Parameter],
    types: &[DataType],
) -> Result<Vec<DataType>> {
    let needed = parameters.iter().filter(|p| !p.optional).count();
    if types.len() < needed || types.len() > parameters.len() {
        return plan_err!(
            "{function}: {} given, but it is called as {}",
            plural(types.len(), "argument"),
            syntax(function, parameters)
        );
    }
    parameters
        .iter()
        .zip(types)
        .map(|(parameter, given)| target(function, parameter, given))
        .collect()
}

fn target(function: &str, parameter: &Parameter, given: &DataType) -> Result<DataType> {
    let fits = match parameter.kind {
        _ if given.is_null() && parameter.optional && !parameter.kind.is_constant() => {
            Some(DataType::Null)
        }
        // Whether a text holds anything at all is only seen in its rows.
        Kind::Score | Kind::Flag if is_text(given) => Some(DataType::Utf8View),
        Kind::Score => score_type(given),
        Kind::Value | Kind::Number => number_type(given),
        Kind::Flag => flag_type(given),
        Kind::Text => text_type(given, DataType::Utf8View),
        Kind::Word => text_type(given, DataType::Utf8),
        Kind::Integer => (given.is_integer() || given.is_null()).then_some(DataType::Int64),
        Kind::Counts => counts_type(given),
        Kind::Record => {
            matches!(given, DataType::Struct(_) | DataType::Null).then(|| given.clone())
        }
        Kind::Moment => moment_type(given),
        Kind::Numbers => numbers_type(given),
    };
    match fits {
        Some(fits) => Ok(fits),
        None => plan_err!("{function}: {}", mismatch(parameter, given)),
    }
}

fn mismatch(parameter: &Parameter, given: &DataType) -> String {
    let name = parameter.name;
    let is_text = is_text(given);
    match parameter.kind {
        Kind::Value if is_text => {
            format!("{name} is text ({given}) and must be a number; write cast({name} as double)")
        }
        Kind::Score => format!("{name} is {given} and scores are whole numbers"),
        Kind::Flag => format!("{name} is {given} and must be true/false or 1/0"),
        Kind::Text => format!("{name} is {given} and must be text; write cast({name} as text)"),
        Kind::Counts => {
            format!("{name} is {given} and must be a list, as score_counts returns it")
        }
        Kind::Record => {
            format!("{name} is {given} and must be the result of a _summary function")
        }
        Kind::Numbers => format!("{name} is {given} and must be a list of numbers"),
        Kind::Moment => format!(
            "{name} is {given} and must be a timestamp or a date; write cast({name} as timestamp)"
        ),
        Kind::Integer | Kind::Number if is_text => {
            format!("{name} is text and must be a number, without quotes")
        }
        Kind::Integer => format!("{name} is {given} and must be a whole number"),
        Kind::Word => format!("{name} is {given} and must be a word in single quotes"),
        Kind::Value | Kind::Number => format!("{name} is {given} and must be a number"),
    }
}

fn score_type(given: &DataType) -> Option<DataType> {
    match given {
        DataType::Null => Some(DataType::Int64),
        DataType::Float16 => Some(DataType::Float64),
        DataType::Decimal32(p, s) | DataType::Decimal64(p, s) => Some(DataType::Decimal128(*p, *s)),
        DataType::Decimal256(_, s) => Some(DataType::Decimal128(38, *s)),
        DataType::Decimal128(_, _) => Some(given.clone()),
        _ if given.is_integer() || given.is_floating() => Some(given.clone()),
        _ => None,
    }
}

fn number_type(given: &DataType) -> Option<DataType> {
    (given.is_numeric() || given.is_null()).then_some(DataType::Float64)
}

fn flag_type(given: &DataType) -> Option<DataType> {
    match given {
        DataType::Boolean => Some(DataType::Boolean),
        DataType::Null => Some(DataType::Boolean),
        _ => score_type(given),
    }
}

fn is_text(given: &DataType) -> bool {
    match given {
        DataType::Dictionary(_, values) => is_text(values),
        _ => given.is_string(),
    }
}

fn text_type(given: &DataType, target: DataType) -> Option<DataType> {
    (is_text(given) || given.is_null()).then_some(target)
}

fn moment_type(given: &DataType) -> Option<DataType> {
    match given {
        DataType::Date32 | DataType::Timestamp(..) => Some(given.clone()),
        DataType::Date64 | DataType::Null => Some(DataType::Date32),
        _ => None,
    }
}

fn numbers_type(given: &DataType) -> Option<DataType> {
    let is_list = match given {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            item.data_type().is_numeric() || item.data_type().is_null()
        }
        _ => given.is_null(),
    };
    is_list.then(|| DataType::new_list(DataType::Float64, true))
}

fn counts_type(given: &DataType) -> Option<DataType> {
    match given {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _)
            if item.data_type().is_integer() || item.data_type().is_null() =>
        {
            Some(DataType::new_list(DataType::UInt64, true))
        }
        DataType::Null => Some(DataType::new_list(DataType::UInt64, true)),
        _ => None,
    }
}

/// How a function is called: `nps(score [, weight])`.
#[must_use]
pub fn syntax(function: &str, parameters: &[Parameter]) -> String {
    let mut text = format!("{function}(");
    for (place, parameter) in parameters.iter().enumerate() {
        let comma = if place > 0 { ", " } else { "" };
        if parameter.optional {
            text.push_str(&format!(
                "{}[{comma}{}]",
                if place > 0 { " " } else { "" },
                parameter.name
            ));
        } else {
            text.push_str(&format!("{comma}{}", parameter.name));
        }
    }
    text + ")"
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}
