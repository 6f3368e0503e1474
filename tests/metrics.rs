//! Metrics of latido.yaml in SQL: the same numbers as plain SQL over the same hours, whatever the
//! clocks of the project's zone do.
//!
//! `metrics/periods.csv` says when each period begins and ends in universal time, and the period
//! that it is compared with; computed by Python 3.11 `zoneinfo` from the IANA database.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use latido::Engine;
use latido::engine::Options;
use latido::project::Project;

/// An answer every quarter of an hour around clock changes, a leap day, and the ISO week 53 of 2020.
const ANSWERS: &str = "SELECT arrow_cast(at, 'Timestamp(Second, None)') AS responded_at, \
     (at / 900 * 7 + at / 86400) % 11 AS nps, \
     CASE (at / 900) % 3 WHEN 0 THEN 'web' WHEN 1 THEN 'store' ELSE 'app' END AS touchpoint \
     FROM (SELECT value AS at FROM generate_series(1576800000, 1612137600, 900) \
     UNION ALL SELECT value AS at FROM generate_series(1703980800, 1733011200, 900)) AS times";

async fn engine(zone: &str, metrics: &str) -> Engine {
    let text = format!(
        "timezone: {zone}\ntables:\n  responses: {{sql: \"{ANSWERS}\"}}\nmetrics:\n{metrics}"
    );
    let project = Project::read(&text, Path::new(""), "latido.yaml", &|_| None).unwrap();
    let options = Options {
        project: Some(project),
        ..Options::default()
    };
    Engine::open(options).await.unwrap()
}

fn metric(more: &str) -> String {
    format!(
        "  - {{name: nps, kind: nps, table: responses, expr: nps, \
         agg_time_dimension: responded_at{more}}}\n"
    )
}

async fn rows(engine: &Engine, sql: &str) -> RecordBatch {
    let answer = engine.run(sql, &[]).await.unwrap();
    let schema = answer.schema();
    let batches = answer.collect().await.unwrap();
    arrow::compute::concat_batches(&schema, &batches).unwrap()
}

async fn error(engine: &Engine, sql: &str) -> String {
    match engine.run(sql, &[]).await {
        Ok(answer) => answer.collect().await.unwrap_err().to_string(),
        Err(error) => error.to_string(),
    }
}

/// The first row's numbers; NaN for NULL.
fn numbers(batch: &RecordBatch) -> Vec<f64> {
    let columns = batch.columns().iter();
    let number = |column: &arrow::array::ArrayRef| {
        let column = arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).unwrap();
        let values = column.as_primitive::<Float64Type>();
        if values.is_empty() || values.is_null(0) {
            f64::NAN
        } else {
            values.value(0)
        }
    };
    columns.map(number).collect()
}

