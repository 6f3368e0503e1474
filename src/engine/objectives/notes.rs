//! The notes of the statistics in Spanish: an objective speaks the language of its project, and a
//! sentence that begins in one language does not end in another.
//!
//! Functions have one language, that of SQL; so the notes are put into words again here, by what they
//! say. One that is not known stays as it is, and a test sees to it that all of validations and
//! contests are.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;

use super::reading::{Records, internal};
use super::words::Words;
use crate::error::Result;
use crate::project::Language;

/// Where the name of a KPI stands.
const NAME: &str = "{name}";
/// Where a further note stands.
const WHY: &str = "{why}";

/// English and Spanish; the first that fits counts, so whole sentences come before those with a name.
const SENTENCES: &[[&str; 2]] = &[
    ["there are no complete rows", "no hay filas completas"],
    ["the outcome never varies", "el resultado nunca varía"],
    [
        "fewer than four rows: pearson has no interval",
        "menos de cuatro filas: pearson no tiene intervalo",
    ],
    [
        "the outcome is not 0 or 1: no auc, mcfadden, cv_log_loss, top_decile_lift",
        "el resultado no es 0 o 1: sin auc, mcfadden, cv_log_loss ni top_decile_lift",
    ],
    [
        "fewer than two rows with the outcome, or without: auc has no interval",
        "menos de dos filas con el resultado, o sin él: auc no tiene intervalo",
    ],
    [
        "the outcome has values other than 0 and 1",
        "el resultado tiene valores distintos de 0 y 1",
    ],
    [
        "there are fewer rows than coefficients",
        "hay menos filas que coeficientes",
    ],
    [
        "the regressors separate the outcome completely: coefficients would be infinite",
        "los regresores separan el resultado por completo: los coeficientes serían infinitos",
    ],
    [
        "the regressors separate some rows completely: coefficients would be infinite",
        "los regresores separan algunas filas por completo: los coeficientes serían infinitos",
    ],
    ["the fit did not converge", "el ajuste no convergió"],
    [
        "the coefficients are outside the range of a double",
        "los coeficientes no caben en un double",
    ],
    [
        "without one of the ten folds the outcome never varies",
        "sin uno de los diez pliegues el resultado nunca varía",
    ],
    [
        "without one of the ten folds a regressor never varies or is determined by others",
        "sin uno de los diez pliegues un regresor nunca varía o queda determinado por otros",
    ],
    [
        "without one of the ten folds the regressors separate the outcome completely",
        "sin uno de los diez pliegues los regresores separan el resultado por completo",
    ],
    [
        "without one of the ten folds the fit did not converge",
        "sin uno de los diez pliegues el ajuste no convergió",
    ],
    [
        "the two KPIs determine each other: no williams, steiger",
        "los dos KPI se determinan mutuamente: sin williams ni steiger",
    ],
    [
        "a KPI determines the outcome: no steiger, zou",
        "un KPI determina el resultado: sin steiger ni zou",
    ],
    [
        "the outcome is not 0 or 1: no auc, delong, vuong",
        "el resultado no es 0 o 1: sin auc, delong ni vuong",
    ],
    [
        "fewer than two rows with the outcome, or without: no delong",
        "menos de dos filas con el resultado, o sin él: sin delong",
    ],
    [
        "the difference of the areas has no variance: no delong",
        "la diferencia de las áreas no tiene varianza: sin delong",
    ],
    [
        "the models of the two KPIs predict alike",
        "los modelos de los dos KPI predicen lo mismo",
    ],
    [
        "there are too few observations",
        "hay demasiado pocas observaciones",
    ],
    [
        "the three correlations contradict each other: no three variables can have them",
        "las tres correlaciones se contradicen: no hay tres variables que las tengan",
    ],
    [
        "no mcfadden, cv_log_loss: {why}",
        "sin mcfadden ni cv_log_loss: {why}",
    ],
    ["no cv_log_loss: {why}", "sin cv_log_loss: {why}"],
    [
        "no williams, steiger, zou: {why}",
        "sin williams, steiger ni zou: {why}",
    ],
    ["no vuong: {why}", "sin vuong: {why}"],
    [
        "{name} has no model: {why}",
        "{name} no tiene modelo: {why}",
    ],
    [
        "{name} goes one way by pearson and the other by auc, which is turned round",
        "{name} va en un sentido según pearson y en el otro según auc, que se da la vuelta",
    ],
    ["{name} never varies", "{name} nunca varía"],
    [
        "{name} is determined by those before it",
        "{name} queda determinado por los anteriores",
    ],
    [
        "{name} and the outcome determine each other: pearson has no interval",
        "{name} y el resultado se determinan mutuamente: pearson no tiene intervalo",
    ],
    [
        "{name} separates the outcome: mcfadden is the limit, cv_log_loss has none",
        "{name} separa el resultado: mcfadden es el límite, cv_log_loss no lo tiene",
    ],
];

impl Words {
    /// A note in this language.
    pub(super) fn note(self, note: String) -> String {
        match self.0 {
            Language::English => note,
            Language::Spanish => in_spanish(&note),
        }
    }

