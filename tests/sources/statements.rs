//! `CREATE EXTERNAL TABLE` with every keyword, declared columns, partitions and options.

use std::path::Path;

use tempfile::tempdir;

use super::{SETTINGS, gzip, run, says, session, write};

/// Clauses with `@` for the directory, a question and its answer.
const TABLES: [(&str, &str, &str); 11] = [
    (
        "t STORED AS CSV LOCATION ('@/x.csv.gz', '@/tree/')",
        "SELECT count(*), sum(a), max(year) FROM t",
        "2|2|2024",
    ),
    (
        "t STORED AS CSV LOCATION '@/x.csv.gz'",
        "SELECT * FROM t",
        "1|x",
    ),
    (
        "t STORED AS CSV LOCATION '@/z.bin' OPTIONS ('compression' 'gzip')",
        "SELECT * FROM t",
        "1|x",
    ),
    (
        "t STORED AS TSV LOCATION '@/x.tsv'",
        "SELECT * FROM t",
        "1|x",
    ),
    (
        "t STORED AS NDJSON LOCATION '@/x.jsonl'",
        "SELECT * FROM t",
        "1|x",
    ),
    (
        "t STORED AS JSON LOCATION '@/x.jsonl'",
        "SELECT * FROM t",
        "1|x",
    ),
    (
        "t STORED AS CSV PARTITIONED BY (year) LOCATION '@/tree'",
        "SELECT a, b, year FROM t",
        "1|x|2024",
    ),
    (
        "t (b VARCHAR NOT NULL, a DOUBLE) STORED AS CSV LOCATION '@/x.csv.gz'",
        "SELECT * FROM t",
        "x|1.0",
    ),
    (
        "t (A BIGINT) STORED AS CSV LOCATION '@/x.csv.gz'",
        "SELECT * FROM t",
        "1",
    ),
    (
        "t (n BIGINT, c VARCHAR) STORED AS CSV LOCATION '@/y.csv' \
         OPTIONS ('has_header' 'false', 'delimiter' '#')",
        "SELECT sum(n), max(c) FROM t",
        "3|y",
    ),
    (
        "t STORED AS CSV LOCATION '@/y.csv' \
         OPTIONS ('format.has_header' 'false', 'format.delimiter' '#')",
        "SELECT sum(column_1), max(column_2) FROM t",
        "3|y",
    ),
];

/// Clauses and what their error says.
const REFUSED: [(&str, [&str; 2]); 5] = [
    (
        "t STORED AS CSV LOCATION '@/x.csv.gz' OPTIONS ('delimitr' ';')",
        ["unknown option", "delimiter"],
    ),
    (
        "t (nps BIGINT) STORED AS CSV LOCATION '@/x.csv.gz'",
        ["no column \"nps\"", "it has a, b"],
    ),
    (
        "t (\"A\" BIGINT) STORED AS NDJSON LOCATION '@/x.jsonl'",
        ["no column \"A\"", "it has a, b"],
    ),
    (
        "t STORED AS CSV PARTITIONED BY (month) LOCATION '@/tree'",
        ["month=", "to partition by"],
    ),
    (
        "t STORED AS CSV LOCATION '@/none.csv'",
        ["none.csv", "no such file"],
    ),
];

fn files(folder: &Path) -> String {
    let at = |name: &str, bytes: &[u8]| write(&folder.join(name), bytes);
    at("x.csv.gz", &gzip("a,b\n1,x\n"));
    at("z.bin", &gzip("a,b\n1,x\n"));
    at("y.csv", b"1#x\n2#y\n");
    at("x.tsv", b"a\tb\n1\tx\n");
    at("x.jsonl", b"{\"a\":1,\"b\":\"x\"}\n");
    at("tree/year=2024/part-0", b"a,b\n1,x\n");
    folder.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn statements_create_tables_of_every_keyword() {
    let folder = tempdir().unwrap();
    let root = files(folder.path());
    for (clauses, sql, expected) in TABLES {
        let create = format!("CREATE EXTERNAL TABLE {}", clauses.replace('@', &root));
        for (partitions, batch_size) in SETTINGS {
            let session = session(partitions, batch_size);
            let made = run(&session, &create).await;
            made.unwrap_or_else(|error| panic!("{create}: {error}"));
            assert_eq!(run(&session, sql).await.unwrap(), [expected], "{create}");
        }
    }
}

#[tokio::test]
async fn statements_that_cannot_be_meant_are_refused() {
    let folder = tempdir().unwrap();
    let root = files(folder.path());
    for (clauses, parts) in REFUSED {
        let create = format!("CREATE EXTERNAL TABLE {}", clauses.replace('@', &root));
        let found = run(&session(1, 8192), &create).await;
        says(&found.unwrap_err(), &parts);
    }
}
