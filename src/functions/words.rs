//! Words of comments: what is a word, what says nothing, which words are forms of one another.
//!
//! Here because `keyness` counts words as they are written and only in the end, over the few thousand
//! distinct ones, asks for their language and their stems: millions of comments are split, not
//! stemmed.

use std::collections::BTreeMap;

use datafusion::common::HashSet;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::model::{RateTally, Tally};

/// Letters that a word has at least.
const SHORTEST: usize = 2;

/// A language whose stop words and stems are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Spanish.
    Spanish,
    /// English.
    English,
}

impl Language {
    /// The language of a code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        match code {
            "es" => Some(Self::Spanish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    fn stop_words(self) -> HashSet<&'static str> {
        let code = match self {
            Self::Spanish => "es",
            Self::English => "en",
        };
        stop_words::lookup(code)
            .unwrap_or_default()
            .iter()
            .copied()
            .collect()
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::Spanish => Algorithm::Spanish,
            Self::English => Algorithm::English,
        })
    }
}

/// The words of a comment in lower case, without numbers and single letters.
pub(crate) fn words(comment: &str) -> impl Iterator<Item = String> {
    let words = comment.unicode_words().map(str::to_lowercase);
    words.filter(|word| {
        word.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST
            && !word.chars().any(|c| c.is_ascii_digit())
    })
}

/// Words with the same stem together, under the form that is written most; without stop words.
#[derive(Debug)]
pub(crate) struct Term {
    /// The form that is written most; of several the first in the order of letters.
    pub(crate) text: String,
    /// How often all forms were written, and how often in flagged comments.
    pub(crate) tally: RateTally,
}

/// The terms of counted words, in the order of their stems. Without a language it is the one with
/// more stop words among them.
pub(crate) fn terms<'a>(
    words: impl Iterator<Item = (&'a str, RateTally)> + Clone,
    language: Option<Language>,
) -> Vec<Term> {
    let language = language.unwrap_or_else(|| language_of(&words));
    let (stop, stemmer) = (language.stop_words(), language.stemmer());
    let mut stems: BTreeMap<String, (RateTally, u64, &str)> = BTreeMap::new();
    for (word, tally) in words {
        if stop.contains(word) {
            continue;
        }
        let stem = stemmer.stem(word).into_owned();
        let (sum, most, form) = stems.entry(stem).or_insert((RateTally::default(), 0, word));
        sum.merge(&tally);
        if tally.n > *most || (tally.n == *most && word < *form) {
            (*most, *form) = (tally.n, word);
        }
    }
    let term = |(tally, _, form): (RateTally, u64, &str)| Term {
        text: form.to_owned(),
        tally,
    };
    stems.into_values().map(term).collect()
}

fn language_of<'a>(words: &(impl Iterator<Item = (&'a str, RateTally)> + Clone)) -> Language {
    let known = |language: Language| {
        let stop = language.stop_words();
        let known = words.clone().filter(|(word, _)| stop.contains(word));
        known.map(|(_, tally)| tally.n).sum::<u64>()
    };
    if known(Language::English) > known(Language::Spanish) {
        Language::English
    } else {
        Language::Spanish
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(comments: &[&str], language: Option<Language>) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for comment in comments {
            words(comment).for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let tally = |n: &u64| RateTally { n: *n, events: 0 };
        let words = counts.iter().map(|(word, n)| (word.as_str(), tally(n)));
        let terms = terms(words, language);
        terms
            .into_iter()
            .map(|term| (term.text, term.tally.n))
            .collect()
    }

    #[test]
    fn forms_of_a_word_are_one_term_and_stop_words_none() {
        let spanish = [
            "La espera fue larga, muy LARGA.",
            "Largas esperas y 3 h en la cola nº5",
        ];
        let terms = found(&spanish, None);
        assert_eq!(
            terms,
            [("cola", 1), ("espera", 2), ("larga", 3)].map(|(t, n)| (t.to_owned(), n))
        );
        let english = [
            "The queue was long and the staff didn't help",
            "Long queues",
        ];
        let terms = found(&english, None);
        assert!(
            terms.contains(&("long".into(), 2)) && terms.contains(&("queue".into(), 2)),
            "{terms:?}"
        );
        assert!(
            terms
                .iter()
                .all(|(term, _)| term != "the" && term != "didn't"),
            "{terms:?}"
        );
    }

    #[test]
    fn a_language_can_be_given() {
        assert_eq!(Language::of("es"), Some(Language::Spanish));
        assert_eq!(Language::of("de"), None);
        let terms = found(&["the precio the"], Some(Language::Spanish));
        assert!(terms.contains(&("the".into(), 2)), "{terms:?}");
    }
}
