//! Parameters of a statement: `$name` in the text becomes a typed literal of its tree.
//!
//! The value never becomes text of the statement, so it cannot change what the statement does;
//! being a literal, it can stand wherever a function wants a constant.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::parser::{CopyToSource, Statement};
use datafusion::sql::sqlparser::ast::{
    CastKind, DataType, ExactNumberInfo, Expr, TimezoneInfo, Value, VisitMut, visit_expressions_mut,
};

use super::library::{Parameter, Query};
use crate::error::{Error, Result};

/// A parameter with its value as a literal.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    name: String,
    literal: Expr,
}

/// The parameters of a free statement: numbers, booleans and NULL by their looks, else text.
pub(super) fn inferred(given: &[(String, String)]) -> Result<Vec<Bound>> {
    refuse_twice(given)?;
    let bind = |(name, text): &(String, String)| Bound {
        name: plain(name).to_owned(),
        literal: infer(text),
    };
    Ok(given.iter().map(bind).collect())
}

/// The parameters of a query of the library, typed by its header; those not given take their
/// default.
pub(super) fn declared(query: &Query, given: &[(String, String)]) -> Result<Vec<Bound>> {
    refuse_twice(given)?;
    let known = |name: &str| {
        query
            .parameters
            .iter()
            .any(|parameter| parameter.name == name)
    };
    if let Some((name, _)) = given.iter().find(|(name, _)| !known(plain(name))) {
        let names: Vec<&str> = query
            .parameters
            .iter()
            .map(|known| known.name.as_str())
            .collect();
        return Err(Error::Usage(format!(
            "query {} has no parameter {}; {}",
            query.name,
            plain(name),
            those_that_exist(&names)
        )));
    }
    let bind = |parameter: &Parameter| {
        let text = given
            .iter()
            .find(|(name, _)| plain(name) == parameter.name)
            .map(|(_, text)| text.as_str())
            .or(parameter.default.as_deref());
        if let Some(text) = text
            && !parameter.choices.is_empty()
            && !parameter.choices.iter().any(|choice| choice == text)
        {
            return Err(Error::Usage(format!(
                "query {}: {} cannot be {text}; it is one of {}",
                query.name,
                parameter.name,
                parameter.choices.join(", ")
            )));
        }
        Ok(Bound {
            name: parameter.name.clone(),
            literal: typed(&parameter.name, &parameter.kind, text)?,
        })
    };
    query.parameters.iter().map(bind).collect()
}

/// Puts the values where the names stand.
pub(super) fn bind(statement: &mut Statement, parameters: &[Bound]) -> Result<()> {
    let mut asked = BTreeSet::new();
    let bound = match statement {
        Statement::Explain(explain) => return bind(&mut explain.statement, parameters),
        Statement::Statement(inner) => bind_tree(inner.as_mut(), parameters, &mut asked),
        Statement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => bind_tree(query.as_mut(), parameters, &mut asked),
            CopyToSource::Relation(_) => Ok(()),
        },
        Statement::CreateExternalTable(_) | Statement::Reset(_) => Ok(()),
    };
    bound?;
    match parameters.iter().find(|given| !asked.contains(&given.name)) {
        None => Ok(()),
        Some(given) => {
            let names: Vec<&str> = asked.iter().map(String::as_str).collect();
            Err(Error::Usage(format!(
                "the statement has no parameter ${}; {}",
                given.name,
                those_that_exist(&names)
            )))
        }
    }
}

fn bind_tree(
    tree: &mut impl VisitMut,
    parameters: &[Bound],
    asked: &mut BTreeSet<String>,
) -> Result<()> {
    let flow = visit_expressions_mut(tree, |expression: &mut Expr| {
        let Some(name) = placeholder(expression) else {
            return ControlFlow::Continue(());
        };
        let Some(bound) = parameters.iter().find(|bound| bound.name == name) else {
            return ControlFlow::Break(name);
        };
        *expression = bound.literal.clone();
        asked.insert(name);
        ControlFlow::Continue(())
    });
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(name) => {
            let names: Vec<&str> = parameters.iter().map(|bound| bound.name.as_str()).collect();
            Err(Error::Usage(format!(
                "parameter ${name} has no value; give it with --param {name}=… ({})",
                those_that_exist(&names)
            )))
        }
    }
}

fn placeholder(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(name) => Some(plain(name).to_owned()),
            _ => None,
        },
        _ => None,
    }
}

fn plain(name: &str) -> &str {
    name.trim_start_matches('$')
}

fn those_that_exist(names: &[&str]) -> String {
    if names.is_empty() {
        "there are none".to_owned()
    } else {
        format!("there are: {}", names.join(", "))
    }
}

