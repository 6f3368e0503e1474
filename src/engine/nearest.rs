//! The name that was probably meant.

use datafusion::common::utils::datafusion_strsim::levenshtein;

/// The candidate that differs least from a name, if it differs little enough: by at most a third
/// of its letters, without regard to case; among equals one of the same length.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let allowed = name.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| {
            let longer = candidate.chars().count().abs_diff(name.chars().count());
            (*distance, longer, *candidate)
        })
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let tables = ["responses", "customers", "invitations"];
        assert_eq!(nearest("response", tables), Some("responses"));
        assert_eq!(nearest("CUSTOMRES", tables), Some("customers"));
        assert_eq!(nearest("coutn", ["cot", "count"]), Some("count"));
        assert_eq!(nearest("prices", tables), None);
        assert_eq!(nearest("x", []), None);
    }
}
