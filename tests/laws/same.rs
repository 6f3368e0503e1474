//! When two answers are the same.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type};

/// What differs between two answers: in any bit, or for real numbers by more than `relative`.
pub(super) fn difference(found: &ArrayRef, expected: &ArrayRef, relative: f64) -> Option<String> {
    if found == expected {
        return None;
    }
    if relative > 0.0 && close(found, expected, relative) {
        return None;
    }
    Some(format!("{found:?}\ninstead of\n{expected:?}"))
}

fn close(found: &ArrayRef, expected: &ArrayRef, relative: f64) -> bool {
    let alike = found.data_type() == expected.data_type()
        && found.len() == expected.len()
        && (0..found.len()).all(|row| found.is_null(row) == expected.is_null(row));
    alike && values_close(found, expected, relative)
}

fn values_close(found: &ArrayRef, expected: &ArrayRef, relative: f64) -> bool {
    match found.data_type() {
        DataType::Float64 => {
            let (a, b) = (
                found.as_primitive::<Float64Type>(),
                expected.as_primitive::<Float64Type>(),
            );
            a.iter()
                .flatten()
                .zip(b.iter().flatten())
                .all(|(a, b)| near(a, b, relative))
        }
        DataType::Struct(_) => {
            let (a, b) = (found.as_struct(), expected.as_struct());
            a.columns()
                .iter()
                .zip(b.columns())
                .all(|(a, b)| close(a, b, relative))
        }
        DataType::List(_) => {
            let (a, b) = (found.as_list::<i32>(), expected.as_list::<i32>());
            let valid = (0..a.len()).filter(|row| a.is_valid(*row));
            valid
                .into_iter()
                .all(|row| close(&a.value(row), &b.value(row), relative))
        }
        _ => found == expected,
    }
}

/// Beside 0 the difference may be what cancels when values of a million are added.
fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()) + 1e-18
}
