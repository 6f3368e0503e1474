//! The Rust side of golden cases over data: the pure functions of `statistics` on the table of counts
//! that the `table` statement of a case gives (its last column is how often the row occurred).

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use latido::engine::Engine;
use latido::statistics::{
    Auc, Confidence, CrossProducts, Level, MeanSquares, Moment, MomentMatrix, Table, Ties, cox_fit,
    drivers, kaplan_meier, kendall, least_squares, log_rank, median_survival, pearson, spearman,
};
use serde_json::{Value, json};

use super::case::{Case, Row};
use super::fits;

/// A row of what a function computes: its columns, and what the key column holds.
pub(super) struct Found {
    key: String,
    columns: BTreeMap<String, f64>,
}

/// What the pure function of a case gets wrong on its table.
pub(super) async fn failures(engine: &Engine, case: &Case) -> Vec<String> {
    let (Some(sql), Some(function)) = (&case.table, &case.function) else {
        return Vec::new();
    };
    let batches = match engine.run(sql, &[]).await {
        Ok(answer) => answer.collect().await.unwrap(),
        Err(error) => return vec![format!("{}: {error}", case.title())],
    };
    let found: Vec<Found> = tables(&batches, case.key.as_deref())
        .into_iter()
        .flat_map(|(key, names, table)| answers(function, &key, &names, &table))
        .collect();
    let rows = case.expected_rows();
    rows.iter()
        .flat_map(|row| row_failures(case, row, &found))
        .collect()
}

fn row_failures(case: &Case, row: &Row, found: &[Found]) -> Vec<String> {
    let key = row.key.clone().unwrap_or_default();
    let Some(found) = found.iter().find(|found| found.key == key) else {
        return vec![format!("{}: Rust has no row {key:?}", case.title())];
    };
    let known = found
        .columns
        .iter()
        .filter(|(column, _)| row.expected.contains_key(*column));
    let mut checked = 0;
    let mismatch = |(column, value): (&String, &f64)| {
        checked += 1;
        case.mismatch(row, column, &json!(value))
    };
    let failures: Vec<String> = known.filter_map(mismatch).collect();
    assert!(
        checked > 0,
        "{}: Rust computes no expected column",
        case.title()
    );
    failures
        .iter()
        .map(|failure| format!("Rust: {failure}"))
        .collect()
}

/// The tables by the text of the key column, which is the first where the case has a key of its own.
fn tables(batches: &[RecordBatch], key: Option<&str>) -> Vec<(String, Vec<String>, Table)> {
    let mut rows: BTreeMap<String, Vec<(Vec<f64>, u64)>> = BTreeMap::new();
    let mut names = Vec::new();
    for batch in batches {
        let schema = batch.schema();
        let is_keyed = key.is_some_and(|key| schema.field(0).name() == key);
        let from = usize::from(is_keyed);
        let last = batch.num_columns() - 1;
        names = (from..last)
            .map(|place| schema.field(place).name().clone())
            .collect();
        let real = |place: usize| cast(batch.column(place), &DataType::Float64).unwrap();
        let columns: Vec<_> = (from..=last).map(real).collect();
        let keys = cast(batch.column(0), &DataType::Utf8).unwrap();
        for row in 0..batch.num_rows() {
            if columns.iter().any(|column| column.is_null(row)) {
                continue;
            }
            let mut values: Vec<f64> = columns
                .iter()
                .map(|column| column.as_primitive::<Float64Type>().value(row))
                .collect();
            let count = values.pop().unwrap() as u64;
            let key = if is_keyed {
                keys.as_string::<i32>().value(row)
            } else {
                ""
            };
            rows.entry(key.to_owned())
                .or_default()
                .push((values, count));
        }
    }
    let table = |(key, rows): (String, Vec<(Vec<f64>, u64)>)| {
        let table = Table::of(names.len(), rows);
        (key, names.clone(), table)
    };
    rows.into_iter().map(table).collect()
}

