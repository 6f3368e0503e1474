//! The tables and metrics of latido.yaml, as relations of the catalog.
//!
//! Their SQL is parsed here, so that a slip is told with its line when the project is opened, and
//! planned when it is asked for.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{ObjectNamePart, visit_relations_mut};

use super::catalog::{Catalog, Files, MappedFiles, Relation, View};
use super::mapped::Mapped;
use super::planning;
use super::written::expression;
use crate::error::{Error, Result};
use crate::project::{Metric, Project, ProjectTable, Rows, Source, Sql};
use crate::sources::{Format, Location, ReadOptions};

/// Puts the tables of a project and a view of each metric into the catalog; tables that are there
/// already stay, so that `--table` can put another file in the place of one.
///
/// # Errors
/// [`Error::Usage`] for SQL that cannot be parsed and a place that cannot be one, with file and line.
pub(super) fn register(catalog: &Catalog, project: &Project, reading: &ReadOptions) -> Result<()> {
    for table in &project.tables {
        let relation = relation(project, table, reading)?;
        if !catalog.is_taken(&table.name) {
            catalog.put(&table.name, relation);
        }
    }
    for metric in &project.metrics {
        check_metric(project, metric)?;
        let name = format!("metric_{}", metric.name);
        if !catalog.is_taken(&name) {
            catalog.put(&name, Relation::View(Arc::new(view_of(metric))));
        }
    }
    Ok(())
}

fn relation(project: &Project, table: &ProjectTable, reading: &ReadOptions) -> Result<Relation> {
    let at = |key: &str| format!("tables.{}.{key}", table.name);
    for mapping in &table.columns {
        if let Source::Expression(sql) = &mapping.source {
            let key = at(&format!("columns.{}.sql", mapping.name));
            check_expression(project, sql, &key)?;
        }
    }
    match &table.rows {
        Rows::Files(from) => {
            let place = placed(&project.directory, from);
            let location = Location::parse(&place)
                .map_err(|error| faulty(project, table.line, &at("from"), &error))?;
            let format = table.format.as_deref().and_then(Format::of_keyword);
            let files = Files {
                location,
                options: ReadOptions {
                    format,
                    ..reading.clone()
                },
            };
            if table.columns.is_empty() {
                return Ok(Relation::Files(Arc::new(files)));
            }
            let mapped = mapped(project, table);
            Ok(Relation::Mapped(Arc::new(MappedFiles { files, mapped })))
        }
        Rows::Stored(name) => Ok(Relation::Absent(Arc::from(format!(
            "table {} is kept in the store as {name}, which this version does not read yet; give \
             --table {}=FILE",
            table.name, table.name
        )))),
        Rows::Query(sql) => {
            planning::parse(&sql.text)
                .map_err(|error| faulty(project, sql.line, &at("sql"), &error))?;
            Ok(Relation::View(Arc::new(View {
                query: sql.text.clone(),
                directory: Some(project.directory.clone()),
                definition: format!("{}:{}", project.file, sql.line),
            })))
        }
    }
}

fn mapped(project: &Project, table: &ProjectTable) -> Mapped {
    Mapped {
        table: table.name.clone(),
        file: project.file.clone(),
        columns: table.columns.clone(),
    }
}

/// The paths in FROM as those of `from:`; names of tables stay as they are.
pub(super) fn anchor(directory: &Path, statement: &mut Statement) {
    let Statement::Statement(query) = statement else {
        return;
    };
    let _: ControlFlow<()> = visit_relations_mut(query, |name| {
        if let [ObjectNamePart::Identifier(name)] = name.0.as_mut_slice()
            && name.quote_style.is_some()
            && Location::looks_like_one(&name.value)
        {
            name.value = placed(directory, &name.value);
        }
        ControlFlow::Continue(())
    });
}

/// A path of the file begins in its directory; a URL, an absolute path and `~` stay as they are.
fn placed(directory: &Path, from: &str) -> String {
    let is_whole = from.contains("://") || from.starts_with('~') || Path::new(from).is_absolute();
    if is_whole || directory.as_os_str().is_empty() || directory == Path::new(".") {
        return from.to_owned();
    }
    directory.join(from).display().to_string()
}

fn check_metric(project: &Project, metric: &Metric) -> Result<()> {
    let parts = [
        ("expr", &metric.expr),
        ("filter", &metric.filter),
        ("weight", &metric.weight),
    ];
    for (key, sql) in parts {
        if let Some(sql) = sql {
            check_expression(project, sql, &format!("metrics.{}.{key}", metric.name))?;
        }
    }
    Ok(())
}

/// Whether a text is one expression and nothing more.
fn check_expression(project: &Project, sql: &Sql, key: &str) -> Result<()> {
    expression(&sql.text).map(drop).map_err(|reason| {
        Error::Usage(format!(
            "{}:{}: {key}: no expression: {reason}",
            project.file, sql.line
        ))
    })
}

fn faulty(project: &Project, line: usize, key: &str, error: &Error) -> Error {
    Error::Usage(format!("{}:{line}: {key}: {error}", project.file))
}

fn view_of(metric: &Metric) -> View {
    let query = format!(
        "SELECT * FROM metric('{}', '{}')",
        metric.name, metric.grain
    );
    View {
        directory: None,
        definition: format!("CREATE VIEW metric_{} AS {query}", metric.name),
        query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_query_begin_in_the_directory_of_the_project() {
        let anchored = |sql: &str| {
            let mut statement = planning::parse(sql).unwrap();
            anchor(Path::new("a dir"), &mut statement);
            statement.to_string()
        };
        assert_eq!(
            anchored("SELECT 'x.csv' FROM 'x.csv' AS a JOIN \"y/*.parquet\" AS b USING (n)"),
            "SELECT 'x.csv' FROM 'a dir/x.csv' AS a JOIN \"a dir/y/*.parquet\" AS b USING(n)"
        );
        assert_eq!(
            anchored("WITH a AS (SELECT 1 FROM 'x.csv') SELECT (SELECT 2 FROM 'y.csv') FROM a"),
            "WITH a AS (SELECT 1 FROM 'a dir/x.csv') SELECT (SELECT 2 FROM 'a dir/y.csv') FROM a"
        );
        for stays in [
            "SELECT * FROM responses JOIN \"Other\" USING(n)",
            "SELECT * FROM 's3://b/x.parquet', '/x.csv', '~/x.csv'",
        ] {
            assert_eq!(anchored(stays), stays);
        }
    }
}
