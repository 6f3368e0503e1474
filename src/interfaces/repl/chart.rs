//! The last result as a picture of characters: lines, bars, a histogram, sparklines.

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use super::drawing::{Drawing, Series};
use super::plot::plot;
use crate::error::Result;
use crate::interfaces::output::chart::{around_zero, bar, sparkline};
use crate::interfaces::output::{Side, Style, pad, width};

/// Bars and labels that are drawn.
const BARS: usize = 50;
/// Classes of a histogram.
const CLASSES: usize = 12;

/// How a result is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    /// A number over rows in their order
    Line,
    /// A bar a row
    Bar,
    /// How often a number lies where
    Histogram,
    /// A small line a number
    Sparkline,
}

/// Draws a result within `columns`; without a kind, over time as a line, else as bars.
///
/// # Errors
/// [`Error::Usage`] for a result without rows or numbers.
pub(super) fn draw(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    kind: Option<Kind>,
    columns: usize,
    style: Style,
) -> Result<String> {
    let drawing = Drawing::read(schema, batches)?;
    // Rows that have no order in time are compared, or counted.
    let kind = kind.or(match (&drawing.labels, drawing.is_over_time) {
        (Some(_), false) => Some(Kind::Bar),
        (None, false) if drawing.series.len() == 1 => Some(Kind::Histogram),
        _ => None,
    });
    match kind {
        Some(Kind::Bar) => return Ok(bars(&drawing.with_all_labels(), columns, style)),
        Some(Kind::Histogram) => return Ok(histogram(&drawing.series[0], columns, style)),
        Some(Kind::Sparkline | Kind::Line) | None => {}
    }
    let drawing = drawing.by_parts()?;
    Ok(match (kind, drawing.is_parted) {
        (Some(Kind::Sparkline), _) | (None, true) => sparklines(&drawing, columns, style),
        (_, true) => drawing
            .apart()
            .map(|part| lines(&part, columns, style))
            .collect(),
        (_, false) => lines(&drawing, columns, style),
    })
}

