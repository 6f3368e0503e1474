//! `nps(score)` beside `avg(score)` and beside what one writes without it, over 10 million rows in
//! memory, for 1, 100 and 1,000,000 groups. `LATIDO_BENCH_ROWS` makes it shorter.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use latido::Engine;
use latido::engine::Options;
use tokio::runtime::Runtime;

/// What is measured, each as an expression over `score`.
const CONTESTANTS: [(&str, &str); 3] = [
    ("nps", "nps(score)"),
    ("avg", "avg(score)"),
    (
        "by hand",
        "100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(score)",
    ),
];
const TYPES: [&str; 3] = ["tinyint", "int", "bigint"];
const GROUPS: [(&str, &str); 3] = [("1", ""), ("100", "g100"), ("1000000", "g1m")];

/// Times every contestant for every type and number of groups, and prints the ratios.
pub(crate) fn define(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime starts");
    let engine = runtime
        .block_on(Engine::open(Options::default()))
        .expect("an engine opens");
    let rows = std::env::var("LATIDO_BENCH_ROWS").unwrap_or_else(|_| "10000000".into());
    let mut times: BTreeMap<(&str, &str, &str), Vec<Duration>> = BTreeMap::new();
    for kind in TYPES {
        fill(&runtime, &engine, kind, &rows);
        for (groups, column) in GROUPS {
            let mut group = criterion.benchmark_group(format!("{kind} in {groups} groups"));
            group
                .sample_size(10)
                .warm_up_time(Duration::from_millis(500));
            for (name, expression) in CONTESTANTS {
                let sql = statement(expression, column);
                let seen = times.entry((kind, groups, name)).or_default();
                group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                    bencher.iter_custom(|rounds| {
                        let start = Instant::now();
                        (0..rounds).for_each(|_| ask(&runtime, &engine, &sql));
                        let spent = start.elapsed();
                        seen.push(spent.div_f64(f64::from(u32::try_from(rounds).unwrap_or(1))));
                        spent
                    });
                });
            }
            group.finish();
        }
    }
    report(&times);
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

fn ask(runtime: &Runtime, engine: &Engine, sql: &str) {
    let answer = runtime.block_on(async { engine.run(sql, &[]).await?.collect().await });
    if let Err(error) = answer {
        panic!("{sql}: {error}");
    }
}

#[expect(clippy::print_stdout, reason = "a bench reports to the terminal")]
fn report(times: &BTreeMap<(&str, &str, &str), Vec<Duration>>) {
    println!(
        "\n| score | groups | nps ms | of avg | of the hand-written formula |\n|---|---|---|---|---|"
    );
    for kind in TYPES {
        for (groups, _) in GROUPS {
            let median = |name| {
                let mut spent = times
                    .get(&(kind, groups, name))
                    .cloned()
                    .unwrap_or_default();
                spent.sort();
                spent
                    .get(spent.len() / 2)
                    .copied()
                    .unwrap_or_default()
                    .as_secs_f64()
            };
            let (nps, avg, hand) = (median("nps"), median("avg"), median("by hand"));
            println!(
                "| {kind} | {groups} | {:.1} | {:.2} | {:.2} |",
                nps * 1e3,
                nps / avg,
                nps / hand
            );
        }
    }
}
