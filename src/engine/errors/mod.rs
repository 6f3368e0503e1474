//! DataFusion's errors in the words of latido: one line, the thing named, the remedy where known.

mod wording;

use datafusion::arrow::error::ArrowError;
use datafusion::common::{Column, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;
use datafusion::sql::sqlparser::parser::ParserError;

use self::wording::{in_other_words, no_signature, unsupported, with_remedy};
use super::limits::out_of_memory;
use super::rewrite::labels::without_texts;
use crate::error::{Error, nearest};
use crate::sources;

/// Columns named in full in an error.
const COLUMNS_SHOWN: usize = 30;

/// The error that a person can act on.
pub(super) fn explain(error: DataFusionError) -> Error {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => {
            explain(*inner)
        }
        DataFusionError::Collection(errors) => errors.into_iter().next().map_or_else(
            || Error::Internal("an empty list of errors".into()),
            explain,
        ),
        DataFusionError::Shared(inner) => explain_shared(&inner),
        DataFusionError::External(inner) => explain_external(inner),
        DataFusionError::ArrowError(inner, _) => explain_arrow(*inner),
        DataFusionError::ParquetError(inner) => explain_parquet(*inner),
        DataFusionError::ResourcesExhausted(text) => explain_resources(&text),
        DataFusionError::ObjectStore(inner) => sources::explain("", &inner),
        DataFusionError::SchemaError(inner, _) => explain_schema(&inner),
        other => explain_text(&other),
    }
}

/// The same of an error that others hold too and that cannot be taken apart.
fn explain_shared(error: &DataFusionError) -> Error {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => {
            explain_shared(inner)
        }
        DataFusionError::Shared(inner) => explain_shared(inner),
        DataFusionError::External(inner) => match inner.downcast_ref::<Error>() {
            Some(own) => copy(own),
            None => match inner.downcast_ref::<DataFusionError>() {
                Some(nested) => explain_shared(nested),
                None => Error::Data(one_line(&inner.to_string())),
            },
        },
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::ExternalError(nested) => match nested.downcast_ref::<DataFusionError>() {
                Some(nested) => explain_shared(nested),
                None => nested
                    .downcast_ref::<Error>()
                    .map_or_else(|| Error::Data(arrow_text(inner)), copy),
            },
            other => Error::Data(arrow_text(other)),
        },
        DataFusionError::ResourcesExhausted(text) => explain_resources(text),
        DataFusionError::ObjectStore(inner) => sources::explain("", inner),
        DataFusionError::SchemaError(inner, _) => explain_schema(inner),
        other => explain_text(other),
    }
}

/// A second copy of an error of ours; only the cause of a failed write is told as text.
fn copy(error: &Error) -> Error {
    match error {
        Error::Usage(text) => Error::Usage(text.clone()),
        Error::Statement(text) => Error::Statement(text.clone()),
        Error::Place { place, reason } => Error::place(place, reason),
        Error::Data(text) => Error::Data(text.clone()),
        Error::Limit(text) => Error::Limit(text.clone()),
        Error::Cancelled => Error::Cancelled,
        Error::Output(cause) => Error::Output(std::io::Error::new(cause.kind(), cause.to_string())),
        Error::Internal(text) => Error::Internal(text.clone()),
    }
}

fn explain_external(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(own) => return *own,
        Err(other) => other,
    };
    let error = match error.downcast::<DataFusionError>() {
        Ok(nested) => return explain(*nested),
        Err(other) => other,
    };
    let error = match error.downcast::<ArrowError>() {
        Ok(nested) => return explain_arrow(*nested),
        Err(other) => other,
    };
    match error.downcast::<ParquetError>() {
        Ok(nested) => explain_parquet(*nested),
        Err(other) => Error::Data(one_line(&other.to_string())),
    }
}

fn explain_arrow(error: ArrowError) -> Error {
    match error {
        ArrowError::ExternalError(inner) => explain_external(inner),
        other => Error::Data(arrow_text(&other)),
    }
}

/// Arrow's text without the name of its variant.
fn arrow_text(error: &ArrowError) -> String {
    match error {
        ArrowError::DivideByZero => {
            "division by zero; write nullif(divisor, 0) to get NULL instead".into()
        }
        other => {
            let text = without_prefixes(&other.to_string());
            with_remedy(text)
        }
    }
}

fn explain_parquet(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => explain_external(inner),
        other => Error::Data(without_prefixes(&other.to_string())),
    }
}

fn explain_resources(text: &str) -> Error {
    if text.contains("disk") {
        return Error::Limit(format!(
            "{}; free some disk space or ask for fewer rows",
            one_line(text)
        ));
    }
    out_of_memory()
}

