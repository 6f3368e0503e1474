//! Delimited text and JSON: dialects, types, compression, line breaks.

use tempfile::tempdir;

use super::{answers, gzip, run, session, write};

/// File, its text, a question and the answer.
const DIALECTS: [(&str, &str, &str, &[&str]); 13] = [
    (
        "plain.csv",
        "a,b\n1,x\n",
        "SELECT a + 1, b FROM t",
        &["2|x"],
    ),
    (
        "semicolon.csv",
        "a;b\n1;x, y\n",
        "SELECT a + 1, b FROM t",
        &["2|x, y"],
    ),
    (
        "tab.csv",
        "a\tb\n1\tx\n",
        "SELECT a + 1, b FROM t",
        &["2|x"],
    ),
    ("pipe.csv", "a|b\n1|x\n", "SELECT a + 1, b FROM t", &["2|x"]),
    (
        "tabs.tsv",
        "a\tb\n1\tx,y\n",
        "SELECT a + 1, b FROM t",
        &["2|x,y"],
    ),
    (
        "bom.csv",
        "\u{feff}a,b\n1,x\n",
        "SELECT a + 1, b FROM t",
        &["2|x"],
    ),
    (
        "crlf.csv",
        "a,b\r\n1,x\r\n\r\n2,y\r\n",
        "SELECT a, b FROM t ORDER BY a",
        &["1|x", "2|y"],
    ),
    (
        "doubled.csv",
        "a,a\n1,2\n",
        "SELECT a, a_2 FROM t",
        &["1|2"],
    ),
    (
        "blanks.csv",
        "NETPRO  ,x\n7,1\n",
        "SELECT \"NETPRO  \" FROM t",
        &["7"],
    ),
    (
        "zeros.csv",
        "id,n\n007,1\n,2\n",
        "SELECT id, n FROM t ORDER BY n",
        &["007|1", "NULL|2"],
    ),
    (
        "none.csv",
        "a,b\n1,\n2,\n",
        "SELECT a, b, arrow_typeof(b) FROM t ORDER BY a",
        &["1|NULL|Utf8", "2|NULL|Utf8"],
    ),
    (
        "words.txt",
        " id  n\r\n 001 2\r\n 002 3\r\n",
        "SELECT id, n + 1 FROM t ORDER BY id",
        &["001|3", "002|4"],
    ),
    (
        "lines.txt",
        "one word\nand \"three, words\n",
        "SELECT line FROM t ORDER BY line DESC",
        &["one word", "and \"three, words"],
    ),
];

#[tokio::test]
async fn dialects_are_found_and_values_kept() {
    let folder = tempdir().unwrap();
    for (name, text, sql, expected) in DIALECTS {
        let place = write(&folder.path().join(name), text);
        answers(&place, &[(sql, expected)]).await;
    }
}

#[tokio::test]
async fn empty_text_has_no_rows() {
    let folder = tempdir().unwrap();
    let header = write(&folder.path().join("header.csv"), "a,b\n");
    answers(
        &header,
        &[
            ("SELECT count(*), count(a) FROM t", &["0|0"]),
            ("SELECT a, b FROM t", &[]),
        ],
    )
    .await;
    for name in ["empty.csv", "empty.ndjson"] {
        let empty = write(&folder.path().join(name), "");
        answers(&empty, &[("SELECT count(*) FROM t", &["0"])]).await;
    }
}

#[tokio::test]
async fn line_breaks_in_values_survive_parallel_reading() {
    let folder = tempdir().unwrap();
    let mut text = String::from("id,comment,score\n");
    for id in 0..500 {
        text += &format!(
            "{id},\"line one, of {id}\nline \"\"two\"\"\r\n\n{id},x,{id}\",{}\n",
            id % 11
        );
    }
    let statement: (&str, &[&str]) = (
        "SELECT count(*), sum(id), sum(score), count(DISTINCT comment), min(length(comment)) FROM t",
        &["500|124750|2485|500|33"],
    );
    let plain = write(&folder.path().join("breaks.csv"), &text);
    answers(&plain, &[statement]).await;
    let packed = write(&folder.path().join("breaks.csv.gz"), gzip(&text));
    answers(&packed, &[statement]).await;
}

#[tokio::test]
async fn text_without_line_breaks_is_read_in_parallel() {
    let folder = tempdir().unwrap();
    let text: String = (0..5000).map(|id| format!("{id},\"a, b\"\n")).collect();
    let place = write(&folder.path().join("long.csv"), format!("id,b\n{text}"));
    let statements: [(&str, &[&str]); 1] = [(
        "SELECT count(*), sum(id), count(DISTINCT b) FROM t",
        &["5000|12497500|1"],
    )];
    answers(&place, &statements).await;
    let session = session(4, 8192);
    super::register(&session, &place).await.unwrap();
    let plan = run(&session, "EXPLAIN SELECT sum(id) FROM t")
        .await
        .unwrap()
        .join("\n");
    assert!(plan.contains("4 groups"), "{plan}");
}

#[tokio::test]
async fn compression_comes_from_the_ending() {
    let folder = tempdir().unwrap();
    let csv = "a,b\n1,x\n2,y\n";
    let json = "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n";
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let twice = [gzip("a,b\n1,x\n"), gzip("2,y\n")].concat();
    for (name, bytes) in [
        ("f.csv", csv.as_bytes().to_vec()),
        ("f.csv.gz", gzip(csv)),
        ("two members.csv.gz", twice),
        ("f.CSV.ZST", zstd(csv)),
        ("f.tsv.gz", gzip(&csv.replace(',', "\t"))),
        ("f.ndjson", json.into()),
        ("f.jsonl", json.into()),
        ("f.json", json.into()),
        ("f.jsonl.gz", gzip(json)),
        ("f.ndjson.zst", zstd(json)),
        (
            "array.json",
            format!("[{}]", json.trim().replace('\n', ",")).into(),
        ),
        (
            "array.json.gz",
            gzip(&format!("[{}]", json.trim().replace('\n', ","))),
        ),
        ("words.txt.gz", gzip("a b\n1 x\n2 y\n")),
    ] {
        let place = write(&folder.path().join(name), bytes);
        answers(
            &place,
            &[
                ("SELECT sum(a), max(b), count(*) FROM t", &["3|y|2"]),
                ("SELECT b FROM t WHERE a = 2", &["y"]),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn text_beyond_the_beginning_is_cut_only_where_no_quote_is() {
    let folder = tempdir().unwrap();
    let mut text = String::from("id,b\n");
    while text.len() < 65 << 20 {
        text.push_str("1,");
        text.push_str(&"x".repeat(5000));
        text.push('\n');
    }
    let rows = text.lines().count() - 1;
    let quoted = format!("{text}1,\"two\nlines\"\n");
    for (name, text, rows, cut) in [
        ("plain.csv", &text, rows, true),
        ("quoted.csv", &quoted, rows + 1, false),
    ] {
        let place = write(&folder.path().join(name), text);
        let session = session(4, 8192);
        super::register(&session, &place).await.unwrap();
        let count = run(&session, "SELECT sum(id) FROM t").await.unwrap();
        assert_eq!(count, [rows.to_string()], "{name}");
        let plan = run(&session, "EXPLAIN SELECT sum(id) FROM t")
            .await
            .unwrap();
        assert_eq!(plan.join(" ").contains("4 groups"), cut, "{name}: {plan:?}");
    }
}
