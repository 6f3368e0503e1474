//! Numbers in, numbers out: no Arrow, no DataFusion, no I/O, no clock.
//!
//! Shares, scores and correlations are plain fractions (0 to 1, −1 to 1); the SQL face scales them
//! to percentages. Every p is two-sided, every difference is b − a. A statistic that its data do
//! not allow is an [`Error`] or `None`, never NaN and never infinite.

/// p-values of several tests at once: Bonferroni, Holm, Benjamini & Hochberg, Benjamini & Yekutieli.
mod adjust;
/// Newton's climb to the maximum of a partial likelihood.
mod ascent;
/// Who will buy again: the BG/NBD model.
mod beta_geometric;
/// The likelihood of the BG/NBD model.
mod beta_geometric_likelihood;
/// The mean of a function of a beta-distributed probability.
mod beta_mean;
/// Sums over blocks of rows.
mod block;
/// The share of pairs whose earlier event was at higher risk.
mod concordance;
/// Two KPIs against one outcome: every test, and a verdict.
mod contest;
/// Pearson's correlation, its test and its interval.
mod correlation;
/// Cox's proportional hazards.
mod cox;
/// Means and centred products of several columns.
mod cross_products;
/// Ten-fold cross-validated log-loss of a logistic regression.
mod cross_validation;
/// Why a score moved: the change of its segments' weights, and of their own scores.
mod decomposition;
/// Overlapping dependent correlations: Williams, Steiger, Meng, Dunn & Clark, Zou.
mod dependent;
/// The rows of a two-valued outcome and its regressors, standardised.
mod design_matrix;
/// The area under the ROC curve and the comparison of two: DeLong.
mod discrimination;
/// What drives an outcome: importance and performance of each driver.
mod drivers;
/// Efron's average over events at the same time.
mod efron;
mod elimination;
/// The preconditions that can be violated.
mod error;
/// How far a customer got along a chain of steps.
mod funnel;
/// The gamma function and rising factorials with their derivatives.
mod gamma;
/// What a customer spends per purchase: the gamma-gamma model.
mod gamma_gamma;
/// Gauss's hypergeometric function.
mod hypergeometric;
/// Confidence levels, critical values, intervals.
mod interval;
/// Which words set one group of texts apart from another.
mod keyness;
/// A numeric outcome as a sum of regressors: ordinary least squares.
mod least_squares;
/// The top-decile lift.
mod lift;
/// Symmetric matrices: solving, inverting, eigenvalues.
mod linear;
/// Logistic regression by maximum likelihood.
mod logistic;
/// The logistic likelihood, its slope and its curvature.
mod logistic_likelihood;
/// The climb to the maximum of a logistic likelihood.
mod logistic_newton;
/// How well a logistic regression fits.
mod logistic_quality;
/// The coefficients of a logistic regression in the units of its regressors.
mod logistic_terms;
/// The maximum of a likelihood of a few positive parameters.
mod maximum;
/// Intervals and tests of means: t, paired, Welch, weighted.
mod mean;
/// Mergeable sums of products of several columns.
mod moment_matrix;
/// Mergeable moments of values.
mod moments;
/// The Net Promoter Score of counts, its intervals, the difference of two.
mod net_promoter;
/// Tables whose first column is an outcome.
mod outcome;
/// What is left of variables once others are known.
mod partial;
/// Cox's partial likelihood in one pass.
mod partial_likelihood;
/// How many responses it would take to tell two KPIs apart.
mod power;
/// Shares: Wilson, Newcombe, pooled z.
mod proportion;
/// Quantiles of counted values.
mod quantile;
/// Rank correlations: Spearman's rho, Kendall's tau-b.
mod ranks;
/// Johnson's relative weights.
mod relative_weights;
/// Agreement of ratings: Cronbach's alpha, intraclass correlations.
mod reliability;
/// Total hazard, mean and spread of the rows at risk.
mod risk_set;
/// The bracketed root of a function.
mod root;
/// Columns shifted and scaled.
mod scale;
/// Data that a direction separates, so that a logistic likelihood has no maximum.
mod separation;
/// Shapley shares of R²: Lindeman, Merenda & Gold.
mod shapley;
/// How long customers of a contract stay.
mod shifted_beta_geometric;
/// Two-sided p-values of z and t.
mod significance;
/// Data that logistic fits are tested on.
#[cfg(test)]
mod spector;
/// Order-independent, retractable sums.
mod summation;
/// Durations until an event: Kaplan–Meier, log-rank.
mod survival;
/// Tables of counts: distinct rows and how often each occurred.
mod table;
/// One KPI against an outcome: all the evidence, and the order of several KPIs.
mod validation;
/// The tails and quantiles of F.
mod variance_ratio;
/// Vuong's test of two single-KPI logistic models.
mod vuong;
/// Mergeable moments of weighted values.
mod weighted_moments;

