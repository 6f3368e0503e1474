//! The memory of the machine or of its cgroup, so that `--memory 50%` is a number of bytes.

use crate::error::{Error, Result};

/// Bytes of memory that this process could take at most.
pub(super) fn memory() -> Result<u64> {
    let machine = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total(&text));
    let groups = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let group = groups
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok()?.trim().parse().ok())
        .min();
    machine.into_iter().chain(group).min().ok_or_else(|| {
        Error::Usage(
            "--memory: this machine does not tell how much it has; write bytes, as 2GiB".into(),
        )
    })
}

/// The bytes of the line `MemTotal: 8052444 kB`.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_meminfo() {
        assert_eq!(
            total("MemTotal:        8052444 kB\nMemFree: 1 kB\n"),
            Some(8_245_702_656)
        );
        assert_eq!(total(""), None);
    }
}
