//! Tallies by name, per group: how often each reason was given, how each segment scored.
//!
//! Names are few and repeat, so each text is kept once and rows count against its number. A column
//! read from Parquet repeats not only the text but its very view (length, prefix, place in the
//! buffer), so a small direct-mapped cache of views spares nearly all hashing of text.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray, StringViewArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, UInt64Type};
use datafusion::common::{HashMap, Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::Answers;
use crate::model::{Part, Tally};

/// How a function reads a batch beside its names, and what a row does to the tally of its name.
pub(crate) trait NamedFold: std::fmt::Debug + Clone + Send + Sync + 'static {
    /// The state of one name in one group.
    type Tally: Tally + PartialEq;

    /// A batch of arguments, decoded.
    type Batch<'a>;

    /// The place of the names among the arguments.
    const NAMES: usize;

    /// Decodes a batch; fails on the first value that breaks a rule.
    fn read<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Batch<'a>>;

    /// Adds a row; a row that does not count leaves the tally as it is.
    fn add(&self, batch: &Self::Batch<'_>, row: usize, tally: &mut Self::Tally);
}

/// One name in one group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name<T> {
    /// The text as given.
    pub(crate) text: Arc<str>,
    /// What its rows add up to.
    pub(crate) tally: T,
}

/// Tallies keyed by group and name.
#[derive(Debug)]
pub(crate) struct Named<F: NamedFold> {
    fold: F,
    answers: Answers<Vec<Name<F::Tally>>>,
    groups: usize,
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    tallies: HashMap<(usize, u32), F::Tally>,
}

impl<F: NamedFold> Named<F> {
    /// An empty store.
    pub(crate) fn new(fold: F, answers: Answers<Vec<Name<F::Tally>>>) -> Self {
        Self {
            fold,
            answers,
            groups: 0,
            numbers: HashMap::default(),
            texts: Vec::new(),
            tallies: HashMap::default(),
        }
    }

    /// The number of a name.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let text: Arc<str> = Arc::from(text);
        let number =
            u32::try_from(self.texts.len()).expect("fewer than 2^32 distinct names fit in memory");
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The tally of a name in a group.
    pub(crate) fn tally(&mut self, group: usize, number: u32) -> &mut F::Tally {
        self.tallies.entry((group, number)).or_default()
    }

    /// The names of every group, in the order of their bytes.
    fn by_group(&self) -> Vec<Vec<Name<F::Tally>>> {
        let mut groups = vec![Vec::new(); self.groups];
        for ((group, number), tally) in &self.tallies {
            if *tally == F::Tally::default() {
                continue; // none of its rows counted
            }
            groups[*group].push(Name {
                text: Arc::clone(&self.texts[*number as usize]),
                tally: *tally,
            });
        }
        for names in &mut groups {
            names.sort_by(|a, b| a.text.as_bytes().cmp(b.text.as_bytes()));
        }
        groups
    }

    /// The number of each row's name; `None` where there is none.
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
    fn add_rows(&mut self, numbers: &[Option<u32>], batch: &F::Batch<'_>, rows: Rows<'_>) {
        let numbered = numbers.iter().enumerate();
        let numbered = numbered.filter_map(|(row, number)| Some((row, (*number)?)));
        if let Rows::Each { of, .. } = rows {
            for (row, number) in numbered {
                let tally = self.tallies.entry((of[row], number)).or_default();
                self.fold.add(batch, row, tally);
            }
            return;
        }
        let mut flat = vec![F::Tally::default(); self.texts.len()];
        for (row, number) in numbered {
            self.fold.add(batch, row, &mut flat[number as usize]);
        }
        for (number, tally) in (0_u32..).zip(flat) {
            if tally != F::Tally::default() {
                self.tally(0, number).merge(&tally);
            }
        }
    }
}

/// The columns that keep the state: per group the names, and the parts of their tallies.
pub(crate) fn named_state<T: Tally>() -> Vec<Field> {
    let list = |name: &str, kind| Field::new(name, DataType::new_list(kind, true), true);
    let names = std::iter::once(list("names", DataType::Utf8));
    let parts = T::parts().into_iter();
    names
        .chain(parts.map(|(name, part)| list(&name, part_type(part))))
        .collect()
}

fn part_type(part: Part) -> DataType {
    match part {
        Part::Count => DataType::UInt64,
        Part::Real => DataType::Float64,
    }
}

/// Numbers of names by the view of their text, for one batch.
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

impl<F: NamedFold> Groups for Named<F> {
    fn empty(&self) -> Self {
        Self::new(self.fold.clone(), self.answers.clone())
    }

    fn grow(&mut self, groups: usize) {
        self.groups = self.groups.max(groups);
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let fold = self.fold.clone();
        let batch = fold.read(arguments)?;
        let numbers = self.numbers_of(arguments[F::NAMES].as_string_view());
        self.add_rows(&numbers, &batch, rows);
        Ok(())
    }

    fn retract(&mut self, _arguments: &[ArrayRef]) -> Result<()> {
        exec_err!("LIST results have no sliding windows")
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let Some((names, parts)) = columns
            .split_first()
            .filter(|(_, p)| p.len() == F::Tally::WIDTH)
        else {
            return exec_err!("a saved state of {} columns", columns.len());
        };
        for row in 0..names.len() {
            let texts = names.as_list::<i32>().value(row);
            let parts: Vec<ArrayRef> = parts
                .iter()
                .map(|p| p.as_list::<i32>().value(row))
                .collect();
            for place in 0..texts.len() {
                let number = self.number(texts.as_string::<i32>().value(place));
                let tally = F::Tally::of_parts(|part| bits(&parts[part], place));
                self.tally(rows.group(row), number).merge(&tally);
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
        let all = std::mem::take(&mut self.tallies);
        for ((group, number), tally) in all {
            if group < groups {
                taken.tallies.insert((group, number), tally);
            } else {
                self.tallies.insert((group - groups, number), tally);
            }
        }
        self.groups -= groups;
        taken
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let groups = self.by_group();
        let all = || groups.iter().flatten();
        let offsets = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let list = |values: ArrayRef| -> ArrayRef {
            let item = Arc::new(Field::new("item", values.data_type().clone(), true));
            Arc::new(ListArray::new(item, offsets.clone(), values, None))
        };
        let texts: StringArray = all().map(|name| Some(&*name.text)).collect();
        let mut columns = vec![list(Arc::new(texts))];
        for (index, (_, part)) in F::Tally::parts().into_iter().enumerate() {
            let words = all().map(|name| name.tally.part(index));
            let values: ArrayRef = match part {
                Part::Count => Arc::new(UInt64Array::from_iter_values(words)),
                Part::Real => Arc::new(Float64Array::from_iter_values(words.map(f64::from_bits))),
            };
            columns.push(list(values));
        }
        Ok(columns)
    }

    fn finish(&self) -> Result<ArrayRef> {
        self.answers.of(&self.by_group())
    }

    fn size(&self) -> usize {
        let texts: usize = self.texts.iter().map(|text| text.len()).sum();
        let entry = size_of::<((usize, u32), F::Tally)>() + 1;
        texts + self.texts.capacity() * size_of::<Arc<str>>() + self.tallies.capacity() * entry
    }
}

/// One part of a saved tally.
fn bits(column: &ArrayRef, place: usize) -> u64 {
    match column.data_type() {
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(place),
        _ => column.as_primitive::<Float64Type>().value(place).to_bits(),
    }
}
