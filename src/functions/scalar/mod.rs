//! The scalar functions, one file each; the file's name is the function's.

mod bgnbd_alive;
mod bgnbd_expected;
mod compare_correlations;
mod compare_summaries;
mod csat_from_counts;
mod gamma_gamma_value;
mod logit_predict;
mod mean_from_counts;
mod nps_category;
mod nps_from_counts;
mod nps_summary_from_counts;
mod ols_predict;
mod on_scale;
mod period_start;
mod quantile_from_counts;
mod sbg_residual_lifetime;
mod sbg_survival;
mod sparkline;

use crate::functions::row::{RowEntry, entry};

/// All scalar functions, in the order of the documentation.
pub(crate) fn all() -> Vec<RowEntry> {
    vec![
        entry::<nps_category::NpsCategory>(),
        entry::<on_scale::OnScale>(),
        entry::<nps_from_counts::NpsFromCounts>(),
        entry::<nps_summary_from_counts::NpsSummaryFromCounts>(),
        entry::<csat_from_counts::CsatFromCounts>(),
        entry::<mean_from_counts::MeanFromCounts>(),
        entry::<quantile_from_counts::QuantileFromCounts>(),
        entry::<compare_correlations::CompareCorrelations>(),
        entry::<compare_summaries::CompareSummaries>(),
        entry::<logit_predict::LogitPredict>(),
        entry::<ols_predict::OlsPredict>(),
        entry::<sbg_survival::SbgSurvival>(),
        entry::<sbg_residual_lifetime::SbgResidualLifetime>(),
        entry::<bgnbd_alive::BgnbdAlive>(),
        entry::<bgnbd_expected::BgnbdExpected>(),
        entry::<gamma_gamma_value::GammaGammaValue>(),
        entry::<period_start::PeriodStart>(),
        entry::<sparkline::Sparkline>(),
    ]
}
