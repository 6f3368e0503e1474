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
        Ok(_) => panic!("no error: {sql:.200}"),
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

#[tokio::test]
async fn long_chains_work_or_are_refused_in_one_line() {
    let engine = engine().await;
    for (head, link) in [
        ("select 1", " + 1"),
        ("select 1 from (values (1)) t(x) where x = 1", " or x = 2"),
        ("select 1 from (values (1)) t(x) where x = 1", " and x = 1"),
        ("select 'a'", " || 'a'"),
        ("select 1", " union all select 1"),
    ] {
        let chain = |length| format!("{head}{}", link.repeat(length));
        assert!(rows(&engine, &chain(400)).await.is_ok(), "{link}");
        for length in [3_000, 5_000, 10_000] {
            let error = error(&engine, &chain(length)).await;
            assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
        }
    }
}

/// More operators that yield than tokio gives a task polls in a row.
#[tokio::test]
async fn a_stack_of_joins_or_windows_ends() {
    let engine = open(Options {
        limits: Limits {
            timeout: Some(Duration::from_secs(120)),
            ..Limits::default()
        },
        ..Options::default()
    })
    .await;
    let joins: String = (1..140)
        .map(|i| format!(" join (select 1 as y) a{i} on true"))
        .collect();
    let sql = format!("select count(*) from (select 1 as x) a0{joins}");
    assert_eq!(number(&engine, &sql).await, 1);
    let windows: String = (1..140)
        .map(|i| {
            let before = i - 1;
            format!(
                ", w{i} as (select sum(v) over (order by v rows 1 preceding) as v from w{before})"
            )
        })
        .collect();
    let sql = format!("with w0 as (select 1 as v){windows} select count(*) from w139");
    assert_eq!(number(&engine, &sql).await, 1);
}

