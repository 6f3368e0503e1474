//! The words of customer experience as types.
