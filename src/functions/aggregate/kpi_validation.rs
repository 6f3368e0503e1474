//! `kpi_validation(outcome, kpi1, …)` → LIST of {kpi, n, direction, pearson, pearson_low,
//! pearson_high, pearson_p, p_adjusted, spearman, kendall, auc, auc_low, auc_high, mcfadden,
//! cv_log_loss, top_decile_lift, rank, note}: which KPI goes with the outcome, each by itself.
//!
//! Each KPI on its own complete rows. Pearson with Fisher's interval (95 %), p by t, and p adjusted
//! over the KPIs (Benjamini & Hochberg 1995); Spearman; Kendall's tau-b; the area under the ROC curve
//! with DeLong's interval, not turned round; McFadden's R² of a logistic fit and its log-loss by
//! ten-fold cross-validation; the lift of the tenth of rows at most risk. A numeric outcome leaves
//! what needs a yes or no NULL. `note` says what is missing and why. Rank 1 is the strongest: by the
//! distance of the area from ½, or by |pearson|. State: how often each value occurred with each
//! outcome; KPIs of more than 254 values 8 bytes a row.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, list_type, lists};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{
    Confidence, Direction, KpiRank, KpiValidation as Found, Table, rank_kpis, validate,
};

const LAYOUT: Layout = &[
    ("kpi", Shape::Text),
    ("n", Shape::Count),
    ("direction", Shape::Text),
    ("pearson", Shape::Real),
    ("pearson_low", Shape::Real),
    ("pearson_high", Shape::Real),
    ("pearson_p", Shape::Real),
    ("p_adjusted", Shape::Real),
    ("spearman", Shape::Real),
    ("kendall", Shape::Real),
    ("auc", Shape::Real),
    ("auc_low", Shape::Real),
    ("auc_high", Shape::Real),
    ("mcfadden", Shape::Real),
    ("cv_log_loss", Shape::Real),
    ("top_decile_lift", Shape::Real),
    ("rank", Shape::Place),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "Tests several KPIs against a business outcome, each by itself: correlations with interval and p, the area under the ROC curve, McFadden's R2, cross-validated log-loss (lower is better) and the lift of the tenth at most risk, ranked. direction is the sign of pearson; auc is of the KPI as it is, below 0.5 where low values go with the outcome; top_decile_lift is how many times more often the outcome came in the tenth of rows that the KPI holds most likely; rank 1 is the auc farthest from 0.5 (the largest |pearson| of a numeric outcome); the ten folds are dealt from the counts, the same in any order of rows. Use it to find which KPI to steer by, with kpi_contest to tell whether the first really beats the second. Assumes one row a customer, and KPIs measured before the outcome. Holds how often each value occurred with each outcome; KPIs beyond 254 values 8 bytes a row each. DeLong, DeLong and Clarke-Pearson 1988; McFadden 1974; Benjamini and Hochberg 1995.",
    syntax_example = "kpi_validation(outcome, kpi1, …)",
    sql_example = "SELECT kpi, n, pearson, auc, auc_low, auc_high, rank FROM (SELECT expand(kpi_validation(churned, nps, csat, ces)) FROM (SELECT nps, csat, ces, churned FROM responses JOIN customers USING (customer_id) WHERE churned_on IS NULL OR responded_at < churned_on QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY responded_at DESC) = 1) AS last_answers)",
    argument(name = "outcome", description = "Boolean, 1 and 0, or any number."),
    argument(
        name = "kpi1",
        description = "A KPI, and any number more: any number, or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct KpiValidation;

impl Aggregate for KpiValidation {
    type Groups = Tables;

    const NAME: &'static str = "kpi_validation";
    const PARAMETERS: &'static [Parameter] = &[
        required("outcome", Kind::Level),
        repeated("kpi1", Kind::Level),
    ];
    const LIST: bool = true;
    const LABELLED: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        list_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let labels = call.texts(1);
        let readings = (0..call.len())
            .map(|place| Reading::value(call, place))
            .collect();
        let pairs = (1..call.len()).map(|kpi| vec![0, kpi]).collect();
        let answers = Answers::arrays(move |groups: &[Vec<Table>]| {
            let listed = groups.iter().map(|tables| listed(tables, &labels));
            Ok(Arc::new(lists(LAYOUT, listed)) as ArrayRef)
        });
        Ok(Tables::new(readings, pairs, answers))
    }
}

