//! Environment variables as a value, and how patient every client is.
//!
//! The environment is read once and passed on, so that tests can give another one without
//! touching that of the process.

use std::collections::HashMap;
use std::time::Duration;

use object_store::{BackoffConfig, ClientOptions, RetryConfig};

/// Environment variables by name; an empty one counts as not set, as in the cloud tools.
#[derive(Clone, Default)]
pub(super) struct Variables(HashMap<String, String>);

impl Variables {
    /// The value, when it is set and not blank.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Whether the variable holds a yes.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| {
            matches!(value.to_lowercase().as_str(), "1" | "true" | "yes" | "on")
        })
    }

    /// Names (in lower case, as object_store parses them) and values under a prefix.
    pub(super) fn under<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (String, &'a str)> + 'a {
        self.0
            .keys()
            .filter(move |name| name.starts_with(prefix))
            .filter_map(|name| Some((name.to_lowercase(), self.get(name)?)))
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// Three retries within ten seconds: somebody waits for the answer. object_store's own ten
/// retries over three minutes look like a hang.
pub(super) fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 3,
        retry_timeout: Duration::from_secs(10),
    }
}

/// No retries: for asking who we are, where a second question gets the same answer.
pub(super) fn no_retry() -> RetryConfig {
    RetryConfig {
        max_retries: 0,
        ..retry()
    }
}

/// Three seconds to connect, thirty for one request; `http://` only where the address says so.
pub(super) fn client(endpoint: Option<&str>) -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(3))
        .with_timeout(Duration::from_secs(30))
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
}
