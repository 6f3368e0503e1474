//! The main shape of a semantic model; `tests/exchange.rs` runs the whole journey.

use std::path::Path;

use super::*;
use crate::project::node::Node;

const PROJECT: &str = r#"
name: Airport
tables:
  responses:
    from: survey.csv
    columns:
      nps: {from: NETPRO, null_when: [11]}
      csat: {from: "Q7 ALL", null_when: [Blank]}
      responded_at: {sql: "make_date(2017, 5, INTDATE)"}
      source: {value: kiosk}
  customers: {store: customers}
metrics:
  - {name: nps, kind: nps, table: responses, expr: nps, agg_time_dimension: responded_at, min_n: 30, target: 45, label: NPS}
  - {name: weighted, kind: nps, table: responses, expr: nps, weight: weight, agg_time_dimension: responded_at}
  - {name: csat, kind: csat, table: responses, expr: csat, filter: "source = 'kiosk'", agg_time_dimension: responded_at}
  - {name: ces, kind: ces, table: responses, expr: ces, agg_time_dimension: responded_at}
  - {name: answers, kind: count, table: responses, agg_time_dimension: responded_at}
  - {name: churn_rate, kind: rate, table: customers, expr: churned, agg_time_dimension: joined_on}
dimensions: [source]
objectives:
  - {name: Keep, kind: behaviour, outcome: customers.churned, metrics: [nps]}
roles:
  board: {pages: [overview]}
"#;

fn exported() -> (Node, Vec<String>) {
    let project = Project::read(PROJECT, Path::new("."), "latido.yaml", &|_| None).unwrap();
    let names = [
        "responded_at",
        "customer_id",
        "nps",
        "csat",
        "ces",
        "source",
        "weight",
    ];
    let columns = names
        .map(|name| (name.to_owned(), DataType::Int64))
        .to_vec();
    let known = [TableColumns {
        table: "responses".into(),
        columns,
    }];
    let model = export(&project, &known).unwrap();
    (Node::read(&model.yaml).unwrap(), model.remarks)
}

fn named<'a>(items: &'a Node, name: &str) -> &'a Node {
    let is_it = |node: &&Node| node.get("name").and_then(Node::text).as_deref() == Some(name);
    items
        .items()
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("{name}"))
}

fn sql(node: &Node) -> String {
    let dialects = node
        .get("expression")
        .and_then(|it| it.get("dialects"))
        .unwrap();
    let dialect = &dialects.items()[0];
    assert_eq!(
        dialect.get("dialect").and_then(Node::text).as_deref(),
        Some("ANSI_SQL")
    );
    dialect.get("expression").and_then(Node::text).unwrap()
}

#[test]
fn metrics_are_standard_sql() {
    let (document, _) = exported();
    assert_eq!(
        document.get("version").and_then(Node::text).as_deref(),
        Some(VERSION)
    );
    let model = &document.get("semantic_model").unwrap().items()[0];
    let metrics = model.get("metrics").unwrap();
    let of = |name| sql(named(metrics, name));
    assert_eq!(
        of("nps"),
        "100.0 * (SUM(CASE WHEN responses.nps >= 9 THEN 1 ELSE 0 END) - SUM(CASE WHEN \
         responses.nps <= 6 THEN 1 ELSE 0 END)) / NULLIF(COUNT(responses.nps), 0)"
    );
    assert!(of("weighted").contains("THEN responses.weight ELSE 0 END"));
    assert!(of("csat").contains("responses.csat_value >= 4"));
    assert_eq!(of("ces"), "AVG(1.0 * responses.ces)");
    assert_eq!(of("answers"), "COUNT(responses.answers_value)");
    assert!(of("churn_rate").contains("CAST(customers.churned AS INTEGER)"));
    let extension = &named(metrics, "nps")
        .get("custom_extensions")
        .unwrap()
        .items()[0];
    let data = extension.get("data").and_then(Node::text).unwrap();
    let data: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(
        (data["min_n"].as_i64(), data["target"].as_f64()),
        (Some(30), Some(45.0))
    );
}

#[test]
fn fields_say_how_a_column_is_made_of_its_source() {
    let (document, _) = exported();
    let model = &document.get("semantic_model").unwrap().items()[0];
    let responses = named(model.get("datasets").unwrap(), "responses");
    assert_eq!(
        responses.get("source").and_then(Node::text).as_deref(),
        Some("survey.csv")
    );
    let fields = responses.get("fields").unwrap();
    let of = |name| sql(named(fields, name));
    assert_eq!(of("nps"), "NULLIF(CAST(\"NETPRO\" AS INTEGER), 11)");
    assert!(of("csat").contains("TRIM(CAST(\"Q7 ALL\" AS VARCHAR)) IN ('Blank')"));
    assert_eq!(
        of("responded_at"),
        "CAST(make_date(2017, 5, INTDATE) AS TIMESTAMP)"
    );
    assert_eq!(of("source"), "'kiosk'");
    assert_eq!(of("ces"), "ces");
    assert_eq!(of("csat_value"), "CASE WHEN source = 'kiosk' THEN csat END");
    let is_time = |name| {
        let dimension = named(fields, name).get("dimension")?;
        dimension.get("is_time").and_then(Node::text)
    };
    assert_eq!(is_time("responded_at").as_deref(), Some("true"));
    assert_eq!(is_time("source").as_deref(), Some("false"));
    assert_eq!(is_time("ces"), None);
}

#[test]
fn what_is_left_out_is_named() {
    let (_, remarks) = exported();
    let told = remarks.join("\n");
    for part in [
        "roles",
        "custom_extensions",
        "customers: its source",
        "customers: could not be opened",
        "ANSI",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let empty = Project::read("name: x", Path::new("."), "latido.yaml", &|_| None).unwrap();
    assert!(
        export(&empty, &[])
            .unwrap_err()
            .to_string()
            .contains("no tables")
    );
}
