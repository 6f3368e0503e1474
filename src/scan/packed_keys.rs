//! Small group keys travel as one integer.
//!
//! Ratings, flags and dates are narrow, so that several of them fit 64 bits, and DataFusion finds a
//! group by one integer faster than it hashes and compares columns one by one. Below the aggregate
//! the keys are packed, above it they are taken apart again.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    DataType, Date32Type, Field, FieldRef, Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, Result, internal_err};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    Aggregate, ColumnarValue, Expr, LogicalPlan, LogicalPlanBuilder, ReturnFieldArgs,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// Both functions are made here with the types that they are given.
static ANY: Signature = Signature {
    type_signature: TypeSignature::VariadicAny,
    volatility: Volatility::Immutable,
    parameter_names: None,
};

/// Groups by one integer where the keys of a group fit one.
#[derive(Debug)]
pub(super) struct PackedKeys;

impl OptimizerRule for PackedKeys {
    fn name(&self) -> &'static str {
        "packed_keys"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Aggregate(aggregate) => packed(aggregate),
            other => Ok(Transformed::no(other)),
        }
    }
}

fn packed(aggregate: Aggregate) -> Result<Transformed<LogicalPlan>> {
    let columns: Vec<_> = aggregate.schema.iter().collect();
    let (keys, results) = columns.split_at(aggregate.group_expr.len().min(columns.len()));
    let Some(parts) = layout(keys.iter().map(|(_, field)| *field)) else {
        return Ok(Transformed::no(LogicalPlan::Aggregate(aggregate)));
    };
    let pack = Pack {
        parts: parts.clone(),
    };
    let key = call(
        pack,
        aggregate.group_expr.iter().cloned().map(Expr::unalias),
    );
    let below = Aggregate::try_new(
        Arc::clone(&aggregate.input),
        vec![key],
        aggregate.aggr_expr.clone(),
    )?;
    let key = Expr::Column(Column::from(below.schema.qualified_field(0)));
    let parts = parts.into_iter().zip(keys).map(|(part, (table, field))| {
        call(Unpack { part }, [key.clone()]).alias_qualified(table.cloned(), field.name())
    });
    let results = results
        .iter()
        .map(|(table, field)| Expr::Column(Column::from((*table, *field))));
    let above: Vec<_> = parts.chain(results).collect();
    let plan = LogicalPlanBuilder::new(LogicalPlan::Aggregate(below))
        .project(above)?
        .build()?;
    Ok(Transformed::yes(plan))
}

fn call(function: impl ScalarUDFImpl + 'static, args: impl IntoIterator<Item = Expr>) -> Expr {
    let function = Arc::new(ScalarUDF::new_from_impl(function));
    Expr::ScalarFunction(ScalarFunction::new_udf(
        function,
        args.into_iter().collect(),
    ))
}

/// One key's place in the integer; the bit above its value is set where it is NULL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Part {
    field: FieldRef,
    shift: u32,
    bits: u32,
}

/// The places of several keys; `None` where they do not fit or one of them is not small.
fn layout<'a>(keys: impl ExactSizeIterator<Item = &'a FieldRef>) -> Option<Vec<Part>> {
    if keys.len() < 2 {
        return None;
    }
    let mut shift = 0;
    let parts = keys
        .map(|field| {
            let bits = bits(field.data_type())?;
            let part = Part {
                field: Arc::clone(field),
                shift,
                bits,
            };
            shift += bits + u32::from(field.is_nullable());
            Some(part)
        })
        .collect::<Option<Vec<_>>>()?;
    (shift <= u64::BITS).then_some(parts)
}

fn bits(kind: &DataType) -> Option<u32> {
    match kind {
        DataType::Boolean => Some(1),
        DataType::Int8 | DataType::UInt8 => Some(8),
        DataType::Int16 | DataType::UInt16 => Some(16),
        DataType::Int32 | DataType::UInt32 | DataType::Date32 => Some(32),
        _ => None,
    }
}

impl Part {
    /// Puts a column into its place of every row's integer, which is still empty.
    fn add(&self, column: &ArrayRef, packed: &mut [u64]) -> Result<()> {
        use DataType::{Boolean, Date32, Int8, Int16, Int32, UInt8, UInt16, UInt32};
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        if nulls.is_some() && !self.field.is_nullable() {
            return internal_err!("NULL in {}, which has none", self.field.name());
        }
        let into = Place {
            part: self,
            nulls,
            packed,
        };
        // Signed values lend their bits, so that the sign does not reach into other places.
        match column.data_type() {
            Boolean => into.fill(column.as_boolean().values().iter().map(u64::from)),
            Int8 => into.integers::<Int8Type>(column, |value| u64::from(value.cast_unsigned())),
            Int16 => into.integers::<Int16Type>(column, |value| u64::from(value.cast_unsigned())),
            Int32 => into.integers::<Int32Type>(column, |value| u64::from(value.cast_unsigned())),
            Date32 => into.integers::<Date32Type>(column, |value| u64::from(value.cast_unsigned())),
            UInt8 => into.integers::<UInt8Type>(column, u64::from),
            UInt16 => into.integers::<UInt16Type>(column, u64::from),
            UInt32 => into.integers::<UInt32Type>(column, u64::from),
            other => return internal_err!("{other} is no small key"),
        }
        Ok(())
    }

