//! SQL as people write it: every file of `tests/slt` runs through the engine.
//!
//! One `.slt` per function (named after it) and per feature. Each runs with 1 and 4 partitions and
//! batches of 3 and 8,192 rows. The table `answers` holds the rows of `tests/slt/answers.csv` in
//! memory; a file that says `# Runs over each kind of table.` runs also with that table read from
//! CSV, hive-partitioned Parquet, NDJSON and Arrow IPC.
//!
//! To add a test, add a record or a file; no Rust changes needed. What a record may use:
//! - column types: `T` text, `I` whole number, `R` real, `?` all else;
//! - an expected number with a point agrees to 1e-9, everything else to the letter;
//! - a first line `-- with low=9, name=web` binds the parameters of its statement;
//! - after `control substitution on`, `${DIR}` is an empty directory, and `${ROWS}` the one where
//!   the rows lie as `answers.csv`, `answers.ndjson`, `answers.arrow` and `hive/`.
//!
//! Expected values come from elsewhere (by hand, or the tool that the file's first lines name),
//! never from latido.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use async_trait::async_trait;
use futures::TryStreamExt;
use latido::engine::{Limits, Options};
use latido::{Engine, Result};
use sqllogictest::{
    AsyncDB, DBOutput, DefaultColumnType as Column, Normalizer, QueryExpect, Record, Runner,
    StatementExpect, parse_file, strict_column_validator,
};
use tempfile::TempDir;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slt");

#[test]
fn with_1_partition_and_batches_of_3() {
    run_all(1, 3);
}

#[test]
fn with_1_partition_and_batches_of_8192() {
    run_all(1, 8192);
}

#[test]
fn with_4_partitions_and_batches_of_3() {
    run_all(4, 3);
}

#[test]
fn with_4_partitions_and_batches_of_8192() {
    run_all(4, 8192);
}

/// A file that was emptied, or errors that nobody expects any more, must not go unseen.
#[test]
fn records_are_many_and_errors_are_among_them() {
    let (mut records, mut errors) = (0, 0);
    for file in files() {
        let expected: Vec<bool> = records_of(&file).iter().filter_map(fails).collect();
        assert!(!expected.is_empty(), "{} has no records", file.display());
        records += expected.len();
        errors += expected.iter().filter(|fails| **fails).count();
    }
    assert!(records >= 300, "{records} records are fewer than 300");
    assert!(
        errors * 100 >= records * 15,
        "{errors} of {records} records expect errors, fewer than 15 %"
    );
}

/// Whether a record expects an error; `None` for what is no record.
fn fails(record: &Record<Column>) -> Option<bool> {
    match record {
        Record::Statement { expected, .. } => Some(matches!(expected, StatementExpect::Error(_))),
        Record::Query { expected, .. } => Some(matches!(expected, QueryExpect::Error(_))),
        _ => None,
    }
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "slt"))
        .collect();
    files.sort();
    files
}

fn records_of(file: &Path) -> Vec<Record<Column>> {
    parse_file(file).unwrap_or_else(|error| panic!("{error}"))
}

/// What a file says that is to run over all of [`KINDS`]; others run over the first.
const OVER_ALL: &str = "# Runs over each kind of table.";

/// How the table `answers` of a run is made.
const KINDS: [(&str, &str); 5] = [
    (
        "memory",
        "CREATE TABLE answers AS SELECT * FROM '${ROWS}/answers.csv'",
    ),
    (
        "csv",
        "CREATE EXTERNAL TABLE answers STORED AS CSV LOCATION '${ROWS}/answers.csv'",
    ),
    (
        "hive",
        "CREATE EXTERNAL TABLE answers STORED AS PARQUET LOCATION '${ROWS}/hive'",
    ),
    (
        "ndjson",
        "CREATE EXTERNAL TABLE answers STORED AS NDJSON LOCATION '${ROWS}/answers.ndjson'",
    ),
    (
        "arrow",
        "CREATE EXTERNAL TABLE answers STORED AS ARROW LOCATION '${ROWS}/answers.arrow'",
    ),
];

/// How the files behind them are made, beside a copy of `answers.csv`.
const FILES: [&str; 5] = [
    "COPY (SELECT * FROM '${ROWS}/answers.csv') TO '${ROWS}/answers.ndjson'",
    "COPY (SELECT * FROM '${ROWS}/answers.csv') TO '${ROWS}/answers.arrow'",
    "COPY (SELECT * EXCLUDE channel FROM '${ROWS}/answers.csv' WHERE channel = 'web') \
     TO '${ROWS}/hive/channel=web/rows.parquet'",
    "COPY (SELECT * EXCLUDE channel FROM '${ROWS}/answers.csv' WHERE channel = 'store') \
     TO '${ROWS}/hive/channel=store/rows.parquet'",
    "COPY (SELECT * EXCLUDE channel FROM '${ROWS}/answers.csv' WHERE channel = 'phone') \
     TO '${ROWS}/hive/channel=phone/rows.parquet'",
];

