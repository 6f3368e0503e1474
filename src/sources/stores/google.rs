//! Google Cloud Storage, with the variables of Google's own tools.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use url::Url;

use super::credentials::Bounded;
use super::explain::explain;
use super::settings::{Variables, client, no_retry, retry};
use crate::error::Result;

const REMEDY: &str = "set GOOGLE_APPLICATION_CREDENTIALS to a key file, run `gcloud auth \
                      application-default login`, or set GOOGLE_SKIP_SIGNATURE=true for a public \
                      bucket";

/// The store of a bucket.
pub(super) fn store(
    bucket: &str,
    url: &Url,
    variables: &Variables,
) -> Result<Arc<dyn ObjectStore>> {
    let place = format!("{}://{bucket}", url.scheme());
    let builder = configured(bucket, variables);
    let built = if variables.is_true("GOOGLE_SKIP_SIGNATURE") {
        builder.build()
    } else {
        signed(builder)
    };
    Ok(Arc::new(built.map_err(|error| explain(&place, &error))?))
}

fn configured(bucket: &str, variables: &Variables) -> GoogleCloudStorageBuilder {
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_client_options(client(variables.get("GOOGLE_BASE_URL")))
        .with_retry(retry());
    if let Some(path) = variables.get("SERVICE_ACCOUNT") {
        builder = builder.with_service_account_path(path);
    }
    for (name, value) in variables.under("GOOGLE_") {
        match name.parse() {
            Ok(GoogleConfigKey::Bucket) | Err(_) => {}
            Ok(key) => builder = builder.with_config(key, value),
        }
    }
    builder.with_bucket_name(bucket)
}

fn signed(
    builder: GoogleCloudStorageBuilder,
) -> object_store::Result<object_store::gcp::GoogleCloudStorage> {
    let asking = builder.clone().with_retry(no_retry()).build()?;
    builder
        .with_credentials(Arc::new(Bounded {
            provider: Arc::clone(asking.credentials()),
            patience: Duration::from_secs(5),
            store: "GCS",
            remedy: REMEDY,
        }))
        .build()
}

#[cfg(test)]
mod tests {
    use super::{GoogleConfigKey, configured, store};
    use url::Url;

    #[test]
    fn the_variables_of_google_are_understood() {
        let given = [
            ("GOOGLE_APPLICATION_CREDENTIALS", "/keys/a.json"),
            ("GOOGLE_SERVICE_ACCOUNT", "/keys/b.json"),
            ("GOOGLE_BUCKET", "not-this-one"),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let builder = configured("feedback", &given.into_iter().collect());
        let value = |key: &GoogleConfigKey| builder.get_config_value(key);
        assert_eq!(
            value(&GoogleConfigKey::ApplicationCredentials).unwrap(),
            "/keys/a.json"
        );
        assert_eq!(
            value(&GoogleConfigKey::ServiceAccount).unwrap(),
            "/keys/b.json"
        );
        assert_eq!(value(&GoogleConfigKey::Bucket).unwrap(), "feedback");
    }

    #[test]
    fn a_missing_key_file_is_named() {
        let given = [(
            "GOOGLE_SERVICE_ACCOUNT".to_owned(),
            "/nowhere/key.json".to_owned(),
        )];
        let url = Url::parse("gs://feedback/x").unwrap();
        let text = store("feedback", &url, &given.into_iter().collect())
            .err()
            .unwrap()
            .to_string();
        assert!(
            text.starts_with("gs://feedback: ") && text.contains("/nowhere/key.json"),
            "{text}"
        );
    }
}
