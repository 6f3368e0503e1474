//! The Rust side of golden cases: the pure functions by name, over named inputs.
//!
//! Each answers under the column names of SQL and in its units (percent where SQL says percent), so
//! that one expectation serves both sides.

use std::collections::BTreeMap;

use latido::statistics::{
    Confidence, DependentCorrelations, Interval, Moments, NetPromoter, Test, WeightedMoments,
    compare_means, compare_net_promoter, compare_proportions, mean_interval, mean_test,
    weighted_wald, wilson,
};
use serde_json::{Value, json};

use super::case::{Case, Row, Values};

type Columns = BTreeMap<&'static str, f64>;

/// What the pure function of a case gets wrong.
pub(super) fn failures(case: &Case) -> Vec<String> {
    let (Some(function), None) = (&case.function, &case.table) else {
        return Vec::new();
    };
    let rows = case.expected_rows();
    rows.iter()
        .flat_map(|row| row_failures(case, function, row))
        .collect()
}

fn row_failures(case: &Case, function: &str, row: &Row) -> Vec<String> {
    let found = answer(function, &Input(&row.input));
    let checked: Vec<_> = found
        .iter()
        .filter(|(column, _)| row.expected.contains_key(**column))
        .collect();
    assert!(
        !checked.is_empty(),
        "{}: {function} computes no expected column",
        case.title()
    );
    let mismatch = |(column, value): (&&str, &f64)| case.mismatch(row, column, &json!(value));
    checked.into_iter().filter_map(mismatch).collect()
}

fn answer(function: &str, input: &Input<'_>) -> Columns {
    match function {
        "net_promoter_wald" => net_promoter(input, |nps, level| nps.wald(level).unwrap()),
        "net_promoter_adjusted_wald" => {
            net_promoter(input, |nps, level| nps.adjusted_wald(level).unwrap())
        }
        "net_promoter_score" => net_promoter(input, |nps, level| nps.score(level).unwrap()),
        "weighted_net_promoter" => weighted_net_promoter(input),
        "compare_net_promoter" => net_promoter_difference(input),
        "wilson" => share(input),
        "compare_proportions" => share_difference(input),
        "mean_interval" => mean(&described(input)),
        "mean_of_counts" => mean(&counted(input)),
        "mean_of_values" => mean(&moments(&input.numbers("values"))),
        "mean_of_alternating" => mean(&alternating(input)),
        "expectation_gap" => expectation_gap(input),
        "compare_means" => mean_difference(input),
        "compare_correlations" => correlation_difference(input),
        unknown => panic!("no golden function {unknown}"),
    }
}

/// The inputs of a case by name.
struct Input<'a>(&'a Values);

impl Input<'_> {
    fn number(&self, name: &str) -> f64 {
        number(
            self.0
                .get(name)
                .unwrap_or_else(|| panic!("no input {name}")),
        )
    }

    fn count(&self, name: &str) -> u64 {
        self.number(name) as u64
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.unwrap_or_else(|| panic!("no list {name}"))
            .iter()
            .map(number)
            .collect()
    }

    fn net_promoter(&self, suffix: &str) -> NetPromoter {
        NetPromoter {
            promoters: self.count(&format!("promoters{suffix}")),
            passives: self.count(&format!("passives{suffix}")),
            detractors: self.count(&format!("detractors{suffix}")),
        }
    }
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is not a number"))
}

fn c95() -> Confidence {
    Confidence::default()
}

fn percent(columns: &mut Columns, interval: Interval) {
    let interval = interval.scaled(100.0);
    columns.extend([("low", interval.low), ("high", interval.high)]);
}

fn net_promoter(
    input: &Input<'_>,
    interval: impl Fn(NetPromoter, Confidence) -> Interval,
) -> Columns {
    let nps = input.net_promoter("");
    let mut columns = Columns::from([
        ("nps", 100.0 * nps.value().unwrap()),
        ("se", 100.0 * nps.se().unwrap()),
        ("n", nps.n() as f64),
    ]);
    percent(&mut columns, interval(nps, c95()));
    columns
}

fn weighted_net_promoter(input: &Input<'_>) -> Columns {
    let mut state = WeightedMoments::default();
    for (score, weight) in input
        .numbers("scores")
        .into_iter()
        .zip(input.numbers("weights"))
    {
        let z = f64::from(score >= 9.0) - f64::from(score <= 6.0);
        state.add(z, weight);
    }
    let mut columns = Columns::from([
        ("nps", 100.0 * state.mean().unwrap()),
        ("se", 100.0 * state.se().unwrap()),
        ("n", state.n() as f64),
        ("n_effective", state.n_effective().unwrap()),
    ]);
    percent(&mut columns, weighted_wald(&state, c95()).unwrap());
    columns
}