    /// The column that was added.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value has so many bits"
    )]
    fn take(&self, packed: &PrimitiveArray<UInt64Type>) -> Result<ArrayRef> {
        use DataType::{Boolean, Date32, Int8, Int16, Int32, UInt8, UInt16, UInt32};
        let packed = packed.values();
        let nulls = self.field.is_nullable().then(|| {
            let flag = self.shift + self.bits;
            NullBuffer::from_iter(packed.iter().map(|key| key >> flag & 1 == 0))
        });
        let mask = u64::MAX >> (u64::BITS - self.bits);
        let values = packed.iter().map(|key| key >> self.shift & mask);
        Ok(match self.field.data_type() {
            Boolean => Arc::new(BooleanArray::new(
                values.map(|value| value == 1).collect(),
                nulls,
            )),
            Int8 => integers::<Int8Type>(values.map(|value| (value as u8).cast_signed()), nulls),
            Int16 => integers::<Int16Type>(values.map(|value| (value as u16).cast_signed()), nulls),
            Int32 => integers::<Int32Type>(values.map(|value| (value as u32).cast_signed()), nulls),
            Date32 => {
                integers::<Date32Type>(values.map(|value| (value as u32).cast_signed()), nulls)
            }
            UInt8 => integers::<UInt8Type>(values.map(|value| value as u8), nulls),
            UInt16 => integers::<UInt16Type>(values.map(|value| value as u16), nulls),
            UInt32 => integers::<UInt32Type>(values.map(|value| value as u32), nulls),
            other => return internal_err!("{other} is no small key"),
        })
    }
}

/// Where a column goes: its place in the integers of all rows.
struct Place<'a> {
    part: &'a Part,
    nulls: Option<&'a NullBuffer>,
    packed: &'a mut [u64],
}

impl Place<'_> {
    fn integers<T: ArrowPrimitiveType>(self, column: &ArrayRef, code: impl Fn(T::Native) -> u64) {
        self.fill(
            column
                .as_primitive::<T>()
                .values()
                .iter()
                .map(|value| code(*value)),
        );
    }

    fn fill(self, values: impl Iterator<Item = u64>) {
        let shift = self.part.shift;
        let rows = self.packed.iter_mut().zip(values);
        match self.nulls {
            None => rows.for_each(|(key, value)| *key |= value << shift),
            // What lies under a NULL may be anything: it must not tell NULLs apart.
            Some(nulls) => rows.zip(nulls).for_each(|((key, value), valid)| {
                let code = if valid { value } else { 1 << self.part.bits };
                *key |= code << shift;
            }),
        }
    }
}

fn integers<T: ArrowPrimitiveType>(
    values: impl Iterator<Item = T::Native>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(values.collect(), nulls))
}

/// Several keys become one integer without NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Pack {
    parts: Vec<Part>,
}

impl ScalarUDFImpl for Pack {
    fn name(&self) -> &'static str {
        "packed_keys"
    }

    fn signature(&self) -> &Signature {
        &ANY
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::UInt64)
    }

    fn return_field_from_args(&self, _args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), DataType::UInt64, false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut packed = vec![0_u64; args.number_rows];
        for (part, column) in self.parts.iter().zip(args.args) {
            part.add(&column.into_array(args.number_rows)?, &mut packed)?;
        }
        let packed = PrimitiveArray::<UInt64Type>::from_iter_values(packed);
        Ok(ColumnarValue::Array(Arc::new(packed)))
    }
}

/// One key comes out of the integer again.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Unpack {
    part: Part,
}

impl ScalarUDFImpl for Unpack {
    fn name(&self) -> &'static str {
        "unpacked_key"
    }

    fn signature(&self) -> &Signature {
        &ANY
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(self.part.field.data_type().clone())
    }

    fn return_field_from_args(&self, _args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::clone(&self.part.field))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [packed] = args.args.as_slice() else {
            return internal_err!("one integer to unpack, not {}", args.args.len());
        };
        let packed = packed.to_array(args.number_rows)?;
        Ok(ColumnarValue::Array(self.part.take(packed.as_primitive())?))
    }
}
