//! The name that was probably meant.

use datafusion::common::utils::datafusion_strsim::levenshtein;

/// Letters from which on a beginning says enough.
const SHORTEST: usize = 3;

/// Names that are listed where none is near.
const MOST_SHOWN: usize = 20;

/// The candidate that differs least from a name, if it differs little enough: by at most a third
/// of its letters, without regard to case; among equals one of the same length. Else the shortest
/// that begins with it.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = name.to_lowercase();
    let letters = name.chars().count();
    let allowed = ((letters + 1) / 3).max(1).min(letters.saturating_sub(1));
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let beginning = || {
        let longer = candidates
            .iter()
            .filter(|longer| name.len() >= SHORTEST && longer.to_lowercase().starts_with(&name));
        longer.min_by_key(|longer| longer.len()).copied()
    };
    candidates
        .iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| {
            let longer = candidate.chars().count().abs_diff(name.chars().count());
            (*distance, longer, **candidate)
        })
        .map(|(_, candidate)| *candidate)
        .or_else(beginning)
}

/// What is said after an unknown name: `did you mean x?`, or what there is; `none` where there is
/// nothing.
pub(crate) fn hint<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    none: &str,
) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(name, candidates.iter().copied()) {
        Some(meant) => format!("did you mean {meant}?"),
        None if candidates.is_empty() => none.to_owned(),
        None => {
            let shown = &candidates[..candidates.len().min(MOST_SHOWN)];
            let more = match candidates.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("there are {}{more}", shown.join(", "))
        }
    }
}

/// The edits between two names; letters in the wrong order are one slip.
fn distance(one: &str, other: &str) -> usize {
    let sorted = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    match levenshtein(one, other) {
        2 if sorted(one) == sorted(other) => 1,
        edits => edits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_the_nearest_or_what_there_is() {
        assert_eq!(hint("npss", ["nps", "csat"], "none"), "did you mean nps?");
        assert_eq!(
            hint("value", ["nps", "csat"], "none"),
            "there are nps, csat"
        );
        assert_eq!(hint("value", [], "none"), "none");
        let many: Vec<String> = (0..22).map(|number| format!("{number}{number}")).collect();
        let said = hint("value", many.iter().map(String::as_str), "none");
        assert!(said.ends_with("1919 and 2 more"), "{said}");
    }

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let tables = ["responses", "customers", "invitations"];
        assert_eq!(nearest("response", tables), Some("responses"));
        assert_eq!(nearest("CUSTOMRES", tables), Some("customers"));
        assert_eq!(nearest("coutn", ["cot", "count"]), Some("count"));
        assert_eq!(nearest("nsp", ["ces", "nps"]), Some("nps"));
        assert_eq!(nearest("int", ["text", "integer"]), Some("integer"));
        assert_eq!(nearest("prices", tables), None);
        assert_eq!(nearest("x", ["a", "y"]), None);
        assert_eq!(nearest("x", []), None);
    }
}
