//! The benches of latido: one binary, one module a topic.

fn main() {}
