//! Journeys through the command line: the real binary, its two outputs and its exit code.
#![expect(
    clippy::unwrap_used,
    reason = "a journey that panics has failed, as it should"
)]

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::{Float64Type, Int64Type};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Two questions about two touchpoints, with a comma, a quote, an empty text and a NULL.
const ANSWERS: &str = "touchpoint,score,comment\nWeb,10,\"good, \"\"really\"\"\"\nWeb,3,bad\n\
                       Store,9,\nStore,,none\n";

/// What a run left behind.
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
    /// Success without a word on the standard error.
    #[track_caller]
    fn result(self) -> String {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (Some(0), ""),
            "{}",
            self.stdout
        );
        self.stdout
    }

    /// The one line of error; nothing went to the standard output.
    #[track_caller]
    fn error(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        assert_eq!(self.stdout, "");
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        // One line, and perhaps those that point at the place in the statement.
        let mut more = self.stderr.lines().skip(1);
        assert!(more.all(|line| line.starts_with("  ")), "{}", self.stderr);
        self.stderr
    }
}

fn command(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latido"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR");
    command
}

fn latido(arguments: &[impl AsRef<OsStr>]) -> Run {
    command(arguments).output().unwrap().into()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = command(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap().into()
}

/// A directory with `answers.csv`, and the option that names it.
fn answers() -> (TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("answers.csv");
    std::fs::write(&path, ANSWERS).unwrap();
    let option = format!("--table=answers={}", path.display());
    (directory, option)
}

fn files_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

// ---- results and formats

#[test]
fn one_is_one() {
    assert_eq!(
        latido(&["-c", "select 1 as one"]).result(),
        " one\n-----\n   1\n"
    );
}

#[test]
fn json_is_an_array_of_objects_with_every_digit() {
    let sql = "select 0.1e0 + 0.2e0 as x, 9223372036854775807 as y, null as z, \
               named_struct('a', 1, 'b', [1.5, null]) as s";
    let rows: Value =
        serde_json::from_str(&latido(&["-c", sql, "--format", "json"]).result()).unwrap();
    let expected = json!([{"x": 0.30000000000000004, "y": 9223372036854775807_i64, "z": null,
                           "s": {"a": 1, "b": [1.5, null]}}]);
    assert_eq!(rows, expected);
}

#[test]
fn every_format_for_programs_is_read_back() {
    let (directory, table) = answers();
    let all = "select touchpoint, score, comment from answers order by score nulls last";
    let expected = latido(&[table.as_str(), "-c", all, "--format", "json"]).result();
    for ending in ["csv", "tsv", "ndjson", "parquet", "arrow"] {
        let path = directory.path().join(format!("copy.{ending}"));
        let path = path.to_str().unwrap();
        let run = latido(&["--quiet", &table, "-c", all, "--output", path]);
        assert_eq!(run.result(), "", "{ending}");
        let copy = format!("--table=answers={path}");
        let read = latido(&[copy.as_str(), "-c", all, "--format", "json"]).result();
        assert_eq!(read, expected, "{ending}");
    }
}

#[test]
fn parquet_on_the_standard_output_is_a_whole_file() {
    let sql = "select cast(1 as bigint) as a, cast(0.5 as double) as b";
    let output = command(&["-c", sql, "--format", "parquet"])
        .output()
        .unwrap();
    let bytes = bytes::Bytes::from(output.stdout);
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(bytes, 10).unwrap();
    let batch: RecordBatch = reader.map(Result::unwrap).next().unwrap();
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().value(0), 1);
    assert!((batch.column(1).as_primitive::<Float64Type>().value(0) - 0.5).abs() < f64::EPSILON);
}

#[test]
fn several_results_come_in_turn() {
    let two = ["-c", "select 1 as a; select 2 as b"];
    assert_eq!(latido(&two).result(), " a\n---\n 1\n\n b\n---\n 2\n");
    let json = latido(&[two[0], two[1], "--format", "json"]).result();
    assert_eq!(json, "[{\"a\":1}]\n[{\"b\":2}]\n");
}

