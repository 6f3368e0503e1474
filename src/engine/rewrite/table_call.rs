//! A call in FROM whose place a query takes: `metric('nps')`, `objective('Keep customers')`.

use datafusion::sql::sqlparser::ast::{Ident, Query, TableAlias, TableFactor, TableFunctionArgs};
use datafusion::sql::sqlparser::parser::Parser;

use super::{name_of, operands};
use crate::error::{Error, Result};

/// A call of a table function.
pub(super) struct TableCall<'a> {
    name: &'static str,
    pub(super) args: &'a TableFunctionArgs,
    alias: Option<&'a TableAlias>,
}

impl<'a> TableCall<'a> {
    /// The call, if a part of FROM is one of this function.
    pub(super) fn of(factor: &'a TableFactor, name: &'static str) -> Option<Self> {
        match factor {
            TableFactor::Table {
                name: called,
                alias,
                args: Some(args),
                ..
            } if name_of(called).as_deref() == Some(name) => Some(Self {
                name,
                args,
                alias: alias.as_ref(),
            }),
            _ => None,
        }
    }

    /// The query in its place, under its alias or else the function's name.
    ///
    /// # Errors
    /// [`Error::Statement`] for a query that cannot be parsed.
    pub(super) fn replaced_by(&self, query: &str) -> Result<TableFactor> {
        let own = || TableAlias {
            explicit: true,
            name: Ident::new(self.name),
            columns: Vec::new(),
            at: None,
        };
        Ok(TableFactor::Derived {
            lateral: false,
            subquery: self.parsed(query)?,
            alias: Some(self.alias.cloned().unwrap_or_else(own)),
            sample: None,
        })
    }

    fn parsed(&self, query: &str) -> Result<Box<Query>> {
        let parsed = operands::parsed(query, Parser::parse_query);
        let name = self.name;
        parsed.map_err(|error| Error::Statement(format!("{name}: {error} in {query}")))
    }
}
