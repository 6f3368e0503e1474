//! What can be wrong with the arguments of a statistic; the room fails for no other reason.

/// A violated precondition. Callers answer NULL where it is a property of ordinary data (too few
/// rows, no variance) and speak up where it is a mistake of the person (confidence, correlations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A confidence level that is not strictly between 0 and 1.
    #[error("confidence must lie between 0 and 1, as 0.95")]
    Confidence,
    /// Degrees of freedom that are not positive.
    #[error("degrees of freedom must be positive")]
    DegreesOfFreedom,
    /// There is nothing to compute from.
    #[error("there are no observations")]
    NoObservations,
    /// Fewer observations than the statistic needs.
    #[error("there are too few observations")]
    TooFewObservations,
    /// The observations do not vary.
    #[error("the observations do not vary")]
    NoVariance,
    /// More successes than trials.
    #[error("there are more successes than trials")]
    MoreSuccessesThanTrials,
    /// The weights sum to zero.
    #[error("the weights sum to zero")]
    NoWeight,
    /// A correlation outside −1 to 1.
    #[error("a correlation must lie between -1 and 1")]
    Correlation,
    /// Three correlations that no three variables can have.
    #[error("the three correlations contradict each other: no three variables can have them")]
    NotPositiveSemidefinite,
    /// The result is too large for a double.
    #[error("the result is outside the range of a double")]
    Overflow,
    /// Values whose squares differ in no digit that is kept, though they differ.
    #[error(
        "a column varies by less than the digits of its squares hold; subtract what its values \
         have in common, or take larger units"
    )]
    Precision,
}
