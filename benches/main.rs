//! The benches of latido: one binary, one module a topic. Each prints ratios within its own run,
//! because the machines that run it are not alike and not quiet.

use criterion::Criterion;

/// The KPI functions against DataFusion's own aggregates and the hand-written formula.
mod kpi;
/// Contestants in rounds, and ratios within them.
mod rounds;
/// Validation, drivers and survival against the GROUP BY, the correlations or the sort that one
/// would write without them.
mod validation;

// As the program has it: where memory comes from decides over what makes much of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    kpi::define(&mut criterion);
    validation::define(&mut criterion);
    criterion.final_summary();
}
