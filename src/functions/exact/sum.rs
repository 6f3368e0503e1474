//! `sum` of DataFusion, with the sums of 64-bit whole numbers kept exactly and checked at the end.
//!
//! The state is the sum itself in 128 bits, so partial sums meet in any order: only a total that does
//! not fit is an error. In memory: a 64-bit sum a group; the upper half is made when a first sum
//! leaves 64 bits.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Decimal128Array, Int64Array, PrimitiveArray,
    UInt64Array,
};
use arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Int64Type, UInt64Type};
use datafusion::common::{Result, exec_err};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, EmitTo, Expr, GroupsAccumulator,
    Operator, ReversedUDAF, SetMonotonicity, Signature,
};

use super::distinct::Distinct;
use super::too_large;
use crate::functions::fold::{Grouped, Groups, Rows, Single};

/// Digits of the type that keeps a sum.
const DIGITS: u8 = 38;

/// The function as a session registers it.
pub(super) fn udaf() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Sum { plain: sum_udaf() }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Sum {
    plain: Arc<AggregateUDF>,
}

/// Whether sums of this call are kept here.
fn is_ours(returned: &DataType, is_distinct: bool) -> bool {
    !is_distinct && matches!(returned, DataType::Int64 | DataType::UInt64)
}

fn is_distinct_whole(args: &AccumulatorArgs<'_>) -> bool {
    args.is_distinct && is_ours(args.return_field.data_type(), false)
}

fn sums(args: &AccumulatorArgs<'_>) -> Option<Sums> {
    let returned = args.return_field.data_type();
    is_ours(returned, args.is_distinct).then(|| Sums::empty_of(returned.clone()))
}

impl AggregateUDFImpl for Sum {
    fn name(&self) -> &str {
        self.plain.name()
    }

    fn aliases(&self) -> &[String] {
        self.plain.aliases()
    }

    fn signature(&self) -> &Signature {
        self.plain.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.plain.return_type(types)
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        match sums(&args) {
            Some(sums) => Ok(Box::new(Single::new(sums, false))),
            None if is_distinct_whole(&args) => {
                Ok(Box::new(Distinct(self.plain.accumulator(args)?)))
            }
            None => self.plain.accumulator(args),
        }
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        if !is_ours(args.return_type(), args.is_distinct) {
            return self.plain.state_fields(args);
        }
        let name = format_state_name(args.name, "sum");
        Ok(vec![Arc::new(Field::new(
            name,
            DataType::Decimal128(DIGITS, 0),
            true,
        ))])
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        self.plain.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        match sums(&args) {
            Some(sums) => Ok(Box::new(Grouped(sums))),
            None => self.plain.create_groups_accumulator(args),
        }
    }

    fn create_sliding_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn Accumulator>> {
        match sums(&args) {
            Some(sums) => Ok(Box::new(Single::new(sums, true))),
            None if is_distinct_whole(&args) => Ok(Box::new(Distinct(
                self.plain.create_sliding_accumulator(args)?,
            ))),
            None => self.plain.create_sliding_accumulator(args),
        }
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.plain.documentation()
    }

    fn set_monotonicity(&self, kind: &DataType) -> SetMonotonicity {
        self.plain.inner().set_monotonicity(kind)
    }

    /// `sum(x + 1)` as `sum(x) + count(x)`: only where the constant is too small for the product to
    /// leave 64 bits.
    fn simplify_expr_op_literal(
        &self,
        call: &AggregateFunction,
        arg: &Expr,
        operator: Operator,
        constant: &Expr,
        arg_is_left: bool,
    ) -> Result<Option<Expr>> {
        let Expr::Literal(value, _) = constant else {
            return Ok(None);
        };
        let is_small = match value.cast_to(&DataType::Int32) {
            Ok(small) => !small.is_null(),
            Err(_) => false,
        };
        if value.data_type().is_integer() && !is_small {
            return Ok(None);
        }
        self.plain
            .inner()
            .simplify_expr_op_literal(call, arg, operator, constant, arg_is_left)
    }
}

/// The sums of all groups.
#[derive(Debug)]
pub(super) struct Sums {
    /// Int64 or UInt64.
    kind: DataType,
    /// The lower 64 bits of each, with their sign.
    low: Vec<i64>,
    /// How many times 2⁶⁴ is to be added; empty while it is never.
    high: Vec<i64>,
    /// Whether a group has a value at all.
    seen: Vec<bool>,
    /// Values inside, of a plain or sliding sum.
    inside: u64,
}

impl Sums {
    pub(super) fn empty_of(kind: DataType) -> Self {
        Self {
            kind,
            low: Vec::new(),
            high: Vec::new(),
            seen: Vec::new(),
            inside: 0,
        }
    }

    fn total(&self, group: usize) -> i128 {
        let high = self.high.get(group).copied().unwrap_or(0);
        i128::from(self.low[group]) + (i128::from(high) << 64)
    }

