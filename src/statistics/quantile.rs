//! Quantiles of counted values.

/// The quantile of values of which only counts are left: `counts[i]` values are `i`.
///
/// Linear between neighbours, type 7 of Hyndman & Fan (1996), The American Statistician 50, which is
/// R's and NumPy's default. `None` without values or with a share outside 0–1.
#[must_use]
pub fn quantile_of_counts(counts: &[u64], share: f64) -> Option<f64> {
    let n: u64 = counts.iter().sum();
    if n == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let place = share * (n - 1) as f64;
    let below = place.floor();
    let (low, high) = (nth(counts, below)?, nth(counts, place.ceil())?);
    Some(low + (high - low) * (place - below))
}

/// The value at a place of the sorted values, from 0.
fn nth(counts: &[u64], place: f64) -> Option<f64> {
    let mut seen = 0;
    let found = counts.iter().position(|count| {
        seen += count;
        seen as f64 > place
    });
    found.map(|value| value as f64)
}

#[cfg(test)]
mod tests {
    use super::quantile_of_counts;

    /// NumPy 2: `quantile([0, 1, 1, 3], …)` with its default, linear method.
    #[test]
    fn numpy_linear() {
        let counts = [1, 2, 0, 1];
        for (share, expected) in [
            (0.0, 0.0),
            (0.25, 0.75),
            (0.5, 1.0),
            (0.75, 1.5),
            (1.0, 3.0),
        ] {
            let found = quantile_of_counts(&counts, share).unwrap();
            assert!((found - expected).abs() < 1e-15, "{share}: {found}");
        }
    }

    #[test]
    fn without_values_there_is_none() {
        assert_eq!(quantile_of_counts(&[0, 0], 0.5), None);
        assert_eq!(quantile_of_counts(&[], 0.5), None);
        assert_eq!(quantile_of_counts(&[1], 1.5), None);
        assert_eq!(quantile_of_counts(&[1], f64::NAN), None);
        assert_eq!(quantile_of_counts(&[0, 7], 0.3), Some(1.0));
    }
}
