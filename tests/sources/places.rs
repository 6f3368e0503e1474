//! Paths, directories, trees, globs and names that are awkward.

use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch};
use latido::sources::Location;
use tempfile::tempdir;

use super::{answers, error, register, run, says, session, write, write_parquet};

fn scores(values: &[i64]) -> RecordBatch {
    let column = Arc::new(Int64Array::from(values.to_vec())) as _;
    RecordBatch::try_from_iter([("score", column)]).unwrap()
}

#[test]
fn a_name_in_from_is_a_place_when_it_looks_like_one() {
    for (name, expected) in [
        ("responses", false),
        ("my table", false),
        ("main.responses", false),
        ("responses.csv", true),
        ("responses.csv.gz", true),
        ("responses.NDJSON.zst", true),
        ("a/b", true),
        ("*.parquet", true),
        ("~", true),
        ("s3://bucket/key", true),
        ("x.feather", true),
        ("x.gz", false),
    ] {
        assert_eq!(Location::looks_like_one(name), expected, "{name}");
    }
}

#[tokio::test]
async fn awkward_names_are_read() {
    let folder = tempdir().unwrap();
    for name in [
        "with space.csv",
        "hash #1.csv",
        "50%.csv",
        "50%20.csv",
        "what?.csv",
        "a=b.csv",
        "ñandú 日本.csv",
        "star*.csv",
        "[x].csv",
        "semi;colon.csv",
        "UPPER.CSV",
        "a{b}^`|~.csv",
    ] {
        let path = folder.path().join("dir a=b/ü #%?").join(name);
        let place = write(&path, "score\n1\n2\n");
        answers(&place, &[("SELECT sum(score) FROM t", &["3"])]).await;
    }
    let place = folder.path().join("dir a=b").to_str().unwrap().to_owned();
    answers(
        &place,
        &[("SELECT count(*), sum(score) FROM t", &["24|36"])],
    )
    .await;
}

#[tokio::test]
async fn links_parents_and_file_urls_lead_to_the_file() {
    let folder = tempdir().unwrap();
    let root = folder.path();
    write(&root.join("real/deep/f.csv"), "score\n5\n");
    std::os::unix::fs::symlink(root.join("real"), root.join("link")).unwrap();
    std::os::unix::fs::symlink(root.join("real/deep/f.csv"), root.join("one.csv")).unwrap();
    let root = root.to_str().unwrap();
    for place in [
        format!("{root}/link/deep/f.csv"),
        format!("{root}/link/deep"),
        format!("{root}/link/"),
        format!("{root}/one.csv"),
        format!("{root}/link/deep/../deep/f.csv"),
        format!("file://{root}/link/deep/f.csv"),
        format!("{root}/link/**/*.csv"),
    ] {
        answers(&place, &[("SELECT sum(score) FROM t", &["5"])]).await;
    }
}

#[tokio::test]
async fn globs_select_within_and_across_directories() {
    let folder = tempdir().unwrap();
    for (name, score) in [
        ("a1.csv", 1),
        ("a2.csv", 2),
        ("b1.csv", 4),
        ("year=2023/month=01/x.csv", 8),
        ("year=2024/month=01/x.csv", 16),
        ("year=2024/month=02/y.csv", 32),
        ("_temporary/x.csv", 64),
        (".hidden.csv", 128),
        ("notes.md", 256),
    ] {
        write(&folder.path().join(name), format!("score\n{score}\n"));
    }
    write(&folder.path().join("_SUCCESS"), "");
    let root = folder.path().to_str().unwrap();
    for (pattern, sum) in [
        ("*.csv", 7),
        ("a*.csv", 3),
        ("a?.csv", 3),
        ("[ab]1.csv", 5),
        ("**/*.csv", 63),
        ("year=*/month=01/*.csv", 24),
        ("year=2024/**/*.csv", 48),
        ("year=2024/**", 48),
        ("**/month=02/*", 32),
        ("year=2024", 48),
        ("year=2*", 56),
        ("", 63),
    ] {
        let place = format!("{root}/{pattern}");
        answers(&place, &[("SELECT sum(score) FROM t", &[&sum.to_string()])]).await;
    }
}

