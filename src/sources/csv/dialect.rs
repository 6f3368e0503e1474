//! How a delimited text is written: found out from its first records.

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::sources::format::Format;
use crate::sources::options::Delimited;

/// Delimiters to look for, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records that the search looks at.
const SAMPLE: usize = 20;

/// Between what the fields of a line stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::sources) enum Shape {
    /// A delimiter.
    Delimited,
    /// One or more blanks.
    Blanks,
    /// The whole line is one field.
    Lines,
}

/// How a delimited text is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::sources) struct Dialect {
    pub(in crate::sources) shape: Shape,
    pub(in crate::sources) delimiter: u8,
    pub(in crate::sources) quote: u8,
    pub(in crate::sources) escape: Option<u8>,
    pub(in crate::sources) comment: Option<u8>,
    pub(in crate::sources) header: bool,
    pub(in crate::sources) truncated_rows: bool,
}

impl Dialect {
    /// The dialect of a text: what is given, then what the format fixes, then what fits.
    pub(in crate::sources) fn find(text: &[u8], format: Format, given: &Delimited) -> Self {
        let mut dialect = Self {
            shape: Shape::Delimited,
            delimiter: given.delimiter.unwrap_or(b','),
            quote: given.quote.unwrap_or(b'"'),
            escape: given.escape,
            comment: given.comment,
            header: given.header.unwrap_or(true),
            truncated_rows: given.truncated_rows,
        };
        match (given.delimiter, format) {
            (Some(_), _) => {}
            (None, Format::Tsv) => dialect.delimiter = b'\t',
            (None, Format::Text) => match dialect.fitting(text, true) {
                Some(delimiter) => dialect.delimiter = delimiter,
                None => dialect.without_delimiter(text, given),
            },
            (None, _) => dialect.delimiter = dialect.fitting(text, false).unwrap_or(b','),
        }
        dialect
    }

    /// A reader that leaves judging the records to the caller.
    pub(in crate::sources) fn reader<R: std::io::Read>(&self, text: R) -> Reader<R> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote)
            .escape(self.escape)
            .comment(self.comment)
            .has_headers(false)
            .flexible(true)
            .from_reader(text)
    }

    /// The delimiter that cuts every sampled record into equally many fields, else (unless
    /// `strict`) the first that cuts the header at all.
    fn fitting(&self, text: &[u8], strict: bool) -> Option<u8> {
        let cuts = DELIMITERS.map(|delimiter| {
            let candidate = Self {
                delimiter,
                ..self.clone()
            };
            (delimiter, candidate.fields(text))
        });
        let even = cuts.iter().find(|(_, fields)| {
            fields.first().is_some_and(|first| *first > 1)
                && fields.iter().all(|count| *count == fields[0])
                && (!strict || fields.len() > 1)
        });
        let any = cuts
            .iter()
            .find(|(_, fields)| !strict && fields.first().is_some_and(|first| *first > 1));
        even.or(any).map(|(delimiter, _)| *delimiter)
    }

    /// How many fields each of the first records has.
    fn fields(&self, text: &[u8]) -> Vec<usize> {
        let mut reader = self.reader(text);
        let mut record = ByteRecord::new();
        let mut counts = Vec::new();
        while counts.len() < SAMPLE && reader.read_byte_record(&mut record).unwrap_or(false) {
            counts.push(record.len());
        }
        counts
    }

    /// Columns between blanks when every line has equally many, else whole lines.
    fn without_delimiter(&mut self, text: &[u8], given: &Delimited) {
        let lines: Vec<Vec<&[u8]>> = text
            .split(|byte| *byte == b'\n')
            .map(super::blanks::words)
            .filter(|words| !words.is_empty())
            .take(SAMPLE)
            .collect();
        let width = lines.first().map_or(0, Vec::len);
        let number =
            |word: &&[u8]| std::str::from_utf8(word).is_ok_and(|word| word.parse::<f64>().is_ok());
        if width > 1 && lines.len() > 1 && lines.iter().all(|words| words.len() == width) {
            self.shape = Shape::Blanks;
            self.header = given.header.unwrap_or_else(|| !lines[0].iter().any(number));
        } else {
            // Characters that no text holds: nothing separates, nothing quotes.
            self.shape = Shape::Lines;
            (self.delimiter, self.quote, self.header) = (1, 2, given.header.unwrap_or(false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_fits() {
        for (text, format, expected) in [
            ("a,b\n1,2\n", Format::Csv, b','),
            ("a;b\n1;2\n", Format::Csv, b';'),
            ("a\tb\n1\t2\n", Format::Csv, b'\t'),
            ("a|b\n1|2\n", Format::Csv, b'|'),
            ("id;text\n1;one, two\n2;x\n", Format::Csv, b';'),
            ("id;\"a, b\"\n1;x\n", Format::Csv, b';'),
            ("a;b,c\n1;2,3\n4;5,6,7\n", Format::Csv, b';'),
            ("only\n1\n", Format::Csv, b','),
            ("a,b\tc\n", Format::Tsv, b'\t'),
        ] {
            let found = Dialect::find(text.as_bytes(), format, &Delimited::default());
            assert_eq!(found.delimiter as char, expected as char, "{text:?}");
        }
    }

    #[test]
    fn text_without_delimiter_is_columns_between_blanks_or_lines() {
        for (text, shape, header) in [
            (" id  n\r\n 001 2\r\n", Shape::Blanks, true),
            (" 001 2\n 002 3\n", Shape::Blanks, false),
            ("one word\nand three words\n", Shape::Lines, false),
        ] {
            let found = Dialect::find(text.as_bytes(), Format::Text, &Delimited::default());
            assert_eq!((found.shape, found.header), (shape, header), "{text:?}");
        }
    }
}
