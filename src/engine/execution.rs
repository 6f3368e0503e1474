//! A plan runs on the workers; its rows come to the caller through a narrow channel.
//!
//! The caller waits on the channel only, so a poll that takes long cannot hold it up; dropping the
//! answer stops the plan at its next yield.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use super::answer::Answer;
use super::errors::explain;
use super::places::places;
use super::progress::Progress;
use super::rewrite::Labels;
use super::stop::StopOnDrop;
use super::workers::{Deadline, Task, Workers, panicked};
use crate::error::{Error, Result};

/// Batches that wait for the caller.
const AHEAD: usize = 2;

/// A plan and what it runs with.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) plan: Arc<dyn ExecutionPlan>,
    pub(super) context: Arc<TaskContext>,
    /// How the arguments of its functions were written.
    pub(super) labels: Labels,
    /// What must be said of the answer.
    pub(super) remarks: Vec<String>,
}

/// A batch, or `None` after the last: a channel that closes without it was cut off.
type Message = Result<Option<RecordBatch>>;

struct Rows {
    receiver: mpsc::Receiver<Message>,
    deadline: Deadline,
    _task: Task<()>,
    _stopping: StopOnDrop,
    /// The workers outlive the engine while an answer is read.
    _workers: Arc<Workers>,
}

/// Starts a plan; it is asked to stop when the answer is dropped.
pub(super) fn start(
    workers: &Arc<Workers>,
    deadline: Deadline,
    stopping: StopOnDrop,
    ready: Ready,
) -> Answer {
    let mut ready = ready;
    let remarks = std::mem::take(&mut ready.remarks);
    let schema = ready.plan.schema();
    let progress = Progress::of(&ready.plan);
    let (sender, receiver) = mpsc::channel(AHEAD);
    let rows = Rows {
        receiver,
        deadline,
        _task: workers.spawn(pump(ready, sender)),
        _stopping: stopping,
        _workers: Arc::clone(workers),
    };
    let batches = futures::stream::unfold(Some(rows), |rows| async {
        let mut rows = rows?;
        match rows.next().await {
            Ok(Some(batch)) => Some((Ok(batch), Some(rows))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    Answer::new(schema, batches)
        .with_progress(Some(progress))
        .with_remarks(remarks)
}

impl Rows {
    async fn next(&mut self) -> Message {
        match self.deadline.limit(self.receiver.recv()).await? {
            Some(message) => message,
            None => Err(Error::Cancelled),
        }
    }
}

async fn pump(ready: Ready, sender: mpsc::Sender<Message>) {
    let plan = Arc::clone(&ready.plan);
    let last = match AssertUnwindSafe(send_rows(ready, &sender))
        .catch_unwind()
        .await
    {
        Ok(Ok(())) => Ok(None),
        Ok(Err(error)) => Err(error),
        Err(panic) => Err(panicked(panic.as_ref(), &places(&plan))),
    };
    // Nobody listens any more when this fails.
    let _ = sender.send(last).await;
}

async fn send_rows(ready: Ready, sender: &mpsc::Sender<Message>) -> Result<()> {
    let explain = |error| ready.labels.explain(explain(error));
    let mut stream = execute_stream(ready.plan, ready.context).map_err(explain)?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(explain)?;
        if batch.num_rows() > 0 && sender.send(Ok(Some(batch))).await.is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use datafusion::execution::FunctionRegistry;
    use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};

    use super::*;
    use crate::engine::options::Options;
    use crate::engine::session::Sessions;
    use crate::engine::stop::Stop;

    #[tokio::test]
    async fn a_panic_becomes_the_error_of_its_statement() {
        let mut state = Sessions::new(&Options::default())
            .unwrap()
            .open(&Stop::default());
        let boom = create_udf(
            "boom",
            vec![],
            arrow::datatypes::DataType::Int64,
            Volatility::Volatile,
            Arc::new(|_: &[ColumnarValue]| panic!("the page is torn")),
        );
        state.register_udf(Arc::new(boom)).unwrap();
        let plan = state.create_logical_plan("select boom()").await.unwrap();
        let ready = Ready {
            plan: state.create_physical_plan(&plan).await.unwrap(),
            context: state.task_ctx(),
            labels: Labels::default(),
            remarks: Vec::new(),
        };
        let workers = Arc::new(Workers::start(1).unwrap());
        let answer = start(
            &workers,
            Deadline::after(None),
            StopOnDrop(Stop::default()),
            ready,
        );
        let error = answer.collect().await.unwrap_err();
        assert!(
            matches!(&error, Error::Internal(text) if text == "the page is torn"),
            "{error}"
        );
        let next = workers.run(Deadline::after(None), async { Ok(1) }).await;
        assert_eq!(next.unwrap(), 1);
    }
}
