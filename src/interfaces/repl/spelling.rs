//! The commands of the shell: their names, what they take and what they do.

/// A command as `\?` lists it.
pub(super) struct Spelling {
    /// Its names; the first is the one to teach, and each may stand after `\` or a dot.
    pub(super) names: &'static [&'static str],
    /// What it takes.
    pub(super) takes: &'static str,
    /// What it does.
    pub(super) about: &'static str,
}

const fn spelling(
    names: &'static [&'static str],
    takes: &'static str,
    about: &'static str,
) -> Spelling {
    Spelling {
        names,
        takes,
        about,
    }
}

/// All commands in the order of `\?`.
pub(super) const SPELLINGS: &[Spelling] = &[
    spelling(
        &["d", "tables", "schema", "dt", "dv", "describe", "columns"],
        "[table]",
        "the tables and views, or the columns of one",
    ),
    spelling(
        &["df", "functions"],
        "[name]",
        "the functions, those like nps*, or one documented",
    ),
    spelling(
        &["l", "sources", "databases"],
        "",
        "where the rows come from",
    ),
    spelling(
        &["queries"],
        "[name]",
        "the questions of the library, or one in full",
    ),
    spelling(&["run"], "name [k=v …]", "ask a question of the library"),
    spelling(&["metrics"], "", "the metrics of the project"),
    spelling(
        &["i", "read", "include"],
        "file",
        "run the statements of a file",
    ),
    spelling(
        &["o", "output", "once", "out"],
        "[file]",
        "results into a file.csv, .json, .parquet …; alone: screen",
    ),
    spelling(
        &["e", "edit"],
        "",
        "edit the last statement in $EDITOR and run it",
    ),
    spelling(&["g"], "", "run the last statement again, or the one above"),
    spelling(&["gx"], "", "the same, a line a column"),
    spelling(&["r", "reset"], "", "drop the statement above"),
    spelling(
        &["watch"],
        "[seconds]",
        "run the last statement again until Ctrl-C",
    ),
    spelling(&["explain"], "SQL", "how a statement would be run"),
    spelling(
        &["chart"],
        "[kind]",
        "draw the last result: line, bar, histogram, sparkline",
    ),
    spelling(
        &["x", "expanded"],
        "[on|off|auto]",
        "a line a column instead of a row",
    ),
    spelling(
        &["format", "mode"],
        "[name]",
        "box, table, expanded, csv, tsv, json, ndjson …",
    ),
    spelling(
        &["pager"],
        "[on|off]",
        "long results through $PAGER, or cut to 40 rows",
    ),
    spelling(
        &["timing", "timer"],
        "[on|off]",
        "tell how long a statement took",
    ),
    spelling(
        &["set", "param"],
        "[name value]",
        "bind $name in statements; alone: list them",
    ),
    spelling(&["unset"], "name", "forget a variable"),
    spelling(&["echo", "print"], "[text]", "write a text"),
    spelling(
        &["!", "shell", "system"],
        "command",
        "run a command of the system",
    ),
    spelling(&["?", "help", "h"], "", "this list"),
    spelling(&["q", "quit", "exit"], "", "leave (Ctrl-D does too)"),
];

/// The command of this name.
pub(super) fn find(name: &str) -> Option<&'static Spelling> {
    let is_named = |spelling: &&Spelling| spelling.names.contains(&name);
    SPELLINGS.iter().find(is_named)
}

/// The name to teach of a command, under any of its names.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    find(name).map(|spelling| spelling.names[0])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let names = SPELLINGS.iter().flat_map(|spelling| spelling.names);
        let mut seen = HashSet::new();
        for name in names {
            assert!(seen.insert(name), "{name}");
            assert!(find(name).is_some());
        }
    }
}