#[test]
fn control_characters_cannot_drive_the_terminal() {
    let shown = latido(&[
        "-c",
        "select chr(27) || '[2J' || chr(10) as c",
        "--format",
        "box",
    ])
    .result();
    assert!(
        shown.contains("\\x1b[2J\\n") && !shown.contains('\u{1b}'),
        "{shown}"
    );
}

#[test]
fn an_explained_plan_is_readable() {
    let plan = latido(&["-c", "explain select 1"]).result();
    assert!(
        plan.contains("\n  Projection") && !plan.contains("\\n"),
        "{plan}"
    );
}

#[test]
fn no_rows_are_still_a_result() {
    let none = "select 1 as a where false";
    assert_eq!(latido(&["-c", none, "--format", "csv"]).result(), "a\n");
    assert_eq!(latido(&["-c", none, "--format", "json"]).result(), "[]\n");
}

// ---- scripts and parameters

#[test]
fn commands_and_files_run_in_the_order_given() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("two.sql");
    std::fs::write(&file, "\u{feff}-- a comment; not two\nselect 2 as n;").unwrap();
    let line = [
        "-c",
        "select 1 as n",
        "-f",
        file.to_str().unwrap(),
        "-c",
        "select 3 as n",
    ];
    let rows = latido(&[&line[..], &["--format", "ndjson"]].concat()).result();
    assert_eq!(rows, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

#[test]
fn statements_come_from_the_standard_input() {
    let sql = b"select 1 as n; -- one\n/* ; */ select ';' as n;\n";
    let rows = with_input(&["--format", "ndjson"], sql).result();
    assert_eq!(rows, "{\"n\":1}\n{\"n\":\";\"}\n");
}

#[test]
fn parameters_are_bound_and_never_spliced() {
    let (_directory, table) = answers();
    let sql = "select count(*) as n from answers where touchpoint = $t";
    let count = |value: &str| {
        let value = format!("t={value}");
        latido(&[table.as_str(), "-c", sql, "-p", &value, "--format", "csv"]).result()
    };
    assert_eq!(count("Web"), "n\n2\n");
    assert_eq!(count("Web' or 'a'='a"), "n\n0\n");
}

#[test]
fn a_parameter_that_is_missing_is_named() {
    let error = latido(&["-c", "select $from"]).error(2);
    assert!(error.contains("from"), "{error}");
}

#[test]
fn views_live_for_the_whole_script() {
    let (_directory, table) = answers();
    let script = "create view web as select * from answers where touchpoint = 'Web'; \
                  select count(*) as n from web";
    assert_eq!(
        latido(&[table.as_str(), "-c", script, "--format", "csv"]).result(),
        "n\n2\n"
    );
}

#[test]
fn kpis_answer_from_a_file() {
    let (_directory, table) = answers();
    let sql = "select touchpoint, nps(score) as nps from answers group by touchpoint order by 1";
    let csv = latido(&[table.as_str(), "-c", sql, "--format", "csv"]).result();
    assert_eq!(csv, "touchpoint,nps\nStore,100.0\nWeb,0.0\n");
}

// ---- what goes wrong

#[test]
fn the_first_error_stops_the_script_and_earlier_results_remain() {
    let run = latido(&["-c", "select 1 as a; select * from nowhere; select 3 as c"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stdout, " a\n---\n 1\n");
    assert!(
        run.stderr.starts_with("error: statement 2: "),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("nowhere"), "{}", run.stderr);
}

#[test]
fn a_wrong_statement_and_a_missing_table_fail_with_one_line() {
    for sql in [
        "selec 1",
        "select * from nowhere",
        "select nope from (values (1)) t(a)",
    ] {
        latido(&["-c", sql]).error(1);
    }
    let error = latido(&["-c", "select 1,\n  nope + 1 from (values (1)) t(a)"]).error(1);
    assert!(
        error.ends_with("\n  line 2:   nope + 1 from (values (1)) t(a)\n            ^^^^\n"),
        "{error}"
    );
    let error = latido(&["-c", "select * from (values ('x')) t(a) where a = \"x\""]).error(1);
    assert!(
        error.contains("hint: double quotes name a column; write 'x'"),
        "{error}"
    );
    let error = latido(&["--table", "t=/no/such.csv", "-c", "select * from t"]).error(1);
    assert!(error.contains("/no/such.csv"), "{error}");
}

#[test]
fn a_score_outside_its_scale_names_the_remedy() {
    let error = latido(&["-c", "select nps(s) from (values (11)) t(s)"]).error(1);
    assert!(
        error.contains("nps") && error.contains("11") && error.contains("nullif"),
        "{error}"
    );
}

#[test]
fn wrong_usage_ends_with_2() {
    let wrong = [
        vec!["--nonsense"],
        vec!["-c", "select 1", "--format", "xml"],
        vec!["-c", "select 1", "--threads", "0"],
        vec!["sample"],
        vec!["-c"],
    ];
    for line in wrong {
        let run = latido(&line);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{line:?}");
        assert!(
            run.stderr.starts_with("error: "),
            "{line:?}: {}",
            run.stderr
        );
    }
    let lines: [&[&str]; 7] = [
        &["--role", "board", "-c", "select 1"],
        &["-c", "select 1", "--memory", "512"],
        &["-c", "select 1", "--timeout", "soon"],
        &["-c", "select 1", "--output", "x.unknown"],
        &["-c", "select 1", "-p", "novalue"],
        &["demo", "--format", "csv"],
        &["--table", "t", "-c", "select 1"],
    ];
    for line in lines {
        latido(line).error(2);
    }
}

#[test]
fn unknown_queries_functions_and_parameters_are_wrong_usage() {
    let error = latido(&["run", "nps/by_moon"]).error(2);
    assert!(
        error.contains("nps/by_moon") && error.contains("did you mean nps/by_month?"),
        "{error}"
    );
    let error = latido(&["run", "by_channel"]).error(2);
    assert!(error.contains("did you mean nps/by_channel?"), "{error}");
    let error = latido(&["run", "nps/by_month", "--param", "nonsense=1"]).error(2);
    assert!(
        error.contains("nonsense") && error.contains("from"),
        "{error}"
    );
    let error = latido(&["functions", "nonsense"]).error(2);
    assert!(error.contains("nonsense"), "{error}");
}

#[test]
fn nothing_asked_on_an_empty_input_is_a_remark() {
    let run = with_input(&[], b"  -- nothing\n");
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert!(run.stderr.starts_with("note: "), "{}", run.stderr);
    assert_eq!(with_input(&["--quiet"], b"").result(), "");
}

#[cfg(unix)]
#[test]
fn what_is_not_utf_8_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let run = latido(&[OsStr::new("-c"), OsStr::from_bytes(b"select '\xff'")]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("UTF-8"), "{}", run.stderr);
    let error = with_input(&[], b"select 1;\nselect '\xff'").error(1);
    assert!(
        error.contains("standard input: line 2 is not UTF-8"),
        "{error}"
    );
}

#[test]
fn a_missing_script_runs_nothing() {
    let error = latido(&["-c", "select 1", "-f", "/no/such.sql"]).error(1);
    assert!(error.contains("/no/such.sql"), "{error}");
}

#[test]
fn a_time_limit_stops_a_long_statement() {
    let started = Instant::now();
    let endless =
        "select count(*) from range(100000000) a, range(100000000) b where a.value < b.value";
    let error = latido(&["-c", endless, "--timeout", "300ms"]).error(1);
    assert!(error.contains("300ms") || error.contains("time"), "{error}");
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "a stuck statement"
    );
}

