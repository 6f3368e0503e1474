//! The rules of the house that a program can check: who may use whom, how files open, how long they
//! are, what they are called, and that every function has its tests and its documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use datafusion::execution::FunctionRegistry;
use latido::functions::{Sort, faces};

/// A room, the rooms it may use beside itself, and the words that must not stand in its code.
struct Room {
    name: &'static str,
    uses: &'static [&'static str],
    never: &'static [&'static str],
}

/// Input, output and clocks, which the two lowest rooms know nothing of.
const WORLD: &[&str] = &[
    "arrow",
    "parquet",
    "datafusion",
    "object_store",
    "tokio",
    "futures",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::time",
    "chrono",
    "rand::rng",
];
const NO_WINDOWS: &[&str] = &["clap", "axum", "datafusion_postgres"];

/// Who may use whom, from the ground up; `root` is what stands in no room.
const ROOMS: &[Room] = &[
    Room {
        name: "error",
        uses: &[],
        never: &["clap", "axum"],
    },
    Room {
        name: "statistics",
        uses: &[],
        never: WORLD,
    },
    Room {
        name: "model",
        uses: &["statistics"],
        never: &["datafusion", "tokio", "std::fs", "std::io", "object_store"],
    },
    Room {
        name: "project",
        uses: &["model", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "sources",
        uses: &["model", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "sample",
        uses: &["model", "error"],
        never: &["clap", "axum", "datafusion"],
    },
    Room {
        name: "annotations",
        uses: &["model", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "store",
        uses: &["model", "error", "sources"],
        never: NO_WINDOWS,
    },
    Room {
        name: "functions",
        uses: &["model", "statistics"],
        never: &[
            "clap",
            "axum",
            "object_store",
            "tokio",
            "std::fs",
            "std::io",
        ],
    },
    Room {
        name: "rollup",
        uses: &["functions", "model", "store", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "scan",
        uses: &["functions", "model", "store", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "policy",
        uses: &["functions", "model", "store", "error"],
        never: NO_WINDOWS,
    },
    Room {
        name: "engine",
        uses: BELOW_ENGINE,
        never: NO_WINDOWS,
    },
    Room {
        name: "cluster",
        uses: BELOW_ENGINE,
        never: NO_WINDOWS,
    },
    // `latido sample` is a window on sample, which the engine does not know.
    Room {
        name: "interfaces",
        uses: &["engine", "model", "project", "sample", "error"],
        never: &["datafusion::execution::context"],
    },
    Room {
        name: "root",
        uses: &["interfaces", "engine", "error"],
        never: &[],
    },
];

const BELOW_ENGINE: &[&str] = &[
    "statistics",
    "model",
    "project",
    "sources",
    "sample",
    "annotations",
    "store",
    "functions",
    "rollup",
    "scan",
    "policy",
    "error",
    "engine",
];

/// Files that are longer than the house wants, each with its reason; to be emptied, not extended.
const LONG: &[(&str, &str)] = &[(
    "sample/story.rs",
    "tests only: what the sample must tell, claim by claim",
)];

/// A file of `src`.
struct Source {
    /// Its path below `src`, with `/`.
    path: String,
    /// All of it.
    text: String,
    /// What stands before its tests, without comments.
    code: String,
    /// Lines before its tests.
    lines: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let folder = root().join("src");
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let path = path
            .strip_prefix(&folder)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let before = text
            .lines()
            .take_while(|line| *line != "#[cfg(test)]" || !opens_tests(&text, line));
        let before: Vec<&str> = before.collect();
        let code = before
            .iter()
            .map(|line| without_comment(line))
            .collect::<Vec<_>>()
            .join("\n");
        Source {
            path,
            lines: before.len(),
            code,
            text: text.clone(),
        }
    };
    files(&folder, "rs").iter().map(read).collect()
}

/// Whether this `#[cfg(test)]` stands before `mod tests {`, rather than before a module of testers.
fn opens_tests(text: &str, mark: &str) -> bool {
    text.contains(&format!("{mark}\nmod tests {{"))
}

/// A line up to its `//`; what stands in quotes is not looked into.
fn without_comment(line: &str) -> &str {
    let mut in_text = false;
    let bytes = line.as_bytes();
    for at in 0..bytes.len() {
        let quoted =
            bytes[at] == b'"' && (at == 0 || (bytes[at - 1] != b'\\' && bytes[at - 1] != b'\''));
        in_text ^= quoted;
        if !in_text && bytes[at..].starts_with(b"//") {
            return &line[..at];
        }
    }
    line
}

impl Source {
    /// The room it stands in.
    fn room(&self) -> &str {
        match self.path.split_once('/') {
            Some((room, _)) => room,
            None if self.path == "error.rs" => "error",
            None => "root",
        }
    }

    /// The second step of its path: the window, below `interfaces`.
    fn window(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }

    /// The paths after `crate::`, one for each name in braces.
    fn crate_paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for (at, _) in self.code.match_indices("crate::") {
            let is_macro = self.code[..at].ends_with('$');
            let rest = &self.code[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                _ if is_macro => {}
                Some(group) => paths.extend(top_level(group)),
                None => paths.push(path_of(rest)),
            }
        }
        paths
    }
}

fn path_of(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
        .collect()
}

/// The paths of `a::x, b::{y, z}}`.
fn top_level(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut paths = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => paths.push(String::new()),
            _ if depth == 0 && !c.is_whitespace() => paths.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

/// Whether a word stands in code as a whole word.
fn says(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let ends = !word.ends_with(part) || !after.is_some_and(part);
        ends && !before.is_some_and(part)
    })
}

#[track_caller]
fn none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn a_room_uses_only_what_lies_below() {
    let rooms: BTreeMap<&str, &Room> = ROOMS.iter().map(|room| (room.name, room)).collect();
    let mut broken = Vec::new();
    for source in sources() {
        let Some(room) = rooms.get(source.room()) else {
            broken.push(format!(
                "{}: the house has no room {}",
                source.path,
                source.room()
            ));
            continue;
        };
        for path in source.crate_paths() {
            let mut steps = path.split("::");
            let used = steps.next().unwrap_or_default();
            let window = steps.next().unwrap_or_default();
            let shared = matches!(used, "Engine" | "Error" | "ErrorKind" | "Result"); // re-exports
            let own = used == room.name && (used != "interfaces" || own_window(&source, window));
            if !own && !shared && !room.uses.contains(&used) {
                broken.push(format!(
                    "{} uses crate::{path}, which {} may not",
                    source.path, room.name
                ));
            }
        }
        let lines = source
            .code
            .lines()
            .filter(|line| !line.trim_start().starts_with('"'));
        let code: String = lines.collect::<Vec<_>>().join("\n");
        for word in room
            .never
            .iter()
            .filter(|word| says(&code, &format!("{word}::")))
        {
            broken.push(format!(
                "{} uses {word}, which {} may not",
                source.path, room.name
            ));
        }
    }
    none(&broken);
}

/// Windows know `output`, `script` and themselves; `interfaces/mod.rs` knows them all.
fn own_window(source: &Source, window: &str) -> bool {
    source.path == "interfaces/mod.rs"
        || matches!(window, "output" | "script")
        || window == source.window()
}

#[test]
fn what_the_reader_of_paths_finds() {
    let source = |code: &str| Source {
        path: "engine/x.rs".into(),
        text: String::new(),
        code: code.into(),
        lines: 0,
    };
    let found = source("use crate::model::Scale;\nuse crate::{a::B, c::{D, E}};").crate_paths();
    assert_eq!(found, ["model::Scale", "a::B", "c::"]);
    assert_eq!(
        without_comment("let x = \"//\"; // crate::store"),
        "let x = \"//\"; "
    );
    assert!(says("use clap::Parser", "clap::") && !says("use reclap::Parser", "clap::"));
    let outside = source("use crate::interfaces::cli::run;");
    let room = ROOMS
        .iter()
        .find(|room| room.name == outside.room())
        .unwrap();
    assert!(!room.uses.contains(&"interfaces"));
}

#[test]
fn every_file_says_what_it_is() {
    let broken = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! "));
    none(&broken.map(|source| source.path).collect::<Vec<_>>());
}

#[test]
fn files_are_short() {
    let mut broken = Vec::new();
    for source in sources() {
        let function = [
            "functions/aggregate/",
            "functions/scalar/",
            "functions/window/",
        ];
        let most = match source.path.as_str() {
            "main.rs" => 40,
            path if function.iter().any(|folder| path.starts_with(folder)) => 200,
            _ => 400,
        };
        let excused = LONG.iter().any(|(path, _)| *path == source.path);
        if source.lines > most && !excused {
            broken.push(format!(
                "{}: {} lines, {most} at most",
                source.path, source.lines
            ));
        }
        if source.lines <= most && excused {
            broken.push(format!(
                "{} is short again; take it off the list",
                source.path
            ));
        }
    }
    let map = root().join("src/ARCHITECTURE.md");
    if let Ok(text) = fs::read_to_string(&map) {
        let lines = text.lines().count();
        if lines > 150 {
            broken.push(format!("ARCHITECTURE.md: {lines} lines, 150 at most"));
        }
    }
    none(&broken);
}

#[test]
fn names_say_something() {
    let dull = [
        "utils", "util", "helpers", "helper", "common", "misc", "core",
    ];
    let steps = |path: &str| {
        path.trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let is_dull = |source: &Source| {
        steps(&source.path)
            .iter()
            .any(|step| dull.contains(&step.as_str()))
    };
    let broken = sources().into_iter().filter(is_dull);
    none(&broken.map(|source| source.path).collect::<Vec<_>>());
    let src = root().join("src");
    for folder in files(&src, "rs")
        .iter()
        .filter_map(|file| file.parent())
        .collect::<BTreeSet<_>>()
    {
        let module = folder == src || folder.join("mod.rs").exists();
        assert!(module, "{} has no mod.rs", folder.display());
    }
}

#[test]
fn nothing_is_left_half_done() {
    let words = ["todo!", "unimplemented!", "dbg!", "#[ignore"];
    let here = "tests/tidy.rs";
    let mut broken = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in files(&root().join(folder), "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let found = words
                .iter()
                .filter(|word| text.contains(**word) && name != here);
            broken.extend(found.map(|word| format!("{name}: {word}")));
            let globs = text.lines().filter(|line| {
                let line = line.trim();
                line.trim_start_matches("pub ").starts_with("use ")
                    && line.ends_with("::*;")
                    && line != "use super::*;"
            });
            broken.extend(globs.map(|line| format!("{name}: {line}")));
        }
    }
    none(&broken);
}

#[test]
fn only_interfaces_print_and_only_one_file_opens_sessions() {
    let mut broken = Vec::new();
    for source in sources() {
        let prints = [
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
            "stdout()",
            "stderr()",
        ];
        let may = matches!(source.room(), "interfaces" | "root");
        let found = prints
            .iter()
            .filter(|word| !may && says(&source.code, word));
        broken.extend(found.map(|word| format!("{}: {word}", source.path)));
        let opens = ["SessionStateBuilder", "SessionContext::new"];
        let found = opens
            .iter()
            .filter(|word| source.path != "engine/session.rs" && source.code.contains(**word));
        broken.extend(found.map(|word| format!("{}: {word}", source.path)));
    }
    none(&broken);
}

/// The functions by the name of their file: aliases live with what they are aliases of.
fn functions() -> Vec<(String, Sort)> {
    let session = crate::laws::call::session();
    let state = session.state();
    let is_alias = |name: &str| {
        state
            .udaf(name)
            .is_ok_and(|function| function.name() != name)
    };
    faces()
        .into_iter()
        .filter(|face| !is_alias(&face.name))
        .map(|face| (face.name, face.sort))
        .collect()
}

#[test]
fn every_function_has_its_file_and_its_unit_tests() {
    let mut broken = Vec::new();
    for (name, sort) in functions() {
        let folder = match sort {
            Sort::Scalar => "scalar",
            Sort::Aggregate | Sort::List | Sort::Whole(_) => "aggregate",
            Sort::Window => "window",
        };
        let path = format!("src/functions/{folder}/{name}.rs");
        match fs::read_to_string(root().join(&path)) {
            Err(_) => broken.push(format!("{name}: no {path}")),
            Ok(text) if !text.contains("#[cfg(test)]") => {
                broken.push(format!("{path}: no unit tests"))
            }
            Ok(text) if !text.starts_with(&format!("//! `{name}(")) => {
                broken.push(format!("{path} does not open with its signature"));
            }
            Ok(_) => {}
        }
    }
    none(&broken);
}

#[test]
fn every_function_has_its_slt() {
    none(&unnamed(
        &files(&root().join("tests/slt"), "slt"),
        "tests/slt",
    ));
}

#[test]
fn every_function_has_its_golden_numbers() {
    none(&unnamed(
        &files(&root().join("tests/golden"), "toml"),
        "tests/golden",
    ));
}

/// The functions that no file calls.
fn unnamed(files: &[PathBuf], folder: &str) -> Vec<String> {
    let texts: Vec<String> = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let calls = |name: &str| {
        texts
            .iter()
            .any(|text| text.contains(&format!("{name}(")) && says(text, name))
    };
    let missing = functions().into_iter().filter(|(name, _)| !calls(name));
    missing
        .map(|(name, _)| format!("{name} is not asked in {folder}"))
        .collect()
}

#[test]
fn every_function_is_documented_with_an_example_that_calls_it() {
    let session = crate::laws::call::session();
    let state = session.state();
    let mut broken = Vec::new();
    for face in faces() {
        let name = face.name.as_str();
        let documentation = match face.sort {
            Sort::Scalar => state.udf(name).unwrap().documentation().cloned(),
            Sort::Aggregate | Sort::List | Sort::Whole(_) => {
                state.udaf(name).unwrap().documentation().cloned()
            }
            Sort::Window => state.udwf(name).unwrap().documentation().cloned(),
        };
        let Some(text) = documentation else {
            broken.push(format!("{name}: no documentation"));
            continue;
        };
        let own = text.syntax_example.split('(').next().unwrap_or_default();
        let example = text.sql_example.unwrap_or_default();
        if !example.contains(&format!("{own}(")) {
            broken.push(format!("{name}: its example does not call it: {example}"));
        }
        let told: Vec<String> = text
            .arguments
            .unwrap_or_default()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let taken: Vec<&str> = face
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        if told != taken {
            broken.push(format!(
                "{name} takes {taken:?}, but its documentation tells of {told:?}"
            ));
        }
    }
    none(&broken);
}