fn net_promoter_difference(input: &Input<'_>) -> Columns {
    let (a, b) = (input.net_promoter("_a"), input.net_promoter("_b"));
    let found = compare_net_promoter(a, b, c95()).unwrap();
    let test = found.test.unwrap();
    let mut columns = Columns::from([
        ("nps_a", 100.0 * a.value().unwrap()),
        ("nps_b", 100.0 * b.value().unwrap()),
        ("difference", 100.0 * found.difference),
        ("se", 100.0 * found.se),
        ("z", test.statistic),
        ("p", test.p),
    ]);
    percent(&mut columns, found.interval);
    columns
}

fn share(input: &Input<'_>) -> Columns {
    let (successes, n) = (input.count("successes"), input.count("n"));
    let value = 100.0 * successes as f64 / n as f64;
    let mut columns = Columns::from([("rate", value), ("csat", value), ("share", value)]);
    percent(&mut columns, wilson(successes, n, c95()).unwrap());
    columns
}

fn share_difference(input: &Input<'_>) -> Columns {
    let a = (input.count("successes_a"), input.count("n_a"));
    let b = (input.count("successes_b"), input.count("n_b"));
    let found = compare_proportions(a, b, c95()).unwrap();
    let mut columns = Columns::from([("difference", 100.0 * found.difference)]);
    if let Some(test) = found.test {
        columns.extend([("z", test.statistic), ("p", test.p)]);
    }
    percent(&mut columns, found.interval);
    columns
}

fn mean(state: &Moments) -> Columns {
    let interval = mean_interval(state, c95()).unwrap();
    let mean = state.mean().unwrap();
    Columns::from([
        ("mean", mean),
        ("ces", mean),
        ("sd", state.sd().unwrap()),
        ("se", state.se().unwrap()),
        ("low", interval.low),
        ("high", interval.high),
    ])
}

fn moments(values: &[f64]) -> Moments {
    let mut state = Moments::default();
    values.iter().for_each(|&x| state.add(x));
    state
}

/// The moments that n, mean and standard deviation describe.
fn described(input: &Input<'_>) -> Moments {
    let (n, mean, sd) = (input.number("n"), input.number("mean"), input.number("sd"));
    let squares = sd * sd * (n - 1.0) + n * mean * mean;
    Moments::from_parts(n as u64, [n * mean, 0.0, squares, 0.0])
}

fn counted(input: &Input<'_>) -> Moments {
    let mut state = Moments::default();
    let mut point = input.number("min");
    for count in input.numbers("counts") {
        (0..count as u64).for_each(|_| state.add(point));
        point += 1.0;
    }
    state
}

fn alternating(input: &Input<'_>) -> Moments {
    let mut state = moments(&[input.number("first")]);
    for _ in 0..input.count("pairs") {
        state.add(input.number("low"));
        state.add(input.number("high"));
    }
    state
}

fn expectation_gap(input: &Input<'_>) -> Columns {
    let (perception, expectation) = (input.numbers("perception"), input.numbers("expectation"));
    let gaps: Vec<f64> = perception
        .iter()
        .zip(&expectation)
        .map(|(p, e)| p - e)
        .collect();
    let state = moments(&gaps);
    let test = mean_test(&state).unwrap();
    let mut columns = mean(&state);
    columns.extend([
        ("gap", columns["mean"]),
        ("t", test.statistic),
        ("p", test.p),
    ]);
    columns
}

fn mean_difference(input: &Input<'_>) -> Columns {
    let (a, b) = (moments(&input.numbers("a")), moments(&input.numbers("b")));
    let found = compare_means(&a, &b, c95()).unwrap();
    let welch = found.welch.unwrap();
    Columns::from([
        ("mean_a", found.mean_a),
        ("mean_b", found.mean_b),
        ("difference", found.difference),
        ("low", welch.interval.low),
        ("high", welch.interval.high),
        ("t", welch.test.statistic),
        ("df", welch.df),
        ("p", welch.test.p),
    ])
}

fn correlation_difference(input: &Input<'_>) -> Columns {
    let [jk, jh, kh] = ["r_jk", "r_jh", "r_kh"].map(|name| input.number(name));
    let found = DependentCorrelations::new(jk, jh, kh, input.count("n")).unwrap();
    let zou = found.zou(c95()).unwrap();
    let mut columns = Columns::from([("zou_low", zou.low), ("zou_high", zou.high)]);
    let mut add = |statistic, p, test: Option<Test>| {
        let test = test.unwrap();
        columns.extend([(statistic, test.statistic), (p, test.p)]);
    };
    add("williams_t", "williams_p", found.williams());
    add("steiger_z", "steiger_p", found.steiger());
    add("meng_z", "meng_p", found.meng());
    add("dunn_clark_z", "dunn_clark_p", found.dunn_clark());
    columns
}
