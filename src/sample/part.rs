//! One part of each table, written side by side: the same share of rows, customers and time.
//!
//! Parts have a bounded size and know nothing of each other, which is what lets threads write
//! them in any order and memory stay flat.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::accounts::Account;
use super::answers::World;
use super::columns::Columns;
use super::dirt;
use crate::error::{Error, Result};

/// How the rows are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Responses in a full part; a multiple of `chunk`.
    pub(super) part: u64,
    /// Responses made at a time; also the reach of one stream of chance.
    pub(super) chunk: u64,
}

/// The cut of every sample; other cuts exist in tests only, as `chunk` changes what is drawn.
pub(super) const LAYOUT: Layout = Layout {
    part: 1 << 20,
    chunk: 1 << 16,
};

impl Layout {
    /// How many parts `rows` responses take.
    pub(super) fn parts(self, rows: u64) -> u64 {
        rows.div_ceil(self.part)
    }
}

/// Customers made at a time.
const CUSTOMERS_PER_CHUNK: u64 = 1 << 14;
/// Rows in a row group.
const ROW_GROUP: usize = 1 << 18;
/// Numbers whose values hardly repeat: a dictionary would only be built to be thrown away.
const DISTINCT: [&str; 3] = ["amount", "monthly_value", "lifetime_value"];
/// Keys and times, stored as differences, which leave nothing to compress.
const KEYS: [&str; 5] = [
    "response_id",
    "customer_id",
    "responded_at",
    "invited_at",
    "at",
];
/// Text in no order, where least and greatest would not let a reader skip anything.
const TEXT: [&str; 11] = [
    "source",
    "touchpoint",
    "channel",
    "segment",
    "region",
    "country",
    "reason",
    "comment",
    "language",
    "churn_reason",
    "churn_category",
];

/// The tables, in the order of the counts in [`Written`].
pub(super) const TABLES: [&str; 5] = [
    "responses",
    "customers",
    "transactions",
    "invitations",
    "responses_dirty",
];

/// Rows written to one part of each of [`TABLES`].
pub(super) type Written = [u64; TABLES.len()];

/// What all parts share.
#[derive(Debug)]
pub(super) struct Press {
    pub(super) world: World,
    columns: Columns,
    rows: u64,
    layout: Layout,
    /// Paths of the tables' files by table and part; no files for a table that is not wanted.
    pub(super) files: [Vec<PathBuf>; TABLES.len()],
}

impl Press {
    /// Ready to write the parts of `rows` responses to `files`.
    pub(super) fn new(
        seed: u64,
        rows: u64,
        layout: Layout,
        files: [Vec<PathBuf>; TABLES.len()],
    ) -> Self {
        let world = World::new(seed, rows);
        let columns = Columns::new(world.comments.texts());
        Self {
            world,
            columns,
            rows,
            layout,
            files,
        }
    }

    /// Writes a part of every table; `progress` hears of the responses as they are written, and
    /// says whether to go on.
    pub(super) fn write(
        &self,
        part: u64,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Written> {
        let mut progress = |rows| match progress(rows) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Cancelled),
        };
        let [responses, invitations, dirty] = self.write_answers(part, &mut progress)?;
        let [customers, transactions] = self.write_accounts(part, &mut progress)?;
        Ok([responses, customers, transactions, invitations, dirty])
    }

    fn write_answers(
        &self,
        part: u64,
        progress: &mut impl FnMut(u64) -> Result<()>,
    ) -> Result<[u64; 3]> {
        let mut responses = Sheet::create(self.file(0, part));
        let mut invitations = Sheet::create(self.file(3, part));
        let mut dirty = self.files[4]
            .get(part as usize)
            .map(|path| Dirty::create(path))
            .transpose()?;
        let Layout { part: size, chunk } = self.layout;
        let rows = part * size..((part + 1) * size).min(self.rows);
        for (chunk, rows) in chunks(rows, chunk) {
            let (answers, sent) = self.world.chunk(chunk, rows);
            progress(0)?; // asked often, so that breaking off is prompt
            responses.append(&self.columns.responses(&answers))?;
            progress(0)?;
            invitations.append(&self.columns.invitations(&sent))?;
            if let Some(dirty) = &mut dirty {
                dirty.append(&self.world, chunk, &answers)?;
            }
            progress(answers.len() as u64)?;
        }
        let dirty = dirty.map_or(Ok(0), Dirty::close)?;
        Ok([responses.close()?, invitations.close()?, dirty])
    }

    fn write_accounts(
        &self,
        part: u64,
        progress: &mut impl FnMut(u64) -> Result<()>,
    ) -> Result<[u64; 2]> {
        let mut customers = Sheet::create(self.file(1, part));
        let mut transactions = Sheet::create(self.file(2, part));
        let size = u128::from(self.world.population.size());
        let parts = u128::from(self.layout.parts(self.rows));
        let share = |part: u64| (size * u128::from(part) / parts) as u64;
        for (_, numbers) in chunks(share(part)..share(part + 1), CUSTOMERS_PER_CHUNK) {
            let mut purchases = Vec::new();
            let open = |number| Account::open(&self.world, number, &mut purchases);
            let accounts: Vec<Account> = numbers.map(open).collect();
            customers.append(&self.columns.customers(&accounts))?;
            transactions.append(&self.columns.transactions(&purchases))?;
            progress(0)?;
        }
        Ok([customers.close()?, transactions.close()?])
    }

    fn file(&self, table: usize, part: u64) -> &Path {
        &self.files[table][part as usize]
    }
}

