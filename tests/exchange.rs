//! Journeys of `latido init` and `latido export`: the real binary, a directory of one's own.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A survey under foreign names, in Spanish, with blanks that are written as 11 and as a word.
const SURVEY: &str = "Fecha,Canal,Probabilidad de recomendar,Satisfacción,Comentario\n\
                      2026-01-03,web,10,5,bien\n2026-01-09,web,9,4,\n2026-02-02,tienda,3,Blank,mal\n\
                      2026-02-11,tienda,11,2,\n2026-02-20,web,10,3,todo bien\n2026-02-21,web,8,1,\n";

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    #[track_caller]
    fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    #[track_caller]
    fn error(self) -> String {
        assert_ne!(self.code, Some(0), "{}", self.stdout);
        let is_one = self
            .stderr
            .lines()
            .filter(|line| line.starts_with("error: "))
            .count()
            == 1;
        assert!(is_one, "{}", self.stderr);
        self.stderr
    }
}

fn latido(directory: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latido"));
    command
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null());
    command.output().unwrap().into()
}

fn with(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn sample() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    for table in ["responses", "customers", "transactions", "invitations"] {
        let name = format!("{table}.parquet");
        std::fs::copy(from.join(&name), directory.path().join(&name)).unwrap();
    }
    directory
}

fn written(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("latido.yaml")).unwrap()
}

// ---- init

#[test]
fn init_makes_a_project_of_the_sample_data_that_answers() {
    let directory = sample();
    let run = latido(directory.path(), &["init"]).well();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("4 tables, 4 metrics"), "{}", run.stderr);
    let tables = latido(directory.path(), &["tables", "--format", "csv"])
        .well()
        .stdout;
    for name in [
        "responses",
        "customers",
        "transactions",
        "invitations",
        "metric_nps",
    ] {
        assert!(tables.contains(name), "{tables}");
    }
    for metric in ["nps", "csat", "ces", "churn_rate"] {
        let sql = format!("SELECT count(*) > 12 AS enough FROM metric_{metric}");
        let answer = latido(directory.path(), &["-c", &sql, "--format", "csv"]).well();
        assert_eq!(answer.stdout, "enough\ntrue\n", "{metric}");
    }
    let sql = "SELECT count(*) > 1 AS parts FROM metric('nps', 'year', 'touchpoint')";
    let answer = latido(directory.path(), &["-c", sql, "--format", "csv"]).well();
    assert_eq!(answer.stdout, "parts\ntrue\n");
    let text = written(directory.path());
    assert!(text.contains("outcome: customers.churned"), "{text}");
}

