//! The aggregate functions, one file each; the file's name is the function's.

mod auc;
mod auc_summary;
mod bgnbd_fit;
mod bottom_box;
mod ces;
mod ces_summary;
mod churn_rank;
mod churn_rank_by_value;
mod cox_fit;
mod cronbach_alpha;
mod csat;
mod csat_summary;
mod detractors;
mod drivers;
mod expectation_gap;
mod gamma_gamma_fit;
mod icc;
mod kendall;
mod keyness;
mod kpi_contest;
mod kpi_validation;
mod logit_fit;
mod logrank;
mod mean_compare;
mod mean_summary;
mod merge_counts;
mod nps;
mod nps_compare;
mod nps_shift;
mod nps_summary;
mod ols_fit;
mod passives;
mod pearson;
mod promoters;
mod rate;
mod rate_compare;
mod rate_summary;
mod sbg_fit;
mod score_counts;
mod spearman;
mod survival;
mod survival_at;
mod survival_median;
mod top_box;
mod window_funnel;

pub(crate) use bgnbd_fit::impossible as impossible_customer;
pub(crate) use gamma_gamma_fit::impossible as impossible_value;
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
        entry::<nps_shift::NpsShift>(),
        entry::<churn_rank::ChurnRank>(),
        entry::<churn_rank_by_value::ChurnRankByValue>(),
        entry::<survival::Survival>(),
        entry::<survival_at::SurvivalAt>(),
        entry::<survival_median::SurvivalMedian>(),
        entry::<logrank::Logrank>(),
        entry::<cox_fit::CoxFit>(),
        entry::<logit_fit::LogitFit>(),
        entry::<ols_fit::OlsFit>(),
        entry::<sbg_fit::SbgFit>(),
        entry::<bgnbd_fit::BgnbdFit>(),
        entry::<gamma_gamma_fit::GammaGammaFit>(),
        entry::<window_funnel::WindowFunnel>(),
        entry::<pearson::Pearson>(),
        entry::<spearman::Spearman>(),
        entry::<kendall::Kendall>(),
        entry::<auc::Auc>(),
        entry::<auc_summary::AucSummary>(),
        entry::<kpi_validation::KpiValidation>(),
        entry::<kpi_contest::KpiContest>(),
        entry::<drivers::Drivers>(),
        entry::<cronbach_alpha::CronbachAlpha>(),
        entry::<icc::Icc>(),
        entry::<keyness::Keyness>(),
    ]
}