    /// Adds a number of any size to a group.
    fn add(&mut self, group: usize, value: i128) {
        let total = self.total(group) + value;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the lower half is what is wanted"
        )]
        let low = total as i64;
        let high = ((total - i128::from(low)) >> 64) as i64;
        self.low[group] = low;
        if high != 0 || !self.high.is_empty() {
            self.high.resize(self.low.len(), 0);
            self.high[group] = high;
        }
    }

    /// The sum of a batch, and how many values it has.
    fn whole<T>(values: &PrimitiveArray<T>, sum: fn(&[T::Native]) -> i128) -> (i128, u64)
    where
        T: ArrowPrimitiveType,
    {
        let count = (values.len() - values.null_count()) as u64;
        let total = match values.nulls() {
            Some(nulls) => {
                let runs = nulls.valid_slices();
                runs.map(|(from, to)| sum(&values.values()[from..to])).sum()
            }
            None => sum(values.values()),
        };
        (total, count)
    }

    fn each<T>(&mut self, values: &PrimitiveArray<T>, groups: &[usize])
    where
        T: ArrowPrimitiveType,
        T::Native: Into<i128> + TryInto<i64>,
    {
        let rows = values.values().iter().zip(groups);
        match values.nulls() {
            None => rows.for_each(|(value, group)| self.one(*value, *group)),
            Some(nulls) => {
                for (row, (value, group)) in rows.enumerate() {
                    if nulls.is_valid(row) {
                        self.one(*value, *group);
                    }
                }
            }
        }
    }

    #[inline]
    fn one<N: Into<i128> + TryInto<i64> + Copy>(&mut self, value: N, group: usize) {
        self.seen[group] = true;
        let sum = value.try_into().ok();
        let sum = sum.and_then(|value: i64| self.low[group].checked_add(value));
        match sum {
            Some(sum) => self.low[group] = sum,
            None => self.add(group, value.into()),
        }
    }

    fn values(&mut self, column: &ArrayRef, rows: Rows<'_>) {
        if let Rows::Each { of, .. } = rows {
            return match self.kind {
                DataType::UInt64 => self.each(column.as_primitive::<UInt64Type>(), of),
                _ => self.each(column.as_primitive::<Int64Type>(), of),
            };
        }
        let (sum, count) = self.of_batch(column);
        self.add(0, sum);
        self.seen[0] |= count > 0;
        self.inside += count;
    }

    fn of_batch(&self, column: &ArrayRef) -> (i128, u64) {
        match self.kind {
            DataType::UInt64 => Self::whole(column.as_primitive::<UInt64Type>(), of_unsigned),
            _ => Self::whole(column.as_primitive::<Int64Type>(), of_signed),
        }
    }
}

impl Groups for Sums {
    fn empty(&self) -> Self {
        Self::empty_of(self.kind.clone())
    }

    fn grow(&mut self, groups: usize) {
        self.low.resize(groups.max(self.low.len()), 0);
        self.seen.resize(self.low.len(), false);
        if !self.high.is_empty() {
            self.high.resize(self.low.len(), 0);
        }
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        self.values(&arguments[0], rows);
        Ok(())
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        let (sum, count) = self.of_batch(&arguments[0]);
        self.add(0, -sum);
        self.inside -= count;
        self.seen[0] = self.inside > 0;
        Ok(())
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let sums = columns[0].as_primitive::<Decimal128Type>();
        for (row, sum) in sums.iter().enumerate() {
            if let Some(sum) = sum {
                let group = rows.group(row);
                self.add(group, sum);
                self.seen[group] = true;
            }
        }
        Ok(())
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        let low = emit.take_needed(&mut self.low);
        let seen = emit.take_needed(&mut self.seen);
        let high = match self.high.is_empty() {
            true => Vec::new(),
            false => emit.take_needed(&mut self.high),
        };
        Self {
            kind: self.kind.clone(),
            low,
            high,
            seen,
            inside: self.inside,
        }
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let sums = (0..self.low.len()).map(|group| self.seen[group].then(|| self.total(group)));
        let sums: Decimal128Array = sums.collect();
        Ok(vec![Arc::new(sums.with_precision_and_scale(DIGITS, 0)?)])
    }

    fn finish(&self) -> Result<ArrayRef> {
        let totals = (0..self.low.len()).map(|group| self.seen[group].then(|| self.total(group)));
        Ok(match self.kind {
            DataType::UInt64 => {
                Arc::new(fitting::<u64>(totals)?.into_iter().collect::<UInt64Array>()) as ArrayRef
            }
            _ => Arc::new(fitting::<i64>(totals)?.into_iter().collect::<Int64Array>()),
        })
    }

    fn size(&self) -> usize {
        self.low.capacity() * 8 + self.high.capacity() * 8 + self.seen.capacity()
    }
}

/// Values of which the halves can be summed in 64 bits.
const AT_ONCE: usize = 1 << 30;

