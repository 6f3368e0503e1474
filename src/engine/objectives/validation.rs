//! `latido validate`: which KPI tells the outcome of an objective, which pairs cannot be told apart, and
//! how many answers it would take.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::compute::{SortOptions, sort_to_indices, take_record_batch};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;

use super::reading::{Records, internal};
use super::words::Words;
use super::{Alternatives, Base, Objectives};
use crate::engine::Engine;
use crate::engine::written::{named, quoted, text};
use crate::error::Result;
use crate::project::{Objective, Project};
use crate::statistics::{needed_for_correlations, needed_for_z};

/// From here on chance is no longer a good explanation.
pub(super) const LEVEL: f64 = 0.05;

/// The first rank first, and those without one at the end.
const LAST: SortOptions = SortOptions {
    descending: false,
    nulls_first: false,
};

/// What the data say of an objective.
#[derive(Debug)]
pub struct Validation {
    /// The objective's name.
    pub objective: String,
    /// The column that tells whether it was reached: `table.column`.
    pub outcome: String,
    /// One row: objective, outcome, customers, the LISTs `kpis`, `pairs` and `left_out`, and the verdict.
    pub row: RecordBatch,
    /// Each KPI: what people look at first, the strongest first.
    pub kpis: RecordBatch,
    /// Each pair of KPIs; none where there is one KPI only.
    pub pairs: Option<RecordBatch>,
    /// The verdict in one sentence, in the project's language.
    pub verdict: String,
    /// What was used and what was left out and why, a sentence each.
    pub account: Vec<String>,
}

/// A KPI as it was judged.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) auc: Option<[f64; 3]>,
    pub(super) pearson: Option<[f64; 3]>,
    pub(super) p: Option<f64>,
    pub(super) rank: Option<u64>,
    pub(super) note: Option<String>,
}

/// Two KPIs that were compared.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) names: [String; 2],
    /// The stronger one, where that is sure.
    pub(super) winner: Option<String>,
    /// How many answers would tell, where a difference was seen.
    pub(super) needed: Option<u64>,
}

/// The KPIs and their pairs as the functions give them.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) customers: u64,
    pub(super) kpis: Records,
    pub(super) pairs: Records,
}

/// An objective with its base, ready to be asked.
pub(super) struct Asked<'a> {
    pub(super) engine: &'a Engine,
    pub(super) objective: &'a Objective,
    pub(super) base: Base,
    pub(super) words: Words,
}

impl Validation {
    /// Adds what the alternatives have shown to the row, as LIST `alternatives` and its verdict.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] only.
    pub fn add(&mut self, alternatives: &Alternatives) -> Result<()> {
        let verdict = Arc::new(StringArray::from(vec![alternatives.verdict.as_str()])) as ArrayRef;
        let tried = Records(alternatives.tried.clone()).into_list();
        let schema = self.row.schema();
        let names = schema.fields().iter().map(|field| field.name().as_str());
        let columns = names.zip(self.row.columns().iter().cloned());
        let more = [("alternatives", tried), ("alternatives_verdict", verdict)];
        self.row =
            RecordBatch::try_from_iter(columns.chain(more)).map_err(|error| internal(&error))?;
        Ok(())
    }
}

impl Engine {
    /// What the data say of an objective of the project.
    ///
    /// # Errors
    /// [`crate::Error::Statement`] where latido.yaml asks for what the tables do not have; else those
    /// of [`Engine::run`].
    pub async fn validate(&self, project: &Project, objective: &Objective) -> Result<Validation> {
        let asked = Asked::new(self, project, objective).await?;
        asked.validation().await
    }

    /// Whether another construction of the same answers would tell the outcome better.
    ///
    /// # Errors
    /// Those of [`Engine::validate`].
    pub async fn alternatives(
        &self,
        project: &Project,
        objective: &Objective,
    ) -> Result<Alternatives> {
        let asked = Asked::new(self, project, objective).await?;
        asked.alternatives().await
    }
}

impl<'a> Asked<'a> {
    pub(super) async fn new(
        engine: &'a Engine,
        project: &Project,
        objective: &'a Objective,
    ) -> Result<Self> {
        let objectives = Objectives::of(project);
        let mut schemas = Vec::new();
        for table in objectives.tables(objective) {
            let sql = format!("SELECT * FROM {} LIMIT 0", named(&table));
            schemas.push(engine.run(&sql, &[]).await?.schema());
        }
        Ok(Self {
            engine,
            objective,
            base: objectives.base(objective, &schemas)?,
            words: Words(project.language),
        })
    }

    /// `FROM` this, the rows are those of the objective.
    pub(super) fn rows(&self) -> String {
        format!("objective({})", text(&self.objective.name))
    }

    /// The columns of the KPIs, as arguments.
    pub(super) fn arguments(&self) -> String {
        let kpis = self.base.kpis.iter();
        kpis.map(|kpi| format!(", {}", quoted(&kpi.name))).collect()
    }

    /// The two statistics that everything else stands on, in one pass.
    pub(super) async fn tested(&self) -> Result<Tested> {
        let arguments = self.arguments();
        // Of one KPI there are no pairs; the column is there all the same.
        let pairs = match self.base.kpis.as_slice() {
            [one] => format!(
                "CASE WHEN false THEN kpi_contest(outcome, {0}, {0}) END",
                quoted(&one.name)
            ),
            _ => format!("kpi_contest(outcome{arguments})"),
        };
        let sql = format!(
            "SELECT count(*) AS customers, kpi_validation(outcome{arguments}) AS kpis, {pairs} AS pairs \
             FROM {}",
            self.rows()
        );
        let found = Records::of(self.engine, &sql).await?;
        Ok(Tested {
            customers: found.count_of(0, "customers"),
            kpis: found.nested("kpis")?,
            pairs: with_needed(found.nested("pairs")?)?,
        })
    }

