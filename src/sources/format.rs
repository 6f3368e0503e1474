//! The formats and compressions that files of a table may have, told by name or by first bytes.

use datafusion::datasource::file_format::file_compression_type::FileCompressionType;

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Text with delimiters and a header; the delimiter is found among `,` `;` tab and `|`.
    Csv,
    /// Text with tabs and a header.
    Tsv,
    /// One JSON object a line, or one array of objects.
    Json,
    /// Arrow IPC, file or stream.
    Arrow,
    /// Text of unknown shape: delimiters, columns separated by blanks, or plain lines.
    Text,
}

/// Endings by format, in lower case and without the dot.
const ENDINGS: [(&str, Format); 13] = [
    ("parquet", Format::Parquet),
    ("parq", Format::Parquet),
    ("pq", Format::Parquet),
    ("csv", Format::Csv),
    ("tsv", Format::Tsv),
    ("tab", Format::Tsv),
    ("ndjson", Format::Json),
    ("jsonl", Format::Json),
    ("json", Format::Json),
    ("arrow", Format::Arrow),
    ("feather", Format::Arrow),
    ("ipc", Format::Arrow),
    ("txt", Format::Text),
];

/// Endings of compressed text.
const COMPRESSIONS: [(&str, FileCompressionType); 6] = [
    ("gz", FileCompressionType::GZIP),
    ("gzip", FileCompressionType::GZIP),
    ("zst", FileCompressionType::ZSTD),
    ("zstd", FileCompressionType::ZSTD),
    ("bz2", FileCompressionType::BZIP2),
    ("xz", FileCompressionType::XZ),
];

/// First bytes of files that are never text, and what they are.
const MAGIC: [(&[u8], &str); 9] = [
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF document"),
];

impl Format {
    /// The format that a file's name tells, compressed or not.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = last_segment(name);
        let stem = match compression_ending(name) {
            Some((ending, _)) => &name[..name.len() - ending.len() - 1],
            None => name,
        };
        let (_, ending) = stem.rsplit_once('.')?;
        ENDINGS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(ending))
            .map(|(_, format)| *format)
    }

    /// The format that `STORED AS` names.
    #[must_use]
    pub fn of_keyword(keyword: &str) -> Option<Self> {
        match keyword.to_ascii_uppercase().as_str() {
            "PARQUET" => Some(Self::Parquet),
            "CSV" => Some(Self::Csv),
            "TSV" => Some(Self::Tsv),
            "NDJSON" | "JSON" | "JSONL" => Some(Self::Json),
            "ARROW" | "FEATHER" | "IPC" => Some(Self::Arrow),
            "TEXT" | "TXT" => Some(Self::Text),
            _ => None,
        }
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Json => "JSON",
            Self::Arrow => "Arrow",
            Self::Text => "text",
        }
    }

    /// Whether it is read as delimited text.
    #[must_use]
    pub fn is_delimited(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Text)
    }

    /// The format that the first bytes tell; text that is no JSON may be anything delimited.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            _ if bytes.starts_with(b"PAR1") => Self::Parquet,
            _ if bytes.starts_with(b"ARROW1") || bytes.starts_with(&[0xff; 4]) => Self::Arrow,
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Text,
        }
    }
}

/// What the bytes are, when they cannot be text.
pub(super) fn not_text(bytes: &[u8]) -> Option<String> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some((*what).to_owned());
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some("text in UTF-16".to_owned());
    }
    bytes
        .iter()
        .take(64 * 1024)
        .any(|byte| *byte == 0)
        .then(|| "binary (it holds zero bytes)".to_owned())
}

/// The compression that a file's name tells.
pub(super) fn compression_of(name: &str) -> FileCompressionType {
    compression_ending(last_segment(name))
        .map_or(FileCompressionType::UNCOMPRESSED, |(_, compression)| {
            compression
        })
}

fn compression_ending(name: &str) -> Option<(&str, FileCompressionType)> {
    let (_, ending) = name.rsplit_once('.')?;
    COMPRESSIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(ending))
        .map(|(_, compression)| (ending, *compression))
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
