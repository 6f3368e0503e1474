//! Every multiset of up to six answers over 0–10 and NULL, 18,564 of them, against a plain count.
//!
//! The count here is the definition, answer by answer, and shares nothing with latido: 9–10
//! promote, 7–8 are passive, 0–6 detract, NULL is no answer. Agreement is in every bit.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int8Array, Int32Array, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, UInt64Type};
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use crate::laws::call::{CALLS, session};

/// An answer, or none.
type Answer = Option<i8>;

/// All multisets of up to six answers, the empty one first.
fn multisets() -> Vec<Vec<Answer>> {
    let answers: Vec<Answer> = std::iter::once(None).chain((0..=10).map(Some)).collect();
    let mut all = vec![Vec::new()];
    let mut longest: Vec<(Vec<Answer>, usize)> = vec![(Vec::new(), 0)];
    for _ in 0..6 {
        let mut longer = Vec::new();
        for (set, from) in &longest {
            for (place, answer) in answers.iter().enumerate().skip(*from) {
                longer.push(([set.as_slice(), &[*answer]].concat(), place));
            }
        }
        all.extend(longer.iter().map(|(set, _)| set.clone()));
        longest = longer;
    }
    all
}

/// What a person counts.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Count {
    n: u32,
    promoters: u32,
    passives: u32,
    detractors: u32,
    sum: u32,
    points: [u64; 11],
}

fn count(answers: &[Answer]) -> Count {
    let mut count = Count::default();
    for score in answers.iter().flatten() {
        count.n += 1;
        match score {
            9 | 10 => count.promoters += 1,
            7 | 8 => count.passives += 1,
            _ => count.detractors += 1,
        }
        count.sum += score.cast_unsigned() as u32;
        count.points[score.cast_unsigned() as usize] += 1;
    }
    count
}

impl Count {
    fn share(&self, part: u32) -> Option<f64> {
        (self.n > 0).then(|| f64::from(100 * part) / f64::from(self.n))
    }

    fn nps(&self) -> Option<f64> {
        let net = i64::from(self.promoters) - i64::from(self.detractors);
        (self.n > 0).then(|| (100 * net) as f64 / f64::from(self.n))
    }

    fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| f64::from(self.sum) / f64::from(self.n))
    }
}

