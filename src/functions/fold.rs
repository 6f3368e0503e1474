//! One small trait for a mergeable state, and from it all that DataFusion asks of an aggregate:
//! the plain accumulator, the sliding one of window frames, and the one for groups.
//!
//! Here because the three must never disagree: a formula has one home, and so has the pass that
//! feeds it.

use std::collections::VecDeque;

use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::compute::nullif;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

/// Which state each row of a batch belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows<'a> {
    /// All rows to the only state.
    One,
    /// Row `i` to the state `of[i]`; there are `groups` states.
    Each {
        /// The state of each row.
        of: &'a [usize],
        /// How many states there are.
        groups: usize,
    },
}

impl Rows<'_> {
    /// How many states there are.
    pub(crate) fn groups(self) -> usize {
        match self {
            Self::One => 1,
            Self::Each { groups, .. } => groups,
        }
    }

    /// The state of a row.
    #[inline]
    pub(crate) fn group(self, row: usize) -> usize {
        match self {
            Self::One => 0,
            Self::Each { of, .. } => of[row],
        }
    }
}

/// The states of all groups, kept flat; with one group it is a plain aggregate.
pub(crate) trait Groups: std::fmt::Debug + Sized + Send + Sync + 'static {
    /// A store with the same constants and no state.
    fn empty(&self) -> Self;

    /// Makes room for so many groups.
    fn grow(&mut self, groups: usize);

    /// Adds a batch of arguments; rows whose first argument is NULL count for nothing.
    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()>;

    /// Undoes `update` for rows that leave a window frame; only with one state.
    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()>;

    /// Adds saved states.
    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()>;

    /// Splits off the first groups, or all.
    fn take(&mut self, emit: EmitTo) -> Self;

    /// Puts what is kept in order, once, before it is saved or answers.
    fn settle(&mut self) {}

    /// The states as columns, one row a group.
    fn save(&self) -> Result<Vec<ArrayRef>>;

    /// The answers, one row a group.
    fn finish(&self) -> Result<ArrayRef>;

    /// The states that the rows of a batch would have in groups of their own.
    fn each(&self, arguments: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        let of: Vec<usize> = (0..arguments[0].len()).collect();
        let groups = of.len();
        let mut states = self.empty();
        states.update(arguments, Rows::Each { of: &of, groups })?;
        states.settle();
        states.save()
    }

    /// Whether what leaves a frame may take digits along that the others need.
    const WEARS: bool = false;

    /// Whether it did: a state to be made anew of the rows that are left.
    fn is_worn(&self) -> bool {
        false
    }

    /// Bytes held on the heap.
    fn size(&self) -> usize;
}

/// A plain or sliding aggregate: exactly one state.
#[derive(Debug)]
pub(crate) struct Single<G> {
    groups: G,
    slides: bool,
    /// The rows of a sliding frame whose state wears.
    rows: FrameRows,
}

/// Rows in the order in which they came, and leave.
#[derive(Debug, Default)]
struct FrameRows {
    batches: VecDeque<Vec<ArrayRef>>,
    /// How many rows of the first batch have left.
    gone: usize,
}

impl FrameRows {
    fn come(&mut self, batch: &[ArrayRef]) {
        if !batch[0].is_empty() {
            self.batches.push_back(batch.to_vec());
        }
    }

    fn leave(&mut self, rows: usize) {
        self.gone += rows;
        while let Some(first) = self.batches.front() {
            if first[0].len() > self.gone {
                return;
            }
            self.gone -= first[0].len();
            self.batches.pop_front();
        }
    }

    /// What is left, batch by batch.
    fn left(&self) -> impl Iterator<Item = Vec<ArrayRef>> {
        let batches = self.batches.iter().enumerate();
        batches.map(|(place, batch)| {
            let gone = if place == 0 { self.gone } else { 0 };
            let rest = |column: &ArrayRef| column.slice(gone, column.len() - gone);
            batch.iter().map(rest).collect()
        })
    }
}

impl<G: Groups> Single<G> {
    pub(crate) fn new(groups: G, slides: bool) -> Self {
        Self {
            groups,
            slides,
            rows: FrameRows::default(),
        }
    }

    fn keeps_rows(&self) -> bool {
        self.slides && G::WEARS
    }
}

