//! `compare_correlations(r_jk, r_jh, r_kh, n)` → {williams_t, williams_p, steiger_z, steiger_p,
//! meng_z, meng_p, dunn_clark_z, dunn_clark_p, zou_low, zou_high, note}: whether variable j correlates
//! more with k than with h, from published correlations over the same n rows.
//!
//! Williams (1959), Steiger (1980), Meng, Rosenthal & Rubin (1992), Dunn & Clark (1969), Zou (2007)
//! at 95 %; all p two-sided. A NULL argument gives NULL, n < 4 NULL fields and
//! a `note` of why, as do correlations that leave nothing to test; a correlation outside
//! −1–1 and correlations that contradict each other are errors.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StructArray, new_null_array};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, record_type, records};
use crate::functions::row::Row;
use crate::statistics::{Confidence, DependentCorrelations, Error};

const LAYOUT: Layout = &[
    ("williams_t", Shape::Real),
    ("williams_p", Shape::Real),
    ("steiger_z", Shape::Real),
    ("steiger_p", Shape::Real),
    ("meng_z", Shape::Real),
    ("meng_p", Shape::Real),
    ("dunn_clark_z", Shape::Real),
    ("dunn_clark_p", Shape::Real),
    ("zou_low", Shape::Real),
    ("zou_high", Shape::Real),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Comparison"),
    description = "Tests whether j correlates more with k than with h, from correlations over the same rows: Williams, Steiger, Meng, Dunn and Clark, and Zou's interval of r_jk - r_jh. Use it for published correlations; on rows kpi_contest does the same. Assumes that all three are of the same rows, of variables that are about normal. Holds nothing. Williams 1959; Steiger 1980; Dunn and Clark 1969; Meng, Rosenthal and Rubin 1992; Zou 2007.",
    syntax_example = "compare_correlations(r_jk, r_jh, r_kh, n)",
    sql_example = "SELECT expand(compare_correlations(0.3, 0.4, 0.5, 100))",
    argument(
        name = "r_jk",
        description = "Correlation of the outcome j with the first measure k."
    ),
    argument(
        name = "r_jh",
        description = "Correlation of the outcome j with the second measure h."
    ),
    argument(name = "r_kh", description = "Correlation between the two measures."),
    argument(
        name = "n",
        description = "How many rows all three were computed on; with fewer than 4 all fields but note are NULL."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CompareCorrelations;

impl Row for CompareCorrelations {
    const NAME: &'static str = "compare_correlations";
    const PARAMETERS: &'static [Parameter] = &[
        required("r_jk", Kind::Value),
        required("r_jh", Kind::Value),
        required("r_kh", Kind::Value),
        required("n", Kind::Integer),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        record_type(LAYOUT)
    }

    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let known = |row: usize| columns.iter().all(|column| column.is_valid(row));
        let mut compared = Vec::new();
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            if known(row) {
                places.push((0, compared.len()));
                compared.push(compare(columns, row)?);
            } else {
                places.push((1, 0));
            }
        }
        let results: StructArray = records(LAYOUT, compared.into_iter());
        let null = new_null_array(results.data_type(), 1);
        Ok(interleave(&[&results, &Arc::clone(&null)], &places)?)
    }
}

fn compare(columns: &[ArrayRef], row: usize) -> Result<[Value; LAYOUT.len()]> {
    let r = |place: usize| columns[place].as_primitive::<Float64Type>().value(row);
    let n = columns[3].as_primitive::<Int64Type>().value(row);
    let pair = DependentCorrelations::new(r(0), r(1), r(2), u64::try_from(n).unwrap_or(0));
    let pair = match pair {
        Ok(pair) => pair,
        Err(Error::TooFewObservations) => {
            let mut fields = std::array::from_fn(|_| Value::Real(None));
            fields[LAYOUT.len() - 1] = Some(format!("n is {n}; the tests need 4 or more")).into();
            return Ok(fields);
        }
        Err(error) => {
            return exec_err!(
                "compare_correlations: {error} (given {}, {} and {}, and {n} rows)",
                r(0),
                r(1),
                r(2)
            );
        }
    };
    let tests = [
        pair.williams(),
        pair.steiger(),
        pair.meng(),
        pair.dunn_clark(),
    ];
    let zou = pair.zou(Confidence::default());
    let has_all = tests.iter().all(Option::is_some) && zou.is_some();
    let note = (!has_all).then(|| {
        "a correlation of 1 or -1 leaves some of the tests nothing to tell apart".to_owned()
    });
    let [williams, steiger, meng, dunn_clark] = tests.map(|test| {
        (
            test.map(|test| test.statistic).into(),
            test.map(|test| test.p).into(),
        )
    });
    Ok([
        williams.0,
        williams.1,
        steiger.0,
        steiger.1,
        meng.0,
        meng.1,
        dunn_clark.0,
        dunn_clark.1,
        zou.map(|interval| interval.low).into(),
        zou.map(|interval| interval.high).into(),
        note.into(),
    ])
}

#[cfg(test)]
mod tests {
    use datafusion::common::Result;

    use super::{CompareCorrelations, LAYOUT};
    use crate::functions::tester::{NULL, ints, reals, values};

    fn compare(kh: f64, n: i64) -> Result<Vec<String>> {
        values::<CompareCorrelations>(&[reals(&[0.3]), reals(&[0.4]), reals(&[kh]), ints(&[n])])
    }

    #[test]
    fn what_is_not_known_is_not_compared() {
        let found = compare(0.5, 100).unwrap(); // worked example 10 of statistics.md
        assert!(found[0].starts_with("{williams_t: -1.0767"), "{}", found[0]);
        assert_eq!(compare(f64::NAN, 100).unwrap(), ["NULL"]);
        assert_eq!(compare(0.5, NULL).unwrap(), ["NULL"]);
        let few = compare(0.5, 3).unwrap();
        assert_eq!(
            few[0].matches(": NULL").count(),
            LAYOUT.len() - 1,
            "{}",
            few[0]
        );
        assert!(
            few[0].ends_with("note: n is 3; the tests need 4 or more}"),
            "{}",
            few[0]
        );
        assert!(found[0].ends_with("note: NULL}"), "{}", found[0]);
        let one = [reals(&[1.0]), reals(&[0.4]), reals(&[0.4]), ints(&[50])];
        let one = values::<CompareCorrelations>(&one).unwrap();
        assert!(one[0].contains("steiger_z: NULL") && one[0].contains("note: a correlation of 1"));
    }

    #[test]
    fn impossible_correlations_are_errors() {
        for (kh, n) in [(1.5, 100), (-1.0, 100)] {
            let text = compare(kh, n).unwrap_err().message().into_owned();
            assert!(text.starts_with("compare_correlations: "), "{text}");
        }
    }
}
