//! `latido functions`: what can be called in SQL, and the documentation of one.

use std::io::Write as _;

use super::listing::list;
use super::telling::Telling;
use crate::engine::Engine;
use crate::error::Result;
use crate::interfaces::output::documentation;

/// Tells all functions, latido's own first, or documents the one of this name.
pub(super) async fn tell(engine: &Engine, name: Option<String>, telling: Telling) -> Result<()> {
    let functions = engine.functions();
    if let Some(name) = name {
        let text = documentation(&functions, &name, telling.screen())?;
        return Ok(std::io::stdout().write_all(text.as_bytes())?);
    }
    let rows = functions.into_iter().map(|f| {
        let syntax = f.syntax.lines().collect::<Vec<_>>().join("; ");
        [
            f.name,
            f.kind.to_owned(),
            syntax,
            first_sentence(&f.description),
        ]
    });
    list(["name", "kind", "syntax", "meaning"], rows, telling).await
}

fn first_sentence(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let sentence = line.split(". ").next().unwrap_or_default();
    sentence.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_the_first_sentence() {
        assert_eq!(
            first_sentence("\nGives a date (`Y-m`).\nTexts (e.g. x)."),
            "Gives a date (`Y-m`)"
        );
        assert_eq!(first_sentence("One. Two."), "One");
    }
}
