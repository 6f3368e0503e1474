//! Every format for programs, written and read back by a reader that is not ours.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
    ListArray, StringArray, StructArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use arrow::record_batch::RecordBatch;
use serde_json::{Value, json};

use super::Format;
use super::tests::written;

/// Values at the edges of their types, and NULLs.
fn edges() -> RecordBatch {
    let float = Float64Array::from(vec![Some(0.1 + 0.2), Some(f64::MIN_POSITIVE), None]);
    let signed = Int64Array::from(vec![Some(i64::MIN), Some(i64::MAX), None]);
    let unsigned = UInt64Array::from(vec![Some(u64::MAX), Some(0), None]);
    let text = StringArray::from(vec![Some("a \"quoted\",\nline\t;"), Some(""), None]);
    let exact = Decimal128Array::from(vec![Some(12_345_678_901_234_567_890), Some(-5), None])
        .with_precision_and_scale(30, 2)
        .unwrap();
    let time = TimestampMicrosecondArray::from(vec![Some(1_700_000_000_123_456), Some(0), None]);
    let day = Date32Array::from(vec![Some(0), Some(19_876), None]);
    RecordBatch::try_from_iter([
        ("float", Arc::new(float) as ArrayRef),
        ("signed", Arc::new(signed)),
        ("unsigned", Arc::new(unsigned)),
        ("text", Arc::new(text)),
        ("exact", Arc::new(exact)),
        ("time", Arc::new(time)),
        ("day", Arc::new(day)),
    ])
    .unwrap()
}

/// A struct, a list and a dictionary, with NULL at every level.
fn nested() -> RecordBatch {
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("z")]));
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(2.5), None]));
    let pairs = StructArray::from(vec![
        (Arc::new(Field::new("name", DataType::Utf8, true)), names),
        (
            Arc::new(Field::new("value", DataType::Float64, true)),
            numbers,
        ),
    ]);
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]);
    let words: DictionaryArray<Int32Type> =
        vec![Some("web"), None, Some("web")].into_iter().collect();
    RecordBatch::try_from_iter([
        ("pair", Arc::new(pairs) as ArrayRef),
        ("list", Arc::new(lists)),
        ("word", Arc::new(words)),
    ])
    .unwrap()
}

fn text(format: Format, batches: &[RecordBatch]) -> String {
    String::from_utf8(written(format, batches)).unwrap()
}

/// A batch with its columns nullable, as files declare them.
fn nullable(batch: &RecordBatch) -> RecordBatch {
    let fields = batch
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone().with_nullable(true))
        .collect::<Vec<_>>();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec()).unwrap()
}

#[test]
fn parquet_gives_back_what_was_written() {
    let bytes = bytes::Bytes::from(written(Format::Parquet, &[edges(), edges()]));
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(bytes, 100).unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let twice = concat_batches(&edges().schema(), &[edges(), edges()]).unwrap();
    let read = concat_batches(&batches[0].schema(), &batches).unwrap();
    assert_eq!(read.columns(), nullable(&twice).columns());
}

#[test]
fn arrow_gives_back_what_was_written() {
    let bytes = std::io::Cursor::new(written(Format::Arrow, &[edges()]));
    let mut reader = arrow::ipc::reader::FileReader::try_new(bytes, None).unwrap();
    assert_eq!(reader.next().unwrap().unwrap(), nullable(&edges()));
}

#[test]
fn an_answer_without_rows_is_a_whole_file() {
    let none = edges().slice(0, 0);
    assert_eq!(text(Format::Json, std::slice::from_ref(&none)), "[]\n");
    assert_eq!(
        text(Format::Csv, std::slice::from_ref(&none)),
        "float,signed,unsigned,text,exact,time,day\n"
    );
    let bytes = bytes::Bytes::from(written(Format::Parquet, std::slice::from_ref(&none)));
    let file = parquet::arrow::arrow_reader::ArrowReaderMetadata::load(&bytes, Default::default());
    assert_eq!(file.unwrap().schema().fields().len(), 7);
    let bytes = std::io::Cursor::new(written(Format::Arrow, &[none]));
    let reader = arrow::ipc::reader::FileReader::try_new(bytes, None).unwrap();
    assert_eq!(reader.schema().fields().len(), 7);
    assert_eq!(
        reader.map(|batch| batch.unwrap().num_rows()).sum::<usize>(),
        0
    );
}

