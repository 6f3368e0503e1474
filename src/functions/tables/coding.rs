//! Codes: the few distinct values of a column, numbered as they are first seen.
//!
//! Ratings, flags and groups have a handful of values. Numbered, a row of several columns is a short
//! whole number, and counting rows is adding one to a place in a table.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Float64Array, PrimitiveArray, StringViewArray,
};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{
    DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use datafusion::common::HashMap;

use crate::functions::columns::flag_bytes;

/// The code of a missing value.
pub(super) const MISSING: u8 = 0;

/// Distinct values that a column may have before it counts as one of many values.
const MOST: usize = 254;

/// Whole numbers from −128 on that are looked up without hashing: all of one byte, signed or not.
const DIRECT: usize = 384;
const BELOW: usize = 128;

/// The numbering of one column's values; codes begin with 1.
#[derive(Debug, Clone)]
pub(super) enum Coder {
    /// Numbers, and whether there were too many different ones to number.
    Numbers(Numbers),
    /// Texts.
    Texts(Texts),
}

/// Numbered numbers.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    direct: Box<[u8; DIRECT]>,
    others: HashMap<u64, u8>,
    values: Vec<f64>,
    /// Whether there are more than can be numbered.
    pub(super) is_wide: bool,
}

/// Numbered texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    codes: HashMap<Arc<str>, u8>,
    values: Vec<Arc<str>>,
}

impl Coder {
    /// A numbering of numbers.
    pub(super) fn numbers() -> Self {
        Self::Numbers(Numbers {
            direct: Box::new([MISSING; DIRECT]),
            others: HashMap::default(),
            values: Vec::new(),
            is_wide: false,
        })
    }

    /// How many values are numbered.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.values.len(),
            Self::Texts(texts) => texts.values.len(),
        }
    }

    /// Whether there are too many values to number.
    pub(super) fn is_wide(&self) -> bool {
        matches!(self, Self::Numbers(numbers) if numbers.is_wide)
    }

    /// Takes the column for one of many values.
    pub(super) fn give_up(&mut self) {
        if let Self::Numbers(numbers) = self {
            numbers.is_wide = true;
        }
    }

    /// The number behind each code, from code 1 on; of texts their places among all in the order of
    /// their bytes.
    pub(super) fn values(&self) -> Vec<f64> {
        match self {
            Self::Numbers(numbers) => numbers.values.clone(),
            Self::Texts(texts) => texts.ranks(),
        }
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Numbers(n) => DIRECT + 16 * n.others.capacity() + 8 * n.values.capacity(),
            Self::Texts(t) => t.values.iter().map(|text| 64 + text.len()).sum(),
        }
    }
}

impl Numbers {
    /// The code of a number; none where all codes are taken.
    pub(super) fn code(&mut self, value: f64) -> Option<u8> {
        let place = direct(value);
        let known = match place {
            Some(place) => self.direct[place],
            None => self
                .others
                .get(&(value + 0.0).to_bits())
                .copied()
                .unwrap_or(MISSING),
        };
        if known != MISSING {
            return Some(known);
        }
        let code = u8::try_from(self.values.len() + 1)
            .ok()
            .filter(|code| usize::from(*code) <= MOST)?;
        self.values.push(value + 0.0);
        match place {
            Some(place) => self.direct[place] = code,
            None => {
                self.others.insert((value + 0.0).to_bits(), code);
            }
        }
        Some(code)
    }

    /// The bits of a number, by its place.
    pub(super) fn bits(&self, place: usize) -> u64 {
        self.values[place].to_bits()
    }

    /// Whether any of the numbers is below zero.
    pub(super) fn has_negative(&self) -> bool {
        self.values.iter().any(|value| *value < 0.0)
    }

    /// The codes of a batch of whole numbers or Boolean, as it lies; none where it is neither, and none,
    /// and wide from then on, where all codes are taken.
    pub(super) fn codes_of_whole(&mut self, column: &ArrayRef) -> Option<Vec<u8>> {
        if self.is_wide {
            return None;
        }
        match column.data_type() {
            DataType::Int8 => self.whole(column.as_primitive::<Int8Type>()),
            DataType::Int16 => self.whole(column.as_primitive::<Int16Type>()),
            DataType::Int32 => self.whole(column.as_primitive::<Int32Type>()),
            DataType::Int64 => self.whole(column.as_primitive::<Int64Type>()),
            DataType::UInt8 => self.whole(column.as_primitive::<UInt8Type>()),
            DataType::UInt16 => self.whole(column.as_primitive::<UInt16Type>()),
            DataType::UInt32 => self.whole(column.as_primitive::<UInt32Type>()),
            DataType::UInt64 => self.whole(column.as_primitive::<UInt64Type>()),
            DataType::Boolean => {
                let flags = column.as_boolean();
                let bytes = ScalarBuffer::from(flag_bytes(flags.values()));
                let bytes = PrimitiveArray::<UInt8Type>::new(bytes, flags.nulls().cloned());
                self.whole(&bytes)
            }
            _ => None,
        }
    }

