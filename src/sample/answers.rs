//! What happens day by day: surveys go out, some are answered, and how.
//!
//! Whoever is invited and does not answer leaves an invitation without a response; the next is
//! invited until one answers. So the response rate, lower where opinions are worse, and the
//! bias it puts on the plain NPS come out of the same draw as in life.

use super::calendar::Calendar;
use super::chance::{Chance, Purpose};
use super::comments::Comments;
use super::population::{Customer, DECLINE, Population};
use super::vocabulary::{
    CHANNELS, COMPLAINT_WHEEL, COUNTRIES, DELIVERY, ONBOARDING, PRAISE_WHEEL, REGIONS, SEGMENTS,
    TOUCHPOINT_WHEEL, TOUCHPOINTS,
};

/// Days after joining in which onboarding is what many surveys ask about.
const FIRST_MONTHS: i32 = 120;
/// Share of the surveys of the first months that ask about onboarding.
const ONBOARDING_SHARE: f32 = 0.35;
/// How much one standard deviation of opinion raises the readiness to answer.
const READINESS: f32 = 0.2;
/// Readiness of customers about to leave.
const RETREAT: f32 = 0.8;
/// What the opinion loses at the touchpoint that serves a customer worst.
const SORENESS: f32 = 0.8;
/// What the opinion loses in the weeks before leaving.
const SINKING: f32 = 0.7;

/// One answer sheet; places refer to the tables of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) response_id: i64,
    /// Seconds since 1970-01-01 UTC.
    pub(super) second: i64,
    pub(super) customer_id: i64,
    pub(super) touchpoint: u8,
    pub(super) channel: u8,
    pub(super) segment: u8,
    pub(super) country: u8,
    pub(super) nps: Option<i8>,
    pub(super) csat: Option<i8>,
    pub(super) ces: Option<i8>,
    pub(super) expectation: Option<i8>,
    pub(super) staff: Option<i8>,
    pub(super) price: Option<i8>,
    pub(super) reason: Option<u8>,
    pub(super) comment: Option<u16>,
    pub(super) language: u8,
}

/// One survey sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Invitation {
    pub(super) customer_id: i64,
    /// Seconds since 1970-01-01 UTC.
    pub(super) second: i64,
    pub(super) touchpoint: u8,
    pub(super) channel: u8,
    pub(super) response_id: Option<i64>,
}

/// The world in which the surveys go out.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) calendar: Calendar,
    pub(super) population: Population,
    pub(super) comments: Comments,
}

impl World {
    pub(super) fn new(seed: u64, rows: u64) -> Self {
        Self {
            seed,
            calendar: Calendar::new(rows),
            population: Population::new(seed, rows),
            comments: Comments::new(),
        }
    }

    /// The answers of the rows of one chunk and the invitations that led to them.
    pub(super) fn chunk(
        &self,
        chunk: u64,
        rows: std::ops::Range<u64>,
    ) -> (Vec<Answer>, Vec<Invitation>) {
        let mut chance = Chance::stream(self.seed, Purpose::Answers, chunk);
        let expected = (rows.end - rows.start) as usize;
        let mut answers = Vec::with_capacity(expected);
        let mut invitations = Vec::with_capacity(expected * 5);
        for row in rows {
            answers.push(self.answer(row, &mut chance, &mut invitations));
        }
        (answers, invitations)
    }

    fn answer(&self, row: u64, chance: &mut Chance, sent: &mut Vec<Invitation>) -> Answer {
        let (day, place, of) = self.calendar.day_of(row);
        let share = (place as f64 + f64::from(chance.share())) / of as f64;
        let second = self.calendar.second(day, share);
        loop {
            let customer = self.population.anybody(day as i32, chance);
            let leaving = !self.population.stays(&customer, day as i32 + DECLINE);
            let (touchpoint, channel) = occasion(&customer, day as i32, chance);
            let answered = chance.hits(readiness(&customer, channel, leaving));
            sent.push(Invitation {
                customer_id: customer.number as i64 + 1,
                second: second - delay(chance),
                touchpoint: touchpoint as u8,
                channel: channel as u8,
                response_id: answered.then_some(row as i64 + 1),
            });
            if answered {
                let mood = self.calendar.mood(day, touchpoint);
                let opinion = opinion(&customer, touchpoint, mood, leaving, chance);
                let mut answer = blank(row, second, &customer, touchpoint, channel);
                rate(&mut answer, opinion, chance);
                self.explain(&mut answer, chance);
                return answer;
            }
        }
    }

    /// The reason and the comment, which agree with score and touchpoint.
    fn explain(&self, answer: &mut Answer, chance: &mut Chance) {
        let touchpoint = usize::from(answer.touchpoint);
        let attitude = Attitude::of(answer.nps.or(answer.csat.map(|c| 2 * c)).unwrap_or(8));
        let (reason, spoken) = attitude.shares();
        let words = &TOUCHPOINTS[touchpoint];
        if chance.hits(reason) {
            answer.reason = Some(match attitude {
                Attitude::Praises => words.praise[chance.spin(&PRAISE_WHEEL)],
                _ => words.complaints[chance.spin(&COMPLAINT_WHEEL)],
            });
        }
        let spanish = COUNTRIES[usize::from(answer.country)].3;
        answer.language = u8::from(!chance.hits(spanish));
        if chance.hits(spoken) {
            let comments = self.comments.about(answer.language, touchpoint, attitude);
            let place = chance.below(comments.len() as u64) as u16;
            answer.comment = Some(comments.start + place);
        }
    }
}

