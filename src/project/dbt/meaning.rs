//! What a metric of dbt means here, or why it means nothing: a kind, an expression, a filter.
//!
//! A metric is taken only where its values stay the same; a ratio becomes a rate only where its
//! numerator certainly counts rows of its denominator.

use super::model::{Measure, SemanticModel};
use super::reading::{Aggregate, Definition, Files, Input, What};
use super::template::{filter, joined, resolve};
use crate::project::check::is_identifier;
use crate::project::metric::MetricKind;

/// A metric of dbt in the words of latido.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) model: usize,
    pub(super) kind: MetricKind,
    pub(super) expr: Option<String>,
    pub(super) time: String,
    pub(super) filter: Option<String>,
    /// What differs, and must be told.
    pub(super) remarks: Vec<String>,
}

/// An aggregate with all filters that hold for it.
struct Part {
    aggregate: Aggregate,
    filters: Vec<String>,
    ignored: Vec<&'static str>,
}

/// What a metric means.
pub(super) fn meaning(metric: &Definition, files: &Files) -> Result<Meaning, String> {
    match &metric.what {
        What::Other(reason) => Err(reason.clone()),
        What::Ratio(numerator, denominator) => ratio(metric, numerator, denominator, files),
        What::Simple(_) | What::Measure(_) => simple(part(metric, files)?, files),
    }
}

fn simple(part: Part, files: &Files) -> Result<Meaning, String> {
    let Part {
        aggregate,
        filters,
        ignored,
    } = part;
    let model = &files.models[aggregate.model];
    let (kind, expr) = kind(&aggregate, model)?;
    let remarks = ignored
        .into_iter()
        .map(|key| format!("{key} is left out: a period without rows is not shown here"));
    Ok(Meaning {
        model: aggregate.model,
        kind,
        expr,
        time: time(&aggregate, model)?,
        filter: filter(&filters, model)?,
        remarks: remarks.collect(),
    })
}

/// The aggregate of a simple metric.
fn part(metric: &Definition, files: &Files) -> Result<Part, String> {
    let mut filters = metric.filters.clone();
    let mut ignored = metric.ignored.clone();
    let aggregate = match &metric.what {
        What::Simple(aggregate) => aggregate.clone(),
        What::Measure(input) => {
            filters.extend(input.filters.iter().cloned());
            ignored.extend(&input.ignored);
            measure(&input.name, files)?
        }
        What::Ratio(..) | What::Other(_) => {
            return Err(format!("{} is no simple metric", metric.name));
        }
    };
    Ok(Part {
        aggregate,
        filters,
        ignored,
    })
}

fn measure(name: &str, files: &Files) -> Result<Aggregate, String> {
    let found = files.models.iter().enumerate().find_map(|(place, model)| {
        let measure = model.measures.iter().find(|measure| measure.name == name)?;
        Some(aggregate(place, measure))
    });
    found.ok_or_else(|| format!("its measure {name} is not defined in these files"))
}

/// The aggregate that a measure is.
pub(super) fn aggregate(model: usize, measure: &Measure) -> Aggregate {
    Aggregate {
        model,
        agg: measure.agg.clone(),
        expr: measure.expr.clone(),
        time: measure.time.clone(),
        is_non_additive: measure.is_non_additive,
    }
}

/// The kind of a metric and what it is computed of.
fn kind(
    aggregate: &Aggregate,
    model: &SemanticModel,
) -> Result<(MetricKind, Option<String>), String> {
    if aggregate.is_non_additive {
        let reason =
            "its non_additive_dimension has no meaning here: rows are never left out by time";
        return Err(reason.to_owned());
    }
    let expr =
        resolve(&aggregate.expr, model).map_err(|_| "its expression is a template".to_owned())?;
    Ok(match aggregate.agg.as_str() {
        "sum" | "count" if counts_rows(aggregate) => (MetricKind::Count, None),
        "sum" => (MetricKind::Sum, Some(expr)),
        "average" | "avg" => (MetricKind::Mean, Some(expr)),
        "count" => (MetricKind::Count, Some(expr)),
        "count_distinct" => (MetricKind::CountDistinct, Some(expr)),
        // The number of rows for which it holds, not their share.
        "sum_boolean" => (
            MetricKind::Sum,
            Some(format!("CASE WHEN {expr} THEN 1 ELSE 0 END")),
        ),
        other => {
            return Err(format!(
                "no kind for agg: {other}; latido has sum, mean, count, count_distinct, rate and the \
                 scores"
            ));
        }
    })
}

/// Whether it is the number of rows.
fn counts_rows(aggregate: &Aggregate) -> bool {
    let expr = aggregate.expr.trim();
    match aggregate.agg.as_str() {
        "sum" => expr == "1",
        "count" => expr == "1" || expr == "*",
        _ => false,
    }
}

