//! Errors of stores in one line: the place, the cause, the remedy.
//!
//! object_store's own text is a chain of requests, XML and signatures. The cause in it is read
//! from types where they are public and from the S3 error code where they are not.

use std::error::Error as StdError;
use std::io::ErrorKind;

use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind};

use super::credentials::NoCredentials;
use super::located::At;
use super::web::WebError;
use crate::error::Error;

/// What a store's error means at this place (a path or URL as the person wrote it). With an empty
/// place the error tells itself: errors of [`super::ObjectStores`] carry their address, local
/// ones their path. Secrets never appear; a key's public id may.
#[must_use]
pub fn explain(place: &str, error: &StoreError) -> Error {
    let carried = find::<At>(error)
        .map(|at| at.place.as_str())
        .or_else(|| path_of(error));
    let place = match (place, carried) {
        ("", Some(carried)) => carried,
        (place, _) => place,
    };
    Error::place(without_secrets(place), reason(place, error))
}

fn reason(place: &str, error: &StoreError) -> String {
    let cloud = Cloud::of(place);
    if let Some(none) = find::<NoCredentials>(error) {
        return none.to_string();
    }
    if let Some(web) = find::<WebError>(error) {
        return web.to_string();
    }
    let text = error.to_string();
    if let Some(reason) = code(&text).and_then(|code| by_code(code, &text, cloud)) {
        return reason;
    }
    if let Some(http) = find::<HttpError>(error) {
        return unreachable_server(http, &text, cloud);
    }
    match error {
        StoreError::NotFound { .. } => cloud.not_found().to_owned(),
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
            denied(cloud, &text)
        }
        _ => by_status(&text, cloud)
            .or_else(|| {
                find::<std::io::Error>(error)
                    .filter(|_| cloud == Cloud::Disk)
                    .map(local)
            })
            .unwrap_or_else(|| shortened(&text)),
    }
}

/// Whose words the remedy uses.
#[derive(Clone, Copy, PartialEq)]
enum Cloud {
    S3,
    Google,
    Azure,
    Web,
    Disk,
}

impl Cloud {
    fn of(place: &str) -> Self {
        match place.split_once("://").map(|(scheme, _)| scheme) {
            Some("s3" | "s3a") => Self::S3,
            Some("gs" | "gcs") => Self::Google,
            Some("az" | "azure" | "adl" | "abfs" | "abfss") => Self::Azure,
            Some("http" | "https") => Self::Web,
            _ => Self::Disk,
        }
    }

    fn credentials(self) -> &'static str {
        match self {
            Self::S3 => "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            Self::Google => "check GOOGLE_APPLICATION_CREDENTIALS",
            Self::Azure => "check AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
            Self::Web => "the server wants a login; download the file first",
            Self::Disk => "check the permissions of the file and its directory",
        }
    }

    fn endpoint(self) -> &'static str {
        match self {
            Self::S3 => "check the network and AWS_ENDPOINT_URL",
            Self::Google => "check the network and GOOGLE_BASE_URL",
            Self::Azure => {
                "check the network, AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ENDPOINT"
            }
            Self::Web | Self::Disk => "check the network and the address",
        }
    }

    fn not_found(self) -> &'static str {
        match self {
            Self::Web => "not found; check the address",
            Self::Disk => "no such file or directory",
            _ => "no such object; check the path",
        }
    }
}

