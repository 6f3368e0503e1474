//! Codes: the few distinct values of a column, numbered as they are first seen.
//!
//! Ratings, flags and groups have a handful of values. Numbered, a row of several columns is a short
//! whole number, and counting rows is adding one to a place in a table.

use std::sync::Arc;

use arrow::array::{Array, Float64Array, StringViewArray};
use datafusion::common::HashMap;

/// The code of a missing value.
pub(super) const MISSING: u8 = 0;

/// Distinct values that a column may have before it counts as one of many values.
const MOST: usize = 254;

/// Whole numbers from −64 on that are looked up without hashing.
const DIRECT: usize = 256;
const BELOW: i32 = 64;

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
    direct: Vec<u8>,
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
            direct: Vec::new(),
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
            Self::Numbers(n) => {
                n.direct.capacity() + 16 * n.others.capacity() + 8 * n.values.capacity()
            }
            Self::Texts(t) => t.values.iter().map(|text| 64 + text.len()).sum(),
        }
    }
}

impl Numbers {
    /// The code of a number; none where all codes are taken.
    pub(super) fn code(&mut self, value: f64) -> Option<u8> {
        if self.direct.is_empty() {
            self.direct = vec![MISSING; DIRECT];
        }
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

/// The place of a small whole number in the direct table.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "a number that is cut off is no small whole number, and is not taken for one"
)]
fn direct(value: f64) -> Option<usize> {
    let whole = value as i32;
    let place = whole.wrapping_add(BELOW).cast_unsigned() as usize;
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
