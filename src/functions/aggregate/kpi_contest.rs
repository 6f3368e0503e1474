//! `kpi_contest(outcome, kpi1, kpi2, …)` → LIST over pairs of {kpi_a, kpi_b, n, pearson_a, pearson_b,
//! pearson_ab, williams_t, williams_p, steiger_z, steiger_p, zou_low, zou_high, auc_a, auc_b,
//! delong_z, delong_p, vuong_z, vuong_p, p_adjusted, verdict, note}: which of two KPIs goes more with
//! the outcome, and whether that can be told.
//!
//! Rows complete in both KPIs. They are compared on strength, a − b: a KPI that goes against the
//! outcome is turned round for tests, Zou's interval and auc_*; pearson_* stay as they are. Williams
//! (1959), Steiger (1980), Zou (2007) on correlations; DeLong et al. (1988) on areas; Vuong (1989),
//! divisor n − 1, on logistic fits. delong_p decides where the outcome is yes or no, else williams_p;
//! p_adjusted is over the pairs (Benjamini & Hochberg 1995). verdict names the stronger KPI where
//! p_adjusted < 0.05, else `cannot tell`. State: how often each pair of values occurred with each
//! outcome; KPIs of more than 254 values 8 bytes a row and pair.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::kpi_validation::notes;
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, repeated, required};
use crate::functions::record::{Layout, Shape, Value, list_type, lists};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{Confidence, Contest, Decision, Table, Test, Verdict, contest, decide};

