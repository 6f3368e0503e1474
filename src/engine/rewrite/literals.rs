//! Numbers with more digits than a DOUBLE keeps, exactly.
//!
//! Here because the planner reads `1234567890123456789.12` as the nearest DOUBLE, and an integer beyond
//! 64 bits too: the digits are gone before any cast sees them.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    CastKind, DataType, ExactNumberInfo, Expr, Value, VisitorMut,
};

use super::walk;

/// Digits that every DOUBLE keeps, and those that a DECIMAL has.
const OF_DOUBLE: usize = 15;
const OF_DECIMAL: usize = 38;

/// Turns such numbers into decimals.
pub(super) fn keep(statement: &mut Statement) {
    let _: ControlFlow<()> = walk(statement, &mut Literals);
}

struct Literals;

impl VisitorMut for Literals {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Value(value) = expr
            && let Value::Number(digits, _) = &value.value
            && let Some((precision, scale)) = size(digits)
        {
            let text = Value::SingleQuotedString(digits.to_string());
            *expr = Expr::Cast {
                kind: CastKind::Cast,
                expr: Box::new(Expr::Value(text.into())),
                data_type: DataType::Decimal(ExactNumberInfo::PrecisionAndScale(precision, scale)),
                array: false,
                format: None,
            };
        }
        ControlFlow::Continue(())
    }
}

/// Precision and scale of a number that only a decimal keeps.
fn size(number: &str) -> Option<(u64, i64)> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || number.parse::<u64>().is_ok() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let significant = whole.len() + part.trim_end_matches('0').len();
    let digits = whole.len() + part.len();
    let is_beyond = significant > OF_DOUBLE && digits <= OF_DECIMAL;
    let (digits, scale) = (u64::try_from(digits).ok()?, i64::try_from(part.len()).ok()?);
    is_beyond.then_some((digits, scale))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn only_what_a_double_would_change_becomes_a_decimal() {
        assert_eq!(size("12345678901234567890123"), Some((23, 0)));
        assert_eq!(size("1234567890123456789.12"), Some((21, 2)));
        assert_eq!(size("0.12345678901234567"), Some((17, 17)));
        for stays in [
            "18446744073709551615",
            "0.1",
            "1.50000000000000000",
            "1e300",
            "1.5e-7",
        ] {
            assert_eq!(size(stays), None, "{stays}");
        }
        assert_eq!(size(&"9".repeat(39)), None);
    }
}