    fn whole<T: ArrowPrimitiveType<Native: Whole>>(
        &mut self,
        column: &PrimitiveArray<T>,
    ) -> Option<Vec<u8>> {
        let values: &[T::Native] = column.values();
        let direct = &self.direct;
        let known = |value: &T::Native| direct.get(value.place()).copied().unwrap_or(MISSING);
        let mut codes: Vec<u8> = values.iter().map(known).collect();
        if !codes.contains(&MISSING) && column.null_count() == 0 {
            return Some(codes);
        }
        for (row, code) in codes.iter_mut().enumerate() {
            if column.is_null(row) {
                *code = MISSING;
            } else if *code == MISSING {
                let Some(found) = self.code(values[row].float()) else {
                    self.is_wide = true;
                    return None;
                };
                *code = found;
            }
        }
        Some(codes)
    }

    /// The codes of a batch; none, and wide from then on, where all codes are taken.
    pub(super) fn codes(&mut self, column: &Float64Array) -> Option<Vec<u8>> {
        if self.is_wide {
            return None;
        }
        let mut codes = vec![MISSING; column.len()];
        let is_coded =
            match column.nulls().filter(|nulls| nulls.null_count() > 0) {
                Some(nulls) => codes.iter_mut().zip(column.values()).zip(nulls).all(
                    |((code, value), valid)| {
                        !valid || self.code(*value).map(|found| *code = found).is_some()
                    },
                ),
                None => codes
                    .iter_mut()
                    .zip(column.values())
                    .all(|(code, value)| self.code(*value).map(|found| *code = found).is_some()),
            };
        self.is_wide = !is_coded;
        is_coded.then_some(codes)
    }
}

/// A whole number of any type.
trait Whole: Copy {
    /// Its place in the direct table, beyond it where it is not small.
    fn place(self) -> usize;

    /// The nearest float.
    fn float(self) -> f64;
}

macro_rules! whole {
    ($($whole:ty, $wide:ty);*) => {$(
        impl Whole for $whole {
            #[inline]
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_lossless,
                reason = "what lies below the table wraps to far above it, whatever the type"
            )]
            fn place(self) -> usize {
                (self as $wide).wrapping_add(BELOW as $wide) as usize
            }

            #[inline]
            #[allow(
                clippy::cast_lossless,
                clippy::cast_precision_loss,
                reason = "as SQL casts it"
            )]
            fn float(self) -> f64 {
                self as f64
            }
        }
    )*};
}

whole!(i8, i64; i16, i64; i32, i64; i64, i64; u8, u64; u16, u64; u32, u64);

impl Whole for u64 {
    #[inline]
    fn place(self) -> usize {
        usize::try_from(self).map_or(usize::MAX, |value| value.saturating_add(BELOW))
    }

    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "as SQL casts it")]
    fn float(self) -> f64 {
        self as f64
    }
}

/// The place of a small whole number in the direct table.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "a number that is cut off is no small whole number, and is not taken for one"
)]
fn direct(value: f64) -> Option<usize> {
    let whole = value as i32;
    let place = whole.place();
    (f64::from(whole) == value && place < DIRECT).then_some(place)
}

impl Texts {
    /// The code of a text; none where all codes are taken.
    pub(super) fn code(&mut self, text: &str) -> Option<u8> {
        if let Some(code) = self.codes.get(text) {
            return Some(*code);
        }
        let code = u8::try_from(self.values.len() + 1)
            .ok()
            .filter(|code| usize::from(*code) <= MOST)?;
        let text: Arc<str> = Arc::from(text);
        self.values.push(Arc::clone(&text));
        self.codes.insert(text, code);
        Some(code)
    }

    /// The codes of a batch; none where all codes are taken.
    pub(super) fn codes(&mut self, column: &StringViewArray) -> Option<Vec<u8>> {
        column
            .iter()
            .map(|text| text.map_or(Some(MISSING), |text| self.code(text)))
            .collect()
    }

