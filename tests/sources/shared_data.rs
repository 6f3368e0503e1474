//! Every published data set beside the repository reads as it is.
//!
//! Rows, columns and non-empty cells were counted with Python 3's `csv` module (`.txt`: with
//! `str.split`); `../shared/data/README.md` publishes the same row counts.

use std::path::PathBuf;

use super::{answers, register, run, session};

/// File, rows, columns, cells that are not empty.
const FILES: [(&str, usize, usize, usize); 30] = [
    (
        "airline/airline_passenger_satisfaction.csv.gz",
        129_880,
        24,
        3_116_727,
    ),
    ("cdnow/cdnow_customers_summary.csv", 2357, 4, 9428),
    (
        "cdnow/cdnow_customers_summary_with_transactions.csv",
        2357,
        5,
        11785,
    ),
    ("ecsi/corp_rep_data.csv", 344, 50, 17200),
    ("ecsi/mobi.csv", 250, 25, 6250),
    ("ecsi/satisfaction.csv", 250, 29, 7250),
    ("nhs_fft/text_data.csv", 10334, 8, 82672),
    ("nhs_fft/v6framework_230831.csv", 7908, 61, 81970),
    ("servaqua/customer_survey.csv", 691, 51, 35241),
    ("sfo/q8_codes_2017_extracted.csv", 88, 3, 249),
    ("sfo/sfo_customer_survey_2010.csv", 3234, 100, 201_840),
    ("sfo/sfo_customer_survey_2011.csv", 3872, 68, 246_368),
    ("sfo/sfo_customer_survey_2012.csv", 3521, 61, 204_768),
    ("sfo/sfo_customer_survey_2013.csv", 3535, 95, 254_837),
    ("sfo/sfo_customer_survey_2014.csv", 2818, 94, 189_826),
    ("sfo/sfo_customer_survey_2015.csv", 2958, 88, 202_142),
    ("sfo/sfo_customer_survey_2016.csv", 3087, 97, 238_836),
    ("sfo/sfo_customer_survey_2017.csv", 2831, 97, 216_201),
    ("sfo/sfo_customer_survey_2018.csv", 2809, 97, 212_757),
    ("survival/lung.csv", 228, 10, 2213),
    ("survival/rossi.csv", 432, 9, 3888),
    ("survival/waltons_dataset.csv", 163, 3, 489),
    ("telco/Telco-Customer-Churn.csv", 7043, 21, 147_903),
    (
        "telco/Telco_customer_churn_demographics.csv",
        7043,
        9,
        63387,
    ),
    ("telco/Telco_customer_churn_location.csv", 7043, 9, 63387),
    ("telco/Telco_customer_churn_population.csv", 1671, 3, 5013),
    ("telco/Telco_customer_churn_services.csv", 7043, 30, 211_290),
    ("telco/Telco_customer_churn_status.csv", 7043, 11, 67125),
    ("cdnow/CDNOW_master.txt", 69659, 4, 278_636),
    ("cdnow/CDNOW_sample.txt", 6919, 5, 34595),
];

/// The directory of the data sets, or a printed reason why the test has nothing to read.
fn shared() -> Option<PathBuf> {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !place.is_dir() {
        println!("skipped: {} is not there", place.display());
        return None;
    }
    Some(place)
}

#[tokio::test]
async fn every_published_file_reads_as_it_is() {
    let Some(folder) = shared() else { return };
    let session = session(4, 8192);
    for (file, rows, columns, cells) in FILES {
        let place = folder.join(file);
        register(&session, place.to_str().unwrap())
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        let table = session.table("t").await.unwrap();
        let names: Vec<_> = table
            .schema()
            .fields()
            .iter()
            .map(|f| f.name().clone())
            .collect();
        assert_eq!(names.len(), columns, "columns of {file}");
        let counts = names
            .iter()
            .map(|name| format!("count(\"{}\")", name.replace('"', "\"\"")));
        let sum = counts.collect::<Vec<_>>().join(" + ");
        let found = run(&session, &format!("SELECT count(*), {sum} FROM t")).await;
        assert_eq!(found.unwrap(), [format!("{rows}|{cells}")], "{file}");
    }
}

#[tokio::test]
async fn the_traps_in_them_are_met() {
    let Some(folder) = shared() else { return };
    let at = |file: &str| folder.join(file).to_str().unwrap().to_owned();
    // Counted with Python's csv module.
    for (file, sql, expected) in [
        (
            "online_retail/online_retail.parquet",
            "SELECT count(*) FROM t",
            "541909",
        ),
        (
            "sfo/sfo_customer_survey_2018.csv",
            "SELECT count(\"NETPRO  \") FROM t",
            "2809",
        ),
        (
            "telco/Telco_customer_churn_services.csv",
            "SELECT count(*) FROM t WHERE \"Offer\" = 'None'",
            "3877",
        ),
        (
            "airline/airline_passenger_satisfaction.csv.gz",
            "SELECT count(*) - count(\"Arrival Delay\") FROM t",
            "393",
        ),
        (
            "cdnow/CDNOW_master.txt",
            "SELECT min(customer_id), sum(number_of_cds) FROM t",
            "00001|167881",
        ),
        (
            "servaqua/customer_survey.csv",
            "SELECT count(*) FROM t",
            "691",
        ),
    ] {
        answers(&at(file), &[(sql, &[expected])]).await;
    }
    let years = at("sfo/sfo_customer_survey_201*.csv");
    let rows = FILES
        .iter()
        .filter(|f| f.0.contains("survey_201"))
        .map(|f| f.1)
        .sum::<usize>();
    answers(&years, &[("SELECT count(*) FROM t", &[&rows.to_string()])]).await;
    answers(
        &at("sfo"),
        &[("SELECT count(*) FROM t", &[&(rows + 88).to_string()])],
    )
    .await;
}
