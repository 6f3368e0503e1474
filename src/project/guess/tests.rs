//! What columns suggest, and that what is written is read again.

use std::path::Path;

use super::*;
use crate::project::{MetricKind, Project, Rows};

fn column(name: &str, kind: ColumnKind) -> FoundColumn {
    FoundColumn {
        name: name.into(),
        kind: Some(kind),
        answers: 100,
        distinct: 100,
        ..FoundColumn::default()
    }
}

fn scores(name: &str, low: f64, high: f64) -> FoundColumn {
    FoundColumn {
        low: Some(low),
        high: Some(high),
        distinct: 5,
        ..column(name, ColumnKind::Integer)
    }
}

fn said(name: &str, values: &[&str]) -> FoundColumn {
    FoundColumn {
        distinct: values.len() as u64,
        values: values.iter().map(|&text| text.to_owned()).collect(),
        ..column(name, ColumnKind::Text)
    }
}

fn file(stem: &str, columns: Vec<FoundColumn>) -> Found {
    Found {
        from: format!("{stem}.csv"),
        stem: stem.into(),
        rows: 100,
        is_whole: true,
        columns,
    }
}

#[track_caller]
fn project(found: &[Found]) -> (Project, String) {
    let text = guess("a: b", found).to_yaml();
    let project = Project::read(&text, Path::new("."), "latido.yaml", &|_| None);
    (
        project.unwrap_or_else(|error| panic!("{error}\n{text}")),
        text,
    )
}

#[test]
fn tables_under_their_own_names_need_no_columns() {
    let found = [
        file(
            "responses",
            vec![
                column("responded_at", ColumnKind::Timestamp),
                scores("nps", 0.0, 10.0),
                scores("csat", 1.0, 5.0),
                scores("ces", 1.0, 7.0),
                said("touchpoint", &["web", "store"]),
            ],
        ),
        file(
            "customers",
            vec![
                column("customer_id", ColumnKind::Integer),
                column("joined_on", ColumnKind::Date),
                column("churned", ColumnKind::Flag),
            ],
        ),
    ];
    let (project, text) = project(&found);
    assert!(
        project.tables.iter().all(|table| table.columns.is_empty()),
        "{text}"
    );
    let metrics: Vec<String> = project
        .metrics
        .iter()
        .map(|metric| {
            format!(
                "{} {} {} {}",
                metric.name, metric.kind, metric.table, metric.time
            )
        })
        .collect();
    let expected = [
        "nps nps responses responded_at",
        "csat csat responses responded_at",
        "ces ces responses responded_at",
        "churn_rate rate customers joined_on",
    ];
    assert_eq!(metrics, expected, "{text}");
    assert_eq!(project.dimensions, ["touchpoint"]);
    assert!(project.metrics[3].direction == crate::project::Direction::LowerIsBetter);
}

#[test]
fn foreign_names_are_known_in_english_and_spanish() {
    let spanish = file(
        "Encuesta 2024",
        vec![
            column("Fecha", ColumnKind::Timestamp),
            scores("Probabilidad de recomendar", 0.0, 10.0),
            scores("Satisfacción", 1.0, 5.0),
            said("Motivo", &["a", "b"]),
            column("Comentario", ColumnKind::Text),
            said("Tipo de cliente", &["nuevo", "antiguo"]),
        ],
    );
    let (project, text) = project(&[spanish]);
    assert_eq!(project.tables[0].name, "responses", "{text}");
    for (name, from) in [
        ("responded_at", "Fecha"),
        ("nps", "Probabilidad de recomendar"),
        ("csat", "Satisfacción"),
        ("reason", "Motivo"),
        ("comment", "Comentario"),
        ("tipo_de_cliente", "Tipo de cliente"),
    ] {
        assert!(
            text.contains(&format!("      {name}: {from}")),
            "{name}: {text}"
        );
    }
    assert_eq!(project.metrics.len(), 2);
    assert_eq!(project.dimensions, ["tipo_de_cliente"]);
}

#[test]
fn values_off_the_scale_are_blanks_only_when_they_are_few() {
    let netpro = FoundColumn {
        values: (0..=11).map(|score| score.to_string()).collect(),
        ..scores("NETPRO", 0.0, 11.0)
    };
    let q7 = said("Q7ALL", &["5", "4", "3", "2", "1", "0", "6", "Blank"]);
    let when = column("date", ColumnKind::Date);
    let (project, text) = project(&[file("sfo", vec![netpro, q7, when.clone()])]);
    let blanks: Vec<&[String]> = project.tables[0]
        .columns
        .iter()
        .map(|column| column.null_when.as_slice())
        .collect();
    assert!(blanks.contains(&&["11".to_owned()][..]), "{text}");
    assert!(
        text.contains("csat: {from: \"Q7ALL\", null_when: [\"0\", \"6\", Blank]}"),
        "{text}"
    );
    let percent = FoundColumn {
        values: (0..=60).map(|score| score.to_string()).collect(),
        ..scores("nps", 0.0, 100.0)
    };
    let (project, _) = self::project(&[file("survey", vec![percent, when])]);
    assert!(
        project.metrics.is_empty(),
        "a score of 0–100 is another scale"
    );
}

