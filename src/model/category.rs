//! The three kinds of respondent of the Net Promoter Score.

/// Who answered 0–6, 7–8 or 9–10 (Reichheld 2003).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// 0–6.
    Detractor,
    /// 7–8.
    Passive,
    /// 9–10.
    Promoter,
}

impl Category {
    /// The lowest score of a passive.
    pub const PASSIVE_FROM: u8 = 7;
    /// The lowest score of a promoter.
    pub const PROMOTER_FROM: u8 = 9;

    /// The category of a score on 0–10; `None` outside the scale.
    #[must_use]
    pub fn of(score: u8) -> Option<Self> {
        match score {
            0..Self::PASSIVE_FROM => Some(Self::Detractor),
            Self::PASSIVE_FROM..Self::PROMOTER_FROM => Some(Self::Passive),
            Self::PROMOTER_FROM..=10 => Some(Self::Promoter),
            _ => None,
        }
    }

    /// Its name in results: `detractor`, `passive`, `promoter`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Detractor => "detractor",
            Self::Passive => "passive",
            Self::Promoter => "promoter",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Category;

    #[test]
    fn the_cuts_are_at_seven_and_nine() {
        let names: Vec<_> = (0..=11)
            .map(|s| Category::of(s).map(Category::name))
            .collect();
        assert_eq!(
            names[6..10].to_vec(),
            [
                Some("detractor"),
                Some("passive"),
                Some("passive"),
                Some("promoter")
            ]
        );
        assert_eq!(
            (names[0], names[10], names[11]),
            (Some("detractor"), Some("promoter"), None)
        );
    }
}
