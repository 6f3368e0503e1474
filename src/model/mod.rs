//! The words of customer experience as types: scales, categories, and what each KPI adds up.
//!
//! Here because a scale, a promoter and a tally mean the same in SQL, in the sample data, in a
//! roll-up and on the dashboard, and none of that needs a query engine.

mod category;
mod contract;
mod flag;
mod scale;
mod tally;
mod value_tally;

pub use category::Category;
pub use contract::{ColumnKind, KNOWN_TABLES, KnownColumn, KnownTable};
pub use flag::flag_of;
pub use scale::Scale;
pub use tally::{EffortTally, NetTally, NpsTally, Pair, Part, PromoterTally, RateTally, Tally};
pub use value_tally::ValueTally;
