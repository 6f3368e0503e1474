//! Delimited text: how it is written, what its columns hold, and where it breaks its own rules.

mod blanks;
mod diagnosis;
mod dialect;
mod sketch;
mod values;

pub(super) use blanks::Respaced;
pub(super) use diagnosis::diagnose;
pub(super) use dialect::{Dialect, Shape};
pub(super) use sketch::sketch;
