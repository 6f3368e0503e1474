//! Columns as every format can hold them: dictionaries and runs as plain values, names unique.
//!
//! Arrow's file format cannot change a dictionary midway, its JSON writer overlooks NULLs inside
//! dictionaries, and an object cannot hold one name twice.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::RecordBatchOptions;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::failed;
use crate::error::Result;

/// The schema of an answer once decoded; a name met again gets `_1`, `_2` …
pub(super) fn decoded_schema(schema: &Schema) -> SchemaRef {
    let mut taken: HashSet<String> = HashSet::new();
    let reserved: HashSet<&String> = schema.fields().iter().map(|field| field.name()).collect();
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| {
            let name = if taken.contains(field.name()) {
                free_name(field.name(), |name| {
                    !taken.contains(name) && !reserved.contains(&name.to_owned())
                })
            } else {
                field.name().clone()
            };
            taken.insert(name.clone());
            Field::new(name, decoded_type(field.data_type()), true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// The rows of a batch under a schema of [`decoded_schema`].
pub(super) fn decoded_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| {
            if column.data_type() == field.data_type() {
                Ok(Arc::clone(column))
            } else {
                cast(column, field.data_type())
            }
        })
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(failed)?;
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(SchemaRef::clone(schema), columns, &rows).map_err(failed)
}

fn free_name(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    (1..)
        .map(|n| format!("{name}_{n}"))
        .find(|name| is_free(name))
        .expect("some number is not taken yet")
}

fn decoded_type(kind: &DataType) -> DataType {
    match kind {
        DataType::Dictionary(_, values) => decoded_type(values),
        DataType::RunEndEncoded(_, values) => decoded_type(values.data_type()),
        DataType::List(item) => DataType::List(decoded_field(item)),
        DataType::LargeList(item) => DataType::LargeList(decoded_field(item)),
        DataType::FixedSizeList(item, n) => DataType::FixedSizeList(decoded_field(item), *n),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(decoded_field).collect()),
        other => other.clone(),
    }
}

fn decoded_field(field: &FieldRef) -> FieldRef {
    let kind = decoded_type(field.data_type());
    if kind == *field.data_type() {
        return Arc::clone(field);
    }
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, DictionaryArray, StringArray};
    use arrow::datatypes::Int8Type;

    use super::*;

    #[test]
    fn a_name_met_again_gets_a_free_number() {
        let names = ["a", "a", "a_1", "a"];
        let schema = Schema::new(
            names
                .map(|n| Field::new(n, DataType::Int64, false))
                .to_vec(),
        );
        let decoded = decoded_schema(&schema);
        let names: Vec<&str> = decoded.fields().iter().map(|f| f.name().as_str()).collect();
        assert_eq!(names, ["a", "a_2", "a_1", "a_3"]);
    }

    #[test]
    fn dictionaries_become_their_values_and_keep_nulls() {
        let values = Arc::new(StringArray::from(vec![Some("web"), None]));
        let keys = arrow::array::Int8Array::from(vec![Some(0), Some(1), None]);
        let column: DictionaryArray<Int8Type> = DictionaryArray::new(keys, values);
        let field = Field::new("c", column.data_type().clone(), true);
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = RecordBatch::try_new(schema, vec![Arc::new(column)]).unwrap();
        let plain = decoded_batch(&batch, &decoded_schema(&batch.schema())).unwrap();
        let expected = StringArray::from(vec![Some("web"), None, None]);
        assert_eq!(plain.column(0).as_ref(), &expected as &dyn Array);
    }
}
