//! Whole numbers that stay what they are: arithmetic and sums of DataFusion wrap around silently
//! where a result does not fit its type, `Int8 * Int8` at 127 already.
//!
//! Whole numbers are computed in 64 bits whatever the width of their column; where even these could
//! be too few the operation is checked, and sums are kept in 128 bits and checked at the end.
//! Lengths of time are compared as lengths.

mod checked;
mod distinct;
mod lengths;
mod sum;
mod widening;

use std::sync::Arc;

use datafusion::logical_expr::AggregateUDF;
use datafusion::optimizer::AnalyzerRule;

/// The rule that stands before all others of the analyzer.
#[must_use]
pub fn rule() -> Arc<dyn AnalyzerRule + Send + Sync> {
    Arc::new(widening::Widening)
}

/// The `sum` that takes the place of DataFusion's own.
#[must_use]
pub fn sum() -> Arc<AggregateUDF> {
    sum::udaf()
}

/// What is said of a result that does not fit.
fn too_large(what: &str) -> String {
    format!("{what} does not fit into 64 bits; compute with CAST(… AS DECIMAL(38, 0)) or DOUBLE")
}
