//! Files of every format, shape and state as tables, through DataFusion's own session.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first thing that is not as it should be, and says what it skips"
)]

mod damage;
mod faults;
mod places;
mod requests;
mod schemas;
mod shared_data;
mod statements;
mod text;

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{SessionConfig, SessionContext};
use latido::sources::{Factory, KEYWORDS, Location, ReadOptions, open};

/// Partitions and batch sizes under which every answer must be the same.
const SETTINGS: [(usize, usize); 3] = [(1, 8192), (4, 3), (4, 8192)];

/// A session whose scans are cut into as many ranges as they can be.
fn session(partitions: usize, batch_size: usize) -> SessionContext {
    let mut config = SessionConfig::new()
        .with_target_partitions(partitions)
        .with_batch_size(batch_size);
    config.options_mut().optimizer.repartition_file_min_size = 1;
    let state = datafusion::execution::SessionStateBuilder::new()
        .with_config(config)
        .with_default_features()
        .with_table_factories(
            KEYWORDS
                .map(|keyword| (keyword.to_owned(), Arc::new(Factory::default()) as _))
                .into(),
        )
        .build();
    SessionContext::new_with_state(state)
}

/// Registers a place as table `t`.
async fn register(session: &SessionContext, place: &str) -> latido::Result<()> {
    let location = Location::parse(place)?;
    let table = open(&session.state(), &location, &ReadOptions::default()).await?;
    session
        .deregister_table("t")
        .expect("a name that can be free");
    session.register_table("t", table).expect("a free name");
    Ok(())
}

async fn run(session: &SessionContext, sql: &str) -> Result<Vec<String>, String> {
    let frame = session.sql(sql).await.map_err(|error| error.to_string())?;
    let batches = frame.collect().await.map_err(|error| error.to_string())?;
    Ok(lines(&batches))
}

/// Rows as `a|b|c`, NULL spelled out, in the order of the answer.
fn lines(batches: &[RecordBatch]) -> Vec<String> {
    let options = FormatOptions::new().with_null("NULL");
    let mut lines = Vec::new();
    for batch in batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = columns.iter().map(|c| c.value(row).to_string()).collect();
            lines.push(cells.join("|"));
        }
    }
    lines
}

/// Runs statements with the place as table `t` in every setting and compares what they answer.
async fn answers(place: &str, statements: &[(&str, &[&str])]) {
    for (partitions, batch_size) in SETTINGS {
        let session = session(partitions, batch_size);
        register(&session, place)
            .await
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        for (sql, expected) in statements {
            let found = run(&session, sql)
                .await
                .unwrap_or_else(|e| panic!("{sql}: {e}"));
            assert_eq!(
                &found, expected,
                "{sql} over {place}, {partitions} × {batch_size}"
            );
        }
    }
}

/// The one error of opening a place and counting its rows column by column.
async fn error(place: &str) -> String {
    let session = session(4, 8192);
    match register(&session, place).await {
        Err(error) => error.to_string(),
        Ok(()) => match run(&session, "SELECT * FROM t").await {
            Err(error) => error,
            Ok(rows) => panic!("{place} gave {} rows and no error", rows.len()),
        },
    }
}

/// Checks that an error is one line and says everything it has to.
fn says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
    assert!(!error.trim().contains('\n'), "more than one line: {error}");
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> String {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn write_parquet(path: &Path, batch: &RecordBatch) -> String {
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    write(path, bytes)
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
