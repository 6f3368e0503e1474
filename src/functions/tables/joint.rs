//! All columns of a call counted together, where the call asks for several tables of them.
//!
//! Fifteen pairs of six KPIs are fifteen tables; the rows are counted once, by all columns, and the
//! tables are sums over that count. What is saved and merged are the tables: this is only the way there.

use super::cell::{CODED, Column, bits_for, codes_at, codes_of, places_of};
use super::coding::Coder;
use crate::functions::fold::Rows;

/// Places of a count, as a power of two: four megabytes.
const BITS: u32 = 20;

/// Rows of a batch from which it is worth to empty the count later.
const MANY: usize = 1024;

/// The count of all columns, of one group.
#[derive(Debug, Default)]
pub(super) struct Joint {
    /// Bits of a place for each column.
    bits: Vec<u32>,
    places: Vec<u32>,
    /// Rows that are counted: no place can have more.
    rows: usize,
}

impl Joint {
    /// For a call of so many columns and tables; none where there would be nothing to gain.
    pub(super) fn of(columns: usize, tables: usize) -> Option<Self> {
        (tables > 1 && columns <= CODED).then(Self::default)
    }

    /// The bits that these codes need, where so many places are not too many.
    pub(super) fn needed(coders: &[Coder]) -> Option<Vec<u32>> {
        let bits: Vec<u32> = coders.iter().map(|coder| bits_for(coder.len())).collect();
        let total: u32 = bits.iter().sum();
        (total <= BITS && !coders.iter().any(Coder::is_wide)).then_some(bits)
    }

    /// Whether a batch is worth counting here.
    pub(super) fn takes(batch: &[Column], rows: Rows<'_>) -> bool {
        let is_many = batch.first().is_some_and(|column| column.len() >= MANY);
        let is_coded = |column: &Column| matches!(column, Column::Codes(_));
        is_many && matches!(rows, Rows::One) && batch.iter().all(is_coded)
    }

    /// Whether it counts places of these bits, and has room for so many rows more.
    pub(super) fn fits(&self, bits: &[u32], rows: usize) -> bool {
        self.bits == bits && self.rows + rows <= u32::MAX as usize
    }

    /// Begins anew with places of these bits; it is empty.
    pub(super) fn open(&mut self, bits: Vec<u32>) {
        self.places = vec![0; 1 << bits.iter().sum::<u32>()];
        self.bits = bits;
        self.rows = 0;
    }

    /// Adds the rows of a batch.
    pub(super) fn add(&mut self, batch: &[Column]) {
        let columns: Vec<usize> = (0..batch.len()).collect();
        let codes = codes_of(&columns, batch);
        let places = places_of(&codes, &self.bits, Rows::One);
        self.rows += places.len();
        for place in places {
            self.places[place as usize] += 1;
        }
    }

    /// Empties it: the codes of all columns, some of them perhaps missing, and how often they occurred.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (Vec<u8>, u64)> {
        let (bits, places) = (
            std::mem::take(&mut self.bits),
            std::mem::take(&mut self.places),
        );
        let counted = places
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0);
        counted.map(move |(place, count)| (codes_at(place, &bits).1, u64::from(count)))
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        4 * self.places.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_emptied_before_a_place_could_overflow() {
        let mut joint = Joint::default();
        joint.open(vec![1, 1]);
        joint.add(&[Column::Codes(vec![1, 1, 0]), Column::Codes(vec![0, 1, 1])]);
        assert!(joint.fits(&[1, 1], u32::MAX as usize - 3));
        assert!(!joint.fits(&[1, 1], u32::MAX as usize - 2) && !joint.fits(&[1, 2], 1));
        let counted: Vec<(Vec<u8>, u64)> = joint.drain().collect();
        assert_eq!(counted, [(vec![0, 1], 1), (vec![1, 0], 1), (vec![1, 1], 1)]);
        joint.open(vec![1, 1]);
        assert!(joint.fits(&[1, 1], u32::MAX as usize));
    }
}
