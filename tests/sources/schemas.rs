//! Files of one table whose columns differ in order, number and type.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    NullArray, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Int32Type};
use tempfile::tempdir;

use super::{answers, error, register, run, says, session, write, write_parquet};

fn batch(columns: &[(&str, ArrayRef)]) -> RecordBatch {
    RecordBatch::try_from_iter(columns.iter().map(|(name, of)| (*name, Arc::clone(of)))).unwrap()
}

fn write_arrow(path: &std::path::Path, batch: &RecordBatch, stream: bool) -> String {
    let schema = batch.schema();
    let mut bytes = Vec::new();
    if stream {
        let mut writer = arrow::ipc::writer::StreamWriter::try_new(&mut bytes, &schema).unwrap();
        writer.write(batch).unwrap();
        writer.finish().unwrap();
    } else {
        let mut writer = arrow::ipc::writer::FileWriter::try_new(&mut bytes, &schema).unwrap();
        writer.write(batch).unwrap();
        writer.finish().unwrap();
    }
    write(path, bytes)
}

#[tokio::test]
async fn csv_columns_meet_by_header() {
    let folder = tempdir().unwrap();
    for (name, text) in [
        ("a.csv", "id,nps\n1,10\n2,0\n"),
        ("b.csv", "nps,id\n9,3\n"),
        ("c.csv", "id,reason,nps\n4,price,7.5\n"),
        ("d.csv", "reason;id\nx, y;a5\n"),
        ("e.csv", "id,nps\n"),
    ] {
        write(&folder.path().join(name), text);
    }
    write(&folder.path().join("g.csv"), "");
    write(&folder.path().join("f.csv.gz"), super::gzip("nps,id\n,6\n"));
    let place = folder.path().to_str().unwrap();
    let statements: [(&str, &[&str]); 5] = [
        (
            "SELECT id, nps, reason FROM t ORDER BY id",
            &[
                "1|10.0|NULL",
                "2|0.0|NULL",
                "3|9.0|NULL",
                "4|7.5|price",
                "6|NULL|NULL",
                "a5|NULL|x, y",
            ],
        ),
        ("SELECT id FROM t WHERE nps > 8 ORDER BY id", &["1", "3"]),
        ("SELECT count(*) FROM t", &["6"]),
        ("SELECT count(reason) FROM t WHERE nps IS NULL", &["1"]),
        ("SELECT reason, nps FROM t WHERE id = '4'", &["price|7.5"]),
    ];
    answers(place, &statements).await;
}

/// Three files whose columns differ in order, number and type.
fn drifting() -> [RecordBatch; 3] {
    let day = |days| Arc::new(Date32Array::from(vec![days])) as ArrayRef;
    let keys: DictionaryArray<Int32Type> = vec!["web"].into_iter().collect();
    [
        batch(&[
            ("id", Arc::new(Int32Array::from(vec![1]))),
            ("score", Arc::new(Int64Array::from(vec![9]))),
            ("at", day(19_723)),
            ("channel", Arc::new(keys)),
            ("empty", Arc::new(NullArray::new(1))),
        ]),
        batch(&[
            ("channel", Arc::new(StringArray::from(vec!["app"]))),
            ("score", Arc::new(Float64Array::from(vec![7.5]))),
            ("id", Arc::new(Int64Array::from(vec![5_000_000_000]))),
            ("empty", Arc::new(StringArray::from(vec!["full"]))),
            (
                "at",
                Arc::new(TimestampMicrosecondArray::from(vec![1_704_153_600_000_000])),
            ),
        ]),
        batch(&[
            ("id", Arc::new(Int64Array::from(vec![3]))),
            ("new", Arc::new(BooleanArray::from(vec![true]))),
        ]),
    ]
}

#[tokio::test]
async fn parquet_and_arrow_columns_meet_by_name_and_widen() {
    let folder = tempdir().unwrap();
    let batches = drifting();
    for (at, batch) in batches.iter().enumerate() {
        write_parquet(&folder.path().join(format!("parquet/{at}.parquet")), batch);
        write_arrow(
            &folder.path().join(format!("arrow/{at}.arrow")),
            batch,
            false,
        );
        write_arrow(
            &folder.path().join(format!("mixed/{at}.feather")),
            batch,
            at == 1,
        );
    }
    let statements: [(&str, &[&str]); 8] = [
        (
            "SELECT id, score, at, channel, empty, new FROM t ORDER BY id",
            &[
                "1|9.0|2024-01-01T00:00:00|web|NULL|NULL",
                "3|NULL|NULL|NULL|NULL|true",
                "5000000000|7.5|2024-01-02T00:00:00|app|full|NULL",
            ],
        ),
        ("SELECT id FROM t WHERE score > 8", &["1"]),
        ("SELECT id FROM t WHERE id > 4000000000", &["5000000000"]),
        ("SELECT id FROM t WHERE at >= '2024-01-02'", &["5000000000"]),
        (
            "SELECT min(id), max(id), min(score), max(score), count(score), count(*) FROM t",
            &["1|5000000000|7.5|9.0|2|3"],
        ),
        (
            "SELECT min(at), max(channel), count(new), max(empty) FROM t",
            &["2024-01-01T00:00:00|web|1|full"],
        ),
        ("SELECT channel FROM t WHERE channel = 'web'", &["web"]),
        ("SELECT new FROM t WHERE new", &["true"]),
    ];
    for kind in ["parquet", "arrow", "mixed"] {
        let place = folder.path().join(kind).to_str().unwrap().to_owned();
        answers(&place, &statements).await;
    }
}

