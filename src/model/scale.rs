//! A rating scale: the whole numbers from its lowest to its highest point.

/// A rating scale, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    /// The lowest point.
    pub min: i64,
    /// The highest point.
    pub max: i64,
}

impl Scale {
    /// The recommendation question, "how likely are you to recommend us?" (Reichheld 2003).
    pub const NPS: Self = Self { min: 0, max: 10 };

    /// The most points that a scale may have.
    pub const MOST_POINTS: i64 = 255;

    /// The scale from `min` to `max`, when it has between 2 and [`Scale::MOST_POINTS`] points.
    #[must_use]
    pub fn new(min: i64, max: i64) -> Option<Self> {
        let points = max.checked_sub(min)?.checked_add(1)?;
        (2..=Self::MOST_POINTS)
            .contains(&points)
            .then_some(Self { min, max })
    }

    /// The number of points.
    #[must_use]
    pub fn points(self) -> usize {
        usize::try_from(self.max - self.min + 1).unwrap_or(0)
    }

    /// Whether a score is one of the points.
    #[must_use]
    pub fn holds(self, score: i64) -> bool {
        (self.min..=self.max).contains(&score)
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}–{}", self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn a_scale_has_at_least_two_and_at_most_255_points() {
        assert_eq!(Scale::new(0, 10), Some(Scale::NPS));
        assert_eq!(Scale::new(1, 1), None);
        assert_eq!(Scale::new(5, 1), None);
        assert_eq!(Scale::new(0, 254).map(Scale::points), Some(255));
        assert_eq!(Scale::new(0, 255), None);
        assert_eq!(Scale::new(i64::MIN, i64::MAX), None);
    }
}
