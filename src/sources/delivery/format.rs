//! The format and compression of a COPY from the ending of its target.
//!
//! DataFusion knows `.csv`, `.json`, `.parquet` and `.arrow` only, writes `x.csv.gz` without
//! compressing, and silently takes the ending when `STORED AS` is misspelt.

use datafusion::sql::parser::CopyToStatement;
use datafusion::sql::sqlparser::ast::Value;

use crate::error::{Error, Result};

/// Fills in what a COPY leaves to the ending of its target: the format (`.parquet`, `.csv`,
/// `.tsv`, `.ndjson`, `.jsonl`, `.json`, `.arrow`, `.feather`) and the compression of text
/// (`.gz`, `.zst`, `.bz2`, `.xz`). To be called on the parsed statement before it is planned; what the
/// statement says itself is kept. JSON is written a row per line.
///
/// # Errors
/// `Error::Statement` for an unknown `STORED AS`, a target whose ending names no format, and
/// compressed binary formats.
pub fn complete_copy(statement: &mut CopyToStatement) -> Result<()> {
    let (stem, compression) = split_compression(&statement.target);
    let format = match &statement.stored_as {
        Some(name) => Format::named(name).ok_or_else(|| unknown(name))?,
        None => Format::of_ending(stem).ok_or_else(|| nameless(&statement.target))?,
    };
    if let Some(compression) = compression {
        if !format.is_text() {
            return Err(compressed(&statement.target, format));
        }
        offer(statement, "compression", compression);
    }
    if format == Format::Tsv {
        offer(statement, "delimiter", "\t");
    }
    statement.stored_as = Some(format.factory().to_owned());
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Format {
    Parquet,
    Csv,
    Tsv,
    Json,
    Arrow,
}

impl Format {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "parquet" => Self::Parquet,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "json" | "ndjson" | "jsonl" => Self::Json,
            "arrow" | "ipc" | "feather" => Self::Arrow,
            _ => return None,
        })
    }

    fn of_ending(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?;
        Self::named(name.rsplit_once('.')?.1)
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Json)
    }

    /// The name under which DataFusion knows the writer.
    fn factory(self) -> &'static str {
        match self {
            Self::Parquet => "PARQUET",
            Self::Csv | Self::Tsv => "CSV",
            Self::Json => "JSON",
            Self::Arrow => "ARROW",
        }
    }
}

fn split_compression(path: &str) -> (&str, Option<&'static str>) {
    const ENDINGS: [(&str, &str); 5] = [
        (".gz", "gzip"),
        (".zst", "zstd"),
        (".zstd", "zstd"),
        (".bz2", "bzip2"),
        (".xz", "xz"),
    ];
    for (ending, name) in ENDINGS {
        let cut = path.len().saturating_sub(ending.len());
        if path
            .get(cut..)
            .is_some_and(|last| last.eq_ignore_ascii_case(ending))
        {
            return (&path[..cut], Some(name));
        }
    }
    (path, None)
}

/// Sets a format option unless the statement does.
fn offer(statement: &mut CopyToStatement, option: &str, value: &str) {
    let given = statement.options.iter().any(|(name, _)| {
        let name = name.to_lowercase();
        name.strip_prefix("format.").unwrap_or(&name) == option
    });
    if !given {
        let value = Value::SingleQuotedString(value.to_owned());
        statement.options.push((format!("format.{option}"), value));
    }
}

fn unknown(name: &str) -> Error {
    Error::Statement(format!(
        "COPY: STORED AS {name} is unknown; write PARQUET, CSV, TSV, NDJSON, JSON or ARROW"
    ))
}

fn nameless(target: &str) -> Error {
    Error::Statement(format!(
        "COPY: the ending of '{target}' names no format; end it with .parquet, .csv, .tsv, \
         .ndjson, .json or .arrow, or add STORED AS"
    ))
}

fn compressed(target: &str, format: Format) -> Error {
    Error::Statement(format!(
        "COPY: '{target}' would compress {} as a whole and no reader could open it; drop the last \
         ending (Parquet compresses inside, see OPTIONS (compression 'zstd'))",
        format.factory()
    ))
}

#[cfg(test)]
mod tests {
    use super::complete_copy;
    use datafusion::sql::parser::{CopyToStatement, DFParser, Statement};

    fn parsed(sql: &str) -> CopyToStatement {
        match DFParser::parse_sql(sql).unwrap().pop_front() {
            Some(Statement::CopyTo(copy)) => copy,
            other => panic!("not a COPY: {other:?}"),
        }
    }

    fn completed(sql: &str) -> (String, Vec<String>) {
        let mut copy = parsed(sql);
        complete_copy(&mut copy).unwrap();
        let options = copy
            .options
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        (copy.stored_as.clone().unwrap(), options.collect())
    }

    fn refused(sql: &str) -> String {
        complete_copy(&mut parsed(sql)).unwrap_err().to_string()
    }

    #[test]
    fn the_ending_names_format_and_compression() {
        assert_eq!(
            completed("COPY t TO 'a/b.Parquet'"),
            ("PARQUET".into(), vec![])
        );
        assert_eq!(completed("COPY t TO 'b.jsonl'"), ("JSON".into(), vec![]));
        assert_eq!(
            completed("COPY t TO 's3://x/b.csv.gz'"),
            ("CSV".into(), vec!["format.compression='gzip'".into()])
        );
        assert_eq!(
            completed("COPY t TO 'b.tsv.zst'"),
            (
                "CSV".into(),
                vec![
                    "format.compression='zstd'".into(),
                    "format.delimiter='\t'".into()
                ]
            )
        );
    }

    #[test]
    fn what_the_statement_says_is_kept() {
        assert_eq!(
            completed("COPY t TO 'b.csv.gz' STORED AS ndjson OPTIONS (compression 'zstd')"),
            ("JSON".into(), vec!["compression='zstd'".into()])
        );
    }

    #[test]
    fn a_target_without_format_is_refused() {
        assert!(refused("COPY t TO 'out/'").contains("'out/' names no format"));
        assert!(refused("COPY t TO 'v1.csv/out'").contains("names no format"));
        assert!(refused("COPY t TO 'x.csv' STORED AS xlsx").contains("STORED AS XLSX is unknown"));
        assert!(refused("COPY t TO 'x.parquet.gz'").contains("would compress PARQUET as a whole"));
    }
}
