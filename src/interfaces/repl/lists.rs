//! What the commands that list something ask: SQL over `system.*`, as anybody may write it.

/// `\d`
pub(super) const TABLES: &str = "SELECT name, kind, location FROM system.tables ORDER BY name";

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
