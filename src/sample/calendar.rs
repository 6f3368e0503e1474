//! Five years of days: how busy each is, when in the day people answer, and the incident.
//!
//! The years are fixed, so the last complete month of the sample never depends on today's date.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::vocabulary::TOUCHPOINTS;

/// Days from 2021-07-01 to 2026-06-30, both included.
pub(super) const DAYS: usize = 1826;
/// 2021-07-01 as days since 1970-01-01.
pub(super) const FIRST_DAY: i32 = 18_809;

const SECONDS_OF_DAY: i64 = 86_400;
const CLOCK_STEPS: usize = 96;

/// How busy a month is, January first.
const MONTHS: [f64; 12] = [
    0.95, 0.92, 0.98, 1.0, 1.02, 1.0, 0.95, 0.80, 1.02, 1.06, 1.18, 1.22,
];
/// How busy a day of the week is, Monday first.
const WEEKDAYS: [f64; 7] = [1.12, 1.10, 1.06, 1.04, 1.08, 0.85, 0.75];
/// What a month does to the mood, January first: the Christmas rush costs patience.
const MONTH_MOOD: [f32; 12] = [
    -0.05, 0.0, 0.02, 0.03, 0.03, 0.02, 0.02, 0.04, 0.0, 0.0, -0.08, -0.16,
];
/// How the growth of five years ends, against a start of 1.
const GROWTH: f64 = 2.2;

/// The incident: from when the warehouse moves to when parcels arrive on time again, as days
/// since the first: begins, at its worst, still at its worst, over.
const INCIDENT: [f32; 4] = [1_222.0, 1_236.0, 1_291.0, 1_319.0];
/// What delivery loses at the worst of the incident, in standard deviations of opinion.
const INCIDENT_DEPTH: f32 = 1.9;
/// What delivery gains for good once the incident is over.
const RECOVERY: f32 = 0.3;

/// The days of the sample, laid out for a number of rows.
#[derive(Debug)]
pub(super) struct Calendar {
    /// Rows before the end of each day.
    ends: Vec<u64>,
    /// Seconds into the day by which each 96th of its events has happened.
    clock: Vec<f64>,
    /// Mood by touchpoint and day.
    mood: Vec<[f32; TOUCHPOINTS.len()]>,
}

impl Calendar {
    /// Lays `rows` out over the days.
    pub(super) fn new(rows: u64) -> Self {
        let busy: Vec<f64> = (0..DAYS).map(busyness).collect();
        let total: f64 = busy.iter().sum();
        let mut so_far = 0.0;
        let mut ends: Vec<u64> = busy
            .iter()
            .map(|weight| {
                so_far += weight;
                (so_far / total * rows as f64).round() as u64
            })
            .collect();
        ends[DAYS - 1] = rows;
        Self {
            ends,
            clock: clock(),
            mood: (0..DAYS).map(moods).collect(),
        }
    }

    /// The day of a row (0 is the first) and the row's place among those of its day as
    /// (place, rows of the day).
    pub(super) fn day_of(&self, row: u64) -> (usize, u64, u64) {
        let day = self.ends.partition_point(|&end| end <= row);
        let start = if day == 0 { 0 } else { self.ends[day - 1] };
        (day, row - start, self.ends[day] - start)
    }

    /// Seconds since 1970-01-01 UTC at a share (0–1) of the events of a day.
    pub(super) fn second(&self, day: usize, share: f64) -> i64 {
        let step = share * CLOCK_STEPS as f64;
        let low = (step as usize).min(CLOCK_STEPS - 1);
        let (from, to) = (self.clock[low], self.clock[low + 1]);
        let second = from + (to - from) * (step - low as f64);
        (i64::from(FIRST_DAY) + day as i64) * SECONDS_OF_DAY + second as i64
    }

    /// What day and touchpoint do to the opinion, in standard deviations.
    pub(super) fn mood(&self, day: usize, touchpoint: usize) -> f32 {
        self.mood[day][touchpoint]
    }
}

/// How strong the incident is on a day, 0–1.
pub(super) fn severity(day: f32) -> f32 {
    let [begins, worst, still, over] = INCIDENT;
    let rising = (day - begins) / (worst - begins);
    let falling = (over - day) / (over - still);
    rising.min(falling).clamp(0.0, 1.0)
}

