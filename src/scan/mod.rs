//! Operators and rules that make KPI scans fast. They change no answer: what they replace stays
//! the reference that their tests compare with.

mod date_trunc;
mod packed_keys;
mod universal_time;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;
use datafusion::optimizer::OptimizerRule;

/// Rules that stand behind DataFusion's own.
#[must_use]
pub fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![
        Arc::new(universal_time::DatesOfUniversalTime),
        Arc::new(packed_keys::PackedKeys),
    ]
}

/// Functions that take the place of DataFusion's own under their own names.
#[must_use]
pub fn functions() -> Vec<Arc<ScalarUDF>> {
    vec![date_trunc::udf()]
}
