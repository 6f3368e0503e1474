//! A table of latido.yaml whose columns are mapped: its rows are a SELECT over the file.
//!
//! The SELECT is written when the table is opened, since only then the columns of the file are
//! known; it is planned like a view, so that filters and projections reach the file.

use arrow::datatypes::{DataType, Schema};

use super::written::{quoted, text, uncommented};
use crate::error::{Error, Result, hint};
use crate::model::{ColumnKind, KnownTable};
use crate::project::{Constant, Mapping, Source};

/// Columns under other names.
#[derive(Debug)]
pub(super) struct Mapped {
    /// The table's name.
    pub(super) table: String,
    /// latido.yaml, as errors name it.
    pub(super) file: String,
    pub(super) columns: Vec<Mapping>,
}

impl Mapped {
    /// The SELECT over a relation with these columns.
    ///
    /// # Errors
    /// [`Error::Statement`] for a column that the file does not have.
    pub(super) fn select(&self, relation: &str, schema: &Schema) -> Result<String> {
        let mut items = Vec::new();
        let mut renamed = Vec::new();
        for mapping in &self.columns {
            let value = self.value(mapping, schema, &mut renamed)?;
            items.push(format!("{value} AS {}", quoted(&mapping.name)));
        }
        let is_taken = |name: &String| {
            let is_name = |mapping: &Mapping| mapping.name.eq_ignore_ascii_case(name);
            renamed.contains(name) || self.columns.iter().any(is_name)
        };
        let fields = schema.fields().iter().map(|field| field.name());
        items.extend(
            fields
                .filter(|name| !is_taken(name))
                .map(|name| quoted(name)),
        );
        Ok(format!(
            "SELECT {} FROM {}",
            items.join(", "),
            quoted(relation)
        ))
    }

    fn value(
        &self,
        mapping: &Mapping,
        schema: &Schema,
        renamed: &mut Vec<String>,
    ) -> Result<String> {
        let (value, kind) = match &mapping.source {
            Source::Column(name) => {
                let (name, kind) = self.column(mapping, name, schema)?;
                renamed.push(name.clone());
                (quoted(&name), Some(kind))
            }
            Source::Expression(sql) => (format!("({})", uncommented(&sql.text)), None),
            Source::Constant(constant) => (literal(constant.as_ref()), None),
        };
        let value = without_blanks(value, kind.as_ref(), &mapping.null_when);
        let wanted = mapping.kind.as_deref().and_then(declared);
        let known = || self.known(&mapping.name);
        Ok(match wanted.or_else(known) {
            // What an expression gives is only known when it is planned; it may be a day.
            Some(ColumnKind::Timestamp) if wanted.is_none() && kind.is_none() => value,
            Some(wanted) => converted(value, kind.as_ref(), wanted),
            None => value,
        })
    }

