//! Tables of counts, by group: how often each combination of some arguments occurred.
//!
//! Here because every statistic that weighs a KPI against an outcome, from Kendall's tau to a Cox
//! model, is a function of such a table. Columns of up to 254 distinct values are numbered and
//! counted, whatever the number of rows; a column with more keeps its rows, 8 bytes a value, sorted
//! and counted wherever they repeat. What comes out has its rows in ascending order, so that every
//! answer is the same to the last bit in whatever order the rows came and however they were split.

mod cell;
mod coding;
mod joint;
mod levels;
mod merging;
mod part;
mod reading;
mod rows;
mod runs;
mod saved;
mod sorted;
mod strata;
mod stratum;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::concat;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::Answers;
use crate::statistics::Table;

pub(crate) use levels::{Level, Levels};
pub(crate) use reading::Reading;
pub(crate) use saved::table_state;

use cell::{Cell, Column, Key};
use coding::{Coder, MISSING};
use joint::Joint;
use part::Part;
use saved::{Reader, Writer};
use sorted::Sorted;

/// Distinct combinations, or values of columns with many, that a call may keep: a gigabyte of them.
const MOST: usize = 1 << 27;

/// Groups whose tables are spelt out at the same time.
const AT_ONCE: usize = 1024;

/// The tables of all groups.
#[derive(Debug)]
pub(crate) struct Tables {
    readings: Arc<[Reading]>,
    asked: Asked,
    coders: Vec<Coder>,
    parts: Vec<Part>,
    /// Rows that are not yet in the parts, counted by all columns.
    joint: Option<Joint>,
    groups: usize,
}

/// What is asked of a group.
#[derive(Debug, Clone)]
enum Asked {
    /// Something of its tables.
    Tables(Answers<Vec<Table>>),
    /// Something of the values of the first column, by the flag that is the second.
    Levels(Answers<Levels>),
}

impl Tables {
    /// One table a subset of the arguments; a row counts in each table whose columns it has.
    pub(crate) fn new(
        readings: Vec<Reading>,
        subsets: Vec<Vec<usize>>,
        answers: Answers<Vec<Table>>,
    ) -> Self {
        Self::open(readings, subsets, Asked::Tables(answers))
    }

    fn open(readings: Vec<Reading>, subsets: Vec<Vec<usize>>, asked: Asked) -> Self {
        let mut tables = Self {
            joint: Joint::of(readings.len(), subsets.len()),
            coders: readings.iter().map(Reading::coder).collect(),
            readings: readings.into(),
            asked,
            parts: subsets.into_iter().map(Part::new).collect(),
            groups: 0,
        };
        // What keys have no room for is kept as a column of many values, from the start.
        let beyond = tables
            .parts
            .iter()
            .flat_map(|part| part.beyond_keys().to_vec());
        for column in beyond.collect::<Vec<usize>>() {
            tables.coders[column].give_up();
            tables.widen(column);
        }
        tables
    }

    /// One table of all arguments.
    pub(crate) fn whole(readings: Vec<Reading>, answers: Answers<Vec<Table>>) -> Self {
        let all = (0..readings.len()).collect();
        Self::new(readings, vec![all], answers)
    }

    /// A value, and a flag that it occurred with or without.
    pub(crate) fn levels(value: Reading, flag: Reading, answers: Answers<Levels>) -> Self {
        Self::open(vec![value, flag], vec![vec![0, 1]], Asked::Levels(answers))
    }

    fn add(&mut self, arguments: &[ArrayRef], rows: Rows<'_>, is_removal: bool) -> Result<()> {
        self.grow(rows.groups());
        let batch = self.read_all(arguments)?;
        if !is_removal && self.count_together(&batch, rows) {
            return Ok(());
        }
        for part in &mut self.parts {
            part.fit(self.groups, &self.coders);
            part.add(&batch, rows, is_removal);
        }
        self.within_bounds()
    }