// ---- files

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.csv");
    std::fs::write(&path, "old\n").unwrap();
    let fails = "select 10 / (value - 60000) as q from range(100000)";
    let run = latido(&["-c", fails, "--output", path.to_str().unwrap()]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old\n");
    assert_eq!(files_in(directory.path()), ["x.csv"]);
    let run = latido(&["-c", "select 1 as a", "--output", path.to_str().unwrap()]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\n1\n");
    assert!(run.stderr.contains("1 row written") && run.stderr.starts_with("note: "));
}

#[test]
fn a_file_holds_one_result() {
    let directory = tempfile::tempdir().unwrap();
    let two = "select 1 as a; select 2 as a";
    for ending in ["csv", "json", "parquet"] {
        let path = directory.path().join(format!("x.{ending}"));
        let error = latido(&["-c", two, "--output", path.to_str().unwrap()]).error(2);
        assert!(error.contains("one result"), "{error}");
    }
    assert!(files_in(directory.path()).is_empty());
    let missing = directory.path().join("none/x.csv");
    let error = latido(&["-c", "select 1", "--output", missing.to_str().unwrap()]).error(1);
    assert!(error.contains("there is no directory"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = command(&["-c", "select 1"]).stdout(full).output().unwrap();
    let error = Run::from(output).error(1);
    assert!(error.contains("standard output: No space left"), "{error}");
    let error = latido(&["-c", "select 1", "--output", "/dev/full", "--format", "csv"]).error(1);
    assert!(error.contains("/dev/full: No space left"), "{error}");
}

// ---- readers that go, and people who stop it

#[test]
fn a_reader_that_goes_is_no_error() {
    let endless = "select value from range(1000000000)";
    let mut command = command(&["-c", endless, "--format", "csv"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 6];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let run: Run = child.wait_with_output().unwrap().into();
    assert_eq!(&first, b"value\n");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

/// Bytes of all files below a directory.
#[cfg(unix)]
fn bytes_in(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => bytes_in(&entry.path()),
            _ => entry.metadata().map_or(0, |meta| meta.len()),
        })
        .sum()
}

/// Starts a call, and sends its process a signal as soon as `has_begun`.
#[cfg(unix)]
fn signalled(arguments: &[&str], signal: &str, has_begun: impl Fn() -> bool) -> Run {
    let mut child = command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !has_begun() {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
    assert!(sent.success());
    child.wait_with_output().unwrap().into()
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_work_and_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.csv");
    let endless = "select value from range(100000000000)";
    let call = ["-c", endless, "--output", path.to_str().unwrap()];
    let run = signalled(&call, "-INT", || !files_in(directory.path()).is_empty());
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(130), "error: cancelled\n")
    );
    assert!(files_in(directory.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_sample_that_is_stopped_leaves_nothing_that_the_next_does_not_sweep() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().to_str().unwrap();
    let endless = ["sample", "--rows", "1000000000", "--out", out];
    let begun = || !files_in(directory.path()).is_empty();
    let run = signalled(&endless, "-INT", begun);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(130), "error: cancelled\n")
    );
    let grown = || bytes_in(directory.path()) > 1 << 20;
    let run = signalled(&endless, "-KILL", grown);
    assert_eq!(run.code, None);
    assert!(
        files_in(directory.path())
            .iter()
            .all(|file| file.starts_with('.'))
    );

    let few = latido(&["--quiet", "sample", "--rows", "50", "--out", out]);
    assert_eq!(few.code, Some(0), "{}", few.stderr);
    let files = files_in(directory.path());
    assert!(files.iter().all(|file| !file.starts_with('.')), "{files:?}");
    assert!(files.contains(&"responses.parquet".to_owned()), "{files:?}");
}

#[cfg(unix)]
#[test]
fn a_copy_that_is_killed_leaves_nothing_that_reads() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.parquet");
    let endless = format!(
        "copy (select value from range(100000000000)) to '{}'",
        path.display()
    );
    let run = signalled(&["-c", &endless], "-KILL", || {
        bytes_in(directory.path()) > 1 << 20
    });
    assert_eq!((run.code, run.stdout.as_str()), (None, ""));
    assert!(!path.exists());
    let all = format!("select count(*) from '{}'", directory.path().display());
    let read = latido(&["-c", &all]);
    assert_eq!((read.code, read.stdout.as_str()), (Some(1), ""));
}

// ---- the rest of the commands

#[test]
fn lists_are_results_in_any_format() {
    let (_directory, table) = answers();
    let tables = latido(&["tables", &table, "--format", "ndjson"]).result();
    let row: Value = serde_json::from_str(tables.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&row["name"], &row["kind"]),
        (&json!("answers"), &json!("table"))
    );
    let functions = latido(&["functions", "--format", "csv"]).result();
    assert!(
        functions
            .lines()
            .any(|line| line.starts_with("nps,aggregate,")),
        "{functions}"
    );
    let queries = latido(&["queries", "--format", "csv"]).result();
    assert!(
        queries
            .lines()
            .any(|line| line.starts_with("nps/by_month,")),
        "{queries}"
    );
}

