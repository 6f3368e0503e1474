//! Other ways to make a KPI of the same answers: boxes, means, cut points, pairs.

use super::kpi::Kpi;
use super::words::Words;
use crate::engine::written::quoted;
use crate::project::{Direction, MetricKind};

/// One way to make a KPI of answers.
#[derive(Debug, Clone)]
pub(super) struct Construction {
    /// The KPIs that it is made of.
    pub(super) kpis: Vec<String>,
    /// What it is, as analysts write it.
    pub(super) label: String,
    /// It in SQL, over the columns of the objective.
    pub(super) sql: String,
    /// What it would have to beat.
    pub(super) rivals: Vec<Rival>,
}

/// What a construction has to beat: a KPI as its metric cuts the answers; of a pair also the answers of
/// each of the two as they are, since two questions that foretell no better than one are one too many.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rival {
    /// The KPI and how it is made.
    pub(super) label: String,
    /// It in SQL.
    pub(super) sql: String,
}

/// Of 0–10: promoters count for the company, detractors against it (Reichheld 2003).
const NPS: (u64, u64) = (6, 9);
/// The cut that is usual where people give fewer nines and tens.
const NPS_OF_EUROPE: (u64, u64) = (5, 8);

/// All that can be tried with these KPIs.
pub(super) fn constructions(kpis: &[Kpi], words: Words) -> Vec<Construction> {
    let mut all: Vec<Construction> = kpis.iter().flat_map(|kpi| of_one(kpi, words)).collect();
    for (place, one) in kpis.iter().enumerate() {
        all.extend(
            kpis[place + 1..]
                .iter()
                .filter_map(|other| of_two(one, other, words)),
        );
    }
    all
}

/// How the metric makes its number of the answers.
pub(super) fn in_use(kpi: &Kpi, words: Words) -> (String, String) {
    let column = quoted(&kpi.name);
    match (kpi.kind, kpi.scale) {
        (MetricKind::Nps, _) => {
            let label = words.pick("promoters − detractors", "promotores − detractores");
            (label.to_owned(), balance(&column, NPS))
        }
        (MetricKind::Csat, Some((_, max))) => (
            format!("top-2 (≥ {})", max - 1),
            format!("{column} >= {}", max - 1),
        ),
        _ => (words.pick("mean", "media").to_owned(), column),
    }
}

/// The KPI as its metric cuts the answers.
fn used(kpi: &Kpi, words: Words) -> Rival {
    let (label, sql) = in_use(kpi, words);
    Rival {
        label: format!("{} {label}", kpi.label),
        sql,
    }
}

/// The answers of a KPI as they are.
fn plain(kpi: &Kpi, words: Words) -> Rival {
    Rival {
        label: format!("{} {}", kpi.label, words.pick("mean", "media")),
        sql: quoted(&kpi.name),
    }
}

fn of_one(kpi: &Kpi, words: Words) -> Vec<Construction> {
    let Some((min, max)) = kpi.scale else {
        return Vec::new();
    };
    let column = quoted(&kpi.name);
    let used = used(kpi, words);
    let mut all = vec![(words.pick("mean", "media").to_owned(), column.clone())];
    if kpi.kind == MetricKind::Nps {
        let label = words.pick("8–10 minus 0–5", "8–10 menos 0–5");
        all.push((label.to_owned(), balance(&column, NPS_OF_EUROPE)));
    }
    // A share below a cut is the share above it turned round: one of the two is enough.
    let cuts = (min + 1..=max).rev();
    all.extend(cuts.map(|cut| {
        (
            cut_label(cut, (min, max), words),
            format!("{column} >= {cut}"),
        )
    }));
    let construction = |(label, sql): (String, String)| Construction {
        kpis: vec![kpi.name.clone()],
        label,
        sql,
        rivals: vec![used.clone()],
    };
    let others = all.into_iter().filter(|(_, sql)| *sql != used.sql);
    others.map(construction).collect()
}

/// The mean of two KPIs, each brought to 0–1 and turned so that high is good: an index that needs no
/// fitted weights, and so cannot fit noise.
fn of_two(one: &Kpi, other: &Kpi, words: Words) -> Option<Construction> {
    let (first, second) = (unit(one)?, unit(other)?);
    Some(Construction {
        kpis: vec![one.name.clone(), other.name.clone()],
        label: format!(
            "{} {}",
            words.pick("mean of", "media de"),
            words.list(&[one.label.clone(), other.label.clone()])
        ),
        sql: format!("({first} + {second}) / 2"),
        rivals: rivals_of_two(one, other, words),
    })
}

