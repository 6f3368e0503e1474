//! The SQL face of model and statistics: one function a file, glue only.
//!
//! `FUNCTIONS.md` beside this file is generated from the functions' own documentation.

mod aggregate;
mod cells;
mod columns;
mod fold;
mod frame;
mod parameter;
mod reasons;
mod record;
