//! How the arguments of a table are read.

use super::coding::{Coder, Texts};
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
