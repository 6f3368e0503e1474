//! `src/functions/FUNCTIONS.md` says what the functions' own documentation says, and its examples
//! show what they answer on `sample-data`.
//!
//! `LATIDO_BLESS=1 cargo test functions_doc` writes the file anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Fields, Float64Type, IntervalUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::execution::FunctionRegistry;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::Documentation;
use datafusion::logical_expr::function::WindowUDFFieldArgs;
use latido::engine::{Engine, Options};
use latido::functions::{Face, Kind, Sort, faces};

const SECTIONS: [&str; 6] = [
    "KPI",
    "Comparison",
    "Churn",
    "Validation",
    "Periods",
    "Display",
];

/// The functions that people look for first; all others follow in the order of their lists.
const FIRST: [&str; 3] = ["nps", "nps_summary", "nps_category"];

const HEAD: &str = "\
# The SQL functions of latido

Generated from the functions' own documentation by `LATIDO_BLESS=1 cargo test functions_doc`; a test
keeps it true. Every example runs on the tables of `sample-data` and shows what it answers there,
rounded to six digits.

Statistics take numbers as 64-bit floats: whole numbers beyond 2⁵³ and decimals of more than 15 digits
are rounded to the next one, so of nanoseconds since 1970 some may tie; subtract a common moment first.
A column whose values differ by less than the digits of their squares hold (units around 10¹⁵) has no
correlation, and the note says so.

What a page says that a function holds is its state. While a fit or rank statistic of columns of many values
answers it takes three to eight times that for a moment, which `--memory` does not count.

NULLs are left out; where nothing is left the answer is NULL. Arguments in square brackets may be
left out, and all can be given by name: `nps_summary(score, confidence => 0.9)`. `expand(…)` makes
columns of the fields of a STRUCT, and rows of a LIST.
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file() -> PathBuf {
    root().join("src/functions/FUNCTIONS.md")
}

async fn engine() -> Engine {
    let table = |name: &str| {
        let path = root().join(format!("sample-data/{name}.parquet"));
        (name.to_owned(), path.to_string_lossy().into_owned())
    };
    let tables = ["responses", "customers", "transactions", "invitations"];
    let options = Options {
        tables: tables.map(table).to_vec(),
        ..Options::default()
    };
    Engine::open(options).await.unwrap()
}

/// A function with its own words and the type of its result.
struct Entry {
    face: Face,
    text: Documentation,
    result: DataType,
    aliases: Vec<String>,
}

/// All functions, without their aliases.
fn entries() -> Vec<Entry> {
    let session = crate::laws::call::session();
    let state = session.state();
    let mut entries: Vec<Entry> = faces()
        .into_iter()
        .filter_map(|face| entry(&state, face))
        .collect();
    let place = |entry: &Entry| FIRST.iter().position(|name| *name == entry.face.name);
    entries.sort_by_key(|entry| place(entry).unwrap_or(FIRST.len()));
    entries
}

fn entry(state: &SessionState, face: Face) -> Option<Entry> {
    let types: Vec<DataType> = face
        .parameters
        .iter()
        .map(|parameter| example_type(parameter.kind))
        .collect();
    let name = face.name.as_str();
    let (text, result, aliases) = match face.sort {
        Sort::Scalar => {
            let function = state.udf(name).unwrap();
            (
                function.documentation().cloned(),
                function.return_type(&types).unwrap(),
                Vec::new(),
            )
        }
        Sort::Aggregate | Sort::List | Sort::Whole(_) => {
            let function = state.udaf(name).unwrap();
            if function.name() != name {
                return None;
            }
            let result = function.return_type(&types).unwrap();
            (
                function.documentation().cloned(),
                result,
                function.aliases().to_vec(),
            )
        }
        Sort::Window => {
            let function = state.udwf(name).unwrap();
            let fields: Vec<_> = types
                .iter()
                .map(|kind| Field::new("x", kind.clone(), true).into())
                .collect();
            let field = function
                .field(WindowUDFFieldArgs::new(&fields, name))
                .unwrap();
            (
                function.documentation().cloned(),
                field.data_type().clone(),
                Vec::new(),
            )
        }
    };
    let text = text.unwrap_or_else(|| panic!("{name} has no documentation"));
    Some(Entry {
        face,
        text,
        result,
        aliases,
    })
}

fn example_type(kind: Kind) -> DataType {
    match kind {
        Kind::Score => DataType::Int8,
        Kind::Value | Kind::Number | Kind::Measure | Kind::Level => DataType::Float64,
        Kind::Flag => DataType::Boolean,
        Kind::Text | Kind::Name => DataType::Utf8View,
        Kind::Counts => DataType::new_list(DataType::UInt64, true),
        Kind::Integer => DataType::Int64,
        Kind::Word => DataType::Utf8,
        Kind::Moment | Kind::Instant => DataType::Date32,
        Kind::Span => DataType::Interval(IntervalUnit::MonthDayNano),
        Kind::Record => record_type(),
        Kind::Numbers => DataType::new_list(DataType::Float64, true),
    }
}

/// What a `_summary` function returns.
fn record_type() -> DataType {
    let real = |name: &str| Field::new(name, DataType::Float64, true);
    DataType::Struct(["mean", "se", "n"].map(real).to_vec().into())
}

