//! How far a running statement is, read off the counters of its plan.
//!
//! Every scan counts the rows that it gives and, of files, the bytes that it reads; statistics of
//! the files tell how many rows there are. Reading the counters costs the statement nothing.

use std::sync::Arc;

use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricValue;

/// The running plan of an answer; it can be asked while the rows are waited for.
#[derive(Debug, Clone)]
pub struct Progress(Arc<dyn ExecutionPlan>);

/// What has been read so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Rows that the scans have given.
    pub rows: u64,
    /// Rows that they will give at most; `None` where a source does not tell.
    pub total_rows: Option<u64>,
    /// Bytes read from files.
    pub bytes: u64,
}

impl Progress {
    /// Of this plan.
    pub(super) fn of(plan: &Arc<dyn ExecutionPlan>) -> Self {
        Self(Arc::clone(plan))
    }

    /// What has been read until now.
    #[must_use]
    pub fn reached(&self) -> Reached {
        let mut reached = Reached {
            total_rows: Some(0),
            ..Reached::default()
        };
        add(&self.0, &mut reached);
        reached.total_rows = reached.total_rows.filter(|rows| *rows > 0);
        reached
    }
}

impl Reached {
    /// The part that is done, between 0 and 1, where the sources tell how many rows they have.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let total = self.total_rows? as f64;
        Some((self.rows as f64 / total).clamp(0.0, 1.0))
    }
}

fn add(plan: &Arc<dyn ExecutionPlan>, reached: &mut Reached) {
    let children = plan.children();
    if children.is_empty() {
        return add_source(plan, reached);
    }
    for child in children {
        add(child, reached);
    }
}

fn add_source(plan: &Arc<dyn ExecutionPlan>, reached: &mut Reached) {
    if let Some(metrics) = plan.metrics() {
        reached.rows += metrics.output_rows().unwrap_or(0) as u64;
        let bytes = metrics
            .sum_by_name("bytes_scanned")
            .as_ref()
            .map_or(0, MetricValue::as_usize);
        reached.bytes += bytes as u64;
    }
    let known = plan
        .downcast_ref::<DataSourceExec>()
        .and_then(|source| source.data_source().partition_statistics(None).ok())
        .and_then(|statistics| statistics.num_rows.get_value().copied());
    reached.total_rows = match (reached.total_rows, known) {
        (Some(sum), Some(rows)) => Some(sum.saturating_add(rows as u64)),
        _ => None,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Options};

    #[test]
    fn a_share_needs_a_total() {
        let half = Reached {
            rows: 5,
            total_rows: Some(10),
            bytes: 0,
        };
        assert_eq!(half.share(), Some(0.5));
        assert_eq!(Reached::default().share(), None);
    }

    #[tokio::test]
    async fn a_file_tells_its_rows_and_bytes() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/responses.parquet");
        let engine = Engine::open(Options::default()).await.unwrap();
        let sql = format!("SELECT sum(nps) FROM '{sample}'");
        let answer = engine.run(&sql, &[]).await.unwrap();
        let progress = answer.progress().unwrap();
        answer.collect().await.unwrap();
        let reached = progress.reached();
        assert_eq!(Some(reached.rows), reached.total_rows);
        assert!(reached.rows > 1_000 && reached.bytes > 1_000, "{reached:?}");
    }
}
