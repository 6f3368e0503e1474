//! The SQL face of model and statistics: one function a file, glue only.
//!
//! `FUNCTIONS.md` beside this file is generated from the functions' own documentation.

mod aggregate;
mod call;
mod cells;
mod clock;
mod columns;
mod counts;
mod events;
pub mod exact;
mod fitted;
mod fold;
mod frame;
mod matrices;
mod named;
mod net_promoter;
mod parameter;
mod record;
mod row;
mod scalar;
mod summary;
mod tables;
#[cfg(test)]
mod tester;
mod texts;
mod values;
mod vocabulary;
mod window;
mod words;

use datafusion::execution::FunctionRegistry;

pub use call::LABEL;
pub use parameter::{Kind, Parameter, argument_name, parameter_at, syntax};

/// What the pass over a statement knows of a function before anything is planned.
#[derive(Debug, Clone)]
pub struct Face {
    /// Its name in SQL, which may be an alias.
    pub name: String,
    /// The name that its errors begin with.
    pub function: String,
    /// Its parameters in order.
    pub parameters: &'static [Parameter],
    /// What kind of function it is.
    pub sort: Sort,
    /// Whether the texts of its arguments are handed on behind them, in one literal.
    pub labelled: bool,
}

/// The kinds of function, as far as statements treat them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// One row in, one value out.
    Scalar,
    /// Many rows in, one value out; also OVER a window.
    Aggregate,
    /// As an aggregate, but its LIST result is refused OVER a window.
    List,
    /// As an aggregate, but refused OVER a window, for this reason.
    Whole(&'static str),
    /// Only OVER a window.
    Window,
}

/// The faces of all functions, one for each name and alias, in the order of the documentation.
#[must_use]
pub fn faces() -> Vec<Face> {
    let mut faces = Vec::new();
    for entry in aggregate::all() {
        let sort = match (entry.list, entry.whole) {
            (true, _) => Sort::List,
            (false, Some(why)) => Sort::Whole(why),
            (false, None) => Sort::Aggregate,
        };
        let names = std::iter::once(entry.udaf.name().to_owned());
        let names = names.chain(entry.udaf.aliases().iter().cloned());
        faces.extend(names.map(|name| Face {
            name,
            function: entry.udaf.name().to_owned(),
            parameters: entry.parameters,
            sort,
            labelled: entry.labelled,
        }));
    }
    for entry in scalar::all() {
        let name = entry.udf.name().to_owned();
        faces.push(Face {
            function: name.clone(),
            name,
            parameters: entry.parameters,
            sort: Sort::Scalar,
            labelled: false,
        });
    }
    for entry in window::all() {
        let name = entry.udwf.name().to_owned();
        faces.push(Face {
            function: name.clone(),
            name,
            parameters: entry.parameters,
            sort: Sort::Window,
            labelled: false,
        });
    }
    faces
}

/// Registers every function of latido; the one list that session, server and workers share.
///
/// # Errors
/// When the registry refuses a function.
pub fn register(registry: &mut dyn FunctionRegistry) -> datafusion::common::Result<()> {
    for entry in aggregate::all() {
        registry.register_udaf(entry.udaf)?;
    }
    for entry in scalar::all() {
        registry.register_udf(entry.udf)?;
    }
    for entry in window::all() {
        registry.register_udwf(entry.udwf)?;
    }
    Ok(())
}
