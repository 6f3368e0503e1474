//! `COPY … TO` local files: complete or not there, through the library.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::{DFParser, Statement};
use latido::sources::{ObjectStores, complete_copy, deliver, refuse_partial};

/// A session on our stores, as the engine builds it.
pub(crate) fn session(stores: ObjectStores) -> SessionContext {
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(stores));
    let config = SessionConfig::new().with_target_partitions(2);
    SessionContext::new_with_config_rt(config, runtime.build_arc().unwrap())
}

/// What the engine does with a COPY.
pub(crate) async fn copy(context: &SessionContext, sql: &str) -> Result<u64, String> {
    let mut statement = DFParser::parse_sql(sql).unwrap().pop_front().unwrap();
    if let Statement::CopyTo(copy) = &mut statement {
        complete_copy(copy).map_err(|error| error.to_string())?;
    }
    let state = context.state();
    let plan = state
        .statement_to_plan(statement)
        .await
        .map_err(|error| error.to_string())?;
    refuse_partial(&plan).map_err(|error| error.to_string())?;
    let LogicalPlan::Copy(copy) = plan else {
        panic!("not a COPY: {sql}")
    };
    deliver(&state, &copy)
        .await
        .map_err(|error| error.to_string())
}

/// The integer that a query gives.
pub(crate) async fn number(context: &SessionContext, sql: &str) -> i64 {
    let batches = context.sql(sql).await.unwrap().collect().await.unwrap();
    batches[0].column(0).as_primitive::<Int64Type>().value(0)
}

/// Rows that fail after a million: long after the first bytes were written.
pub(crate) const FAILS: &str = "SELECT value AS id, CASE WHEN value = 1200000 THEN 1 / (value - 1200000) ELSE value % 11 END \
     AS score, value % 3 AS part FROM range(1, 2000000)";

fn local() -> SessionContext {
    session(ObjectStores::from_variables([("HOME", "/nowhere")]))
}

