//! Both spellings of dbt, and that nothing is dropped without a word.

use std::path::Path;

use super::*;
use crate::project::{MetricKind, Project};

/// A file of ours in the older spelling.
const LEGACY: &str = include_str!("../../../tests/exchange/legacy.yml");
/// The same shop in the spelling of dbt 1.12.
const LATEST: &str = include_str!("../../../tests/exchange/latest.yml");

fn draft(text: &str) -> DbtDraft {
    let files = [("shop.yml".to_owned(), text.to_owned())];
    let project = DbtProject::read(&files).unwrap();
    project.draft("shop", &|model| Some(format!("{model}.csv")), &|_| Ok(()))
}

#[track_caller]
fn read(draft: &DbtDraft) -> Project {
    let text = draft.draft.to_yaml();
    let project = Project::read(&text, Path::new("."), "latido.yaml", &|_| None);
    project.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn metric(draft: &DbtDraft, name: &str) -> (MetricKind, Option<String>, Option<String>) {
    let found = draft
        .draft
        .metrics
        .iter()
        .find(|metric| metric.name == name);
    let found = found.unwrap_or_else(|| panic!("{name}: {:?}", draft.left));
    (found.kind, found.expr.clone(), found.filter.clone())
}

#[track_caller]
fn left(draft: &DbtDraft, name: &str, reason: &str) {
    let is_it = |text: &&String| text.contains(&format!(": {name}: "));
    let found = draft.left.iter().find(is_it);
    let found = found.unwrap_or_else(|| panic!("{name} was not named: {:?}", draft.left));
    assert!(found.contains(reason), "{found}");
}

#[test]
fn both_spellings_mean_the_same() {
    for text in [LEGACY, LATEST] {
        let draft = draft(text);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(metric(&draft, "orders"), (MetricKind::Count, None, None));
        assert_eq!(
            metric(&draft, "revenue"),
            (MetricKind::Sum, text("amount"), None)
        );
        assert_eq!(
            metric(&draft, "basket"),
            (MetricKind::Mean, text("amount"), None)
        );
        let buyers = (MetricKind::CountDistinct, text("customer_ref"), None);
        assert_eq!(metric(&draft, "buyers"), buyers);
        let web = (MetricKind::Sum, text("amount"), text("channel = 'web'"));
        assert_eq!(metric(&draft, "web_revenue"), web);
        let returned = text("CASE WHEN is_returned THEN 1 ELSE 0 END");
        assert_eq!(
            metric(&draft, "returned"),
            (MetricKind::Sum, returned, None)
        );
        let rate = text("coalesce((is_returned), false)");
        assert_eq!(
            metric(&draft, "return_rate"),
            (MetricKind::Rate, rate, None)
        );
        left(&draft, "margin", "derived");
        left(&draft, "revenue_so_far", "cumulative");
        left(&draft, "visit_to_order", "conversion");
        left(&draft, "typical_basket", "median");
        left(&draft, "revenue_per_order", "not certainly a share");
        left(&draft, "spanish_revenue", "another model");
        let project = read(&draft);
        assert_eq!(project.metrics.len(), 7, "{:?}", draft.left);
        assert_eq!(project.dimensions, ["channel", "is_large"]);
        assert!(
            project
                .metrics
                .iter()
                .all(|metric| metric.time == "ordered_on")
        );
        assert_eq!(
            project.tables.len(),
            1,
            "a model without metrics is no table"
        );
        assert_eq!(project.tables[0].columns.len(), 2);
    }
}

#[test]
fn settings_without_meaning_are_told() {
    let draft = draft(LATEST);
    let told = draft.remarks.join("\n");
    assert!(told.contains("revenue: fill_nulls_with"), "{told}");
    assert!(told.contains("return_rate: a rate is 0–100"), "{told}");
}

#[test]
fn a_share_of_filtered_rows_is_a_rate() {
    let text = "
models:
  - name: orders
    semantic_model: true
    agg_time_dimension: day
    columns:
      - {name: id, entity: {type: primary, name: order}}
      - {name: day, granularity: day, dimension: {type: time}}
      - {name: kind, dimension: {type: categorical}}
    metrics:
      - {name: n, type: simple, agg: count, expr: 1}
      - {name: late, type: simple, agg: count, expr: 1, filter: \"{{ Dimension('order__kind') }} = 'late'\"}
      - {name: flags, type: simple, agg: sum, expr: case when kind = 'x' then 1 else 0 end}
      - {name: late_share, type: ratio, numerator: late, denominator: n}
      - {name: flag_share, type: ratio, numerator: flags, denominator: {name: n}}
      - {name: odd, type: ratio, numerator: n, denominator: late}
      - {name: jan, type: simple, agg: count, expr: 1, filter: \"{{ TimeDimension('order__day', 'month') }} = '2026-01-01'\"}
";
    let draft = draft(text);
    let rate = |expr: &str| (MetricKind::Rate, Some(expr.to_owned()), None);
    assert_eq!(
        metric(&draft, "late_share"),
        rate("coalesce((kind = 'late'), false)")
    );
    assert_eq!(
        metric(&draft, "flag_share"),
        rate("coalesce((kind = 'x'), false)")
    );
    left(&draft, "odd", "not certainly a share");
    let (_, _, filter) = metric(&draft, "jan");
    assert_eq!(
        filter.as_deref(),
        Some("date_trunc('month', day) = '2026-01-01'")
    );
    read(&draft);
}

#[test]
fn what_is_missing_or_broken_is_named() {
    let text = "
semantic_models:
  - name: visits
    model: ref('shop', 'fct_visits')
    entities: [{name: visit, type: primary}]
    dimensions: [{name: place, type: categorical, expr: \"{{ place }}\"}]
    measures:
      - {name: visits, agg: sum, expr: 1, create_metric: true}
      - {name: balance, agg: sum, agg_time_dimension: day, non_additive_dimension: {name: day}, create_metric: true}
      - {name: idle, agg: max}
metrics:
  - {name: lost, type: simple, type_params: {measure: nothing}}
  - {name: 'odd name', type: simple, type_params: {measure: balance}}
saved_queries:
  - name: board
";
    let draft = draft(text);
    left(&draft, "visits", "agg_time_dimension");
    left(&draft, "balance", "non_additive_dimension");
    left(&draft, "lost", "nothing is not defined");
    left(&draft, "idle", "a measure of no simple metric");
    left(&draft, "board", "saved query");
    assert!(draft.draft.metrics.is_empty());
    let broken = [("x.yml".to_owned(), "metrics: [".to_owned())];
    let error = DbtProject::read(&broken).unwrap_err().to_string();
    assert!(error.starts_with("x.yml:"), "{error}");
}

#[test]
fn templates_that_can_mean_something_else_are_refused() {
    let files = [("shop.yml".to_owned(), LATEST.to_owned())];
    let project = DbtProject::read(&files).unwrap();
    let model = &project.files.models[0];
    let resolve = |text: &str| template::resolve(text, model);
    assert_eq!(
        resolve("{{Dimension(\"channel\")}} = 'a'").unwrap(),
        "channel = 'a'"
    );
    assert_eq!(
        resolve("{{ Dimension('order__ordered_on').grain('week') }} > 1").unwrap(),
        "date_trunc('week', ordered_on) > 1"
    );
    assert_eq!(
        resolve("{{ Dimension('order__ordered_on__year') }}").unwrap(),
        "date_trunc('year', ordered_on)"
    );
    for refused in [
        "{{ Metric('revenue', ['order']) }} > 1",
        "{{ Dimension('nothing') }}",
        "{{ var('x') }}",
        "{{ Dimension('channel', entity_path=['a']) }}",
        "{{ Dimension('channel')",
        "{% if x %}a{% endif %}",
    ] {
        assert!(resolve(refused).is_err(), "{refused}");
    }
}
