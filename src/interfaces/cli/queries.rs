//! `latido queries`: what the library asks, and one query with its header and SQL.

use std::io::Write as _;

use super::listing::list;
use super::telling::Telling;
use crate::engine::{Concepts, Engine, Parameter, Query};
use crate::error::Result;

/// Tells all queries, or the one of this name.
pub(super) async fn tell(engine: &Engine, name: Option<String>, telling: Telling) -> Result<()> {
    let queries = engine.queries();
    engine
        .refused_queries()
        .for_each(|refused| telling.remark(&format!("left out: {refused}")));
    if let Some(name) = name {
        let query = engine.query(&name)?;
        return Ok(std::io::stdout().write_all(text(query).as_bytes())?);
    }
    let language = engine.language();
    let rows = queries.iter().map(|query| {
        let parameters: Vec<&str> = query.parameters.iter().map(|p| p.name.as_str()).collect();
        [
            query.name.clone(),
            query.title_in(language).to_owned(),
            parameters.join(", "),
        ]
    });
    list(["name", "title", "parameters"], rows, telling).await
}

/// A query as a file of `queries/` has it, so that it can be saved as one and changed.
fn text(query: &Query) -> String {
    let parameters: Vec<String> = query.parameters.iter().map(parameter).collect();
    let concepts = query.concepts.as_ref().map(concepts).unwrap_or_default();
    let header = [
        ("title", query.title.as_str()),
        ("title_es", query.title_es.as_str()),
        ("question", query.question.as_str()),
        ("question_es", query.question_es.as_str()),
        ("chart", query.chart.as_str()),
        ("roles", &query.roles.join(", ")),
        ("concepts", &concepts),
        ("parameters", &parameters.join(", ")),
        ("reading", query.reading.as_str()),
        ("reading_es", query.reading_es.as_str()),
    ];
    let mut text = String::new();
    for (key, value) in header.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("-- {key}: {value}\n"));
    }
    text.push_str(query.sql.trim());
    text.push('\n');
    text
}

fn concepts(concepts: &Concepts) -> String {
    match concepts {
        Concepts::Named(names) => names.join(", "),
        Concepts::Top { most, column } => format!("top {most} of {column}"),
    }
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter {
        name,
        kind,
        choices,
        default,
    } = parameter;
    let kind = match choices.as_slice() {
        [] => kind.clone(),
        words => words.join("|"),
    };
    match default {
        Some(default) => format!("{name} {kind} = {default}"),
        None => format!("{name} {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Vec<Query> {
        let parameter = Parameter {
            name: "from".into(),
            kind: "date".into(),
            choices: Vec::new(),
            default: None,
        };
        ["nps/by_month", "overview/kpi_cards"]
            .map(|name| Query {
                name: name.into(),
                title: "A title".into(),
                title_es: String::new(),
                question: String::new(),
                question_es: String::new(),
                chart: "line".into(),
                reading: String::new(),
                reading_es: String::new(),
                parameters: vec![parameter.clone()],
                concepts: Some(Concepts::Named(vec!["nps".into()])),
                roles: Vec::new(),
                sql: "SELECT 1\n".into(),
            })
            .to_vec()
    }

    #[test]
    fn a_query_is_shown_as_its_file() {
        let shown = text(&library()[0]);
        let expected = "-- title: A title\n-- chart: line\n\
                        -- concepts: nps\n-- parameters: from date\nSELECT 1\n";
        assert_eq!(shown, expected);
    }
}
