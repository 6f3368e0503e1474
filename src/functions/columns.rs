//! Columns as the functions read them: scores as one byte a row, flags, values.
//!
//! A score column of any numeric type is narrowed once per batch to bytes counted from the lowest
//! point of its scale; a blank is [`BLANK`]. All that follows is then one loop over bytes, which
//! vectorises, instead of one loop per type. A score outside its scale is an error here, never a
//! silent bin.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, Float64Array, PrimitiveArray};
use arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::array_value_to_string;
use datafusion::common::{Result, exec_err, internal_err};

use crate::functions::frame::Call;
use crate::model::Scale;

/// The code of a NULL score.
pub(crate) const BLANK: u8 = u8::MAX;

/// Reads score columns of one scale on behalf of one call.
#[derive(Debug, Clone)]
pub(crate) struct ScoreReader {
    /// The function's name, for its errors.
    pub(crate) function: &'static str,
    /// The argument as the person wrote it, for the remedy.
    pub(crate) label: String,
    /// The points that are allowed.
    pub(crate) scale: Scale,
    /// What to write when the data are on another scale.
    pub(crate) other_scale: OtherScale,
}

/// What to write when scores lie off the scale because they are on another one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OtherScale {
    /// No other scale is in use.
    None,
    /// For scores above: how to ask for a scale that ends higher.
    Higher(&'static str),
    /// For scores below: how to ask for a scale that begins lower.
    Lower(&'static str),
}

impl ScoreReader {
    /// The scores of a batch, counted from the scale's lowest point; [`BLANK`] for NULL.
    pub(crate) fn read<'a>(&self, scores: &'a ArrayRef) -> Result<Cow<'a, [u8]>> {
        match scores.data_type() {
            DataType::Int8 if self.scale.points() > 128 => {
                self.narrow::<Int8Type>(scores, i64::from) // as bytes, negative scores would fit
            }
            DataType::Int8 => self.bytes(scores.as_primitive::<Int8Type>(), scores),
            DataType::UInt8 => self.bytes(scores.as_primitive::<UInt8Type>(), scores),
            DataType::Int16 => self.narrow::<Int16Type>(scores, i64::from),
            DataType::Int32 => self.narrow::<Int32Type>(scores, i64::from),
            DataType::Int64 => self.narrow::<Int64Type>(scores, |score| score),
            DataType::UInt16 => self.narrow::<UInt16Type>(scores, i64::from),
            DataType::UInt32 => self.narrow::<UInt32Type>(scores, i64::from),
            DataType::UInt64 => self.narrow::<UInt64Type>(scores, u64::cast_signed),
            DataType::Float32 => self.narrow::<Float32Type>(scores, |score| whole(score.into())),
            DataType::Float64 => self.narrow::<Float64Type>(scores, whole),
            DataType::Decimal128(_, scale) => {
                let unit = 10_i128.pow(u32::from(scale.unsigned_abs()));
                let down = *scale >= 0;
                self.narrow::<Decimal128Type>(scores, |score| whole_decimal(score, unit, down))
            }
            other => internal_err!("{}: a score column of type {other}", self.function),
        }
    }

    /// One-byte scores need no narrowing: without NULLs and from 0 they are used as they lie.
    fn bytes<'a, T: ArrowPrimitiveType>(
        &self,
        scores: &'a PrimitiveArray<T>,
        column: &'a ArrayRef,
    ) -> Result<Cow<'a, [u8]>>
    where
        T::Native: Into<i64>,
    {
        if self.scale.min != 0 || scores.null_count() > 0 {
            return self.narrow::<T>(column, Into::into);
        }
        let codes: &[u8] = scores.values().inner().as_slice();
        if self.all_on_scale(codes) {
            Ok(Cow::Borrowed(codes))
        } else {
            self.refuse(column)
        }
    }

    fn narrow<'a, T: ArrowPrimitiveType>(
        &self,
        column: &'a ArrayRef,
        whole: impl Fn(T::Native) -> i64,
    ) -> Result<Cow<'a, [u8]>> {
        let scores = column.as_primitive::<T>();
        let min = self.scale.min;
        let code = |score: &T::Native| whole(*score).wrapping_sub(min).cast_unsigned();
        let mut codes = vec![0_u8; scores.len()]; // two plain loops, because each vectorises
        for (byte, score) in codes.iter_mut().zip(scores.values()) {
            *byte = code(score).to_le_bytes()[0];
        }
        if let Some(nulls) = scores.nulls().filter(|nulls| nulls.null_count() > 0) {
            let mut highest = 0; // of the answers; what lies under a NULL does not count
            for (row, byte) in codes.iter_mut().enumerate() {
                if nulls.is_null(row) {
                    *byte = BLANK;
                } else {
                    highest = highest.max(code(&scores.value(row)));
                }
            }
            return if highest < self.scale.points() as u64 {
                Ok(Cow::Owned(codes))
            } else {
                self.refuse(column)
            };
        }
        // The bits above the lowest eight tell that a score did not fit into its byte.
        let spread = scores
            .values()
            .iter()
            .fold(0, |bits, score| bits | code(score));
        if spread < 256 && self.all_on_scale(&codes) {
            Ok(Cow::Owned(codes))
        } else {
            self.refuse(column)
        }
    }

    fn all_on_scale(&self, codes: &[u8]) -> bool {
        let highest = codes.iter().fold(0, |highest: u8, code| highest.max(*code));
        usize::from(highest) < self.scale.points()
    }

    /// The error for the first score that is not a point of the scale.
    fn refuse<T>(&self, column: &ArrayRef) -> Result<T> {
        let values = as_floats(column)?;
        let Self {
            function,
            label,
            scale,
            other_scale,
        } = self;
        let Some(row) = first_off(&values, *scale).or_else(|| first_fraction(column)) else {
            return internal_err!("{function}: a score outside {scale} that cannot be found again");
        };
        let (value, score) = (values.value(row), array_value_to_string(column, row)?);
        if whole_in(*scale, value) {
            return exec_err!(
                "{function}: score {score} is not a whole number; if it is a mean of several \
                 answers use mean_summary({label}), else round it first: round({label})"
            );
        }
        let other_scale = match other_scale {
            OtherScale::Higher(remedy) if value > last(*scale) => remedy,
            OtherScale::Lower(remedy) if value < last(*scale) => remedy,
            _ => "",
        };
        let literal = literal(value, &score);
        exec_err!(
            "{function}: score {score} is outside {scale}; if {score} marks a blank, write \
             nullif({label}, {literal}){other_scale}"
        )
    }
}