    /// The records with their notes in this language.
    pub(super) fn notes(self, records: Records) -> Result<Records> {
        let schema = records.0.schema();
        let place = match (self.0, schema.index_of("note")) {
            (Language::Spanish, Ok(place)) => place,
            (Language::English, _) | (_, Err(_)) => return Ok(records),
        };
        let mut columns = records.0.columns().to_vec();
        let texts = arrow::compute::cast(&columns[place], &DataType::Utf8);
        let texts = texts.map_err(|error| internal(&error))?;
        let notes = texts.as_string::<i32>().iter();
        let notes: StringArray = notes.map(|note| note.map(in_spanish)).collect();
        let kind = schema.field(place).data_type();
        let notes: ArrayRef = Arc::new(notes);
        columns[place] = arrow::compute::cast(&notes, kind).map_err(|error| internal(&error))?;
        RecordBatch::try_new(schema, columns)
            .map(Records)
            .map_err(|error| internal(&error))
    }
}

/// Notes as a function joins them.
fn in_spanish(notes: &str) -> String {
    let notes: Vec<String> = notes.split("; ").map(sentence).collect();
    notes.join("; ")
}

fn sentence(text: &str) -> String {
    let known = SENTENCES.iter().find_map(|[english, spanish]| {
        let (name, why) = parts(english, text)?;
        let why = why.map_or_else(String::new, sentence);
        Some(spanish.replace(WHY, &why).replace(NAME, &role(name)))
    });
    known.unwrap_or_else(|| text.to_owned())
}

/// A regressor without a name is counted.
fn role(name: &str) -> String {
    name.strip_prefix("regressor ")
        .map_or_else(|| name.to_owned(), |number| format!("el regresor {number}"))
}

/// What stands for the name and for the further note of a pattern, where a text fits it.
fn parts<'a>(pattern: &str, text: &'a str) -> Option<(&'a str, Option<&'a str>)> {
    let (has_name, rest) = match pattern.strip_prefix(NAME) {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (said, has_why) = match rest.strip_suffix(WHY) {
        Some(said) => (said, true),
        None => (rest, false),
    };
    let (name, after) = match has_name {
        true => text.split_once(said)?,
        false => ("", text.strip_prefix(said)?),
    };
    match has_why {
        true => Some((name, Some(after))),
        false => after.is_empty().then_some((name, None)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::statistics::{
        ContestNote, CrossValidationFailure, Error, LogisticFailure, ValidationNote, VuongFailure,
    };

    fn failures() -> [LogisticFailure; 10] {
        use LogisticFailure as Why;
        [
            Why::NoRows,
            Why::OutcomeNotBinary,
            Why::OneClass,
            Why::TooFewRows,
            Why::Constant(2),
            Why::Collinear(1),
            Why::CompleteSeparation,
            Why::QuasiCompleteSeparation,
            Why::NotConverged,
            Why::Overflow,
        ]
    }

    fn cross_validations() -> Vec<CrossValidationFailure> {
        use CrossValidationFailure as Why;
        let own = [
            Why::OneClass,
            Why::Collinear,
            Why::Separated,
            Why::NotConverged,
        ];
        own.into_iter().chain(failures().map(Why::NoFit)).collect()
    }

    fn validations() -> Vec<String> {
        use ValidationNote as Note;
        let own = [
            Note::NoRows,
            Note::ConstantOutcome,
            Note::ConstantKpi,
            Note::FewRows,
            Note::PerfectCorrelation,
            Note::NumericOutcome,
            Note::FewInClass,
            Note::Separated,
        ];
        let fits = failures().map(Note::NoFit);
        let folds = cross_validations().into_iter().map(Note::NoCrossValidation);
        own.into_iter()
            .chain(fits)
            .chain(folds)
            .map(|note| note.to_string().replace("the KPI", "nps"))
            .collect()
    }

    fn contests() -> Vec<String> {
        use ContestNote as Note;
        let own = [
            Note::NoRows,
            Note::ConstantOutcome,
            Note::ConstantFirst,
            Note::ConstantSecond,
            Note::NoCorrelationTest(Error::TooFewObservations),
            Note::NoCorrelationTest(Error::NotPositiveSemidefinite),
            Note::SameKpi,
            Note::PerfectCorrelation,
            Note::NumericOutcome,
            Note::FewInClass,
            Note::NoVariance,
            Note::TornFirst,
            Note::TornSecond,
            Note::NoVuong(VuongFailure::Alike),
        ];
        let first = failures().map(|why| Note::NoVuong(VuongFailure::First(why)));
        let second = failures().map(|why| Note::NoVuong(VuongFailure::Second(why)));
        own.into_iter()
            .chain(first)
            .chain(second)
            .map(|note| note.to_string())
            .map(|text| {
                text.replace("the first KPI", "nps")
                    .replace("the second KPI", "csat")
            })
            .collect()
    }

    /// Words that stand in any English note, and in no Spanish one.
    #[test]
    fn all_notes_are_known() {
        let english: BTreeSet<&str> = [
            "the",
            "there",
            "without",
            "fewer",
            "never",
            "no",
            "not",
            "determine",
            "are",
            "is",
            "has",
            "than",
        ]
        .into();
        // «no» is a word of both languages, and so are the names of the tests.
        let english: BTreeSet<&str> = english.into_iter().filter(|word| *word != "no").collect();
        for note in validations().iter().chain(&contests()) {
            let found = in_spanish(note);
            assert_ne!(&found, note);
            let mut words = found.split(|letter: char| !letter.is_alphabetic());
            assert!(!words.any(|word| english.contains(word)), "{note}: {found}");
        }
    }

    #[test]
    fn notes_keep_names_and_reasons() {
        let joined = "csat never varies; no vuong: csat has no model: regressor 1 never varies";
        assert_eq!(
            in_spanish(joined),
            "csat nunca varía; sin vuong: csat no tiene modelo: el regresor 1 nunca varía"
        );
        assert_eq!(in_spanish("something else"), "something else");
    }
}