#[tokio::test]
async fn nested_and_long_texts_end_in_one_line() {
    let engine = engine().await;
    for sql in [
        format!("select {}1{}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("select {}1{}", "(".repeat(900), ")".repeat(900)),
        format!("select {}1{}", "[".repeat(900), "]".repeat(900)),
        format!("select {} true", "not ".repeat(900)),
        format!("select {} 1", "- ".repeat(900)),
        format!(
            "select {} 1 {}",
            "case when true then ".repeat(900),
            " end".repeat(900)
        ),
        format!(
            "select * from {}select 1{}",
            "(".repeat(500),
            ") t".repeat(500)
        ),
        format!("select '{}'", "x".repeat(1_000_000)),
    ] {
        let text = text(&engine, &sql).await;
        assert!(text.len() < 300, "{text}");
    }
    let letters = format!("select length('{}')", "x".repeat(999_000));
    assert_eq!(rows(&engine, &letters).await.unwrap()[0].num_rows(), 1);
    let list = vec!["12345"; 20_000].join(",");
    assert_eq!(
        number(&engine, &format!("select count(*) where 5 in ({list})")).await,
        0
    );
}

#[tokio::test]
async fn memory_is_a_limit_with_a_remedy() {
    let engine = open(Options {
        limits: Limits {
            memory: Some(20 << 20),
            ..Limits::default()
        },
        ..Options::default()
    })
    .await;
    let sql = "select count(*) from range(0, 9000000) a join range(0, 9000000) b using (value)";
    let error = error(&engine, sql).await;
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    assert!(error.to_string().contains("--memory"), "{error}");
    assert_eq!(number(&engine, "select 1").await, 1);
}

#[tokio::test]
async fn a_sort_of_more_than_the_memory_spills() {
    let engine = open(Options {
        limits: Limits {
            memory: Some(24 << 20),
            ..Limits::default()
        },
        ..Options::default()
    })
    .await;
    let sql = "select value, repeat('x', 50) from range(0, 1000000) order by -value";
    let mut answer = engine.run(sql, &[]).await.unwrap();
    let mut seen = 0;
    let mut first = None;
    while let Some(batch) = answer.next().await {
        let batch = batch.unwrap();
        first = first.or_else(|| Some(batch.column(0).as_primitive::<Int64Type>().value(0)));
        seen += batch.num_rows();
    }
    assert_eq!((seen, first), (1_000_000, Some(999_999)));
}

#[tokio::test]
async fn statements_end_at_the_timeout() {
    let engine = open(Options {
        limits: Limits {
            timeout: Some(Duration::from_millis(500)),
            ..Limits::default()
        },
        ..Options::default()
    })
    .await;
    for sql in [
        "select count(*) from range(0, 1000000) a cross join range(0, 1000000) b",
        "select count(*) from range(0, 1000000) a join range(0, 1000000) b on a.value + b.value < -1",
        "select a.value from range(0, 1000000) a cross join range(0, 1000000) b where a.value < 0 or b.value < 0",
        "select sum(m) from (select max(value) over (order by value rows between 100000 preceding and current row) as m from range(0, 3000000))",
    ] {
        let started = Instant::now();
        let error = error(&engine, sql).await;
        assert!(started.elapsed() < HANG, "{sql}");
        assert_eq!(error.kind(), ErrorKind::Limit, "{sql}: {error}");
        assert!(error.to_string().contains("--timeout"), "{error}");
    }
}

/// With one worker, a statement that went on after its answer was dropped would hold up the next.
#[tokio::test]
async fn dropping_an_answer_stops_the_statement() {
    let engine = open(Options {
        limits: Limits {
            threads: Some(1),
            ..Limits::default()
        },
        ..Options::default()
    })
    .await;
    for sql in [
        "select count(*) from range(0, 1000000) a cross join range(0, 1000000) b",
        "select count(*) from range(0, 1000000) a join range(0, 1000000) b on a.value + b.value < -1",
        "select count(*) from range(0, 1000000) a join range(0, 1000000) b on a.value % 2 = b.value % 2 and a.value + b.value < -1",
        "select sum(r) from (select a.value, row_number() over (order by a.value) as r from range(0, 10000) a cross join range(0, 100000) b)",
    ] {
        let answer = engine.run(sql, &[]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        drop(answer);
        let next = tokio::time::timeout(HANG, rows(&engine, "select 1")).await;
        assert!(next.is_ok(), "{sql}");
    }
}

#[tokio::test]
async fn views_are_planned_anew_and_may_not_go_round() {
    let engine = engine().await;
    rows(&engine, "create table t as select 1 as a")
        .await
        .unwrap();
    rows(&engine, "create view v as select a + 1 as b from t")
        .await
        .unwrap();
    rows(&engine, "create view w(c) as select b from v -- the end")
        .await
        .unwrap();
    assert_eq!(number(&engine, "select c from w").await, 2);
    rows(
        &engine,
        "create or replace table t as select 10 as a, 'x' as more",
    )
    .await
    .unwrap();
    assert_eq!(number(&engine, "select c from w").await, 11);
    assert!(
        text(&engine, "create view v as select 1")
            .await
            .contains("exists already")
    );
    rows(&engine, "create view if not exists v as select 99 as b")
        .await
        .unwrap();
    assert_eq!(number(&engine, "select c from w").await, 11);
    rows(&engine, "create or replace view v as select c as b from w")
        .await
        .unwrap_err();
    rows(&engine, "drop view v").await.unwrap();
    assert!(
        text(&engine, "select c from w")
            .await
            .contains("no table v")
    );
    rows(&engine, "create view v as select b from u")
        .await
        .unwrap_err();
    assert!(
        text(&engine, "create view x as select * from x")
            .await
            .contains("reads itself")
    );
    assert!(
        text(&engine, "drop table w")
            .await
            .contains("w is a view; write DROP VIEW w")
    );
    rows(&engine, "drop view if exists nothing").await.unwrap();
    let listed = shown(
        &engine,
        "select table_name, table_type from information_schema.tables where table_schema = 'main' order by 1",
    )
    .await;
    assert!(
        listed.contains("BASE TABLE") && listed.contains("VIEW"),
        "{listed}"
    );
}

#[tokio::test]
async fn new_files_and_columns_are_seen() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.csv"), "id\n1\n").unwrap();
    let engine = open(Options {
        tables: vec![table("t", directory.path())],
        ..Options::default()
    })
    .await;
    assert_eq!(number(&engine, "select count(*) from t").await, 1);
    std::fs::write(directory.path().join("b.csv"), "id\n2\n3\n").unwrap();
    let started = Instant::now();
    while number(&engine, "select count(*) from t").await != 3 {
        assert!(started.elapsed() < HANG, "a new file is never seen");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn names_that_are_not_known_get_a_hint() {
    let engine = engine().await;
    rows(
        &engine,
        "create table responses as select 1 as nps, 'x' as \"Reason\"",
    )
    .await
    .unwrap();
    rows(&engine, "create table \"Visits\" as select 1 as a")
        .await
        .unwrap();
    for (sql, wanted) in [
        (
            "select * from response",
            "no table response; did you mean responses?",
        ),
        (
            "select * from other",
            "no table other; there are Visits, responses",
        ),
        (
            "select * from 'nowhere/file.csv'",
            "nowhere/file.csv: no such file or directory",
        ),
        (
            "select * from some.parquet",
            "no table some.parquet; write FROM 'some.parquet' in quotes to read the file",
        ),
        (
            "select mps from responses",
            "no column mps; did you mean nps? columns: nps, \"Reason\"",
        ),
        (
            "select coutn(nps) from responses",
            "no function coutn; did you mean count?",
        ),
        (
            "select 1/0",
            "division by zero; write nullif(divisor, 0) to get NULL instead",
        ),
        (
            "create table responses as select 1",
            "responses exists already; write CREATE OR REPLACE to replace it",
        ),
        (
            "select 1; select 2",
            "2 statements in one text; run them one by one",
        ),
        (
            "drop table respones",
            "no table respones; did you mean responses?",
        ),
    ] {
        assert_eq!(text(&engine, sql).await, wanted, "{sql}");
    }
    assert_eq!(number(&engine, "select count(*) from visits").await, 1);
    let syntax = text(&engine, "select 1\nfrom responses wher nps > 1").await;
    assert!(syntax.contains("Line: 2"), "{syntax}");
}

#[tokio::test]
async fn parameters_are_bound_by_name() {
    let engine = engine().await;
    let sql = "select count(*) from range(0, 100) where value >= $low and value < $high";
    let given = parameters(&[("low", "10"), ("high", "20")]);
    let answer = engine
        .run(sql, &given)
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    assert_eq!(answer[0].column(0).as_primitive::<Int64Type>().value(0), 10);
    let missing = engine.run(sql, &given[..1]).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Usage);
    assert!(
        missing
            .to_string()
            .starts_with("parameter $high has no value"),
        "{missing}"
    );
    let more = parameters(&[("low", "1"), ("high", "2"), ("hihg", "3")]);
    let superfluous = engine.run(sql, &more).await.unwrap_err().to_string();
    assert_eq!(
        superfluous,
        "the statement has no parameter $hihg; there are: high, low"
    );
    let text = parameters(&[("x", "'; drop table t; --"), ("n", "null")]);
    let answer = engine
        .run("select $x as x where $n is null limit 1", &text)
        .await
        .unwrap();
    let batches = answer.collect().await.unwrap();
    assert!(
        pretty_format_batches(&batches)
            .unwrap()
            .to_string()
            .contains("'; drop table t; --")
    );
}

#[tokio::test]
async fn what_the_engine_does_not_do_is_refused_in_a_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("t.csv");
    std::fs::write(&file, "id\n1\n").unwrap();
    let engine = open(Options {
        tables: vec![table("t", &file)],
        ..Options::default()
    })
    .await;
    for (sql, wanted) in [
        ("select * from t tablesample (10 percent)", "TABLESAMPLE"),
        ("set datafusion.runtime.memory_limit = '1G'", "--memory"),
        ("reset datafusion.runtime.memory_limit", "--memory"),
        ("set datafusion.runtime.temp_directory = '/tmp'", "--memory"),
        ("set datafusion.catalog.default_schema = 'x'", "--memory"),
        ("insert into t values (2)", "COPY"),
        ("delete from t", "not supported"),
        ("begin", "not supported"),
        ("prepare p as select 1", "$name"),
        ("create schema s", "not supported"),
        ("create materialized view m as select 1", "materialized"),
        ("explain analyze insert into t values (2)", "COPY"),
        ("", "no statement"),
    ] {
        let text = text(&engine, sql).await;
        assert!(text.contains(wanted), "{sql}: {text}");
    }
    rows(&engine, "set datafusion.execution.batch_size = 100")
        .await
        .unwrap();
    assert!(
        shown(&engine, "show datafusion.execution.batch_size")
            .await
            .contains("100")
    );
    rows(&engine, "reset datafusion.execution.batch_size")
        .await
        .unwrap();
    assert!(
        shown(&engine, "show datafusion.execution.batch_size")
            .await
            .contains("8192")
    );
}

#[tokio::test]
async fn tables_in_memory_take_rows() {
    let engine = engine().await;
    rows(&engine, "create table t(a int, b text)")
        .await
        .unwrap();
    rows(&engine, "insert into t values (1, 'x'), (2, 'y')")
        .await
        .unwrap();
    assert_eq!(number(&engine, "select count(*) from t").await, 2);
    rows(&engine, "drop table t").await.unwrap();
    assert!(
        text(&engine, "select * from t")
            .await
            .starts_with("no table t")
    );
}

#[tokio::test]
async fn several_statements_run_at_once() {
    let engine = std::sync::Arc::new(engine().await);
    let sql = "select count(*) from (select value % 1000 as k, count(*) from range(0, 200000) group by k)";
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let engine = std::sync::Arc::clone(&engine);
            tokio::spawn(async move { number(&engine, sql).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 1000);
    }
}

#[tokio::test]
async fn an_answer_outlives_its_engine() {
    let engine = engine().await;
    let answer = engine
        .run("select value from range(0, 100000)", &[])
        .await
        .unwrap();
    drop(engine);
    let rows: usize = answer
        .collect()
        .await
        .unwrap()
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 100_000);
}