    /// Counts the rows of a batch by all columns at once, where these have few values; false where they
    /// are left to the parts.
    fn count_together(&mut self, batch: &[Column], rows: Rows<'_>) -> bool {
        if self.joint.is_none() || !Joint::takes(batch, rows) {
            return false;
        }
        let Some(bits) = Joint::needed(&self.coders) else {
            self.spread();
            self.joint = None;
            return false;
        };
        let rows = batch.first().map_or(0, Column::len);
        if self
            .joint
            .as_ref()
            .is_some_and(|joint| !joint.fits(&bits, rows))
        {
            self.spread();
            if let Some(joint) = &mut self.joint {
                joint.open(bits);
            }
        }
        if let Some(joint) = &mut self.joint {
            joint.add(batch);
        }
        true
    }

    /// Brings the rows that were counted by all columns into the parts.
    fn spread(&mut self) {
        let Some(joint) = &mut self.joint else {
            return;
        };
        let mut is_fit = false;
        for (codes, count) in joint.drain() {
            for part in &mut self.parts {
                if !is_fit {
                    part.fit(self.groups, &self.coders);
                }
                let own = part.columns.iter().map(|column| codes[*column]);
                if own.clone().all(|code| code != MISSING) {
                    part.merge(Key::new(0, own), Cell::Count(count));
                }
            }
            is_fit = true;
        }
    }

    /// A column has more values than can be numbered.
    fn widen(&mut self, column: usize) {
        self.spread();
        self.joint = None;
        let values = self.coders[column].values();
        for part in &mut self.parts {
            if let Some(place) = part.columns.iter().position(|known| *known == column) {
                part.widen(place, &values);
            }
        }
    }

    fn within_bounds(&mut self) -> Result<()> {
        let kept = |parts: &[Part]| parts.iter().map(Part::len).sum::<usize>();
        if kept(&self.parts) <= MOST {
            return Ok(());
        }
        self.parts.iter_mut().for_each(Part::add_up);
        let kept = kept(&self.parts);
        let Some(first) = self.readings.first().filter(|_| kept > MOST) else {
            return Ok(());
        };
        let wide = self.coders.iter().position(Coder::is_wide);
        let label = wide.map_or("the arguments", |place| self.readings[place].label());
        exec_err!(
            "{}: more than {MOST} distinct values to keep; fewer are as good for {label}: write \
             round({label}, 1), or take a part of the rows",
            first.function()
        )
    }
}

impl Groups for Tables {
    fn empty(&self) -> Self {
        let subsets = self.parts.iter().map(|part| part.columns.clone()).collect();
        let mut empty = Self::open(self.readings.to_vec(), subsets, self.asked.clone());
        // What turned out to have many values once will again.
        for (place, coder) in self.coders.iter().enumerate() {
            if coder.is_wide() {
                empty.coders[place].give_up();
                empty.widen(place);
            }
        }
        empty
    }

    fn grow(&mut self, groups: usize) {
        self.groups = self.groups.max(groups);
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.add(arguments, rows, false)
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.add(arguments, Rows::One, true)
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let (states, runs) = (columns[0].as_binary::<i64>(), columns[1].as_list::<i32>());
        let (words, ends) = (runs.values().as_binary_view(), runs.value_offsets());
        for row in 0..states.len() {
            let end = |row: usize| usize::try_from(ends[row]).unwrap_or_default();
            let reader = Reader::new(states.value(row), words, end(row)..end(row + 1));
            self.merge_group(rows.group(row), reader)?;
        }
        self.within_bounds()
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        self.spread();
        let mut taken = self.empty();
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups.min(self.groups),
        };
        taken.groups = groups;
        taken.coders = self.coders.clone();
        for (ours, theirs) in self.parts.iter_mut().zip(&mut taken.parts) {
            if groups == self.groups {
                std::mem::swap(ours, theirs);
                continue;
            }
            theirs.fit(groups, &taken.coders);
            let cells = ours.take_cells(|group| group < groups);
            cells
                .into_iter()
                .for_each(|(key, cell)| theirs.merge(key, cell));
            ours.shift(groups);
        }
        self.groups -= groups;
        if self.groups == 0 {
            let fresh = self.empty();
            self.coders = fresh.coders;
            self.parts = fresh.parts;
        }
        taken
    }

    fn settle(&mut self) {
        self.spread();
        self.parts.iter_mut().for_each(Part::settle);
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        let cells: Vec<Vec<(Key, Cell)>> = self.parts.iter().map(Part::cells).collect();
        let mut left: Vec<&[(Key, Cell)]> = cells.iter().map(Vec::as_slice).collect();
        let mut writer = Writer::new(self.groups);
        for group in 0..self.groups {
            self.coders.iter().for_each(|coder| writer.coder(coder));
            for left in &mut left {
                let own = left.partition_point(|(key, _)| key.group <= group);
                let (own, rest) = left.split_at(own);
                writer.cells(own)?;
                *left = rest;
            }
            writer.end_group();
        }
        Ok(writer.finish())
    }

    fn finish(&self) -> Result<ArrayRef> {
        let (groups, coders) = (self.groups, self.coders.as_slice());
        let parts = self.parts.iter();
        match &self.asked {
            Asked::Tables(answers) => {
                let mut tables: Vec<_> = parts.map(|part| part.tables(groups, coders)).collect();
                let group = || tables.iter_mut().filter_map(Iterator::next).collect();
                in_portions(groups, answers, group)
            }
            Asked::Levels(answers) => {
                let mut levels = parts.flat_map(|part| part.levels(groups, coders));
                let none = || Levels::new(Sorted::none(1), Sorted::none(1));
                in_portions(groups, answers, || levels.next().unwrap_or_else(none))
            }
        }
    }

    fn each(&self, arguments: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        self.each_row(arguments)
    }

    fn size(&self) -> usize {
        let parts: usize = self.parts.iter().map(Part::size).sum();
        let joint = self.joint.as_ref().map_or(0, Joint::size);
        parts + joint + self.coders.iter().map(Coder::size).sum::<usize>()
    }
}

