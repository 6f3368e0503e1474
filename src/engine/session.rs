//! The only place that builds a session: configuration, functions, object stores, memory.
//!
//! A session lives for one statement. It shares caches, object stores and the spill directory
//! with all others; its memory pool, its start time and the tables that it has opened are its own.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use datafusion::catalog::CatalogProviderList;
use datafusion::common::config::{ConfigField, ConfigOptions};
use datafusion::config::TableOptions;
use datafusion::execution::context::SessionState;
use datafusion::execution::disk_manager::DiskManager;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::optimizer::Analyzer;
use datafusion::prelude::SessionConfig;

use super::cooperative::Cooperative;
use super::errors::explain;
use super::limits::Memory;
use super::metrics::Metrics;
use super::objectives::Objectives;
use super::optimizer;
use super::options::Options;
use super::pushdown;
use super::rewrite::each;
use super::stop::Stop;
use crate::error::{Error, Result};
use crate::functions::exact;
use crate::scan;
use crate::sources::ObjectStores;

/// Names of the catalog and the schema that hold all tables.
pub(super) const CATALOG: &str = "latido";
/// See [`CATALOG`].
pub(super) const SCHEMA: &str = "main";
/// How long a listing of files is believed: new files are seen within this time.
const LISTING_TTL: Duration = Duration::from_secs(2);
/// Spill files may take so many times the memory …
const SPILL_FACTOR: u64 = 8;
/// … and at most this.
const SPILL_BYTES: u64 = 100 << 30;
/// Parts of the memory, for each thread, of which a sort sets one aside.
const SORTS: usize = 8;
/// What `SET` and `RESET` may touch; the rest is the engine's.
const SETTABLE: [&str; 4] = [
    "datafusion.execution.",
    "datafusion.optimizer.",
    "datafusion.explain.",
    "datafusion.format.",
];

/// Builds the session of each statement.
#[derive(Debug)]
pub(super) struct Sessions {
    base: RwLock<SessionState>,
    /// The memory that statements share.
    pub(super) memory: Arc<Memory>,
}

impl Sessions {
    /// Configuration and shared parts, made once.
    pub(super) fn new(options: &Options) -> Result<Self> {
        let total = options.limits.memory_bytes();
        let runtime = shared_runtime(total as u64)?;
        let base = SessionStateBuilder::new()
            .with_config(configuration(options))
            .with_runtime_env(Arc::new(runtime))
            .with_optimizer_rules(optimizer::rules())
            .with_physical_optimizer_rules(pushdown::rules())
            .with_default_features();
        let mut analysis = Analyzer::new().rules;
        analysis.insert(0, exact::rule());
        let base = scan::rules().into_iter().fold(
            base.with_analyzer_rules(analysis),
            SessionStateBuilder::with_optimizer_rule,
        );
        let mut base = base.build();
        register_functions(&mut base)?;
        Ok(Self {
            base: RwLock::new(base),
            memory: Memory::new(total),
        })
    }

    /// A session for one statement, without tables.
    pub(super) fn open(&self, stop: &Stop) -> SessionState {
        let base = self.base();
        let shared = base.runtime_env();
        let runtime = RuntimeEnv {
            memory_pool: self.memory.pool(),
            ..shared.as_ref().clone()
        };
        let mut state = SessionStateBuilder::new_from_existing(base.clone())
            .with_runtime_env(Arc::new(runtime))
            .with_physical_optimizer_rule(Arc::new(Cooperative(stop.clone())))
            .build();
        state.mark_start_execution();
        state
    }

    /// The configuration and functions that sessions start from.
    pub(super) fn base(&self) -> SessionState {
        self.base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// `SET key = value`, for all statements from now on.
    pub(super) fn set(&self, key: &str, value: &str) -> Result<()> {
        self.configure(key, |options| options.set(key, value))
    }

    /// `RESET key`.
    pub(super) fn reset(&self, key: &str) -> Result<()> {
        self.configure(key, |options| options.reset(key))
    }

    fn configure(
        &self,
        key: &str,
        change: impl FnOnce(&mut ConfigOptions) -> datafusion::error::Result<()>,
    ) -> Result<()> {
        if !is_settable(key) {
            return Err(Error::Statement(format!(
                "{key} cannot be set by a statement: memory, threads and the like are given when \
                 latido starts (--memory, --threads, --timeout); SET reaches {}",
                SETTABLE.map(|prefix| format!("{prefix}*")).join(", ")
            )));
        }
        let mut base = self.base.write().unwrap_or_else(PoisonError::into_inner);
        let mut config = base.config().clone();
        change(config.options_mut()).map_err(explain)?;
        let tables = TableOptions::default_from_session_config(config.options());
        *base = SessionStateBuilder::new_from_existing(base.clone())
            .with_config(config)
            .with_table_options(tables)
            .build();
        Ok(())
    }
}

/// Whether `SET` and `RESET` may touch a setting.
pub(super) fn is_settable(key: &str) -> bool {
    SETTABLE.iter().any(|prefix| key.starts_with(prefix))
}

/// A session with other tables.
pub(super) fn with_tables(
    session: &SessionState,
    tables: Arc<dyn CatalogProviderList>,
) -> SessionState {
    let mut state = session.clone();
    state.register_catalog_list(tables);
    state
}

fn configuration(options: &Options) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(options.limits.thread_count())
        .with_information_schema(true)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(CATALOG, SCHEMA);
    if let Some(project) = &options.project {
        config = config
            .with_extension(Arc::new(Metrics::of(project)))
            .with_extension(Arc::new(Objectives::of(project)));
    }
    if let Some(rows) = options.batch_size {
        config = config.with_batch_size(rows.max(1));
    }
    let settings = config.options_mut();
    settings.sql_parser.collect_spans = true;
    // It confuses columns of the same name where several fields of a model are read behind expand.
    settings.optimizer.enable_leaf_expression_pushdown = false;
    // Each sort sets this much aside for merging what it spilled; of little memory it would be all.
    let sorts = options.limits.thread_count().max(1) * SORTS;
    let aside = options.limits.memory_bytes() / sorts;
    let usual = settings.execution.sort_spill_reservation_bytes;
    settings.execution.sort_spill_reservation_bytes = aside.min(usual);
    config
}

fn shared_runtime(memory: u64) -> Result<RuntimeEnv> {
    let spill = memory
        .saturating_mul(SPILL_FACTOR)
        .clamp(8 << 30, SPILL_BYTES);
    RuntimeEnvBuilder::new()
        .with_disk_manager_builder(DiskManager::builder().with_max_temp_directory_size(spill))
        .with_object_store_registry(Arc::new(ObjectStores::new()))
        .with_object_list_cache_ttl(Some(LISTING_TTL))
        .build()
        .map_err(explain)
}

/// Adds latido's functions, then the faster forms of DataFusion's.
fn register_functions(state: &mut SessionState) -> Result<()> {
    crate::functions::register(state).map_err(explain)?;
    state.register_udaf(exact::sum()).map_err(explain)?;
    state.register_udf(each()).map_err(explain)?;
    for function in scan::functions() {
        state.register_udf(function).map_err(explain)?;
    }
    Ok(())
}
