//! Known tables as the queries of the library find them: with every known column, a missing one
//! blank, and a missing table empty.
//!
//! Here because the library asks for all that feedback may hold, and a project has what it has: a
//! survey without a channel still has its NPS by month. What was filled in is told with the answer.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::{DataType, Field, FieldRef, Schema, TimeUnit};
use chrono_tz::Tz;
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, DataFusionError, ScalarValue};
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::functions::datetime::expr_fn::to_local_time;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, cast, lit, when};

use super::errors::explain;
use super::flags::as_flag;
use crate::error::Result;
use crate::model::{ColumnKind, KnownColumn, KnownTable};

/// The column that says when a customer left.
const LEAVING: &str = "churned_on";
/// 2100-01-01, in days since 1970: a leaving from then on is a mark for none.
const NEVER: i32 = 47_482;

/// What was filled in for a query of the library.
#[derive(Debug)]
pub(super) struct Completion {
    remarks: Mutex<Vec<String>>,
    /// The zone in which the days of the project begin.
    zone: Tz,
    /// The query: what it does not mention needs no word.
    sql: String,
}

impl Completion {
    /// For a project whose days begin in this zone.
    pub(super) fn of(zone: Tz, sql: &str) -> Self {
        Self {
            remarks: Mutex::default(),
            zone,
            sql: sql.to_lowercase(),
        }
    }

    /// The table with its known columns, those that it lacks blank, and its known moments as the
    /// clocks of the project's zone show them.
    pub(super) fn complete(
        &self,
        name: &str,
        table: Arc<dyn TableProvider>,
    ) -> Result<Arc<dyn TableProvider>> {
        let Some(known) = KnownTable::find(name) else {
            return Ok(table);
        };
        let schema = table.schema();
        let has = |column: &&KnownColumn| {
            let mut fields = schema.fields().iter();
            !fields.any(|field| field.name().eq_ignore_ascii_case(column.name))
        };
        let missing: Vec<&KnownColumn> = known.columns.iter().filter(has).collect();
        let reading = Reading {
            known,
            zone: self.zone,
        };
        if missing.is_empty() && !schema.fields().iter().any(|field| reading.changes(field)) {
            return Ok(table);
        }
        self.tell_missing(name, &missing);
        let here = schema.fields().iter();
        let here = here.map(|field| reading.column(field));
        let here = here.collect::<Result<Vec<_>, DataFusionError>>();
        let blank = |column: &&KnownColumn| {
            let blank = ScalarValue::try_from(data_type(column.kind));
            blank.map(|blank| lit(blank).alias(column.name))
        };
        let blanks = missing.iter().map(blank).collect::<Result<Vec<_>, _>>();
        let (here, blanks) = (here.map_err(explain)?, blanks.map_err(explain)?);
        let plan = LogicalPlanBuilder::scan(name, provider_as_source(table), None)
            .and_then(|scan| scan.project(here.into_iter().chain(blanks)))
            .and_then(LogicalPlanBuilder::build)
            .map_err(explain)?;
        Ok(Arc::new(ViewTable::new(plan, None)))
    }

    fn tell_missing(&self, table: &str, missing: &[&KnownColumn]) {
        let names = missing.iter().map(|column| column.name);
        let names: Vec<&str> = names.filter(|name| self.mentions(name)).collect();
        let word = match names.len() {
            0 => return,
            1 => "column",
            _ => "columns",
        };
        let names = names.join(", ");
        self.remark(format!("{table} has no {word} {names}: taken as blank"));
    }

    /// Whether the query has a word.
    fn mentions(&self, name: &str) -> bool {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        self.sql
            .split(|letter| !is_part(letter))
            .any(|word| word == name)
    }

    /// An empty table in the place of a known one that is not there.
    pub(super) fn absent(&self, name: &str) -> Option<Arc<dyn TableProvider>> {
        let known = KnownTable::find(name)?;
        let fields = known.columns.iter();
        let fields = fields.map(|column| Field::new(column.name, data_type(column.kind), true));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        self.remark(format!("there is no table {name}: taken as empty"));
        Some(Arc::new(EmptyTable::new(Arc::new(schema))))
    }

