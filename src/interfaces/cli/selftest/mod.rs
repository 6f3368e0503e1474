//! `latido selftest`: what others have published, computed again through SQL, with the digits agreed.
//!
//! The examples are files of `examples/`, each number as it was printed, with its source. They are
//! part of the binary, so that everybody can see on their own machine how far to trust it.

mod example;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::record_batch::RecordBatch;

use super::outlet::Outlet;
use super::telling::Telling;
use crate::engine::{Answer, Engine};
use crate::error::{Error, Result};
use example::{Example, digits, read};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("examples/", $name, ".sql")))),*]
    };
}

/// The files of examples, in the order of the statistics.
const FILES: &[(&str, &str)] = files![
    "net_promoter",
    "proportions",
    "means",
    "comparison",
    "adjust",
    "decomposition",
    "churn",
    "journey",
    "correlation",
    "dependent_correlations",
    "auc",
    "validation",
    "drivers",
    "reliability",
    "regression",
    "survival",
    "lifetime",
];

/// A published number beside ours.
struct Line<'a> {
    example: &'a Example,
    value: &'a str,
    published: &'a str,
    ours: Option<f64>,
    reached: u32,
    of: u32,
}

/// Runs all examples and tells how many digits of each published number are reached.
///
/// # Errors
/// [`Error::Data`] after the table, where a number is missed that no remark explains.
pub(super) async fn tell(engine: &Engine, telling: Telling) -> Result<()> {
    let mut examples = Vec::new();
    for (name, text) in FILES {
        examples.extend(read(name, text)?);
    }
    let mut lines = Vec::new();
    for example in &examples {
        lines.extend(run(engine, example).await?);
    }
    let mut outlet = Outlet::open(telling.clone())?;
    let table = table(&lines)?;
    outlet.deliver(async { Ok(Answer::of(table)) }).await?;
    outlet.finish()?;
    conclude(&lines, examples.len(), &telling)
}

fn conclude(lines: &[Line<'_>], examples: usize, telling: &Telling) -> Result<()> {
    let short = || lines.iter().filter(|line| line.reached < line.of);
    let unexplained = short().filter(|line| line.example.remark.is_none());
    let missed: Vec<String> = unexplained
        .map(|line| format!("{} ({})", line.value, line.example.method))
        .collect();
    telling.remark(&format!(
        "{} published values of {examples} examples: {} reached to the last digit, {} short of it \
         with a remark that says why",
        lines.len(),
        lines.len() - short().count(),
        short().count() - missed.len(),
    ));
    match missed.as_slice() {
        [] => Ok(()),
        missed => Err(Error::Data(format!(
            "published values that are not reached: {}; please report it with this version",
            missed.join(", ")
        ))),
    }
}

async fn run<'a>(engine: &Engine, example: &'a Example) -> Result<Vec<Line<'a>>> {
    let batches = engine.run(&example.sql, &[]).await?.collect().await?;
    let row = batches.iter().find(|batch| batch.num_rows() > 0);
    let number = |column: &str| {
        let array = cast(row?.column_by_name(column)?, &DataType::Float64).ok()?;
        array
            .is_valid(0)
            .then(|| array.as_primitive::<Float64Type>().value(0))
    };
    let lines = example.published.iter().map(|(value, published)| {
        let ours = number(value);
        let digits = digits(published, ours);
        let (reached, of) = digits.ok_or_else(|| {
            Error::Internal(format!("{}: {published} is no number", example.method))
        })?;
        Ok(Line {
            example,
            value,
            published,
            ours,
            reached,
            of,
        })
    });
    lines.collect()
}

fn table(lines: &[Line<'_>]) -> Result<RecordBatch> {
    let texts = |of: &dyn Fn(&Line<'_>) -> String| {
        Arc::new(
            lines
                .iter()
                .map(|line| Some(of(line)))
                .collect::<StringArray>(),
        ) as ArrayRef
    };
    let ours = lines.iter().map(|line| line.ours);
    let remarks = lines.iter().map(|line| {
        let remark = line.example.remark.as_deref();
        remark.filter(|_| line.reached < line.of)
    });
    RecordBatch::try_from_iter_with_nullable([
        ("method", texts(&|line| line.example.method.clone()), false),
        ("value", texts(&|line| line.value.to_owned()), false),
        ("published", texts(&|line| line.published.to_owned()), false),
        (
            "latido",
            Arc::new(ours.collect::<Float64Array>()) as ArrayRef,
            true,
        ),
        (
            "digits",
            texts(&|line| format!("{} of {}", line.reached, line.of)),
            false,
        ),
        ("source", texts(&|line| line.example.source.clone()), false),
        (
            "remark",
            Arc::new(remarks.collect::<StringArray>()) as ArrayRef,
            true,
        ),
    ])
    .map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_is_the_folder() {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/interfaces/cli/selftest/examples");
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let mut listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        names.sort();
        listed.sort_unstable();
        assert_eq!(listed, names);
    }

    #[test]
    fn every_example_can_be_read() {
        for (name, text) in FILES {
            for example in read(name, text).unwrap() {
                assert!(!example.source.is_empty(), "{}", example.method);
                for (value, printed) in &example.published {
                    assert!(digits(printed, Some(0.0)).is_some(), "{value} {printed}");
                }
            }
        }
    }
}