/// The cause by the code that S3 (and Azure) put into the body.
fn by_code(code: &str, text: &str, cloud: Cloud) -> Option<String> {
    Some(match code {
        "NoSuchBucket" if cloud == Cloud::S3 => {
            "no such bucket; check its name, AWS_REGION and AWS_ENDPOINT_URL".to_owned()
        }
        "NoSuchBucket" | "ContainerNotFound" => {
            "no such bucket or container; check its name".to_owned()
        }
        "NoSuchKey" | "BlobNotFound" => cloud.not_found().to_owned(),
        "InvalidAccessKeyId" => format!("the key{} is unknown; {}", key(text), cloud.credentials()),
        "SignatureDoesNotMatch" => format!(
            "the secret does not belong to the key{}; {}",
            key(text),
            cloud.credentials()
        ),
        "ExpiredToken" | "TokenRefreshRequired" => {
            "the session has expired; get new credentials".to_owned()
        }
        "InvalidToken" => "AWS_SESSION_TOKEN does not belong to the key".to_owned(),
        "RequestTimeTooSkewed" => "this machine's clock is wrong; set it and try again".to_owned(),
        "AuthorizationHeaderMalformed"
        | "PermanentRedirect"
        | "IllegalLocationConstraintException" => {
            "the bucket is in another region; set AWS_REGION".to_owned()
        }
        "AccessDenied" | "AllAccessDisabled" | "AuthenticationFailed" | "AuthorizationFailure" => {
            denied(cloud, text)
        }
        _ => return None,
    })
}

fn by_status(text: &str, cloud: Cloud) -> Option<String> {
    if text.contains("redirect without LOCATION") {
        return Some("the bucket is in another region; set AWS_REGION".to_owned());
    }
    let status = text
        .split_once("status code: ")?
        .1
        .split(':')
        .next()?
        .trim();
    Some(match status.get(..3)? {
        "401" | "403" => denied(cloud, text),
        "404" => cloud.not_found().to_owned(),
        "301" | "302" | "307" | "308" => {
            format!("the server sends us elsewhere ({status}); use the final address")
        }
        "429" => "the server asks for fewer requests (429); try again later".to_owned(),
        code if code.starts_with('5') => format!("the server failed ({status}); try again later"),
        _ => format!("the server refused ({status}); {}", cloud.endpoint()),
    })
}

fn denied(cloud: Cloud, text: &str) -> String {
    let remedy = cloud.credentials();
    match cloud {
        Cloud::S3 if key(text).is_empty() => format!("access denied; {remedy}"),
        Cloud::S3 => format!("access denied with the key{}; {remedy}", key(text)),
        _ => format!("access denied; {remedy}"),
    }
}

/// The key's public id, from the answer or else from the environment that was used.
fn key(text: &str) -> String {
    let id = tag(text, "AWSAccessKeyId").map(str::to_owned);
    let id = id.or_else(|| std::env::var("AWS_ACCESS_KEY_ID").ok());
    id.filter(|id| !id.trim().is_empty())
        .map_or_else(String::new, |id| format!(" {}", id.trim()))
}

fn unreachable_server(http: &HttpError, text: &str, cloud: Cloud) -> String {
    let server = address(text).map_or_else(String::new, |address| format!(" from {address}"));
    let cause = match http.kind() {
        HttpErrorKind::Timeout => "it took too long".to_owned(),
        _ => root(http),
    };
    format!("no answer{server}: {cause}; {}", cloud.endpoint())
}

/// The last word of a chain of errors is the cause.
fn root(error: &AnyError) -> String {
    let last = chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    let last = shortened(&last);
    last.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

/// `http://127.0.0.1:9000` of the request's address.
fn address(text: &str) -> Option<String> {
    let start = text.find("http://").or_else(|| text.find("https://"))?;
    let url = text[start..]
        .split(|c: char| c.is_whitespace() || c == '?')
        .next()?;
    let url = url::Url::parse(url).ok()?;
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
}

fn local(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => Cloud::Disk.not_found().to_owned(),
        ErrorKind::PermissionDenied => denied(Cloud::Disk, ""),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; nothing was written".to_owned()
        }
        _ => shortened(&error.to_string()),
    }
}

fn path_of(error: &StoreError) -> Option<&str> {
    match error {
        StoreError::NotFound { path, .. }
        | StoreError::AlreadyExists { path, .. }
        | StoreError::Precondition { path, .. }
        | StoreError::PermissionDenied { path, .. }
        | StoreError::Unauthenticated { path, .. } => Some(path),
        _ => None,
    }
}

