//! The tests of latido beside the code: one binary, one module a kind.

/// `COPY … TO`: complete or not there.
mod delivery;
/// What every interface relies on: answers, limits, errors, tables and views.
mod engine;
/// Published numbers, through Rust and through SQL.
#[cfg(test)]
mod golden;
/// The journey to a bucket and back, against a real S3 server.
mod s3;
/// Files on a plain web server.
mod web;
