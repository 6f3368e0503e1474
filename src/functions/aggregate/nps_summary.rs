//! `nps_summary(score [, weight] [, confidence, method])` → {nps, low, high, se, n, n_effective,
//! promoters, passives, detractors, method}: the Net Promoter Score with its evidence.
//!
//! Methods: `score` (the default without weights; Tango's score interval, which never leaves ±100
//! and never has zero width), `adjusted_wald` (Rocks 2016, clamped), `wald` (the default with
//! weights, linearised). `se` is the plug-in standard error √(Var/n), with weights the linearised
//! one; `n_effective` is Kish's (Σw)²/Σw². NULLs as in `nps`; without answers n = 0 and the values
//! are NULL. Counts are unweighted. State as `nps`, with weights one pair of counts more.

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::net_promoter::{NpsGroups, WeightedNps, nps_groups, nps_state};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::model::{NpsTally, Pair};
use crate::statistics::{Confidence, Interval, NetPromoter, weighted_wald};

pub(crate) const LAYOUT: Layout = &[
    ("nps", Shape::Real),
    ("low", Shape::Real),
    ("high", Shape::Real),
    ("se", Shape::Real),
    ("n", Shape::Count),
    ("n_effective", Shape::Real),
    ("promoters", Shape::Count),
    ("passives", Shape::Count),
    ("detractors", Shape::Count),
    ("method", Shape::Text),
];

#[user_doc(
    doc_section(label = "KPI"),
    description = "Net Promoter Score with its confidence interval, counts and method. The score interval is the default without weights, the linearised Wald interval with them.",
    syntax_example = "nps_summary(score [, weight] [, confidence, method])",
    sql_example = "SELECT expand(nps_summary(nps)) FROM responses",
    argument(name = "score", description = "Answers on 0-10."),
    argument(name = "weight", description = "Sampling weight of each answer."),
    argument(
        name = "confidence",
        description = "Level of the interval; 0.95 by default."
    ),
    argument(
        name = "method",
        description = "'score', 'adjusted_wald' or 'wald'; with weights only 'wald'."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsSummary;

impl Aggregate for NpsSummary {
    type Groups = NpsGroups<NpsTally>;

    const NAME: &'static str = "nps_summary";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        optional("weight", Kind::Value),
        optional("confidence", Kind::Number),
        optional("method", Kind::Word),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, types: &[DataType]) -> Vec<Field> {
        nps_state::<NpsTally>(types)
    }

    fn open(&self, call: &Call<'_>) -> Result<NpsGroups<NpsTally>> {
        let confidence = call.confidence(2)?;
        let method = Method::of(call)?;
        let plain = move |tally: &NpsTally| summary(tally, method, confidence);
        let weighted = move |tally: &WeightedNps| weighted_summary(tally, confidence);
        let plain = Answers::records(LAYOUT, plain);
        Ok(nps_groups(call, plain, Answers::records(LAYOUT, weighted)))
    }
}

/// How the interval is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Tango's score interval.
    Score,
    /// Rocks's adjusted Wald interval, clamped.
    AdjustedWald,
    /// The Wald interval.
    Wald,
}

impl Method {
    fn of(call: &Call<'_>) -> Result<Self> {
        let weighted = call.has(1);
        let method = match call.word(3)?.as_deref() {
            None if weighted => Self::Wald,
            None | Some("score") => Self::Score,
            Some("adjusted_wald") => Self::AdjustedWald,
            Some("wald") => Self::Wald,
            Some(other) => {
                return exec_err!(
                    "nps_summary: method '{other}' is unknown; it is 'score', 'adjusted_wald' or 'wald'"
                );
            }
        };
        if weighted && method != Self::Wald {
            return exec_err!(
                "nps_summary: method '{}' has no weighted form; leave method out or write \
                 method => 'wald'",
                method.name()
            );
        }
        Ok(method)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::AdjustedWald => "adjusted_wald",
            Self::Wald => "wald",
        }
    }

    fn interval(self, counts: NetPromoter, confidence: Confidence) -> Option<Interval> {
        match self {
            Self::Score => counts.score(confidence),
            Self::AdjustedWald => counts.adjusted_wald(confidence),
            Self::Wald => counts.wald(confidence),
        }
        .ok()
        .map(|interval| interval.scaled(100.0))
    }
}

