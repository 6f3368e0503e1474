//! What it costs to weigh KPIs against an outcome, beside what one would write without: the GROUP BY
//! that makes the same table of counts, six correlations, one sort of the column.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use latido::Engine;
use latido::engine::Options;
use tokio::runtime::Runtime;

use crate::rounds::{ask, milliseconds, round, rows, share_of};

/// A statement of ours, what it is held against, and the share that it must not exceed.
const DUELS: [(&str, &str, &str, f64); 8] = [
    (
        "kpi_validation of three KPIs, their GROUP BY",
        "SELECT kpi_validation(churned, nps, csat, ces) FROM ratings",
        "SELECT nps, csat, ces, churned, count(*) FROM ratings GROUP BY ALL",
        3.0,
    ),
    (
        "kpi_contest of six ratings, their GROUP BY",
        "SELECT kpi_contest(churned, r1, r2, r3, r4, r5, r6) FROM ratings",
        "SELECT churned, r1, r2, r3, r4, r5, r6, count(*) FROM ratings GROUP BY ALL",
        3.0,
    ),
    (
        "drivers of six ratings, their GROUP BY",
        "SELECT drivers(nps, r1, r2, r3, r4, r5, r6) FROM ratings",
        "SELECT nps, r1, r2, r3, r4, r5, r6, count(*) FROM ratings GROUP BY ALL",
        3.0,
    ),
    (
        "drivers of six ratings, six correlations",
        "SELECT drivers(nps, r1, r2, r3, r4, r5, r6) FROM ratings",
        "SELECT corr(nps, r1), corr(nps, r2), corr(nps, r3), corr(nps, r4), corr(nps, r5), corr(nps, r6) FROM ratings",
        3.0,
    ),
    (
        "logit_fit on three KPIs, their GROUP BY",
        "SELECT logit_fit(churned, nps, csat, ces) FROM ratings",
        "SELECT nps, csat, ces, churned, count(*) FROM ratings GROUP BY ALL",
        3.0,
    ),
    (
        "survival on a continuous duration, one sort",
        "SELECT survival_median(duration, churned) FROM ratings",
        "SELECT duration FROM ratings ORDER BY duration",
        1.0,
    ),
    (
        "the survival curve of a continuous duration, one sort",
        "SELECT survival(duration, churned) FROM ratings",
        "SELECT duration FROM ratings ORDER BY duration",
        1.0,
    ),
    (
        "auc of a continuous score, one sort",
        "SELECT auc_summary(duration, churned) FROM ratings",
        "SELECT duration FROM ratings ORDER BY duration",
        1.0,
    ),
];

/// Times each duel, and prints the ratios with their goals.
pub(crate) fn define(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime starts");
    let engine = runtime
        .block_on(Engine::open(Options::default()))
        .expect("an engine opens");
    fill(&runtime, &engine);
    let mut lines = Vec::new();
    let mut group = criterion.benchmark_group("validation");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100));
    for (what, ours, theirs, goal) in DUELS {
        let statements = [ours.to_owned(), theirs.to_owned()];
        let mut rounds: Vec<Vec<Duration>> = Vec::new();
        group.bench_function(BenchmarkId::from_parameter(what), |bencher| {
            bencher.iter_custom(|count| {
                let first = rounds.len();
                for _ in 0..count {
                    rounds.push(round(&runtime, &engine, &statements, rounds.len()));
                }
                rounds[first..].iter().map(|round| round[0]).sum()
            });
        });
        lines.push(format!(
            "| {what} | {:.0} | {} | {goal:.0} |",
            milliseconds(&rounds, 0),
            share_of(&rounds, 1)
        ));
    }
    group.finish();
    report(&lines);
}

/// Ratings that go with each other and with leaving, and a duration with a value of its own in each
/// row: mixed from the row's number without a pattern that a processor could guess.
fn fill(runtime: &Runtime, engine: &Engine) {
    let rows = rows();
    let sql = format!(
        "CREATE TABLE ratings AS \
         SELECT cast(least(10, mood + a % 5) AS tinyint) AS nps, cast(1 + least(4, mood / 2 + b % 3) AS tinyint) AS csat, \
         cast(1 + least(6, mood / 2 + a % 4) AS tinyint) AS ces, mood + b % 7 < 4 AS churned, \
         cast(1 + (mood + a) % 5 AS tinyint) AS r1, cast(1 + (mood + b) % 5 AS tinyint) AS r2, \
         cast(1 + mood / 2 AS tinyint) AS r3, cast(1 + (a + b) % 5 AS tinyint) AS r4, \
         cast(1 + least(4, mood / 3 + a % 2) AS tinyint) AS r5, cast(1 + b % 5 AS tinyint) AS r6, \
         (value * 2654435761 % 1000000007) / 1000.0 AS duration \
         FROM (SELECT value, (value * 2654435761 % 4294967296) / 65536 % 9 AS mood, \
         (value * 40503 % 1000003) / 7 AS a, (value * 48271 % 2147483647) / 11 AS b FROM generate_series(1, {rows}))"
    );
    ask(runtime, engine, "DROP TABLE IF EXISTS ratings");
    ask(runtime, engine, &sql);
}

#[expect(clippy::print_stdout, reason = "a bench reports to the terminal")]
fn report(lines: &[String]) {
    println!(
        "\n| what, beside what | ms | share of the time | at most |\n|---|---|---|---|\n{}",
        lines.join("\n")
    );
}