fn answers(function: &str, key: &str, names: &[String], table: &Table) -> Vec<Found> {
    match function {
        "survival" => steps(table),
        "cox_fit" => cox(names, table),
        "drivers" => driver_rows(names, table),
        "ols_fit" => slopes(names, table),
        "logit_fit" => fits::logit(names, table),
        _ => vec![found(key, one(function, table))],
    }
}

pub(super) fn found(key: &str, columns: impl IntoIterator<Item = (&'static str, f64)>) -> Found {
    let columns = columns
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Found {
        key: key.to_owned(),
        columns: columns.collect(),
    }
}

fn one(function: &str, table: &Table) -> Vec<(&'static str, f64)> {
    match function {
        "association" => {
            let r = pearson(table).unwrap();
            let interval = r.interval(Confidence::default()).unwrap();
            vec![
                ("pearson", r.r),
                ("p", r.p().unwrap()),
                ("low", interval.low),
                ("high", interval.high),
                ("spearman", spearman(table).unwrap()),
                ("kendall", kendall(table).unwrap()),
            ]
        }
        "auc" => area(table),
        "survival_median" => {
            vec![("median", median_survival(moments(table)).unwrap())]
        }
        "logrank" => {
            let test = log_rank(&groups(table)).unwrap();
            vec![
                ("chi2", test.chi2),
                ("df", f64::from(test.df)),
                ("p", test.p),
            ]
        }
        "reliability" => reliability(&cross_products(table)),
        "kpi_contest" => fits::pair(table),
        "sbg_fit" => fits::renewals(table),
        "bgnbd_fit" => fits::purchases(table),
        "gamma_gamma_fit" => fits::spending(table),
        unknown => panic!("no golden function {unknown} over a table"),
    }
}

/// Score and outcome.
fn area(table: &Table) -> Vec<(&'static str, f64)> {
    let mut levels: BTreeMap<u64, Level> = BTreeMap::new();
    let scores = table.margin(0);
    for (row, count) in table.rows() {
        let place = scores.partition_point(|(score, _)| *score < row[0]) as u64;
        let level = levels.entry(place).or_default();
        let side = if row[1] > 0.0 {
            &mut level.cases
        } else {
            &mut level.controls
        };
        *side += count;
    }
    let auc = Auc::of(levels.into_values().collect::<Vec<_>>()).unwrap();
    let interval = auc.interval(Confidence::default()).unwrap();
    vec![
        ("auc", auc.value),
        ("se", auc.se().unwrap()),
        ("low", interval.low),
        ("high", interval.high),
    ]
}

/// Duration and event, perhaps with a group.
fn moments(table: &Table) -> Vec<Moment> {
    let times = table.margin(0).into_iter();
    let moment = |(time, _): (f64, u64)| {
        let at = |event: bool| {
            let here = table
                .rows()
                .filter(move |(row, _)| row[0].total_cmp(&time).is_eq() && (row[1] > 0.0) == event);
            here.map(|(_, count)| count).sum()
        };
        Moment {
            time,
            events: at(true),
            censored: at(false),
        }
    };
    times.map(moment).collect()
}

fn steps(table: &Table) -> Vec<Found> {
    let moments = moments(table);
    let row = |step: latido::statistics::Step| {
        let mut columns = vec![
            ("at_risk", step.at_risk as f64),
            ("events", step.moment.events as f64),
            ("survival", step.survival),
        ];
        let interval = step.interval(Confidence::default());
        columns.extend(step.se().map(|se| ("se", se)));
        columns.extend(interval.map(|i| ("low", i.low)));
        columns.extend(interval.map(|i| ("high", i.high)));
        let key = Value::from(step.moment.time).to_string();
        found(key.strip_suffix(".0").unwrap_or(&key), columns)
    };
    kaplan_meier(&moments).map(row).collect()
}

fn groups(table: &Table) -> Vec<latido::statistics::Group> {
    let times = table.margin(0);
    let group = |(name, _): (f64, u64)| {
        let mut at = vec![(0, 0); times.len()];
        for (row, count) in table
            .rows()
            .filter(|(row, _)| row[2].total_cmp(&name).is_eq())
        {
            let cell = &mut at[times.partition_point(|(time, _)| *time < row[0])];
            let side = if row[1] > 0.0 {
                &mut cell.0
            } else {
                &mut cell.1
            };
            *side += count;
        }
        at
    };
    table.margin(2).into_iter().map(group).collect()
}

fn cross_products(table: &Table) -> CrossProducts {
    let mut matrix = MomentMatrix::new(table.width());
    for (row, count) in table.rows() {
        (0..count).for_each(|_| matrix.add_row(row));
    }
    matrix.cross_products().unwrap()
}

fn reliability(products: &CrossProducts) -> Vec<(&'static str, f64)> {
    let squares = MeanSquares::of(products).unwrap();
    let interval = squares.alpha_interval(Confidence::default()).unwrap();
    let icc = squares.intraclass().unwrap();
    vec![
        ("alpha", squares.alpha().unwrap()),
        ("low", interval.low),
        ("high", interval.high),
        ("icc1", icc.icc1),
        ("icc2", icc.icc2),
        ("icc3", icc.icc3),
        ("icc1k", icc.icc1k.unwrap()),
        ("icc2k", icc.icc2k.unwrap()),
        ("icc3k", icc.icc3k.unwrap()),
        ("n", products.n as f64),
    ]
}

fn driver_rows(names: &[String], table: &Table) -> Vec<Found> {
    let drivers = drivers(&cross_products(table));
    let row = |(name, driver): (&String, &latido::statistics::Driver)| {
        let percent = |share: Option<f64>| 100.0 * share.unwrap();
        let columns = [
            ("performance", driver.performance.unwrap()),
            ("correlation", driver.correlation.unwrap()),
            ("beta", driver.beta.unwrap()),
            ("shapley", driver.shapley.unwrap()),
            ("shapley_share", percent(driver.shapley_share)),
            ("johnson", driver.johnson.unwrap()),
            ("johnson_share", percent(driver.johnson_share)),
            ("vif", driver.vif.unwrap()),
        ];
        found(name, columns)
    };
    names[1..].iter().zip(&drivers).map(row).collect()
}

fn slopes(names: &[String], table: &Table) -> Vec<Found> {
    let fit = least_squares(&cross_products(table), Confidence::default()).unwrap();
    let whole = [
        ("r2", fit.r2),
        ("adjusted_r2", fit.adjusted_r2),
        ("f", fit.f.unwrap().statistic),
    ];
    let row = |(name, term): (&str, &latido::statistics::LeastSquaresTerm)| {
        let test = term.test.unwrap();
        let columns = [
            ("estimate", term.estimate),
            ("se", term.se),
            ("t", test.statistic),
            ("p", test.p),
            ("low", term.interval.low),
            ("high", term.interval.high),
        ];
        found(name, columns)
    };
    let names = std::iter::once("(intercept)").chain(names[1..].iter().map(String::as_str));
    let terms = names.zip(&fit.terms).map(row);
    std::iter::once(found("", whole)).chain(terms).collect()
}

fn cox(names: &[String], table: &Table) -> Vec<Found> {
    let fit = cox_fit(table, Ties::Efron, Confidence::default()).unwrap();
    let whole = [
        ("n", fit.n as f64),
        ("events", fit.events as f64),
        ("log_likelihood", fit.log_likelihood),
        ("null_log_likelihood", fit.null_log_likelihood),
        ("concordance", fit.concordance.unwrap()),
    ];
    let row = |(name, term): (&String, &latido::statistics::CoxTerm)| {
        let test = term.test.unwrap();
        let columns = [
            ("estimate", term.estimate),
            ("se", term.se),
            ("z", test.statistic),
            ("p", test.p),
            ("hazard_ratio", term.hazard_ratio.unwrap()),
        ];
        found(name, columns)
    };
    let terms = names[2..].iter().zip(&fit.terms).map(row);
    std::iter::once(found("", whole)).chain(terms).collect()
}