/// Every file and directory under a path, hidden ones too.
fn everything(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_comes_back_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let context = local();
    for ending in [
        "parquet", "csv", "csv.gz", "csv.zst", "tsv", "ndjson", "jsonl", "json", "json.gz", "arrow",
    ] {
        let file = home.path().join(format!("scores.{ending}"));
        let sql = format!(
            "COPY (SELECT value AS id FROM range(1, 1001)) TO '{}'",
            file.display()
        );
        assert_eq!(copy(&context, &sql).await.unwrap(), 1000, "{ending}");
        assert!(file.is_file(), "{ending}");
        let start = fs::read(&file).unwrap()[..2].to_vec();
        let packed = ending.ends_with(".gz").then_some([0x1f, 0x8b]);
        let packed = packed.or(ending.ends_with(".zst").then_some([0x28, 0xb5]));
        assert!(
            packed.is_none_or(|magic| start == magic),
            "{ending}: {start:?}"
        );
    }
    let written = |name: &str| home.path().join(name).display().to_string();
    let options = datafusion::prelude::ParquetReadOptions::default();
    context
        .register_parquet("p", written("scores.parquet"), options)
        .await
        .unwrap();
    assert_eq!(number(&context, "SELECT sum(id) FROM p").await, 500_500);
    let gzip = datafusion::prelude::CsvReadOptions::new()
        .file_extension("csv.gz")
        .file_compression_type(
            datafusion::datasource::file_format::file_compression_type::FileCompressionType::GZIP,
        );
    context
        .register_csv("c", written("scores.csv.gz"), gzip)
        .await
        .unwrap();
    assert_eq!(number(&context, "SELECT sum(id) FROM c").await, 500_500);
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_separate_the_columns_of_tsv() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("x.tsv");
    let sql = format!("COPY (SELECT 1 AS a, 'b,c' AS d) TO '{}'", file.display());
    copy(&local(), &sql).await.unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), "a\td\n1\tb,c\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_fails_midway_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let context = local();
    let place = home.path().display();
    for target in [
        format!("'{place}/x.parquet'"),
        format!("'{place}/x.csv'"),
        format!("'{place}/new/x.ndjson'"),
        format!("'{place}/out/' STORED AS PARQUET"),
        format!("'{place}/out/' STORED AS CSV PARTITIONED BY (part)"),
    ] {
        let error = copy(&context, &format!("COPY ({FAILS}) TO {target}"))
            .await
            .unwrap_err();
        assert!(
            error.to_lowercase().contains("divide by zero"),
            "{target}: {error}"
        );
        assert_eq!(everything(home.path()), Vec::<PathBuf>::new(), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_keeps_the_file_and_the_directory_that_were_there() {
    let home = tempfile::tempdir().unwrap();
    let context = local();
    let file = home.path().join("x.csv");
    copy(
        &context,
        &format!("COPY (SELECT 1 AS a) TO '{}'", file.display()),
    )
    .await
    .unwrap();
    let out = home.path().join("out");
    let partitioned = format!(
        "TO '{}/' STORED AS CSV PARTITIONED BY (part)",
        out.display()
    );
    copy(
        &context,
        &format!("COPY (SELECT 1 AS a, 1 AS part) {partitioned}"),
    )
    .await
    .unwrap();
    let before = everything(home.path());

    copy(&context, &format!("COPY ({FAILS}) TO '{}'", file.display()))
        .await
        .unwrap_err();
    copy(&context, &format!("COPY ({FAILS}) {partitioned}"))
        .await
        .unwrap_err();
    assert_eq!(everything(home.path()), before);
    assert_eq!(fs::read_to_string(&file).unwrap(), "a\n1\n");

    copy(
        &context,
        &format!("COPY (SELECT 2 AS a) TO '{}'", file.display()),
    )
    .await
    .unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "a\n2\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_become_directories_and_come_back() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("by part");
    let context = local();
    let rows = "SELECT value AS id, value % 3 AS part FROM range(0, 9000)";
    let sql = format!(
        "COPY ({rows}) TO '{}' STORED AS PARQUET PARTITIONED BY (part)",
        out.display()
    );
    assert_eq!(copy(&context, &sql).await.unwrap(), 9000);
    let files = everything(&out);
    assert_eq!(files.len(), 6, "{files:?}");
    assert!(files.contains(&out.join("part=2")));
    assert_eq!(
        fs::read_dir(home.path()).unwrap().count(),
        1,
        "the stage is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_visible_under_the_name_before_the_end() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("x.csv");
    let sql = format!(
        "COPY (SELECT value AS id FROM range(0, 50000000)) TO '{}'",
        file.display()
    );
    let context = local();
    let running = tokio::spawn(async move { copy(&context, &sql).await });
    let staged = |least: u64| {
        everything(home.path())
            .iter()
            .any(|path| fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() > least))
    };
    while !staged(1 << 20) {
        assert!(!running.is_finished(), "it ended before it was looked at");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(!file.exists());
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(
        everything(home.path()),
        Vec::<PathBuf>::new(),
        "a cancelled COPY leaves nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_refused_in_one_line() {
    let home = tempfile::tempdir().unwrap();
    let context = local();
    let place = home.path().display().to_string();
    fs::write(home.path().join("plain"), "x").unwrap();
    for (target, expected) in [
        (
            format!("'{place}/plain/x.csv'"),
            "plain/x.csv: cannot be written",
        ),
        (
            format!("'{place}/plain' STORED AS CSV"),
            "plain: this is a file",
        ),
        (format!("'{place}/x*.csv'"), "a target is one name"),
        (
            "'https://host/x.csv'".to_owned(),
            "https://host/x.csv: latido does not write to web",
        ),
        (
            "'ftp://host/x.csv'".to_owned(),
            "no store is known for ftp://",
        ),
        (format!("'{place}/x'"), "names no format"),
    ] {
        let error = copy(&context, &format!("COPY (SELECT 1 AS a) TO {target}"))
            .await
            .unwrap_err();
        assert!(error.contains(expected), "{target}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    assert_eq!(everything(home.path()), [home.path().join("plain")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_null_does_not_become_a_partition() {
    let home = tempfile::tempdir().unwrap();
    let sql = format!(
        "COPY (SELECT * FROM (VALUES (1, 'es'), (2, NULL)) t(id, country)) TO '{}/out' STORED AS \
         CSV PARTITIONED BY (country)",
        home.path().display()
    );
    let error = copy(&local(), &sql).await.unwrap_err();
    assert!(error.contains("coalesce(country, 'unknown')"), "{error}");
    assert_eq!(everything(home.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn statements_that_would_write_past_the_stage_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let context = local();
    fs::write(home.path().join("a.csv"), "id\n1\n").unwrap();
    let options = datafusion::prelude::CsvReadOptions::new();
    context
        .register_csv("answers", home.path().to_str().unwrap(), options)
        .await
        .unwrap();
    context.sql("CREATE TABLE kept (id BIGINT)").await.unwrap();
    let state = context.state();
    for (sql, refused) in [
        (
            "INSERT INTO answers SELECT 1",
            Some("INSERT INTO answers: answers is read from files"),
        ),
        ("INSERT INTO kept SELECT 1", None),
        (
            "EXPLAIN ANALYZE COPY answers TO 'x.csv'",
            Some("EXPLAIN ANALYZE of a COPY"),
        ),
        ("EXPLAIN COPY answers TO 'x.csv'", None),
        ("COPY answers TO 'x.csv'", None),
        ("SELECT * FROM answers", None),
    ] {
        let plan = state.create_logical_plan(sql).await.unwrap();
        let outcome = refuse_partial(&plan).err().map(|error| error.to_string());
        match refused {
            None => assert_eq!(outcome, None, "{sql}"),
            Some(start) => assert!(
                outcome.as_ref().is_some_and(|text| text.starts_with(start)),
                "{outcome:?}"
            ),
        }
    }
}

/// The test runs itself as the process that is killed; this variable names its target then.
const VICTIM: &str = "LATIDO_TEST_COPY_VICTIM";

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_nothing_readable_and_is_swept_up_after() {
    let endless =
        |file: &str| format!("COPY (SELECT value AS id FROM range(0, 900000000)) TO '{file}'");
    if let Ok(file) = std::env::var(VICTIM) {
        copy(&local(), &endless(&file)).await.unwrap();
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("x.csv");
    let this = "delivery::a_killed_process_leaves_nothing_readable_and_is_swept_up_after";
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this])
        .env(VICTIM, &file)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let large = |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() > 1 << 20);
    while !everything(home.path()).iter().any(large) {
        assert!(
            victim.try_wait().unwrap().is_none(),
            "it ended before it was killed"
        );
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    victim.kill().unwrap();
    victim.wait().unwrap();

    let left = everything(home.path());
    assert!(
        left.iter().all(|path| path
            .strip_prefix(home.path())
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with('.')),
        "{left:?}"
    );
    let lock = left.iter().find(|path| path.ends_with("lock")).unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::open(lock).unwrap().set_modified(old).unwrap();
    let sql = format!("COPY (SELECT 1 AS a) TO '{}'", file.display());
    copy(&local(), &sql).await.unwrap();
    assert_eq!(everything(home.path()), [file]);
}
