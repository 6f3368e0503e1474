//! `logrank(duration, event, group)` → {chi2, df, p, note}: whether groups have the event at the same
//! pace.
//!
//! The log-rank test of Mantel (1966) and Peto & Peto (1972) with the hypergeometric variance, over
//! all the time that anybody was observed. Rows with a NULL are left out; fewer than two groups, or
//! no event at all, gives NULL fields, and why in `note`. A negative duration is an error. State: events and censored
//! at each distinct duration of each group; beyond 254 durations 8 bytes a row; at most 254 groups.

use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::Documentation;
use datafusion_macros::user_doc;

use crate::functions::frame::{Aggregate, Answers, Call};
use crate::functions::parameter::{Kind, Parameter, required};
use crate::functions::record::{Layout, Shape, Value, record_type};
use crate::functions::tables::{Reading, Tables, table_state};
use crate::statistics::{Group, Table, log_rank};

const LAYOUT: Layout = &[
    ("chi2", Shape::Real),
    ("df", Shape::Place),
    ("p", Shape::Real),
    ("note", Shape::Text),
];

#[user_doc(
    doc_section(label = "Churn"),
    description = "Tests whether two or more groups leave at the same pace, over all the time they were observed. Use it beside survival by segment, to tell whether curves that look different are. It is strongest where one group leaves faster all along; curves that cross may cancel out. Assumes that who is not yet gone is no different in one group than in another. Holds two counts for each duration and group; at most 254 groups. Mantel 1966; Peto and Peto 1972.",
    syntax_example = "logrank(duration, event, group)",
    sql_example = "SELECT expand(logrank(tenure_months, churned, segment)) FROM customers",
    argument(
        name = "duration",
        description = "Time until the event, or until last seen; 0 or more."
    ),
    argument(
        name = "event",
        description = "Whether the event came: Boolean, or 1 and 0."
    ),
    argument(
        name = "group",
        description = "What the groups are called: text, whole number, decimal, date or Boolean."
    )
)]
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Logrank;

impl Aggregate for Logrank {
    type Groups = Tables;

    const NAME: &'static str = "logrank";
    const PARAMETERS: &'static [Parameter] = &[
        required("duration", Kind::Level),
        required("event", Kind::Flag),
        required("group", Kind::Name),
    ];

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }

    fn result(&self, _types: &[DataType]) -> DataType {
        record_type(LAYOUT)
    }

    fn state(&self, _types: &[DataType]) -> Vec<Field> {
        table_state()
    }

    fn open(&self, call: &Call<'_>) -> Result<Tables> {
        let readings = vec![
            Reading::duration(call, 0),
            Reading::flag(call, 1),
            Reading::name(call, 2),
        ];
        let answers = Answers::records(LAYOUT, |tables: &Vec<Table>| tested(&tables[0]));
        Ok(Tables::whole(readings, answers))
    }
}

fn tested(table: &Table) -> [Value; LAYOUT.len()] {
    let (test, note) = match log_rank(&groups(table)) {
        Ok(test) => (Some(test), None),
        Err(why) => (None, Some(why.to_string())),
    };
    [
        test.map(|test| test.chi2).into(),
        test.map(|test| u64::from(test.df)).into(),
        test.map(|test| test.p).into(),
        note.into(),
    ]
}

/// Events and censored of each group at each time that any group has.
fn groups(table: &Table) -> Vec<Group> {
    let names = table.margin(2);
    let times = table.margin(0);
    let mut groups: Vec<Group> = vec![vec![(0, 0); times.len()]; names.len()];
    let mut time = 0;
    for (row, count) in table.rows() {
        while times[time].0 < row[0] {
            time += 1;
        }
        let group = names.partition_point(|(name, _)| *name < row[2]);
        let (events, censored) = &mut groups[group][time];
        if row[1] > 0.0 {
            *events += count;
        } else {
            *censored += count;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::Logrank;
    use crate::functions::tester::{fields, ints, reals, texts};

    /// By hand: at time 1 one of two is expected of each group of one: (1 − ½)² / ¼ = 1.
    #[test]
    fn two_groups_of_one() {
        let given = [reals(&[1.0, 2.0]), ints(&[1, 0]), texts(&["a", "b"])];
        assert_eq!(fields::<Logrank>(&given, "chi2 df note"), "1.0 1 NULL");
        let turned = [reals(&[2.0, 1.0]), ints(&[0, 1]), texts(&["b", "a"])];
        assert_eq!(
            fields::<Logrank>(&given, "chi2 df p"),
            fields::<Logrank>(&turned, "chi2 df p")
        );
    }

    #[test]
    fn one_group_is_not_compared() {
        let note = |times: &[f64], events: &[i64], groups: &[&str]| {
            let given = [reals(times), ints(events), texts(groups)];
            let found = fields::<Logrank>(&given, "chi2 df p note");
            found.strip_prefix("NULL NULL NULL ").unwrap().to_owned()
        };
        assert_eq!(note(&[], &[], &[]), "there are no rows");
        assert_eq!(
            note(&[1.0, 2.0], &[1, 1], &["a", "NULL"]),
            "there is one group only"
        );
        assert_eq!(
            note(&[1.0, 2.0], &[0, 0], &["a", "b"]),
            "nobody had the event"
        );
        assert_eq!(
            note(&[1.0, 2.0], &[0, 1], &["a", "b"]),
            "fewer than two groups were seen until the first event"
        );
        assert_eq!(
            note(&[1.0, 1.0], &[1, 1], &["a", "b"]),
            "all who were left had the event at the same time"
        );
    }
}
