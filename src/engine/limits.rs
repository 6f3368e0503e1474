//! Limits of memory, time and statement size.
//!
//! A pool per statement, all of them under one total: operators that spill divide the pool among
//! themselves, so one pool for every statement would starve each of them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use datafusion::common::resources_datafusion_err;
use datafusion::error::Result as PlanResult;
use datafusion::execution::memory_pool::{
    FairSpillPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

use super::options::Limits;
use crate::error::Error;

/// Bytes of one statement's text.
pub(super) const STATEMENT_BYTES: usize = 1_000_000;
/// Links of one chain (`a + b + …`, `UNION` arms, joins), each a level of the statement's tree;
/// the planner's time grows with more than the square of it.
pub(super) const STATEMENT_DEPTH: usize = 1_000;
/// Views that stand on views.
pub(super) const VIEW_DEPTH: usize = 32;
/// Stack of a worker: trees of [`STATEMENT_DEPTH`] levels are walked, cloned and dropped on it by
/// recursion. Pages are taken from the machine only when touched.
pub(super) const STACK_BYTES: usize = 256 << 20;
/// What the machine is taken to have where nothing tells.
const UNKNOWN_MACHINE: u64 = 4 << 30;

impl Limits {
    /// Bytes of the machine or of its control groups, whichever is least; `None` where nothing
    /// tells.
    #[must_use]
    pub fn machine_memory() -> Option<u64> {
        let installed = std::fs::read_to_string("/proc/meminfo").ok();
        let installed = installed.and_then(|text| installed_memory(&text));
        let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let limit = group_limit(&groups, Path::new("/sys/fs/cgroup"));
        installed.into_iter().chain(limit).min()
    }

    /// Bytes that all statements together may take.
    pub(super) fn memory_bytes(&self) -> usize {
        let bytes = self
            .memory
            .unwrap_or_else(|| Self::machine_memory().unwrap_or(UNKNOWN_MACHINE) / 10 * 7);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// Partitions of a plan and workers of the engine.
    pub(super) fn thread_count(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or_else(cores).max(1)
    }
}

/// The error of a statement that ran out of time.
pub(super) fn timed_out(timeout: Duration) -> Error {
    Error::Limit(format!(
        "the statement took longer than {timeout:?}; ask for less or allow more with --timeout"
    ))
}

/// The memory that all statements share.
#[derive(Debug)]
pub(super) struct Memory {
    total: usize,
    taken: AtomicUsize,
    statements: AtomicUsize,
}

impl Memory {
    /// A total of so many bytes.
    pub(super) fn new(total: usize) -> Arc<Self> {
        Arc::new(Self {
            total,
            taken: AtomicUsize::new(0),
            statements: AtomicUsize::new(0),
        })
    }

    /// A pool for one statement: all of the memory if it is alone, else an even slice.
    pub(super) fn pool(self: &Arc<Self>) -> Arc<dyn MemoryPool> {
        let running = self.statements.fetch_add(1, Ordering::AcqRel) + 1;
        Arc::new(StatementPool {
            own: FairSpillPool::new(self.total / running),
            limit: self.total / running,
            memory: Arc::clone(self),
        })
    }

    /// Keeps bytes for a table in memory, for as long as the result lives.
    pub(super) fn keep(self: &Arc<Self>, bytes: usize) -> crate::Result<Kept> {
        if !self.take(bytes) {
            return Err(out_of_memory());
        }
        Ok(Kept {
            bytes,
            memory: Arc::clone(self),
        })
    }

    fn take(&self, bytes: usize) -> bool {
        let fits = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.total);
        self.taken
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, fits)
            .is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::AcqRel);
    }
}

/// The error of a statement that needs more memory than there is.
pub(super) fn out_of_memory() -> Error {
    Error::Limit(
        "the statement needs more memory than it may take; allow more with --memory, run fewer \
         statements at once, or ask for fewer rows or groups"
            .into(),
    )
}

/// Bytes that a table in memory holds.
#[derive(Debug)]
pub(super) struct Kept {
    bytes: usize,
    memory: Arc<Memory>,
}

impl Kept {
    /// Keeps more bytes.
    pub(super) fn grow(&mut self, bytes: usize) -> crate::Result<()> {
        if !self.memory.take(bytes) {
            return Err(out_of_memory());
        }
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.memory.give_back(self.bytes);
    }
}

