//! The arguments of one call, as far as they are known before the first row: constants, types, and
//! how the columns are called.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{CastExpr, Column, Literal};

use crate::functions::frame::Aggregate;
use crate::functions::parameter::{Parameter, argument_name};
use crate::statistics::Confidence;

/// The arguments of one call, as far as they are known before the first row.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    function: &'static str,
    parameters: &'static [Parameter],
    expressions: &'a [Arc<dyn PhysicalExpr>],
    types: Vec<DataType>,
    labels: Vec<String>,
}

impl<'a> Call<'a> {
    /// The call of a function; DISTINCT is refused.
    pub(crate) fn of<A: Aggregate>(arguments: &AccumulatorArgs<'a>) -> Result<Self> {
        if arguments.is_distinct {
            return exec_err!(
                "{}: DISTINCT has no meaning here; each answer counts",
                A::NAME
            );
        }
        let fields = arguments.expr_fields.iter();
        let mut types: Vec<DataType> = fields.map(|f| f.data_type().clone()).collect();
        let given = unlabelled::<A>(&types).len();
        types.truncate(given);
        Ok(Self {
            function: A::NAME,
            parameters: A::PARAMETERS,
            expressions: &arguments.exprs[..given],
            types,
            labels: arguments.exprs[given..]
                .first()
                .map_or_else(Vec::new, labels_in),
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
            None => self.parameter(place),
        }
    }

    fn parameter(&self, place: usize) -> String {
        argument_name(self.parameters, place)
    }

    /// How many arguments there are.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// The type of an argument.
    pub(crate) fn kind(&self, place: usize) -> &DataType {
        &self.types[place]
    }

    /// The texts of the arguments from this place on, as they were written; a bare column's is its
    /// name.
    pub(crate) fn texts(&self, from: usize) -> Vec<String> {
        let text = |place| {
            self.labels
                .get(place)
                .cloned()
                .unwrap_or_else(|| self.label(place))
        };
        (from..self.len()).map(text).collect()
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
                self.parameter(place)
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

    /// A constant length of time, or whole number.
    pub(crate) fn span(&self, place: usize) -> Result<&ScalarValue> {
        match self.constant(place)? {
            Some(span) => Ok(span),
            None => exec_err!("{}: {} must be given", self.function, self.parameter(place)),
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

/// What separates the texts of the arguments in the literal that hands them on, and begins it.
pub const LABEL: char = '\u{1f}';

fn labels_in(literal: &Arc<dyn PhysicalExpr>) -> Vec<String> {
    let value = literal.downcast_ref::<Literal>().map(Literal::value);
    let text = value.and_then(|value| value.try_as_str().flatten());
    let labels = text.and_then(|text| text.strip_prefix(LABEL));
    labels.map_or_else(Vec::new, |labels| {
        labels.split(LABEL).map(ToOwned::to_owned).collect()
    })
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

/// The types of the arguments without that of their texts, which come last.
pub(crate) fn unlabelled<A: Aggregate>(types: &[DataType]) -> &[DataType] {
    match types.split_last() {
        Some((DataType::Utf8, given)) if A::LABELLED => given,
        _ => types,
    }
}
