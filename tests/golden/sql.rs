//! The SQL side of golden cases: one statement, its columns and struct fields by name.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::util::display::array_value_to_string;
use latido::engine::Engine;
use serde_json::{Value, json};

use super::case::{Case, Row};

/// A row of the answer: cells by column name, struct columns opened.
type Cells = BTreeMap<String, Cell>;

/// A cell as a value to compare and as the text by which a key finds its row.
struct Cell {
    value: Value,
    text: String,
}

/// What the statement of a case gets wrong.
pub(super) async fn failures(engine: &Engine, case: &Case) -> Vec<String> {
    match answer(engine, case).await {
        Ok(found) => compare(case, &found),
        Err(error) => vec![format!("{}: {error}", case.title())],
    }
}

async fn answer(engine: &Engine, case: &Case) -> latido::Result<Vec<Cells>> {
    let batches = engine.run(&case.sql, &[]).await?.collect().await?;
    Ok(batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(|row| cells(batch, row)))
        .collect())
}

fn compare(case: &Case, found: &[Cells]) -> Vec<String> {
    let rows = case.expected_rows();
    if rows.len() != found.len() {
        let title = case.title();
        return vec![format!(
            "{title}: {} rows, expected {}",
            found.len(),
            rows.len()
        )];
    }
    let pairs = rows.iter().enumerate();
    pairs
        .flat_map(|(place, row)| row_failures(case, row, find(case, row, place, found)))
        .collect()
}

/// The row of the answer with the key of `row`, or in its place when rows have no key.
fn find<'a>(case: &Case, row: &Row, place: usize, found: &'a [Cells]) -> Option<&'a Cells> {
    let (Some(column), Some(key)) = (&case.key, &row.key) else {
        return found.get(place);
    };
    found
        .iter()
        .find(|cells| cells.get(column).is_some_and(|cell| cell.text == *key))
}

fn row_failures(case: &Case, row: &Row, cells: Option<&Cells>) -> Vec<String> {
    let Some(cells) = cells else {
        return vec![format!(
            "{}: no row with the key {:?}",
            case.title(),
            row.key
        )];
    };
    let check = |column: &String| match cells.get(column) {
        Some(cell) => case.mismatch(row, column, &cell.value),
        None => Some(format!(
            "{}: the answer has no column {column}",
            case.title()
        )),
    };
    row.expected.keys().filter_map(check).collect()
}

fn cells(batch: &RecordBatch, row: usize) -> Cells {
    let mut cells = Cells::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        match column.as_struct_opt() {
            Some(parts) => {
                for (part, values) in parts.fields().iter().zip(parts.columns()) {
                    insert(&mut cells, part.name(), values, row);
                }
            }
            None => insert(&mut cells, field.name(), column, row),
        }
    }
    cells
}

fn insert(cells: &mut Cells, name: &str, column: &ArrayRef, row: usize) {
    let text = array_value_to_string(column, row).unwrap();
    let cell = Cell {
        value: value(column, row, &text),
        text,
    };
    assert!(
        cells.insert(name.to_owned(), cell).is_none(),
        "two columns are called {name}"
    );
}

fn value(column: &ArrayRef, row: usize, text: &str) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    if !column.data_type().is_numeric() {
        return json!(text);
    }
    let number = cast(&column.slice(row, 1), &DataType::Float64).unwrap();
    json!(number.as_primitive::<Float64Type>().value(0))
}
