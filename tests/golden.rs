//! Golden numbers: what papers and other tools published, checked through Rust and through SQL.
//!
//! Each case of `golden/*.toml` has
//! * `name`, `source`: paper or tool, with year or version; never latido itself;
//! * `sql`: one statement; its columns, and the fields of its STRUCT columns, are compared by name;
//! * `expected`: a map from column to number, text or `"NULL"` for an answer of one row, or `rows`:
//!   a list of such maps in order;
//! * or instead `oracle`: a JSON pointer into `../shared/oracles/public.json`, and `columns`: a map
//!   from our column to a pointer below it (`""` is the entry itself). With `key` the oracle has
//!   one entry a row: an object whose keys, or a list whose elements' field `key`, are the values
//!   of our column `key`;
//! * `tolerance`: absolute, half a unit of the last published digit; or `relative`: to |expected|;
//! * optionally `function` and `input`: the pure function of `golden/functions.rs` to ask as well.
//!   A text in the input of an oracle case points into the entry, or with a leading `/` into the
//!   file. The columns that the function computes are compared;
//! * or `function` and `table`: a statement whose rows are a table of counts, the last column saying
//!   how often each occurred, over which `golden/tables.rs` asks the function. Where its first
//!   column is called as the `key`, there is one table for each of its values.

mod case;
mod fits;
mod functions;
mod sql;
mod tables;

use std::collections::BTreeSet;

use latido::engine::{Engine, Options};

use case::{Case, cases, shared};

#[test]
fn every_case_names_its_source_and_what_it_expects() {
    let cases = cases();
    let mut names = BTreeSet::new();
    for case in &cases {
        assert!(
            names.insert((&case.file, &case.name)),
            "{}: twice",
            case.title()
        );
        assert!(case.source.len() > 10, "{}: no source", case.title());
        case.check_shape();
    }
    assert!(
        cases.len() >= 100,
        "only {} golden cases were found",
        cases.len()
    );
}

#[test]
fn pure_functions_give_the_published_numbers() {
    let failures: Vec<String> = runnable().iter().flat_map(functions::failures).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_gives_the_published_numbers() {
    let engine = Engine::open(Options::default()).await.unwrap();
    let mut failures = Vec::new();
    for case in runnable() {
        failures.extend(sql::failures(&engine, &case).await);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pure_functions_give_the_published_numbers_on_tables() {
    let engine = Engine::open(Options::default()).await.unwrap();
    let mut failures = Vec::new();
    for case in runnable() {
        failures.extend(tables::failures(&engine, &case).await);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The cases whose data are on this machine.
fn runnable() -> Vec<Case> {
    let (here, skipped): (Vec<Case>, Vec<Case>) = cases()
        .into_iter()
        .partition(|case| shared().is_dir() || !case.needs_shared());
    if !skipped.is_empty() {
        let folder = shared();
        say(&format!(
            "{} golden cases skipped: {} is absent",
            skipped.len(),
            folder.display()
        ));
    }
    here
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn say(text: &str) {
    eprintln!("{text}");
}
