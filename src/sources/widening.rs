//! The type in which the values of two files meet without losing anything.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit};

/// The type that holds the values of both, or `None` where there is none: numbers and text,
/// booleans and numbers, lists and scalars. Whole numbers and floats meet in Float64, as SQL's
/// own arithmetic lets them.
pub(super) fn meet(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType::{Boolean, Date32, Date64, Dictionary, List, Null, Struct, Timestamp};
    match (a, b) {
        (a, b) if a == b => Some(a.clone()),
        (Null, other) | (other, Null) => Some(other.clone()),
        (Dictionary(_, a), Dictionary(_, b)) => meet(a, b),
        (Dictionary(_, value), other) | (other, Dictionary(_, value)) => meet(value, other),
        (a, b) if a.is_string() && b.is_string() => Some(text(a, b)),
        (a, b) if is_binary(a) && is_binary(b) => Some(DataType::BinaryView),
        (Boolean, _) | (_, Boolean) => None,
        (a, b) if a.is_numeric() && b.is_numeric() => number(a, b),
        (Date32, Date64) | (Date64, Date32) => Some(Timestamp(TimeUnit::Millisecond, None)),
        (Date32 | Date64, Timestamp(unit, zone)) | (Timestamp(unit, zone), Date32 | Date64) => {
            // Seconds would lose the milliseconds of Date64.
            let unit = finer(*unit, TimeUnit::Millisecond);
            Some(Timestamp(unit, zone.clone()))
        }
        // Timestamps without a zone are in UTC, so that is where different zones meet.
        (Timestamp(a, zone), Timestamp(b, other)) if zone == other => {
            Some(Timestamp(finer(*a, *b), zone.clone()))
        }
        (Timestamp(a, _), Timestamp(b, _)) => Some(Timestamp(finer(*a, *b), Some("UTC".into()))),
        (List(a), List(b)) => Some(List(Arc::new(item(a, meet(a.data_type(), b.data_type())?)))),
        (Struct(a), Struct(b)) => fields(a, b).map(Struct),
        _ => None,
    }
}

/// A type that can be read when no file has a value: text for nothing, inside nested types too.
pub(super) fn settled(data_type: &DataType) -> DataType {
    let inner = |field: &FieldRef| Arc::new(item(field, settled(field.data_type())));
    match data_type {
        DataType::Null => DataType::Utf8,
        DataType::List(field) => DataType::List(inner(field)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        other => other.clone(),
    }
}

fn item(field: &Field, data_type: DataType) -> Field {
    Field::new(field.name(), data_type, true)
}

fn fields(a: &Fields, b: &Fields) -> Option<Fields> {
    let mut met: Vec<FieldRef> = Vec::new();
    for field in a {
        let of = match b.find(field.name()) {
            Some((_, other)) => meet(field.data_type(), other.data_type())?,
            None => field.data_type().clone(),
        };
        met.push(Arc::new(item(field, of)));
    }
    let new = b.iter().filter(|field| a.find(field.name()).is_none());
    met.extend(new.map(|field| Arc::new(item(field, field.data_type().clone()))));
    Some(met.into())
}

fn is_binary(data_type: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary};
    matches!(data_type, Binary | LargeBinary | BinaryView)
}

fn text(a: &DataType, b: &DataType) -> DataType {
    let is = |wanted: &DataType| a == wanted || b == wanted;
    if is(&DataType::Utf8View) {
        DataType::Utf8View
    } else {
        DataType::LargeUtf8
    }
}

fn number(a: &DataType, b: &DataType) -> Option<DataType> {
    if let (Some(a), Some(b)) = (decimal(a), decimal(b)) {
        let exact = [a, b].iter().any(|(_, _, declared)| *declared);
        let unsigned = !exact && a.1.max(b.1) == 0;
        return if unsigned {
            whole(a.0.max(b.0))
        } else {
            met_decimals(a, b)
        };
    }
    if a == &DataType::Float16 && b == &DataType::Float32
        || a == &DataType::Float32 && b == &DataType::Float16
    {
        return Some(DataType::Float32);
    }
    Some(DataType::Float64)
}

