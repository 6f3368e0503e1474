//! The believable history that `latido sample` streams: five years of a company's customers.
//!
//! It is here so that everything can be tried, tested and measured at any size without anybody's
//! data. What it tells (growth, seasons, a delivery incident and its recovery, customers who
//! leave for reasons that their scores foretold) is written down in `sample-data/README.md`.

mod accounts;
mod answers;
mod calendar;
mod chance;
mod columns;
mod comments;
mod dirt;
mod part;
mod place;
mod plan;
mod population;
#[cfg(test)]
mod story;
mod vocabulary;

pub use plan::{Plan, Report, Table};
