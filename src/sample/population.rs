//! Who the customers are, when they come and when they leave.
//!
//! A customer is a function of the seed and their number, kept nowhere: that is what lets a
//! history of any size run in bounded memory. Leaving follows a proportional hazard (Cox 1972):
//! a customer leaves when the hazard gathered since joining, times a factor that falls with
//! their opinion, uses up an exponential patience.

use super::calendar::{DAYS, grown, severity, time_of_growth};
use super::chance::{Chance, EXPONENTIALS, NORMALS, Purpose, Traits, twelve};
use super::vocabulary::{COUNTRY_WHEEL, SEGMENT_WHEEL, SEGMENTS, TOUCHPOINTS};

/// Responses per customer over the five years.
const RESPONSES_PER_CUSTOMER: u64 = 6;
/// Share of the customers who were there before the first day.
const FOUNDERS: f64 = 0.3;
/// Days before the first over which the founders joined.
const FOUNDING_DAYS: f64 = 1_826.0;
/// How much a standard deviation of opinion lowers the logarithm of the hazard.
const LOYALTY: f64 = 0.95;
/// Hazard of an ordinary day for a customer of average opinion.
const DAILY_HAZARD: f64 = 0.07 / 365.25;
/// How far the incident raises the hazard at its worst, and after how many days.
const INCIDENT_HAZARD: (f64, f32) = (2.2, 21.0);
/// Days before leaving in which the opinion sinks.
pub(super) const DECLINE: i32 = 100;
/// Days between joining and the first survey.
const FIRST_SURVEY: i32 = 7;

/// One customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer {
    /// Number from 0, in the order of joining.
    pub(super) number: u64,
    /// Place in the table of segments.
    pub(super) segment: u8,
    /// Place in the table of countries.
    pub(super) country: u8,
    /// The touchpoint that serves this customer worst.
    pub(super) sore: u8,
    /// Lasting opinion of the company, in standard deviations.
    pub(super) opinion: f32,
    /// Day of joining; negative before the first day of the sample.
    pub(super) joined: i32,
    /// Hazard gathered at which the customer leaves.
    leaves_at: f64,
}

/// All customers under a seed.
#[derive(Debug)]
pub(super) struct Population {
    traits: Traits,
    size: u64,
    /// How many have been customers long enough to be asked, by day.
    members: Vec<u64>,
    moods: &'static [f32],
    patience: &'static [f32],
    /// Hazard gathered before each day, a little beyond the last.
    hazard: Vec<f64>,
    /// exp(loyalty × z) for each quantile of the opinion within a segment.
    loyalty: Vec<f64>,
    /// The factor that each segment adds to it.
    segment_loyalty: [f64; SEGMENTS.len()],
}

impl Population {
    /// The customers who give `rows` responses in five years.
    pub(super) fn new(seed: u64, rows: u64) -> Self {
        let size = rows.div_ceil(RESPONSES_PER_CUSTOMER).max(4);
        let mut gathered = 0.0;
        let hazard = (0..DAYS as i32 + DECLINE + 1).map(|day| {
            let before = gathered;
            gathered += daily_hazard(day);
            before
        });
        let loyalty = NORMALS.iter().map(|&z| (LOYALTY * f64::from(z)).exp());
        let segment_loyalty =
            std::array::from_fn(|s| (LOYALTY * f64::from(SEGMENTS[s].level)).exp());
        Self {
            traits: Traits::new(seed, Purpose::Customer),
            moods: &NORMALS,
            patience: &EXPONENTIALS,
            segment_loyalty,
            size,
            members: (0..DAYS as i32)
                .map(|day| joined_by(size, day - FIRST_SURVEY))
                .collect(),
            hazard: hazard.collect(),
            loyalty: loyalty.collect(),
        }
    }

    /// How many customers there are.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The customer of a number below the size.
    pub(super) fn customer(&self, number: u64) -> Customer {
        let [first, second] = self.traits.of(number);
        let percent = |word: u64| (((word & 0xffff_ffff) * 100) >> 32) as usize;
        let segment = SEGMENT_WHEEL[percent(second)];
        let country = COUNTRY_WHEEL[percent(second >> 32)];
        let (mood, patience) = (twelve(first, 0), twelve(first, 1));
        let joined = self.joined(number);
        // The first customer stays for good, so that there is always somebody to ask.
        let patience = if number == 0 {
            f64::INFINITY
        } else {
            f64::from(self.patience[patience])
        };
        let loyalty = self.loyalty[mood] * self.segment_loyalty[usize::from(segment)];
        Customer {
            number,
            segment,
            country,
            sore: (twelve(first, 2) % TOUCHPOINTS.len()) as u8,
            opinion: self.moods[mood] + SEGMENTS[usize::from(segment)].level,
            joined,
            leaves_at: self.hazard[joined.max(0) as usize] + patience * loyalty,
        }
    }

