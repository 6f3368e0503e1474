//! Lines and bars of block characters; pure, each within the width it was given.

/// Eighths of a character, from the left.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Heights of a character.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A line of heights between the lowest and the highest value; a missing value is a gap, equal
/// values stand at half height.
pub(crate) fn sparkline(values: &[Option<f64>]) -> String {
    let known = || {
        values
            .iter()
            .flatten()
            .copied()
            .filter(|value| value.is_finite())
    };
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let height = |value: f64| {
        let place = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        HEIGHTS[((place * 8.0) as usize).min(7)]
    };
    values
        .iter()
        .map(|value| value.filter(|value| value.is_finite()).map_or(' ', height))
        .collect()
}

/// A bar from the left: `value` of `full` in `columns`, to an eighth of a column.
pub(crate) fn bar(value: f64, full: f64, columns: usize) -> String {
    let eighths = (share(value, full) * (columns * 8) as f64).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A bar to the left (negative) or right of an axis, `columns` on each side, to half a column on
/// the left and an eighth on the right.
pub(crate) fn around_zero(value: f64, full: f64, columns: usize) -> String {
    let right = bar(value.max(0.0), full, columns);
    let halves = (share(-value, full) * (columns * 2) as f64).round() as usize;
    let left = format!("{}{}", "▐".repeat(halves % 2), "█".repeat(halves / 2));
    let gap = " ".repeat(columns - halves.div_ceil(2));
    format!("{gap}{left}│{right}")
}

/// What part of the whole, between 0 and 1; nothing of nothing is 0.
fn share(value: f64, full: f64) -> f64 {
    let share = value / full;
    if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_rises_from_lowest_to_highest() {
        let values: Vec<Option<f64>> = (0..8).map(|n| Some(f64::from(n))).collect();
        assert_eq!(sparkline(&values), "▁▂▃▄▅▆▇█");
    }

    #[test]
    fn gaps_and_flat_lines() {
        assert_eq!(
            sparkline(&[Some(1.0), None, Some(f64::NAN), Some(2.0)]),
            "▁  █"
        );
        assert_eq!(sparkline(&[Some(3.0); 3]), "▅▅▅");
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn a_bar_is_exact_to_an_eighth() {
        assert_eq!(bar(50.0, 100.0, 4), "██");
        assert_eq!(bar(1.0, 8.0, 1), "▏");
        assert_eq!(bar(200.0, 100.0, 3), "███");
        assert_eq!(bar(-1.0, 100.0, 3), "");
        assert_eq!(bar(1.0, 0.0, 3), "");
    }

    #[test]
    fn a_bar_around_zero_keeps_its_axis_in_place() {
        assert_eq!(around_zero(-1.0, 1.0, 3), "███│");
        assert_eq!(around_zero(-0.5, 1.0, 3), " ▐█│");
        assert_eq!(around_zero(0.5, 1.0, 2), "  │█");
        assert_eq!(around_zero(0.0, 0.0, 2), "  │");
    }
}