pub use adjust::{Adjustment, adjust};
pub use beta_geometric::{BetaGeometric, BetaGeometricError, BetaGeometricFit, Purchases};
pub use concordance::{Prediction, concordance};
pub use contest::{Contest, ContestNote, Decision, Verdict, contest, decide};
pub use correlation::{Correlation, pearson};
pub use cox::{CoxError, CoxFit, CoxTerm, WeightedDuration, cox_fit, cox_fit_weighted};
pub use cross_products::CrossProducts;
pub use cross_validation::{CrossValidationFailure, cross_validated_log_loss};
pub use decomposition::{Contribution, Decomposition, Shift, decompose};
pub use dependent::DependentCorrelations;
pub use discrimination::{Auc, AucDifference, Cell, Level, compare_aucs};
pub use drivers::{Driver, DriverGap, Quadrant, Sign, drivers};
pub use error::Error;
pub use funnel::{MOST_STEPS, window_funnel};
pub use gamma_gamma::{GammaGamma, GammaGammaError, GammaGammaFit};
pub use hypergeometric::hypergeometric;
pub use interval::{Confidence, Interval, critical_t, critical_z};
pub use keyness::{Keyness, TermCount, keyness};
pub use least_squares::{
    LeastSquares, LeastSquaresTerm, NoLeastSquares, least_squares, predict_least_squares,
};
pub use lift::top_decile_lift;
pub use linear::Symmetric;
pub use logistic::{Logistic, LogisticFailure, logistic, logistic_probability};
pub use logistic_quality::LogisticQuality;
pub use logistic_terms::LogisticTerm;
pub use mean::{
    Estimate, MeanDifference, Welch, compare_estimates, compare_means, mean_interval, mean_test,
    weighted_mean_interval, weighted_wald,
};
pub use moment_matrix::MomentMatrix;
pub use moments::Moments;
pub use net_promoter::{
    NetPromoter, NetPromoterDifference, adjusted_score, compare_net_promoter, compare_scores,
};
pub use outcome::Direction;
pub use partial_likelihood::Ties;
pub use power::{needed_for_correlations, needed_for_z};
pub use proportion::{ProportionDifference, compare_proportions, newcombe, wilson};
pub use quantile::quantile_of_counts;
pub use ranks::{kendall, spearman};
pub use reliability::{Intraclass, MeanSquares};
pub use shifted_beta_geometric::{
    ShiftedBetaGeometric, ShiftedBetaGeometricError, ShiftedBetaGeometricFit,
};
pub use significance::{Test, two_sided_normal_p, two_sided_t_p};
pub use summation::Sum;
pub use survival::{
    Group, Incomparable, LogRank, Moment, Step, half_time, kaplan_meier, kaplan_meier_of, log_rank,
    median_survival, upper_chi2,
};
pub use table::Table;
pub use validation::{KpiRank, KpiValidation, ValidationNote, rank_kpis, validate};
pub use variance_ratio::{upper_f_p, upper_f_quantile};
pub use vuong::{VuongFailure, vuong};
pub use weighted_moments::WeightedMoments;
