//! What the shape of a file cannot say: references that must lead somewhere, keys that exclude or
//! need each other, names that may stand once.

use std::collections::HashSet;

use super::fault::Fault;
use super::node::{Name, Node, Value};
use super::table::source;
use crate::error::hint;

/// Checks a file that has the right shape.
pub(super) fn check(file: &Node) -> Result<(), Fault> {
    let tables = Names::of("table", file.get("tables"));
    check_names(file)?;
    for (name, table) in entries(file, "tables") {
        let at = format!("tables.{}", name.text);
        check_table(table, &at)?;
        check_columns(table, &at)?;
    }
    for (name, import) in entries(file, "imports") {
        let at = format!("imports.{}", name.text);
        tables.refer(import, "into", &at)?;
        check_columns(import, &at)?;
    }
    check_metrics(file, &tables)?;
    check_once(file.get("dimensions"), "dimensions")?;
    check_objectives(file, &tables)?;
    for (name, role) in entries(file, "roles") {
        check_once(role.get("pages"), &format!("roles.{}.pages", name.text))?;
    }
    for (place, rollup) in items(file, "rollups").iter().enumerate() {
        let at = format!("rollups.{}", place + 1);
        tables.refer(rollup, "table", &at)?;
        check_once(rollup.get("dimensions"), &format!("{at}.dimensions"))?;
        check_once(rollup.get("scores"), &format!("{at}.scores"))?;
    }
    Ok(())
}

fn entries<'a>(file: &'a Node, key: &str) -> &'a [(Name, Node)] {
    file.get(key).map_or(&[], Node::entries)
}

fn items<'a>(file: &'a Node, key: &str) -> &'a [Node] {
    file.get(key).map_or(&[], Node::items)
}

/// Names of tables that differ in case only would hide each other.
fn check_names(file: &Node) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for (name, _) in entries(file, "tables") {
        if !seen.insert(name.text.to_lowercase()) {
            let at = format!("tables.{}", name.text);
            let reason = "is defined twice; names differ in more than case";
            return Err(Fault::at(name.line, at, reason));
        }
    }
    Ok(())
}

fn check_table(table: &Node, at: &str) -> Result<(), Fault> {
    if matches!(table.value, Value::Text(_)) {
        return Ok(());
    }
    let given: Vec<&str> = ["from", "store", "sql"]
        .into_iter()
        .filter(|key| table.get(key).is_some())
        .collect();
    let reason = match given.as_slice() {
        ["from"] => return Ok(()),
        [_] => match table.get("format") {
            Some(format) => {
                let reason = "only files have one, which are given with from";
                return Err(Fault::at(format.line, format!("{at}.format"), reason));
            }
            None => return Ok(()),
        },
        [] => "needs one of from, store and sql, which say where its rows are".to_owned(),
        several => format!("{} exclude each other; keep one", several.join(" and ")),
    };
    Err(Fault::at(table.line, at, reason))
}

fn check_columns(table: &Node, at: &str) -> Result<(), Fault> {
    for (name, column) in entries(table, "columns") {
        if source(column).is_some() {
            continue;
        }
        let reason = "needs exactly one of from, sql and value, which say what it is made of";
        let at = format!("{at}.columns.{}", name.text);
        return Err(Fault::at(column.line, at, reason));
    }
    Ok(())
}

fn check_metrics(file: &Node, tables: &Names) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for metric in items(file, "metrics") {
        let name = metric.get("name").and_then(Node::text).unwrap_or_default();
        let at = format!("metrics.{name}");
        if !seen.insert(name.to_lowercase()) {
            return Err(Fault::at(
                metric.line,
                at,
                "is defined twice; names differ in more than case",
            ));
        }
        let view = format!("metric_{name}");
        if tables.has(&view) {
            let reason = format!("its view {view} would hide the table of that name");
            return Err(Fault::at(metric.line, at, reason));
        }
        tables.refer(metric, "table", &at)?;
        check_kind(metric, &at)?;
    }
    Ok(())
}