/// The answers of so many groups, some at a time.
fn in_portions<T: 'static>(
    groups: usize,
    answers: &Answers<T>,
    mut next: impl FnMut() -> T,
) -> Result<ArrayRef> {
    let mut found: Vec<ArrayRef> = Vec::new();
    let mut left = groups;
    while left > 0 || found.is_empty() {
        let portion: Vec<T> = (0..left.min(AT_ONCE)).map(|_| next()).collect();
        found.push(answers.of(&portion)?);
        left -= portion.len();
    }
    let found: Vec<&dyn Array> = found.iter().map(AsRef::as_ref).collect();
    Ok(concat(&found)?)
}

#[cfg(test)]
mod tests {
    use arrow::array::{BinaryViewArray, BooleanArray, Float64Array, StringViewArray};

    use super::*;
    use crate::functions::values::{BelowZero, ValueReader};

    fn value() -> Reading {
        Reading::Value(ValueReader {
            function: "f",
            label: "x".into(),
            below_zero: BelowZero::Fine,
        })
    }

    /// Tables of two values, a flag and a name: all four, and the two values alone.
    fn store() -> Tables {
        let readings = vec![
            value(),
            value(),
            Reading::Flag("f", "flag".into()),
            Reading::Name("f", "name".into()),
        ];
        let answers = Answers::floats(|_: &Vec<Table>| None);
        Tables::new(readings, vec![vec![0, 1, 2, 3], vec![1, 0]], answers)
    }

    /// Rows of a few values first; from row 600 on the second column has many.
    fn batch(from: usize, rows: usize) -> Vec<ArrayRef> {
        let at = || from..from + rows;
        let known = |row: usize, every: usize| !row.is_multiple_of(every);
        let x = at().map(|row| known(row, 11).then_some((row % 5) as f64 - 1.0));
        let many = |row: usize| if row < 600 { row % 7 } else { row % 400 };
        let y = at().map(|row| known(row, 13).then_some(many(row) as f64 / 4.0));
        let flag = at().map(|row| known(row, 17).then_some(row % 3 == 0));
        let name = at().map(|row| known(row, 19).then_some(["b", "a", "c"][row % 3]));
        vec![
            Arc::new(x.collect::<Float64Array>()),
            Arc::new(y.collect::<Float64Array>()),
            Arc::new(flag.collect::<BooleanArray>()),
            Arc::new(name.collect::<StringViewArray>()),
        ]
    }

    fn tables(store: &mut Tables) -> Vec<Vec<Table>> {
        store.settle();
        let parts = store.parts.iter();
        parts
            .map(|part| part.tables(store.groups, &store.coders).collect())
            .collect()
    }

