//! The believable history that `latido sample` streams.
