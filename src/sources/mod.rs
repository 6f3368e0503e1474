//! Object stores and files become tables and batches.