    /// The column of the file, in any case if only one fits.
    fn column(&self, mapping: &Mapping, name: &str, schema: &Schema) -> Result<(String, DataType)> {
        let fields = schema.fields();
        let exact = fields.iter().find(|field| field.name() == name);
        let mut alike = fields
            .iter()
            .filter(|field| field.name().eq_ignore_ascii_case(name));
        let only = match (alike.next(), alike.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        if let Some(field) = exact.or(only) {
            return Ok((field.name().clone(), field.data_type().clone()));
        }
        let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        let hint = hint(name, names, "it has no columns");
        let Self { table, file, .. } = self;
        let Mapping {
            name: column, line, ..
        } = mapping;
        Err(Error::Statement(format!(
            "{file}:{line}: tables.{table}.columns.{column}: the file has no column {name}; {hint}"
        )))
    }

    /// What a column of this table and name holds by contract.
    fn known(&self, column: &str) -> Option<ColumnKind> {
        let column = KnownTable::find(&self.table)?.column(column)?;
        Some(column.kind)
    }
}

/// The kind that a word of latido.yaml stands for.
fn declared(word: &str) -> Option<ColumnKind> {
    Some(match word {
        "text" => ColumnKind::Text,
        "integer" => ColumnKind::Integer,
        "number" => ColumnKind::Number,
        "boolean" => ColumnKind::Flag,
        "date" => ColumnKind::Date,
        "timestamp" => ColumnKind::Timestamp,
        _ => return None,
    })
}

/// NULL for the values that mean that there is no answer: compared as text, and as numbers where
/// both are numbers, so that 11 finds 11.0.
fn without_blanks(value: String, kind: Option<&DataType>, blanks: &[String]) -> String {
    if blanks.is_empty() {
        return value;
    }
    let is_number = kind.is_some_and(DataType::is_numeric);
    let numbers: Vec<&str> = blanks
        .iter()
        .map(|blank| blank.trim())
        .filter(|blank| blank.parse::<f64>().is_ok_and(f64::is_finite))
        .collect();
    let mut conditions = Vec::new();
    if !is_number {
        let texts: Vec<String> = blanks.iter().map(|blank| text(blank.trim())).collect();
        let list = texts.join(", ");
        conditions.push(format!("trim(CAST({value} AS VARCHAR)) IN ({list})"));
    }
    if !numbers.is_empty() {
        let list = numbers.join(", ");
        conditions.push(format!("TRY_CAST({value} AS DOUBLE) IN ({list})"));
    }
    match conditions.as_slice() {
        [] => value,
        some => format!("CASE WHEN {} THEN NULL ELSE {value} END", some.join(" OR ")),
    }
}

/// The value as a kind: what already is of the kind stays as it is, and a value that does not fit
/// is an error when it is read, never rounded.
fn converted(value: String, kind: Option<&DataType>, wanted: ColumnKind) -> String {
    let is = |holds: fn(&DataType) -> bool| kind.is_some_and(holds);
    let cast = |to: &str| format!("CAST({value} AS {to})");
    match wanted {
        ColumnKind::Text if is(DataType::is_string) => value,
        ColumnKind::Text => cast("VARCHAR"),
        ColumnKind::Rating(..) | ColumnKind::Number if is(DataType::is_numeric) => value,
        ColumnKind::Rating(..) | ColumnKind::Number => cast("DOUBLE"),
        ColumnKind::Integer if is(DataType::is_integer) => value,
        ColumnKind::Integer if is(DataType::is_floating) => format!(
            "CASE WHEN {value} = trunc({value}) THEN CAST({value} AS BIGINT) \
             ELSE CAST(CAST({value} AS VARCHAR) AS BIGINT) END"
        ),
        ColumnKind::Integer => cast("BIGINT"),
        ColumnKind::Flag if is(|kind| kind.is_numeric() || kind == &DataType::Boolean) => value,
        ColumnKind::Flag => cast("BOOLEAN"),
        ColumnKind::Date if is(|kind| matches!(kind, DataType::Date32)) => value,
        ColumnKind::Date => cast("DATE"),
        // A day stays a day: as a moment of universal time it would be another one elsewhere.
        ColumnKind::Timestamp
            if is(|kind| matches!(kind, DataType::Timestamp(..) | DataType::Date32)) =>
        {
            value
        }
        ColumnKind::Timestamp => cast("TIMESTAMP"),
    }
}

fn literal(constant: Option<&Constant>) -> String {
    match constant {
        None => "NULL".to_owned(),
        Some(Constant::Boolean(truth)) => truth.to_string(),
        Some(Constant::Integer(number)) => number.to_string(),
        Some(Constant::Number(number)) => format!("CAST({number:?} AS DOUBLE)"),
        Some(Constant::Text(value)) => text(value),
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;

    use super::*;

    fn mapping(name: &str, source: Source, null_when: &[&str], kind: Option<&str>) -> Mapping {
        Mapping {
            name: name.into(),
            source,
            null_when: null_when.iter().map(|&blank| blank.to_owned()).collect(),
            kind: kind.map(str::to_owned),
            line: 7,
        }
    }

    fn select(columns: Vec<Mapping>) -> Result<String> {
        let schema = Schema::new(vec![
            Field::new("NETPRO", DataType::Int64, true),
            Field::new("Q7ALL", DataType::Utf8View, true),
            Field::new("lang", DataType::Utf8View, true),
        ]);
        let mapped = Mapped {
            table: "responses".into(),
            file: "latido.yaml".into(),
            columns,
        };
        mapped.select("file", &schema)
    }

    #[test]
    fn columns_are_renamed_blanked_and_converted() {
        let sql = select(vec![
            mapping(
                "nps",
                Source::Column("netpro".into()),
                &["11", "Blank"],
                None,
            ),
            mapping(
                "csat",
                Source::Column("Q7ALL".into()),
                &["Blank", "0"],
                None,
            ),
            mapping(
                "source",
                Source::Constant(Some(Constant::Text("a'b".into()))),
                &[],
                None,
            ),
        ])
        .unwrap();
        assert_eq!(
            sql,
            "SELECT CASE WHEN TRY_CAST(\"NETPRO\" AS DOUBLE) IN (11) THEN NULL ELSE \"NETPRO\" END \
             AS \"nps\", CAST(CASE WHEN trim(CAST(\"Q7ALL\" AS VARCHAR)) IN ('Blank', '0') OR \
             TRY_CAST(\"Q7ALL\" AS DOUBLE) IN (0) THEN NULL ELSE \"Q7ALL\" END AS DOUBLE) AS \"csat\", \
             CAST('a''b' AS VARCHAR) AS \"source\", \"lang\" FROM \"file\""
        );
    }

    #[test]
    fn a_column_that_is_not_there_names_its_line() {
        let wrong = mapping("nps", Source::Column("NETPRT".into()), &[], None);
        let error = select(vec![wrong]).unwrap_err().to_string();
        assert_eq!(
            error,
            "latido.yaml:7: tables.responses.columns.nps: the file has no column NETPRT; did you \
             mean NETPRO?"
        );
    }
}
