//! Words for yes and no, in the languages of the project's users.

/// Words for yes.
const YES: [&str; 10] = [
    "true",
    "t",
    "yes",
    "y",
    "on",
    "1",
    "sí",
    "si",
    "s",
    "verdadero",
];
/// Words for no.
const NO: [&str; 7] = ["false", "f", "no", "n", "off", "0", "falso"];

/// What a word says of yes and no, in any case and between blanks; `None` where it says something else.
#[must_use]
pub fn flag_of(text: &str) -> Option<bool> {
    let word = text.trim().to_lowercase();
    let is_yes = YES.contains(&word.as_str());
    (is_yes || NO.contains(&word.as_str())).then_some(is_yes)
}

#[cfg(test)]
mod tests {
    use super::flag_of;

    #[test]
    fn yes_no_and_neither() {
        assert_eq!([" Sí", "TRUE", "on"].map(flag_of), [Some(true); 3]);
        assert_eq!(["No", "0", "falso "].map(flag_of), [Some(false); 3]);
        assert_eq!(["", "2", "maybe"].map(flag_of), [None; 3]);
    }
}