/// The first row whose value is not a point of the scale.
fn first_off(values: &Float64Array, scale: Scale) -> Option<usize> {
    let off = |value: f64| value.fract() != 0.0 || !whole_in(scale, value);
    (0..values.len()).find(|row| values.is_valid(*row) && off(values.value(*row)))
}

/// The first row with a fraction so small that a float has no room for it.
fn first_fraction(column: &ArrayRef) -> Option<usize> {
    (0..column.len()).find(|row| {
        let text = array_value_to_string(column, *row).unwrap_or_default();
        let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
        column.is_valid(*row) && fraction.contains(|digit: char| digit != '0')
    })
}

/// A value as it is written in SQL.
fn literal(value: f64, shown: &str) -> &str {
    match value {
        _ if value.is_nan() => "'NaN'::double",
        f64::INFINITY => "'inf'::double",
        f64::NEG_INFINITY => "'-inf'::double",
        _ => shown,
    }
}

#[expect(clippy::cast_precision_loss, reason = "scales are short")]
fn last(scale: Scale) -> f64 {
    scale.max as f64
}

#[expect(clippy::cast_precision_loss, reason = "scales are short")]
fn whole_in(scale: Scale, value: f64) -> bool {
    (scale.min as f64..=scale.max as f64).contains(&value)
}

/// A float as an integer; far outside every scale when it is not whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "checked on return"
)]
#[expect(clippy::float_cmp, reason = "whole means exactly equal")]
fn whole(score: f64) -> i64 {
    let integer = score as i64;
    if integer as f64 == score {
        integer
    } else {
        i64::MIN
    }
}

