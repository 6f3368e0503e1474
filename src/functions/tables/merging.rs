//! Saved states brought into the tables of a store, whose codes stand for other values.

use datafusion::common::{Result, exec_err};

use super::Tables;
use super::cell::{Cell, Key};
use super::coding::Coder;
use super::part::Part;
use super::saved::{Reader, Values};

impl Tables {
    /// Adds the saved state of a group.
    pub(super) fn merge_group(&mut self, group: usize, mut reader: Reader<'_>) -> Result<()> {
        let mut theirs = Vec::with_capacity(self.coders.len());
        for place in 0..self.coders.len() {
            let (is_wide, values) = reader.values(&self.coders[place])?;
            let codes = self.known(place, is_wide, &values)?;
            theirs.push(SavedColumn {
                is_wide,
                values,
                codes,
            });
        }
        for part in &mut self.parts {
            part.fit(self.groups, &self.coders);
            let wide = part.wide_where(|column| theirs[column].is_wide);
            let width = wide.iter().filter(|is_wide| **is_wide).count();
            for (key, cell) in reader.cells(group, width)? {
                let (key, cell) = respelt(key, cell, part, &wide, &theirs);
                part.merge(key, cell);
            }
        }
        Ok(())
    }

    /// Our codes of saved values, from code 1 on; none where the column has many here.
    fn known(&mut self, place: usize, is_wide: bool, values: &Values) -> Result<Vec<u8>> {
        if is_wide && self.coders[place].is_wide() {
            return Ok(Vec::new());
        }
        let codes: Option<Vec<u8>> = match (&mut self.coders[place], values) {
            (Coder::Texts(texts), Values::Texts(saved)) => {
                let codes: Option<Vec<u8>> = saved.iter().map(|text| texts.code(text)).collect();
                let reading = &self.readings[place];
                return match codes {
                    Some(codes) => Ok(codes),
                    None => too_many_names(reading.function(), reading.label()),
                };
            }
            (Coder::Numbers(numbers), Values::Numbers(saved)) if !is_wide && !numbers.is_wide => {
                saved.iter().map(|value| numbers.code(*value)).collect()
            }
            _ => None,
        };
        let Some(codes) = codes else {
            if let Coder::Numbers(numbers) = &mut self.coders[place] {
                numbers.is_wide = true;
            }
            self.widen(place);
            return Ok(Vec::new());
        };
        Ok(codes)
    }
}

/// A column of a saved state.
#[derive(Debug)]
struct SavedColumn {
    is_wide: bool,
    values: Values,
    /// Our codes of its values; none where it has many here.
    codes: Vec<u8>,
}

/// A saved cell in our codes, with a word for each column that has many values here but not there.
fn respelt(
    key: Key,
    cell: Cell,
    part: &Part,
    wide: &[bool],
    theirs: &[SavedColumn],
) -> (Key, Cell) {
    let mut cell = cell;
    let mut at = 0;
    for (place, column) in part.columns.iter().enumerate() {
        if part.wide[place] && !wide[place] {
            let code = usize::from(key.code(place)).saturating_sub(1);
            let word = theirs[*column].values.word(code);
            cell = cell.gain(at, word);
        }
        at += usize::from(part.wide[place]);
    }
    let code = |place: usize, known: u8| {
        let codes = &theirs[part.columns[place]].codes;
        codes.get(usize::from(known) - 1).copied().unwrap_or(0)
    };
    (key.recoded(code), cell)
}

pub(super) fn too_many_names<T>(function: &str, label: &str) -> Result<T> {
    exec_err!(
        "{function}: {label} has more than 254 different values; groups are few, so write a column \
         of fewer, or keep the largest with a CASE"
    )
}