impl<G: Groups> Accumulator for Single<G> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        if self.keeps_rows() {
            self.rows.come(values);
        }
        self.groups.update(values, Rows::One)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.groups.retract(values)?;
        if self.keeps_rows() {
            self.rows.leave(values[0].len());
            if self.groups.is_worn() {
                self.groups = self.groups.empty();
                for batch in self.rows.left() {
                    self.groups.update(&batch, Rows::One)?;
                }
            }
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        self.slides
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.groups.merge(states, Rows::One)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups.grow(1);
        // Nobody asks again, so what is kept goes as soon as it is saved.
        let mut taken = self.groups.take(EmitTo::All);
        taken.settle();
        let columns = taken.save()?;
        drop(taken);
        columns
            .iter()
            .map(|column| ScalarValue::try_from_array(column, 0))
            .collect()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.groups.grow(1);
        self.groups.settle();
        ScalarValue::try_from_array(&self.groups.finish()?, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self)
            + self.groups.size()
            + self.rows.batches.len() * size_of::<Vec<ArrayRef>>()
    }
}

/// A grouped aggregate.
#[derive(Debug)]
pub(crate) struct Grouped<G>(pub(crate) G);

impl<G: Groups> GroupsAccumulator for Grouped<G> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let rows = Rows::Each {
            of: group_indices,
            groups: total_num_groups,
        };
        match opt_filter {
            Some(filter) => self.0.update(&filtered(values, filter)?, rows),
            None => self.0.update(values, rows),
        }
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let mut taken = self.0.take(emit_to);
        taken.settle();
        taken.finish()
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut taken = self.0.take(emit_to);
        taken.settle();
        taken.save()
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.0.merge(
            values,
            Rows::Each {
                of: group_indices,
                groups: total_num_groups,
            },
        )
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        match opt_filter {
            Some(filter) => self.0.each(&filtered(values, filter)?),
            None => self.0.each(values),
        }
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

/// The arguments with NULL wherever the filter does not hold; values stay in place, so nothing that
/// the filter keeps out is judged: neither a score off its scale nor a negative weight.
fn filtered(values: &[ArrayRef], filter: &BooleanArray) -> Result<Vec<ArrayRef>> {
    let kept = match filter.nulls() {
        Some(valid) => filter.values() & valid.inner(),
        None => filter.values().clone(),
    };
    let left_out = BooleanArray::new(!&kept, None);
    let masked = |column: &ArrayRef| Ok(nullif(column, &left_out)?);
    values.iter().map(masked).collect()
}

/// One of two stores, chosen when the call is opened (without and with weights, say).
#[derive(Debug)]
pub(crate) enum Either<A, B> {
    /// The first.
    Left(A),
    /// The second.
    Right(B),
}

macro_rules! whichever {
    ($self:expr, $groups:ident => $call:expr) => {
        match $self {
            Either::Left($groups) => $call,
            Either::Right($groups) => $call,
        }
    };
}

impl<A: Groups, B: Groups> Groups for Either<A, B> {
    const WEARS: bool = A::WEARS || B::WEARS;

    fn is_worn(&self) -> bool {
        whichever!(self, groups => groups.is_worn())
    }

    fn empty(&self) -> Self {
        match self {
            Self::Left(groups) => Self::Left(groups.empty()),
            Self::Right(groups) => Self::Right(groups.empty()),
        }
    }

    fn grow(&mut self, groups: usize) {
        whichever!(self, store => store.grow(groups));
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        whichever!(self, groups => groups.update(arguments, rows))
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        whichever!(self, groups => groups.retract(arguments))
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        whichever!(self, groups => groups.merge(columns, rows))
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        match self {
            Self::Left(groups) => Self::Left(groups.take(emit)),
            Self::Right(groups) => Self::Right(groups.take(emit)),
        }
    }

    fn settle(&mut self) {
        whichever!(self, groups => groups.settle());
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        whichever!(self, groups => groups.save())
    }

    fn finish(&self) -> Result<ArrayRef> {
        whichever!(self, groups => groups.finish())
    }

    fn each(&self, arguments: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        whichever!(self, groups => groups.each(arguments))
    }

    fn size(&self) -> usize {
        whichever!(self, groups => groups.size())
    }
}
