//! Rounds: every contestant once, one right after the other, so that a disturbance of the machine
//! meets all of them; what is told are medians of ratios within a round.

use std::time::{Duration, Instant};

use latido::Engine;
use tokio::runtime::Runtime;

/// How many rows a table of a bench has; `LATIDO_BENCH_ROWS` makes it shorter.
pub(crate) fn rows() -> String {
    std::env::var("LATIDO_BENCH_ROWS").unwrap_or_else(|_| "10000000".into())
}

/// Runs each statement once and tells how long each took, in the order given; each in turn goes
/// first.
pub(crate) fn round(
    runtime: &Runtime,
    engine: &Engine,
    statements: &[String],
    number: usize,
) -> Vec<Duration> {
    let mut spent = vec![Duration::ZERO; statements.len()];
    for place in 0..statements.len() {
        let at = (number + place) % statements.len();
        let start = Instant::now();
        ask(runtime, engine, &statements[at]);
        spent[at] = start.elapsed();
    }
    spent
}

/// Runs a statement to its last row.
pub(crate) fn ask(runtime: &Runtime, engine: &Engine, sql: &str) {
    let answer = runtime.block_on(async { engine.run(sql, &[]).await?.collect().await });
    if let Err(error) = answer {
        panic!("{sql}: {error}");
    }
}

/// Milliseconds of one contestant, its median over the rounds.
pub(crate) fn milliseconds(rounds: &[Vec<Duration>], contestant: usize) -> f64 {
    quartiles(
        rounds
            .iter()
            .map(|round| round[contestant].as_secs_f64() * 1e3),
    )[1]
}

/// The first contestant's time as a share of another's: median and quartiles.
pub(crate) fn share_of(rounds: &[Vec<Duration>], other: usize) -> String {
    let ratio = |round: &Vec<Duration>| round[0].as_secs_f64() / round[other].as_secs_f64();
    let [low, median, high] = quartiles(rounds.iter().map(ratio));
    format!("{median:.2} ({low:.2}–{high:.2})")
}

/// The quartiles of these values; zeros of nothing.
fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let at = |quarter: usize| sorted.get(sorted.len() * quarter / 4).copied();
    [1, 2, 3].map(|quarter| at(quarter).unwrap_or_default())
}
