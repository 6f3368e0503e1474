//! A file for results, as `\o` names it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::interfaces::output::{Format, Staged};

/// Where results go instead of the screen.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    /// Results that are in it.
    results: usize,
}

/// A result on its way into the file.
pub(super) enum Pen {
    /// The first: there when it is whole.
    Whole(BufWriter<Staged>),
    /// A further one: under the others.
    Under(BufWriter<File>),
}

impl Target {
    /// A file whose ending names the format; without an ending a table for people.
    ///
    /// # Errors
    /// [`Error::Usage`] for an ending that names none.
    pub(super) fn of(path: PathBuf) -> Result<Self> {
        let format = match path.extension() {
            None => Format::Table,
            Some(_) => Format::of_path(&path).ok_or_else(|| {
                Error::Usage(format!(
                    "\\o {}: the ending names no format; use .csv, .tsv, .json, .ndjson, .md, \
                     .txt, .parquet or .arrow",
                    path.display()
                ))
            })?,
        };
        Ok(Self {
            path,
            format,
            results: 0,
        })
    }

    /// Makes room for a result.
    ///
    /// # Errors
    /// [`Error::Usage`] for a second one in a format that holds one, [`Error::Place`] for a file
    /// that cannot be written.
    pub(super) fn begin(&self) -> Result<Pen> {
        if self.results == 0 {
            return Ok(Pen::Whole(BufWriter::new(Staged::create(&self.path)?)));
        }
        let shown = self.path.display().to_string();
        if matches!(
            self.format,
            Format::Csv | Format::Tsv | Format::Json | Format::Parquet | Format::Arrow
        ) {
            return Err(Error::Usage(format!(
                "{shown} holds a result already, and its format only one; \\o another file, or \
                 \\o for the screen"
            )));
        }
        let file = File::options().append(true).open(&self.path);
        let mut file = file.map_err(|error| Error::place(shown, error.to_string()))?;
        if self.format != Format::Ndjson {
            file.write_all(b"\n")?;
        }
        Ok(Pen::Under(BufWriter::new(file)))
    }

    /// Puts a result in its place.
    pub(super) fn finish(&mut self, pen: Pen) -> Result<()> {
        match pen {
            Pen::Whole(file) => {
                let file = file.into_inner();
                file.map_err(std::io::IntoInnerError::into_error)?
                    .commit()?;
            }
            Pen::Under(mut file) => file.flush()?,
        }
        self.results += 1;
        Ok(())
    }
}

impl Pen {
    /// What a format writes into.
    pub(super) fn sink(&mut self) -> &mut (dyn std::io::Write + Send) {
        match self {
            Self::Whole(file) => file,
            Self::Under(file) => file,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_and_takes_as_many_results_as_its_format() {
        let directory = tempfile::tempdir().unwrap();
        for (name, takes_more) in [("a.csv", false), ("a.ndjson", true), ("a", true)] {
            let mut target = Target::of(directory.path().join(name)).unwrap();
            let mut pen = target.begin().unwrap();
            pen.sink().write_all(b"1\n").unwrap();
            assert!(!target.path.exists());
            target.finish(pen).unwrap();
            assert!(target.path.exists());
            assert_eq!(target.begin().is_ok(), takes_more, "{name}");
        }
        assert!(Target::of("a.xlsx".into()).is_err());
    }
}
