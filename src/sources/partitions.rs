//! Columns that live in directory names (`year=2024/month=01/…`), and the files they rule out.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::Session;
use datafusion::common::{DFSchema, Result as DataFusionResult, ScalarValue};
use datafusion::logical_expr::Expr;

/// What Hive and Spark write for a missing value.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The `key=value` directories of a path, values decoded; `None` is a missing value.
pub(super) fn of_path(path: &str) -> Vec<(String, Option<String>)> {
    let Some((folders, _)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    folders.split('/').filter_map(key_and_value).collect()
}

fn key_and_value(folder: &str) -> Option<(String, Option<String>)> {
    let (key, value) = folder.split_once('=')?;
    let named = key.chars().enumerate().all(|(at, letter)| {
        letter == '_' || letter.is_alphabetic() || (at > 0 && letter.is_ascii_digit())
    });
    if key.is_empty() || !named {
        return None;
    }
    let value = percent_encoding::percent_decode_str(value)
        .decode_utf8()
        .map_or_else(|_| value.to_owned(), |text| text.into_owned());
    Some((key.to_owned(), (value != HIVE_NULL).then_some(value)))
}

/// The partition columns of a table: every key in order of appearance, with the narrowest type
/// that holds all its values: whole numbers, dates, else text. Leading zeros stay text.
pub(super) fn fields<'a>(
    files: impl Iterator<Item = &'a Vec<(String, Option<String>)>>,
    declared: &[(String, DataType)],
) -> Vec<FieldRef> {
    let mut found: Vec<(&str, Kind)> = Vec::new();
    for (key, value) in files.flatten() {
        let kind = value.as_deref().map_or(Kind::Nothing, Kind::of);
        match found.iter_mut().find(|(name, _)| name == key) {
            Some((_, seen)) => *seen = seen.meet(kind),
            None => found.push((key, kind)),
        }
    }
    found
        .into_iter()
        .map(|(key, kind)| {
            let declared = declared.iter().find(|(name, _)| name == key);
            let of = declared.map_or_else(|| kind.data_type(), |(_, of)| of.clone());
            Arc::new(Field::new(key, of, true))
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Nothing,
    Integer,
    Date,
    Text,
}

impl Kind {
    fn of(value: &str) -> Self {
        let digits = value.strip_prefix('-').unwrap_or(value);
        let padded = digits.len() > 1 && digits.starts_with('0');
        if !padded && value.parse::<i64>().is_ok() && !value.starts_with('+') {
            Self::Integer
        } else if value.len() == 10 && value.parse::<chrono::NaiveDate>().is_ok() {
            Self::Date
        } else {
            Self::Text
        }
    }

    fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, kind) | (kind, Self::Nothing) => kind,
            (a, b) if a == b => a,
            _ => Self::Text,
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Integer => DataType::Int64,
            Self::Date => DataType::Date32,
            Self::Nothing | Self::Text => DataType::Utf8,
        }
    }
}

/// The values of one file in the order of the table's partition columns.
pub(super) fn values(
    file: &[(String, Option<String>)],
    fields: &[FieldRef],
) -> DataFusionResult<Vec<ScalarValue>> {
    fields
        .iter()
        .map(|field| {
            let value = file.iter().rev().find(|(key, _)| key == field.name());
            match value.and_then(|(_, value)| value.clone()) {
                Some(text) => ScalarValue::try_from_string(text, field.data_type()),
                None => ScalarValue::try_from(field.data_type()),
            }
        })
        .collect()
}

/// Which files may hold rows that pass the filters on partition columns: one answer a file.
pub(super) fn survivors(
    session: &dyn Session,
    fields: &[FieldRef],
    files: &[&Vec<ScalarValue>],
    filters: &[Expr],
) -> DataFusionResult<Vec<bool>> {
    let Some(filter) = datafusion::logical_expr::utils::conjunction(filters.iter().cloned()) else {
        return Ok(vec![true; files.len()]);
    };
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let schema = Arc::new(arrow::datatypes::Schema::new(fields.to_vec()));
    let columns = (0..fields.len())
        .map(|at| ScalarValue::iter_to_array(files.iter().map(|values| values[at].clone())))
        .collect::<DataFusionResult<Vec<_>>>()?;
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    let named = DFSchema::try_from(schema)?;
    let answer = session
        .create_physical_expr(filter, &named)?
        .evaluate(&batch)?
        .into_array(files.len())?;
    let kept: &BooleanArray = answer.as_boolean();
    Ok((0..files.len())
        .map(|at| kept.is_valid(at) && kept.value(at))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(values: &[&str]) -> DataType {
        let files: Vec<_> = values
            .iter()
            .map(|value| of_path(&format!("k={value}/f.csv")))
            .collect();
        fields(files.iter(), &[])[0].data_type().clone()
    }

    #[test]
    fn types_are_the_narrowest_that_hold_every_value() {
        for (values, expected) in [
            (vec!["2023", "2024"], DataType::Int64),
            (vec!["01", "12"], DataType::Utf8),
            (vec!["0", "-3"], DataType::Int64),
            (vec!["2024-01-31"], DataType::Date32),
            (vec!["2024-02-31"], DataType::Utf8),
            (vec!["1", "b"], DataType::Utf8),
            (vec![HIVE_NULL, "7"], DataType::Int64),
            (vec!["99999999999999999999"], DataType::Utf8),
        ] {
            assert_eq!(kinds(&values), expected, "{values:?}");
        }
    }

    #[test]
    fn values_are_decoded_and_odd_names_are_no_partitions() {
        assert_eq!(
            of_path("a/city=S%C3%A3o%20Paulo/x y=1/f.csv"),
            vec![("city".to_owned(), Some("São Paulo".to_owned()))]
        );
        assert!(of_path("year=2024.csv").is_empty());
    }
}
