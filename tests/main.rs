//! The tests of latido beside the code: one binary, one module a kind.

// What every interface relies on: answers, limits, errors, tables and views.
mod engine;
