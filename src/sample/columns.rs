//! Rows become record batches: the columns of the four tables, in their order.
//!
//! Words that repeat are dictionaries, so that they are neither copied nor hashed per row; in
//! the file they are plain text columns with Parquet's dictionary encoding.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int8Array, Int32Array,
    Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt8Array, UInt16Array,
};
use arrow::datatypes::{UInt8Type, UInt16Type};

use super::accounts::{Account, Purchase};
use super::answers::{Answer, Invitation};
use super::calendar::FIRST_DAY;
use super::vocabulary::{CHANNELS, COUNTRIES, LANGUAGES, REASONS, REGIONS, SEGMENTS, TOUCHPOINTS};

/// The words of every text column, made once and shared by all batches.
#[derive(Debug)]
pub(super) struct Columns {
    sources: Arc<StringArray>,
    touchpoints: Arc<StringArray>,
    channels: Arc<StringArray>,
    segments: Arc<StringArray>,
    regions: Arc<StringArray>,
    countries: Arc<StringArray>,
    reasons: Arc<StringArray>,
    categories: Arc<StringArray>,
    languages: Arc<StringArray>,
    comments: Arc<StringArray>,
}

impl Columns {
    /// Collects the words; `comments` are the texts by place.
    pub(super) fn new(comments: &[String]) -> Self {
        Self {
            sources: words(CHANNELS.iter().map(|c| c.1)),
            touchpoints: words(TOUCHPOINTS.iter().map(|t| t.name)),
            channels: words(CHANNELS.iter().map(|c| c.0)),
            segments: words(SEGMENTS.iter().map(|s| s.name)),
            regions: words(REGIONS.iter().map(|r| r.0)),
            countries: words(COUNTRIES.iter().map(|c| c.0)),
            reasons: words(REASONS.iter().map(|r| r.0)),
            categories: words(REASONS.iter().map(|r| r.1)),
            languages: words(LANGUAGES.iter().copied()),
            comments: words(comments.iter().map(String::as_str)),
        }
    }

    /// The table `responses`.
    pub(super) fn responses(&self, answers: &[Answer]) -> RecordBatch {
        let text = |words: &Arc<StringArray>, key: fn(&Answer) -> u8| {
            dictionary(words, UInt8Array::from_iter_values(answers.iter().map(key)))
        };
        let score = |key: fn(&Answer) -> Option<i8>| -> ArrayRef {
            Arc::new(answers.iter().map(key).collect::<Int8Array>())
        };
        let reasons = answers.iter().map(|a| a.reason).collect::<UInt8Array>();
        batch([
            (
                "response_id",
                integers(answers.iter().map(|a| a.response_id)),
            ),
            ("responded_at", instants(answers.iter().map(|a| a.second))),
            (
                "customer_id",
                integers(answers.iter().map(|a| a.customer_id)),
            ),
            ("source", text(&self.sources, |a| a.channel)),
            ("touchpoint", text(&self.touchpoints, |a| a.touchpoint)),
            ("channel", text(&self.channels, |a| a.channel)),
            ("segment", text(&self.segments, |a| a.segment)),
            ("region", text(&self.regions, |a| region(a.country))),
            ("country", text(&self.countries, |a| a.country)),
            ("nps", score(|a| a.nps)),
            ("csat", score(|a| a.csat)),
            ("ces", score(|a| a.ces)),
            ("expectation", score(|a| a.expectation)),
            ("staff", score(|a| a.staff)),
            ("price", score(|a| a.price)),
            ("reason", dictionary(&self.reasons, reasons)),
            ("comment", self.comments_of(answers)),
            ("language", text(&self.languages, |a| a.language)),
            ("weight", numbers(answers.iter().map(weight))),
        ])
    }

    fn comments_of(&self, answers: &[Answer]) -> ArrayRef {
        let keys = answers.iter().map(|a| a.comment).collect::<UInt16Array>();
        Arc::new(DictionaryArray::<UInt16Type>::new(
            keys,
            Arc::<StringArray>::clone(&self.comments),
        ))
    }

