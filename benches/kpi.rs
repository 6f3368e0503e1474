//! `nps(score)` beside `avg(score)` and beside what one writes without it, over 10 million rows in
//! memory, for 1, 100 and 1,000,000 groups. `LATIDO_BENCH_ROWS` makes it shorter.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use latido::Engine;
use latido::engine::Options;
use tokio::runtime::Runtime;

use crate::rounds::{ask, milliseconds, round, rows, share_of};

/// What is measured, each as an expression over `score`; the first against the others.
const CONTESTANTS: [&str; 3] = [
    "nps(score)",
    "avg(score)",
    "100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(score)",
];
const TYPES: [&str; 3] = ["tinyint", "int", "bigint"];
const GROUPS: [(&str, &str); 3] = [("1", ""), ("100", "g100"), ("1000000", "g1m")];

/// Times the contestants for every type and number of groups, and prints the ratios.
pub(crate) fn define(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime starts");
    let engine = runtime
        .block_on(Engine::open(Options::default()))
        .expect("an engine opens");
    let rows = rows();
    let mut lines = Vec::new();
    for kind in TYPES {
        fill(&runtime, &engine, kind, &rows);
        for (groups, column) in GROUPS {
            let statements = CONTESTANTS.map(|expression| statement(expression, column));
            let mut rounds = Vec::new();
            let mut group = criterion.benchmark_group(format!("{kind} in {groups} groups"));
            group
                .sample_size(15)
                .warm_up_time(Duration::from_millis(500));
            group.bench_function(BenchmarkId::from_parameter("nps"), |bencher| {
                bencher.iter_custom(|count| {
                    let first = rounds.len();
                    for _ in 0..count {
                        rounds.push(round(&runtime, &engine, &statements, rounds.len()));
                    }
                    rounds[first..].iter().map(|round| round[0]).sum()
                });
            });
            group.finish();
            lines.push(line(kind, groups, &rounds));
        }
    }
    report(&lines);
}

fn statement(expression: &str, column: &str) -> String {
    if column.is_empty() {
        format!("SELECT {expression} FROM answers")
    } else {
        // The sum keeps the answer small, so that handing out a million rows is not measured.
        format!(
            "SELECT sum(v) FROM (SELECT {column}, {expression} AS v FROM answers GROUP BY {column})"
        )
    }
}

/// Scattered scores and groups: products with large primes, so that no two neighbours are alike.
fn fill(runtime: &Runtime, engine: &Engine, kind: &str, rows: &str) {
    ask(runtime, engine, "DROP TABLE IF EXISTS answers");
    let sql = format!(
        "CREATE TABLE answers AS SELECT cast((value * 2654435761 % 4294967296) / 65536 % 11 AS {kind}) AS score, \
         cast(value * 7919 % 100 AS int) AS g100, cast(value * 2654435761 % 1000003 % 1000000 AS int) AS g1m \
         FROM generate_series(1, {rows})"
    );
    ask(runtime, engine, &sql);
}

/// A row of the table: the median round's time, and the median over the rounds of each ratio with
/// its quartiles.
fn line(kind: &str, groups: &str, rounds: &[Vec<Duration>]) -> String {
    format!(
        "| {kind} | {groups} | {:.1} | {} | {} |",
        milliseconds(rounds, 0),
        share_of(rounds, 1),
        share_of(rounds, 2)
    )
}

#[expect(clippy::print_stdout, reason = "a bench reports to the terminal")]
fn report(lines: &[String]) {
    println!(
        "\n| score | groups | nps ms | of avg | of the hand-written formula |\n|---|---|---|---|---|\n{}",
        lines.join("\n")
    );
}