    async fn validation(&self) -> Result<Validation> {
        let tested = self.tested().await?;
        let account = Records::of(self.engine, &self.base.account()).await?;
        let judged = self.judged(&tested.kpis);
        let compared = compared(&tested.pairs);
        let verdict = self
            .words
            .verdict(&self.objective.name, &judged, &compared, |name| {
                self.label(name)
            });
        let has_pairs = tested.pairs.count() > 0;
        Ok(Validation {
            objective: self.objective.name.clone(),
            outcome: self.outcome(),
            kpis: kpis_to_see(&tested.kpis)?,
            pairs: has_pairs.then(|| pairs_to_see(&tested.pairs)).transpose()?,
            account: self.words.account(tested.customers, &account, &self.base),
            row: self.row(tested, account, &verdict)?,
            verdict,
        })
    }

    /// The KPIs by rank; those without one last.
    pub(super) fn judged(&self, kpis: &Records) -> Vec<Judged> {
        let three = |row: usize, names: [&str; 3]| {
            let [value, low, high] = names.map(|name| kpis.number(row, name));
            Some([value?, low.or(value)?, high.or(value)?])
        };
        let mut judged: Vec<Judged> = (0..kpis.count())
            .map(|row| {
                let name = kpis.text(row, "kpi").unwrap_or_default();
                Judged {
                    label: self.label(&name),
                    name,
                    auc: three(row, ["auc", "auc_low", "auc_high"]),
                    pearson: three(row, ["pearson", "pearson_low", "pearson_high"]),
                    p: kpis.number(row, "p_adjusted"),
                    rank: kpis.number(row, "rank").map(|_| kpis.count_of(row, "rank")),
                    note: kpis.text(row, "note"),
                }
            })
            .collect();
        judged.sort_by_key(|kpi| kpi.rank.unwrap_or(u64::MAX));
        judged
    }

    pub(super) fn outcome(&self) -> String {
        self.objective.outcome.to_string()
    }

    pub(super) fn label(&self, name: &str) -> String {
        let mut kpis = self.base.kpis.iter();
        let found = kpis.find(|kpi| kpi.name == name);
        found.map_or_else(|| name.to_owned(), |kpi| kpi.label.clone())
    }

    fn row(&self, tested: Tested, account: Records, verdict: &str) -> Result<RecordBatch> {
        let name = &self.objective.name;
        let one = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
        let outcome = self.outcome();
        let columns = vec![
            ("objective", one(name)),
            ("outcome", one(&outcome)),
            (
                "customers",
                Arc::new(Int64Array::from(vec![tested.customers.cast_signed()])) as ArrayRef,
            ),
            ("kpis", tested.kpis.into_list()),
            ("pairs", tested.pairs.into_list()),
            ("answers", account.into_list()),
            ("verdict", one(verdict)),
        ];
        RecordBatch::try_from_iter(columns).map_err(|error| internal(&error))
    }
}

/// The pairs with how many rows would tell them apart.
fn with_needed(pairs: Records) -> Result<Records> {
    let needed = (0..pairs.count()).map(|row| {
        let n = pairs.count_of(row, "n");
        let found = match pairs.number(row, "delong_z") {
            Some(z) => needed_for_z(n, z),
            None => {
                let [a, b, ab] =
                    ["pearson_a", "pearson_b", "pearson_ab"].map(|it| pairs.number(row, it));
                // On strength, as the contest: a KPI that goes down with the outcome is turned round.
                let (a, b, ab) = (a?, b?, ab?);
                needed_for_correlations(a.abs(), b.abs(), ab * a.signum() * b.signum())
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "at most a trillion")]
        found.map(|needed| needed as f64)
    });
    let needed = needed.collect();
    pairs.with("needed", needed, &DataType::Int64)
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
                names,
            }
        })
        .collect()
}

fn kpis_to_see(kpis: &Records) -> Result<RecordBatch> {
    let is_two_valued = (0..kpis.count()).any(|row| kpis.number(row, "auc").is_some());
    let strength: &[&str] = match is_two_valued {
        true => &[
            "auc",
            "auc_low",
            "auc_high",
            "pearson",
            "p_adjusted",
            "cv_log_loss",
        ],
        false => &[
            "pearson",
            "pearson_low",
            "pearson_high",
            "spearman",
            "p_adjusted",
        ],
    };
    let names = [&["rank", "kpi", "n", "direction"], strength, &["note"]].concat();
    let order = sort_to_indices(
        kpis.0.column_by_name("rank").unwrap_or(kpis.0.column(0)),
        Some(LAST),
        None,
    );
    let sorted = order.and_then(|order| take_record_batch(&kpis.0, &order));
    Records(Records(sorted.map_err(|error| internal(&error))?).columns(&names)?).for_the_eye()
}

fn pairs_to_see(pairs: &Records) -> Result<RecordBatch> {
    let is_two_valued = (0..pairs.count()).any(|row| pairs.number(row, "delong_p").is_some());
    let strength: &[&str] = match is_two_valued {
        true => &["auc_a", "auc_b", "delong_p"],
        false => &["pearson_a", "pearson_b", "williams_p"],
    };
    let after = ["p_adjusted", "verdict", "needed", "note"];
    let names = [&["kpi_a", "kpi_b", "n"], strength, &after].concat();
    Records(pairs.columns(&names)?).for_the_eye()
}
