//! The tests of latido beside the code: one binary, one module a kind.
