//! Laws that every aggregate function keeps, whatever the rows: the answer does not depend on how
//! the rows were ordered, split, grouped, framed, filtered, typed, or handed on as states.
//!
//! Counts must agree in every bit; sums of real numbers to 1e-12.

/// The calls, and their rows.
pub(crate) mod call;
mod same;
mod sql;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use latido::functions::{Sort, faces};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};

use call::{CALLS, Call, Row, SCORE_TYPES, answer, mixed, stacked, state};
use same::difference;

/// Panics unless two answers of a call agree as far as it promises.
#[track_caller]
fn check(call: &Call, found: &ArrayRef, expected: &ArrayRef, how: &str) {
    let relative = if call.exact { 0.0 } else { 1e-12 };
    if let Some(difference) = difference(found, expected, relative) {
        panic!("{} {how}: {difference}", call.title());
    }
}

/// Numbers drawn one after the other.
struct Draw(u64, usize);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.1 += 1;
        (mixed(self.0, self.1) % bound as u64) as usize
    }

    /// Cuts so many rows into runs of 0 to 9.
    fn cuts(&mut self, rows: usize) -> Vec<Range<usize>> {
        let mut cuts = Vec::new();
        let mut from = 0;
        while from < rows {
            let to = rows.min(from + self.below(10));
            cuts.push(from..to);
            from = to;
        }
        cuts
    }

    fn shuffled<T: Copy>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
        items
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    vec(any::<u64>().prop_map(Row::from), 0..50)
}

fn draw() -> impl Strategy<Value = u64> {
    any::<u64>()
}

/// The group of each row.
fn groups_of(rows: &[Row], groups: usize) -> Vec<usize> {
    rows.iter()
        .map(|row| mixed(row.seed, 99) as usize % groups)
        .collect()
}

/// The rows of one group.
fn of_group(rows: &[Row], of: &[usize], group: usize) -> Vec<Row> {
    let mine = rows.iter().zip(of).filter(|(_, of)| **of == group);
    mine.map(|(row, _)| *row).collect()
}

