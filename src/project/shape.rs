//! What a project file may hold: keys, types, words, each with its meaning.
//!
//! One definition for the check of a file and for the JSON Schema that editors use, so that they
//! cannot disagree.

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Text; a number or a truth value must be quoted.
    Text,
    /// Any single value.
    Scalar,
    /// A name that SQL takes without quotes.
    Identifier,
    /// `table.column`.
    Column,
    /// An expression or a query in SQL; checked when the project is opened.
    Sql,
    /// A zone of the IANA time zone database.
    Zone,
    /// A number.
    Number,
    /// A share between 0 and 1, both excluded.
    Fraction,
    /// A whole number of at least one.
    Count,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any number of values of one shape.
    List(&'static Shape),
    /// One value or a list of them.
    OneOrMore(&'static Shape),
    /// Names that the author chooses, each with a value of one shape.
    Map(&'static Shape),
    /// These keys and no others.
    Record(&'static [Key]),
    /// A text that stands for the first key of a record, or the record.
    Short(&'static [Key]),
}

/// A key of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_required: bool,
    /// What it means, in one sentence.
    pub(super) about: &'static str,
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        is_required: true,
        about,
    }
}

const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        is_required: false,
        about,
    }
}

/// Formats of files.
pub(super) const FORMATS: &[&str] = &["parquet", "csv", "tsv", "ndjson", "arrow"];
/// Lengths of a period.
pub(super) const GRAINS: &[&str] = &["day", "week", "month", "quarter", "year"];
/// Kinds of metric.
pub(super) const KINDS: &[&str] = &[
    "nps",
    "csat",
    "ces",
    "rate",
    "mean",
    "sum",
    "count",
    "count_distinct",
];
/// Pages of the dashboard.
pub(super) const PAGES: &[&str] = &[
    "overview",
    "touchpoints",
    "churn",
    "retention",
    "value",
    "drivers",
    "validation",
    "objectives",
    "comments",
    "quality",
];

/// The whole file.
pub(super) const FILE: Shape = Shape::Record(&[
    optional(
        "name",
        Shape::Text,
        "What the project is called; the directory's name without it.",
    ),
    optional(
        "timezone",
        Shape::Zone,
        "The zone in which days, weeks and months begin, such as Europe/Madrid; UTC without it.",
    ),
    optional(
        "language",
        Shape::Choice(&["en", "es"]),
        "The language of titles, readings and the dashboard.",
    ),
    optional(
        "store",
        Shape::Text,
        "Where imported tables are kept: a directory, or s3://, gs:// or az:// with a prefix.",
    ),
    optional(
        "tables",
        Shape::Map(&Shape::Short(TABLE)),
        "The tables by name, each read in place or kept in the store.",
    ),
    optional(
        "imports",
        Shape::Map(&Shape::Record(IMPORT)),
        "Files that `latido import` brings into a table, each by name.",
    ),
    optional(
        "metrics",
        Shape::List(&Shape::Record(METRIC)),
        "The KPIs, each one function of a column.",
    ),
    optional(
        "dimensions",
        Shape::List(&Shape::Identifier),
        "The columns by which metrics are taken apart.",
    ),
    optional(
        "objectives",
        Shape::List(&Shape::Record(OBJECTIVE)),
        "What the metrics are for, and the outcome they are tested against.",
    ),
    optional(
        "roles",
        Shape::Map(&Shape::Record(ROLE)),
        "Who sees which pages and rows, what for and how often.",
    ),
    optional(
        "rollups",
        Shape::List(&Shape::Record(ROLLUP)),
        "Score counts that are kept ready for the dashboard.",
    ),
]);

const TABLE: &[Key] = &[
    optional(
        "from",
        Shape::Text,
        "A file, directory, glob or URL that is read in place; relative to the project.",
    ),
    optional(
        "store",
        Shape::Identifier,
        "The name of a table in the store.",
    ),
    optional("sql", Shape::Sql, "A query that gives the rows."),
    optional(
        "format",
        Shape::Choice(FORMATS),
        "The format of the files, if their ending does not tell.",
    ),
    optional(
        "columns",
        Shape::Map(&Shape::Short(MAPPED)),
        "Columns under the names that latido knows; the others stay as they are.",
    ),
];

