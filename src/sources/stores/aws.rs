//! S3 and everything that speaks its protocol.
//!
//! The chain: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; web identity; the static keys of a
//! profile; a container's or machine's role. `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` (or the
//! profile's `endpoint_url`) points to another server, addressed by path.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use url::Url;

use super::credentials::{Bounded, NoCredentials};
use super::explain::explain;
use super::profile::Profile;
use super::settings::{Variables, client, no_retry, retry};
use crate::error::{Error, Result};

const REMEDY: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or \
                      AWS_SKIP_SIGNATURE=true for a public bucket";

/// Where the keys come from.
enum Keys {
    Static {
        id: String,
        secret: String,
        token: Option<String>,
    },
    /// A role of the machine, container or pod; object_store knows how to ask.
    Role,
    /// Requests go unsigned.
    None,
}

/// The store of a bucket.
pub(super) fn store(
    bucket: &str,
    url: &Url,
    variables: &Variables,
) -> Result<Arc<dyn ObjectStore>> {
    let place = format!("{}://{bucket}", url.scheme());
    let profile = Profile::load(&place, variables);
    // A wrong AWS_PROFILE matters only when it is needed: keys in variables come first.
    let profile = match profile {
        Err(_) if variables.get("AWS_ACCESS_KEY_ID").is_some() => None,
        other => other?,
    };
    let keys = keys(&place, variables, profile.as_ref())?;
    let builder = configured(bucket, variables, profile.as_ref());
    let built = match keys {
        Keys::Static { id, secret, token } => {
            let signed = builder
                .with_access_key_id(id)
                .with_secret_access_key(secret);
            token
                .into_iter()
                .fold(signed, AmazonS3Builder::with_token)
                .build()
        }
        Keys::None => builder.with_skip_signature(true).build(),
        Keys::Role => with_role(builder),
    };
    Ok(Arc::new(built.map_err(|error| explain(&place, &error))?))
}

/// Everything but the keys.
fn configured(bucket: &str, variables: &Variables, profile: Option<&Profile>) -> AmazonS3Builder {
    let endpoint = variables
        .get("AWS_ENDPOINT_URL_S3")
        .or(variables.get("AWS_ENDPOINT_URL"))
        .or(variables.get("AWS_ENDPOINT"))
        .or(profile.and_then(|profile| profile.get("endpoint_url")));
    let region = variables
        .get("AWS_REGION")
        .or(variables.get("AWS_DEFAULT_REGION"))
        .or(profile.and_then(|profile| profile.get("region")));
    let mut builder = AmazonS3Builder::new()
        .with_client_options(client(endpoint))
        .with_retry(retry());
    for (name, value) in variables.under("AWS_") {
        match name.parse() {
            Ok(
                AmazonS3ConfigKey::AccessKeyId
                | AmazonS3ConfigKey::SecretAccessKey
                | AmazonS3ConfigKey::Token
                | AmazonS3ConfigKey::Bucket
                | AmazonS3ConfigKey::Endpoint
                | AmazonS3ConfigKey::S3Endpoint,
            )
            | Err(_) => {}
            Ok(key) => builder = builder.with_config(key, value),
        }
    }
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(region) = region {
        builder = builder.with_region(region);
    }
    builder.with_bucket_name(bucket)
}

fn keys(place: &str, variables: &Variables, profile: Option<&Profile>) -> Result<Keys> {
    if variables.is_true("AWS_SKIP_SIGNATURE") {
        return Ok(Keys::None);
    }
    let id = variables.get("AWS_ACCESS_KEY_ID");
    let secret = variables.get("AWS_SECRET_ACCESS_KEY");
    if let Some(keys) = pair(place, "the environment", id, secret)? {
        return Ok(keys.with_token(variables.get("AWS_SESSION_TOKEN")));
    }
    let pod = variables.get("AWS_WEB_IDENTITY_TOKEN_FILE").is_some()
        && variables.get("AWS_ROLE_ARN").is_some();
    if pod && variables.get("AWS_PROFILE").is_none() {
        return Ok(Keys::Role);
    }
    if let Some(profile) = profile {
        let id = profile.get("aws_access_key_id");
        let secret = profile.get("aws_secret_access_key");
        if let Some(keys) = pair(place, "the profile in ~/.aws", id, secret)? {
            return Ok(keys.with_token(profile.get("aws_session_token")));
        }
        if let Some(way) = profile.foreign() {
            return Err(Error::place(place, foreign(way)));
        }
    }
    let container = variables
        .get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        .is_some()
        || variables
            .get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
            .is_some();
    if variables.is_true("AWS_EC2_METADATA_DISABLED") && !container && !pod {
        return Err(Error::place(
            place,
            NoCredentials { remedy: REMEDY }.to_string(),
        ));
    }
    Ok(Keys::Role)
}

