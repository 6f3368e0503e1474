//! Text that breaks its own rules: the error names file, line, column, value and remedy.

use tempfile::tempdir;

use super::{error, says, write};

/// File, its bytes and what the error says.
const FAULTS: [(&str, &[u8], [&str; 2]); 7] = [
    (
        "short.csv",
        b"a,b\n1,2\n3\n",
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
];

#[tokio::test]
async fn faults_at_the_beginning_are_named() {
    let folder = tempdir().unwrap();
    for (name, bytes, parts) in FAULTS {
        let place = write(&folder.path().join(name), bytes);
        says(&error(&place).await, &parts);
    }
}

/// More text than inference reads, so that what follows is met while the rows are read.
fn long() -> String {
    let mut text = String::with_capacity(70 << 20);
    text.push_str("id,score,comment\n1,2,\"a\nb\"\n");
    let filler = format!("1,5,{}\n", "x".repeat(1000));
    while text.len() < 66 << 20 {
        text.push_str(&filler);
    }
    text
}

#[tokio::test]
async fn faults_far_below_are_named_with_their_line() {
    let folder = tempdir().unwrap();
    let text = long();
    let line = text.matches('\n').count() + 1;
    let typed = write(
        &folder.path().join("typed.csv"),
        text.clone() + "2,18.5,y\n",
    );
    let place = format!("typed.csv: line {line}, column \"score\": '18.5'");
    says(
        &error(&typed).await,
        &[&place, "whole number", "CREATE EXTERNAL TABLE"],
    );
    let ragged = write(&folder.path().join("ragged.csv"), text + "2,18\n");
    let place = format!("ragged.csv: line {line} has 2 fields");
    says(&error(&ragged).await, &[&place, "first line has 3"]);
}
