//! `keyness(comment, flag [, k [, language]])` → LIST of {term, n_true, n_false, log_odds, z,
//! p_adjusted}: the `k` (20) terms that set the flagged comments most apart from the others, the
//! strongest first.
//!
//! The log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi & Quinn (2008),
//! Political Analysis 16; z is the ratio over its error, p_adjusted its two-sided p after Benjamini &
//! Hochberg (1995) over all terms. Words of Spanish (`es`) or English (`en`; by default whichever
//! the comments are in), in lower case, without stop words, forms of a word together under the one
//! written most. Rows without a comment or a flag do not count; no terms give NULL. State: each
//! distinct word once, and two counts per word and group.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::named::{Name, named_state};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::record::{Layout, Shape, Value, list_type, lists};
use crate::functions::vocabulary::Vocabulary;
use crate::functions::words::{Language, Term, terms};
use crate::model::RateTally;
use crate::statistics::{Keyness as Measured, TermCount, keyness};

const LAYOUT: Layout = &[
    ("term", Shape::Text),
    ("n_true", Shape::Count),
    ("n_false", Shape::Count),
    ("log_odds", Shape::Real),
    ("z", Shape::Real),
    ("p_adjusted", Shape::Real),
];

/// Terms that are listed unless told otherwise.
const LISTED: i64 = 20;

#[user_doc(
    doc_section(label = "Validation"),
    description = "The terms that set flagged comments apart from the others: how often each was written on either side, the log-odds ratio with its z, and a p adjusted for the number of terms. Use it to read what detractors say that others do not, rather than what everybody says. Spanish and English; stop words, numbers and words with digits are left out, and forms of a word counted together under the one written most. Listed are the terms that the flagged comments have more of, the strongest first. Assumes that words are drawn independently, which long comments by few people break. Holds each distinct word once and two counts. Monroe, Colaresi and Quinn 2008.",
    syntax_example = "keyness(comment, flag [, k [, language]])",
    sql_example = "SELECT term, n_true, n_false, z FROM (SELECT expand(keyness(comment, nps <= 6, 3)) FROM responses)",
    argument(name = "comment", description = "Text of the comment."),
    argument(
        name = "flag",
        description = "Which comments to set apart: Boolean, or 1 and 0."
    ),
    argument(name = "k", description = "How many terms to list; 20 by default."),
    argument(
        name = "language",
        description = "'es' or 'en'; by default the one whose stop words are more frequent."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Keyness;

impl Aggregate for Keyness {
    type Groups = Vocabulary;

    const NAME: &'static str = "keyness";
    const PARAMETERS: &'static [Parameter] = &[
        required("comment", Kind::Text),
        required("flag", Kind::Flag),
        optional("k", Kind::Integer),
        optional("language", Kind::Word),
    ];
    const LIST: bool = true;

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        list_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        named_state::<RateTally>()
    }

    fn open(&self, call: &Call<'_>) -> Result<Vocabulary> {
        let k = call.integer(2)?.unwrap_or(LISTED);
        let Some(k) = usize::try_from(k).ok().filter(|k| *k > 0) else {
            return exec_err!("keyness: k {k} must be 1 or more");
        };
        let language = match call.word(3)? {
            None => None,
            Some(code) => match Language::of(&code) {
                Some(language) => Some(language),
                None => {
                    return exec_err!(
                        "keyness: language '{code}' is not known; write 'es' or 'en'"
                    );
                }
            },
        };
        let answers = Answers::arrays(move |groups: &[Vec<Name<RateTally>>]| {
            let listed = groups.iter().map(|words| listed(words, k, language));
            Ok(Arc::new(lists(LAYOUT, listed)) as ArrayRef)
        });
        Ok(Vocabulary::new(call, answers))
    }
}

fn listed(
    names: &[Name<RateTally>],
    k: usize,
    language: Option<Language>,
) -> Vec<[Value; LAYOUT.len()]> {
    let words = names.iter().map(|name| (&*name.text, name.tally));
    let terms = terms(words, language);
    let counts: Vec<TermCount> = terms.iter().map(count).collect();
    let pairs = terms.iter().zip(keyness(&counts));
    let known = pairs.filter_map(|(term, found)| Some((term, found?)));
    let mut measured: Vec<(&Term, Measured)> = known.filter(|(_, found)| found.z > 0.0).collect();
    measured.sort_by(|(_, a), (_, b)| b.z.total_cmp(&a.z)); // stable: ties in the order of stems
    measured.truncate(k);
    measured
        .iter()
        .map(|(term, found)| row(term, found))
        .collect()
}

fn count(term: &Term) -> TermCount {
    TermCount {
        flagged: term.tally.events,
        others: term.tally.n - term.tally.events,
    }
}

fn row(term: &Term, found: &Measured) -> [Value; LAYOUT.len()] {
    let count = count(term);
    [
        term.text.as_str().into(),
        count.flagged.into(),
        count.others.into(),
        found.log_odds.into(),
        found.z.into(),
        found.p_adjusted.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::Keyness;
    use crate::functions::tester::{answer, constant, error, flags, rows, skipped, texts};

    #[test]
    fn what_only_the_flagged_say_comes_first() {
        let comments = texts(&[
            "Espera larga",
            "esperas y esperas",
            "NULL",
            "precio bueno",
            "larga vida",
        ]);
        let given = [comments, flags("11100")];
        let found = rows::<Keyness>(&given, "term n_true n_false");
        assert_eq!(found[0], "esperas 3 0");
        assert!(
            !found.iter().any(|row| row.starts_with("precio")),
            "{found:?}"
        );
    }

    #[test]
    fn nothing_said_gives_null() {
        assert_eq!(answer::<Keyness>(&[texts(&[]), flags("")]), "NULL");
        assert_eq!(
            answer::<Keyness>(&[texts(&["NULL", " ", "y 12"]), flags("101")]),
            "NULL"
        );
        let text = error::<Keyness>(&[texts(&[]), flags(""), skipped(), constant("de")]);
        assert_eq!(
            text,
            "keyness: language 'de' is not known; write 'es' or 'en'"
        );
    }
}