    fn whole(rows: usize) -> Vec<Vec<Table>> {
        let mut store = store();
        store.update(&batch(0, rows), Rows::One).unwrap();
        tables(&mut store)
    }

    #[test]
    fn a_row_counts_where_it_has_all_columns() {
        let found = whole(600);
        let complete = (0..600_usize).filter(|row| {
            [11, 13, 17, 19]
                .iter()
                .all(|every| !usize::is_multiple_of(*row, *every))
        });
        assert_eq!(found[0][0].n(), complete.count() as u64);
        let pairs = (0..600_usize)
            .filter(|row| !usize::is_multiple_of(*row, 11) && !usize::is_multiple_of(*row, 13));
        assert_eq!(found[1][0].n(), pairs.count() as u64);
        assert_eq!(found[1][0].len(), 35);
        // −1 is the least of the second column of the second table, "a" the first of the names.
        assert_eq!(found[1][0].rows().next().unwrap().0, [0.0, -1.0]);
        assert_eq!(found[0][0].margin(3).len(), 3);
    }

    #[test]
    fn any_split_gives_the_same_tables() {
        for rows in [600, 3000] {
            let expected = whole(rows);
            for cut in [1, 250, 599] {
                let (mut first, mut second) = (store(), store());
                first.update(&batch(0, cut), Rows::One).unwrap();
                second.update(&batch(cut, rows - cut), Rows::One).unwrap();
                first.settle();
                second.settle();
                for order in [[&first, &second], [&second, &first]] {
                    let mut merged = store();
                    for part in order {
                        merged.merge(&part.save().unwrap(), Rows::One).unwrap();
                    }
                    assert_eq!(tables(&mut merged), expected, "{rows} {cut}");
                }
            }
        }
    }

    #[test]
    fn groups_are_tables_of_their_own() {
        let rows = 3000;
        let mut grouped = store();
        let of: Vec<usize> = (0..rows).map(|row| row / 1000).collect();
        grouped
            .update(&batch(0, rows), Rows::Each { of: &of, groups: 3 })
            .unwrap();
        let alone = |group: usize| {
            let mut store = store();
            store.update(&batch(1000 * group, 1000), Rows::One).unwrap();
            tables(&mut store)
        };
        let expected: Vec<_> = (0..3).map(alone).collect();
        let in_group = |found: &[Vec<Table>], group: usize| -> Vec<Table> {
            found.iter().map(|part| part[group].clone()).collect()
        };
        let found = tables(&mut grouped);
        for (group, alone) in expected.iter().enumerate() {
            let alone: Vec<Table> = alone.iter().map(|part| part[0].clone()).collect();
            assert_eq!(in_group(&found, group), alone);
        }
        let mut first = grouped.take(EmitTo::First(1));
        assert_eq!(in_group(&tables(&mut first), 0), in_group(&found, 0));
        assert_eq!(in_group(&tables(&mut grouped), 1), in_group(&found, 2));
        let mut rest = grouped.take(EmitTo::All);
        assert_eq!(in_group(&tables(&mut rest), 0), in_group(&found, 1));
        assert!(grouped.size() < rest.size());
    }

    #[test]
    fn many_groups_keep_only_what_occurred() {
        let rows = 3000;
        let of: Vec<usize> = (0..rows).collect();
        let mut store = store();
        store
            .update(
                &batch(0, rows),
                Rows::Each {
                    of: &of,
                    groups: rows,
                },
            )
            .unwrap();
        let found = tables(&mut store);
        assert_eq!(
            found[1].iter().map(Table::n).sum::<u64>(),
            whole(rows)[1][0].n()
        );
        assert!(found[1].iter().all(|table| table.n() <= 1));
        store.settle();
        let states = store.save().unwrap();
        let mut merged = super::tests::store();
        merged.merge(&states, Rows::One).unwrap();
        assert_eq!(tables(&mut merged), whole(rows));
    }

