//! What Tab offers: from the live catalog, for the place where the cursor is.

mod context;
mod lookup;
mod names;

use std::sync::Arc;

use reedline::{Completer, CompletionResult, Span, Suggestion};

use self::context::{Context, Mention, Wanted};
use self::lookup::{Lookup, Question};
use self::names::{Name, Names};
use super::spelling::SPELLINGS;
use super::words::KEYWORDS;
use crate::engine::Engine;
use crate::error::Result;

/// Suggestions that are shown at most; who sees as many types on.
const MOST: usize = 400;

/// The live catalog behind the Tab key.
pub(super) struct Catalog {
    lookup: Lookup,
}

impl Catalog {
    /// Of this engine; no table is opened before the first Tab.
    pub(super) fn of(engine: &Arc<Engine>) -> Result<Self> {
        Ok(Self {
            lookup: Lookup::start(engine)?,
        })
    }

    fn offers(&self, context: &Context) -> Vec<Offer> {
        let typed = context.typed.as_str();
        match &context.wanted {
            Wanted::Command => commands(typed),
            Wanted::Table => self.tables(typed),
            Wanted::Column(table) => self.columns_of(table, typed),
            Wanted::Expression(mentions) => self.expression(mentions, typed),
            Wanted::Place => self.places(typed, End::Quote),
            Wanted::File => self.places(typed, End::Nothing),
            Wanted::Query => self.named(&Question::Queries, typed, End::Space, Quote::None),
            Wanted::Parameter(query) => {
                let question = Question::Parameters(query.clone());
                self.named(&question, typed, End::Nothing, Quote::None)
            }
            Wanted::Function => self.named(&Question::Functions, typed, End::Nothing, Quote::None),
            Wanted::Metric => self.named(&Question::Metrics, typed, End::Quote, Quote::None),
            Wanted::Objective => self.named(&Question::Objectives, typed, End::Quote, Quote::None),
            Wanted::Dimension => self.named(&Question::Dimensions, typed, End::Quote, Quote::None),
            Wanted::Word(words) => words
                .iter()
                .filter(|word| word.starts_with(typed))
                .map(|word| Offer::new(*word, "", End::Nothing))
                .collect(),
            Wanted::Nothing => Vec::new(),
        }
    }

    fn named(&self, question: &Question, typed: &str, end: End, quote: Quote) -> Vec<Offer> {
        let names = self.lookup.get(question);
        let offer = |name: &Name| Offer::new(quote.around(&name.text), &name.about, end);
        let found: Vec<Offer> = names.beginning(typed).map(offer).collect();
        if !found.is_empty() || typed.len() < 2 {
            return found;
        }
        names.holding(typed).map(offer).collect()
    }

    /// Tables; those about latido itself once their schema is begun.
    fn tables(&self, typed: &str) -> Vec<Offer> {
        let mut offers = self.named(&Question::Tables, typed, End::Space, Quote::Name);
        let schemas = ["system.", "information_schema."];
        let is_begun = |schema: &&str| schema.starts_with(typed) || typed.starts_with(*schema);
        if typed.len() > 1 && schemas.iter().any(is_begun) {
            offers.extend(self.named(&Question::System, typed, End::Space, Quote::None));
        }
        offers
    }

    fn columns_of(&self, table: &str, typed: &str) -> Vec<Offer> {
        let question = Question::Columns(table.to_owned());
        self.named(&question, typed, End::Nothing, Quote::Name)
    }

    fn expression(&self, mentions: &[Mention], typed: &str) -> Vec<Offer> {
        let mut offers = Vec::new();
        for mention in mentions {
            let names = self.lookup.get(&Question::Columns(mention.table.clone()));
            offers.extend(columns(&names, typed));
            if let Some(alias) = &mention.alias
                && alias.starts_with(typed)
                && !typed.is_empty()
            {
                offers.push(Offer::new(alias, &mention.table, End::Nothing));
            }
        }
        if mentions.is_empty() && !typed.is_empty() {
            for names in self.lookup.columns_near() {
                offers.extend(columns(&names, typed));
            }
        }
        if !typed.is_empty() {
            let functions = self.lookup.get(&Question::Functions);
            let call =
                |name: &Name| Offer::new(format!("{}(", name.text), &name.about, End::Nothing);
            offers.extend(keywords(typed));
            offers.extend(functions.beginning(typed).map(call));
        } else if mentions.is_empty() {
            let openings = [
                "SELECT", "FROM", "WITH", "CREATE", "DESCRIBE", "EXPLAIN", "COPY",
            ];
            offers.extend(openings.map(|word| Offer::new(word, "", End::Space)));
        }
        let mut seen = std::collections::HashSet::new();
        offers.retain(|offer| seen.insert(offer.text.clone()));
        offers
    }

    fn places(&self, typed: &str, end: End) -> Vec<Offer> {
        let folder = typed.rfind('/').map_or("", |slash| &typed[..=slash]);
        let names = self.lookup.get(&Question::Places(folder.to_owned()));
        let offer = |name: &Name| {
            let end = if name.text.ends_with('/') {
                End::Nothing
            } else {
                end
            };
            Offer::new(&name.text, &name.about, end)
        };
        names.beginning(typed).map(offer).collect()
    }
}