/// Digits before and after the point, and whether the type is a declared decimal; `None` for
/// floats.
fn decimal(data_type: &DataType) -> Option<(u8, u8, bool)> {
    use DataType::{
        Decimal32, Decimal64, Decimal128, Decimal256, Int8, Int16, Int32, Int64, UInt8, UInt16,
        UInt32, UInt64,
    };
    match data_type {
        Int8 | UInt8 => Some((3, 0, false)),
        Int16 | UInt16 => Some((5, 0, false)),
        Int32 | UInt32 => Some((10, 0, false)),
        Int64 => Some((19, 0, false)),
        UInt64 => Some((20, 0, false)),
        Decimal32(p, s) | Decimal64(p, s) | Decimal128(p, s) | Decimal256(p, s) => {
            let scale = u8::try_from(*s).unwrap_or(0);
            Some((p.saturating_sub(scale), scale, true))
        }
        _ => None,
    }
}

/// The signed whole number that holds so many digits; beyond Int64 a decimal does.
fn whole(digits: u8) -> Option<DataType> {
    Some(match digits {
        // Mixed signs need the next wider type, so the narrowest is not kept.
        0..=3 => DataType::Int16,
        4..=5 => DataType::Int32,
        6..=19 => DataType::Int64,
        _ => DataType::Decimal128(20, 0),
    })
}

fn met_decimals(a: (u8, u8, bool), b: (u8, u8, bool)) -> Option<DataType> {
    let scale = a.1.max(b.1);
    let precision = a.0.max(b.0) + scale;
    let signed = i8::try_from(scale).ok()?;
    match precision {
        0..=38 => Some(DataType::Decimal128(precision, signed)),
        39..=76 => Some(DataType::Decimal256(precision, signed)),
        _ => None,
    }
}

fn finer(a: TimeUnit, b: TimeUnit) -> TimeUnit {
    a.max(b)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType::{
        Boolean, Date32, Decimal128, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8, Null,
        Timestamp, UInt8, UInt32, UInt64, Utf8, Utf8View,
    };
    use arrow::datatypes::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};

    use super::*;

    #[test]
    fn types_meet_where_nothing_is_lost_whatever_the_order() {
        let dictionary = DataType::Dictionary(Box::new(Int32), Box::new(Utf8));
        for (a, b, expected) in [
            (Int32, Int64, Some(Int64)),
            (Int8, UInt8, Some(Int16)),
            (Int32, UInt32, Some(Int64)),
            (Int64, UInt64, Some(Decimal128(20, 0))),
            (Int32, Float64, Some(Float64)),
            (Float32, Float64, Some(Float64)),
            (Int64, Decimal128(10, 2), Some(Decimal128(21, 2))),
            (Decimal128(10, 2), Float64, Some(Float64)),
            (
                Date32,
                Timestamp(Second, None),
                Some(Timestamp(Millisecond, None)),
            ),
            (
                Date32,
                Timestamp(Microsecond, None),
                Some(Timestamp(Microsecond, None)),
            ),
            (
                Timestamp(Millisecond, Some("UTC".into())),
                Timestamp(Nanosecond, None),
                Some(Timestamp(Nanosecond, Some("UTC".into()))),
            ),
            (Null, Utf8, Some(Utf8)),
            (dictionary.clone(), Utf8, Some(Utf8)),
            (Utf8, LargeUtf8, Some(LargeUtf8)),
            (Utf8View, LargeUtf8, Some(Utf8View)),
            (Int64, Utf8, None),
            (Boolean, Int64, None),
            (Date32, Utf8, None),
        ] {
            assert_eq!(meet(&a, &b), expected, "{a} and {b}");
            assert_eq!(meet(&b, &a), expected, "{b} and {a}");
        }
    }
}
