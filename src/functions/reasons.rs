//! Reasons and how often each was given, per group: the state of `churn_rank`.
//!
//! Reasons are few and repeat, so each text is kept once and rows count against its number. A
//! column read from Parquet repeats not only the text but its very view (length, prefix, place in
//! the buffer), so a small direct-mapped cache of views spares nearly all hashing of text.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray, StringViewArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, UInt64Type};
use datafusion::common::{HashMap, Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::columns::ValueReader;
use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::Answers;
use crate::statistics::Sum;

/// One reason in one group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reason {
    /// The text as given.
    pub(crate) text: Arc<str>,
    /// How many rows gave it.
    pub(crate) n: u64,
    /// The sum of their values.
    pub(crate) value: Sum,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    n: u64,
    value: Sum,
}

impl Entry {
    fn add(&mut self, value: f64) {
        self.n += 1;
        self.value.add(value);
    }
}

/// Reasons per group; entries are keyed by group and reason number.
#[derive(Debug)]
pub(crate) struct Reasons {
    values: Option<ValueReader>,
    answers: Answers<Vec<Reason>>,
    groups: usize,
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    entries: HashMap<(usize, u32), Entry>,
}

impl Reasons {
    /// An empty store; `values` reads argument 1 when there is one.
    pub(crate) fn new(values: Option<ValueReader>, answers: Answers<Vec<Reason>>) -> Self {
        Self {
            values,
            answers,
            groups: 0,
            numbers: HashMap::default(),
            texts: Vec::new(),
            entries: HashMap::default(),
        }
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let text: Arc<str> = Arc::from(text);
        let number = u32::try_from(self.texts.len())
            .expect("fewer than 2^32 distinct reasons fit in memory");
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    fn add(&mut self, group: usize, number: u32, n: u64, value: Sum) {
        let entry = self.entries.entry((group, number)).or_default();
        entry.n += n;
        entry.value.merge(value);
    }

    /// The reasons of every group.
    fn by_group(&self) -> Vec<Vec<Reason>> {
        let mut groups = vec![Vec::new(); self.groups];
        for ((group, number), entry) in &self.entries {
            let text = Arc::clone(&self.texts[*number as usize]);
            groups[*group].push(Reason {
                text,
                n: entry.n,
                value: entry.value,
            });
        }
        for reasons in &mut groups {
            reasons.sort_by(|a, b| a.text.as_bytes().cmp(b.text.as_bytes()));
        }
        groups
    }
}

/// The columns that keep the state: per group the reasons, their counts and both halves of their
/// summed values.
pub(crate) fn reason_state() -> Vec<Field> {
    let list = |name: &str, kind| Field::new(name, DataType::new_list(kind, true), true);
    vec![
        list("reasons", DataType::Utf8),
        list("counts", DataType::UInt64),
        list("values", DataType::Float64),
        list("remainders", DataType::Float64),
    ]
}

/// Numbers of reasons by the view of their text, for one batch.
struct Cache(Vec<Option<(u128, Option<u32>)>>);

impl Cache {
    const SLOTS: usize = 256;

    fn new() -> Self {
        Self(vec![None; Self::SLOTS])
    }

    fn slot(view: u128) -> usize {
        let folded = (view ^ (view >> 64)).to_le_bytes();
        let low = u64::from_le_bytes([
            folded[0], folded[1], folded[2], folded[3], folded[4], folded[5], folded[6], folded[7],
        ]);
        (low.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56)
            .try_into()
            .unwrap_or(0)
    }
}

impl Reasons {
    /// The number of each row's reason; `None` where there is none.
    fn numbers_of(&mut self, texts: &StringViewArray) -> Vec<Option<u32>> {
        let mut cache = Cache::new();
        let mut number_of = |row: usize| {
            if texts.is_null(row) {
                return None;
            }
            let view = texts.views()[row];
            let slot = Cache::slot(view);
            if let Some((_, number)) = cache.0[slot].filter(|(cached, _)| *cached == view) {
                return number;
            }
            let text = texts.value(row);
            let number = (!text.trim().is_empty()).then(|| self.number(text));
            cache.0[slot] = Some((view, number));
            number
        };
        (0..texts.len()).map(&mut number_of).collect()
    }

