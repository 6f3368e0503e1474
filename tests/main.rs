//! The tests of latido beside the code: one binary, one module a kind.

/// Files of every format, shape and state as tables.
mod sources;
