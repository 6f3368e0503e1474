//! The tests of latido beside the code: one binary, one module a kind.

// The command line, run as people run it.
mod cli;
