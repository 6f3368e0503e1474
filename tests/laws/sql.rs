//! The same laws through SQL: grouped = filtered = OVER the whole part, sliding = recomputed.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use datafusion::datasource::MemTable;
use datafusion::execution::context::SessionContext;

use super::call::{CALLS, Call, Row, mixed, session};
use super::{check, of_group};

const ROWS: usize = 120;
const GROUPS: usize = 4;

/// Rows with every argument of every call, and the group of each.
struct Table {
    rows: Vec<Row>,
    of: Vec<usize>,
    session: SessionContext,
}

fn table() -> Table {
    let rows: Vec<Row> = (0..ROWS).map(|row| mixed(2024, row).into()).collect();
    let of: Vec<usize> = (0..ROWS)
        .map(|row| mixed(7, row) as usize % GROUPS)
        .collect();
    let whole = |values: &mut dyn Iterator<Item = usize>| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(
            values.map(|value| value as i64),
        ))
    };
    let mut columns = vec![whole(&mut (0..ROWS)), whole(&mut of.iter().copied())];
    let mut fields = vec![
        Field::new("id", DataType::Int64, false),
        Field::new("g", DataType::Int64, false),
    ];
    for (number, call) in CALLS.iter().enumerate() {
        for (place, argument) in call
            .arguments
            .iter()
            .enumerate()
            .filter(|(_, a)| a.is_column())
        {
            let column = argument.column(place, &rows, &DataType::Int16);
            fields.push(Field::new(
                name(number, place),
                column.data_type().clone(),
                true,
            ));
            columns.push(column);
        }
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let parts = [0, 7, 50, 51, ROWS]
        .windows(2)
        .map(|cut| vec![batch.slice(cut[0], cut[1] - cut[0])]);
    let session = session();
    let table = MemTable::try_new(schema, parts.collect()).unwrap();
    session.register_table("t", Arc::new(table)).unwrap();
    Table { rows, of, session }
}

fn name(call: usize, place: usize) -> String {
    format!("c{call}_{place}")
}

/// All these calls as items of a SELECT, each followed by `clause`.
fn items(calls: &[(usize, &Call)], clause: &str) -> String {
    let item = |(number, call): &(usize, &Call)| {
        let places = call.arguments.iter().enumerate();
        let arguments = places.map(|(place, argument)| match argument.is_column() {
            true => name(*number, place),
            false => argument.sql(),
        });
        let arguments: Vec<String> = arguments.collect();
        format!(
            "{}({}) {clause} AS a{number}",
            call.function,
            arguments.join(", ")
        )
    };
    calls.iter().map(item).collect::<Vec<_>>().join(", ")
}

fn all() -> Vec<(usize, &'static Call)> {
    CALLS.iter().enumerate().collect()
}

fn with_frames() -> Vec<(usize, &'static Call)> {
    all().into_iter().filter(|(_, call)| !call.list).collect()
}

impl Table {
    async fn ask(&self, sql: &str) -> RecordBatch {
        let batches = self
            .session
            .sql(sql)
            .await
            .unwrap()
            .collect()
            .await
            .unwrap();
        concat_batches(&batches[0].schema(), &batches).unwrap()
    }

    fn group(&self, group: usize) -> Vec<Row> {
        of_group(&self.rows, &self.of, group)
    }
}

/// Panics unless every call answers in row `row` of `answers` as it does to `rows` at once.
fn check_row(calls: &[(usize, &Call)], answers: &RecordBatch, row: usize, rows: &[Row], how: &str) {
    for (number, call) in calls {
        let column = answers.column_by_name(&format!("a{number}")).unwrap();
        check(call, &column.slice(row, 1), &call.plain(rows), how);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_grouped_and_in_grouping_sets() {
    let table = table();
    let answers = table
        .ask(&format!("SELECT {} FROM t", items(&all(), "")))
        .await;
    check_row(&all(), &answers, 0, &table.rows, "plain");
    let items = items(&all(), "");
    let answers = table
        .ask(&format!("SELECT g, {items} FROM t GROUP BY g ORDER BY g"))
        .await;
    assert_eq!(answers.num_rows(), GROUPS);
    for group in 0..GROUPS {
        check_row(&all(), &answers, group, &table.group(group), "GROUP BY");
    }
    let sets = "GROUP BY GROUPING SETS ((g), ()) ORDER BY g NULLS LAST";
    let answers = table.ask(&format!("SELECT g, {items} FROM t {sets}")).await;
    assert_eq!(answers.num_rows(), GROUPS + 1);
    for group in 0..GROUPS {
        check_row(
            &all(),
            &answers,
            group,
            &table.group(group),
            "GROUPING SETS",
        );
    }
    check_row(&all(), &answers, GROUPS, &table.rows, "GROUPING SETS ()");
}

#[tokio::test(flavor = "multi_thread")]
async fn filtered() {
    let table = table();
    for group in 0..GROUPS {
        let items = items(&all(), &format!("FILTER (WHERE g = {group})"));
        let answers = table.ask(&format!("SELECT {items} FROM t")).await;
        check_row(&all(), &answers, 0, &table.group(group), "FILTER");
        let answers = table
            .ask(&format!("SELECT {items} FROM t GROUP BY id >= 0"))
            .await;
        check_row(
            &all(),
            &answers,
            0,
            &table.group(group),
            "FILTER with GROUP BY",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_whole_part_and_over_a_sliding_frame() {
    let table = table();
    let items_of_part = items(&with_frames(), "OVER (PARTITION BY g)");
    let answers = table
        .ask(&format!("SELECT g, {items_of_part} FROM t"))
        .await;
    let groups = answers.column(0).as_primitive::<Int64Type>();
    for row in 0..ROWS {
        let group = table.group(groups.value(row) as usize);
        check_row(&with_frames(), &answers, row, &group, "OVER (PARTITION BY)");
    }
    let frame = "OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 1 FOLLOWING)";
    let items = items(&with_frames(), frame);
    let answers = table
        .ask(&format!("SELECT id, {items} FROM t ORDER BY id"))
        .await;
    for row in 0..ROWS {
        let rows = &table.rows[row.saturating_sub(5)..ROWS.min(row + 2)];
        check_row(&with_frames(), &answers, row, rows, "sliding OVER");
    }
}