/// Rows of (multiset, answer) in one of several orders.
fn rows(sets: &[Vec<Answer>], order: Order) -> Vec<(usize, Answer)> {
    let each = |(number, set): (usize, &Vec<Answer>)| {
        set.iter()
            .map(move |answer| (number, *answer))
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<(usize, Answer)> = sets.iter().enumerate().flat_map(each).collect();
    match order {
        Order::BySet => {}
        Order::Backwards => rows.reverse(),
        Order::ByAnswer => rows.sort_by_key(|(number, answer)| (*answer, *number)),
        Order::Scattered => rows.sort_by_key(|(number, answer)| (number * 7919 % 18_564, *answer)),
    }
    rows
}

#[derive(Debug, Clone, Copy)]
enum Order {
    BySet,
    Backwards,
    ByAnswer,
    Scattered,
}

const ORDERS: [(Order, usize); 4] = [
    (Order::BySet, usize::MAX),
    (Order::Backwards, 1000),
    (Order::ByAnswer, 30_000),
    (Order::Scattered, 8192),
];

fn scores(rows: &[(usize, Answer)]) -> ArrayRef {
    Arc::new(
        rows.iter()
            .map(|(_, answer)| *answer)
            .collect::<Int8Array>(),
    )
}

fn store(call: usize) -> Box<dyn GroupsAccumulator> {
    CALLS[call]
        .planned(&DataType::Int8)
        .create_groups_accumulator()
        .unwrap()
}

/// What a call answers to all multisets: a store for each batch, their states merged, the last
/// first where `late_first`.
fn answers(
    function: &str,
    sets: usize,
    rows: &[(usize, Answer)],
    batch: usize,
    late_first: bool,
) -> ArrayRef {
    let call = CALLS
        .iter()
        .position(|call| call.function == function)
        .unwrap();
    let literals = CALLS[call].columns(&[], &DataType::Int8);
    let mut states = Vec::new();
    for part in rows.chunks(batch.min(rows.len())) {
        let mut store = store(call);
        let of: Vec<usize> = part.iter().map(|(number, _)| *number).collect();
        let mut columns = vec![scores(part)];
        columns.extend(literals[1..].iter().map(Arc::clone)); // literals are known beforehand
        store.update_batch(&columns, &of, None, sets).unwrap();
        states.push(store.state(EmitTo::All).unwrap());
    }
    if late_first {
        states.reverse();
    }
    let all: Vec<usize> = (0..sets).collect();
    let mut merged = store(call);
    for state in &states {
        merged.merge_batch(state, &all, sets).unwrap();
    }
    merged.evaluate(EmitTo::All).unwrap()
}

/// Panics unless column and expectation agree in every bit.
#[track_caller]
fn same(found: &ArrayRef, expected: impl Iterator<Item = Option<f64>>, how: &str) {
    let expected: ArrayRef = Arc::new(expected.collect::<Float64Array>());
    assert_eq!(found.len(), expected.len(), "{how}");
    if found != &expected {
        let found = found.as_primitive::<Float64Type>().iter();
        let pairs = found.zip(expected.as_primitive::<Float64Type>().iter());
        let wrong = pairs
            .enumerate()
            .find(|(_, (a, b))| a.map(f64::to_bits) != b.map(f64::to_bits));
        panic!("{how}: multiset {wrong:?}");
    }
}

#[track_caller]
fn same_counts(found: &ArrayRef, expected: impl Iterator<Item = u32>, how: &str) {
    let found: Vec<i64> = found.as_primitive::<Int64Type>().values().to_vec();
    assert!(found.into_iter().eq(expected.map(i64::from)), "{how}");
}

#[track_caller]
fn same_points(found: &ArrayRef, counts: &[Count], how: &str) {
    for (found, count) in found.as_list::<i32>().iter().zip(counts) {
        let found = found.map(|points| points.as_primitive::<UInt64Type>().values().to_vec());
        assert_eq!(
            found,
            (count.n > 0).then(|| count.points.to_vec()),
            "{how}: {count:?}"
        );
    }
}

#[test]
fn there_are_18564_multisets() {
    let sets = multisets();
    assert_eq!(sets.len(), 18_564);
    let distinct: std::collections::BTreeSet<_> = sets.iter().collect();
    assert_eq!(distinct.len(), sets.len());
}

#[test]
fn states_in_any_order_and_split_give_the_count() {
    let sets = multisets();
    let counts: Vec<Count> = sets.iter().map(|set| count(set)).collect();
    for (turn, (order, batch)) in ORDERS.into_iter().enumerate() {
        let rows = rows(&sets, order);
        let how = format!("{order:?}, batches of {batch}");
        let found = |function: &str| answers(function, sets.len(), &rows, batch, turn % 2 == 1);
        same(&found("nps"), counts.iter().map(Count::nps), &how);
        same(
            &found("promoters"),
            counts.iter().map(|c| c.share(c.promoters)),
            &how,
        );
        same(
            &found("passives"),
            counts.iter().map(|c| c.share(c.passives)),
            &how,
        );
        same(
            &found("detractors"),
            counts.iter().map(|c| c.share(c.detractors)),
            &how,
        );
        same_points(&found("score_counts"), &counts, &how);
        let summary = found("nps_summary");
        let field = |name: &str| summary.as_struct().column_by_name(name).unwrap();
        same(field("nps"), counts.iter().map(Count::nps), &how);
        same_counts(field("n"), counts.iter().map(|c| c.n), &how);
        same_counts(field("promoters"), counts.iter().map(|c| c.promoters), &how);
        same_counts(field("passives"), counts.iter().map(|c| c.passives), &how);
        same_counts(
            field("detractors"),
            counts.iter().map(|c| c.detractors),
            &how,
        );
    }
}

/// The multisets that have rows, as one table in four partitions.
fn table(sets: &[Vec<Answer>]) -> MemTable {
    let rows = rows(sets, Order::Scattered);
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int32, false),
        Field::new("score", DataType::Int8, true),
    ]));
    let batch = |rows: &[(usize, Answer)]| {
        let ids = Int32Array::from_iter_values(rows.iter().map(|(number, _)| *number as i32));
        RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(ids), scores(rows)]).unwrap()
    };
    let parts = rows
        .chunks(rows.len().div_ceil(4))
        .map(|part| part.chunks(8192).map(batch).collect());
    MemTable::try_new(Arc::clone(&schema), parts.collect()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_statement_gives_the_count() {
    let sets = multisets();
    let counts: Vec<Count> = sets.iter().skip(1).map(|set| count(set)).collect();
    let session = session();
    session
        .register_table("answers", Arc::new(table(&sets)))
        .unwrap();
    let sql = "
        SELECT *, nps_from_counts(counts) AS stored_nps, mean_from_counts(counts, 0) AS stored_mean
        FROM (SELECT id, nps(score) AS nps, promoters(score) AS promoters, passives(score) AS passives,
                     detractors(score) AS detractors, top_box(score, 2, 10) AS top,
                     bottom_box(score, 7, 0, 10) AS bottom, score_counts(score, 0, 10) AS counts
              FROM answers GROUP BY id)
        ORDER BY id";
    let batches = session.sql(sql).await.unwrap().collect().await.unwrap();
    let found = concat_batches(&batches[0].schema(), &batches).unwrap();
    assert_eq!(found.num_rows(), 18_563); // the empty multiset has no rows
    let column = |name: &str| found.column_by_name(name).unwrap();
    for name in ["nps", "stored_nps"] {
        same(column(name), counts.iter().map(Count::nps), name);
    }
    for name in ["promoters", "top"] {
        same(
            column(name),
            counts.iter().map(|c| c.share(c.promoters)),
            name,
        );
    }
    for name in ["detractors", "bottom"] {
        same(
            column(name),
            counts.iter().map(|c| c.share(c.detractors)),
            name,
        );
    }
    same(
        column("passives"),
        counts.iter().map(|c| c.share(c.passives)),
        "passives",
    );
    same(
        column("stored_mean"),
        counts.iter().map(Count::mean),
        "mean",
    );
    same_points(column("counts"), &counts, "counts");
}
