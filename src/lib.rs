//! latido ("heartbeat"): an embedded analytics engine for customer-experience feedback.
//!
//! The rooms, in floor order; each may use those above it in this list, never those below
//! (`src/ARCHITECTURE.md` is the map).

/// The one door: open, run, list.
pub mod engine;
mod error;
/// The SQL face of model and statistics: one function a file.
pub mod functions;
/// Windows on the engine: the command line and its output formats.
pub mod interfaces;
/// The words of customer experience as types: scales, categories and the tallies of each KPI.
pub mod model;
/// latido.yaml: tables, metrics, objectives, roles; parsed and checked.
pub mod project;
/// The believable history that `latido sample` streams.
pub mod sample;
/// Rules and faster forms of built-in functions; they change no answer.
pub mod scan;
/// Object stores and files become tables.
pub mod sources;
/// Numbers in, numbers out: intervals, tests and moments; no Arrow, no I/O.
pub mod statistics;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
