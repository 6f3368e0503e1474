//! A line over an axis, drawn with the dots of Braille characters: two across, four high.

use super::chart::{aligned, sampled};
use crate::interfaces::output::{Side, Style, pad, width};

/// Lines of characters.
const HEIGHT: usize = 10;

/// The values from left to right between their lowest and highest; gaps stay gaps.
pub(super) fn plot(values: &[Option<f64>], columns: usize, style: Style) -> String {
    let known = || values.iter().flatten().copied();
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let numbers = aligned(&[high, f64::midpoint(low, high), low]);
    let places = [0, HEIGHT / 2, HEIGHT - 1];
    let ticks = places.into_iter().zip(numbers);
    let is_flat = low >= high;
    let labels: Vec<(usize, String)> = ticks
        .filter(|(place, _)| !is_flat || *place == HEIGHT / 2)
        .collect();
    let left = labels
        .iter()
        .map(|(_, text)| width(text))
        .max()
        .unwrap_or(0);
    let room = columns.saturating_sub(left + 4).clamp(10, 100);
    let canvas = dots(values, room, low, high);
    let mut text = String::new();
    for (line, cells) in canvas.iter().enumerate() {
        let label = labels.iter().find(|(place, _)| *place == line);
        let axis = if label.is_some() { '┤' } else { '│' };
        let label = label.map_or("", |(_, text)| text.as_str());
        let cells: String = cells.iter().map(|dots| braille(*dots)).collect();
        let cells = style.accent(cells.trim_end());
        text.push_str(&format!(
            "{} {axis}{cells}\n",
            pad(label, left, Side::Right)
        ));
    }
    text
}

/// The dots of each character, line by line.
fn dots(values: &[Option<f64>], room: usize, low: f64, high: f64) -> Vec<Vec<u8>> {
    let values = sampled(values, room * 2);
    let mut canvas = vec![vec![0_u8; room]; HEIGHT];
    let span = if high > low { high - low } else { 1.0 };
    let rows = (HEIGHT * 4 - 1) as f64;
    let height = |value: f64| match high > low {
        true => ((high - value) / span * rows).round() as usize,
        false => HEIGHT * 2,
    };
    let across = (room * 2 - 1) as f64 / (values.len().max(2) - 1) as f64;
    let mut before: Option<(usize, usize)> = None;
    for (place, value) in values.iter().enumerate() {
        let point = value.map(|value| ((place as f64 * across).round() as usize, height(value)));
        if let Some(to) = point {
            segment(&mut canvas, before.unwrap_or(to), to);
        }
        before = point;
    }
    canvas
}

/// The dots between two points.
fn segment(canvas: &mut [Vec<u8>], from: (usize, usize), to: (usize, usize)) {
    let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
    let between = |a: usize, b: usize, step: usize| {
        let part = step as f64 / steps as f64;
        (a as f64 + (b as f64 - a as f64) * part).round() as usize
    };
    for step in 0..=steps {
        let (x, y) = (between(from.0, to.0, step), between(from.1, to.1, step));
        if let Some(cell) = canvas.get_mut(y / 4).and_then(|line| line.get_mut(x / 2)) {
            *cell |= dot(x % 2, y % 4);
        }
    }
}

/// The bit of a dot in a Braille character.
fn dot(x: usize, y: usize) -> u8 {
    const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    BITS[x][y]
}

fn braille(dots: u8) -> char {
    match dots {
        0 => ' ',
        dots => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_line_goes_from_corner_to_corner() {
        let values: Vec<Option<f64>> = (0..40).map(|n| Some(f64::from(n))).collect();
        let text = plot(&values, 26, Style::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), HEIGHT);
        assert!(lines[0].starts_with("39.0 ┤  "), "{text}");
        assert!(lines[HEIGHT - 1].starts_with(" 0.0 ┤"), "{text}");
        assert!(!lines[HEIGHT - 1].ends_with(['┤', ' ']), "{text}");
        assert!(!lines[0].ends_with('┤'), "{text}");
    }

    #[test]
    fn equal_values_and_gaps_are_drawn_too() {
        let text = plot(&[Some(1.0), None, Some(1.0)], 20, Style::default());
        assert!(
            text.lines()
                .any(|line| line.contains('⠁') || line.contains('⠈')),
            "{text}"
        );
    }
}
