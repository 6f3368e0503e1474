//! The engine as every interface uses it: answers, limits, errors, tables and views.

use std::path::Path;
use std::time::{Duration, Instant};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use arrow::util::pretty::pretty_format_batches;
use futures::StreamExt;
use latido::engine::{Limits, Options};
use latido::{Engine, Error, ErrorKind};

/// Far more than anything here takes; only a real hang is caught by it.
const HANG: Duration = Duration::from_secs(60);

async fn engine() -> Engine {
    open(Options::default()).await
}

async fn open(mut options: Options) -> Engine {
    options.limits.threads = options.limits.threads.or(Some(2));
    Engine::open(options).await.unwrap()
}

fn table(name: &str, place: &Path) -> (String, String) {
    (name.to_owned(), place.display().to_string())
}

async fn rows(engine: &Engine, sql: &str) -> Result<Vec<RecordBatch>, Error> {
    engine.run(sql, &[]).await?.collect().await
}

async fn shown(engine: &Engine, sql: &str) -> String {
    let batches = rows(engine, sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    pretty_format_batches(&batches).unwrap().to_string()
}

async fn number(engine: &Engine, sql: &str) -> i64 {
    let batches = rows(engine, sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    batches[0].column(0).as_primitive::<Int64Type>().value(0)
}

async fn error(engine: &Engine, sql: &str) -> Error {
    match rows(engine, sql).await {
        Ok(_) => panic!("no error: {sql}"),
        Err(error) => error,
    }
}

/// The error's text, which must be one line.
async fn text(engine: &Engine, sql: &str) -> String {
    let text = error(engine, sql).await.to_string();
    assert!(!text.contains('\n'), "{text}");
    text
}

fn parameters(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_file_is_a_table_by_name_and_by_path() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("answers.csv");
    std::fs::write(&file, "id,nps\n1,10\n2,0\n3,9\n").unwrap();
    let engine = open(Options {
        tables: vec![table("answers", &file)],
        ..Options::default()
    })
    .await;
    assert_eq!(
        number(&engine, "select count(*) from answers where nps >= 9").await,
        2
    );
    let path = file.display();
    assert_eq!(
        number(&engine, &format!("select sum(nps) from '{path}'")).await,
        19
    );
    assert_eq!(
        number(&engine, &format!("select sum(nps) from \"{path}\"")).await,
        19
    );
    assert_eq!(
        number(&engine, &format!("from '{path}' select max(id)")).await,
        3
    );
    assert_eq!(number(&engine, "select count(*) from ANSWERS").await, 3);
    let listed = engine.tables().await.unwrap();
    assert_eq!(
        (listed[0].name.as_str(), listed[0].kind),
        ("answers", "table")
    );
}
