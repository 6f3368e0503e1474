//! `objective()`, `latido validate`, `latido maturity`: customers and answers made by hand, so that each
//! number that must come out can be counted.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Eight customers; the last two stand for records that cannot be used.
const CUSTOMERS: &str = "\
customer_id,churned,churned_on,worth
1,1,2026-03-10,10
2,0,,20
3,1,9999-12-31,30
4,0,,40
5,,,50
6,0,,60
7,1,2026-03-01,70
7,1,2026-03-01,70
";

/// Each row says in `note` what must become of it.
const ANSWERS: &str = "\
response_id,customer_id,responded_at,nps,csat,note
1,1,2026-03-09 22:59:00,3,2,used: the evening before leaving in Madrid
2,1,2026-03-09 23:30:00,9,5,after_leaving: past midnight in Madrid
3,1,2026-01-01 10:00:00,10,5,earlier
4,2,2026-02-01 10:00:00,9,4,used: of two at one moment the later number
5,2,2026-02-01 10:00:00,8,5,used
6,3,2026-02-01 10:00:00,2,,used: 9999 is no leaving
7,3,2026-02-02 10:00:00,,,blank
8,4,,7,3,used: no date and not left
9,5,2026-02-01 10:00:00,7,3,no_outcome
10,99,2026-02-01 10:00:00,7,3,unknown_customer
11,,2026-02-01 10:00:00,7,3,no_customer
12,7,2026-02-01 10:00:00,7,3,repeated_customer
13,6,2199-02-01 10:00:00,7,3,future
";

const PROJECT: &str = "\
name: Handmade
timezone: Europe/Madrid
tables:
  responses: answers.csv
  customers: customers.csv
metrics:
  - {name: nps, kind: nps, table: responses, expr: nps, agg_time_dimension: responded_at}
  - {name: csat, kind: csat, table: responses, expr: csat, agg_time_dimension: responded_at}
  - {name: answers, kind: count, table: responses, agg_time_dimension: responded_at}
objectives:
  - {name: Keep customers, kind: behaviour, outcome: customers.churned, value: customers.worth, metrics: [nps, csat, answers]}
";

fn project(yaml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("customers.csv", CUSTOMERS);
    write("answers.csv", ANSWERS);
    write("latido.yaml", yaml);
    folder
}

