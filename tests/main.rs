//! The tests of latido beside the code: one binary, one module a kind.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

/// The command line, through the real binary.
mod cli;
/// `COPY … TO`: complete or not there.
mod delivery;
/// What every interface relies on: answers, limits, errors, tables and views.
mod engine;
/// `latido init` and `latido export`: projects from files and from dbt, and to other tools.
mod exchange;
/// Every multiset of up to six answers against a plain count.
mod exhaustive;
/// `FUNCTIONS.md`, and what its examples answer.
mod functions_doc;
/// Published numbers, through Rust and through SQL.
mod golden;
/// What holds for every aggregate function, whatever the rows.
mod laws;
/// Metrics of latido.yaml in SQL, against plain SQL.
mod metrics;
/// Objectives of latido.yaml: their rows, verdicts, alternatives, rungs; published results.
mod objectives;
/// latido.yaml: its faults, its words, its tables.
mod project;
/// The library on data that others published, each through a latido.yaml of its own.
mod projects;
/// The queries of the library against numbers computed elsewhere.
mod queries;
/// The shell, in a real terminal.
mod repl;
/// The journey to a bucket and back, against a real S3 server.
mod s3;
/// Files of every format, shape and state as tables.
mod sources;
/// The rules of the house that a program can check.
mod tidy;
/// Files on a plain web server.
mod web;
