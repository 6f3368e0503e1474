//! The SQL face of model and statistics: one function a file, glue only.
