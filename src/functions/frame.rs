//! The frame that all aggregate functions share.
//!
//! A function says its name, parameters, result type and which store keeps its states; the frame
//! turns that into DataFusion's aggregate with coercion, errors and all three accumulators.

use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, NullBufferBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, GroupsAccumulator, Signature,
    Volatility,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{CastExpr, Column, Literal};

use crate::functions::fold::{Grouped, Groups, Single};
use crate::functions::parameter::{Parameter, coerce};
use crate::functions::record::{Layout, Value, records};
use crate::statistics::Confidence;

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

    /// What its documentation says.
    fn documentation(&self) -> Option<&Documentation>;

    /// The type of its result.
    fn result(&self, types: &[DataType]) -> DataType;

    /// The columns that keep its state.
    fn state(&self, types: &[DataType]) -> Vec<Field>;

    /// An empty store for this call; fails when a constant is out of its range.
    fn open(&self, call: &Call<'_>) -> Result<Self::Groups>;
}

/// The arguments of one call, as far as they are known before the first row.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    function: &'static str,
    parameters: &'static [Parameter],
    expressions: &'a [Arc<dyn PhysicalExpr>],
    types: Vec<DataType>,
}

impl<'a> Call<'a> {
    fn of<A: Aggregate>(arguments: &AccumulatorArgs<'a>) -> Result<Self> {
        if arguments.is_distinct {
            return exec_err!(
                "{}: DISTINCT has no meaning here; each answer counts",
                A::NAME
            );
        }
        let types = arguments
            .expr_fields
            .iter()
            .map(|f| f.data_type().clone())
            .collect();
        Ok(Self {
            function: A::NAME,
            parameters: A::PARAMETERS,
            expressions: arguments.exprs,
            types,
        })
    }

    /// Whether an optional column was given.
    pub(crate) fn has(&self, place: usize) -> bool {
        given(&self.types, place)
    }

    /// The argument as the remedy of an error names it: a column's name, or the parameter's.
    pub(crate) fn label(&self, place: usize) -> String {
        let mut expression = self.expressions.get(place).map(Arc::as_ref);
        while let Some(cast) = expression.and_then(|e| e.downcast_ref::<CastExpr>()) {
            expression = Some(cast.expr().as_ref());
        }
        let column = expression.and_then(|e| e.downcast_ref::<Column>());
        match column
            .map(Column::name)
            .filter(|name| !name.starts_with("__common_expr"))
        {
            Some(name) if plain(name) => name.to_owned(),
            Some(name) => format!("\"{name}\""),
            None => self.parameters[place].name.to_owned(),
        }
    }

    fn constant(&self, place: usize) -> Result<Option<&ScalarValue>> {
        let Some(expression) = self.expressions.get(place) else {
            return Ok(None);
        };
        match expression.downcast_ref::<Literal>() {
            Some(literal) => Ok(Some(literal.value()).filter(|value| !value.is_null())),
            None => exec_err!(
                "{}: {} must be a literal, the same for all rows",
                self.function,
                self.parameters[place].name
            ),
        }
    }

    /// A constant number, if given.
    pub(crate) fn number(&self, place: usize) -> Result<Option<f64>> {
        match self.constant(place)? {
            Some(ScalarValue::Float64(number)) => Ok(*number),
            _ => Ok(None),
        }
    }

    /// A constant whole number, if given.
    pub(crate) fn integer(&self, place: usize) -> Result<Option<i64>> {
        match self.constant(place)? {
            Some(ScalarValue::Int64(number)) => Ok(*number),
            _ => Ok(None),
        }
    }

    /// A constant whole number that must be given.
    pub(crate) fn needed(&self, place: usize) -> Result<i64> {
        match self.integer(place)? {
            Some(number) => Ok(number),
            None => exec_err!(
                "{}: {} must be given",
                self.function,
                self.parameters[place].name
            ),
        }
    }

    /// A constant word, if given.
    pub(crate) fn word(&self, place: usize) -> Result<Option<String>> {
        match self.constant(place)? {
            Some(ScalarValue::Utf8(word)) => Ok(word.clone()),
            _ => Ok(None),
        }
    }

    /// The confidence level of an interval: strictly between 0 and 1, 0.95 by default.
    pub(crate) fn confidence(&self, place: usize) -> Result<Confidence> {
        let Some(level) = self.number(place)? else {
            return Ok(Confidence::default());
        };
        Confidence::new(level)
            .or_else(|error| exec_err!("{}: {error}; {level} does not", self.function))
    }

    /// The name of the function, for errors.
    pub(crate) fn function(&self) -> &'static str {
        self.function
    }
}

/// Whether an optional argument of these types was given; a skipped one is a plain NULL.
pub(crate) fn given(types: &[DataType], place: usize) -> bool {
    types.get(place).is_some_and(|kind| !kind.is_null())
}

/// Whether a name needs no quotes in SQL.
fn plain(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    starts
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
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
}

/// The entry of a function in the list of all.
pub(crate) fn entry<A: Aggregate>() -> Entry {
    Entry {
        udaf: udaf::<A>(),
        parameters: A::PARAMETERS,
        list: A::LIST,
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
        coerce(A::NAME, A::PARAMETERS, types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(self.aggregate.result(types))
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
            .state(&types)
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