#[test]
fn one_function_and_one_query_are_documented() {
    let text = latido(&["functions", "NPS"]).result();
    assert!(
        text.starts_with("nps(") && text.contains("Example"),
        "{text}"
    );
    let text = latido(&["queries", "nps/by_month"]).result();
    assert!(text.starts_with("-- title: "), "{text}");
}

#[test]
fn the_library_runs_on_the_sample_that_latido_writes() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("data");
    let line = [
        "sample",
        "--rows",
        "2000",
        "--seed",
        "7",
        "--out",
        out.to_str().unwrap(),
    ];
    let run = latido(&line);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), ""),
        "{}",
        run.stderr
    );
    let table = format!(
        "--table=responses={}",
        out.join("responses.parquet").display()
    );
    let months = latido(&[table.as_str(), "run", "nps/by_month", "--format", "csv"]).result();
    assert!(
        months.starts_with("month,nps,low,high,n,previous,"),
        "{months}"
    );
    assert!(months.lines().count() > 12, "{months}");
}

#[test]
fn a_project_adds_its_queries() {
    let project = tempfile::tempdir().unwrap();
    const ANSWER: &str = "-- title: The answer\n-- title_es: La respuesta\n-- question: What is it?\n\
                          -- chart: table\n-- reading: As it stands\nselect 42 as answer\n";
    let area = project.path().join("queries/mine");
    std::fs::create_dir_all(&area).unwrap();
    std::fs::write(area.join("answer.sql"), ANSWER).unwrap();
    let line = [
        "--project",
        project.path().to_str().unwrap(),
        "run",
        "mine/answer",
        "--format",
        "csv",
    ];
    assert_eq!(latido(&line).result(), "answer\n42\n");
}