impl Completer for Catalog {
    fn complete(&mut self, line: &str, cursor: usize) -> CompletionResult {
        let context = context::at(line, cursor);
        let has_quote = line[cursor..].starts_with('\'');
        let offers = self.offers(&context).into_iter().take(MOST);
        let suggestions: Vec<Suggestion> = offers
            .map(|offer| offer.suggestion(context.start, cursor, has_quote))
            .collect();
        CompletionResult::fresh(suggestions)
    }
}

/// What follows a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Nothing,
    Space,
    /// The quote that closes it.
    Quote,
}

/// What stands around a name that is not a plain word.
#[derive(Debug, Clone, Copy)]
enum Quote {
    None,
    Name,
}

impl Quote {
    fn around(self, name: &str) -> String {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let is_word = name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit());
        match self {
            Self::Name if !is_word => format!("\"{}\"", name.replace('"', "\"\"")),
            _ => name.to_owned(),
        }
    }
}

/// Something to offer.
#[derive(Debug, Clone, PartialEq)]
struct Offer {
    text: String,
    about: String,
    end: End,
}

impl Offer {
    fn new(text: impl Into<String>, about: impl Into<String>, end: End) -> Self {
        Self {
            text: text.into(),
            about: about.into(),
            end,
        }
    }

    fn suggestion(self, start: usize, cursor: usize, has_quote: bool) -> Suggestion {
        let display = self.text.clone();
        let value = match self.end {
            End::Quote if !has_quote => format!("{}'", self.text),
            _ => self.text,
        };
        Suggestion {
            display_override: (value != display).then_some(display),
            value,
            description: (!self.about.is_empty()).then_some(self.about),
            span: Span::new(start, cursor),
            append_whitespace: self.end == End::Space,
            ..Suggestion::default()
        }
    }
}

fn columns(names: &Names, typed: &str) -> Vec<Offer> {
    let offer = |name: &Name| Offer::new(Quote::Name.around(&name.text), &name.about, End::Nothing);
    names.beginning(typed).map(offer).collect()
}

/// Keywords in the case of what is typed.
fn keywords(typed: &str) -> Vec<Offer> {
    let upper = typed.to_uppercase();
    let is_lower = typed.chars().next().is_some_and(char::is_lowercase);
    let words = KEYWORDS.iter().filter(|word| word.starts_with(&upper));
    let offer = |word: &&str| match is_lower {
        true => Offer::new(word.to_lowercase(), "", End::Space),
        false => Offer::new(*word, "", End::Space),
    };
    words.map(offer).collect()
}

/// Commands under the sign that was typed.
fn commands(typed: &str) -> Vec<Offer> {
    let sign = typed.chars().next().unwrap_or('\\');
    let mut offers = Vec::new();
    for spelling in SPELLINGS {
        let matching = spelling.names.iter().find(|name| {
            let is_taught = **name == spelling.names[0] || sign == '.';
            is_taught && format!("{sign}{name}").starts_with(typed)
        });
        if let Some(name) = matching {
            let end = if spelling.takes.is_empty() {
                End::Nothing
            } else {
                End::Space
            };
            offers.push(Offer::new(format!("{sign}{name}"), spelling.about, end));
        }
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;

    async fn catalog() -> (Catalog, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("answers.csv");
        std::fs::write(&path, "touchpoint,score,Net Pro\nWeb,9,1\n").unwrap();
        let options = Options {
            tables: vec![("answers".into(), path.display().to_string())],
            ..Options::default()
        };
        let engine = Arc::new(Engine::open(options).await.unwrap());
        (Catalog::of(&engine).unwrap(), directory)
    }

    /// The values offered at the end of a line; asked twice, since the first may come late.
    fn offered(catalog: &mut Catalog, line: &str) -> Vec<String> {
        let mut values = Vec::new();
        for _ in 0..20 {
            let (cursor, text) = (line.find('|').unwrap(), line.replace('|', ""));
            let result = catalog.complete(&text, cursor);
            values = result
                .suggestions()
                .iter()
                .map(|s| s.value.clone())
                .collect();
            if !values.is_empty() {
                break;
            }
        }
        values
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn tab_offers_what_can_stand_there() {
        let (mut catalog, directory) = catalog().await;
        let mut offered = |line: &str| offered(&mut catalog, line);
        assert_eq!(offered("select * from ans|"), ["answers"]);
        assert_eq!(offered("select tou| from answers"), ["touchpoint"]);
        assert_eq!(
            offered("select a.| from answers a"),
            ["\"Net Pro\"", "score", "touchpoint"]
        );
        assert!(offered("select nps_s|").contains(&"nps_summary(".to_owned()));
        assert_eq!(offered("\\run kpi_ca|"), ["overview/kpi_cards"]);
        assert_eq!(offered("\\quer|"), ["\\queries"]);
        assert_eq!(offered(".tab|"), [".tables"]);
        assert_eq!(offered("select 1 gro|")[0], "group");
        assert!(offered("select * from system.q|").contains(&"system.queries".to_owned()));
        let folder = directory.path().display();
        assert_eq!(
            offered(&format!("select * from '{folder}/ans|")),
            [format!("{folder}/answers.csv'")]
        );
    }
}
