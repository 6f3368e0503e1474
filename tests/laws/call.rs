//! Calls of aggregate functions over made-up rows, driven as DataFusion drives them.

use std::sync::{Arc, LazyLock};

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringViewArray, new_empty_array,
};
use arrow::compute::{cast, concat, nullif};
use arrow::datatypes::{DataType, Field, Schema, UInt64Type};
use datafusion::common::ScalarValue;
use datafusion::execution::FunctionRegistry;
use datafusion::execution::context::{SessionConfig, SessionContext};
use datafusion::logical_expr::Accumulator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::{AggregateExprBuilder, AggregateFunctionExpr};
use datafusion::physical_expr::expressions::{Column, Literal};

/// A session of DataFusion in four partitions, with latido's functions and nothing else of it.
pub(crate) fn session() -> SessionContext {
    let config = SessionConfig::new()
        .with_target_partitions(4)
        .with_batch_size(64);
    let mut session = SessionContext::new_with_config(config);
    latido::functions::register(&mut session).unwrap();
    session
}

static SESSION: LazyLock<SessionContext> = LazyLock::new(session);

/// The types that a score column may have.
pub(crate) const SCORE_TYPES: [DataType; 12] = [
    DataType::Int8,
    DataType::Int16,
    DataType::Int32,
    DataType::Int64,
    DataType::UInt8,
    DataType::UInt16,
    DataType::UInt32,
    DataType::UInt64,
    DataType::Float32,
    DataType::Float64,
    DataType::Decimal128(10, 2),
    DataType::Decimal128(38, 20),
];

/// What an argument holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Argument {
    /// Whole scores from the first to the second.
    Scores(i64, i64),
    /// Whole scores as real numbers, from the first to the second.
    Ratings(i64, i64),
    /// Real numbers from 0 up, most of them different.
    Durations,
    /// Times as whole numbers of 64 bits.
    Times,
    /// True and false.
    Flags,
    /// Real numbers of either sign, some of them equal.
    Values,
    /// Real numbers from 0 up.
    Weights,
    /// A few reasons, some of them blank.
    Texts,
    /// Lists of eleven counts.
    Lists,
    /// An optional column that is left out.
    Skipped,
    /// A literal number.
    Number(f64),
    /// A literal whole number.
    Whole(i64),
    /// A literal word.
    Word(&'static str),
}

/// A function with its arguments.
#[derive(Debug)]
pub(crate) struct Call {
    /// Its name in SQL.
    pub(crate) function: &'static str,
    /// What it is given.
    pub(crate) arguments: &'static [Argument],
    /// Whether its state is whole numbers, so that answers agree in every bit.
    pub(crate) exact: bool,
    /// Whether its result is a LIST, which has no frames.
    pub(crate) list: bool,
}

const fn counted(function: &'static str, arguments: &'static [Argument]) -> Call {
    Call {
        function,
        arguments,
        exact: true,
        list: false,
    }
}

const fn summed(function: &'static str, arguments: &'static [Argument]) -> Call {
    Call {
        function,
        arguments,
        exact: false,
        list: false,
    }
}

const fn listed(function: &'static str, arguments: &'static [Argument], exact: bool) -> Call {
    Call {
        function,
        arguments,
        exact,
        list: true,
    }
}

use Argument::{
    Durations, Flags, Lists, Number, Ratings, Scores, Skipped, Texts, Times, Values, Weights,
    Whole, Word,
};