/// Numbers with as many decimals as the one that needs most, at most two, or four for small ones.
pub(super) fn aligned(numbers: &[f64]) -> Vec<String> {
    let largest = numbers.iter().fold(0.0_f64, |most, n| most.max(n.abs()));
    let most = match largest {
        size if size >= 1000.0 => 0,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let places = |number: &f64| {
        let text = format!("{number:.most$}");
        let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
        decimals.trim_end_matches('0').len()
    };
    let places = numbers.iter().map(places).max().unwrap_or(0);
    let text = |number: &f64| format!("{number:.places$}");
    numbers.iter().map(text).collect()
}

/// One number, without digits that say nothing.
fn short(number: f64) -> String {
    aligned(&[number]).swap_remove(0)
}

fn bars(drawing: &Drawing, columns: usize, style: Style) -> String {
    let (name, values) = &drawing.series[0];
    let shown = &values[..values.len().min(BARS)];
    let numbered = || (1..=shown.len()).map(|row| row.to_string()).collect();
    let labels: Vec<String> = drawing.labels.clone().unwrap_or_else(numbered);
    let known: Vec<f64> = shown.iter().flatten().copied().collect();
    let mut numbers = aligned(&known).into_iter();
    let mut text = |value: &Option<f64>| value.and_then(|_| numbers.next());
    let texts: Vec<String> = shown
        .iter()
        .map(|value| text(value).unwrap_or_else(|| "NULL".to_owned()))
        .collect();
    let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
    let (left, right) = (widest(&labels[..shown.len()]), widest(&texts));
    let room = columns.saturating_sub(left + right + 4).clamp(8, 60);
    let bars = drawn_bars(shown, room);
    let mut text = format!("{}\n", style.bold(name));
    for (label, (bar, number)) in labels.iter().zip(bars.iter().zip(&texts)) {
        let label = pad(label, left, Side::Left);
        let number = pad(number, right, Side::Right);
        text.push_str(&format!("{label} {number} {}\n", style.accent(bar)));
    }
    if values.len() > shown.len() {
        let more = values.len() - shown.len();
        text.push_str(&style.dim(&format!("{more} more rows are not drawn\n")));
    }
    text
}

/// The bars of values; with negative ones around an axis that has only the room it needs.
fn drawn_bars(values: &[Option<f64>], room: usize) -> Vec<String> {
    let least = values.iter().flatten().copied().fold(0.0, f64::min);
    let most = values.iter().flatten().copied().fold(0.0, f64::max);
    let full = most.max(-least);
    let values = values.iter().map(|value| value.unwrap_or(0.0));
    if least >= 0.0 {
        return values.map(|value| bar(value, full, room)).collect();
    }
    let side = (room as f64 * full / (most - least)) as usize;
    let bars: Vec<String> = values.map(|value| around_zero(value, full, side)).collect();
    let indent = |bar: &String| bar.len() - bar.trim_start_matches(' ').len();
    let spare = bars.iter().map(indent).min().unwrap_or(0);
    bars.into_iter()
        .map(|bar| bar[spare..].to_owned())
        .collect()
}

fn histogram((name, values): &Series, columns: usize, style: Style) -> String {
    let numbers: Vec<f64> = values.iter().flatten().copied().collect();
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let are_whole = numbers.iter().all(|number| number.fract() == 0.0);
    let span = high - low;
    // Few whole numbers, as scores are, have a class each.
    let each = are_whole && span < 2.0 * CLASSES as f64;
    let classes = match each {
        true => span as usize + 1,
        false => CLASSES,
    };
    let step = if each { 1.0 } else { span / classes as f64 };
    let mut counts = vec![0_usize; classes];
    for number in &numbers {
        let class = ((number - low) / step) as usize;
        counts[class.min(classes - 1)] += 1;
    }
    let labels = (0..classes).map(|class| {
        let from = low + class as f64 * step;
        match each {
            true => short(from),
            false => format!("{} – {}", short(from), short(from + step)),
        }
    });
    let drawing = Drawing::of(
        labels.collect(),
        (
            format!("{name} ({} values)", numbers.len()),
            counts.iter().map(|count| Some(*count as f64)).collect(),
        ),
    );
    bars(&drawing, columns, style)
}

fn sparklines(drawing: &Drawing, columns: usize, style: Style) -> String {
    let names = drawing.series.iter().map(|(name, _)| width(name)).max();
    let left = names.unwrap_or(0);
    let room = columns.saturating_sub(left + 30).max(10);
    let mut text = String::new();
    for (name, values) in &drawing.series {
        let known = || values.iter().flatten().copied();
        let low = known().fold(f64::INFINITY, f64::min);
        let high = known().fold(f64::NEG_INFINITY, f64::max);
        let line = sparkline(&sampled(values, room));
        let ends = match low <= high {
            true => format!("{} … {}", short(low), short(high)),
            false => "no values".to_owned(),
        };
        text.push_str(&format!(
            "{} {} {}\n",
            style.bold(&pad(name, left, Side::Left)),
            style.accent(&line),
            style.dim(&ends)
        ));
    }
    text
}

fn lines(drawing: &Drawing, columns: usize, style: Style) -> String {
    let (name, values) = &drawing.series[0];
    let mut text = format!("{}\n", style.bold(name));
    text.push_str(&plot(values, columns, style));
    let labels = drawing.labels.as_ref();
    if let Some((first, last)) = labels.and_then(|labels| Some((labels.first()?, labels.last()?))) {
        text.push_str(&style.dim(&format!("{first} – {last}, {} rows\n", values.len())));
    }
    if drawing.series.len() > 1 {
        let others: Vec<&str> = drawing.series[1..]
            .iter()
            .map(|(n, _)| n.as_str())
            .collect();
        let others = others.join(", ");
        text.push_str(&style.dim(&format!(
            "not drawn: {others}; \\chart sparkline draws all\n"
        )));
    }
    text
}

/// At most so many values, each the mean of its neighbours.
pub(super) fn sampled(values: &[Option<f64>], most: usize) -> Vec<Option<f64>> {
    if values.len() <= most {
        return values.to_vec();
    }
    let mean = |place: usize| {
        let (from, to) = (
            place * values.len() / most,
            (place + 1) * values.len() / most,
        );
        let known: Vec<f64> = values[from..to].iter().flatten().copied().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    (0..most).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};

    use super::*;

    fn drawn(columns: Vec<(&str, ArrayRef)>, kind: Option<Kind>) -> String {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        draw(&batch.schema(), &[batch], kind, 40, Style::default()).unwrap()
    }

    fn touchpoints() -> Vec<(&'static str, ArrayRef)> {
        vec![
            (
                "touchpoint",
                Arc::new(StringArray::from(vec!["app", "returns"])) as _,
            ),
            ("nps", Arc::new(Float64Array::from(vec![45.8, 22.9])) as _),
        ]
    }

    #[test]
    fn labels_make_bars() {
        let expected = "nps\napp     45.8 █████████████████████████\n\
                        returns 22.9 ████████████▌\n";
        assert_eq!(drawn(touchpoints(), None), expected);
    }

    #[test]
    fn negative_bars_take_the_room_they_need() {
        let numbers = Float64Array::from(vec![30.0, -10.0]);
        let names = StringArray::from(vec!["a", "b"]);
        let columns: Vec<(&str, ArrayRef)> =
            vec![("t", Arc::new(names) as _), ("x", Arc::new(numbers) as _)];
        let text = drawn(columns, None);
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[1].starts_with("a  30        ") && lines[2].starts_with("b -10 █"),
            "{text}"
        );
    }

    #[test]
    fn numbers_share_their_decimals() {
        assert_eq!(aligned(&[29.0, 45.8, -3.8]), ["29.0", "45.8", "-3.8"]);
        assert_eq!(aligned(&[1.0, 2.0]), ["1", "2"]);
        assert_eq!(aligned(&[0.12345, 1234.5]), ["0", "1234"]);
    }

    #[test]
    fn a_number_alone_makes_a_histogram() {
        let scores = Int64Array::from(vec![Some(1), Some(1), Some(3), None]);
        let text = drawn(vec![("score", Arc::new(scores) as _)], None);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "score (3 values)");
        assert_eq!(lines.len(), 4, "{text}");
        assert!(
            lines[1].starts_with("1 2 ██") && lines[2].starts_with("2 0"),
            "{text}"
        );
    }

    #[test]
    fn sparklines_tell_their_ends() {
        let text = drawn(touchpoints(), Some(Kind::Sparkline));
        assert_eq!(text, "nps █▁ 22.9 … 45.8\n");
    }

    #[test]
    fn a_dimension_over_time_has_a_line_a_part() {
        let day = |day: i32| Some(20_000 + day);
        let periods = arrow::array::Date32Array::from(vec![day(0), day(0), day(1), day(1)]);
        let rows = |names: Vec<&str>| -> Vec<(&'static str, ArrayRef)> {
            let values = Float64Array::from(vec![1.0, 20.0, 3.0, 10.0]);
            vec![
                ("period", Arc::new(periods.clone()) as _),
                ("channel", Arc::new(StringArray::from(names)) as _),
                ("value", Arc::new(values) as _),
            ]
        };
        let text = drawn(rows(vec!["app", "web", "app", "web"]), None);
        assert_eq!(text, "app ▁█ 1 … 3\nweb █▁ 10 … 20\n");
        let text = drawn(rows(vec!["app", "web", "app", "web"]), Some(Kind::Line));
        assert!(text.contains("app\n") && text.contains("web\n"), "{text}");
        let many: Vec<String> = (0..6).map(|part| format!("part {part}")).collect();
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "period",
                Arc::new(arrow::array::Date32Array::from(vec![day(0); 6])) as _,
            ),
            ("channel", Arc::new(StringArray::from(many)) as _),
            ("value", Arc::new(Float64Array::from(vec![1.0; 6])) as _),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let refused = draw(&batch.schema(), &[batch], None, 40, Style::default()).unwrap_err();
        assert!(
            refused.to_string().contains("channel has 6 values"),
            "{refused}"
        );
    }

    #[test]
    fn the_axis_is_time_whatever_the_order_of_the_rows() {
        let days = arrow::array::Date32Array::from(vec![20_002, 20_000, 20_001]);
        let values = Float64Array::from(vec![3.0, 1.0, 2.0]);
        let columns: Vec<(&str, ArrayRef)> =
            vec![("day", Arc::new(days) as _), ("x", Arc::new(values) as _)];
        let text = drawn(columns, Some(Kind::Sparkline));
        assert_eq!(text, "x ▁▅█ 1 … 3\n");
        let twice = arrow::array::Date32Array::from(vec![20_000, 20_000]);
        let values = Float64Array::from(vec![3.0, 1.0]);
        let rows: Vec<(&str, ArrayRef)> =
            vec![("day", Arc::new(twice) as _), ("x", Arc::new(values) as _)];
        let batch = RecordBatch::try_from_iter(rows).unwrap();
        let refused = draw(&batch.schema(), &[batch], None, 40, Style::default()).unwrap_err();
        assert!(
            refused.to_string().contains("several rows are of one time"),
            "{refused}"
        );
    }

    #[test]
    fn several_dimensions_are_drawn_together() {
        let text = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
        let rows = || -> Vec<(&'static str, ArrayRef)> {
            vec![
                (
                    "period",
                    Arc::new(arrow::array::Date32Array::from(vec![20_000, 20_000])) as _,
                ),
                ("channel", text(["web", "web"])),
                ("segment", text(["basic", "plus"])),
                ("x", Arc::new(Float64Array::from(vec![3.0, 1.0])) as _),
            ]
        };
        let drawn_apart = drawn(rows(), None);
        assert!(drawn_apart.contains("web · basic") && drawn_apart.contains("web · plus"));
        let bars = drawn(rows(), Some(Kind::Bar));
        assert!(bars.contains("2024-10-04 web · basic"), "{bars}");
    }

    #[test]
    fn a_line_has_an_axis() {
        let numbers = Float64Array::from(vec![0.0, 10.0]);
        let text = drawn(vec![("x", Arc::new(numbers) as _)], Some(Kind::Line));
        assert!(text.contains("10 ┤") && text.contains("0 ┤"), "{text}");
    }

    #[test]
    fn nothing_to_draw_is_said() {
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let batch = RecordBatch::try_from_iter([("name", names)]).unwrap();
        let schema = batch.schema();
        let error = draw(&schema, &[batch], None, 40, Style::default()).unwrap_err();
        assert!(error.to_string().contains("no numbers"), "{error}");
        assert!(draw(&schema, &[], None, 40, Style::default()).is_err());
    }
}
