//! The tables as one statement sees them: each is opened once, at its first mention.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, CatalogProviderList, SchemaProvider, TableProvider};
use datafusion::datasource::{TableType, ViewTable};
use datafusion::error::Result as PlanResult;
use datafusion::execution::context::SessionState;

use super::catalog::{Catalog, Files, MappedFiles, Relation, View};
use super::completion::Completion;
use super::library::Query;
use super::limits::VIEW_DEPTH;
use super::planning;
use super::session::{CATALOG, SCHEMA, with_tables};
use super::system::{SYSTEM, System};
use crate::error::{Error, Result};
use crate::model::{KNOWN_TABLES, KnownTable};
use crate::sources::{Location, ReadOptions, open};

tokio::task_local! {
    /// The views that are being planned, each within the one before.
    static WITHIN: Vec<String>;
}

/// The tables of one statement.
#[derive(Debug)]
pub(super) struct Tables {
    catalog: Arc<Catalog>,
    /// Opens files; knows no tables itself.
    session: SessionState,
    options: ReadOptions,
    queries: Arc<[Query]>,
    opened: Mutex<HashMap<String, Arc<dyn TableProvider>>>,
    /// For a query of the library: known columns and tables that are missing are filled in.
    completion: Option<Arc<Completion>>,
    own: Weak<Self>,
}

