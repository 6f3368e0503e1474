//! The words of the sample's world, with the numbers that give each its character.
//!
//! The story is told here in data: which touchpoint is good, what customers expect of it, what
//! they complain of. The README of `sample-data` repeats it for readers of the files.

/// A hundred places, each naming one of a few things: a uniform draw from it follows the
/// percentages that it was made of.
pub(super) type Wheel = [u8; 100];

/// The wheel of percentages, which must add up to 100.
const fn wheel<const N: usize>(percentages: [usize; N]) -> Wheel {
    let mut wheel = [0; 100];
    let (mut thing, mut from) = (0, 0);
    while thing < N {
        let to = from + percentages[thing];
        while from < to {
            wheel[from] = thing as u8;
            from += 1;
        }
        thing += 1;
    }
    assert!(from == 100, "percentages must add up to 100");
    wheel
}

/// A place where customers meet the company.
#[derive(Debug)]
pub(super) struct Touchpoint {
    /// Its name in the column `touchpoint`.
    pub(super) name: &'static str,
    /// Its percentage of the surveys sent.
    share: usize,
    /// Its quality in standard deviations of a customer's opinion; 0 is the average.
    pub(super) level: f32,
    /// What it gains in quality per year.
    pub(super) trend: f32,
    /// How much easier than its quality it feels, in points of the effort scale.
    pub(super) ease: f32,
    /// What customers expect of it, in points of the satisfaction scale.
    pub(super) expected: f32,
    /// How far the incident reaches it, as a share of its weight on delivery.
    pub(super) exposure: f32,
    /// Whether people serve there, so that `staff` is asked.
    pub(super) staffed: bool,
    /// Which of [`CHANNELS`] its surveys take.
    pub(super) channels: Wheel,
    /// Its complaints, as places in [`REASONS`], the commonest first.
    pub(super) complaints: [u8; 3],
    /// Its praise, as places in [`REASONS`].
    pub(super) praise: [u8; 2],
}

/// The eight touchpoints; their order is the key of every table here.
#[rustfmt::skip]
pub(super) const TOUCHPOINTS: [Touchpoint; 8] = [
    Touchpoint { name: "web", share: 20, level: 0.10, trend: 0.03, ease: 0.2, expected: 4.1, exposure: 0.08, staffed: false, channels: wheel([70, 5, 20, 5, 0]), complaints: [7, 8, 3], praise: [13, 14] },
    Touchpoint { name: "app", share: 18, level: 0.25, trend: 0.07, ease: 0.35, expected: 3.9, exposure: 0.08, staffed: false, channels: wheel([10, 5, 85, 0, 0]), complaints: [7, 8, 3], praise: [13, 14] },
    Touchpoint { name: "store", share: 14, level: 0.40, trend: 0.00, ease: 0.2, expected: 3.9, exposure: 0.05, staffed: true, channels: wheel([25, 15, 5, 0, 55]), complaints: [3, 8, 2], praise: [12, 15] },
    Touchpoint { name: "call_centre", share: 13, level: -0.45, trend: -0.03, ease: -0.6, expected: 4.0, exposure: 0.35, staffed: true, channels: wheel([20, 25, 0, 55, 0]), complaints: [3, 2, 4], praise: [12, 16] },
    Touchpoint { name: "delivery", share: 17, level: 0.05, trend: 0.02, ease: 0.1, expected: 4.4, exposure: 1.00, staffed: true, channels: wheel([30, 45, 25, 0, 0]), complaints: [5, 6, 4], praise: [16, 12] },
    Touchpoint { name: "billing", share: 9, level: -0.30, trend: 0.03, ease: -0.4, expected: 3.9, exposure: 0.10, staffed: false, channels: wheel([75, 10, 10, 5, 0]), complaints: [9, 0, 4], praise: [15, 13] },
    Touchpoint { name: "onboarding", share: 2, level: 0.10, trend: 0.08, ease: 0.0, expected: 4.0, exposure: 0.05, staffed: true, channels: wheel([55, 10, 25, 10, 0]), complaints: [2, 7, 3], praise: [12, 13] },
    Touchpoint { name: "returns", share: 7, level: -0.50, trend: 0.05, ease: -0.7, expected: 3.9, exposure: 0.30, staffed: true, channels: wheel([50, 25, 10, 10, 5]), complaints: [4, 3, 6], praise: [16, 12] },
];