fn run_all(threads: usize, batch_size: usize) {
    let options = || Options {
        limits: Limits {
            threads: Some(threads),
            ..Limits::default()
        },
        batch_size: Some(batch_size),
        ..Options::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let rows = runtime.block_on(write_rows(options()));
    let mut failures = Vec::new();
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let kinds = if text.contains(OVER_ALL) {
            &KINDS[..]
        } else {
            &KINDS[..1]
        };
        for (kind, create) in kinds {
            let found = runtime.block_on(run(&file, rows.path(), create, options()));
            failures.extend(
                found
                    .into_iter()
                    .map(|error| format!("over {kind}: {error}")),
            );
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

async fn write_rows(options: Options) -> TempDir {
    let rows = TempDir::new().unwrap();
    fs::copy(
        Path::new(FOLDER).join("answers.csv"),
        rows.path().join("answers.csv"),
    )
    .unwrap();
    let engine = Engine::open(options).await.unwrap();
    for statement in FILES {
        make(&engine, statement, rows.path()).await;
    }
    rows
}

async fn make(engine: &Engine, statement: &str, rows: &Path) {
    let statement = statement.replace("${ROWS}", rows.to_str().unwrap());
    let answer = engine.run(&statement, &[]).await.unwrap();
    answer.collect().await.unwrap();
}

/// Runs a file in an engine of its own; gives back what went wrong.
async fn run(file: &Path, rows: &Path, create: &str, options: Options) -> Vec<String> {
    let engine = Arc::new(Engine::open(options).await.unwrap());
    make(&engine, create, rows).await;
    let place = TempDir::new().unwrap();
    let mut runner = Runner::new(async || Ok(Connection(Arc::clone(&engine))));
    runner.with_column_validator(strict_column_validator);
    runner.with_validator(agree);
    runner.set_var("ROWS".into(), rows.to_str().unwrap().into());
    runner.set_var("DIR".into(), place.path().to_str().unwrap().into());
    let mut failures = Vec::new();
    for record in records_of(file) {
        if let Err(error) = runner.run_async(record).await {
            failures.push(error.to_string());
        }
    }
    failures
}

/// Whether the rows are those expected; numbers with a point agree to 1e-9.
fn agree(normalize: Normalizer, actual: &[Vec<String>], expected: &[String]) -> bool {
    let real = |word: &str| word.parse::<f64>().ok().filter(|_| word.contains('.'));
    let same = |actual: &str, expected: &str| match (real(expected), actual.parse::<f64>()) {
        (Some(expected), Ok(actual)) => (actual - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        _ => actual == expected,
    };
    actual.len() == expected.len()
        && actual.iter().zip(expected).all(|(actual, expected)| {
            let (actual, expected) = (normalize(&actual.join(" ")), normalize(expected));
            let (actual, expected) = (actual.split(' '), expected.split(' '));
            actual.clone().count() == expected.clone().count()
                && actual
                    .zip(expected)
                    .all(|(actual, expected)| same(actual, expected))
        })
}

struct Connection(Arc<Engine>);

#[async_trait]
impl AsyncDB for Connection {
    type Error = latido::Error;
    type ColumnType = Column;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<Column>> {
        let answer = self.0.run(sql, &parameters(sql)).await?;
        let schema = answer.schema();
        if schema.fields().is_empty() {
            return Ok(DBOutput::StatementComplete(0));
        }
        let types = schema
            .fields()
            .iter()
            .map(|field| column(field.data_type()))
            .collect();
        let batches: Vec<RecordBatch> = answer.try_collect().await?;
        let rows: std::result::Result<Vec<_>, ArrowError> = batches.iter().map(texts).collect();
        let rows = rows.expect("every type has a text").concat();
        Ok(DBOutput::Rows { types, rows })
    }

    async fn shutdown(&mut self) {}
}

/// What a statement's first line binds, if it is `-- with name=value, …`.
fn parameters(sql: &str) -> Vec<(String, String)> {
    let first = sql.lines().next().unwrap_or_default();
    let pairs = first
        .strip_prefix("-- with ")
        .into_iter()
        .flat_map(|pairs| pairs.split(", "));
    pairs
        .map(|pair| {
            pair.split_once('=')
                .expect("a parameter is written name=value")
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn column(kind: &DataType) -> Column {
    match kind {
        DataType::Dictionary(_, values) => column(values),
        _ if kind.is_string() => Column::Text,
        _ if kind.is_integer() => Column::Integer,
        _ if kind.is_numeric() => Column::FloatingPoint,
        _ => Column::Any,
    }
}

fn texts(batch: &RecordBatch) -> std::result::Result<Vec<Vec<String>>, ArrowError> {
    let options = FormatOptions::new().with_null("NULL");
    let columns = batch.columns().iter();
    let columns: Vec<_> = columns
        .map(|column| ArrayFormatter::try_new(column, &options))
        .collect::<std::result::Result<_, _>>()?;
    let text = |row: usize| {
        columns
            .iter()
            .map(move |column| column.value(row).try_to_string())
    };
    (0..batch.num_rows())
        .map(|row| text(row).collect())
        .collect()
}