fn assert_same(found: &[f64], expected: &[f64], what: &str) {
    let same = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9 || a.is_nan() && b.is_nan();
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(same),
        "{what}: {found:?}, plain SQL says {expected:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_plain_sql_over_the_same_hours() {
    let periods = include_str!("metrics/periods.csv");
    let mut engines = std::collections::BTreeMap::new();
    let mut checked = 0;
    for line in periods.lines().skip(1) {
        let [zone, grain, period, from, until, from_before, until_before] =
            line.split(',').collect::<Vec<_>>()[..]
        else {
            panic!("{line}");
        };
        if !engines.contains_key(zone) {
            engines.insert(zone, engine(zone, &metric("")).await);
        }
        let engine = &engines[zone];
        let asked = format!(
            "SELECT value, low, high, n, previous, change, p \
             FROM metric('nps', '{grain}') WHERE period = date '{period}'"
        );
        let plain = format!(
            "SELECT s['nps'], s['low'], s['high'], s['n'], c['nps_a'], c['difference'], \
             (compare_summaries(b, s, method => 'adjusted'))['p'] \
             FROM (SELECT nps_summary(nps) FILTER (WHERE is_now) AS s, \
             nps_summary(nps) FILTER (WHERE NOT is_now) AS b, nps_compare(nps, is_now) AS c \
             FROM (SELECT nps, responded_at >= '{from}' AS is_now FROM responses \
             WHERE responded_at >= '{from}' AND responded_at < '{until}' \
             OR responded_at >= '{from_before}' AND responded_at < '{until_before}'))"
        );
        let found = numbers(&rows(engine, &asked).await);
        let expected = numbers(&rows(engine, &plain).await);
        assert!(expected[3] > 0.0, "{line}: no answers to compare");
        assert_same(&found, &expected, line);
        checked += 1;
    }
    assert_eq!(checked, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_compared_with_the_same_weekday_and_years_with_the_same_weeks() {
    let engine = engine("Europe/Madrid", &metric("")).await;
    let previous = |arguments: &str, period: &str| {
        format!("SELECT previous FROM metric('nps', {arguments}) WHERE period = date '{period}'")
    };
    let value = |grain: &str, period: &str| {
        format!("SELECT value FROM metric('nps', '{grain}') WHERE period = date '{period}'")
    };
    for (arguments, grain, period, before) in [
        ("'day'", "day", "2024-03-31", "2024-03-24"),
        (
            "'day', against => 'adjacent'",
            "day",
            "2024-03-31",
            "2024-03-30",
        ),
        (
            "'day', against => 'year'",
            "day",
            "2021-01-04",
            "2020-01-06",
        ),
        (
            "'week', against => 'year'",
            "week",
            "2020-12-28",
            "2019-12-30",
        ),
        (
            "'month', against => 'year'",
            "month",
            "2021-01-01",
            "2020-01-01",
        ),
        (
            "'quarter', against => 'year'",
            "quarter",
            "2021-01-01",
            "2020-01-01",
        ),
        (
            "'year', against => 'year'",
            "year",
            "2021-01-01",
            "2020-01-01",
        ),
        ("'month'", "month", "2024-03-01", "2024-02-01"),
    ] {
        let found = numbers(&rows(&engine, &previous(arguments, period)).await);
        let expected = numbers(&rows(&engine, &value(grain, before)).await);
        assert!(!expected[0].is_nan(), "{before}");
        assert_same(&found, &expected, arguments);
    }
    // The month before has no answers: nothing to compare with.
    let gap = rows(&engine, &previous("'month'", "2023-12-01")).await;
    assert_same(&numbers(&gap), &[f64::NAN], "the first month after the gap");
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_tested_together() {
    let engine = engine("UTC", &metric("")).await;
    let sql = "SELECT max(abs(m.p_adjusted - a.q)), bool_and(m.noise = (m.p_adjusted >= 0.05)), count(*) \
               FROM metric('nps', 'month', 'touchpoint') AS m JOIN ( \
               SELECT period, touchpoint, p_adjust(p) OVER (PARTITION BY period) AS q FROM ( \
               SELECT period, touchpoint, p FROM metric('nps', 'month', 'touchpoint'))) AS a \
               ON a.period = m.period AND a.touchpoint = m.touchpoint WHERE m.p IS NOT NULL";
    let found = rows(&engine, sql).await;
    assert!(numbers(&found)[0] < 1e-15);
    assert!(found.column(1).as_boolean().value(0));
    assert!(numbers(&found)[2] > 30.0);
    // Without segments there is nothing to adjust for.
    let plain = rows(&engine, "SELECT * FROM metric('nps', 'month')").await;
    assert!(plain.schema().index_of("p_adjusted").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_answers_are_not_shown_nor_compared_with() {
    let engine = engine("UTC", &metric(", min_n: 100")).await;
    let day = "SELECT count(*), count(value), count(low), count(previous), count(change), count(p), min(n) \
               FROM metric('nps', 'day')";
    let found = numbers(&rows(&engine, day).await);
    assert!(found[0] > 700.0);
    assert_same(&found[1..6], &[0.0; 5], "days of 96 answers");
    let weeks = "SELECT count(value) FROM metric('nps', 'week')";
    assert!(numbers(&rows(&engine, weeks).await)[0] > 50.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_the_function_of_its_name() {
    let time = "table: responses, agg_time_dimension: responded_at";
    let metrics = format!(
        "  - {{name: csat, kind: csat, expr: nps % 5 + 1, {time}}}\n\
         \x20 - {{name: ces, kind: ces, max: 5, expr: nps % 5 + 1, {time}, confidence: 0.9}}\n\
         \x20 - {{name: web, kind: rate, expr: \"touchpoint = 'web'\", {time}}}\n\
         \x20 - {{name: mean, kind: mean, expr: nps, weight: \"nps + 1\", {time}}}\n\
         \x20 - {{name: sum, kind: sum, expr: nps, {time}, filter: \"touchpoint = 'app'\"}}\n\
         \x20 - {{name: answers, kind: count, {time}}}\n\
         \x20 - {{name: scores, kind: count_distinct, expr: nps, {time}}}\n"
    );
    let engine = engine("UTC", &metrics).await;
    for (name, plain) in [
        (
            "csat",
            "s['csat'], s['low'], s['high'], s['n'] FROM (SELECT csat_summary(nps % 5 + 1) AS s",
        ),
        (
            "ces",
            "s['ces'], s['low'], s['high'], s['n'] FROM (SELECT ces_summary(nps % 5 + 1, 5, confidence => 0.9) AS s",
        ),
        (
            "web",
            "s['rate'], s['low'], s['high'], s['n'] FROM (SELECT rate_summary(touchpoint = 'web') AS s",
        ),
        (
            "mean",
            "s['mean'], s['low'], s['high'], s['n'] FROM (SELECT mean_summary(nps, nps + 1) AS s",
        ),
        (
            "sum",
            "s, NULL, NULL, n FROM (SELECT sum(nps) FILTER (WHERE touchpoint = 'app') AS s, count(*) FILTER (WHERE touchpoint = 'app') AS n",
        ),
        ("answers", "n, NULL, NULL, n FROM (SELECT count(*) AS n"),
        ("scores", "11, NULL, NULL, n FROM (SELECT count(nps) AS n"),
    ] {
        let asked = format!(
            "SELECT value, low, high, n FROM metric('{name}', 'month') WHERE period = date '2024-02-01'"
        );
        let plain = format!(
            "SELECT {plain} FROM responses WHERE responded_at >= '2024-02-01' AND responded_at < '2024-03-01')"
        );
        let found = numbers(&rows(&engine, &asked).await);
        assert_same(&found, &numbers(&rows(&engine, &plain).await), name);
        // Each has a view, and a change against the month before.
        let view =
            format!("SELECT previous, change FROM metric_{name} WHERE period = date '2024-02-01'");
        assert!(!numbers(&rows(&engine, &view).await)[1].is_nan(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_calls_say_what_to_write() {
    let engine = engine("UTC", &metric("")).await;
    for (call, expected) in [
        ("metric('nsp')", "no metric nsp; did you mean nps?"),
        ("metric('churn')", "no metric churn; there are nps"),
        ("metric()", "metric needs the name of a metric in quotes"),
        ("metric(nps)", "metric takes words in single quotes: 'nps'"),
        (
            "metric('nps', 'moth')",
            "metric has no period moth; did you mean month?",
        ),
        (
            "metric('nps', 'month', 5)",
            "metric takes words in single quotes, and an argument is 5",
        ),
        (
            "metric('nps', 'month', 'value')",
            "metric gives a column value itself",
        ),
        ("metric('nps', 'month', 'chanel')", "no column chanel"),
        (
            "metric('nps', 'month', 'touchpont')",
            "did you mean touchpoint?",
        ),
        (
            "metric('nps', against => 'week')",
            "metric has no against => 'week'; there are previous, adjacent, year",
        ),
        (
            "metric('nps', againts => 'year')",
            "metric has no argument againts; did you mean against?",
        ),
        (
            "metric('nps', 'month', from => 'yesterday')",
            "metric needs a day for from, such as '2026-01-31', not 'yesterday'",
        ),
        (
            "metric('nps', 'month', to => period + 1)",
            "metric takes words in single quotes",
        ),
        (
            "metric('nps', 'month', 'touchpoint', 'touchpoint')",
            "metric is given the dimension touchpoint twice",
        ),
        ("metric_nsp", "did you mean metric_nps?"),
    ] {
        let text = error(&engine, &format!("SELECT * FROM {call}")).await;
        assert!(text.contains(expected), "{call}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_stand_wherever_tables_do() {
    let engine = engine("UTC", &metric(", target: 45")).await;
    for sql in [
        "WITH m AS (SELECT * FROM metric('nps', 'year')) SELECT count(*) FROM m",
        "SELECT m.value - y.value FROM metric('nps', 'month') AS m JOIN metric('nps', 'year') AS y ON date_trunc('year', m.period) = y.period",
        "SELECT target FROM metric('nps', $grain, from => '2024-02-01', to => '2024-02-28')",
        // A day may be computed, as long as it stands in no table.
        "SELECT 1 FROM metric('nps', 'month', from => DATE '2024-02-11' - INTERVAL '10 days', to => CAST('2024-02-' || '28' AS DATE)) HAVING count(*) = 1",
        "SELECT 1 FROM metric('nps', 'year', to => current_date) HAVING count(*) = (SELECT count(*) FROM metric('nps', 'year'))",
        "EXPLAIN SELECT * FROM metric_nps",
        "SELECT * FROM information_schema.views WHERE table_name = 'metric_nps'",
    ] {
        let answer = engine
            .run(sql, &[("grain".to_owned(), "month".to_owned())])
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(_) => engine.run(sql, &[]).await.unwrap(),
        };
        let rows: usize = answer
            .collect()
            .await
            .unwrap()
            .iter()
            .map(RecordBatch::num_rows)
            .sum();
        assert!(rows >= 1, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slips_are_told_beside_the_answer() {
    let engine = engine("UTC", &metric("")).await;
    let remarks = async |sql: &str| {
        let answer = engine.run(sql, &[]).await.unwrap();
        let remarks = answer.remarks().to_vec();
        answer.collect().await.unwrap();
        remarks
    };
    let found = remarks("SELECT 7 / 2, count(*) / 3 FROM responses").await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("7 / 2 divides whole numbers"),
        "{found:?}"
    );
    assert!(
        found[0].ends_with("write 7 / CAST(2 AS DOUBLE) to keep it"),
        "{found:?}"
    );
    let found = remarks("SELECT nps(csat) FROM (SELECT nps % 5 + 1 AS csat FROM responses)").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("csat is a rating from 1 to 5"),
        "{found:?}"
    );
    let found = remarks("SELECT 7.0 / 2, nps(nps), csat(nps % 5 + 1) FROM responses").await;
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_counts_days_as_the_metrics_do() {
    for zone in ["Europe/Madrid", "America/Los_Angeles", "UTC"] {
        let engine = engine(zone, &metric("")).await;
        let library = engine.named("nps/by_month", &[]).await.unwrap();
        let schema = library.schema();
        let library = library.collect().await.unwrap();
        let library = arrow::compute::concat_batches(&schema, &library).unwrap();
        let column = |name: &str| {
            let column = library.column_by_name(name).unwrap();
            let numbers =
                arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).unwrap();
            numbers.as_primitive::<Float64Type>().values().to_vec()
        };
        let sql = "SELECT value, n FROM metric('nps', 'month') ORDER BY period";
        let metric = rows(&engine, sql).await;
        let metric_column = |place: usize| {
            let column = metric.column(place);
            let numbers =
                arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).unwrap();
            numbers.as_primitive::<Float64Type>().values().to_vec()
        };
        assert!(metric.num_rows() > 20, "{zone}");
        assert_same(&column("n"), &metric_column(1), zone);
        assert_same(&column("nps"), &metric_column(0), zone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_time_have_no_period_before() {
    let text = "tables:\n  responses: {sql: \"SELECT * FROM (VALUES (NULL, 9, 'a'), (NULL, 0, 'a'), \
                (timestamp '2026-01-05 10:00:00', 9, 'a')) AS t(responded_at, nps, touchpoint)\"}\n\
                metrics:\n";
    let text = format!("{text}{}", metric(""));
    let project = Project::read(&text, Path::new(""), "latido.yaml", &|_| None).unwrap();
    let options = Options {
        project: Some(project),
        ..Options::default()
    };
    let engine = Engine::open(options).await.unwrap();
    for call in [
        "metric('nps', 'month')",
        "metric('nps', 'day', 'touchpoint', against => 'year')",
    ] {
        let sql = format!("SELECT value, n, previous, change, p FROM {call} WHERE period IS NULL");
        let found = numbers(&rows(&engine, &sql).await);
        assert_same(&found, &[0.0, 2.0, f64::NAN, f64::NAN, f64::NAN], call);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_called_like_words_of_sql_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("words.csv");
    let text =
        "score,order,current_date,true,null,from\n9,a,1999-01-01,11,77,x\n8,b,1999-02-01,12,78,y\n";
    std::fs::write(&file, text).unwrap();
    let text = "tables:\n  responses:\n    from: words.csv\n    columns: {nps: score}\nmetrics:\n  \
                - {name: words, kind: nps, table: responses, expr: nps -- the score, agg_time_dimension: current_date}\n";
    let project = Project::read(text, folder.path(), "latido.yaml", &|_| None).unwrap();
    let options = Options {
        project: Some(project),
        ..Options::default()
    };
    let engine = Engine::open(options).await.unwrap();
    let sums = rows(
        &engine,
        "SELECT sum(\"true\"), sum(\"null\"), count(\"order\"), count(\"from\") FROM responses",
    )
    .await;
    assert_same(&numbers(&sums), &[23.0, 155.0, 2.0, 2.0], "sums");
    let metric = rows(
        &engine,
        "SELECT value, previous FROM metric('words', 'month') WHERE period = date '1999-02-01'",
    )
    .await;
    assert_same(&numbers(&metric), &[0.0, 100.0], "metric");
    let by_order = rows(
        &engine,
        "SELECT count(*) FROM metric('words', 'month', 'order')",
    )
    .await;
    assert_same(&numbers(&by_order), &[2.0], "by order");
    let summary = rows(
        &engine,
        "SUMMARIZE SELECT \"null\", \"true\" FROM responses",
    )
    .await;
    assert_eq!(summary.num_rows(), 2);
    assert_same(
        &numbers(&summary.project(&[2, 3, 4]).unwrap()),
        &[2.0, 0.0, 2.0],
        "summary",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_that_cannot_be_planned_names_its_line() {
    let time = "table: responses, agg_time_dimension: responded_at";
    let metrics = format!(
        "{}  - {{name: lost, kind: nps, expr: npps, {time}}}\n\
         \x20 - {{name: nested, kind: mean, expr: sum(nps), {time}}}\n\
         \x20 - {{name: timeless, kind: nps, expr: nps, table: responses, agg_time_dimension: nps}}\n",
        metric("")
    );
    let engine = engine("UTC", &metrics).await;
    for (call, line, says) in [
        ("metric('lost')", 6, "no column npps"),
        ("metric('nested', 'year', 'touchpoint')", 7, "nested"),
        ("metric('timeless')", 8, "must be a timestamp or a date"),
    ] {
        let text = error(&engine, &format!("SELECT * FROM {call}")).await;
        let place = format!("latido.yaml:{line}: metrics.");
        assert!(text.starts_with(&place) && text.contains(says), "{text}");
    }
    let text = error(&engine, "SELECT * FROM metric('nps', 'month', 'chanel')").await;
    assert!(text.starts_with("no column chanel"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_of_counts_is_told_as_it_was_written() {
    let engine = engine("UTC", &metric("")).await;
    for (sql, said) in [
        (
            "SELECT count(nps) / count(*) FROM responses",
            "count(nps) / count(*)",
        ),
        (
            "SELECT 100 * count(*) FILTER (WHERE r.nps >= 9)/ count(*) FROM responses AS r",
            "divides whole numbers",
        ),
        ("SELECT r.nps / 2 FROM responses AS r", "nps / 2"),
        (
            "SELECT sum(nps) / count(nps) FROM responses",
            "sum(nps) / count(nps)",
        ),
    ] {
        let answer = engine.run(sql, &[]).await.unwrap();
        let remarks = answer.remarks().join("; ");
        assert!(remarks.contains(said), "{sql}: {remarks}");
    }
    for sql in [
        "SELECT sum(nps) / CAST(count(*) AS DOUBLE) FROM responses",
        "SELECT avg(nps) / 2 FROM responses",
    ] {
        let answer = engine.run(sql, &[]).await.unwrap();
        assert_eq!(answer.remarks(), Vec::<String>::new(), "{sql}");
    }
}

/// The answers begin on 2019-12-20 and end on 2024-12-01 00:00 in universal time, which is the 30th of
/// November in Los Angeles.
#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_complete_when_the_rows_reach_from_its_first_to_its_last_day() {
    for (zone, grain, expected) in [
        ("UTC", "month", vec!["2019-12-01", "2024-12-01"]),
        ("America/Los_Angeles", "month", vec!["2019-12-01"]),
        ("UTC", "quarter", vec!["2019-10-01", "2024-10-01"]),
        ("UTC", "week", vec!["2019-12-16"]),
        (
            "America/Los_Angeles",
            "week",
            vec!["2019-12-16", "2024-11-25"],
        ),
        ("UTC", "day", vec![]),
    ] {
        let engine = engine(zone, &metric("")).await;
        let asked = format!(
            "SELECT CAST(period AS VARCHAR) FROM metric('nps', '{grain}', 'touchpoint') \
             WHERE NOT complete GROUP BY period ORDER BY period"
        );
        let found = rows(&engine, &asked).await;
        let found =
            arrow::compute::cast(found.column(0), &arrow::datatypes::DataType::Utf8).unwrap();
        let found: Vec<&str> = found.as_string::<i32>().iter().flatten().collect();
        assert_eq!(found, expected, "{zone} {grain}");
    }
}
