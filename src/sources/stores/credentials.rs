//! Credentials that are asked of the machine, in bounded time and with a clear refusal.
//!
//! Without static keys object_store asks the cloud's instance metadata; on a laptop nobody
//! answers there, and the person would wait without knowing for what.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use object_store::CredentialProvider;

/// No credentials were found; the text is the remedy.
#[derive(Debug, thiserror::Error)]
#[error("no credentials were found; {remedy}")]
pub(super) struct NoCredentials {
    pub(super) remedy: &'static str,
}

/// A provider that is given up on after a while.
#[derive(Debug)]
pub(super) struct Bounded<C> {
    pub(super) provider: Arc<dyn CredentialProvider<Credential = C>>,
    pub(super) patience: Duration,
    pub(super) store: &'static str,
    pub(super) remedy: &'static str,
}

#[async_trait]
impl<C: std::fmt::Debug + Send + Sync> CredentialProvider for Bounded<C> {
    type Credential = C;

    async fn get_credential(&self) -> object_store::Result<Arc<C>> {
        let found = tokio::time::timeout(self.patience, self.provider.get_credential()).await;
        match found {
            Ok(Ok(credential)) => Ok(credential),
            Ok(Err(_)) | Err(_) => Err(object_store::Error::Generic {
                store: self.store,
                source: Box::new(NoCredentials {
                    remedy: self.remedy,
                }),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Bounded, CredentialProvider, Duration, async_trait};

    /// A metadata service that never answers.
    #[derive(Debug)]
    struct Silent;

    #[async_trait]
    impl CredentialProvider for Silent {
        type Credential = ();

        async fn get_credential(&self) -> object_store::Result<Arc<()>> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_silent_metadata_service_is_given_up_on() {
        let bounded = Bounded {
            provider: Arc::new(Silent),
            patience: Duration::from_millis(5),
            store: "S3",
            remedy: "set the keys",
        };
        let error = bounded.get_credential().await.unwrap_err();
        assert_eq!(
            crate::sources::explain("s3://feedback/x", &error).to_string(),
            "s3://feedback/x: no credentials were found; set the keys"
        );
    }
}