#[tokio::test]
async fn a_copy_is_read_back_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("out.csv.gz");
    let engine = engine().await;
    let copy = format!(
        "copy (select value from range(0, 1000)) to '{}'",
        file.display()
    );
    assert!(shown(&engine, &copy).await.contains("| 1000  |"));
    assert_eq!(
        number(
            &engine,
            &format!("select count(*) from '{}'", file.display())
        )
        .await,
        1000
    );
    let failing = format!(
        "copy (select 1 / (500 - value) from range(0, 1000)) to '{}'",
        file.display()
    );
    assert!(text(&engine, &failing).await.contains("division by zero"));
    assert_eq!(
        number(
            &engine,
            &format!("select count(*) from '{}'", file.display())
        )
        .await,
        1000
    );
}

#[tokio::test]
async fn functions_carry_their_documentation() {
    let functions = engine().await.functions();
    let nps = functions
        .iter()
        .find(|function| function.name == "nps")
        .unwrap();
    assert!(
        nps.own && nps.example.is_some() && !nps.description.is_empty(),
        "{nps:?}"
    );
    let others = functions.iter().position(|function| !function.own).unwrap();
    assert!(functions[others..].iter().all(|function| !function.own));
    assert!(functions.iter().any(|function| function.name == "abs"));
}
