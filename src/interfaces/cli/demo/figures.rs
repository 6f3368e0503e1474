//! Numbers for people: few decimals, thousands apart, a dash where there is none.

/// A number with so many decimals; `–` when there is none.
pub(super) fn decimal(value: Option<f64>, places: usize) -> String {
    match value.filter(|value| value.is_finite()) {
        None => "–".to_owned(),
        Some(value) => {
            let text = format!("{value:.places$}");
            let is_zero = text.trim_matches(['-', '0', '.']).is_empty();
            // What rounds to nothing has no sign.
            if is_zero {
                text.trim_start_matches('-').to_owned()
            } else {
                thousands(&text)
            }
        }
    }
}

/// A count.
pub(super) fn count(value: Option<f64>) -> String {
    decimal(value, 0)
}

/// `low … high`.
pub(super) fn interval(low: Option<f64>, high: Option<f64>, places: usize) -> String {
    format!("{} … {}", decimal(low, places), decimal(high, places))
}

/// Commas between thousands; decimals and sign stay.
fn thousands(text: &str) -> String {
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(decimal(Some(12.345), 1), "12.3");
        assert_eq!(decimal(Some(-0.04), 1), "0.0");
        assert_eq!(decimal(None, 1), "–");
        assert_eq!(decimal(Some(-1_234_567.0), 2), "-1,234,567.00");
        assert_eq!(count(Some(999.0)), "999");
        assert_eq!(interval(Some(-1.0), Some(2.0), 1), "-1.0 … 2.0");
    }
}
