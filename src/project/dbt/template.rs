//! Filters of dbt: SQL with `{{ Dimension('order__status') }}` where a column is meant.
//!
//! A template is put in its place only where it can mean one thing: a dimension or an entity of the
//! metric's own model. What reaches into another model, or is any other template, is refused with
//! its reason.

use super::model::SemanticModel;

/// Lengths of time that a dimension can be cut to.
const GRAINS: [&str; 6] = ["hour", "day", "week", "month", "quarter", "year"];

/// Filters as one expression over the columns of the model's table; `None` without any.
pub(super) fn filter(filters: &[String], model: &SemanticModel) -> Result<Option<String>, String> {
    let resolved: Vec<String> = filters
        .iter()
        .map(|filter| resolve(filter, model))
        .collect::<Result<_, _>>()?;
    Ok(joined(resolved))
}

/// Conditions that must all hold; the same one counts once.
pub(super) fn joined(mut conditions: Vec<String>) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    conditions.retain(|condition| seen.insert(condition.clone()));
    match conditions.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => {
            let parts: Vec<String> = several.iter().map(|part| format!("({part})")).collect();
            Some(parts.join(" AND "))
        }
    }
}

/// A text whose templates are replaced by columns.
pub(super) fn resolve(text: &str, model: &SemanticModel) -> Result<String, String> {
    if text.contains("{%") {
        return Err("its filter has a Jinja statement ({% … %})".to_owned());
    }
    let mut resolved = String::new();
    let mut rest = text.trim();
    while let Some((before, after)) = rest.split_once("{{") {
        let (inner, after) = after
            .split_once("}}")
            .ok_or_else(|| "a template of its filter has no end".to_owned())?;
        resolved.push_str(before);
        resolved.push_str(&column(inner.trim(), model)?);
        rest = after;
    }
    resolved.push_str(rest);
    Ok(resolved)
}

/// The column that a template means.
fn column(template: &str, model: &SemanticModel) -> Result<String, String> {
    let unknown =
        || format!("its filter has the template {{{{ {template} }}}}, which is not known here");
    let (kind, rest) = template.split_once('(').ok_or_else(unknown)?;
    let (arguments, after) = rest.split_once(')').ok_or_else(unknown)?;
    let mut arguments = arguments.split(',').map(unquoted);
    let name = arguments.next().flatten().ok_or_else(unknown)?;
    let mut grain = match arguments.next() {
        None => None,
        Some(Some(grain)) if kind.trim() == "TimeDimension" => Some(grain),
        Some(_) => return Err(unknown()),
    };
    if arguments.next().is_some() {
        return Err(unknown());
    }
    let after = after.trim();
    if !after.is_empty() {
        let cut = after
            .strip_prefix(".grain(")
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(unquoted);
        grain = Some(cut.ok_or_else(unknown)?);
    }
    match kind.trim() {
        "Dimension" | "TimeDimension" => dimension(name, grain, model),
        "Entity" if grain.is_none() => entity(name, model),
        _ => Err(unknown()),
    }
}

fn dimension(path: &str, grain: Option<&str>, model: &SemanticModel) -> Result<String, String> {
    let mut steps: Vec<&str> = path.split("__").collect();
    let mut grain = grain.map(str::to_lowercase);
    let is_cut = steps.len() > 1
        && steps
            .last()
            .is_some_and(|last| GRAINS.contains(last) && !model.has_dimension(last));
    if is_cut {
        grain = steps.pop().map(str::to_owned);
    }
    let name = steps.pop().unwrap_or_default();
    own(&steps, path, model)?;
    if !model.has_dimension(name) {
        return Err(format!(
            "its filter names the dimension {path}, which {} does not have",
            model.name
        ));
    }
    match grain {
        None => Ok(name.to_owned()),
        Some(grain) if GRAINS.contains(&grain.as_str()) => {
            Ok(format!("date_trunc('{grain}', {name})"))
        }
        Some(grain) => Err(format!(
            "its filter cuts {name} to {grain}, which is not known here"
        )),
    }
}

fn entity(path: &str, model: &SemanticModel) -> Result<String, String> {
    let mut steps: Vec<&str> = path.split("__").collect();
    let name = steps.pop().unwrap_or_default();
    own(&steps, path, model)?;
    let found = model.entities.iter().find(|entity| entity.name == name);
    match found {
        Some(entity) => Ok(entity.expr.clone()),
        None => Err(format!(
            "its filter names the entity {path}, which {} does not have",
            model.name
        )),
    }
}

/// What stands before a name must be the model's own key.
fn own(steps: &[&str], path: &str, model: &SemanticModel) -> Result<(), String> {
    match steps {
        [] => Ok(()),
        [entity] if model.primary.as_deref() == Some(*entity) => Ok(()),
        _ => Err(format!(
            "its filter reaches {path} in another model, and latido joins no tables for a metric"
        )),
    }
}

fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.is_empty()).then_some(inner)
    })
}