/// The column that says to which period a row belongs.
fn time(aggregate: &Aggregate, model: &SemanticModel) -> Result<String, String> {
    let written = aggregate.time.as_ref().or(model.time.as_ref());
    let Some(written) = written else {
        let reason = "neither it nor its model has an agg_time_dimension, which says to which period \
                      a row belongs";
        return Err(reason.to_owned());
    };
    let own = model.primary.as_ref().map(|entity| format!("{entity}__"));
    let name = own
        .and_then(|own| written.strip_prefix(&own))
        .unwrap_or(written);
    match is_identifier(name) && !name.contains("__") {
        true => Ok(name.to_owned()),
        false => Err(format!(
            "its agg_time_dimension {written} is no column of {}",
            model.name
        )),
    }
}

/// A ratio that is a share of rows.
fn ratio(
    metric: &Definition,
    numerator: &Input,
    denominator: &Input,
    files: &Files,
) -> Result<Meaning, String> {
    if numerator.is_shifted || denominator.is_shifted {
        return Err("it compares with an earlier period; metric() does that by itself".to_owned());
    }
    let above = input(numerator, files)?;
    let below = input(denominator, files)?;
    let model = &files.models[below.aggregate.model];
    if above.aggregate.model != below.aggregate.model {
        return Err(
            "its parts are of different models, and latido joins no tables for a metric".to_owned(),
        );
    }
    let when = time(&below.aggregate, model)?;
    if time(&above.aggregate, model)? != when {
        return Err("its parts are laid out by different times".to_owned());
    }
    if !counts_rows(&below.aggregate) {
        return Err(format!(
            "not certainly a share: {} does not count rows; write it as a query of queries/",
            denominator.name
        ));
    }
    let whole = filter(&below.filters, model)?;
    let condition = counted(&above, whole.as_deref(), model)?;
    let own = filter(&metric.filters, model)?;
    Ok(Meaning {
        model: below.aggregate.model,
        kind: MetricKind::Rate,
        expr: Some(format!("coalesce(({condition}), false)")),
        time: when,
        filter: joined([whole, own].into_iter().flatten().collect()),
        remarks: vec!["a rate is 0–100 here, 0–1 in dbt".to_owned()],
    })
}

/// What holds for the rows of the denominator that a numerator counts.
fn counted(above: &Part, whole: Option<&str>, model: &SemanticModel) -> Result<String, String> {
    let kept = filter(&above.filters, model)?;
    let extra = match (whole, kept) {
        (None, kept) => kept,
        (Some(whole), Some(kept)) if whole == kept => None,
        _ => {
            let reason = "not certainly a share: its numerator may count rows that its denominator \
                          does not";
            return Err(reason.to_owned());
        }
    };
    let flag = event(&above.aggregate, model)?;
    let condition = joined([extra, flag].into_iter().flatten().collect());
    condition.ok_or_else(|| "its two parts count the same rows".to_owned())
}

/// The simple metric, or the measure that is one, of a name.
fn input(input: &Input, files: &Files) -> Result<Part, String> {
    let metric = files
        .metrics
        .iter()
        .find(|metric| metric.name == input.name);
    let mut part = match metric {
        Some(metric) => part(metric, files)?,
        None => Part {
            aggregate: measure(&input.name, files)
                .map_err(|_| format!("its part {} is not defined in these files", input.name))?,
            filters: Vec::new(),
            ignored: Vec::new(),
        },
    };
    part.filters.extend(input.filters.iter().cloned());
    Ok(part)
}

/// What holds for the rows that a numerator counts; `None` where it counts all that pass its filter.
fn event(aggregate: &Aggregate, model: &SemanticModel) -> Result<Option<String>, String> {
    let (kind, expr) = kind(aggregate, model)?;
    let expr = expr.unwrap_or_default();
    match (aggregate.agg.as_str(), kind) {
        (_, MetricKind::Count) if counts_rows(aggregate) => Ok(None),
        ("sum_boolean", _) => Ok(Some(resolve(&aggregate.expr, model)?)),
        ("count", _) => Ok(Some(format!("{expr} IS NOT NULL"))),
        ("sum", _) => match zero_or_one(&expr) {
            Some(condition) => Ok(Some(condition)),
            None => Err(format!(
                "not certainly a share: `{expr}` may be more than 0 or 1; write it as a query of queries/"
            )),
        },
        (agg, _) => Err(format!(
            "not certainly a share: its numerator is agg: {agg}"
        )),
    }
}

/// The condition of `CASE WHEN condition THEN 1 ELSE 0 END`.
fn zero_or_one(expr: &str) -> Option<String> {
    let words: Vec<&str> = expr.split_whitespace().collect();
    let flat = words.join(" ");
    let lower = flat.to_lowercase();
    let inner = lower
        .strip_prefix("case when ")?
        .strip_suffix(" then 1 else 0 end")?;
    let is_nested = inner
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "case" | "when"));
    // The quoted blanks of a text must not be changed.
    let is_safe = !is_nested && flat == expr.trim() && lower.len() == flat.len();
    is_safe.then(|| flat["case when ".len()..][..inner.len()].to_owned())
}
