//! Journeys through the shell: the real binary in a real terminal (tmux), typed into key by key.
//!
//! What stands on the screen is polled until it is there, never waited for by the clock. tmux is
//! installed by `.ci/install`; each journey has a server of its own and ends only that.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);
/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(50);

/// A shell in a terminal of 100 columns and 30 lines.
pub(crate) struct Terminal {
    socket: String,
    pub(crate) home: TempDir,
}

impl Terminal {
    /// Opens a shell on the sample data, or says why not.
    fn open() -> Option<Self> {
        Self::open_with(&[])
    }

    /// As `open`, with environment variables (`NAME=value`).
    pub(crate) fn open_with(variables: &[&str]) -> Option<Self> {
        if let Err(error) = Command::new("tmux").arg("-V").output() {
            skip(&format!("tmux does not start: {error}"));
            return None;
        }
        let terminal = Self {
            socket: socket(),
            home: tempfile::tempdir().unwrap(),
        };
        terminal.start(variables);
        Some(terminal)
    }

    /// Starts the shell, also a second time on the same history.
    fn start(&self, variables: &[&str]) {
        let home = self.home.path().display();
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");
        let latido = env!("CARGO_BIN_EXE_latido");
        let command = format!(
            "env -u NO_COLOR -u PAGER -u VISUAL HOME={home} XDG_DATA_HOME={home}/data {} {latido} \
             --table responses={sample}/responses.parquet \
             --table customers={sample}/customers.parquet; echo left with $?; exec cat",
            variables.join(" ")
        );
        let folder = self.home.path().display().to_string();
        let size = ["-x", "100", "-y", "30"];
        let mut arguments = vec!["-f", "/dev/null", "new-session", "-d", "-c", &folder];
        arguments.extend(size);
        arguments.push(&command);
        let start = Instant::now();
        loop {
            let output = self.tmux(&arguments);
            if output.status.success() {
                break;
            }
            // A server that is still ending refuses the first knock.
            assert!(start.elapsed() < DEADLINE, "{output:?}");
            std::thread::sleep(LOOK);
        }
        self.sees("latido>");
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.socket]).args(arguments);
        command.output().unwrap()
    }

    fn screen(&self) -> String {
        let output = self.tmux(&["capture-pane", "-p"]);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Types a text as it is.
    pub(crate) fn types(&self, text: &str) {
        // tmux takes a `;` at the end for its own.
        let text = match text.strip_suffix(';') {
            Some(text) => format!("{text}\\;"),
            None => text.to_owned(),
        };
        self.tmux(&["send-keys", "-l", &text]);
    }

    /// Presses a key by tmux's name for it.
    pub(crate) fn presses(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Types a line and Enter, once it stands on the screen. What is typed before there is a prompt
    /// goes to whoever has the terminal then.
    #[track_caller]
    pub(crate) fn enters(&self, line: &str) {
        self.prompts();
        self.types(line);
        let end: String = line.chars().rev().take(12).collect();
        let end: String = end.chars().rev().collect();
        self.sees(&end);
        self.presses("Enter");
    }

    /// An empty screen with a prompt.
    #[track_caller]
    pub(crate) fn clears(&self) {
        self.prompts();
        self.presses("C-u");
        self.presses("C-l");
        self.until("an empty screen", |screen| {
            screen.trim_end().lines().count() == 1 && screen.starts_with("latido>")
        });
    }

    /// Waits until the shell waits.
    #[track_caller]
    fn prompts(&self) {
        self.until("a prompt", |screen| {
            let last = screen.trim_end().lines().last().unwrap_or_default();
            last.starts_with("latido>") || last.starts_with("   ...>")
        });
    }

    /// Waits for a text.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    #[track_caller]
    fn until(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if is_there(&screen) {
                return screen;
            }
            assert!(start.elapsed() < DEADLINE, "not seen: {what}\n{screen}");
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

fn socket() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("latido-{}-{number}", std::process::id())
}

/// Says why a journey is left out; where all have to run, that is a failure.
#[expect(
    clippy::print_stderr,
    reason = "a skipped test has no other way to say so"
)]
fn skip(why: &str) {
    eprintln!("the shell's journey is skipped: {why}; .ci/install installs what is missing");
    assert!(
        std::env::var_os("LATIDO_TESTS_COMPLETE").is_none(),
        "nothing may be skipped: {why}"
    );
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_statement_of_several_lines_is_completed_run_drawn_and_asked_again() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    terminal.types("SELECT touchp");
    terminal.presses("Tab");
    terminal.sees("SELECT touchpoint");
    terminal.types(", nps(nps) AS score FROM resp");
    terminal.presses("Tab");
    terminal.sees("FROM responses");
    terminal.presses("Enter");
    terminal.sees("...>");
    terminal.enters("GROUP BY 1 ORDER BY 2 DESC;");
    let screen = terminal.sees("(8 rows");
    assert!(screen.contains("│ call_centre │"), "{screen}");
    terminal.clears();
    terminal.enters("\\chart");
    let screen = terminal.sees("call_centre");
    assert!(
        screen.contains("app") && screen.contains("████"),
        "{screen}"
    );
    terminal.clears();
    terminal.enters("SELECT count(*) AS n FROM _ WHERE score > 0;");
    let screen = terminal.sees("(1 row");
    assert!(screen.contains("│ 6 │"), "{screen}");
}