    /// What was filled in, once each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        remarks.sort();
        remarks.dedup();
        std::mem::take(&mut remarks)
    }

    fn remark(&self, text: String) {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        remarks.push(text);
    }
}

/// How the columns that a known table has are read.
struct Reading {
    known: &'static KnownTable,
    zone: Tz,
}

impl Reading {
    /// The column as it is, or read as what it is known to hold.
    fn column(&self, field: &FieldRef) -> Result<Expr, DataFusionError> {
        let name = field.name();
        let mut column = Expr::Column(Column::from_name(name));
        if self.is_flag(field) {
            column = as_flag(self.known.name, name, column).alias(name);
        } else if let Some(kind) = self.read_as(field) {
            column = match kind {
                // A day may be written with a time of day.
                DataType::Date32 => {
                    let moment = DataType::Timestamp(TimeUnit::Microsecond, None);
                    cast(cast(column, moment), DataType::Date32)
                }
                kind => cast(column, kind),
            }
            .alias(name);
        }
        if self.may_never_come(field) {
            column = within_reach(column)?.alias(name);
        }
        Ok(match self.is_elsewhere(field) {
            true => local(column, self.zone).alias(name),
            false => column,
        })
    }

    fn changes(&self, field: &FieldRef) -> bool {
        self.is_elsewhere(field)
            || self.may_never_come(field)
            || self.read_as(field).is_some()
            || self.is_flag(field)
    }

    /// A yes or no that is kept as something else.
    fn is_flag(&self, field: &FieldRef) -> bool {
        let known = self.known.column(field.name());
        let is_other = field.data_type() != &DataType::Boolean;
        is_other && known.is_some_and(|known| known.kind == ColumnKind::Flag)
    }

    /// Texts of columns that hold something else: moments kept as text do not sort as moments do, and a
    /// column of CSV that is blank throughout has no type of its own.
    fn read_as(&self, field: &FieldRef) -> Option<DataType> {
        let kind = self.known.column(field.name())?.kind;
        let is_read = kind != ColumnKind::Text && field.data_type().is_string();
        is_read.then(|| data_type(kind))
    }

    /// Moments that the clocks of the project's zone show otherwise.
    fn is_elsewhere(&self, field: &FieldRef) -> bool {
        let known = self.known.column(field.name());
        let kept = self.read_as(field);
        let kind = kept.as_ref().unwrap_or(field.data_type());
        let is_moment = matches!(kind, DataType::Timestamp(..));
        self.zone != Tz::UTC && is_moment && known.is_some()
    }

    /// A day of leaving, which others write as one that never comes.
    fn may_never_come(&self, field: &FieldRef) -> bool {
        let is_day = field.data_type().is_temporal() || self.read_as(field).is_some();
        self.known.column(LEAVING).is_some() && field.name().eq_ignore_ascii_case(LEAVING) && is_day
    }
}

/// A day of leaving that can come: 9999-12-31 and the like are how other systems write that a customer
/// has not left, and no day of leaving.
fn within_reach(day: Expr) -> Result<Expr, DataFusionError> {
    let reached = day.clone().lt(lit(ScalarValue::Date32(Some(NEVER))));
    when(reached, day).end()
}

/// A moment as the clocks of a zone show it, without a zone.
fn local(moment: Expr, zone: Tz) -> Expr {
    let labelled = |zone: &str| DataType::Timestamp(TimeUnit::Microsecond, Some(zone.into()));
    // Without a zone it is universal time.
    let universal = cast(moment, labelled("UTC"));
    to_local_time(vec![cast(universal, labelled(zone.name()))])
}

fn data_type(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Rating(..) | ColumnKind::Integer => DataType::Int64,
        ColumnKind::Number => DataType::Float64,
        ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Date => DataType::Date32,
        ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}