fn refuse_twice(given: &[(String, String)]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match given.iter().find(|(name, _)| !seen.insert(plain(name))) {
        None => Ok(()),
        Some((name, _)) => Err(Error::Usage(format!(
            "parameter {} is given twice",
            plain(name)
        ))),
    }
}

fn infer(text: &str) -> Expr {
    if text.eq_ignore_ascii_case("null") {
        literal(Value::Null)
    } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        literal(Value::Boolean(text.eq_ignore_ascii_case("true")))
    } else if is_number(text) {
        literal(Value::Number(text.to_owned(), false))
    } else {
        literal(Value::SingleQuotedString(text.to_owned()))
    }
}

/// A number as SQL writes it: `007` and `1e999` stay text.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits.starts_with(|first: char| first.is_ascii_digit())
        && !(digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0."))
        && digits.ends_with(|last: char| last.is_ascii_digit());
    canonical && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn typed(name: &str, kind: &str, text: Option<&str>) -> Result<Expr> {
    let Some(text) = text.filter(|text| !text.eq_ignore_ascii_case("null")) else {
        return Ok(cast(Value::Null, kind));
    };
    let wrong = |form: &str| {
        Err(Error::Usage(format!(
            "parameter {name}: {text:?} is not {form}"
        )))
    };
    let string = || Value::SingleQuotedString(text.to_owned());
    match kind {
        "integer" if text.parse::<i64>().is_err() => wrong("a whole number"),
        "number" if !text.parse::<f64>().is_ok_and(f64::is_finite) => wrong("a number"),
        "boolean" if text.parse::<bool>().is_err() => wrong("true or false"),
        "date" if !is_date(text) => wrong("a date; write it as 2024-12-31"),
        "timestamp" if !is_timestamp(text) => wrong("a time; write it as 2024-12-31T23:59:59"),
        "integer" | "number" => Ok(cast(Value::Number(text.to_owned(), false), kind)),
        "boolean" => Ok(literal(Value::Boolean(text == "true"))),
        "date" | "timestamp" => Ok(cast(string(), kind)),
        _ => Ok(literal(string())),
    }
}

fn is_date(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

fn is_timestamp(text: &str) -> bool {
    datafusion::arrow::compute::kernels::cast_utils::string_to_timestamp_nanos(text).is_ok()
}

fn literal(value: Value) -> Expr {
    Expr::Value(value.with_empty_span())
}

/// A literal of the SQL type that a header calls so.
fn cast(value: Value, kind: &str) -> Expr {
    let data_type = match kind {
        "integer" => DataType::BigInt(None),
        "number" => DataType::Double(ExactNumberInfo::None),
        "boolean" => DataType::Boolean,
        "date" => DataType::Date,
        "timestamp" => DataType::Timestamp(None, TimezoneInfo::None),
        _ => DataType::Varchar(None),
    };
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(literal(value)),
        data_type,
        array: false,
        format: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_parameters_take_the_type_they_look_like() {
        let shown = |text| infer(text).to_string();
        assert_eq!(shown("9"), "9");
        assert_eq!(shown("-0.5"), "-0.5");
        assert_eq!(shown("TRUE"), "true");
        assert_eq!(shown("null"), "NULL");
        assert_eq!(shown("007"), "'007'");
        assert_eq!(shown("1e999"), "'1e999'");
        assert_eq!(shown("2024-01-01"), "'2024-01-01'");
        assert_eq!(shown("o'clock"), "'o''clock'");
        assert_eq!(shown("nan"), "'nan'");
    }

    #[test]
    fn declared_parameters_must_fit_their_type() {
        let shown = |kind, text| typed("p", kind, Some(text)).map(|expr| expr.to_string());
        assert_eq!(
            shown("date", "2024-02-29").unwrap(),
            "CAST('2024-02-29' AS DATE)"
        );
        assert_eq!(shown("text", "1").unwrap(), "'1'");
        assert_eq!(shown("integer", "5").unwrap(), "CAST(5 AS BIGINT)");
        for (kind, text) in [
            ("date", "2023-02-29"),
            ("date", "soon"),
            ("integer", "1.5"),
            ("number", "inf"),
            ("boolean", "yes"),
            ("timestamp", "noon"),
        ] {
            let error = shown(kind, text).unwrap_err().to_string();
            assert!(error.starts_with("parameter p: "), "{error}");
        }
        let null = typed("p", "date", None).unwrap().to_string();
        assert_eq!(null, "CAST(NULL AS DATE)");
    }
}