/// The counts as statistics reads them.
pub(crate) fn net_promoter(tally: &NpsTally) -> NetPromoter {
    NetPromoter {
        promoters: tally.promoters,
        passives: tally.passives(),
        detractors: tally.detractors,
    }
}

/// The summary of unweighted answers.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn summary(
    tally: &NpsTally,
    method: Method,
    confidence: Confidence,
) -> [Value; LAYOUT.len()] {
    let counts = net_promoter(tally);
    let interval = method.interval(counts, confidence);
    [
        tally.nps().into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        counts.se().ok().map(|se| 100.0 * se).into(),
        tally.n.into(),
        (tally.n > 0).then_some(tally.n as f64).into(),
        tally.promoters.into(),
        tally.passives().into(),
        tally.detractors.into(),
        method.name().into(),
    ]
}

fn weighted_summary(tally: &WeightedNps, confidence: Confidence) -> [Value; LAYOUT.len()] {
    let Pair {
        a: counts,
        b: moments,
    } = tally;
    let (mean, se) = (moments.mean().ok(), moments.se().ok());
    let interval = weighted_wald(moments, confidence).ok();
    let interval = interval.map(|i| i.clamped(-1.0, 1.0).scaled(100.0));
    [
        mean.map(|mean| 100.0 * mean).into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        se.map(|se| 100.0 * se).into(),
        counts.n.into(),
        moments.n_effective().ok().into(),
        counts.promoters.into(),
        counts.passives().into(),
        counts.detractors.into(),
        Method::Wald.name().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::NpsSummary;
    use crate::functions::tester::{NULL, constant, error, fields, ints, reals, skipped};

    const COUNTS: &str = "nps n promoters passives detractors method";

    #[test]
    fn counts_travel_with_the_number() {
        let some = fields::<NpsSummary>(&[ints(&[10, 9, 8, 0, NULL])], COUNTS);
        assert_eq!(some, "25.0 4 2 1 1 score");
        assert_eq!(
            fields::<NpsSummary>(&[ints(&[])], COUNTS),
            "NULL 0 0 0 0 score"
        );
        assert_eq!(
            fields::<NpsSummary>(&[ints(&[NULL])], "low high se n_effective"),
            "NULL NULL NULL NULL"
        );
    }

    #[test]
    fn equal_answers_have_no_error_but_an_interval() {
        let scores = ints(&[9, 9, 9]);
        assert_eq!(
            fields::<NpsSummary>(std::slice::from_ref(&scores), "se high"),
            "0.0 100.0"
        );
        let wald = [scores, skipped(), skipped(), constant("wald")];
        assert_eq!(
            fields::<NpsSummary>(&wald, "low high method"),
            "100.0 100.0 wald"
        );
    }

    #[test]
    fn weights_make_fewer_effective_answers() {
        let weighted = [ints(&[10, 0, NULL]), reals(&[3.0, 1.0, 1.0])];
        let found = fields::<NpsSummary>(&weighted, "nps n n_effective promoters method");
        assert_eq!(found, "50.0 2 1.6 1 wald");
        let one = [ints(&[10]), reals(&[2.0])];
        assert_eq!(
            fields::<NpsSummary>(&one, "nps se low n"),
            "100.0 NULL NULL 1"
        );
    }

    #[test]
    fn wrong_constants_are_errors() {
        let method = error::<NpsSummary>(&[ints(&[]), skipped(), skipped(), constant("x")]);
        assert!(
            method.starts_with("nps_summary: method 'x' is unknown"),
            "{method}"
        );
        let level = error::<NpsSummary>(&[ints(&[]), skipped(), constant(95.0)]);
        assert!(
            level.starts_with("nps_summary: ") && level.contains("95"),
            "{level}"
        );
    }
}
