//! Numbers in, numbers out: no Arrow, no DataFusion, no I/O, no clock.
//!
//! Shares, scores and correlations are plain fractions (0 to 1, −1 to 1); the SQL face scales them
//! to percentages. Every p is two-sided, every difference is b − a. A statistic that its data do
//! not allow is an [`Error`] or `None`, never NaN and never infinite.

/// p-values of several tests at once: Bonferroni, Holm, Benjamini & Hochberg, Benjamini & Yekutieli.
mod adjust;
/// Overlapping dependent correlations: Williams, Steiger, Meng, Dunn & Clark, Zou.
mod dependent;
/// The area under the ROC curve and the comparison of two: DeLong.
mod discrimination;
/// The preconditions that can be violated.
mod error;
/// Confidence levels, critical values, intervals.
mod interval;
/// Intervals and tests of means: t, paired, Welch, weighted.
mod mean;
/// Mergeable moments of values.
mod moments;
/// The Net Promoter Score of counts, its intervals, the difference of two.
mod net_promoter;
/// Shares: Wilson, Newcombe, pooled z.
mod proportion;
/// Quantiles of counted values.
mod quantile;
/// Agreement of ratings: Cronbach's alpha, intraclass correlations.
mod reliability;
/// The bracketed root of a function.
mod root;
/// Two-sided p-values of z and t.
mod significance;
/// Order-independent, retractable sums.
mod summation;
/// Durations until an event: Kaplan–Meier, log-rank.
mod survival;
/// Mergeable moments of weighted values.
mod weighted_moments;

pub use adjust::{Adjustment, adjust};
pub use dependent::DependentCorrelations;
pub use discrimination::{Auc, AucDifference, Cell, Level, compare_aucs};
pub use error::Error;
pub use interval::{Confidence, Interval, critical_t, critical_z};
pub use mean::{
    Estimate, MeanDifference, Welch, compare_estimates, compare_means, mean_interval, mean_test,
    weighted_mean_interval, weighted_wald,
};
pub use moments::Moments;
pub use net_promoter::{
    NetPromoter, NetPromoterDifference, adjusted_score, compare_net_promoter, compare_scores,
};
pub use proportion::{ProportionDifference, compare_proportions, newcombe, wilson};
pub use quantile::quantile_of_counts;
pub use reliability::{Intraclass, MeanSquares};
pub use significance::{Test, two_sided_normal_p, two_sided_t_p};
pub use summation::Sum;
pub use survival::{
    Group, LogRank, Moment, Step, kaplan_meier, log_rank, median_survival, upper_chi2,
};
pub use weighted_moments::WeightedMoments;
