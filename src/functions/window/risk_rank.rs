//! `risk_rank(risk [, value]) OVER (…)` → UInt64: the place of each row by risk × value, highest
//! first.
//!
//! Ties share a place and leave the next ones out (1, 2, 2, 4). A NULL risk, or a NULL value where
//! values are given, has no place (NULL). The window's PARTITION BY ranks each part by itself; its
//! ORDER BY and frame change nothing. NaN is an error. In memory: the products of one partition.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Documentation, PartitionEvaluator, Signature, Volatility, WindowUDFImpl,
};
use datafusion_macros::user_doc;

use crate::functions::parameter::{Kind, Parameter, coerce, optional, required};

const NAME: &str = "risk_rank";

#[user_doc(
    doc_section(label = "Churn"),
    description = "Place of each row by risk times value, highest first; ties share a place, a NULL risk has none. Use it to decide whom to call first, on the probability of logit_predict or any other risk. Assumes that risk and value are on scales of their own, 0 and above. Holds the products of the partition, which are expected losses. Ranks as of competitions (1, 2, 2, 4).",
    syntax_example = "risk_rank(risk [, value]) OVER ([PARTITION BY …])",
    sql_example = "SELECT customer, risk, worth, risk_rank(risk, worth) OVER () AS place FROM (VALUES ('a', 0.9, 10), ('b', 0.2, 100), ('c', 0.3, 30), ('d', NULL, 50)) AS t(customer, risk, worth) ORDER BY place NULLS LAST",
    argument(
        name = "risk",
        description = "How likely the customer is to leave, on any scale."
    ),
    argument(
        name = "value",
        description = "What the customer is worth; 1 by default."
    )
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct RiskRank {
    signature: Signature,
}

impl RiskRank {
    /// Its parameters in order.
    pub(crate) const PARAMETERS: &'static [Parameter] = &[
        required("risk", Kind::Value),
        optional("value", Kind::Value),
    ];
}

impl Default for RiskRank {
    fn default() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl WindowUDFImpl for RiskRank {
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
        _arguments: PartitionEvaluatorArgs<'_>,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Ranking))
    }

    fn field(&self, arguments: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(
            arguments.name(),
            DataType::UInt64,
            true,
        )))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

#[derive(Debug)]
struct Ranking;

impl PartitionEvaluator for Ranking {
    fn evaluate_all(&mut self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let stakes = stakes(columns, rows)?;
        let mut order: Vec<(usize, f64)> = (0..rows)
            .filter_map(|row| Some((row, stakes[row]?)))
            .collect();
        order.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal));
        let mut places = vec![None; rows];
        let mut last: Option<(u64, f64)> = None;
        for (place, (row, stake)) in (1_u64..).zip(order) {
            let shared = last.filter(|(_, above)| stake.total_cmp(above).is_eq());
            let place = shared.map_or(place, |(above, _)| above);
            places[row] = Some(place);
            last = Some((place, stake));
        }
        Ok(Arc::new(UInt64Array::from(places)))
    }
}

/// Risk × value of each row.
fn stakes(columns: &[ArrayRef], rows: usize) -> Result<Vec<Option<f64>>> {
    let risks = columns[0].as_primitive::<Float64Type>();
    let values = columns
        .get(1)
        .filter(|column| !column.data_type().is_null());
    let values = values.map(|column| column.as_primitive::<Float64Type>());
    let mut stakes = Vec::with_capacity(rows);
    for row in 0..rows {
        let known = risks.is_valid(row) && values.is_none_or(|values| values.is_valid(row));
        let stake =
            known.then(|| risks.value(row) * values.map_or(1.0, |values| values.value(row)));
        if stake.is_some_and(f64::is_nan) {
            return exec_err!(
                "risk_rank: a risk or value is NaN; write nullif(risk, 'NaN'::double)"
            );
        }
        stakes.push(stake.map(|stake| stake + 0.0)); // −0 ties with 0
    }
    Ok(stakes)
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::UInt64Type;
    use datafusion::logical_expr::PartitionEvaluator;

    use super::Ranking;
    use crate::functions::tester::{Given, columns, length, reals};

    fn places(arguments: &[Given]) -> Vec<Option<u64>> {
        let rows = length(arguments);
        let found = Ranking.evaluate_all(&columns(arguments, rows).unwrap(), rows);
        found.unwrap().as_primitive::<UInt64Type>().iter().collect()
    }

    #[test]
    fn ties_share_a_place_and_blanks_have_none() {
        let risks = reals(&[0.9, 0.2, f64::NAN, 0.9, 0.1]);
        let places_of = [Some(1), Some(3), None, Some(1), Some(4)];
        assert_eq!(places(std::slice::from_ref(&risks)), places_of);
        let worth = reals(&[1.0, 10.0, 1.0, f64::NAN, 8.0]);
        assert_eq!(
            places(&[risks, worth]),
            [Some(2), Some(1), None, None, Some(3)]
        );
    }

    #[test]
    fn a_part_may_have_one_row_or_none() {
        assert_eq!(places(&[reals(&[0.5])]), [Some(1)]);
        assert!(places(&[reals(&[])]).is_empty());
    }
}