/// Every aggregate function, in each of its forms.
pub(crate) const CALLS: &[Call] = &[
    counted("nps", &[Scores(0, 10)]),
    summed("nps", &[Scores(0, 10), Weights]),
    counted("nps_summary", &[Scores(0, 10)]),
    counted(
        "nps_summary",
        &[Scores(0, 10), Skipped, Number(0.9), Word("adjusted_wald")],
    ),
    summed("nps_summary", &[Scores(0, 10), Weights]),
    counted("promoters", &[Scores(0, 10)]),
    counted("passives", &[Scores(0, 10)]),
    counted("detractors", &[Scores(0, 10)]),
    counted("top_box", &[Scores(1, 7), Whole(2), Whole(7)]),
    counted(
        "bottom_box",
        &[Scores(0, 10), Whole(3), Whole(0), Whole(10)],
    ),
    counted("csat", &[Scores(1, 5)]),
    counted("csat_summary", &[Scores(1, 5)]),
    counted("ces", &[Scores(1, 7)]),
    counted("ces_summary", &[Scores(1, 5), Whole(5)]),
    counted("rate", &[Flags]),
    counted("churn_rate", &[Scores(0, 1)]),
    counted("rate_summary", &[Flags]),
    summed("mean_summary", &[Values]),
    summed("mean_summary", &[Values, Weights]),
    summed("expectation_gap", &[Values, Values]),
    listed("score_counts", &[Scores(0, 10), Whole(0), Whole(10)], true),
    listed("merge_counts", &[Lists], true),
    counted("nps_compare", &[Scores(0, 10), Flags]),
    counted("rate_compare", &[Flags, Scores(0, 1)]),
    summed("mean_compare", &[Values, Flags]),
    listed("churn_rank", &[Texts], true),
    listed("top_reasons", &[Texts, Values, Whole(2)], false),
    listed("churn_rank_by_value", &[Texts, Values], false),
    listed("survival", &[Ratings(0, 12), Flags], true),
    listed("survival", &[Durations, Flags, Number(0.9)], true),
    counted("survival_at", &[Durations, Flags, Number(5000.0)]),
    counted("survival_median", &[Ratings(0, 12), Flags]),
    counted("logrank", &[Ratings(0, 12), Flags, Texts]),
    counted("logrank", &[Durations, Flags, Texts]),
    counted("pearson", &[Ratings(0, 10), Ratings(1, 5)]),
    counted("spearman", &[Ratings(0, 10), Values]),
    counted("spearman", &[Ratings(0, 10), Ratings(1, 5)]),
    counted("kendall", &[Values, Values]),
    counted("auc", &[Ratings(0, 10), Flags]),
    counted("auc", &[Values, Flags]),
    counted("auc_summary", &[Ratings(-3, 3), Flags]),
    counted(
        "cronbach_alpha",
        &[Ratings(1, 5), Ratings(1, 5), Ratings(0, 10)],
    ),
    summed("cronbach_alpha", &[Durations, Ratings(1, 5)]),
    counted("icc", &[Ratings(1, 5), Ratings(1, 5)]),
    listed(
        "drivers",
        &[
            Ratings(0, 10),
            Ratings(1, 5),
            Ratings(1, 7),
            Word("\u{1f}y\u{1f}a\u{1f}b"),
        ],
        true,
    ),
    counted(
        "ols_fit",
        &[Ratings(0, 10), Ratings(1, 5), Word("\u{1f}y\u{1f}a")],
    ),
    summed(
        "ols_fit",
        &[Durations, Ratings(1, 5), Word("\u{1f}y\u{1f}a")],
    ),
    counted(
        "cox_fit",
        &[
            Durations,
            Flags,
            Ratings(1, 5),
            Word("\u{1f}t\u{1f}y\u{1f}a"),
        ],
    ),
    counted(
        "logit_fit",
        &[Flags, Ratings(0, 10), Values, Word("\u{1f}y\u{1f}a\u{1f}b")],
    ),
    listed(
        "kpi_validation",
        &[
            Ratings(0, 1),
            Ratings(0, 10),
            Values,
            Word("\u{1f}y\u{1f}a\u{1f}b"),
        ],
        true,
    ),
    listed(
        "kpi_contest",
        &[
            Ratings(0, 1),
            Ratings(0, 10),
            Ratings(1, 5),
            Durations,
            Word("\u{1f}y\u{1f}a\u{1f}b\u{1f}c"),
        ],
        true,
    ),
    counted("bgnbd_fit", &[Ratings(0, 0), Ratings(0, 0), Durations]),
    counted("gamma_gamma_fit", &[Ratings(0, 4), Ratings(1, 9)]),
    counted("sbg_fit", &[Ratings(0, 8), Flags]),
    listed("nps_shift", &[Scores(0, 10), Flags, Texts], true),
    listed("keyness", &[Texts, Flags, Whole(5)], true),
    listed("window_funnel", &[Whole(3), Times, Flags, Flags], true),
];

/// A row from which every argument makes its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// All that the row is made from.
    pub(crate) seed: u64,
    /// Whether its values are wrong: off the scale, negative weights, NaN.
    pub(crate) wrong: bool,
}

