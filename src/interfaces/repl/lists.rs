//! What the commands that list something ask: SQL over `system.*`, as anybody may write it.

use super::command::Expanded;
use super::shell::{Asked, Shell, remedied};
use super::show::{print, terminal};
use crate::error::Result;
use crate::interfaces::output::{Screen, documentation};

/// `\d`
pub(super) const TABLES: &str = "SELECT name, kind, location FROM system.tables ORDER BY name";

/// `\d na*`
pub(super) const TABLES_LIKE: &str = "SELECT name, kind, location FROM system.tables \
                                      WHERE name LIKE $pattern ORDER BY name";

/// `\d table`
pub(super) const COLUMNS: &str = "SELECT name, type, nullable FROM system.columns \
                                  WHERE \"table\" = $table ORDER BY place";

/// `\l`
pub(super) const SOURCES: &str = "SELECT location AS source, string_agg(name, ', ' ORDER BY name) \
                                  AS tables FROM system.tables WHERE kind = 'table' \
                                  GROUP BY location ORDER BY location";

/// `\df`, `\df na*`
pub(super) const FUNCTIONS: &str = "SELECT name, kind, replace(syntax, chr(10), '; ') AS syntax, \
     split_part(split_part(description, chr(10), 1), '. ', 1) AS meaning \
     FROM system.functions WHERE name LIKE $pattern ORDER BY own DESC, name";

/// `\queries`
pub(super) const QUERIES: &str = "SELECT name, title, parameters FROM system.queries ORDER BY name";

/// `\queries name`
pub(super) const QUERY: &str = "SELECT title, question, reading, parameters, sql \
                                FROM system.queries WHERE name = $name";

/// `\metrics`
pub(super) const METRICS: &str = "SELECT name, kind, \"table\", expr, target, min_n, grain, owner \
                                  FROM system.metrics ORDER BY name";

/// The last result.
pub(super) const LAST: &str = "SELECT * FROM _";

impl Shell {
    /// Shows a list; it is not the last result, and never goes into a file by accident.
    pub(super) fn list(&mut self, sql: &str, bound: &[(&str, &str)]) -> Result<()> {
        let pairs = bound
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        let asked = Asked::Statement(sql.to_owned(), pairs.collect());
        let target = self.target.take();
        let outcome = self.run(&asked, false);
        self.target = target;
        outcome
    }

    /// The columns of a table, or the tables that a pattern fits.
    pub(super) fn describe(&mut self, table: &str) -> Result<()> {
        if table.contains(['*', '%', '?']) && !table.contains(['/', '.']) {
            let pattern = table.replace('*', "%").replace('?', "_");
            return self.list(TABLES_LIKE, &[("pattern", &pattern)]);
        }
        let (schema, name) = table.split_once('.').unwrap_or(("", table));
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if matches!(schema, "system" | "information_schema") && is_plain {
            return self.list(&format!("DESCRIBE {schema}.{name}"), &[]);
        }
        self.list(COLUMNS, &[("table", table)])
    }

    pub(super) fn functions(&mut self, name: Option<&str>) -> Result<()> {
        match name {
            Some(name) if !name.contains(['*', '%']) => {
                let functions = self.engine.functions();
                let screen = Screen {
                    rows: None,
                    width: Some(terminal().0),
                    style: self.view.style,
                };
                let name = name.trim_end_matches("()");
                let text = documentation(&functions, name, screen);
                print(&text.map_err(remedied)?)
            }
            name => {
                let pattern = name.unwrap_or("%").replace('*', "%");
                self.list(FUNCTIONS, &[("pattern", &pattern)])
            }
        }
    }

    pub(super) fn query(&mut self, name: &str) -> Result<()> {
        self.engine.query(name).map_err(remedied)?;
        let expanded = std::mem::replace(&mut self.view.expanded, Expanded::On);
        let outcome = self.list(QUERY, &[("name", name)]);
        self.view.expanded = expanded;
        outcome
    }

    pub(super) fn metrics(&mut self) -> Result<()> {
        self.list(METRICS, &[])?;
        match self.engine.project() {
            Some(project) if !project.metrics.is_empty() => Ok(()),
            _ => self.remark("metrics are named in the latido.yaml of a project"),
        }
    }
}
