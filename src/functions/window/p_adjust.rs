//! `p_adjust(p [, method]) OVER (…)` → Float64: p-values adjusted for how many tests were made, over
//! the rows of a partition.
//!
//! `bh` (Benjamini & Hochberg 1995), `by` (Benjamini & Yekutieli 2001), `holm` (Holm 1979),
//! `bonferroni`; as R's `p.adjust`. A NULL p stays NULL and does not count as a test; a p outside
//! 0–1 is an error. The window's ORDER BY and frame change nothing. In memory: one partition.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Documentation, PartitionEvaluator, Signature, Volatility, WindowUDFImpl,
};
use datafusion::physical_expr::expressions::Literal;
use datafusion_macros::user_doc;

use crate::functions::parameter::{Kind, Parameter, coerce, optional, required};
use crate::statistics::{Adjustment, adjust};

const NAME: &str = "p_adjust";

/// The words for the methods, the default first.
const METHODS: [(&str, Adjustment); 4] = [
    ("bh", Adjustment::BenjaminiHochberg),
    ("by", Adjustment::BenjaminiYekutieli),
    ("holm", Adjustment::Holm),
    ("bonferroni", Adjustment::Bonferroni),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "p-values adjusted for how many tests were made: over all rows of the partition, by Benjamini-Hochberg unless another method is named. Use it wherever several segments, KPIs or periods are tested at once. Assumes independent or positively dependent tests for bh; by holds under any dependence. Holds the p-values of the partition. Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001; Holm 1979.",
    syntax_example = "p_adjust(p [, method]) OVER ([PARTITION BY …])",
    sql_example = "SELECT touchpoint, p, p_adjust(p, 'holm') OVER () AS p_adjusted FROM (VALUES ('web', 0.02), ('store', 0.01), ('app', 0.04)) AS t(touchpoint, p) ORDER BY touchpoint",
    argument(name = "p", description = "The p-value of each test, 0 to 1."),
    argument(
        name = "method",
        description = "bh (false discovery rate; the default), by (the same under any dependence), holm or bonferroni (family-wise error)."
    )
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct PAdjust {
    signature: Signature,
}

impl PAdjust {
    /// Its parameters in order.
    pub(crate) const PARAMETERS: &'static [Parameter] =
        &[required("p", Kind::Value), optional("method", Kind::Word)];
}

impl Default for PAdjust {
    fn default() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl WindowUDFImpl for PAdjust {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerce(NAME, Self::PARAMETERS, types)
    }

    fn partition_evaluator(
        &self,
        arguments: PartitionEvaluatorArgs<'_>,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        let method = match arguments.input_exprs().get(1) {
            None => METHODS[0].1,
            Some(argument) => match argument.downcast_ref::<Literal>() {
                Some(literal) => method(literal.value())?,
                None => return plan_err!("{NAME}: method must be a word in quotes, not a column"),
            },
        };
        Ok(Box::new(Tests { method }))
    }

    fn field(&self, arguments: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        let field = Field::new(arguments.name(), DataType::Float64, true);
        Ok(Arc::new(field))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

fn method(value: &ScalarValue) -> Result<Adjustment> {
    let Some(Some(word)) = value.try_as_str() else {
        return Ok(METHODS[0].1);
    };
    let word = word.to_lowercase();
    match METHODS.iter().find(|(name, _)| *name == word) {
        Some((_, method)) => Ok(*method),
        None => plan_err!(
            "{NAME}: no method {word}; there are {}",
            METHODS.map(|(name, _)| name).join(", ")
        ),
    }
}

#[derive(Debug)]
struct Tests {
    method: Adjustment,
}

impl PartitionEvaluator for Tests {
    fn evaluate_all(&mut self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let p = columns[0].as_primitive::<Float64Type>();
        let made: Vec<usize> = (0..rows).filter(|row| p.is_valid(*row)).collect();
        let values: Vec<f64> = made.iter().map(|row| p.value(*row)).collect();
        if let Some(wrong) = values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return exec_err!("{NAME}: p {wrong} is outside 0–1");
        }
        let mut adjusted = vec![None; rows];
        for (row, p) in made.into_iter().zip(adjust(&values, self.method)) {
            adjusted[row] = Some(p);
        }
        Ok(Arc::new(Float64Array::from(adjusted)))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::Float64Type;
    use datafusion::common::ScalarValue;
    use datafusion::logical_expr::PartitionEvaluator;

    use super::{Tests, method};
    use crate::functions::tester::{columns, length, reals};

    fn adjusted(p: &[f64], word: &str) -> Vec<Option<f64>> {
        let arguments = [reals(p)];
        let rows = length(&arguments);
        let method = method(&ScalarValue::from(word)).unwrap();
        let found = Tests { method }.evaluate_all(&columns(&arguments, rows).unwrap(), rows);
        found
            .unwrap()
            .as_primitive::<Float64Type>()
            .iter()
            .collect()
    }

    #[test]
    fn a_blank_is_no_test() {
        let found = adjusted(&[0.25, f64::NAN, 0.5], "bonferroni");
        assert_eq!(found, [Some(0.5), None, Some(1.0)]);
        assert!(adjusted(&[], "bh").is_empty());
        assert_eq!(adjusted(&[0.25], "holm"), [Some(0.25)]);
        assert_eq!(adjusted(&[0.5, 0.5], "bh"), [Some(0.5), Some(0.5)]);
    }

    #[test]
    fn what_is_no_method_or_no_p_is_refused() {
        let error = method(&ScalarValue::from("fdr"))
            .unwrap_err()
            .message()
            .into_owned();
        assert!(
            error.contains("there are bh, by, holm, bonferroni"),
            "{error}"
        );
        let wrong = columns(&[reals(&[1.5])], 1).unwrap();
        let method = method(&ScalarValue::Utf8(None)).unwrap();
        assert!(Tests { method }.evaluate_all(&wrong, 1).is_err());
    }
}
