//! Colour, used sparingly: bold for what matters, dim for what does not, one accent.

/// Whether escape sequences may be written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// Whether they may.
    pub(crate) color: bool,
}

impl Style {
    /// What matters.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What can be overlooked.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Bars and lines of charts.
    pub(crate) fn accent(self, text: &str) -> String {
        self.paint("36", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
