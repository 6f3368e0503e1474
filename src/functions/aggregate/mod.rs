//! The aggregate functions, one file each; the file's name is the function's.

mod bottom_box;
mod ces;
mod ces_summary;
mod churn_rank;
mod churn_rank_by_value;
mod csat;
mod csat_summary;
mod detractors;
mod expectation_gap;
mod mean_compare;
mod mean_summary;
mod merge_counts;
mod nps;
mod nps_compare;
mod nps_summary;
mod passives;
mod promoters;
mod rate;
mod rate_compare;
mod rate_summary;
mod score_counts;
mod top_box;

pub(crate) use nps_summary::{LAYOUT as NPS_LAYOUT, Method, summary as nps_record};

use crate::functions::frame::{Entry, entry};

/// All aggregate functions, in the order of the documentation.
pub(crate) fn all() -> Vec<Entry> {
    vec![
        entry::<nps::Nps>(),
        entry::<nps_summary::NpsSummary>(),
        entry::<promoters::Promoters>(),
        entry::<passives::Passives>(),
        entry::<detractors::Detractors>(),
        entry::<top_box::TopBox>(),
        entry::<bottom_box::BottomBox>(),
        entry::<csat::Csat>(),
        entry::<csat_summary::CsatSummary>(),
        entry::<ces::Ces>(),
        entry::<ces_summary::CesSummary>(),
        entry::<rate::Rate>(),
        entry::<rate_summary::RateSummary>(),
        entry::<mean_summary::MeanSummary>(),
        entry::<expectation_gap::ExpectationGap>(),
        entry::<score_counts::ScoreCounts>(),
        entry::<merge_counts::MergeCounts>(),
        entry::<nps_compare::NpsCompare>(),
        entry::<rate_compare::RateCompare>(),
        entry::<mean_compare::MeanCompare>(),
        entry::<churn_rank::ChurnRank>(),
        entry::<churn_rank_by_value::ChurnRankByValue>(),
    ]
}