/// The date of a day of the sample; days before the first are negative.
pub(super) fn date(day: i32) -> NaiveDate {
    NaiveDate::default() + TimeDelta::days(i64::from(FIRST_DAY + day))
}

/// Share of the growth of five years reached after a share of the time (both 0–1).
pub(super) fn grown(time: f64) -> f64 {
    let slope = GROWTH - 1.0;
    (time + slope * time * time / 2.0) / (1.0 + slope / 2.0)
}

/// The inverse of [`grown`].
pub(super) fn time_of_growth(share: f64) -> f64 {
    let slope = GROWTH - 1.0;
    ((1.0 + 2.0 * slope * (1.0 + slope / 2.0) * share).sqrt() - 1.0) / slope
}

fn busyness(day: usize) -> f64 {
    let date = date(day as i32);
    let growth = 1.0 + (GROWTH - 1.0) * day as f64 / DAYS as f64;
    let month = MONTHS[date.month0() as usize];
    growth * month * WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

fn moods(day: usize) -> [f32; TOUCHPOINTS.len()] {
    let date = date(day as i32);
    let day = day as f32;
    let weekend = if date.weekday().num_days_from_monday() > 4 {
        0.04
    } else {
        0.0
    };
    std::array::from_fn(|place| {
        let touchpoint = &TOUCHPOINTS[place];
        let recovered = if day > INCIDENT[3] { RECOVERY } else { 0.0 };
        touchpoint.level
            + touchpoint.trend * day / 365.25
            + MONTH_MOOD[date.month0() as usize]
            + weekend
            + touchpoint.exposure * (recovered - INCIDENT_DEPTH * severity(day))
    })
}

/// A day with a hump at eleven and another at seven in the evening, quiet at night.
fn clock() -> Vec<f64> {
    let quarter = SECONDS_OF_DAY as f64 / CLOCK_STEPS as f64;
    let hump = |hour: f64, at: f64, width: f64| 1.0 / (1.0 + ((hour - at) / width).powi(4));
    let busy: Vec<f64> = (0..CLOCK_STEPS)
        .map(|step| (step as f64 + 0.5) / 4.0)
        .map(|hour| 0.03 + hump(hour, 11.0, 3.0) + 1.2 * hump(hour, 19.0, 2.5))
        .collect();
    let total: f64 = busy.iter().sum();
    let (mut quarters, mut reached) = (0, 0.0);
    (0..=CLOCK_STEPS)
        .map(|step| {
            let wanted = step as f64 / CLOCK_STEPS as f64 * total;
            while quarters + 1 < CLOCK_STEPS && reached + busy[quarters] < wanted {
                reached += busy[quarters];
                quarters += 1;
            }
            (quarters as f64 + ((wanted - reached) / busy[quarters]).clamp(0.0, 1.0)) * quarter
        })
        .map(|second| second.min(SECONDS_OF_DAY as f64 - 1.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Calendar, DAYS, FIRST_DAY, date, grown, severity, time_of_growth};

    #[test]
    fn five_years_from_july_to_june() {
        assert_eq!(date(0).to_string(), "2021-07-01");
        assert_eq!(date(DAYS as i32 - 1).to_string(), "2026-06-30");
        assert_eq!(date(-FIRST_DAY).to_string(), "1970-01-01");
    }

    #[test]
    fn the_incident_is_the_winter_of_2024() {
        let first = (0..DAYS).find(|&d| severity(d as f32) > 0.0);
        let last = (0..DAYS).rfind(|&d| severity(d as f32) > 0.0);
        assert_eq!(date(first.unwrap() as i32).to_string(), "2024-11-05");
        assert_eq!(date(last.unwrap() as i32).to_string(), "2025-02-08");
    }

    #[test]
    fn growth_and_its_inverse_meet() {
        for step in 0..=100 {
            let share = f64::from(step) / 100.0;
            assert!((grown(time_of_growth(share)) - share).abs() < 1e-12);
        }
    }

    #[test]
    fn every_row_has_one_day_and_rows_are_in_the_order_of_time() {
        let calendar = Calendar::new(5_000);
        let mut before = 0;
        for row in 0..5_000 {
            let (day, place, of) = calendar.day_of(row);
            assert!(place < of && day < DAYS);
            let second = calendar.second(day, place as f64 / of as f64);
            assert!(second >= before, "row {row}");
            before = second;
        }
    }
}