/// What a score says of the mood in which the comment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attitude {
    Complains,
    Hesitates,
    Praises,
}

impl Attitude {
    fn of(nps: i8) -> Self {
        match nps {
            ..=6 => Self::Complains,
            7 | 8 => Self::Hesitates,
            _ => Self::Praises,
        }
    }

    /// How many give a reason and how many write a comment.
    fn shares(self) -> (f32, f32) {
        match self {
            Self::Complains => (0.70, 0.45),
            Self::Hesitates => (0.40, 0.18),
            Self::Praises => (0.35, 0.25),
        }
    }
}

/// Touchpoint and channel of a survey.
fn occasion(customer: &Customer, day: i32, chance: &mut Chance) -> (usize, usize) {
    let new = day - customer.joined < FIRST_MONTHS;
    let touchpoint = if new && chance.hits(ONBOARDING_SHARE) {
        ONBOARDING
    } else {
        chance.spin(&TOUCHPOINT_WHEEL)
    };
    // Nobody is asked about an onboarding of years ago: that share goes to the parcels.
    let touchpoint = if touchpoint == ONBOARDING && !new {
        DELIVERY
    } else {
        touchpoint
    };
    (touchpoint, chance.spin(&TOUCHPOINTS[touchpoint].channels))
}

/// Probability that a survey is answered.
fn readiness(customer: &Customer, channel: usize, leaving: bool) -> f32 {
    let segment = &SEGMENTS[usize::from(customer.segment)];
    let mood = 1.0 + READINESS * (customer.opinion - segment.level).clamp(-2.0, 2.0);
    let retreat = if leaving { RETREAT } else { 1.0 };
    segment.response_rate * CHANNELS[channel].2 * mood * retreat
}

/// Seconds between invitation and answer (or the same, had there been one): minutes to days.
fn delay(chance: &mut Chance) -> i64 {
    let hours = chance.exponential() * 14.0;
    60 + (hours.min(120.0) * 3_600.0) as i64
}

/// The opinion behind one answer sheet, in standard deviations.
fn opinion(
    customer: &Customer,
    touchpoint: usize,
    mood: f32,
    leaving: bool,
    chance: &mut Chance,
) -> f32 {
    let region = COUNTRIES[usize::from(customer.country)].1;
    let mut opinion = 0.7 * customer.opinion + mood + REGIONS[usize::from(region)].1;
    if usize::from(customer.sore) == touchpoint {
        opinion -= SORENESS;
    }
    if leaving {
        opinion -= SINKING;
    }
    opinion + 0.55 * chance.normal()
}

fn blank(row: u64, second: i64, customer: &Customer, touchpoint: usize, channel: usize) -> Answer {
    Answer {
        response_id: row as i64 + 1,
        second,
        customer_id: customer.number as i64 + 1,
        touchpoint: touchpoint as u8,
        channel: channel as u8,
        segment: customer.segment,
        country: customer.country,
        nps: None,
        csat: None,
        ces: None,
        expectation: None,
        staff: None,
        price: None,
        reason: None,
        comment: None,
        language: 0,
    }
}

/// Turns an opinion into scores: each adds its own error, is cut to its scale, and is left
/// blank now and then; expectation is asked of six in ten, staff where people serve.
fn rate(answer: &mut Answer, opinion: f32, chance: &mut Chance) {
    let touchpoint = &TOUCHPOINTS[usize::from(answer.touchpoint)];
    let [e1, e2, e3, e4, e5] = chance.normals();
    // Half up; what is below zero is cut to the scale's low end anyway.
    let score = |value: f32, low: i8, high: i8| ((value + 0.5) as i8).clamp(low, high);
    let nps = score(7.75 + 2.0 * opinion + 0.9 * e1, 0, 10);
    let csat = score(3.95 + 0.8 * opinion + 0.45 * e2, 1, 5);
    let ces = score(5.2 + touchpoint.ease + opinion + 0.8 * e3, 1, 7);
    let expectation = score(touchpoint.expected + 0.1 * opinion + 0.65 * e4, 1, 5);
    let staff = score(4.05 + 0.65 * opinion + 0.6 * e5, 1, 5);
    let price = score(3.6 + 0.35 * opinion + 0.85 * chance.normal(), 1, 5);
    let bits = chance.bits();
    let given = |i: u32, percent: u64| ((bits >> (10 * i)) & 1_023) * 100 < percent * 1_024;
    answer.nps = given(0, 98).then_some(nps);
    answer.csat = given(1, 96).then_some(csat);
    answer.ces = given(2, 93).then_some(ces);
    answer.expectation = given(3, 60).then_some(expectation);
    answer.staff = (touchpoint.staffed && given(4, 95)).then_some(staff);
    answer.price = given(5, 90).then_some(price);
}