const MAPPED: &[Key] = &[
    optional("from", Shape::Text, "The column of the file."),
    optional(
        "sql",
        Shape::Sql,
        "An expression over the columns of the file.",
    ),
    optional("value", Shape::Scalar, "The same value for every row."),
    optional(
        "null_when",
        Shape::OneOrMore(&Shape::Scalar),
        "Values that mean that there is no answer.",
    ),
    optional(
        "type",
        Shape::Choice(&["text", "integer", "number", "boolean", "date", "timestamp"]),
        "What the values become.",
    ),
];

const IMPORT: &[Key] = &[
    required(
        "into",
        Shape::Identifier,
        "The table that receives the rows.",
    ),
    required(
        "files",
        Shape::OneOrMore(&Shape::Text),
        "Files, globs or URLs; relative to the project.",
    ),
    required(
        "key",
        Shape::OneOrMore(&Shape::Text),
        "The columns of the file that identify a row: a second delivery changes nothing.",
    ),
    optional(
        "format",
        Shape::Choice(FORMATS),
        "The format of the files, if their ending does not tell.",
    ),
    optional(
        "columns",
        Shape::Map(&Shape::Short(MAPPED)),
        "The columns of the table.",
    ),
];

const METRIC: &[Key] = &[
    required(
        "name",
        Shape::Identifier,
        "Its name in SQL: metric('name', 'month').",
    ),
    required("kind", Shape::Choice(KINDS), "How it is computed."),
    required(
        "table",
        Shape::Identifier,
        "The table whose rows it is computed of.",
    ),
    optional(
        "expr",
        Shape::Sql,
        "The column or expression; count does without.",
    ),
    required(
        "agg_time_dimension",
        Shape::Identifier,
        "The column that says to which period a row belongs.",
    ),
    optional("filter", Shape::Sql, "Only rows for which this holds."),
    optional("weight", Shape::Sql, "A sampling weight; for nps and mean."),
    optional(
        "max",
        Shape::Count,
        "The highest point of the scale; for csat (5) and ces (7).",
    ),
    optional("label", Shape::Text, "What people call it."),
    optional("description", Shape::Text, "What it measures."),
    optional(
        "direction",
        Shape::Choice(&["higher_is_better", "lower_is_better"]),
        "Which way is good; higher without it.",
    ),
    optional(
        "target",
        Shape::Number,
        "What is aimed at, in the metric's own unit.",
    ),
    optional(
        "min_n",
        Shape::Count,
        "A value of fewer answers is not shown.",
    ),
    optional(
        "grain",
        Shape::Choice(GRAINS),
        "The period of its view metric_<name>; month without it.",
    ),
    optional(
        "confidence",
        Shape::Fraction,
        "Of its interval; 0.95 without it. A change is noise from a p of 1 minus this on.",
    ),
    optional("owner", Shape::Text, "Who answers for it."),
];

const OBJECTIVE: &[Key] = &[
    required("name", Shape::Text, "What is to be reached."),
    required(
        "kind",
        Shape::Choice(&["outcome", "behaviour", "process"]),
        "What kind of objective it is.",
    ),
    required(
        "outcome",
        Shape::Column,
        "The column that says whether it was reached: table.column.",
    ),
    optional(
        "value",
        Shape::Column,
        "What a customer is worth: table.column.",
    ),
    required(
        "metrics",
        Shape::List(&Shape::Identifier),
        "The metrics that should tell it beforehand.",
    ),
];

const ROLE: &[Key] = &[
    required(
        "pages",
        Shape::List(&Shape::Choice(PAGES)),
        "The pages of the dashboard, in order.",
    ),
    optional("audience", Shape::Text, "For whom."),
    optional("need", Shape::Text, "What they need to know."),
    optional("purpose", Shape::Text, "What they do with it."),
    optional(
        "frequency",
        Shape::Choice(&["daily", "weekly", "monthly", "quarterly", "yearly"]),
        "How often they look.",
    ),
    optional(
        "rows",
        Shape::Sql,
        "The rows they see, such as region = @region; @name is an attribute of the person.",
    ),
];

const ROLLUP: &[Key] = &[
    required("table", Shape::Identifier, "The table that is rolled up."),
    required(
        "dimensions",
        Shape::List(&Shape::Identifier),
        "By which columns.",
    ),
    required("grain", Shape::Choice(GRAINS), "By which period."),
    required(
        "scores",
        Shape::List(&Shape::Identifier),
        "The rating columns whose counts are kept.",
    ),
];