/// The plain answers of all groups, one below the other.
fn plain_groups(call: &Call, rows: &[Row], of: &[usize], groups: usize) -> ArrayRef {
    let answers: Vec<ArrayRef> = (0..groups)
        .map(|group| call.plain(&of_group(rows, of, group)))
        .collect();
    concat(&answers.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap()
}

fn grouped(call: &Call) -> Box<dyn GroupsAccumulator> {
    let planned = call.planned(&DataType::Int8);
    assert!(planned.groups_accumulator_supported());
    planned.create_groups_accumulator().unwrap()
}

/// Adds rows to a store of groups in batches.
fn add(
    call: &Call,
    store: &mut dyn GroupsAccumulator,
    (rows, of): (&[Row], &[usize]),
    groups: usize,
    draw: &mut Draw,
) {
    for cut in draw.cuts(rows.len()) {
        let columns = call.columns(&rows[cut.clone()], &DataType::Int8);
        store
            .update_batch(&columns, &of[cut], None, groups)
            .unwrap();
    }
    store
        .update_batch(&call.columns(&[], &DataType::Int8), &[], None, groups)
        .unwrap();
}

#[test]
fn every_aggregate_is_held_to_the_laws() {
    let called: BTreeSet<&str> = CALLS.iter().map(|call| call.function).collect();
    let is_aggregate = |sort| matches!(sort, Sort::Aggregate | Sort::List | Sort::Whole(_));
    for face in faces().iter().filter(|face| is_aggregate(face.sort)) {
        let alias = matches!(face.name.as_str(), "churn_rate" | "top_reasons" | "corr");
        assert!(
            alias || called.contains(face.name.as_str()),
            "{} has no call",
            face.name
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_split_and_any_tree_of_merges(rows in rows(), seed in draw()) {
        for call in CALLS {
            let mut draw = Draw(seed, 0);
            let scores = &SCORE_TYPES[draw.below(SCORE_TYPES.len())];
            let shuffled = draw.shuffled(&rows);
            let mut states: Vec<Vec<ArrayRef>> = vec![state(&mut *call.filled(&[], scores))];
            for cut in draw.cuts(shuffled.len()) {
                states.push(state(&mut *call.filled(&shuffled[cut], scores)));
            }
            while states.len() > 1 {
                let mut parts = Vec::new();
                for _ in 0..states.len().min(2 + draw.below(2)) {
                    parts.push(states.swap_remove(draw.below(states.len())));
                }
                states.push(state(&mut *call.merged(&parts, scores)));
            }
            let found = answer(&mut *call.merged(&states, scores));
            check(call, &found, &call.plain(&rows), "split and merged");
        }
    }

    #[test]
    fn merging_is_associative(a in rows(), b in rows(), c in rows()) {
        let kind = &DataType::Int8;
        for call in CALLS {
            let [a, b, c] = [&a, &b, &c].map(|rows| state(&mut *call.filled(rows, kind)));
            let two = |x: &Vec<ArrayRef>, y: &Vec<ArrayRef>| call.merged(&[x.clone(), y.clone()], kind);
            let left = answer(&mut *two(&state(&mut *two(&a, &b)), &c));
            let right = answer(&mut *two(&a, &state(&mut *two(&b, &c))));
            check(call, &left, &right, "(a + b) + c against a + (b + c)");
        }
    }

    #[test]
    fn any_type_of_score_gives_the_same_bits(rows in rows()) {
        for call in CALLS {
            for scores in &SCORE_TYPES {
                check(call, &call.typed(&rows, scores), &call.plain(&rows), &scores.to_string());
            }
        }
    }

    #[test]
    fn blanks_change_nothing(rows in rows()) {
        for call in CALLS {
            let columns = call.columns(&rows, &DataType::Int8);
            // a reason without a value still counts; all else needs every column
            let given = columns.iter().zip(call.arguments).filter(|(_, given)| given.is_column());
            let needed: Vec<_> = given.take(if call.list { 1 } else { 9 }).collect();
            let full = |row: usize| needed.iter().all(|(column, _)| column.is_valid(row));
            let kept: Vec<Row> =
                (0..rows.len()).filter(|row| full(*row)).map(|row| rows[row]).collect();
            check(call, &call.plain(&kept), &call.plain(&rows), "without its blanks");
        }
    }

    #[test]
    fn groups_answer_as_their_rows_alone(rows in rows(), groups in 1_usize..6, seed in draw()) {
        let of = groups_of(&rows, groups);
        for call in CALLS {
            let mut store = grouped(call);
            add(call, &mut *store, (&rows, &of), groups, &mut Draw(seed, 0));
            let found = store.evaluate(EmitTo::All).unwrap();
            check(call, &found, &plain_groups(call, &rows, &of, groups), "grouped");
        }
    }

    #[test]
    fn groups_leave_in_pieces_as_they_leave_at_once(
        early in rows(), late in rows(), groups in 2_usize..6, seed in draw()
    ) {
        for call in CALLS {
            let mut draw = Draw(seed, 0);
            let first = 1 + draw.below(groups - 1);
            // what comes after the first groups have left belongs to the others
            let late_of: Vec<usize> =
                groups_of(&late, groups - first).iter().map(|group| group + first).collect();
            let after: Vec<usize> = late_of.iter().map(|group| group - first).collect();
            let early_of = groups_of(&early, groups);
            let mut store = grouped(call);
            add(call, &mut *store, (&early, &early_of), groups, &mut draw);
            let mut pieces = vec![store.evaluate(EmitTo::First(first)).unwrap()];
            add(call, &mut *store, (&late, &after), groups - first, &mut draw);
            let rest = groups - first;
            let second = 1 + draw.below(rest);
            pieces.push(store.evaluate(EmitTo::First(second)).unwrap());
            pieces.push(store.evaluate(EmitTo::All).unwrap());
            let found = concat(&pieces.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap();
            let (rows, of) = ([early.clone(), late.clone()].concat(), [early_of, late_of].concat());
            check(call, &found, &plain_groups(call, &rows, &of, groups), "in pieces");
        }
    }

    #[test]
    fn states_of_groups_and_rows_as_states_are_the_update(
        few in rows(), groups in 1_usize..6, seed in draw()
    ) {
        let rows = few.repeat(20); // more than the rows whose states are made together
        let of = groups_of(&rows, groups);
        for call in CALLS {
            let mut draw = Draw(seed, 0);
            let half = draw.below(rows.len() + 1);
            let mut store = grouped(call);
            add(call, &mut *store, (&rows[..half], &of[..half]), groups, &mut draw);
            let first = 1 + draw.below(groups);
            let states = [EmitTo::First(first.min(groups)), EmitTo::All].map(|emit| store.state(emit).unwrap());
            let each = store.convert_to_state(&call.columns(&rows[half..], &DataType::Int8), None);
            let mut sum = grouped(call);
            let all: Vec<usize> = (0..groups).collect();
            sum.merge_batch(&stacked(&states), &all, groups).unwrap();
            sum.merge_batch(&each.unwrap(), &of[half..], groups).unwrap();
            let found = sum.evaluate(EmitTo::All).unwrap();
            check(call, &found, &plain_groups(call, &rows, &of, groups), "from states");
        }
    }

    #[test]
    fn what_a_filter_keeps_out_is_never_judged(rows in rows(), groups in 1_usize..4, seed in draw()) {
        let mut draw = Draw(seed, 0);
        let keep: Vec<Option<bool>> =
            rows.iter().map(|_| [Some(true), Some(true), Some(false), None][draw.below(4)]).collect();
        let kept = |row: usize| keep[row] == Some(true);
        let of = groups_of(&rows, groups);
        let judged: Vec<Row> =
            (0..rows.len()).map(|row| Row { wrong: !kept(row), ..rows[row] }).collect();
        let remaining: Vec<usize> = (0..rows.len()).filter(|row| kept(*row)).collect();
        let remaining_rows: Vec<Row> = remaining.iter().map(|row| rows[*row]).collect();
        let remaining_of: Vec<usize> = remaining.iter().map(|row| of[*row]).collect();
        let filter = BooleanArray::from(keep);
        for call in CALLS {
            let columns = call.columns(&judged, &DataType::Int8);
            let expected = plain_groups(call, &remaining_rows, &remaining_of, groups);
            let mut store = grouped(call);
            store.update_batch(&columns, &of, Some(&filter), groups).unwrap();
            check(call, &store.evaluate(EmitTo::All).unwrap(), &expected, "filtered");
            let states = grouped(call).convert_to_state(&columns, Some(&filter)).unwrap();
            let mut store = grouped(call);
            store.merge_batch(&states, &of, groups).unwrap();
            check(call, &store.evaluate(EmitTo::All).unwrap(), &expected, "filtered, as states");
        }
    }

    #[test]
    fn a_sliding_frame_forgets_what_it_has_left(rows in rows(), seed in draw()) {
        for call in Call::with_frames() {
            let mut draw = Draw(seed, 0);
            let kind = &DataType::Int8;
            let mut frame = call.planned(kind).create_sliding_accumulator().unwrap();
            let (mut low, mut high) = (0, 0);
            while high < rows.len() {
                let enter = high + draw.below(6).min(rows.len() - high);
                let leave = low + draw.below(7).min(enter - low);
                frame.update_batch(&call.columns(&rows[high..enter], kind)).unwrap();
                frame.retract_batch(&call.columns(&rows[low..leave], kind)).unwrap();
                (low, high) = (leave, enter);
                check(call, &answer(&mut *frame), &call.plain(&rows[low..high]), "sliding");
            }
        }
    }
}

/// What `call` answers to these columns, field by field; a NULL field is `None`.
fn fields(function: &str, columns: &[ArrayRef], names: &[&str]) -> Vec<Option<f64>> {
    let call = CALLS
        .iter()
        .find(|call| call.function == function && call.arguments.len() == columns.len());
    let mut accumulator = call
        .unwrap()
        .planned(&DataType::Int8)
        .create_accumulator()
        .unwrap();
    accumulator.update_batch(columns).unwrap();
    let answer = answer(&mut *accumulator);
    let field = |name: &&str| {
        let column = answer.as_struct().column_by_name(name).unwrap();
        column
            .is_valid(0)
            .then(|| column.as_primitive::<Float64Type>().value(0))
    };
    names.iter().map(field).collect()
}

proptest! {
    /// Sixteenths on 1e9 are exact in f64, so what is asked differs by the offset and nothing else.
    #[test]
    fn a_large_offset_costs_nothing(cells in vec((0_i32..200, 0_i32..200, any::<bool>()), 2..60)) {
        let reals = |offset: f64, cell: &dyn Fn(&(i32, i32, bool)) -> i32| -> ArrayRef {
            let shifted = cells.iter().map(|c| offset + f64::from(cell(c)) / 16.0);
            Arc::new(Float64Array::from_iter_values(shifted))
        };
        let side: ArrayRef = Arc::new(cells.iter().map(|c| Some(c.2)).collect::<BooleanArray>());
        let at = |offset: f64| {
            let (x, y) = (reals(offset, &|c| c.0), reals(offset, &|c| c.1));
            let weights = reals(0.0, &|c| c.1 + 1);
            [
                fields("mean_summary", &[Arc::clone(&x)], &["sd", "se"]),
                fields("mean_summary", &[Arc::clone(&x), weights], &["sd", "se"]),
                fields("expectation_gap", &[Arc::clone(&x), y], &["gap", "se", "low", "t", "p"]),
                fields("mean_compare", &[x, Arc::clone(&side)], &["difference", "low", "t", "df", "p"]),
            ]
            .concat()
        };
        for (found, expected) in at(1e9).into_iter().zip(at(0.0)) {
            assert_eq!(found.is_some(), expected.is_some());
            let (found, expected) = (found.unwrap_or(0.0), expected.unwrap_or(0.0));
            assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found}, {expected}");
        }
    }
}
