//! What a chart shows: at most five concepts, promised by its header and held to at run time.

use std::collections::BTreeSet;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use futures::StreamExt;

use super::answer::Answer;
use crate::error::{Error, Result};

/// More than this nobody reads from one chart.
pub const MOST_CONCEPTS: usize = 5;

/// What a chart shows, as its header promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concepts {
    /// `a, b, c`: columns of the answer. Where the answer has no such columns, they are the values
    /// of its first text column, and more values than names are refused.
    Named(Vec<String>),
    /// `top N of column`: the values of that column, NULL (the rest) not counted.
    Top {
        /// How many at most.
        most: usize,
        /// The column that holds them.
        column: String,
    },
}

impl Concepts {
    /// Reads the value of `concepts` in a header.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let concepts = match text.strip_prefix("top ") {
            Some(rest) => top(rest)?,
            None => Self::Named(text.split(',').map(|name| name.trim().to_owned()).collect()),
        };
        match concepts.most() {
            0 => Err("there are none".into()),
            most if most > MOST_CONCEPTS => Err(format!(
                "{most} concepts; a chart shows at most {MOST_CONCEPTS}, so leave some out or make \
                 it a table"
            )),
            _ => Ok(concepts),
        }
    }

    /// How many there may be.
    #[must_use]
    pub fn most(&self) -> usize {
        match self {
            Self::Named(names) => names.len(),
            Self::Top { most, .. } => *most,
        }
    }

    /// The answer, which ends in an error as soon as it holds more.
    pub(super) fn watch(&self, query: &str, answer: Answer) -> Answer {
        let (schema, progress) = (answer.schema(), answer.progress());
        let column = match self.column(query, &schema) {
            Ok(Some(column)) => column,
            Ok(None) => return answer,
            Err(error) => {
                let failed = futures::stream::once(async { Err(error) });
                return Answer::new(schema, failed);
            }
        };
        let mut seen = BTreeSet::new();
        let (most, query) = (self.most(), query.to_owned());
        let watched = answer.map(move |batch| {
            let batch = batch?;
            add_values(batch.column(column), &mut seen)?;
            if seen.len() > most {
                return Err(Error::Data(format!(
                    "query {query} shows more than the {most} concepts of its header: {}",
                    seen.iter()
                        .take(most + 1)
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", ")
                )));
            }
            Ok(batch)
        });
        Answer::new(schema, watched).with_progress(progress)
    }

    /// The column whose values are the concepts, if they are not columns themselves.
    fn column(&self, query: &str, schema: &SchemaRef) -> Result<Option<usize>> {
        match self {
            Self::Named(names) if names.iter().all(|name| schema.index_of(name).is_ok()) => {
                Ok(None)
            }
            Self::Named(_) => Ok(schema
                .fields()
                .iter()
                .position(|field| is_text(field.data_type()))),
            Self::Top { column, .. } => schema.index_of(column).map(Some).map_err(|_| {
                Error::Data(format!(
                    "query {query} promises concepts of {column}, a column that its answer lacks"
                ))
            }),
        }
    }
}

fn top(rest: &str) -> Result<Concepts, String> {
    let form = "write `top 5 of column`";
    let (most, column) = rest.split_once(" of ").ok_or(form)?;
    Ok(Concepts::Top {
        most: most.trim().parse().map_err(|_| form)?,
        column: column.trim().to_owned(),
    })
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

fn add_values(column: &ArrayRef, seen: &mut BTreeSet<String>) -> Result<()> {
    let options = FormatOptions::default();
    let shown = ArrayFormatter::try_new(column.as_ref(), &options)
        .map_err(|error| Error::Internal(error.to_string()))?;
    let values = (0..column.len()).filter(|row| column.is_valid(*row));
    seen.extend(values.map(|row| shown.value(row).to_string()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};
    use arrow::record_batch::RecordBatch;

    use super::*;

    async fn watched(concepts: &str, kpis: Vec<Option<&str>>) -> Result<usize> {
        let values = Float64Array::from(vec![1.0; kpis.len()]);
        let batch = RecordBatch::try_from_iter([
            ("value", Arc::new(values) as ArrayRef),
            ("kpi", Arc::new(StringArray::from(kpis))),
        ])
        .unwrap();
        let schema = batch.schema();
        let answer = Answer::new(schema, futures::stream::once(async { Ok(batch) }));
        let concepts = Concepts::parse(concepts).unwrap();
        let batches = concepts.watch("q", answer).collect().await?;
        Ok(batches.iter().map(RecordBatch::num_rows).sum())
    }

    #[tokio::test]
    async fn more_values_than_promised_are_refused() {
        let rows = vec![Some("a"), Some("b"), Some("a"), None];
        assert_eq!(watched("top 2 of kpi", rows.clone()).await.unwrap(), 4);
        assert_eq!(watched("nps, csat", rows.clone()).await.unwrap(), 4);
        assert_eq!(watched("value", rows.clone()).await.unwrap(), 4);
        let error = watched("top 1 of kpi", rows.clone()).await.unwrap_err();
        assert!(
            error.to_string().ends_with("of its header: a, b"),
            "{error}"
        );
        assert!(watched("nps", rows.clone()).await.is_err());
        assert!(watched("top 1 of reason", rows).await.is_err());
    }
}