fn whole_decimal(score: i128, unit: i128, down: bool) -> i64 {
    let integer = match down {
        true if score % unit == 0 => Some(score / unit),
        true => None,
        false => score.checked_mul(unit),
    };
    integer
        .and_then(|integer| i64::try_from(integer).ok())
        .unwrap_or(i64::MIN)
}

/// Any numeric column as floats.
pub(crate) fn as_floats(column: &ArrayRef) -> Result<Float64Array> {
    let floats = arrow::compute::cast(column, &DataType::Float64)?;
    Ok(floats.as_primitive::<Float64Type>().clone())
}

/// Reads value columns on behalf of one call.
#[derive(Debug, Clone)]
pub(crate) struct ValueReader {
    /// The function's name, for its errors.
    pub(crate) function: &'static str,
    /// The argument as the person wrote it, for the remedy.
    pub(crate) label: String,
    /// Whether a value below zero is an error (weights).
    pub(crate) positive: bool,
}

impl ValueReader {
    /// The reader of an argument as values.
    pub(crate) fn values(call: &Call<'_>, place: usize) -> Self {
        Self {
            function: call.function(),
            label: call.label(place),
            positive: false,
        }
    }

    /// The reader of an argument as sampling weights.
    pub(crate) fn weights(call: &Call<'_>, place: usize) -> Self {
        Self {
            positive: true,
            ..Self::values(call, place)
        }
    }

    /// The values of a batch, which are finite (and not negative, for weights).
    pub(crate) fn read<'a>(&self, column: &'a ArrayRef) -> Result<&'a Float64Array> {
        let values = column.as_primitive::<Float64Type>();
        let wrong = |value: f64| !value.is_finite() || (self.positive && value < 0.0);
        let first =
            (0..values.len()).find(|row| values.is_valid(*row) && wrong(values.value(*row)));
        let Some(row) = first else { return Ok(values) };
        let Self {
            function, label, ..
        } = self;
        let value = values.value(row);
        if value.is_nan() {
            return exec_err!(
                "{function}: {label} holds NaN; if it marks a blank, write nullif({label}, 'NaN'::double)"
            );
        }
        if value.is_infinite() {
            return exec_err!("{function}: {label} holds {value}; leave such rows out with WHERE");
        }
        exec_err!("{function}: weight {value} in {label} is negative; weights are 0 or more")
    }
}

/// The error for the first number that is no flag.
fn refuse_flag<T>(reader: &ScoreReader, column: &ArrayRef) -> Result<T> {
    let values = as_floats(column)?;
    let ScoreReader {
        function,
        label,
        scale,
        ..
    } = reader;
    let Some(row) = first_off(&values, *scale) else {
        return internal_err!("{function}: a flag that is no flag and cannot be found again");
    };
    let flag = array_value_to_string(column, row)?;
    let literal = literal(values.value(row), &flag);
    exec_err!(
        "{function}: flag {flag} is neither 1 nor 0; if {flag} marks a blank, write \
         nullif({label}, {literal}), else compare, like {label} > 0"
    )
}

/// Flags as codes: 0 false, 1 true, [`BLANK`] NULL; numbers must be 0 or 1.
pub(crate) fn flag_codes<'a>(
    function: &'static str,
    label: &str,
    column: &'a ArrayRef,
) -> Result<Cow<'a, [u8]>> {
    let DataType::Boolean = column.data_type() else {
        let reader = ScoreReader {
            function,
            label: label.to_owned(),
            scale: Scale { min: 0, max: 1 },
            other_scale: OtherScale::None,
        };
        let codes = reader.read(column);
        return codes.or_else(|_| refuse_flag(&reader, column));
    };
    let flags = column.as_boolean();
    let mut codes: Vec<u8> = flags.values().iter().map(u8::from).collect();
    if let Some(nulls) = flags.nulls() {
        codes
            .iter_mut()
            .zip(nulls)
            .for_each(|(code, valid)| *code |= u8::from(!valid).wrapping_neg());
    }
    Ok(Cow::Owned(codes))
}