#[test]
fn the_demo_fits_80_columns_and_ends_with_what_to_try() {
    let elsewhere = tempfile::tempdir().unwrap();
    let output = command(&["demo"])
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    let text = Run::from(output).result();
    assert!(!text.contains('\u{1b}'), "no colour without a terminal");
    for line in text.lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
    for part in [
        "NPS by month",
        "Touchpoints",
        "Why customers leave",
        "others",
        "n ",
        "│",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let commands = text
        .lines()
        .rev()
        .take(3)
        .filter(|line| line.starts_with("  latido "))
        .count();
    assert_eq!(commands, 3, "{text}");
}

#[test]
fn help_and_version_are_results() {
    assert_eq!(
        latido(&["--version"]).result(),
        format!("latido {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = latido(&["--help"]).result();
    assert!(
        help.contains("latido demo") && help.contains("--table <NAME=PATH_OR_URL>"),
        "{help}"
    );
}

// ---- commands of the shell in a script

#[test]
fn a_script_may_hold_commands_of_the_shell() {
    let directory = TempDir::new().unwrap();
    let script = directory.path().join("report.sql");
    let second = directory.path().join("second.sql");
    let rows = directory.path().join("rows.csv");
    std::fs::write(&second, "SELECT $least AS least;\n").unwrap();
    let text = format!(
        "-- both kinds\n\\set least 7\n\nSELECT 1 AS a,\n  '\\d' AS b;\n\\format csv\n\
         SELECT a + 1 AS next FROM _;\n\\o {}\nSELECT 3 AS c;\n\\o\n\\i {}\n",
        rows.display(),
        second.display()
    );
    std::fs::write(&script, text).unwrap();
    let run = latido(&["-f".as_ref(), script.as_os_str()]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        " a | b\n---+----\n 1 | \\d\n\nnext\n2\n\nleast\n7\n"
    );
    assert_eq!(std::fs::read_to_string(rows).unwrap(), "c\n3\n");
    assert!(run.stderr.contains("$least = 7"), "{}", run.stderr);
    // With --quiet the settings are silent, and a pipe takes commands too.
    let run = with_input(
        &["--quiet"],
        b"\\set a 1\nSELECT $a AS a;\n.format json\nSELECT 2 AS b;",
    );
    assert_eq!(run.result(), " a\n---\n 1\n[{\"b\":2}]\n");
}

#[test]
fn an_error_in_a_script_names_file_and_line() {
    let directory = TempDir::new().unwrap();
    let inner = directory.path().join("inner.sql");
    let outer = directory.path().join("outer.sql");
    std::fs::write(&outer, format!("\\timing off\n\\i {}\n", inner.display())).unwrap();
    let place = inner.display();
    let expected = format!("error: {place}:4: no column");
    let broken = "SELECT 1 AS one;\n\nSELECT\n  onn\nFROM (SELECT 1 AS one);\n";
    std::fs::write(&inner, broken).unwrap();
    for script in [&inner, &outer] {
        let run = latido(&["-f".as_ref(), script.as_os_str()]);
        assert_eq!(run.code, Some(1));
        assert_eq!(run.stdout, " one\n-----\n   1\n");
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
        assert!(run.stderr.contains("\n  line 4:   onn\n"), "{}", run.stderr);
    }
    let run = with_input(&[], b"SELECT 1 AS one;\n\\chart lne\n");
    let said = "error: standard input:2: no chart lne; did you mean line?\n";
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), said));
    // A statement goes on under a command; a script that reads itself is refused.
    let run = with_input(
        &["--quiet"],
        b"SELECT 1 AS a,\n\\echo between\n2 AS b;\nSELECT 3 AS c\n\\gx\n",
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("between\n a | b\n---+---\n 1 | 2\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("RECORD 1") && run.stdout.contains("c"),
        "{}",
        run.stdout
    );
    let round = directory.path().join("round.sql");
    std::fs::write(&round, format!("\\i {}\n", round.display())).unwrap();
    let said = latido(&["-f".as_ref(), round.as_os_str()]).error(2);
    assert!(said.contains("reads itself"), "{said}");
    let run = with_input(&[], b"\\df nps_sumary\n");
    assert!(
        run.stderr.contains("did you mean nps_summary?"),
        "{}",
        run.stderr
    );
    let run = with_input(&["--output", "a.csv"], b"\\d\n");
    assert!(run.error(2).contains("write \\o FILE in it"));
}

#[test]
fn a_question_without_rows_says_what_it_was_asked_for() {
    let directory = TempDir::new().unwrap();
    let rows = "responded_at,nps,touchpoint\n2026-01-05,9,web\n";
    std::fs::write(directory.path().join("responses.csv"), rows).unwrap();
    let project = "name: few\ntables:\n  responses: responses.csv\n  view: {sql: \"SELECT * FROM 'responses.csv'\"}\n";
    std::fs::write(directory.path().join("latido.yaml"), project).unwrap();
    let project = directory.path().to_str().unwrap();
    let asked = ["--project", project, "run", "nps/by_month", "--param"];
    let run = latido(&[asked.as_slice(), &["touchpoint=webb"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr.contains("note: no rows for touchpoint = webb\n"),
        "{}",
        run.stderr
    );
    let run = latido(&[asked.as_slice(), &["touchpoint=web"]].concat());
    assert!(!run.stderr.contains("no rows"), "{}", run.stderr);
    // A path in a query of the project begins in its directory.
    let run = latido(&["--project", project, "-c", "SELECT nps FROM view"]);
    assert_eq!(run.result(), " nps\n-----\n   9\n");
}
