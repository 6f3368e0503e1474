//! Counts per score point: the store of `score_counts` and `merge_counts`, and their lists as the
//! `…_from_counts` functions read them.
//!
//! Here because whoever writes such lists and whoever reads them must agree on their shape.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, UInt64Array};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, UInt64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::EmitTo;

use crate::functions::columns::{BLANK, ScoreReader};
use crate::functions::fold::{Groups, Rows};
use crate::model::NpsTally;

/// The counts of each row, lowest point first; `None` for NULL. A NULL count is 0.
pub(crate) fn read_counts(column: &ArrayRef) -> Vec<Option<Vec<u64>>> {
    let lists = column.as_list::<i32>();
    let counts = |row: usize| {
        let list = lists.value(row);
        let list = list.as_primitive::<UInt64Type>();
        list.iter().map(Option::unwrap_or_default).collect()
    };
    (0..lists.len())
        .map(|row| lists.is_valid(row).then(|| counts(row)))
        .collect()
}

/// Eleven counts as answers on 0–10.
pub(crate) fn nps_tally(function: &str, counts: &[u64]) -> Result<NpsTally> {
    let Ok(points) = <&[u64; 11]>::try_from(counts) else {
        return exec_err!(
            "{function}: {} counts given, but 0–10 has 11 points; write score_counts(score, 0, 10)",
            counts.len()
        );
    };
    Ok(NpsTally {
        n: points.iter().sum(),
        detractors: points[..7].iter().sum(),
        promoters: points[9..].iter().sum(),
    })
}

/// LIST<UInt64>.
pub(crate) fn counts_type() -> DataType {
    DataType::new_list(DataType::UInt64, true)
}

/// What the arguments bring.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// Scores, one count each.
    Scores(ScoreReader),
    /// Lists of counts; the name of the function is for its errors.
    Lists(&'static str),
}

/// Counts per point and group, flat: group g holds `counts[g * points ..][.. points]`.
#[derive(Debug)]
pub(crate) struct Counts {
    source: Source,
    points: Option<usize>, // known from the call, or from the first list
    groups: usize,
    counts: Vec<u64>,
    seen: Vec<bool>,
}

impl Counts {
    /// An empty store; lists tell the number of points themselves.
    pub(crate) fn new(source: Source, points: Option<usize>) -> Self {
        Self {
            source,
            points,
            groups: 0,
            counts: Vec::new(),
            seen: Vec::new(),
        }
    }

    fn set_points(&mut self, points: usize) -> Result<()> {
        match self.points {
            None => {
                self.points = Some(points);
                self.counts.resize(self.groups * points, 0);
                Ok(())
            }
            Some(known) if known == points => Ok(()),
            Some(known) => {
                let function = match &self.source {
                    Source::Lists(function) => function,
                    Source::Scores(scores) => scores.function,
                };
                exec_err!(
                    "{function}: a list of {points} counts cannot be added to one of {known}; \
                     only counts of one scale add up"
                )
            }
        }
    }

    fn add_lists(&mut self, lists: &ListArray, rows: Rows<'_>) -> Result<()> {
        for row in (0..lists.len()).filter(|row| lists.is_valid(*row)) {
            let list = lists.value(row);
            let list = list.as_primitive::<UInt64Type>();
            self.set_points(list.len())?;
            let group = rows.group(row);
            self.seen[group] = true;
            let counts = &mut self.counts[group * list.len()..][..list.len()];
            for (place, count) in counts.iter_mut().enumerate() {
                let more = if list.is_valid(place) {
                    list.value(place)
                } else {
                    0
                };
                let Some(sum) = count.checked_add(more) else {
                    return exec_err!("merge_counts: the counts add up to more than 2^64 − 1");
                };
                *count = sum;
            }
        }
        Ok(())
    }

    fn lists(&self) -> ListArray {
        let points = self.points.unwrap_or(0);
        let shown = |group: &usize| self.seen[*group];
        let lengths = (0..self.groups).map(|group| if shown(&group) { points } else { 0 });
        let values: UInt64Array = (0..self.groups)
            .filter(shown)
            .flat_map(|group| self.counts[group * points..][..points].iter().copied())
            .collect();
        let item = Arc::new(Field::new("item", DataType::UInt64, true));
        let nulls = NullBuffer::from(self.seen.clone());
        ListArray::new(
            item,
            OffsetBuffer::from_lengths(lengths),
            Arc::new(values),
            Some(nulls),
        )
    }
}

impl Groups for Counts {
    fn empty(&self) -> Self {
        Self::new(self.source.clone(), self.points)
    }

    fn grow(&mut self, groups: usize) {
        if self.groups < groups {
            self.groups = groups;
            self.seen.resize(groups, false);
            self.counts.resize(groups * self.points.unwrap_or(0), 0);
        }
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let Source::Scores(scores) = &self.source else {
            return self.add_lists(arguments[0].as_list(), rows);
        };
        let points = scores.scale.points();
        let codes = scores.read(&arguments[0])?;
        for (row, &code) in codes.iter().enumerate().filter(|(_, code)| **code != BLANK) {
            let group = rows.group(row);
            self.seen[group] = true;
            self.counts[group * points + usize::from(code)] += 1;
        }
        Ok(())
    }

    fn retract(&mut self, _arguments: &[ArrayRef]) -> Result<()> {
        exec_err!("score_counts: LIST results have no sliding windows")
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        self.add_lists(columns[0].as_list(), rows)
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let points = self.points.unwrap_or(0);
        let rest = self.counts.split_off(groups * points);
        let rest_seen = self.seen.split_off(groups);
        let taken = Self {
            source: self.source.clone(),
            points: self.points,
            groups,
            counts: std::mem::replace(&mut self.counts, rest),
            seen: std::mem::replace(&mut self.seen, rest_seen),
        };
        self.groups -= groups;
        taken
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        Ok(vec![Arc::new(self.lists())])
    }

    fn finish(&self) -> Result<ArrayRef> {
        Ok(Arc::new(self.lists()))
    }

    fn size(&self) -> usize {
        self.counts.capacity() * size_of::<u64>() + self.seen.capacity()
    }
}