/// Which of [`TOUCHPOINTS`] a survey asks about.
pub(super) const TOUCHPOINT_WHEEL: Wheel = {
    let mut shares = [0; TOUCHPOINTS.len()];
    let mut place = 0;
    while place < shares.len() {
        shares[place] = TOUCHPOINTS[place].share;
        place += 1;
    }
    wheel(shares)
};

/// The touchpoint of the incident.
pub(super) const DELIVERY: usize = 4;
/// The touchpoint of a customer's first months.
pub(super) const ONBOARDING: usize = 6;

/// Ways in which a survey reaches the customer, each with the tool that records the answer and
/// how much readier (above 1) or slower customers are to answer there.
pub(super) const CHANNELS: [(&str, &str, f32); 5] = [
    ("email", "web_survey", 0.85),
    ("sms", "web_survey", 1.00),
    ("app", "app_prompt", 1.10),
    ("phone", "ivr", 1.05),
    ("in_person", "kiosk", 1.35),
];

/// A kind of customer.
#[derive(Debug)]
pub(super) struct Segment {
    /// Its name in the column `segment`.
    pub(super) name: &'static str,
    /// Its percentage of the customers.
    share: usize,
    /// How much happier than average, in standard deviations.
    pub(super) level: f32,
    /// Share of its invitations that are answered by a customer of average opinion.
    pub(super) response_rate: f32,
    /// Purchases per month.
    pub(super) purchases: f64,
    /// Money per purchase.
    pub(super) basket: f64,
}

/// The four segments.
#[rustfmt::skip]
pub(super) const SEGMENTS: [Segment; 4] = [
    Segment { name: "basic", share: 30, level: -0.30, response_rate: 0.20, purchases: 0.20, basket: 42.0 },
    Segment { name: "standard", share: 40, level: 0.0, response_rate: 0.26, purchases: 0.28, basket: 68.0 },
    Segment { name: "premium", share: 18, level: 0.30, response_rate: 0.33, purchases: 0.42, basket: 120.0 },
    Segment { name: "business", share: 12, level: 0.10, response_rate: 0.28, purchases: 0.50, basket: 210.0 },
];

/// Which of [`SEGMENTS`] a customer belongs to.
pub(super) const SEGMENT_WHEEL: Wheel = {
    let mut shares = [0; SEGMENTS.len()];
    let mut place = 0;
    while place < shares.len() {
        shares[place] = SEGMENTS[place].share;
        place += 1;
    }
    wheel(shares)
};

/// The six regions, with how much happier than average their customers are and the factor that
/// brings their answers to their share of the population.
pub(super) const REGIONS: [(&str, f32, f64); 6] = [
    ("iberia", 0.05, 0.97),
    ("mexico_central", 0.15, 1.04),
    ("andean", 0.0, 1.08),
    ("southern_cone", -0.12, 1.02),
    ("north_america", 0.0, 0.93),
    ("western_europe", -0.08, 0.98),
];

/// A country: ISO 3166 code, place of its region in [`REGIONS`], percentage of the customers, share
/// of comments in Spanish (the rest are in English).
pub(super) const COUNTRIES: [(&str, u8, usize, f32); 12] = [
    ("ES", 0, 22, 0.96),
    ("PT", 0, 5, 0.25),
    ("MX", 1, 18, 0.97),
    ("CR", 1, 4, 0.92),
    ("CO", 2, 11, 0.97),
    ("PE", 2, 6, 0.98),
    ("AR", 3, 9, 0.98),
    ("CL", 3, 6, 0.97),
    ("US", 4, 8, 0.22),
    ("CA", 4, 3, 0.04),
    ("FR", 5, 4, 0.10),
    ("DE", 5, 4, 0.05),
];

