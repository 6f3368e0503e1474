//! Tests: the story that the README of `sample-data` tells is in the data, and the files of a
//! plan are the same however they are written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Float64Type, Int8Type, Int64Type, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::accounts::Account;
use super::answers::{Answer, Invitation, World};
use super::calendar::{DAYS, FIRST_DAY, date, severity};
use super::part::Layout;
use super::vocabulary::{DELIVERY, REASONS, SEGMENTS, TOUCHPOINTS};
use super::{Plan, Table};
use crate::error::Error;

const ROWS: u64 = 60_000;

/// A history drawn in one go, made once for all tests.
static HISTORY: LazyLock<(World, Vec<Answer>, Vec<Invitation>)> = LazyLock::new(|| {
    let world = World::new(11, ROWS);
    let (answers, sent) = world.chunk(0, 0..ROWS);
    (world, answers, sent)
});

fn to_the_end(_rows: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn nps<'a>(answers: impl Iterator<Item = &'a Answer>) -> f64 {
    let (mut sum, mut n) = (0, 0);
    for score in answers.filter_map(|answer| answer.nps) {
        sum += i32::from(score >= 9) - i32::from(score <= 6);
        n += 1;
    }
    100.0 * f64::from(sum) / f64::from(n)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

fn day(second: i64) -> i32 {
    (second.div_euclid(86_400)) as i32 - FIRST_DAY
}

fn read(table: &Table) -> RecordBatch {
    let batches: Vec<RecordBatch> = table
        .files
        .iter()
        .flat_map(|file| {
            let file = File::open(file).unwrap();
            ParquetRecordBatchReaderBuilder::try_new(file)
                .unwrap()
                .build()
                .unwrap()
        })
        .collect::<Result<_, _>>()
        .unwrap();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn plan(rows: u64, seed: u64, out: &Path) -> Plan {
    Plan::new(rows, seed, out.join("sample"))
}

#[test]
fn scores_stay_on_their_scales_and_blanks_are_few() {
    let (_, answers, _) = &*HISTORY;
    for answer in answers {
        assert!(
            answer.nps.is_none_or(|s| (0..=10).contains(&s)),
            "{answer:?}"
        );
        assert!(
            answer.ces.is_none_or(|s| (1..=7).contains(&s)),
            "{answer:?}"
        );
        let fives = [answer.csat, answer.expectation, answer.staff, answer.price];
        assert!(
            fives.iter().flatten().all(|s| (1..=5).contains(s)),
            "{answer:?}"
        );
        assert!(answer.staff.is_none() || TOUCHPOINTS[usize::from(answer.touchpoint)].staffed);
    }
    let blank = mean(answers.iter().map(|a| f64::from(u8::from(a.nps.is_none()))));
    assert!((0.01..0.03).contains(&blank), "{blank}");
}

#[test]
fn answers_come_in_the_order_of_time_within_the_five_years() {
    let (_, answers, _) = &*HISTORY;
    assert!(answers.is_sorted_by_key(|a| a.second));
    assert_eq!(day(answers[0].second), 0);
    assert_eq!(
        date(day(answers.last().unwrap().second)).to_string(),
        "2026-06-30"
    );
}

#[test]
fn the_incident_is_a_dive_and_a_recovery() {
    let (_, answers, _) = &*HISTORY;
    let delivery = |from: i32, to: i32| {
        nps(answers.iter().filter(|a| {
            usize::from(a.touchpoint) == DELIVERY && (from..to).contains(&day(a.second))
        }))
    };
    let (before, during, after) = (
        delivery(1_100, 1_220),
        delivery(1_236, 1_291),
        delivery(1_330, 1_450),
    );
    assert!(severity(1_260.0) > 0.99);
    assert!(during < before - 50.0, "{before} then {during}");
    assert!(after > before, "{before}, {during}, {after}");
}

#[test]
fn touchpoints_differ_and_so_do_their_expectation_gaps() {
    let (_, answers, _) = &*HISTORY;
    let of = |name: &'static str| {
        answers
            .iter()
            .filter(move |a| TOUCHPOINTS[usize::from(a.touchpoint)].name == name)
    };
    let gap =
        |name| mean(of(name).filter_map(|a| Some(f64::from(a.csat?) - f64::from(a.expectation?))));
    assert!(nps(of("store")) > nps(of("web")) && nps(of("web")) > nps(of("returns")));
    assert!(
        gap("call_centre") < -0.15 && gap("delivery") < -0.1,
        "{}",
        gap("delivery")
    );
    assert!(gap("app") > 0.15 && gap("store") > 0.15, "{}", gap("app"));
}

#[test]
fn leavers_scored_lower_and_the_link_is_imperfect() {
    let (world, answers, _) = &*HISTORY;
    let mut last = BTreeMap::new();
    for answer in answers {
        if let Some(nps) = answer.nps {
            last.insert(answer.customer_id, f64::from(nps));
        }
    }
    let group = |churned: bool| -> Vec<f64> {
        let here = |id: &i64| {
            let customer = world.population.customer(*id as u64 - 1);
            world.population.left(&customer).is_none()
        };
        last.iter()
            .filter(|(id, _)| here(id) != churned)
            .map(|(_, nps)| *nps)
            .collect()
    };
    let (left, stayed) = (group(true), group(false));
    let share = left.len() as f64 / last.len() as f64;
    assert!((0.15..0.40).contains(&share), "{share}");
    assert!(mean(stayed.iter().copied()) > mean(left.iter().copied()) + 1.0);
    let promoters = left.iter().filter(|&&nps| nps >= 9.0).count() as f64 / left.len() as f64;
    assert!(promoters > 0.05, "{promoters}");
}

#[test]
fn nobody_is_asked_before_joining_or_after_leaving() {
    let (world, answers, sent) = &*HISTORY;
    let asked = sent.iter().map(|i| (i.customer_id, i.second));
    for (id, second) in asked.chain(answers.iter().map(|a| (a.customer_id, a.second))) {
        let customer = world.population.customer(id as u64 - 1);
        assert!(day(second) >= customer.joined);
        assert!(
            world
                .population
                .left(&customer)
                .is_none_or(|left| day(second) < left)
        );
    }
}

#[test]
fn one_invitation_in_four_is_answered_and_fewer_by_the_unhappy() {
    let (world, answers, sent) = &*HISTORY;
    let answered = sent.iter().filter(|i| i.response_id.is_some()).count();
    assert_eq!(answered, answers.len());
    let rate = |wanted: fn(&super::population::Customer) -> bool| {
        let of = sent
            .iter()
            .filter(|i| wanted(&world.population.customer(i.customer_id as u64 - 1)));
        mean(of.map(|i| f64::from(u8::from(i.response_id.is_some()))))
    };
    let all = rate(|_| true);
    assert!((0.20..0.30).contains(&all), "{all}");
    let name = |name| SEGMENTS.iter().position(|s| s.name == name).unwrap();
    assert_eq!((name("basic"), name("premium")), (0, 2));
    assert!(rate(|c| c.segment == 0) < rate(|c| c.segment == 2) - 0.08);
    assert!(rate(|c| c.opinion < -1.0) < rate(|c| c.opinion > 1.0) - 0.08);
}

#[test]
fn leavers_of_the_incident_blame_the_parcels() {
    let (world, ..) = &*HISTORY;
    let accounts: Vec<Account> = (0..world.population.size())
        .map(|number| Account::open(world, number, &mut Vec::new()))
        .collect();
    let share = |days: std::ops::Range<i32>| {
        let of = accounts
            .iter()
            .filter(|a| a.left.is_some_and(|left| days.contains(&left)));
        mean(of.map(|a| {
            let reason = a.reason.map(|r| REASONS[usize::from(r)].0);
            f64::from(u8::from(reason == Some("late delivery")))
        }))
    };
    assert!(share(1_240..1_360) > 2.0 * share(0..1_200));
    assert!(
        accounts
            .iter()
            .all(|a| a.left.is_some() || a.reason.is_none())
    );
    assert!(
        accounts
            .iter()
            .all(|a| a.left.is_none_or(|left| (left as usize) < DAYS))
    );
}

#[test]
fn the_same_plan_gives_the_same_files_on_any_number_of_threads() {
    let directory = tempfile::tempdir().unwrap();
    let cut = Layout {
        part: 1_000,
        chunk: 250,
    };
    let press = |threads: usize| {
        let mut plan = plan(5_700, 5, &directory.path().join(threads.to_string()));
        plan.threads = Some(threads);
        plan.dirty = true;
        let report = plan.write_as(cut, to_the_end).unwrap();
        let files = report.tables.iter().flat_map(|table| &table.files);
        files
            .map(|file| fs::read(file).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(press(1).len(), 5 * 6, "five tables of six parts");
    assert_eq!(press(1), press(4));
}

#[test]
fn a_chunk_does_not_depend_on_the_chunks_before_it() {
    let world = World::new(3, 200_000);
    let whole = world.chunk(1, 65_536..66_000);
    let again = World::new(3, 200_000).chunk(1, 65_536..66_000);
    assert_eq!(format!("{:?}", whole.0), format!("{:?}", again.0));
    let other = World::new(4, 200_000).chunk(1, 65_536..66_000);
    assert_ne!(format!("{:?}", whole.0), format!("{:?}", other.0));
}

#[test]
fn the_tables_have_the_promised_columns_and_no_nan() {
    let directory = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    let report = plan(2_500, 1, directory.path())
        .write(|rows| {
            told.push(rows);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(told.last(), Some(&2_500));
    let tables: BTreeMap<_, _> = report.tables.iter().map(|t| (t.name.as_str(), t)).collect();
    let responses = read(tables["responses"]);
    let kind = |name| {
        responses
            .schema()
            .field_with_name(name)
            .unwrap()
            .data_type()
            .clone()
    };
    assert_eq!(kind("nps"), DataType::Int8);
    assert_eq!(kind("touchpoint"), DataType::Utf8);
    assert_eq!(
        kind("responded_at"),
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    );
    for (name, table) in tables {
        let batch = read(table);
        assert_eq!(batch.num_rows() as u64, table.rows, "{name}");
        for column in batch.columns() {
            if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
                assert!(numbers.iter().flatten().all(f64::is_finite), "{name}");
            }
        }
    }
}

#[test]
fn invitations_and_responses_agree() {
    let directory = tempfile::tempdir().unwrap();
    let report = plan(2_500, 1, directory.path()).write(to_the_end).unwrap();
    let table = |name: &str| read(report.tables.iter().find(|t| t.name == name).unwrap());
    let (responses, invitations) = (table("responses"), table("invitations"));
    let ids = |batch: &RecordBatch, name: &str| -> Vec<i64> {
        batch
            .column_by_name(name)
            .unwrap()
            .as_primitive::<Int64Type>()
            .iter()
            .flatten()
            .collect()
    };
    assert_eq!(
        ids(&responses, "response_id"),
        (1..=2_500).collect::<Vec<_>>()
    );
    assert_eq!(
        ids(&invitations, "response_id"),
        ids(&responses, "response_id")
    );
    let scores = responses
        .column_by_name("nps")
        .unwrap()
        .as_primitive::<Int8Type>();
    assert!(scores.null_count() > 0);
}

#[test]
fn a_later_run_replaces_the_earlier_sample_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let mut dirty = plan(500, 1, directory.path());
    dirty.dirty = true;
    dirty.write(to_the_end).unwrap();
    let file = |name: &str| dirty.out.join(name);
    assert!(file("responses_dirty.csv").exists());
    fs::write(file("README.md"), "mine").unwrap();
    plan(600, 2, directory.path()).write(to_the_end).unwrap();
    assert!(!file("responses_dirty.csv").exists() && file("customers.parquet").exists());
    assert_eq!(fs::read_to_string(file("README.md")).unwrap(), "mine");
    let left = fs::read_dir(&dirty.out).unwrap().count();
    assert_eq!(
        left, 6,
        "four tables, sample.json and README.md, no staging"
    );
}

#[test]
fn foreign_files_are_refused_by_name_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(500, 1, directory.path());
    fs::create_dir_all(&plan.out).unwrap();
    fs::write(plan.out.join("responses.parquet"), "mine").unwrap();
    let error = plan.write(to_the_end).unwrap_err();
    assert!(matches!(error, Error::Place { .. }));
    assert!(
        error.to_string().contains("holds responses.parquet"),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(plan.out.join("responses.parquet")).unwrap(),
        "mine"
    );
    assert_eq!(fs::read_dir(&plan.out).unwrap().count(), 1);
}

#[test]
fn no_rows_is_wrong_usage() {
    let directory = tempfile::tempdir().unwrap();
    let error = plan(0, 1, directory.path()).write(to_the_end).unwrap_err();
    assert!(matches!(error, Error::Usage(_)), "{error}");
}

#[test]
fn one_row_is_enough_for_every_table() {
    let directory = tempfile::tempdir().unwrap();
    let report = plan(1, 1, directory.path()).write(to_the_end).unwrap();
    assert_eq!(report.tables[0].rows, 1);
    assert_eq!(read(&report.tables[0]).num_rows(), 1);
}

#[test]
fn sample_data_is_what_its_readme_says_it_is_made_by() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let directory = tempfile::tempdir().unwrap();
    let report = Plan::new(22_000, 2026, directory.path().join("clean"))
        .write(to_the_end)
        .unwrap();
    for mut table in report.tables {
        let made = read(&table);
        table.files = vec![kept.join(format!("{}.parquet", table.name))];
        assert_eq!(made, read(&table), "{}", table.name);
    }
    let mut dirty = Plan::new(2_000, 2026, directory.path().join("dirty"));
    dirty.dirty = true;
    dirty.write(to_the_end).unwrap();
    let made = fs::read_to_string(dirty.out.join("responses_dirty.csv")).unwrap();
    let same = made == fs::read_to_string(kept.join("responses_dirty.csv")).unwrap();
    assert!(same, "responses_dirty.csv differs");
    let sizes = fs::read_dir(&kept)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len());
    assert!(sizes.sum::<u64>() < 2_000_000);
}
