//! Limits of memory, time and statement size.