impl Keys {
    fn with_token(self, session: Option<&str>) -> Self {
        match self {
            Self::Static { id, secret, .. } => Self::Static {
                id,
                secret,
                token: session.map(str::to_owned),
            },
            other => other,
        }
    }
}

fn foreign(way: &str) -> String {
    format!(
        "the profile signs in by `{way}`, which needs the AWS tools; run \
         eval \"$(aws configure export-credentials --format env)\" and try again"
    )
}

fn pair(place: &str, origin: &str, id: Option<&str>, secret: Option<&str>) -> Result<Option<Keys>> {
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Some(Keys::Static {
            id: id.to_owned(),
            secret: secret.to_owned(),
            token: None,
        })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(half(
            place,
            origin,
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
        )),
        (None, Some(_)) => Err(half(
            place,
            origin,
            "AWS_SECRET_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
        )),
    }
}

fn half(place: &str, origin: &str, has: &str, lacks: &str) -> Error {
    Error::place(
        place,
        format!("{origin} has {has} without {lacks}; set both"),
    )
}

/// object_store finds the role; we bound how long it may look.
fn with_role(builder: AmazonS3Builder) -> object_store::Result<object_store::aws::AmazonS3> {
    let asking = builder.clone().with_retry(no_retry()).build()?;
    builder
        .with_credentials(Arc::new(Bounded {
            provider: Arc::clone(asking.credentials()),
            patience: Duration::from_secs(2),
            store: "S3",
            remedy: REMEDY,
        }))
        .build()
}

#[cfg(test)]
mod tests {
    use super::{AmazonS3ConfigKey, Keys, Variables, configured, keys};

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_variables_of_the_aws_tools_are_understood() {
        let given = variables(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_REGION", "eu-south-2"),
            ("AWS_BUCKET", "not-this-one"),
        ]);
        let builder = configured("feedback", &given, None);
        let value = |key: &AmazonS3ConfigKey| builder.get_config_value(key);
        assert_eq!(
            value(&AmazonS3ConfigKey::Endpoint).unwrap(),
            "http://127.0.0.1:2"
        );
        assert_eq!(value(&AmazonS3ConfigKey::Region).unwrap(), "eu-south-2");
        assert_eq!(value(&AmazonS3ConfigKey::Bucket).unwrap(), "feedback");
        let http = AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp);
        assert_eq!(value(&http).unwrap(), "true");
    }

    #[test]
    fn a_cloud_endpoint_does_not_allow_plain_http() {
        let builder = configured("feedback", &variables(&[("AWS_REGION", "eu-west-1")]), None);
        let http = AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp);
        assert_eq!(builder.get_config_value(&http).unwrap(), "false");
    }

    #[test]
    fn half_a_pair_of_keys_is_refused() {
        let error = keys(
            "s3://feedback",
            &variables(&[("AWS_ACCESS_KEY_ID", "AKIA")]),
            None,
        );
        let text = error.err().unwrap().to_string();
        assert!(
            text.contains("AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY"),
            "{text}"
        );
    }

    #[test]
    fn no_credentials_and_no_metadata_say_so_at_once() {
        let given = variables(&[("AWS_EC2_METADATA_DISABLED", "true")]);
        let text = keys("s3://feedback", &given, None)
            .err()
            .unwrap()
            .to_string();
        assert!(
            text.starts_with("s3://feedback: no credentials were found; set AWS_"),
            "{text}"
        );
    }

    #[test]
    fn keys_of_the_environment_come_with_their_session() {
        let given = variables(&[
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", "t"),
        ]);
        let Ok(Keys::Static { id, token, .. }) = keys("s3://feedback", &given, None) else {
            panic!("static keys expected")
        };
        assert_eq!((id.as_str(), token.as_deref()), ("AKIA", Some("t")));
    }
}
