//! The dirty variant of `responses`: the CSV that a real survey tool would hand over.
//!
//! The rows are those of the clean table, spoilt at known rates, so what an import makes of
//! them can be checked against the truth. [`RATES`] is the documentation of the dirt.

use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::{DateTime, NaiveDateTime};

use super::answers::Answer;
use super::chance::{Chance, Purpose};
use super::columns::{region, weight};
use super::vocabulary::{CHANNELS, COUNTRIES, LANGUAGES, REASONS, REGIONS, SEGMENTS, TOUCHPOINTS};

/// Shares of rows (0–1) spoilt in each way; the ways are drawn independently.
#[derive(Debug)]
pub(super) struct Rates {
    /// The row is written twice, one after the other.
    pub(super) duplicate: f32,
    /// `nps` is 11, −1 or 99.
    pub(super) nps_outside: f32,
    /// `nps` is text.
    pub(super) nps_text: f32,
    /// `csat` is 0 or 6.
    pub(super) csat_outside: f32,
    /// `csat` is text.
    pub(super) csat_text: f32,
    /// A blank score is written as a word for blank; of the blank cells, not of the rows.
    pub(super) blank_word: f32,
    /// `nps` is lost.
    pub(super) nps_lost: f32,
    /// `responded_at` is `03/11/2024 10:15`.
    pub(super) day_first: f32,
    /// `responded_at` is `2024-11-03`.
    pub(super) date_only: f32,
    /// `responded_at` is `3 Nov 2024 10:15`.
    pub(super) month_name: f32,
    /// `touchpoint` has spaces before or after.
    pub(super) stray_space: f32,
    /// `segment` is in capitals.
    pub(super) capitals: f32,
    /// The comment runs over two lines; of the comments, not of the rows.
    pub(super) line_break: f32,
}

/// The rates of dirt.
pub(super) const RATES: Rates = Rates {
    duplicate: 0.01,
    nps_outside: 0.01,
    nps_text: 0.005,
    csat_outside: 0.005,
    csat_text: 0.005,
    blank_word: 0.30,
    nps_lost: 0.02,
    day_first: 0.05,
    date_only: 0.03,
    month_name: 0.02,
    stray_space: 0.02,
    capitals: 0.02,
    line_break: 0.05,
};

const BYTE_ORDER_MARK: &str = "\u{feff}";
const HEADER: &str = "response_id,responded_at,customer_id,source,touchpoint,channel,segment,\
region,country,nps,csat,ces,expectation,staff,price,reason,comment,language,weight\r\n";
const OUTSIDE: [&str; 4] = ["11", "11", "-1", "99"];
const TEXTS: [&str; 4] = ["ten", "siete", "N/A", "?"];
const BLANKS: [&str; 3] = ["NULL", "-", " "];

/// Opens a file: byte order mark and header.
pub(super) fn begin(out: &mut impl Write) -> io::Result<()> {
    write!(out, "{BYTE_ORDER_MARK}{HEADER}")
}

/// Writes the answers of a chunk with their dirt; returns the lines of data written, duplicates
/// included.
pub(super) fn append(
    out: &mut impl Write,
    (seed, chunk): (u64, u64),
    answers: &[Answer],
    comments: &[String],
) -> io::Result<u64> {
    let mut chance = Chance::stream(seed, Purpose::Dirt, chunk);
    let mut line = String::new();
    let mut written = 0;
    for answer in answers {
        line.clear();
        spoil(&mut line, answer, comments, &mut chance);
        let copies = 1 + u64::from(chance.hits(RATES.duplicate));
        for _ in 0..copies {
            out.write_all(line.as_bytes())?;
        }
        written += copies;
    }
    Ok(written)
}

fn spoil(line: &mut String, answer: &Answer, comments: &[String], chance: &mut Chance) {
    let country = &COUNTRIES[usize::from(answer.country)];
    let (channel, source, _) = CHANNELS[usize::from(answer.channel)];
    let mut cells: Vec<String> = vec![
        answer.response_id.to_string(),
        instant(answer.second, chance),
        answer.customer_id.to_string(),
        source.to_owned(),
        spaced(TOUCHPOINTS[usize::from(answer.touchpoint)].name, chance),
        channel.to_owned(),
        capitals(SEGMENTS[usize::from(answer.segment)].name, chance),
        REGIONS[usize::from(region(answer.country))].0.to_owned(),
        country.0.to_owned(),
        nps(answer.nps, chance),
        csat(answer.csat, chance),
    ];
    let others = [answer.ces, answer.expectation, answer.staff, answer.price];
    cells.extend(others.map(|score| cell(score, chance)));
    let reason = answer.reason.map_or("", |r| REASONS[usize::from(r)].0);
    let comment = answer
        .comment
        .map(|place| comments[usize::from(place)].as_str());
    cells.push(reason.to_owned());
    cells.push(comment.map(|text| broken(text, chance)).unwrap_or_default());
    cells.push(LANGUAGES[usize::from(answer.language)].to_owned());
    cells.push(weight(answer).to_string());
    for (place, text) in cells.iter().enumerate() {
        line.push_str(if place == 0 { "" } else { "," });
        quote(line, text);
    }
    line.push_str("\r\n");
}

