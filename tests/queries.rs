//! The queries of the library on the sample data, against numbers computed elsewhere.
//!
//! `queries/expected.json` names the tools that computed it under `source`, and for each query its
//! `parameters`, the `count` of all rows and the first `rows` with the columns that were computed.

use std::path::Path;
use std::process::Command;

use latido::engine::{Engine, Options};
use serde_json::{Map, Value};

const TABLES: [&str; 4] = ["responses", "customers", "invitations", "transactions"];
/// How far a number may be off, relative to it from 1 on.
const TOLERANCE: f64 = 1e-9;
/// How far a p-value may be off, relative to it however small it is.
const TAIL_TOLERANCE: f64 = 1e-6;

#[test]
fn queries_give_the_numbers_of_other_tools() {
    let expected = expected();
    let failures: Vec<String> = expected
        .iter()
        .flat_map(|(name, case)| failures(name, case))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_speak_both_languages() {
    let engine = Engine::open(Options::default()).await.unwrap();
    for query in engine.queries() {
        for text in [&query.title_es, &query.question_es, &query.reading_es] {
            assert!(!text.is_empty(), "{}: not all is in Spanish", query.name);
        }
    }
}

/// The cases by the name of their query.
fn expected() -> Map<String, Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries/expected.json");
    let text = std::fs::read_to_string(file).unwrap();
    let mut cases: Map<String, Value> = serde_json::from_str(&text).unwrap();
    let source = cases.remove("source").unwrap();
    assert!(
        source.as_str().is_some_and(|tools| !tools.is_empty()),
        "no source"
    );
    cases
}

fn failures(name: &str, case: &Value) -> Vec<String> {
    let rows = answer(name, &case["parameters"]);
    let mut failures = Vec::new();
    if case["count"].as_u64() != u64::try_from(rows.len()).ok() {
        failures.push(format!(
            "{name}: {} rows, not {}",
            rows.len(),
            case["count"]
        ));
    }
    let wanted_rows = case["rows"].as_array().unwrap();
    for (place, (row, wanted_row)) in rows.iter().zip(wanted_rows).enumerate() {
        for (column, wanted) in wanted_row.as_object().unwrap() {
            match row.get(column) {
                Some(given) if is_same(column, given, wanted) => {}
                Some(given) => {
                    failures.push(format!(
                        "{name}, row {place}, {column}: {given}, not {wanted}"
                    ));
                }
                None => failures.push(format!("{name}: no column {column}")),
            }
        }
    }
    failures
}

fn is_same(column: &str, given: &Value, wanted: &Value) -> bool {
    let (Some(given), Some(number)) = (given.as_f64(), wanted.as_f64()) else {
        return given == wanted;
    };
    let most = match column {
        "p" | "p_adjusted" => TAIL_TOLERANCE * number.abs(),
        _ => TOLERANCE * number.abs().max(1.0),
    };
    (given - number).abs() <= most
}

/// The rows of a query, through the real binary.
fn answer(name: &str, parameters: &Value) -> Vec<Value> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_latido"));
    for table in TABLES {
        let file = samples.join(format!("{table}.parquet"));
        command.arg(format!("--table={table}={}", file.display()));
    }
    command.args(["run", name, "--format", "json"]);
    for (parameter, value) in parameters.as_object().unwrap() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        command.arg(format!("--param={parameter}={text}"));
    }
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What people see of each query, so that a change of any of them is looked at.
#[test]
fn queries_look_as_they_did() {
    let names = Command::new(env!("CARGO_BIN_EXE_latido"))
        .args(["queries", "--format", "json"])
        .output()
        .unwrap();
    let names: Vec<Value> = serde_json::from_slice(&names.stdout).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| {
        for name in &names {
            let name = name["name"].as_str().unwrap();
            let rows = answer(name, &Value::Object(Map::new()));
            insta::assert_snapshot!(name.replace('/', "__"), shown(&rows));
        }
    });
}

/// The first rows with numbers of six digits, which is what machines agree on.
fn shown(rows: &[Value]) -> String {
    const MOST: usize = 12;
    let cell = |value: &Value| match value {
        Value::Number(number) if number.is_f64() => {
            format!("{:.6e}", number.as_f64().unwrap())
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut text = String::new();
    let names = rows.first().and_then(Value::as_object);
    let names: Vec<&String> = names.map(|row| row.keys().collect()).unwrap_or_default();
    for row in rows.iter().take(MOST) {
        let cells = names
            .iter()
            .map(|name| format!("{name} {}", cell(&row[name.as_str()])));
        text.push_str(&cells.collect::<Vec<_>>().join(" · "));
        text.push('\n');
    }
    text.push_str(&format!("{} rows\n", rows.len()));
    text
}