const LAYOUT: Layout = &[
    ("kpi_a", Shape::Text),
    ("kpi_b", Shape::Text),
    ("n", Shape::Count),
    ("pearson_a", Shape::Real),
    ("pearson_b", Shape::Real),
    ("pearson_ab", Shape::Real),
    ("williams_t", Shape::Real),
    ("williams_p", Shape::Real),
    ("steiger_z", Shape::Real),
    ("steiger_p", Shape::Real),
    ("zou_low", Shape::Real),
    ("zou_high", Shape::Real),
    ("auc_a", Shape::Real),
    ("auc_b", Shape::Real),
    ("delong_z", Shape::Real),
    ("delong_p", Shape::Real),
    ("vuong_z", Shape::Real),
    ("vuong_p", Shape::Real),
    ("p_adjusted", Shape::Real),
    ("verdict", Shape::Text),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Validation"),
    description = "Compares KPIs in pairs: which of two goes more with the outcome, tested on the same customers (KPIs that move together are told apart by their own correlation). Use it after kpi_validation, before dropping a KPI for another; `cannot tell` means that these rows do not decide. Compared is strength: pearson_a and pearson_b keep their signs, but in Williams', Steiger's and Zou's a KPI that goes down with the outcome is turned round, and auc_a and auc_b are of the KPI the way it is above 0.5, which kpi_validation shows as it is. Of an outcome that is true or false, or 1 and 0, DeLong's p decides, of any other Williams' (the areas are NULL then); the verdict is of that p, adjusted for all pairs after Benjamini and Hochberg, below 0.05. Assumes one row a customer, with KPIs measured before the outcome. Holds how often each pair of values occurred with each outcome; KPIs beyond 254 values 8 bytes a row and pair. Williams 1959; Steiger 1980; Zou 2007; DeLong, DeLong and Clarke-Pearson 1988; Vuong 1989.",
    syntax_example = "kpi_contest(outcome, kpi1, kpi2, …)",
    sql_example = "SELECT kpi_a, kpi_b, n, auc_a, auc_b, delong_p, p_adjusted, verdict FROM (SELECT expand(kpi_contest(churned, nps, csat, ces)) FROM (SELECT nps, csat, ces, churned FROM responses JOIN customers USING (customer_id) WHERE churned_on IS NULL OR responded_at < churned_on QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY responded_at DESC) = 1) AS last_answers)",
    argument(name = "outcome", description = "Boolean, 1 and 0, or any number."),
    argument(name = "kpi1", description = "A KPI: any number, or Boolean."),
    argument(name = "kpi2", description = "Another, and any number more.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct KpiContest;

impl Aggregate for KpiContest {
    type Groups = Tables;

    const NAME: &'static str = "kpi_contest";
    const PARAMETERS: &'static [Parameter] = &[
        required("outcome", Kind::Level),
        required("kpi1", Kind::Level),
        repeated("kpi2", Kind::Level),
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
        let kpis = call.len();
        let pairs = (1..kpis).flat_map(|a| (a + 1..kpis).map(move |b| vec![0, a, b]));
        let answers = Answers::arrays(move |groups: &[Vec<Table>]| {
            let listed = groups.iter().map(|tables| listed(tables, &labels));
            Ok(Arc::new(lists(LAYOUT, listed)) as ArrayRef)
        });
        Ok(Tables::new(readings, pairs.collect(), answers))
    }
}

fn listed(tables: &[Table], labels: &[String]) -> Vec<[Value; LAYOUT.len()]> {
    let contests: Vec<Contest> = tables.iter().map(contest).collect();
    let places = 0..labels.len();
    let pairs = places.flat_map(|a| (a + 1..labels.len()).map(move |b| (a, b)));
    pairs
        .zip(contests.iter().zip(decide(&contests)))
        .map(|((a, b), (contest, decision))| row(&labels[a], &labels[b], contest, decision))
        .collect()
}

fn row(a: &str, b: &str, contest: &Contest, decision: Decision) -> [Value; LAYOUT.len()] {
    let zou = contest
        .strengths
        .and_then(|strengths| strengths.zou(Confidence::default()));
    let [williams, steiger, delong, vuong] = [
        contest.williams(),
        contest.steiger(),
        contest.delong,
        contest.vuong,
    ]
    .map(tested);
    let verdict = match decision.verdict {
        Verdict::AStronger => a,
        Verdict::BStronger => b,
        Verdict::CannotTell => "cannot tell",
    };
    let names = [("the first KPI", a), ("the second KPI", b)];
    [
        a.into(),
        b.into(),
        contest.n.into(),
        contest.pearson_a.into(),
        contest.pearson_b.into(),
        contest.pearson_ab.into(),
        williams.0,
        williams.1,
        steiger.0,
        steiger.1,
        zou.map(|i| i.low).into(),
        zou.map(|i| i.high).into(),
        contest.auc_a.into(),
        contest.auc_b.into(),
        delong.0,
        delong.1,
        vuong.0,
        vuong.1,
        decision.p_adjusted.into(),
        verdict.into(),
        notes(&contest.notes, &names).into(),
    ]
}

/// The statistic and the p of a test.
fn tested(test: Option<Test>) -> (Value, Value) {
    let statistic = test.map(|test| test.statistic).into();
    (statistic, test.map(|test| test.p).into())
}

#[cfg(test)]
mod tests {
    use super::KpiContest;
    use crate::functions::tester::{answer, reals, rows};

    #[test]
    fn pairs_in_the_order_of_the_arguments() {
        let outcome = reals(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let a = || reals(&[2.0, 3.0, 6.0, 5.0, 9.0, 9.0, f64::NAN]);
        let b = reals(&[5.0, 1.0, 4.0, 2.0, 6.0, 3.0, 4.0]);
        let found = rows::<KpiContest>(&[outcome, a(), b, a()], "kpi_a kpi_b n verdict");
        let expected = [
            "kpi1 kpi2 6 cannot tell",
            "kpi1 kpi2_3 6 cannot tell",
            "kpi2 kpi2_3 6 cannot tell",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_kpi_against_itself_does_not_differ() {
        let outcome = reals(&[1.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
        let a = || reals(&[1.0, 3.0, 2.0, 5.0, 7.0, 9.0]);
        let found =
            rows::<KpiContest>(&[outcome, a(), a()], "delong_z delong_p p_adjusted verdict");
        assert_eq!(found, ["0.0 1.0 1.0 cannot tell"]);
        assert!(
            answer::<KpiContest>(&[reals(&[]), reals(&[]), reals(&[])])
                .contains("no complete rows")
        );
    }
}