/// The keys that only some kinds take, and need.
fn check_kind(metric: &Node, at: &str) -> Result<(), Fault> {
    let kind = metric.get("kind").and_then(Node::text).unwrap_or_default();
    if kind != "count" && metric.get("expr").is_none() {
        let reason = format!("needs expr: the column or expression that {kind} is computed of");
        return Err(Fault::at(metric.line, at, reason));
    }
    let takes: [(&str, &[&str]); 3] = [
        ("weight", &["nps", "mean"]),
        ("max", &["csat", "ces"]),
        ("confidence", &["nps", "csat", "ces", "rate", "mean"]),
    ];
    for (key, kinds) in takes {
        match metric.get(key) {
            Some(node) if !kinds.contains(&kind.as_str()) => {
                let reason = format!("{kind} takes none; {} do", kinds.join(", "));
                return Err(Fault::at(node.line, format!("{at}.{key}"), reason));
            }
            _ => {}
        }
    }
    match metric.get("max") {
        Some(max) if kind == "ces" && !matches!(max.integer(), Some(5 | 7)) => {
            let reason = "scales of effort end at 5 or 7";
            Err(Fault::at(max.line, format!("{at}.max"), reason))
        }
        Some(max) if max.integer() == Some(1) => {
            let reason = "a scale has more than one point";
            Err(Fault::at(max.line, format!("{at}.max"), reason))
        }
        _ => Ok(()),
    }
}

fn check_objectives(file: &Node, tables: &Names) -> Result<(), Fault> {
    let metrics = Names {
        kind: "metric",
        names: items(file, "metrics")
            .iter()
            .filter_map(|metric| metric.get("name")?.text())
            .collect(),
    };
    let mut seen = HashSet::new();
    for objective in items(file, "objectives") {
        let name = objective
            .get("name")
            .and_then(Node::text)
            .unwrap_or_default();
        let at = format!("objectives.{name}");
        if !seen.insert(name.to_lowercase()) {
            let reason = "is defined twice; names differ in more than case";
            return Err(Fault::at(objective.line, at, reason));
        }
        for key in ["outcome", "value"] {
            let Some(column) = objective.get(key) else {
                continue;
            };
            let text = column.text().unwrap_or_default();
            let table = text.split('.').next().unwrap_or_default();
            tables.find(table, column.line, &format!("{at}.{key}"))?;
        }
        check_once(objective.get("metrics"), &format!("{at}.metrics"))?;
        for metric in objective.get("metrics").map_or(&[][..], Node::items) {
            let name = metric.text().unwrap_or_default();
            metrics.find(&name, metric.line, &format!("{at}.metrics"))?;
        }
    }
    Ok(())
}

fn check_once(list: Option<&Node>, at: &str) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    let items = list.map_or(&[][..], Node::items);
    if let (Some(list), []) = (list, items) {
        return Err(Fault::at(list.line, at, "is empty"));
    }
    for item in items {
        let text = item.text().unwrap_or_default();
        if !seen.insert(text.to_lowercase()) {
            return Err(Fault::at(item.line, at, format!("{text} stands twice")));
        }
    }
    Ok(())
}

/// Names that can be referred to.
struct Names {
    kind: &'static str,
    names: Vec<String>,
}

impl Names {
    fn of(kind: &'static str, map: Option<&Node>) -> Self {
        let entries = map.map_or(&[][..], Node::entries);
        Self {
            kind,
            names: entries.iter().map(|(name, _)| name.text.clone()).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The value of a key must be one of the names.
    fn refer(&self, node: &Node, key: &str, at: &str) -> Result<(), Fault> {
        match node.get(key) {
            Some(value) => self.find(
                &value.text().unwrap_or_default(),
                value.line,
                &format!("{at}.{key}"),
            ),
            None => Ok(()),
        }
    }

    fn find(&self, name: &str, line: usize, at: &str) -> Result<(), Fault> {
        if self.has(name) {
            return Ok(());
        }
        let Self { kind, names } = self;
        let none = format!("there are none; define it under {kind}s");
        let hint = hint(name, names.iter().map(String::as_str), &none);
        Err(Fault::at(line, at, format!("no {kind} {name}; {hint}")))
    }
}