#[test]
fn init_maps_foreign_columns_and_marks_its_guesses() {
    let directory = with(&[("datos/encuesta.csv", SURVEY)]);
    let place = directory.path().join("datos");
    latido(directory.path(), &["init", "datos"]).well();
    let text = written(&place);
    for part in [
        "responded_at: Fecha  # guess",
        "nps: {from: \"Probabilidad de recomendar\", null_when: [\"11\"]}  # guess",
        "csat: {from: \"Satisfacción\", null_when: [Blank]}  # guess",
        "channel: Canal",
        "dimensions: [channel]",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let sql = "SELECT nps(nps) AS nps, count(nps) AS n, csat(csat) AS csat FROM responses";
    let run = latido(
        directory.path(),
        &["--project", "datos", "-c", sql, "--format", "csv"],
    );
    assert_eq!(run.well().stdout, "nps,n,csat\n40.0,5,40.0\n");
    let sql = "SELECT period, value FROM metric_nps";
    let run = latido(
        directory.path(),
        &["--project", "datos", "-c", sql, "--format", "csv"],
    );
    assert_eq!(
        run.well().stdout,
        "period,value\n2026-01-01,100.0\n2026-02-01,0.0\n"
    );
}

#[test]
fn init_takes_one_file_and_trees_and_series() {
    let header = "responded_at,nps\n";
    let row = |day: &str, score: &str| format!("{header}{day},{score}\n");
    let files = [
        ("tree/year=2025/a.csv", row("2025-05-01", "10")),
        ("tree/year=2026/a.csv", row("2026-05-01", "0")),
        ("part_1.csv", row("2026-05-01", "9")),
        ("part_2.csv", row("2026-05-02", "2")),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let directory = with(&files);
    latido(directory.path(), &["init"]).well();
    let text = written(directory.path());
    assert!(
        text.contains("part*.csv") && text.contains("tree/"),
        "{text}"
    );
    let sql = "SELECT count(*) AS n, max(year) AS year FROM tree";
    let run = latido(directory.path(), &["-c", sql, "--format", "csv"]).well();
    assert_eq!(run.stdout, "n,year\n2,2026\n");

    let tree = directory.path().join("tree");
    latido(directory.path(), &["init", "tree"]).well();
    let run = latido(
        &tree,
        &[
            "-c",
            "SELECT count(*) AS n FROM responses",
            "--format",
            "csv",
        ],
    );
    assert_eq!(run.well().stdout, "n\n2\n", "{}", written(&tree));

    let elsewhere = tempfile::tempdir().unwrap();
    let file = directory.path().join("part_1.csv");
    latido(elsewhere.path(), &["init", file.to_str().unwrap()]).well();
    let run = latido(
        elsewhere.path(),
        &["-c", "SELECT nps FROM responses", "--format", "csv"],
    );
    assert_eq!(run.well().stdout, "nps\n9\n");
}

#[test]
fn init_overwrites_nothing_and_says_where_nothing_is() {
    let directory = with(&[("survey.csv", SURVEY), ("latido.yaml", "name: mine\n")]);
    let error = latido(directory.path(), &["init"]).error();
    assert!(error.contains("latido.yaml: is there already"), "{error}");
    assert_eq!(written(directory.path()), "name: mine\n");

    let empty = with(&[("notes.txt", "hello")]);
    let error = latido(empty.path(), &["init"]).error();
    assert!(
        error.contains("holds no files") && error.contains("Parquet"),
        "{error}"
    );
    let error = latido(empty.path(), &["init", "nowhere"]).error();
    assert!(
        error.contains("nowhere: there is no such file or directory"),
        "{error}"
    );
    assert!(!empty.path().join("latido.yaml").exists());

    let broken = with(&[("a.parquet", "no parquet"), ("survey.csv", SURVEY)]);
    let run = latido(broken.path(), &["init"]).well();
    assert!(
        run.stderr.contains("left out:") && run.stderr.contains("a.parquet"),
        "{}",
        run.stderr
    );
}

// ---- dbt

#[test]
fn init_takes_the_metrics_of_dbt_and_names_the_rest() {
    const ORDERS: &str = "order_id,customer_ref,ordered_at,channel,amount,is_returned\n\
                          1,a,2026-01-02,web,150,true\n2,a,2026-01-03,web,50,false\n\
                          3,b,2026-01-09,store,100,false\n4,c,2026-01-10,web,100,\n";
    for spelling in ["legacy", "latest"] {
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/exchange/{spelling}.yml"));
        let text = std::fs::read_to_string(fixture).unwrap();
        let directory = with(&[("orders.csv", ORDERS), ("dbt/models/shop.yml", &text)]);
        let run = latido(directory.path(), &["init", "--dbt", "dbt"]).well();
        for name in [
            "margin",
            "revenue_so_far",
            "visit_to_order",
            "typical_basket",
            "spanish_revenue",
        ] {
            let line = run
                .stderr
                .lines()
                .find(|line| line.contains(&format!(": {name}: ")));
            let line = line.unwrap_or_else(|| panic!("{name}: {}", run.stderr));
            assert!(
                line.starts_with("note: not taken: dbt/models/shop.yml:"),
                "{line}"
            );
        }
        let ask = |sql: &str| {
            let run = latido(directory.path(), &["-c", sql, "--format", "csv"]).well();
            run.stdout.lines().nth(1).unwrap().to_owned()
        };
        assert_eq!(ask("SELECT value FROM metric_orders"), "4.0");
        assert_eq!(ask("SELECT value FROM metric_revenue"), "400.0");
        assert_eq!(ask("SELECT value FROM metric_web_revenue"), "300.0");
        assert_eq!(ask("SELECT value FROM metric_buyers"), "3.0");
        assert_eq!(ask("SELECT value FROM metric_returned"), "1.0");
        assert_eq!(ask("SELECT value FROM metric_return_rate"), "25.0");
        let sql = "SELECT value FROM metric('revenue', 'month', 'is_large') WHERE is_large";
        assert_eq!(ask(sql), "150.0");
    }
}

#[test]
fn dbt_files_without_metrics_are_an_error() {
    let directory = with(&[("models/a.yml", "models:\n  - name: a\n")]);
    let error = latido(directory.path(), &["init", "--dbt", "models"]).error();
    assert!(error.contains("says nothing about metrics"), "{error}");
    let error = latido(directory.path(), &["init", "--dbt", "none.yml"]).error();
    assert!(error.contains("none.yml"), "{error}");
}

// ---- export

#[test]
fn export_writes_a_semantic_model_of_the_right_shape() {
    let directory = sample();
    latido(directory.path(), &["init"]).well();
    let run = latido(directory.path(), &["export"]).well();
    assert!(
        run.stderr.contains("custom_extensions of LATIDO"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout
            .starts_with("version: \"0.2.0.dev0\"\nsemantic_model:\n"),
        "{}",
        run.stdout
    );
    for part in [
        "      - name: responses\n        source: responses.parquet\n        primary_key: [response_id]\n",
        "      - name: responses_to_customers\n        from: responses\n        to: customers\n",
        "              expression: AVG(1.0 * responses.ces)\n",
        "            datatype: Integer\n",
        "              is_time: true\n",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    for line in run
        .stdout
        .lines()
        .filter(|line| line.trim_start().starts_with("data: "))
    {
        let quoted: String =
            serde_json::from_str(line.trim_start().trim_start_matches("data: ")).unwrap();
        let data: Value = serde_json::from_str(&quoted).unwrap();
        assert!(data.is_object(), "{line}");
    }
}

#[test]
fn export_needs_a_project_and_tells_of_tables_that_are_not_there() {
    let directory = with(&[]);
    let error = latido(directory.path(), &["export"]).error();
    assert!(error.contains("latido init"), "{error}");
    let project = "tables: {responses: gone.csv}\nmetrics:\n  - {name: nps, kind: nps, table: \
                   responses, expr: nps, agg_time_dimension: day}\n";
    let directory = with(&[("latido.yaml", project)]);
    let run = latido(directory.path(), &["export"]).well();
    assert!(
        run.stderr.contains("responses: could not be opened"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("- name: day\n"), "{}", run.stdout);
}

/// The formulas that are exported, asked of the rows, against the functions they stand for.
#[test]
fn exported_formulas_give_what_the_functions_give() {
    let directory = sample();
    latido(directory.path(), &["init"]).well();
    let model = latido(directory.path(), &["export"]).well().stdout;
    for (metric, own) in [
        ("nps", "nps(nps)"),
        ("csat", "csat(csat)"),
        ("ces", "ces(ces)"),
        ("churn_rate", "rate(churned)"),
    ] {
        let (_, metrics) = model.split_once("    metrics:\n").unwrap();
        let (_, after) = metrics.split_once(&format!("- name: {metric}\n")).unwrap();
        let line = after
            .lines()
            .find(|line| line.trim_start().starts_with("expression: "))
            .unwrap();
        let formula = line
            .trim_start()
            .trim_start_matches("expression: ")
            .trim_matches('"');
        let table = if metric == "churn_rate" {
            "customers"
        } else {
            "responses"
        };
        let sql = format!("SELECT abs({formula} - {own}) < 1e-9 AS same FROM {table}");
        let run = latido(directory.path(), &["-c", &sql, "--format", "csv"]).well();
        assert_eq!(run.stdout, "same\ntrue\n", "{metric}: {formula}");
    }
}
