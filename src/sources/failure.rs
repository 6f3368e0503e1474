//! Errors of stores and readers in the words of the person who named the place.

use datafusion::error::DataFusionError;

use super::stores::explain;
use crate::error::Error;

/// An error that happened at a place; an error of ours keeps its own words.
pub(super) fn at(place: &str, error: DataFusionError) -> Error {
    match own(error) {
        Ok(own) => own,
        Err(error) => Error::place(place, reason(&error)),
    }
}

/// The error of ours that travels inside, if one does.
fn own(error: DataFusionError) -> Result<Error, DataFusionError> {
    match error {
        DataFusionError::External(inner) => inner
            .downcast::<Error>()
            .map(|own| *own)
            .map_err(DataFusionError::External),
        DataFusionError::Context(_, inner) => own(*inner),
        other => Err(other),
    }
}

/// One line without the layers that the error went through.
pub(super) fn reason(error: &DataFusionError) -> String {
    if let Some(inner) = of_a_store(error)
        && let Error::Place { reason, .. } = explain("", inner)
    {
        return reason;
    }
    let root = error.find_root();
    let text = root.strip_backtrace();
    let text = text.lines().next().unwrap_or_default().trim();
    bare(text).to_owned()
}

/// The store's error, however deep the readers wrapped it.
pub(super) fn of_a_store(error: &DataFusionError) -> Option<&object_store::Error> {
    if let DataFusionError::ObjectStore(inner) = error.find_root() {
        return Some(inner);
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(store) = inner.downcast_ref::<object_store::Error>() {
            return Some(store);
        }
        cause = inner.source();
    }
    None
}

/// Takes away the names of layers in front of the message.
pub(super) fn bare(text: &str) -> &str {
    const LAYERS: [&str; 13] = [
        "Parquet argument error: ",
        "Parquet error: ",
        "Arrow error: ",
        "External error: ",
        "External: ",
        "Execution error: ",
        "Parser error: ",
        "Csv error: ",
        "Json error: ",
        "Ipc error: ",
        "IO error: ",
        "Io error: ",
        "Internal error: ",
    ];
    LAYERS
        .iter()
        .find_map(|layer| text.strip_prefix(layer))
        .map_or(text, bare)
}

/// Whether an error comes from the bytes of a file rather than from the question that is asked.
pub(super) fn is_of_file(error: &DataFusionError) -> bool {
    use arrow::error::ArrowError;
    match error.find_root() {
        DataFusionError::ParquetError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_) => true,
        DataFusionError::ArrowError(inner, _) => matches!(
            inner.as_ref(),
            ArrowError::ParseError(_)
                | ArrowError::CsvError(_)
                | ArrowError::JsonError(_)
                | ArrowError::IpcError(_)
                | ArrowError::ParquetError(_)
                | ArrowError::IoError(_, _)
                | ArrowError::ExternalError(_)
                | ArrowError::SchemaError(_)
                | ArrowError::InvalidArgumentError(_)
        ),
        _ => false,
    }
}

/// What a panic said.
pub(super) fn panicked(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    format!("cannot be read, the file is most likely damaged (the reader gave up: {text})")
}
