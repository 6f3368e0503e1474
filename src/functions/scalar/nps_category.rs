//! `nps_category(score)` → Utf8: `promoter` (9–10), `passive` (7–8) or `detractor` (0–6).
//!
//! NULL gives NULL; a score off 0–10 is an error. Reichheld (2003), Harvard Business Review 81(12).

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::columns::{OtherScale, ScoreReader};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::row::Row;
use crate::model::{Category, Scale};

#[user_doc(
    doc_section(label = "KPI"),
    description = "The category of one score: promoter (9-10), passive (7-8) or detractor (0-6).",
    syntax_example = "nps_category(score)",
    sql_example = "SELECT nps_category(nps) AS category, count(*) AS answers FROM responses WHERE nps IS NOT NULL GROUP BY category ORDER BY category",
    argument(name = "score", description = "An answer on 0-10.")
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NpsCategory;

impl Row for NpsCategory {
    const NAME: &'static str = "nps_category";
    const PARAMETERS: &'static [Parameter] = &[required("score", Kind::Score)];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Utf8
    }

    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        let scores = ScoreReader {
            function: Self::NAME,
            label: "score".to_owned(),
            scale: Scale::NPS,
            other_scale: OtherScale::None,
        };
        let codes = scores.read(&columns[0])?;
        let name = |code: &u8| Category::of(*code).map(Category::name);
        Ok(Arc::new(codes.iter().map(name).collect::<StringArray>()))
    }
}

#[cfg(test)]
mod tests {
    use super::NpsCategory;
    use crate::functions::tester::{NULL, ints, values};

    #[test]
    fn each_score_has_its_category() {
        let found = values::<NpsCategory>(&[ints(&[10, 9, 8, 7, 6, 0, NULL])]).unwrap();
        let [p, s, d] = ["promoter", "passive", "detractor"];
        assert_eq!(found, [p, p, s, s, d, d, "NULL"]);
        assert!(values::<NpsCategory>(&[ints(&[])]).unwrap().is_empty());
        let text = values::<NpsCategory>(&[ints(&[11])])
            .unwrap_err()
            .message()
            .into_owned();
        assert!(
            text.starts_with("nps_category: score 11 is outside 0–10"),
            "{text}"
        );
    }
}
