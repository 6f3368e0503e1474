//! What an engine is opened with.

use std::path::PathBuf;
use std::time::Duration;

use crate::project::Project;

/// What an engine is opened with; the default has no tables and limits from the machine.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Tables by name: a file, directory, glob or URL each.
    pub tables: Vec<(String, String)>,
    /// What latido.yaml says.
    pub project: Option<Project>,
    /// A directory of further `.sql` queries that add to and override the library.
    pub queries: Option<PathBuf>,
    /// How much the engine may take.
    pub limits: Limits,
    /// Rows in a batch; DataFusion's 8,192 unless given.
    pub batch_size: Option<usize>,
}

/// How much memory, time and how many threads a statement may take.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Bytes; 70 % of the machine or of its cgroup unless given.
    pub memory: Option<u64>,
    /// Partitions and worker threads; one per core unless given.
    pub threads: Option<usize>,
    /// Wall time of one statement, planning and rows.
    pub timeout: Option<Duration>,
}
