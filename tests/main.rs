//! The tests of latido beside the code: one binary, one module a kind.

/// Published numbers, through Rust and through SQL.
#[cfg(test)]
mod golden;
// What every interface relies on: answers, limits, errors, tables and views.
mod engine;
