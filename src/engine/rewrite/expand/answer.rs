//! The columns that `expand` gives, and the SELECT wrapped around the original one to give them.

use std::ops::ControlFlow;

use arrow::datatypes::{DataType, Schema};
use datafusion::common::{DataFusionError, Result};
use datafusion::sql::sqlparser::ast::{Expr, Query, Select, SetExpr, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::{EACH, STRUCT, parsed, refused};
use crate::error::Error;

/// The columns of the answer: how each is read from the wrapped SELECT, and its name.
pub(super) struct Answer {
    pub(super) columns: Vec<(String, String)>, // expression, name
    lists: Vec<usize>,                         // which calls give a LIST
}

impl Answer {
    pub(super) fn of(schema: &Schema, calls: &[String]) -> Result<Self> {
        let mut answer = Self {
            columns: Vec::new(),
            lists: Vec::new(),
        };
        let mut origins: Vec<String> = Vec::new();
        for field in schema.fields() {
            let call = field
                .name()
                .strip_prefix(STRUCT)
                .and_then(|number| number.parse::<usize>().ok());
            let Some(call) = call else {
                answer
                    .columns
                    .push((quoted(field.name()), field.name().clone()));
                origins.push(format!("the item {}", field.name()));
                continue;
            };
            let fields = match field.data_type() {
                DataType::Struct(fields) => fields,
                DataType::List(item) | DataType::LargeList(item) => {
                    answer.lists.push(call);
                    let DataType::Struct(fields) = item.data_type() else {
                        return Err(no_fields(&calls[call], field.data_type()));
                    };
                    fields
                }
                other => return Err(no_fields(&calls[call], other)),
            };
            for inner in fields {
                let read = format!(
                    "{}['{}']",
                    quoted(field.name()),
                    inner.name().replace('\'', "''")
                );
                answer.columns.push((read, inner.name().clone()));
                origins.push(calls[call].clone());
            }
        }
        answer.refuse_twins(&origins)?;
        match answer.lists.as_slice() {
            [] | [_] => Ok(answer),
            [first, second, ..] => Err(refused(format!(
                "{} and {} both give a LIST; expand one in each query",
                calls[*first], calls[*second]
            ))),
        }
    }

    fn refuse_twins(&self, origins: &[String]) -> Result<()> {
        for (place, (_, name)) in self.columns.iter().enumerate() {
            let twin = self.columns[..place]
                .iter()
                .position(|(_, other)| other == name);
            if let Some(twin) = twin {
                return Err(refused(format!(
                    "column {name} would be there twice, from {} and from {}; give the item \
                     another name with AS, or expand in a subquery",
                    origins[twin], origins[place]
                )));
            }
        }
        Ok(())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(_, column)| column == name)
    }

    /// The SELECT around: its innermost FROM is still `SELECT 1`.
    pub(super) fn wrapped(&self, schema: &Schema, hidden: &[String]) -> Result<Box<Select>> {
        let has_lists = !self.lists.is_empty();
        let item = |(read, name): &(String, String)| match has_lists && *read == quoted(name) {
            true => format!("{EACH}({read}) AS {read}"),
            false => format!("{read} AS {}", quoted(name)),
        };
        let items: Vec<String> = self.columns.iter().map(item).collect();
        let is_list = |name: &str| {
            self.lists
                .iter()
                .any(|call| name == format!("{STRUCT}{call}"))
        };
        let passed = schema
            .fields()
            .iter()
            .map(|field| match quoted(field.name()) {
                name if is_list(field.name()) => format!("unnest({name}) AS {name}"),
                name => name,
            });
        let passed: Vec<String> = passed
            .chain(hidden.iter().map(|name| quoted(name)))
            .collect();
        let sql = format!(
            "SELECT {} FROM (SELECT {} FROM (SELECT 1) AS __latido_inner) AS __latido_outer",
            items.join(", "),
            passed.join(", ")
        );
        let mut query = parsed(&sql)?;
        let _: ControlFlow<()> = query.visit(&mut Placeless);
        match *query.body {
            SetExpr::Select(select) => Ok(select),
            _ => Err(Error::Internal("expand made no SELECT".into()).into()),
        }
    }
}

fn no_fields(call: &str, kind: &DataType) -> DataFusionError {
    refused(format!(
        "{call} needs a STRUCT or a LIST of STRUCT, not {kind}"
    ))
}

/// Puts the original SELECT where the wrapper has `SELECT 1`.
pub(super) fn put_inside(wrapper: &mut Select, inner: Box<Select>) {
    struct Innermost(Option<Box<Select>>);
    impl VisitorMut for Innermost {
        type Break = ();

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            let is_stub = matches!(query.body.as_ref(), SetExpr::Select(s) if s.from.is_empty());
            match self.0.take() {
                Some(inner) if is_stub => {
                    *query.body = SetExpr::Select(inner);
                    ControlFlow::Break(())
                }
                kept => {
                    self.0 = kept;
                    ControlFlow::Continue(())
                }
            }
        }
    }
    let _: ControlFlow<()> = wrapper.visit(&mut Innermost(Some(inner)));
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Forgets the places of identifiers that stand in no text of the person.
struct Placeless;

impl VisitorMut for Placeless {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Identifier(ident) = expr {
            ident.span = Span::empty();
        }
        ControlFlow::Continue(())
    }
}
