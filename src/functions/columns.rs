//! Columns as the functions read them: scores as one byte a row, flags, values.
//!
//! A score column of any numeric type is narrowed once per batch to bytes counted from the lowest
//! point of its scale; a blank is [`BLANK`]. All that follows is then one loop over bytes, which
//! vectorises, instead of one loop per type. A score outside its scale is an error here, never a
//! silent bin.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, Float64Array, PrimitiveArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::array_value_to_string;
use datafusion::common::{Result, exec_err, internal_err};

use crate::functions::texts;
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
                self.short::<Int8Type>(scores) // as bytes, negative scores would fit
            }
            DataType::Int8 => self.bytes(scores.as_primitive::<Int8Type>(), scores),
            DataType::UInt8 => self.bytes(scores.as_primitive::<UInt8Type>(), scores),
            DataType::Int16 => self.short::<Int16Type>(scores),
            DataType::Int32 => self.short::<Int32Type>(scores),
            DataType::Int64 => self.long::<Int64Type>(scores, |score| score),
            DataType::UInt16 => self.short::<UInt16Type>(scores),
            DataType::UInt32 => self.long::<UInt32Type>(scores, i64::from),
            DataType::UInt64 => self.long::<UInt64Type>(scores, u64::cast_signed),
            DataType::Float32 => self.long::<Float32Type>(scores, |score| whole(score.into())),
            DataType::Float64 => self.long::<Float64Type>(scores, whole),
            DataType::Decimal128(_, scale) => {
                let unit = 10_i128.pow(u32::from(scale.unsigned_abs()));
                let down = *scale >= 0;
                self.long::<Decimal128Type>(scores, |score| whole_decimal(score, unit, down))
            }
            DataType::Utf8View => {
                texts::as_scores(self.function, &self.label, scores).map(Cow::Owned)
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
        T::Native: Into<i32>,
    {
        if self.scale.min != 0 || scores.null_count() > 0 {
            return self.short::<T>(column);
        }
        let codes: &[u8] = scores.values().inner().as_slice();
        if self.all_on_scale(codes) {
            Ok(Cow::Borrowed(codes))
        } else {
            self.refuse(column)
        }
    }

    /// Scores of up to 32 bits. Those below the lowest point wrap to far above the highest, as long
    /// as the scale is not at the ends of the numbers.
    fn short<'a, T: ArrowPrimitiveType>(&self, column: &'a ArrayRef) -> Result<Cow<'a, [u8]>>
    where
        T::Native: Into<i32>,
    {
        let min = i32::try_from(self.scale.min).ok();
        let Some(min) = min.filter(|min| min.unsigned_abs() < 1 << 30) else {
            return self.long::<T>(column, |score| i64::from(score.into()));
        };
        self.narrow(column.as_primitive::<T>(), column, |score| {
            score.into().wrapping_sub(min).cast_unsigned()
        })
    }

    /// Scores of any kind, as whole numbers of 64 bits.
    fn long<'a, T: ArrowPrimitiveType>(
        &self,
        column: &'a ArrayRef,
        whole: impl Fn(T::Native) -> i64,
    ) -> Result<Cow<'a, [u8]>> {
        let min = self.scale.min;
        self.narrow(column.as_primitive::<T>(), column, |score| {
            whole(score).wrapping_sub(min).cast_unsigned()
        })
    }

    /// Bytes of the codes; those of answers must fit into a byte, and into the scale.
    fn narrow<'a, T: ArrowPrimitiveType, W: Word>(
        &self,
        scores: &PrimitiveArray<T>,
        column: &'a ArrayRef,
        code: impl Fn(T::Native) -> W,
    ) -> Result<Cow<'a, [u8]>> {
        let values = scores.values();
        let mut codes = vec![0_u8; values.len()];
        let on_scale = if let Some(nulls) = scores.nulls().filter(|n| n.null_count() > 0) {
            let (mut spread, mut highest) = (W::default(), 0); // what lies under a NULL is nothing
            for ((byte, score), valid) in codes.iter_mut().zip(values).zip(nulls) {
                let code = if valid { code(*score) } else { W::default() };
                spread = spread | code;
                highest = highest.max(code.low());
                *byte = if valid { code.low() } else { BLANK };
            }
            spread.is_byte() && usize::from(highest) < self.scale.points()
        } else {
            // Two plain loops, because each vectorises.
            for (byte, score) in codes.iter_mut().zip(values) {
                *byte = code(*score).low();
            }
            let spread = values.iter().fold(W::default(), |bits, v| bits | code(*v));
            spread.is_byte() && self.all_on_scale(&codes)
        };
        if on_scale {
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

/// What codes are computed in: 32 bits where that is enough, since twice as many fit a register.
trait Word: Copy + Default + std::ops::BitOr<Output = Self> {
    fn low(self) -> u8;
    fn is_byte(self) -> bool;
}

impl Word for u32 {
    fn low(self) -> u8 {
        self.to_le_bytes()[0]
    }

    fn is_byte(self) -> bool {
        self < 256
    }
}

impl Word for u64 {
    fn low(self) -> u8 {
        self.to_le_bytes()[0]
    }

    fn is_byte(self) -> bool {
        self < 256
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

/// A byte for each flag, 1 where it is set.
pub(crate) fn flag_bytes(flags: &BooleanBuffer) -> Vec<u8> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Of eight copies of eight flags each keeps one, and is then rounded up to its highest bit.
    let spread = |eight: u8| {
        let kept = u64::from(eight).wrapping_mul(EACH) & 0x8040_2010_0804_0201;
        ((kept + 0x7F * EACH) >> 7 & EACH).to_le_bytes()
    };
    let mut bytes = Vec::with_capacity(flags.len() + 64);
    for chunk in flags.bit_chunks().iter_padded() {
        bytes.extend(chunk.to_le_bytes().into_iter().flat_map(spread));
    }
    bytes.truncate(flags.len());
    bytes
}

/// Flags as codes: 0 false, 1 true, [`BLANK`] NULL; numbers must be 0 or 1.
pub(crate) fn flag_codes<'a>(
    function: &'static str,
    label: &str,
    column: &'a ArrayRef,
) -> Result<Cow<'a, [u8]>> {
    if column.data_type() == &DataType::Utf8View {
        return texts::as_flags(function, label, column).map(Cow::Owned);
    }
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
    let mut codes = flag_bytes(flags.values());
    if let Some(nulls) = flags.nulls() {
        codes
            .iter_mut()
            .zip(nulls)
            .for_each(|(code, valid)| *code |= u8::from(!valid).wrapping_neg());
    }
    Ok(Cow::Owned(codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_bytes_wherever_their_bits_begin() {
        let flags: BooleanBuffer = (0..200).map(|row| row % 3 == 0 || row % 7 == 1).collect();
        for (from, length) in [(0, 200), (0, 0), (1, 8), (5, 64), (13, 131), (199, 1)] {
            let slice = flags.slice(from, length);
            let expected: Vec<u8> = slice.iter().map(u8::from).collect();
            assert_eq!(flag_bytes(&slice), expected, "{from} {length}");
        }
    }
}
