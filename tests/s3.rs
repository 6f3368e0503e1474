//! Feedback in a bucket: written, read, pruned, and every mistake named in one line.
//!
//! The server is a real one (SeaweedFS), started by `tests/s3/server.py` on free loopback ports
//! and ended when the script's input closes, so that even a killed test leaves none behind. The
//! script also relays to it and records each request: what was asked is read off the wire.
//! `.ci/install` installs the server; `LATIDO_WEED` names another one.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use latido::sources::{ObjectStores, explain};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use url::Url;

use crate::delivery::{FAILS, copy, number, session};
use crate::repl::Terminal;

const KEY: &str = "AKIALATIDOTEST";
const SECRET: &str = "latido-test-secret";

/// The server with its recording relay.
struct Bucket {
    script: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    endpoint: String,
}

impl Bucket {
    /// Starts the server, or says why not.
    fn start() -> Option<Self> {
        let mut script = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/s3/server.py"))
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .inspect_err(|error| skip(&format!("python3 does not start: {error}")))
            .ok()?;
        let mut bucket = Self {
            commands: script.stdin.take(),
            answers: BufReader::new(script.stdout.take().unwrap()),
            script,
            endpoint: String::new(),
        };
        let answer = bucket.answer();
        match answer.split_once(' ') {
            Some(("ready", endpoint)) => bucket.endpoint = endpoint.to_owned(),
            Some(("skip", why)) => {
                skip(why);
                return None;
            }
            _ => panic!("the server script said {answer:?}"),
        }
        Some(bucket)
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// The requests since the last call: method, and path with query.
    fn requests(&mut self) -> Vec<String> {
        writeln!(self.commands.as_mut().unwrap(), "requests").unwrap();
        let count = self.answer().parse().unwrap();
        (0..count).map(|_| self.answer()).collect()
    }

    /// The stores of a person whose environment points here, with some variables changed.
    fn stores(&self, changed: &[(&str, &str)]) -> ObjectStores {
        let usual = [
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_REGION", "us-east-1"),
        ];
        let kept = usual
            .into_iter()
            .filter(|(name, _)| changed.iter().all(|(other, _)| name != other));
        ObjectStores::from_variables(
            kept.chain(changed.iter().copied())
                .filter(|(_, value)| !value.is_empty()),
        )
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.commands.take());
        self.script.wait().unwrap();
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn skip(why: &str) {
    eprintln!("the S3 journey is skipped: {why}");
    assert!(
        std::env::var_os("LATIDO_TESTS_COMPLETE").is_none(),
        "nothing may be skipped: {why}"
    );
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A table over a prefix, with its partitions as the person would declare them.
async fn table(context: &SessionContext, name: &str, place: &str, partition: &str) {
    let place = ListingTableUrl::parse(place).unwrap();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_extension(".parquet")
        .with_table_partition_cols(vec![(
            partition.to_owned(),
            datafusion::arrow::datatypes::DataType::Int64,
        )]);
    let config = ListingTableConfig::new(place).with_listing_options(options);
    let config = config.infer_schema(&context.state()).await.unwrap();
    let table = ListingTable::try_new(config).unwrap();
    context.register_table(name, Arc::new(table)).unwrap();
}

async fn names(store: &dyn ObjectStore) -> Vec<String> {
    let listed: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut names: Vec<_> = listed
        .into_iter()
        .map(|meta| meta.location.to_string())
        .collect();
    names.sort();
    names
}

/// What reading this object says to a person with these variables.
async fn refusal(bucket: &Bucket, place: &str, changed: &[(&str, &str)]) -> String {
    let address = url(place);
    let text = match bucket.stores(changed).store(&address) {
        Err(error) => error.to_string(),
        Ok(store) => {
            let path = Path::from_url_path(address.path()).unwrap();
            let error = store.get(&path).await.unwrap_err();
            let text = explain(place, &error).to_string();
            assert_eq!(
                explain("", &error).to_string(),
                text,
                "the error knows its place"
            );
            text
        }
    };
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains(SECRET) && !text.contains('<'), "{text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_written_and_read_and_its_partitions_pruned() {
    let Some(mut bucket) = Bucket::start() else {
        return;
    };
    let context = session(bucket.stores(&[]));
    let rows =
        "SELECT value AS id, value % 11 AS score, 2020 + value % 5 AS year FROM range(0, 50000)";
    let sql =
        format!("COPY ({rows}) TO 's3://latido/answers/' STORED AS PARQUET PARTITIONED BY (year)");
    assert_eq!(copy(&context, &sql).await.unwrap(), 50_000);
    let store = bucket.stores(&[]).store(&url("s3://latido")).unwrap();
    assert_eq!(names(store.as_ref()).await.len(), 5);

    let context = session(bucket.stores(&[]));
    table(&context, "answers", "s3://latido/answers/", "year").await;
    assert_eq!(
        number(&context, "SELECT count(*) FROM answers").await,
        50_000
    );
    assert_eq!(
        number(&context, "SELECT sum(id) FROM answers").await,
        1_249_975_000
    );

    let context = session(bucket.stores(&[]));
    table(&context, "answers", "s3://latido/answers/", "year").await;
    bucket.requests();
    let year = "SELECT sum(id) FROM answers WHERE year = 2022";
    assert_eq!(
        number(&context, year).await,
        (0..50_000).filter(|id| id % 5 == 2).sum::<i64>()
    );
    let requests = bucket.requests();
    let reads: Vec<_> = requests
        .iter()
        .filter(|request| request.contains(".parquet"))
        .collect();
    assert!(!reads.is_empty(), "{requests:?}");
    assert!(
        reads
            .iter()
            .all(|read| read.contains("year%3D2022") || read.contains("year=2022")),
        "{reads:#?}"
    );
}

async fn content(store: &dyn ObjectStore, path: &str) -> String {
    let object = store.get(&Path::from(path)).await.unwrap();
    String::from_utf8(object.bytes().await.unwrap().to_vec()).unwrap()
}

/// A COPY that fails midway: its parts were sent, none was completed, all were aborted.
async fn fails_midway(bucket: &mut Bucket, context: &SessionContext, target: &str) {
    bucket.requests();
    let sql = format!("COPY ({FAILS}) TO {target}");
    let error = copy(context, &sql).await.unwrap_err();
    assert!(
        error.to_lowercase().contains("divide by zero"),
        "{target}: {error}"
    );
    let requests = bucket.requests();
    let count = |method: &str, part: &str| {
        requests
            .iter()
            .filter(|r| r.starts_with(method) && r.contains(part))
            .count()
    };
    assert!(
        count("PUT", "partNumber=") > 0,
        "it failed before it wrote: {requests:#?}"
    );
    assert_eq!(
        count("POST", "uploadId="),
        0,
        "an upload was completed: {requests:#?}"
    );
    assert_eq!(
        count("DELETE", "uploadId="),
        count("POST", "uploads"),
        "{requests:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_to_a_bucket_is_there_whole_or_not_at_all() {
    let Some(mut bucket) = Bucket::start() else {
        return;
    };
    let context = session(bucket.stores(&[]));
    let store = bucket.stores(&[]).store(&url("s3://latido")).unwrap();
    for (rows, name) in [
        ("SELECT 1 AS a", "one"),
        ("SELECT 1 AS a WHERE false", "none"),
    ] {
        let sql = format!("COPY ({rows}) TO 's3://latido/out/{name}.csv'");
        copy(&context, &sql).await.unwrap();
    }
    assert_eq!(content(store.as_ref(), "out/one.csv").await, "a\n1\n");
    let before = names(store.as_ref()).await;
    assert_eq!(before, ["out/none.csv", "out/one.csv"]);

    for target in [
        "'s3://latido/out/one.csv'",
        "'s3://latido/out/new.parquet'",
        "'s3://latido/parts/' STORED AS CSV PARTITIONED BY (part)",
    ] {
        fails_midway(&mut bucket, &context, target).await;
        assert_eq!(names(store.as_ref()).await, before, "{target}");
    }
    let kept = content(store.as_ref(), "out/one.csv").await;
    assert_eq!(kept, "a\n1\n", "the object that was there is kept");

    let rows = "SELECT value AS id, value * 7 AS x FROM range(0, 1000000)";
    let sql = format!("COPY ({rows}) TO 's3://latido/out/one.csv'");
    assert_eq!(copy(&context, &sql).await.unwrap(), 1_000_000);
    let replaced = content(store.as_ref(), "out/one.csv").await;
    assert_eq!(replaced.lines().count(), 1_000_001);
    assert_eq!(replaced.lines().last(), Some("999999,6999993"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named_in_one_line() {
    let Some(bucket) = Bucket::start() else {
        return;
    };
    let store = bucket.stores(&[]).store(&url("s3://latido")).unwrap();
    store
        .put(&Path::from("there.csv"), "a\n1\n".into())
        .await
        .unwrap();

    let place = "s3://latido/there.csv";
    let text = refusal(&bucket, place, &[("AWS_SECRET_ACCESS_KEY", "wrong")]).await;
    assert!(
        text.starts_with("s3://latido/there.csv: the secret does not belong to the key"),
        "{text}"
    );
    let text = refusal(&bucket, place, &[("AWS_ACCESS_KEY_ID", "AKIAWRONG")]).await;
    assert!(text.starts_with("s3://latido/there.csv: the key"), "{text}");
    assert!(
        text.contains("is unknown; check AWS_ACCESS_KEY_ID"),
        "{text}"
    );
    let text = refusal(&bucket, place, &[("AWS_SKIP_SIGNATURE", "true")]).await;
    assert!(
        text.starts_with("s3://latido/there.csv: access denied"),
        "{text}"
    );
    assert_eq!(
        refusal(&bucket, "s3://nowhere/there.csv", &[]).await,
        "s3://nowhere/there.csv: no such bucket; check its name, AWS_REGION and AWS_ENDPOINT_URL"
    );
    assert_eq!(
        refusal(&bucket, "s3://latido/gone.csv", &[]).await,
        "s3://latido/gone.csv: no such object; check the path"
    );
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = format!("http://{closed}");
    assert_eq!(
        refusal(&bucket, place, &[("AWS_ENDPOINT_URL", &closed)]).await,
        format!(
            "s3://latido/there.csv: no answer from {closed}: connection refused; check the network and AWS_ENDPOINT_URL"
        )
    );
    let nobody = [
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("AWS_METADATA_ENDPOINT", &closed),
    ];
    let text = refusal(&bucket, place, &nobody).await;
    assert!(
        text.starts_with("s3://latido/there.csv: no credentials were found; set AWS_"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_may_not_write_says_so() {
    let Some(bucket) = Bucket::start() else {
        return;
    };
    let wrong = session(bucket.stores(&[("AWS_ACCESS_KEY_ID", "AKIAWRONG")]));
    let error = copy(&wrong, "COPY (SELECT 1 AS a) TO 's3://latido/x.csv'")
        .await
        .unwrap_err();
    assert!(error.contains("s3://latido/x.csv: the key"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn the_shell_completes_in_a_bucket_and_init_reads_it() {
    let Some(bucket) = Bucket::start() else {
        return;
    };
    let variables = [
        format!("AWS_ACCESS_KEY_ID={KEY}"),
        format!("AWS_SECRET_ACCESS_KEY={SECRET}"),
        format!("AWS_ENDPOINT_URL={}", bucket.endpoint),
        "AWS_REGION=us-east-1".to_owned(),
    ];
    let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
    let Some(terminal) = Terminal::open_with(&variables) else {
        return;
    };
    terminal.enters("COPY responses TO 's3://feedback/answers/responses.parquet';");
    terminal.sees("22000");
    terminal.clears();
    terminal.types("SELECT count(*) AS n FROM 's3://feedback/ans");
    terminal.presses("Tab");
    terminal.sees("'s3://feedback/answers/");
    terminal.presses("Tab");
    terminal.sees("'s3://feedback/answers/responses.parquet'");
    terminal.types(";");
    terminal.presses("Enter");
    terminal.sees("│ 22000 │");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_latido"))
        .args(["init", "s3://feedback/answers/"])
        .current_dir(terminal.home.path())
        .envs(variables.iter().filter_map(|pair| pair.split_once('=')))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("22000 rows"), "{said}");
    let project = std::fs::read_to_string(terminal.home.path().join("latido.yaml")).unwrap();
    assert!(project.contains("\"s3://feedback/answers/\""), "{project}");
}
