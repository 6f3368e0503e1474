//! `latido export`: the project as a semantic model that other tools read.

use std::io::Write as _;

use super::telling::Telling;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::project::{TableColumns, export};

/// Writes the semantic model; the columns of each table are looked up where it can be opened.
pub(super) async fn write(engine: &Engine, telling: &Telling) -> Result<()> {
    let project = engine.project().ok_or_else(|| {
        Error::Usage(
            "there is no latido.yaml here to export; `latido init` writes a first one, --project \
             DIR names another place"
                .to_owned(),
        )
    })?;
    let mut known = Vec::new();
    for table in &project.tables {
        match columns(engine, &table.name).await {
            Ok(columns) => known.push(columns),
            Err(error @ (Error::Limit(_) | Error::Cancelled)) => return Err(error),
            Err(error) => telling.remark(&error.to_string()),
        }
    }
    let model = export(project, &known)?;
    for remark in &model.remarks {
        telling.remark(remark);
    }
    Ok(std::io::stdout().write_all(model.yaml.as_bytes())?)
}

async fn columns(engine: &Engine, table: &str) -> Result<TableColumns> {
    let sql = format!("SELECT * FROM \"{table}\" LIMIT 0");
    let schema = engine.run(&sql, &[]).await?.schema();
    let columns = schema.fields().iter();
    Ok(TableColumns {
        table: table.to_owned(),
        columns: columns
            .map(|it| (it.name().clone(), it.data_type().clone()))
            .collect(),
    })
}