    /// The rows of one group go into a flat vector first, which spares a hash for each.
    fn add_rows(&mut self, numbers: &[Option<u32>], values: Option<&Float64Array>, rows: Rows<'_>) {
        let value_of = |row: usize| match values {
            Some(values) if values.is_valid(row) => values.value(row),
            _ => 0.0,
        };
        let numbered = numbers.iter().enumerate();
        let numbered = numbered.filter_map(|(row, number)| Some((row, (*number)?)));
        if let Rows::Each { of, .. } = rows {
            for (row, number) in numbered {
                let entry = self.entries.entry((of[row], number)).or_default();
                entry.add(value_of(row));
            }
            return;
        }
        let mut flat = vec![Entry::default(); self.texts.len()];
        for (row, number) in numbered {
            flat[number as usize].add(value_of(row));
        }
        for (number, entry) in (0_u32..).zip(flat).filter(|(_, entry)| entry.n > 0) {
            self.add(0, number, entry.n, entry.value);
        }
    }
}

impl Groups for Reasons {
    fn empty(&self) -> Self {
        Self::new(self.values.clone(), self.answers.clone())
    }

    fn grow(&mut self, groups: usize) {
        self.groups = self.groups.max(groups);
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let numbers = self.numbers_of(arguments[0].as_string_view());
        let reader = self.values.clone();
        let values = reader
            .map(|reader| reader.read(&arguments[1]))
            .transpose()?;
        self.add_rows(&numbers, values, rows);
        Ok(())
    }

    fn retract(&mut self, _arguments: &[ArrayRef]) -> Result<()> {
        exec_err!("LIST results have no sliding windows")
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let [reasons, counts, highs, lows] = columns else {
            return exec_err!("a saved state of {} columns instead of four", columns.len());
        };
        for row in 0..reasons.len() {
            let group = rows.group(row);
            let texts = reasons.as_list::<i32>().value(row);
            let counts = counts.as_list::<i32>().value(row);
            let highs = highs.as_list::<i32>().value(row);
            let lows = lows.as_list::<i32>().value(row);
            for place in 0..texts.len() {
                let number = self.number(texts.as_string::<i32>().value(place));
                let value = Sum::from_parts([
                    highs.as_primitive::<Float64Type>().value(place),
                    lows.as_primitive::<Float64Type>().value(place),
                ]);
                self.add(
                    group,
                    number,
                    counts.as_primitive::<UInt64Type>().value(place),
                    value,
                );
            }
        }
        Ok(())
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let mut taken = self.empty();
        taken.groups = groups;
        taken.texts = self.texts.iter().map(Arc::clone).collect();
        let all = std::mem::take(&mut self.entries);
        for ((group, number), entry) in all {
            if group < groups {
                taken.entries.insert((group, number), entry);
            } else {
                self.entries.insert((group - groups, number), entry);
            }
        }
        self.groups -= groups;
        taken
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let groups = self.by_group();
        let all = || groups.iter().flatten();
        let offsets = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let list = |kind, values: ArrayRef| -> ArrayRef {
            let item = Arc::new(Field::new("item", kind, true));
            Arc::new(ListArray::new(item, offsets.clone(), values, None))
        };
        let texts: StringArray = all().map(|reason| Some(&*reason.text)).collect();
        let counts: UInt64Array = all().map(|reason| Some(reason.n)).collect();
        let highs: Float64Array = all()
            .map(|reason| Some(reason.value.to_parts()[0]))
            .collect();
        let lows: Float64Array = all()
            .map(|reason| Some(reason.value.to_parts()[1]))
            .collect();
        Ok(vec![
            list(DataType::Utf8, Arc::new(texts)),
            list(DataType::UInt64, Arc::new(counts)),
            list(DataType::Float64, Arc::new(highs)),
            list(DataType::Float64, Arc::new(lows)),
        ])
    }

    fn finish(&self) -> Result<ArrayRef> {
        self.answers.of(&self.by_group())
    }

    fn size(&self) -> usize {
        let texts: usize = self.texts.iter().map(|text| text.len()).sum();
        let entry = size_of::<((usize, u32), Entry)>() + 1;
        texts + self.texts.capacity() * size_of::<Arc<str>>() + self.entries.capacity() * entry
    }
}