#[test]
fn lists_and_questions_of_the_library() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    terminal.enters("\\d");
    let screen = terminal.sees("(2 rows");
    assert!(screen.contains("responses.parquet"), "{screen}");
    terminal.enters("\\d customers");
    terminal.sees("lifetime_value");
    terminal.clears();
    terminal.enters("\\d custmers");
    terminal.sees("did you mean customers?");
    terminal.clears();
    terminal.types("\\run nps/by_s");
    terminal.presses("Tab");
    terminal.sees("nps/by_segment");
    terminal.enters("touchpoint=delivery");
    let screen = terminal.sees("(4 rows");
    assert!(screen.contains("premium"), "{screen}");
    terminal.clears();
    terminal.enters("\\df nps_category");
    terminal.sees("The category of one score");
    terminal.enters(".querys");
    terminal.sees("did you mean \\queries?");
}

#[test]
fn ctrl_c_ends_a_statement_and_not_the_shell() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    for endless in [
        "SELECT count(*) FROM generate_series(1, 100000000000);",
        "SELECT sum(a.nps * b.nps) FROM responses a, responses b, responses c;",
    ] {
        terminal.clears();
        terminal.enters(endless);
        terminal.sees("rows read");
        terminal.presses("C-c");
        let screen = terminal.sees("error: cancelled");
        assert!(!screen.contains("rows read"), "{screen}");
    }
    terminal.clears();
    terminal.enters("SELECT 40 + 2 AS answer;");
    terminal.sees("│     42 │");
    terminal.prompts();
    terminal.types("SELECT half a thought");
    terminal.sees("a thought");
    terminal.presses("C-c");
    terminal.until("an empty line", |screen| {
        screen.trim_end().ends_with("\nlatido>")
    });
    terminal.enters("SELECT 'whole' AS thought;");
    terminal.sees("│ whole   │");
    terminal.presses("C-d");
    terminal.sees("left with 0");
}

#[test]
fn the_history_outlives_the_shell() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    terminal.enters("SELECT 'remember me' AS x;");
    terminal.sees("(1 row");
    terminal.enters("\\q");
    terminal.sees("left with 0");
    let history = terminal.home.path().join("data/latido/history");
    assert!(text(&history).contains("remember me"));
    terminal.tmux(&["kill-server"]);
    terminal.start(&[]);
    terminal.presses("C-r");
    terminal.types("ember");
    terminal.sees("(history: ember)");
    terminal.sees("SELECT 'remember me' AS x;");
    terminal.presses("Enter");
    terminal.presses("Enter");
    terminal.sees("(1 row");
}

