//! How the arguments of a table are read.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};

use super::Tables;
use super::cell::Column;
use super::coding::{Coder, Texts};
use super::merging::too_many_names;
use crate::functions::columns::flag_codes;
use crate::functions::frame::Call;
use crate::functions::values::ValueReader;

/// How an argument is read.
#[derive(Debug, Clone)]
pub(crate) enum Reading {
    /// Any number; also Boolean, which is 0 or 1.
    Value(ValueReader),
    /// True or false, 1 or 0.
    Flag(&'static str, String),
    /// A text that names a group.
    Name(&'static str, String),
}

impl Reading {
    /// Of a value.
    pub(crate) fn value(call: &Call<'_>, place: usize) -> Self {
        Self::Value(ValueReader::values(call, place))
    }

    /// Of a value of 0 or more.
    pub(crate) fn duration(call: &Call<'_>, place: usize) -> Self {
        Self::Value(ValueReader::amounts(call, place))
    }

    /// Of a flag.
    pub(crate) fn flag(call: &Call<'_>, place: usize) -> Self {
        Self::Flag(call.function(), call.label(place))
    }

    /// Of the name of a group.
    pub(crate) fn name(call: &Call<'_>, place: usize) -> Self {
        Self::Name(call.function(), call.label(place))
    }

    pub(super) fn function(&self) -> &'static str {
        match self {
            Self::Value(reader) => reader.function,
            Self::Flag(function, _) | Self::Name(function, _) => function,
        }
    }

    pub(super) fn label(&self) -> &str {
        match self {
            Self::Value(reader) => &reader.label,
            Self::Flag(_, label) | Self::Name(_, label) => label,
        }
    }

    pub(super) fn coder(&self) -> Coder {
        match self {
            Self::Name(..) => Coder::Texts(Texts::default()),
            Self::Value(_) | Self::Flag(..) => Coder::numbers(),
        }
    }
}

impl Tables {
    /// The columns of a batch.
    pub(super) fn read_all(&mut self, arguments: &[ArrayRef]) -> Result<Vec<Column>> {
        let readings = Arc::clone(&self.readings);
        let columns = readings.iter().zip(arguments).enumerate();
        columns
            .map(|(place, (reading, column))| self.read(place, reading, column))
            .collect()
    }

    fn read(&mut self, place: usize, reading: &Reading, column: &ArrayRef) -> Result<Column> {
        let values = match (reading, &mut self.coders[place]) {
            (Reading::Value(reader), Coder::Numbers(numbers)) => {
                if let Some(codes) = numbers.codes_of_whole(column)
                    && !(reader.refuses_negative() && numbers.has_negative())
                {
                    return Ok(Column::Codes(codes));
                }
                let values = reader.read_any(column)?;
                match numbers.codes(&values) {
                    Some(codes) => return Ok(Column::Codes(codes)),
                    None => values,
                }
            }
            (Reading::Flag(function, label), Coder::Numbers(numbers)) => {
                if column.data_type() == &DataType::Boolean
                    && let Some(codes) = numbers.codes_of_whole(column)
                {
                    return Ok(Column::Codes(codes));
                }
                let flags = flag_codes(function, label, column)?;
                let (no, yes) = (
                    numbers.code(0.0).unwrap_or(0),
                    numbers.code(1.0).unwrap_or(0),
                );
                let codes = [no, yes];
                let code = |flag: &u8| codes.get(usize::from(*flag)).copied().unwrap_or(0);
                return Ok(Column::Codes(flags.iter().map(code).collect()));
            }
            (Reading::Name(function, label), Coder::Texts(texts)) => {
                return match texts.codes(column.as_string_view()) {
                    Some(codes) => Ok(Column::Codes(codes)),
                    None => too_many_names(function, label),
                };
            }
            _ => {
                return exec_err!(
                    "{}: a column that is not read as it was opened",
                    reading.function()
                );
            }
        };
        self.widen(place);
        Ok(Column::Values(values))
    }
}
