//! What a place holds: its columns, and of a bounded number of rows how many values, how many
//! different ones, the lowest and the highest; of a few columns the values themselves.

use arrow::array::{Array as _, ArrayRef, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;

use super::places::Candidate;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::ColumnKind;
use crate::project::{Found, FoundColumn, MOST_VALUES, is_telling};

/// Rows that are looked at.
const MOST_ROWS: u64 = 100_000;
/// Columns that one question asks about.
const AT_ONCE: usize = 40;

/// Looks into a place.
pub(super) async fn look(engine: &Engine, candidate: &Candidate) -> Result<Found> {
    let place = format!("'{}'", candidate.path.replace('\'', "''"));
    let schema = engine
        .run(&format!("SELECT * FROM {place} LIMIT 0"), &[])
        .await?
        .schema();
    let mut columns: Vec<FoundColumn> = schema
        .fields()
        .iter()
        .map(|field| FoundColumn {
            name: field.name().clone(),
            kind: kind(field.data_type()),
            ..FoundColumn::default()
        })
        .collect();
    let rows = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {place} LIMIT {})",
        MOST_ROWS + 1
    );
    let rows = number(&texts(engine, &rows).await?, 0).unwrap_or(0.0) as u64;
    for chunk in columns.chunks_mut(AT_ONCE) {
        count(engine, &place, chunk).await?;
    }
    for column in columns.iter_mut().filter(|column| is_worth_reading(column)) {
        column.values = values(engine, &place, &column.name).await?;
    }
    Ok(Found {
        from: candidate.from.clone(),
        stem: candidate.stem.clone(),
        rows: rows.min(MOST_ROWS),
        is_whole: rows <= MOST_ROWS,
        columns,
    })
}

/// What a type holds in the words of the contract.
fn kind(kind: &DataType) -> Option<ColumnKind> {
    Some(match kind {
        DataType::Boolean => ColumnKind::Flag,
        kind if kind.is_integer() => ColumnKind::Integer,
        kind if kind.is_numeric() => ColumnKind::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ColumnKind::Text,
        DataType::Dictionary(_, values) => return self::kind(values),
        DataType::Date32 | DataType::Date64 => ColumnKind::Date,
        DataType::Timestamp(..) => ColumnKind::Timestamp,
        _ => return None,
    })
}

/// What is asked of a column: values, different ones, the lowest, the highest, moments.
fn questions(column: &FoundColumn) -> [String; 5] {
    let name = quoted(&column.name);
    let is_number = matches!(column.kind, Some(ColumnKind::Integer | ColumnKind::Number));
    let [low, high] = match is_number {
        true => [format!("min({name})"), format!("max({name})")],
        false => ["NULL", "NULL"].map(str::to_owned),
    };
    let moments = match column.kind {
        // Not count(try_cast(…)), which would be called as count(…) is.
        Some(ColumnKind::Text) => {
            format!("sum(CASE WHEN try_cast({name} AS TIMESTAMP) IS NULL THEN 0 ELSE 1 END)")
        }
        _ => "0".to_owned(),
    };
    [
        format!("count({name})"),
        format!("count(DISTINCT {name})"),
        low,
        high,
        moments,
    ]
}

/// Fills in how many values a few columns have, and between what limits.
async fn count(engine: &Engine, place: &str, columns: &mut [FoundColumn]) -> Result<()> {
    let asked: Vec<&FoundColumn> = columns.iter().filter(|it| it.kind.is_some()).collect();
    let items: Vec<String> = asked.iter().flat_map(|column| questions(column)).collect();
    let names: Vec<String> = asked.iter().map(|column| quoted(&column.name)).collect();
    if items.is_empty() {
        return Ok(());
    }
    let names = names.join(", ");
    let items: Vec<String> = (0..)
        .zip(items)
        .map(|(place, item)| format!("{item} AS c{place}"))
        .collect();
    let sql = format!(
        "SELECT {} FROM (SELECT {names} FROM {place} LIMIT {MOST_ROWS}) AS looked_at",
        items.join(", ")
    );
    let row = texts(engine, &sql).await?;
    let known = columns.iter_mut().filter(|column| column.kind.is_some());
    for (column, place) in known.zip((0..).step_by(5)) {
        column.answers = number(&row, place).unwrap_or(0.0) as u64;
        column.distinct = number(&row, place + 1).unwrap_or(0.0) as u64;
        column.low = number(&row, place + 2).filter(|low| low.is_finite());
        column.high = number(&row, place + 3).filter(|high| high.is_finite());
        let moments = number(&row, place + 4).unwrap_or(0.0) as u64;
        column.is_moment = moments > 0 && moments == column.answers;
    }
    Ok(())
}

fn is_worth_reading(column: &FoundColumn) -> bool {
    is_telling(&column.name) && (1..=MOST_VALUES).contains(&column.distinct)
}

/// The different values of a column as text, the most frequent first.
async fn values(engine: &Engine, place: &str, column: &str) -> Result<Vec<String>> {
    let name = quoted(column);
    let sql = format!(
        "SELECT CAST(v AS VARCHAR) AS v FROM (SELECT {name} AS v FROM {place} LIMIT {MOST_ROWS}) AS \
         looked_at WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {MOST_VALUES}"
    );
    let column = texts(engine, &sql).await?;
    let texts = column
        .first()
        .map(|texts| texts.iter().flatten().map(str::to_owned).collect());
    Ok(texts.unwrap_or_default())
}

/// The columns of an answer as texts.
async fn texts(engine: &Engine, sql: &str) -> Result<Vec<StringArray>> {
    let answer = engine.run(sql, &[]).await?;
    let schema = answer.schema();
    let broken = |error| Error::Internal(format!("init: {error}"));
    let batch: RecordBatch = concat_batches(&schema, &answer.collect().await?).map_err(broken)?;
    let text = |column: &ArrayRef| {
        let texts = cast(column, &DataType::Utf8).map_err(broken)?;
        let texts = texts.as_any().downcast_ref::<StringArray>().cloned();
        Ok(texts.unwrap_or_else(|| StringArray::new_null(column.len())))
    };
    batch.columns().iter().map(text).collect()
}

/// The number in a column of the first row.
fn number(row: &[StringArray], column: usize) -> Option<f64> {
    let texts = row.get(column)?;
    let is_there = !texts.is_empty() && texts.is_valid(0);
    is_there.then(|| texts.value(0).parse().ok()).flatten()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