impl From<u64> for Row {
    fn from(seed: u64) -> Self {
        Self { seed, wrong: false }
    }
}

/// A number made from others without pattern (Steele, Lea & Flood 2014, SplitMix).
pub(crate) fn mixed(seed: u64, place: usize) -> u64 {
    let mut z = seed.wrapping_add((place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One made-up value: NULL or not, and what it is or what lies under the NULL.
#[derive(Debug, Clone, Copy)]
struct Cell {
    null: bool,
    wrong: bool,
    bits: u64,
}

impl Argument {
    /// Whether it is a column rather than a literal.
    pub(crate) fn is_column(self) -> bool {
        !matches!(self, Skipped | Number(_) | Whole(_) | Word(_))
    }

    /// The type of its column when scores have this type.
    fn kind(self, scores: &DataType) -> DataType {
        self.column(0, &[], scores).data_type().clone()
    }

    fn literal(self) -> ScalarValue {
        match self {
            Number(number) => number.into(),
            Whole(number) => number.into(),
            Word(word) => word.into(),
            _ => ScalarValue::Null,
        }
    }

    /// How SQL writes the literal.
    pub(crate) fn sql(self) -> String {
        match self {
            Word(word) => format!("'{word}'"),
            other => other.literal().to_string(),
        }
    }

    /// The column of these rows; what lies under a NULL is wrong on purpose.
    pub(crate) fn column(self, place: usize, rows: &[Row], scores: &DataType) -> ArrayRef {
        let cell = |row: &Row| {
            let bits = mixed(row.seed, place);
            let null = bits.is_multiple_of(7) && !row.wrong;
            Cell {
                null,
                wrong: null || row.wrong,
                bits: bits >> 8,
            }
        };
        let cells: Vec<Cell> = rows.iter().map(cell).collect();
        let nulls: BooleanArray = cells.iter().map(|cell| Some(cell.null)).collect();
        let values = self.values(&cells, scores);
        if self.is_column() {
            nullif(&values, &nulls).unwrap()
        } else {
            values
        }
    }

    /// The number in a cell of a column of real numbers.
    fn number(self, cell: &Cell) -> f64 {
        match self {
            Ratings(..) if cell.wrong => f64::INFINITY,
            Ratings(min, max) => {
                let points = (max - min + 1).cast_unsigned();
                (min + (cell.bits % points).cast_signed()) as f64
            }
            Durations | Weights if cell.wrong => -1.0,
            Durations => (cell.bits % 100_003) as f64 / 8.0,
            Weights => (cell.bits % 1000) as f64 / 250.0,
            _ if cell.wrong => f64::NAN,
            _ => value(cell.bits),
        }
    }

    fn values(self, cells: &[Cell], scores: &DataType) -> ArrayRef {
        let real = |value: &dyn Fn(&Cell) -> f64| -> ArrayRef {
            Arc::new(
                cells
                    .iter()
                    .map(|cell| Some(value(cell)))
                    .collect::<Float64Array>(),
            )
        };
        match self {
            Scores(min, max) => {
                let score =
                    |bits: u64| min + (bits % (max - min + 1).cast_unsigned()).cast_signed();
                let wrong = |cell: &Cell| {
                    if cell.wrong {
                        100.25
                    } else {
                        score(cell.bits) as f64
                    }
                };
                cast(&real(&wrong), scores).unwrap()
            }
            Times => Arc::new(Int64Array::from_iter_values(
                cells.iter().map(|cell| (cell.bits % 10).cast_signed()),
            )),
            Flags => Arc::new(
                cells
                    .iter()
                    .map(|cell| Some(cell.bits.is_multiple_of(3)))
                    .collect::<BooleanArray>(),
            ),
            Ratings(..) | Durations | Values | Weights => real(&|cell| self.number(cell)),
            Texts => Arc::new(
                cells
                    .iter()
                    .map(|cell| Some(reason(cell)))
                    .collect::<StringViewArray>(),
            ),
            Lists => Arc::new(ListArray::from_iter_primitive::<UInt64Type, _, _>(
                cells.iter().map(|cell| Some(counts(cell))),
            )),
            literal => literal.literal().to_array_of_size(cells.len()).unwrap(),
        }
    }
}

/// Real numbers of very different size, one in four of them the same.
fn value(bits: u64) -> f64 {
    match bits % 4 {
        0 => 0.1,
        _ => ((bits >> 2) % 2_000_001) as f64 / 7.0 - 142_857.0,
    }
}

fn reason(cell: &Cell) -> &'static str {
    const REASONS: [&str; 8] = [
        "price",
        "service",
        "moved away",
        "",
        "  ",
        "Price",
        "a reason too long to lie in the view itself",
        "a reason too long to lie in the view it",
    ];
    if cell.wrong {
        "left out"
    } else {
        REASONS[(cell.bits % 8) as usize]
    }
}

fn counts(cell: &Cell) -> Vec<Option<u64>> {
    let points = if cell.wrong { 3 } else { 11 };
    (0..points)
        .map(|point| Some(mixed(cell.bits, point) % 1000))
        .collect()
}

impl Call {
    /// How failures name it.
    pub(crate) fn title(&self) -> String {
        format!("{}{:?}", self.function, self.arguments)
    }

    /// All calls that have frames.
    pub(crate) fn with_frames() -> impl Iterator<Item = &'static Self> {
        CALLS.iter().filter(|call| !call.list)
    }

    /// All arguments for these rows.
    pub(crate) fn columns(&self, rows: &[Row], scores: &DataType) -> Vec<ArrayRef> {
        let places = self.arguments.iter().enumerate();
        places
            .map(|(place, argument)| argument.column(place, rows, scores))
            .collect()
    }

    /// The call as DataFusion plans it.
    pub(crate) fn planned(&self, scores: &DataType) -> AggregateFunctionExpr {
        let mut fields = Vec::new();
        let mut expressions: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
        for argument in self.arguments {
            if argument.is_column() {
                let name = format!("c{}", fields.len());
                expressions.push(Arc::new(Column::new(&name, fields.len())));
                fields.push(Field::new(name, argument.kind(scores), true));
            } else {
                expressions.push(Arc::new(Literal::new(argument.literal())));
            }
        }
        AggregateExprBuilder::new(SESSION.state().udaf(self.function).unwrap(), expressions)
            .schema(Arc::new(Schema::new(fields)))
            .alias("answer")
            .build()
            .unwrap()
    }

    /// The answer to all rows in one batch: what every other way is held against.
    pub(crate) fn plain(&self, rows: &[Row]) -> ArrayRef {
        self.typed(rows, &DataType::Int8)
    }

    /// [`Call::plain`] with scores of this type.
    pub(crate) fn typed(&self, rows: &[Row], scores: &DataType) -> ArrayRef {
        answer(&mut *self.filled(rows, scores))
    }

    /// An accumulator that has seen these rows.
    pub(crate) fn filled(&self, rows: &[Row], scores: &DataType) -> Box<dyn Accumulator> {
        let mut accumulator = self.planned(scores).create_accumulator().unwrap();
        accumulator
            .update_batch(&self.columns(rows, scores))
            .unwrap();
        accumulator
    }

    /// The state that these saved states add up to.
    pub(crate) fn merged(
        &self,
        states: &[Vec<ArrayRef>],
        scores: &DataType,
    ) -> Box<dyn Accumulator> {
        let mut accumulator = self.planned(scores).create_accumulator().unwrap();
        accumulator.merge_batch(&stacked(states)).unwrap();
        accumulator
    }
}

/// What an accumulator answers, as an array of one row.
pub(crate) fn answer(accumulator: &mut dyn Accumulator) -> ArrayRef {
    accumulator.evaluate().unwrap().to_array().unwrap()
}

/// The state of an accumulator, as columns of one row.
pub(crate) fn state(accumulator: &mut dyn Accumulator) -> Vec<ArrayRef> {
    let state = accumulator.state().unwrap();
    state
        .iter()
        .map(|value| value.to_array().unwrap())
        .collect()
}

/// Columns put below one another.
pub(crate) fn stacked(parts: &[Vec<ArrayRef>]) -> Vec<ArrayRef> {
    let Some(first) = parts.first() else {
        return Vec::new();
    };
    let column = |place: usize| {
        let pieces: Vec<_> = parts.iter().map(|part| part[place].as_ref()).collect();
        if pieces.is_empty() {
            new_empty_array(first[place].data_type())
        } else {
            concat(&pieces).unwrap()
        }
    };
    (0..first.len()).map(column).collect()
}
