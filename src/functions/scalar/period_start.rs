//! `period_start(at, grain [, zone])` → Date: the first day of the period that a moment falls into.
//!
//! `grain` is day, week (from Monday, ISO 8601), month, quarter or year. A timestamp is a moment in
//! universal time, or in the zone that it carries; `zone` (IANA, as Europe/Madrid) says where the
//! day begins, which is the timestamp's own zone without it. A date is taken as it is. NULL gives
//! NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit};
use chrono::{Datelike, NaiveDate};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::clock::{Offsets, SECONDS_OF_DAY, offsets};
use crate::functions::parameter::{Kind, Parameter, optional, required};
use crate::functions::row::Row;

/// Days from the first of January of year 1 to that of 1970.
const DAYS_BEFORE_1970: i32 = 719_163;

#[user_doc(
    doc_section(label = "Periods"),
    description = "The first day of the period that a moment falls into, in a time zone: days, ISO weeks, months, quarters and years as the people there count them.",
    syntax_example = "period_start(at, grain [, zone])",
    sql_example = "SELECT period_start(timestamp '2025-12-31 23:30:00', 'month', 'Europe/Madrid') AS madrid, period_start(timestamp '2025-12-31 23:30:00', 'month') AS utc",
    argument(name = "at", description = "A timestamp, or a date."),
    argument(
        name = "grain",
        description = "day, week (from Monday), month, quarter or year."
    ),
    argument(
        name = "zone",
        description = "Where the day begins, such as Europe/Madrid; the timestamp's own zone, or UTC, by default."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PeriodStart;

impl Row for PeriodStart {
    const NAME: &'static str = "period_start";
    const PARAMETERS: &'static [Parameter] = &[
        required("at", Kind::Moment),
        required("grain", Kind::Word),
        optional("zone", Kind::Word),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self) -> DataType {
        DataType::Date32
    }

    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let grains = columns[1].as_string::<i32>();
        let zones = columns
            .get(2)
            .and_then(|zones| zones.as_string_opt::<i32>());
        let moments = Moments::of(&columns[0])?;
        let mut grain = Word::default();
        let mut zone = Word::default();
        let mut starts = Vec::with_capacity(rows);
        for row in 0..rows {
            let Some(at) = moments.at(row).filter(|_| grains.is_valid(row)) else {
                starts.push(None);
                continue;
            };
            let truncate = grain.read(grains.value(row), truncation)?;
            let zone = match zones.filter(|zones| zones.is_valid(row)) {
                Some(zones) => Some(zone.read(zones.value(row), offsets)?),
                None => None,
            };
            starts.push(Some(truncate(moments.day(at, zone.as_deref()))));
        }
        Ok(Arc::new(Date32Array::from(starts)))
    }
}

/// A word that is the same for most rows, and what it stands for.
struct Word<T> {
    last: Option<(String, T)>,
}

impl<T> Default for Word<T> {
    fn default() -> Self {
        Self { last: None }
    }
}

impl<T: Clone> Word<T> {
    fn read(&mut self, word: &str, meaning: fn(&str) -> Result<T>) -> Result<T> {
        match &self.last {
            Some((last, known)) if last == word => Ok(known.clone()),
            _ => {
                let known = meaning(word)?;
                self.last = Some((word.to_owned(), known.clone()));
                Ok(known)
            }
        }
    }
}

/// A column of dates or timestamps as days or seconds.
enum Moments {
    Days(Date32Array),
    /// Units since 1970, units a second, the zone that they carry.
    Instants(arrow::array::Int64Array, i64, Option<Arc<Offsets>>),
}

