//! `latido sample`: sample tables of any size.

use super::options::Sample;
use super::telling::Telling;
use crate::error::{Error, Result};

/// Writes the tables and tells how far it is.
pub(super) fn write(sample: &Sample, _telling: &Telling) -> Result<()> {
    let Sample {
        rows,
        seed,
        out,
        dirty,
    } = sample;
    Err(Error::Internal(format!(
        "sample {rows} {seed} {} {dirty}",
        out.display()
    )))
}
