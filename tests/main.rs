//! The tests of latido beside the code: one binary, one module a kind.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

/// `COPY … TO`: complete or not there.
mod delivery;
/// The journey to a bucket and back, against a real S3 server.
mod s3;
/// Files on a plain web server.
mod web;