#[test]
fn results_go_into_files_records_and_the_pager() {
    let Some(terminal) = Terminal::open_with(&["EDITOR='sed -i s/1/2/'"]) else {
        return;
    };
    terminal.enters("\\o answer.csv");
    terminal.sees("results go to answer.csv");
    terminal.enters("SELECT 1 AS one, 'a,b' AS text;");
    terminal.sees("1 row written");
    let file = terminal.home.path().join("answer.csv");
    assert_eq!(text(&file), "one,text\n1,\"a,b\"\n");
    terminal.enters("\\o");
    terminal.sees("results go to the screen");
    terminal.clears();
    terminal.enters("\\x");
    terminal.enters("SELECT * FROM responses LIMIT 1;");
    let screen = terminal.sees("(1 row");
    assert!(screen.contains("─[ RECORD 1 ]─┬─"), "{screen}");
    assert!(screen.contains("touchpoint    │ call_centre"), "{screen}");
    terminal.enters("\\x off");
    terminal.clears();
    terminal.enters("SELECT response_id FROM responses ORDER BY 1;");
    terminal.until("the pager", |screen| {
        screen.contains("│          20 │") && screen.trim_end().ends_with(':')
    });
    terminal.presses("q");
    terminal.sees("(22,000 rows");
    terminal.enters("\\pager off");
    terminal.enters("SELECT response_id FROM responses ORDER BY 1;");
    terminal.sees("only the first 40 rows are shown; \\pager on");
    terminal.clears();
    terminal.enters("SELECT 1 AS edited;");
    terminal.sees("│      1 │");
    terminal.enters("\\e");
    terminal.sees("│      2 │");
}

#[test]
fn columns_are_completed_before_their_table_and_grains_in_their_place() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    terminal.types("SELECT r.touch FROM responses AS r");
    for _ in 0.." FROM responses AS r".len() {
        terminal.presses("Left");
    }
    terminal.presses("Tab");
    terminal.sees("SELECT r.touchpoint FROM responses AS r");
    terminal.presses("C-c");
    terminal.clears();
    terminal.types("WITH q AS (SELECT touchpoint AS place FROM responses) SELECT q.pl FROM q");
    for _ in 0.." FROM q".len() {
        terminal.presses("Left");
    }
    terminal.presses("Tab");
    terminal.sees("SELECT q.place FROM q");
    terminal.presses("C-c");
    terminal.clears();
    terminal.types("SELECT * FROM metric('nps', 'qu");
    terminal.presses("Tab");
    terminal.sees("metric('nps', 'quarter");
    terminal.presses("C-c");
}

#[test]
fn commands_under_a_statement_and_the_reading_of_a_question() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    terminal.enters("SELECT 7 AS seven");
    terminal.enters("\\g");
    terminal.sees("│     7 │");
    terminal.enters("\\gx");
    terminal.sees("RECORD 1");
    terminal.clears();
    terminal.enters("SELECT 8 AS");
    terminal.enters("\\echo in between");
    terminal.sees("in between\nlatido> SELECT 8 AS");
    terminal.presses("C-c");
    terminal.clears();
    terminal.enters("\\run nps/distribution");
    terminal.sees("Distribution of the NPS question");
    terminal.sees("give 9 or 10, detractors 0 to 6.");
    terminal.clears();
    terminal.enters("\\d respon*");
    terminal.sees("responses");
    terminal.enters("\\d system.metrics");
    terminal.sees("agg_time_dimension");
}

#[test]
fn variables_files_and_repetition() {
    let Some(terminal) = Terminal::open() else {
        return;
    };
    let script = "\\set limit 7\nSELECT $limit * 6\n  AS answer;\n\\nonsense\nSELECT 'not run';\n";
    std::fs::write(terminal.home.path().join("script.sql"), script).unwrap();
    terminal.enters("\\i script.sql");
    let screen = terminal.sees("there is no command \\nonsense");
    assert!(screen.contains("│     42 │"), "{screen}");
    assert!(!screen.contains("not run"), "{screen}");
    terminal.enters("\\watch 0.1");
    terminal.sees("run 3;");
    terminal.presses("C-c");
    terminal.clears();
    terminal.enters("SELECT value FROM generate_series(1, 300000);");
    terminal.presses("q");
    terminal.sees("(more than");
    terminal.clears();
    terminal.enters("SELECT * FROM _;");
    terminal.sees("the last result was too large to keep");
}
