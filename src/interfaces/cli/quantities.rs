//! Sizes and durations as people write them: `512MB`, `2GiB`, `70%`, `1.5s`, `2m`.

use std::time::Duration;

use crate::error::{Error, Result};

/// How much memory was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Memory {
    /// So many bytes.
    Bytes(u64),
    /// This percentage (0–100] of what the machine or its cgroup has.
    Percent(f64),
}

/// Reads `512MB` (powers of 1000), `2GiB` or `2G` (powers of 1024), `70%`.
pub(super) fn memory(text: &str) -> Result<Memory> {
    let wrong = || {
        Error::Usage(format!(
            "--memory {text}: write a number with its unit, as 512MB, 2GiB or 70%"
        ))
    };
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let factor: f64 = match unit.to_ascii_lowercase().as_str() {
        "%" if number > 0.0 && number <= 100.0 => return Ok(Memory::Percent(number)),
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1_048_576.0,
        "g" | "gib" => 1_073_741_824.0,
        "t" | "tib" => 1_099_511_627_776.0,
        "b" => 1.0,
        _ => return Err(wrong()),
    };
    let bytes = number * factor;
    if (1.0..1e18).contains(&bytes) {
        Ok(Memory::Bytes(bytes as u64))
    } else {
        Err(wrong())
    }
}

/// Reads `500ms`, `30s`, `2m`, `1h`.
pub(super) fn duration(text: &str) -> Result<Duration> {
    let wrong = || {
        Error::Usage(format!(
            "--timeout {text}: write a number above 0 with its unit, as 500ms, 30s, 2m or 1h"
        ))
    };
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let seconds = match unit {
        "ms" => number / 1e3,
        "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?;
    if duration.is_zero() {
        Err(wrong())
    } else {
        Ok(duration)
    }
}

/// A plain decimal number and what follows it.
fn split(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number = text[..end].parse().ok()?;
    Some((number, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_in_decimal_and_binary_units() {
        assert_eq!(memory("512MB").unwrap(), Memory::Bytes(512_000_000));
        assert_eq!(memory("2GiB").unwrap(), Memory::Bytes(2_147_483_648));
        assert_eq!(memory("1.5 g").unwrap(), Memory::Bytes(1_610_612_736));
        assert_eq!(memory("70%").unwrap(), Memory::Percent(70.0));
    }

    #[test]
    fn durations() {
        assert_eq!(duration("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(duration("1.5s").unwrap(), Duration::from_millis(1500));
        assert_eq!(duration("2m").unwrap(), Duration::from_secs(120));
    }

    #[test]
    fn what_has_no_unit_or_no_sense_is_refused() {
        for text in [
            "512",
            "",
            "MB",
            "-1GB",
            "0GB",
            "101%",
            "0%",
            "5 parsecs",
            "1e9GB",
            "1.2.3GB",
        ] {
            assert!(memory(text).is_err(), "{text}");
        }
        for text in ["30", "0s", "-1s", "1d", "s", "99999999999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
