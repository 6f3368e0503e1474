//! Names in order, found by how they begin.

/// A name that can be completed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::interfaces::repl) struct Name {
    /// As it is written.
    pub(in crate::interfaces::repl) text: String,
    /// What it is.
    pub(in crate::interfaces::repl) about: String,
}

impl Name {
    /// A name and what it is.
    pub(in crate::interfaces::repl) fn new(
        text: impl Into<String>,
        about: impl Into<String>,
    ) -> Self {
        Self {
            text: text.into(),
            about: about.into(),
        }
    }
}

/// Names by their lower case.
#[derive(Debug, Clone, Default)]
pub(in crate::interfaces::repl) struct Names(Vec<(String, Name)>);

impl Names {
    /// These names, each once.
    pub(in crate::interfaces::repl) fn of(names: impl IntoIterator<Item = Name>) -> Self {
        let lower = |name: Name| (name.text.to_lowercase(), name);
        let mut names: Vec<(String, Name)> = names.into_iter().map(lower).collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names.dedup_by(|a, b| a.1.text == b.1.text);
        Self(names)
    }

    /// Those that begin so, in any case.
    pub(in crate::interfaces::repl) fn beginning<'a>(
        &'a self,
        typed: &str,
    ) -> impl Iterator<Item = &'a Name> {
        let typed = typed.to_lowercase();
        let first = self.0.partition_point(|(lower, _)| *lower < typed);
        self.0[first..]
            .iter()
            .take_while(move |(lower, _)| lower.starts_with(&typed))
            .map(|(_, name)| name)
    }

    /// Those that hold it somewhere, for who knows the middle only.
    pub(in crate::interfaces::repl) fn holding<'a>(
        &'a self,
        typed: &str,
    ) -> impl Iterator<Item = &'a Name> {
        let typed = typed.to_lowercase();
        self.0
            .iter()
            .filter(move |(lower, _)| lower.contains(&typed))
            .map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_thousand_tables_of_fifty_columns_are_found() {
        let tables = Names::of((0..1000).map(|n| Name::new(format!("table_{n:04}"), "table")));
        let columns: HashMap<String, Names> = (0..1000)
            .map(|n| {
                let columns = (0..50).map(|c| Name::new(format!("col_{c:02}_of_{n}"), "Int64"));
                (format!("table_{n:04}"), Names::of(columns))
            })
            .collect();
        assert_eq!(tables.beginning("TABLE_").count(), 1000);
        assert_eq!(tables.beginning("table_012").count(), 10);
        assert_eq!(tables.beginning("x").count(), 0);
        let table = tables.beginning("Table_0777").next().unwrap();
        let found: Vec<&str> = columns[&table.text]
            .beginning("col_4")
            .map(|name| name.text.as_str())
            .collect();
        assert_eq!(found.len(), 10);
        assert_eq!((found[0], found[9]), ("col_40_of_777", "col_49_of_777"));
    }

    #[test]
    fn case_is_kept_and_the_middle_is_found() {
        let names = Names::of([Name::new("NETPRO", ""), Name::new("nps/by_month", "")]);
        assert_eq!(names.beginning("net").next().unwrap().text, "NETPRO");
        assert_eq!(names.holding("month").next().unwrap().text, "nps/by_month");
    }
}