fn explain_schema(error: &SchemaError) -> Error {
    match error {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => Error::Statement(no_column(field, valid_fields)),
        SchemaError::DuplicateUnqualifiedField { name } if name.contains('(') => {
            Error::Statement(format!(
                "{name} is computed of groups, so it cannot stand in GROUP BY; group by columns"
            ))
        }
        SchemaError::AmbiguousReference { field } => {
            let name = &field.name;
            Error::Statement(format!(
                "column {name} is in several tables; write its table before it, as in t.{name}"
            ))
        }
        SchemaError::DuplicateQualifiedField { qualifier, .. } => Error::Statement(format!(
            "two tables are called {qualifier}; tell them apart with AS: FROM {qualifier} AS a JOIN \
             {qualifier} AS b ON …"
        )),
        other => Error::Statement(one_line(&other.to_string())),
    }
}

/// `no column x; did you mean y? columns: …`.
fn no_column(field: &Column, valid: &[Column]) -> String {
    let names: Vec<String> = valid.iter().map(|column| column.name.clone()).collect();
    let mut text = format!("no column {}", field.flat_name());
    match nearest(&field.name, names.iter().map(String::as_str)) {
        Some(name) => text.push_str(&format!("; did you mean {}?", quoted(name))),
        None if names.is_empty() => {}
        None => text.push(';'),
    }
    if !names.is_empty() {
        let shown: Vec<String> = names
            .iter()
            .take(COLUMNS_SHOWN)
            .map(|name| quoted(name))
            .collect();
        let more = names.len().saturating_sub(COLUMNS_SHOWN);
        text.push_str(&format!(" columns: {}", shown.join(", ")));
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
    }
    text
}

/// A name as it must be written in SQL.
fn quoted(name: &str) -> String {
    datafusion::common::utils::quote_identifier(name).into_owned()
}

fn explain_text(error: &DataFusionError) -> Error {
    let text = without_texts(&without_prefixes(&error.strip_backtrace()));
    match error {
        DataFusionError::SQL(inner, _) => Error::Statement(parser_text(inner)),
        DataFusionError::NotImplemented(_) => Error::Statement(unsupported(&text)),
        _ if text.contains("logical expression WindowFunction") => Error::Statement(
            "a window function cannot stand in WHERE, GROUP BY or HAVING; write QUALIFY, or filter \
             in an outer query"
                .into(),
        ),
        _ if text.contains("failed to match any signature") => Error::Statement(no_signature(&text)),
        DataFusionError::Plan(_) => Error::Statement(in_other_words(text)),
        DataFusionError::Configuration(_) => Error::Statement(text),
        DataFusionError::Execution(_) | DataFusionError::IoError(_) => {
            Error::Data(with_remedy(text))
        }
        DataFusionError::ExecutionJoin(join) if join.is_cancelled() => Error::Cancelled,
        _ => Error::Internal(text),
    }
}

/// What the parser says, with line and column as it gives them.
fn parser_text(error: &ParserError) -> String {
    match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => {
            format!("syntax: {}", one_line(text))
        }
        ParserError::RecursionLimitExceeded => {
            "the statement is nested too deep; take it apart with WITH or with views".into()
        }
    }
}

/// Without the names of variants that DataFusion and Arrow put before their texts.
fn without_prefixes(text: &str) -> String {
    const PREFIXES: [&str; 19] = [
        "Error during planning: ",
        "Execution error: ",
        "Schema error: ",
        "Arrow error: ",
        "Parquet error: ",
        "External error: ",
        "External: ",
        "Object Store error: ",
        "This feature is not implemented: ",
        "Invalid or Unsupported Configuration: ",
        "Optimizer rule ",
        "IO error: ",
        "Cast error: ",
        "Compute error: ",
        "Parser error: ",
        "Csv error: ",
        "Json error: ",
        "Invalid argument error: ",
        "Unsupported SQL statement: ",
    ];
    let mut rest = said_by_function(text).trim();
    while let Some(stripped) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = stripped;
    }
    one_line(rest)
}

/// What a function says of the types of its arguments, without DataFusion's frame around it.
fn said_by_function(text: &str) -> &str {
    const BEFORE: &str = "user-defined coercion failed with: ";
    const AFTER: &str = " No function matches";
    let said = text.split_once(BEFORE).map(|(_, said)| said);
    said.and_then(|said| said.split_once(AFTER))
        .map_or(text, |(said, _)| said.trim_end_matches('.'))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
