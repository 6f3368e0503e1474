//! The frame that all aggregate functions share.
//!
//! A function says its name, parameters, result type and which store keeps its states; the frame
//! turns that into DataFusion's aggregate with coercion, errors and all three accumulators.

use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, NullBufferBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, Signature,
    Volatility,
};

use crate::functions::call::unlabelled;
use crate::functions::fold::{Grouped, Groups, Single};
use crate::functions::parameter::{Parameter, coerce};
use crate::functions::record::{Layout, Value, records};

pub(crate) use crate::functions::call::{Call, given};

/// An aggregate function of latido.
pub(crate) trait Aggregate:
    std::fmt::Debug + Default + Eq + Hash + Send + Sync + 'static
{
    /// The store of its states.
    type Groups: Groups;

    /// Its name in SQL.
    const NAME: &'static str;

    /// Other names for the same.
    const ALIASES: &'static [&'static str] = &[];

    /// Its parameters in order.
    const PARAMETERS: &'static [Parameter];

    /// Whether the result is a LIST, which windows refuse.
    const LIST: bool = false;

    /// Why windows refuse it as well, as "fits a model".
    const WHOLE: Option<&'static str> = None;

    /// Whether the result names its arguments: the pass over the statement then hands their texts on
    /// behind them, since common-subexpression elimination renames what is computed.
    const LABELLED: bool = false;

    /// What its documentation says.
    fn documentation(&self) -> Option<&Documentation>;

    /// The type of its result.
    fn result(&self, types: &[DataType]) -> DataType;

    /// The columns that keep its state.
    fn state(&self, types: &[DataType]) -> Vec<Field>;

    /// An empty store for this call; fails when a constant is out of its range.
    fn open(&self, call: &Call<'_>) -> Result<Self::Groups>;
}

/// The frame around an [`Aggregate`].
#[derive(Debug, PartialEq, Eq, Hash)]
struct Frame<A> {
    aggregate: A,
    signature: Signature,
    aliases: Vec<String>,
}

/// An aggregate function and what the pass over the statement must know of it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The function as DataFusion registers it.
    pub(crate) udaf: Arc<AggregateUDF>,
    /// Its parameters in order.
    pub(crate) parameters: &'static [Parameter],
    /// Whether the result is a LIST.
    pub(crate) list: bool,
    /// Why it is refused OVER a window.
    pub(crate) whole: Option<&'static str>,
    /// Whether the texts of its arguments are handed on behind them.
    pub(crate) labelled: bool,
}

/// The entry of a function in the list of all.
pub(crate) fn entry<A: Aggregate>() -> Entry {
    Entry {
        udaf: udaf::<A>(),
        parameters: A::PARAMETERS,
        list: A::LIST,
        whole: A::WHOLE,
        labelled: A::LABELLED,
    }
}

fn udaf<A: Aggregate>() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Frame {
        aggregate: A::default(),
        signature: Signature::user_defined(Volatility::Immutable),
        aliases: A::ALIASES.iter().map(ToString::to_string).collect(),
    }))
}

impl<A: Aggregate> Frame<A> {
    fn groups(&self, arguments: &AccumulatorArgs<'_>) -> Result<A::Groups> {
        self.aggregate.open(&Call::of::<A>(arguments)?)
    }
}

impl<A: Aggregate> AggregateUDFImpl for Frame<A> {
    fn name(&self) -> &str {
        A::NAME
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let given = unlabelled::<A>(types);
        let mut coerced = coerce(A::NAME, A::PARAMETERS, given)?;
        coerced.extend_from_slice(&types[given.len()..]);
        Ok(coerced)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(self.aggregate.result(unlabelled::<A>(types)))
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let types: Vec<_> = arguments
            .input_fields
            .iter()
            .map(|f| f.data_type().clone())
            .collect();
        let named = |field: Field| {
            let name = format_state_name(arguments.name, field.name());
            Arc::new(field.with_name(name))
        };
        Ok(self
            .aggregate
            .state(unlabelled::<A>(&types))
            .into_iter()
            .map(named)
            .collect())
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single::new(self.groups(&arguments)?, false)))
    }

    fn create_sliding_accumulator(
        &self,
        arguments: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single::new(self.groups(&arguments)?, true)))
    }

    fn groups_accumulator_supported(&self, _arguments: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Grouped(self.groups(&arguments)?)))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.aggregate.documentation()
    }
}

/// What tallies answer in the end, constants of the call included.
pub(crate) struct Answers<T>(Arc<Answer<T>>);

type Answer<T> = dyn Fn(&[T]) -> Result<ArrayRef> + Send + Sync;

impl<T: 'static> Answers<T> {
    /// One Float64 a tally.
    pub(crate) fn floats(answer: impl Fn(&T) -> Option<f64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |tallies: &[T]| {
            let mut nulls = NullBufferBuilder::new(tallies.len()); // costs nothing without NULL
            let value = |tally| {
                let value = answer(tally);
                nulls.append(value.is_some());
                value.unwrap_or_default()
            };
            let values: Vec<f64> = tallies.iter().map(value).collect();
            Ok(Arc::new(Float64Array::new(values.into(), nulls.finish())) as ArrayRef)
        }))
    }

    /// Of the inner fold of a comparison, whose outer one answers.
    pub(crate) fn none() -> Self {
        Self(Arc::new(|_: &[T]| {
            exec_err!("the side of a comparison has no answer of its own")
        }))
    }

    /// All at once, for results that are no plain row a tally.
    pub(crate) fn arrays(
        answer: impl Fn(&[T]) -> Result<ArrayRef> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }

    /// One STRUCT a tally.
    pub(crate) fn records<const N: usize>(
        layout: Layout,
        answer: impl Fn(&T) -> [Value; N] + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |tallies: &[T]| {
            Ok(Arc::new(records(layout, tallies.iter().map(&answer))) as ArrayRef)
        }))
    }

    /// The answers of these tallies.
    pub(crate) fn of(&self, tallies: &[T]) -> Result<ArrayRef> {
        (self.0)(tallies)
    }
}

impl<T> Clone for Answers<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> std::fmt::Debug for Answers<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answers")
    }
}
