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
use crate::project::{Found, FoundColumn, MOST_VALUES, Moment, Way, is_telling};

/// Rows that are looked at.
const MOST_ROWS: u64 = 100_000;
/// What is asked of a column.
const QUESTIONS: usize = 6;
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

/// What is asked of a column: values, different ones, the lowest, the highest, moments, numbers
/// with a decimal comma.
fn questions(column: &FoundColumn) -> [String; QUESTIONS] {
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
    // Numbers with a comma before the decimals, of all of which one has such a comma.
    let commas = match column.kind {
        Some(ColumnKind::Text) => format!(
            "CASE WHEN count(CASE WHEN {name} LIKE '%,%' THEN 1 END) > 0 THEN sum(CASE WHEN \
             regexp_like({name}, '^ *-?([0-9]+|[0-9]{{1,3}}([.][0-9]{{3}})+)(,[0-9]+)? *$') THEN 1 \
             ELSE 0 END) ELSE 0 END"
        ),
        _ => "0".to_owned(),
    };
    [
        format!("count({name})"),
        format!("count(DISTINCT {name})"),
        low,
        high,
        moments,
        commas,
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
    for (column, place) in known.zip((0..).step_by(QUESTIONS)) {
        column.answers = number(&row, place).unwrap_or(0.0) as u64;
        column.distinct = number(&row, place + 1).unwrap_or(0.0) as u64;
        column.low = number(&row, place + 2).filter(|low| low.is_finite());
        column.high = number(&row, place + 3).filter(|high| high.is_finite());
        let moments = number(&row, place + 4).unwrap_or(0.0) as u64;
        let commas = number(&row, place + 5).unwrap_or(0.0) as u64;
        column.has_decimal_comma = commas > 0 && commas == column.answers;
        column.moment = (moments > 0 && moments == column.answers).then_some(Moment::Plain);
    }
    for column in columns.iter_mut().filter(|it| may_be_moment(it)) {
        column.moment = moment(engine, place, column).await?;
    }
    Ok(())
}

/// Whether texts are worth asking how they tell a day.
fn may_be_moment(column: &FoundColumn) -> bool {
    column.kind == Some(ColumnKind::Text) && column.moment.is_none() && column.answers > 0
}

/// How all texts of a column tell days: as the first of them, in one order or in two.
async fn moment(engine: &Engine, place: &str, column: &FoundColumn) -> Result<Option<Moment>> {
    let name = quoted(&column.name);
    let from = format!("FROM (SELECT {name} FROM {place} LIMIT {MOST_ROWS}) AS looked_at");
    let first = texts(engine, &format!("SELECT min({name}) {from}")).await?;
    let first = first.first().filter(|texts| texts.is_valid(0));
    let mut ways = Way::of(first.map_or("", |texts| texts.value(0)));
    if ways.is_empty() {
        return Ok(None);
    }
    let fitting = ways.iter().enumerate().map(|(place, way)| {
        let pattern = way.pattern();
        format!("sum(CASE WHEN regexp_like({name}, '{pattern}') THEN 1 ELSE 0 END) AS c{place}")
    });
    let fitting = fitting.collect::<Vec<_>>().join(", ");
    let row = texts(engine, &format!("SELECT {fitting} {from}")).await?;
    let mut counts = 0..row.len();
    let answers = column.answers as f64;
    ways.retain(|_| {
        let fits = counts.next().and_then(|place| number(&row, place));
        fits == Some(answers)
    });
    let mut ways = ways.into_iter();
    Ok(match (ways.next(), ways.next()) {
        (Some(one), Some(other)) => Some(Moment::Either(one, other)),
        (Some(only), None) => Some(Moment::Written(only)),
        _ => None,
    })
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
