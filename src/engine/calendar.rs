//! Periods of a metric in the order of the calendar, and the one that each is compared with.

use crate::project::Grain;

/// The period that each is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Against {
    /// The one before; of a day, the same weekday of the week before.
    #[default]
    Previous,
    /// The one directly before, of days too.
    Adjacent,
    /// The same period a year before; of days and weeks, 52 weeks before.
    Year,
}

impl Against {
    /// The words for each.
    pub(super) const WORDS: [(&'static str, Self); 3] = [
        ("previous", Self::Previous),
        ("adjacent", Self::Adjacent),
        ("year", Self::Year),
    ];

    /// How many periods before.
    pub(super) fn periods(self, grain: Grain) -> u32 {
        match (self, grain) {
            (Self::Previous, Grain::Day) => 7,
            (Self::Previous | Self::Adjacent, _) | (Self::Year, Grain::Year) => 1,
            (Self::Year, Grain::Day) => 364,
            (Self::Year, Grain::Week) => 52,
            (Self::Year, Grain::Month) => 12,
            (Self::Year, Grain::Quarter) => 4,
        }
    }
}

/// Periods counted one by one, so that the one before is the number before.
pub(super) fn number(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "CAST(CAST(period AS INT) AS BIGINT)",
        // Mondays: 1970 began on a Thursday.
        Grain::Week => "CAST((CAST(period AS INT) + 3) / 7 AS BIGINT)",
        Grain::Month => {
            "CAST(date_part('year', period) * 12 + date_part('month', period) AS BIGINT)"
        }
        Grain::Quarter => {
            "CAST(date_part('year', period) * 4 + date_part('quarter', period) AS BIGINT)"
        }
        Grain::Year => "CAST(date_part('year', period) AS BIGINT)",
    }
}
