//! A metric: one KPI of one table, with its goal.

use std::fmt;

use super::Sql;
use super::node::Node;
use super::period::Grain;
use super::words::{count_of, number_of, sql_of, text_of, word_of};

/// How a metric is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// Net Promoter Score of answers on 0–10.
    Nps,
    /// Share of the two highest points.
    Csat,
    /// Mean of an effort scale.
    Ces,
    /// Share of a flag.
    Rate,
    /// Mean of a value.
    Mean,
    /// Sum of a value.
    Sum,
    /// Number of rows, or of values.
    Count,
    /// Number of different values.
    CountDistinct,
}

impl MetricKind {
    const WORDS: [(&'static str, Self); 8] = [
        ("nps", Self::Nps),
        ("csat", Self::Csat),
        ("ces", Self::Ces),
        ("rate", Self::Rate),
        ("mean", Self::Mean),
        ("sum", Self::Sum),
        ("count", Self::Count),
        ("count_distinct", Self::CountDistinct),
    ];

    /// Whether it comes with an interval and can be tested.
    #[must_use]
    pub fn has_evidence(self) -> bool {
        !matches!(self, Self::Sum | Self::Count | Self::CountDistinct)
    }
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(_, kind)| kind == self);
        f.write_str(word.map_or("", |(word, _)| word))
    }
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// More is better.
    #[default]
    HigherIsBetter,
    /// Less is better.
    LowerIsBetter,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HigherIsBetter => "higher_is_better",
            Self::LowerIsBetter => "lower_is_better",
        })
    }
}

/// A metric of the project.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its name in SQL.
    pub name: String,
    /// How it is computed.
    pub kind: MetricKind,
    /// The table of its rows.
    pub table: String,
    /// The column or expression; `None` only for `count`.
    pub expr: Option<Sql>,
    /// The column that says to which period a row belongs.
    pub time: String,
    /// Only rows for which this holds.
    pub filter: Option<Sql>,
    /// A sampling weight.
    pub weight: Option<Sql>,
    /// The highest point of the scale, for csat and ces.
    pub max: Option<u64>,
    /// What people call it.
    pub label: Option<String>,
    /// What it measures.
    pub description: Option<String>,
    /// Which way is good.
    pub direction: Direction,
    /// What is aimed at, in its own unit.
    pub target: Option<f64>,
    /// A value of fewer answers is not shown; at least 1.
    pub min_n: u64,
    /// The period of its view.
    pub grain: Grain,
    /// Of its interval, between 0 and 1.
    pub confidence: Option<f64>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The line of latido.yaml on which it stands.
    pub line: usize,
}

impl Metric {
    /// A metric of a node that has the right shape.
    pub(super) fn of(node: &Node) -> Self {
        Self {
            name: text_of(node, "name").unwrap_or_default(),
            kind: word_of(node, "kind", &MetricKind::WORDS).unwrap_or(MetricKind::Nps),
            table: text_of(node, "table").unwrap_or_default(),
            expr: sql_of(node, "expr"),
            time: text_of(node, "agg_time_dimension").unwrap_or_default(),
            filter: sql_of(node, "filter"),
            weight: sql_of(node, "weight"),
            max: count_of(node, "max"),
            label: text_of(node, "label"),
            description: text_of(node, "description"),
            direction: match text_of(node, "direction").as_deref() {
                Some("lower_is_better") => Direction::LowerIsBetter,
                _ => Direction::HigherIsBetter,
            },
            target: number_of(node, "target"),
            min_n: count_of(node, "min_n").unwrap_or(1),
            grain: word_of(node, "grain", &Grain::WORDS).unwrap_or(Grain::Month),
            confidence: number_of(node, "confidence"),
            owner: text_of(node, "owner"),
            line: node.line,
        }
    }
}
