//! The JSON Schema of a project file, made of the same shapes that check it.

use serde_json::{Map, Value, json};

use super::shape::{FILE, Key, Shape};

/// Letters that SQL takes in a name without quotes.
const IDENTIFIER: &str = r"^[\p{L}_][\p{L}\p{N}_]*$";

/// The JSON Schema (draft 2020-12) of latido.yaml, for editors.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = of(&FILE);
    if let Value::Object(keys) = &mut schema {
        keys.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        keys.insert("title".into(), json!("latido.yaml"));
    }
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({"type": "string", "minLength": 1}),
        Shape::Scalar => json!({"type": ["string", "number", "boolean", "null"]}),
        Shape::Identifier => json!({"type": "string", "pattern": IDENTIFIER}),
        Shape::Column => json!({"type": "string", "pattern": r"^[^.]+\.[^.]+$"}),
        Shape::Sql => json!({"type": ["string", "number", "boolean"]}),
        Shape::Zone => json!({"type": "string", "examples": ["UTC", "Europe/Madrid"]}),
        Shape::Number => json!({"type": "number"}),
        Shape::Fraction => {
            json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})
        }
        Shape::Count => json!({"type": "integer", "minimum": 1}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::List(inner) => json!({"type": "array", "items": of(inner)}),
        Shape::OneOrMore(inner) => {
            json!({"anyOf": [of(inner), {"type": "array", "items": of(inner)}]})
        }
        Shape::Map(inner) => json!({
            "type": "object",
            "propertyNames": {"pattern": IDENTIFIER},
            "additionalProperties": of(inner),
        }),
        Shape::Record(keys) => record(keys),
        Shape::Short(keys) => {
            json!({"anyOf": [{"type": "string", "minLength": 1}, record(keys)]})
        }
    }
}

fn record(keys: &[Key]) -> Value {
    let property = |key: &Key| {
        let mut schema = of(&key.shape);
        if let Value::Object(map) = &mut schema {
            map.insert("description".into(), json!(key.about));
        }
        (key.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = keys.iter().map(property).collect();
    let required: Vec<&str> = keys
        .iter()
        .filter(|key| key.is_required)
        .map(|key| key.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
