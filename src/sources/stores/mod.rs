//! Object stores by address: local files, S3, Google Cloud Storage, Azure and plain web servers.
//!
//! DataFusion asks its registry for the store of an address. This one builds stores when they are
//! first asked for, so that `FROM 's3://bucket/…'` needs no set-up beyond the usual environment.

mod aws;
mod azure;
mod credentials;
mod explain;
mod google;
mod located;
mod profile;
mod settings;
mod web;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::execution::object_store::ObjectStoreRegistry;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use url::{Position, Url};

pub use explain::explain;
pub(in crate::sources) use explain::without_secrets;
use located::Located;
use settings::Variables;

use crate::error::{Error, Result};

/// The stores of one process, built on first use and kept.
///
/// | address | settings |
/// |---|---|
/// | `file:///path`, `/path` | – |
/// | `s3://bucket`, `s3a://bucket` | `AWS_…`, then the profile of `AWS_PROFILE` in `~/.aws`, then the machine's role |
/// | `gs://bucket`, `gcs://bucket` | `GOOGLE_…`, then gcloud's own login |
/// | `az://`, `azure://`, `adl://`, `abfs[s]://container` | `AZURE_…` |
/// | `http://`, `https://` | none; an address is one file |
pub struct ObjectStores {
    variables: Variables,
    stores: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

impl ObjectStores {
    /// Stores with the settings of the process environment.
    #[must_use]
    pub fn new() -> Self {
        Self::from_variables(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    /// Stores with these environment variables instead of those of the process; `HOME` is where
    /// `.aws` is looked for.
    #[must_use]
    pub fn from_variables<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            stores: Mutex::default(),
        }
    }

    /// The store of an address, as `get_store` gives it to DataFusion.
    ///
    /// # Errors
    /// `Error::Place` when the scheme is unknown, the address lacks its bucket, or the settings
    /// cannot be used (a missing profile, half a pair of keys, no credentials at all).
    pub fn store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let key = key(url);
        if let Some(store) = self.lock().get(&key) {
            return Ok(Arc::clone(store));
        }
        let store = self.build(url)?;
        Ok(Arc::clone(self.lock().entry(key).or_insert(store)))
    }

    /// Local errors name their path already; the others are told where they are.
    fn build(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let remote = match url.scheme() {
            "file" => return Ok(Arc::new(LocalFileSystem::new())),
            "s3" | "s3a" => aws::store(bucket(url)?, url, &self.variables),
            "gs" | "gcs" => google::store(bucket(url)?, url, &self.variables),
            "az" | "azure" | "adl" | "abfs" | "abfss" => {
                bucket(url).and_then(|_| azure::store(url, &self.variables))
            }
            "http" | "https" => web::store(url),
            other => Err(Error::place(
                without_secrets(url.as_str()),
                format!("no store is known for {other}://; use a path, s3, gs, az, http or https"),
            )),
        }?;
        Ok(Arc::new(Located::new(&without_secrets(&key(url)), remote)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<dyn ObjectStore>>> {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ObjectStores {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ObjectStores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectStores")
            .field("stores", &self.lock().values())
            .finish_non_exhaustive()
    }
}

impl ObjectStoreRegistry for ObjectStores {
    fn register_store(
        &self,
        url: &Url,
        store: Arc<dyn ObjectStore>,
    ) -> Option<Arc<dyn ObjectStore>> {
        self.lock().insert(key(url), store)
    }

    fn deregister_store(&self, url: &Url) -> DataFusionResult<Arc<dyn ObjectStore>> {
        self.lock().remove(&key(url)).ok_or_else(|| {
            DataFusionError::Internal(format!("no store is registered for {}", key(url)))
        })
    }

    fn get_store(&self, url: &Url) -> DataFusionResult<Arc<dyn ObjectStore>> {
        self.store(url).map_err(DataFusionError::from)
    }
}

/// Scheme and authority. Unlike DataFusion's own registry the part before `@` counts: in
/// `abfss://container@account…` it is the container.
fn key(url: &Url) -> String {
    url[..Position::AfterPort].to_owned()
}

fn bucket(url: &Url) -> Result<&str> {
    url.host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(|| {
            Error::place(
                url.as_str(),
                format!(
                    "the bucket is missing; write {}://bucket/path",
                    url.scheme()
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::{ObjectStoreRegistry, ObjectStores};
    use std::sync::Arc;
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn one_store_per_authority_is_built_and_kept() {
        let stores = ObjectStores::from_variables([("AWS_SKIP_SIGNATURE", "true")]);
        let first = stores.get_store(&url("s3://feedback/a")).unwrap();
        let again = stores.get_store(&url("s3://feedback/b/c")).unwrap();
        let other = stores.get_store(&url("s3://answers/a")).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
    }

    #[test]
    fn containers_of_one_azure_account_are_different_stores() {
        let stores = ObjectStores::from_variables([("AZURE_SKIP_SIGNATURE", "true")]);
        let first = stores
            .get_store(&url("abfss://one@acc.dfs.core.windows.net/a"))
            .unwrap();
        let other = stores
            .get_store(&url("abfss://two@acc.dfs.core.windows.net/a"))
            .unwrap();
        assert!(!Arc::ptr_eq(&first, &other));
    }

    #[test]
    fn unknown_schemes_and_missing_buckets_are_named() {
        let stores = ObjectStores::from_variables([("A", "b")]);
        let unknown = stores
            .store(&url("ftp://host/x.csv"))
            .unwrap_err()
            .to_string();
        assert!(
            unknown.starts_with("ftp://host/x.csv: no store is known for ftp://"),
            "{unknown}"
        );
        let missing = stores.store(&url("s3:///x.csv")).unwrap_err().to_string();
        assert!(
            missing.contains("the bucket is missing; write s3://bucket/path"),
            "{missing}"
        );
    }

    #[test]
    fn debugging_shows_no_secret() {
        let stores = ObjectStores::from_variables([
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "very-secret"),
        ]);
        stores.store(&url("s3://feedback/a")).unwrap();
        assert!(!format!("{stores:?}").contains("very-secret"));
    }
}
