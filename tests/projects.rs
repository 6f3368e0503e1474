//! Projects over data that others published: every query of the library runs on them, and what they
//! say is what `../shared/oracles/public.json` says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use latido::Engine;
use latido::engine::Options;
use latido::project::Project;
use serde_json::Value;

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}

/// The engine of a project of `tests/projects`; `None`, said, where the published data are absent.
async fn engine(name: &str) -> Option<Engine> {
    if !shared().join("data").is_dir() {
        say(&format!("{name} skipped: {} is absent", shared().display()));
        return None;
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/projects")
        .join(name);
    let text = fs::read_to_string(directory.join("latido.yaml")).unwrap();
    let telco = shared().join("data/telco").display().to_string();
    let look_up = |name: &str| (name == "TELCO").then(|| telco.clone());
    let project = Project::read(&text, &directory, "latido.yaml", &look_up).unwrap();
    let options = Options {
        project: Some(project),
        ..Options::default()
    };
    Some(Engine::open(options).await.unwrap())
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn oracle() -> Value {
    let text = fs::read_to_string(shared().join("oracles/public.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The columns of an answer, all rows; NaN for NULL.
async fn columns(engine: &Engine, sql: &str) -> Vec<ArrayRef> {
    let answer = engine.run(sql, &[]).await.unwrap();
    let schema = answer.schema();
    let batches = answer.collect().await.unwrap();
    let rows = arrow::compute::concat_batches(&schema, &batches).unwrap();
    rows.columns().to_vec()
}

fn numbers(column: &ArrayRef) -> Vec<f64> {
    let column = arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).unwrap();
    let values = column.as_primitive::<Float64Type>();
    values
        .iter()
        .map(|value| value.unwrap_or(f64::NAN))
        .collect()
}

fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!(
        (found - expected).abs() < 1e-9,
        "{what}: {found}, published {expected}"
    );
}

/// Every query answers; those that find nothing say what is missing.
async fn every_query_answers(engine: &Engine) {
    for query in engine.queries() {
        let answer = match engine.named(&query.name, &[]).await {
            Ok(answer) => answer,
            Err(error) => panic!("{}: {error}", query.name),
        };
        if let Err(error) = answer.collect().await {
            panic!("{}: {error}", query.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_airport_of_san_francisco() {
    let Some(engine) = engine("sfo").await else {
        return;
    };
    every_query_answers(&engine).await;
    let oracle = oracle();
    let scores = &oracle["01_scores"]["nps"]["sfo_2017"];
    let whole = columns(
        &engine,
        "SELECT value, n, target FROM metric('nps', 'year')",
    )
    .await;
    assert_close(numbers(&whole[0])[0], &scores["nps"], "nps");
    assert_close(numbers(&whole[1])[0], &scores["n"], "n");
    let areas = &oracle["01_scores"]["nps"]["sfo_2017_by_BAREA"];
    let by_area =
        "SELECT touchpoint, value, n FROM metric('nps', 'month', 'touchpoint') ORDER BY touchpoint";
    let by_area = columns(&engine, by_area).await;
    let names = arrow::compute::cast(&by_area[0], &arrow::datatypes::DataType::Utf8).unwrap();
    let names = names.as_string::<i32>();
    assert_eq!(names.len(), areas.as_object().unwrap().len());
    for row in 0..names.len() {
        let area = &areas[names.value(row)];
        assert_close(numbers(&by_area[1])[row], &area["nps"], names.value(row));
        assert_close(numbers(&by_area[2])[row], &area["n"], names.value(row));
    }
    // The days of the interviews are days, wherever the airport lies.
    let days = &oracle["01_scores"]["nps"]["sfo_2017_by_INTDATE"];
    let by_day = "SELECT date_part('day', period), value, n FROM metric('nps', 'day') WHERE n > 0";
    let by_day = columns(&engine, by_day).await;
    assert_eq!(by_day[0].len(), days.as_object().unwrap().len());
    for row in 0..by_day[0].len() {
        let name = format!("{}", numbers(&by_day[0])[row]);
        assert!(days[&name].is_object(), "no interviews on day {name}");
        assert_close(numbers(&by_day[2])[row], &days[&name]["n"], &name);
    }
    // Only what a question asks for is told to be missing.
    let answer = engine.named("nps/by_segment", &[]).await.unwrap();
    assert_eq!(answer.remarks(), Vec::<String>::new());
    let answer = engine.named("overview/kpi_cards", &[]).await.unwrap();
    let told = answer.remarks();
    assert!(
        told.iter()
            .any(|text| text == "responses has no column ces: taken as blank"),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_telephone_company() {
    let Some(engine) = engine("telco").await else {
        return;
    };
    every_query_answers(&engine).await;
    let rate = columns(&engine, "SELECT value, n FROM metric('churn_rate', 'year')").await;
    assert!((numbers(&rate[0])[0] - 100.0 * 1869.0 / 7043.0).abs() < 1e-9);
    assert!((numbers(&rate[1])[0] - 7043.0).abs() < 1e-9);
    let reasons = engine.named("churn/top_reasons", &[]).await.unwrap();
    let schema = reasons.schema();
    let batches = reasons.collect().await.unwrap();
    let rows = arrow::compute::concat_batches(&schema, &batches).unwrap();
    let column = |name: &str| Arc::clone(rows.column_by_name(name).unwrap());
    let names = arrow::compute::cast(&column("reason"), &arrow::datatypes::DataType::Utf8).unwrap();
    let number = |name: &str, place: usize| numbers(&column(name))[place];
    let published = &oracle()["02_reasons"]["telco_churn_reason"]["reasons"];
    for place in 0..5 {
        let (reason, expected) = (names.as_string::<i32>().value(place), &published[place]);
        assert_eq!(reason, expected["reason"].as_str().unwrap());
        assert_close(number("n", place), &expected["count"], reason);
        assert_close(number("share", place), &expected["share_pct"], reason);
        assert_close(
            number("low", place),
            &expected["ci95_wilson_pct"][0],
            reason,
        );
        assert_close(
            number("high", place),
            &expected["ci95_wilson_pct"][1],
            reason,
        );
        assert_close(
            number("value", place),
            &expected["monthly_charge_lost"],
            reason,
        );
    }
}
