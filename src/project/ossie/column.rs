//! The columns of a table as fields over its source: where latido.yaml maps a column, the field says
//! how it is made, since whoever reads the exchange reads the file and not the table.

use arrow::datatypes::DataType;

use crate::model::{ColumnKind, KnownTable};
use crate::project::check::is_identifier;
use crate::project::table::{Constant, Mapping, ProjectTable, Source};

/// The expression of a column over the source of its table; `datatype` is what it holds, where that
/// is known.
pub(super) fn expression(table: &ProjectTable, column: &str, datatype: Option<&str>) -> String {
    let is_it = |mapping: &&Mapping| mapping.name.eq_ignore_ascii_case(column);
    match table.columns.iter().find(is_it) {
        None => quoted(column),
        Some(mapping) => mapped(table, mapping, datatype),
    }
}

fn mapped(table: &ProjectTable, mapping: &Mapping, datatype: Option<&str>) -> String {
    let value = match &mapping.source {
        Source::Column(name) => quoted(name),
        Source::Expression(sql) => sql.text.clone(),
        Source::Constant(constant) => literal(constant.as_ref()),
    };
    let wanted = match sql_type(table, mapping) {
        Some("DOUBLE PRECISION") if datatype == Some("Integer") => Some("INTEGER"),
        wanted => wanted,
    };
    let is_number = |text: &String| text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    let cast = |value: &str| match wanted {
        Some(wanted) => format!("CAST({value} AS {wanted})"),
        None => value.to_owned(),
    };
    match mapping.null_when.as_slice() {
        [] => cast(&value),
        blanks
            if matches!(wanted, Some("DOUBLE PRECISION" | "BIGINT" | "INTEGER"))
                && blanks.iter().all(is_number) =>
        {
            let without = |value, blank: &String| format!("NULLIF({value}, {})", blank.trim());
            blanks.iter().fold(cast(&value), without)
        }
        blanks => {
            let texts: Vec<String> = blanks.iter().map(|blank| text(blank.trim())).collect();
            let texts = texts.join(", ");
            cast(&format!(
                "CASE WHEN TRIM(CAST({value} AS VARCHAR)) IN ({texts}) THEN NULL ELSE {value} END"
            ))
        }
    }
}

/// The type that latido.yaml, or the contract of a known table, gives a mapped column.
fn sql_type(table: &ProjectTable, mapping: &Mapping) -> Option<&'static str> {
    let known = || KnownTable::find(&table.name)?.column(&mapping.name);
    Some(
        match (mapping.kind.as_deref(), known().map(|column| column.kind)) {
            (Some("text"), _) => "VARCHAR",
            (Some("integer"), _) | (None, Some(ColumnKind::Integer)) => "BIGINT",
            (Some("number"), _) | (None, Some(ColumnKind::Rating(..) | ColumnKind::Number)) => {
                "DOUBLE PRECISION"
            }
            (Some("boolean"), _) | (None, Some(ColumnKind::Flag)) => "BOOLEAN",
            (Some("date"), _) | (None, Some(ColumnKind::Date)) => "DATE",
            (Some("timestamp"), _) | (None, Some(ColumnKind::Timestamp)) => "TIMESTAMP",
            _ => return None,
        },
    )
}

/// The word for a type; `None` for one that the format has no word for.
pub(super) fn datatype(kind: &DataType) -> Option<&'static str> {
    Some(match kind {
        DataType::Boolean => "Boolean",
        kind if kind.is_integer() => "Integer",
        kind if kind.is_floating() => "Float",
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => "Decimal",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "String",
        DataType::Dictionary(_, values) => return datatype(values),
        DataType::Date32 | DataType::Date64 => "Date",
        DataType::Time32(_) | DataType::Time64(_) => "Time",
        DataType::Timestamp(_, None) => "DateTime",
        DataType::Timestamp(_, Some(_)) => "DateTimeTz",
        _ => return None,
    })
}

fn literal(constant: Option<&Constant>) -> String {
    match constant {
        None => "NULL".to_owned(),
        Some(Constant::Boolean(truth)) => truth.to_string().to_uppercase(),
        Some(Constant::Integer(number)) => number.to_string(),
        Some(Constant::Number(number)) => number.to_string(),
        Some(Constant::Text(value)) => text(value),
    }
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A column as any SQL takes it: engines fold other cases than small ones, each its own way.
fn quoted(name: &str) -> String {
    let is_small = !name.contains(|letter: char| letter.is_ascii_uppercase());
    match is_identifier(name) && is_small {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