#[test]
fn a_flag_is_taken_as_number_before_words() {
    let telco = file(
        "telco",
        vec![
            column("Customer ID", ColumnKind::Text),
            said("Churn Label", &["Yes", "No"]),
            scores("Churn Value", 0.0, 1.0),
            scores("CLTV", 2000.0, 6500.0),
            said("Churn Reason", &["Price", "Moved"]),
        ],
    );
    let (project, text) = project(&[telco]);
    assert_eq!(project.tables[0].name, "customers");
    assert!(text.contains("churned: Churn Value"), "{text}");
    assert!(text.contains("lifetime_value: CLTV"), "{text}");
    assert!(project.metrics.is_empty(), "nothing says when");
    assert!(text.contains("#   - name: churn_rate\n"), "{text}");
}

#[test]
fn one_file_is_the_known_table_and_others_keep_their_names() {
    let columns = || {
        vec![
            column("responded_at", ColumnKind::Timestamp),
            scores("nps", 0.0, 10.0),
        ]
    };
    let found = [
        file("a_survey", columns()),
        file("responses", columns()),
        file("Ventas $", vec![]),
    ];
    let (project, text) = project(&found);
    let names: Vec<&str> = project
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["a_survey", "responses", "ventas"]);
    let metrics: Vec<&str> = project
        .metrics
        .iter()
        .map(|metric| metric.name.as_str())
        .collect();
    assert_eq!(metrics, ["nps", "nps_a_survey"], "{text}");
    assert!(matches!(&project.tables[2].rows, Rows::Files(from) if from == "Ventas $.csv"));
    assert_eq!(project.metrics[0].kind, MetricKind::Nps);
}

#[test]
fn text_is_a_time_only_where_all_of_it_is() {
    let text = |moment| FoundColumn {
        moment,
        ..column("fecha", ColumnKind::Text)
    };
    let columns = |moment| vec![text(moment), scores("nps", 0.0, 10.0)];
    let (with, _) = project(&[file("survey", columns(Some(Moment::Plain)))]);
    assert_eq!(with.metrics.len(), 1);
    let (without, written) = project(&[file("survey", columns(None))]);
    assert!(without.metrics.is_empty(), "{written}");
}

#[test]
fn days_are_read_as_they_are_written_and_doubts_are_told() {
    let [day_first, month_first] = <[Way; 2]>::try_from(Way::of("01/02/2026")).unwrap();
    let text = |moment| FoundColumn {
        moment: Some(moment),
        ..column("fecha", ColumnKind::Text)
    };
    let columns = |moment| vec![text(moment), scores("nps", 0.0, 10.0)];
    let sure = Moment::Written(month_first.clone());
    let (sure, written) = project(&[file("survey", columns(sure))]);
    assert_eq!(sure.metrics.len(), 1, "{written}");
    let expected = "responded_at: {sql: \"to_date(\\\"fecha\\\", '%m/%d/%Y')\"}  # guess: \
                    month/day/year";
    assert!(written.contains(expected), "{written}");
    let doubt = Moment::Either(day_first, month_first);
    let (doubt, written) = project(&[file("survey", columns(doubt))]);
    assert!(doubt.metrics.is_empty(), "{written}");
    let expected = "fecha is day/month/year or month/day/year";
    assert!(written.contains(expected), "{written}");
}

#[test]
fn any_text_becomes_a_name() {
    let names = ["NPS Score (%)", "Año", "2026", "", "ñ--x"].map(identifier);
    assert_eq!(names, ["nps_score", "ano", "t_2026", "t", "n_x"]);
}

#[test]
fn an_answer_with_words_is_no_blank() {
    let csat = |values: &[&str]| FoundColumn {
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        distinct: values.len() as u64,
        ..column("csat", ColumnKind::Text)
    };
    let day = column("responded_at", ColumnKind::Timestamp);
    let with_words = csat(&["1", "2", "3", "4", "5 - Very satisfied"]);
    let (project, written) = project(&[file("responses", vec![day.clone(), with_words])]);
    assert!(
        project.metrics.is_empty() && !written.contains("null_when"),
        "{written}"
    );
    let with_blanks = csat(&["1", "2", "3", "4", "5", "n/a", "99"]);
    let (project, written) = self::project(&[file("responses", vec![day, with_blanks])]);
    assert_eq!(project.metrics.len(), 1, "{written}");
    assert!(written.contains("null_when"), "{written}");
}