type AnyError = dyn StdError + 'static;

fn chain(error: &AnyError) -> impl Iterator<Item = &AnyError> {
    std::iter::successors(Some(error), |error| (*error).source())
}

fn find<E: StdError + 'static>(error: &StoreError) -> Option<&E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

fn code(text: &str) -> Option<&str> {
    tag(text, "Code")
}

fn tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.split_once(&format!("<{name}>"))?.1;
    Some(rest.split_once('<')?.0.trim())
}

/// One line of at most 300 characters, without the secrets that addresses carry.
fn shortened(text: &str) -> String {
    let text = match text
        .strip_prefix("Generic ")
        .and_then(|text| text.split_once(" error: "))
    {
        Some((_, text)) => text,
        None => text,
    };
    let line = text
        .split_whitespace()
        .map(without_secrets)
        .collect::<Vec<_>>()
        .join(" ");
    line.chars().take(300).collect()
}

/// An address without login and query (signatures travel there); other text as it is.
pub(in crate::sources) fn without_secrets(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let rest = rest.split('?').next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = match authority.rsplit_once('@') {
        // The part before @ is a container in Azure's addresses, a login elsewhere.
        Some((login, host)) if login.contains(':') || scheme.starts_with("http") => host,
        _ => authority,
    };
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::{StoreError, explain, without_secrets};

    fn generic(text: &str) -> StoreError {
        StoreError::Generic {
            store: "S3",
            source: text.to_owned().into(),
        }
    }

    #[test]
    fn the_code_in_the_body_names_the_cause() {
        let body = "Error performing list request: Error performing GET \
            http://127.0.0.1:1/feedback?list-type=2 in 2ms - Server returned non-2xx status code: \
            403 Forbidden: <?xml?><Error><Code>InvalidAccessKeyId</Code><Message>No\nsuch key\
            </Message><AWSAccessKeyId>AKIAWRONG</AWSAccessKeyId></Error>";
        assert_eq!(
            explain("s3://feedback/x", &generic(body)).to_string(),
            "s3://feedback/x: the key AKIAWRONG is unknown; check AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
        );
        let bucket = body.replace("InvalidAccessKeyId", "NoSuchBucket");
        assert_eq!(
            explain("s3://feedback/x", &generic(&bucket)).to_string(),
            "s3://feedback/x: no such bucket; check its name, AWS_REGION and AWS_ENDPOINT_URL"
        );
    }

    #[test]
    fn an_unknown_error_stays_one_short_line_without_signatures() {
        let text = format!(
            "failed at\nhttps://me:pass@host/a?X-Amz-Signature=abc {}",
            "y".repeat(999)
        );
        let line = explain("s3://feedback/x", &generic(&text)).to_string();
        assert!(
            !line.contains("abc") && !line.contains("pass") && !line.contains('\n'),
            "{line}"
        );
        assert!(line.contains("failed at https://host/a"), "{line}");
        assert!(line.len() < 350);
    }

    #[test]
    fn logins_and_signatures_are_cut_and_containers_stay() {
        assert_eq!(
            without_secrets("https://me:pw@host/a.csv?sig=x"),
            "https://host/a.csv"
        );
        assert_eq!(
            without_secrets("abfss://box@acc.dfs.core.windows.net/a"),
            "abfss://box@acc.dfs.core.windows.net/a"
        );
        assert_eq!(without_secrets("/plain/pa?th"), "/plain/pa?th");
    }

    #[test]
    fn a_missing_local_file_is_named_by_the_error_when_no_place_is_given() {
        let error = StoreError::NotFound {
            path: "/tmp/none.csv".to_owned(),
            source: "gone".into(),
        };
        assert_eq!(
            explain("", &error).to_string(),
            "/tmp/none.csv: no such file or directory"
        );
    }
}
