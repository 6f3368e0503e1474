//! Delimited text and JSON: dialects, types, compression, line breaks.

use tempfile::tempdir;

use super::{answers, error, gzip, run, says, session, write};

#[tokio::test]
async fn dialects_are_found_and_values_kept() {
    let folder = tempdir().unwrap();
    let cases: [(&str, &str, &str, &[&str]); 13] = [
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
    for (name, text, sql, expected) in cases {
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
async fn statements_create_tables_of_every_keyword() {
    let folder = tempdir().unwrap();
    let at = |name: &str, bytes: &[u8]| write(&folder.path().join(name), bytes);
    let csv = at("x.csv.gz", &gzip("a,b\n1,x\n"));
    let headless = at("y.csv", b"1#x\n2#y\n");
    let tsv = at("x.tsv", b"a\tb\n1\tx\n");
    let json = at("x.jsonl", b"{\"a\":1,\"b\":\"x\"}\n");
    at("tree/year=2024/part-0", b"a,b\n1,x\n");
    let tree = folder.path().join("tree").to_str().unwrap().to_owned();
    for (clauses, sql, expected) in [
        (
            format!("t STORED AS CSV LOCATION '{csv}'"),
            "SELECT * FROM t",
            "1|x",
        ),
        (
            format!("t STORED AS TSV LOCATION '{tsv}'"),
            "SELECT * FROM t",
            "1|x",
        ),
        (
            format!("t STORED AS NDJSON LOCATION '{json}'"),
            "SELECT * FROM t",
            "1|x",
        ),
        (
            format!("t STORED AS JSON LOCATION '{json}'"),
            "SELECT * FROM t",
            "1|x",
        ),
        (
            format!("t STORED AS CSV PARTITIONED BY (year) LOCATION '{tree}'"),
            "SELECT a, b, year FROM t",
            "1|x|2024",
        ),
        (
            format!("t (b VARCHAR, a DOUBLE) STORED AS CSV LOCATION '{csv}'"),
            "SELECT * FROM t",
            "x|1.0",
        ),
        (
            format!("t (A BIGINT) STORED AS CSV LOCATION '{csv}'"),
            "SELECT * FROM t",
            "1",
        ),
        (
            format!(
                "t (n BIGINT, c VARCHAR) STORED AS CSV LOCATION '{headless}' OPTIONS ('has_header' 'false', 'delimiter' '#')"
            ),
            "SELECT sum(n), max(c) FROM t",
            "3|y",
        ),
        (
            format!(
                "t STORED AS CSV LOCATION '{headless}' OPTIONS ('format.has_header' 'false', 'format.delimiter' '#')"
            ),
            "SELECT sum(column_1), max(column_2) FROM t",
            "3|y",
        ),
    ] {
        for (partitions, batch_size) in super::SETTINGS {
            let session = session(partitions, batch_size);
            run(&session, &format!("CREATE EXTERNAL TABLE {clauses}"))
                .await
                .unwrap_or_else(|e| panic!("{clauses}: {e}"));
            assert_eq!(run(&session, sql).await.unwrap(), [expected], "{clauses}");
        }
    }
    for (clauses, parts) in [
        (
            format!("t STORED AS CSV LOCATION '{csv}' OPTIONS ('delimitr' ';')"),
            ["unknown option", "delimiter"],
        ),
        (
            format!("t (nps BIGINT) STORED AS CSV LOCATION '{csv}'"),
            ["no column \"nps\"", "it has a, b"],
        ),
        (
            format!("t STORED AS CSV PARTITIONED BY (month) LOCATION '{tree}'"),
            ["month=", "to partition by"],
        ),
    ] {
        let found = run(
            &session(1, 8192),
            &format!("CREATE EXTERNAL TABLE {clauses}"),
        )
        .await;
        says(&found.unwrap_err(), &parts);
    }
}

#[tokio::test]
async fn faults_name_file_line_column_value_and_remedy() {
    let folder = tempdir().unwrap();
    let long = |tail: &str| {
        // More than the inference reads, so that the fault comes while the rows are read.
        let mut text = String::with_capacity(70 << 20);
        text.push_str("id,score,comment\n1,2,\"a\nb\"\n");
        let filler = format!("1,5,{}\n", "x".repeat(1000));
        while text.len() < 66 << 20 {
            text.push_str(&filler);
        }
        text + tail
    };
    let lines = (66 << 20) / 1005;
    let typed = write(&folder.path().join("typed.csv"), long("2,18.5,y\n"));
    let found = error(&typed).await;
    says(
        &found,
        &[
            "typed.csv",
            "column \"score\"",
            "'18.5'",
            "whole number",
            "CREATE EXTERNAL TABLE",
        ],
    );
    let line: usize = found
        .split("line ")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(line.abs_diff(lines) < 10, "line {line}, about {lines}");
    let ragged = write(&folder.path().join("ragged.csv"), long("2,18\n"));
    says(
        &error(&ragged).await,
        &["ragged.csv", "has 2 fields", "first line has 3"],
    );
    for (name, bytes, parts) in [
        (
            "short.csv",
            &b"a,b\n1,2\n3\n"[..],
            ["short.csv: line 3 has 1 field", "truncated_rows"],
        ),
        (
            "latin.csv",
            b"name,n\nJos\xe9,1\n",
            ["line 2, column \"name\"", "no UTF-8"],
        ),
        (
            "zip.csv",
            b"PK\x03\x04abc\0",
            ["zip archive or an Excel workbook", "save it as CSV"],
        ),
        (
            "binary.csv",
            b"a,b\n\0\x01\x02",
            ["binary.csv", "it is binary"],
        ),
        (
            "mixed.ndjson",
            b"{\"a\":1}\n{\"a\":\"x\"}\n",
            ["mixed.ndjson", "all as numbers or all as text"],
        ),
        (
            "broken.ndjson",
            b"{\"a\":1}\n{\"a\":\n",
            ["broken.ndjson", "is no JSON"],
        ),
        (
            "text.json",
            b"hello\n",
            ["text.json", "must begin with { or ["],
        ),
    ] {
        let place = write(&folder.path().join(name), bytes);
        says(&error(&place).await, &parts);
    }
}