/// The sum of numbers, from the sums of their halves: these fit into 64 bits, and a processor adds
/// several at a time.
fn of_unsigned(values: &[u64]) -> i128 {
    let sums = values.chunks(AT_ONCE).map(|values| {
        let (mut lower, mut upper) = (0_u64, 0_u64);
        for value in values {
            lower += value & 0xffff_ffff;
            upper += value >> 32;
        }
        i128::from(lower) + (i128::from(upper) << 32)
    });
    sums.sum()
}

/// The same of signed ones: a negative one is 2⁶⁴ less than its bits say.
fn of_signed(values: &[i64]) -> i128 {
    let sums = values.chunks(AT_ONCE).map(|values| {
        let (mut lower, mut upper, mut negative) = (0_u64, 0_u64, 0_u64);
        for value in values {
            let bits = value.cast_unsigned();
            lower += bits & 0xffff_ffff;
            upper += bits >> 32;
            negative += bits >> 63;
        }
        i128::from(lower) + (i128::from(upper) << 32) - (i128::from(negative) << 64)
    });
    sums.sum()
}

/// The totals in 64 bits.
fn fitting<T: TryFrom<i128>>(totals: impl Iterator<Item = Option<i128>>) -> Result<Vec<Option<T>>> {
    totals
        .map(|total| {
            total.map_or(Ok(None), |total| match T::try_from(total) {
                Ok(total) => Ok(Some(total)),
                Err(_) => exec_err!("{}", too_large(&format!("sum: {total}"))),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: DataType) -> Sums {
        Sums::empty_of(kind)
    }

    fn column(values: &[Option<i64>]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    fn answers(sums: &Sums) -> Vec<Option<i64>> {
        let answers = sums.finish().unwrap();
        answers.as_primitive::<Int64Type>().iter().collect()
    }

    #[test]
    fn partial_sums_may_leave_64_bits_and_come_back() {
        let far = [Some(i64::MAX), Some(i64::MAX), Some(-3), None];
        let back = [Some(i64::MIN), Some(i64::MIN), Some(7)];
        let mut alone = of(DataType::Int64);
        alone.update(&[column(&far)], Rows::One).unwrap();
        assert!(
            alone
                .finish()
                .unwrap_err()
                .to_string()
                .contains("does not fit into 64 bits")
        );
        let state = alone.save().unwrap();
        let mut other = of(DataType::Int64);
        other.update(&[column(&back)], Rows::One).unwrap();
        other.merge(&state, Rows::One).unwrap();
        assert_eq!(answers(&other), [Some(2)]);
    }

    #[test]
    fn groups_are_summed_apart_and_empty_ones_are_null() {
        let values = [
            Some(i64::MAX),
            Some(5),
            None,
            Some(1),
            Some(-2),
            Some(i64::MIN),
        ];
        let mut sums = of(DataType::Int64);
        let of_row = [0, 1, 2, 0, 0, 1];
        let rows = Rows::Each {
            of: &of_row,
            groups: 4,
        };
        sums.update(&[column(&values)], rows).unwrap();
        assert_eq!(
            answers(&sums),
            [Some(i64::MAX - 1), Some(i64::MIN + 5), None, None]
        );
        let first = sums.take(EmitTo::First(1));
        assert_eq!(answers(&first), [Some(i64::MAX - 1)]);
        assert_eq!(answers(&sums), [Some(i64::MIN + 5), None, None]);
    }

    #[test]
    fn a_window_gives_back_what_leaves() {
        let mut sums = of(DataType::Int64);
        sums.update(&[column(&[Some(i64::MAX), Some(4)])], Rows::One)
            .unwrap();
        sums.retract(&[column(&[Some(i64::MAX)])]).unwrap();
        assert_eq!(answers(&sums), [Some(4)]);
        sums.retract(&[column(&[Some(4)])]).unwrap();
        assert_eq!(answers(&sums), [None]);
    }

    #[test]
    fn halves_make_the_sum() {
        let signed = [
            i64::MAX,
            i64::MIN,
            -1,
            0,
            1,
            1 << 32,
            -(1 << 32) - 1,
            i64::MIN,
        ];
        let plain = |values: &[i64]| -> i128 { values.iter().map(|v| i128::from(*v)).sum() };
        for end in 0..=signed.len() {
            assert_eq!(of_signed(&signed[..end]), plain(&signed[..end]), "{end}");
        }
        assert_eq!(
            of_unsigned(&[u64::MAX, u64::MAX, 5]),
            2 * i128::from(u64::MAX) + 5
        );
    }

    #[test]
    fn unsigned_sums_use_all_of_their_bits() {
        let values: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX - 1, 1]));
        let mut sums = of(DataType::UInt64);
        let rows = Rows::Each {
            of: &[0, 0],
            groups: 1,
        };
        sums.update(&[Arc::clone(&values)], rows).unwrap();
        let answer = sums.finish().unwrap();
        assert_eq!(answer.as_primitive::<UInt64Type>().value(0), u64::MAX);
        sums.update(&[values], Rows::One).unwrap();
        assert!(sums.finish().is_err());
    }
}