/// One statement's pool: fair among its operators, and never beyond the total of all.
#[derive(Debug)]
struct StatementPool {
    own: FairSpillPool,
    limit: usize,
    memory: Arc<Memory>,
}

impl MemoryPool for StatementPool {
    fn name(&self) -> &'static str {
        "statement"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.own.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.own.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.memory.taken.fetch_add(additional, Ordering::AcqRel);
        self.own.grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.own.shrink(reservation, shrink);
        self.memory.give_back(shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> PlanResult<()> {
        if !self.memory.take(additional) {
            return Err(resources_datafusion_err!(
                "other statements hold the memory"
            ));
        }
        self.own
            .try_grow(reservation, additional)
            .inspect_err(|_| self.memory.give_back(additional))
    }

    fn reserved(&self) -> usize {
        self.own.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.limit)
    }
}

impl fmt::Display for StatementPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement pool of {} bytes", self.limit)
    }
}

impl Drop for StatementPool {
    fn drop(&mut self) {
        self.memory.give_back(self.own.reserved());
        self.memory.statements.fetch_sub(1, Ordering::AcqRel);
    }
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn installed_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The least limit of the control groups (v2 `memory.max`, v1 `memory.limit_in_bytes`) that this
/// process is in, from its own group up to the root.
fn group_limit(groups: &str, root: &Path) -> Option<u64> {
    groups
        .lines()
        .filter_map(|line| {
            let mut fields = line.splitn(3, ':').skip(1);
            let (controllers, path) = (fields.next()?, fields.next()?);
            let (base, file) = match controllers {
                "" => (root.to_owned(), "memory.max"),
                list if list.split(',').any(|name| name == "memory") => {
                    (root.join("memory"), "memory.limit_in_bytes")
                }
                _ => return None,
            };
            let own = base.join(path.trim_start_matches('/'));
            own.ancestors()
                .take_while(|directory| directory.starts_with(&base))
                .filter_map(|directory| std::fs::read_to_string(directory.join(file)).ok())
                .filter_map(|text| text.trim().parse::<u64>().ok())
                .min()
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_total_is_read_in_bytes() {
        assert_eq!(
            installed_memory("MemTotal:        8052444 kB\nMemFree: 1 kB\n"),
            Some(8_245_702_656)
        );
        assert_eq!(installed_memory(""), None);
        let text = "MemFree: 1 kB\nMemTotal:       2048 kB\n";
        assert_eq!(installed_memory(text), Some(2048 * 1024));
        assert_eq!(installed_memory("nothing"), None);
    }

    #[test]
    fn the_least_limit_on_the_way_up_counts() {
        let root = tempfile::tempdir().unwrap();
        let own = root.path().join("a/b");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("memory.max"), "max\n").unwrap();
        std::fs::write(root.path().join("a/memory.max"), "1000\n").unwrap();
        std::fs::write(root.path().join("memory.max"), "2000\n").unwrap();
        assert_eq!(group_limit("0::/a/b\n", root.path()), Some(1000));
        assert_eq!(group_limit("3:cpu:/a\n", root.path()), None);
    }

    #[test]
    fn the_old_control_groups_count_too() {
        let root = tempfile::tempdir().unwrap();
        let own = root.path().join("memory/job");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("memory.limit_in_bytes"), "4096\n").unwrap();
        let groups = "4:cpu,memory:/job\n0::/\n";
        assert_eq!(group_limit(groups, root.path()), Some(4096));
    }

    #[test]
    fn statements_at_once_stay_under_the_total() {
        let memory = Memory::new(1000);
        let first = memory.pool();
        let held = MemoryConsumer::new("first")
            .with_can_spill(true)
            .register(&first);
        held.try_grow(900).unwrap();
        let second = memory.pool();
        let other = MemoryConsumer::new("second")
            .with_can_spill(true)
            .register(&second);
        assert!(other.try_grow(200).is_err());
        other.try_grow(100).unwrap();
        drop(held);
        other.try_grow(300).unwrap();
        assert!(other.try_grow(200).is_err(), "a slice is half of the total");
        drop((other, first, second));
        assert_eq!(memory.taken.load(Ordering::Acquire), 0);
        assert!(memory.keep(1000).is_ok());
    }
}