    /// Three columns of few values with blanks, their pairs, and all three: in batches so small that each
    /// table is counted by itself, or so large that all are counted together.
    #[test]
    fn counted_together_or_by_themselves_tables_are_the_same() {
        let subsets = || vec![vec![0, 1], vec![2, 0], vec![1, 2], vec![0, 1, 2]];
        let answers = || Answers::floats(|_: &Vec<Table>| None);
        let open = || Tables::new(vec![value(), value(), value()], subsets(), answers());
        let column = |from: usize, rows: usize, every: usize, many: usize| {
            let at = from..from + rows;
            let cell = |row: usize| (!row.is_multiple_of(every)).then_some((row * 7 % many) as f64);
            Arc::new(at.map(cell).collect::<Float64Array>()) as ArrayRef
        };
        let batch = |from: usize, rows: usize| -> Vec<ArrayRef> {
            // More values come later, and in the last batch so many that all cannot be counted together.
            let many = if from < 4000 { 5 } else { 200 };
            vec![
                column(from, rows, 11, 3),
                column(from, rows, 13, many),
                column(from, rows, 17, many + 1),
            ]
        };
        for ends in [vec![2000], vec![2000, 4000], vec![2000, 4000, 6000]] {
            let (mut together, mut apart) = (open(), open());
            let mut from = 0;
            for end in ends {
                together
                    .update(&batch(from, end - from), Rows::One)
                    .unwrap();
                for start in (from..end).step_by(100) {
                    apart.update(&batch(start, 100), Rows::One).unwrap();
                }
                from = end;
            }
            assert!(together.size() > 0 && from > 0);
            assert_eq!(tables(&mut together), tables(&mut apart), "{from}");
            // Once in order it goes on as before.
            together.update(&batch(0, 2000), Rows::One).unwrap();
            apart.update(&batch(0, 1000), Rows::One).unwrap();
            apart.update(&batch(1000, 1000), Rows::One).unwrap();
            assert_eq!(tables(&mut together), tables(&mut apart), "{from}");
        }
    }

    #[test]
    fn what_leaves_a_frame_is_forgotten() {
        for rows in [600, 3000] {
            let mut frame = store();
            frame.update(&batch(0, rows), Rows::One).unwrap();
            frame.update(&batch(rows, 500), Rows::One).unwrap();
            frame.retract(&batch(rows, 500)).unwrap();
            assert_eq!(tables(&mut frame), whole(rows));
        }
    }

    #[test]
    fn a_broken_state_is_an_error() {
        let mut store = store();
        store.update(&batch(0, 100), Rows::One).unwrap();
        store.settle();
        let states = store.save().unwrap();
        let bytes = states[0].as_binary::<i64>().value(0);
        let none = BinaryViewArray::from_iter_values(Vec::<&[u8]>::new());
        for length in [0, 7, 30, bytes.len() - 1] {
            let state = Reader::new(&bytes[..length], &none, 0..0);
            assert!(store.merge_group(0, state).is_err(), "{length}");
        }
        assert!(
            store
                .merge_group(0, Reader::new(bytes, &none, 0..0))
                .is_ok()
        );
    }

    /// Runs beside the state of few groups, within it of many; and one that is missing.
    #[test]
    fn long_runs_are_saved_beside_the_state_or_within() {
        let rows = 200_000;
        for groups in [2, 100] {
            let of: Vec<usize> = (0..rows).map(|row| row % groups).collect();
            let values: Float64Array = (0..rows).map(|row| Some(row as f64)).collect();
            let columns: Vec<ArrayRef> = vec![Arc::new(values)];
            let open = || Tables::whole(vec![value()], Answers::floats(|_: &Vec<Table>| None));
            let mut store = open();
            store
                .update(&columns, Rows::Each { of: &of, groups })
                .unwrap();
            store.settle();
            let states = store.save().unwrap();
            let runs = states[1].as_list::<i32>().values().len();
            assert_eq!(runs, if groups == 2 { 2 } else { 0 });
            let mut merged = open();
            let of: Vec<usize> = (0..groups).collect();
            merged
                .merge(&states, Rows::Each { of: &of, groups })
                .unwrap();
            assert_eq!(tables(&mut merged), tables(&mut store));
            let bytes = states[0].as_binary::<i64>().value(0);
            let none = BinaryViewArray::from_iter_values(Vec::<&[u8]>::new());
            let state = Reader::new(bytes, &none, 0..0);
            assert_eq!(open().merge_group(0, state).is_err(), groups == 2);
        }
    }
}
