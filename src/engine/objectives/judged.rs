//! KPIs and pairs of KPIs as they were judged.

use arrow::datatypes::DataType;

use super::reading::Records;
use crate::error::Result;
use crate::statistics::{needed_for_correlations, needed_for_z};

/// From here on chance is no longer a good explanation.
pub(super) const LEVEL: f64 = 0.05;

/// A measure with its interval, where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measure {
    pub(super) value: f64,
    pub(super) limits: Option<[f64; 2]>,
}

impl Measure {
    /// An interval without width is none: a KPI that separates leaves nothing to measure the error by.
    pub(super) fn new(value: f64, low: Option<f64>, high: Option<f64>) -> Self {
        let limits = low.zip(high).filter(|(low, high)| low < high);
        Self {
            value,
            limits: limits.map(|(low, high)| [low, high]),
        }
    }

    /// The area of the KPI turned round.
    pub(super) fn turned(self) -> Self {
        Self {
            value: 1.0 - self.value,
            limits: self.limits.map(|[low, high]| [1.0 - high, 1.0 - low]),
        }
    }
}

/// A KPI as it was judged.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) label: String,
    pub(super) name: String,
    /// How many customers it was judged on.
    pub(super) n: u64,
    pub(super) auc: Option<Measure>,
    pub(super) pearson: Option<Measure>,
    pub(super) p: Option<f64>,
    pub(super) rank: Option<u64>,
    pub(super) note: Option<String>,
    /// Whether it goes with leaving the way it should not.
    pub(super) is_against: bool,
    /// Whether some of its answers decide the outcome without exception.
    pub(super) separates: bool,
}

/// Two KPIs that were compared.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) names: [String; 2],
    /// The stronger one, where that is sure.
    pub(super) winner: Option<String>,
    /// How many answers would tell, where a difference was seen.
    pub(super) needed: Option<u64>,
    /// Whether there is no difference at all.
    pub(super) is_same: bool,
}

/// The pairs with how many rows would tell them apart, held to the level that their p were adjusted to:
/// of three pairs the least sure has to reach 0.05 / 3.
pub(super) fn with_needed(pairs: Records) -> Result<Records> {
    let needed = (0..pairs.count()).map(|row| {
        let n = pairs.count_of(row, "n");
        let level = level_of(&pairs, row);
        let found = match pairs.number(row, "delong_z") {
            Some(z) => needed_for_z(n, z, level),
            None => {
                let [a, b, ab] =
                    ["pearson_a", "pearson_b", "pearson_ab"].map(|it| pairs.number(row, it));
                // On strength, as the contest: a KPI that goes down with the outcome is turned round.
                let (a, b, ab) = (a?, b?, ab?);
                needed_for_correlations(a.abs(), b.abs(), ab * a.signum() * b.signum(), level)
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "at most a trillion")]
        found.map(|needed| needed as f64)
    });
    let needed = needed.collect();
    pairs.with("needed", needed, &DataType::Int64)
}

/// The level that the p of a pair would have to reach for its adjusted p to reach [`LEVEL`].
fn level_of(pairs: &Records, row: usize) -> f64 {
    let p = pairs
        .number(row, "delong_p")
        .or_else(|| pairs.number(row, "williams_p"));
    let share = p
        .zip(pairs.number(row, "p_adjusted"))
        .map(|(p, adjusted)| p / adjusted);
    let share = share.filter(|share| *share > 0.0 && *share <= 1.0);
    LEVEL * share.unwrap_or(1.0)
}

pub(super) fn compared(pairs: &Records) -> Vec<Compared> {
    let names = |row| ["kpi_a", "kpi_b"].map(|name| pairs.text(row, name).unwrap_or_default());
    (0..pairs.count())
        .map(|row| {
            let names = names(row);
            let verdict = pairs.text(row, "verdict").unwrap_or_default();
            Compared {
                winner: names.contains(&verdict).then_some(verdict),
                needed: pairs
                    .number(row, "needed")
                    .map(|_| pairs.count_of(row, "needed")),
                is_same: ["delong_z", "williams_t"]
                    .iter()
                    .any(|name| pairs.number(row, name).is_some_and(|it| it.abs() <= 0.0)),
                names,
            }
        })
        .collect()
}
