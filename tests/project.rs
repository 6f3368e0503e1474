//! latido.yaml: what is wrong is told with line, key and remedy; what is right becomes tables and
//! metrics.
//!
//! Every file of `project/malformed` says in its first line what must be said of it.

use std::fs;
use std::path::{Path, PathBuf};

use latido::project::{Grain, Language, MetricKind, Project, json_schema};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/project");

/// Reads a text as the project file of a machine on which only `HOME` is set.
fn read(text: &str) -> Result<Project, String> {
    let look_up = |name: &str| (name == "HOME").then(|| "/home/analyst".to_owned());
    Project::read(text, Path::new("airport"), "latido.yaml", &look_up)
        .map_err(|error| error.to_string())
}

fn malformed() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(FOLDER).join("malformed")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_fault_is_told_with_line_key_and_remedy() {
    let files = malformed();
    assert!(files.len() >= 40, "only {} malformed files", files.len());
    let mut failures = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let expected = text.lines().next().unwrap().trim_start_matches("# ");
        let found = match read(&text) {
            Ok(_) => "nothing".to_owned(),
            Err(error) => error,
        };
        if found != format!("latido.yaml:{expected}") {
            let name = file.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}\n  says     {found}\n  expected {expected}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_whole_vocabulary_is_read() {
    let text = fs::read_to_string(Path::new(FOLDER).join("airport.yaml")).unwrap();
    let project = read(&text).unwrap();
    assert_eq!(project.name, "Airport");
    assert_eq!(project.timezone.name(), "America/Los_Angeles");
    assert_eq!(project.language, Language::Spanish);
    assert_eq!(project.store.as_deref(), Some("/home/analyst/store"));
    assert_eq!(project.tables.len(), 2);
    assert_eq!(project.imports[0].key, ["RESPNUM"]);
    assert_eq!(project.imports[0].columns.len(), 4);
    let nps = project.metric("NPS").unwrap();
    assert_eq!(
        (nps.kind, nps.min_n, nps.grain),
        (MetricKind::Nps, 30, Grain::Month)
    );
    assert_eq!(nps.target, Some(45.0));
    assert_eq!(
        project.dimensions,
        ["touchpoint", "channel", "segment", "region"]
    );
    assert_eq!(project.objectives[0].outcome.column, "churned");
    assert_eq!(
        project.roles[1].rows.as_ref().unwrap().text,
        "region = @region"
    );
    assert_eq!(project.rollups[0].scores, ["nps", "csat", "ces"]);
}

#[test]
fn an_empty_file_is_a_project_too() {
    for text in ["", "# nothing yet\n", "---\n"] {
        let project = read(text).unwrap();
        assert_eq!(project.name, "airport");
        assert!(project.tables.is_empty());
    }
}

#[test]
fn the_schema_knows_every_key() {
    let schema = json_schema();
    let metric = &schema["properties"]["metrics"]["items"];
    assert_eq!(metric["additionalProperties"], false);
    assert_eq!(metric["properties"]["kind"]["enum"][0], "nps");
    assert!(
        metric["required"]
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key == "agg_time_dimension")
    );
    assert_eq!(schema["properties"]["timezone"]["type"], "string");
}
