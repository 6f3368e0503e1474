//! Which files are touched: partitions and row groups that a question rules out are not.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use arrow::array::{Int64Array, RecordBatch};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use url::Url;

use super::{lines, register, run, says, session};

/// A bucket in memory that keeps a list of what was asked of it.
#[derive(Debug, Default)]
struct Bucket {
    inner: InMemory,
    asked: Mutex<Vec<String>>,
}

impl Bucket {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl std::fmt::Display for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bucket")
    }
}

#[async_trait]
impl ObjectStore for Bucket {
    async fn put_opts(&self, at: &Path, what: PutPayload, how: PutOptions) -> Result<PutResult> {
        self.inner.put_opts(at, what, how).await
    }
    async fn put_multipart_opts(
        &self,
        at: &Path,
        how: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(at, how).await
    }
    async fn get_opts(&self, at: &Path, how: GetOptions) -> Result<GetResult> {
        self.note(format!("{} {at}", if how.head { "HEAD" } else { "GET" }));
        self.inner.get_opts(at, how).await
    }
    async fn get_ranges(&self, at: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.note(format!("GET {at}"));
        self.inner.get_ranges(at, ranges).await
    }
    fn delete_stream(
        &self,
        at: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(at)
    }
    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.note("LIST".to_owned());
        self.inner.list(prefix)
    }
    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, how).await
    }
}

async fn bucket() -> Arc<Bucket> {
    let bucket = Arc::new(Bucket::default());
    for (key, score) in [
        ("tree/year=2023/a.parquet", 1),
        ("tree/year=2024/b.parquet", 2),
        ("tree/year=2024/c.parquet", 4),
        ("tree/_SUCCESS", 0),
        ("odd keys/50%20 #é.parquet", 8),
    ] {
        let column = Arc::new(Int64Array::from(vec![score, 2 * score, 3 * score])) as _;
        let batch = RecordBatch::try_from_iter([("score", column)]).unwrap();
        let mut bytes = Vec::new();
        let mut writer =
            parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bucket
            .put(&Path::parse(key).unwrap(), bytes.into())
            .await
            .unwrap();
    }
    bucket
}

#[tokio::test]
async fn partitions_that_are_ruled_out_are_not_read() {
    let bucket = bucket().await;
    let session = session(4, 8192);
    let url = Url::parse("s3://latido").unwrap();
    session
        .runtime_env()
        .register_object_store(&url, Arc::clone(&bucket) as _);
    register(&session, "s3://latido/tree/").await.unwrap();
    bucket.asked();
    let sql = "SELECT sum(score) FROM t WHERE year = 2024 AND score > 0";
    assert_eq!(run(&session, sql).await.unwrap(), ["36"]);
    let asked = bucket.asked();
    assert!(
        asked.iter().any(|ask| ask.contains("b.parquet")),
        "{asked:?}"
    );
    assert!(
        !asked.iter().any(|ask| ask.contains("year=2023")),
        "{asked:?}"
    );
    let frame = session
        .sql("SELECT count(*) FROM t WHERE year = 1999")
        .await
        .unwrap();
    assert_eq!(lines(&frame.collect().await.unwrap()), ["0"]);
    assert_eq!(bucket.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn projection_filters_and_statistics_stay_datafusions_own() {
    let bucket = bucket().await;
    let session = session(4, 8192);
    let url = Url::parse("s3://latido").unwrap();
    session
        .runtime_env()
        .register_object_store(&url, Arc::clone(&bucket) as _);
    register(&session, "s3://latido/tree/").await.unwrap();
    bucket.asked();
    for (sql, parts) in [
        (
            "SELECT score FROM t WHERE score > 5",
            &[
                "predicate=score@0 > 5",
                "pruning_predicate",
                "projection=[score]",
            ][..],
        ),
        (
            "SELECT score FROM t ORDER BY score LIMIT 1",
            &["DynamicFilter"],
        ),
        (
            "SELECT count(*), max(score) FROM t",
            &["PlaceholderRowExec"],
        ),
    ] {
        let plan = run(&session, &format!("EXPLAIN {sql}"))
            .await
            .unwrap()
            .join("\n");
        for part in parts {
            assert!(plan.contains(part), "{part} is not in {plan}");
        }
    }
    // Bounds of the row groups rule every file out but one.
    assert_eq!(
        run(&session, "SELECT score FROM t WHERE score > 10")
            .await
            .unwrap(),
        ["12"]
    );
    let asked = bucket.asked();
    assert!(
        asked.iter().all(|ask| ask.contains("c.parquet")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn declared_columns_need_no_look_into_pruned_files() {
    let bucket = bucket().await;
    let session = session(4, 8192);
    let url = Url::parse("s3://latido").unwrap();
    session
        .runtime_env()
        .register_object_store(&url, Arc::clone(&bucket) as _);
    let create = "CREATE EXTERNAL TABLE t (score BIGINT, year BIGINT) STORED AS PARQUET \
                  PARTITIONED BY (year) LOCATION 's3://latido/tree/'";
    run(&session, create).await.unwrap();
    // One look, into the newest file, whether the declared columns are there.
    let asked = bucket.asked();
    assert!(
        !asked.iter().any(|ask| ask.contains("year=2023")),
        "{asked:?}"
    );
    let typo = create.replace("t (score", "u (scor");
    says(
        &run(&session, &typo).await.unwrap_err(),
        &["no column \"scor\"", "it has score"],
    );
    bucket.asked();
    let sql = "SELECT sum(score) FROM t WHERE year < 2024";
    assert_eq!(run(&session, sql).await.unwrap(), ["6"]);
    let asked = bucket.asked();
    assert!(
        !asked.iter().any(|ask| ask.contains("year=2024")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn keys_are_taken_as_they_are_and_missing_ones_named() {
    let bucket = bucket().await;
    let session = session(4, 8192);
    let url = Url::parse("s3://latido").unwrap();
    session
        .runtime_env()
        .register_object_store(&url, Arc::clone(&bucket) as _);
    for (place, sum) in [
        ("s3://latido/odd keys/50%20 #é.parquet", "48"),
        ("s3://latido/tree/year=*/*.parquet", "42"),
        ("s3://latido/tree/**/b.parquet", "12"),
        ("s3://latido/tree", "42"),
        ("s3://latido", "90"),
    ] {
        register(&session, place).await.unwrap();
        assert_eq!(
            run(&session, "SELECT sum(score) FROM t").await.unwrap(),
            [sum],
            "{place}"
        );
    }
    let missing = register(&session, "s3://latido/nothing.parquet")
        .await
        .unwrap_err();
    assert_eq!(
        missing.to_string(),
        "s3://latido/nothing.parquet: no such object"
    );
    let web = Url::parse("http://example.test").unwrap();
    session
        .runtime_env()
        .register_object_store(&web, Arc::clone(&bucket) as _);
    let address = "http://example.test/odd%20keys/50%2520%20%23%C3%A9.parquet";
    register(&session, address).await.unwrap();
    assert_eq!(
        run(&session, "SELECT sum(score) FROM t").await.unwrap(),
        ["48"]
    );
    let folder = register(&session, "http://example.test/tree")
        .await
        .unwrap_err();
    assert_eq!(
        folder.to_string(),
        "http://example.test/tree: no such object"
    );
    let web = register(&session, "http://127.0.0.1/a.csv?x=1")
        .await
        .unwrap_err();
    assert!(web.to_string().contains("download the file first"), "{web}");
}