impl Moments {
    fn of(column: &ArrayRef) -> Result<Self> {
        let (unit, own) = match column.data_type() {
            DataType::Timestamp(unit, zone) => (*unit, zone.clone()),
            _ => {
                let days = cast(column, &DataType::Date32)?;
                return Ok(Self::Days(days.as_primitive::<Date32Type>().clone()));
            }
        };
        let units = match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        };
        let own = match own.as_deref() {
            None | Some("UTC" | "+00:00" | "Z") => None,
            Some(zone) => Some(offsets(zone)?),
        };
        let instants = cast(column, &DataType::Int64)?;
        let instants = instants.as_primitive::<Int64Type>().clone();
        Ok(Self::Instants(instants, units, own))
    }

    fn at(&self, row: usize) -> Option<i64> {
        match self {
            Self::Days(days) => days.is_valid(row).then(|| i64::from(days.value(row))),
            Self::Instants(instants, ..) => instants.is_valid(row).then(|| instants.value(row)),
        }
    }

    /// The local day of a moment, counted from 1970.
    fn day(&self, at: i64, zone: Option<&Offsets>) -> i64 {
        match self {
            Self::Days(_) => at,
            Self::Instants(_, units, own) => {
                let second = at.div_euclid(*units);
                let offset = zone.or(own.as_deref()).map_or(0, |zone| zone.at(second));
                (second + offset).div_euclid(SECONDS_OF_DAY)
            }
        }
    }
}

/// From a day to the first day of its period.
type Truncation = fn(i64) -> i32;

fn truncation(grain: &str) -> Result<Truncation> {
    Ok(match grain.to_ascii_lowercase().as_str() {
        "day" => clamped,
        // The first of January 1970 was a Thursday.
        "week" => |day| clamped(day - (day + 3).rem_euclid(7)),
        "month" => |day| first(day, |date| date.month()),
        "quarter" => |day| first(day, |date| (date.month() - 1) / 3 * 3 + 1),
        "year" => |day| first(day, |_| 1),
        _ => {
            return exec_err!(
                "period_start: no period {grain}; there are day, week, month, quarter, year"
            );
        }
    })
}

fn clamped(day: i64) -> i32 {
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

/// The first day of a month of the year that a day lies in.
fn first(day: i64, month: fn(NaiveDate) -> u32) -> i32 {
    let date = clamped(day)
        .checked_add(DAYS_BEFORE_1970)
        .and_then(NaiveDate::from_num_days_from_ce_opt);
    let start = date.and_then(|date| NaiveDate::from_ymd_opt(date.year(), month(date), 1));
    // Beyond the years that dates reach the day itself is the best that can be said.
    start.map_or(clamped(day), |start| {
        start.num_days_from_ce() - DAYS_BEFORE_1970
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::TimestampSecondArray;

    use super::PeriodStart;
    use crate::functions::tester::{Given, constant, values};

    fn starts(moments: Vec<Option<i64>>, grain: &str, zone: &str) -> Vec<String> {
        let column = Given::Column(Arc::new(TimestampSecondArray::from(moments)));
        values::<PeriodStart>(&[column, constant(grain), constant(zone)]).unwrap()
    }

    #[test]
    fn midnight_is_where_the_clocks_say() {
        let evening = vec![Some(1_767_222_000), None]; // 2025-12-31T23:00:00Z
        assert_eq!(
            starts(evening.clone(), "month", "UTC"),
            ["2025-12-01", "NULL"]
        );
        assert_eq!(
            starts(evening.clone(), "month", "Europe/Madrid"),
            ["2026-01-01", "NULL"]
        );
        assert_eq!(
            starts(evening, "week", "Europe/Madrid"),
            ["2025-12-29", "NULL"]
        );
    }

    #[test]
    fn before_1970_and_after_2100_too() {
        let moments = vec![Some(-1), Some(4_133_980_799), Some(-62_135_596_800)];
        assert_eq!(
            starts(moments, "quarter", "UTC"),
            ["1969-10-01", "2100-10-01", "0001-01-01"]
        );
    }

    #[test]
    fn what_is_no_grain_or_zone_is_refused() {
        let column = || Given::Column(Arc::new(TimestampSecondArray::from(vec![0])));
        let of = |grain: &str, zone: &str| {
            let arguments = [column(), constant(grain), constant(zone)];
            values::<PeriodStart>(&arguments)
                .unwrap_err()
                .message()
                .into_owned()
        };
        assert!(of("fortnight", "UTC").contains("there are day, week"));
        assert!(of("day", "Mars/Olympus").contains("no time zone Mars/Olympus"));
    }
}
