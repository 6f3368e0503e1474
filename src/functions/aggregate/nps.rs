//! `nps(score [, weight])` → Float64: the Net Promoter Score, −100–100.
//!
//! % promoters (9–10) − % detractors (0–6) of the answers on 0–10; with sampling weights the same
//! of the weights. NULL scores, and rows with a NULL weight, are left out; nothing left gives NULL;
//! a score off the scale or a negative weight is an error. State: 16 bytes a group (two counts);
//! with weights those and the sums of `WeightedMoments`. Reichheld (2003), "The one number you need to
//! grow", Harvard Business Review 81(12).

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::net_promoter::{NpsGroups, WeightedNps, nps_groups, nps_state};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::model::NetTally;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Net Promoter Score, -100 to 100: % promoters (9-10) minus % detractors (0-6) of the scores on 0-10. NULLs are left out; a score off the scale is an error.",
    syntax_example = "nps(score [, weight])",
    sql_example = "SELECT touchpoint, nps(nps) AS nps, nps(nps, weight) AS weighted FROM responses GROUP BY touchpoint ORDER BY nps DESC",
    argument(
        name = "score",
        description = "Answers on 0-10; any whole number type, or floats and decimals with whole values."
    ),
    argument(
        name = "weight",
        description = "Sampling weight of each answer; a NULL weight drops the row, a negative one is an error."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Nps;

impl Aggregate for Nps {
    type Groups = NpsGroups<NetTally>;

    const NAME: &'static str = "nps";
    const PARAMETERS: &'static [Parameter] = &[
        required("score", Kind::Score),
        optional("weight", Kind::Value),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, types: &[DataType]) -> Vec<Field> {
        nps_state::<NetTally>(types)
    }

    fn open(&self, call: &Call<'_>) -> Result<NpsGroups<NetTally>> {
        let weighted = |tally: &WeightedNps| tally.b.mean().ok().map(|mean| 100.0 * mean);
        Ok(nps_groups(
            call,
            Answers::floats(NetTally::nps),
            Answers::floats(weighted),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Nps;
    use crate::functions::tester::{NULL, answer, error, ints, reals};

    #[test]
    fn blanks_do_not_count_and_no_answers_give_null() {
        assert_eq!(answer::<Nps>(&[ints(&[10, 9, 8, 0, NULL])]), "25.0");
        assert_eq!(answer::<Nps>(&[ints(&[7])]), "0.0");
        assert_eq!(answer::<Nps>(&[ints(&[9, 9, 9])]), "100.0");
        assert_eq!(answer::<Nps>(&[ints(&[])]), "NULL");
        assert_eq!(answer::<Nps>(&[ints(&[NULL])]), "NULL");
    }

    #[test]
    fn weights_weigh_and_a_blank_one_drops_its_row() {
        let scores = ints(&[10, 0, 8, NULL]);
        let weights = reals(&[3.0, 1.0, f64::NAN, 5.0]);
        assert_eq!(answer::<Nps>(&[scores, weights]), "50.0");
        assert_eq!(answer::<Nps>(&[ints(&[10]), reals(&[0.0])]), "NULL");
        let negative = error::<Nps>(&[ints(&[10]), reals(&[-1.0])]);
        assert!(
            negative.starts_with("nps: weight -1 in weight is negative"),
            "{negative}"
        );
    }

    #[test]
    fn a_score_off_the_scale_is_an_error() {
        let text = error::<Nps>(&[ints(&[3, 11])]);
        assert!(
            text.starts_with("nps: score 11 is outside 0–10; if 11 marks a blank"),
            "{text}"
        );
    }
}
