//! How far the clocks of a time zone are ahead of universal time.
//!
//! Here because a zone's own look-up takes longer than all else that is done to a row: a day's
//! offset is looked up once a process, and only on days when the clocks are changed each moment by
//! itself.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use datafusion::common::{Result, exec_err};

/// Seconds of a day of universal time.
pub(crate) const SECONDS_OF_DAY: i64 = 86_400;
/// Days from 1970 to 2100, for which offsets are kept ready.
const KEPT_DAYS: i64 = 47_482;

/// The seconds by which the clocks of a zone are ahead of universal time.
pub(crate) struct Offsets {
    zone: Zone,
    /// Of each day from 1970; `None` where the clocks are changed that day.
    days: Vec<Option<i32>>,
}

/// A zone of the database, or a fixed offset as arrow writes it.
enum Zone {
    Named(Tz),
    Fixed(i64),
}

impl Zone {
    fn at(&self, second: i64) -> i64 {
        match self {
            Self::Fixed(seconds) => *seconds,
            Self::Named(zone) => DateTime::from_timestamp(second, 0).map_or(0, |moment| {
                let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
                i64::from(offset.fix().local_minus_utc())
            }),
        }
    }
}

impl Offsets {
    fn of(zone: Zone) -> Self {
        let day = |day: i64| {
            let begins = zone.at(day * SECONDS_OF_DAY);
            let ends = zone.at((day + 1) * SECONDS_OF_DAY - 1);
            (begins == ends)
                .then(|| i32::try_from(begins).ok())
                .flatten()
        };
        let days = (0..KEPT_DAYS).map(day).collect();
        Self { zone, days }
    }

    /// Those of a moment, in seconds since 1970.
    pub(crate) fn at(&self, second: i64) -> i64 {
        let kept = usize::try_from(second.div_euclid(SECONDS_OF_DAY));
        match kept
            .ok()
            .and_then(|day| self.days.get(day).copied().flatten())
        {
            Some(seconds) => i64::from(seconds),
            None => self.zone.at(second),
        }
    }
}

/// The offsets of a zone, made once a process.
pub(crate) fn offsets(name: &str) -> Result<Arc<Offsets>> {
    static KNOWN: LazyLock<RwLock<HashMap<String, Arc<Offsets>>>> = LazyLock::new(RwLock::default);
    if let Some(known) = KNOWN
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(name)
    {
        return Ok(Arc::clone(known));
    }
    let zone = match (name.parse::<Tz>(), fixed(name)) {
        (Ok(zone), _) => Zone::Named(zone),
        (_, Some(seconds)) => Zone::Fixed(seconds),
        _ => {
            return exec_err!(
                "period_start: no time zone {name}; write a name such as Europe/Madrid"
            );
        }
    };
    let made = Arc::new(Offsets::of(zone));
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(name.to_owned(), Arc::clone(&made));
    Ok(made)
}

/// The seconds of `+02:00`.
fn fixed(name: &str) -> Option<i64> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::fixed;

    #[test]
    fn offsets_as_arrow_writes_them() {
        assert_eq!(fixed("+05:30"), Some(19_800));
        assert_eq!(fixed("-03"), Some(-10_800));
        assert_eq!(fixed("Madrid"), None);
    }
}
