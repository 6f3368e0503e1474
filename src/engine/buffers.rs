//! What batches that are kept hold of memory, each buffer once.
//!
//! A large result is handed on in slices of one buffer; to count all of it for each of them would
//! refuse tables that fit many times over.

use std::collections::HashSet;

use arrow::array::{Array, ArrayData};
use arrow::buffer::Buffer;
use arrow::record_batch::RecordBatch;

/// The buffers of the batches so far.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    seen: HashSet<usize>,
}

impl Buffers {
    /// How many bytes a batch holds that none before it did.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> usize {
        let columns = batch.columns().iter();
        columns.map(|column| self.of(&column.to_data())).sum()
    }

    fn of(&mut self, data: &ArrayData) -> usize {
        let nulls = data.nulls().map(|nulls| nulls.buffer());
        let own = data.buffers().iter().chain(nulls);
        let own: usize = own.map(|buffer| self.once(buffer)).sum();
        let children = data.child_data().iter();
        own + children.map(|child| self.of(child)).sum::<usize>()
    }

    fn once(&mut self, buffer: &Buffer) -> usize {
        let is_new = self.seen.insert(buffer.data_ptr().as_ptr() as usize);
        if is_new { buffer.capacity() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, ListArray};
    use arrow::datatypes::Int64Type;

    use super::*;

    #[test]
    fn slices_of_one_buffer_count_once() {
        let numbers: ArrayRef = Arc::new(
            (0..1000)
                .map(|n| (n % 3 > 0).then_some(n))
                .collect::<Int64Array>(),
        );
        let lists = (0..1000).map(|n| Some([Some(n), None]));
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists));
        let batch = RecordBatch::try_from_iter([("n", numbers), ("l", lists)]).unwrap();
        let whole = Buffers::default().add(&batch);
        assert!(whole >= 8 * 1000 + 4 * 1001 + 16 * 1000, "{whole}");
        let mut buffers = Buffers::default();
        let slices: usize = (0..10)
            .map(|n| buffers.add(&batch.slice(100 * n, 100)))
            .sum();
        assert_eq!(slices, whole);
        assert_eq!(buffers.add(&batch), 0);
    }
}
