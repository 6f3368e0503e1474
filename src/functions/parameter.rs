//! The parameters of latido's functions: their names, kinds and order.
//!
//! One list serves three readers: type coercion when a call is planned, the pass over the
//! statement that fills skipped arguments, and the documentation.

use arrow::datatypes::{DataType, IntervalUnit};
use datafusion::common::{Result, internal_err, plan_err};

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A column of scores: any integer type, or floats and decimals with whole values.
    Score,
    /// A column of real values: any number.
    Value,
    /// A column of any measure: any number, and Boolean as 1 and 0.
    Measure,
    /// The same of which the levels are counted: whole numbers and Boolean are taken as they lie.
    Level,
    /// A column that names groups: text, whole numbers, decimals, times or Boolean.
    Name,
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
    /// A column of timestamps, dates or whole numbers.
    Instant,
    /// A constant INTERVAL or whole number.
    Span,
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
        matches!(self, Self::Number | Self::Integer | Self::Word | Self::Span)
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
    /// Whether any number of arguments like it may follow; only the last of a function's parameters.
    pub repeated: bool,
}

/// The parameter of an argument by its place.
#[must_use]
pub fn parameter_at(parameters: &'static [Parameter], place: usize) -> Option<&'static Parameter> {
    let last = parameters.last().filter(|last| last.repeated);
    parameters.get(place).or(last)
}

/// The name of an argument by its place: x1, x2, x3 where x1 may be repeated.
#[must_use]
pub fn argument_name(parameters: &'static [Parameter], place: usize) -> String {
    let Some(parameter) = parameter_at(parameters, place) else {
        return "argument".to_owned();
    };
    let more = (place + 1).saturating_sub(parameters.len());
    let stem = parameter
        .name
        .trim_end_matches(|c: char| c.is_ascii_digit());
    match parameter.name[stem.len()..].parse::<usize>() {
        Ok(first) if more > 0 => format!("{stem}{}", first + more),
        _ => parameter.name.to_owned(),
    }
}

/// A parameter that must be given.
pub(crate) const fn required(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        optional: false,
        repeated: false,
    }
}

/// A parameter that may be left out.
pub(crate) const fn optional(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        optional: true,
        repeated: false,
    }
}

/// A parameter that must be given, and that any number of others like it may follow.
pub(crate) const fn repeated(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        optional: false,
        repeated: true,
    }
}

/// The types that the arguments of a call are cast to before the function sees them.
///
/// # Errors
/// A wrong number of arguments, or a type that the parameter cannot take.
pub(crate) fn coerce(
    function: &str,
    parameters: &'static [Parameter],
    types: &[DataType],
) -> Result<Vec<DataType>> {
    let needed = parameters.iter().filter(|p| !p.optional).count();
    let is_open = parameters.last().is_some_and(|last| last.repeated);
    if types.len() < needed || (types.len() > parameters.len() && !is_open) {
        return plan_err!(
            "{function}: {} given, but it is called as {}",
            plural(types.len(), "argument"),
            syntax(function, parameters)
        );
    }
    let known = |(place, given): (usize, &DataType)| match parameter_at(parameters, place) {
        Some(parameter) => target(
            function,
            parameter,
            &argument_name(parameters, place),
            given,
        ),
        None => internal_err!("{function}: an argument without a parameter"),
    };
    types.iter().enumerate().map(known).collect()
}

fn target(function: &str, parameter: &Parameter, name: &str, given: &DataType) -> Result<DataType> {
    let fits = match parameter.kind {
        _ if given.is_null() && parameter.optional && !parameter.kind.is_constant() => {
            Some(DataType::Null)
        }
        // Whether a text holds anything at all is only seen in its rows.
        Kind::Score | Kind::Flag if is_text(given) => Some(DataType::Utf8View),
        Kind::Score => score_type(given),
        Kind::Value | Kind::Number => number_type(given),
        Kind::Measure if *given == DataType::Boolean => Some(DataType::Float64),
        Kind::Level if given.is_integer() || *given == DataType::Boolean => Some(given.clone()),
        Kind::Measure | Kind::Level => number_type(given),
        Kind::Name
            if given.is_integer()
                || given.is_decimal()
                || given.is_temporal()
                || *given == DataType::Boolean =>
        {
            Some(DataType::Utf8View)
        }
        Kind::Name => text_type(given, DataType::Utf8View),
        Kind::Flag => flag_type(given),
        Kind::Text => text_type(given, DataType::Utf8View),
        Kind::Word => text_type(given, DataType::Utf8),
        Kind::Integer => (given.is_integer() || given.is_null()).then_some(DataType::Int64),
        Kind::Counts => counts_type(given),
        Kind::Record => {
            matches!(given, DataType::Struct(_) | DataType::Null).then(|| given.clone())
        }
        Kind::Moment => moment_type(given),
        Kind::Instant if given.is_integer() => Some(DataType::Int64),
        Kind::Instant => moment_type(given),
        Kind::Span if given.is_integer() => Some(DataType::Int64),
        Kind::Span => matches!(given, DataType::Interval(_))
            .then_some(DataType::Interval(IntervalUnit::MonthDayNano)),
        Kind::Numbers => numbers_type(given),
    };
    match fits {
        Some(fits) => Ok(fits),
        None => plan_err!("{function}: {}", mismatch(parameter, name, given)),
    }
}

fn mismatch(parameter: &Parameter, name: &str, given: &DataType) -> String {
    let is_text = is_text(given);
    match parameter.kind {
        Kind::Value if is_text => {
            format!("{name} is text ({given}) and must be a number; write cast({name} as double)")
        }
        Kind::Measure | Kind::Level if is_text => format!(
            "{name} is text ({given}) and must be a number or true/false; compare it \
             with the word that means yes, as {name} = 'Yes', or write cast({name} as double)"
        ),
        Kind::Measure | Kind::Level
            if matches!(given, DataType::Duration(_) | DataType::Interval(_)) =>
        {
            format!(
                "{name} is a length of time ({given}) and must be a number; write \
                 date_part('epoch', {name}) for its seconds"
            )
        }
        Kind::Measure | Kind::Level if given.is_temporal() => format!(
            "{name} is {given} and must be a number; a difference of two dates is one, in days"
        ),
        Kind::Measure | Kind::Level if matches!(given, DataType::Dictionary(..)) => format!(
            "{name} is {given} and must be a number or true/false; write cast({name} as double)"
        ),
        Kind::Measure | Kind::Level => {
            format!("{name} is {given} and must be a number or true/false")
        }
        Kind::Name => format!("{name} is {given} and must be text; write cast({name} as text)"),
        Kind::Score => format!("{name} is {given} and scores are whole numbers"),
        Kind::Flag => format!("{name} is {given} and must be true/false or 1/0"),
        Kind::Text => format!("{name} is {given} and must be text; write cast({name} as text)"),
        Kind::Counts => {
            format!("{name} is {given} and must be a list, as score_counts returns it")
        }
        Kind::Record if name == "model" => {
            format!("model is {given} and must be what a fit returned, without expand")
        }
        Kind::Record => {
            format!("{name} is {given} and must be the result of a _summary function")
        }
        Kind::Instant => format!(
            "{name} is {given} and must be a timestamp, a date or a whole number; write \
             cast({name} as timestamp)"
        ),
        Kind::Span => format!(
            "{name} is {given} and must be an INTERVAL, as INTERVAL '7 days', or a whole number"
        ),
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
        if parameter.repeated {
            text.push_str(", …");
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