fn latido(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latido"));
    command.arg("--project").arg(folder).args(arguments);
    command.output().unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = latido(folder, &[arguments, &["--format", "json"]].concat());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn page(folder: &Path, arguments: &[&str]) -> String {
    let output = latido(folder, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(yaml: &str, arguments: &[&str]) -> String {
    let output = latido(project(yaml).path(), arguments);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_objective_is_one_row_a_customer_with_the_last_answer_before_leaving() {
    let folder = project(PROJECT);
    let sql = "SELECT customer_id, outcome, value, nps, csat FROM objective('keep CUSTOMERS') \
               ORDER BY customer_id";
    let rows = json(folder.path(), &["-c", sql]);
    let rows: Vec<Vec<Option<i64>>> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let names = ["customer_id", "outcome", "value", "nps", "csat"];
            names.map(|name| row[name].as_i64()).to_vec()
        })
        .collect();
    let known = |row: [i64; 5]| row.map(Some).to_vec();
    assert_eq!(
        rows,
        [
            known([1, 1, 10, 3, 2]),
            known([2, 0, 20, 8, 5]),
            vec![Some(3), Some(1), Some(30), Some(2), None],
            known([4, 0, 40, 7, 3]),
        ]
    );
}

/// The rows of the objective by customer.
fn by_customer(folder: &Path) -> Value {
    let sql = "SELECT customer_id, outcome, nps, csat FROM objective('Keep customers') ORDER BY 1";
    json(folder, &["-c", sql])
}

#[test]
fn moments_that_are_kept_as_text_are_moments_all_the_same() {
    let expected = by_customer(project(PROJECT).path());
    let texts = PROJECT
        .replace(
            "responses: answers.csv",
            "responses: {sql: \"SELECT * EXCEPT (responded_at), replace(CAST(responded_at AS VARCHAR), 'T', ' ') \
             AS responded_at FROM 'answers.csv'\"}",
        )
        .replace(
            "customers: customers.csv",
            "customers: {sql: \"SELECT * EXCEPT (churned_on), CAST(churned_on AS VARCHAR) AS churned_on \
             FROM 'customers.csv'\"}",
        );
    let folder = project(&texts);
    assert_eq!(by_customer(folder.path()), expected);
    // 23:30 in New York is after noon of universal time, whatever the letters say.
    let leaver = CUSTOMERS.replace("1,1,2026-03-10,10", "1,1,2026-03-09 23:00:00,10");
    fs::write(folder.path().join("customers.csv"), leaver).unwrap();
    let answers = ANSWERS.replace("1,1,2026-03-09 22:59:00,", "1,1,2026-03-09T22:30:00-05:00,");
    fs::write(folder.path().join("answers.csv"), answers).unwrap();
    let rows = by_customer(folder.path());
    assert_eq!(
        rows[0]["nps"], 10,
        "the answer of January is the last before leaving"
    );
    let output = latido(
        folder.path(),
        &["run", "validation/which_kpi", "--format", "json"],
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
}

#[test]
fn texts_that_cannot_be_an_outcome_or_a_key_say_what_to_write() {
    let yes = PROJECT.replace(
        "customers: customers.csv",
        "customers: {sql: \"SELECT * EXCEPT (churned), CASE churned WHEN 1 THEN 'Yes' ELSE 'No' END AS churned \
         FROM 'customers.csv'\"}",
    );
    let text = complaint(&yes, &["validate"]);
    assert!(
        text.contains(
            "customers.churned is text; say what means yes under tables.customers.columns"
        ),
        "{text}"
    );
    let keys = PROJECT.replace(
        "customers: customers.csv",
        "customers: {sql: \"SELECT * EXCEPT (customer_id), CAST(customer_id AS VARCHAR) AS customer_id \
         FROM 'customers.csv'\"}",
    );
    let text = complaint(&keys, &["validate"]);
    assert!(
        text.contains("customer_id is text in customers and a number in responses"),
        "{text}"
    );
}

#[test]
fn every_answer_is_accounted_for() {
    let folder = project(PROJECT);
    let row = &json(folder.path(), &["validate"])[0];
    assert_eq!(row["customers"], 4);
    let mut fates: Vec<(String, i64)> = row["answers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fate| fate["source"] == "responses")
        .map(|fate| {
            (
                fate["fate"].as_str().unwrap().to_owned(),
                fate["rows"].as_i64().unwrap(),
            )
        })
        .collect();
    fates.sort();
    let expected = [
        ("after_leaving", 1),
        ("blank", 1),
        ("earlier", 2),
        ("future", 1),
        ("no_customer", 1),
        ("no_outcome", 1),
        ("repeated_customer", 1),
        ("unknown_customer", 1),
        ("used", 4),
    ];
    assert_eq!(fates, expected.map(|(fate, rows)| (fate.to_owned(), rows)));
    let total: i64 = fates.iter().map(|(_, rows)| rows).sum();
    assert_eq!(total, 13, "no answer is lost");
    let page = page(folder.path(), &["validate"]);
    for line in [
        "left out of responses: 1 (given on the day of leaving or later)",
        "left out of customers: 1 (no answer that can be used)",
        "left out of customers: 1 (of customers whose outcome is not known)",
        "left out of customers: 2 (of customers who are on record more than once)",
        "of them 1 left without a churned_on: nothing shows that their answers came before",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    let of_customers: i64 = row["answers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fate| fate["source"] == "customers")
        .map(|fate| fate["rows"].as_i64().unwrap())
        .sum();
    assert_eq!(of_customers, 8, "no customer is lost");
    assert!(
        page.contains("left out: answers, a count, which no single customer has"),
        "{page}"
    );
}

#[test]
fn what_latido_yaml_asks_for_in_vain_is_told_with_its_line() {
    let without = PROJECT.replace("customers.churned,", "customers.left,");
    let text = complaint(&without, &["validate"]);
    assert!(
        text.contains(
            "latido.yaml:11: objectives.Keep customers: the table customers has no column left"
        ),
        "{text}"
    );
    let counts = PROJECT.replace("metrics: [nps, csat, answers]", "metrics: [answers]");
    let text = complaint(&counts, &["validate"]);
    assert!(
        text.contains("none of its metrics is one of a single customer (answers is of kind count)"),
        "{text}"
    );
    let taken = PROJECT
        .replace("name: csat", "name: outcome")
        .replace("[nps, csat,", "[nps, outcome,");
    let text = complaint(&taken, &["validate"]);
    assert!(
        text.contains("objective() gives a column outcome itself; rename the metric"),
        "{text}"
    );
    let text = complaint(PROJECT, &["validate", "Keep custmers"]);
    assert!(
        text.contains("no objective Keep custmers; did you mean Keep customers?"),
        "{text}"
    );
    let text = complaint("name: Empty\n", &["maturity"]);
    assert!(
        text.contains("there are no objectives; `latido maturity` needs one"),
        "{text}"
    );
    let listed = json(
        project(PROJECT).path(),
        &["-c", "SELECT * FROM system.objectives"],
    );
    assert_eq!(listed[0]["outcome"], "customers.churned");
    assert_eq!(listed[0]["metrics"], "nps, csat, answers");
    let text = complaint(PROJECT, &["-c", "SELECT * FROM objective(1)"]);
    assert!(text.contains("FROM objective('Keep customers')"), "{text}");
}

#[test]
fn a_score_off_its_scale_is_refused_before_it_counts() {
    let folder = project(PROJECT);
    let answers = ANSWERS.replace("4,2,2026-02-01 10:00:00,9,", "4,2,2026-02-01 10:00:00,11,");
    fs::write(folder.path().join("answers.csv"), answers).unwrap();
    let output = latido(folder.path(), &["validate"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("score 11 is outside 0–10"), "{text}");
}

/// The sample data, with what a project of its own says of them.
fn sample(language: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let samples = samples.display();
    let yaml = format!(
        "language: {language}\n\
         tables:\n  responses: {samples}/responses.parquet\n  customers: {samples}/customers.parquet\n\
         metrics:\n\
         \x20 - {{name: nps, kind: nps, table: responses, expr: nps, agg_time_dimension: responded_at}}\n\
         \x20 - {{name: csat, kind: csat, table: responses, expr: csat, agg_time_dimension: responded_at}}\n\
         \x20 - {{name: ces, kind: ces, table: responses, expr: ces, agg_time_dimension: responded_at}}\n\
         objectives:\n\
         \x20 - {{name: Keep customers, kind: behaviour, outcome: customers.churned, value: customers.lifetime_value, metrics: [nps, csat, ces]}}\n\
         \x20 - {{name: Monthly value, kind: outcome, outcome: customers.monthly_value, metrics: [nps, csat]}}\n"
    );
    fs::write(folder.path().join("latido.yaml"), yaml).unwrap();
    folder
}

/// The same by hand: the last sheet before leaving of each customer, written as an analyst would.
const BY_HAND: &str = "\
WITH sheets AS (
  SELECT responses.*, customers.churned, row_number() OVER (
    PARTITION BY responses.customer_id ORDER BY responded_at DESC, response_id DESC) AS age
  FROM responses JOIN customers ON responses.customer_id = customers.customer_id
  WHERE coalesce(nps, csat, ces) IS NOT NULL
    AND (churned_on IS NULL OR CAST(responded_at AS DATE) < churned_on))
SELECT expand(kpi_validation(churned, nps, csat, ces)) FROM sheets WHERE age = 1";

#[test]
fn the_verdict_stands_on_numbers_that_sql_gives_too() {
    let folder = sample("en");
    let rows = json(folder.path(), &["validate", "Keep customers"]);
    let by_hand = json(folder.path(), &["-c", BY_HAND]);
    assert_eq!(rows[0]["kpis"], by_hand);
    let pairs = rows[0]["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 3);
    assert!(
        pairs
            .iter()
            .all(|pair| pair["needed"].as_i64().is_some_and(|needed| needed > 0))
    );
    let verdict = rows[0]["verdict"].as_str().unwrap();
    assert!(
        verdict.starts_with("NPS tells “Keep customers” better than CSAT and CES: AUC 0.749"),
        "{verdict}"
    );
}

#[test]
fn what_cannot_be_told_apart_says_how_many_answers_it_would_take() {
    let english = page(sample("en").path(), &["validate", "Monthly value"]);
    let tie = "NPS and CSAT cannot be told apart with these data; some 1,400,000 answers would be needed.";
    assert!(english.contains(tie), "{english}");
    let spanish = page(sample("es").path(), &["validate", "Monthly value"]);
    let tie =
        "NPS y CSAT no se distinguen con estos datos; harían falta unas 1.400.000 respuestas.";
    assert!(spanish.contains(tie), "{spanish}");
}

#[test]
fn alternatives_are_told_from_the_kpi_in_use_on_the_same_rows() {
    let folder = sample("en");
    let rows = json(
        folder.path(),
        &["validate", "Keep customers", "--alternatives"],
    );
    let tried = rows[0]["alternatives"].as_array().unwrap();
    // NPS: mean, the European cut and ten cut points; CSAT: mean and three cuts more; CES: six; three pairs.
    assert_eq!(tried.len(), 12 + 4 + 6 + 3);
    let mut p: Vec<f64> = tried.iter().map(|it| it["p"].as_f64().unwrap()).collect();
    let most = tried
        .iter()
        .map(|it| it["p_adjusted"].as_f64().unwrap())
        .fold(0.0, f64::max);
    p.sort_by(f64::total_cmp);
    assert!(
        (most - p[p.len() - 1]).abs() < 1e-12,
        "the largest p stays as it is"
    );
    for it in tried {
        let number = |name: &str| it[name].as_f64();
        assert!(number("p_adjusted") >= number("p"));
        let wins = number("auc") > number("auc_against")
            && number("p_adjusted") < Some(0.05)
            && number("cv_log_loss")
                .zip(number("cv_log_loss_against"))
                .is_some_and(|(new, old)| new < old);
        assert_eq!(it["beats"].as_bool(), Some(wins), "{it}");
    }
    // The mean of NPS against its balance, by hand.
    let balance = "CASE WHEN nps >= 9 THEN 1 WHEN nps <= 6 THEN -1 WHEN nps >= 0 THEN 0 END";
    let sql = format!(
        "SELECT (kpi_contest(outcome, {balance}, nps)[1])['delong_p'] AS p FROM objective('Keep customers')"
    );
    let by_hand = json(folder.path(), &["-c", &sql]);
    let mean = tried
        .iter()
        .find(|it| it["kpi"] == "nps" && it["construction"] == "mean")
        .unwrap();
    assert_eq!(mean["p"], by_hand[0]["p"]);
    let verdict = rows[0]["alternatives_verdict"].as_str().unwrap();
    assert!(
        verdict.contains("of 25 constructions tried beat what is in use; the strongest is"),
        "{verdict}"
    );
}

#[test]
fn maturity_climbs_as_far_as_there_is_evidence() {
    let folder = sample("en");
    let rows = json(folder.path(), &["maturity"]);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 12);
    let reached = |objective: &str| -> Vec<bool> {
        let own = rows.iter().filter(|row| row["objective"] == objective);
        own.map(|row| row["reached"].as_bool().unwrap()).collect()
    };
    assert_eq!(reached("Keep customers"), [true; 6]);
    assert_eq!(
        reached("Monthly value"),
        [true, true, true, true, false, true]
    );
    for row in rows {
        let needs = row["needs"].as_str().unwrap();
        assert_eq!(needs.is_empty(), row["reached"].as_bool().unwrap(), "{row}");
        assert!(!row["evidence"].as_str().unwrap().is_empty(), "{row}");
    }
    let page = page(folder.path(), &["maturity"]);
    assert!(
        page.starts_with("Keep customers: rung 6 of 6\n  ✓ 1 objective stated\n"),
        "{page}"
    );
    assert!(page.contains("\nMonthly value: rung 4 of 6\n"), "{page}");
    // Alpha of the same rows, each KPI brought to 0–1.
    let sql = "SELECT (cronbach_alpha(nps / 10.0, (csat - 1) / 4.0, (ces - 1) / 6.0))['alpha'] AS alpha \
               FROM objective('Keep customers')";
    let alpha = json(folder.path(), &["-c", sql])[0]["alpha"]
        .as_f64()
        .unwrap();
    let reliable = rows[2]["evidence"].as_str().unwrap();
    assert!(
        reliable.contains(&format!(
            "alpha of NPS, CSAT and CES as one measure {alpha:.2} ("
        )),
        "{reliable}"
    );
    // Who was asked again: of each customer the last two answers about one touchpoint, at most 90 days
    // apart, on other lines of thought than the query of the program.
    let sql = "WITH pairs AS (SELECT b.customer_id, b.nps AS later, a.nps AS earlier, \
               b.responded_at AS at, b.response_id AS id, a.responded_at AS before \
               FROM responses a JOIN responses b ON a.customer_id = b.customer_id \
               AND a.touchpoint = b.touchpoint AND a.responded_at < b.responded_at \
               JOIN customers c ON c.customer_id = b.customer_id \
               WHERE (c.churned_on IS NULL OR CAST(b.responded_at AS DATE) < c.churned_on) \
               AND coalesce(a.nps, a.csat, a.ces) IS NOT NULL AND coalesce(b.nps, b.csat, b.ces) IS NOT NULL \
               QUALIFY row_number() OVER (PARTITION BY b.response_id ORDER BY a.responded_at DESC) = 1), \
               near AS (SELECT * FROM pairs WHERE at <= before + INTERVAL '90 days' \
               QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY at DESC) = 1) \
               SELECT (icc(later, earlier)).icc2 AS icc, (icc(later, earlier)).n AS n FROM near";
    let retest = json(folder.path(), &["-c", sql]);
    let (icc, n) = (
        retest[0]["icc"].as_f64().unwrap(),
        retest[0]["n"].as_i64().unwrap(),
    );
    assert!(
        reliable.contains(&format!(
            "NPS asked again within 90 days: ICC {icc:.2}, n {},{:03}",
            n / 1000,
            n % 1000
        )),
        "{icc} {n} {reliable}"
    );
}

/// Every answer sheet delivered twice changes nothing, and is told.
#[test]
fn what_was_delivered_twice_counts_once() {
    let (once, twice) = (sample("en"), sample("en"));
    let yaml = fs::read_to_string(twice.path().join("latido.yaml")).unwrap();
    let line = yaml
        .lines()
        .find(|line| line.trim_start().starts_with("responses:"))
        .unwrap();
    let file = line.trim().trim_start_matches("responses: ").to_owned();
    let doubled = format!(
        "  responses: {{sql: \"SELECT * FROM '{file}' UNION ALL SELECT * FROM '{file}'\"}}"
    );
    fs::write(
        twice.path().join("latido.yaml"),
        yaml.replace(line, &doubled),
    )
    .unwrap();
    let rungs = |folder: &Path| json(folder, &["maturity", "Keep customers"]);
    for rung in [1, 2, 3] {
        let [a, b] = [&once, &twice].map(|it| rungs(it.path())[rung]["evidence"].clone());
        assert_eq!(a, b);
    }
    let told = page(twice.path(), &["validate", "Keep customers"]);
    assert!(told.contains("(the same response_id once more)"), "{told}");
}

/// A cancellation that is booked ahead is none yet.
#[test]
fn who_has_a_day_of_leaving_and_has_not_left_stays() {
    let folder = project(PROJECT);
    let before = json(folder.path(), &["run", "validation/which_kpi"]);
    let customers = CUSTOMERS.replace("2,0,,20", "2,0,2027-05-01,20");
    fs::write(folder.path().join("customers.csv"), customers).unwrap();
    let told = page(folder.path(), &["validate"]);
    assert!(told.contains("of them 2 left\n"), "{told}");
    assert!(
        told.contains("of them 1 has a churned_on, and has not left by churned: taken as staying"),
        "{told}"
    );
    let library = json(folder.path(), &["run", "validation/which_kpi"]);
    assert_eq!(
        library[0]["leavers"], before[0]["leavers"],
        "the library agrees"
    );
}

#[test]
fn what_cannot_be_an_outcome_is_refused() {
    let with = |outcome: &str, metrics: &str| {
        PROJECT
            .replace("outcome: customers.churned", &format!("outcome: {outcome}"))
            .replace("[nps, csat, answers]", metrics)
    };
    let key = complaint(&with("customers.customer_id", "[nps]"), &["validate"]);
    assert!(key.contains("names customers and is no outcome"), "{key}");
    let day = complaint(&with("customers.churned_on", "[nps]"), &["validate"]);
    assert!(
        day.contains("has_churned_on: {sql: \"churned_on IS NOT NULL\"}"),
        "{day}"
    );
    let rate = "  - {name: left, kind: rate, table: customers, expr: churned, agg_time_dimension: churned_on}\nobjectives:";
    let own = with("customers.churned", "[nps, left]").replace("objectives:", rate);
    let own = complaint(&own, &["validate"]);
    assert!(
        own.contains("the metric left is the outcome customers.churned itself"),
        "{own}"
    );
    let folder = project(PROJECT);
    let coded = CUSTOMERS
        .replace(",1,20", ",2,20")
        .replace(",0,", ",1,")
        .replace("1,1,2026", "1,2,2026");
    fs::write(folder.path().join("customers.csv"), coded).unwrap();
    let output = latido(folder.path(), &["validate"]);
    let coded = String::from_utf8(output.stderr).unwrap();
    assert!(
        coded.contains("customers.churned is 2, which is neither yes nor no"),
        "{coded}"
    );
    let twice = PROJECT.to_owned()
        + "  - {name: keep customers, kind: behaviour, outcome: customers.churned, metrics: [nps]}\n";
    let twice = complaint(&twice, &["validate"]);
    assert!(twice.contains("is defined twice"), "{twice}");
    let folder = project(PROJECT);
    let many = CUSTOMERS.to_owned() + &CUSTOMERS[CUSTOMERS.find("1,1").unwrap()..];
    fs::write(folder.path().join("customers.csv"), many).unwrap();
    let output = latido(folder.path(), &["validate"]);
    let many = String::from_utf8(output.stderr).unwrap();
    assert!(
        many.contains("of customers who stand there more than once"),
        "{many}"
    );
}

#[test]
fn few_answers_reach_the_first_rung_only() {
    let folder = project(PROJECT);
    let rows = json(folder.path(), &["maturity"]);
    let second = &rows[1];
    assert_eq!(second["reached"], false);
    assert_eq!(
        second["needs"],
        "at least 30 answers of NPS, at least 30 answers of CSAT"
    );
    assert!(page(folder.path(), &["maturity"]).starts_with("Keep customers: rung 1 of 6\n"));
}

#[test]
fn published_results_are_reached() {
    let output = Command::new(env!("CARGO_BIN_EXE_latido"))
        .args(["selftest", "--format", "json"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(rows.len() > 400, "{}", rows.len());
    let full = rows.iter().filter(|row| {
        let digits = row["digits"].as_str().unwrap();
        digits
            .split_once(" of ")
            .is_some_and(|(reached, of)| reached == of)
    });
    let full = full.count();
    let explained = rows.iter().filter(|row| row["remark"].is_string()).count();
    assert_eq!(full + explained, rows.len());
    assert!(explained < 32, "{explained}");
    assert!(
        told.contains(&format!("{full} reached to the last digit")),
        "{told}"
    );
}