/// Ranges of at most `size`, each with its place in the whole table.
fn chunks(all: Range<u64>, size: u64) -> impl Iterator<Item = (u64, Range<u64>)> {
    let end = all.end;
    all.step_by(size as usize)
        .map(move |start| (start / size, start..(start + size).min(end)))
}

/// A Parquet file in the making; it is created with its first batch, whose schema it takes.
struct Sheet<'a> {
    path: &'a Path,
    writer: Option<ArrowWriter<BufWriter<File>>>,
    rows: u64,
}

impl<'a> Sheet<'a> {
    fn create(path: &'a Path) -> Self {
        Self {
            path,
            writer: None,
            rows: 0,
        }
    }

    fn append(&mut self, batch: &RecordBatch) -> Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            empty => empty.insert(open(self.path, batch)?),
        };
        self.rows += batch.num_rows() as u64;
        writer
            .write(batch)
            .map_err(|error| cannot_write(self.path, &error))
    }

    fn close(self) -> Result<u64> {
        if let Some(writer) = self.writer {
            writer
                .close()
                .map_err(|error| cannot_write(self.path, &error))?;
        }
        Ok(self.rows)
    }
}

fn open(path: &Path, batch: &RecordBatch) -> Result<ArrowWriter<BufWriter<File>>> {
    let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
    // Without Arrow's own schema the text columns are plain text to every reader.
    let options = ArrowWriterOptions::new()
        .with_properties(properties())
        .with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(BufWriter::new(file), batch.schema(), options)
        .map_err(|error| cannot_write(path, &error))
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(1).expect("1 is a level of zstd");
    let mut properties = WriterProperties::builder()
        .set_created_by("latido sample".to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for column in DISTINCT.iter().chain(&KEYS) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*column), false);
    }
    for column in KEYS {
        let encoding = Encoding::DELTA_BINARY_PACKED;
        properties = properties
            .set_column_encoding(ColumnPath::from(column), encoding)
            .set_column_compression(ColumnPath::from(column), Compression::UNCOMPRESSED);
    }
    for column in TEXT {
        let none = EnabledStatistics::None;
        properties = properties.set_column_statistics_enabled(ColumnPath::from(column), none);
    }
    properties.build()
}

/// A dirty CSV file in the making.
struct Dirty<'a> {
    path: &'a Path,
    out: BufWriter<File>,
    lines: u64,
}

impl<'a> Dirty<'a> {
    fn create(path: &'a Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
        let mut out = BufWriter::new(file);
        dirt::begin(&mut out).map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            path,
            out,
            lines: 0,
        })
    }

    fn append(
        &mut self,
        world: &World,
        chunk: u64,
        answers: &[super::answers::Answer],
    ) -> Result<()> {
        let lines = dirt::append(
            &mut self.out,
            (world.seed, chunk),
            answers,
            world.comments.texts(),
        );
        self.lines += lines.map_err(|error| cannot_write(self.path, &error))?;
        Ok(())
    }

    fn close(mut self) -> Result<u64> {
        self.out
            .flush()
            .map_err(|error| cannot_write(self.path, &error))?;
        Ok(self.lines)
    }
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::place(
        path.display().to_string(),
        format!("cannot write the sample here: {error}"),
    )
}