#[tokio::test]
async fn hive_directories_are_typed_columns() {
    let folder = tempdir().unwrap();
    for (path, score) in [
        ("year=2023/month=01/city=S%C3%A3o%20Paulo", 1),
        ("year=2024/month=01/city=Lima", 2),
        ("year=2024/month=11/city=__HIVE_DEFAULT_PARTITION__", 4),
    ] {
        write_parquet(
            &folder.path().join(path).join("f.parquet"),
            &scores(&[score]),
        );
    }
    let root = folder.path().to_str().unwrap();
    let statements: [(&str, &[&str]); 7] = [
        (
            "SELECT arrow_typeof(year), arrow_typeof(month) FROM t LIMIT 1",
            &["Int64|Utf8"],
        ),
        (
            "SELECT score FROM t WHERE year = 2024 ORDER BY 1",
            &["2", "4"],
        ),
        ("SELECT score FROM t WHERE month = '11'", &["4"]),
        ("SELECT score FROM t WHERE city = 'São Paulo'", &["1"]),
        ("SELECT score FROM t WHERE city IS NULL", &["4"]),
        (
            "SELECT score FROM t WHERE city <> 'Lima' AND year + 1 = 2024",
            &["1"],
        ),
        (
            "SELECT min(city), count(city), max(year) FROM t",
            &["Lima|2|2024"],
        ),
    ];
    answers(root, &statements).await;
    let leaf = format!("{root}/year=2024/month=01/city=Lima/f.parquet");
    answers(
        &leaf,
        &[(
            "SELECT year, month, city, score FROM t",
            &["2024|01|Lima|2"],
        )],
    )
    .await;
}

#[tokio::test]
async fn a_directory_name_wins_over_the_column_of_the_same_name() {
    let folder = tempdir().unwrap();
    write(
        &folder.path().join("csv/year=2024/f.csv"),
        "year,score\n1999,5\n",
    );
    let batch = RecordBatch::try_from_iter([
        ("year", Arc::new(Int64Array::from(vec![1999])) as _),
        ("score", Arc::new(Int64Array::from(vec![5])) as _),
    ])
    .unwrap();
    write_parquet(&folder.path().join("parquet/year=2024/f.parquet"), &batch);
    for kind in ["csv", "parquet"] {
        let place = folder.path().join(kind).to_str().unwrap().to_owned();
        answers(&place, &[("SELECT score, year FROM t", &["5|2024"])]).await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let folder = tempdir().unwrap();
    write(&folder.path().join("responses.csv"), "a\n1\n");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let root = folder.path().to_str().unwrap();
    for (name, parts) in [
        (
            "respnses.csv",
            [
                "respnses.csv",
                "no such file",
                "did you mean responses.csv?",
            ],
        ),
        ("empty", ["empty", "is empty", "no file to read"]),
        (
            "*.parquet",
            ["*.parquet", "no file", "matches this pattern"],
        ),
        (
            "nowhere/deeper/x.csv",
            ["nowhere/deeper/x.csv", "no such file", "directory"],
        ),
        ("a**b", ["a**b", "cannot be a pattern", "**"]),
    ] {
        says(&error(&format!("{root}/{name}")).await, &parts);
    }
}

#[tokio::test]
async fn several_formats_in_one_directory_need_a_word() {
    let folder = tempdir().unwrap();
    write(&folder.path().join("a.csv"), "score\n1\n");
    write_parquet(&folder.path().join("b.parquet"), &scores(&[2]));
    write(&folder.path().join("README.txt"), "notes about the data\n");
    let root = folder.path().to_str().unwrap();
    says(
        &error(root).await,
        &["several formats", "a.csv", "b.parquet", "STORED AS"],
    );
    for (format, sum) in [("CSV", "1"), ("PARQUET", "2")] {
        let session = session(4, 8192);
        let sql = format!("CREATE EXTERNAL TABLE t STORED AS {format} LOCATION '{root}'");
        run(&session, &sql).await.unwrap();
        let found = run(&session, "SELECT sum(score) FROM t").await.unwrap();
        assert_eq!(found, [sum], "{format}");
    }
}

#[tokio::test]
async fn files_added_while_the_table_is_open_are_seen() {
    let folder = tempdir().unwrap();
    write(&folder.path().join("a.csv"), "score\n1\n");
    let root = folder.path().to_str().unwrap();
    let session = session(4, 8192);
    register(&session, root).await.unwrap();
    let sum = "SELECT sum(score) FROM t";
    assert_eq!(run(&session, sum).await.unwrap(), ["1"]);
    write(&folder.path().join("b.csv"), "reason,score\nx,2\n");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(run(&session, sum).await.unwrap(), ["3"]);
    let old = session.table_provider("t").await.unwrap();
    let new = latido::sources::refreshed(&session.state(), old)
        .await
        .unwrap();
    session.deregister_table("t").unwrap();
    session.register_table("t", new).unwrap();
    let found = run(&session, "SELECT score, reason FROM t ORDER BY 1")
        .await
        .unwrap();
    assert_eq!(found, ["1|NULL", "2|x"]);
    write(&folder.path().join("b.csv"), "reason,score\nyy,20\n");
    register(&session, root).await.unwrap();
    assert_eq!(run(&session, sum).await.unwrap(), ["21"]);
}