impl Tables {
    /// All of the catalog, none opened yet.
    pub(super) fn of(
        catalog: &Arc<Catalog>,
        session: SessionState,
        options: ReadOptions,
        completion: Option<Arc<Completion>>,
        queries: Arc<[Query]>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|own| Self {
            catalog: Arc::clone(catalog),
            session,
            options,
            queries,
            opened: Mutex::default(),
            completion,
            own: Weak::clone(own),
        })
    }

    /// A session that knows these tables.
    pub(super) fn session(&self) -> SessionState {
        match self.own.upgrade() {
            Some(tables) => with_tables(&self.session, Arc::new(Catalogs(tables))),
            None => self.session.clone(),
        }
    }

    /// The queries of the library.
    pub(super) fn queries(&self) -> &[Query] {
        &self.queries
    }

    /// The tables and views that they are of.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    async fn find(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if let Some(table) = self.opened().get(name) {
            return Ok(Some(Arc::clone(table)));
        }
        self.refuse_round(name)?;
        let table = match self.catalog.find(name)? {
            Some((name, relation)) => {
                let table = self.open(&name, &relation).await?;
                match &self.completion {
                    Some(completion) => completion.complete(&name, table)?,
                    None => table,
                }
            }
            None if Location::looks_like_one(name) || Location::is_directory(name) => {
                let location = Location::parse(name)?;
                open(&self.session, &location, &self.options).await?
            }
            None => match self.absent(name) {
                Some(empty) => empty,
                None => return Ok(None),
            },
        };
        self.opened().insert(name.to_owned(), Arc::clone(&table));
        Ok(Some(table))
    }

    /// An empty table for a known one, where there are other known ones.
    fn absent(&self, name: &str) -> Option<Arc<dyn TableProvider>> {
        let completion = self.completion.as_ref()?;
        let is_there = |known: &KnownTable| self.catalog.is_taken(known.name);
        KNOWN_TABLES
            .iter()
            .any(is_there)
            .then(|| completion.absent(name))?
    }

    async fn open(&self, name: &str, relation: &Relation) -> Result<Arc<dyn TableProvider>> {
        match relation {
            Relation::Files(files) => self.open_files(files).await,
            Relation::Mapped(mapped) => self.open_mapped(name, mapped).await,
            Relation::Absent(reason) => Err(Error::Statement(reason.to_string())),
            Relation::Memory(memory) => Ok(Arc::clone(&memory.table) as _),
            Relation::View(view) => self.plan_view(name, view).await,
        }
    }

    /// Opens files, as a statement would.
    pub(super) async fn open_files(&self, files: &Files) -> Result<Arc<dyn TableProvider>> {
        open(&self.session, &files.location, &files.options).await
    }

    /// Opens files and plans the SELECT that maps their columns.
    async fn open_mapped(
        &self,
        name: &str,
        mapped: &MappedFiles,
    ) -> Result<Arc<dyn TableProvider>> {
        let files = self.open_files(&mapped.files).await?;
        let relation = format!("the files of {name}");
        let query = mapped.mapped.select(&relation, &files.schema())?;
        self.opened().insert(relation, files);
        let view = View {
            directory: None,
            definition: query.clone(),
            query,
        };
        self.plan_view(name, &view).await
    }

    /// Plans a view, within those that mention it.
    pub(super) async fn plan_view(
        &self,
        name: &str,
        view: &View,
    ) -> Result<Arc<dyn TableProvider>> {
        let mut within = WITHIN.try_with(Clone::clone).unwrap_or_default();
        within.push(name.to_owned());
        if within.len() > VIEW_DEPTH {
            return Err(Error::Limit(format!(
                "views stand on views more than {VIEW_DEPTH} deep: {}",
                within.join(" → ")
            )));
        }
        let is_outer = within.len() == 1;
        let plan = WITHIN
            .scope(within, Box::pin(planning::plan_view(self, view)))
            .await
            .map_err(|error| match error {
                Error::Statement(text) if is_outer && !text.starts_with("view ") => {
                    Error::Statement(format!("view {name}: {text}"))
                }
                other => other,
            })?;
        Ok(Arc::new(ViewTable::new(
            plan,
            Some(view.definition.clone()),
        )))
    }

    /// Refuses a view that would read itself, even before it exists.
    fn refuse_round(&self, name: &str) -> Result<()> {
        let within = WITHIN.try_with(Clone::clone).unwrap_or_default();
        let folded = name.to_lowercase();
        if within.iter().all(|outer| outer.to_lowercase() != folded) {
            return Ok(());
        }
        Err(Error::Statement(format!(
            "view {name} reads itself: {} → {name}",
            within.join(" → ")
        )))
    }

    /// How a file is read that a CREATE statement tells more about.
    pub(super) fn reading(&self, told: ReadOptions) -> ReadOptions {
        ReadOptions {
            seen: Arc::clone(&self.options.seen),
            ..told
        }
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<dyn TableProvider>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SchemaProvider for Tables {
    fn table_names(&self) -> Vec<String> {
        let list = self.catalog.list();
        list.into_iter().map(|table| table.name).collect()
    }

    async fn table(&self, name: &str) -> PlanResult<Option<Arc<dyn TableProvider>>> {
        Ok(self.find(name).await?)
    }

    /// Told without opening anything, so that `information_schema.tables` is quick.
    async fn table_type(&self, name: &str) -> PlanResult<Option<TableType>> {
        let found = self.catalog.find(name)?;
        Ok(found.map(|(_, relation)| match relation {
            Relation::View(_) => TableType::View,
            Relation::Files(_)
            | Relation::Mapped(_)
            | Relation::Memory(_)
            | Relation::Absent(_) => TableType::Base,
        }))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.catalog.is_taken(name)
    }
}

/// The only catalog, with the schema of all tables and that of what latido knows about itself.
#[derive(Debug)]
struct Catalogs(Arc<Tables>);

impl CatalogProviderList for Catalogs {
    fn register_catalog(
        &self,
        _name: String,
        _catalog: Arc<dyn CatalogProvider>,
    ) -> Option<Arc<dyn CatalogProvider>> {
        None
    }

    fn catalog_names(&self) -> Vec<String> {
        vec![CATALOG.to_owned()]
    }

    fn catalog(&self, name: &str) -> Option<Arc<dyn CatalogProvider>> {
        let schemas = || Arc::new(Schemas(Arc::clone(&self.0))) as Arc<dyn CatalogProvider>;
        (name == CATALOG).then(schemas)
    }
}

#[derive(Debug)]
struct Schemas(Arc<Tables>);

impl CatalogProvider for Schemas {
    fn schema_names(&self) -> Vec<String> {
        vec![SCHEMA.to_owned(), SYSTEM.to_owned()]
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        match name {
            SCHEMA => Some(Arc::clone(&self.0) as Arc<dyn SchemaProvider>),
            SYSTEM => Some(Arc::new(System(Arc::clone(&self.0)))),
            _ => None,
        }
    }
}
