//! The tables and columns that the query library and the dashboard know.
//!
//! Every column beyond the keys may be absent, further columns are kept, and any other table can be
//! asked as it is: functions take columns, not names of tables.

/// What a known column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, identifiers included.
    Text,
    /// An answer on a scale, its lowest and highest point given.
    Rating(u8, u8),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false, or 1 and 0.
    Flag,
    /// A day.
    Date,
    /// A moment in universal time.
    Timestamp,
}

/// A column that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// A table that is known by name.
#[derive(Debug, Clone, Copy)]
pub struct KnownTable {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// The column that says when it happened.
    pub time: &'static str,
    /// Its columns.
    pub columns: &'static [KnownColumn],
}

const fn known(name: &'static str, kind: ColumnKind) -> KnownColumn {
    KnownColumn { name, kind }
}

/// The tables that are known by name.
pub const KNOWN_TABLES: &[KnownTable] = &[
    KnownTable {
        name: "responses",
        row: "one survey answer sheet",
        time: "responded_at",
        columns: &[
            known("response_id", ColumnKind::Text),
            known("responded_at", ColumnKind::Timestamp),
            known("customer_id", ColumnKind::Text),
            known("source", ColumnKind::Text),
            known("touchpoint", ColumnKind::Text),
            known("channel", ColumnKind::Text),
            known("segment", ColumnKind::Text),
            known("region", ColumnKind::Text),
            known("nps", ColumnKind::Rating(0, 10)),
            known("csat", ColumnKind::Rating(1, 5)),
            known("ces", ColumnKind::Rating(1, 7)),
            known("expectation", ColumnKind::Rating(1, 5)),
            known("reason", ColumnKind::Text),
            known("comment", ColumnKind::Text),
            known("language", ColumnKind::Text),
            known("weight", ColumnKind::Number),
        ],
    },
    KnownTable {
        name: "customers",
        row: "one customer, now",
        time: "joined_on",
        columns: &[
            known("customer_id", ColumnKind::Text),
            known("joined_on", ColumnKind::Date),
            known("churned_on", ColumnKind::Date),
            known("churned", ColumnKind::Flag),
            known("churn_reason", ColumnKind::Text),
            known("churn_category", ColumnKind::Text),
            known("segment", ColumnKind::Text),
            known("region", ColumnKind::Text),
            known("tenure_months", ColumnKind::Integer),
            known("monthly_value", ColumnKind::Number),
            known("lifetime_value", ColumnKind::Number),
        ],
    },
    KnownTable {
        name: "transactions",
        row: "one purchase",
        time: "at",
        columns: &[
            known("customer_id", ColumnKind::Text),
            known("at", ColumnKind::Timestamp),
            known("amount", ColumnKind::Number),
        ],
    },
    KnownTable {
        name: "invitations",
        row: "one survey sent",
        time: "invited_at",
        columns: &[
            known("customer_id", ColumnKind::Text),
            known("invited_at", ColumnKind::Timestamp),
            known("touchpoint", ColumnKind::Text),
            known("channel", ColumnKind::Text),
            known("response_id", ColumnKind::Text),
        ],
    },
];

impl KnownTable {
    /// The known table of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let is_it = |table: &&Self| table.name.eq_ignore_ascii_case(name);
        KNOWN_TABLES.iter().find(is_it)
    }

    /// The known column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static KnownColumn> {
        let is_it = |column: &&KnownColumn| column.name.eq_ignore_ascii_case(name);
        self.columns.iter().find(is_it)
    }
}
