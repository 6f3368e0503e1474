//! The metrics, dimensions and the objective that columns suggest.

use super::column::Fit;
use super::role::{Match, Taken, promises_a_score_or_flag, unique};
use super::{FoundColumn, identifier};
use crate::model::ColumnKind;
use crate::project::check::is_identifier;
use crate::project::draft::{Draft, DraftColumn, DraftMetric, DraftObjective, DraftSource};
use crate::project::metric::{Direction, MetricKind};

/// Different values that a dimension may have, and dimensions that a first project may have.
const MOST_PARTS: u64 = 30;
const MOST_DIMENSIONS: usize = 12;

/// The columns that are KPIs: name of the metric, column, kind, label, which way is good.
const KPIS: [(&str, &str, MetricKind, &str); 4] = [
    ("nps", "nps", MetricKind::Nps, "Net Promoter Score"),
    ("csat", "csat", MetricKind::Csat, "Satisfaction"),
    ("ces", "ces", MetricKind::Ces, "Ease"),
    ("churn_rate", "churned", MetricKind::Rate, "Churn rate"),
];
/// Columns that tell apart, but not metrics: what people write, and what only leavers have.
const NO_DIMENSIONS: [&str; 6] = [
    "comment",
    "reason",
    "churn_reason",
    "churn_category",
    "response_id",
    "customer_id",
];

/// The metrics of a table.
pub(super) fn add(draft: &mut Draft, taken: &Taken<'_>) {
    let Some(role) = taken.role else {
        return;
    };
    let time = taken.column(role.time).map(|_| role.time.to_owned());
    for (name, column, kind, label) in KPIS {
        let Some(found) = taken.column(column) else {
            continue;
        };
        let names: Vec<String> = draft
            .metrics
            .iter()
            .map(|metric| metric.name.clone())
            .collect();
        let name = match names.iter().any(|taken| taken == name) {
            true => unique(&format!("{name}_{}", taken.name), &names),
            false => name.to_owned(),
        };
        let direction = match kind {
            MetricKind::Rate => Direction::LowerIsBetter,
            _ => Direction::HigherIsBetter,
        };
        draft.metrics.push(DraftMetric {
            name,
            kind,
            table: taken.name.clone(),
            expr: Some(column.to_owned()),
            time: time.clone(),
            filter: None,
            label: Some(label.to_owned()),
            description: None,
            direction,
            note: Some(format!("guess: {}", because(found, taken))),
        });
    }
}

/// Scores before rates, whatever the order of the tables.
pub(super) fn sort(draft: &mut Draft) {
    let place = |metric: &DraftMetric| KPIS.iter().position(|(_, _, kind, _)| *kind == metric.kind);
    draft.metrics.sort_by_key(place);
}

/// What speaks for a metric.
fn because(found: &Match<'_>, taken: &Taken<'_>) -> String {
    let name = &found.column.name;
    let held = match (found.known.kind, &found.fit) {
        (ColumnKind::Rating(low, high), Fit::Without(_)) => {
            format!("{name} holds {low}–{high} and what is no answer")
        }
        (ColumnKind::Rating(..), _) => match (found.column.low, found.column.high) {
            (Some(low), Some(high)) => format!("{name} holds {low}–{high}"),
            _ => format!("{name} holds scores as text"),
        },
        _ => {
            let when = taken.role.map_or("", |role| role.time);
            format!("{name} is a flag; periods are those of {when}")
        }
    };
    match found.known.name {
        "ces" => format!("{held}; high must mean easy"),
        _ => held,
    }
}

/// Text columns of few different values of the tables that have metrics, the known ones first.
pub(super) fn add_dimensions(draft: &mut Draft, taken: &[Taken<'_>]) {
    let mut names: Vec<String> = Vec::new();
    for (place, table) in taken.iter().enumerate() {
        // A second table of a kind may be a dirty copy of the first.
        let is_measured = |metric: &DraftMetric| metric.table == table.name;
        if !table.is_known() || !draft.metrics.iter().any(is_measured) {
            continue;
        }
        let columns = table.found.columns.iter();
        for column in columns.filter(|column| tells_apart(column)) {
            let name = dimension(&mut draft.tables[place].columns, table, column);
            let is_new = |name: &String| !names.iter().any(|it| it.eq_ignore_ascii_case(name));
            names.extend(name.filter(is_new));
        }
    }
    let first = ["touchpoint", "channel", "segment", "region"];
    names.sort_by_key(|name| {
        first
            .iter()
            .position(|it| it == name)
            .unwrap_or(first.len())
    });
    names.truncate(MOST_DIMENSIONS);
    draft.dimensions = names;
}

/// The name of a column as a dimension, which the table gives it if it has none that SQL takes.
fn dimension(
    mapped: &mut Vec<DraftColumn>,
    table: &Taken<'_>,
    column: &FoundColumn,
) -> Option<String> {
    let mut matches = table.matches.iter();
    if let Some(found) = matches.find(|it| it.column.name == column.name) {
        let name = found.known.name;
        return (!NO_DIMENSIONS.contains(&name)).then(|| name.to_owned());
    }
    if is_identifier(&column.name) {
        let name = column.name.as_str();
        return (!NO_DIMENSIONS.contains(&name)).then(|| name.to_owned());
    }
    let name = identifier(&column.name);
    let is_other = |it: &FoundColumn| it.name.eq_ignore_ascii_case(&name);
    let is_taken = mapped.iter().any(|it| it.name == name);
    if is_taken || table.found.columns.iter().any(is_other) {
        return None;
    }
    mapped.push(DraftColumn {
        name: name.clone(),
        source: DraftSource::Column(column.name.clone()),
        null_when: Vec::new(),
        kind: None,
        note: None,
    });
    Some(name)
}

fn tells_apart(column: &FoundColumn) -> bool {
    column.kind == Some(ColumnKind::Text)
        && column.moment.is_none()
        && !promises_a_score_or_flag(&column.name)
        && (2..=MOST_PARTS).contains(&column.distinct)
        && column.distinct * 2 <= column.answers
}

/// Where answers and customers meet: do the scores foretell who leaves?
pub(super) fn add_objective(draft: &mut Draft, taken: &[Taken<'_>]) {
    let named = |name: &str| taken.iter().find(|table| table.name == name);
    let (Some(responses), Some(customers)) = (named("responses"), named("customers")) else {
        return;
    };
    let joins =
        responses.column("customer_id").is_some() && customers.column("customer_id").is_some();
    let metrics: Vec<String> = draft
        .metrics
        .iter()
        .filter(|metric| metric.table == "responses" && metric.time.is_some())
        .map(|metric| metric.name.clone())
        .collect();
    if !joins || customers.column("churned").is_none() || metrics.is_empty() {
        return;
    }
    let value = customers.column("lifetime_value");
    draft.objectives.push(DraftObjective {
        name: "Keep customers".to_owned(),
        outcome: "customers.churned".to_owned(),
        value: value.map(|_| "customers.lifetime_value".to_owned()),
        metrics,
    });
}
