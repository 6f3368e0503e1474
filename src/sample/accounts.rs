//! What a customer is worth: the row of `customers` and the purchases behind it.

use super::answers::World;
use super::calendar::DAYS;
use super::chance::{Chance, Purpose};
use super::population::Customer;
use super::vocabulary::{COMPLAINT_WHEEL, DELIVERY, SEGMENTS, TOUCHPOINTS, reason};

/// Days of an average month.
const MONTH: f64 = 365.25 / 12.0;
/// Leavers who give no reason.
const SILENT: f32 = 0.08;
/// Days during which leaving is put down to the incident, and by how many.
const INCIDENT_REASONS: (std::ops::Range<i32>, f32) = (1_230..1_370, 0.40);

/// A customer with what they spend and why they left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) customer: Customer,
    /// Day on which they left, if they did.
    pub(super) left: Option<i32>,
    /// Place of the reason; some leave without giving one.
    pub(super) reason: Option<u8>,
    /// Purchases per month.
    purchases: f64,
    /// Money per purchase, on average.
    basket: f64,
}

/// One purchase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purchase {
    pub(super) customer_id: i64,
    /// Seconds since 1970-01-01 UTC.
    pub(super) second: i64,
    /// Money, in cents.
    pub(super) cents: i64,
}

impl Account {
    /// The account of a customer and all purchases since the first day of the sample.
    pub(super) fn open(world: &World, number: u64, purchases: &mut Vec<Purchase>) -> Self {
        let mut chance = Chance::stream(world.seed, Purpose::Account, number);
        let customer = world.population.customer(number);
        let segment = &SEGMENTS[usize::from(customer.segment)];
        let vary = |spread: f64, z: f32| (spread * f64::from(z) - spread * spread / 2.0).exp();
        let left = world.population.left(&customer);
        let account = Self {
            customer,
            left,
            purchases: segment.purchases * vary(0.6, chance.normal()),
            basket: segment.basket * vary(0.4, chance.normal()),
            reason: left.and_then(|day| reason_to_leave(&customer, day, &mut chance)),
        };
        account.buy(world, &mut chance, purchases);
        account
    }

    /// Money per month, in cents.
    pub(super) fn monthly_cents(&self) -> i64 {
        (self.purchases * self.basket * 100.0).round() as i64
    }

    /// Months as a customer until leaving or the last day of the sample.
    pub(super) fn months(&self) -> f64 {
        f64::from(self.until() - self.customer.joined) / MONTH
    }

    fn until(&self) -> i32 {
        self.left.unwrap_or(DAYS as i32)
    }

    fn buy(&self, world: &World, chance: &mut Chance, purchases: &mut Vec<Purchase>) {
        let mut day = f64::from(self.customer.joined.max(0));
        loop {
            day += f64::from(chance.exponential()) * MONTH / self.purchases;
            if day >= f64::from(self.until()) {
                return;
            }
            let share = f64::from(chance.share());
            let spread = (0.35 * f64::from(chance.normal()) - 0.061).exp();
            purchases.push(Purchase {
                customer_id: self.customer.number as i64 + 1,
                second: world.calendar.second(day as usize, share),
                cents: (self.basket * spread * 100.0).round().max(1.0) as i64,
            });
        }
    }
}

/// Why somebody leaves: the unhappy for what serves them worst, the happy because life changes.
fn reason_to_leave(customer: &Customer, day: i32, chance: &mut Chance) -> Option<u8> {
    if chance.hits(SILENT) {
        return None;
    }
    let (days, share) = INCIDENT_REASONS;
    if days.contains(&day) && chance.hits(share) {
        return Some(if chance.hits(0.8) {
            reason::LATE
        } else {
            reason::DAMAGED
        });
    }
    let circumstances = if customer.opinion > 0.4 { 0.35 } else { 0.08 };
    if chance.hits(circumstances) {
        return Some(if chance.hits(0.4) {
            reason::MOVED
        } else {
            reason::NO_NEED
        });
    }
    if chance.hits(0.35) {
        return Some(if chance.hits(0.6) {
            reason::PRICE
        } else {
            reason::OFFER
        });
    }
    // One in ten of the rest leaves over the parcels whatever else serves them worst.
    let sore = usize::from(customer.sore);
    let touchpoint = if chance.hits(0.1) { DELIVERY } else { sore };
    Some(TOUCHPOINTS[touchpoint].complaints[chance.spin(&COMPLAINT_WHEEL)])
}