    /// The table `invitations`.
    pub(super) fn invitations(&self, sent: &[Invitation]) -> RecordBatch {
        let text = |words: &Arc<StringArray>, key: fn(&Invitation) -> u8| {
            dictionary(words, UInt8Array::from_iter_values(sent.iter().map(key)))
        };
        let responses = sent.iter().map(|i| i.response_id).collect::<Int64Array>();
        batch([
            ("customer_id", integers(sent.iter().map(|i| i.customer_id))),
            ("invited_at", instants(sent.iter().map(|i| i.second))),
            ("touchpoint", text(&self.touchpoints, |i| i.touchpoint)),
            ("channel", text(&self.channels, |i| i.channel)),
            ("response_id", Arc::new(responses)),
        ])
    }

    /// The table `customers`.
    pub(super) fn customers(&self, accounts: &[Account]) -> RecordBatch {
        let text = |words: &Arc<StringArray>, key: fn(&Account) -> u8| {
            dictionary(
                words,
                UInt8Array::from_iter_values(accounts.iter().map(key)),
            )
        };
        let reasons: UInt8Array = accounts.iter().map(|a| a.reason).collect();
        let joined = accounts.iter().map(|a| FIRST_DAY + a.customer.joined);
        let left = accounts.iter().map(|a| a.left.map(|day| FIRST_DAY + day));
        let churned = accounts.iter().map(|a| Some(a.left.is_some()));
        let months = accounts.iter().map(|a| a.months() as i32);
        batch([
            (
                "customer_id",
                integers(accounts.iter().map(|a| a.customer.number as i64 + 1)),
            ),
            ("joined_on", Arc::new(Date32Array::from_iter_values(joined))),
            ("churned_on", Arc::new(left.collect::<Date32Array>())),
            ("churned", Arc::new(churned.collect::<BooleanArray>())),
            ("churn_reason", dictionary(&self.reasons, reasons.clone())),
            ("churn_category", dictionary(&self.categories, reasons)),
            ("segment", text(&self.segments, |a| a.customer.segment)),
            (
                "region",
                text(&self.regions, |a| region(a.customer.country)),
            ),
            ("country", text(&self.countries, |a| a.customer.country)),
            (
                "tenure_months",
                Arc::new(Int32Array::from_iter_values(months)),
            ),
            (
                "monthly_value",
                numbers(accounts.iter().map(|a| money(a.monthly_cents()))),
            ),
            ("lifetime_value", numbers(accounts.iter().map(lifetime))),
        ])
    }

    /// The table `transactions`.
    pub(super) fn transactions(&self, purchases: &[Purchase]) -> RecordBatch {
        batch([
            (
                "customer_id",
                integers(purchases.iter().map(|p| p.customer_id)),
            ),
            ("at", instants(purchases.iter().map(|p| p.second))),
            ("amount", numbers(purchases.iter().map(|p| money(p.cents)))),
        ])
    }
}

/// The survey weight: what brings a segment that answers seldom back to its share, times a
/// factor by region, to four decimals.
pub(super) fn weight(answer: &Answer) -> f64 {
    let segment = &SEGMENTS[usize::from(answer.segment)];
    let region = &REGIONS[usize::from(region(answer.country))];
    let weight = 0.25 / f64::from(segment.response_rate) * region.2;
    (weight * 10_000.0).round() / 10_000.0
}

/// The region of a country.
pub(super) fn region(country: u8) -> u8 {
    COUNTRIES[usize::from(country)].1
}

fn lifetime(account: &Account) -> f64 {
    money((account.monthly_cents() as f64 * account.months()).round() as i64)
}

fn money(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// Every column may hold blanks, as in files from elsewhere.
fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> RecordBatch {
    let columns = columns.map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns are made from the same rows")
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> Arc<StringArray> {
    Arc::new(StringArray::from_iter_values(words))
}

fn dictionary(words: &Arc<StringArray>, keys: UInt8Array) -> ArrayRef {
    Arc::new(DictionaryArray::<UInt8Type>::new(
        keys,
        Arc::<StringArray>::clone(words),
    ))
}

fn integers(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn numbers(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

fn instants(seconds: impl Iterator<Item = i64>) -> ArrayRef {
    let micros = seconds.map(|second| second * 1_000_000);
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}