    /// The texts from code 1 on.
    pub(super) fn texts(&self) -> &[Arc<str>] {
        &self.values
    }

    fn ranks(&self) -> Vec<f64> {
        let rank =
            |text: &Arc<str>| self.values.iter().filter(|other| *other < text).count() as f64;
        self.values.iter().map(rank).collect()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int32Array, Int64Array, UInt64Array};
    use arrow::compute::cast;

    use super::*;

    fn numbers() -> Numbers {
        match Coder::numbers() {
            Coder::Numbers(numbers) => numbers,
            Coder::Texts(_) => unreachable!(),
        }
    }

    #[test]
    fn each_value_has_one_code_and_zero_no_sign() {
        let mut coder = numbers();
        let column = Float64Array::from(vec![
            Some(10.0),
            None,
            Some(0.5),
            Some(-0.0),
            Some(0.0),
            Some(1e300),
            Some(0.5),
        ]);
        assert_eq!(coder.codes(&column).unwrap(), [1, 0, 2, 3, 3, 4, 2]);
        assert_eq!(coder.values, [10.0, 0.5, 0.0, 1e300]);
        assert!(coder.values[2].is_sign_positive());
    }

    #[test]
    fn whole_numbers_of_any_type_have_the_codes_of_their_floats() {
        use DataType::{
            Boolean, Float64, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64,
        };
        let given = [
            [Some(1), Some(0), None, Some(1)],
            [None, Some(0), Some(5), Some(1)],
        ];
        for column in given {
            let column: ArrayRef = Arc::new(Int64Array::from(column.to_vec()));
            let mut floats = numbers();
            floats.code(7.0);
            let mut others: Vec<Numbers> = vec![floats.clone(); 9];
            let expected = cast(&column, &Float64).unwrap();
            let expected = floats.codes(expected.as_primitive()).unwrap();
            let types = [
                Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Boolean,
            ];
            for (data_type, coder) in types.into_iter().zip(&mut others) {
                if data_type == Boolean && column.as_primitive::<Int64Type>().value(2) == 5 {
                    continue; // is true, not 5
                }
                let column = cast(&column, &data_type).unwrap();
                let codes = coder.codes_of_whole(&column);
                assert_eq!(codes.as_ref(), Some(&expected), "{data_type}");
                assert_eq!(coder.values, floats.values, "{data_type}");
            }
            assert_eq!(
                floats.codes_of_whole(&cast(&column, &Float64).unwrap()),
                None
            );
            assert!(!floats.is_wide);
        }
    }

    #[test]
    fn whole_numbers_may_be_as_large_as_they_are() {
        let mut coder = numbers();
        let signed: ArrayRef = Arc::new(Int64Array::from(vec![
            i64::MIN,
            -129,
            -128,
            383,
            384,
            i64::MAX,
        ]));
        assert_eq!(coder.codes_of_whole(&signed).unwrap(), [1, 2, 3, 4, 5, 6]);
        let unsigned: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 383, 1 << 63]));
        // 2⁶³ − 1 and 2⁶³ are one float.
        assert_eq!(coder.codes_of_whole(&unsigned).unwrap(), [7, 4, 6]);
        assert!(coder.has_negative());
        assert_eq!(
            coder.values[5..],
            [9_223_372_036_854_775_808.0, 18_446_744_073_709_551_616.0]
        );
        let many: ArrayRef = Arc::new(Int32Array::from_iter_values(1000..1300));
        assert_eq!(coder.codes_of_whole(&many), None);
        assert!(coder.is_wide && coder.codes_of_whole(&signed).is_none());
    }

    #[test]
    fn a_column_of_many_values_is_wide() {
        let mut coder = numbers();
        let few: Vec<f64> = (0..254).map(|i| f64::from(i) - 100.0).collect();
        assert_eq!(coder.codes(&few.clone().into()).unwrap()[253], 254);
        assert_eq!(coder.codes(&few.into()).unwrap()[0], 1);
        assert_eq!(coder.codes(&vec![1.5].into()), None);
        assert!(coder.is_wide && coder.codes(&vec![0.0].into()).is_none());
    }

    #[test]
    fn texts_are_ranked_by_their_bytes() {
        let mut texts = Texts::default();
        let column = StringViewArray::from(vec![Some("b"), None, Some("a"), Some("b")]);
        assert_eq!(texts.codes(&column).unwrap(), [1, 0, 2, 1]);
        assert_eq!(Coder::Texts(texts).values(), [1.0, 0.0]);
    }
}
