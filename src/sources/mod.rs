//! Object stores and files become tables and batches.

mod delivery;
mod stores;

pub use delivery::{complete_copy, deliver, refuse_partial};
pub use stores::{ObjectStores, explain};