/// Which of [`COUNTRIES`] a customer lives in.
pub(super) const COUNTRY_WHEEL: Wheel = {
    let mut shares = [0; COUNTRIES.len()];
    let mut place = 0;
    while place < shares.len() {
        shares[place] = COUNTRIES[place].2;
        place += 1;
    }
    wheel(shares)
};

/// Which complaint or reason of a touchpoint it is: the first is the commonest.
pub(super) const COMPLAINT_WHEEL: Wheel = wheel([55, 28, 17]);
/// Which of a touchpoint's two words of praise it is.
pub(super) const PRAISE_WHEEL: Wheel = wheel([60, 40]);

/// Languages of the comments.
pub(super) const LANGUAGES: [&str; 2] = ["es", "en"];

/// Reasons, for a score or for leaving, each with its category; nobody leaves for praise.
pub(super) const REASONS: [(&str, &str); 17] = [
    ("price too high", "price"),
    ("better offer elsewhere", "price"),
    ("unhelpful support", "service"),
    ("long waiting times", "service"),
    ("unresolved complaint", "service"),
    ("late delivery", "delivery"),
    ("damaged goods", "delivery"),
    ("missing features", "product"),
    ("poor quality", "product"),
    ("billing errors", "service"),
    ("moved away", "circumstances"),
    ("no longer needed", "circumstances"),
    ("friendly staff", "praise"),
    ("easy to use", "praise"),
    ("wide choice", "praise"),
    ("good value", "praise"),
    ("fast service", "praise"),
];

/// Places of [`REASONS`] used by name.
pub(super) mod reason {
    /// "price too high"
    pub(in crate::sample) const PRICE: u8 = 0;
    /// "better offer elsewhere"
    pub(in crate::sample) const OFFER: u8 = 1;
    /// "late delivery"
    pub(in crate::sample) const LATE: u8 = 5;
    /// "damaged goods"
    pub(in crate::sample) const DAMAGED: u8 = 6;
    /// "moved away"
    pub(in crate::sample) const MOVED: u8 = 10;
    /// "no longer needed"
    pub(in crate::sample) const NO_NEED: u8 = 11;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CHANNELS, COUNTRIES, REASONS, REGIONS, TOUCHPOINTS, wheel};

    #[test]
    fn complaints_and_praise_point_at_their_kind() {
        for touchpoint in &TOUCHPOINTS {
            let kind = |&place: &u8| REASONS[usize::from(place)].1;
            assert!(touchpoint.complaints.iter().all(|r| kind(r) != "praise"));
            assert!(touchpoint.praise.iter().all(|r| kind(r) == "praise"));
        }
    }

    #[test]
    fn a_wheel_has_as_many_places_as_percentages() {
        let wheel = wheel([10, 0, 90]);
        let count = |thing| wheel.iter().filter(|&&t| t == thing).count();
        assert_eq!([count(0), count(1), count(2)], [10, 0, 90]);
    }

    #[test]
    fn there_are_more_reasons_to_leave_than_a_top_five_shows() {
        let left: Vec<_> = REASONS.iter().filter(|r| r.1 != "praise").collect();
        let categories: BTreeSet<_> = left.iter().map(|r| r.1).collect();
        assert_eq!((left.len(), categories.len()), (12, 5));
    }

    #[test]
    fn every_country_has_a_region_and_names_are_distinct() {
        assert!(COUNTRIES.iter().all(|c| usize::from(c.1) < REGIONS.len()));
        let codes: BTreeSet<_> = COUNTRIES.iter().map(|c| c.0).collect();
        let channels: BTreeSet<_> = CHANNELS.iter().map(|c| c.0).collect();
        assert_eq!((codes.len(), channels.len()), (12, 5));
    }
}