    /// Somebody who is a customer on a day, any of them with the same probability.
    pub(super) fn anybody(&self, day: i32, chance: &mut Chance) -> Customer {
        let joined = self.members[day as usize];
        for _ in 0..64 {
            let customer = self.customer(chance.below(joined));
            if customer.joined + FIRST_SURVEY <= day && self.stays(&customer, day) {
                return customer;
            }
        }
        self.customer(0)
    }

    /// Whether a customer who has joined is still one on a day (up to [`DECLINE`] days after
    /// the last of the sample).
    pub(super) fn stays(&self, customer: &Customer, day: i32) -> bool {
        self.hazard[day as usize] < customer.leaves_at
    }

    /// The day on which the customer is one no longer, if it comes within the sample.
    pub(super) fn left(&self, customer: &Customer) -> Option<i32> {
        let day = self.hazard.partition_point(|&h| h < customer.leaves_at);
        (day < DAYS).then_some(day as i32)
    }

    fn joined(&self, number: u64) -> i32 {
        let share = number as f64 / self.size as f64;
        if share < FOUNDERS {
            return ((share / FOUNDERS - 1.0) * FOUNDING_DAYS).floor() as i32;
        }
        let time = time_of_growth((share - FOUNDERS) / (1.0 - FOUNDERS));
        ((time * DAYS as f64) as i32).min(DAYS as i32 - 1)
    }
}

/// How many of `size` customers joined up to a day, at least one; a few of the next day may
/// count.
fn joined_by(size: u64, day: i32) -> u64 {
    let share = if day < 0 {
        FOUNDERS * (1.0 + f64::from(day + 1) / FOUNDING_DAYS)
    } else {
        FOUNDERS + (1.0 - FOUNDERS) * grown((f64::from(day) + 1.0) / DAYS as f64)
    };
    ((share * size as f64).ceil() as u64).clamp(1, size)
}

/// January's renewals and the weeks after the incident are when customers leave.
fn daily_hazard(day: i32) -> f64 {
    let (raise, delay) = INCIDENT_HAZARD;
    let year_day = (day + 181) % 365;
    let season = if year_day < 31 { 1.5 } else { 1.0 };
    DAILY_HAZARD * season * (1.0 + raise * f64::from(severity(day as f32 - delay)))
}

#[cfg(test)]
mod tests {
    use super::{DAYS, Population};

    #[test]
    fn a_customer_is_the_same_whenever_asked_for() {
        let population = Population::new(5, 60_000);
        let (a, b) = (population.customer(123), population.customer(123));
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
        let other = Population::new(6, 60_000).customer(123);
        assert_ne!(format!("{a:?}"), format!("{other:?}"));
    }

    #[test]
    fn customers_join_in_the_order_of_their_numbers_and_leave_after() {
        let population = Population::new(5, 60_000);
        let mut before = i32::MIN;
        for number in 0..population.size() {
            let customer = population.customer(number);
            assert!(customer.joined >= before && customer.joined < DAYS as i32);
            before = customer.joined;
            if let Some(left) = population.left(&customer) {
                assert!(left > customer.joined.max(0) - 1);
                assert!(
                    !population.stays(&customer, left) && population.stays(&customer, left - 1)
                );
            }
        }
    }

    #[test]
    fn the_unhappy_leave_more_often() {
        let population = Population::new(9, 120_000);
        let mut left = [(0, 0); 2];
        for number in 0..population.size() {
            let customer = population.customer(number);
            let group = &mut left[usize::from(customer.opinion > 0.0)];
            group.0 += i32::from(population.left(&customer).is_some());
            group.1 += 1;
        }
        let rate = |group: (i32, i32)| f64::from(group.0) / f64::from(group.1);
        let (unhappy, happy) = (rate(left[0]), rate(left[1]));
        assert!(unhappy > 1.8 * happy, "{unhappy} against {happy}");
        assert!(happy > 0.03, "the link must be imperfect: {happy}");
    }
}