fn nps(score: Option<i8>, chance: &mut Chance) -> String {
    if chance.hits(RATES.nps_outside) {
        return one_of(&OUTSIDE, chance);
    }
    if chance.hits(RATES.nps_text) {
        return one_of(&TEXTS, chance);
    }
    let lost = chance.hits(RATES.nps_lost);
    cell(score.filter(|_| !lost), chance)
}

fn csat(score: Option<i8>, chance: &mut Chance) -> String {
    if chance.hits(RATES.csat_outside) {
        return one_of(&["0", "6"], chance);
    }
    if chance.hits(RATES.csat_text) {
        return one_of(&TEXTS, chance);
    }
    cell(score, chance)
}

fn cell(score: Option<i8>, chance: &mut Chance) -> String {
    match score {
        Some(score) => score.to_string(),
        None if chance.hits(RATES.blank_word) => one_of(&BLANKS, chance),
        None => String::new(),
    }
}

fn instant(second: i64, chance: &mut Chance) -> String {
    let at: NaiveDateTime = DateTime::from_timestamp(second, 0)
        .unwrap_or_default()
        .naive_utc();
    let share = chance.share();
    let format = match share {
        s if s < RATES.day_first => "%d/%m/%Y %H:%M",
        s if s < RATES.day_first + RATES.date_only => "%Y-%m-%d",
        s if s < RATES.day_first + RATES.date_only + RATES.month_name => "%-d %b %Y %H:%M",
        _ => "%Y-%m-%dT%H:%M:%SZ",
    };
    let mut text = String::new();
    write!(text, "{}", at.format(format)).expect("the formats above are valid");
    text
}

fn spaced(text: &str, chance: &mut Chance) -> String {
    match chance.hits(RATES.stray_space) {
        true if chance.hits(0.5) => format!(" {text}"),
        true => format!("{text}  "),
        false => text.to_owned(),
    }
}

fn capitals(text: &str, chance: &mut Chance) -> String {
    if chance.hits(RATES.capitals) {
        text.to_uppercase()
    } else {
        text.to_owned()
    }
}

/// The comment with its first space turned into a line break, now and then.
fn broken(text: &str, chance: &mut Chance) -> String {
    if chance.hits(RATES.line_break) {
        text.replacen(' ', "\n", 1)
    } else {
        text.to_owned()
    }
}

fn one_of(texts: &[&str], chance: &mut Chance) -> String {
    texts[chance.below(texts.len() as u64) as usize].to_owned()
}

/// A cell as RFC 4180 wants it.
fn quote(line: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::World;
    use super::{BYTE_ORDER_MARK, RATES, append, begin, quote};

    #[test]
    fn cells_are_quoted_when_they_must() {
        let mut line = String::new();
        quote(&mut line, "a, \"b\"");
        assert_eq!(line, "\"a, \"\"b\"\"\"");
    }

    #[test]
    fn dirt_comes_at_its_rates() {
        let rows = 40_000;
        let world = World::new(4, rows);
        let (answers, _) = world.chunk(0, 0..rows);
        let mut file = Vec::new();
        begin(&mut file).unwrap();
        let lines = append(&mut file, (4, 0), &answers, world.comments.texts()).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(text.starts_with(BYTE_ORDER_MARK));
        let share = |count: usize| count as f32 / rows as f32;
        let near = |count: usize, rate: f32| (share(count) / rate - 1.0).abs() < 0.2;
        assert!(
            near(lines as usize - rows as usize, RATES.duplicate),
            "{lines}"
        );
        let cell = |place: usize, wanted: &[&str]| {
            let records = text.split("\r\n").filter(|r| !r.contains('\n'));
            records
                .filter(|r| r.split(',').nth(place).is_some_and(|c| wanted.contains(&c)))
                .count()
        };
        assert!(near(cell(9, &["11", "-1", "99"]), RATES.nps_outside));
        assert!(near(cell(9, &["ten", "siete", "N/A", "?"]), RATES.nps_text));
        assert!(near(cell(10, &["0", "6"]), RATES.csat_outside));
        let slashes = text
            .split("\r\n")
            .filter(|r| r.split(',').nth(1).is_some_and(|at| at.contains('/')));
        assert!(near(slashes.count(), RATES.day_first));
    }
}