#[test]
fn json_keeps_every_digit_and_every_null() {
    let text = text(Format::Json, &[edges()]);
    for digits in [
        "0.30000000000000004",
        "-9223372036854775808",
        "18446744073709551615",
    ] {
        assert!(text.contains(digits), "{text}");
    }
    assert!(text.contains("\"exact\":123456789012345678.90"), "{text}");
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows[1]["float"].as_f64(), Some(f64::MIN_POSITIVE));
    assert_eq!(rows[0]["time"], json!("2023-11-14T22:13:20.123456"));
    assert_eq!(rows[1]["day"], json!("2024-06-02"));
    assert!(rows[2].as_object().unwrap().len() == 7 && rows[2]["text"].is_null());
}

#[test]
fn ndjson_keeps_structs_and_lists_nested() {
    let text = text(Format::Ndjson, &[nested()]);
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        rows[0],
        json!({"pair": {"name": "x", "value": 1.5}, "list": [1, null], "word": "web"})
    );
    assert_eq!(
        rows[1],
        json!({"pair": {"name": null, "value": 2.5}, "list": null, "word": null})
    );
    assert_eq!(rows[2]["list"], json!([]));
}

#[test]
fn json_has_no_infinity() {
    let values = Float64Array::from(vec![f64::NAN, f64::INFINITY, 1e300]);
    let batch = RecordBatch::try_from_iter([("v", Arc::new(values) as ArrayRef)]).unwrap();
    let rows: Value = serde_json::from_str(&text(Format::Json, &[batch])).unwrap();
    assert_eq!(rows, json!([{"v": null}, {"v": null}, {"v": 1e300}]));
}

#[test]
fn csv_is_read_back_by_arrow() {
    let text = text(Format::Csv, &[edges()]);
    let reader = arrow::csv::ReaderBuilder::new(nullable(&edges()).schema())
        .with_header(true)
        .build(text.as_bytes());
    let read = reader.unwrap().next().unwrap().unwrap();
    let same = ["float", "signed", "unsigned", "exact", "time", "day"];
    for name in same {
        assert_eq!(
            read.column_by_name(name),
            edges().column_by_name(name),
            "{name}"
        );
    }
    let texts = read.column_by_name("text").unwrap().slice(0, 1);
    assert_eq!(
        texts.as_ref(),
        &StringArray::from(vec!["a \"quoted\",\nline\t;"]) as &dyn Array
    );
}

#[test]
fn csv_tells_null_from_empty_text_and_keeps_lone_nulls() {
    let values: ArrayRef = Arc::new(StringArray::from(vec![Some(""), None, Some("x")]));
    let one = RecordBatch::try_from_iter([("a", Arc::clone(&values))]).unwrap();
    assert_eq!(text(Format::Csv, &[one]), "a\n\"\"\n\"\"\nx\n");
    let two = RecordBatch::try_from_iter([("a", Arc::clone(&values)), ("b,c", values)]).unwrap();
    assert_eq!(text(Format::Csv, &[two]), "a,\"b,c\"\n\"\",\"\"\n,\nx,x\n");
}

#[test]
fn csv_and_tsv_hold_nested_values_as_json() {
    let expected = "pair\tlist\tword\n\"{\"\"name\"\":\"\"x\"\",\"\"value\"\":1.5}\"\t[1,null]\tweb\n\
                    \"{\"\"name\"\":null,\"\"value\"\":2.5}\"\t\t\n\
                    \"{\"\"name\"\":\"\"z\"\",\"\"value\"\":null}\"\t[]\tweb\n";
    assert_eq!(text(Format::Tsv, &[nested()]), expected);
}