/// The whole file.
async fn generated() -> String {
    let engine = engine().await;
    let entries = entries();
    let mut out = HEAD.to_owned();
    for section in SECTIONS {
        write!(out, "\n## {section}\n").unwrap();
        for entry in entries
            .iter()
            .filter(|entry| entry.text.doc_section.label == section)
        {
            chapter(&mut out, entry, &engine).await;
        }
    }
    let told = out.matches("\n### ").count();
    assert_eq!(
        told,
        entries.len(),
        "a function stands in no section of {SECTIONS:?}"
    );
    out
}

async fn chapter(out: &mut String, entry: &Entry, engine: &Engine) {
    let text = &entry.text;
    write!(
        out,
        "\n### `{}`\n\n{}\n",
        text.syntax_example, text.description
    )
    .unwrap();
    if !entry.aliases.is_empty() {
        write!(out, "\nAlso called `{}`.\n", entry.aliases.join("`, `")).unwrap();
    }
    let arguments = text.arguments.iter().flatten();
    let rows = arguments.map(|(name, meaning)| [format!("`{name}`"), meaning.clone()]);
    out.push('\n');
    table(
        out,
        &["argument".into(), "meaning".into()],
        &[false; 2],
        &rows.map(Vec::from).collect::<Vec<_>>(),
    );
    result(out, &entry.result);
    let sql = text
        .sql_example
        .as_deref()
        .unwrap_or_else(|| panic!("{} has no example", entry.face.name));
    write!(out, "\n```sql\n{}\n```\n\n", broken_into_lines(sql)).unwrap();
    let batches = engine.run(sql, &[]).await;
    let batches = batches
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
        .collect()
        .await;
    answer(
        out,
        sql,
        &batches.unwrap_or_else(|error| panic!("{sql}: {error}")),
    );
}

fn result(out: &mut String, kind: &DataType) {
    match kind {
        DataType::Struct(fields) => {
            write!(out, "\nResult: STRUCT of {}.\n", listed(fields)).unwrap()
        }
        DataType::List(item) => match item.data_type() {
            DataType::Struct(fields) => {
                write!(out, "\nResult: LIST of STRUCT of {}.\n", listed(fields)).unwrap()
            }
            item => write!(out, "\nResult: LIST of {item}.\n").unwrap(),
        },
        kind => write!(out, "\nResult: {kind}.\n").unwrap(),
    }
}

fn listed(fields: &Fields) -> String {
    let field =
        |field: &arrow::datatypes::FieldRef| format!("`{}` {}", field.name(), field.data_type());
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

/// One clause a line, where the statement is long.
fn broken_into_lines(sql: &str) -> String {
    if sql.len() <= 80 {
        return sql.to_owned();
    }
    let mut lines = sql.to_owned();
    for clause in ["FROM", "JOIN", "WHERE", "GROUP BY", "ORDER BY"] {
        lines = lines.replace(&format!(" {clause} "), &format!("\n{clause} "));
    }
    lines
}

fn answer(out: &mut String, sql: &str, batches: &[RecordBatch]) {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    assert!(
        (1..=12).contains(&rows),
        "{sql}: {rows} rows do not make an example"
    );
    let schema = batches[0].schema();
    let names: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let right: Vec<bool> = schema
        .fields()
        .iter()
        .map(|field| field.data_type().is_numeric())
        .collect();
    let row = |batch: &RecordBatch, row| {
        batch
            .columns()
            .iter()
            .map(|column| cell(column, row))
            .collect()
    };
    let cells: Vec<Vec<String>> = batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(move |at| row(batch, at)))
        .collect();
    table(out, &names, &right, &cells);
}

fn table(out: &mut String, names: &[String], right: &[bool], rows: &[Vec<String>]) {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rules: Vec<String> = right
        .iter()
        .map(|right| if *right { "---:" } else { "---" }.to_owned())
        .collect();
    out.push_str(&line(names));
    out.push_str(&line(&rules));
    rows.iter().for_each(|row| out.push_str(&line(row)));
}

fn cell(column: &ArrayRef, row: usize) -> String {
    if column.data_type() == &DataType::Float64 && column.is_valid(row) {
        return rounded(column.as_primitive::<Float64Type>().value(row));
    }
    let options = FormatOptions::default().with_null("NULL");
    ArrayFormatter::try_new(column, &options)
        .unwrap()
        .value(row)
        .to_string()
}

/// Six digits, which agree on every machine.
fn rounded(value: f64) -> String {
    if value.abs() > 0.0 && value.abs() < 1e-4 {
        return format!("{value:.2e}");
    }
    let whole = value.abs().max(1e-4).log10().floor() as i32;
    let text = format!("{value:.*}", usize::try_from(5 - whole).unwrap_or(0));
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" {
        "0".into()
    } else {
        text.to_owned()
    }
}

#[test]
fn numbers_are_shown_with_six_digits() {
    let shown = [12.345_678_9, 0.012_345_678, -100.0, 1_234_567.8, 0.0, 3e-9].map(rounded);
    assert_eq!(
        shown,
        ["12.3457", "0.0123457", "-100", "1234568", "0", "3.00e-9"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_md_is_what_the_functions_say() {
    let generated = generated().await;
    if std::env::var_os("LATIDO_BLESS").is_some() {
        fs::write(file(), &generated).unwrap();
    }
    let kept = fs::read_to_string(file()).unwrap_or_default();
    let mut lines = kept.lines().zip(generated.lines()).enumerate();
    let first = lines.find(|(_, (kept, generated))| kept != generated);
    let remedy = "LATIDO_BLESS=1 cargo test functions_doc writes it anew";
    assert!(
        kept == generated,
        "FUNCTIONS.md is out of date; {remedy}; first: {first:#?}"
    );
}