#[tokio::test]
async fn filters_pushed_into_parquet_see_widened_columns() {
    let folder = tempdir().unwrap();
    let ids = |from: i32| Arc::new(Int32Array::from((from..from + 100).collect::<Vec<_>>()));
    let wide = |from: i64| Arc::new(Int64Array::from((from..from + 100).collect::<Vec<_>>()));
    write_parquet(&folder.path().join("a.parquet"), &batch(&[("id", ids(0))]));
    write_parquet(
        &folder.path().join("b.parquet"),
        &batch(&[("id", wide(1000))]),
    );
    let place = folder.path().to_str().unwrap();
    for pushdown in [false, true] {
        let session = session(4, 3);
        let set = format!("SET datafusion.execution.parquet.pushdown_filters = {pushdown}");
        run(&session, &set).await.unwrap();
        register(&session, place).await.unwrap();
        let plan = run(&session, "EXPLAIN SELECT id FROM t WHERE id < 50")
            .await
            .unwrap()
            .join("\n");
        assert_eq!(plan.contains("FilterExec"), !pushdown, "{plan}");
        for (condition, expected) in [
            ("id < 50", "50"),
            ("id >= 1050", "50"),
            ("id = 1001", "1"),
            ("id IN (3, 1003)", "2"),
        ] {
            let sql = format!("SELECT count(*) FROM t WHERE {condition}");
            assert_eq!(
                run(&session, &sql).await.unwrap(),
                [expected],
                "{condition} {pushdown}"
            );
        }
    }
}

#[tokio::test]
async fn nested_columns_meet_by_name() {
    let folder = tempdir().unwrap();
    let person = |fields: Vec<(&str, ArrayRef)>| {
        let fields = fields
            .into_iter()
            .map(|(name, of)| (Arc::new(Field::new(name, of.data_type().clone(), true)), of));
        batch(&[(
            "who",
            Arc::new(StructArray::from(fields.collect::<Vec<_>>())) as ArrayRef,
        )])
    };
    let batches = [
        person(vec![
            ("age", Arc::new(Int32Array::from(vec![30]))),
            ("city", Arc::new(StringArray::from(vec!["Lima"]))),
        ]),
        person(vec![
            ("city", Arc::new(StringArray::from(vec!["Quito"]))),
            ("age", Arc::new(Int64Array::from(vec![40]))),
            ("vip", Arc::new(BooleanArray::from(vec![true]))),
        ]),
    ];
    for (at, batch) in batches.iter().enumerate() {
        write_parquet(&folder.path().join(format!("p/{at}.parquet")), batch);
        write_arrow(&folder.path().join(format!("a/{at}.arrow")), batch, false);
    }
    for kind in ["p", "a"] {
        let place = folder.path().join(kind).to_str().unwrap().to_owned();
        let statements: [(&str, &[&str]); 2] = [
            (
                "SELECT who['age'], who['city'], who['vip'] FROM t ORDER BY 1",
                &["30|Lima|NULL", "40|Quito|true"],
            ),
            (
                "SELECT who['city'] FROM t WHERE who['age'] > 35",
                &["Quito"],
            ),
        ];
        answers(&place, &statements).await;
    }
}

#[tokio::test]
async fn json_columns_meet_by_name() {
    let folder = tempdir().unwrap();
    write(
        &folder.path().join("a.ndjson"),
        "{\"id\":1,\"score\":9,\"who\":{\"age\":30},\"tags\":[]}\n{\"id\":2,\"late\":null}\n",
    );
    write(
        &folder.path().join("b.jsonl"),
        "{\"score\":7.5,\"id\":3,\"who\":{\"city\":\"Lima\"},\"tags\":[\"x\"]}\n",
    );
    write(
        &folder.path().join("c.json"),
        "[{\"id\":4,\"late\":\"yes\"}]",
    );
    let place = folder.path().to_str().unwrap();
    let statements: [(&str, &[&str]); 2] = [
        (
            "SELECT id, score, who['age'], who['city'], late FROM t ORDER BY id",
            &[
                "1|9.0|30|NULL|NULL",
                "2|NULL|NULL|NULL|NULL",
                "3|7.5|NULL|Lima|NULL",
                "4|NULL|NULL|NULL|yes",
            ],
        ),
        ("SELECT tags[1] FROM t WHERE id = 3", &["x"]),
    ];
    answers(place, &statements).await;
}

#[tokio::test]
async fn types_that_cannot_meet_name_both_files() {
    let folder = tempdir().unwrap();
    write_parquet(
        &folder.path().join("p/a.parquet"),
        &batch(&[("score", Arc::new(Int64Array::from(vec![1])))]),
    );
    write_parquet(
        &folder.path().join("p/b.parquet"),
        &batch(&[("score", Arc::new(StringArray::from(vec!["x"])))]),
    );
    write(&folder.path().join("j/a.ndjson"), "{\"score\":1}\n");
    write(&folder.path().join("j/b.ndjson"), "{\"score\":\"x\"}\n");
    for (kind, ending) in [("p", "parquet"), ("j", "ndjson")] {
        let found = error(folder.path().join(kind).to_str().unwrap()).await;
        let (a, b) = (format!("a.{ending}"), format!("b.{ending}"));
        says(
            &found,
            &[&a, &b, "\"score\"", "Int64", "Utf8", "UNION ALL BY NAME"],
        );
    }
}
