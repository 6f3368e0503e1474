//! `latido validate`: which KPI tells the outcome of an objective, which pairs cannot be told apart, and
//! how many answers it would take.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::compute::{SortOptions, sort_to_indices, take_record_batch};
use arrow::record_batch::RecordBatch;

use super::base::KEY;
use super::judged::{Compared, Judged, Measure, compared, with_needed};
use super::maturity::EVENTS;
use super::reading::{Records, internal};
use super::verdict::Findings;
use super::words::{Account, Words};
use super::{Alternatives, Base, Objectives};
use crate::engine::Engine;
use crate::engine::flags::neither;
use crate::engine::written::{named, quoted, text};
use crate::error::{Error, Result};
use crate::project::{Direction, Objective, Project};

/// The first rank first, and those without one at the end.
const LAST: SortOptions = SortOptions {
    descending: false,
    nulls_first: false,
};

/// What kpi_validation notes of a KPI some of whose values decide the outcome.
const SEPARATES: &str = "separates the outcome";

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

/// The KPIs and their pairs as the functions give them.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) customers: u64,
    /// Of a two-valued outcome: how many it came true for.
    pub(super) events: u64,
    pub(super) kpis: Records,
    pub(super) pairs: Records,
}

impl Tested {
    /// The fewer of the two sides of a two-valued outcome.
    pub(super) fn fewer(&self) -> u64 {
        self.events.min(self.customers - self.events)
    }
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
            "SELECT count(*) AS customers, count(*) FILTER (WHERE CAST(outcome AS DOUBLE) = 1) AS events, \
             min(CAST(outcome AS DOUBLE)) AS least, max(CAST(outcome AS DOUBLE)) AS most, \
             kpi_validation(outcome{arguments}) AS kpis, {pairs} AS pairs \
             FROM {}",
            self.rows()
        );
        let found = Records::of(self.engine, &sql).await?;
        let [customers, events] = ["customers", "events"].map(|name| found.count_of(0, name));
        let ends = ["least", "most"].map(|name| found.number(0, name));
        self.check_leaving(ends)?;
        Ok(Tested {
            customers,
            events,
            kpis: found.nested("kpis")?,
            pairs: with_needed(found.nested("pairs")?)?,
        })
    }

    async fn validation(&self) -> Result<Validation> {
        let mut tested = self.tested().await?;
        let rows = Records::of(self.engine, &self.base.account()).await?;
        self.check_customers(&rows)?;
        let doubtful = match self.base.doubtful_leavers() {
            Some(sql) => {
                let found = Records::of(self.engine, &sql).await?;
                ["undated", "staying"].map(|name| found.count_of(0, name))
            }
            None => [0, 0],
        };
        let (kpis, pairs) = (self.judged(&tested.kpis), compared(&tested.pairs));
        let is_two_valued = kpis.iter().any(|kpi| kpi.auc.is_some());
        let account = self.words.account(&Account {
            customers: tested.customers,
            events: is_two_valued.then_some(tested.events),
            doubtful,
            rows: &rows,
            base: &self.base,
        });
        let mut verdict = self.words.verdict(&self.findings(&kpis, &pairs));
        if is_two_valued && tested.fewer() < EVENTS {
            verdict.push(' ');
            verdict.push_str(&self.words.few(tested.fewer()));
        }
        let has_pairs = tested.pairs.count() > 0;
        tested.kpis = self.words.notes(tested.kpis)?;
        tested.pairs = self.words.notes(tested.pairs)?;
        Ok(Validation {
            objective: self.objective.name.clone(),
            outcome: self.outcome(),
            kpis: kpis_to_see(&tested.kpis)?,
            pairs: has_pairs.then(|| pairs_to_see(&tested.pairs)).transpose()?,
            row: self.row(tested, rows, &account, &verdict)?,
            account,
            verdict,
        })
    }

    /// Whether a customer left is yes or no: of 1 and 2 nobody knows which is which.
    fn check_leaving(&self, ends: [Option<f64>; 2]) -> Result<()> {
        let is_odd = |end: &f64| (end * (1.0 - end)).abs() > 0.0;
        let odd = ends.into_iter().flatten().find(is_odd);
        let (Some(odd), true) = (odd, self.base.is_leaving()) else {
            return Ok(());
        };
        let (table, column) = (&self.base.outcome_table, &self.base.outcome);
        Err(Error::Data(format!(
            "objective {}: {}",
            self.objective.name,
            neither(table, column, &odd.to_string())
        )))
    }

    /// An outcome that most customers have several of is one of something else than customers.
    fn check_customers(&self, fates: &Records) -> Result<()> {
        let table = &self.base.outcome_table;
        let of_table =
            (0..fates.count()).filter(|row| fates.text(*row, "source").as_ref() == Some(table));
        let (mut all, mut repeated) = (0, 0);
        for row in of_table {
            let rows = fates.count_of(row, "rows");
            all += rows;
            if fates.text(row, "fate").as_deref() == Some("repeated_customer") {
                repeated += rows;
            }
        }
        if self.base.is_one_table() || 2 * repeated <= all {
            return Ok(());
        }
        Err(Error::Statement(format!(
            "objective {}: {repeated} of the {all} rows of {table} are of customers who stand there more \
             than once, and an outcome is one of a customer; sum it up in a table of its own (tables: \
             …: {{sql: \"SELECT {KEY}, sum(…) … GROUP BY {KEY}\"}})",
            self.objective.name
        )))
    }

    pub(super) fn findings<'f>(
        &'f self,
        kpis: &'f [Judged],
        pairs: &'f [Compared],
    ) -> Findings<'f> {
        Findings {
            objective: &self.objective.name,
            kpis,
            pairs,
        }
    }

    /// The KPIs by rank; those without one last.
    pub(super) fn judged(&self, kpis: &Records) -> Vec<Judged> {
        let measure = |row: usize, names: [&str; 3]| {
            let [value, low, high] = names.map(|name| kpis.number(row, name));
            Some(Measure::new(value?, low, high))
        };
        let mut judged: Vec<Judged> = (0..kpis.count())
            .map(|row| {
                let name = kpis.text(row, "kpi").unwrap_or_default();
                let note = kpis.text(row, "note");
                let direction = kpis.text(row, "direction");
                Judged {
                    label: self.label(&name),
                    is_against: self.is_against(&name, direction.as_deref()),
                    name,
                    auc: measure(row, ["auc", "auc_low", "auc_high"]),
                    pearson: measure(row, ["pearson", "pearson_low", "pearson_high"]),
                    p: kpis.number(row, "p_adjusted"),
                    rank: kpis.number(row, "rank").map(|_| kpis.count_of(row, "rank")),
                    n: kpis.count_of(row, "n"),
                    separates: note.as_ref().is_some_and(|note| note.contains(SEPARATES)),
                    note: note.map(|note| self.words.note(note)),
                }
            })
            .collect();
        judged.sort_by_key(|kpi| kpi.rank.unwrap_or(u64::MAX));
        judged
    }

    /// Whether a KPI that should keep customers goes up where they leave, or the reverse.
    fn is_against(&self, name: &str, direction: Option<&str>) -> bool {
        let mut kpis = self.base.kpis.iter();
        let wanted = kpis.find(|kpi| kpi.name == name).map(|kpi| kpi.direction);
        let is_up = direction == Some("positive");
        self.base.is_leaving()
            && direction.is_some()
            && match wanted {
                Some(Direction::HigherIsBetter) => is_up,
                Some(Direction::LowerIsBetter) => !is_up,
                None => false,
            }
    }

    pub(super) fn outcome(&self) -> String {
        self.objective.outcome.to_string()
    }

    pub(super) fn label(&self, name: &str) -> String {
        let mut kpis = self.base.kpis.iter();
        let found = kpis.find(|kpi| kpi.name == name);
        found.map_or_else(|| name.to_owned(), |kpi| kpi.label.clone())
    }

    fn row(
        &self,
        tested: Tested,
        rows: Records,
        account: &[String],
        verdict: &str,
    ) -> Result<RecordBatch> {
        let account = StringArray::from_iter_values(account);
        let account = RecordBatch::try_from_iter([("line", Arc::new(account) as ArrayRef)]);
        let account = Records(account.map_err(|error| internal(&error))?);
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
            ("answers", rows.into_list()),
            ("account", account.into_list()),
            ("verdict", one(verdict)),
        ];
        RecordBatch::try_from_iter(columns).map_err(|error| internal(&error))
    }
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
