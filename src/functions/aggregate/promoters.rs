//! `promoters(score)` → Float64: the share of promoters (9-10) among the answers on 0–10, 0–100.
//!
//! NULLs are left out; nothing left gives NULL; a score off the scale is an error. State: two counts a
//! group. Reichheld (2003).

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::aggregate::rate::Band;
use crate::functions::cells::{Cells, state_fields};
use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::net_promoter;
use crate::functions::parameter::{Kind, Parameter, required};
use crate::model::RateTally;

#[user_doc(
    doc_section(label = "KPI"),
    description = "Share of promoters (9-10) among the scores on 0-10, 0 to 100.",
    syntax_example = "promoters(score)",
    sql_example = "SELECT promoters(nps) AS promoters FROM responses",
    argument(name = "score", description = "Answers on 0-10.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Promoters;

impl Aggregate for Promoters {
    type Groups = Cells<Band>;

    const NAME: &'static str = "promoters";
    const PARAMETERS: &'static [Parameter] = &[required("score", Kind::Score)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        DataType::Float64
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        state_fields::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Cells<Band>> {
        let answers = Answers::floats(RateTally::percent);
        Ok(Cells::new(Band::of_scores(
            net_promoter::reader(call),
            9,
            10,
            answers,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::Promoters;
    use crate::functions::tester::{NULL, answer, error, ints};

    #[test]
    fn share_of_the_answers_that_were_given() {
        assert_eq!(answer::<Promoters>(&[ints(&[10, 9, 8, 0, NULL])]), "50.0");
        assert_eq!(answer::<Promoters>(&[ints(&[7])]), "0.0");
        assert_eq!(answer::<Promoters>(&[ints(&[6, 6])]), "0.0");
        assert_eq!(answer::<Promoters>(&[ints(&[])]), "NULL");
        assert!(
            error::<Promoters>(&[ints(&[-1])]).starts_with("promoters: score -1 is outside 0–10")
        );
    }
}
