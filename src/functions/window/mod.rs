//! The window functions, one file each; the file's name is the function's.

mod p_adjust;
mod risk_rank;

use std::sync::Arc;

use datafusion::logical_expr::WindowUDF;

use crate::functions::parameter::Parameter;

/// A window function and what the pass over the statement must know of it.
#[derive(Debug)]
pub(crate) struct WindowEntry {
    /// The function as DataFusion registers it.
    pub(crate) udwf: Arc<WindowUDF>,
    /// Its parameters in order.
    pub(crate) parameters: &'static [Parameter],
}

/// All window functions, in the order of the documentation.
pub(crate) fn all() -> Vec<WindowEntry> {
    vec![
        WindowEntry {
            udwf: Arc::new(WindowUDF::new_from_impl(risk_rank::RiskRank::default())),
            parameters: risk_rank::RiskRank::PARAMETERS,
        },
        WindowEntry {
            udwf: Arc::new(WindowUDF::new_from_impl(p_adjust::PAdjust::default())),
            parameters: p_adjust::PAdjust::PARAMETERS,
        },
    ]
}