fn rivals_of_two(one: &Kpi, other: &Kpi, words: Words) -> Vec<Rival> {
    let mut rivals: Vec<Rival> = Vec::new();
    for kpi in [one, other] {
        let (used, plain) = (used(kpi, words), plain(kpi, words));
        let is_plain = used.sql == plain.sql;
        rivals.push(used);
        rivals.extend((!is_plain).then_some(plain));
    }
    rivals
}

/// A KPI brought to 0–1, high being good.
pub(super) fn unit(kpi: &Kpi) -> Option<String> {
    let (min, max) = kpi.scale?;
    let column = quoted(&kpi.name);
    let share = format!("({column} - {min}) / CAST({} AS DOUBLE)", max - min);
    Some(match kpi.direction {
        Direction::HigherIsBetter => share,
        Direction::LowerIsBetter => format!("(1 - {share})"),
    })
}

fn balance(column: &str, (low, high): (u64, u64)) -> String {
    format!(
        "CASE WHEN {column} >= {high} THEN 1 WHEN {column} <= {low} THEN -1 WHEN {column} IS NOT NULL THEN 0 END"
    )
}

fn cut_label(cut: u64, (min, max): (u64, u64), words: Words) -> String {
    match max - cut {
        _ if cut == min + 1 => words.pick(
            format!("bottom box (≤ {min})"),
            format!("caja inferior (≤ {min})"),
        ),
        0 => format!("top-1 ({max})"),
        1 => format!("top-2 (≥ {cut})"),
        _ => format!("≥ {cut}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Language;

    fn kpi(name: &str, kind: MetricKind, scale: Option<(u64, u64)>) -> Kpi {
        Kpi {
            name: name.to_owned(),
            label: name.to_uppercase(),
            kind,
            table: "responses".to_owned(),
            time: "responded_at".to_owned(),
            answer: name.to_owned(),
            sql: name.to_owned(),
            scale,
            direction: Direction::HigherIsBetter,
            min_n: 1,
        }
    }

    #[test]
    fn each_way_is_tried_once_and_the_one_in_use_never() {
        let kpis = [
            kpi("nps", MetricKind::Nps, Some((0, 10))),
            kpi("csat", MetricKind::Csat, Some((1, 5))),
            kpi("ces", MetricKind::Ces, Some((1, 7))),
            kpi("wait", MetricKind::Mean, None),
        ];
        let all = constructions(&kpis, Words(Language::English));
        let of = |name: &str| -> Vec<&str> {
            let own = all.iter().filter(|it| it.kpis == [name.to_owned()]);
            own.map(|it| it.label.as_str()).collect()
        };
        assert_eq!(
            of("csat"),
            ["mean", "top-1 (5)", "≥ 3", "bottom box (≤ 1)"],
            "the two highest boxes are in use"
        );
        assert_eq!(of("nps").len(), 12);
        assert_eq!(of("ces").first(), Some(&"top-1 (7)"), "the mean is in use");
        assert!(of("wait").is_empty());
        let pairs: Vec<&Construction> = all.iter().filter(|it| it.kpis.len() == 2).collect();
        assert_eq!(pairs.len(), 3);
        let rivals = pairs[1].rivals.iter().map(|rival| rival.label.as_str());
        assert_eq!(
            rivals.collect::<Vec<_>>(),
            ["NPS promoters − detractors", "NPS mean", "CES mean"]
        );
        for construction in &all {
            let mut rivals = construction.rivals.iter();
            assert!(rivals.all(|rival| rival.sql != construction.sql));
        }
    }

    #[test]
    fn a_kpi_whose_low_is_good_is_turned_round() {
        let mut effort = kpi("effort", MetricKind::Ces, Some((1, 5)));
        effort.direction = Direction::LowerIsBetter;
        assert_eq!(
            unit(&effort).as_deref(),
            Some("(1 - (\"effort\" - 1) / CAST(4 AS DOUBLE))")
        );
    }
}
