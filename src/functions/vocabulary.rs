//! Words of comments, counted by group: the state of `keyness`.

use arrow::array::{Array, ArrayRef, AsArray};
use datafusion::common::Result;
use datafusion::logical_expr::EmitTo;

use crate::functions::columns::{BLANK, flag_codes};
use crate::functions::fold::{Groups, Rows};
use crate::functions::frame::{Answers, Call};
use crate::functions::named::{Name, Named, NamedFold};
use crate::functions::words::words;
use crate::model::RateTally;

/// How often each word was written, and how often in flagged comments.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    function: &'static str,
    label: String,
    words: Named<Written>,
}

impl Vocabulary {
    /// The store of a call whose arguments are comment and flag.
    pub(crate) fn new(call: &Call<'_>, answers: Answers<Vec<Name<RateTally>>>) -> Self {
        Self {
            function: call.function(),
            label: call.label(1),
            words: Named::new(Written, answers),
        }
    }
}

/// A comment is many names, so its rows are added word by word.
#[derive(Debug, Clone)]
pub(crate) struct Written;

impl NamedFold for Written {
    type Tally = RateTally;
    type Batch<'a> = ();

    const NAMES: usize = 0;

    fn read(&self, _arguments: &[ArrayRef]) -> Result<()> {
        Ok(())
    }

    fn add(&self, _batch: &(), _row: usize, _tally: &mut RateTally) {}
}

impl Groups for Vocabulary {
    fn empty(&self) -> Self {
        Self {
            function: self.function,
            label: self.label.clone(),
            words: self.words.empty(),
        }
    }

    fn grow(&mut self, groups: usize) {
        self.words.grow(groups);
    }

    fn update(&mut self, arguments: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.grow(rows.groups());
        let flags = flag_codes(self.function, &self.label, &arguments[1])?;
        let comments = arguments[0].as_string_view();
        for (row, flag) in flags.iter().enumerate() {
            if *flag == BLANK || comments.is_null(row) {
                continue;
            }
            for word in words(comments.value(row)) {
                let number = self.words.number(&word);
                self.words.tally(rows.group(row), number).add(*flag == 1);
            }
        }
        Ok(())
    }

    fn retract(&mut self, arguments: &[ArrayRef]) -> Result<()> {
        self.words.retract(arguments)
    }

    fn merge(&mut self, columns: &[ArrayRef], rows: Rows<'_>) -> Result<()> {
        self.words.merge(columns, rows)
    }

    fn take(&mut self, emit: EmitTo) -> Self {
        Self {
            function: self.function,
            label: self.label.clone(),
            words: self.words.take(emit),
        }
    }

    fn settle(&mut self) {
        self.words.settle();
    }

    fn save(&self) -> Result<Vec<ArrayRef>> {
        self.words.save()
    }

    fn finish(&self) -> Result<ArrayRef> {
        self.words.finish()
    }

    fn size(&self) -> usize {
        self.words.size()
    }
}