fn listed(tables: &[Table], labels: &[String]) -> Vec<[Value; LAYOUT.len()]> {
    let found: Vec<Found> = tables.iter().map(validate).collect();
    let ranks = rank_kpis(&found);
    let rows = labels.iter().zip(found.iter().zip(ranks));
    rows.map(|(label, (found, rank))| row(label, found, rank))
        .collect()
}

fn row(label: &str, found: &Found, rank: KpiRank) -> [Value; LAYOUT.len()] {
    let confidence = Confidence::default();
    let pearson = found.pearson;
    let limits = pearson.and_then(|pearson| pearson.interval(confidence));
    let area = found.auc.and_then(|auc| auc.interval(confidence));
    let direction = found.direction.map(|direction| match direction {
        Direction::Positive => "positive".to_owned(),
        Direction::Negative => "negative".to_owned(),
    });
    [
        label.into(),
        found.n.into(),
        direction.into(),
        pearson.map(|pearson| pearson.r).into(),
        limits.map(|i| i.low).into(),
        limits.map(|i| i.high).into(),
        pearson.and_then(|pearson| pearson.p()).into(),
        rank.p_adjusted.into(),
        found.spearman.into(),
        found.kendall.into(),
        found.auc.map(|auc| auc.value).into(),
        area.map(|i| i.low).into(),
        area.map(|i| i.high).into(),
        found.mcfadden.into(),
        found.cv_log_loss.into(),
        found.top_decile_lift.into(),
        rank.rank.map(|rank| rank as u64).into(),
        notes(&found.notes, &[("the KPI", label), ("regressor 1", label)]).into(),
    ]
}

/// Notes as one text, KPIs by their names; none without notes.
pub(crate) fn notes<N: ToString>(notes: &[N], names: &[(&str, &str)]) -> Option<String> {
    let named = |note: &N| {
        let text = note.to_string();
        names
            .iter()
            .fold(text, |text, (role, name)| text.replace(role, name))
    };
    let notes: Vec<String> = notes.iter().map(named).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

#[cfg(test)]
mod tests {
    use super::KpiValidation;
    use crate::functions::tester::{answer, reals, rows};

    #[test]
    fn the_kpi_that_separates_more_comes_first() {
        let outcome = || reals(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let good = reals(&[2.0, 3.0, 6.0, 5.0, 9.0, 9.0, f64::NAN]);
        let poor = reals(&[5.0, 1.0, 4.0, 2.0, 6.0, 3.0, 4.0]);
        let found = rows::<KpiValidation>(&[outcome(), good, poor], "kpi n direction rank");
        assert_eq!(found, ["kpi1 6 negative 1", "kpi1_2 7 negative 2"]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let found = rows::<KpiValidation>(
            &[reals(&[1.0, 0.0, 1.0]), reals(&[3.0, 3.0, 3.0])],
            "kpi pearson auc note",
        );
        assert!(
            found[0].starts_with("kpi1 NULL NULL kpi1 never varies"),
            "{found:?}"
        );
        let numeric = [
            reals(&[10.0, 20.0, 35.0, 40.0, 80.0]),
            reals(&[1.0, 2.0, 2.0, 4.0, 5.0]),
        ];
        let found = rows::<KpiValidation>(&numeric, "auc mcfadden rank note");
        assert!(
            found[0].starts_with("NULL NULL 1 the outcome is not 0 or 1"),
            "{found:?}"
        );
        assert!(answer::<KpiValidation>(&[reals(&[]), reals(&[])]).contains("no complete rows"));
    }
}
